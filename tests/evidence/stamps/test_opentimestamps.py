"""OpenTimestamps proofs: the public examples are judged rightly, ours are read by nobody else's rules, hostile ones end soon."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.evidence.stamps import opentimestamps
from holdfire.evidence.stamps.opentimestamps import MAGIC, MOST_DEPTH, MOST_PROOF
from holdfire.evidence.stamps.refusals import OtherHashError, ProofError
from simulators.authority import Calendar, number

VECTORS = Path(__file__).parents[2] / "vectors/opentimestamps"
DIGEST = bytes(range(32))
HEAD = MAGIC + b"\x01\x08" + DIGEST
CALENDAR = Calendar("https://calendar.example")
PENDING = b"\x00" + bytes.fromhex("83dfe30d2ef90c8e")

#: What each example leads to: kinds of attestations in order, and the block with its Merkle root, as explorers show it.
LEADS = {
    "a-or-b.ots": ("pending bitcoin pending pending", 466906, "40c9303a5cb0a8c4"),
    "bad-stamp.txt.ots": ("bitcoin", 358391, "1bb49db877821708"),
    "bitcoin.pdf.ots": ("bitcoin", 465751, "98989f8d2e522d52"),
    "different-blockchains.txt.ots": ("pending ethereum pending bitcoin", 455605, "2a19192cf00fb1ba"),
    "empty.ots": ("bitcoin", 129405, "db29fdc2c27a1531"),
    "gdp2q25-2nd.pdf.ots": ("bitcoin", 912095, "936131994129988e"),
    "hello-world.txt.ots": ("bitcoin", 358391, "8a1b66ecb7cbd07d"),
    "incomplete.txt.ots": ("pending", 0, ""),
    "known-and-unknown-notary.txt.ots": ("pending unknown", 0, ""),
    "merkle1.txt.ots": ("pending pending", 0, ""),
    "merkle2.txt.ots": ("pending pending", 0, ""),
    "merkle3.txt.ots": ("pending pending", 0, ""),
    "two-calendars.txt.ots": ("pending pending", 0, ""),
    "unknown-notary.txt.ots": ("unknown", 0, ""),
}
REFUSED = ("bad-major-version.ots", "exceeds-max-msg-length.ots", "invalid-file-digest-type.ots")


class TestVectors:
    def test_all_are_here(self) -> None:
        assert {one.name for one in VECTORS.glob("*.ots")} == {*LEADS, *REFUSED}

    @pytest.mark.parametrize("file", LEADS)
    def test_fourteen_are_read_and_lead_where_they_should(self, file: str) -> None:
        kinds, height, root = LEADS[file]
        proof = opentimestamps.read((VECTORS / file).read_bytes())
        assert " ".join(one.kind for one in proof.attestations) == kinds
        assert [(one.height, one.merkle_root[:16]) for one in proof.blocks] == (
            [(height, root)] if height else []
        )
        about = VECTORS / file.removesuffix(".ots")
        if about.exists():
            assert hashlib.new(proof.hash_name, about.read_bytes()).digest() == proof.digest

    @pytest.mark.parametrize("file", REFUSED)
    def test_three_are_refused(self, file: str) -> None:
        with pytest.raises(ProofError):
            opentimestamps.read((VECTORS / file).read_bytes())

    def test_a_block_that_does_not_fit_is_shown_not_believed(self) -> None:
        """`bad-stamp` names the block of `hello-world` with a root that this block does not have: only the chain tells."""
        bad, good = (
            opentimestamps.read((VECTORS / one).read_bytes())
            for one in ("bad-stamp.txt.ots", "hello-world.txt.ots")
        )
        assert bad.blocks[0].height == good.blocks[0].height
        assert bad.blocks[0].merkle_root != good.blocks[0].merkle_root

    def test_empty_is_about_nothing(self) -> None:
        assert opentimestamps.read((VECTORS / "empty.ots").read_bytes(), hashlib.sha256(b"").digest()).blocks
        with pytest.raises(OtherHashError):
            opentimestamps.read((VECTORS / "empty.ots").read_bytes(), DIGEST)


class TestMaking:
    def test_a_promise_and_then_a_block(self) -> None:
        proof = opentimestamps.make(DIGEST, CALENDAR.promise(DIGEST))
        assert [one.address for one in proof.pending] == ["https://calendar.example"]
        assert not proof.blocks
        asked = proof.pending[0].message
        assert asked == b"xy" + hashlib.sha256(DIGEST + b"abcd").digest()
        CALENDAR.ready = True
        kept = CALENDAR.kept(asked)
        assert kept is not None
        grown = opentimestamps.grow(proof, proof.pending[0], kept)
        assert [one.height for one in grown.blocks] == [Calendar.HEIGHT]
        root = hashlib.sha256(hashlib.sha256(asked).digest()).digest()
        assert grown.blocks[0].merkle_root == root[::-1].hex()
        assert grown.digest == DIGEST
        assert len(grown.pending) == 1  # the promise stays beside what became of it

    def test_a_promise_with_another_branch_after_it_grows_too(self) -> None:
        both = opentimestamps.read((VECTORS / "two-calendars.txt.ots").read_bytes())
        answer = (
            b"\xff\x08\x00"
            + bytes.fromhex("0588960d73d71901")
            + b"\x01\x05\x08\x08\x00"
            + bytes.fromhex("0588960d73d71901")
            + b"\x01\x07"
        )
        for place in range(2):
            grown = opentimestamps.grow(both, both.pending[place], answer)
            assert sorted(one.height for one in grown.blocks) == [5, 7]
            assert len(grown.pending) == 2

    def test_an_answer_that_promises_nothing_is_refused(self) -> None:
        for answer in (b"", b"\x08", b"\x00" + bytes(8) + b"\x00", CALENDAR.promise(DIGEST) + b"x"):
            with pytest.raises(ProofError):
                opentimestamps.make(DIGEST, answer)

    def test_only_a_promise_of_this_proof_can_grow(self) -> None:
        one = opentimestamps.make(DIGEST, CALENDAR.promise(DIGEST))
        other = opentimestamps.make(bytes(32), CALENDAR.promise(bytes(32)))
        with pytest.raises(ValueError, match="promise"):
            opentimestamps.grow(one, other.pending[0], b"")


class TestHostile:
    def test_deep_is_refused_at_its_depth(self) -> None:
        end = PENDING + b"\x02\x01a"
        assert opentimestamps.read(HEAD + b"\x08" * MOST_DEPTH + end).pending
        with pytest.raises(ProofError):
            opentimestamps.read(HEAD + b"\x08" * (MOST_DEPTH + 1) + end)

    def test_wide_is_read_up_to_the_bound(self) -> None:
        branch = b"\xff" + PENDING + b"\x02\x01a"
        many = (MOST_PROOF - len(HEAD)) // len(branch)
        assert len(opentimestamps.read(HEAD + branch * (many - 1) + branch[1:]).pending) == many
        with pytest.raises(ProofError):
            opentimestamps.read(HEAD + branch * many + branch[1:] + bytes(MOST_PROOF))

    def test_forks_that_never_end(self) -> None:
        with pytest.raises(ProofError):
            opentimestamps.read(HEAD + b"\xff" * 60_000)

    def test_a_message_that_doubles_without_end(self) -> None:
        with pytest.raises(ProofError):
            opentimestamps.read(HEAD + b"\xf3" * 200 + PENDING + b"\x02\x01a")

    @pytest.mark.parametrize("address", [b"https://a b", b"a\n", b"<x>", "ä".encode(), b"a" * 1_001])
    def test_an_address_with_other_signs_is_refused(self, address: bytes) -> None:
        payload = number(len(address)) + address
        with pytest.raises(ProofError):
            opentimestamps.read(HEAD + PENDING + number(len(payload)) + payload)

    def test_a_branch_through_keccak_is_read_and_not_walked(self) -> None:
        proof = opentimestamps.read(HEAD + b"\x67\x00" + bytes.fromhex("0588960d73d71901") + b"\x01\x05")
        assert [(one.kind, one.message, one.merkle_root) for one in proof.attestations] == [
            ("bitcoin", None, "")
        ]
        assert proof.blocks == ()

    @given(st.data())
    def test_any_changed_byte_is_refused_or_leads_elsewhere_or_names_another_calendar(
        self, data: st.DataObject
    ) -> None:
        whole = (VECTORS / "hello-world.txt.ots").read_bytes()
        place, value = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(1, 255))
        changed = whole[:place] + bytes([whole[place] ^ value]) + whole[place + 1 :]
        right = opentimestamps.read(whole)
        try:
            found = opentimestamps.read(changed, right.digest)
        except (ProofError, OtherHashError):
            return
        assert [(one.height, one.merkle_root) for one in found.blocks] != [
            (one.height, one.merkle_root) for one in right.blocks
        ]

    @given(st.binary(max_size=300))
    def test_noise_is_refused(self, noise: bytes) -> None:
        with pytest.raises(ProofError):
            opentimestamps.read(noise)
        try:
            opentimestamps.read(HEAD + noise)
        except ProofError:
            return
