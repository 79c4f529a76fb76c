"""A Tor network of one's own on this computer: authorities, relays and a client, none of which knows any other network."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

AUTHORITIES: Final = 3
#: A path has three hops, a meeting place is one more, and a service's neighbours are kept apart from both.
RELAYS: Final = 5
_START_SECONDS: Final = 240
#: Less than a command is given in a test: tor itself says that it did not get through.
_SOCKS_SECONDS: Final = 60
#: Votes every ten seconds, so that a network stands in less than a minute, and four of them for a busy computer to answer.
_VOTES: Final = """
V3AuthVotingInterval 10
V3AuthVoteDelay 2
V3AuthDistDelay 2
TestingV3AuthInitialVotingInterval 10
TestingV3AuthInitialVoteDelay 2
TestingV3AuthInitialDistDelay 2
AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
ContactInfo nobody
TestingDirAuthVoteGuard *
TestingDirAuthVoteHSDir *
TestingDirAuthVoteExit *
TestingMinExitFlagThreshold 0
MinUptimeHidServDirectoryV2 0
AuthDirMaxServersPerAddr 0
"""
#: Eight routers are too few to keep some apart for the second hop alone: a set of them is soon empty.
_KNOWN: Final = "TestingTorNetwork 1\nVanguardsLiteEnabled 0\n"


@dataclass(frozen=True)
class TorNetwork:
    """A network that stands.

    Args:
        proxy: Where its client takes SOCKS connections, `127.0.0.1:port`.
        programs: A folder with a `tor` that joins this network alone, to be put before all others in `PATH`.
        names: Of each process, its folder; `log` in it says what it did.
    """

    proxy: str
    programs: Path
    names: tuple[Path, ...]


def _port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _identity(folder: Path, port: int) -> str:
    """Make an authority's keys, and return the fingerprint of the one that signs votes."""
    keys = folder / "keys"
    keys.mkdir(parents=True, mode=0o700)
    subprocess.run(
        ["tor-gencert", "--create-identity-key", "-m", "12", "-a", f"127.0.0.1:{port}", "--passphrase-fd", "0"],
        input=b"nobody\n", cwd=keys, check=True, capture_output=True,
    )  # fmt: skip
    certificate = (keys / "authority_certificate").read_text("ascii")
    return certificate.partition("fingerprint ")[2].split()[0]


def _fingerprint(folder: Path, lines: str) -> str:
    """Return the fingerprint of a router's key, which tor makes when it is asked."""
    (folder / "torrc").write_text(lines, "ascii")
    said = subprocess.run(
        ["tor", "--list-fingerprint", "-f", folder / "torrc", "--defaults-torrc", "/dev/null", "--quiet"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return re.sub(r"\s", "", said.partition(" ")[2])


@contextmanager
def tor_network(folder: Path) -> Iterator[TorNetwork]:
    """Run a network for as long as the block runs."""
    routers = [(folder / f"{place}", _port(), _port()) for place in range(AUTHORITIES + RELAYS)]
    known, authorities = _KNOWN, set()
    for place, (home, onion, directory) in enumerate(routers[:AUTHORITIES]):
        votes = _identity(home, directory)
        own = _router(home, onion) + f"DirPort 127.0.0.1:{directory}\n" + _VOTES
        named = f"DirAuthority a{place} orport={onion} v3ident={votes} 127.0.0.1:{directory} "
        known += named + _fingerprint(home, _KNOWN + named + "F" * 40 + "\n" + own) + "\n"
        authorities.add(home)
    client, socks = folder / "client", _port()
    with ExitStack() as stack:
        for home, onion, directory in routers:
            votes = f"DirPort 127.0.0.1:{directory}\n" + _VOTES if home in authorities else ""
            stack.enter_context(_running(home, known + _router(home, onion) + votes))
        _wait(lambda: all(_known_routers(home) == len(routers) for home in authorities))
        stack.enter_context(
            _running(
                client, known + _own(client) + f"SocksPort 127.0.0.1:{socks}\nSocksTimeout {_SOCKS_SECONDS}\n"
            )
        )
        _wait(lambda: "Bootstrapped 100%" in (client / "log").read_text("ascii"))
        yield TorNetwork(
            f"127.0.0.1:{socks}", _programs(folder, known), tuple(home for home, _, _ in routers)
        )


def _own(home: Path) -> str:
    return f'DataDirectory "{home}"\nLog notice file {home / "log"}\n'


def _router(home: Path, port: int) -> str:
    return (
        _own(home)
        + f"SocksPort 0\nAddress 127.0.0.1\nORPort 127.0.0.1:{port}\nNickname r{home.name}\nExitRelay 0\n"
        # A router that asks first whether it is reached needs the others to be there, which wait for the same.
        "AssumeReachable 1\n"
    )


@contextmanager
def _running(home: Path, lines: str) -> Iterator[None]:
    home.mkdir(mode=0o700, exist_ok=True)
    (home / "torrc").write_text(lines, "ascii")
    process = subprocess.Popen(
        ["tor", "-f", home / "torrc", "--defaults-torrc", "/dev/null", "--quiet"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _wait(is_there: Callable[[], bool]) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        with suppress(FileNotFoundError):
            if is_there():
                return
        time.sleep(0.5)
    raise TimeoutError


def _known_routers(authority: Path) -> int:
    """Return how many routers stand in the list on which the authorities have agreed."""
    return len(re.findall(r"^r ", (authority / "cached-consensus").read_text("ascii"), re.MULTILINE))


def _programs(folder: Path, known: str) -> Path:
    """Make a `tor` that reads the settings it is given, and after them those of this network."""
    programs, there = folder / "programs", subprocess.run(
        ["which", "tor"], check=True, capture_output=True, text=True
    ).stdout.strip()  # fmt: skip
    programs.mkdir()
    (folder / "known").write_text(known, "ascii")
    wrapper = programs / "tor"
    wrapper.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = -f ] && [ "$#" -gt 2 ]; then\n'
        f'  cat "$2" "{folder / "known"}" > "$2.network"; settings=$2.network; shift 2\n'
        f'  exec "{there}" -f "$settings" "$@"\n'
        "fi\n"
        f'exec "{there}" "$@"\n',
        "ascii",
    )
    wrapper.chmod(0o755)
    return programs


if __name__ == "__main__":
    import tempfile

    with tor_network(Path(tempfile.mkdtemp())) as network:
        print(network, os.getpid())
