"""What a relay, or who holds a stolen key, can do to what is read: each lie has a name, so that the person can be told (docs/protocols/conversation.md §9)."""

from __future__ import annotations

from holdfire.errors import TamperError
from holdfire.language import mark


class LieError(TamperError):
    """What the relay gave is not what the desk or its members wrote."""

    sentence = ""

    def __init__(self, sentence: str = "", hint: str = "", **values: object) -> None:
        super().__init__(sentence or type(self).sentence, hint, **values)


class EquivocationError(LieError):
    """Two things that cannot both be true are signed: a key is stolen, or the desk or relay shows different people different things."""

    sentence = mark("Two different versions of the same thing are signed.")
    hint = mark("Stop writing to this desk. Keep both, and ask the desk in person or by telephone.")


class RollbackError(LieError):
    """Something older than what was seen before is shown as the newest."""

    sentence = mark("The relay shows something older than what was seen here before.")
    hint = mark("Try another relay of this desk. Nothing was sent.")


class WithheldError(LieError):
    """Something that must be there is not shown."""

    sentence = mark("The relay withholds something that must be there.")
    hint = mark("Try again, then try another relay of this desk.")


class ReplayedError(LieError):
    """Something from another time is shown again as if it belonged here."""

    sentence = mark("The relay shows something from another time again.")
    hint = mark("Try again, then try another relay of this desk. Nothing of it is used.")


class ReorderedError(LieError):
    """Things stand in another order than they were written in."""

    sentence = mark("The relay shows things in another order than they were written in.")
    hint = mark("Try another relay of this desk. Nothing of it is used.")


class TruncatedError(LieError):
    """The end is missing."""

    sentence = mark("The relay shows less than what was signed: the end is missing.")
    hint = mark("Try again, then try another relay of this desk.")


class AlteredError(LieError):
    """Bytes are others than those that were signed."""

    sentence = mark("The relay shows other bytes than those that were signed.")
    hint = mark("Try another relay of this desk. Nothing of it is used.")


class CrossDeskError(LieError):
    """This belongs to another desk."""

    sentence = mark("This belongs to another desk.")
    hint = mark("Nothing of it is used. Compare the eight words of the desk.")


class CrossRelayError(LieError):
    """This was made for another relay."""

    sentence = mark("This was made for another relay.")
    hint = mark("Nothing of it is used. Try another relay of this desk.")


class ForgedStepError(LieError):
    """A message claims to continue a conversation and does not know its next step."""

    sentence = mark(
        "A message claims to continue a conversation, and whoever wrote it did not begin that conversation."
    )
    hint = mark("It is kept apart. Do not answer it.")


class ForgedError(LieError):
    """A signature is not by who must have signed."""

    sentence = mark("A signature is not by the one who must have signed.")
    hint = mark("Nothing of it is used. Compare the eight words of the desk.")
