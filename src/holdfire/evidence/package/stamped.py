"""The stamps of a package: whether each speaks of a head that the custody log goes on from, and what it then shows.

The roots they are judged by came with the package: whoever sent it chose them. So a right stamp shows what an authority said
that the reader may not know; the sentence says so, and VERIFY.txt says how to judge it by a root from elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from holdfire.evidence.stamps import opentimestamps, rfc3161, statement
from holdfire.evidence.stamps.refusals import OtherHashError, UnreadableError
from holdfire.evidence.stamps.stamp import Stamp, files
from holdfire.language import mark
from holdfire.sealing import certificate


@dataclass(frozen=True)
class Stamped:
    """What one stamp shows, in a marked sentence with places for `values`."""

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.sentence.format(**self.values)


def stamp_files(stamps: Collection[Stamp]) -> dict[str, bytes]:
    """Return the files of answered stamps, each name beginning with the stamp's number among them."""
    return {
        f"{number}.{name}": content
        for number, one in enumerate(stamps, 1)
        for name, content in files(one).items()
    }


def told(stamp: Stamp) -> Stamped:
    """Return what an answered stamp shows.

    Raises:
        StampError: It shows nothing.
    """
    return _told(files(stamp))


def judge(untrusted: Mapping[str, bytes], heads: Collection[bytes]) -> tuple[Stamped, ...]:
    """Return what the stamps of an item show.

    Args:
        untrusted: Their files, as `stamp_files` names them.
        heads: The texts of the heads that the item's extract proves.

    Raises:
        StampError: One of them shows nothing, or speaks of another log.
    """
    groups: dict[str, dict[str, bytes]] = {}
    for name, content in untrusted.items():
        number, _, kind = name.partition(".")
        groups.setdefault(number, {})[kind] = content
    found = []
    for _, group in sorted(groups.items()):
        if group.get("head.json") not in heads:
            raise OtherHashError
        found.append(_told(group))
    return tuple(found)


def _told(group: Mapping[str, bytes]) -> Stamped:
    said, head = group.get("statement.json", b""), group.get("head.json", b"")
    if not statement.speaks_of(said, head):
        raise OtherHashError
    digest = statement.Statement(said).digest
    if "statement.json.ots" in group:
        proof = opentimestamps.read(group["statement.json.ots"], digest)
        if not proof.blocks:
            return Stamped(mark("A calendar promised a place in Bitcoin's chain. That proves nothing yet."))
        first = proof.blocks[0]
        return Stamped(
            mark(
                "The Merkle root of Bitcoin's block {height} must be {root}. Somebody who has the chain must compare; it was not done here."
            ),
            {"height": first.height, "root": first.merkle_root},
        )
    try:
        roots = certificate.read_file(group.get("roots.pem", b""))
    except ValueError:
        raise UnreadableError from None
    proven = rfc3161.judge(group.get("stamp.tsr", b""), digest, roots)
    return Stamped(
        mark(
            "This stood at the latest on {time} UTC, as {authority} says. The sender chose whom to believe; get the authority's root yourself."
        ),
        {"time": f"{proven.time:%Y-%m-%d %H:%M:%S}", "authority": proven.authority},
    )
