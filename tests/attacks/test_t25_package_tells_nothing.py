"""T25: a package tells of its maker.

An adversary who gets a package could learn from it who made it, on which computer, when, where, with what, how much else there is, and for
whom other packages were made; or join two packages to one author. Only what was chosen stands in it, in the sealed file's length and in
its raw bytes; nothing is shared by two packages. A hostile package, in turn, makes who checks it read, open or run nothing.
"""

from __future__ import annotations

import getpass
import io
import os
import platform
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from command_line import environment
from holdfire.errors import HoldfireError
from holdfire.evidence.package.archive import header
from holdfire.evidence.package.opened import in_archive, in_folder
from holdfire.evidence.package.verify import verify
from holdfire.journeys.export_evidence import KeptPackage, Wish, archive_of, make_package, pieces_of, written
from holdfire.journeys.keep_evidence import add_evidence
from holdfire.sealing.age.x25519 import X25519Identity
from holdfire.vault.vault import Vault
from packages_drawn import small, unpack

#: A time zone that few have, so that a trace of it is one.
NOW = datetime(2026, 3, 1, 14, 35, 9, tzinfo=timezone(timedelta(hours=5, minutes=45)))
SAID = {"collector": "Heron", "collector_name": "Tern", "place": "Kastrychnitskaya", "device": "Fairphone", "source": "Grebe",
        "when": "Sunday", "risk": "Bittern", "consent": "Egret", "metadata": "Nikon"}  # fmt: skip
SECRET = ("Avocet.jpg", "Snipe", "Osprey", *SAID.values())


@pytest.fixture
def vault() -> Iterator[Vault]:
    with Vault.in_memory() as made:
        for number in range(6):
            add_evidence(made, [b"an item that stays here %d" % number], NOW, title=f"Osprey {number}")
        add_evidence(
            made, [b"a photograph"], NOW, title="Snipe", name="Avocet.jpg", made="1999-12-31", capture=SAID
        )
        yield made


def inside(vault: Vault, kept: KeptPackage) -> list[bytes]:
    """Return every byte that leaves, also those that PDFs pack."""
    found = [b"".join(archive_of(vault, kept).pieces())]
    for one in pieces_of(vault, kept):
        if one.name.endswith(".pdf"):
            with pikepdf.open(io.BytesIO(one.read(0, one.size))) as pdf:
                found += [thing.read_bytes() for thing in pdf.objects if isinstance(thing, pikepdf.Stream)]
    return found


def test_nothing_of_person_computer_or_program_stands_in_it(vault: Vault) -> None:
    kept = make_package(vault, Wish(numbers=(7,), time="none"), NOW).value
    traces = {
        *SECRET, getpass.getuser() + "@", socket.gethostname(), str(Path.home()) + "/", str(Path.cwd()), sys.executable,
        "1999-12", "2026-", "14:35", "08:50", "05:45", "+0545", "Nepal", time.tzname[0] + "+", "ypst", "pikepdf", "qpdf",
        "Producer", "CreationDate", "ModDate", "Python", "python", "Linux", platform.release(), "Bag-Software-Agent",
        "Bagging-Date", "Contact", "Organization", "datePublished",
    }  # fmt: skip
    # A shorter name, such as that of a computer called "pc", stands by chance in any key.
    traces = {one for one in traces if len(one) > 3}
    for content in inside(vault, kept):
        for trace in traces:
            assert trace.encode() not in content, trace
            assert trace.encode("utf-16-be") not in content, trace


def test_our_own_name_stands_only_as_the_name_of_a_format(vault: Vault) -> None:
    """Formats must be named, so that they can be read in twenty years; the threat model says that this can be seen."""
    kept = make_package(vault, Wish(numbers=(7,)), NOW).value
    for one in pieces_of(vault, kept):
        content = one.read(0, one.size).lower()
        known = len(re.findall(rb"holdfire (?:custody (?:event|head|extract)|evidence) 1", content))
        assert content.count(b"holdfire") == known, one.name


def test_the_number_in_the_vault_and_how_many_there_are_stay_here(vault: Vault) -> None:
    names = {one.name for one in pieces_of(vault, make_package(vault, Wish(numbers=(7,)), NOW).value)}
    assert "data/item-1.bin" in names or "data/item-1.txt" in names
    assert not [name for name in names if re.search("[2-9]", name.replace("sha256", ""))]


def test_only_the_time_that_was_chosen_stands_in_it(vault: Vault) -> None:
    for wished, there, away in (
        ("day", "2026-03-01", "T08"),
        ("hour", "2026-03-01T08", "T08:50"),
        ("exact", "T08:50:09Z", "+06:45"),
    ):
        kept = make_package(vault, Wish(numbers=(7,), time=wished), NOW).value  # type: ignore[arg-type]
        content = inside(vault, kept)[0].decode("latin-1")
        assert there in content
        assert away not in content


def test_two_packages_of_one_item_share_nothing_that_was_drawn(vault: Vault) -> None:
    """What they must share is the item, its hash, and the item's own log: the key and events of that are its name."""
    first, second = (
        {
            one.name: one.read(0, one.size)
            for one in pieces_of(vault, make_package(vault, Wish(numbers=numbers), NOW).value)
        }
        for numbers in ((7,), (6,))
    )
    drawn = [set(re.findall(rb"\b[0-9a-f]{32,}\b", b"".join(one.values()))) for one in (first, second)]
    texts = {"verify.sh", "VERIFY.txt", "GUIDE.pdf", "bagit.txt", "ro-crate-metadata.json"}
    same = {name for name in first if first[name] == second.get(name)}
    assert same <= texts
    # The hashes of the files that are the same for everybody.
    lines = b"".join(first["tagmanifest-sha256.txt"].splitlines(keepends=True))
    constant = {line.split()[0] for line in lines.splitlines() if line.split()[1].decode() in same}
    assert drawn[0] & drawn[1] <= constant


def test_of_a_copy_only_who_gets_it_too_learns_its_hash(vault: Vault) -> None:
    copy = add_evidence(
        vault, [b"a photograph, covered"], NOW, copy_of=7, steps=("covered: pixels",)
    ).value.sha256.encode()
    apart = inside(vault, make_package(vault, Wish(numbers=(7,)), NOW).value)
    together = inside(vault, make_package(vault, Wish(numbers=(7, 8)), NOW).value)
    assert not any(copy in one for one in apart)
    assert any(copy in one for one in together)


def test_sealed_it_looks_like_any_age_file_and_its_length_is_a_step(vault: Vault) -> None:
    person = X25519Identity.new()
    lengths = set()
    for size in (10, 4_000, 20_000):
        number = add_evidence(vault, [os.urandom(size)], NOW).value.number
        kept = make_package(vault, Wish(numbers=(number,), recipients=(str(person.recipient()),)), NOW).value
        length, pieces = written(vault, kept)
        content = b"".join(pieces)
        assert content.startswith(b"age-encryption.org/v1\n-> X25519 ")
        assert b"package" not in content
        assert b"item" not in content
        lengths.add(length)
    assert len(lengths) <= 2


HOSTILE_NAMES = ("../outside", "/etc/passwd", "data/../../x", "data/item-1.jpg/x", "data/item-1\n.jpg", "data/\u202egpj.1-meti", "CON",
                 "data/item-1.jpg\0x", "verify.sh ", "data/item-99999.jpg", "stamps/item-1-$(id).tsr", "-rf")  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_in_an_archive_is_refused(name: str) -> None:
    raw = name.encode("utf-8")
    made = bytearray(header("x", 0))
    field = b"package/" + raw
    made[: len(field)] = field
    made[148:156] = b" " * 8
    made[148:156] = b"%06o\0 " % sum(made)
    content = bytes(made) + bytes(65_536 - 512)
    with pytest.raises(HoldfireError) as caught:
        in_archive(lambda place, size: content[place : place + size], len(content))
    assert "\n" not in str(caught.value)
    assert "\u202e" not in str(caught.value)


@pytest.mark.parametrize("kind", [b"1", b"2", b"3", b"4", b"5", b"6", b"g", b"L", b"S", b"V", b"\0"])
def test_links_devices_and_extensions_in_an_archive_are_refused(kind: bytes) -> None:
    made = bytearray(header("report.txt", 0))
    made[156:157] = kind
    made[148:156] = b" " * 8
    made[148:156] = b"%06o\0 " % sum(made)
    content = bytes(made) + bytes(65_536 - 512)
    with pytest.raises(HoldfireError):
        in_archive(lambda place, size: content[place : place + size], len(content))


#: Takes 96 MiB more than it has and twenty seconds; prints what it says of something hostile.
CHILD = """
import resource, sys
from holdfire.errors import HoldfireError
from holdfire.evidence.package.archive import header, padded
from holdfire.evidence.package.opened import in_archive
from holdfire.evidence.package.verify import verify
from holdfire.evidence.package.layout import piece, Piece
from holdfire.evidence.package.opened import Opened
sys.path.insert(0, sys.argv[2])
from packages_drawn import small, contents
held = contents(small())
pages = int(open("/proc/self/statm").read().split()[0])
resource.setrlimit(resource.RLIMIT_AS, [pages * resource.getpagesize() + (96 << 20)] * 2)
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
def package(**changed):
    names = {name.replace("__", "/").replace("_", "-").replace("..", "."): content for name, content in changed.items()}
    return Opened({name: piece(name, content) for name, content in {**held, **names}.items()})
def endless(size):
    return lambda place, wanted: bytes(min(wanted, max(0, size - place)))
try:
    eval(sys.argv[1])
    print("no fault")
except HoldfireError as error:
    print(type(error).__name__, str(error), sep="|")
"""
LOG = "Opened({{**{{name: piece(name, content) for name, content in held.items()}}, 'custody/item-1.jsonl': {}}})"
HOSTILE = {
    "a million files": "in_archive(lambda p, n: (header('report.txt', 0))[:n] if n == 512 else b'', 1 << 40)",
    "a file that is said to be endless": "in_archive(lambda p, n: header('report.txt', 1 << 60)[p:p+n], 1 << 40)",
    "zeros without end": "in_archive(lambda p, n: bytes(n) if p < 1 << 20 else b'', 1 << 50)",
    "a line without end": f"verify({LOG.format('piece(chr(120), b(120) * (60 << 20))').replace('b(120)', 'bytes([120])')})",
    "deep brackets": f"verify({LOG.format('piece(chr(120), bytes([91]) * (1 << 20))')})",
    "a million lines": f"verify({LOG.format('piece(chr(120), bytes([10]) * (1 << 20))')})",
    "a log that is too long": f"verify({LOG.format('Piece(chr(120), 1 << 40, chr(48), endless(1 << 20))')})",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_has_no_end_is_refused_in_bounded_time_and_memory(case: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, HOSTILE[case], str(Path(__file__).parents[1])],
        capture_output=True, text=True, timeout=90, check=False, env=environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
    name, _, sentence = done.stdout.rstrip("\n").partition("|")
    assert name in {"CrowdedError", "ArchiveError", "NotWholeError"}, done.stdout
    assert sentence.endswith(".")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.binary(max_size=2_000))
def test_any_bytes_as_an_archive_end_in_one_sentence(content: bytes) -> None:
    with pytest.raises(HoldfireError):
        verify(in_archive(lambda place, size: content[place : place + size], len(content)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(name=st.sampled_from([one.name for one in small()]), content=st.binary(max_size=2_000))
def test_any_bytes_as_any_file_end_in_faults(tmp_path: Path, name: str, content: bytes) -> None:
    folder = unpack(small(), tmp_path)
    (folder / name).write_bytes(content)
    with pytest.raises(HoldfireError):
        verify(in_folder(folder))
