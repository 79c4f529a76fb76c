"""The guide as one file that needs nothing else: a web page, a PDF or a book."""
