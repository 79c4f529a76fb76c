"""Answers as hypothesis draws them, and a vault-free guide, shared by the tests of the guide."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from holdfire.guide.guide import Guide
from holdfire.guide.questions import Answers, Question
from holdfire.journeys.guide_here import load_guide


@cache
def guide() -> Guide:
    return load_guide()


def one_answer(question: Question) -> st.SearchStrategy[frozenset[str] | None]:
    """Draw an answer the question takes, or none."""
    alone = [frozenset({choice.id}) for choice in question.choices if choice.alone]
    free = [choice.id for choice in question.choices if not choice.alone]
    several = st.sets(st.sampled_from(free), min_size=1, max_size=min(question.many, len(free)))
    return st.one_of(st.none(), *([st.sampled_from(alone)] if alone else []), several.map(frozenset))


@st.composite
def answers(draw: st.DrawFn, /, **fixed: frozenset[str] | None) -> Answers:
    """Draw a whole set of answers; `fixed` holds some of them still (None: not answered)."""
    found: dict[str, frozenset[str]] = {}
    for question in guide().book.questions:
        given = fixed[question.id] if question.id in fixed else draw(one_answer(question))
        if given is not None:
            found[question.id] = given
    return found
