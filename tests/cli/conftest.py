"""What tests of commands share: a passphrase in a file, and a copy of the module's vault that a test may change."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import PHRASE


@pytest.fixture(scope="session")
def phrase(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of `command_line.PHRASE`."""
    file = tmp_path_factory.mktemp("phrase") / "phrase"
    file.write_text(f"{PHRASE}\n", "utf-8")
    return file


@pytest.fixture
def vault(made: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the vault that the module's own `made` gives."""
    copy = tmp_path / "copy"
    shutil.copyfile(made, copy)
    yield copy
    copy.unlink(missing_ok=True)
