from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from holdfire.cli.package_files import write_folder, write_sealed
from holdfire.errors import HoldfireError, StorageError, UserError
from holdfire.evidence.package.opened import Opened, in_archive
from holdfire.evidence.package.report import history
from holdfire.evidence.package.stamped import judge
from holdfire.evidence.package.verify import heads, verify
from holdfire.evidence.package.words import STEPS
from holdfire.evidence.stamps.refusals import OtherHashError
from holdfire.evidence.stamps.stamp import files
from holdfire.journeys.check_package import held_in, received
from holdfire.journeys.delete_evidence import delete_evidence
from holdfire.journeys.export_evidence import (
    KeptPackage,
    Wish,
    archive_of,
    find_package,
    forget_package,
    make_package,
    packages,
    pieces_of,
    preview,
    written,
)
from holdfire.journeys.keep_evidence import add_evidence, custody_log, log_event
from holdfire.journeys.kept_stamps import add_authority
from holdfire.journeys.stamp_evidence import queue, send, stamps_of
from holdfire.sealing.age.hybrid import HybridIdentity
from holdfire.sealing.age.x25519 import X25519Identity
from holdfire.vault.refusals import MissingError
from holdfire.vault.vault import Vault
from simulators.archive import faults as pdf_faults
from simulators.authority import OpensslAuthority, openssl_verifies
from simulators.network import serving

NOW = datetime(2026, 3, 1, 14, 5, 9, tzinfo=UTC)
LATER = datetime(2026, 3, 9, 8, 1, 2, tzinfo=UTC)
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 3000
SAID = {
    "collector": "Heron",
    "place": "Kastrychnitskaya square",
    "clock": "telephone, not checked",
    "risk": "Heron",
}
PERSON = X25519Identity.new()
SEALED = (str(PERSON.recipient()),)


@pytest.fixture
def vault() -> Iterator[Vault]:
    with Vault.in_memory() as made:
        add_evidence(
            made,
            [PHOTO],
            NOW,
            title="Boots at the gate",
            name="IMG_7731.jpg",
            made="2026-02-28",
            capture=SAID,
        )
        add_evidence(made, [b"what was said"], NOW, title="Notes")
        yield made


def opened(vault: Vault, kept: KeptPackage) -> Opened:
    content = b"".join(archive_of(vault, kept).pieces())
    return in_archive(lambda place, size: content[place : place + size], len(content))


def nothing(_done: int, _total: int) -> None: ...


def test_what_is_made_verifies_and_shows_the_handing_over(vault: Vault) -> None:
    kept = make_package(vault, Wish(numbers=(2, 1), to="The court"), LATER).value
    found = verify(opened(vault, kept), announced=kept.fingerprint)
    assert [one.name for one in found.items] == ["data/item-1.txt", "data/item-2.jpg"]
    told = history(found.items[1].custody.shown)
    assert told[0].startswith("1. 2026-03-01 UTC: It was received")
    assert told[1].startswith("2. 2026-03-09 UTC: It was put into a package")
    assert "to: The court" in told[1]


def test_nothing_that_was_not_chosen_leaves(vault: Vault) -> None:
    kept = make_package(vault, Wish(numbers=(1,), time="none"), LATER).value
    content = b"".join(archive_of(vault, kept).pieces())
    for word in ("Heron", "Kastrychnitskaya", "IMG_7731", "Boots", "2026-", "14:05", "+00:00"):
        assert word.encode() not in content, word
    shown = make_package(
        vault, Wish(numbers=(1,), time="exact", names=True, notes=("place", "title")), LATER
    ).value
    content = b"".join(archive_of(vault, shown).pieces())
    for word in ("Heron", "Kastrychnitskaya", "IMG_7731", "Boots", "2026-03-01T14:05:09Z"):
        assert word.encode() in content, word


def test_a_recipient_is_not_told_of_another(vault: Vault) -> None:
    make_package(vault, Wish(numbers=(1,), to="Somebody else"), NOW)
    kept = make_package(vault, Wish(numbers=(1,), to="The court"), LATER).value
    content = b"".join(archive_of(vault, kept).pieces())
    assert b"The court" in content
    assert b"Somebody else" not in content


def test_only_two_events_are_shown_when_that_is_wished(vault: Vault) -> None:
    for _ in range(3):
        log_event(vault, 1, "open", {}, NOW)
    kept = make_package(vault, Wish(numbers=(1,), events="chosen"), LATER).value
    shown = verify(opened(vault, kept)).items[0].custody
    assert [one.event.action for one in shown.shown] == ["receive", "transfer"]
    assert shown.head.size == 5


def test_a_later_package_goes_on_from_an_earlier_one_and_a_log_set_back_is_noticed(vault: Vault) -> None:
    first = opened(vault, make_package(vault, Wish(numbers=(1,)), NOW).value)
    second = opened(vault, make_package(vault, Wish(numbers=(1,)), LATER).value)
    assert verify(second, held=heads(first)).items
    with pytest.raises(HoldfireError):
        verify(first, held=heads(second))
    assert custody_log(vault, 1).tree.size == 3


def test_the_preview_tells_nobody_and_makes_nothing(vault: Vault) -> None:
    shown = preview(vault, Wish(numbers=(1, 2), to="The court"))
    assert "The court" in shown.report
    assert "Heron" not in shown.report
    assert shown.files == ("data/item-1.jpg", "data/item-2.txt")
    assert shown.originals == (1, 2)
    assert packages(vault) == ()
    assert custody_log(vault, 1).tree.size == 1


def test_records_and_crate_are_json_and_the_report_is_pdf_a(vault: Vault) -> None:
    kept = make_package(vault, Wish(numbers=(1,)), LATER).value
    held = {one.name: one.read(0, one.size) for one in pieces_of(vault, kept)}
    record = json.loads(held["records/item-1.json"])
    assert record["collection"]["clock"] == "telephone, not checked"
    assert record["collection"]["collector"] == record["item"]["title"] == "unknown"
    assert json.loads(held["ro-crate-metadata.json"])["@graph"][1]["datePublished"] == "2026-03-09"
    assert pdf_faults(held["report.pdf"]) == []


def test_written_again_it_is_the_same_until_it_is_forgotten(vault: Vault, tmp_path: Path) -> None:
    kept = make_package(vault, Wish(numbers=(1, 2), recipients=SEALED), LATER).value
    size, pieces = written(vault, kept)
    content = b"".join(pieces)
    assert len(content) == size
    assert write_sealed(vault, kept, tmp_path / "one.age", nothing) == size
    assert (tmp_path / "one.age").read_bytes() == content
    log_event(vault, 1, "open", {}, LATER)
    assert b"".join(written(vault, find_package(vault, 1).value)[1]) == content
    forget_package(vault, 1)
    assert packages(vault) == ()
    with pytest.raises(UserError):
        find_package(vault, 1)
    with pytest.raises(MissingError):
        vault.blobs.get(kept.front)


def test_the_age_tool_and_tar_and_the_script_open_it(vault: Vault, tmp_path: Path) -> None:
    kept = make_package(vault, Wish(numbers=(1, 2), recipients=SEALED), LATER).value
    write_sealed(vault, kept, tmp_path / "package.age", nothing)
    (tmp_path / "key.txt").write_text(PERSON.secret_text())
    for command in (
        "age -d -i key.txt -o package.tar package.age",
        "tar -xf package.tar",
        "sh package/verify.sh",
    ):
        subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
    with received(tmp_path) as found:
        assert verify(found).items


@pytest.mark.parametrize(
    "person", [X25519Identity.new(), HybridIdentity.new()], ids=["classic", "post-quantum"]
)
def test_sealed_it_verifies_with_the_key_alone(
    person: X25519Identity | HybridIdentity, vault: Vault, tmp_path: Path
) -> None:
    wish = Wish(numbers=(1,), recipients=(str(person.recipient()),))
    write_sealed(vault, make_package(vault, wish, LATER).value, tmp_path / "package.age", nothing)
    with received(tmp_path / "package.age", [person]) as found:
        assert verify(found).items
    with pytest.raises(UserError, match="sealed"), received(tmp_path / "package.age"):
        pass


def test_the_two_kinds_of_key_are_never_mixed(vault: Vault) -> None:
    mixed = (*SEALED, str(HybridIdentity.new().recipient()))
    with pytest.raises(UserError, match="weak"):
        make_package(vault, Wish(numbers=(1,), recipients=mixed), LATER)
    assert custody_log(vault, 1).tree.size == 1


@pytest.mark.parametrize("end", [0, 10, 300, 65_536, 200_000, 400_001])
def test_a_sealed_file_that_broke_off_goes_on(end: int, vault: Vault, tmp_path: Path) -> None:
    kept = make_package(vault, Wish(numbers=(1, 2), recipients=SEALED), LATER).value
    whole = b"".join(written(vault, kept)[1])
    # As a power cut may leave it: a length that is there, and zeros where the disk had not written yet.
    (tmp_path / "package.age.part").write_bytes(whole[:end] + bytes(50_000))
    write_sealed(vault, kept, tmp_path / "package.age", nothing)
    assert (tmp_path / "package.age").read_bytes() == whole
    assert [path.name for path in tmp_path.iterdir()] == ["package.age"]


def test_a_folder_that_broke_off_goes_on(vault: Vault, tmp_path: Path) -> None:
    kept = make_package(vault, Wish(numbers=(1, 2)), LATER).value
    out = tmp_path / "package"

    def stop(done: int, total: int) -> None:
        if done > total // 2:
            raise StorageError("stop", "stop")

    with pytest.raises(StorageError):
        write_folder(vault, kept, out, stop)
    with pytest.raises(HoldfireError), received(out) as found:
        verify(found)
    (out / "report.txt.part").write_bytes(b"half")
    write_folder(vault, kept, out, nothing)
    with received(out) as found:
        assert verify(found).items
    assert {path.stat().st_mtime for path in out.rglob("*")} == {0}
    # Once more changes nothing; a file that is not this one is never overwritten.
    write_folder(vault, kept, out, nothing)
    (out / "report.txt").write_bytes(b"another")
    with pytest.raises(UserError, match="another file"):
        write_folder(vault, kept, out, nothing)


def test_nothing_is_overwritten_and_no_link_followed(vault: Vault, tmp_path: Path) -> None:
    kept = make_package(vault, Wish(numbers=(1,), recipients=SEALED), LATER).value
    (tmp_path / "there").write_bytes(b"mine")
    with pytest.raises(UserError, match="already"):
        write_sealed(vault, kept, tmp_path / "there", nothing)
    (tmp_path / "package.age.part").symlink_to(tmp_path / "there")
    with pytest.raises(StorageError):
        write_sealed(vault, kept, tmp_path / "package.age", nothing)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    with pytest.raises(UserError, match="something else"):
        write_folder(vault, kept, tmp_path / "full", nothing)
    assert (tmp_path / "there").read_bytes() == b"mine"


def test_two_packages_share_no_key_salt_or_id(vault: Vault) -> None:
    made = [make_package(vault, Wish(numbers=(1,), recipients=SEALED), LATER).value for _ in range(2)]
    assert made[0].fingerprint != made[1].fingerprint
    assert not set(made[0].sealing) & set(made[1].sealing)


@pytest.mark.parametrize(
    "wish",
    [
        Wish(numbers=()),
        Wish(numbers=(1, 1)),
        Wish(numbers=(3,)),
        Wish(numbers=(1,), to="x" * 201),
        Wish(numbers=(1,), notes=("colour",)),
        Wish(numbers=(1,), recipients=("age1nonsense",)),
    ],
)
def test_what_cannot_be_meant_is_refused_before_a_log_is_told(wish: Wish, vault: Vault) -> None:
    with pytest.raises(UserError):
        make_package(vault, wish, LATER)
    assert custody_log(vault, 1).tree.size == 1
    assert packages(vault) == ()


def test_heads_are_found_in_a_folder_and_in_an_extract(vault: Vault, tmp_path: Path) -> None:
    kept = make_package(vault, Wish(numbers=(1,)), LATER).value
    write_folder(vault, kept, tmp_path / "package", nothing)
    whole = held_in(tmp_path / "package")
    assert held_in(tmp_path / "package" / "custody" / "item-1.jsonl") == whole
    assert whole[0].head.size == 2


def test_an_item_destroyed_meanwhile_is_said(vault: Vault, tmp_path: Path) -> None:
    kept = make_package(vault, Wish(numbers=(1,), recipients=SEALED), LATER).value
    delete_evidence(vault, 1, LATER)
    with pytest.raises(HoldfireError):
        write_sealed(vault, kept, tmp_path / "package.age", nothing)


def test_a_waiting_package_is_destroyed_with_any_of_its_items(vault: Vault) -> None:
    both = make_package(vault, Wish(numbers=(1, 2), names=True), LATER).value
    other = make_package(vault, Wish(numbers=(2,)), LATER).value
    delete_evidence(vault, 1, LATER)
    # Its front repeated the notes, the hash and the history of what was destroyed.
    with pytest.raises(MissingError):
        vault.blobs.read(both.front, 0, 1)
    assert [one.value.number for one in packages(vault)] == [other.number]
    assert verify(opened(vault, other)).files


def test_stamps_go_along_only_when_chosen_and_are_judged_by_us_and_by_openssl(
    vault: Vault, tmp_path: Path
) -> None:
    authority = OpensslAuthority(tmp_path / "authority")
    now = datetime.now(UTC)
    with serving(lambda _, body: (200, authority.answer(body))) as server:
        add_authority(vault, "First", "authority", f"{server.address}/tsr", authority.pem, now)
        queue(vault, 1, ["First"], now)
        send(vault, 1, None, now)
    plain = make_package(vault, Wish(numbers=(1,)), now).value
    assert not [one.name for one in pieces_of(vault, plain) if one.name.startswith("stamps/")]
    kept = make_package(vault, Wish(numbers=(1,), stamps=True), now).value
    [found] = verify(opened(vault, kept)).items
    assert "This stood at the latest on" in str(found.stamps[0])
    held = {one.name: one for one in pieces_of(vault, kept)}
    # The head that was stamped came before the handing over; the extract proves that the log goes on from it.
    assert b'"size":1' in held["stamps/item-1-1.head.json"].read(0, 1_000)
    assert b"This stood at the latest on" in held["report.txt"].read(0, 100_000).replace(b"\n", b" ")
    token, statement, roots = (
        held[f"stamps/item-1-1.{name}"].read(0, 1 << 20)
        for name in ("stamp.tsr", "statement.json", "roots.pem")
    )
    assert openssl_verifies(tmp_path / "v", token, statement, roots)
    write_folder(vault, kept, tmp_path / "package", nothing)
    command = next(commands for title, commands, _ in STEPS if "stamps" in title)[0]
    subprocess.run(
        ["sh", "-c", command.replace("ROOT.pem", "stamps/item-1-1.roots.pem")],
        cwd=tmp_path / "package",
        check=True,
    )
    subprocess.run(["sh", "verify.sh"], cwd=tmp_path / "package", check=True, stdout=subprocess.DEVNULL)
    assert "stamps/item-1-1" not in preview(vault, Wish(numbers=(1,), stamps=True)).report
    assert "at the latest" in preview(vault, Wish(numbers=(1,), stamps=True)).report.replace("\n", " ")


def test_a_stamp_on_another_log_is_told(vault: Vault, tmp_path: Path) -> None:
    authority = OpensslAuthority(tmp_path / "authority")
    now = datetime.now(UTC)
    with serving(lambda _, body: (200, authority.answer(body))) as server:
        add_authority(vault, "First", "authority", f"{server.address}/tsr", authority.pem, now)
        for number in (1, 2):
            queue(vault, number, ["First"], now)
            send(vault, number, None, now)
    heads_of = {number: files(stamps_of(vault, number)[0].value.stamp) for number in (1, 2)}
    log = custody_log(vault, 1)
    with pytest.raises(OtherHashError):
        judge({f"1.{name}": content for name, content in heads_of[2].items()}, {log.head.head.text()})
    mixed = {**heads_of[2], "head.json": heads_of[1]["head.json"]}
    with pytest.raises(OtherHashError):
        judge({f"1.{name}": content for name, content in mixed.items()}, {log.head.head.text()})
    assert judge({f"1.{name}": content for name, content in heads_of[1].items()}, {log.head.head.text()})
