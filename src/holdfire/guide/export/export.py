"""The guide as one file: the one thing the entrances call."""

from __future__ import annotations

from typing import Final

from holdfire.errors import UserError
from holdfire.guide.export.document import make_document
from holdfire.guide.guide import Guide
from holdfire.language import mark

#: The kinds of file, by the ending of their names.
FORMATS: Final = ("html", "pdf", "epub")


def export(guide: Guide, form: str) -> bytes:
    """Return the guide as one file, the same bytes each time; nothing is read from or written to the disk.

    Args:
        guide: What to write.
        form: `html`, `pdf` or `epub`.

    Raises:
        UserError: There is no such kind of file.
    """
    document = make_document(guide)
    if form == "html":
        from holdfire.guide.export.html import html_file  # noqa: PLC0415 -- only the writer asked for is loaded

        return html_file(document)
    if form == "epub":
        from holdfire.guide.export.epub import epub_file  # noqa: PLC0415 -- as above

        return epub_file(document)
    if form == "pdf":
        from holdfire.guide.export.pdf import pdf_file  # noqa: PLC0415 -- typst is large

        return pdf_file(document)
    raise UserError(mark("There is no kind of file called {form}."), mark("Choose html, pdf or epub."),
                    form=ascii(form)[:40])  # fmt: skip
