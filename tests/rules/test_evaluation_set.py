"""The sentences a labeller is judged by are whole, distinct, and labelled as their page says."""

from collections import Counter
from pathlib import Path
from typing import TypedDict

import pytest
import yaml

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "formats" / "rules-evaluation.md"
LANGUAGES = ("en", "ru", "be", "es")
LABELS = ("obligation", "prohibition", "permission", "exception")
LETTERS_OF = {"en": set(), "ru": set("ыищ"), "be": set("ўі"), "es": set("áéíóúñ")}
FOREIGN_TO = {"en": "áéíóúñыэўі", "ru": "ўі", "be": "иищъ", "es": "ыэўі"}


class Sentence(TypedDict):
    """One sentence as the files hold it."""

    id: str
    language: str
    text: str
    labels: list[str]


def sentences(name: str) -> list[Sentence]:
    read: dict[str, list[Sentence]] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    assert list(read) == ["sentences"]
    return read["sentences"]


DEVELOPMENT = sentences("development.yaml")
EVALUATION = sentences("evaluation.yaml")
UNSEEN = sentences("unseen.yaml")
SECOND: dict[str, list[str]] = yaml.safe_load((HERE / "second_reading.yaml").read_text(encoding="utf-8"))


def kappa(first: list[bool], second: list[bool]) -> tuple[float, float]:
    """Give the share of sentences on which two labellings agree, and Cohen's kappa."""
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
    share_first, share_second = sum(first) / len(first), sum(second) / len(second)
    by_chance = share_first * share_second + (1 - share_first) * (1 - share_second)
    return agreed, (agreed - by_chance) / (1 - by_chance)


@pytest.mark.parametrize(
    "sentence", DEVELOPMENT + EVALUATION + UNSEEN, ids=lambda sentence: str(sentence["id"])
)
def test_a_sentence_is_whole(sentence: Sentence) -> None:
    assert list(sentence) == ["id", "language", "text", "labels"]
    assert sentence["language"] in LANGUAGES
    assert f"{sentence['language']}-" in sentence["id"]
    assert sentence["text"] == " ".join(sentence["text"].split())
    assert not set(sentence["text"].lower()) & set(FOREIGN_TO[sentence["language"]])
    assert sentence["labels"] == [label for label in LABELS if label in sentence["labels"]]


@pytest.mark.parametrize(
    ("name", "least"), [("development.yaml", 40), ("evaluation.yaml", 110), ("unseen.yaml", 60)]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_share(name: str, least: int, language: str) -> None:
    own = [sentence for sentence in sentences(name) if sentence["language"] == language]
    assert len(own) >= least
    assert LETTERS_OF[language] <= set("".join(sentence["text"] for sentence in own))
    for label in LABELS:
        assert sum(label in sentence["labels"] for sentence in own) >= least // 10
    assert sum(not sentence["labels"] for sentence in own) / len(own) >= 0.15


def test_no_sentence_and_no_id_stands_twice() -> None:
    every = DEVELOPMENT + EVALUATION + UNSEEN
    assert len(EVALUATION) >= 440
    assert len(UNSEEN) == 240
    assert len({sentence["id"] for sentence in every}) == len(every)
    assert len({sentence["text"].casefold().rstrip(".;:") for sentence in every}) == len(every)


@pytest.mark.parametrize(("name", "before"), [("evaluation", ""), ("unseen", "unseen, ")])
def test_the_page_tells_how_many_there_are(name: str, before: str) -> None:
    page, counted = PAGE.read_text(encoding="utf-8"), sentences(f"{name}.yaml")
    for label in (*LABELS, "no label"):
        count = Counter(
            sentence["language"]
            for sentence in counted
            if label in sentence["labels"] or (label == "no label" and not sentence["labels"])
        )
        own = " | ".join(str(count[language]) for language in LANGUAGES)
        assert f"| {before}{label} | {own} | {count.total()} |" in page
    count = Counter(sentence["language"] for sentence in counted)
    own = " | ".join(str(count[language]) for language in LANGUAGES)
    assert f"| {name} | {own} | {len(counted)} |" in page


@pytest.mark.parametrize("label", LABELS)
def test_the_page_tells_how_far_the_two_readings_agree(label: str) -> None:
    assert list(SECOND) == [sentence["id"] for sentence in EVALUATION]
    first = [label in sentence["labels"] for sentence in EVALUATION]
    agreed, beyond_chance = kappa(first, [label in labels for labels in SECOND.values()])
    assert f"| {label} | {agreed:.3f} | {beyond_chance:.3f} |" in PAGE.read_text(encoding="utf-8")
