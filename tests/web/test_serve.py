"""The program as it is started: one line, one address, loopback alone, and a window that tells nobody."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfire.web import window as windows

OPEN = [sys.executable, "-m", "holdfire.cli.main", "open"]


@pytest.fixture
def program(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A started program without a window, in an empty home."""
    home = {**os.environ, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": ""}
    command = [*OPEN, "--no-window"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=home
    ) as one:
        yield one
        one.kill()


def address_of(program: subprocess.Popen[str]) -> str:
    assert program.stdout is not None
    assert "in a private window" in program.stdout.readline()
    return program.stdout.readline().strip()


def test_it_prints_one_address_on_loopback_that_works_once(program: subprocess.Popen[str]) -> None:
    address = address_of(program)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/start/[0-9a-f]{64}", address)
    host, _, secret = address.removeprefix("http://").partition("/")
    line = http.client.HTTPConnection(host, timeout=20)
    line.request("GET", f"/{secret}")
    first = line.getresponse()
    assert first.status == 303
    first.read()
    line.request("GET", f"/{secret}")
    assert line.getresponse().status == 403
    line.close()


def test_it_listens_on_loopback_alone(program: subprocess.Popen[str]) -> None:
    port = int(address_of(program).split(":")[2].partition("/")[0])
    listening = [
        line.split()[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        if Path(table).exists()
        for line in Path(table).read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")
    ]
    assert listening == [f"0100007F:{port:04X}"]


def test_it_writes_no_file_and_no_log(program: subprocess.Popen[str], tmp_path: Path) -> None:
    host = address_of(program).split("/")[2]
    line = http.client.HTTPConnection(host, timeout=20)
    line.request("GET", "/nothing")
    assert line.getresponse().status == 403
    line.close()
    program.send_signal(signal.SIGINT)
    assert program.wait(20) in {0, 1, 130}
    assert program.stdout is not None
    assert program.stderr is not None
    assert program.stdout.read() == ""
    assert "/nothing" not in program.stderr.read()
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_is_said_so(program: subprocess.Popen[str]) -> None:
    port = address_of(program).split(":")[2].partition("/")[0]
    second = subprocess.run(
        [*OPEN, "--no-window", "--port", port], capture_output=True, text=True, check=False, timeout=30
    )
    assert second.returncode in {1, 2}
    assert f"Port {port} cannot be used." in second.stderr
    assert "Traceback" not in second.stderr


def test_without_a_screen_there_is_no_window() -> None:
    code = "from holdfire.web.window import open_window; print(open_window('http://127.0.0.1:9/start/x'))"
    bare = {key: value for key, value in os.environ.items() if key not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=bare
    )
    assert answer.stdout.strip() == "None"


def test_our_own_window_cannot_stand_without_an_address_or_a_screen() -> None:
    if not Path("/usr/bin/python3").exists():
        pytest.skip("The system has no Python of its own.")
    script = str(Path(windows.__file__).with_name("window_gtk.py"))
    for line in ("", "http://evil.example/start/1\n"):
        answer = subprocess.run(
            ["/usr/bin/python3", "-I", script],
            input=line,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        assert answer.returncode == 3
        assert answer.stdout == ""


def processes_that_say(words: str) -> list[str]:
    """Return the command lines on this computer that hold these words, as any other person could read them."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and entry.name != str(os.getpid()):
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            except OSError:
                continue
            if words in line:
                found.append(line)
    return found


@pytest.mark.browser
def test_the_secret_stands_in_no_argument_list_and_the_folder_goes(tmp_path: Path) -> None:
    xvfb = shutil.which("Xvfb")
    if xvfb is None:
        pytest.skip("Xvfb is missing: a window needs a screen, if only a pretended one.")
    secret = "5ec4e7" * 10
    code = (
        "import sys, time\n"
        "from holdfire.web.window import open_window\n"
        f"shown = open_window('http://127.0.0.1:9/start/{secret[::-1]}'[:-60] + sys.stdin.readline().strip())\n"
        "print('shown' if shown else 'none', shown.folder if shown else '', flush=True)\n"
        "sys.stdin.readline()\n"
        "shown.close() if shown else None\n"
    )
    display = ":" + str(200 + os.getpid() % 300)
    with subprocess.Popen([xvfb, display, "-screen", "0", "800x600x24"], stderr=subprocess.DEVNULL) as screen:
        try:
            time.sleep(1)
            env = {**os.environ, "DISPLAY": display, "HOME": str(tmp_path)}
            with subprocess.Popen(
                [sys.executable, "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=env,
            ) as one:
                assert one.stdin is not None
                assert one.stdout is not None
                one.stdin.write(secret + "\n")
                one.stdin.flush()
                shown, _, folder = one.stdout.readline().strip().partition(" ")
                assert shown == "shown"
                time.sleep(1)
                assert processes_that_say(secret) == []
                one.stdin.close()
                assert one.wait(30) == 0
                assert not folder or not Path(folder).exists()
        finally:
            screen.terminate()
