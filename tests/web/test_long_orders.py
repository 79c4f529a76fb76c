"""A very long order: every page of it stays small, nothing of it is lost, and all of it can be read."""

from __future__ import annotations

import html
import re

from hypothesis import example, given
from hypothesis import strategies as st

from holdfire.journeys.record_order import add_order, complete_order
from holdfire.orders.intake import parse_order
from holdfire.orders.order import MOMENTS, TEXTS, Order
from holdfire.pack.reader import Node
from holdfire.web.pages.order_fields import MOST_BYTES, PARTS, pieces_of, size_of
from simulators.reader import Reading
from simulators.served import BEGIN, Answer, Served

MOST_PAGE = 30 * 1024
LONG = "\n".join(f"Пункт {number}: разойтись <немедленно> & «стоять»." for number in range(900))


def fits(answer: Answer) -> bool:
    return answer.status == 200 and len(answer.text.encode()) <= MOST_PAGE


def long_order(opened: Served, *names: str) -> None:
    vault = opened.program.session.vault
    assert vault is not None
    order = parse_order(Node("", 0, {name: Node("", 0, [Node("", 0, LONG)]) for name in names}), Order())
    opened.program.session._thread.submit(add_order, vault, order, BEGIN).result()


def test_a_long_order_is_read_in_parts_and_none_of_it_is_lost(opened: Served) -> None:
    long_order(opened, "words")
    page = opened.get("/orders/1")
    assert fits(page)
    path = next(link for link in Reading(page.text).links if "/text/words" in link)
    read, asked = "", 0
    while path:
        answer = opened.get(path)
        assert fits(answer)
        found = re.search(r'<pre dir="auto">\n(.*?)</pre>', answer.text, re.DOTALL)
        assert found
        read += html.unescape(found[1])
        asked += 1
        nexts = re.search(r'class="button" href="([^"]+)">The next part', answer.text)
        path = "/orders/1/text/words" + html.unescape(nexts[1]) if nexts else ""
    assert read == LONG
    assert asked > 3


def test_every_field_can_be_long_at_once(opened: Served) -> None:
    long_order(opened, *TEXTS)
    for path in ("/orders/1", "/orders", "/orders/1/review?country=by", "/orders/1/own/write",
                 "/letters/write?order=1&kind=written-order", *(f"/orders/1/part/{part}" for part in PARTS)):  # fmt: skip
        assert fits(opened.get(path)), path


def test_a_field_too_long_to_change_stays_as_it_is(opened: Served) -> None:
    long_order(opened, "words")
    form = opened.get("/orders/1/part/words").text
    assert "Too long for this page; it stays as it is:" in form
    assert not re.search(r'name="words"', form)
    opened.post("/orders/1/part/words", gist="Clear the square.", version="1")
    assert "Clear the square." in opened.get("/orders/1").text
    assert "Пункт 899" in opened.get("/orders/1/text/words?part=9999").text or fits(
        opened.get("/orders/1/text/words")
    )


def test_every_version_can_be_reached(opened: Served) -> None:
    opened.post("/orders/new", words="0")
    vault = opened.program.session.vault
    assert vault is not None
    for number in range(1, 60):
        opened.program.session._thread.submit(
            complete_order, vault, 1, Order(words=str(number)), BEGIN
        ).result()
    seen, waiting = set(), ["/orders/1"]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            answer = opened.get(path)
            assert fits(answer)
            waiting += [link for link in Reading(answer.text).links if "?version=" in link]
    assert len(seen) >= 60


@given(st.text(max_size=400), st.integers(1, 40))
@example("a" * 1000, 10)
@example("  \n\n", 1)
def test_pieces_lose_nothing_and_are_small(text: str, most: int) -> None:
    pieces = pieces_of(text, most)
    assert "".join(pieces) == text
    word = max((size_of(word) for word in re.findall(r"\S{1,200}\s{0,200}|\s{1,200}", text)), default=0)
    assert all(size_of(piece) <= max(most, word) for piece in pieces)


def test_a_page_of_text_leaves_room_for_its_frame() -> None:
    assert MOST_BYTES < MOST_PAGE * 2 // 3
    assert set(MOMENTS).isdisjoint(TEXTS)


def test_words_too_long_for_a_letter_are_left_out_and_said_to_be(opened: Served) -> None:
    long_order(opened, "words")
    form = opened.get("/letters/write?order=1&kind=written-order").text
    assert "too long for a letter" in form
    assert "Пункт 1:" not in form
