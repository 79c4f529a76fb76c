"""What the packs here know of the language of regulations, read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from holdfire.errors import ContentError
from holdfire.journeys.packs_here import load_packs
from holdfire.pack.folder import Pack
from holdfire.rules.grammar import Grammar, parse_grammar, unknown_grammar

FOLDER: Final = "rules"
#: Whose captions the printed log has when a regulation is in a language that no pack knows.
OTHERWISE: Final = "en"


@cache
def load_grammars() -> Mapping[str, Grammar]:
    """Return the languages of the shipped packs by their codes; ContentError when a pack is broken."""
    return build_grammars(load_packs())


def build_grammars(packs: Iterable[Pack]) -> Mapping[str, Grammar]:
    """Return the languages of these packs, or raise ContentError with file and line."""
    found: dict[str, Grammar] = {}
    for pack in packs:
        for node in pack.nodes(FOLDER):
            grammar = parse_grammar(node)
            if node.file != f"{FOLDER}/{grammar.language}.yaml":
                raise ContentError(node.file, 0, "a file of rules is called after its language")
            if grammar.language in found:
                raise ContentError(node.file, 0, "another pack has the rules of this language already")
            found[grammar.language] = grammar
    return found


def grammar_of(language: str) -> Grammar:
    """Return what is known of a language: for one that no pack knows, the captions of the print alone."""
    grammars = load_grammars()
    return grammars.get(language) or unknown_grammar(language, grammars[OTHERWISE].printed)
