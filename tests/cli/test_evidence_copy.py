"""`holdfire evidence copy` as a person runs it: what was found, what was done, what the copy can still tell."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image

import originals
from command_line import Ran, is_refused, run
from holdfire.evidence.copies.form import Form
from holdfire.evidence.copies.strict.check import check


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, phrase: Path) -> Path:
    """A vault with a photo as 1, a film as 2, and words as 3."""
    folder = tmp_path_factory.mktemp("vault")
    file = folder / "notes"
    (folder / "a.jpg").write_bytes(originals.rich(Form.JPEG))
    (folder / "b.mp4").write_bytes(originals.film())
    (folder / "c.txt").write_bytes(b"only words, which have nothing to be cleaned of")
    assert run("vault", "create", "--vault", file, "--size", "64M", "--passphrase-file", phrase).code == 0
    for name in ("a.jpg", "b.mp4", "c.txt"):
        ran = run("evidence", "add", folder / name, "--vault", file, "--passphrase-file", phrase)
        assert ran.code == 0, ran
    return file


def copied(made: Path, phrase: Path, *words: object) -> Ran:
    return run("evidence", "copy", *words, "--vault", made, "--passphrase-file", phrase)


def test_it_says_what_was_found_done_and_left(made: Path, phrase: Path, tmp_path: Path) -> None:
    out = tmp_path / "copy.jpg"
    ran = copied(made, phrase, 1, "--out", out)
    assert ran.code == 0, ran
    for said in ("a place", "only the pixels were kept", "A camera leaves its own noise", "Kept as item"):
        assert said in ran.out, said
    assert originals.SECRET not in ran.out
    assert "It is plain" in ran.err
    check(out.read_bytes(), Form.JPEG)
    assert out.stat().st_mode & 0o077 == 0


def test_boxes_are_given_as_words_or_as_a_file(made: Path, phrase: Path, tmp_path: Path) -> None:
    wishes, out = tmp_path / "wishes.txt", tmp_path / "copy.png"
    wishes.write_text("# the badge\n0%,0%,10%,10%\n")
    ran = copied(
        made, phrase, 1, "--redact", "50%,50%,50%,50%", "--redact", wishes, "--as", "png", "--out", out,
        "--colour", "white", "--json",
    )  # fmt: skip
    assert ran.code == 0, ran
    told = json.loads(ran.out)
    assert (told["copy_of"], told["form"], told["file"]) == (1, "png", str(out))
    assert {
        "step": "covered",
        "said": "painted over in white, before anything was scaled or packed; boxes: 2",
    } in told["steps"]
    assert told["left"]
    with Image.open(io.BytesIO(out.read_bytes())) as seen:
        width, height = seen.size
        for spot in ((0, 0), (width - 1, height - 1)):
            assert seen.convert("RGB").getpixel(spot) == (255, 255, 255)


def test_a_film_is_covered_and_silenced(made: Path, phrase: Path) -> None:
    ran = copied(
        made, phrase, 2, "--redact", "time 0:00-0:01: 10%,10%,20%,20%", "--redact", "sound 0:00-0:01"
    )
    assert ran.code == 0, ran
    assert "made silent" in ran.out
    history = run("evidence", "log", 2, "--vault", made, "--passphrase-file", phrase, "--json")
    assert "redact" in history.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("3",), "We cannot clean this type of file."),
        (("9",), "There is no"),
        (("1", "--redact", "1,2,3"), "a box has four numbers"),
        (("1", "--redact", "page 4: 1,1,2,2"), "there are 1 pages"),
        (("1", "--redact", "sound 0:01-0:02"), "no sound in this file"),
        (("2", "--as", "png"), "no PNG is made"),
    ],
)
def test_what_cannot_be_copied_is_refused_in_a_sentence(
    made: Path, phrase: Path, words: tuple[str, ...], sentence: str
) -> None:
    before = run("evidence", "list", "--vault", made, "--passphrase-file", phrase, "--json").out
    ran = copied(made, phrase, *words)
    is_refused(ran, 1, sentence)
    assert run("evidence", "list", "--vault", made, "--passphrase-file", phrase, "--json").out == before


def test_nothing_is_written_over_and_covering_keeps_no_text(made: Path, phrase: Path, tmp_path: Path) -> None:
    out = tmp_path / "there"
    out.write_bytes(b"mine")
    is_refused(copied(made, phrase, 1, "--out", out), 1, "There is a file called there already.")
    assert out.read_bytes() == b"mine"
    assert copied(made, phrase, 1, "--redact", "1,1,2,2", "--keep-text").code == 2
