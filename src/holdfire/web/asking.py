"""What a form asks: one field each, with its label, its hint, what stands in it, and what there is to choose."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """One field of a form.

    Attributes:
        id: Its name in the form, and its id on the page.
        label: A marked sentence.
        value: What stands in it.
        hint: How it is filled, a sentence that is translated already; "" for none.
        lines: How many lines it shows; 1 for one line.
        choices: Values and marked sentences to choose from; empty where one types.
        kind: How the browser takes it: `text` or `date`.
    """

    id: str
    label: str
    value: str = ""
    hint: str = ""
    lines: int = 1
    choices: tuple[tuple[str, str], ...] = ()
    kind: str = "text"
