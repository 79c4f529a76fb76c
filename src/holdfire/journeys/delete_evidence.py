"""Destroy evidence with everything this vault keeps of it, and say what remains elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfire.journeys.export_evidence import forget_package, packages
from holdfire.journeys.keep_copy_draft import forget_draft
from holdfire.journeys.keep_evidence import EVIDENCE, all_evidence, find_evidence
from holdfire.journeys.keep_small import forget_small
from holdfire.journeys.kept_stamps import forget_stamps
from holdfire.vault.vault import Vault


@dataclass(frozen=True)
class Remains:
    """What is still there of deleted evidence.

    Attributes:
        copies: Working copies in the vault, by number.
        given_to: Whom packages went to.
        accounts: Accounts in the vault that became it, by number: they still hold all that was written.
    """

    copies: tuple[int, ...]
    given_to: tuple[str, ...]
    accounts: tuple[int, ...] = ()


def delete_evidence(vault: Vault, number: int, now: datetime) -> Remains:
    """Destroy a piece of evidence with its record, log, stamps and small picture, all or nothing; its number is not given again.

    What was marked or tried for a copy, and packages with it that wait to be written, go first, in commits of their own:
    a waiting package repeats its notes and its history, and could not be written without its bytes.

    Returns:
        What remains, so that the person can be told; the file it came from stays where it is, too.

    Raises:
        UserError: There is no such evidence.
    """
    from holdfire.journeys.keep_account import all_accounts  # noqa: PLC0415 - its patterns take long

    record = find_evidence(vault, number)
    accounts = tuple(one.value.number for one in all_accounts(vault) if number in one.value.kept)
    copies = tuple(sorted(one.value.number for one in all_evidence(vault) if one.value.copy_of == number))
    given_to = tuple(dict.fromkeys(given.whom for given in vault.logs.given(record.value.log)))

    forget_draft(vault, record.id, now)
    for waiting in packages(vault):
        if record.value.item in {item for _, _, _, item in waiting.value.items}:
            forget_package(vault, waiting.value.number)

    def with_it() -> None:
        vault.records.delete(EVIDENCE, record.id)
        forget_small(vault, record.id)
        forget_stamps(vault, record.value.log)
        vault.logs.delete(record.value.log)

    vault.blobs.shred(record.value.item, with_it=with_it)
    vault.logs.clear()
    return Remains(copies, given_to, accounts)
