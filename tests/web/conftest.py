"""A running app to ask, and a vault to open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfire.sealing.passphrase import TEST
from holdfire.vault.vault import Vault
from simulators.served import Served

PHRASE = "seven grey owls sing low"
SECOND = "nine red herons walk home"
SIZE = 64 * 1024 * 1024


@pytest.fixture(scope="session")
def made_vault(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a vault with two compartments."""
    path = tmp_path_factory.mktemp("made") / "notes.dat"
    Vault.create(path, [PHRASE, SECOND], SIZE, profile=TEST)
    return path.read_bytes()


@pytest.fixture
def vault_file(tmp_path: Path, made_vault: bytes) -> Path:
    path = tmp_path / "notes.dat"
    path.write_bytes(made_vault)
    return path


@pytest.fixture
def served() -> Iterator[Served]:
    """An app with somebody inside, and no vault open."""
    with Served() as app:
        app.come_in()
        yield app
        assert not app.faults, app.faults


@pytest.fixture
def opened(served: Served, vault_file: Path) -> Served:
    """An app with an open vault."""
    answer = served.post("/open", path=str(vault_file), phrase=PHRASE)
    assert "What has happened?" in answer.text
    return served
