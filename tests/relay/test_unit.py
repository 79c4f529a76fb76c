"""The relay's systemd unit, judged by systemd where it is installed; and a relay that may not make new code, as it says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import run
from holdfire.errors import UserError
from holdfire.reach.relay import RelayWay
from holdfire.relay.unit import is_hidden, unit
from holdfire.wire import http
from holdfire.wire.admission import post_entry
from holdfire.wire.boards import INBOX_ENTRY, BoardSecrets
from simulators import relay_server
from simulators.relay_server import relaying

ANALYZE = shutil.which("systemd-analyze")
by_systemd = pytest.mark.skipif(
    ANALYZE is None, reason="systemd-analyze is missing: install the system's `systemd`."
)
#: What must stand in the unit, whoever edits it.
FORBIDS = {
    "DynamicUser=yes", "ProtectSystem=strict", "ProtectHome=yes", "NoNewPrivileges=yes", "CapabilityBoundingSet=",
    "MemoryDenyWriteExecute=yes", "LimitCORE=0", "MemorySwapMax=0", "SystemCallFilter=@system-service",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX", "StateDirectoryMode=0700", "UMask=0077",
}  # fmt: skip
#: prctl(2): PR_SET_MDWE, which is what newer kernels offer for `MemoryDenyWriteExecute`; it outlives an exec.
NO_NEW_CODE = """\
import ctypes, os, sys
if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0):
    sys.exit(77)
os.execv(sys.argv[1], sys.argv[1:])
"""


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("onion", [False, True])
def test_the_unit_forbids_what_a_relay_does_not_need(onion: bool) -> None:  # noqa: FBT001
    found = lines(unit("/opt/holdfire/bin/python", onion=onion))
    assert set(found) >= FORBIDS
    (start,) = [line for line in found if line.startswith("ExecStart=")]
    assert start == (
        "ExecStart=/opt/holdfire/bin/python -I -m holdfire.cli.main relay serve --folder %S/holdfire-relay"
        + (" --onion" if onion else "")
    )
    # Only a tor of its own goes out.
    assert ("IPAddressDeny=any" in found) == (not onion)
    assert not [line for line in found if "$" in line]


@by_systemd
@pytest.mark.parametrize("onion", [(), ("--onion",)])
def test_systemd_takes_the_unit_and_counts_it_among_the_least_exposed(
    tmp_path: Path, onion: tuple[str, ...]
) -> None:
    ran = run("relay", "unit", *onion)
    assert ran.code == 0
    path = tmp_path / "holdfire-relay.service"
    path.write_text(ran.out, "utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", path], capture_output=True, text=True, timeout=60, check=False
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    # Tenths: 0 is nothing, 100 everything; a unit that says nothing has 96.
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=15", path],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert judged.returncode == 0, judged.stdout


@by_systemd
def test_a_program_with_a_strange_path_is_still_found(tmp_path: Path) -> None:
    program = tmp_path / "a new 50% $HOME %S é" / "python"
    program.parent.mkdir()
    program.symlink_to(sys.executable)
    path = tmp_path / "holdfire-relay.service"
    for named, code in ((program, 0), (program.parent / "none", 1)):
        path.write_text(unit(str(named), onion=False), "utf-8")
        ran = subprocess.run(
            ["systemd-analyze", "verify", path], capture_output=True, timeout=60, check=False
        )
        assert ran.returncode == code, ran.stderr


@pytest.mark.parametrize("path", ["/opt/it's/python", '/opt/"/python', "/opt/\\x/python", "/opt/\n/python"])
def test_a_path_that_systemd_cannot_start_is_refused(path: str) -> None:
    with pytest.raises(UserError, match="quotes"):
        unit(path, onion=False)


@pytest.mark.parametrize(
    ("program", "hidden"),
    [
        ("/opt/holdfire/bin/python", False),
        ("/home/ann/.local/bin/python", True),
        ("/" + "root/x", True),
        ("/homes/x", False),
    ],
)
def test_a_home_is_hidden_from_the_service(program: str, hidden: bool) -> None:  # noqa: FBT001
    assert is_hidden(program) == hidden


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux forbids new machine code in this way.")
def test_a_relay_does_its_work_without_making_new_machine_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe = subprocess.run([sys.executable, "-c", NO_NEW_CODE, shutil.which("true") or ""], check=False)
    if probe.returncode:
        pytest.skip("This kernel is older than 6.3 and cannot be told to forbid it.")
    monkeypatch.setattr(relay_server, "_COMMAND", [sys.executable, "-c", NO_NEW_CODE, *relay_server._COMMAND])
    board = BoardSecrets(b"o" * 32)
    with relaying(tmp_path) as server, RelayWay(server.origin) as way:
        assert b"-c" not in Path(f"/proc/{server.pid}/cmdline").read_bytes().split(b"\0")
        assert way.ask(http.make_board(server.grant(), board.writer, INBOX_ENTRY)).status == 201
        # By puzzle, with all the sums that it takes.
        post_entry(way.ask, board.writer, os.urandom(INBOX_ENTRY))
        assert way.ask(http.get_head(board.writer, board.reader)).status == 200
