"""The incident card: place, time, units, measures, the weather of its sources, and what nobody knows."""

from __future__ import annotations

from typing import Final

from holdfire.evidence.accounts.form import NEARNESS, SURENESS, WRITER, Field, Form, Part
from holdfire.language import mark

INCIDENT: Final = Form(
    "incident",
    mark("An incident card"),
    mark("One event: where and when, which units, which measures, who says so, and what is unknown."),
    (
        mark("Write it only if it is needed. Memory is enough: copy nothing from work for it."),
        mark("A card with place and time can point to you: few people stood where you stood."),
        mark(
            "Where nobody is to be harmed by it, name roles and units, not people. Leave out future movements of forces."
        ),
        mark("Secrecy law may reach what you know from service. A lawyer first. No lawyer has checked this form."),
    ),
    (
        Part(
            "event",
            mark("What happened"),
            (
                Field("place", mark("Where"), mark("As exact as is needed, no more."), place=True),
                Field("when", mark("When it began"), shape="moment"),
                Field("until", mark("When it ended"), shape="moment"),
                Field("happened", mark("What happened, in order"), shape="text"),
            ),
        ),
        Part(
            "forces",
            mark("Units and measures"),
            (
                Field("units", mark("Units that were seen, and by what they were known")),
                Field("measures", mark("Measures that were seen"),
                      mark("Such as: cordon, batons, gas, rubber bullets, firearms, detention. What was seen, not what is guessed."),
                      shape="text"),
                Field("warning", mark("Was there a warning, and time to leave?")),
                Field("people", mark("What the people there did"), mark("Also what speaks the other way, such as a stone that was thrown.")),
                Field("hurt", mark("Was anybody hurt, and did help come?"), mark("How many and how, no names.")),
            ),
        ),
        Part(
            "sources",
            mark("Who says so, and how near they stood"),
            (
                Field(
                    "sources",
                    mark("Sources"),
                    mark("One by one. A name only you know, such as “Heron”, or “evidence 3”."),
                    shape="rows",
                    columns=(
                        Field("who", mark("Who or what says so")),
                        Field("what", mark("What it says")),
                        Field("near", mark("How near"), shape="choice", choices=NEARNESS),
                        Field("sure", mark("How sure"), shape="choice", choices=SURENESS),
                    ),
                ),
            ),
        ),
        Part(
            "rest",
            mark("What does not fit, and what is unknown"),
            (
                Field("disagree", mark("Where the sources disagree"), shape="text"),
                Field("unknown", mark("What is unknown"), shape="text"),
                Field("evidence", mark("Evidence kept here"), mark("Numbers, such as 3, 5."), shape="evidence"),
            ),
        ),
        WRITER,
    ),
)  # fmt: skip
