"""Passages are kept in order, found by words and by key in every text at once, and forgotten whole."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfire.sealing.passphrase import TEST
from holdfire.vault.passages import MOST_RANKED, Passage, words_of
from holdfire.vault.records import JSON, Kind, fold
from holdfire.vault.refusals import MissingError
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

NOW = datetime(2030, 5, 1, tzinfo=UTC)
PHRASE = "seven grey owls sing low"
MIB = 1024 * 1024


def as_is(value: JSON) -> JSON:
    return value


TEXT: Kind[JSON] = Kind("text", 1, as_is, as_is)


@pytest.fixture
def vault() -> Iterator[Vault]:
    with Vault.in_memory() as one:
        yield one


def add(vault: Vault, passages: Iterable[Passage]) -> str:
    with vault.transaction():
        record = vault.records.add(TEXT, None, NOW).id
        vault.passages.add(record, passages)
    return record


def plain(*texts: str) -> list[Passage]:
    return [Passage(f"§ {number}", f"section:{number}", "", text) for number, text in enumerate(texts, 1)]


def found(vault: Vault, words: str, limit: int = 20) -> list[str]:
    return [one.passage.text for one in vault.passages.search(words, limit)[0]]


passages = st.builds(
    Passage,
    st.text(),
    st.sampled_from(["", "+", "article:1", "article:2"]),
    st.text(),
    st.text(),
    st.none() | st.integers(1, 9_999),
)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(passages, max_size=5), min_size=1, max_size=3))
def test_what_is_kept_comes_back_in_its_order(texts: list[list[Passage]]) -> None:
    usable = [
        [one for one in text if "\0" not in one.name + one.heading + one.text and is_utf8(one)]
        for text in texts
    ]
    with Vault.in_memory() as vault:
        ids = [add(vault, text) for text in usable]
        for record, text in zip(ids, usable, strict=True):
            assert list(vault.passages.read(record)) == text
            assert vault.passages.count(record) == len(text)
            for key in ("article:1", "article:2"):
                assert list(vault.passages.keyed(record, key)) == [
                    number for number, one in enumerate(text) if one.key == key
                ]
            assert vault.passages.keyed(record, "") == ()


def is_utf8(one: Passage) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in one.name + one.heading + one.text)


def test_words_are_found_by_their_beginning_in_any_language(vault: Vault) -> None:
    add(
        vault,
        plain("Применение оружия запрещено.", "Ўсё гэта па законе.", "Las órdenes manifiestamente ilegales."),
    )
    assert found(vault, "оружи") == ["Применение оружия запрещено."]
    assert found(vault, "усе зако") == ["Ўсё гэта па законе."]
    assert found(vault, "ORDENES") == ["Las órdenes manifiestamente ilegales."]
    assert found(vault, "ружия") == []
    assert found(vault, "оружия законе") == []


def test_words_in_quotes_stand_together_exactly_so(vault: Vault) -> None:
    add(vault, plain("by order of the court", "the court gave an order", "orders of the court"))
    assert found(vault, '"order of"') == ["by order of the court"]
    assert len(found(vault, "order of")) == 2


@pytest.mark.parametrize(
    "words", ["", "  ", "-", '"', '""', "*", "( OR", "NEAR(", "heading:", "^", "\0", "a" * 9_000]
)
def test_nothing_a_person_types_is_a_language_of_its_own(vault: Vault, words: str) -> None:
    add(vault, plain("a text"))
    assert vault.passages.search(words)[1] is False


def test_one_letter_is_looked_for_whole(vault: Vault) -> None:
    add(vault, plain("a text", "and another"))
    assert found(vault, "a") == ["a text"]


def test_what_stands_in_a_heading_comes_first(vault: Vault) -> None:
    body = [Passage("", "", "", f"weapons are mentioned here {number}") for number in range(5)]
    add(vault, [*body, Passage("Art. 9", "article:9", "Use of weapons", "They come last.")])
    assert found(vault, "weapons")[0] == "They come last."


def test_many_come_as_they_stand_those_with_the_heading_first(vault: Vault) -> None:
    many = [Passage("", "", "", f"common {number}") for number in range(MOST_RANKED + 5)]
    add(vault, [*many, Passage("", "", "Common rules", "at the end")])
    texts = found(vault, "common", 3)
    assert texts == ["at the end", "common 0", "common 1"]
    assert vault.passages.search("common", 3)[1]


def test_two_records_are_searched_together_and_told_apart(vault: Vault) -> None:
    first, second = add(vault, plain("one word")), add(vault, plain("another word"))
    assert {one.record for one in vault.passages.search("word")[0]} == {first, second}


def test_a_record_without_a_series_has_no_passages(vault: Vault) -> None:
    record = vault.records.add(TEXT, None, NOW).id
    for ask in (vault.passages.count, vault.passages.read, vault.passages.forget):
        with pytest.raises(MissingError):
            ask(record)
    with pytest.raises(MissingError):
        vault.passages.get(add(vault, []), 0)


def test_what_is_forgotten_is_found_by_nobody_and_leaves_no_word(vault: Vault) -> None:
    kept = add(vault, plain("a quiet word"))
    gone = add(vault, plain(*(f"ruinenstadt {number}" for number in range(200))))
    with vault.transaction():
        vault.passages.forget(gone)
        vault.records.delete(TEXT, gone)
    assert found(vault, "ruinenstadt") == []
    told: list[tuple[int, int]] = []
    vault.passages.clear(lambda done, total: told.append((done, total)))
    assert told[-1] == (200, 200)
    assert found(vault, "quiet") == ["a quiet word"]
    assert vault.passages.count(kept) == 1
    image = vault.connection.serialize("main")
    assert b"ruinenstadt" not in image
    assert b"quiet" in image


def test_an_import_that_breaks_leaves_nothing(vault: Vault) -> None:
    def broken() -> Iterator[Passage]:
        yield from plain("half a text")
        raise OSError("the stick is gone")

    with pytest.raises(OSError, match="stick"):
        add(vault, broken())
    assert found(vault, "half") == []
    assert vault.records.count(TEXT) == 0


def test_forgetting_that_was_interrupted_is_finished_at_unlock(tmp_path: Path) -> None:
    path = tmp_path / "v"
    Vault.create(path, [PHRASE], 64 * MIB, profile=TEST)
    with Vault.open(path, PHRASE, profile=TEST) as vault:
        record = add(vault, plain("ruinenstadt"))
        with vault.transaction():
            vault.passages.forget(record)
            vault.records.delete(TEXT, record)
    with Vault.open(path, PHRASE, profile=TEST) as vault:
        assert vault.connection.execute("SELECT count(*) FROM series").get == 0
        assert vault.connection.execute("SELECT count(*) FROM passages").get == 0
        assert vault.connection.execute("SELECT count(*) FROM passage_words").get == 0


def test_the_smallest_vault_can_take_and_forget_as_much_as_fits(tmp_path: Path) -> None:
    """Its journal holds 255 pages: no commit of ours may change more, or nothing could be deleted."""
    path = tmp_path / "v"
    Vault.create(path, [PHRASE], 64 * MIB, profile=TEST)
    with Vault.open(path, PHRASE, profile=TEST) as vault:
        ids = []
        for text in range(5):
            words = [
                f"слово{number * 7919 % 30_011} and{number * 104_729 % 20_011}" for number in range(14_000)
            ]
            pieces = (
                Passage(f"{text}", "", "", " ".join(words[start : start + 700]))
                for start in range(0, len(words), 700)
            )
            ids.append(add(vault, pieces))
            vault.passages.tidy()
        used = vault.used()[0]
        for record in ids:
            with vault.transaction():
                vault.passages.forget(record)
                vault.records.delete(TEXT, record)
            vault.passages.clear()
        assert vault.connection.execute("SELECT count(*) FROM passage_words").get == 0
        assert vault.used()[0] < used / 4


@given(st.text())
def test_words_are_folded_as_the_index_folds_them(untrusted: str) -> None:
    for word in words_of(untrusted):
        assert word.tokens
        assert all(token == fold(token).lower() and token.isalnum() for token in word.tokens)
