"""What names in metadata mean: XMP, tag names of text, IPTC; each maps to a kind of trace."""

from __future__ import annotations

import re
from typing import Final

from holdfire.evidence.copies.working_copy import Trace

#: Names as they stand in XMP, PDF, PNG text, Matroska and QuickTime keys; the first letter's case is free.
_NAMES: Final = (
    (
        Trace.PLACE,
        "gps location city country provincestate sublocation coordinates ©xyz geotag geolat geolon",
    ),
    (
        Trace.DEVICE,
        """tiff:make tiff:model :model serialnumber cameraid lensmodel quicktime.make quicktime.model
        android.manufacturer android.model ©mak ©mod""",
    ),
    (
        Trace.TIME,
        """createdate modifydate metadatadate datetime datecreated creationdate moddate ©day date:create date:modify
        dcterms:created dcterms:modified dc:date meta:creation-date""",
    ),
    (
        Trace.NAME,
        """dc:creator /author creator> artist byline by-line copyright rights ownername author lastmodifiedby
        initial-creator manager company""",
    ),
    (Trace.PROGRAM, "creatortool xmptk producer /creator software encoder generator application ©too ©swr"),
    (
        Trace.WORDS,
        """dc:title dc:description dc:subject /title /subject /keywords description usercomment caption headline comment
        ©nam ©cmt keywords""",
    ),
    (
        Trace.HISTORY,
        "documentid instanceid stevt history derivedfrom rsid editing-cycles editing-duration revision content.identifier",
    ),
    (Trace.PREVIEW, "thumbnail jfxx covr"),
)
_PATTERNS: Final = tuple(
    (trace, re.compile(b"|".join(re.escape(name.encode("latin-1")) for name in names.split()), re.IGNORECASE))
    for trace, names in _NAMES
)

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
