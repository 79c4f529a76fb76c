"""What is saved is found again, in every version, by id, by kind and by words; old shapes are read, newer ones refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from holdfire.errors import UserError
from holdfire.vault.freelist import page_use
from holdfire.vault.records import Kind, Record, fold
from holdfire.vault.refusals import LockedError, MissingError, NewerError
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable

    from holdfire.vault.records import JSON

NOW = datetime(2026, 3, 1, 12, 30, 15, tzinfo=UTC)


def as_is(value: JSON) -> JSON:
    return value


ANY: Kind[JSON] = Kind("any", 1, as_is, as_is)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
    max_leaves=10,
)  # fmt: skip


@settings(deadline=None)
@given(json_values)
def test_any_json_comes_back_as_it_was(value: JSON) -> None:
    with Vault.in_memory() as vault:
        record = vault.records.add(ANY, value, NOW)
        assert vault.records.get(ANY, record.id) == record
        assert record == Record(record.id, 1, NOW, value)


class Keeping(RuleBasedStateMachine):
    """The records against a dictionary of lists."""

    ids = Bundle("ids")

    @initialize()
    def begin(self) -> None:
        self.vault = Vault.in_memory()
        self.model: dict[str, list[JSON]] = {}
        self.order: list[str] = []

    @rule(target=ids, value=json_values)
    def add(self, value: JSON) -> str:
        record = self.vault.records.add(ANY, value, NOW)
        self.model[record.id] = [value]
        self.order.append(record.id)
        return record.id

    @rule(id_=ids, value=json_values)
    def save(self, id_: str, value: JSON) -> None:
        record = self.vault.records.save(ANY, id_, value, NOW, expected=len(self.model[id_]))
        self.model[id_].append(value)
        self.order.remove(id_)
        self.order.append(id_)
        assert record.version == len(self.model[id_])

    @rule(id_=ids, value=json_values, off=st.sampled_from([-1, 1, 5]))
    def save_too_late(self, id_: str, value: JSON, off: int) -> None:
        with pytest.raises(UserError, match="changed elsewhere"):
            self.vault.records.save(ANY, id_, value, NOW, expected=len(self.model[id_]) + off)

    @rule(id_=consumes(ids))
    def delete(self, id_: str) -> None:
        self.vault.records.delete(ANY, id_)
        del self.model[id_]
        self.order.remove(id_)
        with pytest.raises(MissingError):
            self.vault.records.get(ANY, id_)

    @rule(id_=ids, value=json_values)
    def break_off(self, id_: str, value: JSON) -> None:
        def save() -> None:
            with self.vault.transaction():
                self.vault.records.save(ANY, id_, value, NOW)
                assert value in [record.value for record in self.vault.records.known(ANY)]
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            save()

    @invariant()
    def all_is_there(self) -> None:
        records = self.vault.records
        assert records.count(ANY) == len(self.model)
        assert [record.id for record in records.all(ANY, limit=1000)] == self.order[::-1]
        assert [record.id for record in records.all(ANY, limit=2, offset=1)] == self.order[::-1][1:3]
        assert records.known(ANY) == records.all(ANY, limit=1000)
        for id_, versions in self.model.items():
            assert [record.value for record in records.versions(ANY, id_)] == versions[::-1]
            assert records.get(ANY, id_, 1).value == versions[0]

    def teardown(self) -> None:
        self.vault.lock()


Keeping.TestCase.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
TestKeeping = Keeping.TestCase


def test_what_is_known_is_decoded_once_until_the_vault_is_locked() -> None:
    decoded: list[str] = []

    def decode(value: JSON) -> str:
        decoded.append(str(value))
        return str(value)

    kind: Kind[str] = Kind("counted", 1, str, decode)
    with Vault.in_memory() as vault:
        for value in ("a", "b"):
            vault.records.add(kind, value, NOW)
        assert [one.value for one in vault.records.known(kind)] == ["b", "a"]
        last = vault.records.add(kind, "c", NOW)
        assert [one.value for one in vault.records.known(kind)] == ["c", "b", "a"]
        assert sorted(decoded[:2]) == ["a", "b"]
        assert decoded[2:] == ["c"]
        # A record that takes the place of the last one, and with it its number.
        vault.records.delete(kind, last.id)
        vault.records.add(kind, "d", NOW)
        assert [one.value for one in vault.records.known(kind)] == ["d", "b", "a"]
        records = vault.records
    with pytest.raises(LockedError):
        records.known(kind)
    assert not records._known


def test_times_are_kept_to_the_second_in_utc() -> None:
    local = datetime(2026, 3, 1, 15, 30, 15, 999_999, tzinfo=timezone(timedelta(hours=3)))
    with Vault.in_memory() as vault:
        assert vault.records.add(ANY, 1, local).saved == NOW
        with pytest.raises(ValueError, match="time zone"):
            vault.records.add(ANY, 1, local.replace(tzinfo=None))
        assert vault.records.count(ANY) == 1


def test_an_older_shape_is_upgraded_step_by_step() -> None:
    first: Kind[JSON] = Kind("person", 1, as_is, as_is)
    third: Kind[JSON] = Kind(
        "person", 3, as_is, as_is, upgrades={1: lambda name: {"name": name}, 2: lambda person: [person]}
    )
    with Vault.in_memory() as vault:
        record = vault.records.add(first, "Ada", NOW)
        assert vault.records.get(third, record.id).value == [{"name": "Ada"}]
        new: JSON = ["new"]
        vault.records.save(third, record.id, new, NOW)
        assert vault.records.get(third, record.id).value == ["new"]
        assert vault.records.get(third, record.id, 1).value == [{"name": "Ada"}]
        with pytest.raises(NewerError, match="newer version of Holdfire"):
            vault.records.get(first, record.id)


@pytest.mark.parametrize("upgrades", [{}, {2: as_is}, {1: as_is, 2: as_is, 3: as_is}])
def test_a_kind_needs_every_upgrade_and_no_other(upgrades: dict[int, Callable[[JSON], JSON]]) -> None:
    with pytest.raises(ValueError, match="upgrade"):
        Kind("person", 3, as_is, as_is, upgrades=upgrades)


@pytest.mark.parametrize("id_", ["", "zz", "00", "00" * 15, "00" * 16, "00" * 17, "no such thing"])
def test_what_is_not_there_is_said(id_: str) -> None:
    with Vault.in_memory() as vault:
        vault.records.add(ANY, 1, NOW)
        for use in (
            lambda: vault.records.get(ANY, id_),
            lambda: vault.records.versions(ANY, id_),
            lambda: vault.records.save(ANY, id_, 1, NOW),
            lambda: vault.records.delete(ANY, id_),
        ):
            with pytest.raises(MissingError):
                use()


def test_a_record_is_of_one_kind_alone() -> None:
    other: Kind[JSON] = Kind("other", 1, as_is, as_is)
    with Vault.in_memory() as vault:
        record = vault.records.add(ANY, 1, NOW)
        with pytest.raises(MissingError):
            vault.records.get(other, record.id)
        with pytest.raises(MissingError):
            vault.records.delete(other, record.id)
        assert vault.records.all(other) == ()
        assert vault.records.count(other) == 0


def texts(records: tuple[Record[str], ...]) -> set[str]:
    return {record.value for record in records}


def test_search_finds_beginnings_of_every_word(note: Kind[str]) -> None:
    with Vault.in_memory() as vault:
        for text in ("Order of the day", "The ordinary day", "Загад на ўсё", "night"):
            vault.records.add(note, text, NOW)
        search = vault.records.search
        assert texts(search("ord", note)) == {"Order of the day", "The ordinary day"}
        assert texts(search("day order", note)) == {"Order of the day"}
        assert texts(search("усе", note)) == {"Загад на ўсё"}
        assert texts(search("ЗАГАД", note)) == {"Загад на ўсё"}
        assert search("order night", note) == ()
        assert search("der", note) == ()
        assert len(search("da", note, limit=1)) == 1


def test_search_finds_the_latest_version_alone_and_nothing_deleted(note: Kind[str]) -> None:
    with Vault.in_memory() as vault:
        record = vault.records.add(note, "apple", NOW)
        vault.records.save(note, record.id, "pear", NOW)
        assert vault.records.search("apple", note) == ()
        assert texts(vault.records.search("pear", note)) == {"pear"}
        vault.records.delete(note, record.id)
        assert vault.records.search("pear", note) == ()


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters()))
def test_nothing_a_person_types_breaks_search(words: str) -> None:
    kind: Kind[JSON] = Kind("any", 1, as_is, as_is, words=str)
    with Vault.in_memory() as vault:
        vault.records.add(kind, words + ' "quoted" NEAR(x) AND * ^ : word', NOW)
        vault.records.search(words, kind)


@pytest.mark.parametrize("words", ["", " ", '"', "*", "()", "-- ;"])
def test_searching_for_no_word_finds_nothing(words: str, note: Kind[str]) -> None:
    with Vault.in_memory() as vault:
        vault.records.add(note, "text", NOW)
        assert vault.records.search(words, note) == ()


@pytest.mark.parametrize(
    "words", ['"unclosed', "AND", "NOT a", "a OR", "text:x", "a*b", "NEAR(", "x^2", "{a b}", "'; DROP"]
)
def test_the_language_of_fts5_is_not_the_persons(words: str, note: Kind[str]) -> None:
    with Vault.in_memory() as vault:
        vault.records.add(note, words + " and more", NOW)
        assert len(vault.records.search(words, note)) == 1


def test_folding_takes_accents_alone() -> None:
    assert fold("Ўсё, café, Žižek") == "Усе, cafe, Zizek"
    assert fold("plain") == "plain"


def test_what_was_deleted_is_in_no_page(unlock: Callable[[], Vault], note: Kind[str]) -> None:
    vault = unlock()
    record = vault.records.add(note, "zebracrossing " * 3000, NOW)
    vault.records.save(note, record.id, "zebracrossing again", NOW)
    vault.records.add(note, "kept", NOW)
    vault.records.delete(note, record.id)
    assert vault.storage
    pages = vault.storage.pages
    leaves = page_use(pages).leaves
    assert leaves
    for index in range(page_use(pages).count):
        assert b"zebracrossing" not in pages.read(index)
