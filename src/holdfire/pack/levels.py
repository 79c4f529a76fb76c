"""How well somebody checked what a pack says, in five levels, from the wording itself down to nothing."""

from __future__ import annotations

from typing import Final, Literal

from holdfire.language import mark

Level = Literal["text", "text-earlier-version", "citation", "instrument", "not-verified"]

#: What each level of verification is called on a page (writing rules §4).
LEVEL_WORDS: Final[dict[Level, str]] = {
    "text": mark("Wording read"),
    "text-earlier-version": mark("Older wording, changed since"),
    "citation": mark("Exists, wording not read"),
    "instrument": mark("Exists, wording not read"),
    "not-verified": mark("Not checked"),
}
#: Each level under the word a pack writes it with.
LEVELS: Final[dict[str, Level]] = {level: level for level in LEVEL_WORDS}
