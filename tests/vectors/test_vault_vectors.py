"""The vectors of the vault's format: written again without a difference, and consumed by two readers."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any, Protocol

import pytest

from holdfire.errors import TamperError
from holdfire.sealing.page import ChunkSealer, Sealer
from holdfire.sealing.passphrase import Key, Profile, derive_key, derive_master
from holdfire.vault import container, layout
from holdfire.vault.container import Compartment
from holdfire.vault.journal import JournalArea
from holdfire.vault.pages import PageArea
from holdfire.vault.refusals import NewerError
from simulators.disk import Disk
from vault import independent_reader as reader
from vectors.generate import VAULT, filling, text, vault_vectors

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(VAULT.read_text("ascii"))
ZEROS = bytes(64 << 20)


class Reader(Protocol):
    """What a consumer of the vectors can do; raises its own errors."""

    damaged: type[Exception]
    newer: type[Exception]

    def master(self, case: dict[str, Any]) -> bytes: ...
    def key(self, case: dict[str, Any]) -> bytes: ...
    def slot(self, case: dict[str, Any], sealed: bytes) -> bytes: ...
    def page(self, case: dict[str, Any], sealed: bytes) -> bytes: ...
    def block(self, case: dict[str, Any], sealed: bytes) -> bytes: ...
    def chunk(self, case: dict[str, Any], sealed: bytes) -> bytes: ...


class Program:
    """Holdfire's own code, as unlocking and SQLite use it."""

    damaged, newer = TamperError, NewerError

    def master(self, case: dict[str, Any]) -> bytes:
        profile = Profile(case["memory_kib"], case["passes"], case["lanes"])
        return derive_master(case["passphrase"], bytes.fromhex(case["salt"]), profile)

    def key(self, case: dict[str, Any]) -> bytes:
        return derive_key(Key(bytes.fromhex(case["parent"])), f"holdfire vault 1 {case['label']}")

    def slot(self, case: dict[str, Any], sealed: bytes) -> bytes:
        associated = container._associated(case["slot"], case["copy"].encode())
        plaintext = Sealer(Key(bytes.fromhex(case["slot_key"]))).open(sealed, associated)
        return container._parse(plaintext, case["file_size"])

    def page(self, case: dict[str, Any], sealed: bytes) -> bytes:
        compartment = self._compartment(case)
        compartment.disk.write(compartment.region.start + case["index"] * layout.PAGE_SIZE, sealed)
        return PageArea(compartment).read(case["index"])

    def block(self, case: dict[str, Any], sealed: bytes) -> bytes:
        compartment = self._compartment(case)
        compartment.disk.write(compartment.region.journal + case["index"] * layout.STRIDE, sealed)
        return JournalArea(compartment).open_block(case["index"])

    def chunk(self, case: dict[str, Any], sealed: bytes) -> bytes:
        sealer = ChunkSealer(Key(bytes.fromhex(case["item_key"])), bytes.fromhex(case["item"]))
        return sealer.open(case["number"], sealed, last=case["last"])

    def _compartment(self, case: dict[str, Any]) -> Compartment:
        key = Key(bytes.fromhex(case["region_key"]))
        return Compartment(Disk(ZEROS), 2, layout.region(2, len(ZEROS)), key, key)


class Independent:
    """The reader written from the specification alone."""

    damaged, newer = reader.DamagedError, reader.NewerError

    def master(self, case: dict[str, Any]) -> bytes:
        work = reader.Work(case["memory_kib"], case["passes"], case["lanes"])
        return reader.master_key(case["passphrase"], bytes.fromhex(case["salt"]), work)

    def key(self, case: dict[str, Any]) -> bytes:
        return reader.derived_key(bytes.fromhex(case["parent"]), case["label"])

    def slot(self, case: dict[str, Any], sealed: bytes) -> bytes:
        key = bytes.fromhex(case["slot_key"])
        return reader.read_slot(reader.open_slot(key, sealed, case["slot"], case["copy"]), case["file_size"])

    def page(self, case: dict[str, Any], sealed: bytes) -> bytes:
        key = reader.derived_key(bytes.fromhex(case["region_key"]), "db")
        return reader.open_page(key, sealed, case["index"])[:-28]

    def block(self, case: dict[str, Any], sealed: bytes) -> bytes:
        key = reader.derived_key(bytes.fromhex(case["region_key"]), "journal")
        return reader.open_block(key, sealed, case["index"])

    def chunk(self, case: dict[str, Any], sealed: bytes) -> bytes:
        key, item = bytes.fromhex(case["item_key"]), bytes.fromhex(case["item"])
        return reader.open_chunk(key, sealed, item, case["number"], last=case["last"])


@pytest.fixture(params=[Program(), Independent()], ids=["program", "independent reader"])
def consumer(request: pytest.FixtureRequest) -> Reader:
    chosen: Reader = request.param
    return chosen


def sealed_bytes(group: str, case: dict[str, Any]) -> bytes:
    return bytes.fromhex(case["sealed"]) if group.startswith("chunks") else b64decode(case["sealed"])


def refused_case(group: str, case: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return the accepted case with its one fault."""
    if "of" not in case:
        return case, sealed_bytes(group, case)
    whole = next(one for one in VECTORS[group.removesuffix("_refused")] if one["name"] == case["of"])
    sealed = bytearray(sealed_bytes(group, whole))
    if "flip" in case:
        sealed[case["flip"]] ^= 1
    if "cut" in case:
        del sealed[-case["cut"] :]
    return {**whole, **case.get("read_as", {})}, bytes(sealed)


def cases(group: str) -> pytest.MarkDecorator:
    names = [case.get("name") or f"{case['of']}: {case['fault']}" for case in VECTORS[group]]
    return pytest.mark.parametrize("case", VECTORS[group], ids=names)


def test_writing_them_again_makes_no_difference() -> None:
    assert VAULT.read_text("ascii") == text(vault_vectors())


@cases("kdf")
def test_master_keys(consumer: Reader, case: dict[str, Any]) -> None:
    assert consumer.master(case).hex() == case["master"]


def test_composed_and_decomposed_give_the_same_key() -> None:
    masters = {case["name"]: case["master"] for case in VECTORS["kdf"]}
    assert masters["composed"] == masters["decomposed, the same key"]
    assert len(set(masters.values())) == len(masters) - 1


@pytest.mark.parametrize("case", VECTORS["keys"], ids=[case["label"] for case in VECTORS["keys"]])
def test_derived_keys(consumer: Reader, case: dict[str, Any]) -> None:
    assert consumer.key(case).hex() == case["key"]


@cases("slots")
def test_slots(consumer: Reader, case: dict[str, Any]) -> None:
    assert consumer.slot(case, sealed_bytes("slots", case)).hex() == case["region_key"]


@cases("pages")
def test_pages(consumer: Reader, case: dict[str, Any]) -> None:
    assert consumer.page(case, sealed_bytes("pages", case)) == filling(16_356, case["filling_step"])


@cases("blocks")
def test_blocks(consumer: Reader, case: dict[str, Any]) -> None:
    assert consumer.block(case, sealed_bytes("blocks", case)) == filling(
        16_392 if case["index"] else 4_068, case["filling_step"]
    )


@cases("chunks")
def test_chunks(consumer: Reader, case: dict[str, Any]) -> None:
    assert consumer.chunk(case, sealed_bytes("chunks", case)).hex() == case["plaintext"]


@pytest.mark.parametrize(
    ("group", "case"),
    [(group, case) for group in VECTORS if group.endswith("_refused") for case in VECTORS[group]],
    ids=lambda value: (
        value if isinstance(value, str) else value.get("name") or f"{value['of']}: {value['fault']}"
    ),
)
def test_refused(consumer: Reader, group: str, case: dict[str, Any]) -> None:
    changed, sealed = refused_case(group, case)
    error = {"damaged": consumer.damaged, "newer": consumer.newer}[case["expect"]]
    with pytest.raises(error):
        getattr(consumer, group.removesuffix("s_refused"))(changed, sealed)
