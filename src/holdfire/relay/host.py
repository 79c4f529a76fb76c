"""What can be told of a relay's host, and what is to be said of it; values in, findings out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final, Literal

from holdfire.language import mark
from holdfire.relay.answer import MOST_BODIES
from holdfire.wire.boards import INBOX_ENTRY
from holdfire.wire.pieces import MOST_ON_BOARD, PIECE_SIZE

#: Free bytes below which a relay is soon full.
LEAST_FREE: Final = 2 << 30
#: What the inbox of one desk can fill.
_FULL_INBOX: Final = MOST_BODIES * INBOX_ENTRY + MOST_ON_BOARD * PIECE_SIZE
_OTHERS: Final = 0o077
#: SQLite's log is a memory map that two computers do not share, and their locks are not to be relied on (sqlite.org/wal.html).
_OVER_NETWORK: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "afs", "lustre", "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs"}
)  # fmt: skip
_IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})


@dataclass(frozen=True)
class Swap:
    """A place to which memory is written out.

    Args:
        name: As /proc/swaps names it.
        encrypted: Whether it can be told to lie on an encrypted volume, or in memory.
    """

    name: str
    encrypted: bool


@dataclass(frozen=True)
class TorProgram:
    """The system's tor.

    Args:
        path: Of the program.
        version: As it says.
        proves: Whether it can ask visitors for proof of work.
    """

    path: str
    version: str
    proves: bool


@dataclass(frozen=True)
class Host:
    """What was seen; None stands for what cannot be told here.

    Args:
        listen: Where the relay is to listen.
        folder: Mode of the relay's folder; None too where there is none yet.
        files: Modes of what lies in it, by name.
        file_system: Of the folder, as Linux names it.
        free: Bytes left on the folder's disk.
        core_limit: Most bytes of a core dump of a relay.
        dumpable: Whether the system may dump a relay's memory at all.
        core_pattern: Where core dumps go.
        swaps: All that are on.
        synchronised: Whether the clock is set by others.
        listening: Addresses at which something listens on the relay's port now.
        tor: The program; None if it is not there.
    """

    listen: tuple[str, int]
    folder: int | None = None
    files: dict[str, int] = field(default_factory=dict)
    file_system: str | None = None
    free: int = 0
    core_limit: int | None = None
    dumpable: bool | None = None
    core_pattern: str | None = None
    swaps: tuple[Swap, ...] | None = None
    synchronised: bool | None = None
    listening: tuple[str, ...] | None = None
    tor: TorProgram | None = None


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Args:
        about: Which; a word that stays the same.
        state: `right`, `mend`, or `look`: it cannot be told from here.
        sentence: What is so, marked, with places for `values`.
        hint: What to do; nothing where nothing is to be done.
        values: What fills the places.
    """

    about: str
    state: Literal["right", "mend", "look"]
    sentence: str
    hint: str = ""
    values: dict[str, object] = field(default_factory=dict)


def judge(host: Host) -> tuple[Finding, ...]:
    """Return what is to be said of a host, always in the same order."""
    return (
        _folder(host),
        *_files(host),
        _disk(host),
        _room(host),
        _dumps(host),
        _swap(host),
        _clock(host),
        _listening(host),
        _tor(host),
        Finding("front", "look", mark("Whether a server in front of the relay keeps logs cannot be seen from here."),
            mark("Turn off its log of visits and of errors, and its provider's. A relay that only tor reaches needs no server in front.")),
    )  # fmt: skip


def _folder(host: Host) -> Finding:
    if host.folder is None:
        return Finding("folder", "look", mark("Who can read the relay's folder cannot be told: there is none yet, or this system has no such rights."),
            mark("Start the relay once, then look again."))  # fmt: skip
    if host.folder & _OTHERS:
        return Finding("folder", "mend", mark("Others on this computer can reach into the relay's folder (mode {mode:o})."),
            mark("Take it from them: chmod 700 and the folder's name."), {"mode": host.folder})  # fmt: skip
    return Finding("folder", "right", mark("Only its owner reaches into the relay's folder."))


def _files(host: Host) -> Iterator[Finding]:
    if not host.files:
        return
    open_ones = sorted(name for name, mode in host.files.items() if mode & _OTHERS)
    if open_ones:
        yield Finding("files", "mend", mark("Others on this computer may read files of the relay: {names}."),
            mark("Take them from them: chmod 600 and the names."), {"names": ", ".join(open_ones)})  # fmt: skip
    else:
        yield Finding("files", "right", mark("Only their owner may read the relay's key and database."))


def _disk(host: Host) -> Finding:
    kind = host.file_system
    values: dict[str, object] = {"kind": kind}
    if kind is None:
        return Finding("disk", "look", mark("On what kind of file system the folder lies cannot be told here."),
            mark("Choose a disk of this computer, not one over the network; an encrypted one."))  # fmt: skip
    if kind in _OVER_NETWORK:
        return Finding("disk", "mend", mark("The folder lies on a file system over the network ({kind}): the database can be damaged there, and others keep its bytes."),
            mark("Choose a folder on a disk of this computer."), values)  # fmt: skip
    if kind in _IN_MEMORY:
        return Finding("disk", "mend", mark("The folder lies in memory ({kind}): all is lost at a restart, the relay's key too."),
            mark("Choose a folder on a disk, an encrypted one."), values)  # fmt: skip
    if kind.startswith("fuse"):
        return Finding("disk", "look", mark("The folder lies on {kind}; whether that is a disk of this computer cannot be told."),
            mark("Choose a disk of this computer, not one over the network; an encrypted one."), values)  # fmt: skip
    return Finding("disk", "right", mark("The folder lies on {kind}. Whether the disk is encrypted cannot be told from here."), "", values)  # fmt: skip


def _room(host: Host) -> Finding:
    values: dict[str, object] = {"free": _gibibytes(host.free), "full": _gibibytes(_FULL_INBOX)}
    if host.free < LEAST_FREE:
        return Finding("room", "mend", mark("Only {free} GiB are free for the relay; when the disk is full, messages are refused."),
            mark("Make room: one desk's inbox can fill {full} GiB."), values)  # fmt: skip
    return Finding("room", "right", mark("{free} GiB are free. One desk's inbox can fill {full} GiB."), "", values)  # fmt: skip


def _dumps(host: Host) -> Finding:
    if host.core_limit is None:
        return Finding("dumps", "look", mark("Whether the system keeps the memory of a program that crashed cannot be told here."),
            mark("Turn off crash reports of this system."))  # fmt: skip
    if host.dumpable is False:
        return Finding("dumps", "right", mark("The relay forbids the system to write its memory to disk when it crashes."))  # fmt: skip
    if (host.core_pattern or "").startswith("|"):
        return Finding("dumps", "mend", mark("When a program crashes, its memory goes to another program: {pattern}. That one needs not heed the relay's limit."),
            mark("Turn it off: sysctl -w kernel.core_pattern=core, and in /etc/sysctl.d for the next start."), {"pattern": host.core_pattern})  # fmt: skip
    if host.core_limit:
        return Finding("dumps", "mend", mark("When the relay crashes, its memory may be written to disk."),
            mark("Set the limit of core dumps to nothing: ulimit -c 0, or LimitCORE=0."))  # fmt: skip
    return Finding("dumps", "right", mark("The relay's core dumps are off."))


def _swap(host: Host) -> Finding:
    if host.swaps is None:
        return Finding("swap", "look", mark("Whether memory is written out to a swap cannot be told here."),
            mark("Turn swap off, or see to it that it is encrypted."))  # fmt: skip
    bare = [swap.name for swap in host.swaps if not swap.encrypted]
    if bare:
        return Finding("swap", "mend", mark("Swap is on: {names}. That it is encrypted cannot be seen; memory may be written to disk in clear."),
            mark("Turn it off (swapoff -a, and its line in /etc/fstab), or encrypt it with a key drawn at each start."), {"names": ", ".join(bare)})  # fmt: skip
    if host.swaps:
        names = ", ".join(swap.name for swap in host.swaps)
        return Finding("swap", "right", mark("Swap is on, and encrypted or in memory: {names}."), "", {"names": names})  # fmt: skip
    return Finding("swap", "right", mark("No swap is on."))


def _clock(host: Host) -> Finding:
    if host.synchronised is None:
        return Finding("clock", "look", mark("Whether the clock is kept right cannot be told here."),
            mark("Let the system set it: by its day things are removed, by its minutes puzzles end."))  # fmt: skip
    if not host.synchronised:
        return Finding("clock", "mend", mark("Nobody says that the clock is right: the system does not count it as synchronised."),
            mark("Install chrony or systemd-timesyncd: by its day things are removed, by its minutes puzzles end."))  # fmt: skip
    return Finding("clock", "right", mark("The clock is kept right."))


def _listening(host: Host) -> Finding:
    address, port = host.listen
    values: dict[str, object] = {"port": port}
    # Where nothing runs now, it is judged by where it is to listen.
    places = host.listening or (address,)
    bare = sorted(place for place in places if not is_loopback(place))
    if bare:
        return Finding("listening", "mend", mark("Port {port} is open to other computers, at {places}: whoever connects shows his address."),
            mark("Listen on 127.0.0.1, and let tor or a server that ends TLS bring visitors there."), values | {"places": ", ".join(bare)})  # fmt: skip
    if host.listening is None:
        return Finding("listening", "look", mark("What listens on port {port} now cannot be told here; asked for is this computer alone."),
            mark("Leave --listen at 127.0.0.1."), values)  # fmt: skip
    if not host.listening:
        return Finding("listening", "right", mark("Nothing listens on port {port} now; asked for is this computer alone."), "", values)  # fmt: skip
    return Finding("listening", "right", mark("Port {port} is open to this computer alone."), "", values)


def _tor(host: Host) -> Finding:
    if host.tor is None:
        return Finding("tor", "mend", mark("There is no tor on this computer: without it, visitors come with their addresses."),
            mark("Install the system's tor, then start the relay with --onion. If tor runs elsewhere, mind the way between."))  # fmt: skip
    values: dict[str, object] = {"version": host.tor.version}
    if not host.tor.proves:
        return Finding("tor", "mend", mark("tor {version} asks nobody for proof of work: a flood can shut everybody out."),
            mark("Install tor 0.4.8 or later, built with its module pow: the Tor Project's own packages have it."), values)  # fmt: skip
    return Finding("tor", "right", mark("tor {version} is here and can ask for proof of work."), "", values)


def is_loopback(address: str) -> bool:
    """Say whether only this computer can connect to an address or a name."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _gibibytes(size: int) -> str:
    return f"{size / (1 << 30):.1f}"
