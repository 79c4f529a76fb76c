"""Boxes in films and silence in sound: decoded, covered, and packed anew by PyAV, which some builds leave out.

The file is rebuilt before it is decoded and again afterwards, so that PyAV meets only what our own reader let pass,
and nothing that it writes beside picture and sound is left.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from PIL import Image, ImageDraw

from holdfire.evidence.copies import film, sound
from holdfire.evidence.copies.bounds import FILM_FRAMES, PIXELS, Progress, untold
from holdfire.evidence.copies.film_read import read_film
from holdfire.evidence.copies.form import Form
from holdfire.evidence.copies.refusals import CopyRefusedError, decoding, too_large
from holdfire.evidence.copies.sayings import (
    AFTER_THE_END,
    DID_COVER_FILM,
    DID_SILENCED,
    INSTALL_VIDEO,
    NO_PAGES_IN_FILM,
    NO_PICTURE,
    NO_SOUND,
    NO_VIDEO_PART,
    SEVERAL_TRACKS,
    TURNED,
)
from holdfire.evidence.copies.spec import Box, Span, Spec
from holdfire.evidence.copies.working_copy import Step, Trace

if TYPE_CHECKING:
    from av.container import OutputContainer

#: Pixels around a box, over which the packing of the source may have smeared what lies under it.
_SMEAR: Final = 24
#: Milliseconds before and after a silence: packed sound is spread over two blocks of 1,024 samples.
_SPREAD: Final = 60
_BT_709: Final = 1
_ONE: Final = 1 << 16
_TURNS: Final = {
    (_ONE, 0, 0, _ONE): None,
    (0, _ONE, -_ONE, 0): Image.Transpose.ROTATE_270,
    (-_ONE, 0, 0, -_ONE): Image.Transpose.ROTATE_180,
    (0, -_ONE, _ONE, 0): Image.Transpose.ROTATE_90,
}

Rebuilt = tuple[bytes, Form, Form, tuple[Step, ...], frozenset[Trace]]


def cover(data: bytes, spec: Spec, found: Form, progress: Progress = untold) -> Rebuilt:
    """Return a film with boxes and silences, or sound with silences; forms, steps and what was found.

    Raises:
        CopyRefusedError: PyAV is not there; or the file cannot be covered safely.
        SpecError: A box lies outside the picture.
    """
    if found is Form.MP3 and spec.boxes:
        raise CopyRefusedError(NO_PICTURE)
    if any(box.last is not None for box in spec.boxes):
        raise CopyRefusedError(NO_PAGES_IN_FILM)
    _pyav()
    silences = tuple(Span(max(0, one.first - _SPREAD), one.last + _SPREAD) for one in spec.silences)
    if found is Form.MP3:
        clean, *_, steps, traces = sound.rebuild(data)
        _inside(spec, sound.milliseconds(clean))
        made = sound.rebuild(_silenced_mp3(clean, silences))[0]
        return made, found, Form.MP3, (*steps, *_steps(spec)), traces
    clean, _, _, steps, traces = film.rebuild(data, found)
    whole = read_film(clean)
    _inside(spec, whole.duration * 1000 // whole.unit)
    made = film.rebuild(_covered_film(clean, spec, silences, progress), Form.MP4)[0]
    return made, found, Form.MP4, (*steps, *_steps(spec)), traces


def _inside(spec: Spec, length: int) -> None:
    """Refuse a stretch that begins after the end: who wrote it believes that something is covered."""
    spans = (*spec.silences, *(box.span for box in spec.boxes if box.span))
    if any(span.first >= length for span in spans):
        raise CopyRefusedError(
            AFTER_THE_END,
            seconds=length // 1000,
        )


def _steps(spec: Spec) -> tuple[Step, ...]:
    steps = []
    if spec.boxes:
        steps.append(
            Step(
                "covered",
                DID_COVER_FILM,
                (("count", len(spec.boxes)), ("colour", spec.colour)),
            )
        )
    if spec.silences:
        steps.append(
            Step(
                "silenced",
                DID_SILENCED,
                (("count", len(spec.silences)),),
            )
        )
    return tuple(steps)


def _silenced_mp3(clean: bytes, silences: Sequence[Span]) -> bytes:
    import av  # noqa: PLC0415

    out = io.BytesIO()
    options = {"write_xing": "0", "id3v2_version": "0", "write_id3v1": "0"}
    with (
        decoding(),
        av.open(io.BytesIO(clean), format="mp3") as source,
        av.open(out, "w", format="mp3", options=options) as target,
    ):
        _sound(source, target, "libmp3lame", silences)()
    return out.getvalue()


def _covered_film(clean: bytes, spec: Spec, silences: Sequence[Span], progress: Progress) -> bytes:
    import av  # noqa: PLC0415

    tracks = read_film(clean).tracks
    pictures = [track for track in tracks if track.kind == b"vide"]
    sounds = len(tracks) - len(pictures)
    if len(pictures) > 1 or sounds > 1:
        raise CopyRefusedError(SEVERAL_TRACKS)
    if spec.boxes and not pictures:
        raise CopyRefusedError(NO_PICTURE)
    if silences and not sounds:
        raise CopyRefusedError(NO_SOUND)
    out = io.BytesIO()
    with (
        decoding(),
        # Each kind is read by itself: packets of both would have to be held back for each other.
        av.open(io.BytesIO(clean), format="mp4") as seen,
        av.open(io.BytesIO(clean), format="mp4") as heard,
        av.open(out, "w", format="mp4") as target,
    ):
        # Every stream is announced before the first packet: PyAV ends the whole program otherwise.
        work = []
        if spec.boxes:
            work.append(_picture(seen, target, spec, turn_of(pictures[0].matrix), progress))
        elif pictures:
            work.append(_as_it_is(seen, target, seen.streams.video[0]))
        if silences:
            work.append(_sound(heard, target, "aac", silences))
        elif sounds:
            work.append(_as_it_is(heard, target, heard.streams.audio[0]))
        for one in work:
            one()
    return out.getvalue()


def turn_of(matrix: bytes) -> Image.Transpose | None:
    """Return how a film is turned to be upright; CopyRefusedError where it is not a quarter, a half or none."""
    one, two, _, three, four = (
        int.from_bytes(matrix[at : at + 4], "big", signed=True) for at in (0, 4, 8, 12, 16)
    )
    if (one, two, three, four) not in _TURNS:
        raise CopyRefusedError(TURNED)
    return _TURNS[one, two, three, four]


def _as_it_is(source: Any, target: OutputContainer, stream: Any) -> Callable[[], None]:
    """Return what copies the packets of a stream without decoding them."""
    copy = target.add_stream_from_template(stream)

    def run() -> None:
        for packet in source.demux(stream):
            if packet.dts is not None:
                packet.stream = copy
                target.mux(packet)

    return run


def _picture(
    source: Any, target: OutputContainer, spec: Spec, turn: Image.Transpose | None, progress: Progress
) -> Callable[[], None]:
    """Return what decodes, covers and packs the picture, upright."""
    from av import VideoFrame  # noqa: PLC0415

    stream = source.streams.video[0]
    size = (stream.width, stream.height)
    if turn in {Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270}:
        size = size[::-1]
    if size[0] * size[1] > PIXELS:
        raise too_large("pixels", PIXELS)
    for box in spec.boxes:
        box.on(*size)  # a box outside is told before an hour of packing
    made: Any = target.add_stream(
        "libx264", rate=stream.average_rate or 25, options={"crf": "20", "preset": "veryfast"}
    )
    made.width, made.height = size[0] // 2 * 2, size[1] // 2 * 2
    made.pix_fmt = "yuv420p"
    made.codec_context.time_base = stream.time_base
    made.codec_context.colorspace = made.codec_context.color_primaries = made.codec_context.color_trc = (
        _BT_709
    )
    made.codec_context.color_range = 1

    def run() -> None:
        for count, (frame, until) in enumerate(_with_ends(source.decode(stream))):
            if count > FILM_FRAMES or (frame.width, frame.height) != (stream.width, stream.height):
                raise too_large("frames", FILM_FRAMES)
            image = frame.to_image()
            if turn is not None:
                image = image.transpose(turn)
            _paint(image, [box for box in spec.boxes if _shows(box, frame, until)], spec.colour)
            from_image: Any = VideoFrame.from_image  # carries no types
            covered = from_image(image).reformat(
                width=made.width,
                height=made.height,
                format="yuv420p",
                dst_colorspace="ITU709",
                dst_color_range="MPEG",
            )
            covered.pts, covered.time_base = frame.pts, frame.time_base
            target.mux(made.encode(covered))
            progress(count + 1, stream.frames)
        target.mux(made.encode())

    return run


def picture_at(clean: bytes, moment: int) -> Image.Image | None:
    """Return the picture of a film that is shown at a moment in milliseconds, or the last one; not turned yet.

    Raises:
        CopyRefusedError: PyAV is not there.
    """
    av = _pyav()
    found: Image.Image | None = None
    with av.open(io.BytesIO(clean), format="mp4") as source:
        stream = source.streams.video[0]
        if stream.width * stream.height > PIXELS:
            raise too_large("pixels", PIXELS)
        source.seek(int(moment / 1000 / stream.time_base), stream=stream)
        last = None
        for frame in source.decode(stream):
            if last is not None and float(frame.time or 0) * 1000 > moment:
                break
            last = frame
        if last is not None:
            found = last.to_image()
    return found


def _pyav() -> Any:
    try:
        import av  # noqa: PLC0415 - a hundred megabytes that not everybody has
    except ImportError:
        raise CopyRefusedError(NO_VIDEO_PART, INSTALL_VIDEO) from None
    return av


def _with_ends(frames: Iterable[Any]) -> Iterator[tuple[Any, float]]:
    """Yield each frame with the moment in milliseconds at which the next one takes its place."""
    waiting = None
    for frame in frames:
        if waiting is not None:
            yield waiting, float(frame.time or 0) * 1000
        waiting = frame
    if waiting is not None:
        yield waiting, math.inf


def _shows(box: Box, frame: Any, until: float) -> bool:
    """Say whether any part of the time in which a frame is seen lies in the stretch of a box.

    Phones and recorders of screens leave frames out where nothing moves: one may stand for minutes.
    """
    if box.span is None:
        return True
    moment = float(frame.time or 0) * 1000
    return moment < box.span.last + 1 and until > box.span.first


def _paint(image: Image.Image, boxes: Sequence[Box], colour: str) -> None:
    paint = ImageDraw.Draw(image)
    for box in boxes:
        left, top, right, bottom = box.on(*image.size)
        paint.rectangle((left - _SMEAR, top - _SMEAR, right + _SMEAR - 1, bottom + _SMEAR - 1), fill=colour)


def _sound(source: Any, target: OutputContainer, codec: str, silences: Sequence[Span]) -> Callable[[], None]:
    """Return what decodes, silences and packs the sound."""
    stream = source.streams.audio[0]
    made: Any = target.add_stream(codec, rate=stream.rate, layout=stream.layout.name)
    made.bit_rate = stream.bit_rate or 128_000

    def run() -> None:
        for frame in source.decode(stream):
            _silence(frame, silences)
            target.mux(made.encode(frame))
        target.mux(made.encode())

    return run


def _silence(frame: Any, silences: Sequence[Span]) -> None:
    """Set the samples of the stretches to zero; a format in which zero is not silence does not occur here."""
    start = float(frame.time or 0) * 1000
    for span in silences:
        first = max(0, int((span.first - start) * frame.sample_rate / 1000))
        last = min(frame.samples, int((span.last - start) * frame.sample_rate / 1000) + 1)
        if first >= last:
            continue
        each = frame.format.bytes * (1 if frame.format.is_planar else len(frame.layout.channels))
        for plane in frame.planes:
            samples = bytearray(plane)
            samples[first * each : last * each] = bytes((last - first) * each)
            plane.update(samples)


def load() -> None:
    """Cover a film of one frame, so that nothing is left to be loaded once nothing can be opened any more."""
    av = _pyav()
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as target:
        made: Any = target.add_stream("libx264", rate=1)
        made.width, made.height, made.pix_fmt = 32, 32, "yuv420p"
        target.mux(made.encode(av.VideoFrame.from_image(Image.new("RGB", (32, 32)))))
        target.mux(made.encode())
    clean = film.rebuild(out.getvalue(), Form.MP4)[0]
    _covered_film(clean, Spec((Box(1, 1, 2, 2),)), (), untold)
    picture_at(clean, 0)
