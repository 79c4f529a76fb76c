"""Documents made for tests: sound ones by public tools, hostile ones by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

import docx
import typst

from holdfire.documents.document import Document, Line
from holdfire.documents.read import read_document

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MAGIC_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


def read(content: bytes, name: str = "a file") -> tuple[Document, list[Line]]:
    """Read a document to its end; the lines, and the document with its notes."""
    document = read_document(io.BytesIO(content), name)
    return document, list(document.lines())


def words(content: bytes) -> list[str]:
    """The texts of a document's lines."""
    return [line.text for line in read(content)[1]]


def notes(content: bytes) -> list[str]:
    """What the reader says of a document at its end."""
    return [note.say() for note in read(content)[0].notes]


def pdf(source: str) -> bytes:
    """A PDF set by typst."""
    made = typst.compile(source.encode(), format="pdf", ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


def bare_pdf(*pages: bytes, trailer: bytes = b"", resources: bytes = b"") -> bytes:
    """A PDF by hand: each page's drawing as it is given, in Helvetica."""
    count = len(pages)
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(count))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for number, drawing in enumerate(pages):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>%s>>/Contents %d 0 R>>"
            % (resources, 5 + 2 * number)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(drawing), drawing))
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def shown(*lines: str, top: int = 800, size: int = 11, step: int = 14) -> bytes:
    """The drawing of lines of text below each other."""
    return b"".join(
        b"BT /F %d Tf 70 %d Td (%s) Tj ET\n" % (size, top - step * number, line.encode("cp1252"))
        for number, line in enumerate(lines)
    )


#: Asks for a password nobody has; the check fails before anything is deciphered.
LOCKED = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(%s)/U(%s)>>/ID[(a)(a)]" % (b"o" * 32, b"u" * 32)


def word(*paragraphs: str) -> bytes:
    """A DOCX by python-docx."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document)


def saved(document: docx.document.Document) -> bytes:
    """The bytes of a python-docx document."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def archive(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip with these parts, packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as opened:
        for name, content in parts:
            opened.writestr(name, content)
    return out.getvalue()


def bare_word(body: str, head: str = "", parts: Iterable[tuple[str, bytes]] = ()) -> bytes:
    """A DOCX of which only the text is there."""
    text = f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return archive([("word/document.xml", text.encode()), *parts])


def akn(body: str, meta: str = "", head: str = "") -> bytes:
    """An Akoma Ntoso act."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}'
        f'<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act><meta>{meta}</meta><body>{body}</body></act></akomaNtoso>'
    ).encode()
