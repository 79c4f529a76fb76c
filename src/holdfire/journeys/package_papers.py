"""The papers of a package about its items: the record of each for programs, the report as PDF/A."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from holdfire.evidence.canonical import canonical
from holdfire.evidence.custody.event import UNKNOWN
from holdfire.evidence.custody.extract import Shown
from holdfire.evidence.item import FIELDS, Bytes, complete, escape, record
from holdfire.evidence.kinds import FORM_WORDS
from holdfire.evidence.package.report import Part, Told
from holdfire.evidence.package.stamped import told
from holdfire.evidence.stamps.stamp import Stamp
from holdfire.journeys.keep_evidence import Evidence
from holdfire.language import ENGLISH, Language, mark
from holdfire.packets.joined import Joined
from holdfire.packets.packet import Block, Paragraph, Rows, Title
from holdfire.packets.setting import Sheet, plain, set_pages

_PAGE: Final = mark("Page {number}")
#: What the person, or the file, calls an item: no note, and shown only when chosen.
OWN: Final = {
    "title": mark("What you call it"),
    "name": mark("The file's own name"),
    "made": mark("The file's own date"),
}
#: How each is called to a court, which did not ask the questions.
_TO_COURT: Final = {
    "title": mark("Title"),
    "name": mark("Name of the file as found"),
    "made": mark("Date of the file as found"),
    "collector": mark("Recorded or received by"),
    "collector_name": mark("Their real name"),
    "when": mark("Recorded or received on"),
    "offset": mark("Local time, from UTC"),
    "clock": mark("Clock"),
    "place": mark("Place"),
    "method": mark("Method"),
    "device": mark("Device"),
    "source": mark("Source"),
    "url": mark("Web address"),
    "page_source": mark("Source text of the page"),
    "page_capture": mark("Picture of the page"),
    "conversions": mark("Changes of format"),
    "metadata": mark("What the file says of itself"),
    "second_hash": mark("Second hash"),
    "consent": mark("Consent"),
    "withdrawal": mark("Consent taken back"),
    "limits": mark("Not to be disclosed"),
    "risk": mark("Risk"),
}
#: What can be chosen to go along.
CHOOSABLE: Final = {**OWN, **FIELDS}
#: These go along when names do.
WITH_NAMES: Final = ("name", "made", "collector")


def noted(kept: Evidence, chosen: Collection[str], *, names: bool) -> dict[str, str]:
    """Return everything that can be chosen; what was not chosen says `unknown`, as what is not known does."""
    shown = {*chosen, *(WITH_NAMES if names else ())}
    own = {"title": kept.title, "name": escape(kept.name), "made": kept.made}
    return {
        field: (words or UNKNOWN) if field in shown else UNKNOWN
        for field, words in {**own, **complete(kept.capture)}.items()
    }


def record_of(kept: Evidence, number: int, chosen: Collection[str], *, names: bool) -> bytes:
    """Return what is known of an item and chosen to be shown, as docs/formats/evidence.schema.json says."""
    notes = noted(kept, chosen, names=names)
    known = Bytes(kept.form, kept.size, kept.sha256, bool(kept.copy_of), kept.steps)
    return canonical(record(known, f"item-{number}", notes, {field: notes[field] for field in FIELDS}))


def told_of(
    kept: Evidence, name: str, shown: Sequence[Shown], events: int, chosen: Collection[str], *, names: bool,
    stamps: Sequence[Stamp] = (), language: Language = ENGLISH,
) -> Told:  # fmt: skip
    """Return what the report tells of an item."""
    notes = noted(kept, chosen, names=names)
    say = language.say
    return Told(
        name=name,
        form=say(FORM_WORDS[kept.form]),
        size=kept.size,
        sha256=kept.sha256,
        copy=bool(kept.copy_of),
        steps=kept.steps,
        notes=tuple((say(_TO_COURT[field]), words) for field, words in notes.items() if words != UNKNOWN),
        unknown=tuple(say(_TO_COURT[field]) for field, words in notes.items() if words == UNKNOWN),
        events=events,
        shown=tuple(shown),
        stamps=tuple(say(one.sentence, **one.values) for one in map(told, stamps)),
    )


def report_pdf(parts: Sequence[Part], language: Language = ENGLISH) -> bytes:
    """Return the report as PDF/A-2b: no author, program or time; the same bytes for the same words."""
    joined = Joined(parts[0].title, language.code)
    first = 1
    for part in parts:
        blocks: list[Block] = [Title(part.title)]
        blocks += [Rows(part.rows)] if part.rows else []
        blocks += [Paragraph(line) for line in part.lines]
        made = set_pages(Sheet(plain(blocks), first, language.say(_PAGE)))
        pages = joined.add(made)
        joined.bookmark(part.title, pages[0])
        first += len(pages)
    joined.finish()
    return b"".join(joined.taken())
