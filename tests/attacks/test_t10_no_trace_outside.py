"""Threat 10. An adversary who searches the computer, but has no vault file or cannot open it, could find traces beside it:
temporary files, journals, logs, settings, a list of recent files. After any use of a vault there must be no new or changed
file anywhere a program may write, but the vault and what its owner asked for by name.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

EVERYTHING = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path

written = []
def see(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        if isinstance(path, (str, bytes, os.PathLike)) and (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            written.append(os.path.abspath(os.fsdecode(path)))
    elif event in ("tempfile.mkstemp", "tempfile.mkdtemp", "os.mkdir", "os.rename", "os.symlink", "os.link"):
        written.append(f"{event} {arguments}")
sys.dont_write_bytecode = True
sys.addaudithook(see)

from holdfire.errors import HoldfireError
from holdfire.sealing.passphrase import TEST
from holdfire.vault.backup import backup
from holdfire.vault.check import check
from holdfire.vault.passwd import change_passphrase
from holdfire.vault.records import Kind
from holdfire.vault.shred import compact, shred
from holdfire.vault.vault import Vault

now = datetime(2026, 3, 1, tzinfo=UTC)
kind = Kind("note", 1, encode=lambda v: v, decode=lambda v: v, words=lambda v: v)
path = Path(sys.argv[1])
Vault.create(path, ["one passphrase", "two passphrases"], 64 << 20, profile=TEST)
try:
    Vault.open(path, "wrong", profile=TEST)
except HoldfireError:
    pass
vault = Vault.open(path, "one passphrase", profile=TEST)
ids = [vault.records.add(kind, f"note {n} " * 4000, now).id for n in range(30)]
vault.records.save(kind, ids[0], "changed " * 20000, now)
vault.records.search("note", kind)
vault.connection.execute("SELECT value, random() AS r FROM records ORDER BY r, value").fetchall()
item = vault.blobs.add((b"x" * 1_000_000 for _ in range(6)), now)
vault.blobs.read(item.id)
vault.records.delete(kind, ids[1])
try:
    vault.blobs.add((b"x" * 1_000_000 for _ in range(60)), now)
except HoldfireError:
    pass
check(vault)
vault.blobs.shred(item.id)
compact(vault)
vault.lock()
change_passphrase(path, "one passphrase", "three passphrases", profile=TEST)
backup(path, ["three passphrases"], path.with_name("copy"), profile=TEST)
shred(path, "two passphrases", profile=TEST)
around = Vault.in_memory()
around.records.add(kind, "looking around " * 100000, now)
around.lock()
allowed = {os.path.abspath(path), os.path.abspath(path.with_name("copy"))}
print("\\n".join(sorted(set(written) - allowed)))
"""


@pytest.fixture
def places(tmp_path: Path) -> dict[str, Path]:
    found = {name: tmp_path / name for name in ("home", "tmp", "work", "vault")}
    for place in found.values():
        place.mkdir()
    return found


def test_nothing_is_written_but_the_vault_and_its_backup(places: dict[str, Path]) -> None:
    elsewhere = {name: str(places["tmp"]) for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR")}
    homes = {
        name: str(places["home"])
        for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    }
    done = subprocess.run(
        [sys.executable, "-c", EVERYTHING, str(places["vault"] / "file")],
        check=False, capture_output=True, text=True, timeout=120, cwd=places["work"],
        env={**elsewhere, **homes, "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
    assert done.stderr == ""
    new = {
        name: sorted(str(one.relative_to(place)) for one in place.rglob("*"))
        for name, place in places.items()
    }
    assert new == {"home": [], "tmp": [], "work": [], "vault": ["copy", "file"]}


UPLOAD = """
import os, sys
from pathlib import Path

written = []
def see(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        if isinstance(path, (str, bytes, os.PathLike)) and (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            written.append(os.path.abspath(os.fsdecode(path)))
    elif event in ("tempfile.mkstemp", "tempfile.mkdtemp", "os.mkdir", "os.rename", "os.symlink", "os.link"):
        written.append(f"{event} {arguments}")
sys.dont_write_bytecode = True
sys.addaudithook(see)

from holdfire.sealing.passphrase import TEST
from holdfire.vault.vault import Vault
from simulators.feeding import Feeding, begun_file, field, file, send
from simulators.served import Served

path, piece = Path(sys.argv[1]), b"made at the gate" * 65_536
Vault.create(path, ["one passphrase"], 64 << 20, profile=TEST)
with Served() as served:
    served.come_in()
    served.post("/open", path=str(path), phrase="one passphrase")
    status, where, _ = send(served, "/evidence/add", field("title", "Gate"), file(piece * 8, "gate.bin"), file(piece, "two.bin"))
    assert where == "/evidence/kept?number=1&number=2", (status, where)
    assert served.ask("GET", "/evidence/1/file").status == 200
    with Feeding(served, "/evidence/add", 1 << 30) as browser:  # and one that goes away
        browser.send(begun_file("gone.bin"), *[piece] * 6)
    served.post("/lock")
assert piece[:64] not in path.read_bytes()
print("\\n".join(sorted(set(written) - {os.path.abspath(path)})))
"""


def test_a_file_that_comes_through_a_page_is_written_nowhere_but_sealed_into_the_vault(
    places: dict[str, Path],
) -> None:
    elsewhere = {name: str(places["tmp"]) for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR")}
    done = subprocess.run(
        [sys.executable, "-c", UPLOAD, str(places["vault"] / "file")],
        check=False, capture_output=True, text=True, timeout=120, cwd=places["work"],
        env={**elsewhere, "HOME": str(places["home"]), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(TESTS)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.split() if not line.startswith("/dev/")] == []
    new = {
        name: sorted(str(one.relative_to(place)) for one in place.rglob("*"))
        for name, place in places.items()
    }
    assert new == {"home": [], "tmp": [], "work": [], "vault": ["file"]}
