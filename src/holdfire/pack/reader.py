"""A strict reader of the YAML that packs are written in: text, lists and maps, each with its line.

It works on the parser's events, so that nothing is built before it is judged: an alias is refused
where it stands and a bomb of aliases never grows (docs/formats/pack.md, "The YAML that is read").
Numbers and dates stay text until the field that holds them asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import yaml

from holdfire.errors import ContentError

MOST_BYTES = 256 * 1024
MOST_DEPTH = 12
MOST_TEXT = 4_000
MOST_NODES = 20_000

# C0 and C1 controls but the line feed, and every mark that turns the reading direction:
# a name could show as another (threat "hostile pack").
_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")

T = TypeVar("T")


@dataclass(frozen=True)
class Node:
    """One value of a file: a text (or None), a list, or a map; and the place it stands."""

    file: str
    line: int
    value: str | list[Node] | dict[str, Node] | None

    def refuse(self, rule: str) -> ContentError:
        """Return the error that names this place and the rule it breaks."""
        return ContentError(self.file, self.line, rule)

    def text(self) -> str:
        """Return a text that is there and not empty, or raise ContentError."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.refuse("a text belongs here")
        return self.value.strip()

    def text_or_none(self) -> str | None:
        """Return a text, or None where the file says null."""
        return None if self.value is None else self.text()

    def identifier(self) -> str:
        """Return an id: small letters, digits and single hyphens, 80 at most."""
        text = self.text()
        if not _ID.match(text) or len(text) > 80:  # noqa: PLR2004
            raise self.refuse("an id has small letters, digits and single hyphens, 80 at most")
        return text

    def choice(self, allowed: Mapping[str, T]) -> T:
        """Return what `allowed` holds under this word, or raise naming the words there are."""
        text = self.text()
        if text not in allowed:
            raise self.refuse(f"one of these belongs here: {', '.join(allowed)}")
        return allowed[text]

    def number(self) -> int:
        """Return a whole number between 0 and 9,999."""
        text = self.text()
        if not re.fullmatch(r"[0-9]{1,4}", text):
            raise self.refuse("a whole number belongs here")
        return int(text)

    def flag(self) -> bool:
        """Return the truth of `true` or `false`."""
        return self.choice({"true": True, "false": False})

    def date(self) -> date:
        """Return a date written YYYY-MM-DD."""
        text = self.text()
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self.refuse("a date is written YYYY-MM-DD") from None

    def items(self, *, least: int = 0) -> list[Node]:
        """Return the entries of a list of at least `least`."""
        if not isinstance(self.value, list):
            raise self.refuse("a list belongs here")
        if len(self.value) < least:
            raise self.refuse(f"at least {least} entries belong here")
        return self.value

    def texts(self, *, least: int = 0) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(item.text() for item in self.items(least=least))

    def identifiers(self, *, least: int = 0) -> tuple[str, ...]:
        """Return a list of different ids."""
        seen = tuple(item.identifier() for item in self.items(least=least))
        if len(set(seen)) != len(seen):
            raise self.refuse("an id stands here twice")
        return seen

    def fields(self, required: str, optional: str = "") -> Fields:
        """Return a map that has every key of `required`, perhaps some of `optional`, no other."""
        if not isinstance(self.value, dict):
            raise self.refuse("a map of fields belongs here")
        must, may = required.split(), optional.split()
        for key, node in self.value.items():
            if key not in must and key not in may:
                raise node.refuse(f"the field {key!r} is not known here")
        for key in must:
            if key not in self.value:
                raise self.refuse(f"the field {key!r} is missing")
        return Fields(self, self.value)

    def walk(self, key: str = "") -> Iterator[tuple[str, Node]]:
        """Yield this node and all inside it, each with the key it stands under."""
        yield key, self
        if isinstance(self.value, list):
            for item in self.value:
                yield from item.walk(key)
        elif isinstance(self.value, dict):
            for name, item in self.value.items():
                yield from item.walk(name)

    def pairs(self) -> Iterator[tuple[str, Node]]:
        """Return the keys and values of a map whose keys are free."""
        if not isinstance(self.value, dict):
            raise self.refuse("a map belongs here")
        return iter(self.value.items())


@dataclass(frozen=True)
class Fields:
    """A map whose keys were judged."""

    node: Node
    known: Mapping[str, Node]

    def __getitem__(self, key: str) -> Node:
        return self.known[key]

    def identifiers(self, key: str) -> tuple[str, ...]:
        """Return the ids of an optional list; none where it is missing."""
        return self.known[key].identifiers() if key in self.known else ()

    def get(self, key: str, read: Callable[[Node], T], default: T) -> T:
        """Return `read` of an optional field, or `default` where it is missing."""
        return read(self.known[key]) if key in self.known else default


def read(untrusted_bytes: bytes, file: str) -> Node:
    """Return the one document in `untrusted_bytes`, or raise ContentError with the line of the fault.

    Args:
        untrusted_bytes: The file as found; at most `MOST_BYTES`.
        file: Its path inside the pack, for the error.
    """
    if len(untrusted_bytes) > MOST_BYTES:
        raise ContentError(file, 0, f"the file is larger than {MOST_BYTES // 1024} KiB")
    try:
        text = untrusted_bytes.decode("utf-8")
    except UnicodeDecodeError as error:
        line = untrusted_bytes[: error.start].count(b"\n") + 1
        raise ContentError(file, line, "the file is not UTF-8") from None
    bad = _FORBIDDEN.search(text)
    if bad:
        line = text[: bad.start()].count("\n") + 1
        raise ContentError(file, line, f"the character U+{ord(bad.group()):04X} is not allowed")
    try:
        return _Builder(file, yaml.parse(text, Loader=_LOADER)).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ContentError(file, mark.line + 1 if mark else 0, f"not readable: {error.problem}") from None
    except yaml.YAMLError:
        raise ContentError(file, 0, "not readable as YAML") from None


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Builder:
    """Builds nodes from events and stops at the first thing that is not allowed."""

    def __init__(self, file: str, events: Iterator[Any]) -> None:
        self.file = file
        self.events = events
        self.count = 0

    def document(self) -> Node:
        started = 0
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                started += 1
                if started > 1:
                    raise self.refuse(event, "one file holds one document")
                root = self.node(next(self.events), 0)
        if root is None:
            raise ContentError(self.file, 0, "the file is empty")
        return root

    def refuse(self, event: Any, rule: str) -> ContentError:
        return ContentError(self.file, event.start_mark.line + 1, rule)

    def node(self, event: Any, depth: int) -> Node:
        self.count += 1
        if self.count > MOST_NODES or depth > MOST_DEPTH:
            raise self.refuse(event, "too many values, or too deep")
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise self.refuse(event, "anchors and aliases are not allowed")
        if event.tag is not None:
            raise self.refuse(event, "tags are not allowed")
        line = event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent):
            return Node(self.file, line, self.scalar(event))
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self.file, line, list(self.sequence(depth)))
        return Node(self.file, line, self.mapping(depth))

    def scalar(self, event: Any) -> str | None:
        if len(event.value) > MOST_TEXT:
            raise self.refuse(event, f"a text has at most {MOST_TEXT} characters")
        plain_null = not event.style and event.value in {"", "null", "~"}
        return None if plain_null else str(event.value)

    def sequence(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            yield self.node(event, depth + 1)

    def mapping(self, depth: int) -> dict[str, Node]:
        found: dict[str, Node] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            if not isinstance(key.value, str) or key.value == "<<":
                raise key.refuse("a key is a plain text")
            if key.value in found:
                raise key.refuse(f"the key {key.value!r} stands here twice")
            found[key.value] = self.node(next(self.events), depth + 1)
        return found
