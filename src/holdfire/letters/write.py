"""A letter as a file: the one thing journeys call."""

from __future__ import annotations

from typing import Final

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.letters.letter import Letter

#: The kinds of file, by the ending of their names.
FORMATS: Final = ("pdf", "docx", "txt")


def write(letter: Letter, form: str) -> bytes:
    """Return the letter as one file: the same bytes for the same letter; nothing is read from or written to the disk.

    Args:
        letter: What to write.
        form: `pdf`, `docx` or `txt`.

    Raises:
        UserError: There is no such kind of file, or the fonts of the PDF lack a sign.
    """
    if form == "txt":
        from holdfire.letters.text import text_file  # noqa: PLC0415 -- only the writer asked for is loaded

        return text_file(letter)
    if form == "docx":
        from holdfire.letters.docx import docx_file  # noqa: PLC0415 -- its library takes 100 ms to import

        return docx_file(letter)
    if form == "pdf":
        from holdfire.letters.pdf import pdf_file  # noqa: PLC0415 -- typst is large

        return pdf_file(letter)
    raise UserError(mark("There is no kind of file called {form}."), mark("Choose .pdf, .docx or .txt."),
                    form=ascii(form)[:40])  # fmt: skip
