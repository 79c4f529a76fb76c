"""XML from an untrusted file, as events: no DOCTYPE, no entities of its own, bounded depth, nothing fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, Protocol
from xml.parsers import expat

from holdfire.documents.bounds import MOST_DEPTH, MOST_LINE
from holdfire.documents.document import Line, Note
from holdfire.documents.sayings import BROKEN_LATER, BROKEN_PART, DOCTYPE, LONG_PARAGRAPH, TOO_DEEP, refuse

_CHUNK: Final = 1 << 16


class Handler(Protocol):
    """What is told of the elements of a part. Names are without their namespace."""

    def start(self, name: str, attributes: dict[str, str], space: str) -> None:
        """An element of the namespace `space` begins."""

    def end(self, name: str, space: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Characters inside the innermost element."""

    def take(self) -> list[Line]:
        """Return the lines that are complete since it was last asked."""


def parse(  # noqa: C901 -- the handlers stand beside the parser they are for
    stream: BinaryIO,
    part: str,
    handler: Handler,
    notes: list[Note],
    step: Callable[[int], None] = lambda _: None,
    *,
    partly: bool = True,
) -> Iterator[Line]:
    """Feed an XML part to `handler`, and yield the lines it completes.

    Args:
        stream: The part's bytes.
        part: Its name, for sentences.
        handler: Told of each element.
        notes: Told where it breaks, when something was read before.
        step: Told how many bytes were read in all.
        partly: Whether what stands before a break is of use.

    Raises:
        UserError: It has a DOCTYPE, is nested too deep, or breaks before any line.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = _CHUNK
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH:
            refuse(TOO_DEEP, line=parser.CurrentLineNumber, part=part, most=MOST_DEPTH)
        space, _, local = name.rpartition(" ")
        handler.start(local, {key.rpartition(" ")[2]: value for key, value in attributes.items()}, space)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        space, _, local = name.rpartition(" ")
        handler.end(local, space)

    def no_doctype(*_: object) -> None:
        refuse(DOCTYPE, line=parser.CurrentLineNumber, part=part)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = no_doctype
    parser.EntityDeclHandler = no_doctype
    parser.ExternalEntityRefHandler = None
    some, done = False, 0
    while True:
        chunk = stream.read(_CHUNK)
        done += len(chunk)
        try:
            parser.Parse(chunk, not chunk)
        except expat.ExpatError as fault:
            if not partly:
                return
            ready = handler.take()
            if not (some or ready):
                refuse(BROKEN_PART, line=fault.lineno, part=part)
            yield from ready
            notes.append(Note(BROKEN_LATER, {"line": fault.lineno, "part": part}))
            return
        for line in handler.take():
            some = True
            yield line
        step(done)
        if not chunk:
            return


class Words:
    """The characters of one line as they come, with an end."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0

    def add(self, text: str) -> None:
        """Add characters; UserError when the line has no end."""
        self._pieces.append(text)
        self._length += len(text)
        if self._length > MOST_LINE:
            refuse(LONG_PARAGRAPH, most=MOST_LINE)

    def take(self) -> str:
        """Return the line so far, and begin the next."""
        text = "".join(self._pieces)
        self._pieces.clear()
        self._length = 0
        return text

    def last(self) -> str:
        """Return the last character, or nothing."""
        return self._pieces[-1][-1:] if self._pieces else ""


_RAISED: Final = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")


def raised(text: str, before: str) -> str:
    """Return a raised number as raised signs where it follows a digit: article 5¹ is not article 51."""
    return text.translate(_RAISED) if before.isdigit() else text
