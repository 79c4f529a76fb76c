"""What the pages say of a fault: a sentence and what to do, on a page and not at a command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from holdfire.errors import HoldfireError, InUseError, NothingOpenedError, TamperError
from holdfire.language import Language, mark
from holdfire.web.page import Problem

#: What the pages say of the vault's refusals (writing rules §5), whatever words a command has for them.
_TEXTS: Final[dict[type[HoldfireError], str]] = {
    NothingOpenedError: mark("Nothing opened. Check keyboard language and Caps Lock."),
    InUseError: mark("This vault is open elsewhere. Close it there."),
    TamperError: mark("Part of this file was changed. We stopped. Keep it; use your backup."),
}


#: What to do on a page, where a hint was written for a command; a test holds that none is missing.
HINTS: Final = {
    "If this vault came from a backup, say so: `holdfire desk publish --restored`. If not, tell your members by voice, and make a new desk.": mark(
        "If this vault came from a backup, tick the box that says so. If not, tell your members by voice, and make a new desk."
    ),
    "`holdfire letter list` shows them.": mark("Go back and choose a letter from the list."),
    "`holdfire letter list` shows the languages of each.": mark("Go back and choose another language."),
    "`holdfire letter show KIND` lists the answers a letter takes.": mark(
        "Go back and open the letter again."
    ),
    "`desk read` shows which there are.": mark("Go back and choose among the messages that are listed."),
    "`holdfire law list` shows those there are.": mark("Leave it out; choose among those the letter offers."),
    "Put your own copy of its official wording under `wordings`, or leave it out.": mark(
        "Leave it out of the letter."
    ),
    "Put the part that matters under `wordings` yourself.": mark("Untick its own wording, or leave it out."),
    "`holdfire law list --what forums` shows where it can be sent.": mark(
        "The page of forums under “The law” shows where it can be sent."
    ),
    "`holdfire law texts` and the page of your texts list those there are.": mark(
        "Look at the list of your texts."
    ),
    "`holdfire law list --what instruments` shows them; leave it out if yours is not there.": mark(
        "Choose one from the list, or none."
    ),
    "Give the file that holds your key, too: `--identity FILE`.": mark("Paste the key that opens it, too."),
    "Bring the root and renew it: `holdfire desk renew`. Until then members see the last edition.": mark(
        "Fetch the root and renew it at the command line. Until then members see the last edition."
    ),
    "Make one: `holdfire desk init`.": mark("A desk is made at the command line; open its vault here."),
    "`holdfire desk answers` lists them.": mark("Go back and choose one from the list."),
    "Name them as en or en,ru.": mark("Choose one language, and perhaps a different one beside it."),
}


def sentence_of(fault: BaseException) -> tuple[str, str, dict[str, object]]:
    """Return what to tell a person of a fault: sentence, hint and the sentence's values.

    Of a path only the file's own name is told: the page may be seen by others.
    """
    for kind, sentence in _TEXTS.items():
        if isinstance(fault, kind):
            return sentence, "", {}
    if isinstance(fault, HoldfireError):
        values = {
            key: value.name if isinstance(value, Path) else value for key, value in fault.values.items()
        }
        return fault.sentence, HINTS.get(fault.hint, fault.hint), values
    return (
        mark("Something went wrong inside the program."),
        mark("What was saved before is kept. Try again; if it happens again, close the program and open it."),
        {},
    )


def said_of(
    language: Language, fault: BaseException, names: Mapping[str, str] | None = None
) -> tuple[str, str]:
    """Return the sentence and the hint of a fault as they are shown, translated and with their values.

    Args:
        language: Of the page.
        fault: What went wrong.
        names: What people call the fields, marked; stands in place of the field's own name.
    """
    sentence, hint, values = sentence_of(fault)
    called = (names or {}).get(str(values.get("name", "")))
    if called:
        values = {**values, "name": f"“{language.say(called)}”"}
    return language.say(sentence, **values), language.say(hint, **values) if hint else ""


def problem_of(
    language: Language, fault: BaseException, field: str, names: Mapping[str, str] | None = None
) -> Problem:
    """Return a fault as what is to be mended at a field: sentence and hint."""
    return Problem(field, " ".join(said for said in said_of(language, fault, names) if said))
