"""Labels of sentences against the evaluation sentences, and the time to label 800,000 characters."""

from __future__ import annotations

import sys
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from bench.measure import Measure, medians, seconds, small
from holdfire.journeys.rules_here import load_grammars
from holdfire.rules.grammar import Grammar
from holdfire.rules.labels import signs_of
from holdfire.rules.regulation import LABELS

SENTENCES = Path(__file__).parents[1] / "tests" / "rules" / "evaluation.yaml"
CHARACTERS = 800_000
LEAST_F1 = 0.9


def main() -> list[Measure]:
    """Measure precision, recall and F1 of each label in each language, micro F1 of each language, and the time.

    The patterns were mended by these sentences (docs/decisions/0082): no measure of new ones.
    """
    sentences: list[dict[str, Any]] = yaml.safe_load(SENTENCES.read_text("utf-8"))["sentences"]
    measures = []
    for language, grammar in load_grammars().items():
        own = [one for one in sentences if one["language"] == language]
        measures += _scores(grammar, own)
        measures.append(_time(grammar, [one["text"] for one in own]))
    return measures


def _scores(grammar: Grammar, sentences: list[dict[str, Any]]) -> list[Measure]:
    counted: Counter[tuple[str, str]] = Counter()
    exact = 0
    for one in sentences:
        got: set[str] = {label for sign in signs_of(one["text"], grammar.patterns) for label in sign.labels}
        wanted: set[str] = set(one["labels"])
        exact += got == wanted
        for label in LABELS:
            counted[label, "right"] += label in got & wanted
            counted[label, "got"] += label in got
            counted[label, "wanted"] += label in wanted
    name = f"{grammar.language}, {len(sentences)} sentences"
    measures = []
    for label in LABELS:
        right, found, there = (counted[label, part] for part in ("right", "got", "wanted"))
        precision, recall = right / max(1, found), right / max(1, there)
        print(
            f"  {grammar.language} {label}: precision {precision:.3f}, recall {recall:.3f}", file=sys.stderr
        )
        measures.append(
            Measure(f"{name}: {label}, F1", 2 * right / max(1, found + there), "", more_is_better=True)
        )
    right, found, there = (
        sum(counted[label, part] for label in LABELS) for part in ("right", "got", "wanted")
    )
    micro = 2 * right / max(1, found + there)
    measures.append(Measure(f"{name}: micro F1", micro, "", more_is_better=True, bound=LEAST_F1))
    measures.append(
        Measure(f"{name}: every label right", exact / max(1, len(sentences)), "", more_is_better=True)
    )
    return measures


def _time(grammar: Grammar, texts: list[str]) -> Measure:
    length = sum(map(len, texts))
    taken = texts * (1 if small() else CHARACTERS // length)
    count = sum(map(len, taken))

    def label() -> None:
        for text in taken:
            signs_of(text, grammar.patterns)

    figure = medians(1 if small() else 3, {"ours": partial(seconds, label)})["ours"]
    return Measure(f"{grammar.language}, {count:,} characters labelled", figure, "s")
