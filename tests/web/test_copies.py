"""Working copies on pages: what a file tells, boxes by two presses or four numbers, the copy beside it, keeping it."""

from __future__ import annotations

import io
import re
import time

import pytest
from PIL import Image

import originals
from holdfire.evidence.copies.form import Form
from holdfire.journeys.keep_copy_draft import COPY_DRAFT, CopyDraft, draft_of
from holdfire.journeys.keep_evidence import add_evidence, all_evidence, find_evidence, stream_evidence
from holdfire.vault.vault import Vault
from simulators.sending import finished
from simulators.served import BEGIN, Answer, Served


def vault_of(served: Served) -> Vault:
    vault = served.program.session.vault
    assert vault is not None
    return vault


def kept(served: Served, data: bytes, title: str = "Square") -> int:
    vault = vault_of(served)
    act = served.program.session._thread.submit(add_evidence, vault, (data,), BEGIN, title=title)
    return act.result().value.number


def draft(served: Served, number: int) -> CopyDraft:
    vault = vault_of(served)

    def read() -> CopyDraft:
        return draft_of(vault, find_evidence(vault, number).id)

    return served.program.session._thread.submit(read).result()


def content(served: Served, number: int) -> bytes:
    vault = vault_of(served)
    return served.program.session._thread.submit(lambda: b"".join(stream_evidence(vault, number))).result()


def press(served: Served, number: int, across: int, down: int, **fields: str) -> Answer:
    given = {"page": "1", "moment": "0", "scale": "640", "width": "400", "height": "300"} | fields
    return served.post(
        f"/evidence/{number}/copy/press", {"spot.x": str(across), "spot.y": str(down), **given}
    )


def made(served: Served, number: int, **fields: str) -> Answer:
    served.post(f"/evidence/{number}/copy/try", follow=False, **fields)
    finished(served)
    return served.get(f"/evidence/{number}/copy/tried")


def keep(served: Served, number: int) -> int:
    answer = served.post(f"/evidence/{number}/copy/keep", follow=False)
    found = re.fullmatch(r"/evidence/(\d+)", answer.header("location") or "")
    assert found
    return int(found[1])


@pytest.fixture
def picture(opened: Served) -> Served:
    """Item 1: a picture of 400 by 300 pixels without a grey one, so that black is only what was covered."""
    kept(opened, originals.saved(Image.new("RGB", (400, 300), (250, 200, 30)), "PNG"))
    return opened


def test_nothing_is_shown_without_a_vault(served: Served) -> None:
    for path in ("", "/cover", "/tried", "/seen.jpg", "/tried.jpg"):
        assert served.ask("GET", f"/evidence/1/copy{path}").header("location") == "/open", path


def test_first_comes_what_the_file_tells_and_the_limit(opened: Served) -> None:
    number = kept(opened, originals.rich(Form.JPEG))
    page = opened.get(f"/evidence/{number}/copy").text
    assert page.index("ask a lawyer first") < page.index("a place")
    assert "a device, or the number of one" in page
    assert "A camera leaves its own noise" in page
    assert originals.SECRET not in page


def test_a_type_that_is_not_understood_gets_no_copy_and_no_button(opened: Served) -> None:
    number = kept(opened, b"words and more words, and nothing else in it")
    page = opened.get(f"/evidence/{number}/copy").text
    assert "We cannot clean this type of file." in page
    assert "copy/try" not in page
    assert "cannot clean this type" in opened.get(f"/evidence/{number}/copy/cover").text


def test_cleaning_in_one_press_then_keeping(opened: Served) -> None:
    number = kept(opened, originals.rich(Form.JPEG))
    page = made(opened, number)
    assert "Look at the copy" in page.text
    assert "only the pixels were kept" in page.text
    assert len(all_evidence(vault_of(opened))) == 1
    copy = keep(opened, number)
    assert originals.SECRET.encode() not in content(opened, copy)
    assert originals.SECRET.encode() in content(opened, number)
    assert vault_of(opened).records.count(COPY_DRAFT) == 0


def test_two_presses_make_a_box_and_what_lies_under_it_is_gone(picture: Served) -> None:
    first = press(picture, 1, 100, 60)
    assert "The first corner is set" in first.text
    second = press(picture, 1, 199, 179)
    assert "The first corner is set" not in second.text
    (box,) = draft(picture, 1).boxes
    assert (box.left, box.top, box.width, box.height) == pytest.approx((25, 20, 25, 40))
    made(picture, 1)
    with Image.open(io.BytesIO(content(picture, keep(picture, 1)))) as seen:
        assert seen.crop((100, 60, 200, 180)).convert("RGB").getextrema() == ((0, 0), (0, 0), (0, 0))
        assert seen.convert("RGB").getpixel((99, 59)) == (250, 200, 30)
        assert seen.convert("RGB").getpixel((200, 180)) == (250, 200, 30)


def test_corners_may_come_in_any_order_and_end_at_the_edge(picture: Served) -> None:
    press(picture, 1, 399, 299)
    press(picture, 1, 200, 150)
    (box,) = draft(picture, 1).boxes
    assert (box.left, box.top, box.width, box.height) == pytest.approx((50, 50, 50, 50))


def test_a_key_on_the_picture_leads_to_the_numbers_and_sets_nothing(picture: Served) -> None:
    answer = press(picture, 1, 0, 0)
    assert "four numbers" in answer.text
    assert draft(picture, 1).corner is None


def test_numbers_do_the_same(picture: Served) -> None:
    picture.post("/evidence/1/copy/box", left="25", top="20", wide="12.5", high="12,5")
    (box,) = draft(picture, 1).boxes
    assert (box.left, box.top, box.width, box.height) == (25, 20, 12.5, 12.5)


@pytest.mark.parametrize(
    ("numbers", "field"),
    [
        (("", "0", "1", "1"), "left"),
        (("1", "x", "1", "1"), "top"),
        (("1", "1", "0", "1"), "wide"),
        (("60", "0", "41", "1"), "wide"),
        (("1", "1", "1", "1e9"), "high"),
        (("1", "1", "-1", "1"), "wide"),
    ],
)
def test_a_wrong_number_is_said_at_its_field_and_what_was_typed_stays(
    picture: Served, numbers: tuple[str, ...], field: str
) -> None:
    left, top, wide, high = numbers
    answer = picture.post("/evidence/1/copy/box", left=left, top=top, wide=wide, high=high)
    assert answer.status == 422
    assert f'href="#{field}"' in answer.text
    assert f'value="{wide}"' in answer.text
    assert draft(picture, 1).boxes == ()


def test_a_form_that_no_page_of_ours_sends_is_refused(picture: Served) -> None:
    assert "could not be read" in picture.post("/evidence/1/copy/press", width="0", height="1").text
    assert draft(picture, 1).corner is None


def test_boxes_are_taken_out_and_the_corner_back(picture: Served) -> None:
    for left in ("1", "2", "3"):
        picture.post("/evidence/1/copy/box", left=left, top="1", wide="5", high="5")
    picture.post("/evidence/1/copy/take-out", what="box", place="1")
    assert [box.left for box in draft(picture, 1).boxes] == [1, 3]
    press(picture, 1, 10, 10)
    picture.post("/evidence/1/copy/take-out", what="corner")
    assert draft(picture, 1).corner is None


def test_boxes_are_there_after_leaving_and_the_lock(picture: Served) -> None:
    picture.post("/evidence/1/copy/box", left="1", top="1", wide="5", high="5")
    path = str(vault_of(picture).path)
    picture.post("/lock")
    picture.post("/open", path=path, phrase="seven grey owls sing low")
    assert "from the left 1, from the top 1, wide 5, high 5" in picture.get("/evidence/1/copy/cover").text


def test_throwing_away_keeps_the_marks_unless_they_are_to_go_too(picture: Served) -> None:
    picture.post("/evidence/1/copy/box", left="1", top="1", wide="5", high="5")
    made(picture, 1)
    picture.post("/evidence/1/copy/throw")
    assert draft(picture, 1).tried is None
    assert len(draft(picture, 1).boxes) == 1
    made(picture, 1)
    picture.post("/evidence/1/copy/throw", marks="yes")
    assert draft(picture, 1).boxes == ()
    assert len(vault_of(picture).blobs.all()) == 1
    assert "no copy to look at" in picture.get("/evidence/1/copy/tried").text


def test_a_box_lies_on_its_page_or_on_every_page(opened: Served) -> None:
    frames = [originals.scene(tone=tone) for tone in (0, 80)]
    number = kept(opened, originals.saved(frames[0], "TIFF", save_all=True, append_images=frames[1:]))
    page = opened.get(f"/evidence/{number}/copy/cover?page=2").text
    assert "1 to 2" in page
    press(opened, number, 10, 10, page="2")
    press(opened, number, 20, 20, page="2")
    opened.post(f"/evidence/{number}/copy/box", left="1", top="1", wide="5", high="5", every="yes")
    one, every = draft(opened, number).boxes
    assert (one.first, one.last) == (2, 2)
    assert every.last is None
    page = opened.get(f"/evidence/{number}/copy/cover").text
    assert "Page 2:" in page
    assert "Every page:" in page


def test_a_corner_counts_on_its_own_page_only(opened: Served) -> None:
    frames = [originals.scene(tone=tone) for tone in (0, 80)]
    number = kept(opened, originals.saved(frames[0], "TIFF", save_all=True, append_images=frames[1:]))
    press(opened, number, 10, 10, page="1")
    assert "first corner is set" in press(opened, number, 20, 20, page="2").text
    assert draft(opened, number).boxes == ()


def test_a_film_is_covered_for_a_stretch_and_silenced(opened: Served) -> None:
    number = kept(opened, originals.film())
    press(opened, number, 40, 30, moment="1000")
    wrong = press(opened, number, 120, 90, moment="1000", **{"from": "0:01", "to": "soon"})
    assert "Write a time as 0:05" in wrong.text
    press(opened, number, 120, 90, moment="1000", **{"from": "0:01", "to": "0:02"})
    opened.post(f"/evidence/{number}/copy/silence", {"from": "0:00.5", "to": "0:01"})
    marked = draft(opened, number)
    assert marked.boxes[0].span is not None
    assert (marked.boxes[0].span.first, marked.boxes[0].span.last) == (1000, 2000)
    assert (marked.silences[0].first, marked.silences[0].last) == (500, 1000)
    page = made(opened, number)
    assert "painted over in black" in page.text
    assert "made silent" in page.text


def test_sound_has_stretches_and_no_picture(opened: Served) -> None:
    number = kept(opened, originals.rich(Form.MP3))
    page = opened.get(f"/evidence/{number}/copy/cover").text
    assert "<img" not in page
    assert 'type="image"' not in page
    opened.post(f"/evidence/{number}/copy/silence", {"from": "0:00", "to": "0:01"})
    assert "made silent" in made(opened, number).text


def test_a_box_that_cannot_be_is_said_on_a_page_and_stays(picture: Served) -> None:
    press(picture, 1, 10, 10, page="3")
    press(picture, 1, 20, 20, page="3")
    picture.post("/evidence/1/copy/try", follow=False)
    work = picture.program.session.work
    assert work is not None
    while not work.ended:
        time.sleep(0.05)
    assert "there are 1 pages or frames, and 3 was named" in picture.get("/progress").text
    assert len(draft(picture, 1).boxes) == 1


def test_pictures_are_drawn_at_the_widths_of_the_pages_only(picture: Served) -> None:
    for path, wanted in (
        ("seen.jpg?width=640", 200),
        ("seen.jpg?width=641", 404),
        ("seen.jpg", 404),
        ("seen.jpg?width=640&page=-1&at=never", 200),
        ("tried.jpg?width=256", 400),
    ):
        assert picture.ask("GET", f"/evidence/1/copy/{path}").status == wanted, path


def test_the_picture_that_a_browser_chose_says_how_wide_its_window_is(picture: Served) -> None:
    assert "width=640" in picture.get("/evidence/1/copy/cover").text
    picture.ask("GET", "/evidence/1/copy/seen.jpg?width=288&window=yes")
    assert "width=288" in picture.get("/evidence/1/copy/cover").text
