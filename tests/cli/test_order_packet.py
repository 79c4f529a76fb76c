"""`holdfire order attach`, `detach`, `packet` as a person runs them, from an empty vault to a file a court can open."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from command_line import Ran, is_refused, run
from holdfire.packets.people import TAKEN
from packets_drawn import MARKUP, pdf_of, photograph
from simulators.archive import faults

PHRASE = "seven slow herons over the reed"
ORDER = """
words: "Никого не пропускать. Применить оружие."
heard: 2020-08-11 14:30
giver: {name: Чайкоўскі, rank: майор}
witnesses: [Heron, Пётр Ўласаў]
recipients: сержант Буслаў
followed: Чайковский кричал на Ўласава; Heron и Буслава увели. Иван Сидоров видел.
own_acts: I stood there.
"""


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("vault")
    phrase, file = folder / "phrase", folder / "notes"
    phrase.write_text(f"{PHRASE}\n", "utf-8")
    assert run("vault", "create", "--vault", file, "--size", "64M", "--passphrase-file", phrase).code == 0
    assert order("add", "-", "--with-own-acts", vault=(file, phrase), stdin=ORDER).code == 0
    for name, content, title in (
        ("scan.pdf", pdf_of(["One", "Heron signed here", "Three"]), "Paper"),
        ("photo.jpg", photograph(), "Photograph of Heron"),
        ("note.txt", f"Буславу сказали.\n{MARKUP}\n".encode(), "Note"),
        ("film.bin", b"\x00\x01", "Film"),
    ):
        (folder / name).write_bytes(content)
        ran = order("attach", 1, folder / name, "--title", title, "--json", vault=(file, phrase))
        assert ran.code == 0, ran.err
        document: Any = ran.document()
        assert document["sha256"] == hashlib.sha256(content).hexdigest()
    return file, phrase


def order(*arguments: object, vault: tuple[Path, Path], stdin: str = "") -> Ran:
    file, phrase = vault
    return run("order", *arguments, "--vault", file, "--passphrase-file", phrase, stdin=stdin.encode())


def text_of(file: Path) -> str:
    pdf = pypdfium2.PdfDocument(file)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    finally:
        pdf.close()


def test_show_lists_the_files_with_their_hashes(vault: tuple[Path, Path]) -> None:
    shown: Any = order("show", 1, "--json", vault=vault).document()
    assert [(one["file"], one["form"], one["title"]) for one in shown["files"]] == [
        (1, "pdf", "Paper"), (2, "jpeg", "Photograph of Heron"), (3, "text", "Note"), (4, "other", "Film")]  # fmt: skip
    text = order("show", 1, vault=vault).out
    assert "Files kept with it" in text
    assert "scan.pdf" not in text


def test_without_out_the_packet_is_text_with_everybody_it_names(vault: tuple[Path, Path]) -> None:
    ran = order("packet", 1, "--country", "by", vault=vault)
    assert ran.code == 0, ran.err
    before, people = ran.out.split("WHO IS NAMED")
    for name in ("Heron", "Пётр", "Ўлас", "Бусл", "I stood there"):
        assert name not in before, name
    for said in ("Чайкоўскі", TAKEN, "Unknown:", "No lawyer has checked this.", "name withheld", "Closed: do not send it there".upper(),
                 "individual complaints under the First Optional Protocol", "It was still open then.", "Date: ____"):  # fmt: skip
        assert said in before, said
    for said in ("Чайкоўскі (gave the order): kept", "Heron (heard it): TAKEN OUT", "сержант Буслаў (received the order too): TAKEN OUT",
                 "“Ўласава”", "“Heron” in Exhibit 1, page 2", "Иван Сидоров (perhaps a name): kept",
                 "Exhibit 2: A picture cannot be searched"):  # fmt: skip
        assert said in people, said


def test_people_alone_can_be_listed_and_decided(vault: tuple[Path, Path]) -> None:
    document: Any = order(
        "packet", 1, "--people", "--json", "--keep", "Heron", "--take-out", "Чайкоўскі", "--take-out", "Сидоров", vault=vault
    ).document()  # fmt: skip
    choices = {one["name"]: one["choice"] for one in document["people"]}
    assert choices == {
        "Чайкоўскі": "out",
        "Heron": "keep",
        "Пётр Ўласаў": "out",
        "сержант Буслаў": "out",
        "Сидоров": "out",
    }
    assert document["written"] is None


def test_the_file_is_an_archive_pdf_without_those_names_and_the_same_each_time(
    vault: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "packet.pdf"
    ran = order(
        "packet", 1, "--country", "by", "--to", "by-prosecutor-court", "--out", out, "--json", vault=vault
    )
    assert ran.code == 0, ran.err
    written: Any = ran.document()
    content = out.read_bytes()
    assert faults(content) == []
    assert written["written"]["sha256"] == hashlib.sha256(content).hexdigest()
    assert written["written"]["bytes"] == len(content)
    text = text_of(out)
    assert written["written"]["pages"] == len(re.findall(r"Page \d+\s*$", text, re.MULTILINE))
    for name in ("Heron", "Ўлас", "Бусл", "stood there"):
        assert name not in text
    assert "Чайкоўскі" in text
    assert [path.name for path in tmp_path.iterdir()] == ["packet.pdf"]
    assert out.stat().st_mode & 0o077 == 0
    again = tmp_path / "again.pdf"
    assert (
        order("packet", 1, "--country", "by", "--to", "by-prosecutor-court", "--out", again, vault=vault).code
        == 0
    )
    assert again.read_bytes() == content
    is_refused(order("packet", 1, "--out", out, vault=vault), 1, "already")
    assert out.read_bytes() == content


def test_what_goes_in_is_chosen(vault: tuple[Path, Path]) -> None:
    text = order(
        "packet", 1, "--file", 3, "--no-letters", "--no-forums", "--by", "Sergeant Owl", "--with-own-acts", "--on", "2030-01-01", vault=vault
    ).out  # fmt: skip
    assert "Exhibit 1: Note" in text
    assert "Exhibit 2" not in text.split("WHO IS NAMED")[0]
    assert "I stood there." in text
    assert "From: Sergeant Owl" in text
    assert "Sergeant Owl (you): kept" in text
    assert "WHERE IT CAN BE SENT" not in text
    dated = order("packet", 1, "--country", "by", "--on", "2022-01-01", "--no-files", vault=vault).out
    assert "As of 2022-01-01." in dated
    assert "CLOSED: DO NOT" not in dated


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--file", 9), 1, ("no file 9",)),
        (("--to", "hrc-op1-by"), 1, ("takes nothing new",)),
        (("--letter", 1), 1, ("There are 0 letters",)),
        (("--version", 3), 1, ("no version 3",)),
        (("--country", "xx"), 1, ("No pack here has the law",)),
        (("--out", "packet.txt"), 2, ("--out ends in .pdf",)),
        (("--out", "/nonexistent/packet.pdf"), 1, ("could not be written",)),
    ],
)
def test_what_cannot_be_is_refused(
    vault: tuple[Path, Path], arguments: tuple[object, ...], code: int, words: tuple[str, ...]
) -> None:
    is_refused(order("packet", 1, *arguments, vault=vault), code, *words)


def test_a_file_half_made_is_removed(vault: tuple[Path, Path], tmp_path: Path) -> None:
    part = tmp_path / "packet.pdf.part"
    part.write_bytes(b"another's")
    is_refused(order("packet", 1, "--out", tmp_path / "packet.pdf", vault=vault), 1, "packet.pdf.part")
    assert part.read_bytes() == b"another's"


def test_detach_destroys_a_file(vault: tuple[Path, Path], tmp_path: Path) -> None:
    copy = tmp_path / "notes"
    copy.write_bytes(vault[0].read_bytes())
    mine = (copy, vault[1])
    assert order("detach", 1, 4, "--yes", vault=mine).code == 0
    shown: Any = order("show", 1, "--json", vault=mine).document()
    assert [one["title"] for one in shown["files"]] == ["Paper", "Photograph of Heron", "Note"]
    is_refused(order("detach", 1, 9, "--yes", vault=mine), 1, "no file 9")
