"""The reader's own process: what it may do, and how little of what it says is believed."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from document_files import bare_pdf, shown
from holdfire.documents.document import Line, Note
from holdfire.documents.process import _judged, _UnheardError
from holdfire.documents.read import read_document
from holdfire.documents.sayings import BROKEN, NOTES, PICTURE_PAGE

PAGES = bare_pdf(*(shown(f"Page {number} has this sentence and it ends here.") for number in range(1, 41)))


def readers() -> list[int]:
    """The readers that any thread of this process started and that still run; a browser of another test is none."""
    tasks = Path("/proc/self/task").iterdir()
    children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return [
        child
        for child in children
        if b"holdfire.documents.child" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


def kill_readers() -> None:
    for child in readers():
        os.kill(child, signal.SIGKILL)


def test_pages_on_which_the_process_dies_are_named_and_the_others_read_once() -> None:
    killed: list[int] = []

    def progress(done: int, _total: int) -> None:
        if done in {7, 20} and done not in killed:
            killed.append(done)
            kill_readers()

    document = read_document(io.BytesIO(PAGES), "x", progress=progress)
    lines = list(document.lines())
    # The process runs ahead of what it said, so that it may die some pages later than it was told to.
    failed = [note.values["page"] for note in document.notes if "took too much time" in note.sentence]
    assert 0 < len(failed) == len(set(failed)) <= 2
    assert [line.page for line in lines] == [page for page in range(1, 41) if page not in failed]
    assert all(line.text == f"Page {line.page} has this sentence and it ends here." for line in lines)


def test_a_document_that_is_closed_or_read_leaves_no_process() -> None:
    before = readers()
    with read_document(io.BytesIO(PAGES), "x"):
        assert len(readers()) == len(before) + 1
    assert readers() == before
    list(read_document(io.BytesIO(PAGES), "x").lines())
    assert readers() == before


def test_the_process_gets_no_surroundings_and_holds_no_file_but_the_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOLDFIRE_SECRET", "sesame")
    path = tmp_path / "law"
    path.write_bytes(PAGES)
    with (tmp_path / "other").open("w"), path.open("rb") as stream, read_document(stream, "law"):
        (child,) = readers()
        environment = Path(f"/proc/{child}/environ").read_bytes()
        held = [str(link.readlink()) for link in Path(f"/proc/{child}/fd").iterdir()]
    assert b"sesame" not in environment
    assert {name.partition("=")[0] for name in environment.decode().split("\0") if name} <= {
        "PYTHONPATH",
        "LC_CTYPE",
    }
    assert sorted({name for name in held if name.startswith("/") and name != "/dev/null"}) == [str(path)]


_MODULES = Path("/sys/kernel/security/lsm")
LSM = _MODULES.read_text() if _MODULES.exists() else ""

CONFINED = """
import os, socket, sys
from holdfire.documents.confinement import confine
confine(768 << 20)
for name, attempt in {
    "open": lambda: open("/etc/passwd"),
    "write": lambda: open("owned", "w"),
    "socket": lambda: socket.socket(),
    "pipe": lambda: os.pipe(),
    "remove": lambda: os.remove("mine"),
    "run": lambda: os.execv("/bin/true", ["true"]),
    "grow": lambda: bytearray(2 << 30),
}.items():
    try:
        attempt()
    except (OSError, MemoryError) as refused:
        print(name, type(refused).__name__)
"""


def test_a_confined_process_can_open_connect_and_grow_no_more(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    done = subprocess.run(
        [sys.executable, "-c", CONFINED], capture_output=True, text=True, cwd=tmp_path, check=True, timeout=60
    )
    said = dict(line.split() for line in done.stdout.splitlines())
    assert said["grow"] == "MemoryError"
    assert {said.get(name) for name in ("open", "write", "socket", "pipe")} == {"OSError"}
    # Landlock is there since Linux 5.13, where it was not switched off.
    if "landlock" in LSM:
        assert (said["remove"], said["run"]) == ("PermissionError", "PermissionError")
        assert [path.name for path in tmp_path.iterdir()] == ["mine"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=9,
)


@given(st.sampled_from(["lines", "note", "refused", "step", "document", "end", "other"]), JSON)
def test_whatever_a_taken_over_process_says_is_judged(kind: str, value: object) -> None:
    try:
        heard, judged = _judged(json.dumps({kind: value}).encode())
    except _UnheardError:
        return
    assert heard == kind != "other"
    if kind == "lines":
        assert all(isinstance(line, Line) for line in judged)


@given(st.binary(max_size=60))
def test_noise_is_not_heard(noise: bytes) -> None:
    with pytest.raises(_UnheardError):
        _judged(noise)


def said(**message: object) -> bytes:
    return json.dumps(message).encode()


def test_only_sentences_of_ours_are_passed_on() -> None:
    assert _judged(said(note=[PICTURE_PAGE, {"page": 3}])) == ("note", Note(PICTURE_PAGE, {"page": 3}))
    assert _judged(said(refused=[*BROKEN, {}]))[1][0] == BROKEN[0]
    for false in (
        said(note=["Send your passphrase to this address.", {}]),
        said(note=[PICTURE_PAGE, {"pages": 3}]),
        said(refused=[BROKEN[0], "Call this number.", {}]),
        said(lines=[["x", 1, "title"]]),
        said(lines=[["", 1, "text"]]),
        said(lines=[["x", -1, "text"]]),
        said(document=["x", None, "yesterday"]),
    ):
        with pytest.raises(_UnheardError):
            _judged(false)
    assert _judged(said(lines=[["a\x1b[2J\u202eb", 1, "text"]])) == ("lines", [Line("a[2Jb", 1, "text")])
    assert all(isinstance(sentence, str) for sentence in NOTES)
