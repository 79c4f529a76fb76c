"""A PDF whose text was kept, read again: only known keys, no dates, no files, no scripts, no marked words."""

from __future__ import annotations

import io
import re
from typing import Any, Final

import pikepdf

from holdfire.evidence.copies.refusals import UncleanError
from holdfire.evidence.copies.strict.photo import only_pixels

PAGE_KEYS: Final = frozenset(
    ("/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/UserUnit")
)
#: Keys under which the file itself chooses names; what stands below them is judged again.
NAMED: Final = frozenset(
    ("/ExtGState", "/Pattern", "/Shading", "/XObject", "/Font", "/Colorants", "/ColorSpace")
)
_FONT: Final = """/Type /Subtype /BaseFont /Encoding /ToUnicode /FirstChar /LastChar /Widths /FontDescriptor /DescendantFonts
/CIDSystemInfo /Registry /Ordering /Supplement /CIDToGIDMap /DW /W /DW2 /W2 /FontName /FontFamily /Flags /FontBBox
/ItalicAngle /Ascent /Descent /Leading /CapHeight /XHeight /StemV /StemH /AvgWidth /MaxWidth /MissingWidth /FontFile
/FontFile2 /FontFile3 /CharSet /CIDSet /FontWeight /FontStretch /Differences /BaseEncoding /WMode /UseCMap /CMapName"""
_PICTURE: Final = """/Width /Height /ColorSpace /BitsPerComponent /ImageMask /Mask /SMask /SMaskInData /Decode /Interpolate
/Intent /Matte /Filter /DecodeParms /Length /Length1 /Length2 /Length3 /Predictor /Colors /Columns /K /EndOfLine
/EncodedByteAlign /Rows /EndOfBlock /BlackIs1 /DamagedRowsBeforeError /ColorTransform /EarlyChange"""
_DRAWING: Final = """/Type /Subtype /FormType /BBox /Matrix /Resources /Group /S /CS /I /K /ProcSet /ExtGState /Pattern /Shading
/XObject /Font /Colorants /PatternType /PaintType /TilingType /XStep /YStep /ShadingType /Coords /Domain /Extend /Function
/Background /AntiAlias /VerticesPerRow /BitsPerCoordinate /BitsPerFlag /FunctionType /Range /C0 /C1 /N /Functions /Bounds
/Encode /Size /BitsPerSample /Order /LW /LC /LJ /ML /D /RI /OP /op /OPM /BG /BG2 /UCR /UCR2 /TR /TR2 /HT /FL /SM /SA
/BM /CA /ca /AIS /TK /G /BC /Alternate /WhitePoint /BlackPoint /Gamma /Process /Components /MixingHints /Solidities"""
KEYS: Final = frozenset((*_FONT.split(), *_PICTURE.split(), *_DRAWING.split()))
#: Dictionaries inside dictionaries; real papers stay below twenty.
DEPTH: Final = 60

_ROOT: Final = frozenset(("/Type", "/Pages", "/Version"))
_TREE: Final = frozenset(("/Type", "/Kids", "/Count", "/Parent"))
_TRAILER: Final = frozenset(("/Root", "/Size", "/ID"))
_END: Final = re.compile(rb"\nstartxref\n[0-9]+\n%%EOF\n\Z")
_PACKINGS: Final = frozenset(("", "/FlateDecode", "/DCTDecode", "/CCITTFaxDecode"))


def check_kept_pdf(data: bytes) -> None:
    """Raise `UncleanError` unless each dictionary has known keys only and each photo in it no segment of words."""
    if not data.startswith(b"%PDF-1.7\n") or not _END.search(data[-64:]) or data.count(b"startxref") != 1:
        raise UncleanError("PDF", "more than one state")
    try:
        _check(data)
    except (
        pikepdf.PdfError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
    ):  # what qpdf and pikepdf raise at a broken file
        raise UncleanError("PDF", "an object that cannot be read") from None


def _check(data: bytes) -> None:
    with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as read:
        _demand(set(read.trailer.keys()) <= _TRAILER, "an end with more in it")
        roots = {read.Root.objgen, read.Root.Pages.objgen}
        _demand(set(read.Root.keys()) <= _ROOT, "a catalogue with more in it")
        _demand(set(read.Root.Pages.keys()) <= _TREE, "a tree with more in it")
        pages = {page.obj.objgen for page in read.pages}
        for page in read.pages:
            _demand(set(page.obj.keys()) <= PAGE_KEYS, "a page with more in it")
        chosen = _chosen(read)
        objects: list[Any] = list(read.objects)  # numbers among them come as Python's own
        for held in objects:
            if isinstance(held, pikepdf.Object) and held.objgen in pages:
                _below(held, chosen, 0)
            elif isinstance(held, pikepdf.Object) and held.objgen not in roots:
                _walk(held, chosen, 0)


def _chosen(read: pikepdf.Pdf) -> set[tuple[int, int]]:
    """Return the dictionaries that stand by themselves and whose keys the file may choose."""
    found = set()
    for held in read.objects:
        if isinstance(held, pikepdf.Dictionary | pikepdf.Stream):
            places = [held, *(value for value in _values(held) if isinstance(value, pikepdf.Dictionary))]
            found |= {
                place[key].objgen
                for place in places
                for key in place.keys() & NAMED
                if isinstance(place[key], pikepdf.Dictionary) and place[key].is_indirect
            }
    return found


def _values(held: pikepdf.Object) -> list[object]:
    return [held[key] for key in held.keys()]  # noqa: SIM118 - iterating over a stream means something else


def _walk(held: object, chosen: set[tuple[int, int]], depth: int, *, any_key: bool = False) -> None:
    """Judge one value and what it holds directly; what it only points to is judged on its own turn."""
    _demand(depth <= DEPTH, "dictionaries within dictionaries without end")
    if isinstance(held, pikepdf.Array):
        _demand(len(held) == 0 or held[0] != "/ICCBased", "a colour profile")
        parts: list[Any] = list(held.as_list())
        for one in parts:
            if not (isinstance(one, pikepdf.Object) and one.is_indirect):
                _walk(one, chosen, depth + 1)
    elif isinstance(held, pikepdf.Dictionary | pikepdf.Stream):
        free = any_key or (depth == 0 and held.objgen in chosen)
        _demand(free or set(held.keys()) <= KEYS, "a key that is none of ours")
        _below(held, chosen, depth)
        if isinstance(held, pikepdf.Stream):
            _stream(held)


def _below(held: pikepdf.Object, chosen: set[tuple[int, int]], depth: int) -> None:
    for key in held.keys():  # noqa: SIM118
        value: Any = held[key]
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            _walk(value, chosen, depth + 1, any_key=key in NAMED)


def _stream(held: pikepdf.Stream) -> None:
    packing = str(held.get("/Filter", ""))
    _demand(packing in _PACKINGS, "an unknown packing")
    if packing == "/DCTDecode":
        _demand(only_pixels(held.read_raw_bytes()), "a photo with words in it")
    if held.get("/Subtype") == "/Form" or not held.keys() - {"/Length", "/Filter"}:
        data = held.read_bytes()
        _demand(
            not re.search(rb"(?:^|\s)(?:BDC|BMC|DP|MP)\s", data)
            or b"begincmap" in data
            or data[:4] in _FONTS,
            "marked words",
        )


def _demand(kept: object, fault: str) -> None:
    if not kept:
        raise UncleanError("PDF", fault)


#: The first bytes of font files, which stand in streams of their own.
_FONTS: Final = (b"\0\1\0\0", b"OTTO", b"true", b"%!PS")
