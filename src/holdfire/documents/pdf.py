"""PDF: text with its place on each page, by pdfium. Runs only in the reader's own process (decision 0080)."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator
from typing import Any, Final

import pypdfium2_raw

from holdfire.documents.bounds import cleaned
from holdfire.documents.document import Document, Line, Note
from holdfire.documents.page_order import in_order
from holdfire.documents.paragraphs import Body, Broken, paragraphs
from holdfire.documents.running_heads import Page, without_heads
from holdfire.documents.sayings import (
    BROKEN,
    BROKEN_PAGE,
    LOCKED_PDF,
    LONG_PAGE,
    NO_LETTERS,
    NO_TEXT,
    PICTURE_PAGE,
    SCANNED,
    refuse,
)

#: The bindings are made by a generator and carry no types.
_PDFIUM: Final[Any] = pypdfium2_raw
#: Signs of one page; a page of a law has some five thousand.
MOST_ON_A_PAGE: Final = 200_000
_MOST_PAGES: Final = 100_000
#: Objects of a page without text that are looked at for a picture.
_MOST_OBJECTS: Final = 1_000
#: Of every so many signs one is asked whether the file says which letter it is.
_ASKED: Final = 16
_PASSWORD: Final = (4, 5)


def read_pdf(
    content: Any,
    size: int,
    step: Callable[[int, int], None],
    first: int = 1,
    failed: frozenset[int] = frozenset(),
) -> Document:
    """Return a PDF as a document, from page `first` on, without the pages that `failed` before.

    Args:
        content: The whole file, as pdfium takes it (bytes, or an array over a mapping); must stay until the lines ended.
        size: Its bytes.
        step: Told before each page which one it is and how many there are.
        first: The page to begin with, from 1.
        failed: Pages not to touch.

    Raises:
        UserError: It is behind a password, broken, or has no text.
    """
    _PDFIUM.FPDF_InitLibrary()
    pdf = _PDFIUM.FPDF_LoadMemDocument64(content, size, None)
    if not pdf:
        refuse(LOCKED_PDF if _PDFIUM.FPDF_GetLastError() in _PASSWORD else BROKEN)
    count = min(_PDFIUM.FPDF_GetPageCount(pdf), _MOST_PAGES)
    if count <= 0:
        refuse(BROKEN)
    notes: list[Note] = []
    body = Body()
    numbers = [page for page in range(first, count + 1) if page not in failed]
    pages = _Pages(pdf, numbers, count, body, notes, step)
    lines = paragraphs(((page.number, in_order(page.lines)) for page in without_heads(pages, notes)), body)
    title = cleaned(_meta(pdf, b"Title"))[:300]
    if title.lower().endswith((".doc", ".docx", ".rtf", ".odt", ".pdf", ".tex", ".indd", ".qxd")):
        title = ""
    return Document(
        "pdf",
        _some(lines, pages) if first == 1 and not failed else lines,
        notes,
        title=title,
        language=_language(pdf) or None,
    )


def _some(lines: Iterator[Line], pages: _Pages) -> Iterator[Line]:
    """Yield the lines; UserError when a whole file has none."""
    some = False
    for line in lines:
        some = True
        yield line
    if not some:
        refuse(SCANNED if pages.pictures else BROKEN if pages.broken else NO_TEXT)


class _Pages:
    """The pages of an open PDF, each with its lines as the file has them."""

    def __init__(
        self,
        pdf: Any,
        numbers: list[int],
        count: int,
        body: Body,
        notes: list[Note],
        step: Callable[[int, int], None],
    ) -> None:
        self._pdf = pdf
        self._numbers = numbers
        self._count = count
        self._body = body
        self._notes = notes
        self._step = step
        self.pictures = self.broken = 0

    def __iter__(self) -> Iterator[Page]:
        for number in self._numbers:
            self._step(number, self._count)
            lines = self._lines(number)
            self._body.add(lines)
            yield Page(number, lines)

    def _lines(self, number: int) -> list[Broken]:
        page = _PDFIUM.FPDF_LoadPage(self._pdf, number - 1)
        text = _PDFIUM.FPDFText_LoadPage(page) if page else None
        if not text:
            self.broken += 1
            self._notes.append(Note(BROKEN_PAGE, {"page": number}))
            if page:
                _PDFIUM.FPDF_ClosePage(page)
            return []
        try:
            lines = list(self._text(text, number))
            if not lines and _has_picture(page):
                self.pictures += 1
                self._notes.append(Note(PICTURE_PAGE, {"page": number}))
            return lines
        finally:
            _PDFIUM.FPDFText_ClosePage(text)
            _PDFIUM.FPDF_ClosePage(page)

    def _text(self, text: Any, number: int) -> Iterator[Broken]:
        count = _PDFIUM.FPDFText_CountChars(text)
        if count > MOST_ON_A_PAGE:
            count = MOST_ON_A_PAGE
            self._notes.append(Note(LONG_PAGE, {"page": number, "most": MOST_ON_A_PAGE}))
        if count <= 0:
            return
        asked = range(0, count, _ASKED)
        if sum(_PDFIUM.FPDFText_HasUnicodeMapError(text, sign) == 1 for sign in asked) * 4 > len(asked):
            self._notes.append(Note(NO_LETTERS, {"page": number}))
        buffer = (ctypes.c_ushort * (count + 1))()
        _PDFIUM.FPDFText_GetText(text, 0, count, buffer)
        signs = bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")
        place = 0
        for line in signs.split("\r\n"):
            if line.strip():
                yield _placed(
                    text, line, place + len(line) - len(line.lstrip()), place + len(line.rstrip()) - 1
                )
            # pdfium counts in halves of UTF-16, Python in whole signs.
            place += len(line.encode("utf-16-le")) // 2 + 2


def _placed(text: Any, line: str, first: int, last: int) -> Broken:
    """Return a line with its place, turned upright when it stands on its side."""
    left, top, size = _sign(text, _PDFIUM.FPDFText_GetCharIndexFromTextIndex(text, first))
    end = _PDFIUM.FPDFText_GetCharIndexFromTextIndex(text, last)
    right, bottom, _ = _sign(text, end)
    weight = max(_PDFIUM.FPDFText_GetFontWeight(text, end), 0)
    return Broken(line, left, right + 0.5 * size, top, bottom, size, weight)


def _sign(text: Any, index: int) -> tuple[float, float, float]:
    """Return where a sign stands and how large it is, in points, as seen along its own line."""
    x, y = ctypes.c_double(), ctypes.c_double()
    _PDFIUM.FPDFText_GetCharOrigin(text, index, x, y)
    matrix = _PDFIUM.FS_MATRIX()
    _PDFIUM.FPDFText_GetMatrix(text, index, matrix)
    height = math.hypot(matrix.c, matrix.d) or 1.0
    size = _finite(_PDFIUM.FPDFText_GetFontSize(text, index) * height)
    turn = math.atan2(matrix.b, matrix.a)
    if abs(turn) < 0.01:  # noqa: PLR2004 -- radians, upright
        return _finite(x.value), _finite(y.value), max(size, 0.1)
    along, across = math.cos(turn), math.sin(turn)
    return (
        _finite(x.value * along + y.value * across),
        _finite(y.value * along - x.value * across),
        max(size, 0.1),
    )


def _finite(value: float) -> float:
    return max(min(value, 1e6), -1e6) if math.isfinite(value) else 0.0


def _has_picture(page: Any) -> bool:
    """Say whether a page without text shows a picture, or drawn shapes that may be letters."""
    count = min(_PDFIUM.FPDFPage_CountObjects(page), _MOST_OBJECTS)
    kinds = (_PDFIUM.FPDFPageObj_GetType(_PDFIUM.FPDFPage_GetObject(page, number)) for number in range(count))
    return any(kind in {_PDFIUM.FPDF_PAGEOBJ_IMAGE, _PDFIUM.FPDF_PAGEOBJ_FORM} for kind in kinds)


def _meta(pdf: Any, name: bytes) -> str:
    return _utf16(lambda buffer, size: _PDFIUM.FPDF_GetMetaText(pdf, name, buffer, size))


def _language(pdf: Any) -> str:
    return cleaned(_utf16(lambda buffer, size: _PDFIUM.FPDFCatalog_GetLanguage(pdf, buffer, size)))[:35]


def _utf16(ask: Callable[[Any, int], int]) -> str:
    """Return a text pdfium gives as UTF-16 with a zero at its end, up to 4 KiB."""
    buffer = (ctypes.c_ushort * 2048)()
    room = ctypes.sizeof(buffer)
    size = ask(buffer, room)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace") if 2 < size <= room else ""  # noqa: PLR2004
