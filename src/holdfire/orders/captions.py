"""How the fields of an order and its closed choices are called where people read them."""

from __future__ import annotations

from typing import Final

from holdfire.language import mark

UNKNOWN: Final = mark("unknown")

FIELDS: Final[dict[str, str]] = {
    "words": mark("The exact words"),
    "gist": mark("What it comes to"),
    "understanding": mark("How I understood it"),
    "language": mark("Language of the words"),
    "act": mark("Kind of order"),
    "channel": mark("How it came"),
    "giver": mark("Who gave it"),
    "recipients": mark("To whom"),
    "superior": mark("On whose authority"),
    "place": mark("Where it was given"),
    "heard": mark("When it was given"),
    "written_down": mark("When I wrote it down"),
    "from_memory": mark("Written from memory"),
    "first_hand": mark("I received it myself"),
    "witnesses": mark("Who else heard it"),
    "purpose": mark("Purpose that was stated"),
    "measure": mark("What is to be done"),
    "against": mark("Against whom, as heard"),
    "deadline": mark("Until when"),
    "followed": mark("What followed"),
    "own_acts": mark("What I did"),
    "signed": mark("Signed"),
    "dated": mark("Dated"),
    "number": mark("Number"),
    "basis": mark("Legal basis it names"),
}
ACT_WORDS: Final[dict[str, str]] = {
    "prikaz": mark("приказ / загад (prikaz)"),
    "prikazanie": mark("приказание (prikazanie)"),
    "rasporyazhenie": mark("распоряжение / распараджэнне (rasporyazhenie)"),
    "ukazanie": mark("указание / указанне (ukazanie)"),
    "order": mark("order"),
    "instruction": mark("instruction"),
    "request": mark("request"),
    "other": mark("something else"),
}
CHANNEL_WORDS: Final[dict[str, str]] = {
    "spoken": mark("spoken, face to face"),
    "written": mark("on paper"),
    "telephone": mark("by telephone"),
    "radio": mark("by radio"),
    "messenger": mark("by a messenger program"),
    "briefing": mark("at a briefing"),
    "other": mark("another way"),
}
MEASURE_WORDS: Final[dict[str, str]] = {
    "none": mark("nothing yet"),
    "presence": mark("be there"),
    "block": mark("guard or block"),
    "search": mark("search"),
    "detain": mark("detain"),
    "question": mark("question"),
    "force": mark("use force with the body"),
    "weapons-less-lethal": mark("use batons, gas, water or the like"),
    "firearms": mark("use or carry firearms"),
    "surveillance": mark("watch or list people"),
    "records": mark("change, hide or destroy records"),
    "other": mark("something else"),
}
