"""How long the reasoner takes for all 55 actions."""

from __future__ import annotations

import json
import random
import statistics
from dataclasses import asdict

from bench.measure import Measure, medians, seconds, small
from holdfire.guide.questions import Answers, Question
from holdfire.guide.reasoner import assess
from holdfire.journeys.guide_here import load_guide

SEED = 55


def an_answer(question: Question, chance: random.Random) -> frozenset[str]:
    """Return one answer a person could give."""
    return frozenset({chance.choice(question.choices).id})


def main() -> list[Measure]:
    """Measure an assessment of random people who answer every question, beside writing its result as JSON."""
    book = load_guide().book
    chance = random.Random(SEED)
    people: list[Answers] = [
        {question.id: an_answer(question, chance) for question in book.questions}
        for _ in range(5 if small() else 60)
    ]
    results = [asdict(assess(person, book)) for person in people]
    took: dict[str, list[float]] = {"assess": [], "json": []}
    turn = 0

    def judge() -> float:
        nonlocal turn
        turn += 1
        person = people[turn % len(people)]
        took["assess"].append(seconds(lambda: assess(person, book)) * 1_000)
        return took["assess"][-1]

    def write() -> float:
        return seconds(lambda: json.dumps(results[turn % len(results)])) * 1_000

    found = medians(len(people) * 3, {"assess": judge, "json": write})
    slowest = (
        statistics.quantiles(took["assess"], n=100)[-1] if len(took["assess"]) > 99 else max(took["assess"])
    )
    return [
        Measure(
            "reasoner, 55 actions, median",
            found["assess"],
            "ms",
            found["json"],
            "json.dumps of its result",
            bound=5,
        ),
        Measure("reasoner, 55 actions, 99 of 100", slowest, "ms", bound=5),
    ]
