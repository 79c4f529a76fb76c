"""`holdfire assess`: the actions in order for a file of answers, with reasons. Nothing is kept."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import click

from holdfire.cli.options import json_option, print_json
from holdfire.errors import UserError
from holdfire.guide.guide import Guide
from holdfire.guide.plan import encode_plan, make_plan
from holdfire.guide.questions import Answers, judge_answers
from holdfire.guide.reasoner import Assessment, Option, assess
from holdfire.journeys.guide_here import load_guide
from holdfire.language import mark
from holdfire.pack.reader import MOST_BYTES, read

PLACE_WORDS = {"now": "NOW", "prepare": "PREPARE", "later": "LATER", "not": "NOT FOR YOU NOW"}


class AnswersFile(click.File):
    """A file, or - for standard input; a closed standard input is wrong use."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the open file."""
        if value == "-" and sys.stdin is None:
            self.fail("standard input is closed", param, ctx)
        return super().convert(value, param, ctx)


@click.command("assess")
@click.option("--answers", type=AnswersFile("rb"), help="A file of answers, or - for standard input.")
@click.option("--questions", is_flag=True, help="Show the questions and the answers each one takes.")
@json_option
def command(*, answers: BinaryIO | None, questions: bool, as_json: bool) -> None:
    """Order the actions for a file of answers, with reasons, and a plan.

    The file has one line for each question that is answered: `moment: today`, `trust: [home, lawyer]`.
    Leave out what you do not know or would rather not say.
    """
    guide = load_guide()
    if questions:
        _show_questions(guide, as_json=as_json)
        return
    if answers is None:
        raise click.UsageError("Give --answers FILE, or --questions to see them.")
    if answers.name != "<stdin>":
        click.echo(
            "This file of answers is plain and can be read by whoever finds it. Delete it, or answer in the app.",
            err=True,
        )
    judged = assess(_read_answers(answers, guide), guide.book)
    today = date.today()  # noqa: DTZ011 -- the person's own day
    if as_json:
        print_json(_plain(judged, guide, today))
    else:
        click.echo("\n".join(_lines(judged, guide)))


def _read_answers(file: BinaryIO, guide: Guide) -> Answers:
    """Return the answers in a file, or raise UserError that says where the questions are listed."""
    name = "standard input" if file.name == "<stdin>" else Path(file.name).name
    try:
        node = read(file.read(MOST_BYTES + 1), name)
        given = {
            key: value.texts() if isinstance(value.value, list) else (value.text(),)
            for key, value in node.pairs()
        }
        return judge_answers(given, guide.book.questions)
    except UserError as error:
        error.hint = mark("`holdfire assess --questions` lists the questions and the answers each one takes.")
        raise


def _show_questions(guide: Guide, *, as_json: bool) -> None:
    if as_json:
        print_json([
            {"id": one.id, "title": one.title, "why": one.why, "many": one.many,
             "answers": [{"id": choice.id, "text": choice.text} for choice in one.choices]}
            for one in guide.book.questions
        ])  # fmt: skip
        return
    for question in guide.book.questions:
        several = f" (up to {question.many})" if question.many > 1 else ""
        click.echo(f"\n{question.id}: {question.title}{several}\n  {question.why}")
        for choice in question.choices:
            click.echo(f"    {choice.id:<12} {choice.text}")


def _plain(judged: Assessment, guide: Guide, today: date) -> dict[str, object]:
    return {
        "care": judged.care,
        "cards": list(judged.cards),
        "exposure": judged.exposure,
        "unanswered": list(judged.unanswered),
        "options": [
            {
                "id": one.action,
                "title": guide.actions[one.action].title,
                "heading": one.heading,
                "step": one.step,
                "place": one.place,
                "because": list(one.because),
                "limits": list(one.limits),
                "read_first": list(one.read_first),
                "risk": [f"{risk.word}: {risk.text}" for _, risks in guide.actions[one.action].risks.groups() for risk in risks],
                "needs_first": list(one.needs),
                "would_change": list(one.change),
                "decided_by": list(one.questions),
            }
            for one in judged.options
        ],
        "choices": [
            {"id": one.id, "title": one.title, "text": one.text, "rows": dict(one.rows), "cautions": list(one.cautions)}
            for one in judged.columns
        ],
        "plan": encode_plan(make_plan(judged, today)),
    }  # fmt: skip


def _lines(judged: Assessment, guide: Guide) -> list[str]:
    lines: list[str] = []
    if judged.care:
        page = guide.pages["care"]
        lines += [page.title.upper(), page.in_short, ""]
        for section in page.sections:
            lines += [section.title, *(f"  {text}" for text in (*section.text, *section.list)), ""]
        return lines
    if "life" in judged.cards:
        lines += [
            "Do not fire at people who threaten no life. Do not join in. Get medical help for the hurt.",
            "",
        ]
    for place, title in PLACE_WORDS.items():
        lines += ["", title]
        for option in judged.options:
            if option.place == place:
                lines += _option(option, guide)
    lines += ["", "FOUR CHOICES, SIDE BY SIDE"]
    for column in judged.columns:
        lines += [
            "",
            f"  {column.title}: {column.text}",
            *(f"    {row}: {cell}" for row, cell in column.rows),
        ]
        lines += [f"    Against it now: {caution}" for caution in column.cautions]
    return lines


def _option(option: Option, guide: Guide) -> list[str]:
    page = guide.actions[option.action]
    lines = [
        f"  {page.title} ({option.action}, step {option.step})",
        f"    Because: {' '.join(option.because)}",
    ]
    lines += [f"    Not sooner: {' '.join(option.limits)}"] if option.limits else []
    lines += [f"    Risk: {text}" for text in option.read_first]
    if option.needs:
        lines.append(f"    First: {', '.join(guide.actions[need].title for need in option.needs)}")
    lines += [f"    Would change it: {' '.join(option.change)}"] if option.change else []
    return lines
