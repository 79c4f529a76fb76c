"""Set up and run Holdfire from a checkout, with nothing but Python 3.11 and pip.

`python3 dev.py run` opens the app, `demo` shows an exchange, `test` runs every test, `check` runs lint and types,
`bench` prints the measures. uv is put in a folder of the project, because Debian's own
Python refuses `pip install` (PEP 668). Without root nothing outside the checkout changes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOLS = HERE / ".tools"
UV_VERSION = "0.13.9"
#: What the tests hold the program against, as Debian names it, each with the command it brings.
PUBLIC_TOOLS = {
    "chromium": "chromium",
    "firefox-esr": "firefox-esr",
    "age": "age",
    "epubcheck": "epubcheck",
    "libimage-exiftool-perl": "exiftool",
    "default-jre-headless": "java",
    "libpdfbox2-java": "",
    "libjaxb-api-java": "",
    "openssl": "openssl",
    "tor": "tor",
    "systemd": "systemd-analyze",
    "poppler-utils": "pdftotext",
    "postgresql": "psql",
    "xvfb": "Xvfb",
    "fonts-dejavu-core": "",
    "gir1.2-webkit2-4.1": "",
    "python3-gi": "",
}


def uv() -> str:
    """Return the path of uv, installing it into the project's own folder when it is missing."""
    local = TOOLS / "bin" / "uv"
    if local.exists():
        return str(local)
    found = shutil.which("uv")
    if found:
        return found
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--quiet",
        "--disable-pip-version-check",
        "--root-user-action=ignore",
        "--target",
        str(TOOLS),
        f"uv=={UV_VERSION}",
    ]
    if subprocess.run(command, check=False).returncode or not local.exists():
        sys.exit("uv could not be installed. Install Python's pip (python3-pip) or uv, then try again.")
    return str(local)


def environment() -> dict[str, str]:
    """Return the environment for uv: this machine's Python and certificates, never downloaded ones."""
    return {
        **os.environ,
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_SYSTEM_CERTS": "true",
        "UV_PROJECT_ENVIRONMENT": str(HERE / ".venv"),
    }


def sync(*groups: str) -> None:
    """Install exactly what the lock file names for `groups`."""
    chosen = [word for group in groups for word in ("--group", group)]
    run([uv(), "sync", "--quiet", "--locked", "--inexact", "--no-default-groups", *chosen])


def run(command: list[str]) -> None:
    """Run `command` in the project folder and stop with its exit code if it fails."""
    code = subprocess.run(command, check=False, cwd=HERE, env=environment()).returncode
    if code:
        sys.exit(code)


def tool(name: str, *arguments: str) -> None:
    """Run a command of the project's own environment."""
    run([str(HERE / ".venv" / "bin" / name), *arguments])


def install_public_tools() -> None:
    """Install the browsers and public tools the tests use, where this is root on a Debian machine."""
    missing = [package for package, command in PUBLIC_TOOLS.items() if command and not shutil.which(command)]
    if not missing:
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        print(f"Tests that need these will say so and be skipped: {', '.join(missing)}", file=sys.stderr)
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PUBLIC_TOOLS],
    ):
        subprocess.run(command, check=True, env=quiet, stdout=subprocess.DEVNULL)


def task_run(arguments: list[str]) -> None:
    """Open the app."""
    sync()
    tool("holdfire", "open", *arguments)


def task_demo(_: list[str]) -> None:
    """Walk one exchange between a member and a desk on screen, over a relay on this computer."""
    sync()
    tool("python", "-u", "demo.py")


def task_test(arguments: list[str]) -> None:
    """Install what the tests need and run them all."""
    install_public_tools()
    sync("test", "check", "bench")
    # Every core takes whole files; more than four browsers at once only wait for each other.
    spread = (
        ()
        if arguments
        else (
            *("--numprocesses", "auto", "--maxprocesses", "4", "--dist", "loadfile"),
            "--no-loadscope-reorder",  # else files with few tests, the browser tours, come last and one core waits
        )
    )
    tool("python", "-m", "pytest", *spread, *arguments)


def task_nightly(arguments: list[str]) -> None:
    """Run the long tests: a thousand kills, every write torn, ten million cases for the decoders."""
    task_test(["-m", "nightly", *arguments])
    if not arguments:
        task_fuzz([])


def task_fuzz(arguments: list[str]) -> None:
    """Look for bytes that a decoder neither reads nor refuses."""
    sync("test", "fuzz")
    tool("python", "tests/attacks/fuzz.py", *arguments)


def task_check(_: list[str]) -> None:
    """Run lint, format, types and the import contracts."""
    sync("test", "check", "bench")
    tool("ruff", "check", ".")
    tool("ruff", "format", "--check", ".")
    tool("mypy", "src/holdfire", "tests", "bench", "dev.py", "demo.py")
    tool("lint-imports", "--no-cache")


def task_format(_: list[str]) -> None:
    """Format the code and mend what ruff can mend."""
    sync("check")
    tool("ruff", "check", "--fix", ".")
    tool("ruff", "format", ".")


def task_bench(arguments: list[str]) -> None:
    """Print every measure beside its peer."""
    sync("test", "bench")
    tool("python", "-m", "bench", *arguments)


def task_vectors(_: list[str]) -> None:
    """Write the format's vectors again; the tests allow no difference."""
    sync("test")
    tool("python", "tests/vectors/generate.py")
    tool("python", "tests/vectors/make_relay.py")


def task_messages(_: list[str]) -> None:
    """Write the catalogue of every sentence the program can say."""
    sync("check")
    catalogue = "src/holdfire/locale/holdfire.pot"
    tool("pybabel", "--quiet", "extract", "-F", "babel.cfg", "-k", "mark", "--omit-header", "--no-wrap", "--no-location",
         "--sort-output", "-o", catalogue, "src")  # fmt: skip


def task_pictures(arguments: list[str]) -> None:
    """Take the pictures of real pages that the README shows."""
    install_public_tools()
    sync("test")
    tool("python", "docs/pictures/draw_house.py")
    tool("python", "docs/pictures/take.py", *arguments)


TASKS = {name.removeprefix("task_"): value for name, value in globals().items() if name.startswith("task_")}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in TASKS:  # noqa: PLR2004
        sys.exit(f"Use: python3 dev.py {'|'.join(TASKS)}")
    TASKS[sys.argv[1]](sys.argv[2:])
