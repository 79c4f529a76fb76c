"""Walk one whole exchange on screen: a relay, a desk of two and a member of the forces, on this computer alone.

`make demo` runs it. Each step shows the command that a person would type; each command is the real one. Nothing leaves this
computer, and nothing is left on it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HOLDFIRE = [sys.executable, "-m", "holdfire.cli.main"]
#: What a search of the relay's disk must not find: words of both, of the file, and of the command to the desk.
WORDS = ("shields", "written down", "square-film", "urgent")
FILM = b"not a real film, but as large as a short one; " * 60_000
#: Nothing outside is asked: the relay is on this computer, so there is no proxy, and nobody sits here to say yes.
HERE = ("--proxy", "none", "--yes")


@dataclass(frozen=True)
class Person:
    """Somebody with a vault.

    Args:
        name: As the walk calls them.
        folder: Where their vault and papers lie.
    """

    name: str
    folder: Path

    @property
    def _vault(self) -> tuple[str, ...]:
        return ("--vault", str(self.folder / "notes"), "--passphrase-file", str(self.folder / "passphrase"))

    def prepare(self) -> None:
        """Make their vault; its passphrase lies beside it, which nobody should do outside a demonstration."""
        self.folder.mkdir()
        (self.folder / "passphrase").write_text("seven words that nobody else would ever say\n", "utf-8")
        holdfire("vault", "create", "--size", "64M", *self._vault)

    def does(self, *command: str, show: bool = True) -> str:
        """Show the command as they would type it, run it, show and return what it says."""
        print(f"\n  {self.name} $ holdfire {' '.join(_short(one) for one in command)}")
        said = holdfire(*command, *self._vault)
        if show:
            print("".join(f"    {line}\n" for line in said.splitlines()), end="")
        return said


def holdfire(*command: str) -> str:
    """Run one command of Holdfire and return what it says; RuntimeError with its own words if it refuses."""
    ran = subprocess.run([*HOLDFIRE, *command], capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    return ran.stdout


def main() -> None:
    """Walk through it, from the relay's start to the search of its disk."""
    with tempfile.TemporaryDirectory(prefix="holdfire-demo-") as folder:
        here = Path(folder)
        relay = subprocess.Popen(
            [*HOLDFIRE, "relay", "serve", "--folder", str(here / "relay"), "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        try:
            _walk(here, relay)
        finally:
            relay.terminate()
            relay.wait(30)
        _search(here / "relay")


def _walk(here: Path, relay: subprocess.Popen[str]) -> None:
    assert relay.stdout
    _step("A host starts a relay, on a machine that may be seized one day.")
    print("  host $ holdfire relay serve")
    origin, key = (relay.stdout.readline().split()[1] for _ in range(2))
    print(f"    Relay: {origin}\n    Key:   {key}")
    grant = holdfire("relay", "grant", "--folder", str(here / "relay")).strip()
    print("  host $ holdfire relay grant\n    (64 letters, given to the desk by hand)")

    desk, second, member = (Person(name, here / name) for name in ("desk", "second", "member"))
    for one in (desk, second, member):
        one.prepare()
    card, root = here / "card", here / "stick"

    _step("Lawyers make a desk. Its root goes to a stick, never into the vault.")
    made = desk.does(
        "desk", "init", "Lawyers for soldiers", "--relay", origin, "--key", key, "--grant", grant, "--root", str(root), *HERE
    )  # fmt: skip
    words = made.partition("Its eight words: ")[2].splitlines()[0]
    desk.does("desk", "card", "--out", str(card), show=False)

    _step("A second lawyer asks to belong to it, and says eight words on the telephone.")
    asked, invitation = here / "request", here / "invitation"
    said = second.does("desk", "request", "second", "--out", str(asked))
    spoken = said.partition("Its eight words: ")[2].splitlines()[0]
    desk.does("desk", "add", str(asked), "--words", spoken, "--root", str(root), "--out", str(invitation), *HERE)  # fmt: skip
    second.does("desk", "join", str(invitation), "--words", words)
    desk.does("desk", "publish", *HERE)

    _step(
        "A member of the forces gets the card, and hears the eight words by another way: on the telephone, say."
    )
    member.does("drop", "add-desk", str(card))
    member.does("drop", "confirm", "1", *words.split())

    _step("He has an order to report, and a film. Both are sealed on his computer before anything goes out.")
    film, text = here / "square-film.mp4", here / "text"
    film.write_bytes(FILM)
    text.write_text("We were told to fire once the shields are down.", "utf-8")
    member.does("evidence", "add", str(film))
    member.does("drop", "send", "1", "--kind", "order", "--answer", "ordered=fire", "--text", str(text), "--attach", "1", *HERE)  # fmt: skip
    kept = sum(path.stat().st_size for path in (here / "relay").rglob("*") if path.is_file())
    print(
        f"\n  What the relay has now: {kept:,} bytes of noise in entries and pieces of one size each, and a day."
    )

    _step("The desk reads it, fetches the film and labels it. The second lawyer answers, on her own device.")
    answer = here / "answer"
    answer.write_text(
        "You need not obey that. Ask for the order to be written down, and keep this film.", "utf-8"
    )
    desk.does("desk", "pull", *HERE)
    desk.does("desk", "accept", "1", *HERE)
    desk.does("desk", "label", "1", "urgent", *HERE)
    desk.does("desk", "read", "1")
    second.does("desk", "pull", *HERE)
    second.does("desk", "reply", "1", "--text", str(answer), *HERE)
    print("\n  An edition is the same size whether it answers one, many or nobody.")
    desk.does("desk", "publish", *HERE)

    _step("The member checks in: the same requests as anybody's. The desk's receipt empties his outbox.")
    told = member.does("drop", "check", "1", *HERE)
    if "written down" not in told:
        raise RuntimeError("The answer did not arrive.")
    member.does("drop", "outbox")


def _search(folder: Path) -> None:
    _step("The relay is seized. Its disk is searched for words of all this.")
    files = [path for path in folder.rglob("*") if path.is_file()]
    disk = b"".join(path.read_bytes() for path in files)
    for word in WORDS:
        print(f"  “{word}”: {'FOUND' if word.encode() in disk else 'not found'}")
    if FILM[:46] in disk or any(word.encode() in disk for word in WORDS):
        raise RuntimeError("Words stand on the relay's disk.")
    print(
        f"\nNothing of it stands in {len(files)} files, {len(disk):,} bytes. What was made for this walk is deleted."
    )


def _step(said: str) -> None:
    print(f"\n{said}")


def _short(word: str) -> str:
    """Return a word of a command as it fits on screen: a path as its name, 64 letters as their beginning."""
    if word.startswith(tempfile.gettempdir()):
        return Path(word).name
    if len(word) == 64 and " " not in word:  # noqa: PLR2004 — a key or a grant
        return f"{word[:6]}…"
    return f"'{word}'" if " " in word else word


if __name__ == "__main__":
    main()
