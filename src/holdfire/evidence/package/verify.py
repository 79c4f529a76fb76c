"""Whether a package is what was made, byte for byte (docs/formats/package.md §5, whose numbers stand beside each check).

Everything that can be said is found before it raises: a clerk needs the list, not its first line. What no check shows
stands in `NOT_SHOWN`, and is to be said with every "yes".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from holdfire.errors import HoldfireError, TamperError
from holdfire.evidence.custody import extract, head
from holdfire.evidence.custody.event import UNKNOWN
from holdfire.evidence.custody.head import MOST_HEAD, SignedHead
from holdfire.evidence.custody.refusals import ExtractError
from holdfire.evidence.package.layout import (
    BAG_INFO,
    BAGIT,
    BAGIT_TEXT,
    CRATE,
    HOW,
    ITEM,
    KEY,
    MANIFEST,
    MOST_EXTRACT,
    MOST_ITEMS,
    MOST_LIST,
    MOST_RECORD,
    REPORT,
    SIGNATURE,
    TAG_MANIFEST,
    UNLISTED,
    Piece,
    fingerprint,
    key_pem,
    known,
    public_key,
)
from holdfire.evidence.package.opened import Opened, content
from holdfire.evidence.package.refusals import (
    AddedFileError,
    ChangedFileError,
    CrowdedError,
    CustodyFaultError,
    MissingFileError,
    NoItemError,
    NotHereError,
    NotWholeError,
    OtherFingerprintError,
    OtherHashError,
    PackageSignatureError,
)
from holdfire.evidence.package.stamped import Stamped, judge
from holdfire.language import mark
from holdfire.sealing.signature import SIGNATURE_SIZE
from holdfire.sealing.signature import verify as verify_signature

NOT_SHOWN: Final = (
    mark("It does not show who recorded anything, who made the package, or whether the clock was right."),
    mark("It does not show that what is seen or said is true, or that nothing else was left out."),
    mark(
        "The package's key is drawn for it alone: compare its fingerprint with one that came by another way."
    ),
)
_ALWAYS: Final = (BAGIT, BAG_INFO, KEY, MANIFEST, TAG_MANIFEST, SIGNATURE, CRATE, *REPORT, *HOW)
_LINE: Final = re.compile(rb"([0-9a-f]{64})  ([A-Za-z0-9._/-]{1,80})\n")
_BESIDE: Final = re.compile(r"(?:custody|records|stamps)/item-([0-9]+)[.-]")
_PEM_SIZE: Final = 113
#: Files that one stamp consists of at most.
_MOST_OF_STAMP: Final = 8

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ItemFound:
    """An item of a package that was found right: its file, its SHA-256, what its custody log and its stamps show."""

    number: int
    name: str
    size: int
    sha256: str
    custody: extract.Extract
    stamps: tuple[Stamped, ...] = ()


@dataclass(frozen=True)
class Whole:
    """A package in which nothing was changed: the fingerprint of its key, its items, how many files it has."""

    fingerprint: str
    items: tuple[ItemFound, ...]
    files: int


def verify(
    untrusted: Opened,
    *,
    held: Sequence[SignedHead] = (),
    announced: str = "",
    progress: Progress | None = None,
) -> Whole:
    """Return what a package holds, if no byte of it was changed and no file added or lost.

    Args:
        untrusted: The package as it was received.
        held: Heads of custody logs that the reader has from earlier; each must belong to one of the items.
        announced: The fingerprint that was given by another way; spaces do not count.
        progress: Told bytes done and to do.

    Raises:
        NotWholeError: Something is wrong; its `faults` say what, each in a sentence.
    """
    checking = _Checking(untrusted, progress)
    checking.faults += untrusted.faults  # 1
    checking.present()
    checking.signed(announced)  # 2
    sums = checking.lists()  # 3
    checking.bag(sums)  # 4
    checking.beside(sums)
    items = tuple(checking.item(name, number, held) for name, number in checking.numbered())  # 5, 6, 7
    checking.held(held)
    found = tuple(one for one in items if one is not None)
    if checking.faults:
        raise NotWholeError(tuple(checking.faults))
    return Whole(checking.fingerprint, found, len(untrusted.files))


class _Checking:
    """One run over a package; `faults` grows."""

    def __init__(self, untrusted: Opened, progress: Progress | None) -> None:
        self._files = untrusted.files
        self._progress = progress or (lambda _done, _total: None)
        self.faults: list[HoldfireError] = []
        self.fingerprint = ""
        self._right: dict[str, str] = {}
        self._keys: set[bytes] = set()

    def present(self) -> None:
        """Note which of the files that every package has are missing; without an item it is none."""
        self.faults += [MissingFileError(name) for name in _ALWAYS if name not in self._files]
        if not any(ITEM.fullmatch(name) for name in self._files):
            self.faults.append(NoItemError())

    def signed(self, announced: str) -> None:
        """Check the signature of the list of files, and whose it is."""
        key = public_key(self._small(KEY, _PEM_SIZE))
        if key is None:
            self._changed(KEY)
            return
        self.fingerprint = fingerprint(key)
        wanted = "".join(announced.split()).lower()
        if wanted and not compare_digest(wanted.encode(), self.fingerprint.encode()):
            self.faults.append(OtherFingerprintError())
        try:
            verify_signature(
                key, self._small(TAG_MANIFEST, MOST_LIST), self._small(SIGNATURE, SIGNATURE_SIZE)
            )
        except TamperError:
            self.faults.append(PackageSignatureError())

    def lists(self) -> dict[str, str]:
        """Check that the lists name what is there, once, with the right SHA-256; return those of the items."""
        tags, data = self._list(TAG_MANIFEST), self._list(MANIFEST)
        total = sum(one.size for one in self._files.values())
        done = 0
        for name, one in self._files.items():
            wanted = (data if ITEM.fullmatch(name) else tags).get(name)
            if wanted is None and name not in UNLISTED:
                self.faults.append(AddedFileError(name))
            digest = sha256()
            try:
                for part in content(one) if wanted else ():
                    digest.update(part)
                    done += len(part)
                    self._progress(done, total)
            except ChangedFileError:
                pass
            if wanted and digest.hexdigest() != wanted:
                self._changed(name)
            elif wanted:
                self._right[name] = wanted
        self.faults += [MissingFileError(name) for name in (*tags, *data) if name not in self._files]
        return data

    def bag(self, sums: dict[str, str]) -> None:
        """Check the two files that BagIt demands."""
        sizes = [self._files[name].size for name in sums if name in self._files]
        if BAGIT in self._files and self._small(BAGIT, len(BAGIT_TEXT)) != BAGIT_TEXT:
            self._changed(BAGIT)
        oxum = f"Payload-Oxum: {sum(sizes)}.{len(sizes)}\n".encode()
        if BAG_INFO in self._files and self._small(BAG_INFO, len(oxum)) != oxum:
            self._changed(BAG_INFO)

    def numbered(self) -> Iterator[tuple[str, int]]:
        """Yield the items that are there, by name and number."""
        found = [(name, int(form[2])) for name in self._files if (form := ITEM.fullmatch(name))]
        taken = set[int]()
        for name, number in sorted(found[:MOST_ITEMS], key=lambda one: one[1]):
            if number in taken:
                self.faults.append(AddedFileError(name))  # whose history is it?
            else:
                taken.add(number)
                yield name, number

    def beside(self, sums: dict[str, str]) -> None:
        """Note histories, records and stamps of items that are not listed: nothing judges what they say."""
        listed = {form[2] for name in (*sums, *self._files) if (form := ITEM.fullmatch(name))}
        self.faults += [
            AddedFileError(name)
            for name in self._files
            if (form := _BESIDE.match(name)) and form[1] not in listed
        ]

    def item(self, name: str, number: int, held: Sequence[SignedHead]) -> ItemFound | None:
        """Check the custody and the record of an item; return None when something is wrong."""
        log, record = f"custody/item-{number}.jsonl", f"records/item-{number}.json"
        beside = [f"custody/item-{number}.{end}" for end in ("head.json", "head.sig", "KEY.pem")]
        missing = [one for one in (log, record, *beside) if one not in self._files]
        if missing:
            self.faults += [MissingFileError(one) for one in missing]
            return None
        try:
            if self._files[log].size > MOST_EXTRACT:
                raise ExtractError
            shown = extract.read(_lines(self._files[log]))
            self._keys.add(shown.head.key)
            mine = [one for one in held if one.head.key == shown.head.key]
            if mine:
                shown = extract.read(_lines(self._files[log]), mine)
        except TamperError as fault:
            self.faults.append(CustodyFaultError(log, fault))
            return None
        signature = self._small(beside[1], SIGNATURE_SIZE)
        same = self._small(beside[0], MOST_RECORD) == shown.head.text() and self._small(
            beside[2], _PEM_SIZE
        ) == key_pem(shown.head.key)
        try:
            SignedHead(shown.head, signature).check()
        except TamperError:
            same = False
        if not same:
            self.faults.append(CustodyFaultError(log, ExtractError()))
            return None
        stamps = self.stamps(number, shown)
        sum_ = self._right.get(name)
        hashes = [
            one.values["hash_after"]
            for one in shown.shown
            if one.values.get("hash_after", UNKNOWN) != UNKNOWN
        ]
        if sum_ is None:
            return None
        if not hashes or hashes[-1] != sum_ or self._recorded(record) != (sum_, self._files[name].size):
            self.faults.append(OtherHashError(name))
            return None
        return ItemFound(number, name, self._files[name].size, sum_, shown, stamps)

    def held(self, held: Sequence[SignedHead]) -> None:
        """Note heads that belong to none of the items: to be silent would look like an agreement."""
        self.faults += [NotHereError() for one in held if one.head.key not in self._keys]

    def stamps(self, number: int, shown: extract.Extract) -> tuple[Stamped, ...]:
        """Judge the stamps of an item, and return what they show."""
        start = f"stamps/item-{number}-"
        groups: dict[str, list[str]] = {}
        for name in self._files:
            if name.startswith(start):
                groups.setdefault(name.removeprefix(start).partition(".")[0], []).append(name)
        heads = {one.text() for one in (shown.head, *shown.earlier)}
        found: list[Stamped] = []
        try:
            # One stamp in memory at a time: a hostile package can hold thousands of the largest.
            for _, names in sorted(groups.items()):
                if len(names) > _MOST_OF_STAMP:
                    raise CrowdedError
                files = {name.removeprefix(start): self._small(name, MOST_RECORD) for name in names}
                found += judge(files, heads)
        except HoldfireError as fault:
            self.faults.append(CustodyFaultError(f"{start}…", fault))
            return ()
        return tuple(found)

    def _recorded(self, name: str) -> tuple[object, object]:
        """Return the SHA-256 and the size that a record names."""
        try:
            record = json.loads(self._small(name, MOST_RECORD))
            return record["item"]["sha256"], record["item"]["size"]
        except (ValueError, RecursionError, KeyError, TypeError):
            return None, None

    def _list(self, name: str) -> dict[str, str]:
        """Return a list of files; a list that is not spelt as it must be is empty."""
        text = self._small(name, MOST_LIST)
        found: dict[str, str] = {}
        place = 0
        while place < len(text):
            line = _LINE.match(text, place)
            path = line[2].decode("ascii") if line else ""
            inside = bool(ITEM.fullmatch(path)) == (name == MANIFEST)
            if line is None or not known(path) or path in UNLISTED or path in found or not inside:
                self._changed(name)
                break
            found[path] = line[1].decode("ascii")
            place = line.end()
        return found

    def _changed(self, name: str) -> None:
        if not any(isinstance(one, ChangedFileError) and one.values["name"] == name for one in self.faults):
            self.faults.append(ChangedFileError(name))

    def _small(self, name: str, most: int) -> bytes:
        """Return a file of at most `most` bytes, or nothing when it is longer, missing or cut."""
        one = self._files.get(name)
        if one is None or one.size > most:
            return b""
        try:
            return b"".join(content(one))
        except HoldfireError:
            return b""


def heads(untrusted: Opened) -> tuple[SignedHead, ...]:
    """Return the heads of the custody logs in a package, to hold a later package against them.

    Raises:
        TamperError: One of them is not signed by the key it names.
    """
    found = []
    for name, one in sorted(untrusted.files.items()):
        if name.startswith("custody/") and name.endswith(".head.json") and one.size <= MOST_HEAD:
            beside = untrusted.files.get(f"{name.removesuffix('.json')}.sig")
            signature = b"" if beside is None or beside.size > SIGNATURE_SIZE else b"".join(content(beside))
            found.append(head.read(b"".join(content(one)), signature))
    return tuple(found)


def head_of(untrusted_extract: bytes) -> SignedHead:
    """Return the head that an extract of a custody log begins with.

    Raises:
        TamperError: It is no extract, or the head is not signed by the key it names.
    """
    try:
        first = json.loads(untrusted_extract.split(b"\n", 1)[0][: extract.MOST_LINE])
        return head.read(first["head"].encode(), bytes.fromhex(first["signature"]))
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise ExtractError from None


def _lines(one: Piece) -> Iterator[bytes]:
    """Yield the lines of an extract as it is read; one that is too long is cut, and so no extract."""
    held = b""
    for part in content(one):
        *lines, held = (held + part).split(b"\n")
        yield from lines
        if len(held) > extract.MOST_LINE:
            break
    if held:
        yield held
