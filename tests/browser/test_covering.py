"""Covering by hand in a real browser without scripts: by presses of a mouse, and by keys alone; what is saved has no pixel of it."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator

import originals
from holdfire.evidence.copies.form import Form
from holdfire.evidence.copies.strict.check import check
from holdfire.journeys.keep_evidence import add_evidence, all_evidence, stream_evidence
from holdfire.vault.vault import Vault
from simulators.served import BEGIN
from simulators.visiting import Visit, Visiting

pytestmark = pytest.mark.browser

FACE = (600, 300, 900, 700)
SKIN = (230, 180, 150)


def photo() -> bytes:
    """A picture of 1,600 by 1,200 with a face of one colour that stands nowhere else, and Exif."""
    image = Image.new("RGB", (1600, 1200), (40, 90, 160))
    ImageDraw.Draw(image).ellipse(FACE, fill=SKIN)
    exif = Image.Exif()
    exif[0x010F] = "Examplephone"
    return originals.saved(image, "JPEG", quality=92, exif=exif)


def with_item(one: Visit, data: bytes) -> Vault:
    session = one.served.program.session
    vault = session._thread.submit(Vault.in_memory).result()
    session.opened(vault, pretend=False)
    session._thread.submit(add_evidence, vault, (data,), BEGIN, title="Square").result()
    return vault


def the_copy(one: Visit, vault: Vault) -> bytes:
    def read() -> bytes:
        (copy,) = [each.value for each in all_evidence(vault) if each.value.copy_of == 1]
        return b"".join(stream_evidence(vault, copy.number))

    return one.served.program.session._thread.submit(read).result()


def skin_in(data: bytes) -> int:
    """Count the pixels that look like the face."""
    with Image.open(io.BytesIO(data)) as image:
        colours = image.convert("RGB").getcolors(1 << 24) or []
    return sum(
        count
        for count, colour in colours
        if isinstance(colour, tuple) and all(abs(a - b) < 60 for a, b in zip(colour, SKIN, strict=True))
    )


def press_at(what: Locator, across: float, down: float) -> None:
    """Press on a place of the picture, in parts of its width and height as it is shown."""
    box = what.bounding_box()
    assert box is not None
    with what.page.expect_navigation(wait_until="load"):
        what.click(position={"x": box["width"] * across, "y": box["height"] * down})


def press(one: Visit, name: str) -> None:
    with one.page.expect_navigation(wait_until="load"):
        one.page.get_by_role("button", name=name).click()


def finish(one: Visit, vault: Vault) -> bytes:
    """Make the copy, look at both pictures, keep it, and return its bytes."""
    one.page.wait_for_url("**/tried**", timeout=60_000)
    one.page.wait_for_load_state("networkidle")
    seen = one.page.locator("picture img")
    assert seen.count() == 2
    for number in range(2):
        box = seen.nth(number).bounding_box()
        assert box is not None
        assert box["height"] > 100
    assert one.overflow == 0
    press(one, "Keep this copy")
    return the_copy(one, vault)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_face_is_covered_by_two_presses(visit: Visiting, width: int) -> None:
    one = visit(width=width)
    vault = with_item(one, photo())
    one.go("/evidence/1/copy")
    one.page.wait_for_load_state("networkidle")
    with one.page.expect_navigation(wait_until="load"):
        one.page.get_by_role("link", name="Mark parts").click()
    picture = one.page.locator('input[type="image"]')
    box = picture.bounding_box()
    assert box is not None
    assert box["width"] == (640 if width == 1280 else 288)
    assert one.overflow == 0
    press_at(picture, FACE[0] / 1600, FACE[1] / 1200)
    assert "The first corner is set" in one.text
    press_at(one.page.locator('input[type="image"]'), FACE[2] / 1600, FACE[3] / 1200)
    assert "Take back the last" in one.text
    press(one, "Make the copy, and look at it")
    data = finish(one, vault)
    check(data, Form.JPEG)
    assert skin_in(photo()) > 50_000
    assert skin_in(data) == 0
    assert b"Examplephone" not in data


def test_a_face_is_covered_by_keys_alone(visit: Visiting) -> None:
    one = visit(width=1024)
    vault = with_item(one, photo())
    one.go("/evidence/1/copy/cover")
    page = one.page
    page.locator('input[type="image"]').focus()
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    assert "With the keyboard, set a box by its four numbers." in one.text
    page.locator("#left").focus()
    for typed in ("37", "25", "20", "34"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    assert "from the left 37, from the top 25, wide 20, high 34" in one.text
    page.get_by_role("button", name="Make the copy, and look at it").focus()
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    page.wait_for_url("**/tried**", timeout=60_000)
    page.get_by_role("button", name="Keep this copy").focus()
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    assert skin_in(the_copy(one, vault)) == 0
