"""What a file is, by its content; and a text file as lines that fit a page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Final

from holdfire.documents.encoding import sure_encoding
from holdfire.language import mark
from holdfire.packets.packet import Exhibit, Form
from holdfire.packets.people import Place
from holdfire.packets.pictures import CannotDrawError, Drawing, texts
from holdfire.packets.setting import COLUMNS
from holdfire.packets.signs import clean

FORM_WORDS: Final[dict[Form, str]] = {
    "pdf": mark("PDF, its pages as pictures"),
    "jpeg": mark("JPEG picture"),
    "png": mark("PNG picture"),
    "text": mark("plain text"),
    "other": mark("another kind of file"),
}
#: Bytes by which the form is judged, and of a text that becomes pages.
BEGINNING: Final = 65_536
MOST_TEXT: Final = 16 * 1024 * 1024


def form_of(beginning: bytes) -> Form:
    """Return what a file is by its first bytes; its name is never asked."""
    if beginning.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if beginning.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if b"%PDF-" in beginning[:1024]:
        return "pdf"
    return "text" if beginning and sure_encoding(beginning, cut=True) else "other"


def text_of(exhibit: Exhibit) -> str | None:
    """Return the words of a text file, or None when it is too large or cannot be read as text to its end.

    UTF-8 is tried first, UTF-16 where the file begins with its mark, then windows-1251 where most of it is then Cyrillic.
    """
    if exhibit.form != "text" or exhibit.size > MOST_TEXT:
        return None
    content = b"".join(exhibit.content())
    encoding = sure_encoding(content, cut=False)
    return clean(content.decode(encoding)) if encoding else None


def lines_of(text: str) -> list[str]:
    """Return a text in lines of at most COLUMNS signs; its own line breaks and spaces stay."""
    lines: list[str] = []
    for line in text.rstrip("\n").split("\n"):
        lines += textwrap.wrap(
            line, COLUMNS, drop_whitespace=False, replace_whitespace=False, expand_tabs=False, break_on_hyphens=False
        ) or [""]  # fmt: skip
    return lines


def places_of(name: str, exhibit: Exhibit) -> Iterator[Place]:
    """Yield the texts of an exhibit in which names can be sought; that of a page without text is empty."""
    text = text_of(exhibit)
    if text is not None:
        yield Place(name, text)
    if exhibit.form == "pdf":
        try:
            with Drawing(exhibit.content(), "pdf", exhibit.size) as drawing:
                for number, words in enumerate(texts(drawing), 1):
                    yield Place(name, (words or "").strip(), number)
        except CannotDrawError:
            return


def page_list(numbers: Iterable[int]) -> str:
    """Return page numbers as people write them: 1, 4-6, 9."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
