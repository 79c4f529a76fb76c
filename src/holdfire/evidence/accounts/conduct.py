"""The record of official conduct, after OHCHR, *Who's Responsible?* (HR/PUB/18/3): alleged, sourced, reviewed, for a court.

It has no field for home, family, face, telephone, address, number plate, car, school, faith, health or accounts, and texts are
searched for them (`private`). The publication's own text was not at hand: the fields are from general knowledge.
"""

from __future__ import annotations

from typing import Final

from holdfire.evidence.accounts.form import NEARNESS, SURENESS, WRITER, YES_NO, Field, Form, Part
from holdfire.language import mark

SERVICES: Final = {
    "police": mark("police"),
    "interior": mark("interior troops or guard"),
    "armed-forces": mark("armed forces"),
    "intelligence": mark("intelligence"),
    "prison": mark("prison or border service"),
    "prosecution": mark("prosecution or court"),
    "administration": mark("another office of the state"),
}
RECIPIENTS: Final = {
    "court": mark("a court or prosecutor"),
    "inquiry": mark("an official inquiry, national or international"),
    "rights-body": mark("a human-rights body or organisation that I have checked"),
}

ACCOUNTABILITY: Final = Form(
    "accountability",
    mark("A record of alleged official conduct"),
    mark("What an official is alleged to have done on duty, with a source for every statement."),
    (
        mark("Only if a court, an inquiry or a rights body needs it. Record the event first; often that is enough."),
        mark("Have you a quarrel with this person? Then let somebody else write it."),
        mark("Only conduct on duty. Nothing of home, family, face, telephone, car, faith or health; the program refuses it."),
        mark("You may be mistaken, and they may be innocent: write every other explanation. Everything here is alleged."),
        mark(
            "Who collected names has been imprisoned: in Belarus at least 32 people, for a project an officer had joined. "
            "Where you saw it from can point to you. A lawyer first. No lawyer has checked this form."
        ),
    ),
    (
        Part(
            "official",
            mark("Whose official conduct"),
            (
                Field("service", mark("Service"), shape="choice", choices=SERVICES),
                Field("unit", mark("Unit")),
                Field("post", mark("Post")),
                Field("rank", mark("Rank")),
                Field("name", mark("Name or alias, if a court would need it"),
                      mark("Often role, unit, place and time are enough. It stays empty until unit or post is known.")),
                Field("known_by", mark("By what you know that it was they"), mark("And how you could be mistaken.")),
                Field("command", mark("Chain of command"), mark("Posts above, and who gave the order, as known.")),
            ),
        ),
        Part(
            "act",
            mark("The alleged act"),
            (
                Field("act", mark("The act, in one sentence")),
                Field("when", mark("When"), shape="moment"),
                Field("place", mark("Where it was done"), mark("The place of the act, never where somebody lives."), place=True),
                Field("effect", mark("What it did to people"), mark("No names of those who were harmed.")),
            ),
        ),
        Part(
            "statements",
            mark("Statements, each with its source"),
            (
                Field(
                    "statements",
                    mark("Statements"),
                    mark("One sentence each. Its source is “evidence 3”, “order 2”, or words such as “I saw it from the gate”."),
                    shape="rows",
                    columns=(
                        Field("says", mark("It is alleged that")),
                        Field("source", mark("Source")),
                        Field("near", mark("How near"), shape="choice", choices=NEARNESS),
                        Field("sure", mark("How sure"), shape="choice", choices=SURENESS),
                    ),
                ),
            ),
        ),
        Part(
            "fair",
            mark("What else could explain it"),
            (
                Field("alternatives", mark("Other explanations"),
                      mark("A mistaken person, an order from above, fear, self-defence. If you know of none, write “none known”."),
                      shape="text"),
                Field("wrong_if", mark("What would show it wrong, and who could know"), shape="text"),
                Field("quarrel", mark("Have you a quarrel with this person, or anything to gain?"), shape="choice", choices=YES_NO),
                Field("quarrel_what", mark("If so, what it is"), mark("It will be read with the record. That is fairer, and stronger.")),
            ),
        ),
        Part(
            "recipient",
            mark("For whom it is"),
            (
                Field("recipient", mark("Kind of recipient"), mark("There is no other."), shape="choice", choices=RECIPIENTS),
                Field("recipient_name", mark("Which court, inquiry or body")),
                Field("recipient_checked", mark("How you checked it, two ways")),
            ),
        ),
        WRITER,
    ),
)  # fmt: skip
