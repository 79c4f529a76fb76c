"""Copies made apart are the copies made here; whoever makes them can open nothing, and is believed nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import originals
from holdfire.documents.confinement import surroundings
from holdfire.errors import UserError
from holdfire.evidence.apart import asking
from holdfire.evidence.apart.asking import Wish, copy_apart, look_apart, show_apart
from holdfire.evidence.copies.form import Form
from holdfire.evidence.copies.redact import redact
from holdfire.evidence.copies.refusals import CopyRefusedError, UncleanError
from holdfire.evidence.copies.scrub import scrub
from holdfire.evidence.copies.spec import Box, SpecError, parse_spec
from holdfire.evidence.copies.strict.check import check
from holdfire.evidence.copies.view import View
from holdfire.evidence.copies.working_copy import KEPT_TEXT


def pieces(data: bytes) -> list[bytes]:
    return [data[at : at + 10_000] for at in range(0, len(data), 10_000)]


@pytest.mark.parametrize("form", Form)
def test_a_copy_made_apart_is_the_copy_made_here(form: Form) -> None:
    original = originals.rich(form)
    copy, here = copy_apart(pieces(original), Wish()), scrub(original)
    if form in {Form.DOCX, Form.ODT}:  # typst numbers nothing by chance, but fonts are chosen here, too
        assert copy.form is here.form
    else:
        assert copy == here


def test_the_text_of_a_paper_is_kept_apart_too() -> None:
    original = originals.rich(Form.PDF)
    copy = copy_apart(pieces(original), Wish(keep_text=True))
    assert copy == scrub(original, keep_text=True)


@pytest.mark.parametrize("form", sorted(set(Form) - {Form.MP3}))
def test_what_is_covered_apart_is_what_is_covered_here(form: Form) -> None:
    original, spec = originals.rich(form), parse_spec("10%,10%,30%,30%")
    copy = copy_apart(pieces(original), Wish(spec))
    check(copy.data, copy.form)
    here = redact(original, spec)
    assert (copy.form, copy.steps, copy.left) == (here.form, here.steps, here.left)
    if form not in {Form.DOCX, Form.ODT}:
        assert copy.data == here.data


def test_voices_are_silenced_apart() -> None:
    copy = copy_apart(pieces(originals.rich(Form.MP3)), Wish(parse_spec("sound 0:01-0:02")))
    assert "silenced" in {step.name for step in copy.steps}


@pytest.mark.parametrize("form", sorted(set(Form) - {Form.MP3}))
def test_a_page_or_a_moment_is_shown(form: Form) -> None:
    view = View(width=100, moment=1000, boxes=(Box(0, 0, 50, 50, parts=True),), corner=(75.0, 75.0))
    shown = show_apart(pieces(originals.rich(form)), view)
    assert shown.width <= 100
    assert shown.count >= 1


def test_what_a_file_tells_is_said_before_anything_is_done() -> None:
    original = originals.rich(Form.JPEG)
    told = look_apart(pieces(original))
    assert told.form is Form.JPEG
    assert told.traces == scrub(original).found


def test_refusals_come_across() -> None:
    with pytest.raises(CopyRefusedError, match="cannot clean this type"):
        copy_apart([b"nothing that is known here"], Wish())
    with pytest.raises(CopyRefusedError, match="damaged"):
        copy_apart([originals.rich(Form.PNG)[:300]], Wish())
    with pytest.raises(SpecError, match="there are 1 pages"):
        copy_apart(pieces(originals.rich(Form.JPEG)), Wish(parse_spec("page 7: 1,1,2,2")))
    with pytest.raises(CopyRefusedError, match="no PNG"):
        copy_apart(pieces(originals.rich(Form.MP4)), Wish(form=Form.PNG))


# What follows starts another module of ours in the place of the one that makes copies: it answers as a broken one might.


def answering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Have a child that reads everything and then runs `code`, in which `say` writes a line and bytes."""
    (tmp_path / "broken.py").write_text(
        "import json, sys, time\n"
        "sys.stdin.buffer.readline()\n"
        "while size := int.from_bytes(sys.stdin.buffer.read(4), 'big'):\n"
        "    sys.stdin.buffer.read(size)\n"
        "def say(message, data=b''):\n"
        "    sys.stdout.buffer.write(json.dumps({**message, 'size': len(data)}).encode() + b'\\n' + data)\n"
        "    sys.stdout.buffer.flush()\n" + code
    )
    monkeypatch.setattr(asking, "command", lambda _: [sys.executable, str(tmp_path / "broken.py")])


ABOUT: dict[str, Any] = {
    "form": "jpg",
    "steps": [["orientation", "turned upright", []]],
    "found": [],
    "left": [],
}


@pytest.mark.parametrize(
    "code",
    [
        "",
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "sys.stdout.write('no JSON')",
        "say({'copy': 5})",
        "say({'refused': ['Type your phrase into this field: {field}', '', {}]})",
        "say({'refused': ['From {found} no {target} is made.', '', {'found': 'x' * 1000, 'target': ''}]})",
        "say({'step': [1, 10 ** 30]})",
        "sys.stdout.write('{\"size\": 99999999999999999}\\n')",
        'sys.stdout.write(\'{"copy": {}, "size": 1000}\\n\')',
        "sys.stdout.write('[' * 60000 + '\\n')",
        f"say({{'copy': {ABOUT | {'steps': [['orientation', 'All is well, share it.', []]]}!r}}})",
        f"say({{'copy': {ABOUT | {'left': ['Nothing can be told from it.']}!r}}})",
        f"say({{'copy': {ABOUT!r}}})",
        f"say({{'copy': {ABOUT | {'steps': []}!r}}})",
    ],
)
def test_a_process_that_says_anything_else_makes_no_copy(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(tmp_path, monkeypatch, code)
    with pytest.raises(CopyRefusedError, match=r"stopped|more than"):
        copy_apart([b"a file"], Wish())


def test_a_copy_that_is_not_clean_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dirty.jpg").write_bytes(originals.rich(Form.JPEG))
    about = ABOUT | {"left": [KEPT_TEXT]}
    answering(
        tmp_path,
        monkeypatch,
        f"say({{'copy': {about!r}}}, open({str(tmp_path / 'dirty.jpg')!r}, 'rb').read())",
    )
    with pytest.raises(UncleanError):
        copy_apart([b"a file"], Wish())


def test_a_process_that_gets_nowhere_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(tmp_path, monkeypatch, "while True: say({'step': [0, 9]}); time.sleep(0.05)")
    with pytest.raises(CopyRefusedError, match="stopped"):
        copy_apart([b"a file"], Wish(), patience=0.5)


def test_whoever_waits_can_stop_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(tmp_path, monkeypatch, "while True: say({'step': [0, 9]}); time.sleep(0.05)")

    def stop(_done: int, _total: int) -> None:
        raise StoppedHereError("stopped")

    with pytest.raises(StoppedHereError):
        copy_apart([b"a file"], Wish(), stop)


class StoppedHereError(UserError):
    """The person left."""


@pytest.mark.skipif(sys.platform != "linux", reason="the strictest bounds are Linux's")
@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/hostname')",
        "socket.socket()",
        "os.rename('/tmp', '/tmp2')",
        "subprocess.run(['true'])",
        "bytearray(64 << 30)",
    ],
)
def test_the_process_can_open_nothing(attempt: str) -> None:
    code = (
        "import os, socket, subprocess\n"
        "from holdfire.documents.confinement import confine\n"
        "from holdfire.evidence.apart import child\n"
        "from holdfire.evidence.copies.form import Form\n"
        "child.load(Form.JPEG, {'ask': 'copy'})\n"
        "confine(child._COPIES + child._ADDRESSES)\n"
        f"try:\n    {attempt}\nexcept (OSError, MemoryError):\n    os._exit(7)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, env=surroundings()).returncode == 7
