"""`verify.sh` on a machine that has only what every court's machine has."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from bisect import bisect_right
from hashlib import sha256
from itertools import accumulate
from pathlib import Path

import pytest

from holdfire.evidence.package.layout import Piece, key_pem
from holdfire.evidence.package.words import verify_script
from holdfire.sealing.signature import SigningKey
from packages_drawn import CONTENTS, contents, item_of, log_of, pieces_of, small, unpack

#: All that the script may use: POSIX tools, and the two that check.
TOOLS = ("sh", "find", "sort", "sed", "grep", "cat", "dirname", "head", "tr", "wc", "sha256sum", "openssl")
FIXED = small()


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tools")
    for name in TOOLS:
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    return folder


@pytest.fixture(scope="session")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script as somebody had it before: not the one in the package."""
    path = tmp_path_factory.mktemp("script") / "verify.sh"
    path.write_bytes(verify_script())
    return path


def run(script: Path, folder: Path, tools: Path) -> tuple[int, str]:
    done = subprocess.run(
        ["env", "-i", f"PATH={tools}", "sh", script, folder],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_it_says_yes_to_what_was_made(tmp_path: Path, script: Path, tools: Path) -> None:
    code, said = run(script, unpack(FIXED, tmp_path), tools)
    assert (code, said.count("NO  ")) == (0, 0)
    assert said.count("ok  ") == 5 + 3 * len(CONTENTS)
    key = contents(FIXED)["KEY.pem"]
    assert sha256(key).hexdigest() in said.replace(" ", "")


def test_the_one_in_the_package_is_the_same_and_runs_from_anywhere(tmp_path: Path, tools: Path) -> None:
    folder = unpack(FIXED, tmp_path / "a folder, -x")
    assert (folder / "verify.sh").read_bytes() == verify_script()
    done = subprocess.run(
        ["env", "-i", f"PATH={tools}", "sh", folder / "verify.sh"],
        cwd="/",
        check=False,
        stdout=subprocess.DEVNULL,
    )
    assert done.returncode == 0


def test_it_changes_nothing(tmp_path: Path, script: Path, tools: Path) -> None:
    folder = unpack(FIXED, tmp_path)
    run(script, folder, tools)
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == set(
        contents(FIXED)
    )


def test_with_bagit_it_asks_bagit(tmp_path: Path, script: Path, tools: Path) -> None:
    more = tmp_path / "tools"
    shutil.copytree(tools, more, symlinks=True)
    bagit = shutil.which("bagit.py", path=str(Path(sys.executable).parent))
    assert bagit
    (more / "bagit.py").symlink_to(bagit)
    code, said = run(script, unpack(FIXED, tmp_path / "package"), more)
    assert (code, "bagit.py finds the folder valid" in said) == (0, True)


@pytest.mark.parametrize("name", [one.name for one in FIXED])
def test_any_missing_file_is_found(name: str, tmp_path: Path, script: Path, tools: Path) -> None:
    folder = unpack(FIXED, tmp_path)
    (folder / name).unlink()
    code, said = run(script, folder, tools)
    assert (code, "NO  " in said) == (1, True)


@pytest.mark.parametrize(
    "name",
    [
        "data/item-3.jpg",
        "more.txt",
        "data/deep/item-1.jpg",
        "data/$(touch x)",
        "data/a\nb",
        "data/-x",
        "; exit 0",
    ],
)
def test_any_added_file_is_found_and_no_name_is_run(
    name: str, tmp_path: Path, script: Path, tools: Path
) -> None:
    folder = unpack([*FIXED, Piece(name, 4, "", lambda _, __: b"more")], tmp_path / "package")
    code, said = run(script, folder, tools)
    assert (code, "NO  " in said) == (1, True)
    assert not list(tmp_path.rglob("x"))


@pytest.mark.parametrize("name", ["extra", "data/more", "stamps/item-1"])
def test_a_folder_that_no_package_has_is_found(name: str, tmp_path: Path, script: Path, tools: Path) -> None:
    folder = unpack(FIXED, tmp_path)
    (folder / name).mkdir(parents=True)
    code, said = run(script, folder, tools)
    assert (code, said.count("NO  ")) == (1, 1)


def test_a_link_is_found(tmp_path: Path, script: Path, tools: Path) -> None:
    folder = unpack(FIXED, tmp_path / "package")
    (folder / "report.txt").rename(tmp_path / "report.txt")
    (folder / "report.txt").symlink_to("../report.txt")
    assert run(script, folder, tools)[0] == 1


@pytest.mark.parametrize(
    "path", ["/etc/hostname", "../outside", "data/../../outside", "./report.txt", "a//b"]
)
def test_a_list_that_leads_out_is_refused_though_it_is_signed(
    path: str, tmp_path: Path, script: Path, tools: Path
) -> None:
    folder = unpack(FIXED, tmp_path / "package")
    (tmp_path / "outside").write_bytes(b"")
    key = SigningKey.new()
    listing = (
        folder / "tagmanifest-sha256.txt"
    ).read_bytes() + f"{sha256(b'').hexdigest()}  {path}\n".encode()
    (folder / "tagmanifest-sha256.txt").write_bytes(listing)
    (folder / "package.sig").write_bytes(key.sign(listing))
    (folder / "KEY.pem").write_bytes(key_pem(key.public))
    code, said = run(script, folder, tools)
    assert code == 1
    assert "not written as it must be" in said


def test_a_log_of_another_file_is_found(tmp_path: Path, script: Path, tools: Path) -> None:
    folder = unpack(pieces_of([item_of(CONTENTS[0], log=log_of(b"another"))]), tmp_path)
    code, said = run(script, folder, tools)
    assert code == 1
    assert "does not name the SHA-256" in said


def test_a_log_of_another_file_is_found_though_the_list_lacks_its_last_sign(
    tmp_path: Path, script: Path, tools: Path
) -> None:
    folder = unpack(pieces_of([item_of(CONTENTS[0], log=log_of(b"another"))]), tmp_path)
    before = (folder / "manifest-sha256.txt").read_bytes()
    after = before.rstrip(b"\n")
    old, new = (sha256(one).hexdigest().encode() for one in (before, after))
    listing = (folder / "tagmanifest-sha256.txt").read_bytes().replace(old, new)
    key = SigningKey.new()
    pem = key_pem(key.public)
    listing = listing.replace(
        sha256((folder / "KEY.pem").read_bytes()).hexdigest().encode(), sha256(pem).hexdigest().encode()
    )
    for name, content in (
        ("manifest-sha256.txt", after),
        ("tagmanifest-sha256.txt", listing),
        ("package.sig", key.sign(listing)),
        ("KEY.pem", pem),
    ):
        (folder / name).write_bytes(content)
    code, said = run(script, folder, tools)
    assert code == 1
    assert "does not name the SHA-256" in said


def test_a_log_under_another_head_is_found(tmp_path: Path, script: Path, tools: Path) -> None:
    one = item_of(CONTENTS[0])
    other = log_of(CONTENTS[0])
    folder = unpack(pieces_of([type(one)(**{**vars(one), "head": other.head})]), tmp_path)
    code, said = run(script, folder, tools)
    assert code == 1
    assert "not the one that was signed" in said


def changes(folder: Path, script: Path, tools: Path, count: int, seed: int) -> int:
    """Return in how many of `count` packages, each with one changed byte, the script found it."""
    chance = random.Random(seed)
    held = contents(FIXED)
    names, ends = list(held), list(accumulate(map(len, held.values())))
    found = 0
    for _ in range(count):
        # By bytes, not by files: every byte is as likely as another.
        place = chance.randrange(ends[-1])
        name = names[bisect_right(ends, place)]
        content = held[name]
        place -= ends[names.index(name)] - len(content)
        changed = bytearray(content)
        changed[place] ^= chance.randrange(1, 256)
        (folder / name).write_bytes(changed)
        found += run(script, folder, tools)[0] == 1
        (folder / name).write_bytes(content)
    return found


def test_single_changed_bytes_are_all_found(tmp_path: Path, script: Path, tools: Path) -> None:
    assert changes(unpack(FIXED, tmp_path), script, tools, 300, 1) == 300


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(10))
def test_ten_thousand_changed_bytes_are_all_found(
    part: int, tmp_path: Path, script: Path, tools: Path
) -> None:
    assert changes(unpack(FIXED, tmp_path), script, tools, 1_000, 100 + part) == 1_000


def test_shellcheck_has_nothing_to_say(script: Path) -> None:
    checker = shutil.which("shellcheck")
    if checker is None:
        pytest.skip("shellcheck is not installed here")
    subprocess.run([checker, "--severity=style", script], check=True)


def test_every_command_of_the_numbered_list_works_as_it_is_typed(tmp_path: Path) -> None:
    """Without stamps; those have their own tests."""
    from holdfire.evidence.package.words import STEPS  # noqa: PLC0415

    folder = unpack(FIXED, tmp_path)
    for _, commands, _ in STEPS[:5]:
        for command in commands:
            subprocess.run(["sh", "-c", command], cwd=folder, check=True, stdout=subprocess.DEVNULL)
