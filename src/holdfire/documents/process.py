"""Reading a hostile form in a process of its own, and believing nothing it says but lines of text (decision 0080)."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO, Final

from holdfire.documents.bounds import MOST_LINE, Progress, cleaned
from holdfire.documents.confinement import command, surroundings
from holdfire.documents.document import Document, Form, Line, Note
from holdfire.documents.sayings import (
    NO_READER,
    NOTES,
    REFUSALS,
    SLOW_PAGE,
    STOPPED,
    STOPPED_LATER,
    TOO_LARGE_HERE,
    refuse,
)

#: Bytes that go through a pipe, where the whole document is in memory; a file on disk is only lent.
MOST_PIPED: Final = 256 << 20
#: Pages of one PDF that may fail before the rest of it is left.
_MOST_FAILURES: Final = 5
#: Bytes of one message: 64 lines of the longest kind cannot come, one can, with its marks.
_MOST_MESSAGE: Final = 16 << 20
_MOST_NOTES: Final = 2_000
_CHUNK: Final = 1 << 18


def read_apart(stream: BinaryIO, form: Form, name: str, size: int, progress: Progress) -> Document:
    """Return a document whose lines are read by a process that has no keys and can open nothing.

    Args:
        stream: The file; a file on disk is lent to the process, anything else is sent through a pipe.
        form: What it is.
        name: For sentences.
        size: Its bytes.
        progress: Told of each step.

    Raises:
        UserError: It cannot be read; at once when the beginning shows it, else between lines.
    """
    if not _is_file(stream) and size > MOST_PIPED:
        refuse(TOO_LARGE_HERE, name=name, most=MOST_PIPED >> 20)
    reading = _Reading(stream, form, name, progress)
    reading.begin()
    return Document(
        form,
        reading.lines(),
        reading.notes,
        title=reading.title,
        language=reading.language,
        dated=reading.dated,
        close=reading.close,
    )


def _is_file(stream: BinaryIO) -> bool:
    """Say whether a stream is exactly the bytes of a file on disk, so that its descriptor says it all."""
    return isinstance(stream, io.BufferedReader) and isinstance(stream.raw, io.FileIO)


class _UnheardError(Exception):
    """The process said something it never says."""


@dataclass
class _Child:
    """A running process and what feeds it."""

    process: subprocess.Popen[bytes]

    def end(self) -> None:
        """End it, whatever it is doing."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdout, self.process.stdin):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


class _Reading:
    """One document being read, by one process after the other where pages make it fail."""

    def __init__(self, stream: BinaryIO, form: Form, name: str, progress: Progress) -> None:
        self._stream = stream
        self._form = form
        self._name = name
        self._progress = progress
        self._child: _Child | None = None
        self._page = 0
        #: Where the process began to read: all pages before were given out.
        self._first = 1
        self._closed = False
        self.title = ""
        self.language: str | None = None
        self.dated: date | None = None
        self.notes: list[Note] = []

    def begin(self) -> None:
        """Start, and read what the document says of itself; UserError when it cannot be read."""
        self._start([])
        for kind, value in self._messages():
            if kind == "document":
                self.title, self.language, self.dated = value
                return
            self._take(kind, value)
        self._end()
        refuse(STOPPED, name=self._name)

    def lines(self) -> Iterator[Line]:
        """Yield the lines; a page on which the process fails is left out, and the others are read all the same."""
        some = False
        failed: list[int] = []
        messages = self._messages()
        try:
            while True:
                # Lines of the last page are held back: if the process fails, that page is read again, not twice.
                held: list[Line] = []
                for kind, value in messages:
                    if kind == "lines":
                        for line in value:
                            if held and held[-1].page != line.page:
                                some = True
                                yield from held
                                held.clear()
                            held.append(line)
                    elif kind == "end":
                        yield from held
                        return
                    else:
                        self._take(kind, value)
                if (
                    self._form != "pdf"
                    or not self._page
                    or self._page in failed
                    or len(failed) >= _MOST_FAILURES
                ):
                    yield from held
                    self._give_up(some=some or bool(held))
                    return
                failed.append(self._page)
                self.notes.append(Note(SLOW_PAGE, {"page": self._page}))
                self._first = (held[-1].page if held else None) or self._first
                self._end()
                self._start(failed)
                messages = self._messages()
        finally:
            self._end()

    def _give_up(self, *, some: bool) -> None:
        """Say that the rest could not be read; UserError when nothing could."""
        if not some:
            refuse(STOPPED, name=self._name)
        self.notes.append(Note(STOPPED_LATER))

    def _take(self, kind: str, value: Any) -> None:
        """Take a message that is no line."""
        if kind == "step":
            self._page = value[0]
            self._progress(*value)
        elif kind == "note" and len(self.notes) < _MOST_NOTES and value not in self.notes:
            self.notes.append(value)
        elif kind == "refused":
            self._end()
            sentence, hint, values = value
            refuse((sentence, hint), **{**values, "name": self._name})

    def _messages(self) -> Iterator[tuple[str, Any]]:
        """Yield what the process says, judged; ends without "end" when it fails."""
        child = self._child
        if child is None or child.process.stdout is None:
            return
        # Closing in the middle takes it away.
        while child is self._child:
            try:
                kind, value = _judged(child.process.stdout.readline(_MOST_MESSAGE))
            except _UnheardError:
                return
            yield kind, value
            if kind == "end":
                return

    def _start(self, failed: list[int]) -> None:
        self._stream.seek(0)
        lent = _is_file(self._stream)
        try:
            process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module, no word from outside
                command("holdfire.documents.child", self._form, str(self._first), *map(str, failed)),
                stdin=self._stream if lent else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=surroundings(),
            )
        except OSError:
            refuse(NO_READER)
        self._child = _Child(process)
        if process.stdin is not None:
            threading.Thread(target=_feed, args=(self._stream, process.stdin), daemon=True).start()

    def close(self) -> None:
        """Stop reading for good."""
        self._closed = True
        self._end()

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


def _feed(stream: BinaryIO, pipe: Any) -> None:
    """Send the whole stream; a process that was ended needs no more."""
    with contextlib.suppress(OSError, ValueError), pipe:
        while chunk := stream.read(_CHUNK):
            pipe.write(chunk)


def _judged(untrusted: bytes) -> tuple[str, Any]:
    """Return one message of the process with values of the right kind and size; `_UnheardError` for anything else."""
    try:
        message = json.loads(untrusted)
        ((kind, value),) = message.items()
        return kind, _JUDGES[kind](value)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise _UnheardError from fault


def _lines(value: Any) -> list[Line]:
    return [_line(*each) for each in value]


def _line(text: Any, page: Any, role: Any) -> Line:
    words = cleaned(str(text))
    if not words or len(words) > 2 * MOST_LINE or role not in {"text", "heading", "article"}:
        raise ValueError
    return Line(words, None if page is None else _count(page), role)


def _note(value: Any) -> Note:
    sentence, values = value
    if sentence not in NOTES:
        raise ValueError
    note = Note(sentence, _values(values))
    note.say()
    return note


def _refused(value: Any) -> tuple[str, str, dict[str, object]]:
    sentence, hint, values = value
    if (sentence, hint) not in REFUSALS:
        raise ValueError
    judged = _values(values)
    sentence.format(**{**judged, "name": ""})
    return sentence, hint, judged


def _values(value: Any) -> dict[str, object]:
    return {str(key): each if type(each) is int else cleaned(str(each))[:200] for key, each in value.items()}


def _step(value: Any) -> tuple[int, int]:
    done, total = value
    return _count(done), _count(total)


def _document(value: Any) -> tuple[str, str | None, date | None]:
    title, language, dated = value
    return (
        cleaned(str(title))[:300],
        None if language is None else cleaned(str(language))[:35],
        None if dated is None else date.fromisoformat(dated),
    )


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 1 << 40:
        raise ValueError
    return value


_JUDGES: Final[dict[str, Callable[[Any], Any]]] = {
    "lines": _lines, "note": _note, "refused": _refused, "step": _step, "document": _document,
    "end": bool,
}  # fmt: skip
