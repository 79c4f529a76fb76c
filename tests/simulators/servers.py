"""Real servers for a relay's store, started on this computer for one run of the tests and ended with it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import psycopg

#: The gateway of JuiceFS is MinIO's S3 server over a folder.
_GATEWAY = Path(sys.executable).parent / "juicefs"
KEY, SECRET = "relay", "relay-relay"


def postgres_programs() -> Path | None:
    """Return the folder of PostgreSQL's programs; Debian keeps them off the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = str(folders[-1]) if folders else shutil.which("initdb")
    return Path(found).parent if found else None


@contextmanager
def postgres(programs: Path, *settings: str) -> Iterator[str]:
    """Yield the address of a server of our own, without a network, on a socket in its folder."""
    folder = Path(tempfile.mkdtemp(prefix="holdfire-postgres-", dir="/tmp"))
    user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
    if user:
        shutil.chown(folder, user)
    made = [
        str(programs / "initdb"),
        "-D",
        str(folder / "data"),
        "-U",
        "relay",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    subprocess.run(made, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, timeout=120)
    chosen = [f"unix_socket_directories={folder}", "listen_addresses=", "log_min_messages=fatal", *settings]
    command = [str(programs / "postgres"), "-D", str(folder / "data"), *(f"--{one}" for one in chosen)]
    server = subprocess.Popen(command, user=user, cwd=folder, stderr=subprocess.DEVNULL)
    try:
        address = f"postgresql://relay@/postgres?host={folder}"
        _wait_for(lambda: _answers(address), server)
        yield address
    finally:
        server.send_signal(2)  # lets nobody finish, and closes its files
        server.wait(60)
        shutil.rmtree(folder)


def _answers(address: str) -> bool:
    try:
        psycopg.connect(address).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def bucket_server() -> Iterator[str]:
    """Yield the address of an S3-compatible server with a bucket `large`; its keys are KEY and SECRET."""
    folder = Path(tempfile.mkdtemp(prefix="holdfire-bucket-"))
    database = f"sqlite3://{folder}/names.db"
    made = [str(_GATEWAY), "format", "--storage", "file", "--bucket", f"{folder}/bytes/", database, "large"]
    subprocess.run(made, check=True, timeout=60, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    port = _free_port()
    command = [str(_GATEWAY), "gateway", "--no-banner", "--no-usage-report", "--no-bgjob", "--log", f"{folder}/log", "--cache-dir",
               f"{folder}/cache", "--metrics", f"127.0.0.1:{_free_port()}", database, f"127.0.0.1:{port}"]  # fmt: skip
    environment = {**os.environ, "MINIO_ROOT_USER": KEY, "MINIO_ROOT_PASSWORD": SECRET}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(lambda: _healthy(port), server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(60)
        shutil.rmtree(folder)


def _healthy(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/minio/health/live", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_for(ready: object, server: subprocess.Popen[bytes]) -> None:
    assert callable(ready)
    until = time.monotonic() + 60
    while not ready():
        assert server.poll() is None, "the server ended by itself"
        assert time.monotonic() < until, "the server did not come up within a minute"
        time.sleep(0.05)
