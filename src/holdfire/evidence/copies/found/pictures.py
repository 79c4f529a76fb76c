"""What stands in a picture beside its pixels: segments, chunks and boxes, container by container."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Final

from holdfire.evidence.copies.form import Form
from holdfire.evidence.copies.found.exif import Exif, read_exif
from holdfire.evidence.copies.found.words import traces_in_iptc, traces_in_words
from holdfire.evidence.copies.working_copy import Trace

_BLOCKS: Final = 20_000  # chunks or segments that are looked at
_UNPACKED: Final = 1 << 20
#: A block of metadata with the name under which it stood.
Block = tuple[bytes, bytes]


def find_in_picture(data: bytes, form: Form) -> Exif:
    """Return which way up the picture is and what its metadata tells; never raises."""
    if form is Form.TIFF:
        return read_exif(data)
    orientation, traces, seen = 1, set[Trace](), False
    for name, block in _WALKS[form](data):
        exif = _exif_in(name, block)
        if exif.found and not seen:
            orientation, seen = exif.orientation, True
        traces |= exif.traces | _told(name, block)
    return Exif(orientation, frozenset(traces), seen)


def _exif_in(name: bytes, block: bytes) -> Exif:
    if name in {b"EXIF", b"eXIf"} or block.startswith(b"Exif\0\0"):
        return read_exif(block)
    if name == b"Exif":  # of JPEG XL: an offset of four bytes comes first
        return read_exif(block[4:])
    return Exif()


#: Blocks whose name or first bytes say by themselves what they are.
_BY_NAME: Final = {
    b"tIME": (Trace.TIME,),
    **dict.fromkeys((b"COM", b"tEXt", b"iTXt", b"zTXt", b"comment"), (Trace.WORDS,)),
    **dict.fromkeys((b"trailing", b"brob", b"unknown", b"jumb"), (Trace.HIDDEN,)),
}
_BY_START: Final = ((b"JFXX\0", Trace.PREVIEW), (b"MPF\0", Trace.HIDDEN))


def _told(name: bytes, block: bytes) -> set[Trace]:
    traces = set(_BY_NAME.get(name, ())) | {trace for start, trace in _BY_START if block.startswith(start)}
    if block.startswith(b"Photoshop 3.0\0"):
        return traces_in_iptc(block) | ({Trace.PREVIEW} if b"8BIM\x04\x0c" in block else set())
    if (
        traces & {Trace.WORDS}
        or block.startswith(b"http://ns.adobe.com/")
        or name in {b"XMP ", b"xml ", b"mime"}
    ):
        traces |= traces_in_words(block)
    return traces


def _jpeg(data: bytes) -> Iterator[Block]:
    at = 2
    for _ in range(_BLOCKS):
        if data[at : at + 1] != b"\xff":
            return
        marker = data[at + 1] if at + 1 < len(data) else 0xD9
        if marker in {0xD9, 0xDA}:
            break
        if marker == 0xFF:  # filling
            at += 1
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xE0 <= marker <= 0xEF:
            yield b"APP", data[at + 4 : at + 2 + length]
        elif marker == 0xFE:
            yield b"COM", data[at + 4 : at + 2 + length]
        at += 2 + max(length, 2)
    end = data.find(b"\xff\xd9", at)
    if end != -1 and data[end + 2 :].strip(b"\0"):
        yield b"trailing", b""


def _png(data: bytes) -> Iterator[Block]:
    at = 8
    for _ in range(_BLOCKS):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        block = data[at + 8 : at + 8 + length]
        if name in {b"zTXt", b"iTXt"}:
            block += _unpacked(block)
        if name not in {b"IDAT", b"fdAT"}:
            yield name, block
        at += 12 + length
        if name == b"IEND" or at >= len(data):
            break
    if at < len(data):
        yield b"trailing", b""


def _unpacked(block: bytes) -> bytes:
    """Return the start of a packed text, wherever its zlib header stands."""
    at = block.find(b"\x78")
    try:
        return zlib.decompressobj().decompress(block[at:], _UNPACKED) if at != -1 else b""
    except zlib.error:
        return b""


def _webp(data: bytes) -> Iterator[Block]:
    at = 12
    for _ in range(_BLOCKS):
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if name in {b"EXIF", b"XMP "}:
            yield name, data[at + 8 : at + 8 + length]
        elif name not in {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP", b""}:
            yield b"unknown", b""
        at += 8 + length + length % 2
        if at >= len(data):
            break
    if int.from_bytes(data[4:8], "little") + 8 < len(data):
        yield b"trailing", b""


def _gif(data: bytes) -> Iterator[Block]:
    at = data.find(b"\x21\xfe")
    if at != -1:
        yield b"comment", data[at + 3 : at + 3 + 255]
    if (at := data.find(b"\x21\xff\x0bXMP DataXMP")) != -1:
        yield b"XMP ", data[at : at + _UNPACKED]
    if not data.endswith(b"\x3b"):
        yield b"trailing", b""


def _boxes(data: bytes) -> Iterator[Block]:
    """Exif and XMP lie in AVIF, HEIC and JPEG XL at places that tables point to; their starts are looked for."""
    for sign in (b"Exif\0\0II*\0", b"Exif\0\0MM\0*", b"Exif\0\0\0\0II*\0", b"Exif\0\0\0\0MM\0*"):
        if (at := data.find(sign)) != -1:
            yield b"EXIF", data[at + len(sign) - 4 : at + _UNPACKED]
    if (at := data.find(b"<x:xmpmeta")) != -1:
        yield b"XMP ", data[at : at + _UNPACKED]
    if data.startswith(b"\0\0\0\x0cJXL "):
        for name in (b"brob", b"jumb"):
            if name in data[:_UNPACKED]:
                yield name, b""


_WALKS: Final[dict[Form, Callable[[bytes], Iterator[Block]]]] = {
    Form.JPEG: _jpeg,
    Form.PNG: _png,
    Form.WEBP: _webp,
    Form.GIF: _gif,
    Form.AVIF: _boxes,
    Form.HEIC: _boxes,
    Form.JXL: _boxes,
}
