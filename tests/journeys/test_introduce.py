"""Two members brought together: only who asked, one letter to each, the same numbers from both sides, and a break costs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis.strategies import binary

from holdfire.conversation.desk_log import Act
from holdfire.conversation.kinds import Kind
from holdfire.conversation.reply import MOST_TEXT
from holdfire.desk.board import Pulled
from holdfire.desk.meeting import letter, numbers_of
from holdfire.desk.own import Place
from holdfire.errors import NetworkError, UserError
from holdfire.journeys import keep_own_desk, run_desk
from holdfire.journeys.introduce import Side, asking, introduce, letters
from holdfire.journeys.keep_own_desk import Room, own_desk
from holdfire.journeys.kept_desk import CAME
from holdfire.reach.relay import RelayWay
from holdfire.vault.vault import Vault
from holdfire.wire.http import Answer, Request
from simulators.desk_threads import ask_to_meet, fill_desk, make_desk, sealed
from simulators.relay_server import RelayServer, relaying

NOW = datetime.now(UTC)
ONE, OTHER = Side(4, "Noon, at the bridge. {says}"), Side(5, "Am Mittag, an der Brücke.")


@pytest.fixture
def desk() -> Iterator[Vault]:
    """A desk with five threads; the members of 4 and 5 asked to meet somebody."""
    with Vault.in_memory() as vault:
        fill_desk(vault, NOW)
        ask_to_meet(vault, NOW)
        yield vault


def test_only_who_asked_is_brought_together(desk: Vault) -> None:
    assert [(one.number, one.meet) for one in asking(desk)] == [
        (4, ("Another officer",)),
        (5, ("Somebody who has resigned",)),
    ]
    with pytest.raises(UserError, match="thread 2 did not ask"):
        letters(desk, ONE, Side(2, "Noon."))
    with pytest.raises(UserError, match="no thread 9"):
        letters(desk, Side(9, "Noon."), OTHER)
    with pytest.raises(UserError, match="one thread, named twice"):
        letters(desk, ONE, Side(4, "Noon."))


def test_a_wish_that_came_twice_with_different_contents_is_nobodys(desk: Vault) -> None:
    one = run_desk.show(desk, 4).messages[0]
    record = next(kept for kept in desk.records.known(CAME) if kept.value == one)
    desk.records.save(CAME, record.id, replace(one, verdict="clash"), NOW)
    assert [one.number for one in asking(desk)] == [5]


@pytest.mark.parametrize("text", ["", "  \n", "x" * MOST_TEXT])
def test_a_text_that_is_missing_or_too_long_is_said(desk: Vault, text: str) -> None:
    with pytest.raises(UserError, match=r"Nothing is written|at most 2850"):
        letters(desk, ONE, Side(5, text))


def test_each_says_what_the_other_hears(desk: Vault) -> None:
    one, other = letters(desk, ONE, OTHER)
    # Both asked for answers in Russian.
    assert "Как узнать друг друга" in one
    assert "Noon, at the bridge. {says}" in one
    assert "Am Mittag, an der Brücke." in other
    says, hears = re.findall(r"назовите число (\d\d)\..*назовёт (\d\d)\.", one)[0]
    assert re.findall(r"назовите число (\d\d)\..*назовёт (\d\d)\.", other) == [(hears, says)]
    # Which of them is named first changes nothing.
    assert letters(desk, OTHER, ONE) == (other, one)


@given(binary(min_size=32, max_size=32), binary(min_size=32, max_size=32), binary(min_size=32, max_size=32))
def test_numbers_are_two_of_two_digits_and_the_same_from_both_sides(
    desk_id: bytes, one: bytes, other: bytes
) -> None:
    says, hears = numbers_of(desk_id, one, other)
    assert 10 <= says <= 99
    assert 10 <= hears <= 99
    assert says != hears
    assert one == other or numbers_of(desk_id, other, one) == (hears, says)


@pytest.mark.parametrize(("language", "word"), [("en", "You need not go"), ("", "You need not go"), ("es", "You need not go"),
                                                ("ru-BY", "Идти не обязательно"), ("be", "Ісці неабавязкова")])  # fmt: skip
def test_the_letter_is_in_the_members_language(language: str, word: str) -> None:
    made = letter(language, "  Noon. ", 12, 34)
    assert word in made
    assert "\n\nNoon.\n\n" in made
    assert "12" in made
    assert "34" in made
    assert "{" not in made
    # Two thirds of an answer stay for the desk's own words.
    assert len(made.encode()) < MOST_TEXT * 2 // 3


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayServer]:
    with relaying(tmp_path_factory.mktemp("relay") / "relay") as running:
        yield running


def test_a_break_after_the_first_answer_goes_on_with_the_second(server: RelayServer) -> None:
    with Vault.in_memory() as desk, RelayWay(server.origin) as way:
        room = Room(server.origin, server.head_key, server.grant())
        made, _root = keep_own_desk.new_desk(desk, "Lawyers", "", [room], "first", NOW)
        keep_own_desk.settle(made.value, room, way.ask)
        own = own_desk(desk).value
        entries = [sealed(own, Kind.INTRODUCTION, "", {"meet": "An officer"}, origin=server.origin)]
        entries += [sealed(own, Kind.INTRODUCTION, "", {"meet": "A conscript"}, origin=server.origin)]
        run_desk.take_in(desk, server.origin, Pulled(Place(), tuple(enumerate(entries))), NOW)
        one, other = Side(1, "Noon."), Side(2, "Midday.")
        posts = 0

        def breaks(request: Request) -> Answer:
            nonlocal posts
            posts += request.method == "POST" and len(request.body) == 8_192
            if posts > 1:
                raise NetworkError("gone")
            return way.ask(request)

        with pytest.raises(NetworkError):
            introduce(desk, one, other, breaks, NOW)
        assert [len(run_desk.show(desk, number).said.replies) for number in (1, 2)] == [1, 0]
        introduce(desk, one, other, way.ask, NOW)
        introduce(desk, other, one, way.ask, NOW)
        said = letters(desk, one, other)
        assert [run_desk.show(desk, number).said.replies for number in (1, 2)] == [(said[0],), (said[1],)]
        run_desk.do(desk, Act.END, 2, "", way.ask, NOW)
        assert [one.number for one in asking(desk)] == [1]
        with pytest.raises(UserError, match="was ended"):
            letters(desk, one, Side(2, "Once more."))


def test_nobody_asked() -> None:
    with Vault.in_memory() as desk:
        make_desk(desk, NOW)
        assert asking(desk) == ()
