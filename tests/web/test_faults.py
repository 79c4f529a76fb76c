"""What a page says of a fault: what to do there, never a command, with every value in its place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfire.errors import UserError
from holdfire.language import ENGLISH
from holdfire.web.faults import HINTS, problem_of, said_of
from simulators.served import Served

HOUSE = Path(__file__).parents[2] / "src/holdfire"
BELOW = (
    "errors.py",
    "conversation",
    "desk",
    "documents",
    "drop",
    "evidence",
    "guide",
    "journeys",
    "law",
    "letters",
    "orders",
    "pack",
    "packets",
    "reach",
    "rules",
    "vault",
    "wire",
)


def marked(folder: Path) -> Iterator[str]:
    """Yield every sentence that is written for people below the entrances."""
    for file in [folder] if folder.is_file() else sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "mark":
                yield ast.literal_eval(node.args[0])


def test_no_page_sends_a_person_to_a_command() -> None:
    said = {sentence for name in BELOW for sentence in marked(HOUSE / name)}
    assert len(said) > 100
    commands = {sentence for sentence in said if "`" in sentence or "--" in sentence}
    assert commands <= HINTS.keys(), "a hint that names a command has another one for pages"
    assert HINTS.keys() <= said, "nothing is translated for a hint that is gone"
    assert not any("`" in hint for hint in HINTS.values())


def test_values_stand_in_the_hint_too() -> None:
    fault = UserError("Too long: {most}.", "Say it in {most} letters.", most=3)
    assert said_of(ENGLISH, fault) == ("Too long: 3.", "Say it in 3 letters.")


def test_a_field_is_called_as_people_call_it() -> None:
    fault = UserError("The answer {name} is too long.", "Say it shorter.", name="order_words")
    problem = problem_of(ENGLISH, fault, "order_words", {"order_words": "The words"})
    assert problem.sentence == "The answer “The words” is too long. Say it shorter."


@pytest.mark.parametrize("query", ["kind=nothing", "kind=leave&language=xx"])
def test_a_letter_that_does_not_exist_leads_back(opened: Served, query: str) -> None:
    text = opened.get(f"/letters/write?{query}").text
    assert "This did not work" in text
    assert "Go back and choose" in text
    assert "`" not in text
