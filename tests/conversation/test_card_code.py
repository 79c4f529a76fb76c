"""The text of a card's QR code: one spelling, and nothing else's card behind it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.conversation.card import read_card
from holdfire.conversation.card_code import MOST_CODE, CardCode, code_of, fetch_card, read_code
from holdfire.conversation.faults import CrossDeskError, ForgedError
from holdfire.errors import UserError
from holdfire.wire.http import Answer, Ask, Request, read_sheet
from holdfire.wire.refusals import RefusedError
from holdfire.wire.sheets import CARD
from simulators.desk_card import desk_card

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORIGINS = ("https://relay.example", f"http://{'a2' * 28}.onion", "http://127.0.0.1:8008")


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.sampled_from(ORIGINS))
def test_a_code_is_read_as_it_was_written(desk: bytes, sheet: bytes, origin: str) -> None:
    code = CardCode(desk, sheet, origin)
    assert read_code(f" {code}\n") == code
    assert len(str(code)) <= MOST_CODE


GOOD = str(CardCode(b"\xab" * 32, b"\xcd" * 32, ORIGINS[0]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://relay.example",
        GOOD.upper(),
        GOOD.replace("ab" * 32, "AB" * 32),
        GOOD.replace("ab" * 32, "ab" * 31),
        GOOD.replace("&sheet", "&other"),
        GOOD.replace("https", "ftp"),
        GOOD.replace("https", "http"),
        GOOD + "/path",
        GOOD + "&more=1",
        GOOD + "\n" + GOOD,
    ],
)
def test_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        read_code(text)


def holding(code: CardCode, content: bytes) -> Ask:
    """Return a relay that has one card."""

    def ask(request: Request) -> Answer:
        return Answer(200, {}, content) if request == read_sheet(code.sheet, CARD) else Answer(404)

    return ask


def test_a_card_is_fetched_and_that_of_another_desk_refused() -> None:
    (first, _), (second, _) = desk_card(NOW), desk_card(NOW)
    code = code_of(read_card(first))
    assert fetch_card(code, holding(code, first)) == first
    with pytest.raises(CrossDeskError):
        fetch_card(code, holding(code, second))
    with pytest.raises(ForgedError):
        fetch_card(code, holding(code, first.replace(b"Lawyers", b"Liars!!")))
    with pytest.raises(RefusedError):
        fetch_card(CardCode(code.desk, b"x" * 32, code.origin), holding(code, first))
