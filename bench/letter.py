"""A two-page letter from a file of answers, whole process, beside bare typst on the same document."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

from bench.measure import Measure, bench_folder, medians, small
from holdfire.journeys.write_letter import Draft, compose_here
from holdfire.letters.answers import parse_answers
from holdfire.letters.plain import plain_letter
from holdfire.pack.reader import read

ANSWERS = """
to: The prosecutor of the district
from: Sergeant A. Example
order_words: Everybody to the square at six. Nobody passes.
order_heard: 22 November, evening
facts:
%s
requests: [Examine whether this order has a basis in law., Tell me what you decide.]
provisions: [iccpr-6, iccpr-21, ccleo-3, by-const-2]
"""
FACT = "  - On the evening of the 22nd the platoon was told what is written above; nothing was shown on paper, and no rule was named."

#: What there is at least to do: start Python, set the page, write it.
BARE = """
import sys, typst
template, values, out = sys.argv[1:]
made = typst.compile(open(template, "rb").read(), format="pdf", ignore_system_fonts=True, pdf_standards="ua-1",
                     sys_inputs={"letter": open(values).read()})
open(out, "wb").write(made)
"""


def main() -> list[Measure]:
    """Measure the CPU time, user and system, of whole processes; compiled modules are there, as after any first run."""
    template = Path(__file__).parents[1] / "src" / "holdfire" / "letters" / "templates" / "letter.typ"
    with bench_folder() as folder:
        answers, values, script = folder / "answers.yaml", folder / "values.json", folder / "bare.py"
        answers.write_text(ANSWERS % "\n".join([FACT] * 12), "utf-8")
        draft = Draft("complaint", ("en",), parse_answers(read(answers.read_bytes(), "answers.yaml")))
        values.write_text(json.dumps(plain_letter(compose_here(draft, None)), sort_keys=True), "utf-8")
        script.write_text(BARE, "utf-8")
        letter = ["-m", "holdfire.cli.main", "letter", "new", "complaint", "--answers", str(answers), "--out"]
        taken = medians(3 if small() else 21, {
            "ours": lambda: cpu([*letter, str(folder / "ours.pdf")], folder / "ours.pdf"),
            "bare": lambda: cpu([str(script), str(template), str(values), str(folder / "bare.pdf")], folder / "bare.pdf"),
            "python": lambda: cpu(["-c", "pass"], None),
        })  # fmt: skip
    # Bare typst runs in a Python of its own, so that Python's start is in its figure already.
    return [
        Measure("a two-page letter, whole process, CPU", taken["ours"], "ms", taken["bare"], "bare typst with Python's start",
                ratio_goal=1 / 1.2),
        Measure("of that, Python's start", taken["python"], "ms"),
    ]  # fmt: skip


def cpu(arguments: list[str], made: Path | None) -> float:
    """Return the milliseconds of CPU that one Python process took; the file it makes is removed."""
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=plain)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if made is not None:
        assert made.stat().st_size > 1_000
        made.unlink()
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1_000
