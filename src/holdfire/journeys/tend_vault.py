"""Tend a vault that is open: another passphrase, a backup, a check, tidying up, destroying it.

What works on the file itself needs the compartment closed meanwhile: it is locked first and opened again
afterwards, so a wrong passphrase leaves it locked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from holdfire.errors import UserError
from holdfire.journeys.make_vault import judge_passphrase, judge_place
from holdfire.language import mark
from holdfire.sealing.passphrase import STANDARD, Profile
from holdfire.vault import backup, check, passwd, shred
from holdfire.vault.vault import Vault

Progress = Callable[[int, int], None]


def change_passphrase(vault: Vault, old: str, new: str, *, profile: Profile | None = None) -> Vault:
    """Let `new` open the compartment instead of `old`; return it, open.

    Raises:
        UserError: `new` would be found by trying; the vault stays open.
        NothingOpenedError: `old` opens nothing; the vault is locked.
    """
    judge_passphrase(new)
    path = _place_of(vault)
    vault.lock()
    passwd.change_passphrase(path, old, new, profile=profile or STANDARD)
    return Vault.open(path, new, profile=profile or STANDARD)


def back_up(
    vault: Vault,
    passphrases: Sequence[str],
    untrusted_out: str,
    *,
    size: int | None = None,
    profile: Profile | None = None,
    progress: Progress | None = None,
) -> Vault:
    """Carry the compartments of `passphrases` into a new vault; return the first of them here, open again.

    Raises:
        UserError: Nothing can lie at that place, or it would be too small; the vault may be locked.
        NothingOpenedError: A passphrase opens nothing; no file was made and the vault is locked.
    """
    out = judge_place(untrusted_out)
    path = _place_of(vault)
    vault.lock()
    backup.backup(path, passphrases, out, size, profile=profile or STANDARD, progress=progress)
    return Vault.open(path, passphrases[0], profile=profile or STANDARD)


def check_vault(vault: Vault, progress: Progress | None = None) -> check.CheckReport:
    """Read every page of the open compartment; TamperError when one was changed."""
    return check.check(vault, progress)


def compact_vault(vault: Vault, progress: Progress | None = None) -> int:
    """Overwrite everything that was deleted; return how many pages that were."""
    return shred.compact(vault, progress)


def destroy(vault: Vault, passphrase: str, *, all_of_it: bool, profile: Profile | None = None) -> None:
    """Destroy the key of the compartment of `passphrase`, or of every compartment; the vault is locked.

    Raises:
        NothingOpenedError: The passphrase opens nothing; nothing was destroyed.
    """
    path = _place_of(vault)
    vault.lock()
    if all_of_it:
        # The passphrase is asked for all the same: a stranger at an open program destroys nothing.
        Vault.open(path, passphrase, profile=profile or STANDARD).lock()
        shred.shred_all(path)
    else:
        shred.shred(path, passphrase, profile=profile or STANDARD)


def _place_of(vault: Vault) -> Path:
    if vault.path is None:
        raise UserError(mark("You are looking around: there is no file."), mark("Make a vault first."))
    return vault.path
