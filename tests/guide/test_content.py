"""What the shipped guide promises its reader (writing rules): complete, reachable, sourced, and in plain words."""

from __future__ import annotations

import csv
import re
import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import get_type_hints

import pytest

from guide_answers import guide
from holdfire.errors import ContentError
from holdfire.guide import actions, gates, grid, pages, plan, questions, reasoner, rules, sources
from holdfire.guide.actions import FEIGNING, RISK_WORDS
from holdfire.guide.guide import LINK, PAGES
from holdfire.guide.questions import Answers
from holdfire.guide.reasoner import assess
from holdfire.guide.rules import STEP_NO_RETURN
from holdfire.journeys.guide_here import guide_of
from holdfire.journeys.packs_here import load_packs
from holdfire.pack.folder import Pack
from shipped_texts import all_texts, sentences, texts_in, words

GUIDE = guide()
BOOK = GUIDE.book

#: People in whom every action that can be recommended has its moment.
CALM: Mapping[str, str] = {
    "moment": "thinking", "state": "clear", "task": "force", "country": "us", "service": "police", "bond": "career", "command": "few",
    "war": "no", "suspicion": "no", "device": "me", "trust": "colleagues lawyer", "others": "nobody", "losses": "none", "away": "day",
    "secrecy": "no", "values": "no-harm", "limits": "nothing",
}  # fmt: skip
PEOPLE: Mapping[str, Mapping[str, str]] = {
    "calm, with counsel and colleagues": CALM,
    "has left": {**CALM, "bond": "left"},
    "in danger, with counsel": {**CALM, "moment": "danger", "suspicion": "arrest"},
}


def as_answers(person: Mapping[str, str]) -> Answers:
    return {question: frozenset(given.split()) for question, given in person.items()}


def test_every_action_of_the_essay_has_one_page_and_one_rule() -> None:
    ruled = [rule.action for rule in BOOK.rules]
    assert len(ruled) == len(set(ruled)) == len(GUIDE.actions) == 55
    assert set(ruled) == set(GUIDE.actions)
    assert [rule.number for rule in BOOK.rules] == list(range(1, 56))


def test_fourteen_headings_and_what_is_always_first_each_with_actions() -> None:
    assert len(GUIDE.headings) == 15
    assert all(GUIDE.under(heading.id) for heading in GUIDE.headings)
    assert {heading.route for heading in GUIDE.headings} == {"stay", "resign", "join", "every"}
    count = {
        route: sum(len(GUIDE.under(one.id)) for one in GUIDE.headings if one.route == route)
        for route in ("stay", "resign", "join", "every")
    }
    assert count == {"stay": 39, "resign": 6, "join": 7, "every": 3}


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.action)
def test_every_action_has_its_moment_and_feigning_has_none(rule: rules.Rule) -> None:
    places = {
        option.place
        for person in PEOPLE.values()
        for option in assess(as_answers(person), BOOK).options
        if option.action == rule.action
    }
    if rule.action in FEIGNING:
        assert places == {"not"}
    elif rule.step == STEP_NO_RETURN:
        assert places & {"now", "prepare"}
    else:
        assert "now" in places


@pytest.mark.parametrize("action", FEIGNING)
def test_feigning_is_explained_with_a_truthful_alternative_that_does_not_feign(action: str) -> None:
    page = GUIDE.actions[action]
    assert page.truthful is not None
    assert page.truthful.actions
    assert not set(page.truthful.actions) & set(FEIGNING)
    assert "we do not recommend it" in page.in_short


# --- References: nothing leads nowhere


def with_change(old: str, new: str, file: str, pack: str = "int") -> tuple[list[Pack], int]:
    """Return the shipped packs with one text of one file changed, and the line it stands on."""
    changed, line = [], 0
    for one in load_packs():
        if one.manifest.id == pack:
            text = one.files[file].decode()
            assert old in text, (file, old)
            line = text[: text.index(old)].count("\n") + 1
            changed.append(Pack(one.manifest, {**one.files, file: text.replace(old, new, 1).encode()}))
        else:
            changed.append(one)
    return changed, line


def references() -> Iterator[tuple[str, str]]:
    """Yield every file of the base pack with every link and source it names."""
    base = load_packs()[0]
    for file, content in base.files.items():
        if file.startswith(("guide/actions/", "guide/pages/")):
            text = content.decode()
            yield from ((file, link) for link in {found[0] for found in LINK.finditer(text)})
            named = {
                one.strip()
                for found in re.finditer(r"source: \[([^\]]*)\]", text)
                for one in found[1].split(",")
            }
            yield from ((file, f"[{source}" if f"[{source}" in text else f", {source}") for source in named)


def test_breaking_any_link_or_source_is_refused_with_file_and_line() -> None:
    found = sorted(set(references()))
    assert len(found) > 300
    # One guide is built for each: every 23rd, spread over all pages, takes seconds and not minutes.
    for file, reference in found[::23]:
        broken = reference[:-2] + "x]]" if reference.startswith("[[") else f"{reference}-x"
        packs, line = with_change(reference, broken, file)
        with pytest.raises(ContentError) as caught:
            guide_of(packs)
        assert (caught.value.file, caught.value.line) == (file, line), (file, reference)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("guide/actions/aim-high.yaml", "  actions: [ask-in-writing", "  actions: [ask-in-speech", "no action 'ask-in-speech'"),
        ("guide/actions/ask-in-writing.yaml", "pages: [letters", "pages: [telegrams", "no page of the program"),
        ("guide/pages/facts.yaml", "[wcrw-2011-counts", "[wcrw-2012-counts", "no source 'wcrw-2012-counts'"),
        ("guide/rules.yaml", "needs: [prepare-ahead]", "needs: [prepare-behind]", "'prepare-behind', which is no action"),
    ],
)  # fmt: skip
def test_what_leads_nowhere_is_refused(file: str, old: str, new: str, said: str) -> None:
    packs, line = with_change(old, new, file)
    with pytest.raises(ContentError, match=re.escape(said)) as caught:
        guide_of(packs)
    assert caught.value.file == file
    # A rule is named by its first line.
    assert abs(caught.value.line - line) <= (6 if file == "guide/rules.yaml" else 0)


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_that_are_no_action_must_be_there(page: str) -> None:
    base, *others = load_packs()
    files = {file: content for file, content in base.files.items() if file != f"guide/pages/{page}.yaml"}
    with pytest.raises(ContentError, match="must be there"):
        guide_of([Pack(base.manifest, files), *others])


# --- Claims


def known_risks() -> list[tuple[str, actions.Risk]]:
    return [
        (page.id, risk)
        for page in GUIDE.actions.values()
        for _, group in page.risks.groups()
        for risk in group
        if risk.word == "known"
    ]


def test_what_is_known_to_happen_stands_on_a_case_or_on_words_that_were_read() -> None:
    assert known_risks()
    for action, risk in known_risks():
        found = [GUIDE.sources[source] for source in risk.sources]
        assert any(source.kind != "law" or source.level == "text" for source in found), (action, risk.text)


def test_nothing_that_was_not_checked_carries_something_known() -> None:
    for action, risk in known_risks():
        assert all(GUIDE.sources[source].level != "not-verified" for source in risk.sources), (
            action,
            risk.text,
        )


def test_every_source_says_when_and_how_it_was_checked() -> None:
    for source in GUIDE.sources.values():
        assert source.how
        assert source.says
        assert source.checked.year >= 2026
        if source.kind == "law" and source.country:
            assert source.country in BOOK.countries


def test_every_claim_names_its_sources_or_says_that_it_has_none() -> None:
    """The schema takes a list of sources or the word `reasoning`; nothing else, and not nothing."""
    packs, line = with_change("    source: reasoning\n", "", "guide/actions/ask-in-writing.yaml")
    with pytest.raises(ContentError, match="'source' is missing") as caught:
        guide_of(packs)
    assert abs(caught.value.line - line) <= 1
    packs, line = with_change(
        "source: reasoning", "source: everybody knows", "guide/actions/ask-in-writing.yaml"
    )
    with pytest.raises(ContentError, match="names its sources in a list"):
        guide_of(packs)


def test_every_page_fills_all_five_groups_of_risk_and_says_how_to_lower_them() -> None:
    for page in GUIDE.actions.values():
        assert all(group for _, group in page.risks.groups()), page.id
        assert page.lower
        assert page.stop_signs
        assert page.undone
        assert len(page.begin) >= 2
    used = {
        risk.word for page in GUIDE.actions.values() for _, group in page.risks.groups() for risk in group
    }
    assert used == set(RISK_WORDS)


def test_no_lawyer_is_claimed() -> None:
    assert {page.lawyer for page in GUIDE.actions.values()} == {None}
    assert {page.lawyer for page in GUIDE.pages.values()} == {None}


# --- Words

VERDICT = re.compile(
    r"\b(orders?|act|acts|action|step|refusal|it|this|that|which|command|you)\s+(is|are|was|were|be|would be|may be)\s+"
    r"(?:(?:not|clearly|manifestly|perfectly|always|never)\s+)*(?:(?:un|il)?lawful|(?:il)?legal)\b", re.IGNORECASE
)  # fmt: skip
AVOIDED = re.compile(
    r"\b(traitors?|treacherous|enem(?:y|ies)|hero(?:es|ic|ism)?|cowards?|cowardly|cowardice|simply|anonymous(?:ly)?|anonymity|guarante\w+)\b",
    re.IGNORECASE,
)


def test_the_guide_gives_no_verdict_on_an_order() -> None:
    for place, text in all_texts():
        assert not VERDICT.search(text), (place, text)


def test_the_verdict_is_found_where_there_is_one() -> None:
    for text in (
        "This order is unlawful.",
        "It is clearly illegal.",
        "Which is legal here",
        "orders are manifestly unlawful",
    ):
        assert VERDICT.search(text)


def test_no_word_that_flatters_shames_or_promises() -> None:
    for place, text in all_texts():
        assert not AVOIDED.search(text), (place, text)
        for found in re.finditer(r"\bsafe\b(?! places?)", text, re.IGNORECASE):
            pytest.fail(f"{place} promises safety: {text[found.start() - 30 : found.end() + 30]}")


def test_no_percentage_and_no_colour_stands_for_a_risk() -> None:
    for page in GUIDE.actions.values():
        for place, text in texts_in(page.risks, page.id):
            assert "%" not in text, (place, text)
            assert not re.search(r"\b(red|amber|green) (level|risk|light)\b", text), (place, text)


def test_sentences_are_short(record_property: Callable[[str, object], None]) -> None:
    lengths = {sentence: words(sentence) for _, text in all_texts() for sentence in sentences(text)}
    average = statistics.mean(lengths.values())
    record_property("average words a sentence", round(average, 1))
    assert max(lengths.values()) <= 25, max(lengths, key=lambda one: lengths[one])
    assert average <= 20


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("ask-in-writing", "You ask whoever gave the order to write, date and sign it. You neither refuse nor argue."),
        ("ask-in-writing", "A signature makes someone answerable."),
        ("ask-in-writing", "Someone is in danger this minute."),
        ("ask-in-writing", "“Please repeat it, so that I do it correctly.”"),
        ("ask-in-writing", "“Please write, date and sign it.”"),
        ("ask-in-writing", "Ask once, as duty, without politics."),
        ("ask-in-writing", "Keep your copy away from work."),
        ("ask-in-writing", "The letter, yes; the memory, no."),
        ("resign-together", "Several people leave on one day, each by letter, if enough are willing."),
        ("resign-together", "Nobody goes first."),
        ("resign-together", "Each may lawfully leave and has income and a home."),
        ("resign-together", "Choose a number that protects even with informers."),
        ("resign-together", "Pledge sealed; below the number nothing opens."),
        ("resign-together", "No leader, shared text, service time or devices."),
        ("resign-together", "A pledge, until it opens. A resignation, seldom."),
    ],
)  # fmt: skip
def test_the_two_sample_pages_say_what_was_agreed(action: str, said: str) -> None:
    assert any(said in text for _, text in texts_in(GUIDE.actions[action], action)), said


# --- Figures

FIGURES = (
    "In one list of 106 nonviolent campaigns (1900–2006), 31 of 34 with defections succeeded, 26 of 72 without. A later list: 40 of 52, "
    "and 54 of 117. The essay says ‘more than 52%’ of successes had defections: we count 31 of 57, later 40 of 94. It says ‘46 times’: "
    "one model we tried gives that ratio, range 5 to 452. Success itself was 2.5 times as frequent, later 1.7. This proves no cause, nor "
    "says what happens to you."
)


def test_the_facts_page_gives_the_counts_exactly_and_claims_no_cause() -> None:
    said = [text for _, text in texts_in(GUIDE.pages["facts"], "facts")]
    assert FIGURES in said
    assert any("They do not prove that defections cause success." in text for text in said)


def test_figures_stand_on_the_facts_page_or_with_all_their_counts() -> None:
    for place, text in all_texts():
        if place.startswith("pages/facts"):
            continue
        assert not re.search(r"\b46\b|52 ?%|\b2\.5 times|\b452\b", text), (place, text)
        if re.search(r"\b(31 of 34|26 of 72|40 of 52|54 of 117|106 nonviolent)\b", text):
            for part in (
                "106",
                "31 of 34",
                "26 of 72",
                "40 of 52",
                "54 of 117",
                "This proves no cause, nor says what happens to you.",
            ):
                assert part in text, (place, part)


def test_46_times_never_stands_without_its_range() -> None:
    for page in (*GUIDE.actions.items(), *GUIDE.pages.items()):
        text = " ".join(text for _, text in texts_in(page[1], page[0]))
        if "46 times" in text:
            assert "range 5 to 452" in text


DATA = next(
    (
        one / "shared" / "data"
        for one in Path(__file__).resolve().parents
        if (one / "shared" / "data").is_dir()
    ),
    None,
)
needs_data = pytest.mark.skipif(
    DATA is None, reason="the researchers' data is not here; it may not be shipped"
)


def rows(name: str) -> list[dict[str, str]]:
    assert DATA is not None
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def counted(cases: list[dict[str, str]], success: str, defection: str) -> tuple[int, int, int, int]:
    """Return success with defection, all with defection, success without, all without."""
    told = [
        (float(one[success]) == 1, float(one[defection]) == 1)
        for one in cases
        if one[success].strip() and one[defection].strip()
    ]
    with_one, without = [s for s, d in told if d], [s for s, d in told if not d]
    return sum(with_one), len(with_one), sum(without), len(without)


def is_number(row: Mapping[str, str], column: str, value: float) -> bool:
    return bool(row[column].strip()) and float(row[column]) == value


@needs_data
def test_the_counts_are_those_of_the_data() -> None:
    table = next(section.table for section in GUIDE.pages["facts"].sections if section.table)
    said = {row[0]: row[1:] for row in table.rows}

    def row(found: tuple[int, int, int, int]) -> tuple[str, str, str]:
        good, all_with, fine, all_without = found
        return (
            f"{good} of {all_with} succeeded",
            f"{fine} of {all_without} succeeded",
            f"{good} of {good + fine}",
        )

    first = rows("wcrw_2011_replication.csv")
    nonviolent = [one for one in first if is_number(one, "nonviol", 1)]
    assert len(nonviolent) == 106
    wcrw = ("success", "defect")
    later = [one for one in rows("navco_1_2_mirror.csv") if is_number(one, "NONVIOL", 1)]
    assert (
        said["Nonviolent, ended 1900–2006 (first list)"]
        == row(counted(nonviolent, *wcrw))
        == row((31, 34, 26, 72))
    )
    assert said["The same list, ended 1945 or later"] == row(
        counted([one for one in nonviolent if float(one["eyear"]) >= 1945], *wcrw)
    )
    assert said["The same list, against a ruler"] == row(
        counted([one for one in nonviolent if is_number(one, "regchange", 1)], *wcrw)
    )
    assert said["Violent, ended 1900–2006 (first list)"] == row(
        counted([one for one in first if is_number(one, "nonviol", 0)], *wcrw)
    )
    assert (
        said["Nonviolent, 1945–2014 (later list)"]
        == row(counted(later, "SUCCESS", "DEFECT"))
        == row((40, 52, 54, 117))
    )


@needs_data
def test_the_third_list_is_counted_right() -> None:
    campaigns: dict[str, dict[str, float]] = {}
    for one in rows("navco_2_1_derived_campaign_years.csv"):
        campaign = campaigns.setdefault(one["id"], {"violent": 0, "success": 0, "defection": 0, "told": 0})
        campaign["violent"] = max(campaign["violent"], float(one["prim_meth"] or 0))
        campaign["success"] = max(campaign["success"], float(one["success"] or 0))
        campaign["defection"] = max(campaign["defection"], float(one["sec_defect"] or 0))
        campaign["told"] = max(campaign["told"], float(bool(one["sec_defect"].strip())))
    peaceful = [
        {name: str(value) for name, value in one.items()}
        for one in campaigns.values()
        if not one["violent"] and one["told"]
    ]
    assert counted(peaceful, "success", "defection") == (42, 56, 43, 99)
    assert any("42 of 56 succeeded" in text and "[" not in text for _, text in all_texts())


# --- People


def every_dataclass() -> Iterator[type]:
    for module in (actions, gates, grid, pages, plan, questions, reasoner, rules, sources):
        yield from (one for one in vars(module).values() if isinstance(one, type) and is_dataclass(one))


def test_no_field_of_the_guide_holds_anybodys_private_life() -> None:
    private = re.compile(
        r"home|address|famil|phone|email|birth|spouse|child|photo|face|person|street|unit|rank"
    )
    found = set(every_dataclass())
    assert len(found) > 20
    for one in found:
        assert get_type_hints(one) is not None
        for field in fields(one):
            assert not private.search(field.name), (one.__name__, field.name)
