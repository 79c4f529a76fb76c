from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from conversation.desk_drawn import ORIGIN, TestDesk, seed
from holdfire.conversation.attachment import Attachment, Pieces
from holdfire.conversation.faults import AlteredError, CrossDeskError, ForgedError
from holdfire.conversation.kinds import FORMS, Kind, check_form
from holdfire.conversation.recovery import join_shares, write_shares
from holdfire.conversation.turns import (
    DESK,
    MEMBER,
    TURNS,
    Does,
    OutOfTurnError,
    Stage,
    diagram,
    may,
    table,
    take,
)
from holdfire.conversation.wrap import WrappedKeys, unwrap_keys, wrap_keys
from holdfire.errors import UserError
from holdfire.sealing.hpke import SecretKey
from holdfire.sealing.shares import SharesError
from holdfire.sealing.signature import SigningKey
from holdfire.wire.pieces import PIECE_SIZE

PROTOCOL = Path(__file__).parents[2] / "docs" / "protocols" / "conversation.md"


def test_the_protocol_prints_the_table_that_the_program_asks() -> None:
    assert table() in PROTOCOL.read_text("utf-8")
    assert diagram().count("->") == len(TURNS)


def test_each_turn_stands_once_and_every_other_is_refused() -> None:
    known = {(turn.who, turn.at, turn.does) for turn in TURNS}
    assert len(known) == len(TURNS)
    for who, at, does in itertools.product((MEMBER, DESK), Stage, Does):
        if (who, at, does) in known:
            assert does in may(who, at)
            take(who, at, does)
        else:
            with pytest.raises(OutOfTurnError):
                take(who, at, does)


def test_every_stage_is_reached_and_an_end_is_one() -> None:
    reached = {Stage.NOTHING}
    for _ in Stage:
        reached |= {turn.then for turn in TURNS if turn.at in reached}
    assert reached == set(Stage)
    assert not may(MEMBER, Stage.ENDED)
    assert not may(DESK, Stage.ENDED)


def test_pieces_of_a_file_come_back_and_belong_to_one_place_and_relay() -> None:
    file = Attachment(seed("key"), 2_500_000, seed("hash"))
    here, there = Pieces(file, seed("desk"), ORIGIN), Pieces(file, seed("desk"), "https://second.example.org")
    content = bytes(range(256)) * 10_000
    parts = [content[:1_048_560], content[1_048_560:2_097_120], content[2_097_120 : file.length]]
    sealed = [here.seal(place, part) for place, part in enumerate(parts)]
    assert {len(one) for one in sealed} == {PIECE_SIZE}
    assert [here.open(place, one) for place, one in enumerate(sealed)] == parts
    assert len({here.name(0), here.name(1), there.name(0)}) == 3
    for wrong in ((1, sealed[0]), (2, sealed[2][:-1])):
        with pytest.raises(AlteredError):
            here.open(*wrong)
    with pytest.raises(AlteredError):
        there.open(0, sealed[0])
    longer = Pieces(Attachment(seed("key"), 2_500_001, seed("hash")), seed("desk"), ORIGIN)
    filled = longer.seal(2, content[2_097_120 : file.length] + b"x")
    with pytest.raises(AlteredError):
        here.open(2, filled)


def test_every_kind_has_a_form_and_what_is_missing_is_said() -> None:
    assert set(FORMS) == set(Kind)
    whole = {
        "place": "the square",
        "time": "at six",
        "means": "gas",
        "known": "saw it myself",
        "sure": "sure",
    }
    check_form(Kind.FORCE, whole)
    for bad in (
        {**whole, "place": " "},
        {**whole, "sure": "perhaps"},
        {**whole, "name": "somebody"},
        {**whole, "means": "x" * 1_201},
    ):
        with pytest.raises(UserError):
            check_form(Kind.FORCE, bad)


def test_a_warning_of_provocateurs_asks_for_no_name() -> None:
    assert not {"name", "who", "person"} & {field.name for field in FORMS[Kind.PROVOCATEURS]}


def test_a_root_comes_back_from_enough_shares_of_one_set() -> None:
    desk, other = TestDesk(), TestDesk("second")
    files = write_shares(desk.root, 3, 5)
    assert join_shares(files[1:4]).seed == desk.root.seed
    with pytest.raises(SharesError):
        join_shares(files[:2])
    with pytest.raises(SharesError):
        join_shares([*files[:2], write_shares(desk.root, 3, 5)[2]])
    with pytest.raises(CrossDeskError):
        join_shares([*files[:2], write_shares(other.root, 3, 5)[2]])


def test_keys_are_handed_to_one_device() -> None:
    keys = WrappedKeys((), seed("log key"), (seed("inbox"),), seed("log"))
    mine, theirs, device = SecretKey(seed("mine")), SecretKey(seed("theirs")), SigningKey(seed("device"))
    sealed = wrap_keys(keys, mine.public, seed("desk"), ORIGIN, device)
    found = unwrap_keys(sealed, mine, seed("desk"), ORIGIN, {device.public})
    assert found is not None
    assert vars(found) == vars(keys)
    assert unwrap_keys(sealed, theirs, seed("desk"), ORIGIN, {device.public}) is None
    assert unwrap_keys(sealed, mine, seed("other"), ORIGIN, {device.public}) is None
    with pytest.raises(ForgedError):  # another member, who knows the wrapping key as all do
        unwrap_keys(sealed, mine, seed("desk"), ORIGIN, {SigningKey(seed("another")).public})
