"""QR codes, read by another maker's reader."""

from __future__ import annotations

from io import BytesIO

import zxingcpp
from PIL import Image

from holdfire.typesetting.code import draw_code

#: As long as a code of a desk can be.
TEXT = f"holdfire:desk?id={'a1' * 32}&sheet={'0f' * 32}&at=https://" + "a" * 116 + ".org"


def test_another_makers_reader_reads_what_was_drawn() -> None:
    with Image.open(BytesIO(draw_code(TEXT, "png"))) as picture:
        (found,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert (found.format, found.text) == (zxingcpp.BarcodeFormat.QRCode, TEXT)


def test_the_same_text_gives_the_same_bytes_and_another_text_others() -> None:
    for kind in ("svg", "png"):
        assert draw_code(TEXT, kind) == draw_code(TEXT, kind)
        assert draw_code(TEXT, kind) != draw_code(TEXT + "m", kind)


def test_a_drawing_holds_no_script_style_or_word() -> None:
    drawn = draw_code(TEXT, "svg")
    for part in (b"<script", b"style", b"href", b"<text", b"segno", b"<!--"):
        assert part not in drawn.lower()
