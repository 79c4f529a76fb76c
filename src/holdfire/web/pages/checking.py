"""Check a package that was received and kept as evidence: byte for byte, from the vault, nothing unpacked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.routing import Route

from holdfire.errors import TamperError
from holdfire.language import mark
from holdfire.web.asking import Asked
from holdfire.web.forms import read_form
from holdfire.web.opened import Opened, needs_vault
from holdfire.web.page import Page, go, render
from holdfire.web.pages.evidence_words import size_words
from holdfire.web.session import Progress, Work

if TYPE_CHECKING:
    from holdfire.evidence.package.verify import Whole

#: Faults that a page names; that there is one already says no.
_MOST_FAULTS: Final = 50


@dataclass(frozen=True)
class Checked:
    """What came of checking: of which item, what is wrong in it as sentences, or what was found whole."""

    number: int
    faults: tuple[str, ...]
    whole: Whole | None
    announced: bool


@dataclass(frozen=True)
class Inside:
    """An item of a package that is whole: name, how large, SHA-256, its history and stamps as lines."""

    name: str
    size: str
    sha256: str
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PackageChecked(Page):
    """Where a package is checked, and what came of it.

    Attributes:
        number: Of the item that it is.
        title: Of this item.
        fields: The key, and the fingerprint that came by another way.
        checked: Whether it was checked just now.
        faults: What is wrong, each a sentence.
        fingerprint: Of its key, in groups.
        announced: Whether that is the fingerprint that was given.
        files: How many files are in it.
        items: What is in it.
        not_shown: What this does not show.
    """

    template = "package_check.html"
    number: int
    title: str
    fields: tuple[Asked, ...]
    checked: bool
    faults: tuple[str, ...]
    fingerprint: str
    announced: bool
    files: int
    items: tuple[Inside, ...]
    not_shown: tuple[str, ...]


@needs_vault
async def show(opened: Opened) -> Response:
    """Ask for what is needed to check it, and show what the last check found."""
    from holdfire.evidence.package.layout import grouped  # noqa: PLC0415 - loaded when a package is checked
    from holdfire.evidence.package.report import history  # noqa: PLC0415
    from holdfire.evidence.package.verify import NOT_SHOWN  # noqa: PLC0415
    from holdfire.journeys.keep_evidence import find_evidence  # noqa: PLC0415

    number = _number(opened)
    kept = (await opened.run(find_evidence, number)).value
    found = opened.program.session.found
    one = found if isinstance(found, Checked) and found.number == number else None
    whole = one.whole if one else None
    key = Asked("key", mark("Your key"), hint=opened.say(mark("The line that begins with AGE-SECRET-KEY-. It is used once, here, and not kept.")), lines=2)  # fmt: skip
    told = Asked("fingerprint", mark("Its fingerprint, as you were told it"), hint=opened.say(mark("By telephone, on paper, in person. Empty: you compare it yourself.")))  # fmt: skip
    page = PackageChecked(
        number=number,
        title=kept.title,
        fields=(key, told) if kept.form == "age" else (told,),
        checked=one is not None,
        faults=one.faults if one else (),
        fingerprint=grouped(whole.fingerprint) if whole else "",
        announced=bool(one and one.announced),
        files=whole.files if whole else 0,
        items=tuple(
            Inside(it.name, size_words(it.size), it.sha256, (*history(it.custody.shown), *map(str, it.stamps))) for it in whole.items
        ) if whole else (),
        not_shown=NOT_SHOWN,
        back=f"/evidence/{number}",
    )  # fmt: skip
    return render(opened.request, page)


@needs_vault
async def check(opened: Opened) -> Response:
    """Read the whole package and judge it, as long work."""
    from holdfire.evidence.package.refusals import NotWholeError  # noqa: PLC0415 - loaded when a package is checked
    from holdfire.evidence.package.verify import verify  # noqa: PLC0415
    from holdfire.journeys.check_package import kept_package  # noqa: PLC0415

    number, session, language = _number(opened), opened.program.session, opened.language
    form = await read_form(opened.request)
    key, announced = form.one("key"), form.one("fingerprint").strip()
    session.found = None

    def act(progress: Progress) -> None:
        try:
            whole = verify(kept_package(opened.vault, number, key), announced=announced, progress=progress)
        except TamperError as error:
            # Not through `said_of`: it speaks of the vault's own file, and here what was received is damaged.
            wrong = error.faults if isinstance(error, NotWholeError) else (error,)
            said = tuple(language.say(one.sentence, **one.values) for one in wrong[:_MOST_FAULTS])
            session.found = Checked(number, said, None, announced=False)
        else:
            session.found = Checked(number, (), whole, announced=bool(announced))

    here = f"/evidence/{number}/package"
    session.begin(Work(title=mark("Checking it, byte for byte"), then=here, notice="", back=here), act)
    return go("/progress")


def _number(opened: Opened) -> int:
    return int(opened.request.path_params["number"])


ROUTES = (
    Route("/evidence/{number:int}/package", show, methods=["GET"]),
    Route("/evidence/{number:int}/package", check, methods=["POST"]),
)
