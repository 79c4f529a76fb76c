"""A working copy is evidence of its own, with events in both logs; a copy that was only tried is none."""

from __future__ import annotations

import contextlib
import io
from datetime import UTC, datetime, timedelta

import apsw
import pytest
from PIL import Image

import originals
from holdfire.errors import HoldfireError, UserError
from holdfire.evidence.apart.asking import Wish
from holdfire.evidence.copies.form import Form
from holdfire.evidence.copies.refusals import CopyRefusedError
from holdfire.evidence.copies.spec import Box, parse_spec
from holdfire.evidence.copies.strict.check import check
from holdfire.evidence.copies.view import View
from holdfire.evidence.copies.working_copy import COVERED, Trace
from holdfire.evidence.custody import event
from holdfire.journeys import make_copy as making
from holdfire.journeys.delete_evidence import delete_evidence
from holdfire.journeys.keep_copy_draft import COPY_DRAFT, CopyDraft, draft_of, forget_draft, save_draft
from holdfire.journeys.keep_evidence import (
    add_evidence,
    all_evidence,
    custody_log,
    find_evidence,
    stream_evidence,
)
from holdfire.vault.vault import Vault

NOW = datetime(2030, 5, 1, 12, 0, tzinfo=UTC)
BOX = Box(25, 25, 50, 50, parts=True)


@pytest.fixture
def vault() -> Vault:
    return Vault.in_memory()


def kept(vault: Vault, data: bytes) -> int:
    return add_evidence(vault, (data,), NOW, title="Square, 9 August").value.number


def content(vault: Vault, number: int) -> bytes:
    return b"".join(stream_evidence(vault, number))


def actions(vault: Vault, number: int) -> list[str]:
    return [
        event.read(entry.event, place).action
        for place, entry in enumerate(custody_log(vault, number).entries)
    ]


def test_a_clean_copy_is_evidence_of_its_own_and_the_original_is_as_it_was(vault: Vault) -> None:
    original = originals.rich(Form.JPEG)
    number = kept(vault, original)
    record, copy = making.make_copy(vault, number, Wish(), NOW + timedelta(minutes=1))
    assert content(vault, number) == original
    data = content(vault, record.value.number)
    check(data, Form.JPEG)
    assert data == copy.data
    assert record.value.copy_of == number
    assert record.value.kind == "copy"
    assert "pixels" in record.value.steps
    assert Trace.PLACE in copy.found
    assert set(making.still_tells(record.value)) <= set(copy.left)


def test_both_logs_say_so(vault: Vault) -> None:
    number = kept(vault, originals.rich(Form.PNG))
    clean, _ = making.make_copy(vault, number, Wish(), NOW)
    covered, _ = making.make_copy(vault, number, Wish(parse_spec("10%,10%,20%,20%")), NOW)
    assert actions(vault, number) == ["receive", "copy", "redact"]
    assert actions(vault, clean.value.number) == ["receive"]
    assert set(COVERED) <= set(making.still_tells(covered.value))


def test_what_is_not_understood_keeps_nothing(vault: Vault) -> None:
    number = kept(vault, b"only some words, which have no form to be cleaned")
    for act in (
        lambda: making.make_copy(vault, number, Wish(), NOW),
        lambda: making.look_at(vault, number),
        lambda: making.show_item(vault, number, View()),
    ):
        with pytest.raises(CopyRefusedError, match="cannot clean this type"):
            act()
    assert len(all_evidence(vault)) == 1
    assert actions(vault, number) == ["receive"]


def test_a_tried_copy_is_no_evidence_until_it_is_kept(vault: Vault) -> None:
    number = kept(vault, originals.saved(originals.scene(400, 300), "PNG"))
    record = find_evidence(vault, number)
    save_draft(vault, CopyDraft(record.id, boxes=(BOX,)), NOW)
    spec = draft_of(vault, record.id).spec
    tried = making.try_copy(vault, number, Wish(spec), NOW)
    assert len(all_evidence(vault)) == 1
    assert actions(vault, number) == ["receive"]
    with Image.open(io.BytesIO(making.show_tried(vault, number, View(width=100)).jpeg)) as seen:
        assert max(seen.convert("L").crop((30, 25, 70, 55)).tobytes()) < 16
    record_of_copy = making.keep_tried(vault, number, NOW)
    with Image.open(io.BytesIO(content(vault, record_of_copy.value.number))) as made:
        assert made.convert("RGB").crop((100, 75, 300, 225)).getextrema() == ((0, 0), (0, 0), (0, 0))
    assert actions(vault, number) == ["receive", "redact"]
    assert draft_of(vault, record.id) == CopyDraft(record.id)
    assert tried.item not in {item.id for item in vault.blobs.all()}
    with pytest.raises(UserError, match="no copy to look at"):
        making.keep_tried(vault, number, NOW)


def test_trying_again_shreds_the_copy_before_and_keeps_the_boxes(vault: Vault) -> None:
    number = kept(vault, originals.rich(Form.PNG))
    record = find_evidence(vault, number)
    save_draft(vault, CopyDraft(record.id, boxes=(BOX,)), NOW)
    first = making.try_copy(vault, number, Wish(), NOW)
    second = making.try_copy(vault, number, Wish(), NOW)
    assert {first.item, second.item} & {item.id for item in vault.blobs.all()} == {second.item}
    assert draft_of(vault, record.id).boxes == (BOX,)
    forget_draft(vault, record.id, NOW)
    assert len(vault.blobs.all()) == 1
    assert vault.records.count(COPY_DRAFT) == 0


def test_a_refused_copy_leaves_what_was_marked(vault: Vault) -> None:
    number = kept(vault, originals.rich(Form.GIF))
    record = find_evidence(vault, number)
    save_draft(vault, CopyDraft(record.id, boxes=(BOX,)), NOW)
    with pytest.raises(CopyRefusedError):
        making.try_copy(vault, number, Wish(form=Form.JPEG), NOW)
    assert draft_of(vault, record.id).boxes == (BOX,)


def test_the_draft_of_an_item_that_is_gone_goes_with_the_next_change(vault: Vault) -> None:
    one, other = kept(vault, originals.rich(Form.PNG)), kept(vault, originals.rich(Form.GIF))
    gone = find_evidence(vault, one).id
    making.try_copy(vault, one, Wish(), NOW)
    delete_evidence(vault, one, NOW)
    save_draft(vault, CopyDraft(find_evidence(vault, other).id, boxes=(BOX,)), NOW)
    assert draft_of(vault, gone) == CopyDraft(gone)
    assert len(vault.blobs.all()) == 1


def test_a_draft_comes_back_as_it_was(vault: Vault) -> None:
    number = kept(vault, originals.rich(Form.MP4))
    record = find_evidence(vault, number)
    spec = parse_spec("time 0:00-0:01: 10%,20%,30%,5%\nsound 0:00-0:01")
    draft = CopyDraft(record.id, spec.boxes, spec.silences)
    save_draft(vault, draft, NOW)
    assert draft_of(vault, record.id) == draft
    making.try_copy(vault, number, Wish(spec), NOW)
    tried = draft_of(vault, record.id).tried
    assert tried is not None
    assert {step.name for step in tried.steps} >= {"covered", "silenced"}
    assert all(step.said() for step in tried.steps)


@pytest.mark.parametrize("commit", range(8))
def test_a_trial_that_is_broken_off_leaves_no_bytes_behind_its_original(commit: int) -> None:
    with Vault.in_memory() as vault:
        add_evidence(vault, [originals.plain(Form.JPEG)], NOW)
        assert making.try_copy(vault, 1, Wish(), NOW).size
        left = [commit]

        def refuse() -> bool:
            left[0] -= 1
            return left[0] == -1

        vault.connection.set_commit_hook(refuse)
        with contextlib.suppress(apsw.Error, HoldfireError):
            making.try_copy(vault, 1, Wish(), NOW)
        vault.connection.set_commit_hook(None)
        vault.blobs.clear_leftovers()
        delete_evidence(vault, 1, NOW)
        assert not vault.blobs.all()
