"""Settings: the idle lock, the passphrase, backup, check, tidying up, destroying, the language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.countries import choose_country, country_choices, country_of
from holdfire.web.faults import problem_of
from holdfire.web.forms import read_form
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import MINUTES, Page, Problem, go, program_of, render
from holdfire.web.pages.making import words_for_bytes
from holdfire.web.program import Program
from holdfire.web.session import Progress, Work

if TYPE_CHECKING:
    from holdfire.vault.vault import Vault

_MOST_PHRASES: Final = 4


@dataclass(frozen=True, kw_only=True)
class Settings(Page):
    """What can be set and done.

    Attributes:
        minutes: After how many minutes it locks.
        choices: Minutes to choose from, with their words.
        used: Bytes used in this compartment, in words.
        room: Bytes there are in it, in words.
        countries: Codes and names of countries whose law can be chosen.
        country: The one that is chosen; "" for international standards alone.
        kept: Whether answers are kept in the vault.
    """

    template = "settings.html"
    minutes: int
    choices: tuple[tuple[int, str], ...]
    used: str
    room: str
    countries: tuple[tuple[str, str], ...]
    country: str
    kept: bool


@dataclass(frozen=True, kw_only=True)
class Passphrase(Page):
    """Change the passphrase.

    Attributes:
        wrongs: What to mend.
    """

    template = "passphrase.html"
    wrongs: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Backup(Page):
    """Back up, which is also how a vault grows and moves.

    Attributes:
        path: Where the new vault shall lie.
        numbers: 1 to the number of passphrases that can be given.
        wrongs: What to mend.
    """

    template = "backup.html"
    path: str
    numbers: tuple[int, ...]
    wrongs: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Shred(Page):
    """Destroy; asks twice.

    Attributes:
        wrongs: What to mend.
    """

    template = "shred.html"
    wrongs: tuple[Problem, ...] = ()


@needs_vault
async def show(opened: Opened) -> Response:
    """Show the settings."""
    from holdfire.journeys.keep_plan import ANSWERS  # noqa: PLC0415 - the vault loads when it is needed

    used, room = await opened.run(lambda vault: vault.used())
    page = Settings(
        minutes=opened.program.session.minutes,
        choices=tuple(MINUTES.items()),
        used=words_for_bytes(used),
        room=words_for_bytes(room),
        countries=country_choices(),
        country=await country_of(opened),
        kept=bool(await opened.run(lambda vault: vault.records.count(ANSWERS))),
        back="/",
    )
    return render(opened.request, page)


@needs_vault
async def set_minutes(opened: Opened) -> Response:
    """Set after how long it locks."""
    from holdfire.journeys.settings import change_settings  # noqa: PLC0415

    minutes = (await read_form(opened.request)).number("minutes", min(MINUTES), max(MINUTES))
    if minutes in MINUTES:
        opened.program.session.minutes = minutes
        await opened.run(change_settings, opened.program.now(), minutes=minutes)
        opened.notice(mark("Saved."))
    return go("/settings")


@needs_vault
async def set_country(opened: Opened) -> Response:
    """Set whose law binds the person."""
    await choose_country(opened, (await read_form(opened.request)).one("country", "-"))
    opened.notice(mark("Saved."))
    return go("/settings")


@needs_vault
async def discard_answers(opened: Opened) -> Response:
    """Delete the answers that were kept."""
    from holdfire.journeys import keep_plan  # noqa: PLC0415

    await opened.run(keep_plan.discard_answers)
    opened.notice(mark("The kept answers are deleted. Tidying up overwrites the place where they lay."))
    return go("/settings")


async def ask_passphrase(request: Request) -> Response:
    """Ask for the old and the new passphrase."""
    return _only_open(request, Passphrase(back="/settings"))


async def change_passphrase(request: Request) -> Response:
    """Change the passphrase."""
    from holdfire.journeys import tend_vault  # noqa: PLC0415
    from holdfire.journeys.make_vault import judge_passphrase  # noqa: PLC0415

    program = program_of(request)
    form = await read_form(request)
    old, new = form.secret("old"), form.secret("new")
    wrongs: list[Problem] = []
    if not old:
        wrongs.append(Problem("old", mark("Type the passphrase you have now.")))
    try:
        judge_passphrase(new)
        if form.secret("again") != new:
            wrongs.append(Problem("again", mark("The two are not the same. Type both again.")))
    except UserError as error:
        wrongs.append(problem_of(program.session.language, error, "new"))
    if wrongs:
        return render(request, Passphrase(wrongs=tuple(wrongs), back="/settings"), 422)

    def act(vault: Vault, _: Progress) -> Vault:
        return tend_vault.change_passphrase(vault, old, new, profile=program.profile)

    notice = mark(
        "The passphrase is changed. Who has an old copy of the file and the old passphrase can still open that copy."
    )
    return _work(program, act, mark("Changing the passphrase"), notice)


async def ask_backup(request: Request) -> Response:
    """Ask where the new vault shall lie and what it shall carry."""
    return _only_open(request, _backup_page(""))


async def back_up(request: Request) -> Response:
    """Make a new vault with the compartments whose passphrases are given."""
    from holdfire.journeys import tend_vault  # noqa: PLC0415
    from holdfire.journeys.make_vault import judge_place  # noqa: PLC0415

    program = program_of(request)
    form = await read_form(request)
    path = form.one("path")
    phrases = [one for number in range(1, _MOST_PHRASES + 1) if (one := form.secret(f"phrase-{number}"))]
    wrongs: list[Problem] = []
    try:
        judge_place(path)
    except UserError as error:
        wrongs.append(problem_of(program.session.language, error, "path"))
    if not phrases:
        wrongs.append(Problem("phrase-1", mark("Type the passphrase of what shall be carried.")))
    if wrongs:
        return render(request, _backup_page(path, tuple(wrongs)), 422)

    def act(vault: Vault, progress: Progress) -> Vault:
        return tend_vault.back_up(vault, phrases, path, profile=program.profile, progress=progress)

    notice = mark("The backup is made. It carries only the compartments whose passphrases you gave.")
    return _work(program, act, mark("Making the backup"), notice)


async def check(request: Request) -> Response:
    """Read everything once."""
    from holdfire.journeys import tend_vault  # noqa: PLC0415

    def act(vault: Vault, progress: Progress) -> Vault:
        tend_vault.check_vault(vault, progress)
        return vault

    notice = mark("Every page of this compartment was read, and none was changed.")
    return _work(program_of(request), act, mark("Reading everything once"), notice)


async def compact(request: Request) -> Response:
    """Overwrite what was deleted."""
    from holdfire.journeys import tend_vault  # noqa: PLC0415

    def act(vault: Vault, progress: Progress) -> Vault:
        tend_vault.compact_vault(vault, progress)
        return vault

    notice = mark(
        "What was deleted is overwritten, as far as the disk writes in place. Some disks keep old blocks."
    )
    return _work(program_of(request), act, mark("Overwriting what was deleted"), notice)


async def ask_shred(request: Request) -> Response:
    """Ask what to destroy, and say what remains."""
    return _only_open(request, Shred(back="/settings"))


async def shred(request: Request) -> Response:
    """Destroy what was chosen, when it was said twice."""
    from holdfire.journeys import tend_vault  # noqa: PLC0415

    program = program_of(request)
    session = program.session
    form = await read_form(request)
    phrase, what = form.secret("phrase"), form.one("what")
    wrongs: list[Problem] = []
    if what not in {"this", "all"}:
        wrongs.append(Problem("what", mark("Choose what to destroy.")))
    if form.one("sure") != "yes":
        wrongs.append(Problem("sure", mark("Tick the box, if you are sure.")))
    if not phrase:
        wrongs.append(Problem("phrase", mark("Type the passphrase once more.")))
    if wrongs:
        return render(request, Shred(wrongs=tuple(wrongs), back="/settings"), 422)
    vault = session.vault
    if vault is None:
        return go("/open")
    session.vault = None
    try:
        await session.run(tend_vault.destroy, vault, phrase, all_of_it=what == "all", profile=program.profile)
    finally:
        session.lock("asked")
    session.forget_place()
    session.notice = mark(
        "It is destroyed: no passphrase opens it any more. The file is still there; delete it yourself. "
        "Copies, backups and paper stay as they are, and some disks keep old blocks."
    )
    return go("/")


def _only_open(request: Request, page: Page) -> Response:
    state = program_of(request).session.state
    if state == "pretend":
        raise UserError(mark("You are looking around: there is no file."), mark("Make a vault first."))
    return render(request, page) if state == "open" else go("/open")


def _backup_page(path: str, wrongs: tuple[Problem, ...] = ()) -> Backup:
    return Backup(path=path, numbers=tuple(range(1, _MOST_PHRASES + 1)), wrongs=wrongs, back="/settings")


def _work(program: Program, act: Callable[[Vault, Progress], Vault], title: str, notice: str) -> Response:
    """Start work on the open vault; what `act` returns is open afterwards."""
    session = program.session
    vault = session.vault
    if vault is None:
        return go("/open")
    work = Work(title=title, then="/settings", notice=notice, back="/settings")

    def run(progress: Progress) -> None:
        opened = None
        try:
            opened = act(vault, progress)
        finally:
            if opened is not vault and session.vault is vault:
                # It was closed for the work: from here on only what was opened again counts.
                session.vault = None
        if work.stopping and opened is not vault:
            opened.lock()
        elif not work.stopping:
            session.vault = opened

    session.begin(work, run)
    return go("/progress")


ROUTES = (
    Route("/settings", show),
    Route("/settings/minutes", set_minutes, methods=["POST"]),
    Route("/settings/country", set_country, methods=["POST"]),
    Route("/settings/answers", discard_answers, methods=["POST"]),
    Route("/settings/passphrase", ask_passphrase, methods=["GET"]),
    Route("/settings/passphrase", change_passphrase, methods=["POST"]),
    Route("/settings/backup", ask_backup, methods=["GET"]),
    Route("/settings/backup", back_up, methods=["POST"]),
    Route("/settings/check", check, methods=["POST"]),
    Route("/settings/compact", compact, methods=["POST"]),
    Route("/settings/shred", ask_shred, methods=["GET"]),
    Route("/settings/shred", shred, methods=["POST"]),
)
