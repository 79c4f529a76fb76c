"""A packet as text, to read before it becomes a file."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from holdfire.language import ENGLISH, Language
from holdfire.packets.make import EXHIBIT_NAMED, NO_LAWYER
from holdfire.packets.packet import Block, Items, Packet, Paragraph, Quote, Rows, Title, with_texts
from holdfire.packets.people import Remover
from holdfire.packets.reading import FORM_WORDS

_WIDTH: Final = 76
_BLANK: Final = "_" * 34


def as_text(packet: Packet, remove: Remover, language: Language = ENGLISH) -> str:
    """Return the packet's words without the names that are taken out; of its exhibits the titles, kinds and SHA-256."""
    parts = [(packet.title, (Title(packet.title), *packet.cover, Paragraph(language.say(NO_LAWYER))))]
    parts += [(section.title, section.blocks) for section in packet.sections]
    texts = ["\n".join(_lines(tuple(with_texts(block, remove) for block in blocks))) for _, blocks in parts]
    if packet.exhibits:
        texts.append("\n".join(
            f"{language.say(EXHIBIT_NAMED, number=number, title=remove(one.title))}\n"
            f"    {language.say(FORM_WORDS[one.form])}, {one.size} bytes, {one.added}\n    SHA-256 {one.sha256}"
            for number, one in enumerate(packet.exhibits, 1)
        ))  # fmt: skip
    return f"\n\n{'-' * _WIDTH}\n\n".join(texts) + "\n"


def _lines(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Title):
            yield from ("", *_wrap(block.text.upper() if block.level == 1 else block.text))
        elif isinstance(block, Paragraph):
            yield from ("", *_wrap(block.text))
        elif isinstance(block, Rows):
            for label, value in block.rows:
                yield from _wrap(f"{label}: {_BLANK if value is None else value}", later="    ")
        elif isinstance(block, Quote):
            yield from _wrap(f"{block.label}:" if block.label else "")
            yield from _wrap(_BLANK if block.text is None else f"«{block.text}»", first="    ", later="    ")
        elif isinstance(block, Items):
            yield from _wrap(f"{block.label}:")
            for number, line in enumerate(block.lines, 1):
                yield from _wrap(line, first=f"{number:>3}. ", later="     ")


def _wrap(text: str, *, first: str = "", later: str = "") -> list[str]:
    lines: list[str] = []
    for line in text.split("\n"):
        lines += textwrap.wrap(
            line, _WIDTH, initial_indent=first if not lines else later, subsequent_indent=later
        ) or [""]
    return lines
