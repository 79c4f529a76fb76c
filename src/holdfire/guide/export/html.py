"""The guide as one web page: its style inside it, no script, nothing loaded from anywhere."""

from __future__ import annotations

from html import escape

from holdfire.guide.export.blocks import Document
from holdfire.guide.export.markup import blocks_markup, stylesheet
from holdfire.language import mark

#: The page forbids itself everything but its own style, should a copy have been added to.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"


def html_file(document: Document) -> bytes:
    """Return the document as one HTML file in UTF-8."""
    chapters = "\n".join(
        f'<section id="{escape(chapter.anchor)}" class="chapter">\n<h2>{escape(chapter.title)}</h2>\n'
        f"{blocks_markup(chapter.blocks, lambda anchor: f'#{anchor}', 2)}\n"
        f'<p class="back"><a href="#contents">{escape(mark("Contents"))}</a></p>\n</section>'
        for chapter in document.chapters
    )
    first = document.chapters[0].anchor
    page = f"""<!DOCTYPE html>
<html lang="{escape(document.language)}">
<head>
<meta charset="utf-8">
<title>{escape(document.title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<style>
{stylesheet("reader.css")}</style>
</head>
<body>
<a class="skip" href="#{escape(first)}">{escape(mark("To the text"))}</a>
<header>
<h1>{escape(document.title)}</h1>
</header>
<main>
{chapters}
</main>
</body>
</html>
"""
    return page.encode()
