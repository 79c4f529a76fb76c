"""Reading a file the person has: its form is found by what is in it, never by its name alone."""

from __future__ import annotations

import os
from typing import BinaryIO

from holdfire.documents.bounds import Progress, check_size
from holdfire.documents.document import Document
from holdfire.documents.text import read_text


def read_document(stream: BinaryIO, name: str, *, progress: Progress | None = None) -> Document:
    """Return a file as a document whose lines can be read; nothing is fetched and nothing written.

    Args:
        stream: The file, seekable; stays open and is read until the lines have ended.
        name: What the person calls it; it stands in errors only.
        progress: Told how much is done and how much there is: bytes, or pages of a PDF.

    Raises:
        UserError: What it is cannot be read (encrypted, a picture, broken, hostile, too large); says where and why.
    """
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    check_size(size, name)
    return read_text(stream, name, size, progress or (lambda _done, _total: None))
