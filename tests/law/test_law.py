"""What the shipped law says, and what keeps several packs consistent."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import ContentError
from holdfire.journeys.guide_here import load_guide
from holdfire.journeys.law_here import load_law, sources_of
from holdfire.journeys.packs_here import load_packs
from holdfire.law.forums import closed_since, open_forums
from holdfire.law.law import Law, build_law
from holdfire.law.provisions import in_force, select
from holdfire.pack.folder import Pack, read_pack, shipped_packs

LEFT = date(2023, 2, 8)
AFTER = st.dates(LEFT, date(2100, 1, 1))
BEFORE = st.dates(date(1995, 1, 1), LEFT - timedelta(days=1))


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law()


def test_the_counts_are_those_of_the_research(law: Law) -> None:
    assert (len(law.provisions), len(law.forums), len(law.oaths), len(law.deadlines)) == (216, 23, 8, 16)
    levels = Counter(one.level for one in law.provisions.values())
    assert levels == {
        "text": 153,
        "text-earlier-version": 24,
        "citation": 22,
        "instrument": 15,
        "not-verified": 2,
    }


@given(AFTER)
def test_no_complaint_against_belarus_to_the_committee_is_offered_from_the_day_it_left(on: date) -> None:
    law = load_law()
    assert "hrc-op1-by" not in {one.id for one in open_forums(law.forums.values(), law.reaching("by"), on)}
    offered = select(law.provisions.values(), jurisdictions=law.reaching("by"), on=on)
    assert "iccpr-op1" not in {one.id for one in offered}
    # The Covenant itself still binds.
    assert "iccpr-21" in {one.id for one in offered}


@given(BEFORE, AFTER)
def test_earlier_facts_get_the_explanation_and_not_the_forum(facts: date, on: date) -> None:
    law = load_law()
    (told,) = closed_since(law.forums.values(), law.reaching("by"), facts=facts, on=on)
    assert told.id == "hrc-op1-by"
    assert told.closed is not None
    assert "8 February 2023" in told.closed


def test_the_court_in_strasbourg_is_offered_to_neither_country(law: Law) -> None:
    for country in ("by", "us", None):
        assert "ecthr" not in {
            one.id for one in open_forums(law.forums.values(), law.reaching(country), LEFT)
        }


def test_comparators_and_unverified_entries_are_kept_and_never_offered(law: Law) -> None:
    comparators = {one.id for one in law.provisions.values() if one.comparator}
    assert comparators == {"fr-csi-r434-5", "ua-cc-41", "ru-cc-42", "uy-18026-9"}
    unverified = {one.id for one in law.provisions.values() if one.level == "not-verified"}
    assert unverified == {"by-cc-40-3", "by-civil-service-written"}
    everywhere = {one.jurisdiction for one in law.provisions.values()}
    offered = {one.id for one in select(law.provisions.values(), jurisdictions=everywhere, on=None)}
    assert offered == law.provisions.keys() - comparators - unverified


def test_the_wider_powers_of_2021_were_not_there_in_2020(law: Law) -> None:
    assert in_force(law.provisions["by-2021-amendment"], date(2020, 8, 10)) is False
    assert in_force(law.provisions["by-uvs-11-2024"], date(2020, 8, 10)) is False
    assert in_force(law.provisions["by-uvs-11-2024"], date(2025, 1, 1)) is True


def test_a_number_nobody_confirmed_stands_in_no_heading_and_no_identifier(law: Law) -> None:
    for one in law.provisions.values():
        if (one.note and "do not print it" in one.note) or (one.note and "do not print them" in one.note):
            assert not re.search(r"\d", one.article), one.id
            assert one.frbr is None or "~" not in one.frbr


def test_what_is_for_authors_never_reaches_a_reader(law: Law) -> None:
    telling = re.compile(r"do not (print|use)|show (it|on|beside)|before use|for a letter")
    caveats = [
        *(one.caveat for one in law.provisions.values()),
        *(one.caveat for one in law.forums.values()),
        *(one.caveat for one in law.oaths.values()),
        *(one.caveat for one in law.deadlines.values()),
    ]
    assert [caveat for caveat in caveats if caveat and telling.search(caveat)] == []
    for source in sources_of(law):
        assert not telling.search(source.says), source.id


def test_nobody_is_told_an_oath_that_nobody_read(law: Law) -> None:
    assert {one.id for one in law.oaths.values() if one.gist is None} == {"by-police", "by-military"}


def test_the_guide_lists_only_the_law_its_claims_name(law: Law) -> None:
    guide = load_guide()
    assert set(guide.sources) & set(law.provisions) == set(guide.named()) & set(law.provisions)
    assert 60 < len(set(guide.sources) & set(law.provisions)) < len(law.provisions)


def changed(tmp_path: Path, files: dict[str, str]) -> tuple[Pack, ...]:
    """Return the shipped packs and one more, of the made-up country xx."""
    (tmp_path / "pack.yaml").write_text(
        "id: xx\ntitle: X\ncountry: xx\nlanguage: en\nversion: '1'\nreviewed: 2026-01-01\nby: A test.\npays: Nobody.\n"
    )
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return (*load_packs(), read_pack(tmp_path))


PROVISION = """instruments:
  - instrument: A Law
    jurisdiction: {jurisdiction}
    binding: law{more}
    adopted: 2000-02-03
    source: https://example.org/law
    checked: 2026-01-01
    provisions:
      - id: {id}
        article: art. 1
        tags: [{tag}]
        paraphrase: Force is the last resort.
        level: {level}
        how: the article seen on the official portal
"""


def provision(
    *, jurisdiction: str = "xx", more: str = "", name: str = "xx-1", tag: str = "force", level: str = "text"
) -> str:
    return PROVISION.format(jurisdiction=jurisdiction, more=more, id=name, tag=tag, level=level)


FILE = "law/provisions/a.yaml"
DEADLINE = """deadlines:
  - id: xx-d
    jurisdiction: xx
    who_must_act: a body
    time: soon
    terms: [{number: NUMBER, unit: days, case: usually}]
    law: A Law
    provision: PROVISION
    source: https://example.org/
    level: text
    how: law read
    checked: 2026-01-01
"""


def test_a_pack_of_another_country_adds_its_law_to_what_reaches_it(tmp_path: Path) -> None:
    law = build_law(changed(tmp_path, {FILE: provision(), "law/country.yaml": "belongs_to: [coe]\n"}))
    assert law.reaching("xx") == {"international", "coe", "xx"}
    assert law.provisions["xx-1"].citable
    assert "echr-11" in {
        one.id for one in select(law.provisions.values(), jurisdictions=law.reaching("xx"), on=LEFT)
    }


@pytest.mark.parametrize(
    ("files", "file", "line", "rule"),
    [
        ({FILE: provision(name="cat-1")}, FILE, 9, "stands twice"),
        ({FILE: provision(tag="nonsense")}, FILE, 11, "tags.yaml"),
        ({FILE: provision(jurisdiction="by")}, FILE, 3, "only its own law"),
        ({FILE: provision(more="\n    comparator: true")}, FILE, 5, "another state's rule"),
        ({FILE: provision(), "letters/en/a.yaml": "cites: [iccpr-21, bpuff-25]\n"}, "letters/en/a.yaml", 1, "bpuff-25"),
        ({FILE: provision(), "letters/a.yaml": "cites:\n  - cat-1\n  - ua-cc-41\n"}, "letters/a.yaml", 3, "another state"),
        ({FILE: provision(level="citation"), "letters/a.yaml": "cites: xx-1\n"}, "letters/a.yaml", 1, "level citation"),
        ({"law/deadlines.yaml": DEADLINE.replace("NUMBER", "3").replace("PROVISION", "xx-9")}, "law/deadlines.yaml", 8, "no provision"),
        ({"law/deadlines.yaml": DEADLINE.replace("NUMBER", "0").replace("PROVISION", "cat-1")}, "law/deadlines.yaml", 6, "at least one"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_between_packs_is_named_with_its_line(
    tmp_path: Path, files: dict[str, str], file: str, line: int, rule: str
) -> None:
    with pytest.raises(ContentError, match=rule) as caught:
        build_law(changed(tmp_path, files))
    assert (caught.value.file, caught.value.line) == (file, line)


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        ("    gist: To obey.\n    level: instrument\n", "only where its wording"),
        ("    level: text\n", "says in `exists`"),
        ("    gist: To obey.\n    exists: There is one.\n    level: text\n", "says in `exists`"),
    ],
)
def test_an_oath_is_told_or_said_to_exist(tmp_path: Path, lines: str, rule: str) -> None:
    oath = (
        "oaths:\n  - id: xx-o\n    jurisdiction: xx\n    who: police\n    citation: A Law\n"
        f"    source: https://example.org/\n    how: law seen\n    checked: 2026-01-01\n{lines}"
    )
    with pytest.raises(ContentError, match=rule):
        build_law(changed(tmp_path, {"law/oaths.yaml": oath}))


def test_the_shipped_packs_are_those_read_here() -> None:
    assert {pack.manifest.id for pack in load_packs()} >= {"int", "by", "us"}
    assert (shipped_packs() / "int" / "law" / "tags.yaml").exists()
