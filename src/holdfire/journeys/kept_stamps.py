"""What the vault keeps of stamps: the person's own list of whom to ask, and each stamp whole."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar, cast

from holdfire.errors import UserError
from holdfire.evidence.stamps.stamp import KINDS, AskedKind, Stamp
from holdfire.language import mark
from holdfire.reach.way import Proxy, read_address, read_proxy
from holdfire.sealing.certificate import read_file, write_pem
from holdfire.vault.records import JSON, Kind, Record
from holdfire.vault.vault import Vault

T = TypeVar("T")
#: How many records are read from the vault at once.
_AT_ONCE: Final = 100
MOST_NAME: Final = 60


@dataclass(frozen=True)
class Authority:
    """Somebody who can be asked: what the person calls them, what they are, where, and whom to believe."""

    name: str
    kind: AskedKind
    address: str
    roots: str


@dataclass(frozen=True)
class KeptStamp:
    """A stamp, the id of the custody log it speaks of, and its number among that log's, from 1."""

    log: str
    place: int
    stamp: Stamp


class RootError(UserError):
    """The file with an authority's certificates holds no root."""


def _encode_stamp(kept: KeptStamp) -> JSON:
    stamp = kept.stamp
    values: dict[str, Any] = {
        **vars(stamp),
        "log": kept.log,
        "place": kept.place,
        "nonce": f"{stamp.nonce:x}",
    }
    for name in ("request", "answer"):
        values[name] = base64.b64encode(values[name]).decode("ascii")
    values |= {"head": stamp.head.decode("ascii"), "statement": stamp.statement.decode("ascii")}
    return cast("JSON", {**values, "signature": stamp.signature.hex()})


def _decode_stamp(values: JSON) -> KeptStamp:
    kept = dict(cast("dict[str, Any]", values))
    for name in ("request", "answer"):
        kept[name] = base64.b64decode(kept[name])
    for name in ("head", "statement"):
        kept[name] = kept[name].encode("ascii")
    kept |= {"signature": bytes.fromhex(kept["signature"]), "nonce": int(kept["nonce"], 16)}
    return KeptStamp(kept.pop("log"), kept.pop("place"), Stamp(**kept))


AUTHORITY: Final = Kind(
    "time authority",
    1,
    lambda one: cast("JSON", dict(vars(one))),
    lambda values: Authority(**cast("dict[str, Any]", values)),
)
STAMP: Final = Kind("stamp", 1, _encode_stamp, _decode_stamp)
#: One record: the proxy that was used last, "" for none.
_PROXY: Final = Kind("proxy", 1, cast("Any", str), cast("Any", str))


def all_authorities(vault: Vault) -> tuple[Record[Authority], ...]:
    """Return whom the person can ask, by name."""
    return tuple(sorted(_all(vault, AUTHORITY), key=lambda one: one.value.name.casefold()))


def find_authority(vault: Vault, name: str) -> Record[Authority]:
    """Return who is called `name`, in large or small letters; UserError when nobody is."""
    for one in all_authorities(vault):
        if one.value.name.casefold() == name.strip().casefold():
            return one
    raise UserError(
        mark("Nobody on your list is called {name}."), mark("Look at your list of authorities."), name=name
    )


def add_authority(
    vault: Vault, name: str, kind: str, address: str, untrusted_roots: bytes, now: datetime
) -> Record[Authority]:
    """Put somebody on the list; nothing is sent, and nobody is asked.

    Args:
        vault: The open vault.
        name: What the person calls them.
        kind: "authority" or "calendar".
        address: Where they are asked.
        untrusted_roots: The file with an authority's certificates, PEM or DER; nothing for a calendar.
        now: When they were put on the list.

    Raises:
        UserError: The name is taken or missing, the address is none, or no root is among the certificates.
    """
    called = " ".join(name.split())
    if not called or len(called) > MOST_NAME or not called.isprintable():
        raise UserError(
            mark("A name has 1 to {most} letters."), mark("Say it shorter, or say one."), most=MOST_NAME
        )
    if kind not in KINDS:
        raise UserError(mark("There are authorities and calendars."), mark("Choose one of the two."))
    if any(one.value.name.casefold() == called.casefold() for one in all_authorities(vault)):
        raise UserError(
            mark("Somebody on your list is called so already."),
            mark("Choose another name, or remove that one."),
        )
    try:
        roots = read_file(untrusted_roots) if kind == "authority" else ()
    except UserError as fault:
        raise RootError(fault.sentence, fault.hint) from None
    if kind == "authority" and not any(one.is_root for one in roots):
        raise RootError(
            mark("No root certificate is in this file: none in it is signed with its own key."),
            mark("Take the authority's root, or its whole chain."),
        )
    made = Authority(called, cast("AskedKind", kind), read_address(address), write_pem(roots))
    return vault.records.add(AUTHORITY, made, now)


def remove_authority(vault: Vault, name: str) -> None:
    """Take somebody off the list; what they stamped stays whole. UserError when nobody is called so."""
    vault.records.delete(AUTHORITY, find_authority(vault, name).id)


def all_stamps(vault: Vault) -> tuple[Record[KeptStamp], ...]:
    """Return every stamp on every log."""
    return tuple(_all(vault, STAMP))


def stamps_on(vault: Vault, log: str) -> tuple[Record[KeptStamp], ...]:
    """Return every stamp on a custody log, the first asked for first."""
    found = [one for one in _all(vault, STAMP) if one.value.log == log]
    return tuple(sorted(found, key=lambda one: one.value.place))


def forget_stamps(vault: Vault, log: str) -> None:
    """Delete every stamp on a custody log, for when the item is deleted."""
    for one in stamps_on(vault, log):
        vault.records.delete(STAMP, one.id)


def last_proxy(vault: Vault) -> Proxy | None:
    """Return the proxy that was used last, or None."""
    kept = vault.records.all(_PROXY, limit=1)
    return read_proxy(kept[0].value) if kept and kept[0].value else None


def keep_proxy(vault: Vault, proxy: Proxy | None, now: datetime) -> None:
    """Remember the proxy that is used, without those before it."""
    if proxy == last_proxy(vault):
        return
    with vault.transaction():
        for one in vault.records.all(_PROXY):
            vault.records.delete(_PROXY, one.id)
        vault.records.add(_PROXY, "" if proxy is None else str(proxy), now)


def _all(vault: Vault, kind: Kind[T]) -> Iterator[Record[T]]:
    for start in range(0, vault.records.count(kind), _AT_ONCE):
        yield from vault.records.all(kind, limit=_AT_ONCE, offset=start)
