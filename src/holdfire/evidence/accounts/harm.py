"""The record of harm to a person, with the fields that the Istanbul Protocol and the Minnesota Protocol ask for.

The protocols' own texts were not at hand (docs/formats/accounts.md): the choice of fields is from general knowledge.
"""

from __future__ import annotations

from typing import Final

from holdfire.evidence.accounts.form import SURENESS, WRITER, Field, Form, Part
from holdfire.language import mark

CONSENT: Final = {
    "myself": mark("it happened to me"),
    "agreed": mark("they agreed to this record"),
    "guardian": mark("they cannot say; somebody who may decide for them agreed"),
    "not-asked": mark("they were not asked, or said no"),
}
TREATED: Final = {
    "yes": mark("yes, a doctor or nurse saw it"),
    "refused": mark("it was asked for and refused"),
    "prevented": mark("it could not be reached"),
    "no": mark("no"),
}
CONSISTENT: Final = {
    "consistent": mark("the examiner found it consistent with the account"),
    "highly": mark("the examiner found it highly consistent"),
    "typical": mark("the examiner found it typical"),
    "not": mark("the examiner found it not consistent"),
    "not-judged": mark("nobody trained has judged it"),
}

HARM: Final = Form(
    "harm",
    mark("A record of harm to a person"),
    mark("What was done to a person, as they or you saw it, and which injuries were seen."),
    (
        mark("A doctor first. This is no medical finding, and nothing here replaces treatment."),
        mark("Write it only if it is needed, and as little as shows what happened."),
        mark(
            "Only if they agree, and under a name only you know: whoever opens your vault learns that they were there."
        ),
        mark(
            "Asking somebody to tell it again can hurt them. Stop when they want to stop. No lawyer has checked this form."
        ),
    ),
    (
        Part(
            "what",
            mark("What happened"),
            (
                Field("person", mark("Who was harmed"), mark("A name only you know, never their real one.")),
                Field("consent", mark("Do they agree?"), shape="choice", choices=CONSENT),
                Field("when", mark("When it happened"), shape="moment"),
                Field("place", mark("Where it happened"), place=True),
                Field(
                    "happened",
                    mark("What happened"),
                    mark("In their own words, or yours. What was seen, before what is thought."),
                    shape="text",
                ),
            ),
        ),
        Part(
            "injuries",
            mark("Injuries that were seen"),
            (
                Field(
                    "injuries",
                    mark("Injuries"),
                    mark("One by one: where on the body, what is seen, how large."),
                    shape="rows",
                    columns=(
                        Field("where", mark("Where on the body"), mark("Such as: left forearm, outside.")),
                        Field("seen", mark("What is seen"), mark("Colour, form, size in centimetres.")),
                        Field("by", mark("How it was caused, as told")),
                    ),
                ),
                Field(
                    "photographs",
                    mark("Photographs, as evidence kept here"),
                    mark(
                        "Numbers, such as 3, 5. With a ruler or coin beside the injury, and without the face."
                    ),
                    shape="evidence",
                ),
            ),
        ),
        Part(
            "examined",
            mark("Treatment and examination"),
            (
                Field("treated", mark("Was treatment sought?"), shape="choice", choices=TREATED),
                Field("examiner", mark("Who examined it"), mark("Profession and institution are enough.")),
                Field("examined_when", mark("When it was examined"), shape="moment"),
                Field(
                    "consistency",
                    mark("Does it fit what was told?"),
                    mark("Only what the examiner said; you are not asked to judge."),
                    shape="choice",
                    choices=CONSISTENT,
                ),
                Field("after", mark("How they have been since"), shape="text"),
            ),
        ),
        Part(
            "care",
            mark("What must be minded"),
            (
                Field("agreed_for", mark("For whom they agreed it may be used")),
                Field("withdrawn", mark("Whether they took that back, and when")),
                Field("limits", mark("What must not be shown, and to whom")),
                Field("risk", mark("Who could be harmed by it, and how")),
                Field("sure", mark("How sure you are"), shape="choice", choices=SURENESS),
                Field("unknown", mark("What is not known"), shape="text"),
            ),
        ),
        WRITER,
    ),
)
