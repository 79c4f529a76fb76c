"""A PDF rebuilt from known parts with its text kept: every dictionary is copied by its known keys, every stream repacked.

For papers in which nothing is to be covered. What might hold more than it shows (layers, pictures in JPEG 2000 or
JBIG2, old packings) is refused: such a file can be drawn as pictures instead.
"""

from __future__ import annotations

import io
import logging
import zlib
from typing import Any, Final

import pikepdf

from holdfire.evidence.copies.bounds import PAGES, PART_BYTES, STILL_BYTES
from holdfire.evidence.copies.refusals import CopyRefusedError, decoding, too_large
from holdfire.evidence.copies.sayings import DRAW_INSTEAD, LOCKED, LOCKED_PDF, TEXT_NOT_KEPT
from holdfire.evidence.copies.strict.kept_pdf import DEPTH, KEYS, NAMED, PAGE_KEYS
from holdfire.evidence.copies.strict.photo import without_segments

_HINT: Final = DRAW_INSTEAD
# What qpdf warns of quotes the file; it belongs on no terminal and in no log.
logging.getLogger("pikepdf").addHandler(logging.NullHandler())
logging.getLogger("pikepdf").propagate = False
#: Operators of marked content (ISO 32000-1, 14.6): they carry words and structure beside what is shown.
_MARKED: Final = frozenset(("BMC", "BDC", "EMC", "MP", "DP"))
_OBJECTS: Final = 200_000
_HEAD: Final = 1_000  # bytes in which a picture inside the instructions says how it is packed
#: Keys that say how a stream is packed; it is packed anew.
_OF_PACKING: Final = frozenset(("/Length", "/Filter", "/DecodeParms"))


class _Rebuilding:
    """One rebuilding: what was copied already, and how much of it."""

    def __init__(self, target: pikepdf.Pdf) -> None:
        self.target = target
        self.done: dict[tuple[int, int], pikepdf.Object] = {}
        self.count = 0
        self.bytes = 0

    def copied(self, held: object, depth: int, *, any_key: bool = False) -> Any:
        """Return a copy of a value with known keys only; `any_key` where keys are names chosen by the file."""
        if not isinstance(held, pikepdf.Object):
            return held  # numbers and truth values
        self.count += 1
        if self.count > _OBJECTS or depth > DEPTH:
            raise too_large("parts", _OBJECTS)
        if held.is_indirect and held.objgen in self.done:
            return self.done[held.objgen]
        if isinstance(held, pikepdf.Stream):
            return self._stream(held, depth)
        if isinstance(held, pikepdf.Dictionary):
            return self._dictionary(held, depth, any_key=any_key)
        return self._array(held, depth) if isinstance(held, pikepdf.Array) else _scalar(held)

    def _dictionary(self, held: pikepdf.Dictionary, depth: int, *, any_key: bool) -> pikepdf.Object:
        if held.get("/Subtype") == pikepdf.Name.Type3:
            raise _refused()  # its letters are drawings, each a stream of instructions
        fresh: pikepdf.Object = pikepdf.Dictionary()
        if held.is_indirect:
            fresh = self.target.make_indirect(fresh)
            self.done[held.objgen] = fresh
        self._fill(fresh, held, depth, any_key=any_key)
        return fresh

    def _array(self, held: pikepdf.Array, depth: int) -> pikepdf.Object:
        if len(held) == 2 and held[0] == pikepdf.Name.ICCBased:  # noqa: PLR2004 - ISO 32000-1, 8.6.5.5
            return _plain_colours(held[1])  # a profile names the screen or the printer it was made for
        return pikepdf.Array([self.copied(one, depth + 1) for one in held.as_list()])

    def _fill(self, fresh: pikepdf.Object, held: pikepdf.Object, depth: int, *, any_key: bool) -> None:
        for key in held.keys():  # noqa: SIM118 - iterating over a stream itself means something else
            if (any_key or key in KEYS) and not (isinstance(held, pikepdf.Stream) and key in _OF_PACKING):
                fresh[key] = self.copied(held[key], depth + 1, any_key=key in NAMED)

    def _stream(self, held: pikepdf.Stream, depth: int) -> pikepdf.Object:
        fresh = self.target.make_stream(b"")
        self.done[held.objgen] = fresh
        self._fill(fresh, held, depth, any_key=False)
        packing = _packing(held)
        if packing == "/DCTDecode":
            fresh.write(without_segments(held.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)
        elif packing == "/CCITTFaxDecode":
            parameters = self.copied(held.get("/DecodeParms"), depth + 1)
            fresh.write(held.read_raw_bytes(), filter=pikepdf.Name.CCITTFaxDecode, decode_parms=parameters)
        elif _draws(held):
            fresh.write(_redrawn(self.target, self.unpacked(held)))
        else:
            data = self.inflated(held)
            parameters = self.copied(held.get("/DecodeParms"), depth + 1) if packing else None
            fresh.write(zlib.compress(data), filter=pikepdf.Name.FlateDecode, decode_parms=parameters)
        return fresh

    def unpacked(self, stream: pikepdf.Object) -> bytes:
        """Return drawing instructions as they are; refuse any packing but the usual one."""
        if _packing(stream) not in {"", "/FlateDecode"} or "/DecodeParms" in stream:
            raise _refused()
        return self.inflated(stream)

    def inflated(self, stream: pikepdf.Object) -> bytes:
        """Return the bytes of a stream, and count them: all streams together have one bound."""
        raw = stream.read_raw_bytes()
        if _packing(stream):
            unpacker = zlib.decompressobj()
            raw = unpacker.decompress(raw, PART_BYTES)
            if unpacker.unconsumed_tail:
                raise too_large("bytes", PART_BYTES)
        self.bytes += len(raw)
        if self.bytes > STILL_BYTES:
            raise too_large("bytes", STILL_BYTES)
        return raw


def _scalar(held: pikepdf.Object) -> pikepdf.Object:
    if isinstance(held, pikepdf.Name):
        return pikepdf.Name(str(held))
    if isinstance(held, pikepdf.String):
        return pikepdf.String(bytes(held))
    raise _refused()


def _plain_colours(profile: pikepdf.Object) -> pikepdf.Name:
    plain = {1: pikepdf.Name.DeviceGray, 3: pikepdf.Name.DeviceRGB, 4: pikepdf.Name.DeviceCMYK}
    channels = int(profile.get("/N", 0))
    if channels not in plain:
        raise _refused()
    return plain[channels]


def rebuild(data: bytes) -> bytes:
    """Return the pages of a PDF with their text, rebuilt from known keys, without information or date.

    Raises:
        CopyRefusedError: It is damaged or locked, too large, or holds what cannot be judged.
    """
    if len(data) > STILL_BYTES:
        raise too_large("bytes", STILL_BYTES)
    with decoding():
        try:
            source = pikepdf.open(io.BytesIO(data))
        except pikepdf.PasswordError:
            raise CopyRefusedError(LOCKED_PDF) from None
        with source, pikepdf.new() as target:
            if source.is_encrypted:
                raise CopyRefusedError(LOCKED)
            if "/OCProperties" in source.Root:
                raise _refused()
            if len(source.pages) > PAGES:
                raise too_large("pages", PAGES)
            work = _Rebuilding(target)
            for page in source.pages:
                target.pages.append(_page(work, page))
            out = io.BytesIO()
            target.save(out, deterministic_id=True, min_version="1.7", force_version="1.7",
                        object_stream_mode=pikepdf.ObjectStreamMode.disable, fix_metadata_version=False)  # fmt: skip
    return out.getvalue()


def _page(work: _Rebuilding, page: pikepdf.Page) -> pikepdf.Page:
    fresh = pikepdf.Dictionary(Type=pikepdf.Name.Page)
    for key in PAGE_KEYS - {"/Type", "/Parent", "/Contents"}:
        value = _inherited(page.obj, key)
        if value is not None:
            fresh[key] = work.copied(value, 0)
    content: Any = page.obj.get("/Contents")
    parts = content.as_list() if isinstance(content, pikepdf.Array) else [] if content is None else [content]
    # One after the other by ourselves: pikepdf would unpack them all before anything can be counted.
    data = b"\n".join(work.unpacked(part) for part in parts)
    fresh.Contents = work.target.make_stream(_redrawn(work.target, data))
    return pikepdf.Page(work.target.make_indirect(fresh))


def _inherited(node: pikepdf.Object, key: str) -> pikepdf.Object | None:
    for _ in range(DEPTH):
        if key in node:
            return node[key]
        if "/Parent" not in node:
            return None
        node = node["/Parent"]
    return None


def _packing(stream: pikepdf.Object) -> str:
    held = stream.get("/Filter")
    if held is None:
        return ""
    names = [str(one) for one in held] if isinstance(held, pikepdf.Array) else [str(held)]
    if names == ["/FlateDecode"] or names in (["/DCTDecode"], ["/CCITTFaxDecode"]):
        return names[0]
    raise _refused()


def _draws(stream: pikepdf.Object) -> bool:
    """Return whether a stream holds drawing instructions: a form or a tile."""
    return stream.get("/Subtype") == pikepdf.Name.Form or stream.get("/PatternType") == 1


def _redrawn(target: pikepdf.Pdf, data: bytes) -> bytes:
    """Return drawing instructions without comments and without marked content."""
    kept = []
    for one in pikepdf.parse_content_stream(target.make_stream(data)):
        if isinstance(one, pikepdf.ContentStreamInlineImage) and b"/DCT" in one.iimage.unparse()[:_HEAD]:
            raise _refused()  # a photo in the middle of the instructions, with words in it for all we know
        if str(one.operator) not in _MARKED:
            kept.append(one)
    return pikepdf.unparse_content_stream(kept)


def _refused() -> CopyRefusedError:
    return CopyRefusedError(TEXT_NOT_KEPT, _HINT)
