"""`holdfire evidence` as a person runs it: from a folder of files to a history that a court can check."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from command_line import PHRASE, Ran, is_refused, run
from holdfire.evidence.custody.extract import extract
from holdfire.evidence.item import FIELDS
from holdfire.journeys.keep_evidence import custody_log, exported_head, log_event
from holdfire.vault.vault import Vault
from packets_drawn import photograph

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "docs" / "formats" / "evidence.schema.json").read_text("utf-8")
)
TURNED = "order\u202efdp.txt"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, phrase: Path) -> Path:
    """A vault with a photograph as evidence 1."""
    folder = tmp_path_factory.mktemp("vault")
    file, photo = folder / "notes", folder / "IMG_0042.jpg"
    photo.write_bytes(photograph())
    os.utime(photo, (1_772_000_000, 1_772_000_000))
    assert run("vault", "create", "--vault", file, "--size", "64M", "--passphrase-file", phrase).code == 0
    ran = run(
        "evidence", "add", photo, "--set", "place=the square", "--set", "collector=Heron", "--clock", "the phone, a minute slow",
        "--role", "a witness", "--offset", "+03:00", "--vault", file, "--passphrase-file", phrase,
    )  # fmt: skip
    assert ran.code == 0, ran
    assert "1. IMG_0042.jpg" in ran.out
    assert "nothing was changed or deleted" in ran.err
    assert photo.read_bytes() == photograph()
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files as they lie on a card: one twice, one with a name that turns around, a link out, a pipe."""
    made = tmp_path / "card"
    (made / "b").mkdir(parents=True)
    (made / "b" / "film.mp4").write_bytes(b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(1_000_000))
    (made / "a.txt").write_bytes(b"seen at the gate")
    (made / "copy of a.txt").write_bytes(b"seen at the gate")
    (made / TURNED).write_bytes(b"as it was given")
    (tmp_path / "outside.txt").write_bytes(b"not asked for")
    (made / "link.txt").symlink_to(tmp_path / "outside.txt")
    (made / "z").symlink_to(tmp_path)
    os.mkfifo(made / "pipe")
    return made


def evidence(*arguments: object, vault: Path, phrase: Path) -> Ran:
    return run("evidence", *arguments, "--vault", vault, "--passphrase-file", phrase)


def document(*arguments: object, vault: Path, phrase: Path) -> Any:
    ran = evidence(*arguments, "--json", vault=vault, phrase=phrase)
    assert ran.code == 0, ran
    return ran.document()


def test_a_folder_goes_in_whole_and_what_does_not_is_listed(vault: Path, phrase: Path, folder: Path) -> None:
    ran = evidence("add", folder, "--json", vault=vault, phrase=phrase)
    assert ran.code == 1
    told: Any = ran.document()
    assert [(one["id"], one["title"], one["form"]) for one in told["added"]] == [
        (2, "a.txt", "text"), (3, "order fdp.txt", "text"), (4, "film.mp4", "mp4")
    ]  # fmt: skip
    assert [(Path(one["path"]).name, one["id"]) for one in told["already"]] == [("copy of a.txt", 2)]
    assert [Path(one["path"]).name for one in told["refused"]] == ["link.txt", "pipe", "z"]
    assert told["added"][1]["name"] == "order\\u202efdp.txt"
    assert hashlib.sha256(b"seen at the gate").hexdigest() == told["added"][0]["sha256"]
    again: Any = evidence("add", folder / "a.txt", "--again", "--json", vault=vault, phrase=phrase).document()
    assert [one["id"] for one in again["added"]] == [5]


def test_a_person_reads_what_became_of_each_file(vault: Path, phrase: Path, folder: Path) -> None:
    ran = evidence("add", folder, vault=vault, phrase=phrase)
    assert ran.code == 1
    assert "You have this already as number 2: " in ran.out
    assert "Not taken: 3" in ran.err
    assert "It is a link to another place" in ran.err
    assert "lists of recent files" in ran.err
    assert "\u202e" not in ran.out + ran.err
    listed = evidence("list", vault=vault, phrase=phrase)
    assert "3. order fdp.txt  (plain text, 15 bytes)" in listed.out


def test_one_file_that_does_not_fit_does_not_stop_the_others(
    vault: Path, phrase: Path, tmp_path: Path
) -> None:
    large, small = tmp_path / "a large", tmp_path / "b small"
    with large.open("wb") as stream:
        stream.truncate(70 << 20)
    small.write_bytes(b"small")
    told: Any = evidence("add", large, small, "--json", vault=vault, phrase=phrase).document()
    assert [one["id"] for one in told["added"]] == [2]
    assert ["vault is full" in one["why"] for one in told["refused"]] == [True]


def test_it_shows_what_is_known_and_its_history(vault: Path, phrase: Path) -> None:
    told = document("show", 1, vault=vault, phrase=phrase)
    assert Draft202012Validator(SCHEMA).is_valid(told["record"])
    assert told["record"]["collection"]["place"] == "the square"
    assert told["record"]["protection"]["risk"] == "unknown"
    assert (told["name"], told["made"]) == ("IMG_0042.jpg", "2026-02-25T06:13:20Z")
    first = told["history"][0]
    assert (first["action"], first["role"], first["clock"], first["offset"], first["where"]) == (
        "receive", "a witness", "the phone, a minute slow", "+03:00", "the square",
    )  # fmt: skip
    assert first["hash_after"] == told["sha256"]
    shown = evidence("show", 1, vault=vault, phrase=phrase).out
    for words in (
        "JPEG picture",
        "place (Where):\n      the square",
        "(+03:00 there): came in",
        "by: a witness",
    ):
        assert words in shown
    listed = document("list", vault=vault, phrase=phrase)
    assert [(one["id"], one["copy_of"]) for one in listed] == [(1, None)]


def test_notes_and_title_change_as_a_new_version(vault: Path, phrase: Path) -> None:
    told = document(
        "note", 1, "--title", "The gate", "--set", "risk=the woman in blue", "--set", "place=", vault=vault, phrase=phrase
    )  # fmt: skip
    assert (told["version"], told["title"]) == (2, "The gate")
    assert told["record"]["protection"]["risk"] == "the woman in blue"
    assert told["record"]["collection"]["place"] == "unknown"
    is_refused(
        evidence("note", 1, "--set", "home=here", vault=vault, phrase=phrase), 1, "no note called", *FIELDS
    )
    is_refused(evidence("note", 1, "--set", "risk", vault=vault, phrase=phrase), 2, "FIELD=WORDS")
    is_refused(evidence("note", 1, vault=vault, phrase=phrase), 2, "--title or --set")


def test_it_comes_out_as_it_went_in_over_nothing(vault: Path, phrase: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jpg"
    told = document("save", 1, "--out", out, vault=vault, phrase=phrase)
    assert out.read_bytes() == photograph()
    assert told["sha256"] == hashlib.sha256(photograph()).hexdigest()
    assert out.stat().st_mode & 0o777 == 0o600
    is_refused(evidence("save", 1, "--out", out, vault=vault, phrase=phrase), 1, "already")
    assert [one.name for one in tmp_path.iterdir()].count("out.jpg.part") == 0


def test_its_history_is_checked_against_what_was_handed_out(
    vault: Path, phrase: Path, tmp_path: Path
) -> None:
    given, older = tmp_path / "extract", tmp_path / "older"
    shutil.copyfile(vault, older)
    assert "would not be noticed" in evidence("log", 1, vault=vault, phrase=phrase).err
    with Vault.open(vault, PHRASE) as open_vault:
        now = open_vault.records.all(_any_kind(), limit=1)[0].saved
        log_event(open_vault, 1, "transfer", {"custodian_to": "a court"}, now)
        log = custody_log(open_vault, 1)
        exported_head(open_vault, 1, log.head, now, "a court")
        given.write_bytes(b"".join(extract(log, {1: ["day"]})))
    told = document("log", 1, "--against", given, vault=vault, phrase=phrase)
    assert (told["against"], told["given"][0]["to"], len(told["events"])) == ({"events": 2}, "a court", 2)
    assert "It goes on from what was made for: a court" in evidence("log", 1, vault=vault, phrase=phrase).out
    is_refused(
        evidence("log", 1, "--against", given, vault=older, phrase=phrase), 1, "set back", "has 1 events, and had 2"
    )  # fmt: skip
    given.write_bytes(b"nothing of the kind")
    is_refused(evidence("log", 1, "--against", given, vault=vault, phrase=phrase), 1, "no extract")


def _any_kind() -> Any:
    from holdfire.journeys.keep_evidence import EVIDENCE  # noqa: PLC0415

    return EVIDENCE


def test_what_is_deleted_is_gone_and_its_number_too(vault: Path, phrase: Path, folder: Path) -> None:
    ran = evidence("delete", 1, "--yes", vault=vault, phrase=phrase)
    assert (ran.code, "Not destroyed: the file it came from" in ran.err) == (0, True)
    is_refused(evidence("show", 1, vault=vault, phrase=phrase), 1, "no evidence 1")
    told: Any = evidence("add", folder / "a.txt", "--json", vault=vault, phrase=phrase).document()
    assert [one["id"] for one in told["added"]] == [2]


@pytest.mark.parametrize("offset", ["3", "+3:00", "+15:00", "UTC", "+03:60"])
def test_an_offset_that_is_none_is_wrong_use(vault: Path, phrase: Path, folder: Path, offset: str) -> None:
    ran = evidence("add", folder / "a.txt", "--offset", offset, vault=vault, phrase=phrase)
    is_refused(ran, 2, "+03:00")


def test_a_title_is_for_one_file(vault: Path, phrase: Path, folder: Path) -> None:
    is_refused(evidence("add", folder, "--title", "One", vault=vault, phrase=phrase), 2, "one file")
