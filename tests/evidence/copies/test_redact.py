"""What is covered is not in the copy: two originals that differ only under a box give the same bytes."""

from __future__ import annotations

import io
import re
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import originals
from holdfire.evidence.copies.form import Form
from holdfire.evidence.copies.redact import redact
from holdfire.evidence.copies.refusals import CopyRefusedError
from holdfire.evidence.copies.spec import Box, Spec, SpecError, parse_spec

SIZE = (160, 120)


def with_inside(box: Box, tone: int) -> Image.Image:
    """The scene with something else under the box."""
    image = originals.scene(*SIZE)
    left, top, right, bottom = box.on(*SIZE)
    image.paste(originals.scene(right - left, bottom - top, tone=tone).rotate(90, expand=False), (left, top))
    return image


def pixels(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image.convert("RGB")


boxes = st.builds(
    Box,
    st.integers(0, SIZE[0] - 2), st.integers(0, SIZE[1] - 2), st.integers(1, 90), st.integers(1, 90),
)  # fmt: skip


@given(box=boxes, form=st.sampled_from(["PNG", "TIFF"]))
def test_only_pixels_outside_a_box_are_told(box: Box, form: str) -> None:
    one, other = (
        redact(originals.saved(with_inside(box, tone), form), Spec((box,))).data for tone in (3, 77)
    )
    assert one == other
    left, top, right, bottom = box.on(*SIZE)
    covered = pixels(one).crop((left, top, right, bottom))
    assert covered.getcolors() == [((right - left) * (bottom - top), (0, 0, 0))]


@given(
    box=boxes, quality=st.sampled_from([20, 60, 95]), sampling=st.sampled_from(["4:4:4", "4:2:2", "4:2:0"])
)
def test_a_jpeg_tells_nothing_through_the_blocks_around_a_box(box: Box, quality: int, sampling: str) -> None:
    one, other = (
        redact(
            originals.saved(with_inside(box, tone), "JPEG", quality=quality, subsampling=sampling),
            Spec((box,)),
        ).data
        for tone in (3, 77)
    )
    assert one == other


@pytest.mark.parametrize("turn", [3, 6, 8])
def test_boxes_are_counted_on_the_upright_picture(turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    turned = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}[
        turn
    ]
    copy = redact(
        originals.saved(originals.scene(*SIZE).transpose(turned), "PNG", exif=exif), parse_spec("10,20,30,40")
    )
    seen = pixels(copy.data)
    assert seen.size == SIZE
    assert seen.crop((10, 20, 40, 60)).getcolors() == [(1200, (0, 0, 0))]
    assert seen.getpixel((9, 20)) != (0, 0, 0)


@pytest.mark.parametrize("form", [Form.WEBP, Form.AVIF, Form.HEIC, Form.JXL])
@pytest.mark.parametrize(("colour", "value"), [("black", 0), ("white", 255), ("grey", 128)])
def test_every_other_picture_is_covered_in_one_colour(form: Form, colour: Any, value: int) -> None:
    copy = redact(originals.rich(form), parse_spec("25%,25%,50%,50%", colour), Form.PNG)
    inside = pixels(copy.data).crop((40, 30, 120, 90))
    assert inside.getcolors() == [(80 * 60, (value, value, value))]


def test_one_frame_or_all_of_them() -> None:
    frames = [originals.scene(*SIZE, tone=tone) for tone in (0, 90)]
    data = originals.saved(
        frames[0], "PNG", save_all=True, append_images=frames[1:], duration=80, default_image=False
    )
    for text, dark in (("frame 2: 10,10,20,20", [False, True]), ("10,10,20,20", [True, True])):
        copy = redact(data, parse_spec(text))
        with Image.open(io.BytesIO(copy.data)) as seen:
            for number, covered in enumerate(dark):
                seen.seek(number)
                assert (
                    seen.convert("RGB").crop((10, 10, 30, 30)).getcolors() == [(400, (0, 0, 0))]
                ) is covered


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("page 3: 1,2,3,4", SpecError, "there are 1 pages"),
        ("500,500,3,4", SpecError, "outside the page"),
        ("sound 0:01-0:02", CopyRefusedError, "no sound"),
        ("time 0:01-0:02: 1,2,3,4", CopyRefusedError, "no times"),
    ],
)
def test_wishes_that_cannot_be_kept_are_refused(text: str, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        redact(originals.rich(Form.JPEG), parse_spec(text))


HIDDEN = "Anna Secretname 4242"
PAGE = (
    "#place(dx: 40pt, dy: 20pt)[Everybody to the square.]\n#place(dx: 40pt, dy: 60pt, text(size: 20pt)[{}])"
)
#: The name stands from 40 to 240 points across and 60 to 80 down, inside margins; 150 dots are 72 points.
BOX = "page 1: 60,140,565,110"


def test_a_paper_tells_only_what_is_beside_the_box() -> None:
    one, other = (
        redact(originals.pdf(PAGE.format(name)), parse_spec(BOX)).data
        for name in (HIDDEN, "Boris Otherman 77")
    )
    assert one == other


def test_three_readers_find_no_sign_and_no_pixel(tmp_path: Path) -> None:
    original = originals.pdf(PAGE.format(HIDDEN), "Second page")
    copy = redact(original, parse_spec(BOX))
    path = tmp_path / "copy.pdf"
    path.write_bytes(copy.data)
    (tmp_path / "original.pdf").write_bytes(original)

    def public(name: str) -> str:
        return subprocess.run(
            ["pdftotext", name, "-"], cwd=tmp_path, check=True, capture_output=True, text=True
        ).stdout

    assert "Secretname" in public("original.pdf")  # the reader can find it where it is
    assert public("copy.pdf").strip("\f\n ") == ""
    document = pypdfium2.PdfDocument(copy.data)
    assert [page.get_textpage().get_text_range() for page in document] == ["", ""]
    drawn = document[0].render(scale=150 / 72).to_pil().convert("L")
    assert max(drawn.crop((60, 140, 625, 250)).tobytes()) < 16  # JPEG leaves black almost black
    document.close()
    with pikepdf.open(io.BytesIO(copy.data)) as read:
        for held in read.objects:
            if isinstance(held, pikepdf.Stream):
                assert b"Secretname" not in held.read_raw_bytes()
                assert held.get("/Filter") in {None, "/DCTDecode"}
        for number, page in enumerate(read.pages):
            (photo,) = page.get_images().values()
            seen = pixels(photo.read_raw_bytes())
            if number == 0:
                assert max(seen.convert("L").crop((60, 140, 625, 250)).tobytes()) < 16


def test_a_black_bar_laid_over_text_by_somebody_else_is_burnt_in_too() -> None:
    bar = PAGE.format(HIDDEN) + "\n#place(dx: 30pt, dy: 55pt, rect(width: 240pt, height: 30pt, fill: black))"
    copy = redact(originals.pdf(bar), parse_spec("0,0,5,5"))
    for stream in re.findall(rb"stream\n(.*?)\nendstream", copy.data, re.DOTALL):
        assert b"Secretname" not in stream
        try:
            assert b"Secretname" not in zlib.decompress(stream)
        except zlib.error:
            continue


def test_office_files_are_covered_as_pages() -> None:
    copy = redact(originals.rich(Form.DOCX), parse_spec("all: 0%,0%,100%,100%"))
    document = pypdfium2.PdfDocument(copy.data)
    assert max(document[0].render(scale=1).to_pil().convert("L").tobytes()) < 16
    document.close()


def test_what_a_copy_can_still_tell_is_said() -> None:
    plain, packed = (redact(originals.rich(form), parse_spec("1,1,20,20")) for form in (Form.PNG, Form.JPEG))
    assert any("size of a box" in sentence for sentence in plain.left)
    assert any("smear" in sentence for sentence in packed.left)
    assert "covered" in {step.name for step in packed.steps}
    assert all(step.said() for step in packed.steps)
