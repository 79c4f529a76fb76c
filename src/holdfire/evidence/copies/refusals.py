"""Why no copy was made: sentences for the person, and the net that turns any fault of a decoder into one of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from holdfire.errors import HoldfireError, UserError
from holdfire.language import mark

_UNCHANGED: Final = mark("No copy was made; the original is unchanged.")


class CopyRefusedError(UserError):
    """No copy was made of this file; the original is unchanged."""

    hint = _UNCHANGED


class UncleanError(CopyRefusedError):
    """The copy did not pass our own strict reading, so it is not given out.

    Args:
        container: The kind of file, as "PNG".
        fault: What stands in it that may not, a few words without content.
    """

    def __init__(self, container: str, fault: str) -> None:
        super().__init__(
            mark("The copy did not pass our own check ({container}: {fault})."),
            container=container,
            fault=fault,
        )


def not_understood() -> CopyRefusedError:
    """Return the refusal of a file whose type is not known here."""
    return CopyRefusedError(mark("We cannot clean this type of file."))


_TOO_LARGE: Final = {
    "bytes": mark("This file is too large to be cleaned: more than {bound:,} bytes."),
    "pixels": mark("This picture is too large to be cleaned: more than {bound:,} pixels."),
    "pixels on a page": mark("A page is too large to be drawn: more than {bound:,} pixels."),
    "frames": mark("There are too many pictures in this file to be cleaned: more than {bound:,}."),
    "pages": mark("This paper is too long to be cleaned: more than {bound:,} pages."),
    "parts": mark("This file has too many parts to be cleaned: more than {bound:,}."),
    "samples": mark("This film is too long to be cleaned: more than {bound:,} pictures or pieces of sound."),
    "tracks": mark("This film has too many tracks to be cleaned: more than {bound:,}."),
    "signs": mark("This text is too long to be cleaned: more than {bound:,} signs."),
    "paragraphs": mark("This text is too long to be cleaned: more than {bound:,} paragraphs and tables."),
}


def too_large(what: str, bound: int) -> CopyRefusedError:
    """Return the refusal of a file that would cost too much; `what` is counted, `bound` is the most."""
    return CopyRefusedError(_TOO_LARGE[what], bound=bound)


def damaged() -> CopyRefusedError:
    """Return the refusal of a file that cannot be read to its end."""
    return CopyRefusedError(mark("This file is damaged, cut short, or not what it says it is."))


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
        raise CopyRefusedError(mark("This file needs more memory than this computer has.")) from None
    except Exception:  # noqa: BLE001 - six libraries, each with errors of its own; a hostile file reaches any of them
        raise damaged() from None
