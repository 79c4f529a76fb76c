"""What can be wrong with a stamp, each thing by its own name.

They are the other side's to mend, also when the stamp was kept: nobody here can make a stamp right. A kept one that was right
when it came and is wrong now stands in a vault that would not have opened.
"""

from __future__ import annotations

from holdfire.errors import PeerError
from holdfire.language import mark


class StampError(PeerError):
    """What came as a stamp proves nothing."""

    hint = mark("Do not rely on it. Ask the authority again, or another one.")


class UnreadableError(StampError):
    """It is not what its format says."""

    def __init__(self) -> None:
        super().__init__(mark("This is no answer of a time-stamping authority, or it is damaged."))


class NotGrantedError(StampError):
    """The authority said no."""

    hint = mark("Ask again later, or another authority.")

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(
            mark("The authority did not grant the stamp; its answer has the status {status}."), status=status
        )


class OtherHashError(StampError):
    """It stamps something else."""

    hint = mark("It may belong to another request. Take it in where that request stands.")

    def __init__(self) -> None:
        super().__init__(mark("This stamp belongs to something else."))


class OtherNonceError(StampError):
    """It answers another request, or none."""

    def __init__(self) -> None:
        super().__init__(
            mark(
                "This stamp answers another request: its number, drawn for one request only, is a different one."
            )
        )


class ForgedStampError(StampError):
    """The signature is wrong, or what was signed is not what stands here."""

    def __init__(self) -> None:
        super().__init__(mark("The signature under this stamp is wrong, or not made over it."))


class PurposeError(StampError):
    """Who signed has no certificate for signing times."""

    def __init__(self) -> None:
        super().__init__(
            mark("The certificate under this stamp is not one for signing times and nothing else.")
        )


class UntrustedError(StampError):
    """No root that was given stands behind it."""

    hint = mark("Compare the authority's root certificate with the one on its own pages.")

    def __init__(self) -> None:
        super().__init__(
            mark(
                "None of the root certificates kept with this authority stands behind the stamp at the time it names."
            )
        )


class PeriodError(StampError):
    """It was signed outside the time for which the certificate was valid."""

    def __init__(self) -> None:
        super().__init__(mark("At the time this stamp names, the certificate under it was not valid."))


class ProofError(StampError):
    """It is no OpenTimestamps proof."""

    def __init__(self) -> None:
        super().__init__(mark("This is no OpenTimestamps proof, or it is damaged."))
