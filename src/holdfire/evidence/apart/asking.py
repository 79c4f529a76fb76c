"""What this process asks of the one that makes copies; nothing that comes back is believed before it was read again.

A copy passes our own strict reader here, sentences are those of `sayings`, numbers are bounded, and a process that
dies, hangs or says anything else is one refusal.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
import subprocess
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from holdfire.documents.confinement import command, surroundings
from holdfire.evidence.copies.bounds import FILE_BYTES, Progress, untold
from holdfire.evidence.copies.form import Form
from holdfire.evidence.copies.refusals import CopyRefusedError, UncleanError, too_large
from holdfire.evidence.copies.sayings import HINTS, REFUSALS, STEPS, STOPPED
from holdfire.evidence.copies.spec import NO_SUCH_PAGE, OUTSIDE, Spec, SpecError
from holdfire.evidence.copies.strict.check import check
from holdfire.evidence.copies.view import Shown, Told, View
from holdfire.evidence.copies.working_copy import LEFT, Copy, Step, Trace

#: Seconds in which the process must come a step further: a page, a frame of a film, or the whole of anything else.
PATIENCE: Final = 180.0
_MOST_LINE: Final = 1 << 16
_MOST_MESSAGES: Final = 1_000_000
_MOST_NUMBER: Final = 1 << 40
_WORD: Final = re.compile(r"[A-Za-z0-9 .,:/©_-]{0,40}")
#: Beginning of a PDF whose text was kept: its strict reader stands on qpdf, so that it is read again apart, too.
_KEPT: Final = b"%PDF-1.7"


@dataclass(frozen=True)
class Wish:
    """What kind of copy is wanted.

    Attributes:
        spec: What to cover; None for a copy that is only cleaned.
        form: What to write; None for what the form of the file gives.
        keep_text: Keep the text of a PDF as text.
    """

    spec: Spec | None = None
    form: Form | None = None
    keep_text: bool = False


def copy_apart(
    pieces: Iterable[bytes], wish: Wish, progress: Progress = untold, patience: float = PATIENCE
) -> Copy:
    """Return a working copy that passed our strict reading.

    Args:
        pieces: The bytes of the file.
        wish: What is wanted.
        progress: Told twice a second how many pages or frames are done; what it raises ends the process.
        patience: Seconds for one step.

    Raises:
        CopyRefusedError: There is no copy: the file is not understood, damaged or costs too much; the process died or
            took too long; or what it made did not pass.
        SpecError: A box lies on no page, or outside of it.
    """
    asked = {
        "ask": "copy",
        "spec": dataclasses.asdict(wish.spec) if wish.spec else None,
        "form": wish.form or "",
        "keep_text": wish.keep_text,
    }
    about, data = _ask(asked, pieces, "copy", progress, patience)
    copy = _judged(about, data)
    if data.startswith(_KEPT) and copy.form is Form.PDF:
        clean, _ = _ask({"ask": "check"}, (data,), "clean", progress, patience)
        if clean is not True:
            raise UncleanError("PDF", "parts that are not known")
    else:
        check(data, copy.form)
    return copy


def show_apart(
    pieces: Iterable[bytes], view: View, progress: Progress = untold, patience: float = PATIENCE
) -> Shown:
    """Return a page, a frame or a moment of a file as a small JPEG that passed our strict reading.

    What `progress` raises ends the process.

    Raises:
        CopyRefusedError: Nothing can be shown of it.
    """
    about, jpeg = _ask({"ask": "show", "view": dataclasses.asdict(view)}, pieces, "shown", progress, patience)
    check(jpeg, Form.JPEG)
    try:
        width, height, count = map(_number, about)
    except (TypeError, ValueError):
        raise _stopped() from None
    if not (0 < width <= view.width and 0 < height <= view.height and count):
        raise _stopped()
    return Shown(jpeg, width, height, count)


def look_apart(pieces: Iterable[bytes], progress: Progress = untold, patience: float = PATIENCE) -> Told:
    """Return what a file tells before anything is done to it; what `progress` raises ends the process.

    Raises:
        CopyRefusedError: Its type is not understood, or it is damaged.
    """
    about, _ = _ask({"ask": "look"}, pieces, "told", progress, patience)
    try:
        form, traces = about
        return Told(Form(form), tuple(map(Trace, traces)))
    except (TypeError, ValueError):
        raise _stopped() from None


def _stopped() -> CopyRefusedError:
    return CopyRefusedError(STOPPED)


def _judged(about: Any, data: bytes) -> Copy:
    """Return the copy with values of the right kind; the refusal of a stopped process for anything else."""
    try:
        steps = tuple(_step(*one) for one in about["steps"])
        copy = Copy(data, Form(about["form"]), steps, tuple(map(Trace, about["found"])), tuple(about["left"]))
        known = set(copy.left) <= LEFT
    except (KeyError, TypeError, ValueError):
        raise _stopped() from None
    if not (known and copy.left and steps):
        raise _stopped()
    return copy


def _step(name: Any, sentence: Any, values: Any) -> Step:
    if (name, sentence) not in STEPS:
        raise ValueError
    step = Step(name, sentence, tuple((str(key), _value(value)) for key, value in values))
    step.said()
    return step


def _value(value: Any) -> str | int:
    if isinstance(value, str) and _WORD.fullmatch(value):
        return value
    return _number(value)


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value < _MOST_NUMBER:
        raise ValueError
    return value


def _ask(
    asked: dict[str, Any], pieces: Iterable[bytes], wanted: str, progress: Progress, patience: float
) -> tuple[Any, bytes]:
    """Return what the process answers under `wanted`, and the bytes that came with it.

    Raises:
        CopyRefusedError, SpecError: What the process says, or that it stopped.
    """
    with _started() as process:
        watch = _Watch(process, patience)
        try:
            _give(process, asked, pieces)
            for _ in range(_MOST_MESSAGES):
                message, content = _heard(process)
                if "step" in message:
                    done, total = map(_number, message["step"])
                    watch.came(done)
                    progress(done, total)
                elif wanted in message:
                    return message[wanted], content
                else:
                    raise _refusal(message)
            raise _stopped()
        except (KeyError, TypeError, ValueError, RecursionError):
            raise _stopped() from None
        finally:
            watch.end()
            process.kill()
            for pipe in (process.stdin, process.stdout):
                # What still waits to be sent goes nowhere; the first close says so, the second closes.
                for _again in range(2):
                    with contextlib.suppress(OSError):
                        if pipe:
                            pipe.close()


def _started() -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 -- our own interpreter and module, no word from outside
            command("holdfire.evidence.apart.child"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings(),
            close_fds=True,
            start_new_session=True,
        )
    except OSError:
        raise _stopped() from None


class _Watch:
    """Ends a process that comes no step further in time."""

    def __init__(self, process: subprocess.Popen[bytes], patience: float) -> None:
        self._process, self._patience, self._done = process, patience, 0
        self._timer = self._new()

    def _new(self) -> threading.Timer:
        timer = threading.Timer(self._patience, self._process.kill)
        timer.daemon = True
        timer.start()
        return timer

    def came(self, done: int) -> None:
        """Begin to wait anew where it came further."""
        if done > self._done:
            self._done = done
            self._timer.cancel()
            self._timer = self._new()

    def end(self) -> None:
        """Wait no more."""
        self._timer.cancel()


def _give(process: subprocess.Popen[bytes], asked: dict[str, Any], pieces: Iterable[bytes]) -> None:
    if process.stdin is None:
        raise _stopped()
    sent = 0
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        for piece in pieces:
            sent += len(piece)
            if sent > FILE_BYTES:
                raise too_large("bytes", FILE_BYTES)
            if piece:
                process.stdin.write(len(piece).to_bytes(4, "big") + piece)
        process.stdin.write(bytes(4))
        process.stdin.flush()


def _heard(process: subprocess.Popen[bytes]) -> tuple[dict[str, Any], bytes]:
    """Return one message and its bytes; ValueError when it is none."""
    if process.stdout is None:
        raise _stopped()
    message = json.loads(process.stdout.readline(_MOST_LINE))
    size = _number(message.pop("size"))
    if size > FILE_BYTES:
        raise too_large("bytes", FILE_BYTES)
    content = process.stdout.read(size)
    if len(content) != size:
        raise ValueError
    return message, content


def _refusal(message: dict[str, Any]) -> CopyRefusedError | SpecError:
    """Return the refusal that the process named, if it is one of ours; ValueError otherwise."""
    if "spec" in message:
        line, rule, numbers = message["spec"]
        if rule in {NO_SUCH_PAGE, OUTSIDE}:
            return SpecError(_number(line), rule, **{str(key): _number(one) for key, one in numbers.items()})
        raise ValueError
    sentence, hint, values = message["refused"]
    if sentence not in REFUSALS or hint not in HINTS:
        raise ValueError
    return CopyRefusedError(sentence, hint, **{str(key): _value(value) for key, value in values.items()})
