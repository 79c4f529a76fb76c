"""What an open or closed vault refuses, beyond the common tree of errors."""

from __future__ import annotations

from holdfire.errors import TamperError, UserError
from holdfire.language import mark


class LockedError(UserError):
    """The vault was locked; nothing in it can be reached until it is unlocked again."""

    hint = mark("Unlock the vault, then try again.")

    def __init__(self) -> None:
        super().__init__(mark("The vault is locked."))


class MissingError(UserError):
    """There is no such record or item in the open compartment."""

    hint = mark("It may have been deleted. Look at the list again.")

    def __init__(self) -> None:
        super().__init__(mark("There is nothing saved under this number."))


class NewerError(UserError):
    """A newer Holdfire wrote this; guessing at it could destroy it."""

    hint = mark("Install the newest Holdfire, then try again.")

    def __init__(self) -> None:
        super().__init__(mark("A newer version of Holdfire wrote this."))


def damaged() -> TamperError:
    """Return the error for a part that does not open, or does not fit the rest."""
    return TamperError(
        mark("A part of the vault was damaged or altered since it was saved."),
        mark("Nothing was changed. Work on a copy of the file, or go back to a backup."),
    )
