"""T32 at night: atheris looks for bytes that a decoder neither reads nor refuses, led by the lines and comparisons that they reach.

`python tests/attacks/fuzz.py` runs every decoder in a process of its own; `--cases` is how many there are in all, and
`--only NAME` runs one of them here. What was found lies beside the corpus, in `--folder`.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
# What is imported while this holds tells the fuzzer which lines and comparisons were reached.
with atheris.instrument_imports(include=["holdfire.wire", "holdfire.conversation", "holdfire.relay.answer"]):
    from attacks.test_t32_spoilt_bytes import DECODERS, feed

_CASES = 10_000_000
#: A bucket has a MiB; more bytes than a decoder takes teach nothing.
_LONGEST = 1 << 21
_MOST_MEMORY_MB = 1_024
_SECONDS_A_CASE = 10


def fuzz(name: str, folder: Path, cases: int) -> None:
    """Feed one decoder; ends the process, with 0 if each case was read or refused."""
    decoder, corpus = DECODERS[name], folder / re.sub(r"\W", "-", name)
    corpus.mkdir(parents=True, exist_ok=True)
    (corpus / "right").write_bytes(decoder.valid)
    atheris.Setup(
        [
            sys.argv[0],
            f"-runs={cases}",
            f"-max_len={min(_LONGEST, 2 * len(decoder.valid) + 64)}",
            f"-rss_limit_mb={_MOST_MEMORY_MB}",
            f"-timeout={_SECONDS_A_CASE}",
            f"-artifact_prefix={corpus}-found-",
            "-verbosity=0",
            "-print_final_stats=1",
            str(corpus),
        ],
        lambda untrusted: feed(decoder.read, untrusted),
    )
    atheris.Fuzz()


def _fuzz_apart(name: str, folder: Path, cases: int) -> tuple[str, int, str]:
    command = [sys.executable, __file__, "--only", name, "--folder", str(folder), "--cases", str(cases)]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    done = re.search(r"number_of_executed_units: (\d+)", ran.stderr)
    if ran.returncode or done is None:
        return name, 0, ran.stderr[-4_000:]
    return name, int(done[1]), ""


def fuzz_all(folder: Path, cases: int) -> bool:
    """Feed every decoder with its share of `cases`, and say whether each case was read or refused."""
    whole, fed, found = sum(one.share for one in DECODERS.values()), 0, 0
    with ThreadPoolExecutor(cpu_count()) as pool:
        made = [
            pool.submit(_fuzz_apart, name, folder, 1 + cases * one.share // whole)
            for name, one in DECODERS.items()
        ]
        for one in made:
            name, count, wrong = one.result()
            fed, found = fed + count, found + bool(wrong)
            print(f"{name}: {count:,} cases{': NEITHER READ NOR REFUSED' if wrong else ''}\n{wrong}".rstrip())
    print(f"In all {fed:,} cases; decoders with a fault: {found}.")
    return not found


def main() -> None:
    """Run what the command line says."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=_CASES)
    options.add_argument("--only", choices=sorted(DECODERS))
    options.add_argument("--folder", type=Path)
    given = options.parse_args()
    folder: Path = given.folder or Path(tempfile.mkdtemp(prefix="fuzz-"))
    if given.only:
        fuzz(given.only, folder, given.cases)
        return
    print(f"Corpus and findings: {folder}", flush=True)
    sys.exit(not fuzz_all(folder, given.cases))


if __name__ == "__main__":
    main()
