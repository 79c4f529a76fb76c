"""A letter as a PDF, set by typst from a template and data: no answer ever becomes markup."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any, Final

import typst

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.letters.letter import Letter
from holdfire.letters.plain import plain_letter

#: The program that set the page: three places, none of which a PDF needs.
_TRACES: Final = (
    re.compile(rb"(?<=/Creator\()Typst [0-9.]+(?=\))"),
    re.compile(rb"(?<=<xmp:CreatorTool>)Typst [0-9.]+(?=</xmp:CreatorTool>)"),
    re.compile(rb'(?<=x:xmptk=")xmp-writer(?=")'),
)


def pdf_file(letter: Letter) -> bytes:
    """Return the letter on A4, two languages side by side, without author, time or the name of a program.

    The text goes in as one JSON string, so that a `#` or `[` in an answer stays a letter; no package is loaded,
    because that would try the network; only typst's own fonts are used, because the machine's would make the
    file differ from machine to machine. PDF/UA-1 makes it readable to screen readers, and makes typst refuse a sign
    that no font has instead of printing an empty box.

    Raises:
        UserError: A sign stands in it that the fonts do not have.
    """
    values: dict[str, Any] = plain_letter(letter)
    template = files("holdfire.letters").joinpath("templates", "letter.typ").read_bytes()
    try:
        made = typst.compile(
            template,
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards="ua-1",
            sys_inputs={"letter": json.dumps(values, sort_keys=True)},
        )
    except typst.TypstError as fault:
        if "could not be displayed" not in str(fault):
            raise
        raise UserError(
            mark("The PDF's fonts lack a sign that stands in this letter."),
            mark("Choose .docx or .txt; or write the name in other letters."),
        ) from None
    if not isinstance(made, bytes):
        raise TypeError("typst gives one PDF as bytes")
    return _without_traces(made)


def _without_traces(made: bytes) -> bytes:
    """Return the file with spaces where a program's name stood: the same length, so that every offset still holds."""
    for trace in _TRACES:
        made = trace.sub(lambda found: b" " * len(found.group()), made)
    return made
