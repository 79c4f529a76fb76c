"""A small picture lies in the vault alone, is tried once, and goes with its item."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from holdfire.documents.drawing import Drawing
from holdfire.journeys.delete_evidence import delete_evidence
from holdfire.journeys.keep_evidence import add_evidence
from holdfire.journeys.keep_small import SMALL, forget_small, keep_small, small_of
from holdfire.vault.vault import Vault

NOW = datetime(2030, 5, 1, tzinfo=UTC)
DRAWN = Drawing(b"\xff\xd8\xff\x00\xff\xd9", 3)


@pytest.fixture
def vault() -> Iterator[Vault]:
    opened = Vault.in_memory()
    yield opened
    opened.lock()


def test_it_is_found_again_and_goes_with_the_evidence(vault: Vault) -> None:
    first, second = (add_evidence(vault, [b"a"], NOW) for _ in range(2))
    assert small_of(vault, first.id) is None
    for one in (first, second):
        keep_small(vault, one.id, DRAWN, NOW)
    assert small_of(vault, first.id) == keep_small(vault, first.id, DRAWN, NOW)
    assert vault.records.count(SMALL) == 2
    delete_evidence(vault, first.value.number, NOW)
    assert small_of(vault, first.id) is None
    kept = small_of(vault, second.id)
    assert kept is not None
    assert (kept.jpeg, kept.pages) == (DRAWN.jpeg, 3)
    forget_small(vault, second.id)
    forget_small(vault, second.id)
    assert vault.records.count(SMALL) == 0


def test_what_cannot_be_drawn_is_noted_so_that_it_is_not_tried_again(vault: Vault) -> None:
    one = add_evidence(vault, [b"a"], NOW)
    keep_small(vault, one.id, None, NOW)
    kept = small_of(vault, one.id)
    assert kept is not None
    assert kept.jpeg == b""
