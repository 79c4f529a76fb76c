"""Answers to begin from, in the member's language: `answers/*.toml`. A person reads and changes each before it is sent."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from holdfire.errors import UserError
from holdfire.language import mark

#: Languages of answers; where the member's is none of them, the first.
LANGUAGES: Final = ("en", "ru", "be")


@dataclass(frozen=True)
class Template:
    """An answer to begin from.

    Args:
        name: By which it is called, the same in every language.
        title: What it is for.
        text: The answer, without a line end.
    """

    name: str
    title: str
    text: str


@cache
def templates(language: str) -> tuple[Template, ...]:
    """Return the answers in a language (`ru`, `ru-BY`), or in English where there are none in it."""
    code = language.partition("-")[0].lower()
    kept = files("holdfire.desk") / "answers" / f"{code if code in LANGUAGES else LANGUAGES[0]}.toml"
    read = tomllib.loads(kept.read_text("utf-8"))
    return tuple(Template(name, one["title"], one["text"].strip()) for name, one in read.items())


def template(name: str, language: str) -> Template:
    """Return an answer by its name; UserError if there is none."""
    for one in templates(language):
        if one.name == name:
            return one
    raise UserError(
        mark("There is no answer called {name}."), mark("`holdfire desk answers` lists them."), name=name
    )
