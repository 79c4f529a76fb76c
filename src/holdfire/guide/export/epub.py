"""The guide as a book in EPUB 3.3: stored without compression, so that it is the same on every machine."""

from __future__ import annotations

import io
import uuid
import zipfile
from html import escape
from typing import Final

from holdfire.guide.export.blocks import Chapter, Document, Heading, anchors
from holdfire.guide.export.markup import Address, blocks_markup, stylesheet
from holdfire.language import mark

#: The oldest time a ZIP archive can name (APPNOTE 4.4.6); it says nothing.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
#: Unix, an ordinary file that its owner may write and all may read (APPNOTE 4.4.15).
_MODE: Final = 0o100644 << 16
_UNIX: Final = 3

_CONTAINER: Final = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


def epub_file(document: Document) -> bytes:
    """Return the document as an EPUB with a table of contents and what it offers to readers' aids."""
    names = {
        anchor: f"{chapter.anchor}.xhtml" for chapter in document.chapters for anchor in anchors(chapter)
    }
    parts = [
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", _CONTAINER),
        ("book/package.opf", _package(document)),
        ("book/nav.xhtml", _navigation(document)),
        ("book/book.css", stylesheet("book.css")),
        *(
            (f"book/{chapter.anchor}.xhtml", _chapter(chapter, document, lambda to: f"{names[to]}#{to}"))
            for chapter in document.chapters
        ),
    ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts:
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.create_system = _UNIX
            entry.external_attr = _MODE
            archive.writestr(entry, text.encode())
    return out.getvalue()


def _package(document: Document) -> str:
    # A name-based identifier (RFC 9562, 5.5): from the content alone, so that it names no maker and no time.
    identifier = uuid.uuid5(uuid.NAMESPACE_URL, f"urn:sha256:{document.edition}").urn
    manifest = "\n".join(
        f'<item id="{escape(chapter.anchor)}" href="{escape(chapter.anchor)}.xhtml" media-type="application/xhtml+xml"/>'
        for chapter in document.chapters
    )
    spine = "\n".join(f'<itemref idref="{escape(chapter.anchor)}"/>' for chapter in document.chapters)
    summary = escape(mark("Text only, with headings, a table of contents and links inside the book."))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="edition" xml:lang="{escape(document.language)}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="edition">{identifier}</dc:identifier>
<dc:title>{escape(document.title)}</dc:title>
<dc:language>{escape(document.language)}</dc:language>
<meta property="dcterms:modified">{document.reviewed}T00:00:00Z</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">displayTransformability</meta>
<meta property="schema:accessibilityFeature">readingOrder</meta>
<meta property="schema:accessibilityFeature">structuralNavigation</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">{summary}</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="style" href="book.css" media-type="text/css"/>
{manifest}
</manifest>
<spine>
{spine}
</spine>
</package>
"""


def _navigation(document: Document) -> str:
    entries = []
    for chapter in document.chapters:
        inside = "".join(
            f'<li><a href="{escape(chapter.anchor)}.xhtml#{escape(block.anchor)}">{escape(block.text)}</a></li>\n'
            for block in chapter.blocks
            if isinstance(block, Heading) and block.anchor and chapter.anchor.startswith("heading-")
        )
        nested = f"\n<ol>\n{inside}</ol>\n" if inside else ""
        entries.append(
            f'<li><a href="{escape(chapter.anchor)}.xhtml">{escape(chapter.title)}</a>{nested}</li>\n'
        )
    title = escape(mark("Contents"))
    body = f'<nav epub:type="toc" id="toc">\n<h1>{title}</h1>\n<ol>\n{"".join(entries)}</ol>\n</nav>'
    return _xhtml(mark("Contents"), body, document)


def _chapter(chapter: Chapter, document: Document, address: Address) -> str:
    body = (
        f'<section id="{escape(chapter.anchor)}">\n<h1>{escape(chapter.title)}</h1>\n'
        f"{blocks_markup(chapter.blocks, address, 1)}\n</section>"
    )
    return _xhtml(chapter.title, body, document)


def _xhtml(title: str, body: str, document: Document) -> str:
    language = escape(document.language)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{language}" xml:lang="{language}">
<head>
<title>{escape(title)}</title>
<link rel="stylesheet" type="text/css" href="book.css"/>
</head>
<body>
{body}
</body>
</html>
"""
