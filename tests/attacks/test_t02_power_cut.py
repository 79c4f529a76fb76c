"""Threat 2. An adversary who cuts the power, pulls out the stick, or kills the program at a moment of their choice
could make a vault lose what it said was saved, keep half of a change, or mix old and new unnoticed; so could plain
bad luck. Whatever had been acknowledged must be there, and nothing half.

The script of `simulators.workload` runs once on a disk that remembers every write. Then, for every write, the file
is rebuilt as a power cut after it would have left it, in each way of `PowerCut`, and opened.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from holdfire.errors import FullError, HoldfireError, NothingOpenedError
from holdfire.sealing.passphrase import TEST
from holdfire.vault.device import Device
from holdfire.vault.vault import Vault
from simulators.disk import Disk, PowerCut, Synced
from simulators.workload import (
    PASSPHRASE,
    Add,
    Delete,
    Save,
    State,
    User,
    found,
    random_step,
    script,
    sentence,
    unlock,
)
from vault import independent_reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from simulators.workload import Step


@dataclass(frozen=True)
class Recording:
    """A disk on which a script has run, and after how many events each of its states was acknowledged."""

    disk: Disk
    acknowledged: tuple[tuple[int, State], ...]

    def allowed(self, point: int) -> tuple[State, State]:
        """Return the last state acknowledged by `point`, and the one that was under way."""
        n = max(n for n, (events, _) in enumerate(self.acknowledged) if events <= point)
        return self.acknowledged[n][1], self.acknowledged[min(n + 1, len(self.acknowledged) - 1)][1]


@pytest.fixture(scope="module")
def recording(image: bytes) -> Recording:
    return record(Disk(image), script())


def record(disk: Disk, steps: Sequence[Step]) -> Recording:
    """Run `steps` on `disk`, noting when each was done."""
    user, state = User.arrive(disk.open), State()
    acknowledged = [(0, state)]
    for step in steps:
        step.run(user)
        state = step.after(state)
        acknowledged.append((len(disk.log), state))
    user.leave()
    return Recording(disk, tuple(acknowledged))


def survives(disk: Disk, allowed: tuple[State, State]) -> None:
    """Open what a power cut left; raise unless it shows one of the states allowed and nothing else."""
    opened = 0
    for passphrase in {state.passphrase for state in allowed}:
        copy = disk.copy()
        try:
            vault = unlock(copy.open, passphrase)
        except NothingOpenedError:
            continue
        opened += 1
        state = found(vault, passphrase)
        vault.lock()
        contents = [(one.notes, one.items) for one in allowed]
        assert (state.notes, state.items) in contents
    assert opened


def failures(recording: Recording, points: Iterable[int], cuts: Sequence[PowerCut], seed: int) -> list[str]:
    """Return which power cuts lost or mixed something, and the first reason of each."""
    lost = []
    for point, cut, disk in recording.disk.power_cuts(points, cuts, random.Random(seed)):
        try:
            survives(disk, recording.allowed(point))
        except (AssertionError, HoldfireError) as error:
            lost.append(f"after event {point}, {cut.value}: {type(error).__name__} {error}"[:300])
    return lost


def every_write(disk: Disk) -> list[int]:
    """Return the points after each write, which are also those before each sync."""
    return [n + 1 for n, event in enumerate(disk.log) if not isinstance(event, Synced)]


def test_the_script_does_what_it_says(recording: Recording) -> None:
    survives(recording.disk, (recording.acknowledged[-1][1],) * 2)
    assert len(every_write(recording.disk)) > 300
    assert sum(isinstance(event, Synced) for event in recording.disk.log) > 60


def test_sampled_power_cuts_lose_nothing(recording: Recording) -> None:
    points = sorted(random.Random(1).sample(every_write(recording.disk), 50))
    assert failures(recording, points, list(PowerCut), seed=2) == []


def test_the_largest_transaction_survives_at_every_eighth_write(image: bytes) -> None:
    """One note that grows and shrinks by many pages: the journal is as long as it gets in ordinary use."""
    chance = random.Random(5)
    steps: list[Step] = [
        Add("long", sentence(chance, 30_000)),
        Save("long", sentence(chance, 30_000)),
        Delete("long"),
    ]
    recorded = record(Disk(image), steps)
    assert failures(recorded, every_write(recorded.disk)[::8], list(PowerCut), seed=3) == []


def test_a_second_power_cut_while_rolling_back_loses_nothing(recording: Recording) -> None:
    assert _second_cuts(recording, random.Random(4), 25) > 10


def test_the_independent_reader_agrees_about_what_a_power_cut_left(recording: Recording) -> None:
    rolled_back = 0
    points = sorted(random.Random(6).sample(every_write(recording.disk), 20))
    cuts = [PowerCut.LOSES_NONE, PowerCut.REORDERS]
    for point, _, disk in recording.disk.power_cuts(points, cuts, random.Random(7)):
        allowed = recording.allowed(point)
        contents = disk.contents()
        for passphrase in {state.passphrase for state in allowed}:
            with suppress(independent_reader.WrongPassphraseError):
                opened = independent_reader.read_vault(contents, passphrase, independent_reader.TEST)
                rolled_back += opened.rolled_back > 0
                assert state_read(opened) in [(dict(one.notes), one.items) for one in allowed]
    assert rolled_back > 3


def state_read(
    compartment: independent_reader.Compartment,
) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """Return what the independent reader finds, in the words of `State`."""
    notes: dict[str, tuple[str, ...]] = {}
    for (_, _), (kind, _, _, _, value) in sorted(compartment.records().items(), key=lambda one: one[0][1]):
        assert kind == "note"
        note = json.loads(value)
        notes[note["label"]] = (*notes.get(note["label"], ()), note["text"])
    return notes, frozenset(hashlib.sha256(content).hexdigest() for content in compartment.items().values())


def test_no_power_cut_brings_a_changed_passphrase_back(recording: Recording) -> None:
    changed = next(n for n, state in recording.acknowledged if state.passphrase != PASSPHRASE)
    points = sorted(random.Random(12).sample(range(changed, len(recording.disk.log)), 12))
    for _, _, disk in recording.disk.power_cuts(points, list(PowerCut), random.Random(13)):
        with pytest.raises(NothingOpenedError):
            unlock(disk.open, PASSPHRASE)


def test_without_syncs_the_same_cuts_do_lose_something(recording: Recording) -> None:
    """The test can fail: a disk that ignores every sync loses acknowledged notes or mixes old and new."""
    events, disk = recording.disk.log, recording.disk.copy()
    disk.start = dict(recording.disk.start)
    disk.log = [event for event in events if not isinstance(event, Synced)]
    acknowledged = [
        (sum(not isinstance(event, Synced) for event in events[:n]), state)
        for n, state in recording.acknowledged
    ]
    careless = Recording(disk, tuple(acknowledged))
    points = [n for n, _ in careless.acknowledged[6::3]]
    assert failures(careless, points, [PowerCut.LOSES_SOME, PowerCut.REORDERS], seed=5) != []


def _second_cuts(recording: Recording, chance: random.Random, first_cuts: int) -> int:
    """Cut the power again during what unlocking writes; return how often there was something to cut."""
    points = sorted(chance.sample(every_write(recording.disk), first_cuts))
    tried = 0
    for point, _, disk in recording.disk.power_cuts(points, [PowerCut.LOSES_NONE, PowerCut.REORDERS], chance):
        allowed = recording.allowed(point)
        for passphrase in {state.passphrase for state in allowed}:
            first = disk.copy()
            try:
                unlock(first.open, passphrase).lock()
            except NothingOpenedError:
                continue
            writes = every_write(first)
            for again in sorted(chance.sample(writes, min(2, len(writes)))):
                cut = chance.choice(list(PowerCut))
                survives(first.after_power_cut(again, cut, chance), allowed)
                tried += 1
    return tried


KILLS_OF_ONE_VAULT = 10


class Child:
    """A process that works through random steps on a real file until it is killed, telling when each is done."""

    def __init__(self, path: Path, state: State, seed: int) -> None:
        self._path, self._state, self._seed = path, state, seed
        self._pipe, told = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            try:
                os.close(self._pipe)
                self._work(told)
            except FullError:
                signal.pause()  # nothing more can be added: the kill comes to a vault at rest
            except BaseException:  # noqa: BLE001 - shown, and noticed by the parent
                os.write(2, traceback.format_exc().encode())
            finally:
                os._exit(1)
        os.close(told)

    def _work(self, told: int) -> None:
        user = User.arrive(lambda: Device.open(self._path), self._state.passphrase)
        os.write(told, b"u")
        for step in self._steps():
            step.run(user)
            os.write(told, b"d")

    def _steps(self) -> Iterator[Step]:
        chance, state = random.Random(self._seed), self._state
        while True:
            step = random_step(chance, state)
            state = step.after(state)
            yield step

    def kill(self, delay: float) -> tuple[State, State, int]:
        """Kill it `delay` seconds after it unlocked; return the last state it told, the next, and how many it did."""
        told = os.read(self._pipe, 1)
        assert told == b"u"
        time.sleep(delay)
        os.kill(self._process, signal.SIGKILL)
        _, status = os.waitpid(self._process, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL, "the child failed before it was killed"
        done = 0
        while told := os.read(self._pipe, 65_536):
            done += len(told)
        os.close(self._pipe)
        state, steps = self._state, self._steps()
        for _ in range(done):
            state = next(steps).after(state)
        return state, next(steps).after(state), done


def _kill(path: Path, image: bytes, times: int, seed: int) -> int:
    """Kill a working child `times` times, checking the vault after each; return how many steps were done in all."""
    chance, state, done = random.Random(seed), State(), 0
    for n in range(times):
        if (
            n % KILLS_OF_ONE_VAULT == 0
        ):  # on a fast machine it would be full, and nothing would happen any more
            path.write_bytes(image)
            state = State()
        told, under_way, steps = Child(path, state, seed * 100_000 + n).kill(chance.random() ** 2 * 0.25)
        done += steps
        state = _state_after_kill(path, told, under_way)
    return done


def _state_after_kill(path: Path, told: State, under_way: State) -> State:
    for allowed in (under_way, told):
        with suppress(NothingOpenedError):
            vault = Vault.open(path, allowed.passphrase, profile=TEST)
            state = found(vault, allowed.passphrase)
            vault.lock()
            assert (state.notes, state.items) in [(one.notes, one.items) for one in (told, under_way)]
            return state
    raise AssertionError("neither passphrase opens after the kill")


def test_fifty_kills_lose_nothing(tmp_path: Path, image: bytes) -> None:
    assert _kill(tmp_path / "vault", image, 50, seed=8) > 50


@pytest.mark.nightly
def test_a_thousand_kills_lose_nothing(tmp_path: Path, image: bytes) -> None:
    assert _kill(tmp_path / "vault", image, 1_000, seed=9) > 1_000


@pytest.mark.nightly
def test_a_power_cut_after_any_write_loses_nothing(recording: Recording) -> None:
    assert failures(recording, every_write(recording.disk), list(PowerCut), seed=14) == []


@pytest.mark.nightly
def test_any_second_power_cut_loses_nothing(recording: Recording) -> None:
    assert _second_cuts(recording, random.Random(10), 300) > 300
