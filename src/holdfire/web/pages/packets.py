"""A packet for a court or an office: choose what goes in, decide on each name, read it, make it, save it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.web.asking import Asked
from holdfire.web.countries import country_choices, country_of
from holdfire.web.forms import MOST_FIELDS, Form, read_form
from holdfire.web.opened import Opened, needs_order
from holdfire.web.page import Page, go, render
from holdfire.web.session import Progress, Work

if TYPE_CHECKING:
    from holdfire.journeys.make_packet import Plan, Wish
    from holdfire.journeys.record_order import KeptOrder
    from holdfire.vault.records import Record

#: Bytes read from the vault at once for a download.
_PIECE: Final = 1 << 20
_WISHED: Final = ("to", "by", "country", "letters", "files", "own-acts", "forums", "keep-pages", "chosen")
_MOST_MENTIONS: Final = 12


@dataclass(frozen=True)
class Choosable:
    """Something that can go in: value, words, a line beside it."""

    value: str
    title: str
    about: str


@dataclass(frozen=True)
class NameLine:
    """A name, in what role, where it stands, and whether it is kept."""

    name: str
    role: str
    mentions: tuple[str, ...]
    more: int
    kept: bool


@dataclass(frozen=True, kw_only=True)
class PacketChosen(Page):
    """What goes into a packet.

    Attributes:
        number: Of the order.
        fields: To whom, by whom, whose law.
        letters: Letters about the order.
        files: Files kept with it.
        own: Whether the record holds the person's own acts.
    """

    template = "packet.html"
    number: int
    fields: tuple[Asked, ...]
    letters: tuple[Choosable, ...]
    files: tuple[Choosable, ...]
    own: bool


@dataclass(frozen=True, kw_only=True)
class PeopleShown(Page):
    """Everybody a packet names.

    Attributes:
        number: Of the order.
        hidden: What was chosen: names and values.
        names: Each with its choice.
        silent: What cannot be searched, with its exhibit's number.
        pages: Whether there are PDFs, whose pages can be left out.
    """

    template = "packet_people.html"
    number: int
    hidden: tuple[tuple[str, str], ...]
    names: tuple[NameLine, ...]
    silent: tuple[tuple[int, str], ...]
    pages: bool


@dataclass(frozen=True, kw_only=True)
class PacketRead(Page):
    """A packet as text.

    Attributes:
        number: Of the order.
        hidden: What was chosen: names and values.
        text: What it will say.
        out: Names that are taken out.
        exhibits: How many files go in.
    """

    template = "packet_read.html"
    number: int
    hidden: tuple[tuple[str, str], ...]
    text: str
    out: tuple[str, ...]
    exhibits: int


@needs_order
async def choose(opened: Opened, kept: Record[KeptOrder]) -> Response:
    """Show what can go into a packet."""
    from holdfire.journeys.keep_exhibit import exhibits_of  # noqa: PLC0415 - the vault loads when it is needed
    from holdfire.journeys.make_packet import letters_of  # noqa: PLC0415
    from holdfire.letters.kinds import kind_called  # noqa: PLC0415
    from holdfire.packets.reading import FORM_WORDS  # noqa: PLC0415

    say = opened.say
    letters = await opened.run(letters_of, kept.id)
    files = await opened.run(exhibits_of, kept.value.number)
    page = PacketChosen(
        number=kept.value.number,
        fields=(
            Asked("to", mark("To which court or office"), "",
                  say(mark("As you would write it, or leave it for later. The packet can hold a table of where it can be sent."))),
            Asked("by", mark("Who hands it in"), "", say(mark("Empty: the packet says that the name is withheld."))),
            Asked("country", mark("Whose law binds you"), await country_of(opened), choices=country_choices()),
        ),
        letters=tuple(
            Choosable(one.id, kind_called(one.value.kind).title,
                      ", ".join(clock.service.on.isoformat() for clock in clocks))
            for one, clocks in letters
        ),
        files=tuple(
            Choosable(str(place), one.value.title, say(FORM_WORDS[one.value.form]))
            for place, one in enumerate(files, 1)
        ),
        own=bool(kept.value.order.own_acts),
        back=f"/orders/{kept.value.number}",
    )  # fmt: skip
    return render(opened.request, page)


@needs_order
async def people(opened: Opened, kept: Record[KeptOrder]) -> Response:
    """Show everybody the chosen packet would name."""
    from holdfire.packets.people import ROLE_WORDS  # noqa: PLC0415

    form = await read_form(opened.request)
    number, say = kept.value.number, opened.say
    plan = await _plan(opened, number, form)
    names = []
    for one in plan.named:
        mentions = tuple(
            say(
                mark("“{words}” in {where}, page {page}") if each.page else mark("“{words}” in {where}"),
                **vars(each),
            )
            for each in one.mentions
        )
        names.append(
            NameLine(one.person.name, ROLE_WORDS[one.person.role], mentions[:_MOST_MENTIONS],
                     max(0, len(mentions) - _MOST_MENTIONS), plan.choice(one) == "keep")
        )  # fmt: skip
    page = PeopleShown(
        number=number,
        hidden=_hidden(form),
        names=tuple(names),
        silent=plan.silent,
        pages=any(one.form == "pdf" for one in plan.packet.exhibits),
        back=f"/orders/{number}/packet",
    )
    return render(opened.request, page)


@needs_order
async def read(opened: Opened, kept: Record[KeptOrder]) -> Response:
    """Show the packet as text, without the names that are taken out."""
    from holdfire.packets.preview import as_text  # noqa: PLC0415

    form = await read_form(opened.request)
    number = kept.value.number
    plan = await _plan(opened, number, form)
    page = PacketRead(
        number=number,
        hidden=(
            *_hidden(form),
            *(("out", one) for one in plan.wish.out),
            *(("keep", one) for one in plan.wish.keep),
        ),
        text=as_text(plan.packet, plan.remover(opened.language), opened.language),
        out=tuple(one.person.name for one in plan.named if plan.choice(one) == "out"),
        exhibits=len(plan.packet.exhibits),
        back=f"/orders/{number}/packet",
    )
    return render(opened.request, page)


@needs_order
async def make(opened: Opened, kept: Record[KeptOrder]) -> Response:
    """Make the packet into the vault, and show how far it is."""
    from holdfire.journeys.keep_packet import keep_packet  # noqa: PLC0415
    from holdfire.journeys.make_packet import make_packet  # noqa: PLC0415

    program, number = opened.program, kept.value.number
    plan = await _plan(opened, number, await read_form(opened.request))

    def act(progress: Progress) -> None:
        made = make_packet(plan, language=opened.language, progress=progress)
        keep_packet(opened.vault, number, made, program.now())

    work = Work(
        title=mark("Putting it together"),
        then=f"/orders/{number}",
        notice=mark("The packet is made and sealed in your vault. Save it as a file when you need it."),
        back=f"/orders/{number}/packet",
    )
    program.session.begin(work, act)
    return go("/progress")


@needs_order
async def save_file(opened: Opened, kept: Record[KeptOrder]) -> Response:
    """Send a packet as one file to save, piece by piece from the vault."""
    from holdfire.journeys.keep_packet import PACKET  # noqa: PLC0415

    packet = (await opened.one(PACKET, opened.request.path_params["packet"])).value
    if packet.order != kept.id:
        raise HTTPException(404)

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, packet.size, _PIECE):
            yield await opened.program.session.run(opened.vault.blobs.read, packet.item, start, _PIECE)

    saved = {"content-disposition": 'attachment; filename="notes.pdf"', "content-length": str(packet.size)}
    return StreamingResponse(pieces(), media_type="application/pdf", headers=saved)


@needs_order
async def delete(opened: Opened, kept: Record[KeptOrder]) -> Response:
    """Destroy a packet in the vault."""
    from holdfire.journeys.keep_packet import destroy_packet  # noqa: PLC0415

    await opened.run(destroy_packet, opened.request.path_params["packet"])
    opened.notice(mark("The packet is destroyed in the vault. What was saved as a file stays where it is."))
    return go(f"/orders/{kept.value.number}")


async def _plan(opened: Opened, number: int, form: Form) -> Plan:
    from holdfire.journeys.make_packet import plan_packet  # noqa: PLC0415

    return await opened.run(plan_packet, number, _wish(form), opened.program.today, language=opened.language)


def _wish(form: Form) -> Wish:
    from holdfire.journeys.make_packet import Wish  # noqa: PLC0415

    places = tuple(int(one) for one in form.several("files") if one.isascii() and one.isdigit())
    # Names decided one by one (a number each), typed in a line each, and those decided on an earlier page.
    asked = {one: form.secret(f"name-{one}") for one in range(_decided(form))}
    decided = {name: form.one(f"choice-{one}") for one, name in asked.items()}
    typed = tuple(" ".join(line.split()) for line in form.one("more").splitlines() if line.strip())
    countries = {code for code, _ in country_choices()}
    country = form.one("country")
    return Wish(
        to=form.one("to"),
        by=form.one("by"),
        country=country if country and country in countries else None,
        letters=form.several("letters"),
        exhibits=places,
        own_acts=form.one("own-acts") == "yes",
        forums=form.one("forums") == "yes",
        out=(*form.several("out"), *(name for name, choice in decided.items() if choice == "out"), *typed),
        keep=(*form.several("keep"), *(name for name, choice in decided.items() if choice == "keep")),
        leave_pages=form.one("keep-pages") != "yes",
    )


def _decided(form: Form) -> int:
    if not form.one("names"):
        return 0
    count = form.number("names", 0, MOST_FIELDS)
    if count is None:
        # Going on would forget every choice, and keep names that were to go.
        raise UserError(mark("This form could not be read."), mark("Go back and send it again."))
    return count


def _hidden(form: Form) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name in _WISHED for value in form.several(name) if value)


ROUTES = (
    Route("/orders/{number:int}/packet", choose, methods=["GET"]),
    Route("/orders/{number:int}/packet/people", people, methods=["POST"]),
    Route("/orders/{number:int}/packet/read", read, methods=["POST"]),
    Route("/orders/{number:int}/packet/make", make, methods=["POST"]),
    Route("/orders/{number:int}/packet/{packet}/notes.pdf", save_file, methods=["GET"]),
    Route("/orders/{number:int}/packet/{packet}/delete", delete, methods=["POST"]),
)
