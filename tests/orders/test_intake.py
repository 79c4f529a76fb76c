"""An order comes in whole from a file, a form and the vault; what is missing is unknown; a form stops nobody."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import ContentError
from holdfire.orders.captions import ACT_WORDS, CHANNEL_WORDS, FIELDS, MEASURE_WORDS
from holdfire.orders.intake import decode_order, encode_order, read_form, read_order
from holdfire.orders.moment import Moment
from holdfire.orders.order import (
    ACTS,
    CHANNELS,
    CHOICES,
    MEASURES,
    MOMENTS,
    PERSON,
    TEXTS,
    YES_OR_NO,
    Order,
    Person,
)
from orders_drawn import ORDERS

WHOLE = """
words: "Разогнать всех. Применить спецсредства."
gist: [They are to be driven off., By any means.]
understanding: With gas, I think.
language: ru
act: prikazanie
channel: radio
giver: {name: Heron, rank: major, post: commander, unit: second battalion}
recipients: third company
superior: the ministry
place: yard
heard: about 2020-08-11 14:30
written_down: 2020-08-11 20:00
from_memory: true
first_hand: yes
witnesses: [Jay, Owl]
purpose: clear the road
measure: weapons-less-lethal
against: everyone on the road
deadline: 2020-08-12
followed: nothing yet
own_acts: unknown
signed: false
dated: no
number: unknown
basis:
"""


def read(text: str, onto: Order | None = None) -> Order:
    return read_order(text.encode(), "order.yaml", onto)


def test_a_whole_file_is_read() -> None:
    order = read(WHOLE)
    assert order.words == "Разогнать всех. Применить спецсредства."
    assert order.gist == "They are to be driven off.\nBy any means."
    assert (order.act, order.channel, order.measure) == ("prikazanie", "radio", "weapons-less-lethal")
    assert order.giver == Person("Heron", "major", "commander", "second battalion")
    assert order.heard is not None
    assert order.heard.written() == "about 2020-08-11 14:30"
    assert order.deadline == Moment.on(date(2020, 8, 12))
    assert (order.from_memory, order.first_hand, order.signed, order.dated) == (True, True, False, False)
    assert order.witnesses == ("Jay", "Owl")
    assert order.unknown() == ("own_acts", "number", "basis")


def test_an_empty_map_is_an_order_of_which_all_is_unknown() -> None:
    assert read("{}") == Order()
    assert Order().unknown() == tuple(one.name for one in fields(Order))


@pytest.mark.parametrize("name", [one.name for one in fields(Order)])
def test_unknown_can_be_said_of_every_field(name: str) -> None:
    whole = read(WHOLE)
    assert getattr(read(f"{name}: unknown", whole), name) == getattr(Order(), name)
    assert getattr(read(f"{name}:", whole), name) == getattr(Order(), name)


def test_what_a_file_leaves_out_stays() -> None:
    whole = read(WHOLE)
    after = read("number: '17'\ngiver: {rank: colonel}", whole)
    assert after == replace(whole, number="17", giver=replace(whole.giver, rank="colonel"))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("words: a\nwrods: b", 2, "wrods"),
        ("words: a\nheard: yesterday", 2, "2020-08-11"),
        ("act: shout", 1, "Choose"),
        ("signed: perhaps", 1, "Choose"),
        ("giver: {home: here}", 1, "home"),
        ("words: {a: b}", 1, "text"),
        ("language: the language of the street", 1, "code"),
        ("witnesses: [" + ", ".join(f"w{n}" for n in range(51)) + "]", 1, "Fifty"),
        ("- words", 1, "map"),
        ("words: &a b\ngist: *a", 1, "anchors"),
    ],
)
def test_a_fault_in_a_file_is_named_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(ContentError) as refused:
        read(text)
    assert refused.value.line == line
    assert said in refused.value.rule


@given(st.permutations(WHOLE.strip().split("\n")))
def test_the_order_of_fields_does_not_matter(lines: list[str]) -> None:
    assert read("\n".join(lines)) == read(WHOLE)


@given(ORDERS)
def test_the_vault_gives_back_what_it_was_given(order: Order) -> None:
    assert decode_order(json.loads(json.dumps(encode_order(order)))) == order


def test_the_vault_of_an_older_program_lacks_fields() -> None:
    assert decode_order({"words": "Go."}) == Order(words="Go.")


def as_form(order: Order) -> dict[str, str]:
    """What a form would send that shows this order."""
    form = {name: getattr(order, name) for name in TEXTS}
    form |= {f"giver-{part}": getattr(order.giver, part) for part in PERSON}
    form |= {name: moment.written() if (moment := getattr(order, name)) else "" for name in MOMENTS}
    form |= {name: {True: "yes", False: "no", None: "unknown"}[getattr(order, name)] for name in YES_OR_NO}
    form |= {name: getattr(order, name) or "unknown" for name in (*CHOICES, "language")}
    return {**form, "witnesses": "\r\n".join(order.witnesses)}


def test_a_form_says_what_a_file_says() -> None:
    assert read_form(as_form(read(WHOLE))).order == read(WHOLE)
    assert read_form(as_form(read(WHOLE))).faults == ()


@given(ORDERS)
def test_a_form_that_is_sent_back_unchanged_changes_nothing(order: Order) -> None:
    once = read_form(as_form(order), order).order
    assert read_form(as_form(once), once).order == once


@given(st.dictionaries(st.sampled_from([*as_form(Order()), "else"]), st.text(max_size=80)), ORDERS)
def test_a_form_never_stops_anybody(form: dict[str, str], before: Order) -> None:
    found = read_form(form, before)
    for fault in found.faults:
        assert form[fault.field] == fault.typed
        assert fault.sentence.endswith(".")
        # What could not be read leaves what was known.
        assert getattr(found.order, fault.field) == getattr(before, fault.field)
    for name in TEXTS:
        if name not in form:
            assert getattr(found.order, name) == getattr(before, name)


def test_controls_do_not_get_in_through_a_form() -> None:
    assert read_form({"words": "Go\x00\x1b[2J\tnow\r\nhere"}).order.words == "Go[2J now\nhere"


def test_every_field_and_choice_has_its_words() -> None:
    assert list(FIELDS) == [one.name for one in fields(Order)]
    assert list(ACT_WORDS) == list(ACTS)
    assert list(CHANNEL_WORDS) == list(CHANNELS)
    assert list(MEASURE_WORDS) == list(MEASURES)


def test_the_example_of_the_document_is_an_order() -> None:
    document = (Path(__file__).resolve().parents[2] / "docs" / "formats" / "order.md").read_text("utf-8")
    example = document.split("```yaml\n")[1].split("```")[0]
    order = read(example)
    assert set(re.findall(r"^([a-z_]+):", example, re.MULTILINE)) == {one.name for one in fields(Order)}
    assert order.unknown() == ("own_acts", "number", "basis")
    for name, allowed in CHOICES.items():
        line = next(line for line in example.split("\n") if line.startswith(f"{name}:"))
        assert line.split("# ")[1].split() == list(allowed)
