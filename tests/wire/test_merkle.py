"""A tree proves what it holds and what it held, and nothing else proves anything."""

from __future__ import annotations

import json
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.wire.merkle import EMPTY, ProofError, Tree, leaf_hash, verify_consistency, verify_inclusion

VECTORS: dict[str, dict[str, dict[str, Any]]] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "merkle.json").read_text("ascii")
)


def decoded(text: str | None) -> bytes:
    return b64decode(text or "")


def root_by_definition(leaves: list[bytes]) -> bytes:
    """RFC 9162 §2.1.1, word for word."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\1" + root_by_definition(leaves[:k]) + root_by_definition(leaves[k:])).digest()


def leaves(count: int) -> list[bytes]:
    return [str(number).encode() for number in range(count)]


def test_all_public_proofs_are_here() -> None:
    assert {kind: len(cases) for kind, cases in VECTORS.items()} == {"inclusion": 98, "consistency": 98}


@pytest.mark.parametrize("name", VECTORS["inclusion"])
def test_public_inclusion_proofs(name: str) -> None:
    one = VECTORS["inclusion"][name]
    proof = [decoded(step) for step in one["proof"] or ()]
    given = decoded(one["leafHash"]), one["leafIdx"], one["treeSize"], proof, decoded(one["root"])
    if one["wantErr"]:
        with pytest.raises(ProofError):
            verify_inclusion(*given)
    else:
        verify_inclusion(*given)


@pytest.mark.parametrize("name", VECTORS["consistency"])
def test_public_consistency_proofs(name: str) -> None:
    one = VECTORS["consistency"][name]
    proof = [decoded(step) for step in one["proof"] or ()]
    given = one["size1"], one["size2"], decoded(one["root1"]), decoded(one["root2"]), proof
    if one["wantErr"]:
        with pytest.raises(ProofError):
            verify_consistency(*given)
    else:
        verify_consistency(*given)


@pytest.mark.parametrize("size", [*range(70), 127, 128, 129, 1_000])
def test_the_root_is_the_one_of_the_definition(size: int) -> None:
    tree = Tree(leaves(size))
    assert (tree.size, tree.root()) == (size, root_by_definition(leaves(size)))
    larger = Tree(leaves(1_100))
    assert larger.root(size) == tree.root()


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 31, 33])
def test_every_leaf_and_every_past_is_proved(size: int) -> None:
    tree = Tree(leaves(40))
    root = tree.root(size)
    for number in range(size):
        proof = tree.inclusion(number, size)
        verify_inclusion(leaf_hash(str(number).encode()), number, size, proof, root)
        for other in range(size):
            if other != number:
                with pytest.raises(ProofError):
                    verify_inclusion(leaf_hash(str(other).encode()), number, size, proof, root)
    for old in range(1, size + 1):
        verify_consistency(old, size, tree.root(old), root, tree.consistency(old, size))


@given(st.integers(1, 300), st.data())
def test_a_changed_proof_proves_nothing(size: int, data: st.DataObject) -> None:
    tree = Tree(leaves(size))
    number, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    leaf, root = leaf_hash(str(number).encode()), tree.root()

    def changed(proof: tuple[bytes, ...]) -> list[bytes]:
        steps = list(proof)
        place = data.draw(st.integers(0, len(steps)))
        kind = data.draw(st.sampled_from(["add", "drop", "flip", "cut"]))
        if kind == "add" or place == len(steps):
            steps.insert(place, data.draw(st.binary(min_size=32, max_size=32)))
        elif kind == "drop":
            del steps[place]
        elif kind == "cut":
            steps[place] = steps[place][:-1]
        else:
            steps[place] = bytes([steps[place][0] ^ 1]) + steps[place][1:]
        return steps

    with pytest.raises(ProofError):
        verify_inclusion(leaf, number, size, changed(tree.inclusion(number)), root)
    with pytest.raises(ProofError):
        verify_consistency(old, size, tree.root(old), root, changed(tree.consistency(old)))


@given(st.integers(2, 200), st.data())
def test_another_past_is_never_proved(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size - 1))
    place = data.draw(st.integers(0, old - 1))
    tree, other = Tree(leaves(size)), leaves(old)
    other[place] += b"!"
    with pytest.raises(ProofError):
        verify_consistency(old, size, Tree(other).root(), tree.root(), tree.consistency(old))


def test_what_is_not_there_is_not_proved() -> None:
    tree = Tree(leaves(5))
    for number, size in ((5, 5), (-1, 5), (0, 0), (3, 3), (0, 6)):
        with pytest.raises(ValueError, match="no such"):
            tree.inclusion(number, size)
    for old, size in ((6, 5), (-1, 5), (0, 5), (1, 6)):
        with pytest.raises(ValueError, match="no such"):
            tree.consistency(old, size)
    with pytest.raises(ValueError, match="no such"):
        tree.root(6)
    assert Tree().root() == EMPTY


def test_a_node_is_never_a_leaf() -> None:
    """Without the two prefixes, the hash of a node could be shown as a leaf (second preimage)."""
    one, other = (sha256(b"\0" + text).digest() for text in (b"a", b"b"))
    assert Tree([one + other]).root() != Tree([b"a", b"b"]).root()


@pytest.mark.parametrize("size", [*range(18), 100, 1_023, 1_024, 1_025])
def test_leaf_by_leaf_and_all_at_once_give_the_same_tree(size: int) -> None:
    grown = Tree()
    for leaf in leaves(size):
        grown.append(leaf)
    at_once = Tree(leaves(size))
    assert [at_once.root(first) for first in range(size + 1)] == [
        grown.root(first) for first in range(size + 1)
    ]
    assert (at_once.append(b"next"), at_once.root()) == (grown.append(b"next"), grown.root())
