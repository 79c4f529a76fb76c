"""What evidence is called on the pages: types of files, note fields, what was done with an item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from holdfire.language import Language, mark
from holdfire.web.asking import Asked
from holdfire.web.forms import Form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from holdfire.evidence.custody.log import Log
    from holdfire.journeys.keep_evidence import Evidence

#: What a browser may show inside a page, and as what; nothing else is ever told to be anything.
PICTURES: Final = {
    "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp", "avif": "image/avif",
}  # fmt: skip
FILMS: Final = {"mp4": "video/mp4", "mov": "video/mp4", "webm": "video/webm", "3gp": "video/3gpp"}
SOUNDS: Final = {
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "wav": "audio/wav", "ogg": "audio/ogg", "opus": "audio/ogg",
    "flac": "audio/flac",
}  # fmt: skip

FORM_WORDS: Final = {
    "jpeg": mark("JPEG picture"), "png": mark("PNG picture"), "gif": mark("GIF picture"), "webp": mark("WebP picture"),
    "avif": mark("AVIF picture"), "tiff": mark("TIFF picture"), "heic": mark("HEIC picture"), "jxl": mark("JPEG XL picture"),
    "mp4": mark("MP4 film"), "mov": mark("QuickTime film"), "webm": mark("WebM film"), "3gp": mark("3GP film"),
    "mp3": mark("MP3 sound"), "m4a": mark("M4A sound"), "wav": mark("WAV sound"), "ogg": mark("Ogg sound or film"),
    "opus": mark("Opus sound"), "flac": mark("FLAC sound"), "pdf": mark("PDF"), "docx": mark("Word document"),
    "odt": mark("OpenDocument text"), "xlsx": mark("table"), "zip": mark("packed files"), "eml": mark("e-mail"),
    "text": mark("plain text"),
}  # fmt: skip
#: Endings of a file that is saved outside, by type; the name itself says nothing.
_ENDINGS: Final = {"jpeg": "jpg", "tiff": "tif", "text": "txt", "other": "bin"}

KIND_WORDS: Final = {
    "file": mark("file"), "copy": mark("working copy"), "harm": mark("record of harm"), "incident": mark("incident card"),
    "claim": mark("claim check"), "accountability": mark("record of official conduct"),
}  # fmt: skip

_PAPERS: Final = frozenset(("pdf", "docx", "odt", "xlsx", "text", "eml"))
_DRAWN_ONLY: Final = frozenset(("tiff", "heic", "jxl"))
#: What a list can be narrowed to.
SORTS: Final = (
    ("", mark("everything")), ("pictures", mark("pictures")), ("films", mark("films")), ("sounds", mark("sound")),
    ("papers", mark("papers and texts")), ("copies", mark("working copies")), ("accounts", mark("written accounts")),
    ("others", mark("other files")),
)  # fmt: skip


def sort_of(one: Evidence) -> str:
    """Return which of `SORTS` an item belongs to."""
    if one.kind not in {"file", "copy"}:
        return "accounts"
    if one.copy_of:
        return "copies"
    forms = (
        ("pictures", PICTURES.keys() | _DRAWN_ONLY),
        ("films", FILMS.keys()),
        ("sounds", SOUNDS.keys()),
        ("papers", _PAPERS),
    )
    return next((sort for sort, those in forms if one.form in those), "others")


def words_of(one: Evidence) -> str:
    """Return what an item is, a marked sentence: the kind of an account, the type of a file."""
    if one.kind not in {"file", "copy"}:
        return KIND_WORDS.get(one.kind, one.kind)
    return FORM_WORDS.get(one.form, mark("another kind of file"))


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
FIELD_WORDS: Final = {
    "collector": (mark("Who recorded it"), mark("A name you both know, not the real one.")),
    "when": (mark("When it was recorded"), mark("Day and hour, as exactly as you know; say “about” where you are not sure.")),
    "clock": (mark("By which clock"), mark("Such as: phone, set by the network; camera, four minutes slow.")),
    "place": (mark("Where"), mark("As exactly as a court needs, no more.")),
    "method": (mark("How"), mark("Such as: filmed by phone; photographed from paper; copied from a card.")),
    "device": (mark("With which device"), mark("Make and model. It can lead to its owner.")),
    "source": (mark("From whom you have it"), mark("“Myself”, or a name you both know. A real name endangers them.")),
    "tool": (mark("With which program"), ""),
    "address": (mark("Address on the web"), mark("Where it was published, if it was.")),
    "consent": (mark("Who agreed to what"), mark("Who may see it, as the people in it said.")),
    "withdrawal": (mark("Agreement taken back"), ""),
    "limits": (mark("Who must not see it"), ""),
    "risk": (mark("Who is in danger if it is seen"), ""),
}  # fmt: skip


def fields_of(names: tuple[str, ...], kept: Mapping[str, str], language: Language) -> tuple[Asked, ...]:
    """Return note fields as a form asks them, with what is kept in each."""
    found = []
    for name in names:
        label, hint = FIELD_WORDS.get(name, (name.replace("_", " "), ""))
        value = kept.get(name, "")
        found.append(
            Asked(name, label, "" if value == "unknown" else value, language.say(hint) if hint else "")
        )
    return tuple(found)


def notes_in(form: Form, names: tuple[str, ...]) -> dict[str, str]:
    """Return what a form says in the note fields; what is left empty is unknown."""
    return {name: " ".join(form.one(name).split()) or "unknown" for name in names}


_DONE: Final = {
    "receive": mark("Taken into this vault"), "open": mark("Looked at"), "copy": mark("A working copy was made"),
    "redact": mark("A working copy was made, with parts covered"), "transfer": mark("Handed over"),
    "dispose": mark("Destroyed"),
}  # fmt: skip
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
        lines.append((at, _DONE.get(happened.action, happened.action), tuple(told)))
    return tuple(lines)
