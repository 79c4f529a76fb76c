"""Every size gives four equal regions whose areas do not touch one another."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.errors import UserError
from holdfire.vault.layout import HEAD_SIZE, PAGE_SIZE, SMALLEST, STRIDE, region, slot_place

sizes = st.integers(SMALLEST, 1 << 44)


@settings(deadline=None)
@given(sizes)
def test_regions_are_equal_and_fill_the_file(size: int) -> None:
    regions = [region(number, size) for number in range(1, 5)]
    assert len({(each.size, each.pages, each.blocks) for each in regions}) == 1
    assert regions[0].start == HEAD_SIZE
    for before, after in pairwise(regions):
        assert before.start + before.size == after.start
    end = regions[-1].start + regions[-1].size
    assert size - 4 * 4096 < end <= size


@settings(deadline=None)
@given(sizes)
def test_pages_end_before_the_journal_and_the_journal_with_the_region(size: int) -> None:
    for number in range(1, 5):
        each = region(number, size)
        assert each.start + each.pages * PAGE_SIZE <= each.journal
        assert each.journal + each.blocks * STRIDE == each.start + each.size
        assert 256 <= each.blocks <= 4096
        assert each.start % 4096 == each.journal % 4096 == 0


def test_the_usual_vault_has_a_gibibyte_a_compartment() -> None:
    each = region(1, 4 << 30)
    assert each.blocks == 3276
    assert each.pages == (each.size - 3276 * 20_480) // 16_384 == 61_440


def test_the_eight_copies_of_slots_fill_the_head() -> None:
    places = sorted(slot_place(slot, copy) for slot in range(1, 5) for copy in (b"A", b"B"))
    assert places == list(range(4096, HEAD_SIZE, 4096))


def test_a_smaller_file_is_refused() -> None:
    with pytest.raises(UserError, match="64 MiB"):
        region(1, SMALLEST - 1)
