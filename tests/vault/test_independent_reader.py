"""The specification alone is enough to read a vault: the independent reader finds what the program wrote."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from holdfire.sealing.passphrase import STANDARD, TEST
from holdfire.vault.backup import backup
from holdfire.vault.logs import GivenHead, StoredLog
from holdfire.vault.passages import Passage
from holdfire.vault.passwd import change_passphrase
from holdfire.vault.shred import compact, shred
from holdfire.vault.vault import Vault
from simulators.workload import NOTE, PASSPHRASE
from vault import independent_reader as reader

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SIZE = 64 << 20
OTHER = "Ёлка у café"
PASSAGES = (
    Passage("Статья 7", "article:7", "Верховенство права", "Ўсё па законе.", 3),
    Passage("Статья 7", "+", "Верховенство права", "e\u0301tat", None),
)
ITEMS = (b"", b"x", bytes(65_536), b"y" * 65_537, bytes(range(256)) * 5_000)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with records of several versions, one deleted, items of every odd size, one shredded; one nearly empty."""
    path = tmp_path_factory.mktemp("reader") / "vault"
    Vault.create(path, [PASSPHRASE, OTHER], SIZE, profile=TEST)
    with Vault.open(path, PASSPHRASE, profile=TEST) as vault:
        first = vault.records.add(NOTE, {"label": "first", "text": "river dawn"}, NOW)
        vault.records.save(
            NOTE, first.id, {"label": "first", "text": "Река на рассвете " * 5_000}, NOW + timedelta(hours=1)
        )
        gone = vault.records.add(NOTE, {"label": "gone", "text": "forgotten"}, NOW)
        vault.records.delete(NOTE, gone.id)
        shredded = vault.blobs.add([b"z" * 300_000], NOW)
        for content in ITEMS:
            vault.blobs.add([content], NOW)
        vault.blobs.shred(shredded.id)
    with Vault.open(path, OTHER, profile=TEST) as vault:
        vault.records.add(NOTE, {"label": "other", "text": "bread and milk"}, NOW)
    return path


def read(path: Path, passphrase: str) -> reader.Compartment:
    return reader.read_vault(path.read_bytes(), passphrase, reader.TEST)


def test_records_in_every_version(path: Path) -> None:
    records = read(path, PASSPHRASE).records()
    assert sorted((version, latest) for (_, version), (*_, latest, _) in records.items()) == [(1, 0), (2, 1)]
    (kind, shape, saved, _, value) = next(row for (_, version), row in records.items() if version == 2)
    assert (kind, shape, saved) == ("note", 1, int(NOW.timestamp()) + 3_600)
    assert json.loads(value) == {"label": "first", "text": "Река на рассвете " * 5_000}


def test_words_of_the_latest_version_alone(path: Path) -> None:
    opened = read(path, PASSPHRASE)
    ids = {id_ for id_, _ in opened.records()}
    assert opened.words("рассвете") == ids
    assert opened.words("dawn") == set()
    assert opened.words("forgotten") == set()


def test_items_of_every_odd_size(path: Path) -> None:
    found = read(path, PASSPHRASE).items().values()
    assert {hashlib.sha256(content).digest() for content in found} == {
        hashlib.sha256(one).digest() for one in ITEMS
    }
    assert len(found) == len(ITEMS)


def test_free_pages_are_told_from_damaged_ones(path: Path) -> None:
    assert read(path, PASSPHRASE).unread_pages


@pytest.mark.parametrize(
    "written", [OTHER, "Ёлка у cafe\N{COMBINING ACUTE ACCENT}", "\u0415\u0308лка у café"]
)
def test_the_other_compartment_however_unicode_writes_it(path: Path, written: str) -> None:
    opened = read(path, written)
    assert [json.loads(row[-1])["label"] for row in opened.records().values()] == ["other"]


def test_a_wrong_passphrase(path: Path) -> None:
    with pytest.raises(reader.WrongPassphraseError):
        read(path, "wrong")


def test_after_a_passphrase_was_changed(path: Path, tmp_path: Path) -> None:
    (tmp_path / "vault").write_bytes(path.read_bytes())
    change_passphrase(tmp_path / "vault", PASSPHRASE, "changed", profile=TEST)
    assert read(tmp_path / "vault", "changed").copies == 2
    assert read(tmp_path / "vault", "changed").records() == read(path, PASSPHRASE).records()
    with pytest.raises(reader.WrongPassphraseError):
        read(tmp_path / "vault", PASSPHRASE)


def test_after_a_compartment_was_shredded(path: Path, tmp_path: Path) -> None:
    (tmp_path / "vault").write_bytes(path.read_bytes())
    shred(tmp_path / "vault", PASSPHRASE, profile=TEST)
    with pytest.raises(reader.WrongPassphraseError):
        read(tmp_path / "vault", PASSPHRASE)
    assert read(tmp_path / "vault", OTHER).records()


def test_after_compacting(path: Path, tmp_path: Path) -> None:
    (tmp_path / "vault").write_bytes(path.read_bytes())
    with Vault.open(tmp_path / "vault", PASSPHRASE, profile=TEST) as vault:
        compact(vault)
    assert read(tmp_path / "vault", PASSPHRASE).items() == read(path, PASSPHRASE).items()


def test_a_backup_of_another_size(path: Path, tmp_path: Path) -> None:
    backup(path, [PASSPHRASE], tmp_path / "larger", size=SIZE + 12_345_678, profile=TEST)
    assert read(tmp_path / "larger", PASSPHRASE).records() == read(path, PASSPHRASE).records()
    with pytest.raises(reader.WrongPassphraseError):
        read(tmp_path / "larger", OTHER)


def test_the_profile_of_every_persons_vault(tmp_path: Path) -> None:
    Vault.create(tmp_path / "vault", [PASSPHRASE], SIZE, profile=STANDARD)
    assert reader.read_vault((tmp_path / "vault").read_bytes(), PASSPHRASE, reader.STANDARD).records() == {}


def test_sizes_that_do_not_divide(tmp_path: Path) -> None:
    for n, size in enumerate((SIZE, SIZE + 1, SIZE + 16_385, SIZE + 3 * 4_096 + 7)):
        Vault.create(tmp_path / str(n), [PASSPHRASE], size, profile=TEST)
        assert read(tmp_path / str(n), PASSPHRASE).records() == {}
        (tmp_path / str(n)).unlink()


def test_passages_and_what_is_found_in_them(tmp_path: Path) -> None:
    path = tmp_path / "vault"
    Vault.create(path, [PASSPHRASE], SIZE, profile=TEST)
    with Vault.open(path, PASSPHRASE, profile=TEST) as vault:
        law, lost = (vault.records.add(NOTE, {"label": label, "text": ""}, NOW) for label in ("law", "lost"))
        with vault.transaction():
            vault.passages.add(lost.id, [Passage("", "", "", "forgotten words")])
            vault.passages.add(law.id, PASSAGES)
        with vault.transaction():
            vault.passages.forget(lost.id)
            vault.records.delete(NOTE, lost.id)
    compartment = read(path, PASSPHRASE)
    kept = [(one.name, one.key, one.heading, one.page, one.text) for one in PASSAGES]
    assert compartment.passages() == {law.id: kept}
    assert compartment.passages_with("усе") == {(law.id, 0)}
    assert compartment.passages_with("etat") == {(law.id, 1)}
    assert compartment.passages_with("forgotten") == set()


def test_logs_with_their_entries_and_the_heads_that_left(tmp_path: Path) -> None:
    path = tmp_path / "vault"
    Vault.create(path, [PASSPHRASE], SIZE, profile=TEST)
    with Vault.open(path, PASSPHRASE, profile=TEST) as vault:
        empty, lost, kept = (
            vault.logs.add(StoredLog(name, b"0", b"s0")) for name in (b"empty", b"lost", b"kept")
        )
        for name in (lost, kept):
            for number in (b"1", b"2"):
                vault.logs.append(name, b"event" + number, b"openings" + number, b"h" + number, b"s" + number)
        vault.logs.give(kept, GivenHead(NOW, "a court", b"h1", b"s1"))
        vault.logs.delete(lost)
    entries = tuple((b"event" + number, b"s" + number, b"openings" + number) for number in (b"1", b"2"))
    assert read(path, PASSPHRASE).logs() == {
        empty: (b"empty", b"0", b"s0", (), ()),
        kept: (b"kept", b"h2", b"s2", entries, ((int(NOW.timestamp()), "a court", b"h1", b"s1"),)),
    }
