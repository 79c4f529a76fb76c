"""Files kept with an order, and all of it put together for a court: every name decided, read first, made into the vault."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pypdfium2
import pytest

from holdfire.errors import UserError
from holdfire.journeys.keep_exhibit import exhibits_of
from holdfire.journeys.keep_packet import PACKET
from holdfire.packets.people import TAKEN
from holdfire.web.forms import Form
from holdfire.web.pages.packets import _wish
from packets_drawn import pdf_of, photograph
from simulators.archive import faults
from simulators.reader import Reading
from simulators.sending import finished, upload
from simulators.served import Answer, Served

WISH: dict[str, Any] = {"chosen": "yes", "country": "by", "forums": "yes", "files": ["1", "2"]}


@pytest.fixture
def prepared(opened: Served) -> Served:
    """An order with a witness, and two files."""
    answer = opened.post("/orders/new", words="Никого не пропускать. Петров слышал.", heard="2020-08-11")
    assert answer.status == 200
    opened.post("/orders/1/part/witnesses", witnesses="Петров\nHeron", version="1")
    opened.post("/orders/1/part/giver", giver_name="Major Tern", version="2")
    for content, title in (
        (pdf_of(["One", "Heron was here", "Three"]), "Paper of Heron"),
        (photograph(), "Photograph"),
    ):
        assert upload(opened, content, title).status == 200
    return opened


def hidden(answer: Answer) -> dict[str, Any]:
    """Return what a page's form sends on."""
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text):
        found.setdefault(name, []).append(value)
    return found


def test_nothing_is_shown_without_a_vault(served: Served) -> None:
    for path in ("/orders/1/packet", "/orders/1/files", "/orders/1/packet/" + "0" * 32 + "/notes.pdf"):
        assert served.ask("GET", path).header("location") == "/open", path


def test_a_file_is_kept_and_listed_and_destroyed(prepared: Served) -> None:
    page = prepared.get("/orders/1/files").text
    assert "Paper of Heron" in page
    assert hashlib.sha256(photograph()).hexdigest()[:32] in page
    assert "scan.pdf" not in page
    assert "Paper of Heron" in prepared.get("/orders/1").text
    assert "the box was not ticked" in prepared.post("/orders/1/files/2/destroy").text
    assert "destroyed in the vault" in prepared.post("/orders/1/files/2/destroy", sure="yes").text
    assert "Photograph" not in prepared.get("/orders/1/files").text


def test_a_file_for_no_order_is_refused_and_nothing_is_kept(opened: Served) -> None:
    answer = upload(opened, b"x", "x", number="7")
    assert answer.status == 422 or "There is no order 7" in answer.text
    vault = opened.program.session.vault
    assert vault is not None
    assert vault.blobs.all() == ()


def test_everything_to_choose_leads_to_who_is_named(prepared: Served) -> None:
    chosen = prepared.get("/orders/1/packet")
    assert "See who is named" in chosen.text
    assert "Paper of Heron" in chosen.text
    people = prepared.post("/orders/1/packet/people", WISH)
    assert people.status == 200
    for said in (
        "Major Tern",
        "Heron",
        "Петров",
        "gave the order",
        "heard it",
        "page 2",
        "A picture cannot be searched",
    ):
        assert said in people.text, said
    kept = re.findall(r'name="choice-(\d)" value="keep" checked', people.text)
    names = hidden(people)
    assert [names[f"name-{number}"][0] for number in kept] == ["Major Tern"]


def test_the_packet_is_read_then_made_into_the_vault_then_saved(prepared: Served) -> None:
    people = prepared.post("/orders/1/packet/people", WISH)
    sent = hidden(people)
    names = {name: value[0] for name, value in sent.items() if name.startswith("name-")}
    choices: dict[str, Any] = {
        f"choice-{name[5:]}": "keep" if value == "Major Tern" else "out" for name, value in names.items()
    }
    read = prepared.post("/orders/1/packet/read", {**sent, **choices, "more": ["Никого"]})
    assert TAKEN in read.text
    assert "Major Tern" in read.text
    body = read.text[read.text.index("<pre") : read.text.index("</pre>")]
    for name in ("Heron", "Петров", "Никого"):
        assert name not in body
    assert "individual complaints under the First Optional Protocol" in body
    assert "2023-02-07" in body
    prepared.post("/orders/1/packet/make", hidden(read))
    finished(prepared)
    page = prepared.get("/orders/1")
    link = next(one for one in Reading(page.text).links if one.endswith("/notes.pdf"))
    content = saved(prepared, link)
    assert faults(content) == []
    text = "".join(one.get_textpage().get_text_bounded() for one in pypdfium2.PdfDocument(content))
    assert "Major Tern" in text
    for name in ("Heron", "Петров", "Никого"):
        assert name not in text
    assert "2." in text
    gone = prepared.post(link.replace("/notes.pdf", "/delete"))
    assert "destroyed in the vault" in gone.text
    assert "/notes.pdf" not in gone.text


def saved(served: Served, link: str) -> bytes:
    """Return the bytes of a download."""
    import http.client  # noqa: PLC0415

    connection = http.client.HTTPConnection(served.host, timeout=20)
    connection.request("GET", link, headers={"Host": served.host, "Cookie": served.cookie})
    answer = connection.getresponse()
    content = answer.read()
    assert answer.status == 200
    assert answer.getheader("content-disposition") == 'attachment; filename="notes.pdf"'
    connection.close()
    return content


def test_locking_while_it_is_made_leaves_nothing_half_made(prepared: Served) -> None:
    path = str(prepared.program.session.path)
    prepared.post("/orders/1/packet/make", WISH, follow=False)
    prepared.post("/lock")
    prepared.post("/open", path=path, phrase="seven grey owls sing low")
    vault = prepared.program.session.vault
    assert vault is not None
    files = len(exhibits_of(vault, 1))
    assert files == 2
    assert len(vault.blobs.all()) == files + vault.records.count(PACKET)


def test_a_name_of_markup_stays_letters(prepared: Served) -> None:
    prepared.post("/orders/1/part/witnesses", witnesses="<b>Owl</b>", version="3")
    people = prepared.post("/orders/1/packet/people", WISH)
    assert "<b>Owl" not in people.text
    assert "&lt;b&gt;Owl" in people.text


def test_deleting_an_order_destroys_its_files_and_packets(prepared: Served) -> None:
    prepared.post("/orders/1/packet/make", **WISH)
    finished(prepared)
    vault = prepared.program.session.vault
    assert vault is not None
    assert len(vault.blobs.all()) == 3
    assert "with its files and packets" in prepared.post("/orders/1/delete", sure="yes").text
    assert vault.blobs.all() == ()
    assert vault.records.count(PACKET) == 0


def test_no_choice_is_forgotten_however_many_names_there_are() -> None:
    fields = [("name-150", "Ivan Sidorov"), ("choice-150", "out")]
    assert "Ivan Sidorov" in _wish(Form([("names", "180"), *fields])).out
    for wrong in ("99999", "many"):
        with pytest.raises(UserError):
            _wish(Form([("names", wrong), *fields]))
