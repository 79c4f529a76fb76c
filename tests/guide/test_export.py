"""The guide as one file: complete, leading nowhere outside, the same each time, and silent about who made it."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from guide_answers import guide
from holdfire.errors import UserError
from holdfire.guide.actions import FEIGNING, RISK_GROUPS, ActionPage
from holdfire.guide.export.blocks import Chapter, Document, Heading, Items, Paragraph, Text, plain
from holdfire.guide.export.document import make_document
from holdfire.guide.export.export import FORMATS, export
from holdfire.guide.export.html import html_file
from holdfire.guide.export.pdf import pdf_file
from holdfire.guide.guide import LINK
from holdfire.guide.pages import GuidePage
from holdfire.journeys.packs_here import load_packs
from holdfire.pack.levels import LEVEL_WORDS

#: Letters that are markup in typst, HTML or both.
HOSTILE = '#panic("x") [a] $b$ <script>alert(1)</script> & *c* _d_ `e` @f \\ "g" {{h}}'


@cache
def exported(form: str) -> bytes:
    return export(guide(), form)


class Page(HTMLParser):
    """What a page leads to, what it loads, what it is made of, and what it says."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[tuple[str, str]] = []
        self.tags: set[str] = set()
        self.headings: list[tuple[int, str]] = []
        self.words: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name == "href" and tag == "a":
                self.links.append(value or "")
            elif name in {"src", "srcset", "href", "action", "data", "poster", "background", "style"}:
                self.loads.append((tag, value or ""))
            elif name.startswith("on"):
                self.loads.append((tag, name))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.lasttag[0] == "h" and self.headings:
            level, said = self.headings[-1]
            self.headings[-1] = (level, said + data)

    @property
    def text(self) -> str:
        return squeeze("".join(self.words))


def squeeze(text: str) -> str:
    """Return `text` without its spaces: where a line or a page ends differs from file to file."""
    return re.sub(r"\s+", "", text)


def parts(text: str) -> list[str]:
    """Return what stands between a text's links, as it is found in every file."""
    return [squeeze(one) for one in LINK.split(text)[::2]]


def pages() -> tuple[ActionPage | GuidePage, ...]:
    return (*guide().actions.values(), *guide().pages.values())


@cache
def page() -> Page:
    return Page(exported("html").decode())


@cache
def pdf_text(data: bytes) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed (poppler-utils)")
    ran = subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True)
    return squeeze(re.sub(r"\n\d+\s*\f", "\n", ran.stdout.decode()))


def spoken(form: str) -> str:
    """Return the words a reader of the file sees."""
    if form == "pdf":
        return pdf_text(exported("pdf"))
    if form == "html":
        return page().text
    with zipfile.ZipFile(io.BytesIO(exported("epub"))) as book:
        return "".join(
            Page(book.read(name).decode()).text for name in book.namelist() if name.endswith(".xhtml")
        )


@pytest.mark.parametrize("form", FORMATS)
def test_every_file_holds_every_action_with_its_risks_and_who_checked_it(form: str) -> None:
    said = spoken(form)
    for action in guide().actions.values():
        assert squeeze(action.title) in said
        risks = [risk.text for _, group in action.risks.groups() for risk in group]
        lists = (
            action.fits,
            action.not_now,
            action.first,
            action.begin,
            action.say,
            action.lower,
            action.stop_signs,
        )
        whole = [action.in_short, action.undone, *risks, *(text for texts in lists for text in texts)]
        whole += [claim.text for claim in action.why] + ([action.truthful.text] if action.truthful else [])
        for text in whole:
            for part in parts(text):
                assert part in said, (action.id, text)
    for title in RISK_GROUPS.values():
        assert said.count(squeeze(title)) >= len(guide().actions)
    assert said.count(squeeze("No lawyer has checked this.")) >= len(guide().actions)
    print(form, len(exported(form)), "bytes")


@pytest.mark.parametrize("form", FORMATS)
def test_no_mark_of_the_pack_and_no_unkept_promise_is_left(form: str) -> None:
    said = spoken(form)
    assert "[[" not in said
    assert "otinthisversion" not in said


def test_each_risk_stands_before_how_to_begin() -> None:
    markup = exported("html").decode()
    for action in guide().actions:
        start = markup.index(f'<h3 id="{action}">')
        assert markup.index("What it risks", start) < markup.index("How to begin", start)


def test_feigning_is_explained_and_not_recommended() -> None:
    assert exported("html").count(b"Explained, not recommended: a truthful way instead") == len(FEIGNING)


@pytest.mark.parametrize("form", FORMATS)
def test_every_named_source_is_listed_with_its_level_and_date(form: str) -> None:
    said = spoken(form)
    for action in guide().actions.values():
        for source in guide().sources_of(action):
            assert squeeze(source.title) in said
            assert squeeze(f"{LEVEL_WORDS[source.level]}, {source.checked.isoformat()}: {source.how}") in said


def test_links_of_the_page_lead_to_places_in_it() -> None:
    assert len(page().ids) == len(set(page().ids))
    assert page().links
    assert {link[1:] for link in page().links if link.startswith("#")} <= set(page().ids)
    assert [link for link in page().links if not link.startswith("#")] == []


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    assert page().loads == []
    assert page().tags.isdisjoint(
        {"script", "link", "img", "iframe", "object", "embed", "form", "base", "svg", "audio", "video"}
    )
    style = exported("html").decode().split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'" in exported("html").decode()


def test_titles_of_the_page_go_down_one_level_at_a_time() -> None:
    levels = [level for level, _ in page().headings]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_links_of_the_book_lead_to_places_in_it() -> None:
    with zipfile.ZipFile(io.BytesIO(exported("epub"))) as book:
        found = {
            name.removeprefix("book/"): Page(book.read(name).decode())
            for name in book.namelist()
            if name.endswith(".xhtml")
        }
    for name, one in found.items():
        assert [load for load in one.loads if load != ("link", "book.css")] == []
        for link in one.links:
            file, _, anchor = link.partition("#")
            assert (file or name) in found, link
            assert not anchor or anchor in found[file or name].ids, link


def test_the_first_page_says_what_the_file_is_and_promises_nothing() -> None:
    first = make_document(guide()).chapters[0]
    said = " ".join(_words(first))
    manifest = load_packs()[0].manifest
    newest = max(one.reviewed for one in pages())
    for needed in (
        "Having this file may be used against you.",
        "close the file now",
        manifest.by,
        manifest.pays,
        newest.isoformat(),
        "SHA-256",
        "It proves nothing.",
    ):
        assert needed in said
    assert not re.search(
        r"\b(safe|safely|safety|anonymous|guarantee\w*|lawful|unlawful)\b", said, re.IGNORECASE
    )


def _words(chapter: Chapter) -> list[str]:
    found: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, list):
            for one in value:
                walk(one)
        elif isinstance(value, dict):
            for key, one in value.items():
                if key == "text" and isinstance(one, str):
                    found.append(one)
                else:
                    walk(one)

    walk(json.loads(json.dumps(plain(chapter))))
    return found


def test_the_title_is_discreet() -> None:
    assert b"<title>Reader</title>" in exported("html")
    assert b"<dc:title>Reader</dc:title>" in _part("book/package.opf")
    assert b"/Title(Reader)" in exported("pdf")


def _part(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(exported("epub"))) as book:
        return book.read(name)


def test_text_of_the_guide_never_becomes_markup() -> None:
    line = (Text(HOSTILE),)
    blocks = (Heading(2, HOSTILE, "here"), Paragraph(line), Items((line,), "steps"))
    hostile = Document("Reader", "en", "0" * 64, "2026-11-22", (Chapter("first", HOSTILE, blocks),))
    assert "script" not in Page(html_file(hostile).decode()).tags
    assert Page(html_file(hostile).decode()).text.count(squeeze(HOSTILE)) == 4
    assert pdf_text(pdf_file(hostile)).count(squeeze(HOSTILE)) == 4


def test_another_text_is_another_edition_and_the_order_of_files_is_none() -> None:
    whole = guide()
    shuffled = replace(
        whole,
        actions=dict(reversed(list(whole.actions.items()))),
        sources=dict(reversed(list(whole.sources.items()))),
        country_risks=dict(reversed(list(whole.country_risks.items()))),
    )
    assert make_document(shuffled) == make_document(whole)
    name, action = next(iter(whole.actions.items()))
    changed = replace(whole, actions={**whole.actions, name: replace(action, undone="Another sentence.")})
    assert make_document(changed).edition != make_document(whole).edition


def test_an_unknown_kind_of_file_is_refused() -> None:
    with pytest.raises(UserError, match="docx"):
        export(guide(), "docx")


_IN_ANOTHER_PROCESS = """
import hashlib, json
from holdfire.guide.export.export import FORMATS, export
from holdfire.journeys.guide_here import load_guide
guide = load_guide()
print(json.dumps({form: hashlib.sha256(export(guide, form)).hexdigest() for form in FORMATS}))
"""


def test_the_same_bytes_come_out_anywhere_and_no_file_is_written(tmp_path: Path) -> None:
    here = {form: hashlib.sha256(exported(form)).hexdigest() for form in FORMATS}
    settings = [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "1"},
        {"PYTHONHASHSEED": "77", "TZ": "America/Lima", "LANG": "ru_RU.UTF-8", "USER": "someone-else"},
    ]
    for number, setting in enumerate(settings):
        place = tmp_path / str(number)
        (place / "home").mkdir(parents=True)
        (place / "work").mkdir()
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(place / "home"),
            "TMPDIR": str(place / "nowhere"),
            "XDG_CACHE_HOME": str(place / "home" / "cache"),
            "PYTHONDONTWRITEBYTECODE": "1",
            **setting,
        }
        ran = subprocess.run(
            [sys.executable, "-c", _IN_ANOTHER_PROCESS],
            cwd=place / "work", env=environment, capture_output=True, check=True, timeout=120,
        )  # fmt: skip
        assert json.loads(ran.stdout) == here
        assert [path for path in place.rglob("*") if path.is_file()] == []
        assert not (place / "nowhere").exists()


@pytest.mark.parametrize("form", FORMATS)
def test_no_place_on_this_computer_stands_in_the_bytes(form: str) -> None:
    # Names of persons and machines are words like others; that they are not in it follows from the same
    # bytes under another user, home, place and time zone, above.
    for place in (sys.prefix, str(Path(__file__).parents[2])):
        assert place.encode() not in exported(form)


def test_the_pdf_says_nothing_of_its_making_but_the_setter() -> None:
    data = exported("pdf")
    for word in (
        b"CreationDate",
        b"ModDate",
        b"/Author",
        b"/Producer",
        b"/Keywords",
        b"xmp:CreateDate",
        b"dc:creator",
    ):
        assert word not in data
    assert re.search(rb"/Info \d+ 0 R", data)
    assert re.findall(rb"<</Title\(Reader\)/Creator\(Typst [0-9.]+\)>>", data)
    if not shutil.which("exiftool"):
        pytest.skip("exiftool is not installed (libimage-exiftool-perl)")
    ran = subprocess.run(["exiftool", "-json", "-G1", "-"], input=data, capture_output=True, check=True)
    groups = ("PDF:", "XMP-")
    names = {key.partition(":")[2] for key in json.loads(ran.stdout)[0] if key.startswith(groups)}
    assert names <= {
        "PDFVersion", "Linearized", "PageCount", "Language", "TaggedPDF", "Title", "Creator", "CreatorTool",
        "NPages", "Format", "InstanceID", "DocumentID", "RenditionClass", "XMPToolkit", "Part",
    }  # fmt: skip


def test_the_pdf_has_an_outline_and_is_tagged_for_screen_readers() -> None:
    data = exported("pdf")
    assert b"/Outlines" in data
    assert b"/StructTreeRoot" in data
    assert b"pdfuaid" in data


def test_the_book_names_no_maker_and_no_time_but_the_review() -> None:
    package = _part("book/package.opf").decode()
    assert not re.search(r"dc:(creator|publisher|contributor|date|rights)", package)
    newest = max(one.reviewed for one in pages())
    assert re.findall(r'dcterms:modified">([^<]*)<', package) == [f"{newest.isoformat()}T00:00:00Z"]
    with zipfile.ZipFile(io.BytesIO(exported("epub"))) as book:
        entries = book.infolist()
    assert entries[0].filename == "mimetype"
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {(entry.create_system, entry.external_attr >> 16, entry.compress_type) for entry in entries} == {
        (3, 0o100644, zipfile.ZIP_STORED)
    }
    assert {entry.extra + entry.comment for entry in entries} == {b""}


def test_epubcheck_finds_no_fault_in_the_book(tmp_path: Path) -> None:
    program = shutil.which("epubcheck")
    if not program:
        pytest.skip("epubcheck is not installed")
    # Some systems install the Java archive itself under this name.
    archive = Path(program).read_bytes()[:2] == b"PK"
    if archive and not shutil.which("java"):
        pytest.skip("epubcheck needs java")
    book = tmp_path / "reader.epub"
    book.write_bytes(exported("epub"))
    command = ["java", "-jar", program] if archive else [program]
    ran = subprocess.run([*command, str(book)], capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_sizes_stay_fit_for_passing_on() -> None:
    most = {"html": 1_000_000, "epub": 1_000_000, "pdf": 5_000_000}
    for form in FORMATS:
        assert 100_000 < len(exported(form)) < most[form]
