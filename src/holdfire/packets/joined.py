"""One PDF/A-2b file written from front to back: pages come in, bytes go out, and only addresses stay in memory.

The sections that typst set are taken apart object by object; pictures are written as they are drawn. The metadata, the output
intent, the bookmarks and the identifier are written here, once: no author, no program, no time. The file keeps to PDF 1.4's
signs (a plain cross-reference table, no object streams), which PDF/A-2 allows and every reader knows.

Source: ISO 19005-2:2011 (PDF/A-2), 6.1 file structure, 6.2 graphics, 6.6 metadata; ISO 32000-1:2008, 7.5.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from xml.sax.saxutils import escape

import pikepdf

#: Any four bytes above 127: the file is not taken for text (6.1.2).
_HEADER: Final = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
_XMP: Final = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">'
    "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>"
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt>'
    '<rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title></rdf:Description>'
    '</rdf:RDF></x:xmpmeta>\n<?xpacket end="r"?>'
)


@dataclass(frozen=True)
class Picture:
    """A page or a photograph as JPEG, and where it stands: points from the lower left corner."""

    jpeg: bytes
    width: int
    height: int
    grey: bool
    place: tuple[float, float, float, float]


@dataclass
class _Mark:
    """A bookmark, the page it leads to, and those below it."""

    title: str
    page: int
    below: list[_Mark]


class Joined:
    """A PDF in the making. What was written waits until `taken` gives it out.

    Args:
        title: In the metadata.
        language: Code of the language of the packet's own words.
    """

    def __init__(self, title: str, language: str) -> None:
        self._title, self._language = title, language
        self._waiting: list[bytes] = []
        self._hash = hashlib.sha256()
        self._at = 0
        self._places: list[int] = [0]
        self._front: list[int] = []
        self._pages: list[int] = []
        self._marks: list[_Mark] = []
        self._same: dict[bytes, int] = {}
        self._profile = 0
        self._put(_HEADER)
        self._tree = self._number()

    @property
    def pages(self) -> int:
        """How many pages stand in it."""
        return len(self._front) + len(self._pages)

    def taken(self) -> Iterator[bytes]:
        """Give out what was written since the last time."""
        waiting, self._waiting = self._waiting, []
        yield from waiting

    def add(
        self, section: bytes, pictures: Iterable[Picture | None] = (), *, front: bool = False
    ) -> list[int]:
        """Add the pages of a PDF that typst set; return their object numbers.

        Args:
            section: The PDF.
            pictures: For each page in order the picture that lies under it; may be shorter than the pages.
            front: Whether they stand before all pages that are not.
        """
        drawn = iter(pictures)
        numbers: list[int] = []
        with pikepdf.open(io.BytesIO(section)) as pdf:
            known: dict[tuple[int, int], int] = {}
            if not self._profile:
                self._profile = self._copy(pdf.Root.OutputIntents[0].DestOutputProfile, known)
            numbers += [self._page(page.obj, known, next(drawn, None)) for page in pdf.pages]
        (self._front if front else self._pages).extend(numbers)
        return numbers

    def bookmark(self, title: str, page: int, *, below: bool = False) -> None:
        """Add a bookmark to a page's object number; `below` puts it under the last one at the top."""
        mark = _Mark(title, page, [])
        (self._marks[-1].below if below and self._marks else self._marks).append(mark)

    def first_bookmark(self, title: str, page: int) -> None:
        """Add a bookmark before all others."""
        self._marks.insert(0, _Mark(title, page, []))

    def finish(self) -> None:
        """Write the page tree, the bookmarks, the metadata, the table of addresses."""
        kids = b" ".join(b"%d 0 R" % page for page in (*self._front, *self._pages))
        self._object(self._tree, b"<</Type/Pages/Count %d/Kids[%s]>>" % (self.pages, kids))
        xmp = _XMP.format(title=escape(self._title)).encode()
        metadata = self._stream(b"/Type/Metadata/Subtype/XML", xmp)
        outlines = self._outlines()
        root = self._number()
        self._object(
            root,
            b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/Lang %s/PageMode/UseOutlines/Outlines %d 0 R"
            b"/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB)"
            b"/DestOutputProfile %d 0 R>>]>>"
            % (self._tree, metadata, _string(self._language), outlines, self._profile),
        )
        start = self._at
        count = len(self._places)
        table = [b"xref\n0 %d\n0000000000 65535 f \n" % count]
        table += [b"%010d 00000 n \n" % place for place in self._places[1:]]
        self._put(b"".join(table))
        # Of the content alone: the same packet has the same identifier.
        name = self._hash.hexdigest()[:32].encode()
        self._put(
            b"trailer\n<</Size %d/Root %d 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n"
            % (count, root, name, name, start)
        )

    def _page(self, page: pikepdf.Object, known: dict[tuple[int, int], int], picture: Picture | None) -> int:
        resources = page.Resources
        entries = {key: self._value(resources[key], known) for key in sorted(resources.keys())}
        contents = self._value(page.Contents, known)
        if picture is not None:
            left, bottom, width, height = picture.place
            space = b"/DeviceGray" if picture.grey else b"/DeviceRGB"
            image = self._stream(
                b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/Filter/DCTDecode/ColorSpace%s"
                % (picture.width, picture.height, space),
                picture.jpeg,
            )
            under = self._stream(
                b"", b"q %.2f 0 0 %.2f %.2f %.2f cm /Drawn Do Q" % (width, height, left, bottom)
            )
            entries["/XObject"] = b"<</Drawn %d 0 R>>" % image
            contents = b"[%d 0 R %s]" % (under, contents)
        body = b"".join(key.encode() + b" " + value for key, value in entries.items())
        number = self._number()
        box = b" ".join(_figure(one) for one in page.MediaBox)
        self._object(
            number,
            b"<</Type/Page/Parent %d 0 R/MediaBox[%s]/Resources<<%s>>/Contents %s>>"
            % (self._tree, box, body, contents),
        )
        return number

    def _copy(self, thing: pikepdf.Object, known: dict[tuple[int, int], int]) -> int:
        """Write an object of a section, and all it refers to, once; return its number here."""
        if thing.objgen in known:
            return known[thing.objgen]
        if not isinstance(thing, pikepdf.Stream):
            number = known[thing.objgen] = self._number()
            self._object(number, self._value(thing, known, indirect=False))
            return number
        entries = thing.stream_dict
        about = b"".join(
            key.encode() + b" " + self._value(entries[key], known)
            for key in sorted(entries.keys())
            if key != "/Length"
        )
        known[thing.objgen] = self._stream(about, thing.read_raw_bytes())
        return known[thing.objgen]

    def _value(self, value: Any, known: dict[tuple[int, int], int], *, indirect: bool = True) -> bytes:
        if isinstance(value, bool):
            return b"true" if value else b"false"
        if isinstance(value, (int, float, Decimal)):
            return _figure(value)
        if indirect and value.is_indirect:
            return b"%d 0 R" % self._copy(value, known)
        if isinstance(value, pikepdf.Dictionary):
            inside = (key.encode() + b" " + self._value(value[key], known) for key in sorted(value.keys()))
            return b"<<" + b"".join(inside) + b">>"
        if isinstance(value, pikepdf.Array):
            return b"[" + b" ".join(self._value(one, known) for one in value) + b"]"
        written: bytes = value.unparse()
        return written

    def _outlines(self) -> int:
        top = self._number()
        first, last = self._below(self._marks, top)
        self._object(
            top, b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (first, last, len(self._marks))
        )
        return top

    def _below(self, marks: list[_Mark], parent: int) -> tuple[int, int]:
        numbers = [self._number() for _ in marks]
        for index, mark in enumerate(marks):
            body = b"/Title %s/Parent %d 0 R/Dest[%d 0 R/Fit]" % (_string(mark.title), parent, mark.page)
            if index:
                body += b"/Prev %d 0 R" % numbers[index - 1]
            if index + 1 < len(marks):
                body += b"/Next %d 0 R" % numbers[index + 1]
            if mark.below:
                # A negative count: closed until somebody opens it.
                first, last = self._below(mark.below, numbers[index])
                body += b"/First %d 0 R/Last %d 0 R/Count %d" % (first, last, -len(mark.below))
            self._object(numbers[index], b"<<" + body + b">>")
        return numbers[0], numbers[-1]

    def _stream(self, about: bytes, content: bytes) -> int:
        same = hashlib.sha256(about + b"\0" + content).digest()
        if same not in self._same:
            number = self._same[same] = self._number()
            self._object(number, b"<<%s/Length %d>>\nstream\n%s\nendstream" % (about, len(content), content))
        return self._same[same]

    def _object(self, number: int, body: bytes) -> None:
        self._places[number] = self._at
        self._put(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def _number(self) -> int:
        self._places.append(0)
        return len(self._places) - 1

    def _put(self, content: bytes) -> None:
        self._hash.update(content)
        self._at += len(content)
        self._waiting.append(content)


def _string(text: str) -> bytes:
    """Return a text as PDF writes one: UTF-16 with its mark, in hexadecimal digits."""
    return b"<FEFF" + text.encode("utf-16-be", "replace").hex().upper().encode() + b">"


def _figure(number: Any) -> bytes:
    """Return a number as PDF writes one, never with an exponent."""
    return f"{Decimal(number):f}".encode()
