"""What a person writes to have something covered is read strictly, and faults are told with their line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.evidence.copies.spec import Box, Span, SpecError, parse_spec


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("100,200,300,400", Box(100, 200, 300, 400)),
        ("10%, 20%, 30%, 5.5%", Box(10, 20, 30, 5.5, parts=True)),
        ("page 2: 1,2,3,4", Box(1, 2, 3, 4, first=2, last=2)),
        ("Pages 2-4: 1,2,3,4", Box(1, 2, 3, 4, first=2, last=4)),
        ("frame 7:1,2,3,4", Box(1, 2, 3, 4, first=7, last=7)),
        ("all: 1,2,3,4", Box(1, 2, 3, 4)),
        ("time 0:05-0:10.5: 1,2,3,4", Box(1, 2, 3, 4, span=Span(5_000, 10_500))),
        ("time 1:00:00-1:00:01: 1,2,3,4", Box(1, 2, 3, 4, span=Span(3_600_000, 3_601_000))),
    ],
)
def test_boxes(text: str, box: Box) -> None:
    assert parse_spec(text).boxes == (box,)


def test_several_wishes_comments_and_silences() -> None:
    spec = parse_spec("# the face\n1,2,3,4; page 2: 5,6,7,8\n\nsound 0:10-0:15\n", "white")
    assert [(box.left, box.line) for box in spec.boxes] == [(1, 2), (5, 2)]
    assert spec.silences == (Span(10_000, 15_000),)
    assert spec.colour == "white"


@pytest.mark.parametrize(
    ("text", "line", "rule"),
    [
        ("", 1, "nothing"),
        ("1,2,3,4\n1,2,3", 2, "four numbers"),
        ("1,2,3,x", 1, "“x” is no number"),
        ("1,2,-3,4", 1, "no number"),
        ("1,2,3,4%", 1, "all four"),
        ("1,2,0,4", 1, "no width"),
        ("60%,0%,50%,10%", 1, "past 100%"),
        ("page 0: 1,2,3,4", 1, "count from 1"),
        ("page 4-2: 1,2,3,4", 1, "count from 1"),
        ("page two: 1,2,3,4", 1, "no number"),
        ("\n\nsound 0:15-0:10", 3, "ends after"),
        ("sound x-y", 1, "four numbers"),
        ("time 1:2:3:4-5: 1,2,3,4", 1, "no time"),
        ("\u0661,2,3,4", 1, "no number"),
        ("1,2,3,1e9", 1, "no number"),
        (";".join(["1,2,3,4"] * 10_001), 1, "more than"),
    ],
)
def test_faults_are_told_with_their_line(text: str, line: int, rule: str) -> None:
    with pytest.raises(SpecError, match=rule) as caught:
        parse_spec(text)
    assert caught.value.line == line


@given(
    left=st.floats(0, 900), top=st.floats(0, 900), width=st.floats(0.1, 900), height=st.floats(0.1, 900),
    page=st.tuples(st.integers(1, 1000), st.integers(1, 1000)), parts=st.booleans(),
)  # fmt: skip
def test_a_box_covers_every_pixel_it_touches_and_none_outside_the_page(
    left: float, top: float, width: float, height: float, page: tuple[int, int], *, parts: bool
) -> None:
    box = Box(left, top, width, height, parts)
    wide, tall = page
    across, down = (wide / 100, tall / 100) if parts else (1.0, 1.0)
    try:
        found = box.on(wide, tall)
    except SpecError:
        assert left * across >= wide - 1e-6 or top * down >= tall - 1e-6
        return
    assert 0 <= found[0] < found[2] <= wide
    assert 0 <= found[1] < found[3] <= tall
    assert found[0] <= left * across
    assert found[2] >= min(wide, (left + width) * across) - 1e-6
    assert found[3] >= min(tall, (top + height) * down) - 1e-6


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        spec = parse_spec(text)
    except SpecError as fault:
        assert fault.rule  # noqa: PT017 - both ways are allowed, a traceback is not
    else:
        assert spec.boxes or spec.silences


def test_a_page_that_is_not_there_is_told() -> None:
    with pytest.raises(SpecError, match="there are 3 pages"):
        parse_spec("page 4: 1,2,3,4").boxes[0].numbers(3)
