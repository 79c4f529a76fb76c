"""What holds for every command: exit codes, where words go, `-h`, one JSON document, closed and broken streams."""

from __future__ import annotations

import json
import subprocess

import pytest

from command_line import COMMAND, environment, is_refused, run
from holdfire.cli.main import COMMANDS

GROUPS = {
    "vault": ("create", "check", "compact", "passwd", "shred", "backup"),
    "guide": ("list", "show", "export"),
    "law": ("list", "show"),
    "order": ("add", "complete", "list", "show", "review"),
    "pack": ("list", "check"),
}
EVERY = [
    (),
    *((name,) for name in COMMANDS),
    *((group, name) for group, names in GROUPS.items() for name in names),
]


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_explains_itself_with_h(words: tuple[str, ...]) -> None:
    ran = run(*words, "-h")
    assert ran.code == 0
    assert ran.err == ""
    assert ran.out.startswith("Usage: holdfire")
    # No summary is cut off.
    assert "..." not in ran.out.replace("[ARGS]...", "")


def test_help_can_be_written_out() -> None:
    assert run("guide", "list", "--help").out == run("guide", "list", "-h").out


def test_the_version_is_one_line() -> None:
    ran = run("--version")
    assert ran.code == 0
    assert ran.out.count("\n") == 1
    assert ran.out.startswith("holdfire ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing",), "nothing"),
        (("guide", "nothing"), "nothing"),
        (("guide", "list", "--nothing"), "--nothing"),
        (("guide", "show"), "ACTION"),
        (("guide", "export", "--format", "docx"), "docx"),
        (("vault", "check"), "--vault"),
        (("vault", "create", "--vault", "x", "--size", "much"), "64M"),
        (("vault", "create", "--vault", "x", "--compartments", "5"), "1<=x<=4"),
        (("vault", "backup", "--vault", "x"), "--out"),
        (("assess",), "--answers"),
        (("pack", "check"), "FOLDER"),
        (("open", "--port", "80"), "port"),
        (("vault",), "Usage"),
    ],
)
def test_wrong_use_ends_with_2(words: tuple[str, ...], said: str) -> None:
    is_refused(run(*words), 2, said)


@pytest.mark.parametrize(
    "words",
    [
        ("guide", "list"),
        ("guide", "show", "ask-in-writing"),
        ("assess", "--questions"),
        ("assess", "--answers", "-"),
        ("pack", "list"),
    ],
)
def test_json_is_one_document_in_any_encoding(words: tuple[str, ...]) -> None:
    plain = run(*words, "--json", stdin=b"moment: today\n")
    assert plain.code == 0
    document = plain.document()
    narrow = run(
        *words, "--json", stdin=b"moment: today\n", env={"PYTHONUTF8": "0", "PYTHONIOENCODING": "iso-8859-1"}
    )
    assert narrow.code == 0
    assert narrow.document() == document


def test_a_terminal_without_the_letters_still_shows_the_page() -> None:
    ran = run("guide", "show", "ask-in-writing", env={"PYTHONUTF8": "0", "PYTHONIOENCODING": "iso-8859-1"})
    assert ran.code == 0
    assert "?Please write, date and sign it.?" in ran.out


def shell(line: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run one line of a shell in which `holdfire` is the command under test."""
    words = " ".join(f"'{word}'" for word in COMMAND)
    return subprocess.run(
        ["bash", "-c", f'holdfire() {{ {words} "$@"; }}\n{line}'],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
        env=environment(**env),
        start_new_session=True,
    )


@pytest.mark.parametrize(
    "words",
    [
        "guide list",
        "guide list --json",
        "assess --questions --json",
        "assess --answers <(echo 'war: no') --json",
    ],
)
def test_a_reader_that_leaves_early_sees_no_traceback(words: str) -> None:
    ran = shell(f"holdfire {words} | head -1")
    assert len(ran.stdout.splitlines()) == 1
    assert "Traceback" not in ran.stderr
    assert "BrokenPipe" not in ran.stderr


def test_a_full_disk_is_said_once() -> None:
    ran = shell("holdfire guide list > /dev/full; echo $?")
    assert ran.stdout == "1\n"
    assert "No space left" in ran.stderr
    assert len(ran.stderr.splitlines()) == 2


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("holdfire assess --answers - <&-", 2),
        ("holdfire vault check --vault none <&-", 2),
        ("holdfire guide list >&-", 0),
        ("holdfire guide show nothing 2>&-", 1),
        ("holdfire guide list <&- >&- 2>&-", 0),
    ],
)
def test_a_closed_stream_is_no_crash(line: str, code: int) -> None:
    ran = shell(f"exec 3>&1; ({line}); echo $? >&3")
    assert ran.stdout.split()[-1] == str(code)
    assert "Traceback" not in ran.stderr


def test_the_shells_completion_starts_without_a_vault() -> None:
    ran = run(env={"_HOLDFIRE_COMPLETE": "bash_source"})
    assert ran.code == 0
    assert "complete" in ran.out


def test_no_command_writes_anything_but_what_was_asked(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    env = {
        "HOME": str(home),
        "TMPDIR": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for words in (
        ("guide", "list"),
        ("guide", "show", "own-judgment"),
        ("assess", "--answers", "-"),
        ("pack", "list"),
    ):
        assert run(*words, stdin=b"war: 'no'\n", env=env, cwd=home).code == 0
    assert list(home.iterdir()) == []


def test_help_imports_no_library_of_the_groups() -> None:
    """What `--help` costs is kept by what it does not load."""
    code = (
        "import sys, json\nfrom holdfire.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "json.dump(sorted(sys.modules), sys.stderr)"
    )
    ran = subprocess.run(
        [COMMAND[0], "-c", code], capture_output=True, text=True, check=True, env=environment(), timeout=60
    )
    loaded = set(json.loads(ran.stderr))
    assert not loaded & {
        "yaml",
        "apsw",
        "cryptography",
        "rich",
        "jinja2",
        "starlette",
        "uvicorn",
        "asyncio",
        "typst",
    }


def test_the_shell_completes_commands() -> None:
    asked = {
        **environment(),
        "COMP_WORDS": "holdfire vault c",
        "COMP_CWORD": "2",
        "_HOLDFIRE_COMPLETE": "bash_complete",
    }
    ran = subprocess.run(COMMAND, check=False, capture_output=True, text=True, env=asked)
    assert {line.rpartition(",")[2] for line in ran.stdout.split()} == {"create", "check", "compact"}
