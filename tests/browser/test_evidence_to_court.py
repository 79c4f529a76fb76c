"""Journey J2, whole: a photo and a film go in, are covered and stamped, and a clerk with public tools alone finds the package whole."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image, ImageStat
from playwright.sync_api import Locator, Page

import originals
from command_line import run
from holdfire.evidence.copies.form import Form
from holdfire.journeys.keep_evidence import find_evidence, read_evidence
from holdfire.sealing.age.x25519 import X25519Identity
from holdfire.vault.vault import Vault
from simulators.authority import OpensslAuthority
from simulators.network import Answer, serving
from simulators.visiting import Visit, Visiting

pytestmark = pytest.mark.browser

#: What a court's machine has beside a shell.
TOOLS = (
    "sh",
    "find",
    "sort",
    "sed",
    "grep",
    "cat",
    "dirname",
    "head",
    "tr",
    "wc",
    "tar",
    "sha256sum",
    "openssl",
    "age",
)
LAWYER = X25519Identity.new()


def test_from_a_phone_to_a_clerk(visit: Visiting, tmp_path: Path) -> None:
    clock = OpensslAuthority(tmp_path / "clock")

    def respond(_path: str, body: bytes) -> Answer:
        return 200, clock.answer(body)

    one = visit()
    session = one.served.program.session
    session.opened(session._thread.submit(Vault.in_memory).result(), pretend=False)
    # The authority says the real time: a clock of a simulator would contradict it.
    one.served.program.now = lambda: datetime.now(UTC)
    photo, film = tmp_path / "IMG_1.jpg", tmp_path / "VID_1.mp4"
    photo.write_bytes(originals.rich(Form.JPEG))
    film.write_bytes(originals.rich(Form.MP4))
    one.go("/")
    with serving(respond) as office:
        take_in(one, photo, film)
        cover_by_two_presses(one)
        cover_by_numbers(one)
        have_confirmed(one, office.address, clock.folder / "root.pem")
        sealed = hand_over(one, tmp_path)
    covered = kept(one, 3)
    with Image.open(io.BytesIO(covered)) as picture:
        width, height = picture.size
        assert (
            picture.convert("RGB").crop((width // 4, height // 4, width // 2, height // 2)).getextrema()
            == ((0, 0),) * 3
        )
    with av.open(io.BytesIO(kept(one, 4)), "r") as video:
        seen: Any = video.decode(video=0)
        frames = [frame.to_image().convert("L").crop((20, 20, 60, 60)) for frame in seen]
    assert frames
    assert max(ImageStat.Stat(frame).extrema[0][1] for frame in frames) < 32  # black, as film says it
    for copy in (covered, kept(one, 4)):
        assert originals.SECRET.encode() not in copy
    by_a_clerk(sealed, tmp_path)


def press(page: Page, what: Locator) -> None:
    with page.expect_navigation(wait_until="load"):
        what.first.click()


def take_in(one: Visit, *files: Path) -> None:
    """From the first page, both files at once."""
    page = one.page
    press(page, page.get_by_role("link", name="I have a recording"))
    press(page, page.get_by_role("link", name="Take a file in"))
    page.locator("#file").set_input_files(list(files))
    press(page, page.get_by_role("button", name="Take it in"))
    page.get_by_text("What still lies outside").first.wait_for()


def cover_by_two_presses(one: Visit) -> None:
    """A face in the photo; the copy is item 3."""
    page = one.page
    one.go("/evidence/1")
    press(page, page.get_by_role("link", name="Make a copy for others"))
    press(page, page.locator("main .button", has_text="Mark parts"))
    for across, down in ((0.2, 0.2), (0.6, 0.6)):
        picture = page.locator('input[type="image"]')
        box = picture.bounding_box()
        assert box
        with page.expect_navigation(wait_until="load"):
            picture.click(position={"x": box["width"] * across, "y": box["height"] * down})
    assert "from the left" in one.text
    keep_the_copy(one, 3)


def cover_by_numbers(one: Visit) -> None:
    """A place in the film, from its beginning to its end; the copy is item 4."""
    page = one.page
    one.go("/evidence/2/copy/cover")
    for field, value in (("left", "10"), ("top", "10"), ("wide", "30"), ("high", "40")):
        page.locator(f"#{field}").fill(value)
    press(page, page.get_by_role("button", name="Add this box"))
    keep_the_copy(one, 4)


def keep_the_copy(one: Visit, number: int) -> None:
    page = one.page
    press(page, page.get_by_role("button", name="Make the copy, and look at it"))
    page.wait_for_url("**/copy/tried")
    assert "Before" in one.text
    press(page, page.get_by_role("button", name="Keep this copy"))
    page.wait_for_url(f"**/evidence/{number}")


def have_confirmed(one: Visit, address: str, root: Path) -> None:
    """An office on this machine stamps both copies, when the box is ticked and not before."""
    page = one.page
    one.go("/evidence/authorities")
    page.locator("#called").fill("Old clock")
    page.locator("#address").fill(address)
    page.locator("#file").set_input_files(root)
    press(page, page.get_by_role("button", name="Put it on the list"))
    for number in (3, 4):
        one.go(f"/evidence/{number}/stamps")
        page.get_by_label("Old clock").check()
        press(page, page.get_by_role("button", name="Write the requests"))
        page.get_by_label("Yes, send it now.").check()
        press(page, page.get_by_role("button", name="Send now"))
        page.wait_for_url(f"**/evidence/{number}/stamps")
        page.get_by_text("at the latest on").wait_for()


def hand_over(one: Visit, folder: Path) -> Path:
    """Both copies, with their stamps, sealed to the lawyer."""
    page = one.page
    one.go("/evidence/export")
    for number in (3, 4):
        page.locator(f'input[name="item"][value="{number}"]').check()
    page.locator("#keys").fill(str(LAWYER.recipient()))
    page.locator('input[name="stamps"]').check()
    press(page, page.get_by_role("button", name="Read it first"))
    press(page, page.get_by_role("button", name="Make it"))
    page.wait_for_url("**/evidence/packages/1")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the package as a file").click()
    sealed = folder / "notes.age"
    download.value.save_as(sealed)
    return sealed


def by_a_clerk(sealed: Path, folder: Path) -> None:
    """Opened and checked on a machine that has only public tools, then with bagit and by our own command."""
    court = folder / "court"
    tools = court / "tools"
    tools.mkdir(parents=True)
    for name in TOOLS:
        (tools / name).symlink_to(shutil.which(name) or pytest.skip(f"{name} is missing"))
    key = court / "key.txt"
    key.write_text(LAWYER.secret_text() + "\n")

    def clerk(command: str) -> str:
        done = subprocess.run(
            ["env", "-i", f"PATH={tools}", "sh", "-c", command], cwd=court, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    clerk(f"age -d -i key.txt -o package.tar {sealed}")
    clerk("tar -xf package.tar")
    said = clerk("sh package/verify.sh")
    assert "NO  " not in said
    names = {path.name for path in (court / "package").rglob("*") if path.is_file()}
    assert {"item-1.jpg", "item-2.mp4"} <= names
    subprocess.run(
        [Path(sys.executable).with_name("bagit.py"), "--validate", court / "package"],
        check=True,
        capture_output=True,
    )
    ours = run("evidence", "verify", sealed, "--identity", key)
    assert ours.code == 0, ours
    assert "Nothing was changed since this package was made" in ours.out
    assert ours.out.count("at the latest on") == 2
    assert ours.out.count("It was made as a working copy") == 2


def kept(one: Visit, number: int) -> bytes:
    """Return the bytes of an item, from the vault."""
    session = one.served.program.session
    vault = session.vault
    assert vault is not None
    size = session._thread.submit(find_evidence, vault, number).result().value.size
    return session._thread.submit(read_evidence, vault, number, 0, size).result()
