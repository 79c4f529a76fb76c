"""`holdfire guide`: the 55 actions on the terminal, and the guide as one file."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import click

from holdfire.cli.options import json_option, print_json
from holdfire.errors import StorageError, UserError
from holdfire.guide.actions import RISK_WORDS, ActionPage
from holdfire.guide.guide import LINK, Guide
from holdfire.journeys.guide_here import load_guide
from holdfire.pack.levels import LEVEL_WORDS

#: What each step is called, from reading to what cannot be taken back.
STEP_WORDS = (
    "reading",
    "a private note",
    "open, ordinary in service",
    "others learn of it",
    "cannot be taken back",
)


@click.group("guide")
def command() -> None:
    """Read the 55 actions, or write the guide to one file. No vault is needed."""


@command.command("list")
@json_option
def list_actions(*, as_json: bool) -> None:
    """List the actions by route and heading."""
    guide = load_guide()
    if as_json:
        print_json([
            {"id": rule.action, "title": guide.actions[rule.action].title, "heading": rule.heading,
             "route": heading.route, "step": rule.step}
            for heading in guide.headings for rule in guide.book.rules if rule.heading == heading.id
        ])  # fmt: skip
        return
    for heading in guide.headings:
        click.echo(f"\n{heading.title}")
        for rule in guide.book.rules:
            if rule.heading == heading.id:
                click.echo(
                    f"  {rule.action:<26} {guide.actions[rule.action].title} ({STEP_WORDS[rule.step]})"
                )


@command.command("show")
@click.argument("action")
@json_option
def show(action: str, *, as_json: bool) -> None:
    """Show one action: what it is, its risks, how to begin."""
    guide = load_guide()
    page = guide.actions.get(action)
    if page is None:
        raise UserError(
            "There is no action {action}.", "`holdfire guide list` shows the ids.", action=ascii(action)[:60]
        )
    if as_json:
        print_json(_plain(page, guide))
    else:
        click.echo("\n".join(_lines(page, guide)))


@command.command("export")
@click.option("--format", "form", type=click.Choice(["html", "pdf", "epub"]), required=True)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; refuses one that is there.",
)
def export(form: str, out: Path | None) -> None:
    """Write the whole guide to one file that needs nothing else. It does not say who made it."""
    from holdfire.guide.export.export import export as written  # noqa: PLC0415 -- typst takes 80 ms to import

    target = out or Path(f"reader.{form}")
    try:
        with target.open("xb") as stream:
            stream.write(written(load_guide(), form))
    except FileExistsError:
        raise UserError(
            "There is a file called {name} already.", "Choose another name with --out.", name=target.name
        ) from None
    except OSError as error:
        raise StorageError("The file could not be written: {why}.", "Choose another place with --out.",
                           why=error.strerror or "the disk refused") from None  # fmt: skip
    click.echo(
        f"Written: {target}. The file's dates and your shell's history stay on this computer.", err=True
    )


def _plain(page: ActionPage, guide: Guide) -> dict[str, object]:
    rule = next(rule for rule in guide.book.rules if rule.action == page.id)
    return {
        "id": page.id,
        "title": page.title,
        "heading": rule.heading,
        "step": rule.step,
        "needs": list(rule.needs),
        "in_short": page.in_short,
        "why": [{"text": claim.text, "sources": list(claim.sources)} for claim in page.why],
        "fits": list(page.fits),
        "not_now": list(page.not_now),
        "first": list(page.first),
        "begin": list(page.begin),
        "say": list(page.say),
        "risks": {
            group: [{"word": risk.word, "text": risk.text, "sources": list(risk.sources)} for risk in risks]
            for group, risks in vars(page.risks).items()
        },
        "lower": list(page.lower),
        "truthful": {"text": page.truthful.text, "actions": list(page.truthful.actions)} if page.truthful else None,
        "undone": page.undone,
        "stop_signs": list(page.stop_signs),
        "here": {"pages": list(page.here.pages), "text": page.here.text},
        "sources": [
            {"id": one.id, "title": one.title, "says": one.says, "date": one.dated, "level": one.level,
             "checked": one.checked.isoformat(), "how": one.how, "place": one.place}
            for one in guide.sources_of(page)
        ],
        "reviewed": page.reviewed.isoformat(),
        "lawyer": page.lawyer,
    }  # fmt: skip


def _lines(page: ActionPage, guide: Guide) -> list[str]:
    rule = next(rule for rule in guide.book.rules if rule.action == page.id)
    lines = [
        page.title.upper(),
        f"Step {rule.step}: {STEP_WORDS[rule.step]}",
        "",
        *_wrap(page.in_short, guide),
    ]
    lines += _part("Why", [_claim(claim.text, claim.sources, guide) for claim in page.why], guide)
    lines += _part("It fits when", page.fits, guide)
    lines += _part("Not now", page.not_now, guide)
    lines += _part("First", page.first, guide)
    lines += _part(
        "Begin", [f"{number}. {text}" for number, text in enumerate(page.begin, 1)], guide, bullet=""
    )
    lines += _part("You can say", [f"“{text.strip('“”')}”" for text in page.say], guide)
    lines += ["", "RISKS"]
    for title, risks in page.risks.groups():
        said = [_claim(f"{RISK_WORDS[risk.word]}: {risk.text}", risk.sources, guide) for risk in risks]
        lines += _part(title, said, guide)
    lines += _part("How to lower them", page.lower, guide)
    if page.truthful:
        also = " ".join(f"[[{action}]]" for action in page.truthful.actions)
        lines += _part("What you can say or do truthfully", [f"{page.truthful.text} {also}"], guide)
    lines += _part("Can it be undone?", [page.undone], guide)
    lines += _part("Stop at once when", page.stop_signs, guide)
    checked = f"A lawyer checked this: {page.lawyer}." if page.lawyer else "No lawyer has checked this."
    return [*lines, "", f"Reviewed {page.reviewed.isoformat()}. {checked}"]


def _claim(text: str, sources: tuple[str, ...], guide: Guide) -> str:
    if not sources:
        return text
    named = [guide.sources[source] for source in sources]
    return f"{text} ({'; '.join(f'{one.title}: {LEVEL_WORDS[one.level]}, {one.checked}' for one in named)})"


def _part(title: str, texts: tuple[str, ...] | list[str], guide: Guide, *, bullet: str = "- ") -> list[str]:
    lines = ["", title] if texts else []
    for text in texts:
        lines += _wrap(text, guide, first=f"  {bullet}", rest="    ")
    return lines


def _wrap(text: str, guide: Guide, *, first: str = "", rest: str = "") -> list[str]:
    shown = LINK.sub(lambda found: f"→ {guide.actions[found.group(1)].title} ({found.group(1)})", text)
    return textwrap.wrap(re.sub(r"\s+", " ", shown), 96, initial_indent=first, subsequent_indent=rest)
