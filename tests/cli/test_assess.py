"""`holdfire assess`: reasons for each action from a file of answers; and every file that is none is refused."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from command_line import is_refused, run
from holdfire.pack.reader import MOST_BYTES

ANSWERS = b"""moment: order-later
state: clear
task: force
country: us
service: police
bond: career
command: few
war: "no"
suspicion: "no"
device: me
trust: [colleagues, lawyer]
others: nobody
losses: [income, pension]
away: day
secrecy: "no"
values: [no-harm, record]
limits: [leaving]
"""


def assessed(answers: bytes, *options: str) -> dict[str, object]:
    ran = run("assess", "--answers", "-", "--json", *options, stdin=answers)
    assert ran.code == 0, ran.err
    document = ran.document()
    assert isinstance(document, dict)
    return document


def options_of(document: dict[str, object]) -> list[dict[str, object]]:
    found = document["options"]
    assert isinstance(found, list)
    return found


def test_json_gives_reasons_for_each_of_the_55() -> None:
    document = assessed(ANSWERS)
    options = options_of(document)
    assert len({option["id"] for option in options}) == 55
    for option in options:
        assert option["because"]
        assert option["risk"]
        assert option["place"] == "now" or (option["limits"] and option["would_change"])
    assert document["unanswered"] == []
    assert [choice["id"] for choice in document["choices"]] == ["decide-later", "stay", "resign", "join"]  # type: ignore[attr-defined]


def test_the_plan_is_short_in_order_and_holds_no_answer() -> None:
    document = assessed(ANSWERS)
    plan = document["plan"]
    assert isinstance(plan, dict)
    near = [option["id"] for option in options_of(document) if option["place"] in {"now", "prepare"}]
    planned = [item["action"] for item in plan["items"]]
    assert 0 < len(planned) < len(near)
    assert planned == [action for action in near if action in planned]
    assert {key for item in plan["items"] for key in item} == {
        "action",
        "place",
        "done",
        "note",
        "on",
        "ask_again",
    }
    steps = {option["id"]: option["step"] for option in options_of(document)}
    for item in plan["items"]:
        # The day may turn while the command runs.
        night = {(date.today() + timedelta(days=days)).isoformat() for days in (0, 1)}  # noqa: DTZ011
        assert (item["ask_again"] in night) if steps[item["action"]] == 4 else item["ask_again"] is None


def test_the_order_of_lines_and_open_answers_change_nothing() -> None:
    lines = ANSWERS.splitlines(keepends=True)
    assert assessed(b"".join(reversed(lines))) == assessed(ANSWERS)
    assert assessed(b"moment: dont-know\nstate: rather-not\n") == assessed(b"moment: dont-know\n")


def test_who_might_hurt_someone_is_shown_the_care_page_alone() -> None:
    ran = run("assess", "--answers", "-", stdin=b"state: might-hurt\n")
    assert ran.code == 0
    assert "Put the weapon away from you" in ran.out
    assert "FOUR CHOICES" not in ran.out
    assert assessed(b"state: might-hurt\n")["care"] is True


def test_the_life_card_stands_above_everything() -> None:
    ran = run("assess", "--answers", "-", stdin=b"task: firearms\n")
    assert ran.out.startswith("Do not fire at people who threaten no life.")


def test_a_file_is_warned_of_and_standard_input_is_not(tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_bytes(ANSWERS)
    from_file, from_input = run("assess", "--answers", file), run("assess", "--answers", "-", stdin=ANSWERS)
    assert from_file.out == from_input.out
    assert "plain and can be read by whoever finds it" in from_file.err
    assert from_input.err == ""
    assert list(tmp_path.iterdir()) == [file]


def test_the_questions_are_listed_with_every_answer() -> None:
    document = run("assess", "--questions", "--json").document()
    assert isinstance(document, list)
    assert len(document) == 17
    people = run("assess", "--questions").out
    for question in document:
        assert question["title"] in people
        assert all(answer["text"] in people for answer in question["answers"])


BOMB = b"a0: &a0 [x, x]\n" + b"".join(
    b"a%d: &a%d [*a%d, *a%d]\n" % (n, n, n - 1, n - 1) for n in range(1, 40)
)


@pytest.mark.parametrize(
    ("untrusted", "said"),
    [
        (b"weather: fine\n", "There is no question 'weather'"),
        (b"moment: yesterday\n", "'yesterday' is no answer to the question moment"),
        (b"values: [no-harm, family, job]\n", "takes 2 answers at most"),
        (b"trust: [nobody, lawyer]\n", "one answer excludes the others"),
        (b"moment: today\nmoment: danger\n", "line 2: the key 'moment' stands here twice"),
        (b"moment: {a: b}\n", "line 1: a text belongs here"),
        (b"moment:\n", "line 1: a text belongs here"),
        (b"trust: [lawyer, [home]]\n", "line 1: a text belongs here"),
        (b"- moment\n", "a map belongs here"),
        (b"moment\n", "a map belongs here"),
        (b"", "the file is empty"),
        (b"# nothing\n", "the file is empty"),
        (BOMB, "anchors and aliases are not allowed"),
        (b"moment: !!python/object/apply:os.system [id]\n", "tags are not allowed"),
        (b"moment: today\n---\nmoment: danger\n", "one document"),
        (b"x" * (MOST_BYTES + 1), "larger than 256 KiB"),
        (b"\x00\x01\x02", "U+0000"),
        (b"\xff\xfe\x00m", "not UTF-8"),
        (b"\x89PNG\r\n\x1a\n", "not UTF-8"),
        (b"{" * 4000, "line 1"),
        (b"a: [" * 4000, "line 1"),
        (b"'" + b"a" * 900 + b"': x\n", "There is no question"),
        ("mоment: today\n".encode(), "There is no question"),  # a Cyrillic о
        ("moment: to\u202eday\n".encode(), "U+202E"),
        (b"moment: \x1b[2J\n", "U+001B"),
    ],
)  # fmt: skip
def test_what_is_no_file_of_answers_is_refused(untrusted: bytes, said: str) -> None:
    ran = run("assess", "--answers", "-", "--json", stdin=untrusted)
    is_refused(ran, 1, said, "holdfire assess --questions")
    assert "\x1b" not in ran.err
    assert len(ran.err) < 400


def test_what_cannot_be_opened_is_wrong_use(tmp_path: Path) -> None:
    is_refused(run("assess", "--answers", tmp_path), 2, "Is a directory")
    is_refused(run("assess", "--answers", tmp_path / "none"), 2, "No such file")
    is_refused(run("assess"), 2, "--answers FILE", "--questions")
    is_refused(run("assess", "--answers"), 2, "requires an argument")


def test_a_giant_file_is_refused_after_its_first_bytes(tmp_path: Path) -> None:
    with (tmp_path / "giant").open("wb") as stream:
        stream.truncate(1 << 40)
    is_refused(run("assess", "--answers", tmp_path / "giant"), 1, "larger than 256 KiB")
    is_refused(run("assess", "--answers", "/dev/zero"), 1, "larger than 256 KiB")
