"""Pictures: decoded to upright sRGB pixels, painted on where asked, and written anew."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from PIL import Image, ImageCms, ImageDraw, ImageSequence

from holdfire.evidence.copies.bounds import FRAMES, PIXELS, STILL_BYTES
from holdfire.evidence.copies.form import Form
from holdfire.evidence.copies.found.sizes import announced_size
from holdfire.evidence.copies.heic import plain_heic
from holdfire.evidence.copies.refusals import CopyRefusedError, decoding, too_large
from holdfire.evidence.copies.sayings import (
    DID_MAIN_PICTURE,
    DID_ORIENTATION,
    DID_SRGB,
    MEASUREMENTS,
    MOVING_AVIF,
    SEVERAL_PICTURES,
)
from holdfire.evidence.copies.working_copy import Step

# Pillow's own bound warns first and refuses at twice the number; ours is judged before a pixel is decoded.
Image.MAX_IMAGE_PIXELS = PIXELS

#: What Pillow calls the decoder of each form; only the one that the content names is ever tried.
_DECODERS: Final = {
    Form.JPEG: "JPEG",
    Form.PNG: "PNG",
    Form.WEBP: "WEBP",
    Form.GIF: "GIF",
    Form.TIFF: "TIFF",
    Form.AVIF: "AVIF",
    Form.JXL: "JXL",
}
#: Forms that carry several frames, both ways.
_MOVING: Final = frozenset((Form.PNG, Form.WEBP, Form.GIF, Form.TIFF))
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
#: How far what lies under a box can be smeared beyond it by the packing of the source, in pixels: the block of a
#: JPEG with halved colours is 16, and its colours are smoothed over one more; AV1 and HEVC transform up to 64 and
#: 32 and filter a few more.
_SMEAR: Final = {Form.JPEG: 17, Form.WEBP: 20, Form.AVIF: 72, Form.HEIC: 40, Form.JXL: 40}

_OTHERS: Final = "other pictures in the same file"

Rectangle = tuple[int, int, int, int]


@dataclass(frozen=True)
class Picture:
    """Upright frames of eight-bit grey, RGB or RGBA.

    Attributes:
        frames: The frames; one for a still picture. Nothing but pixels hangs on them.
        times: Milliseconds each frame is shown; empty for a still picture.
        smear: How many pixels the packing of the source may have carried across the edge of a box.
        steps: What was done so far.
    """

    frames: tuple[Image.Image, ...]
    times: tuple[int, ...] = ()
    smear: int = 0
    steps: tuple[Step, ...] = ()


def open_picture(data: bytes, form: Form, orientation: int) -> Picture:
    """Return the pixels of a picture, upright, in sRGB, without anything else.

    Args:
        data: The file.
        form: What its content shows it to be; no other decoder is tried.
        orientation: As its Exif says, 1 to 8.

    Raises:
        CopyRefusedError: It is damaged, cut short, too large, or of a kind that cannot be written again.
    """
    if len(data) > STILL_BYTES:
        raise too_large("bytes", STILL_BYTES)
    with decoding(), _bombs_told():
        _within_bounds(*announced_size(data, form))
        image = _opened(data, form)
        _within_bounds(*image.size)
        count = getattr(image, "n_frames", 1)
        if count > FRAMES:
            raise too_large("frames", FRAMES)
        _within_bounds(image.width * count, image.height)
        if form is Form.AVIF and count > 1:
            raise CopyRefusedError(MOVING_AVIF)
        frames, times, steps = [], [], list[Step]()
        # Pillow turns TIFF by itself, and the decoders of HEIC and JPEG XL do.
        turn = _TURNS.get(orientation) if form not in {Form.TIFF, Form.HEIC, Form.JXL} else None
        for frame in ImageSequence.Iterator(image) if count > 1 else (image,):
            _within_bounds(frame.width * count, frame.height)
            frame.load()
            pixels, profiled = _to_srgb(frame)
            frames.append(_bare(pixels.transpose(turn) if turn is not None else pixels))
            times.append(int(frame.info.get("duration", 0) or 0))
            if profiled and not steps:
                steps.append(Step("srgb", DID_SRGB))
    if turn is not None:
        steps.append(Step("orientation", DID_ORIENTATION))
    if image.info.get(_OTHERS):
        steps.append(Step("main-picture", DID_MAIN_PICTURE))
    smear = _SMEAR.get(form, 0)
    if form is Form.JPEG:
        smear = _smear_of_jpeg(image)
    elif form is Form.TIFF and "jpeg" in str(image.info.get("compression", "")):
        smear = _SMEAR[Form.JPEG]
    moving = count > 1 and form is not Form.TIFF
    return Picture(tuple(frames), tuple(times) if moving else (), smear, tuple(steps))


@contextmanager
def _bombs_told() -> Iterator[None]:
    """Say of a picture that is too large that it is, where Pillow notices first: it warns, and beyond twice raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            yield
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise too_large("pixels", PIXELS) from None


def _opened(data: bytes, form: Form) -> Image.Image:
    if form is Form.HEIC:
        import pi_heif  # noqa: PLC0415 - three megabytes of decoder, wanted for one form only

        plain, others = plain_heic(data)
        heif = pi_heif.open_heif(io.BytesIO(plain), convert_hdr_to_8bit=True)
        _within_bounds(*heif.size)
        picture: Image.Image = heif.to_pillow()
        picture.info[_OTHERS] = others
        return picture
    if form is Form.JXL:
        import pillow_jxl  # noqa: F401, PLC0415 - registers its decoder
    return Image.open(io.BytesIO(data), formats=[_DECODERS[form]])


def _within_bounds(width: int, height: int) -> None:
    if width * height > PIXELS:
        raise too_large("pixels", PIXELS)


def _smear_of_jpeg(image: Image.Image) -> int:
    """Return the width of the largest block of a JPEG and one pixel more, over which its colours are smoothed."""
    layers: list[tuple[int, int, int, int]] = getattr(image, "layer", [])
    return 8 * max([max(layer[1], layer[2]) for layer in layers] or [2]) + 1


def _to_srgb(frame: Image.Image) -> tuple[Image.Image, bool]:
    """Return the frame as eight-bit grey, RGB or RGBA, and whether a colour profile was applied."""
    profile = frame.info.get("icc_profile")
    if frame.mode.startswith("I;16") or frame.mode == "I":
        frame = frame.convert("I").point(lambda value: value * (1 / 256)).convert("L")  # sixteen bits
    elif frame.mode == "F":
        raise CopyRefusedError(MEASUREMENTS)
    elif frame.mode == "1":
        frame = frame.convert("L")
    plain = "RGBA" if frame.has_transparency_data else "L" if frame.mode == "L" else "RGB"
    if not profile or frame.mode not in {"RGB", "RGBA", "CMYK"}:
        return frame.convert(plain), False
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return frame.convert(plain), False
        turned = ImageCms.profileToProfile(frame, source, ImageCms.createProfile("sRGB"), outputMode=plain)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return frame.convert(
            plain
        ), False  # a profile that cannot be read: colours may look a little different
    return turned or frame.convert(plain), True


def _bare(frame: Image.Image) -> Image.Image:
    """Return the same pixels in a new image, on which no profile, comment or Exif hangs.

    What is fully transparent becomes transparent black: colours may be hidden there.
    """
    fresh = Image.new(frame.mode, frame.size)
    if frame.mode == "RGBA":
        fresh.paste(frame, (0, 0), frame.getchannel("A").point(lambda alpha: 255 if alpha else 0))
    else:
        fresh.paste(frame, (0, 0))
    return fresh


def cover(picture: Picture, where: Iterable[tuple[int, Rectangle]], colour: str) -> Picture:
    """Return the picture with solid rectangles, each wider by what the packing of the source may have smeared.

    Args:
        picture: Where to paint; its own frames are painted on.
        where: Frame from 0, and left, top, right, bottom; right and bottom lie outside.
        colour: "black", "white" or "grey".
    """
    for number, (left, top, right, bottom) in where:
        grown = (
            left - picture.smear,
            top - picture.smear,
            right + picture.smear - 1,
            bottom + picture.smear - 1,
        )
        frame = picture.frames[number]
        ImageDraw.Draw(frame).rectangle(grown, fill=colour if frame.mode != "L" else _grey(colour))
    return replace(picture, frames=picture.frames)


def _grey(colour: str) -> int:
    return {"black": 0, "grey": 128, "white": 255}[colour]


def write_picture(picture: Picture, form: Form) -> bytes:
    """Return the picture as a file of `form`, without a word beside its pixels.

    Raises:
        CopyRefusedError: The form holds one frame and there are more, or the encoder has no room for the size.
    """
    first, rest = picture.frames[0], list(picture.frames[1:])
    if rest and form not in _MOVING:
        raise CopyRefusedError(SEVERAL_PICTURES, form=form.upper())
    if form is Form.JPEG and first.mode == "RGBA":
        white = Image.new("RGB", first.size, "white")
        white.paste(first, (0, 0), first.getchannel("A"))
        first = white
    encoders: dict[Form, dict[str, Any]] = {
        Form.JPEG: {"quality": 90, "subsampling": 0 if first.width * first.height < _SMALL else 2},
        Form.PNG: {"compress_level": 6},
        Form.WEBP: {"quality": 90},
        Form.GIF: {"optimize": False},
        Form.TIFF: {"compression": "tiff_adobe_deflate"},
        Form.AVIF: {"quality": 85, "speed": 8},
    }
    options = encoders[form]
    if rest:
        options |= {"save_all": True, "append_images": rest}
    if rest and picture.times:
        options |= {"duration": list(picture.times), "loop": 0}
    out = io.BytesIO()
    with decoding():
        first.save(out, _DECODERS[form], **options)
    return out.getvalue()


#: Pixels below which colours are not halved: a small picture of text would blur.
_SMALL: Final = 1_000_000
