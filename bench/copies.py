"""Working copies: a photo of 12 megapixels beside bare Pillow, and covered pages of a PDF beside bare PDFium."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable

import pypdfium2
import typst
from PIL import Image

from bench.measure import Measure, medians, small
from holdfire.evidence.apart.asking import Wish, copy_apart
from holdfire.evidence.copies.redact import redact
from holdfire.evidence.copies.scrub import scrub
from holdfire.evidence.copies.spec import parse_spec

WISHES = parse_spec("all: 10%,20%,30%,5%\nall: 50%,50%,20%,10%")


def photo() -> bytes:
    """A noisy picture of 4,000 × 3,000 with Exif, as a phone makes them."""
    scene = Image.linear_gradient("L").resize((4000, 3000)).convert("RGB")
    noise = Image.effect_noise((4000, 3000), 40).convert("RGB")
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Examplephone", 6
    out = io.BytesIO()
    Image.blend(scene, noise, 0.25).save(out, "JPEG", quality=92, exif=exif)
    return out.getvalue()


def bare_photo(data: bytes) -> None:
    """What there is at least to do: unpack, turn, pack."""
    with Image.open(io.BytesIO(data)) as image:
        image.transpose(Image.Transpose.ROTATE_270).save(io.BytesIO(), "JPEG", quality=90)


def paper(pages: int) -> bytes:
    """Full pages of text on A4."""
    source = '#set page(paper: "a4")\n' + "\n#pagebreak()\n".join(["#lorem(520)"] * pages)
    made = typst.compile(source.encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


def bare_pages(data: bytes) -> None:
    document = pypdfium2.PdfDocument(data)
    for page in document:
        page.render(scale=150 / 72)
    document.close()


def cpu(work: Callable[[], object]) -> float:
    """Return the seconds of CPU that `work` takes in this process; the machine may be busy with others."""
    start = time.process_time()
    work()
    return time.process_time() - start


def cpu_with_children(work: Callable[[], object]) -> float:
    """Return the seconds of CPU that `work` takes in this process and in those it starts and waits for."""
    start = os.times()
    work()
    end = os.times()
    return sum(end[:4]) - sum(start[:4])


def main() -> list[Measure]:
    rounds, pages = (1, 4) if small() else (7, 40)
    picture, written = photo(), paper(pages)
    taken = medians(rounds, {
        "scrub": lambda: cpu(lambda: scrub(picture)),
        "scrub apart": lambda: cpu_with_children(lambda: copy_apart((picture,), Wish())),
        "bare photo": lambda: cpu(lambda: bare_photo(picture)),
        "redact": lambda: cpu(lambda: redact(written, WISHES)),
        "bare pages": lambda: cpu(lambda: bare_pages(written)),
    })  # fmt: skip
    return [
        Measure("a photo of 12 megapixels scrubbed, CPU", taken["scrub"], "s", taken["bare photo"], "bare Pillow", bound=0.4),
        Measure("the same from the vault's side: sent to the confined process, read again, CPU of both", taken["scrub apart"], "s",
                taken["bare photo"], "bare Pillow"),
        Measure("pages covered at 150 dots an inch, CPU", pages / taken["redact"], "pages/s", pages / taken["bare pages"],
                "bare PDFium, drawn only", more_is_better=True, bound=25),
    ]  # fmt: skip
