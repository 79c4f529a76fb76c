"""Keep accounts: a draft that is completed version by version, read by a second person, and kept as evidence when it is ready.

A draft is stopped by nothing. Becoming evidence is what lets an account leave, so what must hold before it leaves is asked there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, cast

from holdfire.errors import UserError
from holdfire.evidence.accounts.account import (
    Account,
    Review,
    clean,
    decode_account,
    encode_account,
)
from holdfire.evidence.accounts.forms import FORMS
from holdfire.evidence.accounts.obstacles import Obstacle, obstacles, same_person
from holdfire.evidence.accounts.private import find_private
from holdfire.evidence.accounts.written import as_text, read_written, write_account
from holdfire.evidence.custody.event import when
from holdfire.journeys.keep_evidence import (
    Evidence,
    add_evidence,
    find_evidence,
    log_event,
    stream_evidence,
)
from holdfire.journeys.record_order import find_order
from holdfire.language import ENGLISH, Language, mark
from holdfire.vault.records import JSON, Kind, Record
from holdfire.vault.vault import Vault

#: How many records are read from the vault at once.
_AT_ONCE: Final = 100
MOST_REVIEW: Final = 1_000


@dataclass(frozen=True)
class KeptAccount:
    """An account in the vault.

    Attributes:
        number: What a person calls it, from 1; never given twice.
        account: As it stands.
        kept: The numbers of the evidence it became, each correcting the one before.
        of: The fingerprint of what was kept last; "" for none.
    """

    number: int
    account: Account
    kept: tuple[int, ...] = ()
    of: str = ""

    @property
    def changed(self) -> bool:
        """Whether it was changed since it was last kept as evidence."""
        return bool(self.kept) and self.of != self.account.fingerprint()


def _encode(kept: KeptAccount) -> JSON:
    return cast(
        "JSON",
        {
            "number": kept.number,
            "account": encode_account(kept.account),
            "kept": list(kept.kept),
            "of": kept.of,
        },
    )


def _decode(values: JSON) -> KeptAccount:
    kept = cast("dict[str, Any]", values)
    return KeptAccount(kept["number"], decode_account(kept["account"]), tuple(kept["kept"]), kept["of"])


#: Without words: no search of the vault finds an account by a person.
ACCOUNT: Final = Kind("account", 1, _encode, _decode)
#: The highest number that was ever given, so that none is given twice.
_LAST: Final = Kind[int]("account number", 1, lambda number: number, lambda value: cast("int", value))


def add_account(vault: Vault, account: Account, now: datetime) -> Record[KeptAccount]:
    """Keep a draft under the next number."""
    with vault.transaction():
        found = vault.records.all(_LAST, limit=1)
        number = found[0].value + 1 if found else 1
        for record in found:
            vault.records.delete(_LAST, record.id)
        vault.records.add(_LAST, number, now)
        return vault.records.add(ACCOUNT, KeptAccount(number, account), now)


def complete_account(
    vault: Vault, number: int, account: Account, now: datetime, *, expected: int | None = None
) -> Record[KeptAccount]:
    """Keep `account` as a new version; earlier versions stay. The same account again makes no version.

    Raises:
        UserError: There is no such account, or `expected` is not its latest version.
    """
    before = find_account(vault, number)
    if before.value.account == account and expected in {None, before.version}:
        return before
    return vault.records.save(
        ACCOUNT, before.id, replace(before.value, account=account), now, expected=expected
    )


def all_accounts(vault: Vault) -> tuple[Record[KeptAccount], ...]:
    """Return the latest version of every account, by number and by nothing else."""
    return tuple(sorted(_all(vault), key=lambda record: record.value.number))


def find_account(vault: Vault, number: int) -> Record[KeptAccount]:
    """Return an account by its number; UserError when there is none."""
    for record in _all(vault):
        if record.value.number == number:
            return record
    raise UserError(
        mark("There is no account {number} here."),
        mark("The list of accounts shows what there is."),
        number=number,
    )


def account_versions(vault: Vault, number: int) -> tuple[Record[KeptAccount], ...]:
    """Return every version of an account, newest first; UserError when there is none."""
    return vault.records.versions(ACCOUNT, find_account(vault, number).id)


def delete_account(vault: Vault, number: int) -> tuple[int, ...]:
    """Delete a draft in every version; return the numbers of the evidence it became, which stays."""
    record = find_account(vault, number)
    vault.records.delete(ACCOUNT, record.id)
    return record.value.kept


def stands_in_way(vault: Vault, account: Account, *, before_review: bool = False) -> tuple[Obstacle, ...]:
    """Return every reason why an account cannot become evidence yet, also what it refers to and is not here."""
    return (
        *obstacles(account, before_review=before_review),
        *(
            Obstacle(mark("It refers to evidence or an order that is not in this vault."))
            for what, number in account.references()
            if not _is_here(vault, what, number)
        ),
    )


def review_account(
    vault: Vault, number: int, said: Mapping[str, str], now: datetime, *, expected: int | None = None
) -> Record[KeptAccount]:
    """Record what a second person checked of a record of official conduct as it stands; a later change makes it void.

    Args:
        vault: The open vault.
        number: Of the account.
        said: `reviewer`, `role` and `checked`, in the reviewer's words.
        now: The day of the review.
        expected: The version that was read.

    Raises:
        UserError: It is no such record, something must be mended first, a word is missing or about private life, the
            reviewer wrote it, or `expected` is not its latest version.
    """
    record = find_account(vault, number)
    account = record.value.account
    if account.kind != "accountability":
        raise UserError(
            mark("Account {number} needs no review."),
            mark("Only a record of official conduct does."),
            number=number,
        )
    refuse_blocked(number, stands_in_way(vault, account, before_review=True))
    words = {name: " ".join(clean(said.get(name, "")).split()) for name in ("reviewer", "role", "checked")}
    if not all(words.values()) or any(len(text) > MOST_REVIEW for text in words.values()):
        raise UserError(
            mark("A review says who reviewed it, what they are, and what they checked."),
            mark("Fill in all three, each with at most a thousand letters. An alias is enough."),
        )
    if any(find_private(text) for text in words.values()):
        raise UserError(
            mark("The review holds what looks like private life, an address or a number to call."),
            mark("Leave it out. A name or alias, what they are and what they checked are enough."),
        )
    if same_person(words["reviewer"], account):
        raise UserError(
            mark("The reviewer is who wrote it, or whom it is about."),
            mark("A second person must review it."),
        )
    review = Review(on=f"{now:%Y-%m-%d}", of=account.fingerprint(), **words)
    return complete_account(vault, number, replace(account, review=review), now, expected=expected)


def keep_account(vault: Vault, number: int, now: datetime) -> Record[Evidence]:
    """Keep an account as evidence, with a custody log of its own; changed and kept again, it names the one it corrects.

    Raises:
        UserError: Something stands in the way, or it was kept already and not changed since.
        FullError: The vault has no room; nothing stays.
    """
    record = find_account(vault, number)
    account, before = record.value.account, record.value.kept
    refuse_blocked(number, stands_in_way(vault, account))
    if before and not record.value.changed:
        raise UserError(
            mark("Account {number} is kept as evidence {evidence} already, and was not changed since."),
            mark("Change it first; then it is kept anew, and the earlier one stays."),
            number=number, evidence=before[-1],
        )  # fmt: skip
    names = {
        (what, each): find_evidence(vault, each).value.sha256 if what == "evidence" else _order(vault, each)
        for what, each in account.references()
    }
    corrects = _earlier(vault, before)
    written = write_account(account, f"{now:%Y-%m-%d}", names, corrects)
    kept = add_evidence(
        vault,
        [written],
        now,
        title=_title(account, number),
        name="account.json",
        capture=_notes(account),
        kind=account.kind,
    )
    after = replace(record.value, kept=(*before, kept.value.number), of=account.fingerprint())
    vault.records.save(ACCOUNT, record.id, after, now)
    return kept


def exported_account(
    vault: Vault, number: int, now: datetime, *, readable: bool, language: Language = ENGLISH
) -> bytes:
    """Return an account that was kept as evidence, as text or as the very bytes that were kept, and note in its log that it left.

    Raises:
        UserError: There is no such account, something stands in its way, or it is not kept as it stands.
    """
    kept = find_account(vault, number).value
    refuse_blocked(number, stands_in_way(vault, kept.account))
    if not kept.kept or kept.changed:
        raise UserError(
            mark("Account {number} is not kept as evidence as it stands."),
            mark("Keep it as evidence first; then what leaves is what its log speaks of."),
            number=number,
        )
    content = b"".join(stream_evidence(vault, kept.kept[-1]))
    to = kept.account.text("recipient_name") or "unknown"
    log_event(vault, kept.kept[-1], "transfer", {**when(now), "custodian_to": to[:2_000]}, now)
    return as_text(read_written(content), language).encode() if readable else content


def refuse_blocked(number: int, found: Sequence[Obstacle]) -> None:
    """Raise UserError with the first reason; return if there is none."""
    if found:
        raise UserError(
            mark("Account {number} cannot become evidence or leave yet. {reason}"),
            mark("Look at the account itself: it lists all that is missing."),
            number=number, reason=found[0].sentence,
        )  # fmt: skip


def _title(account: Account, number: int) -> str:
    """Return a title without any word of the account: no list says whom it is about."""
    return f"{FORMS[account.kind].title} ({number})"


def _notes(account: Account) -> dict[str, str]:
    """Return the notes of the evidence; of a record of official conduct none that could name its subject."""
    said = {
        "collector": account.text("author"),
        "when": account.text("written"),
        "method": "written into a form",
    }
    if account.kind == "harm":
        said |= {
            "consent": account.form.field("consent").choices[account.text("consent")],
            "withdrawal": account.text("withdrawn"),
            "limits": account.text("limits"),
            "risk": account.text("risk"),
        }
    return {name: text for name, text in said.items() if text}


def _earlier(vault: Vault, kept: Sequence[int]) -> str:
    """Return the SHA-256 of the last evidence an account became that is still there."""
    for number in reversed(kept):
        if _is_here(vault, "evidence", number):
            return find_evidence(vault, number).value.sha256
    return ""


def _order(vault: Vault, number: int) -> str:
    heard = find_order(vault, number).value.order.heard
    return f"an order of {heard.written()}" if heard else "an order of an unknown day"


def _is_here(vault: Vault, what: str, number: int) -> bool:
    try:
        if what == "evidence":
            find_evidence(vault, number)
        else:
            find_order(vault, number)
    except UserError:
        return False
    return True


def _all(vault: Vault) -> Iterator[Record[KeptAccount]]:
    for start in range(0, vault.records.count(ACCOUNT), _AT_ONCE):
        yield from vault.records.all(ACCOUNT, limit=_AT_ONCE, offset=start)
