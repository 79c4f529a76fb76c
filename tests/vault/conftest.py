"""A small vault with two compartments, fresh for each test."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from holdfire.sealing.passphrase import TEST
from holdfire.vault.layout import SMALLEST
from holdfire.vault.records import Kind
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from holdfire.vault.records import JSON


#: The passphrase of the compartment that tests use when they need but one.
FIRST = "one"


def _read_text(value: JSON) -> str:
    assert isinstance(value, str)
    return value


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("vaults") / "template.vault"
    Vault.create(path, [FIRST, "two"], SMALLEST, profile=TEST)
    return path


@pytest.fixture
def path(template: Path, tmp_path: Path) -> Iterator[Path]:
    copy = tmp_path / "my.vault"
    shutil.copy(template, copy)
    yield copy
    copy.unlink(missing_ok=True)


@pytest.fixture
def unlock(path: Path) -> Iterator[Callable[[str], Vault]]:
    """Open a compartment of the vault; it is locked when the test ends."""
    opened: list[Vault] = []

    def unlock(passphrase: str = FIRST) -> Vault:
        opened.append(Vault.open(path, passphrase, profile=TEST))
        return opened[-1]

    yield unlock
    for vault in opened:
        vault.lock()


@pytest.fixture
def note() -> Kind[str]:
    return Kind("note", 1, lambda text: text, _read_text, words=lambda text: text)


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 1, 12, 30, 15, tzinfo=UTC)
