"""A short text as a QR code, for a page, for paper, for a poster."""

from __future__ import annotations

from io import BytesIO
from typing import Final, Literal

import segno

#: Dots for each module: a code of a desk is then about 300 across on a screen, and 750 as a picture to print.
_DOTS: Final = {"svg": 4, "png": 10}


def draw_code(text: str, kind: Literal["svg", "png"]) -> bytes:
    """Return a QR code of level M, black on white with its quiet edge; the same bytes for the same text, and no date.

    Args:
        text: At most 2,331 bytes; a code of a desk has fewer than 300.
        kind: Which kind of picture.
    """
    made = BytesIO()
    # A drawing names no class, because a class names the program.
    bare = {"svgclass": None, "lineclass": None} if kind == "svg" else {}
    # White is drawn, because a page can be dark and readers want dark on light.
    segno.make_qr(text, error="m", boost_error=False).save(
        made, kind=kind, scale=_DOTS[kind], border=4, dark="black", light="white", **bare
    )
    return made.getvalue()
