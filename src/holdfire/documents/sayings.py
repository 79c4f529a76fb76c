"""What the reader of documents says to the person: every refusal and every note, one place.

The reader's process may have been taken over by a hostile file: only sentences that stand here are
taken from it (holdfire.documents.process).
"""

from __future__ import annotations

from typing import Final, NoReturn

from holdfire.errors import UserError
from holdfire.language import mark

#: A sentence and a hint.
Refusal = tuple[str, str]

EMPTY: Final = (mark("“{name}” is empty."), mark("Choose another file."))
TOO_LARGE: Final = (
    mark("“{name}” is larger than one gibibyte."),
    mark("Split it into parts, and give them one after the other."),
)
TOO_LARGE_HERE: Final = (
    mark("“{name}” is larger than {most} MiB, too large to be read from inside the vault."),
    mark("Save it as a file first, or split it into parts."),
)
LONG_LINE: Final = (
    mark("Line {number} of “{name}” is longer than {most} characters."),
    mark("A text has shorter lines: this file is something else, or lost its line breaks."),
)
LONG_PARAGRAPH: Final = (
    mark("A paragraph of “{name}” is longer than {most} characters."),
    mark("A text has shorter paragraphs: this file is something else, or lost its line breaks."),
)
NOT_READABLE: Final = (
    mark("“{name}” is not a text, nor a form of document that can be read."),
    mark("PDF, DOCX, HTML, Akoma Ntoso and plain text can be read. If it is a text, save it again as UTF-8."),
)
PICTURE: Final = (
    mark("“{name}” is a picture: there is no text in it that could be read."),
    mark(
        "Text recognition is not part of this program. Look for a version with text in it, or type the part you need."
    ),
)
SCANNED: Final = (
    mark("The pages of “{name}” are pictures: there is no text in them that could be read."),
    mark(
        "Text recognition is not part of this program. Look for a version with text in it, or type the part you need."
    ),
)
NO_TEXT: Final = (mark("There is no text in “{name}”."), mark("Choose another file."))
OLD_WORD: Final = (
    mark("“{name}” is an old Word file, or a Word file behind a password; neither can be read."),
    mark("Open it in Word or LibreOffice, and save it as DOCX without a password."),
)
OTHER_ZIP: Final = (
    mark("“{name}” is an archive, but no DOCX."),
    mark(
        "If it is an archive, take the documents out and give them one by one. If it is ODT, save it as DOCX."
    ),
)
RTF: Final = (
    mark("“{name}” is RTF, which cannot be read."),
    mark("Open it in Word or LibreOffice, and save it as DOCX."),
)
OTHER_XML: Final = (
    mark("“{name}” is XML, but not Akoma Ntoso."),
    mark("Look for the same text as HTML, PDF or DOCX."),
)
LOCKED_PDF: Final = (
    mark("“{name}” is a PDF behind a password."),
    mark("Open it with its password, print it to a new PDF, and choose that one."),
)
LOCKED_ZIP: Final = (
    mark("“{name}” is behind a password."),
    mark("Save it without a password, and choose that file."),
)
BROKEN: Final = (
    mark("“{name}” is broken: it could not be read from its beginning."),
    mark("Get the file again from where it came; perhaps it was cut off on the way."),
)
BROKEN_PART: Final = (
    mark("“{name}” is broken at line {line} of its part {part}, before any text."),
    mark("Get the file again from where it came; perhaps it was cut off on the way."),
)
DOCTYPE: Final = (
    mark(
        "“{name}” defines names of its own at line {line} of its part {part} (a DOCTYPE), as hostile files do. It was not read."
    ),
    mark("Look for the same text from another place, or as HTML, PDF or plain text."),
)
TOO_DEEP: Final = (
    mark(
        "At line {line}, part {part} of “{name}” is nested deeper than {most} levels, as hostile files are. It was not read."
    ),
    mark("Look for the same text from another place."),
)
ZIP_BOMB: Final = (
    mark(
        "“{name}” would unpack to far more than a document has (its part {part}), as hostile files do. It was not read."
    ),
    mark("Look for the same text from another place."),
)
TOO_MANY_PARTS: Final = (
    mark("“{name}” has {count} parts; a document has at most {most}. It was not read."),
    mark("Look for the same text from another place."),
)
STOPPED: Final = (
    mark("Reading “{name}” took too much time or memory, or failed, and was stopped."),
    mark("Nothing else was harmed. Look for the same text from another place, or as plain text."),
)
NO_READER: Final = (
    mark("The part of the program that reads documents could not be started."),
    mark("Install the program again, or give the text as a plain text file."),
)

REFUSALS: Final = frozenset({
    EMPTY, TOO_LARGE, TOO_LARGE_HERE, LONG_LINE, LONG_PARAGRAPH, NOT_READABLE, PICTURE, SCANNED, NO_TEXT, OLD_WORD, OTHER_ZIP, RTF,
    OTHER_XML, LOCKED_PDF, LOCKED_ZIP, BROKEN, BROKEN_PART, DOCTYPE, TOO_DEEP, ZIP_BOMB, TOO_MANY_PARTS, STOPPED,
})  # fmt: skip

UNDECODABLE: Final = mark(
    "{count} signs could not be read and are shown as \ufffd; the first are on these lines of the file: {places}."
)
PICTURE_PAGE: Final = mark("Page {page} is a picture; its text could not be read.")
BROKEN_PAGE: Final = mark("Page {page} is broken; its text could not be read.")
SLOW_PAGE: Final = mark("Page {page} took too much time or memory, or failed; its text could not be read.")
LONG_PAGE: Final = mark("Page {page} has more signs than a page can have; it was read up to {most}.")
NO_LETTERS: Final = mark(
    "Page {page} does not say which letters its shapes stand for; its text may be wrong. Compare it with the page itself."
)
REPEATED: Final = mark(
    "Lines that stand on many pages at the same place, and page numbers, were left out, {count} in all; such as “{example}”."
)
BROKEN_LATER: Final = mark(
    "The file is broken after line {line} of its part {part}; what stands before was read, what comes after is missing."
)
STOPPED_LATER: Final = mark(
    "Reading was stopped before the end, because it took too much time or memory, or failed; what comes after the last line is missing."
)
NOT_CLOSED: Final = mark("The file ends in the middle of something; perhaps it was cut off.")
CHANGES: Final = mark(
    "The document has changes that nobody accepted yet; it was read as if they were accepted."
)
MACROS: Final = mark("The document has macros; they were not read and not run.")
HIDDEN: Final = mark("The document has text that is hidden in it; it was left out.")
CONTENTS: Final = mark("The table of contents was left out, {count} lines.")
PICTURES: Final = mark("The document has pictures or boxes; text inside them was not read.")

NOTES: Final = frozenset({
    UNDECODABLE, PICTURE_PAGE, BROKEN_PAGE, SLOW_PAGE, LONG_PAGE, NO_LETTERS, REPEATED, BROKEN_LATER, STOPPED_LATER, NOT_CLOSED,
    CHANGES, MACROS, HIDDEN, CONTENTS, PICTURES,
})  # fmt: skip


def refuse(refusal: Refusal, **values: object) -> NoReturn:
    """Raise UserError for a refusal; `name` is filled in later where it is not known yet."""
    sentence, hint = refusal
    raise UserError(sentence, hint, **{"name": "", **values})
