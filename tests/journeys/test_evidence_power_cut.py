"""Whenever the power goes while evidence comes in, is written on or is destroyed, it is there whole with its log, or not at all."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from holdfire.evidence.custody.check import check
from holdfire.journeys.delete_evidence import delete_evidence
from holdfire.journeys.keep_evidence import (
    add_evidence,
    all_evidence,
    custody_log,
    log_event,
    stream_evidence,
)
from holdfire.sealing.passphrase import TEST
from holdfire.vault.layout import SMALLEST
from holdfire.vault.vault import Vault
from simulators.disk import Disk, PowerCut, Synced
from simulators.workload import PASSPHRASE, unlock

NOW = datetime(2026, 3, 1, 14, 5, tzinfo=UTC)
#: Longer than one batch of chunks, so that it takes several commits.
FILM = random.Random(4).randbytes((4 << 20) + 70_000)
#: What the vault shows at a time: of each number the hash of its bytes and how many events its log has.
Shown = dict[int, tuple[str, int]]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("image") / "vault"
    Vault.create(path, [PASSPHRASE], SMALLEST, profile=TEST)
    return path.read_bytes()


def pieces(content: bytes) -> Iterator[bytes]:
    yield from (content[at : at + 100_001] for at in range(0, len(content), 100_001))


def shown(vault: Vault) -> Shown:
    """Read everything through every check; fail on a record without its bytes or log, and on bytes or a log without their record."""
    found: Shown = {}
    for record in all_evidence(vault):
        kept = record.value
        log = custody_log(vault, kept.number)
        check(log)
        digest = sha256(b"".join(stream_evidence(vault, kept.number))).hexdigest()
        assert digest == kept.sha256
        found[kept.number] = (digest, len(log.entries))
    assert {item.id for item in vault.blobs.all()} == {record.value.item for record in all_evidence(vault)}
    counted: int = vault.connection.execute("SELECT count(*) FROM logs").get
    assert counted == len(found)
    entries: int = vault.connection.execute("SELECT count(*) FROM entries").get
    assert entries == sum(events for _, events in found.values())
    return found


def test_no_power_cut_leaves_anything_half(image: bytes) -> None:
    disk = Disk(image)
    vault = unlock(disk.open, PASSPHRASE)
    states: list[tuple[int, Shown]] = [(0, {})]
    for act in (
        lambda: add_evidence(vault, pieces(FILM), NOW, name="film.mp4"),
        lambda: add_evidence(vault, [b"covered"], NOW, copy_of=1, steps=("cover",), kind="copy"),
        lambda: log_event(vault, 1, "transfer", {"custodian_to": "a court"}, NOW),
        lambda: delete_evidence(vault, 1, NOW),
    ):
        act()
        states.append((len(disk.log), shown(vault)))
    vault.lock()
    writes = [at + 1 for at, event in enumerate(disk.log) if not isinstance(event, Synced)]
    chance = random.Random(23)
    points = sorted({*chance.sample(writes, 60), *(events for events, _ in states[1:]), *writes[-10:]})
    judged = 0
    for point, cut, found in disk.power_cuts(points, [PowerCut.LOSES_ALL, PowerCut.REORDERS], chance):
        before = max(at for at, (events, _) in enumerate(states) if events <= point)
        allowed = [shown for _, shown in states[before : before + 2]]
        again = unlock(found.open, PASSPHRASE)
        assert shown(again) in allowed, f"after event {point}, {cut.value}"
        again.lock()
        judged += 1
    assert judged == 2 * len(points) > 120


def test_an_import_that_is_broken_off_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "vault"
    Vault.create(path, [PASSPHRASE], SMALLEST, profile=TEST)
    with Vault.open(path, PASSPHRASE, profile=TEST) as vault:

        def breaks() -> Iterator[bytes]:
            yield FILM
            raise EOFError

        with pytest.raises(EOFError):
            add_evidence(vault, breaks(), NOW)
        assert shown(vault) == {}
        assert add_evidence(vault, [b"next"], NOW).value.number == 1
