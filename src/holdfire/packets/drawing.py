"""The process that draws: PDFs and pictures become pixels here, apart from the open vault.

The libraries that read PDF, JPEG and PNG are large and written in C; a hostile file can break them. Here there is no vault and no key,
nothing can be opened, written or connected to (decision 0080), memory is bounded, and no dump is left. It reads one file from its standard input,
then one JSON line for each question, and answers with a JSON line and, after it, as many bytes as that says.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from typing import Any, BinaryIO, Final

import pypdfium2
from PIL import Image, ImageChops, ImageOps
from pypdfium2 import raw

from holdfire.documents.confinement import confine
from holdfire.documents.encoding import load_encodings

#: Bytes the process may take; a page of 2,000 by 3,000 pixels takes 24 million.
MEMORY: Final = 1_500 * 1024 * 1024
#: Pixels of a picture that are decoded at most.
MOST_PIXELS: Final = 120_000_000
_QUALITY: Final = 85


class Drawn:
    """One open file: how many pages, the text of each, each as a picture."""

    def __init__(self, content: bytes, form: str) -> None:
        self.form = form
        if form == "pdf":
            self._pdf = pypdfium2.PdfDocument(content)
        else:
            Image.MAX_IMAGE_PIXELS = MOST_PIXELS
            self._image = Image.open(io.BytesIO(content), formats=[form.upper()])

    def pages(self) -> int:
        """Return how many pages it has."""
        return len(self._pdf) if self.form == "pdf" else 1

    def text(self, page: int) -> str:
        """Return the text of a page of a PDF, which is empty where the page is a picture."""
        with self._flat(page) as one, contextlib.closing(one.get_textpage()) as words:
            text: str = words.get_text_bounded(errors="replace")
        return text

    def picture(self, page: int, width: int, height: int) -> tuple[dict[str, Any], bytes]:
        """Return a page drawn to fit into `width` by `height` pixels, as JPEG without any metadata."""
        image = self._page(page, width, height) if self.form == "pdf" else self._photograph(width, height)
        red, green, blue = image.split()
        grey = all(ImageChops.difference(red, other).getextrema() == (0, 0) for other in (green, blue))
        if grey:
            image = red
        # What the original carried beside its pixels, such as a comment, would be written again.
        image.info = {}
        out = io.BytesIO()
        image.save(out, "JPEG", quality=_QUALITY, subsampling=0, optimize=False)
        return {"width": image.width, "height": image.height, "grey": grey}, out.getvalue()

    def _flat(self, page: int) -> contextlib.closing[Any]:
        """Return a page whose notes and filled fields are part of it, so that what is drawn is what is searched."""
        with contextlib.closing(self._pdf[page]) as one:
            if raw.FPDFPage_Flatten(one, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_FAIL:
                raise ValueError("cannot be flattened")
        return contextlib.closing(self._pdf[page])

    def _page(self, page: int, width: int, height: int) -> Image.Image:
        with self._flat(page) as one:
            wide, high = one.get_size()
            scale = min(width / max(wide, 1.0), height / max(high, 1.0))
            bitmap = one.render(scale=scale, fill_color=(255, 255, 255, 255))
            with contextlib.closing(bitmap):
                drawn: Image.Image = bitmap.to_pil().convert("RGB")
                return drawn

    def _photograph(self, width: int, height: int) -> Image.Image:
        self._image.draft("RGB", (width, height))
        image: Image.Image = ImageOps.exif_transpose(self._image)
        if image.has_transparency_data:
            ground = Image.new("RGBA", image.size, "white")
            ground.alpha_composite(image.convert("RGBA"))
            image = ground
        image = image.convert("RGB")
        image.thumbnail((width, height), Image.Resampling.LANCZOS)
        return image


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    """Read one file, then answer until nothing more is asked."""
    about = json.loads(asked.readline())
    content = _rest(asked, about["chunks"])
    try:
        drawn = Drawn(content, about["form"])
        _answer(answers, {"pages": drawn.pages()})
    except Exception as fault:  # noqa: BLE001 - whatever these libraries say, the file cannot be drawn
        _answer(answers, {"fault": _why(fault)})
        return
    for line in iter(asked.readline, b""):
        question = json.loads(line)
        try:
            if question["ask"] == "text":
                _answer(answers, {}, drawn.text(question["page"]).encode("utf-8", "replace"))
            else:
                _answer(answers, *drawn.picture(question["page"], question["width"], question["height"]))
        except Exception as fault:  # noqa: BLE001 - as above, of one page
            _answer(answers, {"fault": _why(fault)})


def _why(fault: Exception) -> str:
    return "password" if "password" in str(fault).lower() else "broken"


def _rest(asked: BinaryIO, chunks: bool) -> bytes:  # noqa: FBT001
    parts = []
    while chunks and (size := int.from_bytes(asked.read(4), "big")):
        parts.append(asked.read(size))
    return b"".join(parts)


def _answer(answers: BinaryIO, about: dict[str, Any], content: bytes = b"") -> None:
    answers.write(json.dumps({**about, "size": len(content)}).encode() + b"\n" + content)
    answers.flush()


def load() -> None:
    """Load what these libraries would load later: once the process is confined, nothing can be opened."""
    import PIL.JpegImagePlugin  # noqa: PLC0415
    import PIL.PngImagePlugin  # noqa: F401, PLC0415

    Image.init()
    out = io.BytesIO()
    Image.new("RGBA", (2, 2)).convert("RGB").save(out, "JPEG", quality=_QUALITY, subsampling=0)
    ImageOps.exif_transpose(Image.open(io.BytesIO(out.getvalue()), formats=["JPEG"]))
    load_encodings()


if __name__ == "__main__":
    load()
    confine(MEMORY)
    serve(sys.stdin.buffer, sys.stdout.buffer)
