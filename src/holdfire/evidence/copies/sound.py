"""MP3: its frames of sound are kept bit for bit; tags, an encoder's own frames and what it wrote between are left out."""

from __future__ import annotations

from typing import Final

from holdfire.evidence.copies.form import Form
from holdfire.evidence.copies.found.words import traces_in_words
from holdfire.evidence.copies.refusals import CopyRefusedError, damaged, decoding
from holdfire.evidence.copies.sayings import CHANGES_KIND, DID_FRAMES
from holdfire.evidence.copies.strict.mp3 import (
    Frame,
    Packed,
    bits_of_sound,
    checksum,
    frame_at,
    of_an_encoder,
    packed_in,
)
from holdfire.evidence.copies.working_copy import Step, Trace

_FRAMES: Final = Step("frames", DID_FRAMES)
#: Bytes that may lie between two frames before the rest is taken for something else.
_LOST: Final = 64 << 10
#: Frames of ID3v2 and what they tell.
_ID3: Final = {
    b"TPE": Trace.NAME,
    b"TP1": Trace.NAME,
    b"TCOM": Trace.NAME,
    b"TOWN": Trace.NAME,
    b"TCOP": Trace.NAME,
    b"TDRC": Trace.TIME,
    b"TYER": Trace.TIME,
    b"TDAT": Trace.TIME,
    b"TIME": Trace.TIME,
    b"TDEN": Trace.TIME,
    b"TDTG": Trace.TIME,
    b"TSSE": Trace.PROGRAM,
    b"TENC": Trace.PROGRAM,
    b"TIT": Trace.WORDS,
    b"TT2": Trace.WORDS,
    b"TALB": Trace.WORDS,
    b"COMM": Trace.WORDS,
    b"USLT": Trace.WORDS,
    b"APIC": Trace.PREVIEW,
    b"PIC": Trace.PREVIEW,
    b"PRIV": Trace.HISTORY,
    b"UFID": Trace.HISTORY,
    b"GEOB": Trace.HIDDEN,
    b"TXXX": Trace.WORDS,
}


def rebuild(data: bytes) -> tuple[bytes, Form, Form, tuple[Step, ...], frozenset[Trace]]:
    """Return the sound without a word beside it, with forms, steps and what was found.

    Raises:
        CopyRefusedError: There is no sound of this kind, or it is cut short at its beginning.
    """
    with decoding():
        frames = _frames(data)
        traces = _traces(data, frames)
        sounding = [frame for frame in frames if not of_an_encoder(data, frame)]
        if not sounding:
            raise damaged()
        made = _without_words(data, sounding)
    return made, Form.MP3, Form.MP3, (_FRAMES,), frozenset(traces)


def milliseconds(data: bytes) -> int:
    """Return how long the sound is."""
    return int(sum(frame.samples * 1000 / frame.hertz for frame in _frames(data)))


def _frames(data: bytes) -> list[Frame]:
    at, found = _after_tag(data), list[Frame]()
    while at < len(data):
        frame = frame_at(data, at)
        if frame is None:
            at = _next_pair(data, at + 1, found[0] if found else None)
            continue
        if found and (frame.version, frame.hertz) != (found[0].version, found[0].hertz):
            raise CopyRefusedError(CHANGES_KIND)
        found.append(frame)
        at += frame.size
    if not found:
        raise damaged()
    return found


def _after_tag(data: bytes) -> int:
    """Return where an ID3v2 tag ends (its length has seven bits a byte), and the zeros after it."""
    at = 0
    while data[at : at + 3] == b"ID3":
        size = sum((data[at + 6 + place] & 0x7F) << (21 - 7 * place) for place in range(4))
        at += 10 + size + (10 if data[at + 5] & 0x10 else 0)
    while at < len(data) and data[at] == 0:
        at += 1
    return at


def _next_pair(data: bytes, at: int, like: Frame | None) -> int:
    """Return where two frames follow each other next, or the end: one alone may be chance, or the end of a tag."""
    end = min(len(data), at + _LOST)
    while (at := data.find(b"\xff", at, end)) != -1:
        one = frame_at(data, at)
        if one and (like is None or (one.version, one.hertz) == (like.version, like.hertz)):
            other = frame_at(data, at + one.size)
            if other and (other.version, other.hertz) == (one.version, one.hertz):
                return at
        at += 1
    return len(data)


def _without_words(data: bytes, frames: list[Frame]) -> bytes:
    main, packed = bytearray(), list[Packed]()
    for frame in frames:
        packed.append(packed_in(data, frame, len(main)))
        main += data[frame.main : frame.at + frame.size]
    sound = bytearray(len(main))
    for first, last in bits_of_sound(packed, len(main)):
        _copy_bits(main, sound, first, last)
    out, taken = bytearray(), 0
    for frame, one in zip(frames, packed, strict=True):
        start = len(out)
        out += data[frame.at : frame.main]
        out[start + 2] &= 0xFE  # the private bit
        out[start + 3] &= 0xF3  # copyright, original
        side = frame.side - frame.at + start
        bits = int.from_bytes(out[side : side + 2], "big") & ~one.private
        out[side : side + 2] = bits.to_bytes(2, "big")
        if frame.guarded:
            moved = Frame(0, frame.size, frame.version, frame.hertz, frame.mono, guarded=True)
            out[start + 4 : start + 6] = checksum(bytes(out[start:]), moved).to_bytes(2, "big")
        length = frame.at + frame.size - frame.main
        out += sound[taken : taken + length]
        taken += length
    return bytes(out)


def _copy_bits(source: bytearray, target: bytearray, first: int, last: int) -> None:
    """Copy bits `first` to `last`; the first always lies at the start of a byte."""
    start, end = first // 8, last // 8
    target[start:end] = source[start:end]
    if rest := last % 8:
        target[end] |= source[end] & (0xFF00 >> rest & 0xFF)


def _traces(data: bytes, frames: list[Frame]) -> set[Trace]:
    first, last = frames[0].at, frames[-1].at + frames[-1].size
    tags = data[:first] + data[last:]
    traces = {trace for name, trace in _ID3.items() if name in tags} | traces_in_words(tags)
    if b"TAG" in data[last:]:
        traces |= {Trace.WORDS, Trace.NAME}
    if any(of_an_encoder(data, frame) for frame in frames[:2]):
        traces.add(Trace.PROGRAM)
    return traces
