"""Vaults to attack: made once, attacked as copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from holdfire.sealing.passphrase import TEST
from holdfire.vault.vault import Vault
from simulators.disk import Disk
from simulators.workload import PASSPHRASE, User, script

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 64 * 1024 * 1024
OTHER = "another compartment"


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a new vault of the smallest size with two compartments."""
    path = tmp_path_factory.mktemp("image") / "vault"
    Vault.create(path, [PASSPHRASE, OTHER], SIZE, profile=TEST)
    return path.read_bytes()


@pytest.fixture
def new_disk(image: bytes) -> Disk:
    """A disk with that vault."""
    return Disk(image)


@pytest.fixture
def new_file(image: bytes, tmp_path: Path) -> Path:
    """A real file with that vault."""
    path = tmp_path / "vault"
    path.write_bytes(image)
    path.chmod(0o600)
    return path


@pytest.fixture(scope="session")
def lived_in(image: bytes) -> Disk:
    """A disk with a vault that the whole script has run on; copy it before changing it."""
    disk = Disk(image)
    user = User.arrive(disk.open)
    for step in script():
        step.run(user)
    user.leave()
    return disk
