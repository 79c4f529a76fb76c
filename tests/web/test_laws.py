"""The law is read without a vault; with one, the person's own texts are searched and stand beside it."""

from __future__ import annotations

from typing import Any

import pytest

from holdfire.journeys.law_here import load_instruments, load_law
from law_texts import CODE, CONSTITUTION
from simulators.reader import Reading
from simulators.served import Served

MOST_PAGE = 30 * 1024
BY = {"instrument": "by-1994-constitution", "version": "2022-03-04", "language": "ru"}


def plain(text: str) -> str:
    return " ".join(text.split())


def bring(opened: Served, text: str = CONSTITUTION, **said: str) -> str:
    answer = opened.upload("/law/texts/import", "text.txt", text.encode(), **(said or BY))
    assert answer.status == 200, answer.text
    return plain(answer.text)


def test_every_instrument_and_provision_is_read_without_a_vault(served: Served) -> None:
    for name in load_instruments():
        page = served.get(f"/law/in/{name}")
        assert page.status == 200
        assert len(page.text.encode()) <= MOST_PAGE, name
    for one in load_law().provisions.values():
        page = served.get(f"/law/provision/{one.id}")
        assert page.status == 200
        assert "No lawyer has checked this." in page.text
        assert "No lawyer" in page.text
        assert one.checked.isoformat() in page.text


def test_a_comparator_and_an_unverified_one_say_what_they_are(served: Served) -> None:
    assert "another state" in served.get("/law/provision/ua-cc-41").text
    assert "Do not use it" in served.get("/law/provision/by-cc-40-3").text


@pytest.mark.parametrize("country", ["", "by", "us"])
@pytest.mark.parametrize("what", ["forums", "deadlines", "oaths"])
def test_entries_are_small_pages_without_a_vault(served: Served, country: str, what: str) -> None:
    page = served.get(f"/law/{what}?country={country}")
    assert page.status == 200
    assert len(page.text.encode()) <= MOST_PAGE
    assert len(served.get(f"/law?country={country}").text.encode()) <= MOST_PAGE


def test_a_forum_that_closed_is_explained_to_those_whose_facts_are_older(served: Served) -> None:
    closed = "Belarus left the Optional Protocol"
    assert closed not in served.get("/law/forums?country=by&on=2030-05-01").text
    assert closed in served.get("/law/forums?country=by&on=2030-05-01&facts=2022-01-01").text
    assert closed not in served.get("/law/forums?country=by&on=2030-05-01&facts=2024-01-01").text
    assert "Write a day as" in served.get("/law/forums?country=by&on=yesterday").text


@pytest.mark.parametrize("path", ["/law/nothing", "/law/in/nothing", "/law/provision/nothing"])
def test_what_is_not_there_is_said(served: Served, path: str) -> None:
    assert served.get(path).status == 404


@pytest.mark.parametrize(
    "path", ["/law/texts", "/law/search?words=x", "/law/texts/1", "/law/texts/1/1", "/law/texts/import"]
)
def test_texts_need_a_vault(served: Served, path: str) -> None:
    assert served.ask("GET", path).header("location") == "/open"


def test_a_text_is_imported_found_read_and_deleted(opened: Served) -> None:
    shown = bring(opened)
    assert "The text lies in your vault." in shown
    assert "Constitution of the Republic of Belarus" in shown
    assert "2022-03-04, as you said" in shown
    assert "Статья 7" in shown
    assert "is in your vault already" in bring(opened)
    found = opened.get("/law/search?words=%D1%83%D1%81%D0%B5").text
    assert "<mark>Ўсё</mark>" in found
    assert "/law/texts/1/3" in Reading(found).links
    assert "Ўсё гэта па законе." in opened.get("/law/texts/1/3").text
    kept = opened.post("/law/texts/1/delete")
    assert "Nothing was deleted" in kept.text
    assert "The text is deleted here." in opened.post("/law/texts/1/delete", sure="yes").text
    assert "<mark>" not in opened.get("/law/search?words=%D1%83%D1%81%D0%B5").text


def test_the_wording_stands_beside_our_words_and_the_person_corrects_it(opened: Served) -> None:
    assert "You have not brought in the official text" in opened.get("/law/provision/by-const-7").text
    bring(opened)
    page = plain(opened.get("/law/provision/by-const-7").text)
    assert "Ўсё гэта па законе." in page
    assert "Found by its number alone" in page
    assert "Your copy is of 2022-03-04" in page
    corrected = opened.post("/law/texts/1/pair", provision="by-const-7", article="6").text
    assert "You said that this is it." in corrected
    assert "Статья 23. Ограничение" in corrected
    assert "no place for it" in opened.post("/law/texts/1/pair", provision="by-const-7", article="none").text
    assert "Found by its number" in opened.post("/law/texts/1/pair", provision="by-const-7", article="").text
    other = opened.get("/law/texts/1/6?provision=by-const-7").text
    assert "This is the wording I looked for" in other


def test_what_a_text_is_can_be_said_later(opened: Served) -> None:
    bring(opened, title="Mine")
    assert "Mine" in opened.get("/law/texts").text
    answer = opened.post("/law/texts/1/correct", title="Mine", version="tomorrow")
    assert answer.status == 422
    assert "Write it as 2026-11-22." in plain(answer.text)
    opened.post("/law/texts/1/correct", title="Mine", instrument="by-1994-constitution", version="1990-01-01")
    assert "The versions differ or the date is wrong" in plain(opened.get("/law/provision/by-const-7").text)


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "is empty"), (b"%PDF-1.7 nothing", ""), (b"\x00\x01\x02\x03" * 64, "")]
)
def test_a_file_that_cannot_be_read_says_so_and_leaves_nothing(
    opened: Served, content: bytes, said: str
) -> None:
    answer = opened.upload("/law/texts/import", "broken.pdf", content)
    assert said in plain(answer.text)
    assert "None yet." in opened.get("/law/texts").text


def test_what_is_said_wrong_is_asked_again(opened: Served) -> None:
    answer = opened.upload("/law/texts/import", "text.txt", CODE.encode(), language="русский язык")
    assert answer.status == 422
    assert "None yet." in opened.get("/law/texts").text


def test_a_long_text_is_shown_in_parts(opened: Served) -> None:
    long = "\n".join(
        f"Статья {number}. Ответственность за деяние под номером {number}." for number in range(1, 350)
    )
    bring(opened, f"{long}\nСтатья 350. {'Слово ' * 8_000}", title="Long")
    for path in (
        "/law/texts/1",
        "/law/texts/1?part=4",
        "/law/texts/1/350",
        "/law/texts/1/350?part=2",
        "/law/search?words=%D0%BE",
    ):
        page = opened.get(path)
        assert page.status == 200
        assert len(page.text.encode()) <= MOST_PAGE, path
    assert "Статья 349" in opened.get("/law/texts/1?part=4").text


def test_markup_in_a_text_stays_literal(opened: Served) -> None:
    bring(
        opened,
        "<b>Article</b>\nArticle 1. <script>alert(1)</script> & word\nArticle 2. Other",
        title="<i>x</i>",
    )
    for path in (
        "/law/texts",
        "/law/texts/1",
        "/law/texts/1/2",
        "/law/search?words=alert",
        "/law/search?words=%3Cscript%3E",
    ):
        text = opened.get(path).text
        assert "<script" not in text
        assert "<i>" not in text


def test_a_letter_offers_the_wording_of_the_persons_copy(opened: Served) -> None:
    bring(opened, title="My copy", **BY)
    opened.post("/orders/new", words="Use your weapons if they stay", measure="firearms")
    asked = "/letters/write?order=1&kind=explanation&language=en&country=by"
    page = plain(opened.get(asked).text)
    assert "Nobody has read its present wording here" in page
    assert "My copy, Статья 7, 2022-03-04" in page
    chosen: dict[str, Any] = {"order": "1", "kind": "explanation", "language": "en", "country": "by"}
    letter = plain(opened.post("/letters/write", **chosen, provisions="by-const-7").text)
    assert "Ўсё гэта па законе." in letter
    assert "from my copy (My copy, Статья 7, 2022-03-04)" in letter
    assert "nobody here has compared it: by-const-7" in letter


def test_each_finding_leads_to_the_law(opened: Served) -> None:
    opened.post("/orders/new", words="Use your weapons if they stay", measure="firearms")
    links = Reading(opened.get("/orders/1/review?country=by").text).links
    assert any(link.startswith("/law/provision/by-") for link in links)
