"""A letter as DOCX, so that a person can put it into their own words before printing."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from typing import Any, Final

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph as Line
from docx.text.run import Run

from holdfire.letters.letter import Block, Facts, Items, Letter, Paragraph, Quote, Side
from holdfire.letters.text import ROOM

_FONT: Final = "Times New Roman"
_BLANK: Final = "_" * 30
_LONG: Final = "_" * 62
_SHORT: Final = "_" * 30
#: What a zip can name as its oldest time: the file says nothing of when it was made.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
#: Parts that only say who made a file, with what and when, or show a picture of another one.
_TRACES: Final = (
    "/core-properties",
    "/extended-properties",
    "/thumbnail",
    "/customXml",
    "/stylesWithEffects",
)
#: Numbers by which Word tells editing sessions apart, from the template's own making.
_SESSIONS: Final = re.compile(
    rb'<w:rsids>.*?</w:rsids>|<w:rsid w:val="[^"]*"/>|<w14:docId w14:val="[^"]*"/>| w:rsid[A-Za-z]*="[^"]*"',
    re.DOTALL,
)
#: The only styles of the template that a letter uses.
_STYLES: Final = frozenset({"Normal", "Default Paragraph Font", "Normal Table", "No List"})

Place = Document | _Cell


def docx_file(letter: Letter) -> bytes:
    """Return the letter as DOCX, two languages in two columns, without properties, time or the name of a program."""
    document = docx.Document()
    _prepare(document)
    if len(letter.sides) == 1:
        side = letter.sides[0]
        for number, block in enumerate(side.blocks):
            _block(document, block, side)
            if number == 0:
                _title(document, side)
        _line(document, side.foot, side, small=True)
    else:
        _columns(document, letter)
    return _sealed(document)


def _columns(document: Document, letter: Letter) -> None:
    """Set two sides in a table: one row for each block, so that the same things stand beside each other."""
    table: Any = document.add_table(rows=0, cols=2)
    for number in range(len(letter.sides[0].blocks) + 3):
        cells = table.add_row().cells
        for cell, side in zip(cells, letter.sides, strict=True):
            spare = cell.paragraphs[0]
            if number == 0:
                _line(cell, side.caption, side, small=True)
            elif number == 2:  # noqa: PLR2004 -- after the caption and the head
                _title(cell, side)
            elif number == len(side.blocks) + 2:
                _line(cell, side.foot, side, small=True)
            else:
                _block(cell, side.blocks[number - (1 if number == 1 else 2)], side)
            # A cell comes with an empty paragraph; with something else in it, it is only a gap.
            spare._p.getparent().remove(spare._p)  # noqa: SLF001 -- python-docx has no public way


def _prepare(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(20)
    for one in list(document.styles):
        if one.name not in _STYLES:
            one.delete()
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(11)
    fonts = style.element.rPr.rFonts
    for script in ("w:cs", "w:eastAsia", "w:hAnsi"):
        fonts.set(qn(script), _FONT)


def _title(place: Place, side: Side) -> None:
    line = _line(place, side.title, side)
    line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(12)
    for run in line.runs:
        run.bold = True
        run.font.size = Pt(13)


def _block(place: Place, block: Block, side: Side) -> None:
    if isinstance(block, Paragraph):
        _line(place, block.text, side)
    elif isinstance(block, Facts):
        _facts(place, block, side)
    elif isinstance(block, Quote):
        _quote(place, block, side)
    else:
        _items(place, block, side)


def _facts(place: Place, block: Facts, side: Side) -> None:
    if block.title:
        for run in _line(place, block.title, side).runs:
            run.bold = True
    for label, value in block.rows:
        line = _line(place, f"{label}: ", side)
        line.paragraph_format.space_after = Pt(6 if value is None else 2)
        if block.kind == "head" and not isinstance(place, _Cell):
            line.paragraph_format.left_indent = Mm(70)
        _write(line, _BLANK if value is None else value, side)
        if block.kind in ("signing", "receipt"):
            line.paragraph_format.space_before = Pt(8)


def _quote(place: Place, block: Quote, side: Side) -> None:
    if block.label:
        _line(place, f"{block.label}:", side)
    if block.text is None:
        for _ in range(ROOM):
            _line(place, _SHORT if isinstance(place, _Cell) else _LONG, side)
    else:
        line = _line(place, block.text, side)
        line.paragraph_format.left_indent = Mm(6)
        for run in line.runs:
            run.italic = True


def _items(place: Place, block: Items, side: Side) -> None:
    _line(place, f"{block.label}:", side)
    blank = (_SHORT if isinstance(place, _Cell) else _LONG)[4:]
    for number, text in enumerate((*block.lines, *[blank] * block.blanks), 1):
        line = _line(place, f"{number}.\t", side)
        line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Mm(8), Mm(-8)
        line.paragraph_format.tab_stops.add_tab_stop(Mm(8))
        _write(line, text, side)


def _line(place: Place, text: str, side: Side, *, small: bool = False) -> Line:
    line = place.add_paragraph()
    if side.right_to_left:
        # First, because the schema wants it before the spacing.
        line._p.get_or_add_pPr().append(OxmlElement("w:bidi"))  # noqa: SLF001
    line.paragraph_format.space_after = Pt(6)
    _write(line, text, side)
    if small:
        for run in line.runs:
            run.font.size = Pt(8.5)
    return line


def _write(line: Line, text: str, side: Side) -> None:
    """Add text with the person's line breaks, each stretch of one writing direction as a run of its own."""
    for number, words in enumerate(text.split("\n")):
        if number:
            line.add_run().add_break()
        for piece, right_to_left in directions(words):
            run = line.add_run(piece)
            _speak(run, side.language, right_to_left=right_to_left)


def _speak(run: Run, language: str, *, right_to_left: bool) -> None:
    """Name the language of a run, and that it is written from right to left: Word does not find out by itself."""
    properties = run._r.get_or_add_rPr()  # noqa: SLF001
    if right_to_left:
        properties.append(OxmlElement("w:rtl"))
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), language)
    properties.append(spoken)


def directions(text: str) -> list[tuple[str, bool]]:
    """Return `text` cut where its direction turns, each piece with whether it runs from right to left.

    Signs without a direction of their own, such as spaces and digits, stay with what stands before them.
    """
    pieces: list[tuple[str, bool]] = []
    for sign in text:
        strong = unicodedata.bidirectional(sign)
        current = pieces[-1][1] if pieces else False
        turned = {"R": True, "AL": True, "L": False}.get(strong, current)
        if pieces and turned == current:
            pieces[-1] = (pieces[-1][0] + sign, current)
        else:
            pieces.append((sign, turned))
    return pieces


def _sealed(document: Document) -> bytes:
    """Return the file without what only tells of its making, in fixed order, with one fixed time."""
    package = document.part.package
    for rels in (package.rels, document.part.rels):
        for key in [key for key, rel in rels.items() if any(trace in rel.reltype for trace in _TRACES)]:
            del rels[key]
    raw, made = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as read, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as written:
        for name in sorted(read.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _NO_TIME)
            # The same on every system: 0 is what the first zips said.
            entry.create_system = entry.external_attr = 0
            written.writestr(entry, _SESSIONS.sub(b"", read.read(name)))
    return made.getvalue()
