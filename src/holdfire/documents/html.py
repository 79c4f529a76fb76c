"""HTML: the text of a saved page, without its scripts, styles and menus; nothing it names is fetched."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import BinaryIO, Final

from holdfire.documents.bounds import cleaned
from holdfire.documents.document import Document, Line, Note, Role
from holdfire.documents.encoding import SAMPLE, Decoded, find_encoding, refuse_binary
from holdfire.documents.markup import Words, raised
from holdfire.documents.sayings import NO_TEXT, refuse

#: Elements whose content is no text of the page, or leads elsewhere.
_SKIPPED: Final = frozenset({
    "script", "style", "template", "noscript", "nav", "svg", "math", "button", "select", "textarea", "iframe", "object", "audio",
    "video", "canvas", "head", "dialog", "datalist",
})  # fmt: skip
_BLOCKS: Final = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "ol", "p",
    "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", "br",
})  # fmt: skip
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "caption", "legend"})
_CHARSET: Final = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})|<\?xml[^>]{0,200}?encoding=[\"']([A-Za-z0-9_.-]{1,40})",
    re.IGNORECASE,
)
#: A heading, or an id, that says an article begins: "Article 5", "§ 3"; `art-5`, `statya_12`.
_ARTICLE: Final = re.compile(
    r"(?:article|art\.|section|sec\.|§+|rule|статья|ст\.|артыкул|арт\.|стаття|artículo|articulo|artigo|artikel)\s*"
    r"(?:\d|[IVXLC]+\b)",
    re.IGNORECASE,
)
_ARTICLE_ID: Final = re.compile(
    r"(?:art(?:icle|ykul|iculo)?|st(?:atya)?|sec(?:tion)?|par(?:agraph)?)[-_.:]?\d", re.IGNORECASE
)
_PARSED: Final = 1 << 16
_MOST_OPEN: Final = 1_000


def read_html(stream: BinaryIO, size: int, step: Callable[[int, int], None]) -> Document:
    """Return a page as a document; UserError when it holds no text at all."""
    sample = stream.read(SAMPLE)
    said = _CHARSET.search(sample[:8192])
    encoding, mark_length = find_encoding(sample, (said[1] or said[2]).decode("ascii") if said else "")
    refuse_binary(sample, encoding)
    stream.seek(mark_length)
    notes: list[Note] = []
    page = _Page()
    lines = _lines(page, Decoded(stream, encoding, notes), size, step)
    first = next(lines, None)
    if first is None:
        refuse(NO_TEXT)

    def again() -> Iterator[Line]:
        yield first
        yield from lines

    return Document("html", again(), notes, title=cleaned(page.title)[:300], language=page.language)


def _lines(page: _Page, pieces: Decoded, size: int, step: Callable[[int, int], None]) -> Iterator[Line]:
    for piece in pieces:
        # The parser looks again at what it could not finish: little at a time is faster.
        for begin in range(0, len(piece), _PARSED):
            page.feed(piece[begin : begin + _PARSED])
            yield from page.take()
        step(pieces.bytes_read, size)
    page.close()
    page.end_line()
    yield from page.take()


class _Page(HTMLParser):
    """Puts the elements of a page together to lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.language: str | None = None
        self._words = Words()
        self._lines: list[Line] = []
        self._inside: Counter[str] = Counter()
        self._skipping: list[str] = []
        #: The next numbers of the ordered lists that are open; None in an unordered one.
        self._numbers: list[int | None] = []
        self._item = ""
        self._cells = 0
        self._article = False

    def handle_starttag(  # noqa: C901, PLR0912 -- one branch an element
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        """Begin an element."""
        attributes = {name: value or "" for name, value in attrs}
        if tag == "html" and self.language is None:
            self.language = cleaned(attributes.get("lang", "") or attributes.get("xml:lang", ""))[:35] or None
        if tag == "body":
            # A head that was never closed would swallow the page.
            self._skipping.clear()
        if tag == "title" and not self.title:
            self._inside["title"] += 1
        if self._skipping:
            if tag in _SKIPPED and len(self._skipping) < _MOST_OPEN:
                self._skipping.append(tag)
            return
        if tag in _SKIPPED:
            self._skipping.append(tag)
            return
        if tag in _BLOCKS and not (self._inside["tr"] and tag not in {"tr", "table"}):
            self.end_line()
        elif tag in _BLOCKS:
            self._words.add(" ")
        if tag == "tr":
            self._cells = 0
        elif tag in {"td", "th"}:
            self._words.add(" | " if self._cells else " ")
            self._cells += 1
        elif tag in {"ol", "ul"} and len(self._numbers) < _MOST_OPEN:
            self._numbers.append(_number(attributes.get("start", "1"), 1) if tag == "ol" else None)
        elif tag == "li" and self._numbers and (number := self._numbers[-1]) is not None:
            number = _number(attributes.get("value", ""), number)
            self._numbers[-1] = number + 1
            self._item = f"{number}. "
        if tag in _HEADINGS or tag in {"tr", "sup"}:
            self._inside[tag] += 1
        place = attributes.get("id") or attributes.get("name") or ""
        if _ARTICLE_ID.match(place):
            self._article = True

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        if tag == "title":
            self._inside["title"] = 0
        if self._skipping:
            if tag in self._skipping:
                # An end closes whatever was left open inside it.
                del self._skipping[len(self._skipping) - 1 - self._skipping[::-1].index(tag) :]
            return
        if tag in _BLOCKS and not (self._inside["tr"] and tag not in {"tr", "table"}):
            self.end_line()
        if tag in {"ol", "ul"} and self._numbers:
            self._numbers.pop()
        if tag in {"tr", "table"}:
            self._inside["tr"] = 0
        elif self._inside[tag]:
            self._inside[tag] -= 1

    def handle_data(self, data: str) -> None:
        """Take characters."""
        if self._inside["title"] and len(self.title) < _MOST_OPEN:
            self.title += data
        if self._skipping or self._inside["title"]:
            return
        self._words.add(raised(data, self._words.last()) if self._inside["sup"] else data)

    def end_line(self) -> None:
        """Give out the words so far as a line."""
        words = cleaned(self._words.take())
        if not words.strip("| "):
            return
        heading = any(self._inside[tag] for tag in _HEADINGS)
        begins = _ARTICLE.match(words) is not None
        role: Role = "article" if begins and (heading or self._article) else "heading" if heading else "text"
        self._lines.append(Line(f"{self._item}{words}", None, role))
        self._item, self._article = "", False

    def take(self) -> list[Line]:
        """Return the lines that are complete."""
        lines, self._lines = self._lines, []
        return lines


def _number(text: str, otherwise: int) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else otherwise  # noqa: PLR2004
