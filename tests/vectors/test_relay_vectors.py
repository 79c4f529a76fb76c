"""The vectors of envelope and conversation: written again without a difference, and read by two decoders."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from conversation import second_decoder as second
from holdfire.conversation import bucket, card, desk_log, message, notice, reply, roster, wrap
from holdfire.conversation.attachment import Attachment, Pieces
from holdfire.conversation.stateless import from_words
from holdfire.conversation.steps import step
from holdfire.errors import TamperError
from holdfire.sealing.gate import hard_hash
from holdfire.sealing.hpke import SealError, SecretKey
from holdfire.sealing.shares import Share, SharesError, join
from holdfire.sealing.words import spoken_of, twelve_of
from holdfire.wire import boards, checkpoint, encoding, names, puzzle, tickets
from holdfire.wire.encoding import FormatError
from holdfire.wire.sheets import BUCKET_TRAILER, CARD_SIZE, NOTICE_SIZE
from vectors.make_relay import FOLDER, bucket_slots, text, vectors

FILES: dict[str, Any] = {path.stem: json.loads(path.read_text("ascii")) for path in FOLDER.glob("*.json")}
DOCUMENTS: dict[str, dict[str, Any]] = FILES["documents"]
DERIVED: dict[str, Any] = FILES["derived"]
SHAPES = {
    "message": message._SHAPE,
    "reply": reply._SHAPE,
    "act": desk_log._SHAPE,
    "roster": roster._SHAPE,
    "wrapped keys": wrap._SHAPE,
}


def test_writing_them_again_makes_no_difference() -> None:
    for name, value in vectors().items():
        assert (FOLDER / f"{name}.json").read_text("ascii") == text(value), name


def test_there_are_two_hundred_refused_cases_and_each_has_a_name() -> None:
    refused = [case for name, one in FILES.items() if name != "drawn" for case in find(one)]
    assert len(refused) >= 200
    assert all(case["name"] and case["error"] for case in refused)


def find(value: object) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value] if "error" in value else [case for one in value.values() for case in find(one)]
    return [case for one in value for case in find(one)] if isinstance(value, list) else []


def told(work: Callable[[], object]) -> tuple[str, str]:
    """Return the name of the error, as the vectors call it, and why."""
    try:
        found = work()
    except second.RefusedError as error:
        return error.error, error.why
    except FormatError as error:
        return "FormatError", error.why
    except TamperError as error:
        return type(error).__name__, ""
    return ("junk", "") if found is None else ("", "")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_are_read_by_both(name: str) -> None:
    good = bytes.fromhex(DOCUMENTS[name]["good"])
    second.document(name, good)
    values = SHAPES[name].read(good, len(good))
    assert SHAPES[name].write(values) == good


@pytest.mark.parametrize(
    ("name", "case"),
    [(name, case) for name, one in DOCUMENTS.items() for case in one["refused"]],
    ids=lambda value: value["name"] if isinstance(value, dict) else value,
)
def test_documents_with_one_fault_are_refused_by_both(name: str, case: dict[str, Any]) -> None:
    bad = bytes.fromhex(case["bytes"])
    with pytest.raises(FormatError) as refused:
        SHAPES[name].read(bad, 1 << 16)
    assert (refused.value.where, refused.value.why) == (case["where"], case["why"])
    assert told(lambda: second.document(name, bad)) == ("FormatError", case["why"])


def pad(document: str, size: int) -> bytes:
    return encoding.pad(bytes.fromhex(document), size, "test")


def judge(case: dict[str, Any], program: Callable[[], object], other: Callable[[], object]) -> None:
    wanted = case.get("error", "")
    for work in (program, other):
        error, why = told(work)
        assert error == wanted
        assert "why" not in case or why == case["why"]


@pytest.mark.parametrize("case", FILES["signed"]["cards"], ids=lambda case: case["name"])
def test_cards(case: dict[str, Any]) -> None:
    desk = bytes.fromhex(case["desk"])
    judge(
        case,
        lambda: card.read_card(pad(case["document"], CARD_SIZE), desk),
        lambda: second.read_card(bytes.fromhex(case["document"]), desk),
    )


@pytest.mark.parametrize("case", FILES["signed"]["notices"], ids=lambda case: case["name"])
def test_notices(case: dict[str, Any]) -> None:
    first = FILES["signed"]["cards"][0]
    whole = card.read_card(pad(first["document"], CARD_SIZE))
    parts = second.read_card(bytes.fromhex(first["document"]), whole.desk)
    seen = (case["seen"][0], bytes.fromhex(case["seen"][1])) if "seen" in case else None
    judge(
        case,
        lambda: notice.read_notice(
            pad(case["document"], NOTICE_SIZE),
            whole,
            case["origin"],
            notice.SeenNotice(*seen) if seen else None,
        ),
        lambda: second.read_notice(bytes.fromhex(case["document"]), parts, case["origin"], seen),
    )


def sealed_bytes(case: dict[str, Any], cases: list[dict[str, Any]]) -> bytes:
    whole = next(one for one in cases if one["name"] == case["of"]) if "of" in case else case
    found = bytearray(b64decode(whole["sealed"]))
    if "flip" in case:
        found[case["flip"]] ^= 1
    return bytes(found[: len(found) - case.get("cut", 0)])


@pytest.mark.parametrize("case", FILES["sealed"]["messages"], ids=lambda case: case["name"])
def test_messages(case: dict[str, Any]) -> None:
    at = FILES["sealed"]
    untrusted, desk, seed = (
        sealed_bytes(case, at["messages"]),
        bytes.fromhex(at["desk"]),
        bytes.fromhex(at["day_key"]),
    )
    keys = [(date.fromisoformat(at["day"]), SecretKey(seed))]
    judge(
        case,
        lambda: message.open_message(untrusted, desk, at["origin"], keys),
        lambda: second.open_message(untrusted, seed, desk, at["origin"], at["day"]),
    )
    if "opens" in case:
        opened = message.open_message(untrusted, desk, at["origin"], keys)
        assert opened is not None
        assert opened.message.write().hex() == case["opens"]
        assert (
            opened.content.hex()
            == case["content"]
            == second.named("message", bytes.fromhex(case["opens"])).hex()
        )
        assert second.open_message(untrusted, seed, desk, at["origin"], at["day"]).hex() == case["opens"]


@pytest.mark.parametrize("case", FILES["sealed"]["slots"], ids=lambda case: case["name"])
def test_slots(case: dict[str, Any]) -> None:
    at = FILES["sealed"]
    untrusted, desk = sealed_bytes(case, at["slots"]), bytes.fromhex(at["desk"])
    seed = bytes.fromhex(at["older"] if "older" in case else at["reply_key"])
    edition = bytes.fromhex(case.get("edition", at["slots"][0]["edition"]))
    judge(
        case,
        lambda: reply.open_slot(untrusted, [SecretKey(seed)], desk, at["origin"], edition),
        lambda: second.open_slot(untrusted, seed, desk, at["origin"], edition),
    )
    if "opens" in case:
        assert second.open_slot(untrusted, seed, desk, at["origin"], edition).hex() == case["opens"]


@pytest.mark.parametrize("case", FILES["buckets"]["cases"], ids=lambda case: case["name"])
def test_buckets(case: dict[str, Any]) -> None:
    at, first = FILES["buckets"], FILES["signed"]["cards"][0]
    whole = card.read_card(pad(first["document"], CARD_SIZE))
    origin = FILES["sealed"]["origin"]
    read = notice.read_notice(pad(at["document"], NOTICE_SIZE), whole, origin)
    parts, publish = second.read_notice(
        bytes.fromhex(at["document"]),
        second.read_card(bytes.fromhex(first["document"]), whole.desk),
        origin,
        None,
    )
    slots = sorted(bucket_slots(read.notice.edition))
    if "swap" in case:
        slots[case["swap"][0]] = slots[case["swap"][1]]
    trailer = case.get("trailer", at["cases"][0]["trailer"])
    content = bytearray(b"".join(slots))
    if "flip" in case:
        content[case["flip"]] ^= 1
    untrusted = bytes(content[: len(content) - case.get("cut", 0)]) + pad(trailer, BUCKET_TRAILER)
    judge(
        case,
        lambda: bucket.read_bucket(untrusted, read, at["index"]),
        lambda: second.read_bucket(untrusted, parts, publish, at["index"]),
    )


def test_names_hashes_and_contexts() -> None:
    for case in DERIVED["items"]:
        parts = [bytes.fromhex(one) for one in case["parts"]]
        assert names.items(*parts).hex() == second.items(*parts).hex() == case["L"]
    for case in DERIVED["hashes"]:
        parts = [bytes.fromhex(one) for one in case["parts"]]
        assert names.named_hash(case["purpose"], *parts).hex() == case["hash"]
        assert second.named(case["purpose"], *parts).hex() == case["hash"]
    for case in DERIVED["contexts"]:
        desk, parts = bytes.fromhex(case["desk"]), [bytes.fromhex(one) for one in case["parts"]]
        assert names.context(case["purpose"], desk, case["origin"], *parts).hex() == case["ctx"]
        assert second.ctx(case["purpose"], desk, case["origin"], *parts).hex() == case["ctx"]


def test_boards_steps_tags_buckets_and_tickets() -> None:
    desk, origin = bytes.fromhex(DERIVED["desk"]), DERIVED["origin"]
    conversation, edition = bytes.fromhex(DERIVED["conversation"]), bytes.fromhex(DERIVED["edition"])
    board = boards.BoardSecrets(bytes.fromhex(DERIVED["board"]["owner"]))
    assert [board.reader.hex(), board.writer.hex()] == [
        DERIVED["board"]["reader"],
        DERIVED["board"]["writer"],
    ]
    assert second.named("write", second.named("read", board.owner)) == board.writer
    for case in DERIVED["steps"]:
        here = other = bytes.fromhex(case["last"])
        for _ in range(1_000 - case["number"]):
            other = second.named("step", other)
        assert step(here, case["number"]).hex() == other.hex() == case["step"]
    for case in DERIVED["tags"]:
        about = second.ctx("slot", desk, origin, edition, second.eight(case["place"]))
        assert reply.slot_tag(conversation, desk, origin, edition, case["place"]).hex() == case["tag"]
        assert second.hkdf(conversation, about, 16).hex() == case["tag"]
    for case in DERIVED["buckets"]:
        drawn = second.hkdf(conversation, second.ctx("bucket-of", desk, origin, edition), 4)
        assert bucket.bucket_of(conversation, desk, origin, edition, case["bits"]) == case["index"]
        assert int(f"{int.from_bytes(drawn, 'big'):032b}"[: case["bits"]] or "0", 2) == case["index"]
    seed = bytes.fromhex(DERIVED["tickets"]["seed"])
    found = reply.tickets_of(seed, desk, origin)
    assert [one.hex() for one in found] == DERIVED["tickets"]["tickets"]
    assert [tickets.ticket_hash(one).hex() for one in found] == DERIVED["tickets"]["hashes"]
    assert [
        second.hkdf(seed, second.ctx("ticket", desk, origin, second.eight(n))).hex() for n in range(4)
    ] == DERIVED["tickets"]["tickets"]


def test_pieces_and_their_counts() -> None:
    desk, origin, at = bytes.fromhex(DERIVED["desk"]), DERIVED["origin"], DERIVED["pieces"]
    file = Pieces(Attachment(bytes.fromhex(at["key"]), at["length"], bytes.fromhex(at["hash"])), desk, origin)
    assert [file.name(n).hex() for n in range(file.attachment.count)] == at["names"]
    about = second.ctx("piece", desk, origin, bytes.fromhex(at["hash"]), b"name", second.eight(0))
    assert second.hkdf(bytes.fromhex(at["key"]), about).hex() == at["names"][0]
    assert sha256(file.seal(1, bytes(file.attachment.content_size(1)))).hexdigest() == at["last"]
    for case in DERIVED["counts"]:
        assert Attachment(bytes(32), case["length"], bytes(32)).count == case["count"]


def test_words_and_the_conversation_behind_twelve() -> None:
    desk, at = bytes.fromhex(DERIVED["desk"]), DERIVED["stateless"]
    entropy = bytes.fromhex(at["entropy"])
    assert twelve_of(entropy) == at["words"]
    assert spoken_of(desk) == DERIVED["spoken"]
    found = from_words(at["words"], desk)
    assert [found.conversation.hex(), found.last_step.hex(), found.reply_key.seed.hex()] == [
        at["conversation"],
        at["last_step"],
        at["reply_key"],
    ]
    for part, key in ((b"conversation", "conversation"), (b"step", "last_step"), (b"reply", "reply_key")):
        assert second.hkdf(entropy, second.ctx("stateless", desk, "", part)).hex() == at[key]


def test_the_puzzle() -> None:
    at = DERIVED["puzzle"]
    solution = puzzle.Solution.read(at["solution"])
    bound = puzzle.binding(
        bytes.fromhex(at["challenge"]), bytes.fromhex(at["board"]), sha256(bytes.fromhex(at["body"])).digest()
    )
    assert puzzle.second_holds(bound, solution)
    assert puzzle.first_holds(bound, solution, at["price"], hard_hash)
    judged = second.named("puzzle", bound, solution.x, solution.y)
    assert int.from_bytes(judged, "big") >> 238 == 0


def test_heads() -> None:
    at = DERIVED["head"]
    public, line = bytes.fromhex(at["key"]), at["line"]
    found = checkpoint.read(at["note"].encode(), line, public)
    assert (found.size, found.root.hex()) == (at["size"], at["root"])
    assert second.read_head(at["note"], line, public) == (found.size, found.root)
    for case in DERIVED["heads refused"]:
        judge(
            case,
            lambda case=case: checkpoint.read(case["note"].encode(), line, public),  # type: ignore[misc]
            lambda case=case: second.read_head(case["note"], line, public),  # type: ignore[misc]
        )


def test_shares() -> None:
    at = FILES["shares"]
    shares = [Share(number, at["needed"], bytes.fromhex(value)) for number, value in at["shares"]]
    for chosen in ((0, 1, 2), (0, 2, 4), (4, 3, 2), (0, 1, 2, 3, 4)):
        assert join([shares[place] for place in chosen], 64).hex() == at["secret"]
    with pytest.raises(SharesError):
        join(shares[:2], 64)


def test_a_key_at_hand_that_does_not_fit_is_named() -> None:
    at = FILES["sealed"]
    with pytest.raises(SealError):
        SecretKey(bytes(32)).open(b64decode(at["messages"][0]["sealed"]), b"")
