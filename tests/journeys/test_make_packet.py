"""A packet from a vault: letters with their service, versions, forums on the day, and files that are streamed from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2
import pytest

from holdfire.errors import TamperError, UserError
from holdfire.journeys.keep_exhibit import attach, detach, exhibits_of
from holdfire.journeys.keep_letter import REQUEST, hand_in, keep_letter
from holdfire.journeys.keep_packet import destroy_packet, keep_packet, packets_of
from holdfire.journeys.make_packet import Wish, forum_choices, make_packet, plan_packet
from holdfire.journeys.record_order import add_order, complete_order, find_order
from holdfire.journeys.write_letter import Draft
from holdfire.letters.answers import judge_answers
from holdfire.letters.clock import Answered, Service, answer
from holdfire.orders.moment import Moment
from holdfire.orders.order import Order, Person
from holdfire.packets.preview import as_text
from holdfire.sealing.passphrase import TEST
from holdfire.vault.refusals import MissingError
from holdfire.vault.vault import Vault
from packets_drawn import pdf_of, photograph
from simulators.archive import faults

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
PHRASE = "seven grey owls sing low"
ORDER = Order(
    words="Никого не пропускать.", giver=Person(name="Чайкоўскі", rank="майор"), witnesses=("Heron",), heard=Moment.on(date(2020, 8, 11))
)  # fmt: skip


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    Vault.create(tmp_path / "notes", [PHRASE], 64 << 20, profile=TEST)
    with Vault.open(tmp_path / "notes", PHRASE, profile=TEST) as opened:
        record = add_order(opened, ORDER, NOW)
        complete_order(opened, 1, Order(**{**vars(ORDER), "gist": "Let nobody pass."}), NOW)
        draft = Draft("written-order", ("ru", "en"), judge_answers({
            "to": "Командиру войсковой части Лебедеву", "from": "Сержант Буслаў", "order_words": "Никого не пропускать.",
            "own_words": "Heron слышал."}), "by", record.id)  # fmt: skip
        letter = keep_letter(opened, draft, NOW)
        request = hand_in(
            opened, letter.id, Service(date(2026, 11, 1), "Канцелярия", "registry", "77/1", "Иванова"), NOW
        )
        clock = answer(request.value.clock, Answered(date(2026, 11, 9), "refused", "Не положено"))
        opened.records.save(REQUEST, request.id, type(request.value)(letter.id, clock), NOW)
        keep_letter(opened, Draft("leave", ("en",), judge_answers({}), None, ""), NOW)
        yield opened


def read(vault: Vault, **wish: object) -> str:
    plan = plan_packet(vault, 1, Wish(**wish), TODAY)  # type: ignore[arg-type]
    return " ".join(as_text(plan.packet, plan.remover()).split())


def test_a_letter_stands_in_it_with_its_service_and_answer_in_both_languages(vault: Vault) -> None:
    text = read(vault)
    for said in ("Handed in", "On: 2026-11-01", "Incoming number: 77/1", "at the registry", "Who took it: Иванова",
                 "Answer: 2026-11-09: Refused", "Не положено", "Лебедеву", "No lawyer has checked this"):  # fmt: skip
        assert said in text, said
    assert "Letters: 1" in text
    assert "рапорт" in text.casefold()
    assert "Request for a written and signed order" in text
    for name in ("Буслаў", "Heron"):
        assert name not in text
    assert "Буслаў" in read(vault, by="Сержант Буслаў")


def test_letters_can_be_left_out_and_others_are_refused(vault: Vault) -> None:
    assert "Handed in" not in read(vault, letters=())
    with pytest.raises(UserError, match="not about this order"):
        plan_packet(vault, 1, Wish(letters=("0" * 32,)), TODAY)


def test_several_versions_stand_side_by_side_and_the_latest_alone_otherwise(vault: Vault) -> None:
    both = read(vault, versions=(1, 2))
    assert "Record of the order, version 1".upper() in both
    assert "Record of the order, version 2".upper() in both
    assert "Let nobody pass." in read(vault)
    assert "Version 2 of the record" in read(vault)


def test_belarus_and_the_human_rights_committee(vault: Vault) -> None:
    closed = "individual complaints under the First Optional Protocol"
    now = read(vault, country="by")
    assert closed in now[now.index("CLOSED: DO NOT SEND IT THERE") :]
    assert "It was still open then." in now
    then = read(vault, country="by", said_on=date(2022, 1, 1))
    assert closed in then
    assert "CLOSED" not in then
    assert "hrc-op1-by" not in dict(forum_choices("by", TODAY))
    assert "hrc-op1-by" in dict(forum_choices("by", date(2022, 1, 1)))
    assert closed not in read(vault, country="us")
    later = Order(**{**vars(ORDER), "heard": Moment.on(date(2024, 1, 1))})
    complete_order(vault, 1, later, NOW)
    after = read(vault, country="by")
    assert closed in after
    assert "It was still open then." not in after


def test_each_open_forum_says_who_may_file_until_when_and_how_surely(vault: Vault) -> None:
    text = read(vault, country="by")
    assert text.count("Who may file:") == text.count("Time of filing:") == len(forum_choices("by", TODAY))
    assert "How surely: Wording read; 2026-11-22" in text


def test_what_somebody_did_stays_out_unless_asked_for(vault: Vault) -> None:
    complete_order(vault, 1, Order(**{**vars(ORDER), "own_acts": "I stood there."}), NOW)
    assert "I stood there" not in read(vault)
    assert "What I did" not in read(vault)
    assert "I stood there" in read(vault, own_acts=True)


def test_an_empty_order_makes_a_packet_that_says_what_is_unknown(vault: Vault) -> None:
    add_order(vault, Order(), NOW)
    plan = plan_packet(vault, 2, Wish(), TODAY)
    text = as_text(plan.packet, plan.remover())
    assert "Unknown: The exact words" in " ".join(text.split())
    assert plan.named == ()
    assert faults(b"".join(make_packet(plan).pieces())) == []


def test_files_are_kept_in_order_read_back_whole_and_destroyed(vault: Vault) -> None:
    for title, content in (("One", pdf_of(["a"])), ("Two", photograph()), ("", b"text")):
        attach(vault, 1, title, iter([content[:10], content[10:]]), NOW)
    kept = exhibits_of(vault, 1)
    assert [(one.value.title, one.value.form) for one in kept] == [
        ("One", "pdf"),
        ("Two", "jpeg"),
        ("A file", "text"),
    ]
    plan = plan_packet(vault, 1, Wish(exhibits=(2, 1)), TODAY)
    assert [one.title for one in plan.packet.exhibits] == ["Two", "One"]
    assert b"".join(plan.packet.exhibits[0].content()) == photograph()
    detach(vault, 1, 2)
    assert [one.value.title for one in exhibits_of(vault, 1)] == ["One", "A file"]
    with pytest.raises(MissingError):
        vault.blobs.get(kept[1].value.item)
    with pytest.raises(UserError, match="no file 3"):
        detach(vault, 1, 3)
    with pytest.raises(UserError, match="at most 200"):
        attach(vault, 1, "x" * 201, [b""], NOW)


def test_a_packet_is_made_into_the_vault_and_destroyed_there(vault: Vault) -> None:
    attach(vault, 1, "One", [pdf_of(["a", "Heron", "c"])], NOW)
    plan = plan_packet(vault, 1, Wish(country="by"), TODAY)
    kept = keep_packet(vault, 1, make_packet(plan), NOW)
    content = vault.blobs.read(kept.value.item)
    assert faults(content) == []
    assert content == b"".join(make_packet(plan).pieces())
    pdf = pypdfium2.PdfDocument(content)
    assert len(pdf) == kept.value.pages
    pdf.close()
    order = find_order(vault, 1).id
    assert [one.id for one in packets_of(vault, order)] == [kept.id]
    destroy_packet(vault, kept.id)
    assert packets_of(vault, order) == ()
    with pytest.raises(MissingError):
        vault.blobs.get(kept.value.item)


def test_an_altered_file_stops_the_packet_instead_of_standing_in_it(vault: Vault) -> None:
    kept = attach(vault, 1, "Note", [b"a text"], NOW)
    plan = plan_packet(vault, 1, Wish(), TODAY)
    with vault.transaction() as connection:
        connection.execute(
            "UPDATE items SET sha256 = ? WHERE id = ?", (bytes(32), bytes.fromhex(kept.value.item))
        )
    with pytest.raises(TamperError):
        list(make_packet(plan).pieces())
