"""Text and tables out of the XML of an office file, read event by event; no declaration of entities is obeyed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal
from xml.parsers import expat

from holdfire.evidence.copies.bounds import BLOCKS
from holdfire.evidence.copies.office_names import BESIDE, FAMILIES, UNSEEN, Dialect
from holdfire.evidence.copies.office_styles import TABLE as _TABLE
from holdfire.evidence.copies.office_styles import TEXT as _TEXT
from holdfire.evidence.copies.office_styles import HiddenStyles, says_hidden, says_tiny
from holdfire.evidence.copies.office_styles import W as _W
from holdfire.evidence.copies.refusals import CopyRefusedError, damaged, too_large
from holdfire.evidence.copies.sayings import ENTITIES

_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing "
_DRAW: Final = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 "
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


@dataclass
class _Looks:
    """Whether the words of a run are shown: by its style, and by what it says itself, which counts more."""

    by_style: bool = False
    tiny_by_style: bool = False
    direct: bool | None = None
    tiny: bool | None = None

    def hidden(self) -> bool:
        hides = self.by_style if self.direct is None else self.direct
        return hides or (self.tiny_by_style if self.tiny is None else self.tiny)


def read_blocks(
    untrusted: bytes, dialect: Dialect, styles: HiddenStyles
) -> tuple[tuple[Block | Table, ...], bool]:
    """Return what is shown, in order, and whether something was left out because it is not; deleted words are not told of.

    Raises:
        CopyRefusedError: It is no XML, declares entities, nests without end, or is too long.
    """
    reader = _Reader(dialect, styles)
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
    return tuple(reader.blocks), reader.left_out


def _refuse_declarations(*_: object) -> None:
    raise CopyRefusedError(ENTITIES)


class _Reader:
    """What was read so far, and where in the file we are."""

    def __init__(self, dialect: Dialect, styles: HiddenStyles) -> None:
        self.dialect = dialect
        self.styles = styles
        self.blocks: list[Block | Table] = []
        self.depth = 0
        self.skipping = 0  # the depth at which something began that is not shown
        self.inside = False
        self.texts: list[list[str]] = []  # of paragraphs that are open; a text box lies inside another one
        self.wording = 0
        self.paragraphs: list[_Looks] = []  # of DOCX that are open
        self.runs: list[_Looks] = []  # of DOCX that are open; a text box lies inside another one
        self.dark_tables: list[bool] = []  # of DOCX that are open: whether their style hides
        self.columns: list[
            list[tuple[int, int]]
        ] = []  # of tables of ODT that are open: from, to, of hidden ones
        self.dark_groups = 0
        self.column: list[int] = []
        self.left_out = False
        self.style = ""
        self.numbered = False
        self.tables = 0
        self.rows: list[list[list[str]]] = []
        self.signs = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEPTH:
            raise damaged()
        if not self.skipping:
            self._start(name, attributes)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        dialect = self.dialect
        if name in dialect.skipped or (self.inside and self._unseen(name, attributes)):
            self.left_out |= name in UNSEEN or name not in dialect.skipped
            self.skipping = self.depth
        elif name == dialect.body:
            self.inside = True
        elif name in dialect.paragraphs:
            self.texts.append([])
            self.paragraphs.append(self._styled(_Looks(), "paragraph", ""))
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
        elif self.inside:
            self._property(name, attributes)

    def _unseen(self, name: str, attributes: dict[str, str]) -> bool:
        """Say whether an element is hidden, by itself, by its style or by its column."""
        if name in {_TABLE + "table-column", _TABLE + "table-cell", _TABLE + "covered-table-cell"}:
            return self._in_hidden_column(name, attributes)
        if name == _TABLE + "table-column-group":
            # Its columns have to be counted, so it is entered.
            self.dark_groups += bool(self.dark_groups or attributes.get(_TABLE + "display", "true") != "true")
            return False
        key = (
            FAMILIES.get(name, ""),
            attributes.get(_TEXT + "style-name", attributes.get(_TABLE + "style-name", "")),
        )
        return (
            attributes.get(_TEXT + "display") in {"none", "condition"}
            or attributes.get(_TABLE + "visibility", "visible") != "visible"
            or attributes.get(_TABLE + "display", "true") != "true"
            or attributes.get(_DRAW + "display", "always") in {"none", "printer"}
            or (name in FAMILIES and (key in self.styles.hides or key in self.styles.tiny))
            or "visibility:hidden" in attributes.get("style", "").replace(" ", "").lower()
        )

    def _in_hidden_column(self, name: str, attributes: dict[str, str]) -> bool:
        if not self.column:
            return False
        repeated = attributes.get(_TABLE + "number-columns-repeated", "1")
        first = self.column[-1]
        self.column[-1] = last = first + (
            int(repeated[:6]) if repeated.isascii() and repeated.isdigit() else 1
        )
        if name == _TABLE + "table-column":
            if self.dark_groups or attributes.get(_TABLE + "visibility", "visible") != "visible":
                self.columns[-1].append((first, last))
            return False
        return any(start < last and first < end for start, end in self.columns[-1])

    def _property(self, name: str, attributes: dict[str, str]) -> None:
        value = attributes.get(_W + "val", "")
        if name == _W + "r":
            inherited = self.paragraphs[-1] if self.paragraphs else _Looks()
            self.runs.append(_Looks(inherited.by_style, inherited.tiny_by_style))
        elif name in BESIDE:
            self.runs.append(_Looks())
        elif name == _W + "rStyle" and self.runs:
            self._styled(self.runs[-1], "character", value)
        elif name == _W + "pStyle":
            if self.paragraphs:
                self.paragraphs[-1] = self._styled(_Looks(), "paragraph", value)
            style = value.lower()
            self.style = (
                style[-1:] if "heading" in style and style[-1:].isdigit() else "1" if style == "title" else ""
            )
        elif name == _W + "tblStyle" and self.dark_tables:
            key = ("table", value)
            self.dark_tables[-1] = key in self.styles.hides or key in self.styles.tiny
        elif name in {_W + "numPr", _TEXT + "list-item"}:
            self.numbered = True
        else:
            self._hiding(name, attributes)

    def _hiding(self, name: str, attributes: dict[str, str]) -> None:
        """Take a property that hides a row, a cell, a drawing or the words of the run that is open."""
        value = attributes.get(_W + "val", "true")
        if name in {_W + "hidden", _W + "cellDel"} and value not in {"0", "false", "off"}:
            self._leave_out(2)  # the row around its properties, the cell around its own
        elif name == _DRAWING + "docPr" and attributes.get("hidden", "0") not in {"0", "false"}:
            self._leave_out(1)
        elif self.runs:
            self._look(self.runs[-1], name, attributes)

    def _look(self, looks: _Looks, name: str, attributes: dict[str, str]) -> None:
        if (hides := says_hidden(name, attributes)) is not None:
            looks.direct = hides or looks.direct is True
        if (tiny := says_tiny(name, attributes)) is not None:
            looks.tiny = tiny

    def _styled(self, looks: _Looks, family: str, name: str) -> _Looks:
        key = (family, name if (family, name) in self.styles.known else "")  # an unknown one is the usual one
        looks.by_style |= key in self.styles.hides
        looks.tiny_by_style |= key in self.styles.tiny
        return looks

    def _leave_out(self, above: int) -> None:
        """Skip what is still to come of the element that lies so many levels above this one."""
        self.left_out = True
        self.skipping = max(self.depth - above, 1)

    def _table(self, name: str) -> None:
        """Open a table, a row or a cell; a table inside a cell adds its words to the cell."""
        if name == self.dialect.table:
            self.tables += 1
            self.dark_tables.append(False)
            self.columns.append([])
            self.column.append(0)
        elif name == self.dialect.row and self.column:
            self.column[-1] = 0
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
        if not self.inside or self.skipping or not shown:
            return
        if any(self.dark_tables) or any(looks.hidden() for looks in self.runs):
            self.left_out |= bool(text.strip())
        else:
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
            self.paragraphs.pop()
        elif name == dialect.table:
            self.tables -= 1
            for one in (self.dark_tables, self.columns, self.column):
                one.pop()
            if not self.tables:
                self._close_table()
        elif name == dialect.body:
            self.inside = False
        else:
            self._end_property(name)

    def _end_property(self, name: str) -> None:
        if (name == _W + "r" or name in BESIDE) and self.runs:
            self.runs.pop()
        elif name == _TABLE + "table-column-group":
            self.dark_groups = max(self.dark_groups - 1, 0)
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
