"""The drawer's own process: a picture or a page of a PDF, however hostile, becomes a plain JPEG here or nothing does.

Started by holdfire.documents.drawing as `python -m holdfire.documents.drawing_child FORM EDGE PAGE`. The file is its
standard input; how many pages there are, a line break and the JPEG go to standard output. It has no key, can open
nothing, and is given little time and memory (decision 0080).
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import Final

from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from holdfire.documents.confinement import confine

if sys.platform != "win32":
    import resource

#: Pixels of a picture that is decoded whole: three bytes each, and a copy, are within the addresses below.
_MOST_PIXELS: Final = 120_000_000
#: A JPEG is decoded at an eighth of its size where that is enough, so it may have more.
_MOST_JPEG_PIXELS: Final = 1_000_000_000
_SECONDS: Final = 20
#: Bytes of addresses beside the file: 120 million pixels of four bytes, turned upright, and the libraries.
_ADDRESSES: Final = 1_600 << 20
_QUALITY: Final = 80
_DECODERS: Final = {
    "jpeg": JpegImagePlugin.JpegImageFile.format,
    "png": PngImagePlugin.PngImageFile.format,
    "gif": GifImagePlugin.GifImageFile.format,
    "webp": WebPImagePlugin.WebPImageFile.format,
    "tiff": TiffImagePlugin.TiffImageFile.format,
    "avif": AvifImagePlugin.AvifImageFile.format,
}


def main() -> None:
    """Draw what is on standard input, and write it to standard output; nothing where it cannot be drawn."""
    form, edge, page = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    out = os.fdopen(os.dup(1), "wb")
    with os.fdopen(0, "rb", closefd=False) as stream:
        content = stream.read()
    draw = _pdf_drawer(page) if form == "pdf" else _picture_drawer(form)
    # Pillow loads what it needs when it first needs it; afterwards it could not.
    Image.preinit()
    _jpeg(Image.new("RGBA", (1, 1)))
    if form != "pdf":
        draw(_sample(_DECODERS[form]), 1)
    confine(2 * len(content) + _ADDRESSES)
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    pages, image = draw(content, edge)
    out.write(b"%d\n" % pages + _jpeg(image))
    out.flush()
    # Ending without the libraries' own clearing away: a file may have broken that, too.
    os._exit(0)


def _sample(form: str | None) -> bytes:
    """Return a harmless file of this form, of two frames where it can have them."""
    made = io.BytesIO()
    first, second = (Image.new("RGB", (8, 8), colour) for colour in ("white", "black"))
    moving = (
        {"save_all": True, "append_images": [second]} if form == GifImagePlugin.GifImageFile.format else {}
    )
    first.save(made, form, **moving)
    return made.getvalue()


def _jpeg(image: Image.Image) -> bytes:
    made = io.BytesIO()
    # A new picture: nothing that hung on the old one comes along.
    plain = Image.new("RGB", image.size, "white")
    plain.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    plain.save(made, "JPEG", quality=_QUALITY)
    return made.getvalue()


_Drawer = Callable[[bytes, int], tuple[int, Image.Image]]


def _picture_drawer(form: str) -> _Drawer:
    decoder = _DECODERS[form]
    # The number is judged below, for each form.
    Image.MAX_IMAGE_PIXELS = None

    def draw(content: bytes, edge: int) -> tuple[int, Image.Image]:
        image = Image.open(io.BytesIO(content), formats=[decoder] if decoder else [])
        width, height = image.size
        if width * height > (_MOST_JPEG_PIXELS if form == "jpeg" else _MOST_PIXELS):
            sys.exit(1)
        image.draft("RGB", (edge, edge))
        if image.width * image.height > _MOST_PIXELS:
            sys.exit(1)
        image.thumbnail((edge, edge), reducing_gap=2.0)
        upright = ImageOps.exif_transpose(image)
        return 1, upright.convert(
            "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB"
        )

    return draw


def _pdf_drawer(page: int) -> _Drawer:
    import pypdfium2  # noqa: PLC0415 -- only for this form, and before nothing can be opened any more

    def draw(content: bytes, edge: int) -> tuple[int, Image.Image]:
        document = pypdfium2.PdfDocument(content)
        pages = len(document)
        shown = document[min(max(page, 1), pages) - 1]
        scale = edge / max(*shown.get_size(), 1)
        return pages, shown.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")

    return draw


if __name__ == "__main__":
    main()
