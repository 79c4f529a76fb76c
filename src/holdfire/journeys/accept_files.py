"""Say in the desk's record that files of a thread are here, so that who reads the record later knows who took them in, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from holdfire.conversation.desk_log import MOST_DETAIL, Act
from holdfire.journeys.fetch_files import messages
from holdfire.journeys.keep_own_desk import own_desk
from holdfire.journeys.kept_desk import ACT
from holdfire.journeys.run_desk import do, find_thread
from holdfire.vault.vault import Vault
from holdfire.wire.http import Ask

_BETWEEN: Final = "; "


def unrecorded(vault: Vault, number: int) -> tuple[str, ...]:
    """Return the files of a thread that this device has and the record does not say so of; after a break, too."""
    conversation, device = find_thread(vault, number).conversation, own_desk(vault).value.device.public
    told = {
        said
        for one in vault.records.known(ACT)
        if (one.value.act, one.value.about, one.value.device) == (Act.ACCEPT, conversation, device)
        for said in one.value.detail.split(_BETWEEN)
    }
    return tuple(one for one in _here(vault, number) if one not in told)


def put_on_record(vault: Vault, number: int, ask: Ask, now: datetime) -> None:
    """Post to the desk's record which files of a thread this device has taken in. Only on the person's word.

    Raises:
        NetworkError: The relay was not reached; said again, it goes on.
        LieError: The relay does not give the record as it was.
    """
    waiting = unrecorded(vault, number)
    while waiting:
        count = len(waiting)
        while len(_BETWEEN.join(waiting[:count]).encode()) > MOST_DETAIL:
            count //= 2
        do(vault, Act.ACCEPT, number, _BETWEEN.join(waiting[:count]), ask, now)
        waiting = waiting[count:]


def _here(vault: Vault, number: int) -> Iterator[str]:
    """By its hash a file is the same on every device of the desk; numbers of evidence are each vault's own."""
    for record in messages(vault, number):
        for place, file in enumerate(record.value.files, 1):
            if file.evidence:
                yield f"message {record.value.number}, file {place}, SHA-256 {file.attachment.hash.hex()}"
