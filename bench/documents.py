"""Reading documents: a thousand pages of PDF beside bare pypdfium2, memory of the whole process, and the other forms."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import typst

from bench.measure import Measure, bench_folder, medians, small

PAGES = """
#set text(lang: "ru", hyphenate: true, size: 11pt)
#set page(header: [Закон о службе в органах #h(1fr) #context counter(page).display()], footer: align(center)[#context counter(page).display("— 1 —")])
#set par(justify: true)
#for i in range(1, COUNT) [
== Статья #i. Применение специальных средств
#i. Военнослужащий обязан исполнить приказание начальника точно, безоговорочно и в установленный законодательством срок, предварительно удостоверившись в компетентности. Запрещается применять огнестрельное оружие в отношении несовершеннолетних, женщин, инвалидов и при скоплении людей.

а) при скоплении людей;

б) в иных случаях.
]
"""

#: Reads all lines, then says how many, the seconds of computing with those of the reader's process, and the most memory (KiB) of both processes together while it read.
OURS = """
import os, sys
from pathlib import Path
from holdfire.documents.read import read_document
def high(pid):
    try:
        return int(Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0])
    except (OSError, IndexError):
        return 0
def children():
    return [pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]
most = count = 0
with open(sys.argv[1], "rb") as stream, read_document(stream, "x") as document:
    for line in document.lines():
        count += 1
        if count % 500 == 0:
            most = max(most, sum(map(high, children())))
print(count, sum(os.times()[:4]), most + high("self"))
"""

BARE = """
import os, sys
from pathlib import Path
import pypdfium2
document = pypdfium2.PdfDocument(sys.argv[1])
count = 0
for page in document:
    text = page.get_textpage()
    count += len(text.get_text_range().splitlines())
    text.close()
    page.close()
print(count, sum(os.times()[:4]), int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]))
"""

COUNT = "import sys, pypdfium2; print(len(pypdfium2.PdfDocument(sys.argv[1])))"

ARTICLE = "Статья {n}. Приказ отдаётся в письменном виде и подписывается начальником, который его отдал, не позднее срока исполнения."


def main() -> list[Measure]:
    """Read each form from a file, in a fresh process each time."""
    articles = 300 if small() else 5_600
    lines = 2_000 if small() else 40_000
    rounds = 1 if small() else 3
    with bench_folder() as folder:
        law = folder / "law.pdf"
        made = typst.compile(
            PAGES.replace("COUNT", str(articles)).encode(), format="pdf", ignore_system_fonts=True
        )
        assert isinstance(made, bytes)
        law.write_bytes(made)
        pages = int(ask(COUNT, law)[0])
        figures = {name: ask(script, law) for name, script in (("ours", OURS), ("bare", BARE))}
        times = medians(rounds, {
            "ours": lambda: ask(OURS, law)[1],
            "bare": lambda: ask(BARE, law)[1],
            "text": lambda: ask(OURS, text(folder, lines))[1],
            "html": lambda: ask(OURS, html(folder, lines))[1],
            "docx": lambda: ask(OURS, docx(folder, lines))[1],
        })  # fmt: skip
        sizes = {name: (folder / name).stat().st_size / 2**20 for name in ("law.txt", "law.html", "law.docx")}
    name = f"a PDF of {pages:,} pages ({len(made) / 2**20:.0f} MiB)"
    return [
        Measure(f"{name}, memory of both processes", figures["ours"][2] / 1024, "MiB", figures["bare"][2] / 1024, "bare pypdfium2, its text alone", bound=200),
        Measure(f"{name}, computing", times["ours"], "s", times["bare"], "bare pypdfium2, its text alone"),
        Measure(f"text, {sizes['law.txt']:.0f} MiB, computing", times["text"], "s"),
        Measure(f"HTML, {sizes['law.html']:.0f} MiB, computing", times["html"], "s"),
        Measure(f"DOCX, {sizes['law.docx']:.1f} MiB packed, computing", times["docx"], "s"),
    ]  # fmt: skip


def ask(script: str, path: Path) -> tuple[float, ...]:
    """Return what a script prints in a process of its own."""
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        check=True,
        capture_output=True,
        text=True,
        env=surroundings,
    )
    found = tuple(map(float, done.stdout.split()))
    assert found[0] > 0
    return found


def text(folder: Path, count: int) -> Path:
    path = folder / "law.txt"
    if not path.exists():
        path.write_text("\n\n".join(ARTICLE.format(n=number) for number in range(count)), "utf-8")
    return path


def html(folder: Path, count: int) -> Path:
    path = folder / "law.html"
    if not path.exists():
        path.write_text(
            "<html><meta charset=utf-8>"
            + "".join(f"<p>{ARTICLE.format(n=number)}</p>" for number in range(count)),
            "utf-8",
        )
    return path


def docx(folder: Path, count: int) -> Path:
    path = folder / "law.docx"
    if not path.exists():
        body = "".join(
            f"<w:p><w:r><w:t>{ARTICLE.format(n=number)}</w:t></w:r></w:p>" for number in range(count)
        )
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(
                "word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
            )
        path.write_bytes(out.getvalue())
    return path
