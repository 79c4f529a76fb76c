"""What the names in the two formats of office files mean: which words are shown, and which are told of and left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from holdfire.evidence.copies.office_styles import TABLE as _TABLE
from holdfire.evidence.copies.office_styles import TEXT as _TEXT
from holdfire.evidence.copies.office_styles import W as _W

_SVG: Final = "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0 "
_MC: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006 "
_OFFICE: Final = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
#: Skipped, and to be told of: nobody sees them on the page.
UNSEEN: Final = frozenset(
    (
        _OFFICE + "annotation",
        _TEXT + "script",
        _TEXT + "hidden-text",
        _TEXT + "hidden-paragraph",
        _SVG + "title",
        _SVG + "desc",
    )
)
#: Which family of styles an element of ODT takes its style from.
FAMILIES: Final = {
    _TEXT + "p": "paragraph",
    _TEXT + "h": "paragraph",
    _TEXT + "span": "text",
    _TEXT + "a": "text",
    _TABLE + "table": "table",
}
#: Parts of DOCX in which the looks of something else are told than of a run's words.
BESIDE: Final = frozenset((_W + "pPr", _W + "sdtPr", _W + "sdtEndPr"))


@dataclass(frozen=True)
class Dialect:
    """Which names mean what in one of the two formats.

    Attributes:
        body: Around everything that is shown.
        paragraphs: A block of text.
        words: Around text; empty where text stands in the paragraph itself.
        skipped: What is not shown, or is left out, with everything in it.
        breaks: What stands for a sign.
        table, row, cell: Of tables.
    """

    body: str
    paragraphs: frozenset[str]
    words: frozenset[str]
    skipped: frozenset[str]
    breaks: dict[str, str] = field(hash=False)
    table: str
    row: str
    cell: str


DOCX: Final = Dialect(
    body=_W + "body",
    paragraphs=frozenset((_W + "p",)),
    words=frozenset((_W + "t",)),
    skipped=frozenset(
        (
            _W + "del",
            _W + "moveFrom",
            _W + "instrText",
            _MC + "Fallback",
            _W + "object",
            # How it looked before a tracked change: read as how it looks now, hidden words would show.
            _W + "rPrChange",
            _W + "pPrChange",
            _W + "trPrChange",
        )
    ),
    breaks={_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "\u2011"},
    table=_W + "tbl",
    row=_W + "tr",
    cell=_W + "tc",
)
ODT: Final = Dialect(
    body=_OFFICE + "text",
    paragraphs=frozenset((_TEXT + "p", _TEXT + "h")),
    words=frozenset(),
    skipped=frozenset(
        (
            _TEXT + "tracked-changes",
            _OFFICE + "annotation",
            _TEXT + "note",
            _OFFICE + "forms",
            _TEXT + "script",
            _TEXT + "hidden-text",
            _TEXT + "hidden-paragraph",
            _OFFICE + "event-listeners",
            # What a picture is, in words and in bytes: it is not shown, and the picture is left out.
            _OFFICE + "binary-data",
            _SVG + "title",
            _SVG + "desc",
            _TEXT + "sequence-decls",
        )
    ),
    breaks={_TEXT + "tab": "\t", _TEXT + "line-break": "\n", _TEXT + "s": " "},
    table=_TABLE + "table",
    row=_TABLE + "table-row",
    cell=_TABLE + "table-cell",
)
