"""Text and tables out of the XML of an office file, read event by event; no declaration of entities is obeyed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal
from xml.parsers import expat

from holdfire.evidence.copies.bounds import BLOCKS
from holdfire.evidence.copies.refusals import CopyRefusedError, damaged, too_large
from holdfire.evidence.copies.sayings import ENTITIES

_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
_MC: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006 "
_OFFICE: Final = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TEXT: Final = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_TABLE: Final = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_STYLE: Final = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_DEPTH: Final = 300
_SIGNS: Final = 5_000_000  # of text; two thousand pages
_CELLS: Final = 60  # columns of a table: more do not fit on paper
_SPACES: Final = 200  # that one element of ODT may stand for


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph or an item of a list."""

    kind: Literal["heading", "paragraph", "item"]
    text: str
    level: int = 1


@dataclass(frozen=True)
class Table:
    """A table; `cells` row by row, each row as long as `columns`."""

    columns: int
    cells: tuple[str, ...]


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
            _TEXT + "sequence-decls",
        )
    ),
    breaks={_TEXT + "tab": "\t", _TEXT + "line-break": "\n", _TEXT + "s": " "},
    table=_TABLE + "table",
    row=_TABLE + "table-row",
    cell=_TABLE + "table-cell",
)


def read_blocks(untrusted: bytes, dialect: Dialect) -> tuple[Block | Table, ...]:
    """Return what is shown, in order; hidden and deleted words are not.

    Raises:
        CopyRefusedError: It is no XML, declares entities, nests without end, or is too long.
    """
    reader = _Reader(dialect)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_declarations
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.words
    try:
        parser.Parse(untrusted, True)  # noqa: FBT003 - expat takes "the last piece" by place
    except expat.ExpatError:
        raise damaged() from None
    return tuple(reader.blocks)


def _refuse_declarations(*_: object) -> None:
    raise CopyRefusedError(ENTITIES)


class _Reader:
    """What was read so far, and where in the file we are."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.blocks: list[Block | Table] = []
        self.depth = 0
        self.skipping = 0  # the depth at which something began that is not shown
        self.inside = False
        self.texts: list[list[str]] = []  # of paragraphs that are open; a text box lies inside another one
        self.wording = 0
        self.hidden = False  # the run of DOCX that is open is not shown
        self.style = ""
        self.numbered = False
        self.tables = 0
        self.rows: list[list[list[str]]] = []
        self.signs = 0
        self.naming = ""  # the style of ODT that is open
        self.unseen: set[str] = set()  # styles of ODT whose words are not shown

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEPTH:
            raise damaged()
        if not self.skipping:
            self._start(name, attributes)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        dialect = self.dialect
        if name in dialect.skipped or (self.inside and self._unseen(attributes)):
            self.skipping = self.depth
        elif name == dialect.body:
            self.inside = True
        elif name in dialect.paragraphs:
            self.texts.append([])
            self.style, self.numbered = (
                attributes.get(_TEXT + "outline-level", ""),
                self.numbered and not dialect.words,
            )
        elif name in dialect.breaks:
            self._write(dialect.breaks[name] * min(int(attributes.get(_TEXT + "c", "1")), _SPACES))
        elif name in dialect.words:
            self.wording += 1
        elif name in {dialect.table, dialect.row, dialect.cell}:
            self._table(name)
        else:
            self._property(name, attributes)

    def _unseen(self, attributes: dict[str, str]) -> bool:
        """Say whether an element of ODT is hidden, by itself or by a style that stands in the same part."""
        return (
            attributes.get(_TEXT + "display") in {"none", "condition"}
            or attributes.get(_TABLE + "visibility", "visible") != "visible"
            or attributes.get(_TEXT + "style-name") in self.unseen
        )

    def _property(self, name: str, attributes: dict[str, str]) -> None:
        if name == _W + "r":
            self.hidden = False
        elif name in {_W + "vanish", _W + "webHidden"}:
            self.hidden = attributes.get(_W + "val", "true") not in {"0", "false", "off"}
        elif name == _W + "pStyle":
            style = attributes.get(_W + "val", "").lower()
            self.style = (
                style[-1:] if "heading" in style and style[-1:].isdigit() else "1" if style == "title" else ""
            )
        elif name == _STYLE + "style":
            self.naming = attributes.get(_STYLE + "name", "")
        elif name == _STYLE + "text-properties" and attributes.get(_TEXT + "display", "true") != "true":
            self.unseen.add(self.naming)
        elif name in {_W + "numPr", _TEXT + "list-item"}:
            self.numbered = True

    def _table(self, name: str) -> None:
        """Open a table, a row or a cell; a table inside a cell adds its words to the cell."""
        self.tables += name == self.dialect.table
        if self.tables != 1:
            return
        if name == self.dialect.table:
            self.rows = []
        elif name == self.dialect.row:
            self.rows.append([])
        elif self.rows:
            self.rows[-1].append([])

    def words(self, text: str) -> None:
        shown = self.wording if self.dialect.words else True
        if self.inside and not self.skipping and not self.hidden and shown:
            self._write(text)

    def _write(self, text: str) -> None:
        self.signs += len(text)
        if self.signs > _SIGNS:
            raise too_large("signs", _SIGNS)
        if self.texts:
            self.texts[-1].append("".join(sign for sign in text if sign >= " " or sign in "\t\n"))

    def end(self, name: str) -> None:
        self.depth -= 1
        dialect = self.dialect
        if self.skipping:
            self.skipping = 0 if self.depth < self.skipping else self.skipping
        elif name in dialect.words:
            self.wording -= 1
        elif name in dialect.paragraphs and self.texts:
            self._close_paragraph("".join(self.texts.pop()).strip())
        elif name == dialect.table:
            self.tables -= 1
            if not self.tables:
                self._close_table()
        elif name == dialect.body:
            self.inside = False
        elif name == _W + "r":
            self.hidden = False
        elif name == _TEXT + "list-item":
            self.numbered = False

    def _close_paragraph(self, text: str) -> None:
        if self.tables:
            if self.rows and self.rows[-1]:
                self.rows[-1][-1].append(text)
        elif text:
            level = int(self.style) if self.style.isascii() and self.style.isdigit() else 0
            kind: Literal["heading", "paragraph", "item"] = (
                "heading" if level else "item" if self.numbered else "paragraph"
            )
            self._add(Block(kind, text, min(max(level, 1), 6)))
        self.style = ""

    def _close_table(self) -> None:
        columns = min(max((len(row) for row in self.rows), default=0), _CELLS)
        if columns:
            rows = [
                [*("\n".join(filter(None, cell)) for cell in row), *[""] * columns][:columns]
                for row in self.rows
            ]
            self._add(Table(columns, tuple(cell for row in rows for cell in row)))
        self.rows = []

    def _add(self, block: Block | Table) -> None:
        self.blocks.append(block)
        if len(self.blocks) > BLOCKS:
            raise too_large("paragraphs", BLOCKS)
