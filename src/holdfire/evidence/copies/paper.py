"""PDF drawn page by page as pictures, covered where asked, and written anew: nothing of the old file but what was seen."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pypdfium2
from PIL import Image, ImageDraw

from holdfire.evidence.copies.bounds import PAGE_PIXELS, PAGES, STILL_BYTES, Progress, untold
from holdfire.evidence.copies.refusals import CopyRefusedError, decoding, too_large
from holdfire.evidence.copies.sayings import LOCKED_PDF, NO_PAGE
from holdfire.evidence.copies.spec import Box

#: Dots an inch at which pages are drawn, and at which the pixels of boxes are counted.
DOTS: Final = 150
_POINTS: Final = 72
_QUALITY: Final = 85
#: Pixels added around each box: what is drawn at the edge of a letter is softened over one pixel, and a picture in
#: the page that is drawn larger than it is over two more.
_SMEAR: Final = 3
#: PDFium keeps state that all threads share.
_ONE_AT_A_TIME: Final = threading.Lock()


@dataclass(frozen=True)
class DrawnPage:
    """One page as a JPEG.

    Attributes:
        jpeg: The picture.
        width, height: Its size in pixels, at `DOTS` an inch.
    """

    jpeg: bytes
    width: int
    height: int


def draw_pages(
    data: bytes, boxes: Sequence[Box] = (), colour: str = "black", progress: Progress = untold
) -> tuple[DrawnPage, ...]:
    """Return every page as a picture, with the boxes painted on before it is packed.

    Args:
        data: The PDF.
        boxes: What to cover; pixels are counted at `DOTS` an inch.
        colour: "black", "white" or "grey".
        progress: Told of pages drawn, and of all.

    Raises:
        CopyRefusedError: It is damaged, locked, or has too many or too large pages.
        SpecError: A box lies on no page.
    """
    if len(data) > STILL_BYTES:
        raise too_large("bytes", STILL_BYTES)
    with _ONE_AT_A_TIME, decoding():
        document = _opened(data)
        try:
            count = len(document)
            if count > PAGES:
                raise too_large("pages", PAGES)
            if not count:
                raise CopyRefusedError(NO_PAGE)
            numbered = [(number, box) for box in boxes for number in box.numbers(count)]
            pages = []
            for number in range(count):
                pages.append(_drawn(document, number, [box for on, box in numbered if on == number], colour))
                progress(number + 1, count)
            return tuple(pages)
        finally:
            document.close()


def draw_page(data: bytes, number: int) -> tuple[Image.Image, int]:
    """Return one page, counted from 0, as it is drawn at `DOTS` an inch, and how many there are.

    Raises:
        CopyRefusedError: As `draw_pages`.
    """
    if len(data) > STILL_BYTES:
        raise too_large("bytes", STILL_BYTES)
    with _ONE_AT_A_TIME, decoding():
        document = _opened(data)
        try:
            count = len(document)
            if count > PAGES:
                raise too_large("pages", PAGES)
            if not count:
                raise CopyRefusedError(NO_PAGE)
            return _image_of(document, min(number, count - 1)), count
        finally:
            document.close()


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        if "assword" in str(fault):
            raise CopyRefusedError(LOCKED_PDF) from None
        raise


def _image_of(document: pypdfium2.PdfDocument, number: int) -> Image.Image:
    page = document[number]
    try:
        wide, tall = page.get_size()
        scale = DOTS / _POINTS
        if wide * scale * tall * scale > PAGE_PIXELS:
            raise too_large("pixels on a page", PAGE_PIXELS)
        bitmap = page.render(scale=scale, rev_byteorder=True, draw_annots=True, may_draw_forms=False)
        try:
            image: Image.Image = bitmap.to_pil().convert("RGB")
        finally:
            bitmap.close()
    finally:
        page.close()
    return image


def _drawn(document: pypdfium2.PdfDocument, number: int, boxes: Sequence[Box], colour: str) -> DrawnPage:
    image = _image_of(document, number)
    paint = ImageDraw.Draw(image)
    for box in boxes:
        left, top, right, bottom = box.on(image.width, image.height)
        paint.rectangle((left - _SMEAR, top - _SMEAR, right - 1 + _SMEAR, bottom - 1 + _SMEAR), fill=colour)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return DrawnPage(out.getvalue(), image.width, image.height)


def bind(pages: Sequence[DrawnPage]) -> bytes:
    """Return a PDF 1.4 of these pictures: no information, no identifier, no date, no name of a program.

    The file's form is written down in docs/formats/working-copies.md, and read again by `strict.pdf`.
    """
    kids = " ".join(f"{3 + 3 * number} 0 R" for number in range(len(pages)))
    objects: list[tuple[bytes, ...]] = [
        (b"<</Type/Catalog/Pages 2 0 R>>",),
        (f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),),
    ]
    for page in pages:
        objects += _objects_of(page, 1 + len(objects))
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, parts in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number
        for part in parts:
            out += part
        out += b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def _objects_of(page: DrawnPage, first: int) -> Iterator[tuple[bytes, ...]]:
    wide, tall = (b"%.2f" % (side * _POINTS / DOTS) for side in (page.width, page.height))
    yield (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %b %b]" % (wide, tall),
        b"/Resources<</XObject<</P %d 0 R>>>>/Contents %d 0 R>>" % (first + 2, first + 1),
    )
    content = b"%b 0 0 %b 0 0 cm /P Do" % (wide, tall)
    yield b"<</Length %d>>\nstream\n" % len(content), content, b"\nendstream"
    yield (
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d" % (page.width, page.height),
        b"/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length %d>>\nstream\n" % len(page.jpeg),
        page.jpeg,
        b"\nendstream",
    )
