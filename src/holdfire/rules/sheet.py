"""The log in print: "Steps followed". No order, no topic, no motive, no word of the time it took."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import tzinfo
from typing import Any, Final

from holdfire.rules.checklist import Step
from holdfire.rules.log import Entry, standing

WIDTH: Final = 76
_BLANK: Final = "_" * 30


@dataclass(frozen=True)
class Row:
    """One step as it is printed: when, what, under which clause, with which result, and the person's few words."""

    time: str
    clause: str
    text: str
    result: str
    words: str = ""


@dataclass(frozen=True)
class Sheet:
    """A page to be printed, in the language of the regulation.

    Attributes:
        language: Its code.
        words: Captions, by the names in `grammar.PRINTED`.
        regulation: What the regulation is called.
        rows: Steps with an entry, in the order of their times.
    """

    language: str
    words: Mapping[str, str]
    regulation: str
    rows: tuple[Row, ...]


def sheet_of(
    language: str,
    words: Mapping[str, str],
    regulation: str,
    steps: Sequence[Step],
    entries: Sequence[Entry],
    zone: tzinfo | None,
) -> Sheet:
    """Return the sheet for a checklist and its log.

    Args:
        language: Of the regulation.
        words: The captions in it.
        regulation: Its title.
        steps: Of the checklist.
        entries: Of its log.
        zone: In which the times are printed; None for the computer's own.
    """
    by_number = {step.number: step for step in steps}
    held = sorted(standing(entries).values(), key=lambda entry: (entry.at, entry.step))
    rows = tuple(_row(by_number[entry.step], entry, words, zone) for entry in held if entry.step in by_number)
    return Sheet(language, words, regulation, rows)


def _row(step: Step, entry: Entry, words: Mapping[str, str], zone: tzinfo | None) -> Row:
    clause = step.clause if step.page is None else f"{step.clause} ({words['page']} {step.page})"
    name = entry.result or "open"
    result = words["kept" if name == "done" and not step.is_act else name]
    return Row(f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M}", clause, step.text, result, entry.words)


def plain_sheet(sheet: Sheet) -> dict[str, Any]:
    """Return the sheet as JSON can hold it, for the PDF's template."""
    return {**asdict(sheet), "words": dict(sheet.words), "rows": [asdict(row) for row in sheet.rows]}


def sheet_text(sheet: Sheet) -> bytes:
    """Return the sheet as UTF-8 text of at most 76 columns."""
    return ("\n".join(_lines(sheet)) + "\n").encode()


def _lines(sheet: Sheet) -> Iterator[str]:
    words = sheet.words
    yield words["title"].upper()
    yield from _wrapped(f"{words['regulation']}: {sheet.regulation}")
    yield ""
    for number, row in enumerate(sheet.rows, 1):
        yield from _wrapped(f"{number:>3}. {row.time}  {row.clause}", "     ")
        yield from _wrapped(f"     {row.text}", "     ")
        yield from _wrapped(
            f"     {words['result']}: {row.result}{f'. {row.words}' if row.words else ''}", "     "
        )
        yield ""
    yield f"{words['signature']}: {_BLANK}"


def _wrapped(text: str, later: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=later, break_on_hyphens=False) or [""]


def sheet_pdf(sheet: Sheet) -> bytes:
    """Return the sheet as a PDF without author, time of making or the name of a program.

    Raises:
        UserError: A sign stands in it that the fonts do not have.
    """
    from importlib.resources import files  # noqa: PLC0415 -- typst is large; only a PDF loads it

    from holdfire.typesetting.pdf import set_pdf  # noqa: PLC0415

    template = files("holdfire.rules").joinpath("templates", "sheet.typ").read_bytes()
    return set_pdf(template, "sheet", plain_sheet(sheet))
