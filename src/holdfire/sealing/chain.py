"""Chains of certificates (RFC 5280 §6): whether a root that the person chose stands behind who signed a time.

The checks of a chain, whose numbers stand beside each:

1. every certificate was valid at the time in question, the root too;
2. each was signed by the next, with SHA-256 or better, up to one of the roots;
3. each that signs another is allowed to (basic constraints, key usage, length of the path);
4. none says something critical that is not understood here: name constraints, for one, are refused;
5. the first may sign times, and nothing else: extended key usage `timeStamping`, critical and alone;
6. those in between may stand behind time-stamping, if they say what they may.

Whether one was *revoked* is not asked: that would need the network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from holdfire.sealing.certificate import MOST_CERTIFICATES, Certificate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

#: The most certificates of a chain, root included.
MOST_CHAIN: Final = 8


class ChainError(ValueError):
    """No root that was given stands behind a certificate at the time in question."""


class PeriodError(ValueError):
    """The certificate that signed was not valid at the time in question."""


def find_chain(
    first: Certificate, others: Sequence[Certificate], roots: Sequence[Certificate], at: datetime
) -> tuple[Certificate, ...]:
    """Return the certificates from `first` up to one of `roots`, all checks made for the time `at`.

    Args:
        first: Who signed.
        others: What may stand in between; whoever sent the answer chose these, and none of them is believed.
        roots: Whom the person chose to believe.
        at: The time in question.

    Raises:
        PurposeError: `first` is no certificate for signing times.
        PeriodError: `first` was not valid then.
        ChainError: No root stands behind it.
    """
    first.check_signs_times()  # 5
    if not first.valid_at(at):  # 1
        raise PeriodError
    if not first.understood():  # 4
        raise ChainError
    found = _climb((first,), tuple(others), tuple(roots), at, [MOST_CERTIFICATES * MOST_CHAIN])
    if not found:
        raise ChainError
    return found


def _climb(
    path: tuple[Certificate, ...],
    others: tuple[Certificate, ...],
    roots: tuple[Certificate, ...],
    at: datetime,
    tries: list[int],
) -> tuple[Certificate, ...]:
    """Return the path up to a root, or nothing; `tries` bounds the signatures that a stranger's certificates make us verify."""
    last = path[-1]
    if last in roots:
        return path
    if len(path) == MOST_CHAIN:
        return ()
    for above in (*roots, *others):
        if above in path or not last.names_issuer(above):
            continue
        tries[0] -= 1
        if tries[0] < 0:
            return ()
        fit = above.valid_at(at) and above.may_sign(len(path) - 1) and above.understood()
        if fit and last.signed_by(above):
            found = _climb((*path, above), others, roots, at, tries)
            if found:
                return found
    return ()
