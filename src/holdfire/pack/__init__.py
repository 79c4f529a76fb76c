"""Packs of content: found, read strictly, refused with file and line."""
