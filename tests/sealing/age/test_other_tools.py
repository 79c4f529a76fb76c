"""Other makers open what we seal, and we open what they seal, for each kind of recipient that they know.

The age tool of Debian 12 and pyrage know X25519 and scrypt. Post-quantum files come from typage (tests/vectors/age-typage); that
typage opened ours was tried by hand when these vectors were made. Here an independent reader, written from the drafts, opens them.
"""

from __future__ import annotations

import hashlib
import os
import pty
import shutil
import subprocess
import threading
from io import BytesIO
from pathlib import Path

import pyrage
import pytest

from holdfire.sealing.age import base64, header
from holdfire.sealing.age.armour import armour
from holdfire.sealing.age.file import seal, unseal
from holdfire.sealing.age.hybrid import HybridIdentity
from holdfire.sealing.age.keys import identities, recipient
from holdfire.sealing.age.scrypt import Passphrase
from holdfire.sealing.age.x25519 import X25519Identity
from sealing.age import independent_hybrid

TYPAGE = Path(__file__).parents[2] / "vectors" / "age-typage"
WORD = "seven quiet herons"
TEXT = bytes(range(256)) * 700
SIZES = [0, 1, 65_536, len(TEXT)]


def sealed(size: int, *people: X25519Identity | HybridIdentity | Passphrase, text: bool = False) -> bytes:
    to = [one if isinstance(one, Passphrase) else one.recipient() for one in people]
    pieces = seal([TEXT[:size]], to)
    return b"".join(armour(pieces) if text else pieces)


@pytest.fixture
def age() -> str:
    found = shutil.which("age")
    if found is None:
        pytest.skip("age is not installed")
    return found


def with_terminal(command: list[str], answers: bytes, given: bytes) -> bytes:
    """Run a command that asks for its passphrase on the terminal."""
    ours, theirs = pty.openpty()

    def answer() -> None:
        for line in answers.splitlines(keepends=True):
            asked = b""
            while not asked.rstrip().endswith(b":"):
                asked += os.read(ours, 1_000)
            os.write(ours, line)

    terminal = os.ttyname(theirs)
    talk = threading.Thread(target=answer, daemon=True)
    talk.start()
    process = subprocess.Popen(
        ["setsid", "--wait", "sh", "-c", f'exec 3<>{terminal}; exec "$@"', "sh", *command],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        output, said = process.communicate(given, timeout=60)
    finally:
        os.close(theirs)
        os.close(ours)
    assert process.returncode == 0, said
    return output


@pytest.mark.parametrize("text", [False, True], ids=["binary", "armoured"])
@pytest.mark.parametrize("size", SIZES)
def test_the_age_tool_opens_what_is_sealed_to_its_key(
    age: str,
    tmp_path: Path,
    size: int,
    text: bool,  # noqa: FBT001
) -> None:
    person, other = X25519Identity.new(), X25519Identity.new()
    key = tmp_path / "key.txt"
    key.write_text(person.secret_text(), "ascii")
    file = sealed(size, other, person, text=text)
    done = subprocess.run([age, "-d", "-i", key], input=file, capture_output=True, check=True)
    assert done.stdout == TEXT[:size]


@pytest.mark.parametrize("options", [[], ["-a"]], ids=["binary", "armoured"])
@pytest.mark.parametrize("size", SIZES)
def test_what_the_age_tool_seals_to_a_key_opens(age: str, size: int, options: list[str]) -> None:
    person, other = X25519Identity.new(), X25519Identity.new()
    command = [age, *options, "-r", str(other.recipient()), "-r", str(person.recipient())]
    file = subprocess.run(command, input=TEXT[:size], capture_output=True, check=True).stdout
    assert b"".join(unseal([file], [person])) == TEXT[:size]


def test_a_key_file_of_age_keygen_is_read(age: str, tmp_path: Path) -> None:
    subprocess.run(["age-keygen", "-o", tmp_path / "key.txt"], capture_output=True, check=True)
    text = (tmp_path / "key.txt").read_text("ascii")
    (person,) = identities(text)
    assert isinstance(person, X25519Identity)
    assert f"# public key: {person.recipient()}\n" in text
    done = subprocess.run(["age-keygen", "-y", tmp_path / "key.txt"], capture_output=True, check=True)
    assert str(recipient(done.stdout.decode("ascii"))) == str(person.recipient())


def test_the_age_tool_and_we_open_each_others_passphrases(age: str) -> None:
    word = WORD.encode() + b"\n"
    theirs = with_terminal([age, "-p"], word * 2, TEXT)
    assert b"".join(unseal([theirs], [Passphrase(WORD)])) == TEXT
    assert with_terminal([age, "-d"], word, sealed(len(TEXT), Passphrase(WORD, work_factor=10))) == TEXT


@pytest.mark.parametrize("text", [False, True], ids=["binary", "armoured"])
@pytest.mark.parametrize("size", SIZES)
def test_pyrage_and_we_open_each_others_files(size: int, text: bool) -> None:  # noqa: FBT001
    person, other = X25519Identity.new(), X25519Identity.new()
    key = pyrage.x25519.Identity.from_str(person.secret_text())
    assert pyrage.decrypt(sealed(size, other, person, text=text), [key]) == TEXT[:size]
    theirs = BytesIO()
    pyrage.encrypt_io(BytesIO(TEXT[:size]), theirs, [key.to_public()], armored=text)
    assert b"".join(unseal([theirs.getvalue()], [person])) == TEXT[:size]


def test_pyrage_and_we_open_each_others_passphrases() -> None:
    assert pyrage.passphrase.decrypt(sealed(len(TEXT), Passphrase(WORD, work_factor=10)), WORD) == TEXT
    assert b"".join(unseal([pyrage.passphrase.encrypt(TEXT, WORD)], [Passphrase(WORD)])) == TEXT


@pytest.mark.parametrize("name", ["theirs.age", "theirs-armoured.age"])
def test_what_typage_seals_to_a_post_quantum_key_opens(name: str) -> None:
    people = identities((TYPAGE / "key.txt").read_text("ascii"))
    assert b"".join(unseal([(TYPAGE / name).read_bytes()], people)) == b"What was sealed elsewhere.\n"


def test_an_independent_reader_opens_what_is_sealed_to_a_post_quantum_key() -> None:
    seed = hashlib.sha256(b"a seed").digest()
    person = HybridIdentity(seed)
    found, _ = header.read([sealed(100, HybridIdentity.new(), person)])
    share, body = base64.decode(found.stanzas[1].arguments[1].encode()), found.stanzas[1].body
    file_key = independent_hybrid.open_base(seed, share, b"age-encryption.org/mlkem768x25519", body)
    found.check(file_key)
