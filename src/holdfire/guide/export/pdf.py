"""The guide as a PDF, set by typst from a template and data: no text of the guide becomes markup."""

from __future__ import annotations

import json
from importlib.resources import files

import typst

from holdfire.guide.export.blocks import Document, plain


def pdf_file(document: Document) -> bytes:
    """Return the document as a PDF on A5 with an outline and page numbers.

    The text goes in as one JSON string, so that a `#` or `[` in it stays a letter; the template loads no
    package, because that would try the network; only typst's own fonts are used, because fonts of the
    machine would make the file differ from machine to machine and name what is installed.
    """
    template = files("holdfire.guide.export").joinpath("reader.typ").read_bytes()
    made = typst.compile(
        template,
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards="ua-1",
        sys_inputs={"document": json.dumps(plain(document), sort_keys=True)},
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gives one PDF as bytes")
    return made
