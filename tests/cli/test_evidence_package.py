"""`holdfire evidence export`, `verify`, `guide` as a person runs them."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from command_line import PHRASE, Ran, is_refused, run
from holdfire.journeys.keep_evidence import add_evidence
from holdfire.sealing.age.hybrid import HybridIdentity
from holdfire.sealing.age.x25519 import X25519Identity
from holdfire.vault.vault import Vault

PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 3000
PERSON = X25519Identity.new()


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("vault")
    phrase, file = folder / "phrase", folder / "notes"
    phrase.write_text(f"{PHRASE}\n", "utf-8")
    assert run("vault", "create", "--vault", file, "--size", "64M", "--passphrase-file", phrase).code == 0
    now = datetime.now(UTC)
    with Vault.open(file, PHRASE) as made:
        add_evidence(made, [PHOTO], now, title="Boots", name="IMG_7731.jpg", capture={"place": "the square"})
        add_evidence(made, [b"what was said"], now, title="Notes")
    return file, phrase


def evidence(vault: tuple[Path, Path], *arguments: object) -> Ran:
    file, phrase = vault
    return run("evidence", *arguments, "--vault", file, "--passphrase-file", phrase)


def document(ran: Ran) -> Any:
    assert ran.code == 0, ran
    return ran.document()


def test_it_is_shown_first_and_nothing_leaves(vault: tuple[Path, Path]) -> None:
    ran = evidence(vault, "export", 1, 2, "--for", "The court")
    assert ran.code == 0
    assert "Item 1: data/item-1.jpg" in ran.out
    assert "IMG_7731" not in ran.out
    assert "Item 1 goes out as it is" in ran.err
    assert "Nothing has left" in ran.err


def test_sealed_to_a_key_it_is_checked_with_that_key(vault: tuple[Path, Path], tmp_path: Path) -> None:
    out, key = tmp_path / "package.age", tmp_path / "key.txt"
    key.write_text(f"# a key\n{PERSON.secret_text()}\n")
    made = document(evidence(vault, "export", 1, "--to", PERSON.recipient(), "--out", out, "--json"))
    assert made["bytes"] == out.stat().st_size
    assert out.stat().st_mode & 0o777 == 0o600
    ran = run("evidence", "verify", out, "--identity", key, "--fingerprint", made["fingerprint"])
    assert ran.code == 0, ran
    assert sha256(PHOTO).hexdigest() in ran.out
    assert "It is the one you were given." in ran.out
    assert "What this does not show" in ran.out
    is_refused(run("evidence", "verify", out), 1, "sealed", "holds your key")
    is_refused(evidence(vault, "export", 1, "--to", PERSON.recipient(), "--out", out), 1, "already")


def test_a_changed_folder_is_refused_and_every_fault_named(vault: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "package"
    document(evidence(vault, "export", 1, 2, "--folder", "--out", out, "--json"))
    assert document(run("evidence", "verify", out, "--json"))["whole"] is True
    subprocess.run(["sh", "verify.sh"], cwd=out, check=True, stdout=subprocess.DEVNULL)
    (out / "data" / "item-1.jpg").write_bytes(PHOTO[:-1] + b"x")
    (out / "data" / "item-2.txt").unlink()
    (out / "more.txt").touch()
    ran = run("evidence", "verify", out)
    assert (ran.code, ran.out) == (1, "")
    for words in (
        "changed: data/item-1.jpg",
        "missing: data/item-2.txt",
        "does not belong there: 'more.txt'",
        "not as it was made",
    ):
        assert words in ran.err


def test_a_key_file_may_hold_several_and_post_quantum_refuses_others(
    vault: tuple[Path, Path], tmp_path: Path
) -> None:
    people = [HybridIdentity.new(), HybridIdentity.new()]
    keys = tmp_path / "keys.txt"
    keys.write_text("# lawyers\n" + "".join(f"{one.recipient()}\n" for one in people))
    out = tmp_path / "package.age"
    assert evidence(vault, "export", 1, "--to", keys, "--post-quantum", "--out", out).code == 0
    for one in people:
        (tmp_path / "key.txt").write_text(one.secret_text())
        assert run("evidence", "verify", out, "--identity", tmp_path / "key.txt").code == 0
    is_refused(
        evidence(vault, "export", 1, "--to", PERSON.recipient(), "--post-quantum", "--out", tmp_path / "b"),
        1,
        "post-quantum",
    )


def test_against_an_earlier_package(vault: tuple[Path, Path], tmp_path: Path) -> None:
    first, second, other = (tmp_path / name for name in ("first", "second", "other"))
    for numbers, out in (((1,), first), ((1,), second), ((2,), other)):
        assert evidence(vault, "export", *numbers, "--folder", "--out", out).code == 0
    ran = run("evidence", "verify", second, "--against", first)
    assert (ran.code, "goes on from the custody heads you hold: 1" in ran.out) == (0, True)
    assert run("evidence", "verify", second, "--against", first / "custody" / "item-1.jsonl").code == 0
    assert "set back" in run("evidence", "verify", first, "--against", second).err
    assert "belongs to no item" in run("evidence", "verify", other, "--against", first).err


def test_what_broke_off_waits_and_goes_on(vault: tuple[Path, Path], tmp_path: Path) -> None:
    """The disk refuses: a folder stands where the part is to be written."""
    out = tmp_path / "package.age"
    (tmp_path / "package.age.part").mkdir()
    ran = evidence(vault, "export", 1, "--to", PERSON.recipient(), "--out", out)
    assert ran.code == 1
    assert f"--resume 1 --out {out}" in ran.err
    (tmp_path / "package.age.part").rmdir()
    made = document(evidence(vault, "export", "--resume", 1, "--out", out, "--json"))
    assert made["bytes"] == out.stat().st_size
    is_refused(evidence(vault, "export", "--resume", 1, "--out", tmp_path / "again"), 1, "no package 1")
    is_refused(evidence(vault, "export", "--forget", 1), 1, "no package 1")


def test_wrong_use_is_said_before_the_vault_is_opened(vault: tuple[Path, Path], tmp_path: Path) -> None:
    for arguments in ((), (1, "--resume", 1), ("--resume", 1), (1, "--out", tmp_path / "x"),
                      (1, "--out", tmp_path / "x", "--folder", "--to", "age1x")):  # fmt: skip
        assert evidence(vault, "export", *arguments).code == 2


def test_the_guide_needs_no_vault_and_is_one_page(tmp_path: Path) -> None:
    ran = run("evidence", "guide", "--out", tmp_path / "guide.pdf")
    assert ran.code == 0
    pdf = pypdfium2.PdfDocument(tmp_path / "guide.pdf")
    assert len(pdf) == 1
    pdf.close()
    said = run("evidence", "guide")
    assert said.out == Path(__file__).parents[2].joinpath("docs", "clerks.md").read_text("utf-8")
    is_refused(run("evidence", "guide", "--out", tmp_path / "guide.pdf"), 1, "already")


def test_what_is_no_package_is_said(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("words")
    is_refused(run("evidence", "verify", tmp_path / "text"), 1, "archive")
    (tmp_path / "empty").mkdir()
    assert run("evidence", "verify", tmp_path / "empty").code == 1
    (tmp_path / "sealed").write_bytes(b"age-encryption.org/v1\n")
    (tmp_path / "key").write_text(PERSON.secret_text())
    is_refused(run("evidence", "verify", tmp_path / "sealed", "--identity", tmp_path / "key"), 1, "age file")
