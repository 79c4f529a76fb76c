"""What a person is shown while they cover parts: a page, a frame or a moment, small, upright, with the boxes so far."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageDraw

from holdfire.evidence.copies import pictures
from holdfire.evidence.copies.form import FILMS, OFFICE, PICTURES, Form, find_form
from holdfire.evidence.copies.found.papers import find_in_pdf
from holdfire.evidence.copies.found.pictures import find_in_picture
from holdfire.evidence.copies.refusals import CopyRefusedError, damaged, decoding, not_understood
from holdfire.evidence.copies.sayings import NO_PICTURE
from holdfire.evidence.copies.spec import Box
from holdfire.evidence.copies.view import Shown, Told, View
from holdfire.evidence.copies.working_copy import Trace

_QUALITY: Final = 80


def look(data: bytes) -> Told:
    """Return what a file tells.

    Raises:
        CopyRefusedError: Its type is not understood, or it is damaged.
    """
    form = find_form(data)
    if form is None:
        raise not_understood()
    traces = _traces(data, form)
    return Told(form, tuple(trace for trace in Trace if trace in traces))


def _traces(data: bytes, form: Form) -> frozenset[Trace]:
    if form in PICTURES:
        return find_in_picture(data, form).traces
    if form is Form.PDF:
        return find_in_pdf(data)
    if form in OFFICE:
        from holdfire.evidence.copies import office  # noqa: PLC0415 - brings typst

        return office.set_anew(data, form)[2]
    if form in FILMS:
        from holdfire.evidence.copies import film  # noqa: PLC0415

        return film.rebuild(data, form)[4]
    from holdfire.evidence.copies import sound  # noqa: PLC0415

    return sound.rebuild(data)[4]


def show(data: bytes, view: View) -> Shown:
    """Return a page, a frame or a moment of a file as a picture that fits.

    Raises:
        CopyRefusedError: Nothing can be shown of it safely.
    """
    image, count = _image_of(data, view)
    with decoding():
        if image.mode == "RGBA":
            ground = Image.new("RGB", image.size, "white")
            ground.paste(image, (0, 0), image.getchannel("A"))
            image = ground
        image = image.convert("RGB")
        image.thumbnail((view.width, view.height), Image.Resampling.BOX)
        _mark(image, view.boxes, view.corner)
        out = io.BytesIO()
        image.info = {}
        image.save(out, "JPEG", quality=_QUALITY)
    return Shown(out.getvalue(), image.width, image.height, count)


def _image_of(data: bytes, view: View) -> tuple[Image.Image, int]:
    form = find_form(data)
    if form is None:
        raise not_understood()
    if form in PICTURES:
        picture = pictures.open_picture(data, form, find_in_picture(data, form).orientation)
        return picture.frames[min(view.number, len(picture.frames)) - 1], len(picture.frames)
    if form is Form.PDF or form in OFFICE:
        from holdfire.evidence.copies import paper  # noqa: PLC0415 - brings PDFium
        from holdfire.evidence.copies.scrub import paper_of  # noqa: PLC0415

        return paper.draw_page(paper_of(data, form)[0], view.number - 1)
    if form in FILMS:
        return _moment(data, form, view.moment), 1
    raise CopyRefusedError(NO_PICTURE)


def _moment(data: bytes, form: Form, moment: int) -> Image.Image:
    """Return the picture of a film that stands at a moment, or its last one."""
    from holdfire.evidence.copies import covering, film  # noqa: PLC0415
    from holdfire.evidence.copies.film_read import read_film  # noqa: PLC0415

    clean = film.rebuild(data, form)[0]
    tracks = [track for track in read_film(clean).tracks if track.kind == b"vide"]
    if not tracks:
        raise CopyRefusedError(NO_PICTURE)
    turn = covering.turn_of(tracks[0].matrix)
    with decoding():
        image = covering.picture_at(clean, moment)
    if image is None:
        raise damaged()
    return image if turn is None else image.transpose(turn)


def _mark(image: Image.Image, boxes: Sequence[Box], corner: tuple[float, float] | None) -> None:
    """Paint the boxes with a light edge, so that each is seen, and two lines through the first corner of a new one."""
    paint = ImageDraw.Draw(image)
    for box in boxes:
        left, top, right, bottom = box.on(image.width, image.height)
        paint.rectangle((left, top, right - 1, bottom - 1), fill="black", outline="white")
    if corner is None:
        return
    across = min(image.width - 1, int(corner[0] * image.width / 100))
    down = min(image.height - 1, int(corner[1] * image.height / 100))
    for offset, colour in ((1, "black"), (0, "white")):
        paint.line((across + offset, 0, across + offset, image.height), fill=colour)
        paint.line((0, down + offset, image.width, down + offset), fill=colour)
