"""What can be wrong with a custody log, each thing by its own name (docs/formats/custody.md §4).

Numbers of events are counted from 1 in sentences, since people read them.
"""

from __future__ import annotations

from holdfire.errors import TamperError
from holdfire.language import mark


class CustodyError(TamperError):
    """Something in a custody log is not as it was when it was signed."""

    hint = mark("Do not rely on this log. Compare it with an export that you gave to somebody earlier.")


class EditedError(CustodyError):
    """An event, or something opened of it, was changed."""

    def __init__(self, number: int, field: str = "") -> None:
        self.number, self.field = number, field
        if field:
            super().__init__(
                mark("Event {number} of this custody log was changed, in the field {field}."),
                number=number + 1,
                field=field,
            )
        else:
            super().__init__(mark("Event {number} of this custody log was changed."), number=number + 1)


class ReorderedError(CustodyError):
    """The events are there, in another order."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            mark("The events of this custody log were reordered, from event {number} on."), number=number + 1
        )


class TruncatedError(CustodyError):
    """Events that the head speaks of are missing."""

    def __init__(self, number: int, missing: int) -> None:
        self.number, self.missing = number, missing
        super().__init__(
            mark("Of this custody log {missing} events are missing, from event {number} on."),
            number=number + 1,
            missing=missing,
        )


class UnsignedError(CustodyError):
    """There are events that no signed head speaks of."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(mark("From event {number} on, this custody log is not signed."), number=number + 1)


class ForgedHeadError(CustodyError):
    """A head is not signed by the key it names."""

    def __init__(self) -> None:
        super().__init__(mark("A signature of this custody log is wrong."))


class OtherLogError(CustodyError):
    """A head belongs to the log of another item."""

    hint = mark("Compare it with an export of the same item.")

    def __init__(self) -> None:
        super().__init__(mark("This belongs to the custody log of another item."))


class RolledBackError(CustodyError):
    """An older state of the log was put back."""

    def __init__(self, size: int, exported: int) -> None:
        self.size, self.exported = size, exported
        super().__init__(
            mark(
                "This custody log was set back: it has {size} events, and had {exported} when it was exported."
            ),
            size=size,
            exported=exported,
        )


class RewrittenError(CustodyError):
    """The past was changed and signed anew with the log's own key."""

    def __init__(self, exported: int) -> None:
        self.exported = exported
        super().__init__(
            mark("Among its first {exported} events this custody log is not the one that was exported."),
            exported=exported,
        )


class ExtractError(CustodyError):
    """What was handed over as an extract of a log is none."""

    hint = mark("Ask for the package again.")

    def __init__(self) -> None:
        super().__init__(mark("This is no extract of a custody log, or it is damaged."))
