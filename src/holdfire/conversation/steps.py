"""Steps: a chain of hashes made backwards, by which each message shows that it continues the conversation (docs/protocols/conversation.md §4).

Who has read message n knows step n, from which the earlier ones follow and no later one does.
"""

from __future__ import annotations

from typing import Final

from holdfire.conversation.faults import ForgedStepError
from holdfire.wire.names import named_hash

STEP_SIZE: Final = 32
#: Messages of a conversation.
MOST_STEPS: Final = 1_000


def step(last: bytes, number: int) -> bytes:
    """Return step `number`, from 1 to 1,000, of the chain that ends with the secret `last`.

    Raises:
        ValueError: There is no such step: after 1,000 messages a new conversation begins.
    """
    if not 1 <= number <= MOST_STEPS or len(last) != STEP_SIZE:
        raise ValueError("there is no such step")
    return back(last, MOST_STEPS - number)


def back(later: bytes, steps: int) -> bytes:
    """Return the step that stands `steps` before `later`."""
    for _ in range(steps):
        later = named_hash("step", later)
    return later


def check_step(known: bytes, known_number: int, found: bytes, found_number: int) -> None:
    """Return if both steps stand on one chain, whichever is the later.

    Raises:
        ForgedStepError: They do not.
    """
    apart = found_number - known_number
    matches = back(found, apart) == known if apart >= 0 else back(known, -apart) == found
    if abs(apart) >= MOST_STEPS or not matches:
        raise ForgedStepError
