"""What evidence is called on the pages: types of files, note fields, what was done with an item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from holdfire.evidence import kinds
from holdfire.evidence.item import FIELDS, UNKNOWN
from holdfire.language import Language, mark
from holdfire.web.asking import Asked
from holdfire.web.forms import Form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from holdfire.evidence.custody.log import Log
    from holdfire.journeys.keep_evidence import Evidence

#: What a browser may show inside a page, and as what; nothing else is ever told to be anything.
SHOWN: Final = {
    "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp", "avif": "image/avif",
}  # fmt: skip
PLAYED: Final = {
    "mp4": "video/mp4",
    "mov": "video/mp4",
    "webm": "video/webm",
    "mkv": "video/webm",
    "3gp": "video/3gpp",
}
HEARD: Final = {
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "wav": "audio/wav", "ogg": "audio/ogg", "opus": "audio/ogg",
    "flac": "audio/flac", "aac": "audio/aac",
}  # fmt: skip

#: Endings of a file that is saved outside, by type; the name itself says nothing.
_ENDINGS: Final = {"jpeg": "jpg", "tiff": "tif", "text": "txt", "other": "bin"}

KIND_WORDS: Final = {
    "file": mark("file"), "copy": mark("working copy"), "harm": mark("record of harm"), "incident": mark("incident card"),
    "claim": mark("claim check"), "accountability": mark("record of official conduct"),
}  # fmt: skip

_PAPERS: Final = frozenset(
    ("pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "doc", "rtf", "html", "text", "eml")
)
#: What a list can be narrowed to.
SORTS: Final = (
    ("", mark("everything")), ("pictures", mark("pictures")), ("films", mark("films")), ("sounds", mark("sound")),
    ("papers", mark("papers and texts")), ("copies", mark("working copies")), ("accounts", mark("written accounts")),
    ("others", mark("other files")),
)  # fmt: skip


_FORMS: Final = (
    ("pictures", kinds.PICTURES),
    ("films", kinds.VIDEOS),
    ("sounds", kinds.SOUNDS),
    ("papers", _PAPERS),
)


def sort_of(one: Evidence) -> str:
    """Return which of `SORTS` an item belongs to."""
    if one.kind not in {"file", "copy"}:
        return "accounts"
    if one.copy_of:
        return "copies"
    return next((sort for sort, those in _FORMS if one.form in those), "others")


def words_of(one: Evidence) -> str:
    """Return what an item is, a marked sentence: the kind of an account, the type of a file."""
    if one.kind not in {"file", "copy"}:
        return KIND_WORDS.get(one.kind, one.kind)
    return kinds.FORM_WORDS[one.form]


def file_name(number: int, form: str) -> str:
    """Return the neutral name an item is saved under outside."""
    ending = _ENDINGS.get(form, form)
    return f"notes-{number}.{ending if ending.isalnum() else 'bin'}"


def size_words(size: int) -> str:
    """Return a size as people say it."""
    for unit, words in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if size >= unit:
            return f"{size / unit:.1f} {words}"
    return f"{size} B"


#: The note fields that stand open on the page; the others wait behind a line.
FIRST_FIELDS: Final = ("when", "place", "collector", "source")
_HINTS: Final = {
    "collector": mark("A name you both know, not the real one."),
    "when": mark("Day and hour, as exactly as you know; say “about” where you are not sure."),
    "clock": mark("Such as: phone, set by the network; camera, four minutes slow."),
    "place": mark("As exactly as a court needs, no more."),
    "device": mark("Make and model. It can lead to its owner."),
    "source": mark("“Myself”, or a name you both know. A real name endangers them."),
}  # fmt: skip
_LONG: Final = frozenset(("conversions", "metadata", "consent", "limits", "risk"))
#: Bytes of all notes that stand on one page; a longer note is read on a page of its own and stays as it is.
_MOST_SHOWN: Final = 8_000


def fields_of(
    names: tuple[str, ...], kept: Mapping[str, str], language: Language
) -> tuple[tuple[Asked, ...], tuple[str, ...]]:
    """Return note fields as a form asks them, with what is kept in each, and the names of those too long for a page."""
    found, left, room = [], [], _MOST_SHOWN
    for name in names:
        value = kept.get(name, UNKNOWN)
        value = "" if value == UNKNOWN else value
        room -= len(value.encode("utf-8", "replace"))
        if room < 0:
            room += len(value.encode("utf-8", "replace"))
            left.append(name)
            continue
        hint = _HINTS.get(name, "")
        found.append(
            Asked(
                name,
                FIELDS[name],
                value,
                language.say(hint) if hint else "",
                3 if name in _LONG or "\n" in value else 1,
            )
        )
    return tuple(found), tuple(left)


def notes_in(form: Form) -> dict[str, str]:
    """Return what a form says in the note fields it has."""
    return {name: form.one(name) for name in FIELDS if form.several(name)}


_DONE: Final = {
    "receive": mark("Taken into this vault"), "open": mark("Looked at"), "copy": mark("A working copy was made"),
    "redact": mark("A working copy was made, with parts covered"), "transfer": mark("Handed over"),
    "dispose": mark("Destroyed"),
}  # fmt: skip
_COPIED: Final = mark("Made here as a working copy")
#: What is told of an event, where it is known: its field and what it is called.
_TOLD: Final = (
    ("role", mark("by")), ("alias", mark("known as")), ("where", mark("where")), ("why", mark("why")),
    ("authority", mark("on whose word")), ("custodian_from", mark("from")), ("custodian_to", mark("to")),
    ("change", mark("what changed")), ("answerable", mark("who answers for it")), ("clock", mark("clock")),
)  # fmt: skip


def history_of(log: Log) -> tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]:
    """Return each event of a checked log: when, what was done (marked), and what is known of it (marked, words)."""
    from holdfire.evidence.custody import event  # noqa: PLC0415 - evidence loads when it is needed

    lines = []
    for place, entry in enumerate(log.entries):
        happened = event.read(entry.event, place)
        values = event.opened(happened, place, list(entry.openings.values()))
        at = str(values.get("exact", event.UNKNOWN)).replace("T", " ").removesuffix("Z")
        told = []
        for name, words in _TOLD:
            value = values.get(name, event.UNKNOWN)
            if value != event.UNKNOWN:
                told.append((words, value if isinstance(value, str) else ", ".join(value)))
        copied = happened.action == "receive" and values.get("parent", event.UNKNOWN) != event.UNKNOWN
        lines.append((at, _COPIED if copied else _DONE.get(happened.action, happened.action), tuple(told)))
    return tuple(lines)
