"""What is done to a vault that is there: another passphrase, backup, check, tidying up, destroying; and refusals."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from holdfire.errors import HoldfireError, NothingOpenedError
from holdfire.sealing.passphrase import TEST
from holdfire.vault.vault import Vault
from holdfire.web.faults import sentence_of
from simulators.served import Answer, Served

PHRASE = "seven grey owls sing low"
SECOND = "nine red herons walk home"
OTHER = "eight pale cats dig on slowly"


def finished(served: Served, answer: Answer) -> Answer:
    """Return the page that comes when long work has ended."""
    for _ in range(600):
        if "/progress" not in answer.text:
            return answer
        time.sleep(0.05)
        answer = served.get("/progress")
    pytest.fail("the work did not end")


def opens(path: Path, phrase: str) -> bool:
    try:
        Vault.open(path, phrase, profile=TEST).lock()
    except NothingOpenedError:
        return False
    return True


def test_another_passphrase_opens_it_then(opened: Served, vault_file: Path) -> None:
    answer = opened.post("/settings/passphrase", old=PHRASE, new=OTHER, again=OTHER)
    assert "The passphrase is changed." in finished(opened, answer).text
    assert opened.program.session.state == "open"
    opened.post("/leave")
    assert opens(vault_file, OTHER)
    assert not opens(vault_file, PHRASE)
    assert opens(vault_file, SECOND), "the other compartment is not touched"


def test_a_wrong_old_passphrase_changes_nothing_and_locks(opened: Served, vault_file: Path) -> None:
    answer = finished(opened, opened.post("/settings/passphrase", old=OTHER, new=OTHER, again=OTHER))
    assert "Nothing opened." in answer.text
    assert opened.program.session.state == "none"
    assert opens(vault_file, PHRASE)


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("short", "short", "Use at least 12 characters."),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "This repeats itself"),
        (OTHER, OTHER + "!", "The two are not the same."),
    ],
)
def test_a_weak_or_mistyped_new_one_is_said_and_nothing_is_locked(
    opened: Served, new: str, again: str, said: str
) -> None:
    answer = opened.post("/settings/passphrase", old=PHRASE, new=new, again=again)
    assert answer.status == 422
    assert said in answer.text
    assert opened.program.session.state == "open"


def test_a_backup_carries_what_was_named_and_nothing_else(opened: Served, tmp_path: Path) -> None:
    opened.post("/guide/none")
    opened.post("/plan/ask-in-writing/add")
    out = tmp_path / "copy.dat"
    answer = finished(opened, opened.post("/settings/backup", path=str(out), phrase_1=PHRASE))
    assert "The backup is made." in answer.text
    assert opened.program.session.state == "open"
    assert opens(out, PHRASE)
    assert not opens(out, SECOND)
    opened.post("/lock")
    opened.post("/open", path=str(out), phrase=PHRASE)
    assert "Ask for the order in writing" in opened.get("/plan").text


def test_a_backup_never_overwrites(opened: Served, vault_file: Path) -> None:
    before = vault_file.stat().st_size
    answer = opened.post("/settings/backup", path=str(vault_file), phrase_1=PHRASE)
    assert answer.status == 422
    assert "It will not be overwritten." in answer.text
    assert vault_file.stat().st_size == before


def test_checking_reads_every_page(opened: Served) -> None:
    answer = finished(opened, opened.post("/settings/check"))
    assert "Every page of this compartment was read, and none was changed." in answer.text


def test_tidying_up_keeps_what_is_there(opened: Served) -> None:
    opened.post("/plan/ask-in-writing/add")
    assert "What was deleted is overwritten" in finished(opened, opened.post("/settings/compact")).text
    assert "Ask for the order in writing" in opened.get("/plan").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"phrase": PHRASE, "sure": "yes"}, "Choose what to destroy."),
        ({"what": "all", "phrase": PHRASE}, "Tick the box, if you are sure."),
        ({"what": "all", "sure": "yes"}, "Type the passphrase once more."),
    ],
)
def test_destroying_asks_for_everything(
    opened: Served, vault_file: Path, fields: dict[str, str], said: str
) -> None:
    answer = opened.post("/settings/shred", follow=False, **fields)
    assert answer.status == 422
    assert said in answer.text
    opened.post("/lock")
    assert opens(vault_file, PHRASE)


def test_destroying_with_a_wrong_passphrase_destroys_nothing(opened: Served, vault_file: Path) -> None:
    answer = opened.post("/settings/shred", what="all", sure="yes", phrase=OTHER)
    assert "Nothing opened." in answer.text
    assert opens(vault_file, PHRASE)


@pytest.mark.parametrize(("what", "second_opens"), [("this", True), ("all", False)])
def test_destroying_says_what_remains(
    opened: Served, vault_file: Path, what: str, *, second_opens: bool
) -> None:
    answer = opened.post("/settings/shred", what=what, sure="yes", phrase=PHRASE)
    assert "The file is still there; delete it yourself." in answer.text
    assert vault_file.exists()
    assert not opens(vault_file, PHRASE)
    assert opens(vault_file, SECOND) is second_opens


def test_a_vault_that_is_open_elsewhere_is_said_so(served: Served, vault_file: Path) -> None:
    with Vault.open(vault_file, PHRASE, profile=TEST):
        answer = served.post("/open", path=str(vault_file), phrase=PHRASE)
    assert answer.status == 422
    assert "This vault is open elsewhere. Close it there." in answer.text


def test_a_damaged_vault_is_said_so_and_kept(served: Served, vault_file: Path) -> None:
    damaged = bytearray(vault_file.read_bytes())
    damaged[36_864:] = bytes(len(damaged) - 36_864)
    vault_file.write_bytes(damaged)
    answer = served.post("/open", path=str(vault_file), phrase=PHRASE)
    assert "Part of this file was changed. We stopped. Keep it; use your backup." in answer.text
    assert vault_file.read_bytes() == damaged


@pytest.mark.parametrize("path", ["", "/nowhere/notes.dat", "~nobody-of-this-name/x", "x" * 5000, "/"])
def test_a_path_that_leads_nowhere_is_said_so(served: Served, path: str) -> None:
    answer = served.post("/open", path=path, phrase=PHRASE)
    assert answer.status == 422
    assert "Please mend this" in answer.text


def test_a_wrong_passphrase_says_one_sentence_and_repeats_nothing(served: Served, vault_file: Path) -> None:
    wrong = served.post("/open", path=str(vault_file), phrase=OTHER)
    assert wrong.status == 422
    assert "Nothing opened. Check keyboard language and Caps Lock." in wrong.text
    assert OTHER not in wrong.text


def test_the_second_compartment_shows_nothing_of_the_first(opened: Served, vault_file: Path) -> None:
    opened.post("/plan/ask-in-writing/add")
    opened.post("/lock")
    opened.post("/open", path=str(vault_file), phrase=SECOND)
    assert "No plan. You may decide nothing tonight." in opened.get("/plan").text


def test_leaving_stops_a_backup_and_leaves_no_file(opened: Served, tmp_path: Path) -> None:
    out = tmp_path / "copy.dat"
    opened.post("/settings/backup", follow=False, path=str(out), phrase_1=PHRASE)
    opened.post("/leave")
    opened.stop()
    opened.wait()
    assert opened.program.session.vault is None
    if out.exists():  # it had ended before the leave came: then it is whole
        assert opens(out, PHRASE)


def test_an_error_tells_a_files_name_and_never_its_folder(tmp_path: Path) -> None:
    with pytest.raises(HoldfireError) as error:
        Vault.open(tmp_path / "nothing here.dat", PHRASE, profile=TEST)
    sentence, hint, values = sentence_of(error.value)
    assert str(tmp_path) not in sentence.format(**values) + hint
    assert "nothing here.dat" in sentence.format(**values)
