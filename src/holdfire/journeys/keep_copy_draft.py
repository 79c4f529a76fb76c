"""Keep what a person marked so far for a copy: boxes, silences, a first corner; and the copy they tried, before it counts.

It lies in the vault, so that leaving or the idle lock loses no box. Nothing of it stands in the custody log: only a
copy that is kept does.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, cast

from holdfire.evidence.copies.form import Form
from holdfire.evidence.copies.spec import Box, Span, Spec
from holdfire.evidence.copies.working_copy import Copy, Step, Trace
from holdfire.journeys.keep_evidence import all_evidence
from holdfire.vault.records import JSON, Kind, Record
from holdfire.vault.vault import Vault

_MOST: Final = 1_000


@dataclass(frozen=True)
class Corner:
    """The first corner of a new box, in hundredths of width and height; on a page, or at a moment of a film."""

    across: float
    down: float
    page: int = 1
    moment: int = 0


@dataclass(frozen=True)
class Tried:
    """A copy that was made to be looked at.

    Attributes:
        item: The id of its bytes in the vault.
        size: Its bytes.
        form: What it is.
        steps: What was done.
        found: What the original told.
        left: What it can still tell.
    """

    item: str
    size: int
    form: Form
    steps: tuple[Step, ...]
    found: tuple[Trace, ...]
    left: tuple[str, ...]


@dataclass(frozen=True)
class CopyDraft:
    """What is marked for a copy of one item.

    Attributes:
        evidence: The id of the item's record.
        boxes: In the order they were set; always in hundredths.
        silences: Stretches without sound.
        corner: The first corner of a new box.
        tried: The copy that waits to be kept or thrown away.
    """

    evidence: str
    boxes: tuple[Box, ...] = ()
    silences: tuple[Span, ...] = ()
    corner: Corner | None = None
    tried: Tried | None = None

    @property
    def spec(self) -> Spec | None:
        """What is to be covered; None where nothing is."""
        return Spec(self.boxes, self.silences) if self.boxes or self.silences else None


def tried_of(item: str, copy: Copy) -> Tried:
    """Return what is kept of a copy whose bytes lie in the vault under `item`."""
    return Tried(item, len(copy.data), copy.form, copy.steps, copy.found, copy.left)


def _encode(draft: CopyDraft) -> JSON:
    return cast("JSON", dataclasses.asdict(draft))


def _decode(values: JSON) -> CopyDraft:
    kept = cast("dict[str, Any]", values)
    boxes = tuple(
        Box(**{**one, "span": Span(**one["span"]) if one["span"] else None}) for one in kept["boxes"]
    )
    tried = kept["tried"]
    return CopyDraft(
        kept["evidence"],
        boxes,
        tuple(Span(**one) for one in kept["silences"]),
        Corner(**kept["corner"]) if kept["corner"] else None,
        Tried(
            tried["item"],
            tried["size"],
            Form(tried["form"]),
            tuple(
                Step(one["name"], one["sentence"], tuple(map(tuple, one["values"]))) for one in tried["steps"]
            ),
            tuple(map(Trace, tried["found"])),
            tuple(tried["left"]),
        )
        if tried
        else None,
    )


COPY_DRAFT: Final = Kind("copy in the making", 1, _encode, _decode)


def draft_of(vault: Vault, evidence: str) -> CopyDraft:
    """Return what is marked for the item with this record's id; an empty draft where nothing is."""
    record = _found(vault, evidence)
    return record.value if record else CopyDraft(evidence)


def save_draft(vault: Vault, draft: CopyDraft, now: datetime) -> None:
    """Keep a draft in place of the one before it; an empty one is not kept. Bytes of an earlier trial are shredded.

    Drafts of items that are gone are destroyed with it.
    """
    there = {record.id for record in all_evidence(vault)}
    old = [
        one
        for one in _drafts(vault)
        if one.value.evidence == draft.evidence or one.value.evidence not in there
    ]
    kept = draft.tried.item if draft.tried else ""
    # Bytes go in the commit that takes their last name: a power cut between the two would leave them for good.
    for one in old:
        if one.value.tried and one.value.tried.item != kept:
            _shred_trial(vault, one, now)
    with vault.transaction():
        for one in old:
            vault.records.delete(COPY_DRAFT, one.id)
        if draft != CopyDraft(draft.evidence) and draft.evidence in there:
            vault.records.add(COPY_DRAFT, draft, now)


def _shred_trial(vault: Vault, one: Record[CopyDraft], now: datetime) -> None:
    if one.value.tried:
        without = replace(one.value, tried=None)
        vault.blobs.shred(one.value.tried.item, with_it=lambda: _save_over(vault, one, without, now))


def _save_over(vault: Vault, one: Record[CopyDraft], draft: CopyDraft, now: datetime) -> None:
    vault.records.save(COPY_DRAFT, one.id, draft, now)


def forget_trial(vault: Vault, evidence: str, now: datetime) -> None:
    """Shred a copy that was tried; boxes and silences stay."""
    save_draft(vault, replace(draft_of(vault, evidence), tried=None), now)


def forget_draft(vault: Vault, evidence: str, now: datetime) -> None:
    """Destroy everything that was marked or tried for an item."""
    save_draft(vault, CopyDraft(evidence), now)


def _drafts(vault: Vault) -> tuple[Record[CopyDraft], ...]:
    return vault.records.all(COPY_DRAFT, limit=_MOST)


def _found(vault: Vault, evidence: str) -> Record[CopyDraft] | None:
    return next((one for one in _drafts(vault) if one.value.evidence == evidence), None)
