"""The relay's own tor: its settings are taken by the real program, its name is made without a network, and it ends with the relay."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from command_line import is_refused, run
from holdfire.errors import UserError
from holdfire.relay.host import TorProgram
from holdfire.relay.looking import find_tor
from holdfire.relay.onion import running_onion, torrc
from simulators.relay_server import relaying

LISTEN = ("127.0.0.1", 8_008)


@pytest.fixture(scope="module")
def tor() -> TorProgram:
    found = find_tor()
    if found is None:
        assert not os.environ.get("CI"), "tor must be there in CI"
        pytest.skip("tor is missing: install the system's `tor` to run these tests.")
    return found


@pytest.mark.parametrize("name", ["relay", "a folder", 'a "quoted" one', "back\\slash"])
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_tor_itself_takes_the_settings(tor: TorProgram, tmp_path: Path, name: str, host: str) -> None:
    folder = tmp_path / name
    for made in (folder, folder / "tor", folder / "onion"):
        made.mkdir(mode=0o700)
    file = tmp_path / "torrc"
    file.write_text(torrc(folder, (host, 8_008), proves=tor.proves, owner=os.getpid()), "utf-8")
    done = subprocess.run(
        [tor.path, "--verify-config", "-f", str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "Configuration was valid" in done.stdout
    warned = [line for line in done.stdout.splitlines() if "[warn]" in line and "as root" not in line]
    assert warned == []


def test_the_settings_open_nothing_and_log_to_no_file() -> None:
    text = torrc(Path("/relay"), LISTEN, proves=True, owner=1)
    for line in (
        "SocksPort 0",
        "ControlPort 0",
        "ORPort 0",
        "HiddenServicePort 80 127.0.0.1:8008",
        "SafeLogging 1",
    ):
        assert line in text.splitlines()
    assert "HiddenServicePoWDefensesEnabled 1" in text
    assert "HiddenServicePoWDefensesEnabled" not in torrc(Path("/relay"), LISTEN, proves=False, owner=1)
    assert not re.search(r"Log .* file", text)


@pytest.mark.usefixtures("tor")
def test_a_relay_behind_tor_says_its_onion_name_and_keeps_it(tmp_path: Path) -> None:
    names = []
    for _ in range(2):
        with relaying(tmp_path / "relay", "--onion") as server:
            names.append(server.origin)
    assert re.fullmatch(r"http://[a-z2-7]{56}\.onion", names[0])
    assert names[0] == names[1]
    # Ended with the relay: a process of tor on this folder would be found by its settings.
    running = subprocess.run(
        ["pgrep", "-f", str(tmp_path / "relay" / "torrc")], capture_output=True, check=False
    )
    assert running.stdout == b""


@pytest.mark.usefixtures("tor")
def test_a_relay_ends_when_its_tor_does(tmp_path: Path) -> None:
    with relaying(tmp_path / "relay", "--onion") as server:
        subprocess.run(["pkill", "-KILL", "-f", str(tmp_path / "relay" / "torrc")], check=True)
        said = server.ended()
    assert "tor ended, and with it the only way to this relay." in said
    assert "Traceback" not in said


def test_without_tor_or_open_to_others_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no tor"), running_onion(None, tmp_path, LISTEN, 1):
        pass
    with (
        pytest.raises(UserError, match="this computer alone"),
        running_onion(
            TorProgram("/nowhere", "0", proves=False),
            tmp_path,
            ("0.0.0.0", 8_008),  # noqa: S104 - it is refused
            1,
        ),
    ):
        pass
    origin = "http://" + "a" * 56 + ".onion"
    is_refused(
        run("relay", "serve", "--folder", tmp_path, "--onion", "--origin", origin), 2, "leave --origin out"
    )
