"""A pack on disk: every file of one folder, read once, with nothing that leads out of it."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from holdfire.errors import ContentError, UserError
from holdfire.language import mark
from holdfire.pack.reader import MOST_BYTES, Node, read

MOST_FILES = 500
MOST_LEVELS = 4
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z]+)?\Z")


@dataclass(frozen=True)
class Manifest:
    """What a pack says of itself: who wrote it, what pays for it, when it was last read through."""

    id: str
    title: str
    country: str | None
    language: str
    version: str
    reviewed: date
    by: str
    pays: str


@dataclass(frozen=True)
class Pack:
    """The files of one pack, by their path inside it, not yet judged."""

    manifest: Manifest
    files: dict[str, bytes]

    def node(self, file: str) -> Node:
        """Return the document in `file`; ContentError when there is no such file."""
        if file not in self.files:
            raise ContentError(file, 0, "the file is missing")
        return read(self.files[file], file)

    def nodes(self, folder: str) -> Iterator[Node]:
        """Return the documents of every file in `folder`, by name."""
        for file in sorted(self.files):
            if file.rpartition("/")[0] == folder:
                yield read(self.files[file], file)


def shipped_packs() -> Path:
    """Return the folder of the packs that came with the program, installed or in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "packs"
    return installed if installed.is_dir() else package.parents[1] / "packs"


def read_pack(folder: Path) -> Pack:
    """Return every file of `folder`, or raise ContentError naming the first that breaks a rule.

    Raises:
        UserError: There is no such folder.
        ContentError: A link, a strange name, a file too large, too many files, a bad manifest.
    """
    if not folder.is_dir():
        raise UserError(mark("There is no pack at {place}."), mark("Give the folder that holds pack.yaml."),
                        place=folder)  # fmt: skip
    files = dict(_walk(folder, ""))
    if "pack.yaml" not in files:
        raise ContentError("pack.yaml", 0, "the file is missing")
    return Pack(_manifest(read(files["pack.yaml"], "pack.yaml")), files)


def _walk(folder: Path, inside: str) -> Iterator[tuple[str, bytes]]:
    if inside.count("/") > MOST_LEVELS:
        raise ContentError(inside, 0, "folders lie too deep")
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    if len(found) > MOST_FILES:
        raise ContentError(inside or ".", 0, f"a folder holds more than {MOST_FILES} files")
    for entry in found:
        name = f"{inside}{entry.name}"
        if entry.is_symlink():
            raise ContentError(name, 0, "links are not allowed: they can lead out of the pack")
        if not _NAME.match(entry.name):
            raise ContentError(name, 0, "a file name has small letters, digits, hyphens, and one ending")
        if entry.is_dir():
            yield from _walk(Path(entry.path), f"{name}/")
        elif not stat.S_ISREG(entry.stat().st_mode):
            raise ContentError(name, 0, "only ordinary files are allowed")
        elif entry.stat().st_size > MOST_BYTES:
            raise ContentError(name, 0, f"the file is larger than {MOST_BYTES // 1024} KiB")
        else:
            yield name, Path(entry.path).read_bytes()


def _manifest(node: Node) -> Manifest:
    fields = node.fields("id title country language version reviewed by pays")
    return Manifest(
        id=fields["id"].identifier(),
        title=fields["title"].text(),
        country=fields["country"].text_or_none(),
        language=fields["language"].text(),
        version=fields["version"].text(),
        reviewed=fields["reviewed"].date(),
        by=fields["by"].text(),
        pays=fields["pays"].text(),
    )
