"""Why no copy was made: sentences for the person, and the net that turns any fault of a decoder into one of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from holdfire.errors import HoldfireError, UserError
from holdfire.evidence.copies.sayings import (
    DAMAGED,
    NEEDS_MEMORY,
    NOT_UNDERSTOOD,
    TOO_LARGE,
    UNCHANGED,
    UNCLEAN,
)


class CopyRefusedError(UserError):
    """No copy was made of this file; the original is unchanged."""

    hint = UNCHANGED


class UncleanError(CopyRefusedError):
    """The copy did not pass our own strict reading, so it is not given out.

    Args:
        container: The kind of file, as "PNG".
        fault: What stands in it that may not, a few words without content.
    """

    def __init__(self, container: str, fault: str) -> None:
        super().__init__(UNCLEAN, container=container, fault=fault)


def not_understood() -> CopyRefusedError:
    """Return the refusal of a file whose type is not known here."""
    return CopyRefusedError(NOT_UNDERSTOOD)


def too_large(what: str, bound: int) -> CopyRefusedError:
    """Return the refusal of a file that would cost too much; `what` is counted, `bound` is the most."""
    return CopyRefusedError(TOO_LARGE[what], bound=bound)


def damaged() -> CopyRefusedError:
    """Return the refusal of a file that cannot be read to its end."""
    return CopyRefusedError(DAMAGED)


@contextmanager
def decoding() -> Iterator[None]:
    """Turn whatever a decoder raises at a hostile file into one sentence.

    Raises:
        CopyRefusedError: The decoder failed, in any way. Our own errors pass through.
    """
    try:
        yield
    except HoldfireError:
        raise
    except MemoryError:
        raise CopyRefusedError(NEEDS_MEMORY) from None
    except Exception:  # noqa: BLE001 - six libraries, each with errors of its own; a hostile file reaches any of them
        raise damaged() from None
