"""A letter as plain values: what the PDF's template reads, and what `--json` prints."""

from __future__ import annotations

from typing import Any

from holdfire.letters.letter import Block, Facts, Items, Letter, Paragraph, Side


def plain_letter(letter: Letter) -> dict[str, Any]:
    """Return the letter as JSON can hold it."""
    return {"kind": letter.kind, "sides": [_side(side) for side in letter.sides]}


def _side(side: Side) -> dict[str, Any]:
    return {
        "language": side.language,
        "right_to_left": side.right_to_left,
        "caption": side.caption,
        "title": side.title,
        "blocks": [_block(block) for block in side.blocks],
        "foot": side.foot,
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"block": "paragraph", "id": block.id, "text": block.text, "own": block.own}
    if isinstance(block, Facts):
        rows = [{"label": label, "value": value} for label, value in block.rows]
        return {"block": block.kind, "id": block.id, "title": block.title, "rows": rows}
    if isinstance(block, Items):
        return {
            "block": "items",
            "id": block.id,
            "label": block.label,
            "lines": list(block.lines),
            "blanks": block.blanks,
        }
    return {"block": "quote", "id": block.id, "label": block.label, "text": block.text}
