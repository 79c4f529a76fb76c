"""A package described for programs: RO-Crate 1.1, a JSON-LD file simple enough to be written by hand.

Source: https://w3id.org/ro/crate/1.1, *Root Data Entity*, *Data Entities*, and *Combining with other packaging schemes*
(the file stands beside `data`, and is listed as a tag file).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from holdfire.evidence.package.layout import CRATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from holdfire.evidence.package.layout import Piece

_TYPES: Final = {
    "pdf": "application/pdf",
    "txt": "text/plain",
    "json": "application/json",
    "jsonl": "application/json",
    "pem": "application/x-pem-file",
    "sh": "application/x-sh",
}
_SHA256: Final = "https://www.w3.org/2012/06/sha256"


def crate(data: Sequence[Piece], media: Sequence[str], beside: Sequence[str], day: str = "") -> bytes:
    """Return the description of a package.

    Args:
        data: Its items.
        media: The media type of each.
        beside: The names of the other files.
        day: When it was published, `2026-03-01`; without it that property is left out, though RO-Crate demands it.
    """
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": "Recordings and documents with their custody logs",
        "description": "Handed over as a BagIt bag. VERIFY.txt says how each claim is checked with public tools.",
        "license": {"@id": "#use"},
        "hasPart": [{"@id": one.name} for one in data] + [{"@id": name} for name in beside],
    }
    if day:
        root["datePublished"] = day
    graph: list[dict[str, Any]] = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        root,
        {
            "@id": "#use",
            "@type": "CreativeWork",
            "name": "For the recipient's proceedings alone",
            "description": "Not published. Whoever is shown or named in it may be in danger.",
        },
        *(
            {
                "@id": one.name,
                "@type": "File",
                "name": f"Item {number}",
                "contentSize": str(one.size),
                "encodingFormat": kind,
                "sha256": one.sha256,
                "subjectOf": [
                    {"@id": f"records/item-{number}.json"},
                    {"@id": f"custody/item-{number}.jsonl"},
                ],
            }
            for number, (one, kind) in enumerate(zip(data, media, strict=True), 1)
        ),
        *(
            {
                "@id": name,
                "@type": "File",
                "name": name,
                "encodingFormat": _TYPES.get(name.rpartition(".")[2], "application/octet-stream"),
            }
            for name in beside
        ),
    ]
    made = {"@context": ["https://w3id.org/ro/crate/1.1/context", {"sha256": _SHA256}], "@graph": graph}
    return json.dumps(made, indent=1, ensure_ascii=True).encode() + b"\n"
