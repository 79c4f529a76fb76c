"""What a person answers for a letter: one vocabulary for all kinds, so that an answer serves again.

Everything may be missing: what is unknown becomes a blank line to fill by hand. A value can be given once, or once
for each language of the letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.pack.reader import MOST_TEXT, Node

MOST_LINES = 100

#: What each answer is. Those that hold several lines are named in MANY.
FIELDS: Final[dict[str, str]] = {
    "to": mark("To whom: post, rank, name, as you would write it"),
    "from": mark("From whom: your post, rank, name"),
    "date": mark("The date of the letter, in your own words"),
    "order_words": mark("The order's exact words, in the language they were said in"),
    "order_giver": mark("Who gave the order"),
    "order_heard": mark("When it was given"),
    "order_place": mark("Where it was given"),
    "order_channel": mark("How it was given: aloud, by telephone, by radio"),
    "order_number": mark("Its number, if it has one"),
    "order_deadline": mark("When it is to be carried out"),
    "answer_by": mark("When you ask for an answer"),
    "questions": mark("What is unclear, one question a line"),
    "limitation": mark("What you are not trained, certified, equipped or fit for"),
    "limitation_paper": mark("Where that is on record"),
    "belief": mark("What your conscience does not allow, in your own words"),
    "leave_kind": mark("Which leave"),
    "leave_from": mark("First day of leave"),
    "leave_until": mark("Last day of leave"),
    "leave_basis": mark("What entitles you: days left, rule, certificate"),
    "facts": mark("What happened, in order, one thing a line"),
    "proposals": mark("What you propose, one thing a line"),
    "requests": mark("What you ask the body to do, one thing a line"),
    "right": mark("Only if you want it stated: under which right you complain"),
    "earlier": mark("Earlier letters: to whom, when, incoming number, answer"),
    "enclosures": mark("What is enclosed, one thing a line"),
    "own_words": mark("A paragraph of your own"),
    "refusal": mark("Only if you want it stated: a refusal, in your own words"),
    "motive": mark("Only if you want it stated: why, in your own words"),
}
MANY: Final = frozenset({"questions", "facts", "proposals", "requests", "earlier", "enclosures"})
#: Answers that are no text of the letter: ids of provisions, and the person's own copies of official wording.
PROVISIONS: Final = "provisions"
WORDINGS: Final = "wordings"
#: Which copy each of these wordings is from, by id, as the letter names it.
COPIES: Final = "copies"
#: Paragraphs that stand in a letter only because the person wrote them.
ADDED: Final = ("own_words", "refusal", "motive")

# Marks that turn the reading direction or are no character: they break formats, or make a name show as another.
# A set, because a pattern that spans so many signs takes 10 ms to compile.
_FORBIDDEN: Final = frozenset(
    "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff"
)
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")


@dataclass(frozen=True)
class Answers:
    """Judged answers.

    Attributes:
        values: By field, then by language; the language "" holds what was given once for all.
        provisions: The ids of what is to be cited, in the person's order.
        wordings: By id of a provision: its official wording, from the person's own copy.
        copies: By id of a provision: what that copy is, as the letter names it.
    """

    values: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    provisions: tuple[str, ...] = ()
    wordings: Mapping[str, str] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)

    def lines(self, name: str, language: str) -> tuple[str, ...]:
        """Return the lines of an answer in `language`, else as given once, else in the language it was given in."""
        given = self.values.get(name, {})
        for key in (language, "", *sorted(given)):
            if key in given:
                return given[key]
        return ()

    def text(self, name: str, language: str) -> str | None:
        """Return an answer as one text, or None where it is unknown."""
        return "\n".join(self.lines(name, language)) or None

    def knows(self, name: str) -> bool:
        """Return whether this was answered."""
        return bool(self.provisions) if name == PROVISIONS else name in self.values


def judge_answers(untrusted: Mapping[str, Any]) -> Answers:
    """Return answers that letters can be made of.

    Args:
        untrusted: By field a text, a list of texts, or either by language; `provisions` a list of ids,
            `wordings` and `copies` texts by id. None and empty texts count as unknown.

    Raises:
        UserError: A field that does not exist, a value of the wrong shape, a sign that no letter can hold.
    """
    values: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for name, value in untrusted.items():
        if name in (PROVISIONS, WORDINGS, COPIES):
            continue
        if name not in FIELDS:
            raise UserError(mark("A letter has no answer called {name}."),
                            mark("`holdfire letter show KIND` lists the answers a letter takes."),
                            name=ascii(name)[:60])  # fmt: skip
        by_language = value if isinstance(value, Mapping) else {"": value}
        judged: dict[str, tuple[str, ...]] = {}
        for language, one in by_language.items():
            if language and not (isinstance(language, str) and _LANGUAGE.match(language)):
                raise _wrong(name)
            lines = _lines(name, one)
            if lines:
                judged[language] = lines
        if judged:
            values[name] = judged
    chosen = _lines(PROVISIONS, untrusted.get(PROVISIONS))
    return Answers(
        values, tuple(dict.fromkeys(chosen)), _by_id(WORDINGS, untrusted), _by_id(COPIES, untrusted)
    )


def _by_id(name: str, untrusted: Mapping[str, Any]) -> dict[str, str]:
    texts = untrusted.get(name) or {}
    if not isinstance(texts, Mapping):
        raise _wrong(name)
    judged = {str(key): "\n".join(_lines(name, text)) for key, text in texts.items()}
    return {key: text for key, text in judged.items() if text}


def parse_answers(node: Node) -> Answers:
    """Return the answers of a YAML file that the strict reader took."""
    plain = _plain(node)
    if not isinstance(plain, dict):
        raise node.refuse("a map of answers belongs here")
    return judge_answers(plain)


def plain_answers(answers: Answers) -> dict[str, Any]:
    """Return answers as JSON can hold them; `judge_answers` takes them back."""
    values: dict[str, Any] = {
        name: {language: list(lines) for language, lines in sorted(given.items())}
        for name, given in sorted(answers.values.items())
    }
    by_id = {WORDINGS: dict(sorted(answers.wordings.items())), COPIES: dict(sorted(answers.copies.items()))}
    return {**values, PROVISIONS: list(answers.provisions), **by_id}


def join_answers(earlier: Answers, later: Answers) -> Answers:
    """Return `earlier` with whatever `later` answers in its place: answers serve again in the next letter."""
    return Answers(
        {**earlier.values, **later.values},
        later.provisions or earlier.provisions,
        {**earlier.wordings, **later.wordings},
        {**earlier.copies, **later.copies},
    )


def _lines(name: str, value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    texts = list(value) if isinstance(value, (list, tuple)) else [value]
    if len(texts) > MOST_LINES or not all(isinstance(text, str) for text in texts):
        raise _wrong(name)
    judged = tuple(text.replace("\r\n", "\n").strip() for text in texts)
    for text in judged:
        if len(text) > MOST_TEXT:
            raise UserError(mark("The answer {name} is longer than {most} letters."),
                            mark("Say it shorter, or in several lines."), name=name, most=MOST_TEXT)  # fmt: skip
        bad = _forbidden(text)
        if bad:
            raise UserError(mark("The answer {name} holds a sign that no letter can hold: U+{code}."),
                            mark("Type the answer again instead of pasting it."),
                            name=name, code=f"{ord(bad):04X}")  # fmt: skip
    return tuple(text for text in judged if text)


def _forbidden(text: str) -> str | None:
    """Return the first sign that no letter can hold: controls but the line feed, half pairs, and those named above."""
    if text.replace("\n", "").isprintable():
        return None
    return next(
        (
            sign
            for sign in text
            if sign in _FORBIDDEN or (unicodedata.category(sign) in ("Cc", "Cs") and sign != "\n")
        ),
        None,
    )


def _wrong(name: str) -> UserError:
    return UserError(mark("The answer {name} has a shape that no letter can take."),
                     mark("Give a text, a list of texts, or one for each language."), name=ascii(name)[:60])  # fmt: skip


def _plain(node: Node) -> Any:
    if isinstance(node.value, list):
        return [_plain(item) for item in node.value]
    if isinstance(node.value, dict):
        return {key: _plain(item) for key, item in node.value.items()}
    return node.value
