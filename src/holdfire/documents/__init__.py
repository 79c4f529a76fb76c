"""A file the person has becomes lines of text: PDF, DOCX, HTML, Akoma Ntoso and plain text, none of them trusted."""
