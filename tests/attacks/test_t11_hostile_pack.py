"""T11: a hostile pack.

An adversary who gives somebody a pack could try to read or write other files, fill memory, run code, put words into the program's
mouth that look like something else, or replace a page that protects. Each is refused with the file and the line, quickly, and nothing
outside the pack is touched. What no check can see is a false sentence with a true form: a pack says who wrote it.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_line import COMMAND, environment, is_refused, run
from holdfire.errors import ContentError
from holdfire.journeys.guide_here import guide_of
from holdfire.journeys.packs_here import load_packs
from holdfire.pack.folder import Pack, shipped_packs
from holdfire.pack.reader import MOST_BYTES, MOST_NODES, MOST_TEXT

PAGE = "guide/actions/ask-in-writing.yaml"
MEMORY = 512 * 1024 * 1024


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped_packs() / "int", tmp_path / "int"))


def is_refused_in_little_memory(pack: Path, place: str, said: str) -> None:
    """Check the pack in a process that may take half a gibibyte and ten seconds."""
    done = subprocess.run(
        [*COMMAND, "pack", "check", str(pack)],
        capture_output=True, text=True, timeout=60, check=False, env=environment(), stdin=subprocess.DEVNULL,
        preexec_fn=_bound,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith(place), done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr) < 1_000


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (10, 10))


BOMB = "a0: &a0 [x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 4)}]\n" for n in range(1, 40)
)


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (BOMB, 1, "anchors"),
        ("id: !!python/object/apply:os.system ['touch owned']\n", 1, "tags"),
        ("id: !!binary aGk=\n", 1, "tags"),
        ("%TAG ! tag:yaml.org,2002:python/\n---\nid: !object:os.system x\n", 3, "tags"),
        ("id: ask-in-writing\n<<: {title: x}\n", 2, "plain text"),
        ("[" * 5_000, 1, "too deep"),
        ("{a: " * 5_000, 1, "too deep"),
        ("- x\n" * (MOST_NODES + 1), MOST_NODES, "too many"),
        ("id: " + "x" * (MOST_TEXT + 1) + "\n", 1, "characters"),
        ("#" * (MOST_BYTES + 1), 0, "larger"),
        ("id: ask-in-writing\ntitle: Fire at will\u202e\n", 2, "U+202E"),
        ("id: ask-in-writing\ntitle: \x1b]0;owned\x07\n", 2, "U+001B"),
        ("id: ask-in-writing\nid: aim-high\n", 2, "twice"),
        ("id: ../../../etc/passwd\n", 1, "missing"),
        ("", 0, "empty"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_with_its_line_and_little_memory(
    pack: Path, content: str, line: int, said: str
) -> None:
    (pack / PAGE).write_text(content, "utf-8")
    is_refused_in_little_memory(pack, f"{PAGE}, line {line}: ", said)
    assert not (pack / "owned").exists()
    assert not Path("owned").exists()


@pytest.mark.parametrize("target", ["/etc/passwd", "/dev/zero", "..", "../../secret", "pack.yaml"])
def test_no_link_is_followed_wherever_it_leads(pack: Path, target: str) -> None:
    (pack.parent / "secret").write_text("sesame")
    (pack / "guide" / "link.yaml").symlink_to(target)
    is_refused_in_little_memory(pack, "guide/link.yaml, line 0: ", "links are not allowed")


def test_a_folder_that_is_a_link_is_not_followed(pack: Path) -> None:
    shutil.rmtree(pack / "guide" / "actions")
    (pack / "guide" / "actions").symlink_to(shipped_packs() / "int" / "guide" / "actions")
    is_refused_in_little_memory(pack, "guide/actions, line 0: ", "links are not allowed")


def test_pipes_and_endless_files_are_never_read(pack: Path) -> None:
    os.mkfifo(pack / "guide" / "pipe.yaml")
    is_refused_in_little_memory(pack, "guide/pipe.yaml, line 0: ", "ordinary")
    (pack / "guide" / "pipe.yaml").unlink()
    with (pack / "guide" / "aa.yaml").open("wb") as stream:
        stream.truncate(1 << 42)
    is_refused_in_little_memory(pack, "guide/aa.yaml, line 0: ", "larger")


def test_many_files_and_deep_folders_are_refused(pack: Path) -> None:
    (pack / "a" / "b" / "c" / "d" / "e" / "f" / "g").mkdir(parents=True)
    is_refused_in_little_memory(pack, "a/b/c/d/e/", "deep")
    shutil.rmtree(pack / "a")
    for number in range(501):
        (pack / "guide" / f"f{number}.yaml").touch()
    is_refused_in_little_memory(pack, "guide/, line 0: ", "500 files")


def test_a_circle_of_needs_is_refused(pack: Path) -> None:
    rules = pack / "guide" / "rules.yaml"
    text = rules.read_text("utf-8")
    rules.write_text(
        text.replace("- id: prepare-ahead\n", "- id: prepare-ahead\n    needs: [like-minded-network]\n"),
        "utf-8",
    )
    is_refused_in_little_memory(pack, "guide/rules.yaml, line ", "lead back to itself")


def country(**files: str) -> tuple[Pack, Pack, list[Pack]]:
    """Return the base pack, a country's pack with files of its own, and the other packs."""
    base, one, *others = load_packs()
    return (
        base,
        Pack(
            one.manifest,
            {**one.files, **{f"guide/{name}.yaml": text.encode() for name, text in files.items()}},
        ),
        others,
    )


@pytest.mark.parametrize(
    "name", ["actions/care", "pages/care", "actions/ask-in-writing", "rules", "questions", "headings", "grid"]
)
def test_a_countrys_pack_cannot_replace_a_page_a_rule_or_a_question(name: str) -> None:
    """Only the base pack's pages are read; whatever a country ships beside its risks says nothing."""
    base, hostile, others = country(**{name: "id: care\ntitle: Use the weapon\n"})
    _, plain, _ = country()
    assert guide_of([base, hostile, *others]) == guide_of([base, plain, *others])


def test_a_countrys_pack_cannot_take_over_a_source() -> None:
    base, hostile, others = country()
    stolen = base.files["guide/sources/content-c.yaml"]
    with pytest.raises(ContentError, match="stands in two files"):
        guide_of([base, with_files(hostile, {"guide/sources/other.yaml": stolen}), *others])


def test_a_countrys_pack_cannot_take_over_a_provision() -> None:
    base, hostile, others = country()
    standards = base.files["law/provisions/un-standards.yaml"]
    softer = standards.replace(b"  - id: ", b"  - id: softer-")
    source = b"sources:\n  - {id: bpuff-14, kind: law, country: null, title: T, says: You may fire., date: null, level: text, checked: 2026-11-22, how: read, place: x}\n"
    for file, content, said in (
        ("law/provisions/other.yaml", standards, "stands twice"),
        ("law/provisions/other.yaml", softer, "only its own law"),
        ("law/tags.yaml", b"tags: {torture: Something harmless.}\n", "explained already"),
        ("guide/sources/other.yaml", source, "no second entry"),
    ):
        with pytest.raises(ContentError, match=said):
            guide_of([base, with_files(hostile, {file: content}), *others])


def with_files(pack: Pack, files: dict[str, bytes]) -> Pack:
    return Pack(pack.manifest, {**pack.files, **files})


def test_a_countrys_pack_cannot_give_a_risk_at_a_gate_that_does_not_exist() -> None:
    base, hostile, others = country(
        country="name: X\nrisks:\n  - {gate: care, text: You may fire., source: reasoning}\n"
    )
    with pytest.raises(ContentError, match="one of these belongs here") as caught:
        guide_of([base, hostile, *others])
    assert (caught.value.file, caught.value.line) == ("guide/country.yaml", 3)


@given(st.data())
def test_no_cut_or_changed_byte_does_more_than_be_refused(data: st.DataObject) -> None:
    base, *others = load_packs()
    file = data.draw(st.sampled_from(sorted(base.files)))
    content = bytearray(base.files[file])
    place = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        content[place] = data.draw(st.integers(0, 255))
    else:
        del content[place : place + data.draw(st.integers(1, 4_000))]
    try:
        guide_of([with_files(base, {file: bytes(content)}), *others])
    except ContentError as error:
        assert (error.rule, error.file) != ("", "")  # noqa: PT017 -- a change inside a sentence breaks no rule


def test_the_name_of_a_file_is_never_printed_raw(pack: Path) -> None:
    (pack / "guide" / "\x1b[2Jx.yaml").touch()
    ran = run("pack", "check", pack)
    is_refused(ran, 1, "file name")
    assert "\x1b" not in ran.err
