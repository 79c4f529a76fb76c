"""Blocks as markup that is HTML and XHTML at once: the web page and the book share it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from importlib.resources import files

from holdfire.guide.export.blocks import (
    Block,
    Heading,
    Items,
    Line,
    Link,
    Mark,
    Notes,
    Panel,
    Paragraph,
    Span,
    Table,
)

#: Gives the address of an anchor: `#id` in one file, `file#id` in a book.
Address = Callable[[str], str]


def stylesheet(name: str) -> str:
    """Return the stylesheet `name` of this package."""
    return files("holdfire.guide.export").joinpath(name).read_text("utf-8")


def blocks_markup(blocks: tuple[Block, ...], address: Address, level: int) -> str:
    """Return the markup of blocks.

    Args:
        blocks: What to show.
        address: How an anchor is reached from here.
        level: The level of the chapter's own title, 1 or 2; titles inside count from there.
    """
    return "\n".join(_block(block, address, level) for block in blocks)


def _block(block: Block, address: Address, level: int) -> str:
    match block:
        case Heading():
            tag = f"h{block.level + level - 1}"
            anchor = f' id="{escape(block.anchor)}"' if block.anchor else ""
            return f"<{tag}{anchor}>{escape(block.text)}</{tag}>"
        case Paragraph():
            kind = "" if block.kind == "plain" else f' class="{block.kind}"'
            return f"<p{kind}>{_line(block.line, address)}</p>"
        case Items():
            tag = "ol" if block.kind == "steps" else "ul"
            kind = ' class="contents"' if block.kind == "contents" else ""
            items = "".join(f"<li>{_line(line, address)}</li>\n" for line in block.lines)
            return f"<{tag}{kind}>\n{items}</{tag}>"
        case Table():
            return _table(block)
        case Notes():
            entries = "".join(
                f'<li id="{escape(entry.anchor)}"><span class="label">{escape(entry.label)}</span> '
                f"{'<br/>'.join(_line(line, address) for line in entry.lines)}</li>\n"
                for entry in block.entries
            )
            return f'<ul class="notes">\n{entries}</ul>'
        case Panel():
            inside = blocks_markup(block.blocks, address, level)
            return f'<div class="{block.kind}">\n{inside}\n</div>'


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' if cell else "<td></td>" for cell in table.head)
    rows = []
    for row in table.rows:
        cells = "".join(
            f'<td data-head="{escape(name)}">{escape(cell)}</td>'
            for name, cell in zip(table.head[1:], row[1:], strict=True)
        )
        rows.append(f'<tr><th scope="row">{escape(row[0])}</th>{cells}</tr>\n')
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody>\n</table>"


def _line(line: Line, address: Address) -> str:
    return "".join(_span(span, address) for span in line)


def _span(span: Span, address: Address) -> str:
    text = escape(span.text)
    match span:
        case Link():
            return f'<a href="{escape(address(span.to))}">{text}</a>'
        case Mark():
            return f'<a class="mark" href="{escape(address(span.to))}">{text}</a>'
        case _:
            return {
                "plain": text,
                "strong": f"<strong>{text}</strong>",
                "soft": f'<span class="soft">{text}</span>',
                "place": f'<span class="place">{text}</span>',
                "code": f"<code>{text}</code>",
            }[span.kind]
