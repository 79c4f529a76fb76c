"""Merkle trees and their proofs (RFC 9162 §2.1): what was appended stays as it was, or everybody can see that it did not."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from holdfire.errors import TamperError
from holdfire.language import mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    #: Gives the hash over the leaves from one number to another.
    Hashed = Callable[[int, int], bytes]

HASH_SIZE: Final = 32
#: The root of a tree without leaves.
EMPTY: Final = sha256().digest()


class ProofError(TamperError):
    """A proof does not prove what it came with."""

    hint = mark("Do not rely on this. Ask again for what it came with.")

    def __init__(self) -> None:
        super().__init__(mark("A proof is wrong: what it came with cannot be relied on."))


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf; it can never be the hash of a node, which begins otherwise."""
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node over two others."""
    return sha256(b"\1" + left + right).digest()


class Tree:
    """A tree that grows by appending and proves what it holds and what it held.

    Kept are the hashes of all complete subtrees, by height: twice as many as leaves.
    """

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        # Level by level, not leaf by leaf: a long log is opened in half of the time.
        hashes = [sha256(b"\0" + leaf).digest() for leaf in leaves]
        self._levels = [hashes]
        while len(hashes) > 1:
            hashes = [
                sha256(b"\1" + left + right).digest()
                for left, right in zip(hashes[::2], hashes[1::2], strict=False)
            ]
            self._levels.append(hashes)

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self._levels[0])

    def append(self, data: bytes) -> int:
        """Append a leaf and return its number, from 0."""
        levels = self._levels
        hashed = sha256(b"\0" + data).digest()
        leaves = levels[0]
        number = len(leaves)
        leaves.append(hashed)
        height, place = 0, number
        while place & 1:
            hashed = sha256(b"\1" + levels[height][place - 1] + hashed).digest()
            height, place = height + 1, place >> 1
            if height == len(levels):
                levels.append([])
            levels[height].append(hashed)
        return number

    def root(self, size: int | None = None) -> bytes:
        """Return the root over the first `size` leaves, or over all.

        Raises:
            ValueError: There are fewer.
        """
        return self._hash(0, self._bounded(size))

    def inclusion(self, number: int, size: int | None = None) -> tuple[bytes, ...]:
        """Return the proof that leaf `number` stands in the tree of the first `size` leaves (§2.1.3.1).

        Raises:
            ValueError: There is no such leaf or size.
        """
        return inclusion_proof(number, self._bounded(size), self._hash)

    def consistency(self, old: int, size: int | None = None) -> tuple[bytes, ...]:
        """Return the proof that the first `old` of `size` leaves are what they were (§2.1.4.1); empty for all of them.

        Raises:
            ValueError: There are no such sizes.
        """
        return consistency_proof(old, self._bounded(size), self._hash)

    def _bounded(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise ValueError("there is no such size")
        return size

    def _hash(self, start: int, end: int) -> bytes:
        """Return the hash over leaves `start` to `end`, a range that the tree's own splits give."""
        count = end - start
        if not count:
            return EMPTY
        if not count & (count - 1):
            height = count.bit_length() - 1
            return self._levels[height][start >> height]
        middle = start + split(count)
        return node_hash(self._hash(start, middle), self._hash(middle, end))


def inclusion_proof(number: int, size: int, hashed: Hashed) -> tuple[bytes, ...]:
    """Return the proof that leaf `number` stands in the tree of `size` leaves (§2.1.3.1).

    Args:
        number: From 0.
        size: Of the tree.
        hashed: Gives the hash over the leaves from one number to another, a range that the tree's own splits give.

    Raises:
        ValueError: There is no such leaf.
    """
    start, end = 0, size
    if not 0 <= number < end:
        raise ValueError("there is no such leaf")
    proof = []
    while end - start > 1:
        middle = start + split(end - start)
        if number < middle:
            proof.append(hashed(middle, end))
            end = middle
        else:
            proof.append(hashed(start, middle))
            start = middle
    return tuple(reversed(proof))


def consistency_proof(old: int, size: int, hashed: Hashed) -> tuple[bytes, ...]:
    """Return the proof that the first `old` of `size` leaves are what they were (§2.1.4.1); empty for all of them.

    Raises:
        ValueError: There are no such sizes.
    """
    start, end = 0, size
    if not 0 < old <= end:
        raise ValueError("there is no such size")
    proof = []
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            proof.append(hashed(middle, end))
            end = middle
        else:
            proof.append(hashed(start, middle))
            start = middle
    # The old tree as a whole needs no hash: the verifier has its root.
    return tuple(reversed([*proof, hashed(start, end)] if start else proof))


def verify_inclusion(leaf: bytes, number: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Return if `proof` shows that the hash `leaf` is leaf `number` of the tree with `size` leaves and `root` (§2.1.3.2).

    Raises:
        ProofError: It does not.
    """
    if not 0 <= number < size or any(len(one) != HASH_SIZE for one in (leaf, root, *proof)):
        raise ProofError
    hashed = leaf
    for step, on_the_left in _way_up(number, size - 1, proof):
        hashed = node_hash(step, hashed) if on_the_left else node_hash(hashed, step)
    if hashed != root:
        raise ProofError


def verify_consistency(old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> None:
    """Return if `proof` shows that the tree of `old` leaves is the beginning of the one of `size` leaves (§2.1.4.2).

    Raises:
        ProofError: It does not.
    """
    if not 0 < old <= size:
        raise ProofError
    if old == size:
        if proof or old_root != root:
            raise ProofError
        return
    # A complete old tree is a node of the new one, so its root is where the way begins.
    steps = [old_root, *proof] if not old & (old - 1) else list(proof)
    if not steps or any(len(one) != HASH_SIZE for one in (old_root, root, *proof)):
        raise ProofError
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = steps[0]
    for step, on_the_left in _way_up(place, last, steps[1:]):
        if on_the_left:
            first, second = node_hash(step, first), node_hash(step, second)
        else:
            second = node_hash(second, step)
    if first != old_root or second != root:
        raise ProofError


def _way_up(place: int, last: int, steps: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each hash of a proof, and whether it stands on the left, from node `place` of `last` + 1 up to the root.

    Raises:
        ProofError: There are more or fewer steps than the way has.
    """
    for step in steps:
        if not last:
            raise ProofError
        on_the_left = bool(place & 1) or place == last
        yield step, on_the_left
        while on_the_left and place and not place & 1:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    if last:
        raise ProofError


def split(count: int) -> int:
    """Return the largest power of two smaller than `count`."""
    return 1 << (count - 1).bit_length() - 1
