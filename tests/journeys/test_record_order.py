"""Orders in a vault: numbers stay, versions stay, words are found, nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import UserError
from holdfire.journeys.record_order import (
    ORDER,
    add_order,
    complete_order,
    delete_order,
    find_order,
    list_orders,
    versions_of,
)
from holdfire.orders.order import Order, Person
from holdfire.vault.vault import Vault
from orders_drawn import ORDERS

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)


@pytest.fixture
def vault() -> Iterator[Vault]:
    with Vault.in_memory() as opened:
        yield opened


def test_numbers_follow_the_order_of_recording_and_stay(vault: Vault) -> None:
    for number in range(1, 4):
        assert add_order(vault, Order(words=f"order {number}"), NOW).value.number == number
    complete_order(vault, 1, Order(words="order 1, exactly"), NOW)
    delete_order(vault, 2)
    assert [record.value.number for record in list_orders(vault)] == [1, 3]
    assert find_order(vault, 3).value.order.words == "order 3"
    assert add_order(vault, Order(), NOW).value.number == 4


def test_more_orders_than_are_read_at_once_are_all_there(vault: Vault) -> None:
    with vault.transaction():
        for _ in range(150):
            add_order(vault, Order(), NOW)
    assert [record.value.number for record in list_orders(vault)] == list(range(1, 151))
    assert find_order(vault, 7).value.number == 7


def test_every_version_stays(vault: Vault) -> None:
    first = Order(words="Clear the square.")
    second = replace(first, giver=Person("Heron"))
    add_order(vault, first, NOW)
    later = complete_order(vault, 1, second, NOW + timedelta(hours=1))
    assert later.version == 2
    assert [record.value.order for record in versions_of(vault, 1)] == [second, first]
    assert find_order(vault, 1, 1).value.order == first
    assert find_order(vault, 1).value.order == find_order(vault, 1, 2).value.order == second


def test_the_same_again_makes_no_version(vault: Vault) -> None:
    add_order(vault, Order(words="Go."), NOW)
    assert complete_order(vault, 1, Order(words="Go."), NOW).version == 1


def test_a_change_made_meanwhile_is_not_overwritten(vault: Vault) -> None:
    add_order(vault, Order(words="Go."), NOW)
    complete_order(vault, 1, Order(words="Go now."), NOW, expected=1)
    with pytest.raises(UserError, match="changed elsewhere"):
        complete_order(vault, 1, Order(words="Go later."), NOW, expected=1)
    assert find_order(vault, 1).value.order.words == "Go now."


@pytest.mark.parametrize(("number", "version"), [(2, None), (1, 2), (1, 0)])
def test_what_there_is_not_is_said(vault: Vault, number: int, version: int | None) -> None:
    add_order(vault, Order(), NOW)
    with pytest.raises(UserError) as refused:
        find_order(vault, number, version)
    assert str(refused.value).endswith(".")
    assert refused.value.hint


def test_orders_are_found_by_their_words(vault: Vault) -> None:
    add_order(vault, Order(words="Разогнать всех на площади", witnesses=("Сойка",)), NOW)
    add_order(vault, Order(giver=Person("Heron", "major")), NOW)
    for words, number in (("площади", 1), ("сойк", 1), ("heron major", 2)):
        assert [record.value.number for record in vault.records.search(words, ORDER)] == [number]


@given(st.lists(ORDERS, min_size=1, max_size=4))
def test_whatever_is_recorded_comes_back_whole(orders: list[Order]) -> None:
    with Vault.in_memory() as vault:
        for order in orders:
            add_order(vault, order, NOW)
        assert [record.value.order for record in list_orders(vault)] == orders
