"""A picture or a page becomes a small JPEG in a process without keys; a hostile one becomes nothing."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from holdfire.documents.drawing import DRAWN, MOST_BYTES, SMALL_EDGE, Drawing, _judged, draw

FORMS = {"jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP", "tiff": "TIFF", "avif": "AVIF"}


def picture(form: str, size: tuple[int, int] = (400, 200), mode: str = "RGB", **more: object) -> bytes:
    held = io.BytesIO()
    Image.new(mode, size, "teal" if mode != "1" else 1).save(held, FORMS[form], **more)
    return held.getvalue()


def shown(drawing: Drawing | None) -> Image.Image:
    assert drawing is not None
    return Image.open(io.BytesIO(drawing.jpeg))


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_drawn(form: str) -> None:
    image = shown(draw(picture(form), form, SMALL_EDGE))
    assert (image.format, image.size) == ("JPEG", (160, 80))
    red, green, blue = image.convert("RGB").getpixel((80, 40))  # type: ignore[misc]
    assert red < 30
    assert abs(green - 128) < 30
    assert abs(blue - 128) < 30


def test_a_page_of_a_pdf_is_drawn_and_the_pages_are_counted() -> None:
    held = io.BytesIO()
    pages = [Image.new("RGB", (200, 300), colour) for colour in ("white", "red", "blue")]
    pages[0].save(held, "PDF", save_all=True, append_images=pages[1:])
    second, beyond = draw(held.getvalue(), "pdf", 300, 2), draw(held.getvalue(), "pdf", 300, 99)
    assert second is not None
    assert second.pages == 3
    assert shown(second).size == (200, 300)
    assert shown(second).convert("RGB").getpixel((9, 9))[0] > 200  # type: ignore[index]
    assert shown(beyond).convert("RGB").getpixel((9, 9))[2] > 200  # type: ignore[index]


def test_nothing_that_hung_on_the_picture_comes_along_but_its_turning() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9286] = 6, "Maker of Phones", "told in secret"
    drawn = draw(picture("jpeg", exif=exif.tobytes(), comment=b"in secret"), "jpeg", SMALL_EDGE)
    image = shown(drawn)
    assert image.size == (80, 160)
    assert not image.getexif()
    assert drawn is not None
    assert b"secret" not in drawn.jpeg


def announced(width: int, height: int) -> bytes:
    """A PNG that says it is larger than any memory."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1 << 20)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b"", "jpeg"),
        (b"\xff\xd8\xff" + bytes(100), "jpeg"),
        (picture("png")[:90], "png"),
        (announced(60_000, 60_000), "png"),
        (announced(2_000_000_000, 1), "png"),
        (picture("png", (40_000, 40_000), "1"), "png"),
        (picture("gif")[:-9] + bytes(9), "tiff"),
        (picture("png"), "jpeg"),
        (b"%PDF-1.7\n" + b"<<" * 100_000, "pdf"),
        (b"<svg/>", "text"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_or_is_too_large_becomes_nothing(content: bytes, form: str) -> None:
    assert draw(content, form, SMALL_EDGE) is None


def test_a_file_beyond_the_bound_is_not_even_sent() -> None:
    assert draw(bytes(MOST_BYTES + 1), "jpeg", SMALL_EDGE) is None


@pytest.mark.parametrize(
    "said",
    [b"", b"1", b"x\n\xff\xd8\xff\xff\xd9", b"1\n<html>", b"1\n\xff\xd8\xff", b"9" * 30 + b"\n\xff\xd8\xff\xff\xd9",
     b"1\n\xff\xd8\xff" + bytes(5 << 20) + b"\xff\xd9"],
)  # fmt: skip
def test_what_the_process_says_is_believed_only_as_a_bounded_jpeg(said: bytes) -> None:
    assert _judged(said) is None


def test_drawing_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert draw(picture("png"), "png", SMALL_EDGE) is not None
    assert list(tmp_path.iterdir()) == []
    assert "pdf" in DRAWN
