"""The first page of the file, and how to read the others: what the person must know before anything else."""

from __future__ import annotations

from typing import Final

from holdfire.guide.actions import RISK_WORDS, RiskWord
from holdfire.guide.export.blocks import Chapter, Heading, Items, Line, Link, Panel, Paragraph, Text
from holdfire.guide.export.citing import REASONING
from holdfire.language import mark
from holdfire.pack.levels import LEVEL_WORDS, Level

#: The title in the file, on its tab and in its data: plain, because the file may be seen in a list.
TITLE: Final = mark("Reader")

#: What each step is called, from reading to what cannot be taken back (writing rules §2).
STEP_WORDS: Final = (
    mark("Reading only"),
    mark("A private note"),
    mark("Open, but ordinary in service"),
    mark("Others or a server learn of it"),
    mark("Cannot be taken back"),
)

#: Who wrote the shared guide and what pays for it; a test holds these to the pack's own words.
WRITTEN_BY: Final = mark("The Holdfire developers. No lawyer and no member of a service has checked it yet.")
PAID_BY: Final = mark(
    "Nobody pays for this pack. It is written by volunteers and its licence lets anyone check and change it."
)

_BEFORE: Final = (
    mark("Having this file may be used against you. Its plain name hides nothing from someone who opens it."),
    mark("If your service owns this device, or someone may be watching it, close the file now."),
    mark(
        "A device keeps traces of what it opens: lists of recent files, small pictures, backups, what a printer "
        "remembers. Deleting the file does not delete them all."
    ),
    mark(
        "The file loads nothing, sends nothing and runs nothing. Its links lead only to other places in it. "
        "It cannot stop what else runs on this device."
    ),
    mark("Write nothing on a printed copy and mark nothing in it."),
)

_CHECK_WHY: Final = (
    mark(
        "Anyone can change a copy and leave its looks as they were. Nothing inside a file can prove that the file "
        "is unchanged. A comparison can."
    ),
    mark(
        "The same version of the program writes the same file for everybody, byte for byte. So two people can "
        "compare their files by a short number, the SHA-256 of the file."
    ),
)
_CHECK: Final = (
    mark(
        "On a computer that nobody else controls, let it work out the number, with the command below. Put the "
        "file's name for FILE. The command may stay in that computer's history."
    ),
    mark(
        "Get the number from somebody who wrote the file with their own copy of the program. Get it by another way "
        "than the file came: spoken, or on paper."
    ),
    mark(
        "Compare all 64 characters. If one differs, it is another version or a changed copy. Do not rely on it "
        "before you know which."
    ),
)

_COMMANDS: Final = (
    ("Linux", "sha256sum FILE"),
    ("macOS", "shasum -a 256 FILE"),
    ("Windows", "certutil -hashfile FILE SHA256"),
)

_RISK_MEANINGS: Final[dict[RiskWord, str]] = {
    "expect": mark("the usual reaction."),
    "known": mark("it has happened; the case is named."),
    "possible": mark("a law or a rule allows it, or it follows from how people act."),
    "unknown": mark("we looked and did not find out. That is no comfort."),
}
_LEVEL_MEANINGS: Final[dict[Level, str]] = {
    "text": mark("somebody read the words themselves. The date says when."),
    "text-earlier-version": mark("an older version was read. It may say something else now."),
    "citation": mark("other texts confirm that it exists. We did not read its words."),
    "not-verified": mark("nobody has looked yet. Treat it as unknown."),
}


def first_page(edition: str, newest: str, oldest: str, count: int, *, lawyer: bool) -> Chapter:
    """Return the page that says what the file is, what having it can mean, and how to check it.

    Args:
        edition: Name of the content, hexadecimal; empty while the content is being named.
        newest: The newest day a page was read through.
        oldest: The oldest such day.
        count: How many actions the file explains.
        lawyer: Whether a lawyer has checked any page.
    """
    groups = " ".join(edition[at : at + 4] for at in range(0, 16, 4))
    checked = (
        mark("A lawyer has checked some pages. They say so.")
        if lawyer
        else mark("No lawyer has checked any page.")
    )
    read = (
        mark("Every page was last read through on {newest}.").format(newest=newest)
        if newest == oldest
        else mark("Each page names the day it was last read through, from {oldest} to {newest}.").format(
            oldest=oldest, newest=newest
        )
    )
    return Chapter("first", mark("What this is"), (
        Paragraph(_say(mark(
            "A guide for members of the police, the armed forces and other services who are ordered to act against "
            "a peaceful movement for democracy, and who do not want to harm their own people."
        )), "lead"),
        Paragraph(_say(mark(
            "It explains {count} things a person in that place can do, each with its risks beside it. It asks for "
            "none of them. Deciding nothing yet is a choice too."
        ).format(count=count))),
        Panel("risk", (Heading(2, mark("Before you read on")), Items(tuple(_say(one) for one in _BEFORE)))),
        Heading(2, mark("Where to begin")),
        Items((
            (Text(mark("You must act today or tomorrow: ")), Link(mark("An order is for tomorrow"), "page-order-for-tomorrow")),
            (Text(mark("You might hurt yourself or someone: ")), Link(mark("First, you"), "page-care")),
            (Text(mark("You have time: ")), Link(mark("Questions to ask yourself"), "questions")),
            (Text(mark("You know what you look for: ")), Link(mark("Contents"), "contents")),
        )),
        Heading(2, mark("What it is not")),
        Paragraph(_say(mark(
            "It is not legal advice and gives no verdict on what is allowed. It shows what can be checked, what "
            "speaks for and against, and what to ask a lawyer."
        ))),
        Heading(2, mark("Who wrote it, and what pays for it")),
        Paragraph(_say(WRITTEN_BY)),
        Paragraph(_say(PAID_BY)),
        Heading(2, mark("When it was reviewed")),
        Paragraph(_say(f"{read} {checked} " + mark("Laws change. What was true that day may not be true now."))),
        Heading(2, mark("How to check this copy")),
        *(Paragraph(_say(one)) for one in _CHECK_WHY),
        Items(tuple(_say(one) for one in _CHECK), "steps"),
        Items(tuple((Text(f"{system}: "), Text(command, "code")) for system, command in _COMMANDS)),
        Paragraph(_say(mark(
            "This copy calls itself edition {groups}. That tells you which edition to ask for. It proves nothing."
        ).format(groups=groups))),
    ))  # fmt: skip


def reading_page() -> Chapter:
    """Return the page that explains the words which open risks, name levels and count steps."""
    return Chapter("reading", mark("How to read a page"), (
        Heading(2, mark("Words that open a risk")),
        Items(tuple(_meaning(RISK_WORDS[word], meaning) for word, meaning in _RISK_MEANINGS.items())),
        Paragraph(_say(mark(
            "There are no percentages and no scores. The stories we know come from people who could tell them. "
            "Those who were silenced left none."
        ))),
        Heading(2, mark("How well a source was checked")),
        Items(tuple(_meaning(LEVEL_WORDS[level], meaning) for level, meaning in _LEVEL_MEANINGS.items())),
        Paragraph((
            Text(REASONING, "strong"),
            Text(mark(" means that no source stands behind a sentence. It is our own reasoning.")),
        )),
        Paragraph(_say(mark(
            "Addresses of sources are printed as text, so that no slip of a finger opens one. Opening one leaves traces."
        ))),
        Heading(2, mark("How far a step goes")),
        Items(tuple((Text(f"{number}  ", "strong"), Text(words)) for number, words in enumerate(STEP_WORDS))),
        Paragraph(_say(mark("What cannot be taken back is decided with a clear head, and again after a night."))),
    ))  # fmt: skip


def _say(sentence: str) -> Line:
    return (Text(sentence),)


def _meaning(word: str, meaning: str) -> Line:
    return (Text(f"{word}: ", "strong"), Text(meaning))
