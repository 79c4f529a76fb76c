"""Fetch the files of messages that a desk accepts, and judge packages among them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from holdfire.conversation.attachment import Pieces
from holdfire.conversation.faults import AlteredError
from holdfire.errors import HoldfireError, NetworkError
from holdfire.journeys.check_package import kept_package
from holdfire.journeys.keep_evidence import add_evidence, read_evidence
from holdfire.journeys.keep_own_desk import own_desk
from holdfire.journeys.kept_desk import CAME, Came, Enclosed, thread_word
from holdfire.vault.records import Record
from holdfire.vault.vault import Vault
from holdfire.wire import http
from holdfire.wire.http import Answer, Ask, Request
from holdfire.wire.pieces import CONTENT_SIZE
from holdfire.wire.refusals import done

#: A sealed package begins so; an open one is a tar, which says so there.
_AGE: Final = b"age-encryption.org/"
_TAR: Final = slice(257, 262)
_START: Final = 512
_NO_CONTENT, _OK, _NOTHING = 204, 200, 404
#: Over Tor a circuit that broke is another one at the next try; a relay that is gone is gone at all of them.
_TRIES: Final = 4


def accept(vault: Vault, number: int, origin: str, ask: Ask, now: datetime) -> Iterator[tuple[int, int]]:
    """Fetch the files of a thread's messages from a relay into the vault as evidence; yield how much is done.

    A piece is deleted from the relay once the whole file is here and its hash is right.

    Raises:
        AlteredError: A file is not what its message says; nothing of it stays.
        NetworkError: The relay was not reached; what is here is kept.
    """
    for record in messages(vault, number):
        came = record.value
        if came.origin != origin:
            continue
        for place, file in enumerate(came.files):
            if not file.evidence and not file.gone:
                yield from _fetch(vault, record.id, place, ask, now)


def _fetch(vault: Vault, record_id: str, place: int, ask: Ask, now: datetime) -> Iterator[tuple[int, int]]:
    record = vault.records.get(CAME, record_id)
    came = record.value
    file = came.files[place]
    own = own_desk(vault).value
    board = own.relay(came.origin).inbox
    pieces = Pieces(file.attachment, own.id, came.origin)
    count = max(1, -(-file.attachment.length // CONTENT_SIZE))
    first = _asked(ask, http.read_piece(board.writer, pieces.name(0), board.reader))
    if first.status == _NOTHING:
        _file_is(vault, record_id, place, replace(file, gone=True), now)
        return

    def content() -> Iterator[bytes]:
        hashed = sha256()
        for one in range(count):
            answer = (
                _asked(ask, http.read_piece(board.writer, pieces.name(one), board.reader)) if one else first
            )
            opened = pieces.open(one, done(answer, _OK).body)
            hashed.update(opened)
            # Here, not after it: what breaks off inside leaves nothing in the vault.
            if one == count - 1 and hashed.digest() != file.attachment.hash:
                raise AlteredError
            yield opened

    kept = add_evidence(
        vault, content(), now, title=f"Thread {came.thread}, message {came.number}, file {place + 1}",
        size=file.attachment.length,
    )  # fmt: skip
    _file_is(vault, record_id, place, replace(file, evidence=kept.value.number), now)
    for one in range(file.attachment.count):
        deleted = _asked(ask, http.delete_piece(board.writer, pieces.name(one), board.reader))
        done(deleted, _NO_CONTENT, _NOTHING)
        yield one + 1, file.attachment.count


def _asked(ask: Ask, request: Request) -> Answer:
    """Return an answer; a way that breaks is opened anew a few times, because a file that breaks off begins at its first piece again."""
    for _ in range(_TRIES - 1):
        with suppress(NetworkError):
            return ask(request)
    return ask(request)


def _file_is(vault: Vault, record_id: str, place: int, file: Enclosed, now: datetime) -> None:
    record = vault.records.get(CAME, record_id)
    files = (*record.value.files[:place], file, *record.value.files[place + 1 :])
    # Saved over the first version: the order of messages is that of their records.
    vault.records.save(CAME, record_id, replace(record.value, files=files), now)


def judged(vault: Vault, evidence: int, keys: str = "") -> tuple[str, ...]:
    """Return what is to be said of evidence that came, if it is a package: whole, or what is wrong with it; nothing if it is none."""
    from holdfire.evidence.package.verify import verify  # noqa: PLC0415 — its libraries take a tenth of a second

    start = read_evidence(vault, evidence, 0, _START)
    if not (start.startswith(_AGE) or start[_TAR].startswith(b"ustar")):
        return ()
    try:
        whole = verify(kept_package(vault, evidence, keys))
    except HoldfireError as fault:
        return (str(fault), fault.hint)
    return (f"Whole: {len(whole.items)} items, signed by key {whole.fingerprint}.",)


def messages(vault: Vault, number: int) -> tuple[Record[Came], ...]:
    """Return what came in a thread, in the order of the conversation."""
    found = vault.records.search(thread_word(number), CAME, 2_000)
    return tuple(sorted(
        (one for one in found if one.value.thread == number), key=lambda one: (one.value.number, one.value.time)
    ))  # fmt: skip
