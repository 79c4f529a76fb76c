"""Labels of sentences the patterns know and of sentences they never saw, the time to label 800,000 characters, and a very long regulation."""

from __future__ import annotations

import io
import sys
from collections import Counter
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from bench.measure import Measure, bench_folder, medians, seconds, small
from holdfire.journeys.keep_regulation import clauses_of, find_regulation, import_regulation
from holdfire.journeys.rules_here import load_grammars
from holdfire.journeys.work_to_rule import keep_checklist
from holdfire.rules.grammar import Grammar
from holdfire.rules.labels import signs_of
from holdfire.rules.regulation import LABELS
from holdfire.sealing.passphrase import TEST
from holdfire.vault.vault import Vault

SENTENCES = Path(__file__).parents[1] / "tests" / "rules"
# What each set is to the patterns. Only the set they were mended by has a bound: one on the other would invite mending by it.
MENDED_BY = ("evaluation.yaml", "the patterns were mended by")
NEVER_SEEN = ("unseen.yaml", "the patterns never saw")
CHARACTERS = 800_000
LEAST_F1 = 0.9


def main() -> list[Measure]:
    """Measure precision, recall and F1 of each label in each language, micro F1 of each language, and the time.

    Each score is named by its set: the sentences the patterns were mended by say nothing of new ones (docs/decisions/0082).
    """
    measures = []
    for language, grammar in load_grammars().items():
        own = _sentences(MENDED_BY[0], language)
        measures += _scores(grammar, own, MENDED_BY[1], bound=LEAST_F1)
        measures += _scores(grammar, _sentences(NEVER_SEEN[0], language), NEVER_SEEN[1])
        measures.append(_time(grammar, [one["text"] for one in own]))
    return [*measures, *_long_regulation()]


def _long_regulation() -> list[Measure]:
    """Measure an import of a very long regulation into a vault on the disk, then one page of it and a checklist from it."""
    clauses = 2_000 if small() else 100_000
    lines = (
        f"{number % 900 + 1}. The guard must report use {number} of a weapon to the officer.\n"
        for number in range(clauses)
    )
    text, now = "".join(lines).encode(), datetime(2030, 5, 1, tzinfo=UTC)
    with bench_folder() as folder:
        Vault.create(folder / "vault", ["a passphrase of the bench"], 512 << 20, profile=TEST)
        with Vault.open(folder / "vault", "a passphrase of the bench", profile=TEST) as vault:
            imported = seconds(lambda: import_regulation(vault, io.BytesIO(text), "rules.txt", now))
            regulation = find_regulation(vault, 1).value
            page = seconds(lambda: clauses_of(vault, regulation, first=clauses - 60, most=40))
            checklist = seconds(lambda: keep_checklist(vault, 1, ("weapon",), now))
    return [
        Measure(f"{clauses:,} clauses imported", imported, "s"),
        Measure("one page of them", page * 1_000, "ms"),
        Measure("a checklist from them", checklist * 1_000, "ms"),
    ]


def _sentences(name: str, language: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = yaml.safe_load((SENTENCES / name).read_text("utf-8"))["sentences"]
    return [one for one in read if one["language"] == language]


def _scores(
    grammar: Grammar, sentences: list[dict[str, Any]], which: str, *, bound: float | None = None
) -> list[Measure]:
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
    name = f"{grammar.language}, {len(sentences)} sentences {which}"
    measures = []
    for label in LABELS:
        right, found, there = (counted[label, part] for part in ("right", "got", "wanted"))
        precision, recall = right / max(1, found), right / max(1, there)
        print(f"  {name}: {label}: precision {precision:.3f}, recall {recall:.3f}", file=sys.stderr)
        measures.append(
            Measure(f"{name}: {label}, F1", 2 * right / max(1, found + there), "", more_is_better=True)
        )
    right, found, there = (
        sum(counted[label, part] for label in LABELS) for part in ("right", "got", "wanted")
    )
    micro = 2 * right / max(1, found + there)
    measures.append(Measure(f"{name}: micro F1", micro, "", more_is_better=True, bound=bound))
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
