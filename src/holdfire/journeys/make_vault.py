"""Make a vault: judge what was chosen, say what to know of the place, create the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from holdfire.errors import UserError
from holdfire.journeys.places import path_typed
from holdfire.language import mark
from holdfire.sealing.passphrase import STANDARD, Profile
from holdfire.vault.surroundings import warnings_for
from holdfire.vault.vault import Vault

MOST_COMPARTMENTS: Final = 4
#: Smallest and usual size of a vault, in MiB; about a quarter of it is one compartment.
LEAST_MEBIBYTES: Final = 64
USUAL_MEBIBYTES: Final = 4096
MEBIBYTE: Final = 1024 * 1024
#: Shorter than this, or of fewer different characters, a passphrase is found by trying.
LEAST_CHARACTERS: Final = 12
LEAST_DIFFERENT: Final = 6
#: Below this we advise, but do not refuse.
ADVISED_CHARACTERS: Final = 20


def judge_place(untrusted_path: str) -> Path:
    """Return where the vault shall lie, or raise UserError saying why it cannot lie there.

    A leading `~` is the home folder; a folder alone is refused, an existing file is never overwritten.
    """
    if not untrusted_path:
        raise UserError(mark("Write where the file shall lie."))
    path = path_typed(untrusted_path)
    if not path.is_absolute():
        raise UserError(mark("Write the whole path, from the first folder on."))
    if path.is_dir():
        raise UserError(mark("This is a folder. Add a file name after it."))
    if path.exists():
        raise UserError(mark("There is a file already. It will not be overwritten. Choose another name."))
    if not path.parent.is_dir():
        raise UserError(mark("There is no such folder. Choose one that exists."))
    return path


def judge_passphrase(passphrase: str) -> None:
    """Raise UserError when a passphrase would be found by trying; nothing is looked up anywhere."""
    if len(passphrase) < LEAST_CHARACTERS:
        raise UserError(mark("This is too short: a computer finds it by trying. Use at least {least} characters."),
                        mark("Five or six words that have nothing to do with each other are good."),
                        least=LEAST_CHARACTERS)  # fmt: skip
    if len(set(passphrase)) < LEAST_DIFFERENT:
        raise UserError(
            mark("This repeats itself: a computer finds it by trying. Use more different characters.")
        )


def make_vault(
    path: Path,
    passphrases: Sequence[str],
    size: int,
    *,
    profile: Profile | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Create a vault of `size` bytes with one compartment for each passphrase.

    Raises:
        UserError: Two passphrases are the same, or one would be found by trying.
        StorageError: The disk is full or cannot be written; what was begun is removed.
    """
    if len(set(passphrases)) != len(passphrases):
        raise UserError(mark("Each compartment needs a passphrase of its own."))
    for passphrase in passphrases:
        judge_passphrase(passphrase)
    Vault.create(path, passphrases, size, profile=profile or STANDARD, progress=progress)


def warnings_of(path: Path) -> tuple[str, ...]:
    """Return what to know of the place before a vault lies there, as marked sentences."""
    return warnings_for(path)
