"""The simulated disk and the real device keep the same promises, so that the fake cannot drift."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from holdfire.vault.device import Device
from holdfire.vault.device import Disk as AnyDisk
from simulators.disk import Disk, PowerCut, Synced, Written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZE = 64 * 1024


class DiskPromises:
    """What every disk under a vault promises."""

    @pytest.fixture
    def disk(self, tmp_path: Path) -> AnyDisk:
        raise NotImplementedError

    def test_has_the_size_of_its_contents(self, disk: AnyDisk) -> None:
        assert disk.size == SIZE

    def test_gives_back_what_was_written(self, disk: AnyDisk) -> None:
        disk.write(16_384, b"page" * 4_096)
        assert disk.read(16_384, 16_384) == b"page" * 4_096

    def test_leaves_its_neighbours_alone(self, disk: AnyDisk) -> None:
        before, after = disk.read(0, 1_001), disk.read(1_004, SIZE - 1_004)
        disk.write(1_001, b"abc")
        assert disk.read(0, SIZE) == before + b"abc" + after

    def test_any_writes_read_back_like_a_plain_file(self, disk: AnyDisk) -> None:
        chance, model = random.Random(7), bytearray(disk.read(0, SIZE))
        for _ in range(200):
            offset = chance.randrange(SIZE)
            data = chance.randbytes(chance.randint(0, min(9_000, SIZE - offset)))
            disk.write(offset, data)
            model[offset : offset + len(data)] = data
            if chance.random() < 0.1:
                disk.sync()
        assert disk.read(0, SIZE) == bytes(model)
        offset = chance.randrange(SIZE)
        assert disk.read(offset, 700) == bytes(model[offset : offset + 700])

    def test_accepts_memoryviews(self, disk: AnyDisk) -> None:
        disk.write(512, memoryview(bytearray(b"view")))
        assert disk.read(512, 4) == b"view"

    def test_closes_twice(self, disk: AnyDisk) -> None:
        disk.close()
        disk.close()


class TestSimulatedDisk(DiskPromises):
    @pytest.fixture
    def disk(self, tmp_path: Path) -> Disk:
        return Disk(random.Random(1).randbytes(SIZE))


class TestPowerCut:
    def disk(self) -> Disk:
        disk = Disk(bytes(SIZE))
        disk.write(0, b"a" * 4_096)
        disk.sync()
        disk.write(4_096, b"b" * 8_192)
        disk.write(16_384, b"c" * 4_096)
        return disk

    def test_the_log_holds_every_write_and_sync(self) -> None:
        log = self.disk().log
        assert [type(event) for event in log] == [Written, Synced, Written, Written]

    @pytest.mark.parametrize("cut", PowerCut)
    def test_what_was_synced_stays_and_what_was_not_touched_stays(self, cut: PowerCut) -> None:
        for seed in range(20):
            found = self.disk().after_power_cut(4, cut, random.Random(seed))
            assert found.read(0, 4_096) == b"a" * 4_096
            assert found.read(12_288, 4_096) == bytes(4_096)
            assert found.read(20_480, SIZE - 20_480) == bytes(SIZE - 20_480)

    def test_loses_all_or_nothing_when_told(self) -> None:
        disk = self.disk()
        assert disk.after_power_cut(4, PowerCut.LOSES_ALL, random.Random(1)).read(4_096, 8_192) == bytes(
            8_192
        )
        assert disk.after_power_cut(4, PowerCut.LOSES_NONE, random.Random(1)).contents() == disk.contents()

    def test_an_unsynced_first_write_can_be_lost(self) -> None:
        assert self.disk().after_power_cut(1, PowerCut.LOSES_ALL, random.Random(1)).contents() == bytes(SIZE)

    def test_reordering_lets_an_older_write_win(self) -> None:
        disk = Disk(bytes(SIZE))
        disk.write(0, b"1" * 512)
        disk.write(0, b"2" * 512)
        found = {disk.after_power_cut(2, PowerCut.REORDERS, random.Random(s)).read(0, 1) for s in range(50)}
        assert found == {b"\0", b"1", b"2"}

    @pytest.mark.parametrize(("cut", "sector"), [(PowerCut.TEARS_512, 512), (PowerCut.TEARS_4096, 4_096)])
    def test_tearing_keeps_whole_sectors(self, cut: PowerCut, sector: int) -> None:
        mixed = 0
        for seed in range(50):
            found = self.disk().after_power_cut(4, cut, random.Random(seed)).read(4_096, 8_192)
            parts = {found[at : at + sector] for at in range(0, len(found), sector)}
            assert parts <= {b"b" * sector, bytes(sector)}
            mixed += len(parts) == 2
        assert mixed > 5

    @pytest.mark.parametrize("cut", [PowerCut.GARBAGE_512, PowerCut.GARBAGE_4096])
    def test_garbage_is_neither_old_nor_new(self, cut: PowerCut) -> None:
        found = b"".join(
            self.disk().after_power_cut(4, cut, random.Random(seed)).read(4_096, 8_192) for seed in range(20)
        )
        assert len(set(found)) == 256

    def test_a_point_before_the_end_knows_nothing_of_later_writes(self) -> None:
        found = self.disk().after_power_cut(3, PowerCut.LOSES_NONE, random.Random(1))
        assert found.read(4_096, 8_192) == b"b" * 8_192
        assert found.read(16_384, 4_096) == bytes(4_096)

    def test_many_points_in_one_go_equal_one_by_one(self) -> None:
        disk = self.disk()
        for point, cut, found in disk.power_cuts(
            range(5), [PowerCut.LOSES_ALL, PowerCut.LOSES_NONE], random.Random(1)
        ):
            assert found.contents() == disk.after_power_cut(point, cut, random.Random(1)).contents()


class TestDevice(DiskPromises):
    @pytest.fixture
    def disk(self, tmp_path: Path) -> Iterator[Device]:
        path = tmp_path / "file"
        path.write_bytes(random.Random(1).randbytes(SIZE))
        device = Device.open(path)
        yield device
        device.close()
