"""What a relay's refusals mean to who asked: one sentence and one way on for each status (docs/protocols/relay.md, Errors)."""

from __future__ import annotations

from typing import Final

from holdfire.errors import PeerError
from holdfire.language import mark
from holdfire.wire.http import Answer

_SAID: Final = {
    403: (
        mark("The relay did not let this in."),
        mark("Try again: a puzzle is good for ten minutes. If it stays so, write to the desk another way."),
    ),
    404: (
        mark("The relay has nothing there."),
        mark("The desk may have moved. Ask for its newest card, or try another of its relays."),
    ),
    408: (
        mark("The relay waited too long for what was sent."),
        mark("Nothing is lost. Try again on a better connection; long files go on where they stopped."),
    ),
    409: (
        mark("Something else stands there already."),
        mark("Fetch the newest first, then try again."),
    ),
    503: (
        mark("The relay has no room now."),
        mark("Nothing is lost. Try again in an hour, or through another relay of the desk."),
    ),
}
_OTHER: Final = (
    mark("The relay answered something that no relay should: number {status}."),
    mark("Check the address. It may be no relay, or an older or newer one."),
)


class RefusedError(PeerError):
    """A relay said no.

    Args:
        status: The number of its answer.
    """

    def __init__(self, status: int) -> None:
        self.status = status
        sentence, hint = _SAID.get(status, _OTHER)
        super().__init__(sentence, hint, status=status)


def done(answer: Answer, *statuses: int) -> Answer:
    """Return the answer if its status is one of those wanted.

    Raises:
        RefusedError: It is another.
    """
    if answer.status not in statuses:
        raise RefusedError(answer.status)
    return answer
