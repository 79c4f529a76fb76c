"""Official texts the person has: imported whole or not at all, found by words, shown beside our words, forgotten whole."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from holdfire.errors import UserError
from holdfire.journeys.cite_copies import copies_of, copy_of, take_wordings
from holdfire.journeys.keep_law import (
    LAW_TEXT,
    correct_text,
    find_text,
    forget_text,
    import_text,
    list_articles,
    list_texts,
    read_article,
    say_pair,
    search_texts,
    wordings_of,
)
from holdfire.journeys.law_here import load_law
from holdfire.journeys.write_letter import Draft, compose_here
from holdfire.law.corpus.imported import NONE, ImportedText, Stated
from holdfire.letters.answers import Answers
from holdfire.letters.preview import COPIED, preview
from holdfire.vault.vault import Vault
from law_texts import CODE, CONSTITUTION

NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)
BY = Stated(instrument="by-1994-constitution", version=date(2022, 3, 4), language="ru")


@pytest.fixture
def vault() -> Iterator[Vault]:
    with Vault.in_memory() as one:
        yield one


def add(vault: Vault, text: str = CONSTITUTION, stated: Stated = BY) -> ImportedText:
    return import_text(vault, io.BytesIO(text.encode()), "text.txt", stated, NOW)[0].value


def test_a_text_is_described_as_the_person_and_the_file_say(vault: Vault) -> None:
    text = add(vault)
    assert (text.number, text.title, text.language) == (1, "Конституция Республики Беларусь", "ru")
    assert (text.version, text.version_from, text.form) == (date(2022, 3, 4), "person", "text")
    assert text.imported == NOW.date()
    assert [one.name for one in list_articles(vault, 1)] == [
        "", "РАЗДЕЛ I", "Статья 7", "Статья 8", "РАЗДЕЛ II", "Статья 23", "Статья 35",
    ]  # fmt: skip
    assert find_text(vault, 1).value == text


def test_what_nobody_says_is_unknown(vault: Vault) -> None:
    text = add(vault, stated=Stated())
    assert (text.language, text.instrument, text.version, text.version_from) == ("", "", None, "")


def test_the_same_file_twice_is_one_text(vault: Vault) -> None:
    add(vault)
    record, there = import_text(
        vault, io.BytesIO(CONSTITUTION.encode()), "other.txt", Stated(title="Other"), NOW
    )
    assert there
    assert record.value.title == "Конституция Республики Беларусь"
    assert len(list_texts(vault)) == 1


@pytest.mark.parametrize(
    ("stated", "word"),
    [
        (Stated(instrument="nothing"), "no instrument"),
        (Stated(language="русский"), "no code of a language"),
        (Stated(title="x" * 301), "longer than 300"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(vault: Vault, stated: Stated, word: str) -> None:
    with pytest.raises(UserError, match=word):
        add(vault, stated=stated)
    assert list_texts(vault) == ()


@pytest.mark.parametrize("content", [b"", b"   \n\n \n", b"%PDF-1.7 broken", b"\x00\x01\x02" * 50])
def test_a_file_without_text_is_refused_and_nothing_is_kept(vault: Vault, content: bytes) -> None:
    with pytest.raises(UserError):
        import_text(vault, io.BytesIO(content), "text.txt", Stated(), NOW)
    assert list_texts(vault) == ()
    assert vault.connection.execute("SELECT count(*) FROM passages").get == 0


def test_words_are_found_in_every_text(vault: Vault) -> None:
    add(vault)
    add(vault, CODE, Stated(instrument="by-1999-275-z"))
    hits, more = search_texts(vault, "усе зако")
    assert [(one.text.number, one.name) for one in hits] == [(1, "Статья 7")]
    assert [piece.text for piece in hits[0].snippet if piece.match] == ["Ўсё", "законе"]
    assert not more
    assert [(one.text.number, one.heading) for one in search_texts(vault, "order")[0]] == [
        (2, "Carrying out an order")
    ]


def test_the_wording_stands_beside_our_words(vault: Vault) -> None:
    add(vault)
    (held,) = wordings_of(vault, load_law().provisions["by-const-7"])
    assert held.pairing.how == "number"
    assert held.names == ("Статья 7",)
    assert held.wording.endswith("Ўсё гэта па законе.")
    assert held.comparison.standing in {"same-time", "may-differ", "unknown"}
    assert wordings_of(vault, load_law().provisions["iccpr-21"]) == ()


def test_the_newest_copy_comes_first(vault: Vault) -> None:
    add(vault)
    add(vault, CONSTITUTION + "\nСтатья 147. Конец.", Stated(instrument="by-1994-constitution"))
    add(
        vault,
        CONSTITUTION + "\nСтатья 146. Конец.",
        Stated(instrument="by-1994-constitution", version=date(2025, 1, 1)),
    )
    assert [one.text.number for one in wordings_of(vault, load_law().provisions["by-const-7"])] == [3, 1, 2]


def test_the_person_says_which_article_it_is(vault: Vault) -> None:
    add(vault)
    provision = load_law().provisions["by-const-7"]
    say_pair(vault, 1, "by-const-7", 5, NOW)
    (held,) = wordings_of(vault, provision)
    assert (held.pairing.how, held.names) == ("person", ("Статья 23",))
    say_pair(vault, 1, "by-const-7", NONE, NOW)
    assert wordings_of(vault, provision)[0].wording == ""
    say_pair(vault, 1, "by-const-7", None, NOW)
    assert wordings_of(vault, provision)[0].pairing.how == "number"


@pytest.mark.parametrize(("provision", "article"), [("by-const-7", 99), ("iccpr-21", 2), ("nothing", 2)])
def test_a_pair_that_cannot_be_is_refused(vault: Vault, provision: str, article: int) -> None:
    add(vault)
    with pytest.raises(UserError):
        say_pair(vault, 1, provision, article, NOW)
    assert find_text(vault, 1).version == 1


def test_what_a_text_is_can_be_corrected(vault: Vault) -> None:
    add(vault, stated=Stated())
    text = correct_text(vault, 1, Stated(title="Моя копия", instrument="by-1994-constitution"), NOW).value
    assert (text.title, text.instrument, text.language) == ("Моя копия", "by-1994-constitution", "")
    say_pair(vault, 1, "by-const-7", 5, NOW)
    same = correct_text(vault, 1, Stated(version=date(2022, 3, 4)), NOW)
    assert same.value.pairs == {"by-const-7": 5}
    assert correct_text(vault, 1, Stated(instrument=""), NOW).value.pairs == {}
    assert correct_text(vault, 1, Stated(), NOW).version == 5
    assert len(vault.records.versions(LAW_TEXT, same.id)) == 5


def test_a_text_is_forgotten_whole_and_the_others_stay(vault: Vault) -> None:
    add(vault)
    add(vault, CODE, Stated())
    forget_text(vault, 1)
    assert [record.value.number for record in list_texts(vault)] == [2]
    assert search_texts(vault, "законе") == ((), False)
    assert search_texts(vault, "order")[0]
    image = vault.connection.serialize("main")
    assert "Ўсё".encode() not in image
    with pytest.raises(UserError, match="no imported text 1"):
        read_article(vault, 1, 0)


def test_a_provision_nobody_read_is_cited_with_the_persons_own_copy(vault: Vault) -> None:
    add(vault, CODE, Stated(instrument="by-1999-275-z", title="My code", version=date(2024, 1, 1)))
    answers = Answers(provisions=("by-cc-40-2",))
    draft = Draft("explanation", ("en",), answers, "by")
    with pytest.raises(UserError, match="Nobody has read"):
        compose_here(draft, date(2026, 11, 22))
    filled, missing = take_wordings(vault, answers)
    assert missing == ()
    letter = compose_here(Draft("explanation", ("en", "ru"), filled, "by"), date(2026, 11, 22))
    said = preview(letter)
    assert "known to be criminal answers for it" in said.text
    assert "from my copy (My code, Article 40, 2024-01-01)" in " ".join(said.text.split())
    assert said.before[0].sentence == COPIED
    assert said.before[0].values == {"ids": "by-cc-40-2"}


def test_no_copy_unlocks_what_is_never_cited(vault: Vault) -> None:
    add(vault, CODE, Stated(instrument="by-1999-275-z"))
    law = load_law().provisions
    assert copy_of(vault, law["by-cc-40-3"]) is None
    assert copy_of(vault, law["ua-cc-41"]) is None
    assert set(copies_of(vault, law)) == {"by-cc-40", "by-cc-40-2", "by-cc-426"}


def test_what_the_person_typed_stays_and_what_is_in_no_copy_is_named(vault: Vault) -> None:
    add(vault)
    answers = Answers(provisions=("by-const-7", "iccpr-21"), wordings={"by-const-7": "typed"})
    filled, missing = take_wordings(vault, answers)
    assert filled.wordings == {"by-const-7": "typed"}
    assert missing == ("iccpr-21",)


def test_two_copies_that_disagree_are_not_chosen_between(vault: Vault) -> None:
    add(vault)
    add(vault, CONSTITUTION.replace("в пределах", "вне пределов"), BY)
    with pytest.raises(UserError, match="different wordings"):
        copy_of(vault, load_law().provisions["by-const-7"])
    assert copies_of(vault, ["by-const-7"]) == {}
    correct_text(vault, 2, Stated(version=date(2024, 1, 1)), NOW)
    copy = copy_of(vault, load_law().provisions["by-const-7"])
    assert copy is not None
    assert "вне пределов" in copy.wording


def test_a_wording_too_long_for_a_letter_says_what_to_do(vault: Vault) -> None:
    add(vault, CONSTITUTION.replace("Ўсё гэта", "Ўсё " * 2_000))
    with pytest.raises(UserError, match="longer than a letter can hold"):
        copy_of(vault, load_law().provisions["by-const-7"])
