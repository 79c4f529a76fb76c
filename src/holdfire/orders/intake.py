"""How an order comes in: from a file, from a form, from the vault; and how it goes into the vault.

A file is judged strictly, with file and line. A form never stops anybody: what cannot be read is named, the rest is
taken. In both, a field that is missing leaves what was known before, and "unknown" says that it is not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from holdfire.language import mark
from holdfire.orders.moment import Moment, parse_moment
from holdfire.orders.order import CHOICES, MOMENTS, PERSON, TEXTS, YES_OR_NO, Order, Person
from holdfire.pack.reader import Node, read

#: What stands for "I do not know" in a file and in a form.
UNKNOWN: Final = "unknown"
MOST_WITNESSES: Final = 50
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", re.ASCII)
_YES_OR_NO: Final = {"true": True, "false": False, "yes": True, "no": False}
# Controls but the line feed: they show nothing and could end a text early in what is made from it.
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")

_MOMENT_RULE: Final = mark(
    "Write a moment as 2020, 2020-08, 2020-08-11 or 2020-08-11 14:30, or “about” before it."
)
_CHOICE_RULE: Final = mark("Choose one of the answers there are.")
_LANGUAGE_RULE: Final = mark("Write a language as a code such as en, ru, be or es.")
_WITNESS_RULE: Final = mark("Fifty witnesses at most can be named.")


@dataclass(frozen=True)
class Fault:
    """What could not be read in a form: the field, what was typed, and how it is written instead."""

    field: str
    typed: str
    sentence: str


@dataclass(frozen=True)
class Intake:
    """An order taken from a form, and what of the form could not be read."""

    order: Order
    faults: tuple[Fault, ...] = ()


def read_order(untrusted_bytes: bytes, file: str, onto: Order | None = None) -> Order:
    """Return the order in a YAML file (docs/formats/order.md), or raise ContentError with the line of the fault.

    Args:
        untrusted_bytes: The file as found.
        file: Its name, for the error.
        onto: What is known already; fields the file leaves out stay as they are there.
    """
    return parse_order(read(untrusted_bytes, file), onto)


def parse_order(node: Node, onto: Order | None = None) -> Order:
    """Return the order in a map whose keys are the fields of `Order`, or raise ContentError."""
    before = onto or Order()
    known = node.fields(
        "", " ".join((*TEXTS, *MOMENTS, *YES_OR_NO, *CHOICES, "giver", "language", "witnesses"))
    )
    return replace(before, **{key: _field(key, item, before) for key, item in known.known.items()})


def _field(key: str, node: Node, before: Order) -> Any:
    if key == "giver":
        return _giver(node, before.giver)
    if key in TEXTS:
        return _paragraphs(node)
    if key == "witnesses":
        typed = "\n".join(node.texts()) if isinstance(node.value, list) else _paragraphs(node)
    else:
        typed = "" if _is_unknown(node) else node.text()
    value, rule = _typed(key, typed)
    if rule:
        raise node.refuse(rule)
    return value


def _giver(node: Node, before: Person) -> Person:
    if _is_unknown(node):
        return Person()
    known = node.fields("", " ".join(PERSON))
    return replace(before, **{key: _paragraphs(item) for key, item in known.known.items()})


def _paragraphs(node: Node) -> str:
    """Return a text, or the texts of a list as paragraphs: a long order does not fit in one text of a file."""
    if _is_unknown(node):
        return ""
    return "\n".join(node.texts()) if isinstance(node.value, list) else node.text()


def _is_unknown(node: Node) -> bool:
    return node.value is None or (isinstance(node.value, str) and _says_nothing(node.value))


def _says_nothing(text: str) -> bool:
    return text.strip().casefold() in {"", UNKNOWN}


def read_form(untrusted_fields: Mapping[str, str], onto: Order | None = None) -> Intake:
    """Return the order in the fields of a form; never raises, whatever was typed.

    Args:
        untrusted_fields: By field of `Order`; those of the giver are `giver-name`, `giver-rank`, `giver-post`,
            `giver-unit`; witnesses stand one in a line. Other fields are ignored.
        onto: What is known already. A field that is there but empty or "unknown" makes it unknown.
    """
    before = onto or Order()
    typed = {key: _clean(text) for key, text in untrusted_fields.items()}
    found: dict[str, Any] = {
        key: "" if _says_nothing(typed[key]) else typed[key] for key in TEXTS if key in typed
    }
    person = {part: typed[f"giver-{part}"] for part in PERSON if f"giver-{part}" in typed}
    found["giver"] = replace(
        before.giver, **{part: "" if _says_nothing(text) else text for part, text in person.items()}
    )
    faults: list[Fault] = []
    for key in (*MOMENTS, *YES_OR_NO, *CHOICES, "language", "witnesses"):
        if key not in typed:
            continue
        value, rule = _typed(key, typed[key])
        if rule:
            faults.append(Fault(key, untrusted_fields[key], rule))
        else:
            found[key] = value
    return Intake(replace(before, **found), tuple(faults))


def _typed(key: str, text: str) -> tuple[Any, str]:
    """Return what was typed into a field that is no plain text, and the rule it breaks or ""."""
    if key == "witnesses":
        names = tuple(line.strip() for line in text.split("\n") if not _says_nothing(line))
        return names, _WITNESS_RULE if len(names) > MOST_WITNESSES else ""
    if _says_nothing(text):
        return None, ""
    if key in MOMENTS:
        moment = parse_moment(text)
        return moment, "" if moment else _MOMENT_RULE
    if key == "language":
        return text.lower(), "" if _LANGUAGE.fullmatch(text) else _LANGUAGE_RULE
    allowed: Mapping[str, object] = _YES_OR_NO if key in YES_OR_NO else CHOICES[key]
    return allowed.get(text), "" if text in allowed else _CHOICE_RULE


def _clean(text: str) -> str:
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")).strip()


def encode_order(order: Order) -> dict[str, Any]:
    """Return the order as plain values for the vault."""
    values = asdict(order)
    for key in MOMENTS:
        moment: Moment | None = getattr(order, key)
        values[key] = moment.written() if moment else None
    values["witnesses"] = list(order.witnesses)
    return values


def decode_order(values: Mapping[str, Any]) -> Order:
    """Return the order that `encode_order` made plain; what it does not find there is unknown."""
    found: dict[str, Any] = {key: str(values[key]) for key in TEXTS if key in values}
    for key, allowed in CHOICES.items():
        found[key] = allowed.get(str(values.get(key)))
    for key in YES_OR_NO:
        found[key] = values.get(key) if isinstance(values.get(key), bool) else None
    for key in MOMENTS:
        written = values.get(key)
        found[key] = parse_moment(str(written)) if written else None
    giver = values.get("giver") or {}
    found["giver"] = Person(**{part: str(giver.get(part, "")) for part in PERSON})
    found["witnesses"] = tuple(str(name) for name in values.get("witnesses") or ())
    found["language"] = values.get("language")
    return Order(**found)
