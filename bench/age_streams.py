"""What `bench.age` runs as a process of its own: standard input sealed or opened to standard output, by us or by pyrage.

Nothing else is imported, so that the start that is measured is the start that is needed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import FileIO

OURS = "holdfire"
STEP = 1 << 18


def pieces(source: FileIO) -> Iterator[memoryview]:
    """Yield what `source` holds through one buffer that is used again and again."""
    buffer = bytearray(STEP)
    view = memoryview(buffer)
    while size := source.readinto(buffer):
        yield view[:size]


def ours(verb: str, key: str, source: FileIO, sink: FileIO) -> None:
    """Seal or open with Holdfire; say on standard error how much memory it took at most, in KiB."""
    from holdfire.sealing.age.file import seal, unseal  # noqa: PLC0415 — see above
    from holdfire.sealing.age.keys import identity, recipient  # noqa: PLC0415

    read = pieces(source)
    made = seal(read, [recipient(key)]) if verb == "seal" else unseal(read, [identity(key)])
    write = sink.write
    for piece in made:
        write(piece)
    with FileIO("/proc/self/status") as status:
        lines = status.readall().splitlines()
    sys.stderr.buffer.write(next(line.split()[1] for line in lines if line.startswith(b"VmHWM")))


def theirs(verb: str, key: str, source: FileIO, sink: FileIO) -> None:
    """Seal or open with pyrage."""
    import pyrage  # noqa: PLC0415 — see above

    if verb == "seal":
        pyrage.encrypt_io(source, sink, [pyrage.x25519.Recipient.from_str(key)])
    else:
        pyrage.decrypt_io(source, sink, [pyrage.x25519.Identity.from_str(key)])


if __name__ == "__main__":
    work = ours if sys.argv[2] == OURS else theirs
    work(sys.argv[1], sys.argv[3], FileIO(0, "r"), FileIO(1, "w"))
