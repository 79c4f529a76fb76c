"""What names in metadata mean: XMP, tag names of text, IPTC; each maps to a kind of trace."""

from __future__ import annotations

import re
from typing import Final

from holdfire.evidence.copies.working_copy import Trace

#: Names as they stand in XMP, PDF, PNG text, Matroska and QuickTime keys; the first letter's case is free.
_NAMES: Final = (
    (Trace.PLACE, rb"gps|location|city|country|provincestate|sublocation|coordinates|\xa9xyz|geo(?:tag|lat|lon)"),
    (Trace.DEVICE, rb"tiff:(?:make|model)|:model|serialnumber|cameraid|lensmodel|quicktime\.(?:make|model)|"
                   rb"android\.(?:manufacturer|model)|\xa9mak|\xa9mod"),
    (Trace.TIME, rb"createdate|modifydate|metadatadate|datetime|datecreated|creationdate|moddate|\xa9day|date:create|"
                 rb"date:modify|dcterms:(?:created|modified)|dc:date|meta:creation-date|tIME"),
    (Trace.NAME, rb"dc:creator|/author|creator>|artist|by-?line|copyright|rights|ownername|author|lastmodifiedby|"
                 rb"initial-creator|manager|company"),
    (Trace.PROGRAM, rb"creatortool|xmptk|producer|/creator|software|encoder|generator|application|\xa9too|\xa9swr"),
    (Trace.WORDS, rb"dc:title|dc:description|dc:subject|/title|/subject|/keywords|description|usercomment|caption|"
                  rb"headline|comment|\xa9nam|\xa9cmt|keywords"),
    (Trace.HISTORY, rb"documentid|instanceid|stevt|history|derivedfrom|rsid|editing-(?:cycles|duration)|revision|"
                    rb"content\.identifier"),
    (Trace.PREVIEW, rb"thumbnail|xmp:thumbnails|jfxx|covr"),
)  # fmt: skip
_PATTERNS: Final = tuple((trace, re.compile(names, re.IGNORECASE)) for trace, names in _NAMES)

#: IPTC-IIM datasets of record 2.
_IPTC: Final = {
    **dict.fromkeys((5, 25, 40, 105, 116, 118, 120), Trace.WORDS),
    **dict.fromkeys((30, 35, 37, 38, 47, 55, 60, 62, 63), Trace.TIME),
    **dict.fromkeys((80, 85, 110, 115, 116, 122), Trace.NAME),
    **dict.fromkeys((90, 92, 95, 100, 101), Trace.PLACE),
    **dict.fromkeys((65, 70), Trace.PROGRAM),
}
_MARKER: Final = re.compile(rb"\x1c\x02(.)", re.DOTALL)
#: Bytes of one block of metadata that are looked at; a hostile one is no reason to read for minutes.
_MOST: Final = 4 << 20


def traces_in_words(block: bytes) -> set[Trace]:
    """Return what the names in a block of metadata point to; empty when none is known."""
    return {trace for trace, pattern in _PATTERNS if pattern.search(block, 0, _MOST)}


def traces_in_iptc(block: bytes) -> set[Trace]:
    """Return what the IPTC datasets in a block point to."""
    return {_IPTC[found[1][0]] for found in _MARKER.finditer(block, 0, _MOST) if found[1][0] in _IPTC}
