"""Every page, in every look: no axe violation, no sideways scrolling."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Locator, Page

import originals
from holdfire.journeys.keep_evidence import add_evidence
from holdfire.language import PSEUDO
from holdfire.vault.vault import Vault
from law_texts import CONSTITUTION
from packets_drawn import pdf_of
from simulators.desk_card import desk_card
from simulators.desk_threads import ask_to_meet, fill_desk
from simulators.served import BEGIN
from simulators.visiting import Visit, Visiting

pytestmark = pytest.mark.browser

#: Pages of a template that another page here stands for already; seen where every rule is asked.
ALIKE = {
    "/guide?route=stay&step=3", "/guide/record-repressors", "/care", "/practice", "/make/where", "/question/moment", "/keep",
    "/result?place=prepare", "/result?place=later", "/result?place=not", "/question/state?again=yes", "/plan?show=done",
    "/plan/resign-together", "/happened/others", "/happened/taken", "/guide/take-leave", "/settings/backup",
}  # fmt: skip
WITHOUT_A_VAULT = (
    "/", "/guide", "/guide?route=stay&step=3", "/heading/document", "/guide/ask-in-writing", "/guide/aim-high",
    "/guide/record-repressors", "/order-for-tomorrow", "/facts", "/care", "/guide/sources", "/source/us-ucmj-92", "/about",
    "/law?country=by", "/law/in/by-1994-constitution", "/law/provision/by-const-7", "/law/forums?country=by&facts=2022-01-01",
    "/law/oaths?country=us", "/about/reviews", "/pass-on", "/open", "/practice", "/make/where", "/questions", "/question/moment",
    "/question/values", "/oath", "/leave-days?country=by", "/nothing",
)  # fmt: skip
WITH_ANSWERS = (
    "/questions", "/questions/check", "/question/state?again=yes", "/result", "/result?place=prepare",
    "/result?place=later", "/result?place=not", "/result/compare", "/keep",
)  # fmt: skip
WITH_A_VAULT = (
    "/", "/plan", "/plan?show=done", "/plan/ask-in-writing", "/plan/resign-together", "/plan/add", "/plan/print",
    "/settings", "/happened/others", "/happened/taken", "/keep",
    "/guide/take-leave", "/settings/backup",
)  # fmt: skip


ORDER_PAGES = (
    "/orders/1", "/orders/1?version=1", "/orders/1/part/when", "/orders/1/own", "/orders/1/own/write",
    "/orders/1/review?country=by", "/orders/1/review?country=us&part=2", "/orders/1/letter", "/letters/new?kind=leave",
    "/oath?country=us&order=1", "/leave-days?country=us", "/orders/1/text/words",
    "/letters/write?order=1&kind=explanation&language=ru&second=be&country=by",
)  # fmt: skip


def send(page: Page, action: str) -> None:
    """Press the first button of the form that leads to `action`."""
    press(page, page.locator(f'form[action="{action}"] button'))


def press(page: Page, what: Locator) -> None:
    """Press what leads to another page, and wait until that stands, its stylesheet too."""
    with page.expect_navigation(wait_until="load"):
        what.first.click()


def tour(one: Visit, folder: Path, *, whole: bool) -> Iterator[str]:
    """Yield a name each time another page stands in the window; without `whole`, one of each kind."""
    page, session = one.page, one.served.program.session

    def chosen(paths: tuple[str, ...]) -> list[str]:
        return [path for path in paths if whole or path not in ALIKE]

    for path in chosen(WITHOUT_A_VAULT):
        one.go(path)
        yield path
    one.go("/practice")
    send(page, "/leave")
    yield "practised"
    one.go("/make/where")
    page.locator("#path").fill("nowhere")
    send(page, "/make/where")
    yield "where, wrong"
    page.locator("#path").fill(str(folder / "notes.dat"))
    send(page, "/make/where")
    yield "size"
    page.locator('input[value="64"]').check()
    send(page, "/make/size")
    yield "compartments"
    send(page, "/make/compartments")
    yield "compartments, wrong"
    page.locator('input[value="2"]').check()
    send(page, "/make/compartments")
    yield "phrases"
    page.locator("#phrase-1").fill("short")
    send(page, "/make/phrases")
    yield "phrases, wrong"
    for question in one.served.program.guide.book.questions:
        session.answers[question.id] = frozenset({question.choices[0].id})
    session.answers["task"] = frozenset({"firearms"})
    for path in chosen(WITH_ANSWERS):
        one.go(path)
        yield f"{path} with answers"
    one.go("/")
    send(page, "/look-around")
    for path in chosen(WITH_A_VAULT):
        one.go(path)
        yield f"{path} looking around"
    yield from order_tour(one, chosen, folder)
    session.pretend = False  # as if it were the person's own: these pages need a file otherwise
    for path in ("/settings", "/settings/passphrase", "/settings/backup", "/settings/shred"):
        one.go(path)
        yield f"{path} open"
    press(page, page.locator("main form button"))
    yield "shred, wrong"
    one.go("/")
    send(page, "/lock")
    yield "locked"
    page.locator("#path").fill(str(folder))
    send(page, "/open")
    yield "not opened"
    send(page, "/leave")
    yield "left"
    one.go("/")
    yield "after leaving"


def law_tour(one: Visit, folder: Path) -> Iterator[str]:
    """Yield a name for each page of an imported text."""
    page = one.page
    for path in ("/law/texts", "/law/search"):
        one.go(path)
        yield f"{path} without texts"
    one.go("/law/texts/import")
    yield "import"
    file = folder / "text.txt"
    file.write_text(CONSTITUTION, "utf-8")
    page.locator("#file").set_input_files(file)
    page.locator("#instrument").select_option("by-1994-constitution")
    page.locator("#version").fill("2022-03-04")
    send(page, "/law/texts/import")
    page.wait_for_url("**/law/texts/1")
    yield "text"
    for path in (
        "/law/texts",
        "/law/search?words=усе зак",
        "/law/texts/1/3?provision=by-const-7",
        "/law/provision/by-const-7",
    ):
        one.go(path)
        yield path


def order_tour(one: Visit, chosen: Callable[[tuple[str, ...]], list[str]], folder: Path) -> Iterator[str]:
    """Yield a name for each page from an order that came to the clock of a letter, and of the law beside it."""
    yield from law_tour(one, folder)
    page = one.page
    for path in ("/orders", "/orders/1", "/letters", "/clock"):
        one.go(path)
        yield f"{path} made up"
    one.go("/orders/1")
    press(page, page.locator('main a[href^="/letters/"]'))
    yield "made-up letter"
    session = one.served.program.session
    session.opened(session._thread.submit(Vault.in_memory).result(), pretend=True)
    for path in ("/orders", "/letters", "/clock", "/orders/new"):
        one.go(path)
        yield f"{path} without orders"
    page.locator("#words").fill("Open fire if they stay. Delete the video of the children. Masks on.")
    page.locator("#heard").fill("tomorrow")
    page.locator("#measure").select_option("firearms")
    send(page, "/orders/new")
    yield "order, wrong"
    page.locator("#heard").fill("2030-05-01 14:30")
    send(page, "/orders/1/part/mend")
    for path in chosen(ORDER_PAGES):
        one.go(path)
        yield path
    one.go("/letters/write?order=1&kind=written-order&language=en&second=ru&country=by")
    send(page, "/letters/write")
    yield "letter"
    press(page, page.locator('a[href$="/handed-in"]'))
    yield "handed in?"
    page.locator("#on").fill("2030-04-01")
    page.locator("#due").fill("2030-04-20")
    press(page, page.locator('form[action$="/handed-in"] button'))
    yield "request"
    for path in chosen(("/clock", "/letters", "/orders", "/")):
        one.go(path)
        yield f"{path} with an order"
    yield from packet_tour(one)
    yield from rules_tour(one)
    yield from evidence_tour(one)
    yield from copies_tour(one)
    yield from stamps_tour(one)
    yield from messages_tour(one)
    yield from desk_tour(one)
    yield from export_tour(one)
    yield from accounts_tour(one)


def copies_tour(one: Visit) -> Iterator[str]:
    """Yield a name for each page from what a file tells to the copy beside it."""
    session, page = one.served.program.session, one.page
    vault = session.vault
    assert vault is not None
    files = (
        originals.saved(originals.scene(1600, 1200), "JPEG"),
        originals.film(),
        b"words alone, nothing else",
    )
    photo, film, words = (
        session._thread.submit(add_evidence, vault, (data,), BEGIN, title="What Anna Heron saw")
        .result()
        .value.number
        for data in files
    )
    copy = f"/evidence/{photo}/copy"
    for path in (copy, f"/evidence/{words}/copy", f"{copy}/cover", f"/evidence/{film}/copy/cover?at=0:01"):
        one.go(path)
        page.wait_for_load_state("networkidle")
        yield path
    one.go(f"{copy}/cover")
    press(page, page.locator('input[type="image"]'))
    yield "a first corner"
    page.locator("#left").fill("far")
    send(page, f"{copy}/box")
    yield "a box, wrong"
    page.locator("#left").fill("10")
    for field, value in (("#top", "10"), ("#wide", "20"), ("#high", "20")):
        page.locator(field).fill(value)
    send(page, f"{copy}/box")
    yield "a box"
    send(page, f"{copy}/try")
    page.wait_for_url("**/copy/tried")
    page.wait_for_load_state("networkidle")
    yield "a copy beside the original"


def export_tour(one: Visit) -> Iterator[str]:
    """Yield a name for each page from what is kept to a package of it."""
    page, session = one.page, one.served.program.session
    assert session.vault is not None
    now = one.served.program.now()
    session._thread.submit(add_evidence, session.vault, [b"what was said"], now, title="Notes").result(60)
    one.go("/evidence/export")
    yield "export"
    page.locator('input[name="item"]').first.check()
    page.locator('input[name="open"]').check()
    send(page, "/evidence/export/read")
    yield "export, read first"
    page.locator('form[action="/evidence/export/make"] button').click()
    page.wait_for_url("**/evidence/packages/1")
    yield "package"
    with page.expect_download() as download:
        page.locator('a[href="/evidence/packages/1/notes"]').click()
    saved = [Path(download.value.path()).read_bytes()]
    received = session._thread.submit(
        add_evidence, session.vault, saved, now, title="From a colleague"
    ).result(60)
    address = f"/evidence/{received.value.number}/package"
    one.go(address)
    yield "package, to be checked"
    send(page, address)
    page.wait_for_url(f"**{address}")
    page.locator(".notice").wait_for()
    yield "package, checked"


def packet_tour(one: Visit) -> Iterator[str]:
    """Yield a name for each page from a file kept with an order to the packet that is made of it."""
    page = one.page
    one.go("/orders/1/files")
    yield "no files"
    page.locator("#file").set_input_files(
        {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": pdf_of(["Heron", ""])}
    )
    page.locator("#title").fill("What Anna Heron saw")
    send(page, "/orders/attach")
    yield "a file"
    one.go("/orders/1/packet")
    yield "packet"
    page.locator("#country").select_option("by")
    send(page, "/orders/1/packet/people")
    yield "packet, who is named"
    page.locator("#more").fill("Anna")
    send(page, "/orders/1/packet/read")
    yield "packet, read first"
    page.locator('form[action="/orders/1/packet/make"] button').click()
    page.wait_for_url("**/orders/1", timeout=60_000)
    yield "packet, made"


def evidence_tour(one: Visit) -> Iterator[str]:
    """Yield a name for each page from an empty list of evidence to an item of each way of showing."""
    page = one.page
    for path in ("/evidence", "/evidence/add"):
        one.go(path)
        yield f"{path} without evidence"
    page.locator("#title").fill("x" * 200)
    page.locator("#file").evaluate("file => file.removeAttribute('required')")
    press(page, page.locator("main form button"))
    yield "evidence, no file"
    made = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(made, "PNG")
    for name, content in (
        ("a.png", made.getvalue()), ("b.webm", b"\x1aE\xdf\xa3" + bytes(12) + b"webm"), ("c.mp3", b"ID3" + bytes(50)),
        ("d.txt", b"words"), ("e.bin", bytes(9)), ("f.pdf", pdf_of(["Heron", ""])), ("a.png", made.getvalue()),
    ):  # fmt: skip
        one.go("/evidence/add")
        page.locator("#file").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )
        press(page, page.locator("main form button"))
        page.wait_for_url("**/evidence/kept*")
    yield "evidence, the same again"
    one.go("/evidence?words=a&sort=pictures")
    yield "/evidence with evidence"
    for number in range(1, 7):
        one.go(f"/evidence/{number}")
        yield f"/evidence/{number}"
    page.locator("#when").fill("noon")
    send(page, "/evidence/6/notes")
    yield "evidence, noted"
    one.go("/evidence/6/note/when")
    yield "evidence, a note"


def accounts_tour(one: Visit) -> Iterator[str]:
    """Yield a name for each page of an account, from the empty list to the second person."""
    page = one.page
    for path in ("/accounts", "/accounts/new/harm", "/accounts/new/accountability"):
        one.go(path)
        yield path
    page.locator("#unit").fill("second company")
    page.locator("#post").fill("his wife's driver")
    send(page, "/accounts/new/accountability")
    yield "account, wrong"
    for path in (
        "/accounts/1",
        "/accounts/1/part/statements",
        "/accounts/1/text",
        "/accounts/1/review",
        "/accounts",
    ):
        one.go(path)
        yield f"{path} of an account"


REGULATION = """Guard rules
Chapter 1. Weapons
1. The guard must count the cartridges.
2. The guard must not:
(a) lend a weapon unless ordered;
(b) sell it.
3. The guard may refuse.
"""


def rules_tour(one: Visit) -> Iterator[str]:
    """Yield a name for each page from a regulation to its printed log."""
    page = one.page
    for path in ("/rules", "/rules/import"):
        one.go(path)
        yield f"{path} without regulations"
    press(page, page.locator("main form button"))
    yield "regulation, no file"
    page.locator("#file").set_input_files(
        {"name": "rules.txt", "mimeType": "text/plain", "buffer": REGULATION.encode()}
    )
    press(page, page.locator("main form button"))
    page.wait_for_url("**/rules")
    for path in ("/rules", "/rules/1", "/rules/1?label=exception", "/rules/1/checklist?order=1"):
        one.go(path)
        yield path
    page.locator("#topics").fill("helicopter")
    press(page, page.locator("main form button"))
    yield "checklist, wrong"
    page.locator("#topics").fill("guard, weapon")
    press(page, page.locator("main form button"))
    yield "checklist"
    press(page, page.locator('button[name="done"]'))
    yield "checklist, ticked"
    one.go("/checklists/1/step/2")
    yield "step"
    page.locator("#at").fill("noon")
    press(page, page.locator("main form button"))
    yield "step, wrong"
    one.go("/checklists/1/print")
    yield "print"
    one.go("/rules")
    yield "/rules with a checklist"


def messages_tour(one: Visit) -> Iterator[str]:
    """Yield a name for each page from an empty list of desks to a message that waits to be sent."""
    page = one.page
    document, words = desk_card(datetime.now(UTC))
    one.go("/messages")
    yield "no desk"
    page.set_input_files("#file", {"name": "card", "mimeType": "application/octet-stream", "buffer": b"x"})
    send(page, "/messages/card")
    yield "card, wrong"
    page.set_input_files(
        "#file", {"name": "card", "mimeType": "application/octet-stream", "buffer": document}
    )
    send(page, "/messages/card")
    yield "a desk that is not confirmed"
    page.locator("#words").fill("one two")
    send(page, "/messages/1/words")
    yield "words, wrong"
    page.locator("#words").fill(words)
    send(page, "/messages/1/words")
    one.go("/messages/1/write")
    yield "kinds of message"
    one.go("/messages/1/write/force")
    send(page, "/messages/1/write/force")
    yield "a warning, wrong"
    one.go("/messages/1/write/question")
    page.locator("#text").fill("May I resign now?")
    send(page, "/messages/1/write/question")
    yield "a message waits"
    page.locator("#proxy").fill("nowhere")
    send(page, "/messages/1/exchange")
    yield "messages, wrong proxy"
    one.go("/messages")
    yield "desks"


def desk_tour(one: Visit) -> Iterator[str]:
    """Yield a name for each page of a desk that members wrote to."""
    page, session = one.page, one.served.program.session
    one.go("/desk")
    yield "no desk of one's own"
    assert session.vault is not None
    session._thread.submit(fill_desk, session.vault, one.served.program.now()).result()
    one.go("/desk")
    yield "inbox"
    page.locator("#words").fill("resign")
    send(page, "/desk")
    yield "threads found"
    page.locator("#proxy").fill("nowhere")
    send(page, "/desk/day")
    yield "day, wrong"
    one.go("/desk/threads/2")
    yield "a warning"
    send(page, "/desk/threads/2/act")
    yield "act, wrong"
    one.go("/desk/threads/3")
    yield "an order with a film"
    one.go("/desk/threads/3/refer")
    yield "what a lawyer is to read"
    send(page, "/desk/threads/3/refer/read")
    yield "a referral"
    send(page, "/desk/threads/3/refer/record")
    yield "a referral, not agreed"
    one.go("/desk/record")
    yield "record of acts"
    one.go("/desk/introduce")
    yield "nobody asked"
    session._thread.submit(ask_to_meet, session.vault, one.served.program.now()).result()
    one.go("/desk/introduce")
    yield "who asked to meet somebody"
    for box in page.locator("[name=thread]").all():
        box.check()
    send(page, "/desk/introduce")
    yield "what both are told"
    page.locator("#text").fill("Noon, at the bridge.")
    send(page, "/desk/introduce")
    yield "introduction, one text missing"
    page.locator("#text").fill("Noon, at the bridge.")
    page.locator("#other").fill("At noon, at the bridge.")
    send(page, "/desk/introduce")
    yield "both letters"


def stamps_tour(one: Visit) -> Iterator[str]:
    """Yield a name for each page from an empty list of authorities to a request that waits to be sent."""
    page, session = one.page, one.served.program.session
    vault = session.vault
    assert vault is not None
    kept = session._thread.submit(add_evidence, vault, [b"seen"], datetime.now(UTC), title="A paper")
    path = f"/evidence/{kept.result(60).value.number}/stamps"
    for each in ("/evidence/stamps", "/evidence/authorities", path):
        one.go(each)
        yield f"{each} with nobody to ask"
    one.go("/evidence/authorities")
    page.locator("#calendar-called").fill("Heron")
    page.locator("#calendar-address").fill("nowhere")
    send(page, "/evidence/authorities/calendar")
    yield "calendar, wrong"
    page.locator("#calendar-address").fill("http://192.0.2.1")
    send(page, "/evidence/authorities/calendar")
    yield "authorities"
    one.go(path)
    send(page, f"{path}/ask")
    yield "stamps, nobody chosen"
    page.locator('input[name="names"]').first.check()
    send(page, f"{path}/ask")
    yield "a stamp waits"
    page.locator("#proxy").fill("nowhere")
    send(page, f"{path}/send")
    yield "stamps, wrong proxy"


Scheme = Literal["light", "dark"]
#: What depends on the look alone; everything else is the same in each.
OF_THE_LOOK = {
    "runOnly": {
        "type": "rule",
        "values": ["color-contrast", "target-size", "link-in-text-block", "html-lang-valid"],
    },
    "rules": {"target-size": {"enabled": True}},
}
LOOKS: list[tuple[int, Scheme, bool]] = [
    (width, scheme, mirrored)
    for width in (320, 1024)
    for scheme in ("light", "dark")
    for mirrored in (False, True)
]
#: Between them they have each width, each scheme and each direction.
IN_FULL = [(320, "dark", True), (1024, "light", False)]
#: With these, each width in each scheme and in each direction; the night sees all eight.
EVERY_TIME: list[tuple[int, Scheme, bool]] = [
    (320, "dark", True),
    (1024, "light", False),
    (320, "light", False),
    (1024, "dark", True),
]


@pytest.mark.parametrize(("width", "scheme", "mirrored"), EVERY_TIME)
def test_every_page_can_be_read_in_every_look(
    visit: Visiting, folder: Path, width: int, scheme: Scheme, *, mirrored: bool
) -> None:
    in_full = (width, scheme, mirrored) in IN_FULL
    look(visit, folder, width, scheme, mirrored=mirrored, options=None if in_full else OF_THE_LOOK)


@pytest.mark.nightly
@pytest.mark.parametrize(("width", "scheme", "mirrored"), LOOKS)
def test_every_page_passes_every_rule_in_every_look(
    visit: Visiting, folder: Path, width: int, scheme: Scheme, *, mirrored: bool
) -> None:
    look(visit, folder, width, scheme, mirrored=mirrored, options=None)


def look(
    visit: Visiting,
    folder: Path,
    width: int,
    scheme: Scheme,
    *,
    mirrored: bool,
    options: dict[str, Any] | None,
) -> None:
    """Go through every page; fail with all that was found."""
    # axe is a script: it runs in a browser that allows scripts to us alone; the pages bring none.
    one = visit(width=width, scheme=scheme, mirrored=mirrored, scripts=True)
    axe = Axe()
    found: list[str] = []
    for name in tour(one, folder, whole=options is None):
        if one.overflow > 0:
            found.append(f"{name}: {one.overflow} px too wide")
        found.extend(f"{name}: {each}" for each in violations(axe, one.page, options))
    assert not found, "\n".join(found)


def violations(axe: Axe, page: Page, options: dict[str, Any] | None) -> Iterator[str]:
    """Yield what axe finds, each with the element it means."""
    answer: dict[str, Any] = axe.run(page, options=options).response
    for each in answer["violations"]:
        if each["id"] == "html-lang-valid" and PSEUDO in each["nodes"][0]["html"]:
            continue  # the mirrored pseudo-language has a code of its own that axe's list leaves out
        yield f"{each['id']}: {each['nodes'][0]['html'][:160]} ({len(each['nodes'])})"


def test_axe_does_find_what_is_wrong(visit: Visiting) -> None:
    one = visit(scripts=True)
    one.page.set_content('<p style="color:#ccc">Pale</p><img src="x">')
    found = " ".join(violations(Axe(), one.page, None))
    assert "color-contrast" in found
    assert "image-alt" in found
