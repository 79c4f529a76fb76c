"""Make a working copy of evidence: look at what it tells, try a copy and look at that, keep it with a log of its own.

The original is only read. Every decoder runs in a process of its own (evidence/apart); what comes back is read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, Literal

from holdfire.errors import UserError
from holdfire.evidence.apart.asking import Wish, copy_apart, look_apart, show_apart
from holdfire.evidence.copies.bounds import Progress, untold
from holdfire.evidence.copies.form import FILMS, PICTURES, Form
from holdfire.evidence.copies.refusals import not_understood
from holdfire.evidence.copies.view import Shown, Told, View
from holdfire.evidence.copies.working_copy import COVERED, KEPT_TEXT, Copy, Step, left_in
from holdfire.evidence.item import MOST_TITLE
from holdfire.journeys.keep_copy_draft import CopyDraft, Tried, draft_of, forget_trial, save_draft, tried_of
from holdfire.journeys.keep_evidence import Evidence, add_evidence, find_evidence, stream_evidence
from holdfire.language import mark
from holdfire.vault.blobs import Item
from holdfire.vault.records import Record
from holdfire.vault.vault import Vault

#: What an item is called by `evidence.kinds` and what the copies call it; others get no copy.
FORMS: Final = {
    "jpeg": Form.JPEG,
    "tiff": Form.TIFF,
    **{form.value: form for form in Form if form not in {Form.JPEG, Form.TIFF}},
}
_COPY_OF: Final = mark("Copy of {title}")
_PIECE: Final = 1 << 20

Sort = Literal["picture", "paper", "film", "sound", "none"]


def sort_of(kept: Evidence) -> Sort:
    """Return what can be covered in an item: a picture, pages, a film, sound, or nothing because no copy is made of it."""
    form = FORMS.get(kept.form)
    if form is None:
        return "none"
    if form in PICTURES:
        return "picture"
    if form in FILMS:
        return "film"
    return "sound" if form is Form.MP3 else "paper"


def look_at(vault: Vault, number: int, progress: Progress = untold) -> Told:
    """Return what an item tells before anything is done; CopyRefusedError where no copy can be made of its type."""
    return look_apart(_pieces(vault, number), progress)


def show_item(vault: Vault, number: int, view: View, progress: Progress = untold) -> Shown:
    """Return a page, a frame or a moment of an item as a small picture; CopyRefusedError where there is none."""
    return show_apart(_pieces(vault, number), view, progress)


def show_tried(vault: Vault, number: int, view: View, progress: Progress = untold) -> Shown:
    """Return the same of the copy that was tried; UserError when there is none."""
    return show_apart(vault.blobs.stream(_tried(vault, number).item), view, progress)


def try_copy(vault: Vault, number: int, wish: Wish, now: datetime, progress: Progress = untold) -> Tried:
    """Make a copy into the vault to be looked at; it replaces one that was tried before, and is no evidence yet.

    Raises:
        CopyRefusedError: No copy can be made; what was marked stays.
        SpecError: A box lies on no page.
        FullError: The vault has no room.
    """
    record = find_evidence(vault, number)
    copy = copy_apart(_pieces(vault, number), wish, progress)
    forget_trial(vault, record.id, now)
    draft = draft_of(vault, record.id)

    def with_it(item: Item) -> None:
        # In one commit: bytes that no draft names would outlive the evidence when it is destroyed.
        save_draft(vault, replace(draft, tried=tried_of(item.id, copy), corner=None), now)

    vault.blobs.add(_cut(copy.data), now, with_it=with_it)
    return _tried(vault, number)


def keep_tried(vault: Vault, number: int, now: datetime, clock: str = "unknown") -> Record[Evidence]:
    """Keep the copy that was tried as an item of its own, with events in both logs; what was marked for it goes.

    Raises:
        UserError: None was tried.
    """
    record, tried = find_evidence(vault, number), _tried(vault, number)
    stream = vault.blobs.stream(tried.item)
    kept = _keep(vault, record.value, stream, tried.size, tried.steps, now, clock)
    save_draft(vault, CopyDraft(record.id), now)
    return kept


def make_copy(
    vault: Vault, number: int, wish: Wish, now: datetime, progress: Progress = untold, clock: str = "unknown"
) -> tuple[Record[Evidence], Copy]:
    """Make a working copy of an item and keep it as an item of its own, with events in both logs.

    Args:
        vault: The open vault.
        number: Of the item.
        wish: What is wanted.
        now: When.
        progress: Told how many pages or frames are done.
        clock: Where `now` comes from.

    Returns:
        The new item, and the copy with what was found and what it can still tell.

    Raises:
        CopyRefusedError: No copy can be made; nothing was kept.
        SpecError: A box lies on no page.
    """
    original = find_evidence(vault, number).value
    copy = copy_apart(_pieces(vault, number), wish, progress)
    kept = _keep(vault, original, _cut(copy.data), len(copy.data), copy.steps, now, clock)
    return kept, copy


def still_tells(kept: Evidence) -> tuple[str, ...]:
    """Return what a working copy can still tell, as marked sentences; nothing for an original."""
    form = FORMS.get(kept.form)
    if not kept.copy_of or form is None:
        return ()
    covered = COVERED if "covered" in kept.steps else ()
    return left_in(form) + covered + ((KEPT_TEXT,) if "kept-text" in kept.steps else ())


def _keep(
    vault: Vault,
    original: Evidence,
    pieces: Iterator[bytes],
    size: int,
    steps: Sequence[Step],
    now: datetime,
    clock: str,
) -> Record[Evidence]:
    # The title may name what the copy hides: it stays in the vault, as every title does.
    title = _COPY_OF.format(title=original.title)[:MOST_TITLE]
    names = tuple(step.name for step in steps)
    utc = now.astimezone(UTC)  # the log commits to the offset too, and that tells where somebody is
    return add_evidence(
        vault,
        pieces,
        utc,
        title=title,
        size=size,
        copy_of=original.number,
        steps=names,
        kind="copy",
        clock=clock,
    )


def _pieces(vault: Vault, number: int) -> Iterator[bytes]:
    kept = find_evidence(vault, number).value
    if kept.form not in FORMS:
        raise not_understood()
    return stream_evidence(vault, number)


def _cut(data: bytes) -> Iterator[bytes]:
    return (data[at : at + _PIECE] for at in range(0, len(data), _PIECE))


def _tried(vault: Vault, number: int) -> Tried:
    tried = draft_of(vault, find_evidence(vault, number).id).tried
    if tried is None:
        raise UserError(mark("There is no copy to look at."), mark("Go back and make one."))
    return tried
