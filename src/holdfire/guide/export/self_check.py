"""The private questions on paper: read, answered in the head, with what each answer changes in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from holdfire.guide.export.blocks import (
    Block,
    Chapter,
    Heading,
    Items,
    Line,
    Link,
    Panel,
    Paragraph,
    Table,
    Text,
)
from holdfire.guide.grid import Grid
from holdfire.guide.guide import Guide
from holdfire.guide.questions import Choice, Note
from holdfire.language import mark

#: The gates every action passes, in words (writing rules §2).
_GATES: Final = (
    (mark("Too tired or upset?"), mark("Then nothing today that cannot be taken back. Such a step is asked again after a night, unless you are in danger.")),
    (mark("Life."), mark("If you are told to use firearms or to hurt people who are held: do not fire at people who threaten no life, do not join in, get medical help.")),
    (mark("Watched or suspected?"), mark("Then what others or a server learn of waits. Protection and counsel do not wait; seek them from another device, or in person.")),
    (mark("Acting together?"), mark("Read first what the law says of mutiny, and who must report it. If you do not know, count it as severe.")),
    (mark("A secrecy undertaking, or you do not know?"), mark("Then evidence of violations only, as little as possible, and a lawyer first.")),
    (mark("Armed fighting, or you do not know?"), mark("Then nothing about movements of forces, no joining in uniform, and no leaving without counsel.")),
    (mark("Others who might pay?"), mark("They are asked first, where that can be done without danger.")),
    (mark("No lawyer, desk or group you have checked?"), mark("Then nothing is sent. Prepare only.")),
)  # fmt: skip

_CARE: Final[Line] = (
    Text(mark("You first. "), "strong"),
    Text(mark("If you might hurt yourself or someone, read this page and nothing else now: ")),
    Link(mark("First, you"), "page-care"),
)
#: Answers that lead straight to a page, by question and answer.
_LEADS: Final = {
    ("moment", "today"): Link(mark("An order is for tomorrow"), "page-order-for-tomorrow"),
    ("state", "might-hurt"): Link(mark("First, you"), "page-care"),
    ("task", "firearms"): Link(mark("An order is for tomorrow"), "page-order-for-tomorrow"),
}

_KIND_WORDS: Final = {
    "kind:together": mark("acting together"),
    "kind:sending": mark("sending anything"),
    "kind:informs": mark("telling what the service knows"),
    "kind:movements": mark("telling where force will be"),
    "kind:speaking": mark("speaking in public"),
    "kind:leaving": mark("leaving the service"),
    "kind:uniform": mark("joining in uniform"),
    "kind:counsel": mark("seeking counsel"),
    "kind:feigns": mark("feigning"),
    "kind:inside": mark("what is for those who serve"),
    "kind:outside": mark("what is for those who left"),
    "kind:service": mark("what is done at work"),
    "step:0": mark("reading"),
    "step:1": mark("private notes"),
    "step:2": mark("what is open but ordinary in service"),
    "step:3": mark("what others or a server learn of"),
    "step:4": mark("what cannot be taken back"),
}


def questions_page(guide: Guide) -> Chapter:
    """Return the questions with their reasons, what an answer changes, and the gates in words."""
    blocks: list[Block] = [
        Paragraph((Text(mark("Read them and answer in your head. You may skip any.")),), "lead"),
        Panel("risk", (
            Paragraph((Text(mark("Mark no answer and write none down. Written answers can look like intent.")),), "warning"),
        )),
        Heading(2, mark("What holds for everything")),
        Items((_CARE, *((Text(f"{title} ", "strong"), Text(text)) for title, text in _GATES))),
    ]  # fmt: skip
    for number, question in enumerate(guide.book.questions, 1):
        blocks += [
            Heading(2, f"{number}. {question.title}", f"question-{question.id}"),
            Paragraph((Text(question.why),), "soft"),
            Items(tuple(_choice(question.id, choice, guide) for choice in question.choices)),
        ]
    return Chapter("questions", mark("Questions to ask yourself"), tuple(blocks))


def grid_page(grid: Grid) -> Chapter:
    """Return the four choices side by side, and what may speak against each now."""
    rows = tuple(
        (title, *(side.cells[number] for side in grid.sides)) for number, title in enumerate(grid.rows)
    )
    blocks: list[Block] = [
        Paragraph((Text(mark("None of them is right for everybody. Deciding later is one of the four.")),), "lead"),
        Table(("", *(side.title for side in grid.sides)), rows),
    ]  # fmt: skip
    for side in grid.sides:
        against = tuple((Text(caution.text),) for caution in side.cautions)
        blocks += [Heading(2, side.title), Paragraph((Text(side.text),))]
        if against:
            blocks += [Paragraph((Text(mark("What may speak against it now:")),), "soft"), Items(against)]
    return Chapter("choices", mark("Four choices side by side"), tuple(blocks))


def _choice(question: str, choice: Choice, guide: Guide) -> Line:
    notes: list[Text | Link] = []
    lead = _LEADS.get((question, choice.id))
    if lead:
        notes += [Text(" → "), lead]
    for note in choice.notes:
        notes += [Text(" "), *_note(note, guide)]
    return (Text(choice.text, "strong"), *([Text("."), *notes] if notes else []))


def _note(note: Note, guide: Guide) -> Iterator[Text | Link]:
    said = " ".join(text for text in (note.because, note.caution) if text)
    yield Text(f"{said} (")
    headings = {f"heading:{heading.id}": heading for heading in guide.headings}
    targets: list[Text | Link] = []
    for target in note.targets:
        if target in guide.actions:
            targets.append(Link(guide.actions[target].title, target))
        elif target in headings:
            targets.append(Link(headings[target].title, f"heading-{headings[target].id}"))
        else:
            targets.append(Text(_KIND_WORDS[target]))
    for number, span in enumerate(targets):
        if number:
            yield Text("; ")
        yield span
    yield Text(")")
