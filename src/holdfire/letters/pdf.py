"""A letter as a PDF, set by typst from a template and data: no answer ever becomes markup."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from holdfire.letters.letter import Letter
from holdfire.letters.plain import plain_letter
from holdfire.typesetting.pdf import set_pdf


def pdf_file(letter: Letter) -> bytes:
    """Return the letter on A4, two languages side by side, without author, time or the name of a program.

    Raises:
        UserError: A sign stands in it that the fonts do not have.
    """
    values: dict[str, Any] = plain_letter(letter)
    template = files("holdfire.letters").joinpath("templates", "letter.typ").read_bytes()
    return set_pdf(template, "letter", values)
