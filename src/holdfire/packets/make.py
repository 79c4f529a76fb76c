"""Make a packet: cover, contents, sections, exhibits; page by page, so that a thousand pages need no more memory than ten."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from typing import Any, Final

import pikepdf

from holdfire.language import ENGLISH, Language, mark
from holdfire.packets.joined import Joined, Picture
from holdfire.packets.packet import Block, Exhibit, Packet, Paragraph, Rows, Title, with_texts
from holdfire.packets.people import Remover
from holdfire.packets.pictures import DPI, REASONS, CannotDrawError, Drawing, placed, texts
from holdfire.packets.reading import FORM_WORDS, lines_of, page_list, text_of
from holdfire.packets.setting import LINES, Sheet, plain, set_pages, text_pages

PAGE: Final = mark("Page {number}")
CONTENTS: Final = mark("Contents")
COVER: Final = mark("Cover")
EXHIBIT: Final = mark("Exhibit {number}")
EXHIBIT_NAMED: Final = mark("Exhibit {number}: {title}")
OF_ORIGINAL: Final = mark("page {page} of {pages} of the original")
NO_LAWYER: Final = mark("No lawyer has checked this.")
SEPARATELY: Final = mark("This kind of file cannot become pages. The original is handed over separately.")
NOT_TEXT: Final = mark(
    "This text is too large or cannot be read to its end. The original is handed over separately."
)
LEFT_OUT: Final = mark("Pages left out because they name somebody who is not to be named: {pages}.")
TAKEN_OUT: Final = mark(
    "Names were taken out of this text in {count} places. The SHA-256 is that of the original."
)
DRAWN: Final = mark(
    "Its pages were drawn as pictures at {dpi} dots to an inch, so that nothing hidden travels with them. "
    "The SHA-256 is that of the original file."
)
PAGE_BROKEN: Final = mark("This page of the original could not be drawn.")
#: Pages set at once: typst keeps its last ten documents in memory, so small ones bound it.
_AT_ONCE: Final = 6
_DRAWN_AT_ONCE: Final = 16

Progress = Callable[[int, int], None]


class Making:
    """A packet being made. `pieces` gives the file; `pages` and `notes` are whole after that.

    Args:
        packet: What it holds.
        remove: Takes out the names that are not to stand in it.
        leave_pages: Whether a page of a PDF whose text names somebody taken out is left out.
        language: The packet's own words are said in it.
        progress: Told how much of the exhibits is done, and how much there is, in bytes.
    """

    def __init__(
        self,
        packet: Packet,
        remove: Remover,
        *,
        leave_pages: bool = True,
        language: Language = ENGLISH,
        progress: Progress = lambda _done, _total: None,
    ) -> None:
        self._packet, self._remove, self._leave_pages = packet, remove, leave_pages
        self._say, self._progress = language.say, progress
        self._done, self._total = 0, max(1, sum(one.size for one in packet.exhibits))
        self._rows: list[tuple[str, int]] = []
        self._joined = Joined(remove(packet.title), packet.language)
        self.pages = 0
        self.notes: list[str] = []

    def pieces(self) -> Iterator[bytes]:
        """Yield the file from front to back.

        Raises:
            Whatever reading an exhibit raises, as TamperError: a packet is never made of altered files.
        """
        cover = self._set(self._cover(), 1)
        # Set once without numbers to learn how many pages the contents take; the numbers come when all are known.
        names = [
            *(self._remove(one.title) for one in self._packet.sections),
            *map(self._name, self._numbered()),
        ]
        front = _count(cover) + _count(self._contents([(name, 0) for name in names], 1))
        self._first = front + 1
        for section in self._packet.sections:
            blocks = [plain((with_texts(block, self._remove),))[0] for block in section.blocks]
            made = self._set(
                tuple(blocks), self._first, language=section.language, right_to_left=section.right_to_left
            )
            self._begin(self._remove(section.title), self._add(made))
            yield from self._joined.taken()
        for number, exhibit in self._numbered():
            for _ in self._exhibit(number, exhibit):
                yield from self._joined.taken()
            self._done += exhibit.size
            self._progress(self._done, self._total)
        self._joined.add(cover, front=True)
        contents = self._joined.add(self._contents(self._rows, _count(cover) + 1), front=True)
        self._joined.first_bookmark(self._say(CONTENTS), contents[0])
        self.pages = self._joined.pages
        self._joined.finish()
        yield from self._joined.taken()

    def _numbered(self) -> Iterator[tuple[int, Exhibit]]:
        return iter(list(enumerate(self._packet.exhibits, 1)))

    def _name(self, numbered: tuple[int, Exhibit]) -> str:
        number, exhibit = numbered
        return self._say(EXHIBIT_NAMED, number=number, title=self._remove(exhibit.title))

    def _cover(self) -> tuple[Any, ...]:
        blocks = (Title(self._packet.title), *self._packet.cover, Paragraph(self._say(NO_LAWYER)))
        return plain([with_texts(block, self._remove) for block in blocks])

    def _contents(self, rows: list[tuple[str, int]], first: int) -> bytes:
        listed = [(name, str(number) if number else "0") for name, number in rows]
        return self._set(
            (*plain((Title(self._say(CONTENTS)),)), {"block": "contents", "rows": listed}), first
        )

    def _exhibit(self, number: int, exhibit: Exhibit) -> Iterator[None]:
        if exhibit.form == "text":
            yield from self._text(number, exhibit)
        elif exhibit.form == "other":
            self._front_of(number, exhibit, None, self._say(SEPARATELY))
            yield
        else:
            with contextlib.ExitStack() as stack:
                try:
                    drawing = stack.enter_context(Drawing(exhibit.content(), exhibit.form, exhibit.size))
                except CannotDrawError as fault:
                    why = self._say(REASONS[fault.reason])
                    self._front_of(number, exhibit, None, why)
                    self.notes.append(f"{self._say(EXHIBIT, number=number)}: {why}")
                    yield
                else:
                    yield from self._drawn(number, exhibit, drawing)

    def _drawn(self, number: int, exhibit: Exhibit, drawing: Drawing) -> Iterator[None]:
        out = self._naming(drawing) if exhibit.form == "pdf" else ()
        said = [self._say(LEFT_OUT, pages=page_list(page + 1 for page in out))] if out else []
        self._front_of(number, exhibit, str(drawing.pages), *said, self._say(DRAWN, dpi=DPI))
        yield
        kept = [page for page in range(drawing.pages) if page not in frozenset(out)]
        for start in range(0, len(kept), _DRAWN_AT_ONCE):
            batch = kept[start : start + _DRAWN_AT_ONCE]
            pictures = [self._picture(drawing, page) for page in batch]
            blocks: list[dict[str, Any]] = []
            for picture in pictures:
                blocks += [{"block": "break"}] if blocks else []
                text = "" if picture else self._say(PAGE_BROKEN)
                blocks.append({"block": "paragraph", "text": text, "soft": False})
            heads = tuple(
                (self._say(EXHIBIT, number=number),
                 self._say(OF_ORIGINAL, page=page + 1, pages=drawing.pages) if exhibit.form == "pdf" else "")
                for page in batch
            )  # fmt: skip
            self._add(self._set(tuple(blocks), self._first, heads=heads), pictures)
            yield
            self._progress(self._done + exhibit.size * (start + len(batch)) // len(kept), self._total)

    def _naming(self, drawing: Drawing) -> tuple[int, ...]:
        """Return the pages that name somebody taken out, where they are to be left out."""
        if not (self._leave_pages and self._remove):
            return ()
        return tuple(page for page, text in enumerate(texts(drawing)) if text and self._remove.found(text))

    def _picture(self, drawing: Drawing, page: int) -> Picture | None:
        try:
            about, jpeg = drawing.picture(page)
        except CannotDrawError:
            return None
        width, height = about["width"], about["height"]
        return Picture(jpeg, width, height, about["grey"], placed(width, height))

    def _text(self, number: int, exhibit: Exhibit) -> Iterator[None]:
        text = text_of(exhibit)
        if text is None:
            self._front_of(number, exhibit, None, self._say(NOT_TEXT))
            yield
            return
        count = self._remove.count(text)
        lines = lines_of(self._remove(text))
        said = [self._say(TAKEN_OUT, count=count)] if count else []
        self._front_of(number, exhibit, str(-(-len(lines) // LINES)), *said)
        yield
        heads = ((self._say(EXHIBIT, number=number), ""),)
        for start in range(0, len(lines), LINES * _AT_ONCE):
            part = lines[start : start + LINES * _AT_ONCE]
            self._add(self._set(text_pages(part), self._first, heads=heads))
            yield
            self._progress(self._done + exhibit.size * (start + len(part)) // len(lines), self._total)

    def _front_of(self, number: int, exhibit: Exhibit, pages: str | None, *said: str) -> None:
        """Set the line in front of an exhibit: what it is, where it comes from, what was done to it."""
        name = self._say(EXHIBIT, number=number)
        rows = (
            (self._say(mark("Title")), self._remove(exhibit.title)),
            (self._say(mark("Kind of file")), self._say(FORM_WORDS[exhibit.form])),
            (self._say(mark("SHA-256 of the original")), f"{exhibit.sha256[:32]}\n{exhibit.sha256[32:]}"),
            (self._say(mark("Bytes")), str(exhibit.size)),
            (self._say(mark("Added")), exhibit.added),
            (self._say(mark("Pages of the original")), pages or self._say(mark("none here"))),
        )
        blocks: list[Block] = [Title(name), Rows(rows), *(Paragraph(one) for one in said)]
        self._begin(self._name((number, exhibit)), self._add(self._set(plain(blocks), self._first)))

    def _begin(self, title: str, pages: list[int]) -> None:
        self._rows.append((title, self._first - len(pages)))
        self._joined.bookmark(title, pages[0])

    def _add(self, made: bytes, pictures: list[Picture | None] | None = None) -> list[int]:
        pages = self._joined.add(made, pictures or ())
        self._first += len(pages)
        return pages

    def _set(
        self,
        blocks: tuple[Any, ...],
        first: int,
        *,
        heads: tuple[tuple[str, str], ...] = (),
        language: str | None = None,
        right_to_left: bool = False,
    ) -> bytes:
        sheet = Sheet(blocks, first, self._say(PAGE, number="{number}"), "", heads, language or self._packet.language,
                      right_to_left)  # fmt: skip
        return set_pages(sheet)


def _count(made: bytes) -> int:
    with pikepdf.open(io.BytesIO(made)) as pdf:
        return len(pdf.pages)
