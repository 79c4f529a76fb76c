"""What an open or closed vault refuses, beyond the common tree of errors."""

from __future__ import annotations

from holdfire.errors import UserError
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
