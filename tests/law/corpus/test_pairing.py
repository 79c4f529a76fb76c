"""An article is proposed by its number, decided by the person, and never chosen between two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from holdfire.law.corpus.imported import NONE
from holdfire.law.corpus.pairing import Pairing, pair


def paired(
    cited: str, keys: Sequence[str], chosen: int | None = None, lengths: Mapping[int, int] | None = None
) -> Pairing:
    def find(key: str) -> list[int]:
        return [number for number, one in enumerate(keys) if one == key]

    def measured(numbers: Sequence[int]) -> dict[int, int]:
        return {number: (lengths or {}).get(number, 500) for number in numbers}

    return pair(cited, chosen, find, measured)


def test_the_one_with_the_number_is_proposed() -> None:
    assert paired("art. 7(1)", ["", "article:6", "article:7"]) == Pairing((2,), "number", (2,))


def test_a_code_in_sections_is_found_too() -> None:
    assert paired("art. 7", ["section:7"]).articles == (0,)
    assert paired("art. 90 (10 USC 890)", ["section:889", "section:890"]).articles == (1,)


def test_several_cited_are_several() -> None:
    assert paired("arts 34-35", ["article:34", "article:35"]).articles == (0, 1)


def test_two_under_one_number_are_left_to_the_person() -> None:
    assert paired("art. 7", ["article:7", "article:7"]) == Pairing((), "several", (0, 1))


def test_a_line_of_the_contents_is_no_rival() -> None:
    assert paired("art. 7", ["article:7", "article:7"], lengths={0: 40, 1: 900}).articles == (1,)
    assert paired("art. 7", ["article:7", "article:7"], lengths={0: 400, 1: 2_000}).how == "several"


def test_the_person_decides() -> None:
    assert paired("art. 7", ["article:7", "article:8"], chosen=1) == Pairing((1,), "person", (0,))
    assert paired("art. 7", ["article:7"], chosen=NONE) == Pairing((), "none", (0,))
    assert paired("whole", ["article:7"], chosen=0).articles == (0,)


def test_without_a_number_nothing_is_proposed() -> None:
    assert paired("whole", ["article:7"]) == Pairing((), "none", ())
    assert paired("art. 9", ["article:7"]) == Pairing((), "none", ())


@given(
    st.lists(st.sampled_from(["article:7", "article:8", "section:7", "point:7", ""]), max_size=8),
    st.text(max_size=30),
)
def test_what_is_proposed_has_a_number_that_was_cited(keys: list[str], cited: str) -> None:
    found = paired(cited, keys)
    assert set(found.articles) <= set(found.candidates)
    assert all(keys[one] for one in found.candidates)
