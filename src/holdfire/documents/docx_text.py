"""The running text of a Word document: paragraphs, rows of tables, footnotes."""

from __future__ import annotations

from collections import Counter
from typing import Final

from holdfire.documents.bounds import cleaned
from holdfire.documents.document import Line, Role
from holdfire.documents.docx_numbers import WORD, Numbering, Styles, number
from holdfire.documents.markup import Words, raised

_FALLBACK: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"
#: Deleted text, the old place of what was moved, and what stands there for programs only.
_SKIPPED: Final = frozenset({"del", "moveFrom", "instrText", "delText", "sdtPr", "txbxContent"})
_ON: Final = frozenset({"", "1", "true", "on"})


class Body:
    """Puts the elements of a text part together to lines.

    Args:
        styles: What was read of them before.
        numbering: Counts while the paragraphs come.

    Attributes:
        changed: Whether a change stands in it that nobody accepted.
        hidden: Whether hidden text was left out.
        pictures: Whether a picture stands in it.
        contents: Lines of a table of contents that were left out.
    """

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self.changed = self.hidden = self.pictures = False
        self.contents = 0
        self._styles = styles
        self._numbering = numbering
        self._lines: list[Line] = []
        self._words = Words()
        self._boxes: list[str] = []
        self._inside: Counter[str] = Counter()
        self._note = ""
        self._cells: list[int] = []
        self._style = self._list = ""
        self._level = 0
        self._outline: int | None = None
        self._hidden_run = self._raised_run = False

    def part(self, name: str) -> Body:
        """Begin another part, from which nothing is open."""
        self._note = "*" if "note" in name.rpartition("/")[2] else ""
        self._words.take()
        self._inside.clear()
        self._cells.clear()
        return self

    def start(self, name: str, attributes: dict[str, str], space: str) -> None:  # noqa: C901 -- one branch an element
        """Begin an element."""
        if space == _FALLBACK and name == "Fallback":
            self._inside["skipped"] += 1
        if space not in WORD:
            return
        self._inside[name] += 1
        self.pictures |= name in {"drawing", "pict"}
        value = attributes.get("val", "")
        if name in _SKIPPED:
            self._inside["skipped"] += 1
            self.changed |= name in {"del", "moveFrom"}
        if self._inside["skipped"]:
            return
        if name == "p":
            self._begin_paragraph()
        elif name == "tr":
            self._cells.append(0)
        elif name == "tc" and self._cells:
            self._words.add(" | " if self._cells[-1] and self._inside["tbl"] == 1 else " ")
            self._cells[-1] += 1
        elif name in {"footnote", "endnote"}:
            self._note = f"[{cleaned(attributes.get('id', ''))[:9]}] "
            # Word keeps the lines that part notes from the text as notes, too.
            if "type" in attributes:
                self._note = "-"
        elif self._inside["pPr"] and not self._inside["pPrChange"]:
            self._of_paragraph(name, value)
        elif self._inside["r"]:
            self._of_run(name, value, attributes)
        self.changed |= name == "ins"

    def _begin_paragraph(self) -> None:
        if not self._cells:
            self._line()
        self._style = self._list = ""
        self._level = 0
        self._outline = None

    def _of_paragraph(self, name: str, value: str) -> None:
        if name == "pStyle":
            self._style = value
        elif name == "numId":
            self._list = value
        elif name == "ilvl":
            self._level = number(value)
        elif name == "outlineLvl":
            self._outline = number(value, 9)

    def _of_run(self, name: str, value: str, attributes: dict[str, str]) -> None:
        if name == "r":
            self._hidden_run = self._raised_run = False
        elif name == "vanish":
            self._hidden_run = value.lower() in _ON
        elif name == "vertAlign":
            self._raised_run = value == "superscript"
        elif name in {"tab", "ptab", "cr"}:
            self._words.add(" ")
        elif name == "br":
            self._words.add(" ")
            if not self._cells and attributes.get("type", "textWrapping") == "textWrapping":
                self._line()
        elif name == "noBreakHyphen":
            self._words.add("-")
        elif name in {"footnoteReference", "endnoteReference"}:
            self._words.add(f" [{cleaned(attributes.get('id', ''))[:9]}]")

    def end(self, name: str, space: str) -> None:
        """End an element."""
        if space == _FALLBACK and name == "Fallback":
            self._inside["skipped"] -= 1
        if space not in WORD:
            return
        self._inside[name] -= 1
        if name in _SKIPPED:
            self._inside["skipped"] -= 1
        elif self._inside["skipped"]:
            return
        elif name == "p":
            if self._cells:
                self._words.add(" ")
            else:
                self._line()
        elif name == "tr" and self._cells:
            self._cells.pop()
            if not self._cells:
                self._style = self._list = ""
                self._outline = None
                self._line()
        elif name == "r":
            self._hidden_run = self._raised_run = False

    def text(self, text: str) -> None:
        """Take the characters of a run."""
        if not self._inside["t"] or self._inside["skipped"]:
            return
        if self._hidden_run:
            self.hidden = True
            return
        self._words.add(raised(text, self._words.last()) if self._raised_run else text)

    def take(self) -> list[Line]:
        """Return the lines that are complete."""
        lines, self._lines = self._lines, []
        return lines

    def _line(self) -> None:
        """Give out the words so far as a line, with its number."""
        words = cleaned(self._words.take())
        list_id, level = (self._list, self._level) if self._list else self._styles.list_of(self._style)
        if not words.strip("| ") or self._note == "-":
            return
        if self._styles.is_contents(self._style):
            self.contents += 1
            return
        shown = cleaned(self._numbering.next(list_id, level)) if list_id not in {"", "0"} else ""
        # A line break inside a paragraph ends a line, not the paragraph: the rest has no number of its own.
        self._list = "0"
        outline = self._outline is not None and self._outline < 9  # noqa: PLR2004 -- nine levels
        role: Role = "heading" if outline or self._styles.is_heading(self._style) else "text"
        note = self._note if self._note != "*" else ""
        self._lines.append(Line(f"{note}{shown} {words}".strip() if shown or note else words, None, role))
        if note:
            self._note = "*"
