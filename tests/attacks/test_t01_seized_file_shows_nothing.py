"""Threat 1. An adversary with one image of the vault file, and no passphrase, could try to learn which program
made it, what is in it, how many compartments are used and how full they are: by reading clear text, by
statistics over bytes and blocks, by compressing, by looking for repetition, by its size, and by what the file
system knows about written and unwritten parts. They must learn nothing but the size of the file.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import pytest

from holdfire.sealing.passphrase import TEST
from holdfire.vault.vault import Vault
from simulators import examiner
from simulators.workload import NOTE, import_item
from vault.independent_reader import TEST as TEST_WORK
from vault.independent_reader import Layout, read_vault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MIB = 1024 * 1024
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT = "They told us to clear the square before dawn. "
CLEAR = (
    *(TEXT.encode(coding) for coding in ("utf-8", "utf-16-le", "utf-16-be")),
    b"They told us", b"the square", b"SQLite", b"format 3", b"CREATE TABLE", b"records", b"holdfire", b"HFV1",
    bytes.fromhex("d9d505f920a163d7"), b"Zm9yYXJjaGl2ZQ", b"a picture, in clear",
)  # fmt: skip


@dataclass(frozen=True)
class Seized:
    """A file, and what only the test knows: which regions are used and how far."""

    path: Path
    data: bytes
    used_pages: dict[int, int]

    def region(self, number: int) -> bytes:
        layout = Layout(len(self.data))
        return self.data[layout.page_place(number, 0) :][: layout.region]

    def used(self, number: int) -> bytes:
        """The pages that hold something."""
        return self.region(number)[: self.used_pages[number] * 16_384]

    def journal(self, number: int) -> bytes:
        layout = Layout(len(self.data))
        return self.region(number)[layout.region - layout.blocks * 20_480 :]

    def unused(self) -> bytes:
        return next(self.region(number) for number in (1, 2, 3, 4) if number not in self.used_pages)


@pytest.fixture(scope="module")
def seized(tmp_path_factory: pytest.TempPathFactory) -> Seized:
    """A vault with two compartments in use: one with notes and an item of many repetitions, one nearly empty."""
    path = tmp_path_factory.mktemp("seized") / "file"
    passphrases = ["the first of two passphrases", "the second of two passphrases"]
    Vault.create(path, passphrases, 64 * MIB, profile=TEST)
    vault = Vault.open(path, passphrases[0], profile=TEST)
    for number in range(40):
        vault.records.add(NOTE, {"label": f"n{number}", "text": TEXT * 50}, NOW)
    import_item(vault, b"a picture, in clear. " * 400_000, NOW)
    vault.lock()
    data = path.read_bytes()
    opened = [read_vault(data, passphrase, TEST_WORK) for passphrase in passphrases]
    return Seized(path, data, {one.slot: one.connection.execute("PRAGMA page_count").get for one in opened})


def test_the_fixture_is_worth_examining(seized: Seized) -> None:
    assert len(seized.used_pages) == 2
    assert max(seized.used_pages.values()) > 400


def test_nothing_stands_in_clear(seized: Seized) -> None:
    assert examiner.traces(seized.data, CLEAR) == []


def test_no_run_of_equal_bytes(seized: Seized) -> None:
    assert examiner.long_runs(seized.data) == []


def test_nothing_compresses(seized: Seized) -> None:
    assert [n for n in (1, 2, 3, 4) if examiner.compressible(seized.region(n))] == []


def test_no_block_occurs_twice(seized: Seized) -> None:
    assert examiner.repeated(seized.data[:36_864]) == 0
    for number in seized.used_pages:
        assert examiner.repeated(seized.region(number)) == 0


def test_no_nonce_occurs_twice(seized: Seized) -> None:
    pages = b"".join(seized.used(number) for number in seized.used_pages)
    nonces = [pages[at : at + 12] for at in range(0, len(pages), 16_384)]
    assert len(set(nonces)) == len(nonces)


def test_every_part_has_the_byte_statistics_of_noise(seized: Seized) -> None:
    # Ten standard deviations: what honest noise never does, and a single clear page always.
    parts = [seized.data[:4_096], seized.data[4_096:36_864], *(seized.region(n) for n in (1, 2, 3, 4))]
    parts += [seized.used(n) for n in seized.used_pages] + [seized.journal(n) for n in seized.used_pages]
    for part in parts:
        assert abs(examiner.chi_squared(part) - 255) < 10 * 22.6
        assert abs(examiner.ones(part)) < 7


def test_used_and_unused_blocks_cannot_be_told_apart(seized: Seized) -> None:
    measures = (
        examiner.chi_squared,
        examiner.ones,
        lambda block: float(block[0]),
        lambda block: float(block[-1]),
    )
    noise = examiner.blocks(seized.unused())
    for number in seized.used_pages:
        for part in (seized.used(number), seized.journal(number)):
            for measure in measures:
                ours = [measure(block) for block in examiner.blocks(part)]
                assert examiner.distance(ours, [measure(block) for block in noise[:2_000]]) < 2.7


def test_every_slot_copy_looks_alike(seized: Seized) -> None:
    slots = examiner.blocks(seized.data[4_096:36_864])
    assert len(slots) == len(set(slots)) == 8
    for slot in slots:
        assert abs(examiner.chi_squared(slot) - 255) < 10 * 22.6
        assert examiner.compressible(slot) == 0


def test_the_file_system_knows_no_unwritten_part(seized: Seized) -> None:
    assert examiner.holes(seized.path) == 0
    assert seized.path.stat().st_blocks * 512 >= len(seized.data)


@pytest.mark.parametrize("compartments", [1, 4])
def test_size_and_permissions_do_not_depend_on_how_many_compartments(
    tmp_path: Path, compartments: int
) -> None:
    Vault.create(
        tmp_path / "file", [f"passphrase number {n}" for n in range(compartments)], 64 * MIB, profile=TEST
    )
    stat = (tmp_path / "file").stat()
    assert (stat.st_size, stat.st_mode & 0o777) == (64 * MIB, 0o600)
    assert examiner.holes(tmp_path / "file") == 0


def test_the_slot_of_a_passphrase_is_drawn_at_random(tmp_path: Path) -> None:
    slots = set()
    for n in range(12):
        Vault.create(tmp_path / str(n), ["always the same passphrase"], 64 * MIB, profile=TEST)
        slots.add(read_vault((tmp_path / str(n)).read_bytes(), "always the same passphrase", TEST_WORK).slot)
        (tmp_path / str(n)).unlink()
    assert len(slots) > 1  # twelve times the same: once in four million runs


def _with_zero_page(noise: bytes) -> bytes:
    return noise[:16_384] + bytes(16_384) + noise[32_768:]


def _with_one_key_stream(noise: bytes) -> bytes:
    return noise[:65_536] * (len(noise) // 65_536)


def _with_clear_header(noise: bytes) -> bytes:
    return b"SQLite format 3\0" + noise[16:]


@pytest.mark.parametrize(
    ("spoil", "seen"),
    [
        (_with_zero_page, lambda data: examiner.long_runs(data) and examiner.compressible(data)),
        (_with_zero_page, lambda data: abs(examiner.chi_squared(data) - 255) > 10 * 22.6),
        (_with_one_key_stream, examiner.repeated),
        (_with_clear_header, partial(examiner.traces, clear=CLEAR)),
    ],
)
def test_the_examiner_sees_what_is_wrong(
    spoil: Callable[[bytes], bytes], seen: Callable[[bytes], object]
) -> None:
    noise = random.Random(3).randbytes(4 * MIB)
    assert not seen(noise)
    assert seen(spoil(noise))


def test_the_examiner_tells_two_kinds_of_blocks_apart() -> None:
    chance = random.Random(4)
    noise = [chance.randbytes(4_096) for _ in range(1_000)]
    ascii_tail = [block[:3_000] + bytes(byte & 0x7F for byte in block[3_000:]) for block in noise]
    assert (
        examiner.distance([examiner.ones(one) for one in noise], [examiner.ones(one) for one in ascii_tail])
        > 2.7
    )


def test_the_examiner_sees_holes(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(MIB)
    assert examiner.holes(tmp_path / "sparse") == MIB
