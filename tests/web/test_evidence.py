"""The pages of evidence: the list, one item, its notes and history, what stays when it goes."""

from __future__ import annotations

import http.client
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image

from holdfire.evidence.item import FIELDS
from holdfire.journeys.keep_evidence import add_evidence, all_evidence, find_evidence, log_event
from holdfire.journeys.keep_small import SMALL
from holdfire.vault.vault import Vault
from simulators.sending import finished
from simulators.served import Served

NOW = datetime(2030, 5, 1, tzinfo=UTC)
MOST_PAGE = 30 * 1024


def on_vault(served: Served, act: Any, *args: Any, **more: Any) -> Any:
    session = served.program.session
    return session._thread.submit(lambda: act(session.vault, *args, **more)).result()


def keep(served: Served, content: bytes, **more: Any) -> int:
    number: int = on_vault(served, add_evidence, [content], NOW, **more).value.number
    return number


def picture(colour: str = "teal") -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (300, 200), colour).save(held, "PNG")
    return held.getvalue()


def test_the_empty_list_says_the_limits_first(opened: Served) -> None:
    text = opened.get("/evidence").text
    assert text.index("as little as possible") < text.index('href="/evidence/add"')
    assert 'href="/heading/document"' in text
    assert 'href="/evidence"' in opened.get("/").text


def test_the_list_is_found_through_by_words_and_by_what_it_is(opened: Served) -> None:
    keep(opened, picture(), title="Усё на плошчы", capture={"place": "the bridge"})
    keep(opened, b"words", title="Note", name="secret\u202egpj.txt")
    keep(opened, picture("red"), title="Square, covered", copy_of=1, steps=("cover 1",))
    for query, shown in (
        ("", {1, 2, 3}), ("?words=%D1%83%D1%81%D0%B5", {1}), ("?words=BRIDGE", {1}), ("?words=secret", {2}), ("?words=no+such", set()),
        ("?sort=pictures", {1}), ("?sort=copies", {3}), ("?sort=papers", {2}), ("?sort=films", set()), ("?sort=nonsense", {1, 2, 3}),
        ("?page=2", set()), ("?page=x", {1, 2, 3}),
    ):  # fmt: skip
        text = opened.get(f"/evidence{query}").text
        assert {number for number in (1, 2, 3) if f'href="/evidence/{number}"' in text} == shown, query
    assert "copy of item 1" in opened.get("/evidence").text


def test_a_long_list_comes_in_pages_that_stay_small(opened: Served) -> None:
    for number in range(90):
        keep(opened, b"%d" % number, title="ж" * 200)
    first, last = opened.get("/evidence").text, opened.get("/evidence?page=3").text
    assert len(first.encode()) <= MOST_PAGE
    assert 'href="/evidence/90"' in first
    assert 'href="/evidence/1"' in last
    assert "Older" in first
    assert "Older" not in last


def test_an_item_says_what_it_is_and_every_field_is_unknown_until_said(opened: Served) -> None:
    keep(opened, picture(), title="Gate", name="IMG\u202e\n1.png")
    text = opened.get("/evidence/1").text
    assert "PNG picture" in text
    assert 'src="/evidence/1/content"' in text
    assert "IMG\\u202e\\u000a1.png" in text
    assert "\u202e" not in text
    assert f"{len(FIELDS)} still empty" in text
    assert "Taken into this vault" in text
    assert "Checked just now" in text


def test_notes_are_a_new_version_and_can_be_undone(opened: Served) -> None:
    keep(opened, b"words", title="Gate", capture={"clock": "phone"})
    text = opened.post(
        "/evidence/1/notes", title="Gate, north", when="about noon", place="<b>there</b>", clock="phone"
    ).text
    assert "Your notes are kept." in text
    assert "&lt;b&gt;there&lt;/b&gt;" in text
    assert "Undo" in text
    one = on_vault(opened, find_evidence, 1).value
    assert (one.title, one.capture["when"], one.capture["clock"]) == ("Gate, north", "about noon", "phone")
    assert "Undo" not in opened.get("/evidence/1").text
    assert "as they were before" in opened.post("/evidence/1/notes/undo").text
    one = on_vault(opened, find_evidence, 1).value
    assert (one.title, one.capture["when"], one.capture["clock"]) == ("Gate", "unknown", "phone")


def test_the_same_notes_again_change_nothing_and_an_emptied_one_is_unknown(opened: Served) -> None:
    keep(opened, b"words", title="Gate", capture={"when": "noon"})
    assert "nothing was changed" in opened.post("/evidence/1/notes", title="Gate", when="noon").text
    opened.post("/evidence/1/notes", title="Gate", when="  ")
    assert on_vault(opened, find_evidence, 1).value.capture["when"] == "unknown"


def test_a_note_too_long_for_the_page_stays_as_it_is(opened: Served) -> None:
    long = "зв " * 9_000
    keep(
        opened,
        b"words",
        title="ж" * 200,
        capture={"metadata": long, **{name: "ж" * 700 for name in FIELDS if name != "metadata"}},
    )
    page = opened.get("/evidence/1").text
    assert len(page.encode()) <= MOST_PAGE
    assert 'href="/evidence/1/note/metadata"' in page
    opened.post("/evidence/1/notes", title="short", when="noon")
    assert on_vault(opened, find_evidence, 1).value.capture["metadata"] == long.strip()
    first, second = (
        opened.get("/evidence/1/note/metadata").text,
        opened.get("/evidence/1/note/metadata?part=2").text,
    )
    assert "Part 1 of" in first
    assert "зв" in second
    assert opened.get("/evidence/1/note/nothing").status == 404


def test_the_history_is_told_in_plain_words(opened: Served) -> None:
    keep(opened, picture())
    on_vault(opened, log_event, 1, "transfer", {"custodian_to": "Anna's <desk>", "why": "the hearing"}, NOW)
    text = opened.get("/evidence/1").text
    assert "Handed over" in text
    assert "Anna&#39;s &lt;desk&gt;" in text
    assert text.index("Handed over") < text.index("Taken into this vault")


def test_a_history_that_was_changed_is_said_by_name(opened: Served) -> None:
    keep(opened, b"words")

    def change(vault: Vault) -> None:
        with vault.transaction() as connection:
            connection.execute(
                "UPDATE entries SET event = CAST(replace(CAST(event AS TEXT), 'receive', 'dispose') AS BLOB)"
            )

    on_vault(opened, change)
    text = opened.get("/evidence/1").text
    assert "Event 1 of this custody log was changed" in text
    assert "Checked just now" not in text


def test_every_byte_can_be_read_again(opened: Served) -> None:
    keep(opened, bytes(3 << 20))
    opened.post("/evidence/1/check", follow=False)
    finished(opened)
    assert "Every byte is as it was" in opened.get("/progress").text


def test_a_text_is_shown_as_text_and_never_as_a_page(opened: Served) -> None:
    keep(opened, "Ён сказаў: <script>alert(1)</script>".encode())
    keep(opened, ("что он сказал " * 3_000).encode("cp1251"))
    text = opened.get("/evidence/1").text
    assert "Ён сказаў: &lt;script&gt;" in text
    text = opened.get("/evidence/2").text
    assert "что он сказал" in text
    assert "This is its beginning." in text
    assert len(text.encode()) <= MOST_PAGE


def test_what_is_not_shown_says_why(opened: Served) -> None:
    keep(opened, b"PK\x03\x04" + bytes(80))
    assert "Not shown here" in opened.get("/evidence/1").text


def test_small_pictures_are_made_once_kept_in_the_vault_and_gone_with_the_item(opened: Served) -> None:
    keep(opened, picture())
    keep(opened, b"\x89PNG\r\n\x1a\n" + bytes(50))
    for number, status in ((1, 200), (1, 200), (2, 404), (2, 404)):
        answer = opened.ask("GET", f"/evidence/{number}/small")
        assert answer.status == status
        if status == 200:
            assert answer.header("content-type") == "image/jpeg"
    assert on_vault(opened, lambda vault: vault.records.count(SMALL)) == 2
    opened.post("/evidence/1/delete", sure="yes")
    assert on_vault(opened, lambda vault: vault.records.count(SMALL)) == 1


def test_a_pdf_is_shown_page_by_page_as_pictures(opened: Served) -> None:
    held = io.BytesIO()
    pages = [Image.new("RGB", (200, 300), colour) for colour in ("white", "red")]
    pages[0].save(held, "PDF", save_all=True, append_images=pages[1:])
    keep(opened, held.getvalue())
    text = opened.get("/evidence/1?page=2").text
    assert "Page 2 of 2" in text
    assert 'src="/evidence/1/drawn?page=2"' in text
    connection = http.client.HTTPConnection(opened.host, timeout=60)
    connection.request("GET", "/evidence/1/drawn?page=2", headers={"Cookie": opened.cookie})
    drawn = Image.open(io.BytesIO(connection.getresponse().read()))
    connection.close()
    assert drawn.convert("RGB").getpixel((5, 5))[0] > 200  # type: ignore[index]


def test_destroying_asks_twice_and_says_what_remains(opened: Served) -> None:
    keep(opened, picture())
    keep(opened, picture("red"), copy_of=1)
    assert "Nothing was destroyed" in opened.post("/evidence/1/delete").text
    assert len(on_vault(opened, all_evidence)) == 2
    text = opened.post("/evidence/1/delete", sure="yes").text
    assert "Working copies of it are still here: 2." in text
    assert [record.value.number for record in on_vault(opened, all_evidence)] == [2]
    assert opened.get("/evidence/1").status == 400


@pytest.mark.parametrize("path", ["/evidence", "/evidence/add", "/evidence/1"])
def test_without_an_open_vault_it_leads_to_where_one_is_opened(served: Served, path: str) -> None:
    assert served.ask("GET", path).header("location") == "/open"


def test_an_address_of_what_is_gone_leads_back_to_the_list(opened: Served) -> None:
    for path in ("/evidence/7", "/evidence/7/no-such-page"):
        assert '<p class="back"><a href="/evidence">' in opened.get(path).text
    assert 'class="back"' not in opened.get("/no-such-page").text
