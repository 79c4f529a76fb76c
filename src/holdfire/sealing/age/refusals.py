"""What is refused about an age file, by the part that is wrong (docs/formats/age.md §4)."""

from __future__ import annotations

from holdfire.errors import TamperError, UserError
from holdfire.language import mark


class ArmourError(TamperError):
    """The lines of text around an age file are not as they must be."""

    hint = mark("Ask for the file again, as a file and not as text.")

    def __init__(self, line: int) -> None:
        super().__init__(mark("This age file was damaged on its way, in line {line} of its text."), line=line)


class HeaderError(TamperError):
    """The header of an age file breaks the format or asks for more than we give."""

    hint = mark("Do not use this file. Ask for it again, over another way.")


class ForgedHeaderError(TamperError):
    """The header opens but was altered since it was written."""

    hint = mark("Do not use this file. Ask for it again, over another way.")

    def __init__(self) -> None:
        super().__init__(mark("The list of who can open this age file was changed."))


class PayloadError(TamperError):
    """The content of an age file was altered, moved, cut or lengthened."""

    hint = mark("Do not rely on this file. Ask for it again, or use another copy.")


class NoKeyError(UserError):
    """None of the keys given opens this age file."""

    hint = mark("Try another key or passphrase, or ask who sealed it for whom.")

    def __init__(self) -> None:
        super().__init__(mark("This age file does not open with what you gave."))


def bad_line(line: int) -> HeaderError:
    """Return the error for a header line, counted from 1, that breaks the grammar."""
    return HeaderError(mark("The header of this age file is damaged in line {line}."), line=line)


def bad_stanza(kind: str) -> HeaderError:
    """Return the error for a stanza of a kind that we know and that is not as its kind demands."""
    return HeaderError(mark("The header of this age file holds a damaged part of kind {kind}."), kind=kind)
