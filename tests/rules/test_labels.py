"""Labels: by the words of the packs, with what a list hangs on, and as good on the evaluation sentences as was promised."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from holdfire.journeys.rules_here import load_grammars
from holdfire.rules.clauses import split_clauses
from holdfire.rules.labels import label_clause, signs_of
from holdfire.rules.regulation import LABELS

GRAMMARS = load_grammars()
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Line:
    text: str
    page: int | None = None
    role: str = "text"


def labels(text: str, language: str) -> list[str]:
    given_labels = {label for sign in signs_of(text, GRAMMARS[language].patterns) for label in sign.labels}
    return [label for label in LABELS if label in given_labels]


def of_clauses(text: str, language: str = "en") -> dict[str, list[tuple[str, ...]]]:
    grammar = GRAMMARS[language]
    lines = [Line(line) for line in text.split("\n")]
    return {
        clause.number: [sentence.labels for sentence in label_clause(clause, grammar.patterns).sentences]
        for clause in split_clauses(lines, grammar.abbreviations)
    }


SENTENCES = [
    ("ru", "Часовой не обязан отвечать.", ["permission"]),
    ("ru", "Часовой обязан отвечать.", ["obligation"]),
    ("en", "Force may be used only when life is in danger.", ["permission", "exception"]),
    ("en", "The guard shall not leave unless relieved.", ["prohibition", "exception"]),
    ("be", "Дзяжурны не мае права пакідаць пост, акрамя выпадкаў пажару.", ["prohibition", "exception"]),
    ("es", "El agente no podrá entrar, salvo autorización.", ["prohibition", "exception"]),
    ("en", "The guard room has two doors.", []),
    ("en", "An officer shall give a clear oral warning before using special means.", ["obligation"]),
    ("en", "An officer must not use special means against children.", ["prohibition"]),
    ("en", "Special means shall be issued against signature.", ["obligation"]),
    ("en", "“Special means” means batons, gas and water.", []),
    ("ru", "На стене написано: «Посторонним вход запрещён».", []),
]


@pytest.mark.parametrize(("language", "text", "expected"), SENTENCES)
def test_a_sentence_gets_its_labels(language: str, text: str, expected: list[str]) -> None:
    assert labels(text, language) == expected


def test_the_words_that_gave_a_label_are_told() -> None:
    text = "A guard must not sleep, unless relieved."
    signs = [(sign.labels, text[sign.start : sign.end]) for sign in signs_of(text, GRAMMARS["en"].patterns)]
    assert signs == [(("prohibition",), "must not"), (("exception",), "unless")]


def test_items_take_what_their_stem_rules_and_bring_their_own_exceptions() -> None:
    found = of_clauses(
        "1. The guard must not:\n(a) sleep;\n(b) leave unless relieved.\n2. The gate is green."
    )
    assert found["(a)"] == [("prohibition",)]
    assert found["(b)"] == [("prohibition", "exception")]
    assert found["2."] == [()]


def test_a_list_inside_a_clause_ends_with_the_list() -> None:
    found = of_clauses("1. The guard must carry:\n- a whistle;\n- a torch.\nThe torch is red.")["1."]
    assert found == [("obligation",), ("obligation",), ("obligation",), ()]


@given(st.text(max_size=300), st.sampled_from(sorted(GRAMMARS)))
def test_any_text_gets_labels_within_its_bounds(text: str, language: str) -> None:
    for sign in signs_of(text, GRAMMARS[language].patterns):
        assert 0 <= sign.start <= sign.end <= len(text)


def sentences(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))["sentences"]
    return found


@pytest.mark.parametrize("language", sorted(GRAMMARS))
@pytest.mark.parametrize("name", ["development", "evaluation"])
def test_the_labels_are_as_good_as_was_promised(name: str, language: str) -> None:
    counted: Counter[str] = Counter()
    for one in sentences(name):
        if one["language"] == language:
            got, wanted = set(labels(one["text"], language)), set(one["labels"])
            counted.update(right=len(got & wanted), wrong=len(got ^ wanted))
    f1 = 2 * counted["right"] / (2 * counted["right"] + counted["wrong"])
    assert f1 >= 0.9, f"{language}: {f1:.3f}"


@pytest.mark.parametrize("language", sorted(GRAMMARS))
def test_trying_fewer_patterns_changes_no_label(language: str) -> None:
    patterns = GRAMMARS[language].patterns
    all_tried = [
        replace(one, starts=None, beside=one.beside and replace(one.beside, starts=None)) for one in patterns
    ]
    for one in (*sentences("development"), *sentences("evaluation")):
        assert signs_of(one["text"], patterns) == signs_of(one["text"], all_tried)
