"""The worksheet that checks a claim: what would show it true, what would show it false, and what was found for each."""

from __future__ import annotations

from typing import Final

from holdfire.evidence.accounts.form import NEARNESS, SURENESS, WRITER, Field, Form, Part
from holdfire.language import mark

SIDES: Final = {
    "for": mark("speaks for it"),
    "against": mark("speaks against it"),
    "neither": mark("decides nothing"),
}
#: Degrees. None of them calls a claim or a person false-hearted: a check says what was found and no more.
RESULTS: Final = {
    "shown": mark("shown: near and independent sources agree"),
    "likely": mark("likely: more and nearer sources speak for it"),
    "open": mark("open: what was found does not decide it"),
    "doubtful": mark("doubtful: more and nearer sources speak against it"),
    "contradicted": mark("contradicted: near and independent sources show otherwise"),
    "not-checkable": mark("cannot be checked as it was said"),
}

CLAIM: Final = Form(
    "claim",
    mark("A claim, checked"),
    mark("One claim, from any side: what would show it true, what would show it false, what was found."),
    (
        mark("Check it for yourself first. You need not show anybody, and nothing is looked up or sent from here."),
        mark("Looking things up can be seen on a service line or a watched device. Some sources are banned where you are."),
        mark("Put claims of the movement through the same steps. “Open” is an honest result. No lawyer has checked this form."),
    ),
    (
        Part(
            "claim",
            mark("The claim"),
            (
                Field("claim", mark("What is said"), mark("One sentence that could turn out wrong."), shape="text"),
                Field("by", mark("Who says it, in public or on duty"), mark("The office or publication; a private person stays unnamed.")),
                Field("where", mark("Where it was said")),
                Field("when", mark("When it was said"), shape="moment"),
                Field("how_know", mark("How could they know, and what do they gain?")),
            ),
        ),
        Part(
            "tests",
            mark("Before you look: what would decide it"),
            (
                Field("if_true", mark("What would show it true"), mark("What must be found if it is so."), shape="text"),
                Field("if_false", mark("What would show it false"), mark("What would make you change your mind."), shape="text"),
            ),
        ),
        Part(
            "sources",
            mark("What was found"),
            (
                Field(
                    "sources",
                    mark("Sources"),
                    mark("One by one. Two that copy each other are one."),
                    shape="rows",
                    columns=(
                        Field("who", mark("The source"), mark("Also “evidence 3” or “order 2”.")),
                        Field("what", mark("What it says")),
                        Field("side", mark("Which way"), shape="choice", choices=SIDES),
                        Field("near", mark("How near"), shape="choice", choices=NEARNESS),
                        Field("sure", mark("How sure"), shape="choice", choices=SURENESS),
                    ),
                ),
            ),
        ),
        Part(
            "result",
            mark("Where it stands"),
            (
                Field("result", mark("Result"), shape="choice", choices=RESULTS),
                Field("because", mark("Because"), shape="text"),
                Field("unknown", mark("What is still unknown"), shape="text"),
            ),
        ),
        WRITER,
    ),
)  # fmt: skip
