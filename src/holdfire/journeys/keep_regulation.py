"""Import a regulation into the vault, read it in pages, find what it says about some words, delete it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Any, BinaryIO, Final, cast

from holdfire.documents.document import Document, Line
from holdfire.documents.read import read_document
from holdfire.errors import UserError
from holdfire.journeys.rules_here import grammar_of, load_grammars
from holdfire.language import mark
from holdfire.rules.checklist import stems_of
from holdfire.rules.clauses import split_clauses
from holdfire.rules.grammar import find_language
from holdfire.rules.labels import label_clause
from holdfire.rules.regulation import LABELS, Clause, Label
from holdfire.rules.stored import decode_clause, encode_clause
from holdfire.vault.records import JSON, Kind, Record
from holdfire.vault.vault import Vault

#: A longer text is a library, not a regulation.
MOST_CLAUSES: Final = 200_000
#: Of clauses kept together: one is read from the vault to show a page.
_PART_CLAUSES: Final = 100
_PART_CHARACTERS: Final = 60_000
#: So much of the beginning tells the language.
_SAMPLE_LINES: Final = 400
_SAMPLE_CHARACTERS: Final = 30_000
#: Parts that are read for a checklist; a regulation of 20,000 clauses has fewer.
MOST_PARTS: Final = 200
_AT_ONCE: Final = 100
MOST_TITLE: Final = 200


@dataclass(frozen=True)
class Part:
    """Where some clauses of a regulation are kept, and how many of them have each label."""

    record: str
    clauses: int
    labelled: dict[str, int]


@dataclass(frozen=True)
class Regulation:
    """A regulation in the vault; its clauses are kept in parts beside it.

    Attributes:
        number: By which people call it: 1, 2, 3 in the order of import.
        title: What it is called.
        language: Its code; "" where it is not known.
        parts: Of its clauses, in order.
        notes: What could not be read of the file, in sentences.
    """

    number: int
    title: str
    language: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()

    @property
    def clauses(self) -> int:
        """How many clauses it has."""
        return sum(part.clauses for part in self.parts)

    @property
    def labelled(self) -> dict[Label, int]:
        """How many clauses have each label."""
        return {label: sum(part.labelled.get(label, 0) for part in self.parts) for label in LABELS.values()}


def _encode_regulation(regulation: Regulation) -> JSON:
    parts = [[part.record, part.clauses, part.labelled] for part in regulation.parts]
    return cast("JSON", {**vars(regulation), "parts": parts, "notes": list(regulation.notes)})


def _decode_regulation(values: JSON) -> Regulation:
    kept = cast("dict[str, Any]", values)
    return Regulation(
        kept["number"],
        kept["title"],
        kept["language"],
        tuple(Part(*one) for one in kept["parts"]),
        tuple(kept["notes"]),
    )


@dataclass(frozen=True)
class _Clauses:
    """Some clauses of the regulation with this number."""

    regulation: int
    clauses: tuple[Clause, ...]


def _encode_clauses(part: _Clauses) -> JSON:
    return cast(
        "JSON", {"regulation": part.regulation, "clauses": [encode_clause(one) for one in part.clauses]}
    )


def _decode_clauses(values: JSON) -> _Clauses:
    kept = cast("dict[str, Any]", values)
    return _Clauses(kept["regulation"], tuple(decode_clause(one) for one in kept["clauses"]))


def _words(part: _Clauses) -> str:
    headings = {heading for clause in part.clauses for heading in (*clause.headings, clause.stem) if heading}
    return "\n".join(
        (_mark_of(part.regulation), *sorted(headings), *(clause.text for clause in part.clauses))
    )


def _mark_of(number: int) -> str:
    """Return a word that stands in the parts of one regulation alone, so that a search stays inside it."""
    return f"holdfireregulation{number}parts"


REGULATION: Final = Kind("regulation", 1, _encode_regulation, _decode_regulation, words=lambda one: one.title)
PART: Final = Kind("regulation-part", 1, _encode_clauses, _decode_clauses, words=_words)


def import_regulation(
    vault: Vault,
    stream: BinaryIO,
    name: str,
    now: datetime,
    *,
    title: str = "",
    language: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> Record[Regulation]:
    """Read a file into clauses with labels and keep them; a break leaves nothing half.

    Args:
        vault: The open vault.
        stream: The file, seekable.
        name: What the person calls it, for errors.
        now: When.
        title: What the regulation is called; else what the file says, or its first line.
        language: Its code, as the person says; else it is found by its words.
        progress: Told how much is done, and how much there is.

    Raises:
        UserError: It cannot be read, has no text, or too much of it.
    """
    with read_document(stream, name, progress=progress) as document:
        lines = document.lines()
        sample = _sample(lines)
        if not any(line.text.strip() for line in sample):
            raise UserError(
                mark("No text was found in this file."),
                mark("Choose a file whose words can be selected and copied."),
            )
        language = language or _language(sample, document)
        grammar = grammar_of(language)
        labelled = (
            label_clause(clause, grammar.patterns)
            for clause in split_clauses(chain(sample, lines), grammar.abbreviations)
        )
        with vault.transaction():
            number = 1 + max((one.value.number for one in _all(vault)), default=0)
            parts = tuple(_keep_parts(vault, number, labelled, now))
            regulation = Regulation(
                number,
                _title(title, document, sample),
                language,
                parts,
                tuple(note.say() for note in document.notes),
            )
            return vault.records.add(REGULATION, regulation, now)


def _sample(lines: Iterator[Line]) -> list[Line]:
    """Return the first lines, as many as tell the language and the title."""
    sample: list[Line] = []
    size = 0
    for line in islice(lines, _SAMPLE_LINES):
        sample.append(line)
        size += len(line.text)
        if size > _SAMPLE_CHARACTERS:
            break
    return sample


def _language(sample: Sequence[Line], document: Document) -> str:
    found = find_language("\n".join(line.text for line in sample), load_grammars().values())
    return found or (document.language or "").partition("-")[0].lower()


def _title(said: str, document: Document, sample: Sequence[Line]) -> str:
    first = next(line.text for line in sample if line.text.strip())
    title = " ".join((said or document.title or first).split())
    return title if len(title) <= MOST_TITLE else f"{title[: MOST_TITLE - 1].rstrip()}…"


def _keep_parts(vault: Vault, number: int, clauses: Iterable[Clause], now: datetime) -> Iterator[Part]:
    """Keep clauses as they come, some in each record, so that the whole never stands in memory."""
    gathered: list[Clause] = []
    size = 0
    for clause in clauses:
        if clause.place > MOST_CLAUSES:
            raise UserError(mark("This file has more than {most} clauses; nothing was kept."),
                            mark("Import the part that applies to you as a file of its own."), most=MOST_CLAUSES)  # fmt: skip
        gathered.append(clause)
        size += len(clause.text)
        if len(gathered) == _PART_CLAUSES or size >= _PART_CHARACTERS:
            yield _keep_part(vault, number, gathered, now)
            gathered, size = [], 0
    if gathered:
        yield _keep_part(vault, number, gathered, now)


def _keep_part(vault: Vault, number: int, clauses: Sequence[Clause], now: datetime) -> Part:
    record = vault.records.add(PART, _Clauses(number, tuple(clauses)), now)
    counted = Counter(label for clause in clauses for label in clause.labels)
    return Part(record.id, len(clauses), {str(label): count for label, count in counted.items()})


def list_regulations(vault: Vault) -> tuple[Record[Regulation], ...]:
    """Return every regulation by number."""
    return tuple(sorted(_all(vault), key=lambda record: record.value.number))


def find_regulation(vault: Vault, number: int) -> Record[Regulation]:
    """Return a regulation; UserError when there is none."""
    for record in _all(vault):
        if record.value.number == number:
            return record
    raise UserError(
        mark("There is no regulation {number} here."),
        mark("The list of regulations shows those there are."),
        number=number,
    )


def clauses_of(
    vault: Vault, regulation: Regulation, *, label: Label | None = None, first: int = 0, most: int = 50
) -> tuple[Clause, ...]:
    """Return some clauses of a regulation, reading only the parts they are in.

    Args:
        vault: The open vault.
        regulation: Whose.
        label: Only clauses with this label; None for all.
        first: How many of them to pass over.
        most: How many to return.
    """
    found: list[Clause] = []
    for part in regulation.parts:
        held = part.clauses if label is None else part.labelled.get(label, 0)
        if first >= held:
            first -= held
            continue
        clauses = vault.records.get(PART, part.record).value.clauses
        kept = [clause for clause in clauses if label is None or label in clause.labels]
        found += kept[first : first + most - len(found)]
        first = 0
        if len(found) >= most:
            break
    return tuple(found)


def clauses_about(vault: Vault, regulation: Regulation, topics: Iterable[str]) -> tuple[Clause, ...]:
    """Return the clauses of every part in which the words of a topic stand, in order.

    At most `MOST_PARTS` parts are read for a topic, the best first, so that a hostile file cannot hold the program up.
    """
    endings = grammar_of(regulation.language).endings
    found: dict[int, Clause] = {}
    for topic in topics:
        words = " ".join((_mark_of(regulation.number), *stems_of(topic, endings)))
        for record in vault.records.search(words, PART, limit=MOST_PARTS):
            if record.value.regulation == regulation.number:
                found |= {clause.place: clause for clause in record.value.clauses}
    return tuple(clause for _, clause in sorted(found.items()))


def delete_regulation(vault: Vault, number: int) -> None:
    """Delete a regulation with its clauses; checklists made from it keep their steps. UserError when there is none."""
    record = find_regulation(vault, number)
    with vault.transaction():
        for part in record.value.parts:
            vault.records.delete(PART, part.record)
        vault.records.delete(REGULATION, record.id)


def _all(vault: Vault) -> Iterator[Record[Regulation]]:
    for start in range(0, vault.records.count(REGULATION), _AT_ONCE):
        yield from vault.records.all(REGULATION, limit=_AT_ONCE, offset=start)
