"""Pages of exhibits as pictures, drawn in a process of their own; this is the side of it that the packet asks."""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal, Self

from holdfire.documents.confinement import command, surroundings
from holdfire.errors import UserError
from holdfire.language import mark

#: Dots to an inch on paper; the place for a picture on A4 in points (1/72 inch): left, bottom, width, height.
DPI: Final = 150
PLACE: Final = (56.7, 65.0, 481.9, 700.0)
WIDTH: Final = round(PLACE[2] / 72 * DPI)
HEIGHT: Final = round(PLACE[3] / 72 * DPI)
#: Bytes of a file that is drawn: it lies in the memory of the drawing process.
MOST_BYTES: Final = 512 * 1024 * 1024
#: Seconds one answer may take.
PATIENCE: Final = 120.0

Reason = Literal["password", "broken", "large"]
REASONS: Final[dict[Reason, str]] = {
    "password": mark("This PDF is locked with a password, so that its pages cannot stand here."),
    "broken": mark("This file is damaged, so that its pages cannot stand here."),
    "large": mark("This file is too large to be drawn, so that its pages cannot stand here."),
}


class CannotDrawError(UserError):
    """A file, or a page of one, cannot be drawn; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(REASONS[reason], mark("Hand the original over separately."))


class Drawing:
    """One file in the drawing process. Use it as a context: its end is the end of the process.

    Args:
        content: The file, piece by piece.
        form: `pdf`, `jpeg` or `png`.
        size: Its bytes.
    """

    def __init__(self, content: Iterable[bytes], form: str, size: int) -> None:
        self._content, self._form, self._size = content, form, size
        self.pages = 0

    def __enter__(self) -> Self:
        """Start the process and give it the file; CannotDrawError when it cannot be read."""
        if self._size > MOST_BYTES:
            raise CannotDrawError("large")
        self._process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module, no word from outside
            command("holdfire.packets.drawing"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings(),
            close_fds=True,
            start_new_session=True,
        )
        try:
            self._give()
            self.pages = int(self._answer()[0]["pages"])
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                # What still waits to be sent goes nowhere; the first close says so, the second closes.
                for _again in range(2):
                    with contextlib.suppress(OSError):
                        stream.close()
        self._process.wait()

    def text(self, page: int) -> str:
        """Return the text of a page, counted from 0; CannotDrawError when it cannot be read."""
        text = self._ask({"ask": "text", "page": page})[1].decode("utf-8", "replace")
        # The library marks a word cut in two at a line's end with U+0002.
        return text.replace("\x02", "-").replace("\r\n", "\n").replace("-\n\n", "-\n")

    def picture(self, page: int) -> tuple[dict[str, Any], bytes]:
        """Return width, height and grey of a page's picture, and the picture as JPEG; CannotDrawError."""
        return self._ask({"ask": "picture", "page": page, "width": WIDTH, "height": HEIGHT})

    def _give(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._send(json.dumps({"form": self._form, "chunks": True}).encode() + b"\n")
            for piece in self._content:
                if piece:
                    self._send(len(piece).to_bytes(4, "big") + piece)
            self._send((0).to_bytes(4, "big"), flush=True)

    def _ask(self, question: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        with contextlib.suppress(BrokenPipeError):
            self._send(json.dumps(question).encode() + b"\n", flush=True)
        return self._answer()

    def _send(self, content: bytes, *, flush: bool = False) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(content)
            if flush:
                self._process.stdin.flush()

    def _answer(self) -> tuple[dict[str, Any], bytes]:
        """Return what the process says next; a process that died or hangs counts as a broken file."""
        stream = self._process.stdout
        if stream is None:
            raise CannotDrawError("broken")
        watch = threading.Timer(PATIENCE, self._process.kill)
        watch.start()
        try:
            about = json.loads(stream.readline() or b'{"fault": "broken"}')
            content = stream.read(about.get("size", 0))
        except ValueError:
            raise CannotDrawError("broken") from None
        finally:
            watch.cancel()
        if "fault" in about or len(content) != about["size"]:
            raise CannotDrawError("password" if about.get("fault") == "password" else "broken")
        return about, content


def placed(width: int, height: int) -> tuple[float, float, float, float]:
    """Return where a picture of so many pixels stands: as large as fits, never above DPI, at the top, in the middle."""
    scale = min(
        PLACE[2] / width, PLACE[3] / height, 72 / DPI * 1.0 if width < WIDTH and height < HEIGHT else 10
    )
    wide, high = width * scale, height * scale
    return PLACE[0] + (PLACE[2] - wide) / 2, PLACE[1] + PLACE[3] - high, wide, high


def texts(drawing: Drawing) -> Iterator[str | None]:
    """Yield the text of each page, None where a page cannot be read."""
    for page in range(drawing.pages):
        try:
            yield drawing.text(page)
        except CannotDrawError:
            yield None
