"""The strict reading of a finished copy: one reader for each form that is ever written."""

from __future__ import annotations

from holdfire.evidence.copies.form import Form
from holdfire.evidence.copies.refusals import UncleanError
from holdfire.evidence.copies.strict.avif import check_avif
from holdfire.evidence.copies.strict.gif import check_gif
from holdfire.evidence.copies.strict.jpeg import check_jpeg
from holdfire.evidence.copies.strict.mp3 import check_mp3
from holdfire.evidence.copies.strict.mp4 import check_mp4
from holdfire.evidence.copies.strict.pdf import check_drawn_pdf
from holdfire.evidence.copies.strict.png import check_png
from holdfire.evidence.copies.strict.tiff import check_tiff
from holdfire.evidence.copies.strict.webp import check_webp


def check_pdf(data: bytes) -> None:
    """Raise `UncleanError` unless this is a PDF of drawn pages (1.4) or one of known parts (1.7)."""
    if data.startswith(b"%PDF-1.7\n"):
        from holdfire.evidence.copies.strict.kept_pdf import check_kept_pdf  # noqa: PLC0415 - brings pikepdf

        check_kept_pdf(data)
    else:
        check_drawn_pdf(data)


_READERS = {
    Form.JPEG: check_jpeg,
    Form.PNG: check_png,
    Form.WEBP: check_webp,
    Form.GIF: check_gif,
    Form.TIFF: check_tiff,
    Form.AVIF: check_avif,
    Form.PDF: check_pdf,
    Form.MP3: check_mp3,
    Form.MP4: check_mp4,
}


def check(data: bytes, form: Form) -> None:
    """Raise `UncleanError` unless `data` is a file of `form` in which only known things stand.

    A form that is never written has no reader, and is refused.
    """
    reader = _READERS.get(form)
    if reader is None:
        raise UncleanError(form.upper(), "a form that is never written")
    reader(data)
