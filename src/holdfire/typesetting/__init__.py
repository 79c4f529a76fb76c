"""A template and data become a PDF that does not say who made it, when, or with which program."""
