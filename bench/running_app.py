"""A running app as a process of its own, asked over HTTP; for the benches."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

HOLDFIRE = (sys.executable, "-m", "holdfire.cli.main")
MIB = 1 << 20


def cpu_ms(command: tuple[str, ...]) -> float:
    """Return the processor time of a command from its start to its end, in milliseconds."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    # The process was waited for here; what remembers it must not wait again.
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return (usage.ru_utime + usage.ru_stime) * 1_000


class RunningApp:
    """A program that prints the address of its first page, from its start until it is told to end."""

    def __init__(self, *command: str) -> None:
        self.cookie = ""
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True
        )

    def __enter__(self) -> Self:
        found = None
        while not found and self.process.stdout:
            line = self.process.stdout.readline()
            if not line:
                raise RuntimeError("the app ended before it named its address")
            found = re.match(r"http://([0-9.:]+)(/\S*)", line)
        if found is None:
            raise RuntimeError("no address was printed")
        self.host, self.first = found[1], found[2]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def ask(self, method: str, path: str, /, **fields: str) -> tuple[int, bytes]:
        """Send one request and follow where it leads; return the status and the page."""
        body = urlencode(fields).encode() if method == "POST" else None
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://{self.host}",
            }
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        page = answer.read()
        self.cookie = (answer.getheader("set-cookie") or self.cookie).partition(";")[0]
        connection.close()
        if answer.status == 303:
            return self.ask("GET", answer.getheader("location") or "/")
        return answer.status, page

    def first_page_ms(self) -> float:
        """Return the wall time from the start of the process to the last byte of its first page, in milliseconds."""
        while True:
            try:
                status, page = self.ask("GET", self.first)
                break
            except ConnectionRefusedError:
                time.sleep(0.001)
        taken = (time.perf_counter() - self.began) * 1_000
        if status != 200 or not page:
            raise RuntimeError(f"the first page answered {status}")
        return taken

    def resident_mib(self, name: str = "VmRSS") -> float:
        """Return the memory the process holds now (or at most, `VmHWM`), in MiB."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text("ascii").splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("the system does not tell memory")
