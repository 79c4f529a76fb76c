"""Patterns: a small language of its own, in which nobody can write one that a text makes slow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import ContentError
from holdfire.journeys.rules_here import load_grammars
from holdfire.pack.reader import read
from holdfire.rules.grammar import PRINTED, Grammar, find_language, parse_grammar
from holdfire.rules.labels import signs_of
from holdfire.rules.patterns import compile_words, fold, starts_of

FOUND = [
    ("may only", "It MAY  only be so."),
    ("обязан~", "Часовой обязана стоять"),
    ("(is|are) (not )?allowed", "They are allowed"),
    ("may … only when", "It may be used, by an officer, only when he is there"),
    ("^no ~", "No smoking"),
    ("clause #", "see clause 14"),
    ("если …,", "Если он спит, будят"),
    ("за ё", "за е"),
    ("мае права", "не мае Права"),
    ("don't", "Don’t go"),
    ("не(?! только)", "не стоит"),
]


@pytest.mark.parametrize(("written", "text"), FOUND)
def test_a_pattern_finds_its_words(written: str, text: str) -> None:
    assert compile_words(written).search(fold(text))


NOT_FOUND = [
    ("may", "mayor"),
    ("may", "dismay"),
    ("обязан", "необязан"),
    ("may … only", "may go; only he stays"),
    ("may … only", f"may {'x ' * 70}only"),
    ("^no", "Say no"),
    ("не(?! только)", "не только он"),
]


@pytest.mark.parametrize(("written", "text"), NOT_FOUND)
def test_a_pattern_finds_whole_words_within_its_bounds_alone(written: str, text: str) -> None:
    assert not compile_words(written).search(fold(text))


@pytest.mark.parametrize(
    "written",
    ["a*", "a+", "a{2,}", "(a+)+", "[ab]", r"\w", "a$", "(?:a)", "(?=a)", "(?P<x>a)", "(?<!a)b", "a??", "(a", "a)", "a…b",
     "a … b … c", "~~", "((a)?)?", "x" * 3_001],
)  # fmt: skip
def test_what_could_repeat_without_a_bound_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"pattern|gap"):
        compile_words(written)


@given(st.text())
def test_folding_moves_no_character(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("language", ["en", "ru", "be", "es"])
def test_no_pattern_is_made_slow_by_a_hostile_text(language: str) -> None:
    # Each is long enough that a pattern growing with the square of the text would not end in this test's life.
    patterns = load_grammars()[language].patterns
    words = sorted({start for one in patterns for start in one.starts or ()})
    for hostile in (
        "а" * 100_000,
        "не " * 30_000,
        "may " * 25_000,
        " , " * 30_000,
        " ".join(words * 50),
        "se " * 30_000,
    ):
        signs_of(hostile, patterns)


@pytest.mark.parametrize(
    ("written", "starts"),
    [
        ("обязан~", {"обя"}),
        ("(must|shall) not", {"mus", "sha"}),
        ("не (вправе|может)", {"не"}),
        ("^(when|if) …,", {"whe", "if"}),
        ("(a )?may", None),
        ("~ет", None),
        ("не~", None),
        ("— это", None),
        ("needs? to", {"nee"}),
        ("(the|an?) post", None),
    ],
)
def test_how_a_pattern_can_begin_is_told_or_left_open(written: str, starts: set[str] | None) -> None:
    assert starts_of(written) == starts


@pytest.mark.parametrize("grammar", load_grammars().values(), ids=list(load_grammars()))
def test_every_language_holds_its_examples_and_the_words_of_the_print(grammar: Grammar) -> None:
    grammar.check()
    assert set(grammar.printed) == set(PRINTED)


YAML = """
language: xx
common: [the]
letters: null
abbreviations: [art]
endings: [s]
persons: [guard~]
printed: {%s}
patterns:
%%s
""" % ", ".join(f"{name}: x" for name in PRINTED)  # noqa: UP031 -- the braces are YAML's

MUST = '  - {find: "must", as: [obligation], in: You must go.}\n'


def parse(patterns: str) -> Grammar:
    grammar = parse_grammar(read((YAML % patterns).encode(), "rules/xx.yaml"))
    grammar.check()
    return grammar


def test_a_pattern_with_its_example_is_read() -> None:
    assert len(parse(MUST).patterns) == 1


@pytest.mark.parametrize(
    ("pattern", "rule"),
    [
        ('  - {find: "must", as: [obligation], in: You go.}\n', "does not get this label"),
        ('  - {find: "xx yy", in: Nothing.}\n', "not found in its own example"),
        (MUST + '  - {find: "must not", as: [prohibition], in: You must not.}\n', "does not get this label"),
        ('  - {find: "a+", in: aa}\n', "alone"),
        ('  - {find: "must", as: [duty], in: You must.}\n', "one of these"),
        ('  - {find: "must", as: [obligation], whole: true, in: You must.}\n', "gives none"),
        ('  - {find: "must", in: You must., speed: 1}\n', "not known here"),
    ],
)
def test_a_pattern_that_breaks_a_rule_is_refused_with_its_line(pattern: str, rule: str) -> None:
    with pytest.raises(ContentError, match=rule) as caught:
        parse(pattern)
    assert caught.value.line > 0


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The guard shall be at the gate and must not sleep."),
        ("ru", "Часовой обязан быть на посту и не спать; он отвечает за его охрану."),
        ("be", "Вартавы абавязаны быць на пасту і не спаць; ён адказвае за яго ахову."),
        ("es", "El centinela deberá estar en la puerta y no podrá dormir."),
        (None, "0123 ???"),
        (None, "ქართული ენა"),
    ],
)
def test_the_language_of_a_text_is_found_by_its_words(language: str | None, text: str) -> None:
    assert find_language(text, load_grammars().values()) == language
