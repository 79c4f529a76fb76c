"""`holdfire guide` and `holdfire pack`, as a person or a script uses them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from command_line import is_refused, run
from holdfire.cli.main import holdfire
from holdfire.pack.folder import shipped_packs

#: The 55 actions of the essay, in its order. Their ids are a public contract.
ACTIONS = (
    "like-minded-network", "survey-colleagues", "invite-hesitant", "find-service-families", "link-branches",
    "contact-veterans", "contact-rights-groups", "work-to-rule", "plead-inability", "misunderstand-orders",
    "aim-high", "report-sick", "take-leave", "pass-on-jokes", "right-side-of-history", "doubt-control",
    "loyalty-to-constitution", "record-repressors", "people-to-protect", "fringe-violence", "negotiation-open",
    "check-propaganda", "cite-sources", "protect-subordinates", "document-orders", "pass-information",
    "warn-of-force", "warn-of-provocateurs", "ask-in-writing", "test-against-constitution", "ask-explanation",
    "refer-to-court", "advise-movement", "urge-discipline", "strike-or-sit-in", "issue-demands", "call-families",
    "go-public-exposed", "seek-protection", "veterans-group", "confidential-ear", "resign-together",
    "noisy-resignation", "advise-colleagues", "gather-before-leaving", "join-unarmed", "human-shield",
    "ask-for-stage", "local-activist", "publish-motives", "appeal-to-colleagues", "name-violence", "own-judgment",
    "prepare-ahead", "pass-guide-on",
)  # fmt: skip
#: What `guide show --json` gives: scripts rely on these names.
FIELDS = {
    "id", "title", "heading", "step", "needs", "in_short", "why", "fits", "not_now", "first", "begin", "say", "risks", "lower",
    "truthful", "undone", "stop_signs", "here", "sources", "reviewed", "lawyer",
}  # fmt: skip


def test_list_gives_the_55_ids_in_the_essays_order_of_headings() -> None:
    listed = run("guide", "list", "--json").document()
    assert isinstance(listed, list)
    assert len(ACTIONS) == 55
    assert sorted(one["id"] for one in listed) == sorted(ACTIONS)
    assert {one["route"] for one in listed} == {"stay", "resign", "join", "every"}
    assert len({one["heading"] for one in listed}) == 15
    assert all(one["step"] in range(5) and one["title"] for one in listed)


def test_the_list_for_people_names_every_action_once() -> None:
    ran = run("guide", "list")
    assert ran.code == 0
    assert [ran.out.count(f"  {action} ") for action in ACTIONS] == [1] * 55


def test_every_action_that_a_command_tells_people_to_read_is_there() -> None:
    root = Path(__file__).parents[2]
    texts = [*(root / "src/holdfire").rglob("*.py"), *(root / "docs").glob("*.md"), root / "README.md"]
    named = {
        one
        for path in texts
        for one in re.findall(r"`holdfire guide show ([a-z-]+)`", path.read_text("utf-8"))
    }
    assert "document-orders" in named
    for one in sorted(named):
        assert run("guide", "show", one).code == 0, one


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_is_shown(action: str) -> None:
    shown = CliRunner().invoke(holdfire, ["guide", "show", action])  # 55 processes would take half a minute
    assert shown.exit_code == 0
    assert shown.stderr == ""
    for part in (
        "RISKS",
        "Who could learn of it",
        "What the law may say",
        "Begin",
        "Can it be undone?",
        "Stop at once when",
        "Reviewed",
    ):
        assert part in shown.stdout
    assert "[[" not in shown.stdout
    assert max(len(line) for line in shown.stdout.split("\n")) <= 100


@pytest.mark.parametrize("action", ["ask-in-writing", "aim-high", "resign-together"])
def test_json_of_an_action_has_the_agreed_fields(action: str) -> None:
    document = run("guide", "show", action, "--json").document()
    assert isinstance(document, dict)
    assert set(document) == FIELDS
    assert document["id"] == action
    assert set(document["risks"]) == {"who_learns", "law", "body", "livelihood", "others"}
    assert all(
        risk["word"] in {"expect", "known", "possible", "unknown"}
        for group in document["risks"].values()
        for risk in group
    )
    named = {source for claim in document["why"] for source in claim["sources"]}
    assert named <= {source["id"] for source in document["sources"]}


@pytest.mark.parametrize(
    "action", ["nothing", "ASK-IN-WRITING", "../care", "", "x" * 5000, "\x1b[31mred", "ask-in-writing "]
)
def test_an_unknown_id_is_refused_and_never_echoed_raw(action: str) -> None:
    ran = run("guide", "show", action)
    is_refused(ran, 1, "There is no action", "guide list")
    assert "\x1b" not in ran.err
    assert len(ran.err) < 200


def test_pack_list_says_who_wrote_and_who_pays() -> None:
    listed = run("pack", "list", "--json").document()
    assert isinstance(listed, list)
    assert next(one["id"] for one in listed) == "int"
    assert all(one["by"] and one["pays"] and one["reviewed"] for one in listed)
    for one in listed:
        assert one["title"] in run("pack", "list").out


@pytest.mark.parametrize("pack", sorted(folder.name for folder in shipped_packs().iterdir()))
def test_every_shipped_pack_passes_its_check(pack: str) -> None:
    ran = run("pack", "check", shipped_packs() / pack, "--json")
    assert ran.code == 0
    assert ran.document() == {
        "id": pack,
        "files": sum(path.is_file() for path in (shipped_packs() / pack).rglob("*")),
        "ok": True,
    }
    assert "no fault found" in run("pack", "check", shipped_packs() / pack).out


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped_packs() / "int", tmp_path / "int"))


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("guide/actions/ask-in-writing.yaml", "word: expect", "word: certain", "expect, known"),
        (
            "guide/actions/ask-in-writing.yaml",
            "[[document-orders]]",
            "[[dokument-orders]]",
            "leads to no action",
        ),
        ("guide/actions/ask-in-writing.yaml", "undone:", "undoing:", "not known here"),
        ("guide/rules.yaml", "step: 3", "step: 7", "0, 1, 2, 3 or 4"),
        ("guide/questions.yaml", "id: moment", "id: Moment", "small letters"),
        ("guide/headings.yaml", "headings:", "headings: &x", "anchors"),
    ],
)
def test_a_broken_pack_is_refused_with_file_and_line(
    pack: Path, file: str, old: str, new: str, said: str
) -> None:
    text = (pack / file).read_text("utf-8")
    line = text[: text.index(old)].count("\n") + 1
    (pack / file).write_text(text.replace(old, new, 1), "utf-8")
    for option in ((), ("--json",)):
        ran = run("pack", "check", pack, *option)
        is_refused(ran, 1, f"{file}, line {line}: ", said, "Mend the file")


def test_a_folder_that_is_no_pack_is_refused(tmp_path: Path) -> None:
    is_refused(run("pack", "check", tmp_path), 1, "pack.yaml", "missing")
    is_refused(run("pack", "check", tmp_path / "none"), 1, "There is no pack at")
    (tmp_path / "file").touch()
    is_refused(run("pack", "check", tmp_path / "file"), 2, "is a file")
