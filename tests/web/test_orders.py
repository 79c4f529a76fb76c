"""An order came: written down, completed, reviewed, answered by letter, followed by its clock."""

from __future__ import annotations

import re
from typing import Any, Final

from simulators.reader import Reading
from simulators.served import Answer, Served

WORDS = "Очистить площадь к шести. Use your weapons if they stay."
WRITTEN: Final[dict[str, Any]] = {
    "order": "1",
    "kind": "written-order",
    "language": "en",
    "second": "ru",
    "country": "by",
}


def letter_of(opened: Served, **answers: Any) -> str:
    """Write a letter about order 1 and return its address."""
    answer = opened.post("/letters/write", **WRITTEN, **answers)
    assert answer.status == 200, answer.text
    return next(link for link in Reading(answer.text).links if link.endswith("/notes.pdf"))[
        : -len("/notes.pdf")
    ]


def raw(served: Served, path: str) -> Answer:
    return served.ask("GET", path)


def test_no_order_is_said_in_its_own_words(opened: Served) -> None:
    assert "None yet. Exact words matter most." in opened.get("/orders").text


def test_an_order_came_leads_to_the_page_where_it_is_written_down(opened: Served) -> None:
    assert "/orders/new" in Reading(opened.get("/").text).links


def test_nothing_of_an_order_is_shown_without_a_vault(served: Served) -> None:
    for path in (
        "/orders",
        "/orders/new",
        "/orders/1",
        "/orders/1/review",
        "/orders/1/letter",
        "/letters",
        "/clock",
    ):
        assert raw(served, path).header("location") == "/open", path


def test_an_empty_order_is_saved_and_says_what_is_unknown(opened: Served) -> None:
    answer = opened.post("/orders/new")
    assert "Saved in your vault" in answer.text
    assert "Unknown: The exact words" in " ".join(answer.text.split())
    review = opened.get("/orders/1/review").text
    assert "You can ask" in review
    assert "Its day is unknown" in review


def test_what_cannot_be_read_is_asked_again_and_the_rest_is_saved_already(opened: Served) -> None:
    answer = opened.post("/orders/new", words=WORDS, heard="tomorrow at six")
    assert answer.status == 422
    assert "tomorrow at six" in answer.text
    assert WORDS in opened.get("/orders/1").text
    opened.post("/orders/1/part/mend", heard="2030-05-01 14:30")
    record = opened.get("/orders/1").text
    assert "2030-05-01 14:30" in record
    assert WORDS in record


def test_each_version_stays(opened: Served) -> None:
    opened.post("/orders/new", words="First words")
    opened.post("/orders/1/part/words", words="Second words", version="1")
    assert "Second words" in opened.get("/orders/1").text
    before = opened.get("/orders/1?version=1").text
    assert "First words" in before
    assert "Second words" not in before
    assert opened.get("/orders/1?version=3").status == 404


def test_a_change_over_a_newer_version_is_refused(opened: Served) -> None:
    opened.post("/orders/new", words="First words")
    opened.post("/orders/1/part/words", words="Second words", version="1")
    assert opened.post("/orders/1/part/words", words="Third words", version="1").status == 400
    assert "Second words" in opened.get("/orders/1").text


def test_own_acts_stand_behind_their_warning_and_no_other_form_takes_them(opened: Served) -> None:
    opened.ask("POST", "/orders/new", b"words=First+words&own_acts=I+did+it")
    opened.ask("POST", "/orders/1/part/mend", b"own_acts=I+did+it")
    assert "I did it" not in opened.get("/orders/1").text
    links = Reading(opened.get("/orders/1").text).links
    assert "/orders/1/own" in links
    assert "/orders/1/own/write" not in links
    warning = opened.get("/orders/1/own")
    assert "See a lawyer first." in warning.text
    assert "/orders/1/own/write" in Reading(warning.text).links
    opened.ask("POST", "/orders/1/own/write", b"own_acts=I+did+it")
    assert "I did it" in opened.get("/orders/1").text


def test_the_review_gives_words_rules_levels_and_no_verdict(opened: Served) -> None:
    words = "Open fire if they stay. Delete the video. Children are no reason to wait."
    opened.post("/orders/new", words=words, heard="2030-05-01", measure="firearms")
    text = opened.get("/orders/1/review?country=by").text
    for said in ("From the words:", "Speaks for it", "Speaks against it", "Wording read", "You can ask",
                 "See a lawyer first:", "This is no verdict"):  # fmt: skip
        assert said in text
    ours = re.sub(r'<span lang="en" dir="ltr">.*?</span>', "", text)
    assert not re.search(r"order is (un)?lawful", ours)


def test_every_finding_is_on_some_part_of_the_review(opened: Served) -> None:
    words = "Use weapons if the crowd with children stays. Masks on, no badges. Delete the video. Detain all who film."
    opened.post("/orders/new", words=words, heard="2030-05-01", measure="firearms")
    first = opened.get("/orders/1/review?country=us").text
    second = opened.get("/orders/1/review?country=us&part=2").text
    assert "Part 1 of " in first
    named = re.findall(r'href="[^"]*#([a-z-]+)">', first.partition("<nav class")[2].partition("</nav>")[0])
    found = re.findall(
        r'<h2 id="([a-z-]+)">', first + second + opened.get("/orders/1/review?country=us&part=3").text
    )
    assert len(named) > 5
    assert set(named) <= set(found)


def test_a_letter_takes_the_order_over_and_is_read_before_it_is_a_file(opened: Served) -> None:
    opened.post("/orders/new", words=WORDS, giver_name="Major K.", heard="2030-05-01")
    form = opened.get("/letters/write?order=1&kind=written-order&language=en&second=ru&country=by").text
    assert WORDS in form
    assert "Major K." in form
    path = letter_of(opened, order_words=WORDS, to="Майор К. <b>*_$")
    text = opened.get(path).text
    for said in ("No lawyer has checked this.", "state no refusal", "state no motive", "Said aloud instead",
                 "Майор К. &lt;b&gt;*_$", 'lang="en"', 'lang="ru"', "A file leaves the vault."):  # fmt: skip
        assert said in text
    assert path in Reading(opened.get("/orders/1").text).links


def test_a_refusal_is_said_to_be_one(opened: Served) -> None:
    opened.post("/orders/new", words=WORDS)
    path = letter_of(opened, refusal="I will not.", motive="They are my people.")
    text = opened.get(path).text
    assert "This letter states a refusal, because you added it." in text
    assert "This letter states why." in text


def test_answers_serve_again_but_refusal_and_motive_do_not(opened: Served) -> None:
    opened.post("/orders/new", words=WORDS)
    letter_of(opened, refusal="I will not.", **{"from": "Sergeant B."})
    form = opened.get("/letters/write?kind=leave&language=en").text
    assert "Sergeant B." in form
    assert "I will not." not in form


def test_files_have_a_name_that_says_nothing(opened: Served) -> None:
    opened.post("/orders/new", words=WORDS)
    path = letter_of(opened)
    for ending, start in (("pdf", "%PDF"), ("docx", "PK"), ("txt", "")):
        answer = raw(opened, f"{path}/notes.{ending}")
        assert answer.status == 200
        assert answer.header("content-disposition") == f'attachment; filename="notes.{ending}"'
        assert answer.text.startswith(start)
    assert raw(opened, f"{path}/notes.exe").status == 404


def test_silence_is_due_on_the_first_page_and_says_what_can_follow(opened: Served) -> None:
    opened.post("/orders/new", words=WORDS)
    path = letter_of(opened)
    clock = opened.post(f"{path}/handed-in", on="2030-04-01", how="registry", number="17", due="2030-04-20")
    assert "No answer came in time." in clock.text
    assert "/orders/1/letter?kind=complaint" in Reading(clock.text).links
    request = next(form.action for form in Reading(clock.text).forms if form.action.startswith("/clock/"))
    assert request in Reading(opened.get("/").text).links
    assert "2030-04-01" in opened.get("/orders/1").text
    dates = raw(opened, "/clock/dates.ics")
    assert "DTSTART;VALUE=DATE:20300420" in dates.text
    assert "17" not in re.findall(r"SUMMARY:(.*)", dates.text)[0]
    answered = opened.post(request, do="answer", on="2030-05-01", outcome="refused", words="No.")
    assert "See a lawyer before the next letter." in answered.text
    assert request not in Reading(opened.get("/").text).links


def test_a_pack_s_time_of_answer_counts(opened: Served) -> None:
    opened.post("/orders/new", words=WORDS)
    path = letter_of(opened)
    answer = opened.ask("POST", f"{path}/handed-in", b"on=2030-04-30&how=post&deadline=by-appeals-answer+0")
    assert answer.status == 303
    assert "2030-05-15" in opened.get(answer.header("location") or "").text


def test_actions_lead_to_the_pages_that_carry_them_out(opened: Served) -> None:
    for action, path in (
        ("document-orders", "/orders"), ("ask-in-writing", "/letters"), ("ask-in-writing", "/clock"),
        ("ask-explanation", "/letters"), ("test-against-constitution", "/orders"), ("take-leave", "/letters"),
        ("loyalty-to-constitution", "/orders"),
    ):  # fmt: skip
        main = opened.get(f"/guide/{action}").text.partition("<main")[2]
        assert path in Reading(main).links, action


def test_a_deleted_order_is_gone_and_its_letters_still_open(opened: Served) -> None:
    opened.post("/orders/new", words=WORDS)
    path = letter_of(opened)
    opened.post("/orders/1/delete", sure="yes")
    assert opened.get("/orders/1").status == 400
    assert opened.get(path).status == 200
    opened.post(f"{path}/delete", sure="yes")
    assert opened.get(path).status == 404
