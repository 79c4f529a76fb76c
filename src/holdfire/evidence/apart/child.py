"""The process that makes copies: decoders in C meet hostile files here, apart from the open vault.

Started by `asking` as `python -m holdfire.evidence.apart.child`. It reads one line of wishes from its standard input,
then the file in pieces; it gives up files, sockets, programs and most memory; and it answers with lines of JSON, one of
which may be followed by the bytes that it announces. Twice a second it says how far it is, so that whoever waits can
stop waiting.
"""

from __future__ import annotations

import io
import json
import os
import sys
import threading
from typing import Any, BinaryIO, Final

from holdfire.documents.confinement import confine
from holdfire.documents.encoding import load_encodings
from holdfire.errors import UserError
from holdfire.evidence.copies.form import FILMS, OFFICE, PICTURES, Form, find_form
from holdfire.evidence.copies.refusals import UncleanError, damaged
from holdfire.evidence.copies.sayings import NEEDS_MEMORY, UNCHANGED
from holdfire.evidence.copies.spec import Box, Span, Spec, SpecError
from holdfire.evidence.copies.view import View

#: Bytes of addresses beside the file: libraries and threads take one thousand million before any work, the largest
#: picture with its copies another two.
_ADDRESSES: Final = 4 << 30
#: Copies of the file that may stand in memory at once: as it came, rebuilt, decoded packet by packet, packed, rebuilt.
_COPIES: Final = 6
_BEAT: Final = 0.5


class Answers:
    """Standard output as lines of JSON, from two threads."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._lock = threading.Lock()
        self._done = (0, 0)
        self._ended = threading.Event()

    def say(self, message: dict[str, Any], content: bytes = b"") -> None:
        """Write one line, and the bytes that it announces."""
        with self._lock:
            self._out.write(json.dumps({**message, "size": len(content)}).encode() + b"\n")
            self._out.write(content)
            self._out.flush()

    def step(self, done: int, total: int) -> None:
        """Take note of how far the work is."""
        self._done = (done, total)

    def beat(self) -> None:
        """Say how far it is, again and again, until the end."""
        while not self._ended.wait(_BEAT):
            self.say({"step": self._done})

    def end(self) -> None:
        """Beat no more."""
        self._ended.set()


def main() -> None:
    """Answer one question."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    answers = Answers(out)
    asked = json.loads(sys.stdin.buffer.readline())
    data = _content(sys.stdin.buffer)
    load(find_form(data), asked)
    confine(_COPIES * len(data) + _ADDRESSES)
    threading.Thread(target=answers.beat, daemon=True).start()
    try:
        message, content = _QUESTIONS[asked["ask"]](data, asked, answers)
    except SpecError as fault:
        message, content = {"spec": [fault.line, fault.rule, fault.numbers]}, b""
    except UserError as fault:
        message, content = {"refused": [fault.sentence, fault.hint, fault.values]}, b""
    except MemoryError:
        message, content = {"refused": [NEEDS_MEMORY, UNCHANGED, {}]}, b""
    except Exception:  # noqa: BLE001 - whatever it is, the file did it, and a file can say nothing here
        message, content = {"refused": [damaged().sentence, UNCHANGED, {}]}, b""
    answers.end()
    answers.say(message, content)
    # Ending without the libraries' own clearing away: a file may have broken that, too.
    os._exit(0)


def _content(stream: BinaryIO) -> bytes:
    parts = []
    while size := int.from_bytes(stream.read(4), "big"):
        parts.append(stream.read(size))
    return b"".join(parts)


def _copy(data: bytes, asked: dict[str, Any], answers: Answers) -> tuple[dict[str, Any], bytes]:
    form = Form(asked["form"]) if asked["form"] else None
    if asked["spec"]:
        from holdfire.evidence.copies.redact import redact  # noqa: PLC0415 - loaded before, where it is wanted

        copy = redact(data, _spec(asked["spec"]), form, answers.step)
    else:
        from holdfire.evidence.copies.scrub import scrub  # noqa: PLC0415

        copy = scrub(data, form, keep_text=asked["keep_text"], progress=answers.step)
    steps = [[step.name, step.sentence, list(step.values)] for step in copy.steps]
    about = {"form": copy.form, "steps": steps, "found": copy.found, "left": copy.left}
    return {"copy": about}, copy.data


def _show(data: bytes, asked: dict[str, Any], _: Answers) -> tuple[dict[str, Any], bytes]:
    from holdfire.evidence.copies.show import show  # noqa: PLC0415

    values = {**asked["view"], "boxes": _boxes(asked["view"]["boxes"])}
    shown = show(data, View(**values))
    return {"shown": [shown.width, shown.height, shown.count]}, shown.jpeg


def _look(data: bytes, _asked: dict[str, Any], _: Answers) -> tuple[dict[str, Any], bytes]:
    from holdfire.evidence.copies.show import look  # noqa: PLC0415

    told = look(data)
    return {"told": [told.form, told.traces]}, b""


def _check(data: bytes, _asked: dict[str, Any], _: Answers) -> tuple[dict[str, Any], bytes]:
    from holdfire.evidence.copies.strict.check import check  # noqa: PLC0415

    try:
        check(data, Form.PDF)
    except UncleanError:
        return {"clean": False}, b""
    return {"clean": True}, b""


_QUESTIONS: Final = {"copy": _copy, "show": _show, "look": _look, "check": _check}


def _spec(asked: dict[str, Any]) -> Spec:
    silences = tuple(Span(**span) for span in asked["silences"])
    return Spec(_boxes(asked["boxes"]), silences, asked["colour"])


def _boxes(asked: list[dict[str, Any]]) -> tuple[Box, ...]:
    return tuple(Box(**{**one, "span": Span(**one["span"]) if one["span"] else None}) for one in asked)


def load(form: Form | None, asked: dict[str, Any]) -> None:
    """Load what the libraries would load later, by making a tiny copy: once confined, nothing can be opened."""
    from holdfire.evidence.copies import redact, scrub, show  # noqa: F401, PLC0415

    load_encodings()
    if form is None:
        return
    if form in PICTURES or asked["ask"] == "show":
        _load_pictures(form, asked.get("form") or "")
    if form is Form.PDF or form in OFFICE:
        _load_papers(form, keep_text=bool(asked.get("keep_text")) or asked["ask"] == "check")
    if form in FILMS or form is Form.MP3:
        _load_films(wanted=asked["ask"] == "show" or bool(asked.get("spec")))


def _load_pictures(form: Form, target: str) -> None:
    from PIL import Image, ImageCms  # noqa: PLC0415

    from holdfire.evidence.copies import pictures  # noqa: PLC0415
    from holdfire.evidence.copies.scrub import WRITTEN_AS  # noqa: PLC0415

    Image.init()
    profile = ImageCms.createProfile("sRGB")
    tiny = pictures.Picture((Image.new("RGB", (16, 16)), Image.new("RGB", (16, 16))), (10, 10))
    still = pictures.Picture(tiny.frames[:1])
    pictures.cover(still, [(0, (1, 1, 2, 2))], "black")
    written = {Form.JPEG, WRITTEN_AS[form] if form in PICTURES else Form.JPEG, Form(target or Form.JPEG)}
    for one in written:
        moving = one in {Form.PNG, Form.GIF, Form.WEBP, Form.TIFF}
        pictures.open_picture(pictures.write_picture(tiny if moving else still, one), one, 6)
    out = io.BytesIO()
    still.frames[0].save(out, "JPEG", icc_profile=ImageCms.ImageCmsProfile(profile).tobytes())
    pictures.open_picture(out.getvalue(), Form.JPEG, 1)
    ImageCms.profileToProfile(still.frames[0], profile, profile, outputMode="RGB")
    if form is Form.JXL:
        import pillow_jxl  # noqa: F401, PLC0415

        out = io.BytesIO()
        still.frames[0].save(out, "JXL")
        pictures.open_picture(out.getvalue(), Form.JXL, 1)
    if form is Form.HEIC:
        import pi_heif  # noqa: F401, PLC0415


def _load_papers(form: Form, *, keep_text: bool) -> None:
    from holdfire.evidence.copies import paper  # noqa: PLC0415

    blank = io.BytesIO()
    from PIL import Image  # noqa: PLC0415

    Image.new("RGB", (16, 16)).save(blank, "JPEG")
    tiny = paper.bind([paper.DrawnPage(blank.getvalue(), 16, 16)])
    paper.draw_pages(tiny, (Box(1, 1, 2, 2),))
    if keep_text or form in OFFICE:
        from holdfire.evidence.copies import kept_text  # noqa: PLC0415
        from holdfire.evidence.copies.strict.check import check  # noqa: PLC0415

        check(kept_text.rebuild(tiny), Form.PDF)
    if form in OFFICE:
        from holdfire.evidence.copies.office import load as load_setting  # noqa: PLC0415

        load_setting()


def _load_films(*, wanted: bool) -> None:
    from holdfire.evidence.copies import covering, film, sound  # noqa: F401, PLC0415

    if wanted:
        covering.load()


if __name__ == "__main__":
    main()
