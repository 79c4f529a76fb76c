"""T20: a hostile document.

An adversary who gets somebody to open a file could make it unpack without end, name things for the reader to fetch, hide a fault that
takes over the library that reads it, or show one text as another. Each is refused or partly read, with a sentence, in bounded time
and memory; what is taken over can open nothing, holds no key, and says nothing that is believed but lines of text.
"""

from __future__ import annotations

import io
import random
import resource
import socket
import struct
import subprocess
import sys
import textwrap
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from document_files import MAGIC_PNG, WORD, akn, archive, bare_pdf, bare_word, read, shown, word, words
from holdfire.documents.akn import read_akn
from holdfire.documents.document import Document
from holdfire.documents.docx import read_docx
from holdfire.documents.html import read_html
from holdfire.documents.read import read_document
from holdfire.documents.sayings import STOPPED_LATER
from holdfire.errors import UserError

LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '&a{n - 1};&a{n - 1};&a{n - 1};'>" for n in range(1, 40))
    + "]>"
)


def is_refused(content: bytes, said: str) -> None:
    with pytest.raises(UserError, match=said) as caught:
        read(content, "law.bin")
    assert "law.bin" in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    "doctype",
    [LAUGHS, '<!DOCTYPE x SYSTEM "file:///etc/passwd">', '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>', "<!DOCTYPE x>"],
)  # fmt: skip
def test_names_of_its_own_are_refused_in_every_xml(doctype: str) -> None:
    is_refused(bare_word("<w:p><w:r><w:t>x &a39;</w:t></w:r></w:p>", doctype), "DOCTYPE")
    is_refused(akn("<p>x</p>", head=doctype), "DOCTYPE")
    parts = [
        (name, f'{doctype}<w:x xmlns:w="{WORD}"/>'.encode())
        for name in ("word/styles.xml", "word/numbering.xml")
    ]
    is_refused(bare_word("<w:p><w:r><w:t>x</w:t></w:r></w:p>", parts=parts), "DOCTYPE")


def test_a_bomb_is_refused_by_what_it_unpacks_to() -> None:
    zeros = b" " * (64 << 20)
    is_refused(archive([("word/document.xml", zeros)]), "would unpack to far more")
    text = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>'.encode() + b"a" * (64 << 20)
    is_refused(archive([("word/document.xml", text)]), "longer than|would unpack")


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    packed = bytearray(archive([("word/document.xml", b" " * (64 << 20))]))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", packed, packed.find(signature) + offset, 1_000)
    with pytest.raises(UserError):
        read(bytes(packed))


def test_too_many_parts_and_a_locked_part_are_refused() -> None:
    is_refused(
        archive([("word/document.xml", b"x"), *((f"n{number}", b"") for number in range(10_001))]),
        "10002 parts",
    )
    locked = bytearray(word("x"))
    at = locked.rfind(b"PK\x01\x02", 0, locked.find(b"word/document.xml", locked.find(b"PK\x01\x02")))
    locked[at + 8] |= 1
    is_refused(bytes(locked), "behind a password|broken")


def test_names_of_parts_lead_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    content = bare_word(
        "<w:p><w:r><w:t>x</w:t></w:r></w:p>", parts=[("../../owned", b"x"), ("/etc/owned", b"x")]
    )
    assert words(content) == ["x"]
    assert list(tmp_path.iterdir()) == []


def test_deep_nesting_is_refused_with_its_place() -> None:
    is_refused(akn("\n" + "<p>" * 100_000), "nested deeper than 200 levels")
    is_refused(bare_word("<w:p>" * 100_000), "nested deeper than 200 levels")
    page = b"<html>" + b"<div><ul><ol>" * 20_000 + b"text"
    assert words(page) == ["text"]


def test_an_endless_line_and_an_endless_paragraph_are_refused() -> None:
    is_refused(b"a " * (1 << 20), "Line 1 of .* is longer")
    is_refused(b"one\ntwo\n" + b"a" * (2 << 20), "Line 3 of .* is longer")
    is_refused(b"<html><p>" + b"a" * (2 << 20), "longer than")


def test_a_file_above_a_gibibyte_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big"
    with path.open("wb") as stream:
        stream.truncate((1 << 30) + 1)
    with path.open("rb") as stream, pytest.raises(UserError, match="larger than one gibibyte"):
        read_document(stream, "big")


def test_a_gibibyte_of_text_is_read_in_little_memory(tmp_path: Path) -> None:
    """A quarter of it here, so that the test is quick; what is held does not grow with it."""
    path = tmp_path / "long.txt"
    with path.open("wb") as stream:
        for _ in range(256):
            stream.write("Приказ отдаётся в письменном виде и подписывается.\n\n".encode() * 256)
    script = textwrap.dedent("""
        import sys
        from holdfire.documents.read import read_document
        with open(sys.argv[1], "rb") as stream:
            print(sum(1 for _ in read_document(stream, "x").lines()), open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
    """)
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True, timeout=100
    )
    count, most = map(int, done.stdout.split())
    assert count == 65_536
    assert most < 80 << 10


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (MAGIC_PNG, "picture"), (b"\xff\xd8\xff\xe0JFIF", "picture"), (b"\x00\x01binary\x00", "is not a text"), (b"MZ\x90\x00\x03", "is not a text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word"), (b"{\\rtf1 x}", "RTF"), (b"", "is empty"), (b"PK\x03\x04", "broken"),
        (b"\x7fELF\x02\x01\x01\x00", "is not a text"), (b'<svg xmlns="x"><script/></svg>', "not Akoma"),
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused_whatever_its_name(content: bytes, said: str) -> None:
    is_refused(content, said)


def test_signs_that_show_one_text_as_another_do_not_come_through() -> None:
    disguised = "Article 5\u202e .erif ot redro nA\u202c \u2066x\u2069\x1b[2J\u200b."
    for content in (
        disguised.encode(),
        f"<html><p>{disguised}".encode(),
        bare_word(f"<w:p><w:r><w:t>{disguised[:-6]}</w:t></w:r></w:p>"),
    ):
        said = " ".join(words(content))
        assert said.startswith("Article 5 .erif ot redro nA x")
        assert not set(said) & set("\u202e\u202c\u2066\u2069\u200b\x1b")


def test_nothing_a_document_names_is_asked_for() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        listening.settimeout(0)
        there = f"http://127.0.0.1:{listening.getsockname()[1]}/x"
        page = f'<html><head><link rel=stylesheet href="{there}"><base href="{there}"></head><img src="{there}"><iframe src="{there}"></iframe><p>x'
        assert words(page.encode()) == ["x"]
        relations = f'<Relationships xmlns="x"><Relationship Id="r" Type="attachedTemplate" Target="{there}" TargetMode="External"/></Relationships>'
        assert words(
            bare_word(
                "<w:p><w:r><w:t>x</w:t></w:r></w:p>",
                parts=[("word/_rels/document.xml.rels", relations.encode())],
            )
        ) == ["x"]
        assert words(akn(f'<p>x</p><img src="{there}"/>')) == ["x"]
        action = b"/OpenAction<</S/URI/URI(%s)>>" % there.encode()
        assert words(bare_pdf(shown("x"), trailer=action)) == ["x"]
        with pytest.raises(BlockingIOError):
            listening.accept()


def flate(drawing: bytes) -> bytes:
    packed = zlib.compress(drawing, 9)
    return b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed)


def replaced(content: bytes, old: bytes, new: bytes) -> bytes:
    assert old in content
    return content.replace(old, new)


SOUND = bare_pdf(shown("Sound text of the first page."), shown("And of the second."))
HOSTILE_PDFS = {
    "pages that hold themselves": replaced(SOUND, b"/Kids[4 0 R 6 0 R]", b"/Kids[2 0 R 2 0 R]"),
    "a parent that is its own child": replaced(SOUND, b"/Parent 2 0 R", b"/Parent 4 0 R"),
    "two thousand million pages": replaced(SOUND, b"/Count 2", b"/Count 2000000000"),
    "fewer than no pages": replaced(SOUND, b"/Count 2", b"/Count -5"),
    "no pages": replaced(SOUND, b"/Kids[4 0 R 6 0 R]", b"/Kids[]"),
    "a page without end": replaced(SOUND, b"[0 0 595 842]", b"[0 0 1e38 -1e38]"),
    "a form that draws itself": bare_pdf(b"/X Do " * 50, resources=b"/XObject<</X 5 0 R>>"),
    "signs of no size and of all sizes": bare_pdf(b"BT /F 0 Tf (x) Tj /F 1e30 Tf 1e30 0 0 1e30 1e38 1e38 Tm (y) Tj ET"),
    "states piled up": bare_pdf(b"q " * 200_000 + b"BT /F 9 Tf (x) Tj ET"),
    "open arrays": bare_pdf(b"[" * 200_000 + shown("x")),
    "a table of places that leads into itself": replaced(SOUND, b"/Root 1 0 R", b"/Root 1 0 R/Prev 9"),
    "a number for a name": replaced(SOUND, b"/Type/Catalog/Pages 2 0 R", b"/Type 7/Pages 2 0 R"),
}  # fmt: skip


@pytest.mark.parametrize("which", HOSTILE_PDFS)
def test_a_hostile_pdf_is_read_or_refused(which: str) -> None:
    try:
        document = read_document(io.BytesIO(HOSTILE_PDFS[which]), "law.pdf")
        assert all(line.text for line in document.lines())
    except UserError as refused:
        assert "law.pdf" in str(refused)  # noqa: PT017 -- either is right


def test_a_page_that_unpacks_to_a_quarter_of_a_gibibyte_harms_nobody() -> None:
    page = bare_pdf(shown("first"), b"PLACE", shown("third"))
    start = page.index(b"<</Length 5>>stream\nPLACE")
    bomb = (
        page[:start]
        + flate(b"BT /F 9 Tf (again and again) Tj ET\n" * 8_000_000)
        + page[start + len(b"<</Length 5>>stream\nPLACE\nendstream") :]
    )
    assert len(bomb) < 2 << 20
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        lines = [line.text for line in read_document(io.BytesIO(bomb), "law.pdf").lines()]
        assert lines[0].startswith("first")
    except UserError as refused:
        assert "stopped" in str(refused)  # noqa: PT017 -- either is right
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10


def mutated(content: bytes, seed: int) -> bytes:
    """The content with a few changes that a seed repeats."""
    chance = random.Random(seed)
    out = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(out))
        match chance.randrange(4):
            case 0:
                out[place] = chance.randrange(256)
            case 1:
                del out[place : place + chance.randint(1, 60)]
            case 2:
                out[place:place] = out[place // 2 : place // 2 + chance.randint(1, 60)]
            case _:
                out[place : place + 2] = chance.choice(
                    [b"\0\0", b"\xff\xff", b"<<", b">>", b"&#", b"99", b"<w"]
                )
        if not out:
            return b"%"
    return bytes(out)


def stored(body: str) -> bytes:
    """A DOCX without packing, so that changed bytes reach the text."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        opened.writestr(
            "word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
        )
    return out.getvalue()


DIRECT: dict[str, tuple[Callable[[io.BytesIO], Document], bytes]] = {
    "docx": (lambda stream: read_docx(stream, lambda _done, _total: None), stored("<w:p><w:r><w:t>x</w:t><w:tab/></w:r></w:p><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>" * 9)),
    "akn": (lambda stream: read_akn(stream, lambda _done: None), akn("<section><num>1</num><heading>H</heading><content><p>x<sup>1</sup></p></content></section>" * 9)),
    "html": (lambda stream: read_html(stream, 1, lambda _done, _total: None), b"<html><meta charset=utf-8><h1 id=art-1>Article 1</h1><ol><li>a<table><tr><td>b</table></ol><!-- c -->" * 9),
}  # fmt: skip


@settings(max_examples=300)
@given(st.sampled_from(sorted(DIRECT)), st.integers(0, 1 << 30))
def test_no_change_makes_a_reader_do_more_than_refuse(form: str, seed: int) -> None:
    reader, content = DIRECT[form]
    try:
        document = reader(io.BytesIO(mutated(content, seed)))
        assert all(line.text for line in document.lines())
        assert all(note.say() for note in document.notes)
    except UserError as refused:
        assert str(refused)  # noqa: PT017 -- either is right


@pytest.mark.parametrize("seed", range(25))
def test_no_change_to_a_pdf_does_more_than_be_refused(seed: int) -> None:
    try:
        assert all(line.text for line in read_document(io.BytesIO(mutated(SOUND, seed)), "law.pdf").lines())
    except UserError as refused:
        assert "law.pdf" in str(refused)  # noqa: PT017 -- either is right


@pytest.mark.nightly
def test_a_page_that_is_read_without_end_is_stopped() -> None:
    """The parser of HTML looks again and again at what is never closed; the system ends it after its seconds."""
    page = b"<html><p>first</p>" + b"<!" * 4_000_000
    document = read_document(io.BytesIO(page), "law.html")
    lines = list(document.lines())
    assert lines[0].text == "first"
    assert [note.sentence for note in document.notes] == [STOPPED_LATER]
