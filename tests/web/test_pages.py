"""Every page: reachable, documented, small, silent, translated, in order."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from jinja2 import meta, nodes
from PIL import Image
from starlette.routing import Route

import originals
from holdfire.desk.answering import templates
from holdfire.journeys.export_evidence import find_package, written
from holdfire.journeys.keep_evidence import add_evidence
from holdfire.journeys.keep_regulation import import_regulation
from holdfire.language import ENGLISH, MIRRORED
from holdfire.web.app import routes
from holdfire.web.page import MINUTES, Page, environment
from law_texts import CONSTITUTION
from packets_drawn import pdf_of
from simulators.desk_card import desk_card
from simulators.desk_threads import ask_to_meet, fill_desk, record_referral
from simulators.reader import Reading, untranslated
from simulators.sending import finished, upload
from simulators.served import BEGIN, Answer, Served

PHRASE = "seven grey owls sing low"
MOST_PAGE = 30 * 1024
MOST_FIRST = 10 * 1024
MOST_STYLE = 4 * 1024
#: Words that are the same in every language.
SAME = re.compile(r"\b(HTML|PDF|EPUB|MiB|GiB|INT|BY|US|Notes)\b")


def contexts() -> list[type[Page]]:
    routes()
    found: list[type[Page]] = []
    waiting = list(Page.__subclasses__())
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting.extend(one.__subclasses__())
    return found


def keys_used(template: str) -> set[str]:
    """Return the keys a template uses, itself and through what it extends, includes or imports."""
    language = environment(ENGLISH)
    assert language.loader is not None
    used: set[str] = set()
    seen: set[str] = set()
    waiting = [template]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        tree = language.parse(language.loader.get_source(language, name)[0])
        imported = {one for found in tree.find_all(nodes.FromImport) for one in found.names}
        names = {one if isinstance(one, str) else one[1] for one in imported}
        used |= meta.find_undeclared_variables(tree) - names
        waiting.extend(found for found in meta.find_referenced_templates(tree) if found)
    return used - {"frame", "_", "say", "gettext", "ngettext"}


@pytest.mark.parametrize("page", contexts(), ids=lambda page: page.__name__)
def test_documented_and_rendered_keys_are_the_same(page: type[Page]) -> None:
    own = {field.name for field in fields(page)} - {"back"}
    documented = set(re.findall(r"^        (\w+): ", page.__doc__ or "", re.MULTILINE))
    assert documented == own, "the docstring names each key"
    assert keys_used(page.template) - {"back"} == own, "the template uses each key, and no other"


def test_every_template_belongs_to_a_page() -> None:
    folder = Path(__file__).parents[2] / "src/holdfire/web/templates"
    there = {file.name for file in folder.iterdir()}
    assert there - {"bare.html", "layout.html", "parts.html", "limits.html"} == {
        page.template for page in contexts()
    }


def test_no_template_switches_escaping_off() -> None:
    language = environment(ENGLISH)
    for page in contexts():
        assert language.loader is not None
        source = language.loader.get_source(language, page.template)[0]
        tree = language.parse(source)
        assert not [one for one in tree.find_all(nodes.Filter) if one.name == "safe"]
        assert "autoescape" not in source


def picture_of(colour: str) -> bytes:
    """Return a small PNG."""
    made = io.BytesIO()
    Image.new("RGB", (30, 20), colour).save(made, "PNG")
    return made.getvalue()


def crawl(served: Served, seen: dict[str, Answer]) -> None:
    """Follow every link from the start, of each kind of address a few."""
    waiting = ["/"]
    counts: dict[str, int] = {}
    while waiting:
        path = waiting.pop()
        shape = re.sub(
            r"(?<=/)(heading|guide|source|plan|question|happened|letters|clock|in|provision|texts)/[^/?]+",
            r"\1/…",
            path,
        )
        if path in seen or counts.get(shape, 0) >= (80 if shape.startswith("/guide/") else 20):
            continue
        counts[shape] = counts.get(shape, 0) + 1
        answer = served.get(path)
        seen[path] = answer
        if "text/html" in (answer.header("content-type") or "") and not answer.header("content-disposition"):
            waiting.extend(link for link in Reading(answer.text).links if link.startswith("/"))


def accounts_journey(served: Served) -> dict[str, Answer]:
    """Return the pages from an empty list of accounts to one that was reviewed, kept, saved as a file and deleted."""
    form, one = "/accounts/new/accountability", "/accounts/1"
    seen = {"/accounts": served.get("/accounts"), form: served.get(form)}
    seen["account, wrong"] = served.post(form, name="Heron", post="his wife's driver", unit="second company")
    seen["account, bare"] = served.get(one)
    parts: dict[str, dict[str, str | list[str]]] = {
        "official": {"service": "police", "unit": "second company", "name": "Heron"},
        "act": {"act": "He gave the word to fire.", "when": "2020-08-10", "place": "the square"},
        "statements": {"statements-1-says": "He gave the word.", "statements-1-source": "I stood there",
                       "statements-1-near": "seen", "statements-1-sure": "sure"},
        "fair": {"alternatives": "none known", "quarrel": "no"},
        "recipient": {"recipient": "court", "recipient_name": "The court"},
        "writer": {"author": "Owl"},
    }  # fmt: skip
    seen["review, too early"] = served.get(f"{one}/review")
    for part, said in parts.items():
        seen[f"part {part}"] = served.get(f"{one}/part/{part}")
        served.post(f"{one}/part/{part}", said)
    seen[f"{one}/review"] = served.get(f"{one}/review")
    review: dict[str, str | list[str]] = {"reviewer": "Jay", "role": "lawyer", "checked": "each statement"}
    seen["account, reviewed"] = served.post(f"{one}/review", review)
    seen["account, kept"] = served.post(f"{one}/keep")
    seen["account, whole"] = served.get(f"{one}/text")
    seen["account, saved"] = served.post(f"{one}/export", form="text")
    seen["account, changed"] = served.post(f"{one}/part/official", rank="major")
    served.post("/accounts/new/claim", claim="They are paid.")
    seen["account, not deleted"] = served.post("/accounts/2/delete")
    seen["account, deleted"] = served.post("/accounts/2/delete", sure="yes")
    return seen


def answer_all(served: Served) -> None:
    for question in served.program.guide.book.questions:
        served.post(f"/question/{question.id}", answer=question.choices[0].id)


def whole_journey(served: Served, folder: Path) -> dict[str, Answer]:
    """Return every page a person can come to, by address, through each state of the program."""
    seen: dict[str, Answer] = {}
    crawl(served, seen)
    extra = {
        "/make": served.get("/make"),
        "/practice": served.get("/practice"),
        "practised": served.post("/leave", practice="yes"),
        "where, wrong": served.post("/make/where", path="nowhere"),
        "size": served.post("/make/where", path=str(folder / "own.dat")),
        "size, wrong": served.post("/make/size", size="own", own="3"),
        "compartments": served.post("/make/size", size="64"),
        "compartments, wrong": served.post("/make/compartments"),
        "phrases": served.post("/make/compartments", count="2"),
        "phrases, wrong": served.post("/make/phrases", phrase_1="short", phrase_2="eight pale cats dig on"),
        "/progress": served.post(
            "/make/phrases", phrase_1=PHRASE, again_1=PHRASE, phrase_2=PHRASE + "!", again_2=PHRASE + "!"
        ),
    }
    while 'content="1;url=/progress"' in served.get("/").text:
        pass
    seen.update(extra)
    answer_all(served)
    seen["question, wrong"] = served.post("/question/values", answer=["hurting-nobody", "nonsense"])
    for place in ("now", "prepare", "later", "not"):
        seen[f"/result?place={place}"] = served.get(f"/result?place={place}")
    seen["kept"] = served.post("/keep", keep="answers")
    mine = dict(extra)
    for part in (
        evidence_journey, order_journey, packet_journey, rules_journey, copies_journey, stamps_journey, export_journey,
        accounts_journey, messages_journey, desk_journey,
    ):  # fmt: skip
        mine |= part(served)
    crawl_open: dict[str, Answer] = {}
    answer_all(served)
    crawl(served, crawl_open)
    mine.update({f"{path} (open)": answer for path, answer in crawl_open.items()})
    item = next(
        path
        for path in crawl_open
        if re.fullmatch(r"/plan/[a-z-]+", path) and path not in {"/plan/add", "/plan/print"}
    )
    mine["item, wrong"] = served.post(item, do="date", on="yesterday")
    mine["noted"] = served.post(item, do="note", note="A note of mine", version="")
    mine["taken out"] = served.post(item, do="remove", version="")
    mine["shred, wrong"] = served.post("/settings/shred")
    mine["passphrase, wrong"] = served.post("/settings/passphrase", new="x")
    mine["backup, wrong"] = served.post("/settings/backup", path="x")
    mine["missing"] = served.get("/nothing")
    mine["locked"] = served.post("/lock")
    mine["not opened"] = served.post("/open", path=str(folder / "own.dat"), phrase="wrong")
    mine["care"] = care(served)
    mine["pretending"] = served.post("/look-around")
    mine["pretending, plan"] = served.get("/plan")
    mine["pretending, settings"] = served.get("/settings")
    for path in ("/orders", "/orders/1", "/orders/1/review", "/letters", "/clock", "/oath?order=1"):
        mine[f"pretending, {path}"] = served.get(path)
    mine["no file"] = served.get("/settings/backup")
    mine["left"] = served.post("/leave")
    mine["back"] = served.get("/")
    return {**seen, **mine}


PICTURE = picture_of("teal")
ORDER = (
    "Clear the square by six. Use your weapons if the crowd with children stays. Masks on, no badges. "
    "Delete the video. Detain everyone who films. Whoever refuses will be dismissed."
)


def order_journey(served: Served) -> dict[str, Answer]:
    """Return the pages from an order that came to the clock of a letter."""
    seen = {
        "no orders": served.get("/orders"),
        "order, wrong": served.post("/orders/new", words=ORDER, heard="tomorrow", measure="firearms"),
        "/orders/1": served.post("/orders/1/part/mend", heard="2030-05-01 14:30"),
        "order kept": served.post("/orders/1/delete"),
    }
    served.ask("POST", "/orders/1/own/write", b"own_acts=I+stood+there.")
    seen.update(law_journey(served))
    for path in ("/orders/1/review?country=us", "/orders/1/review?country=us&part=2", "/orders/1?version=1",
                 "/orders/1/part/words", "/letters/write?order=1&kind=explanation&language=en&country=by"):  # fmt: skip
        seen[path] = served.get(path)
    chosen: dict[str, Any] = {
        "order": "1",
        "kind": "written-order",
        "language": "en",
        "second": "ru",
        "country": "by",
    }
    seen["letter, wrong"] = served.post("/letters/write", **chosen, to="\u202ename")
    letter = served.post("/letters/write", **chosen, to="Майор К.")
    path = next(link for link in Reading(letter.text).links if link.endswith("/notes.pdf"))[
        : -len("/notes.pdf")
    ]
    seen[path] = letter
    for ending in ("pdf", "docx", "txt"):
        seen[f"{path}/notes.{ending}"] = served.get(f"{path}/notes.{ending}")
    seen["handed in, wrong"] = served.post(f"{path}/handed-in", on="today")
    clock = served.post(f"{path}/handed-in", on="2030-04-01", how="registry", number="17", due="2030-04-20")
    seen["handed in"] = clock
    request = next(form.action for form in Reading(clock.text).forms if form.action.startswith("/clock/"))
    seen["answer, wrong"] = served.post(request, do="answer", on="")
    seen[request] = served.get(request)
    for path in ("/oath", "/oath?country=us", "/oath?country=by&order=1", "/leave-days?country=by", "/leave-days?country=us",
                 "/letters/new?kind=leave", "/orders/1/text/words"):  # fmt: skip
        seen[path] = served.get(path)
    seen["letter kept"] = served.post(f"{path}/delete")
    return seen


def law_journey(served: Served) -> dict[str, Answer]:
    """Return the pages of a text that was imported: said to be what it is, searched, read, looked at beside our words."""
    said = {"instrument": "by-1994-constitution", "version": "2022-03-04"}
    seen = {
        "no texts": served.get("/law/texts"),
        "import, wrong": served.upload(
            "/law/texts/import", "c.txt", CONSTITUTION.encode(), version="tomorrow"
        ),
        "/law/texts/1": served.upload("/law/texts/import", "c.txt", CONSTITUTION.encode(), **said),
        "text, wrong": served.post("/law/texts/1/correct", language="no such"),
        "paired": served.post("/law/texts/1/pair", provision="by-const-8", article="4"),
        "text kept": served.post("/law/texts/1/delete"),
    }
    for path in ("/law/search?words=%D1%83%D1%81%D0%B5", "/law/search?words=nothing", "/law/provision/by-const-7",
                 "/law/texts/1/3?provision=by-const-7", "/law/forums?country=by&facts=2022-01-01",
                 "/law/forums?country=us&on=never", "/law/oaths?country=us", "/law/deadlines?country=by"):  # fmt: skip
        seen[path] = served.get(path)
    return seen


def packet_journey(served: Served) -> dict[str, Answer]:
    """Return the pages from a file kept with order 1 to the packet of it that waits in the vault."""
    seen = {"/orders/1/packet": served.get("/orders/1/packet"), "no files": served.get("/orders/1/files")}
    upload(served, pdf_of(["Heron", ""]), "A paper")
    seen["/orders/1/files"] = served.get("/orders/1/files")
    chosen: dict[str, Any] = {
        "chosen": "yes",
        "country": "by",
        "forums": "yes",
        "files": "1",
        "by": "Anna Heron",
    }
    seen["packet, people"] = served.post("/orders/1/packet/people", chosen)
    seen["packet, read"] = served.post("/orders/1/packet/read", {**chosen, "more": "Anna"})
    served.post("/orders/1/packet/make", chosen)
    finished(served)
    seen["packet, made"] = served.get("/orders/1")
    path = next(link for link in Reading(seen["packet, made"].text).links if "/packet/" in link)
    seen[path] = served.get(path)
    return seen


def export_journey(served: Served) -> dict[str, Answer]:
    """Return the pages from an item of evidence to the package of it that waits in the vault."""
    seen = {"nothing to export": served.get("/evidence/export")}
    vault = served.program.session.vault
    assert vault is not None
    session = served.program.session
    session._thread.submit(add_evidence, vault, [b"what was said"], BEGIN, title="Notes").result(60)
    chosen: dict[str, Any] = {"item": "1", "open": "yes", "time": "day", "events": "all", "to": "The court"}
    seen["/evidence/export"] = served.get("/evidence/export")
    seen["export, wrong"] = served.post("/evidence/export/read", {**chosen, "open": ""})
    seen["export, read"] = served.post("/evidence/export/read", chosen)
    served.post("/evidence/export/make", chosen)
    finished(served)
    seen["/evidence/packages/1"] = served.get("/evidence/packages/1")
    for path in ("/evidence/packages/1/notes", "/evidence/guide.pdf"):
        seen[path] = served.get(path)
    package = find_package(vault, 1).value
    received = session._thread.submit(lambda: b"".join(map(bytes, written(vault, package)[1]))).result(60)
    for number, content in ((2, received), (3, received[:-512])):
        session._thread.submit(add_evidence, vault, [content], BEGIN, title="Handed over").result(60)
        address = f"/evidence/{number}/package"
        seen[address] = served.get(address)
        served.post(address)
        finished(served)
        served.get("/progress")
        seen[f"{address}, checked"] = served.get(address)
    return seen


def rules_journey(served: Served) -> dict[str, Answer]:
    """Return the pages from a regulation to its printed log."""
    seen = {"no rules": served.get("/rules"), "/rules/import": served.get("/rules/import")}
    vault = served.program.session.vault
    assert vault is not None
    text = b"Guard rules\n1. The guard must count the cartridges.\n2. The guard must not sleep.\n"
    work = served.program.session._thread.submit(
        import_regulation, vault, io.BytesIO(text), "rules.txt", BEGIN
    )
    work.result(60)
    seen["checklist, wrong"] = served.post("/rules/1/checklist", topics="helicopter")
    seen["checklist"] = served.post("/rules/1/checklist", topics="guard")
    seen["ticked"] = served.post("/checklists/1/tick", done="1")
    seen["step, wrong"] = served.post("/checklists/1/step/2", result="done", at="noon")
    for path in ("/rules", "/rules/1", "/rules/1?label=obligation", "/rules/1/checklist", "/checklists/1", "/checklists/1/step/2",
                 "/checklists/1/print", "/checklists/1/notes.txt"):  # fmt: skip
        seen[path] = served.get(path)
    seen["rules kept"] = served.post("/rules/1/delete")
    return seen


def stamps_journey(served: Served) -> dict[str, Answer]:
    """Return the pages from an empty list of authorities to a request for a stamp that waits."""
    vault = served.program.session.vault
    assert vault is not None
    work = served.program.session._thread.submit(add_evidence, vault, [b"seen"], BEGIN, title="A paper")
    path = f"/evidence/{work.result(60).value.number}/stamps"
    seen = {"nobody to ask": served.get("/evidence/authorities"), "no stamps": served.get(path)}
    seen["authority, wrong"] = served.upload(
        "/evidence/authorities/authority", "x.pem", b"x", called="A", address="https://example.org"
    )
    seen["a calendar"] = served.post(
        "/evidence/authorities/calendar", called="Heron", address="http://192.0.2.1"
    )
    seen[path] = served.post(f"{path}/ask", names="Heron")
    seen[f"{path}/1/request"] = served.get(f"{path}/1/request")
    seen["not sent"] = served.post(f"{path}/send", proxy="127.0.0.1:9050")
    seen["proxy, wrong"] = served.post(f"{path}/send", proxy="nowhere")
    seen["nobody asked, wrong"] = served.post(f"{path}/ask")
    seen["answer of an office, wrong"] = served.upload(
        "/evidence/stamps/answer", "x", b"x", number=path.split("/")[2]
    )
    for one in ("/evidence/authorities", "/evidence/stamps"):
        seen[one] = served.get(one)
    return seen


def messages_journey(served: Served) -> dict[str, Answer]:
    """Return the pages from a desk's card to a message that waits."""
    document, words = desk_card(BEGIN)
    at = "/messages/1"
    seen = {"no desk": served.get("/messages"), "card, wrong": served.upload("/messages/card", "card", b"x")}
    seen["not confirmed"] = served.upload("/messages/card", "card", document)
    seen["words, wrong"] = served.post(f"{at}/words", words="one two")
    seen["confirmed"] = served.post(f"{at}/words", words=words)
    seen["contact"] = served.post(f"{at}/contact", ban="banned", source="Order 12")
    seen["kinds"] = served.get(f"{at}/write")
    for kind in ("force", "order", "question", "stage"):
        seen[f"{at}/write/{kind}"] = served.get(f"{at}/write/{kind}")
    seen["message, wrong"] = served.post(f"{at}/write/order", text="Words")
    seen["message waits"] = served.post(f"{at}/write/question", text="May I resign now?")
    seen["way, wrong"] = served.post(f"{at}/exchange", proxy="nowhere")
    seen["/messages"] = served.get("/messages")
    return seen


def desk_journey(served: Served) -> dict[str, Answer]:
    """Return the pages from a vault without a desk to a thread that is looked into."""
    vault = served.program.session.vault
    assert vault is not None
    seen = {"no desk of one's own": served.get("/desk")}
    served.program.session._thread.submit(fill_desk, vault, BEGIN).result(60)
    thread = "/desk/threads/2"
    for path in ("/", "/desk", "/desk/threads/1", thread, "/desk/threads/3", "/desk/record"):
        seen[f"{path} (desk)"] = served.get(path)
    seen["threads found"] = served.post("/desk", words="resign")
    seen["threads, none"] = served.post("/desk", words="nowhere")
    seen["day, wrong"] = served.post("/desk/day", proxy="nowhere")
    seen["bulletin, wrong"] = served.post("/desk/bulletin", title="")
    seen["bulletin"] = served.post("/desk/bulletin", title="The square is closed")
    seen["answer begun"] = served.get(f"{thread}?template={templates('ru')[0].name}")
    seen["answer, wrong"] = served.post(f"{thread}/answer", text="", sure="yes")
    seen["act, wrong"] = served.post(f"{thread}/act", what="LABEL", detail="")
    seen["/desk/card.svg"] = served.get("/desk/card.svg")
    refer = f"{thread}/refer"
    seen[f"{refer}/read?messages=1"] = served.get(f"{refer}/read?messages=1")
    seen["referral, nothing chosen"] = served.get(f"{refer}/read")
    seen["referral, wrong"] = served.post(f"{refer}/record", messages="1", sure="yes")
    served.program.session._thread.submit(record_referral, vault, BEGIN).result(60)
    seen[f"{refer}/read?messages=1 (open)"] = served.get(f"{refer}/read?messages=1")
    seen[f"{refer}/notes.txt?messages=1"] = served.get(f"{refer}/notes.txt?messages=1")
    seen |= introduction(served)
    return seen


def introduction(served: Served) -> dict[str, Answer]:
    """Return the pages from nobody who asked to meet somebody to two letters that can be sent."""
    at, vault = "/desk/introduce", served.program.session.vault
    assert vault is not None
    seen = {"nobody asked": served.get(at)}
    served.program.session._thread.submit(ask_to_meet, vault, BEGIN).result(60)
    sides = {"first": "4", "second": "5"}
    seen[at] = served.get(at)
    seen["introduction, one chosen"] = served.get(f"{at}?thread=4")
    seen["introduction"] = served.get(f"{at}?thread=4&thread=5")
    seen["introduction, wrong"] = served.post(at, {**sides, "text": "Noon", "do": "read"})
    seen["introduction read"] = served.post(at, {**sides, "text": "Noon", "other": "At noon", "do": "read"})
    return seen


def copies_journey(served: Served) -> dict[str, Answer]:
    """Return the pages from what a picture tells to the copy of it that is kept."""
    vault = served.program.session.vault
    assert vault is not None
    files = (originals.saved(originals.scene(), "JPEG"), originals.film(), b"words alone, nothing else")
    photo, film, words = (
        served.program.session._thread.submit(add_evidence, vault, (data,), BEGIN).result(60).value.number
        for data in files
    )
    copy = f"/evidence/{photo}/copy"
    numbers = {"left": "1", "top": "1", "wide": "50", "high": "50"}
    press = {"spot.x": "9", "spot.y": "9", "width": "100", "height": "100"}
    seen = {
        "copy refused": served.get(f"/evidence/{words}/copy"),
        "box, wrong": served.post(f"{copy}/box", {**numbers, "left": "far"}),
        "box": served.post(f"{copy}/box", numbers),
        "corner": served.post(f"{copy}/press", press),
        "film to cover": served.get(f"/evidence/{film}/copy/cover?at=0:01"),
    }
    served.post(f"{copy}/try")
    finished(served)
    for path in (
        copy,
        f"{copy}/cover",
        f"{copy}/tried",
        f"{copy}/seen.jpg?width=640",
        f"{copy}/tried.jpg?width=256",
    ):
        seen[path] = served.get(path)
    return seen


def evidence_journey(served: Served) -> dict[str, Answer]:
    """Return the pages from an empty list of evidence to an item with notes."""
    seen = {
        "no evidence": served.get("/evidence"),
        "evidence, no file": served.upload("/evidence/add", "", b"", title="Gate"),
        "/evidence/kept": served.upload("/evidence/add", "a.png", PICTURE, title="Gate"),
        "evidence, again": served.upload("/evidence/add", "a.png", PICTURE),
        "evidence, text": served.upload("/evidence/add", "a.txt", b"words"),
        "evidence, noted": served.post(
            "/evidence/1/notes", title="Gate", when="noon", metadata="long " * 2_000
        ),
    }
    for path in ("/evidence", "/evidence?words=gate&sort=pictures", "/evidence/1", "/evidence/3", "/evidence/1/content",
                 "/evidence/1/file", "/evidence/1/small", "/evidence/1/drawn", "/evidence/1/note/metadata"):  # fmt: skip
        seen[path] = served.get(path)
    seen["evidence, as before"] = served.post("/evidence/1/notes/undo")
    seen["evidence kept"] = served.post("/evidence/1/delete")
    return seen


def care(served: Served) -> Answer:
    served.post("/question/state", answer="might-hurt")
    answer = served.get("/result")
    served.post("/questions/discard")
    return answer


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Answer]]:
    with Served() as app:
        app.come_in()
        yield whole_journey(app, tmp_path_factory.mktemp("english"))
        assert not app.faults, app.faults


@pytest.fixture(scope="module")
def mirrored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Answer]]:
    with Served(language=MIRRORED) as app:
        app.come_in()
        yield whole_journey(app, tmp_path_factory.mktemp("mirrored"))
        assert not app.faults, app.faults


def html(pages: dict[str, Answer]) -> dict[str, Answer]:
    """Return the pages without the files that can be saved, and without pictures."""
    files = ("application/", "image/")
    return {
        path: one
        for path, one in pages.items()
        if not one.header("content-disposition") and not (one.header("content-type") or "").startswith(files)
    }


def test_every_route_is_reached(pages: dict[str, Answer]) -> None:
    asked = {urlsplit(path.removesuffix(" (open)")).path for path in pages if path.startswith("/")}
    forms = {form.action for page in html(pages).values() for form in Reading(page.text).forms}
    for route in routes():
        assert isinstance(route, Route)
        pattern, methods = route.path_regex, route.methods or set()
        reached = asked | {"/static/page.css", "/static/notes.png"} if "GET" in methods else forms | asked
        # Pages of the wizard are reached through their forms, whose addresses are theirs.
        assert any(pattern.match(path) for path in reached | forms), route.path


def test_every_link_leads_somewhere(pages: dict[str, Answer]) -> None:
    for path, page in html(pages).items():
        if path.startswith("/") and not path.startswith("/nothing"):
            assert page.status == 200, path


def test_pages_are_small(pages: dict[str, Answer]) -> None:
    style = Path(__file__).parents[2] / "src/holdfire/web/static/page.css"
    assert style.stat().st_size <= MOST_STYLE
    assert len(pages["/"].text.encode()) + style.stat().st_size <= MOST_FIRST
    for path, page in html(pages).items():
        assert len(page.text.encode()) <= MOST_PAGE, path


def test_no_page_has_a_script_a_style_of_its_own_or_anything_remote(pages: dict[str, Answer]) -> None:
    for path, page in html(pages).items():
        for tag, found in Reading(page.text).tags:
            assert tag not in {"script", "style", "iframe", "object", "embed", "svg", "base"}, path
            # A film or a sound plays from the vault, on the page of its own piece of evidence, and when it is pressed.
            if tag in {"video", "audio"}:
                assert re.fullmatch(r"/evidence/\d+/content", found["src"]), path
                assert "autoplay" not in found, path
            assert not any(name == "style" or name.startswith("on") for name in found), path
            for name in ("href", "src", "action", "formaction", "content"):
                assert "//" not in found.get(name, ""), (path, found)


def test_a_page_asks_for_its_style_and_icon_alone(pages: dict[str, Answer]) -> None:
    for page in html(pages).values():
        links = [found["href"] for tag, found in Reading(page.text).tags if tag == "link"]
        assert links in (["/static/page.css", "/static/notes.png"], ["/static/page.css"])


def test_every_title_says_nothing(pages: dict[str, Answer]) -> None:
    for path, page in html(pages).items():
        assert "<title>Notes</title>" in page.text, path


def test_leave_is_the_first_thing_on_every_page(pages: dict[str, Answer]) -> None:
    for path, page in html(pages).items():
        if page.status == 403 or path in {"left", "back"}:
            continue
        reading = Reading(page.text)
        acts = [(tag, found) for tag, found in reading.tags if tag in {"a", "button", "form"}]
        assert acts[0][1]["action"] == "/leave", path
        assert acts[1] == ("button", {"accesskey": "l"}), path


def test_headings_stand_in_order(pages: dict[str, Answer]) -> None:
    for path, page in html(pages).items():
        headings = Reading(page.text).headings
        assert headings.count(1) == 1, path
        for before, after in pairwise(headings):
            assert after <= before + 1, (path, headings)


def test_every_field_has_a_label_or_is_hidden(pages: dict[str, Answer]) -> None:
    for path, page in html(pages).items():
        tags = Reading(page.text).tags
        labelled = {found["for"] for tag, found in tags if tag == "label" and "for" in found}
        ids = {found["id"] for _, found in tags if "id" in found}
        for tag, found in tags:
            if tag in {"input", "select", "textarea"} and found.get("type") not in {
                "hidden",
                "radio",
                "checkbox",
                "image",
            }:
                assert found["id"] in labelled, path
            # A picture to press on is a button: its words are its alternative text.
            assert found.get("type") != "image" or found["alt"], path
            for named in found.get("aria-describedby", "").split():
                assert named in ids, (path, named)


def test_problems_lead_to_their_fields(pages: dict[str, Answer]) -> None:
    wrong = [page for path, page in pages.items() if path.endswith("wrong") or path == "not opened"]
    assert len(wrong) >= 8
    for page in wrong:
        assert page.status == 422
        reading = Reading(page.text)
        ids = {found["id"] for _, found in reading.tags if "id" in found}
        leads = [link[1:] for link in reading.links if link.startswith("#") and link != "#main"]
        assert leads
        assert set(leads) <= ids


def test_every_sentence_can_be_translated(mirrored: dict[str, Answer]) -> None:
    for path, page in html(mirrored).items():
        for text in Reading(page.text).ours:
            left = SAME.sub("", untranslated(text))
            assert not re.search("[A-Za-z]", left), (path, text)


def test_the_mirrored_pages_run_from_right_to_left(mirrored: dict[str, Answer]) -> None:
    for path, page in html(mirrored).items():
        assert 'dir="rtl"' in page.text[:60], path


def test_a_page_never_repeats_a_secret(pages: dict[str, Answer]) -> None:
    for path, page in pages.items():
        assert PHRASE not in page.text, path
        assert "eight pale cats" not in page.text, path


def test_a_wrong_passphrase_says_one_sentence(pages: dict[str, Answer]) -> None:
    text = pages["not opened"].text
    assert "Nothing opened. Check keyboard language and Caps Lock." in text
    assert "compartment" not in text


def test_first_page_says_the_first_text(pages: dict[str, Answer]) -> None:
    text = pages["/"].text
    for sentence in (
        "This sends nothing by itself. It cannot hide that it is here, or what a watched computer sees.",
        "Having it may be used against you. If your service owns this computer, leave now.",
        "Look around; nothing is kept",
        "Make a vault",
        "Open mine",
    ):
        assert sentence in text


def test_wizard_says_its_texts(pages: dict[str, Answer]) -> None:
    assert "Press Leave once, to learn it." in pages["/make"].text
    assert "It does not clear a browser&#39;s history." in pages["/make"].text.replace("'", "&#39;")
    assert (
        "Where shall it lie?" in pages["practised"].text or "That is what it does" in pages["practised"].text
    )
    assert "Others will see a large file, not its contents." in pages["where, wrong"].text
    assert "Choose a long phrase nobody would guess." in pages["phrases"].text
    assert "There is no reset." in pages["phrases"].text
    assert "checked" not in pages["compartments"].text, "no number of compartments is preselected"


def test_looking_around_is_marked_on_every_page(pages: dict[str, Answer]) -> None:
    for path in ("pretending", "pretending, plan", "pretending, settings", "no file"):
        assert "You are looking around." in pages[path].text


def test_care_comes_alone(pages: dict[str, Answer]) -> None:
    assert "Put the weapon away" in pages["care"].text
    assert "Make a plan" not in pages["care"].text


def test_every_action_shows_its_risks_and_that_no_lawyer_checked(pages: dict[str, Answer]) -> None:
    actions = [
        page for path, page in pages.items() if re.fullmatch(r"/guide/(?!sources)[a-z-]+ \(open\)", path)
    ]
    assert len(actions) == 55
    for page in actions:
        assert page.text.index("What it risks") < page.text.index("How to begin</h2>")
        for group in (
            "Who could learn of it",
            "What the law may say",
            "Your body",
            "Your living",
            "Other people",
        ):
            assert group in page.text
        assert "No lawyer has checked this." in page.text
        assert "[[" not in page.text


def test_minutes_are_said_in_words() -> None:
    assert MINUTES[5] == "five minutes"
