"""`holdfire vault` from its making to its end, with the real cost of a passphrase: few unlocks, one vault for all.

The tests of one module run in order; those that change the vault work on their own copy.
"""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import termios
import time
from pathlib import Path

import pytest

from command_line import COMMAND, environment, is_refused, run

REAL = "seven slow herons over the reed"
OTHER = "а Кириллическая фраза ё"
WRONG = "forty dull magpies elsewhere"
NEW = "nine quick herons under a bridge"
SIZE = 64 * 1024 * 1024


@pytest.fixture(scope="session")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of passphrase files, one each."""
    folder = tmp_path_factory.mktemp("secrets")
    for name, phrase in {"real": REAL, "other": OTHER, "wrong": WRONG, "new": NEW}.items():
        (folder / name).write_text(f"{phrase}\n", "utf-8")
    return folder


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, secrets: Path) -> Path:
    """A vault with two compartments, made by the command."""
    vault = tmp_path_factory.mktemp("vault") / "notes"
    ran = run("vault", "create", "--vault", vault, "--size", "64M", "--json",
              "--passphrase-file", secrets / "real", "--passphrase-file", secrets / "other")  # fmt: skip
    assert ran.code == 0, ran.err
    assert ran.document() == {"bytes": SIZE}
    return vault


def tells_no_passphrase(text: str) -> None:
    for phrase in (REAL, OTHER, WRONG, NEW):
        assert phrase not in text
        assert phrase.split()[1] not in text


def test_a_new_vault_is_a_file_for_its_owner_alone(made: Path) -> None:
    assert made.stat().st_size == SIZE
    assert made.stat().st_mode & 0o777 == 0o600
    assert made.stat().st_blocks * 512 >= SIZE
    assert [path.name for path in made.parent.iterdir()] == ["notes"]


@pytest.mark.parametrize("name", ["real", "other"])
def test_check_reads_every_page_of_either_compartment(made: Path, secrets: Path, name: str) -> None:
    ran = run(
        "vault", "check", "--json", "--passphrase-file", secrets / name, env={"HOLDFIRE_VAULT": str(made)}
    )
    assert ran.code == 0, ran.err
    document = ran.document()
    assert isinstance(document, dict)
    assert set(document) == {"pages", "free", "items", "slots_ok", "used", "room"}
    assert document["pages"] > 0
    assert document["items"] == 0
    assert document["slots_ok"] is True
    assert 0 < document["used"] < document["room"] < SIZE / 4
    tells_no_passphrase(ran.out + ran.err)


def test_a_wrong_passphrase_opens_nothing_and_says_no_more(made: Path, secrets: Path) -> None:
    ran = run("vault", "check", "--vault", made, "--passphrase-file", secrets / "wrong")
    is_refused(ran, 1, "Nothing opened.", "Caps Lock")
    tells_no_passphrase(ran.err)


def test_the_option_goes_before_the_variable(made: Path, secrets: Path) -> None:
    ran = run("vault", "check", "--vault", made.parent / "none", "--passphrase-file", secrets / "real",
              env={"HOLDFIRE_VAULT": str(made)})  # fmt: skip
    is_refused(ran, 1, "There is no vault at")


def test_passwd_changes_what_opens(vault: Path, secrets: Path) -> None:
    changed = run("vault", "passwd", "--vault", vault, "--passphrase-file", secrets / "real",
                  "--new-passphrase-file", secrets / "new")  # fmt: skip
    assert changed.code == 0, changed.err
    assert "An old copy of the file still opens with the old one." in changed.out
    tells_no_passphrase(changed.out + changed.err)
    is_refused(
        run("vault", "check", "--vault", vault, "--passphrase-file", secrets / "real"), 1, "Nothing opened"
    )
    assert run("vault", "compact", "--vault", vault, "--passphrase-file", secrets / "new").code == 0


def test_backup_carries_what_was_opened_and_nothing_else(made: Path, secrets: Path, tmp_path: Path) -> None:
    out = tmp_path / "larger"
    ran = run("vault", "backup", "--vault", made, "--out", out, "--size", "80M", "--json",
              "--passphrase-file", secrets / "other")  # fmt: skip
    assert ran.code == 0, ran.err
    assert ran.document() == {"compartments": 1, "bytes": 80 * 1024 * 1024}
    is_refused(
        run("vault", "check", "--vault", out, "--passphrase-file", secrets / "real"), 1, "Nothing opened"
    )
    assert run("vault", "check", "--vault", out, "--passphrase-file", secrets / "other").code == 0
    is_refused(
        run("vault", "backup", "--vault", made, "--out", out, "--passphrase-file", secrets / "other"),
        1,
        "already a file",
    )


def test_shred_asks_then_ends_one_compartment_then_all(vault: Path, secrets: Path) -> None:
    before = vault.read_bytes()
    asked = run("vault", "shred", "--vault", vault, "--passphrase-file", secrets / "real", stdin=b"n\n")
    assert asked.code == 1
    assert "It cannot be undone" in asked.err
    assert vault.read_bytes() == before
    done = run("vault", "shred", "--vault", vault, "--passphrase-file", secrets / "real", "--yes", "--json")
    assert done.document() == {"shredded": True}
    is_refused(
        run("vault", "check", "--vault", vault, "--passphrase-file", secrets / "real"), 1, "Nothing opened"
    )
    assert run("vault", "check", "--vault", vault, "--passphrase-file", secrets / "other").code == 0
    assert run("vault", "shred", "--vault", vault, "--all", "--yes").code == 0
    is_refused(
        run("vault", "check", "--vault", vault, "--passphrase-file", secrets / "other"), 1, "Nothing opened"
    )
    assert vault.stat().st_size == SIZE


def test_an_altered_page_is_named_and_nothing_is_written(vault: Path, secrets: Path) -> None:
    whole = bytearray(vault.read_bytes())
    # One byte in the first page of each of the four regions: one of them is this compartment's.
    region = (SIZE - 36_864) // 4 // 4_096 * 4_096
    for number in range(4):
        whole[36_864 + number * region + 5_000] ^= 1
    vault.write_bytes(whole)
    is_refused(
        run("vault", "check", "--vault", vault, "--passphrase-file", secrets / "real"),
        1,
        "Part of this file was changed",
        "backup",
    )
    assert vault.read_bytes() == whole


def test_a_vault_that_is_open_is_refused(vault: Path, secrets: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    with vault.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        is_refused(
            run("vault", "check", "--vault", vault, "--passphrase-file", secrets / "real"),
            1,
            "open elsewhere",
        )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n", "empty"),
        (b"\xef\xbb\xbf\n", "empty"),
        (b"\xff\xfe\n", "not readable text"),
        (b"x" * 4097, "longer than 4096 bytes"),
    ],
)  # fmt: skip
def test_a_passphrase_file_that_does_not_do_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "phrase").write_bytes(content)
    is_refused(
        run("vault", "check", "--vault", tmp_path / "x", "--passphrase-file", tmp_path / "phrase"), 1, said
    )


def test_wrong_use_of_passphrase_files(tmp_path: Path, secrets: Path) -> None:
    real = ("--passphrase-file", secrets / "real")
    is_refused(run("vault", "check", "--vault", tmp_path / "x", *real, *real), 2, "once")
    is_refused(run("vault", "create", "--vault", tmp_path / "x", *real * 5), 2, "four compartments at most")
    is_refused(run("vault", "create", "--vault", tmp_path / "x", *real * 2), 1, "alike")
    is_refused(
        run("vault", "check", "--vault", tmp_path / "x", "--passphrase-file", tmp_path / "none"),
        2,
        "does not exist",
    )
    is_refused(
        run("vault", "check", "--vault", tmp_path / "x", "--passphrase-file", tmp_path), 2, "is a directory"
    )
    is_refused(run("vault", "check", "--vault", tmp_path, *real), 2, "is a directory")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--vault", "small", "--size", "63M"), "64"),
        (("--vault", "none/vault", "--size", "64M"), "does not exist"),
        (("--vault", "there", "--size", "64M"), "already a file"),
        (("--vault", "vast", "--size", "999999999T"), "too little room on this disk"),
    ],
)  # fmt: skip
def test_a_vault_that_cannot_be_made_leaves_nothing(
    tmp_path: Path, secrets: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "there").write_bytes(b"mine")
    is_refused(
        run("vault", "create", *arguments, "--passphrase-file", secrets / "real", cwd=tmp_path), 1, said
    )
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
    assert (tmp_path / "there").read_bytes() == b"mine"


@pytest.mark.parametrize("content", [b"", b"short", b"plain text\n" * 7_000_000])
def test_a_file_that_is_no_vault_is_refused_unchanged(tmp_path: Path, secrets: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    for words in (("check",), ("compact",), ("shred", "--yes"), ("shred", "--all", "--yes")):
        one = () if "--all" in words else ("--passphrase-file", secrets / "real")
        is_refused(run("vault", *words, "--vault", tmp_path / "file", *one), 1)
    assert (tmp_path / "file").read_bytes() == content


@pytest.mark.parametrize("ending", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_stopping_while_a_vault_is_made_leaves_no_file(tmp_path: Path, secrets: Path, ending: str) -> None:
    vault = tmp_path / "vault"
    # Large enough that it is still being written when it is stopped.
    making = subprocess.Popen(
        [*COMMAND, "vault", "create", "--vault", str(vault), "--size", "8G", "--passphrase-file", str(secrets / "real")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=environment(),
    )  # fmt: skip
    until = time.monotonic() + 60
    while (
        not (vault.exists() and vault.stat().st_size) and making.poll() is None and time.monotonic() < until
    ):
        time.sleep(0.01)
    making.send_signal(getattr(signal, ending))
    out, err = making.communicate(timeout=60)
    assert making.returncode == 1
    assert out == b""
    assert b"Traceback" not in err
    assert err.strip().endswith(b"Stopped.")
    assert list(tmp_path.iterdir()) == []


class Terminal:
    """A command on a terminal of its own, and somebody who reads and types."""

    def __init__(self, *arguments: object) -> None:
        self.ours, theirs = pty.openpty()
        self.shown = ""
        self.process = subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, env=environment(TERM="dumb"),
            preexec_fn=lambda: _take_terminal(theirs),  # noqa: PLW1509 -- no threads run here
        )  # fmt: skip
        os.close(theirs)

    def wait_for(self, words: str) -> None:
        """Read until `words` are shown once more."""
        start = len(self.shown)
        until = time.monotonic() + 60
        while words not in self.shown[start:]:
            assert time.monotonic() < until, self.shown
            if not select.select([self.ours], [], [], 1)[0]:
                continue
            try:
                piece = os.read(self.ours, 4096)
            except OSError:  # the other side has ended
                break
            self.shown += piece.decode()
        assert words in self.shown[start:], self.shown

    def type(self, words: str) -> None:
        """Type a line, once the terminal hides it."""
        until = time.monotonic() + 10
        while termios.tcgetattr(self.ours)[3] & termios.ECHO and time.monotonic() < until:
            time.sleep(0.01)
        assert not termios.tcgetattr(self.ours)[3] & termios.ECHO
        os.write(self.ours, f"{words}\n".encode())

    def end(self, pressing: bytes = b"") -> int:
        """Read to the end and return the exit code; press a key every three seconds, if there is one to press.

        Once can be too early: Python swallows a Ctrl-C that comes just while a prompt is shown.
        """
        code = None
        until = time.monotonic() + 60
        again = time.monotonic()
        while code is None or select.select([self.ours], [], [], 0)[0]:
            assert time.monotonic() < until, self.shown
            code = self.process.poll()
            if pressing and code is None and time.monotonic() >= again:
                os.write(self.ours, pressing)
                again = time.monotonic() + 3
            if select.select([self.ours], [], [], 0.2)[0]:
                try:
                    self.shown += os.read(self.ours, 4096).decode("utf-8", "replace")
                except OSError:
                    break
        code = self.process.wait(60)
        os.close(self.ours)
        return code


def _take_terminal(number: int) -> None:
    import fcntl  # noqa: PLC0415 -- not on every system

    fcntl.ioctl(number, termios.TIOCSCTTY, 0)


def test_a_passphrase_is_asked_on_the_terminal_and_never_shown(made: Path) -> None:
    terminal = Terminal("vault", "check", "--vault", made)
    terminal.wait_for("Passphrase: ")
    terminal.type(REAL)
    assert terminal.end() == 0
    assert "pages read, every one as it was written" in terminal.shown
    tells_no_passphrase(terminal.shown)


def test_a_new_passphrase_is_typed_twice(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    terminal = Terminal("vault", "create", "--vault", vault, "--size", "64M", "--compartments", "1")
    terminal.wait_for("Passphrase: ")
    assert "There is no reset." in terminal.shown
    terminal.type(NEW)
    terminal.wait_for("Repeat for confirmation: ")
    terminal.type(WRONG)
    terminal.wait_for("Passphrase: ")
    assert "do not match" in terminal.shown
    terminal.type(NEW)
    terminal.wait_for("Repeat for confirmation: ")
    terminal.type(NEW)
    assert terminal.end() == 0
    assert re.search(r"The vault is made\.", terminal.shown)
    assert vault.stat().st_size == SIZE
    tells_no_passphrase(terminal.shown)


def test_the_number_of_compartments_is_asked_with_no_answer_ready(tmp_path: Path) -> None:
    terminal = Terminal("vault", "create", "--vault", tmp_path / "vault", "--size", "64M")
    terminal.wait_for("How many compartments, 1 to 4: ")
    assert "[" not in terminal.shown.rpartition("How many")[2]
    assert terminal.end(pressing=b"\x03") == 1
    assert "Traceback" not in terminal.shown
    assert list(tmp_path.iterdir()) == []
