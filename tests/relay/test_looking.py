"""What is seen of the computer on which the tests run, and how Linux's tables are read."""

from __future__ import annotations

import os
import socket
import stat
import sys
from pathlib import Path

import pytest

from command_line import is_refused, run
from holdfire.relay.looking import file_system, find_tor, listeners, look
from simulators.relay_server import relaying

MOUNTS = """\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 27 0:30 / /srv/far rw - nfs4 host:/x rw
31 30 254:1 / /srv/far/near rw shared:1 master:2 - xfs /dev/vdb rw
32 27 0:31 / /srv/with\\040space rw - tmpfs tmpfs rw
33 27 0:32 / /srv/hidden rw - ext4 /dev/vdc rw
34 27 0:33 / /srv/hidden rw - cifs //host/x rw
broken line
"""
TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F48 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1
   1: 00000000:1F48 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 2 1
   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 3 1
   3: 050200C0:1F48 00000000:0000 01 00000000:00000000 00:00000000 00000000  1000        0 4 1
"""
TABLE_6 = """\
  sl  local_address                         remote_address                        st
   0: 00000000000000000000000001000000:1F48 00000000000000000000000000000000:0000 0A
   1: 0000000000000000FFFF00000100007F:1F48 00000000000000000000000000000000:0000 0A
"""
ANYWHERE = "0.0.0.0"  # noqa: S104 — to see that it is seen
linux = pytest.mark.skipif(sys.platform != "linux", reason="Only Linux has these tables.")


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/relay", "ext4"),
        ("/srv/far", "nfs4"),
        ("/srv/farther", "ext4"),
        ("/srv/far/near/relay", "xfs"),
        ("/srv/with space/x", "tmpfs"),
        ("/srv/hidden/x", "cifs"),
    ],
)
def test_the_nearest_mount_says_the_kind_of_file_system(folder: str, kind: str) -> None:
    assert file_system(MOUNTS, Path(folder)) == kind


def test_without_a_table_no_kind_is_made_up() -> None:
    assert file_system(None, Path("/srv")) is None
    assert file_system("", Path("/srv")) is None


@pytest.mark.skipif(sys.byteorder != "little", reason="The tables above are a little-endian computer's.")
def test_who_listens_on_a_port_is_read_from_the_tables() -> None:
    assert listeners(TABLE, 8_008) == ["127.0.0.1", ANYWHERE]
    assert listeners(TABLE_6, 8_008) == ["::1", "127.0.0.1"]
    assert listeners(TABLE, 443) == []


@linux
def test_a_port_that_is_open_to_all_is_seen(tmp_path: Path) -> None:
    with socket.create_server((ANYWHERE, 0)) as listening:
        port = listening.getsockname()[1]
        assert look(tmp_path, ("127.0.0.1", port)).listening == (ANYWHERE,)
    assert look(tmp_path, ("127.0.0.1", port)).listening == ()


@linux
def test_what_is_seen_of_this_computer_agrees_with_its_own_tools(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    host = look(tmp_path / "not" / "there", ("127.0.0.1", 1))
    assert host.folder is None
    assert host.free > 0
    assert host.file_system
    assert len(host.swaps or ()) == len(Path("/proc/swaps").read_text().splitlines()) - 1
    assert look(tmp_path, ("127.0.0.1", 1)).folder == 0o750


def test_the_folder_and_files_of_a_real_relay_are_for_its_owner_alone(tmp_path: Path) -> None:
    with relaying(tmp_path / "relay") as server:
        port = int(server.origin.rpartition(":")[2])
        host = look(server.folder, ("127.0.0.1", port))
        ran = run("relay", "check", "--folder", server.folder, "--listen", f"127.0.0.1:{port}", "--json")
    found = {one["about"]: one for one in ran.document()["findings"]}  # type: ignore[index]
    if sys.platform != "win32":
        assert host.folder == 0o700
        assert {"relay.key", "relay.db"} <= host.files.keys()
        assert set(host.files.values()) == {0o600}
        assert found["folder"]["state"] == found["files"]["state"] == "right"
        # Every command is hardened first of all, the relay too.
        assert found["dumps"]["state"] == "right"
    if sys.platform == "linux":
        assert host.listening == ("127.0.0.1",)
    assert found["front"]["state"] == "look"
    assert ran.code == any(one["state"] == "mend" for one in found.values())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes.")
def test_a_folder_that_others_can_read_is_to_be_mended_and_ends_with_1(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "relay.db").touch()
    (tmp_path / "relay.db").chmod(0o644)
    ran = run("relay", "check", "--folder", tmp_path)
    assert ran.code == 1
    assert ran.err == ""
    assert (
        "mend  Others on this computer can reach into the relay's folder (mode 755).\n      Take" in ran.out
    )
    assert "relay.db." in ran.out
    # It looks and touches nothing.
    assert [one.name for one in tmp_path.iterdir()] == ["relay.db"]
    assert stat.S_IMODE((tmp_path / "relay.db").stat().st_mode) == 0o644


def test_a_place_that_is_none_is_refused(tmp_path: Path) -> None:
    is_refused(run("relay", "check", "--folder", tmp_path, "--listen", "8008"), 1, "no place to listen")


@pytest.mark.skipif(sys.platform == "win32", reason="It stands in for tor with a script.")
@pytest.mark.parametrize(
    ("modules", "proves"), [("relay: yes\npow: yes", True), ("pow: no", False), ("", False)]
)
def test_a_tor_is_asked_what_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, modules: str, *, proves: bool
) -> None:
    program = tmp_path / "tor"
    program.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo "Tor version 0.4.8.9." && exit\nprintf "{modules}"\n'
    )
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    found = find_tor()
    assert found
    assert (found.path, found.version, found.proves) == (str(program), "0.4.8.9", proves)
