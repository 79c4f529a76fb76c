"""What can be said aloud instead of a letter, or with it: most orders are spoken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from holdfire.language import mark
from holdfire.letters.texts import LetterText

#: What to do while saying it, in the person's own language.
BESIDE: Final = (
    mark("Say it once, calmly, as a question about the service."),
    mark("Do not argue, and give no reasons that you were not asked for."),
    mark("Afterwards note the exact answer, the time, and who heard it."),
)


@dataclass(frozen=True)
class Script:
    """Sentences to say, in the order of saying; and one for the case that the answer is no."""

    language: str
    say: tuple[str, ...]
    on_refusal: tuple[str, ...]


def script(text: LetterText) -> Script:
    """Return what can be said aloud for a kind of letter, in the language of its text."""
    return Script(text.language, text.say, text.say_on_refusal)
