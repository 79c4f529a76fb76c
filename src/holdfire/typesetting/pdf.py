"""One way to set a PDF with typst, shared by everything that a person hands in or keeps as paper."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import typst

from holdfire.errors import UserError
from holdfire.language import mark

#: The program that set the page: three places, none of which a PDF needs.
_TRACES: Final = (
    re.compile(rb"(?<=/Creator\()Typst [0-9.]+(?=\))"),
    re.compile(rb"(?<=<xmp:CreatorTool>)Typst [0-9.]+(?=</xmp:CreatorTool>)"),
    re.compile(rb'(?<=x:xmptk=")xmp-writer(?=")'),
)


def set_pdf(template: bytes, name: str, values: Mapping[str, Any]) -> bytes:
    """Return a PDF/UA-1 without author, time or the name of a program: the same bytes for the same values.

    The values go in as one JSON string, so that a `#` or `[` in an answer stays a letter; no package is loaded,
    because that would try the network; only typst's own fonts are used, because the machine's would make the
    file differ from machine to machine. PDF/UA-1 makes it readable to screen readers, and makes typst refuse a sign
    that no font has instead of printing an empty box.

    Args:
        template: In typst's language; it reads no file and writes no date.
        name: Under which the template finds the values in `sys.inputs`.
        values: What JSON can hold.

    Raises:
        UserError: A sign stands in it that the fonts do not have.
    """
    try:
        made = typst.compile(
            template,
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards="ua-1",
            sys_inputs={name: json.dumps(values, sort_keys=True)},
        )
    except typst.TypstError as fault:
        if "could not be displayed" not in str(fault):
            raise
        raise UserError(
            mark("The PDF's fonts lack a sign that stands in this text."),
            mark("Choose another form of file; or write the name in other letters."),
        ) from None
    if not isinstance(made, bytes):
        raise TypeError("typst gives one PDF as bytes")
    for trace in _TRACES:
        # As many spaces: the same length, so that every offset in the file still holds.
        made = trace.sub(lambda found: b" " * len(found.group()), made)
    return made
