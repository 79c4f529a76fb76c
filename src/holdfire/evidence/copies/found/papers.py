"""What stands in a PDF beside its pages: information, attachments, scripts, comments, earlier states."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Final

from holdfire.evidence.copies.found.words import traces_in_words
from holdfire.evidence.copies.working_copy import Trace

_NAMES: Final = (
    (
        Trace.HIDDEN,
        rb"/(?:EmbeddedFiles?|JavaScript|JS|OCProperties|AcroForm|Annots|RichMedia|PieceInfo|OpenAction|AF)\b",
    ),
    (Trace.HISTORY, rb"/(?:Prev|ID)\b"),
    (Trace.TIME, rb"/(?:CreationDate|ModDate|LastModified|M)\b"),
    (Trace.NAME, rb"/(?:Author|T)\s*[(<]"),
    (Trace.PROGRAM, rb"/(?:Producer|Creator)\s*[(<]"),
    (Trace.WORDS, rb"/(?:Title|Subject|Keywords|Contents)\s*[(<]"),
    (Trace.PREVIEW, rb"/Thumb\b"),
)
_PATTERNS: Final = tuple((trace, re.compile(names)) for trace, names in _NAMES)
_STREAM: Final = re.compile(rb"/(?:ObjStm|XRef|Metadata)\b[^>]{0,400}>>\s*stream\r?\n", re.DOTALL)
_STREAMS, _UNPACKED, _MOST = 2_000, 1 << 20, 64 << 20


def find_in_pdf(data: bytes) -> frozenset[Trace]:
    """Return what the names in a PDF point to, also in its packed object streams; never raises."""
    traces = set[Trace]()
    for block in (data[:_MOST], *_packed(data)):
        traces |= {trace for trace, pattern in _PATTERNS if pattern.search(block)}
        if (at := block.find(b"<x:xmpmeta")) != -1:
            traces |= traces_in_words(block[at : at + _UNPACKED])
    return frozenset(traces)


def _packed(data: bytes) -> Iterator[bytes]:
    for count, found in enumerate(_STREAM.finditer(data, 0, _MOST)):
        if count == _STREAMS:
            return
        try:
            yield zlib.decompressobj().decompress(data[found.end() : found.end() + _UNPACKED], _UNPACKED)
        except zlib.error:
            continue
