"""What the ways to hand a letter in, and the answers to it, are called: wherever a person chooses or reads them."""

from __future__ import annotations

from typing import Final

from holdfire.language import mark

HOW_WORDS: Final = {
    "by-hand": mark("by hand"), "registry": mark("at the registry"), "post": mark("by post"),
    "message": mark("by message"), "aloud": mark("said aloud"), "other": mark("another way"),
}  # fmt: skip
OUTCOME_WORDS: Final = {
    "granted": mark("Granted"), "refused": mark("Refused"), "partly": mark("Partly"), "other": mark("Something else"),
}  # fmt: skip
