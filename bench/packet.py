"""A packet of 1,000 pages: time and peak memory, beside one document of typst and a join that pikepdf saves at its end."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from bench.measure import Measure, bench_folder, small

PAGES = 1_000

#: Each part runs in a process of its own and prints its seconds and the MiB it took above its start, its own and its children's.
HEAD = """
import hashlib, io, json, resource, sys, time
kind, folder, pages = sys.argv[1], sys.argv[2], int(sys.argv[3])
from holdfire.packets.make import Making
from holdfire.packets.packet import Exhibit, Packet, Rows, Section, Paragraph
from holdfire.packets.people import Remover
import pikepdf, typst
WORDS = "The platoon was told what is written above; nothing was shown on paper, and Heron heard it. "
def peak():
    # Not getrusage: its peak is that of the process before it became this one.
    with open("/proc/self/status") as stream:
        return next(int(line.split()[1]) for line in stream if line.startswith("VmHWM")) / 1024
start, begun = peak(), time.perf_counter()
def end():
    print(json.dumps([time.perf_counter() - begun, peak() - start,
                      resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024]))
def exhibit(form, path):
    def content():
        with open(path, "rb") as stream:
            yield from iter(lambda: stream.read(65536), b"")
    return Exhibit("One", form, 1, "0" * 64, "2026-11-22", content)
def packet(one):
    made = Making(Packet("Referral", (), (Section("Order", (Paragraph(WORDS),)),), (one,)), Remover(["Owl"]))
    with open(f"{folder}/{kind}.out", "wb") as stream:
        for piece in made.pieces():
            stream.write(piece)
    assert made.pages >= pages, made.pages
"""
PARTS = {
    "scan": 'packet(exhibit("pdf", f"{folder}/scan.pdf")); end()',
    "text": 'packet(exhibit("text", f"{folder}/long.txt")); end()',
    "typst": """
from holdfire.packets.reading import lines_of
from holdfire.packets.setting import Sheet, set_pages, text_pages
made = set_pages(Sheet(text_pages(lines_of(open(f"{folder}/long.txt").read())), 1, "{number}"))
end()""",
    "pikepdf": """
from holdfire.packets.pictures import Drawing
joined = pikepdf.new()
one = exhibit("pdf", f"{folder}/scan.pdf")
with Drawing(one.content(), "pdf", 1) as drawing:
    for number in range(drawing.pages):
        about, jpeg = drawing.picture(number)
        joined.add_blank_page(page_size=(595, 842))
        page = joined.pages[-1]
        space = pikepdf.Name.DeviceGray if about["grey"] else pikepdf.Name.DeviceRGB
        image = pikepdf.Stream(joined, jpeg, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=about["width"], Height=about["height"],
                               BitsPerComponent=8, ColorSpace=space, Filter=pikepdf.Name.DCTDecode)
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Drawn=image))
        page.obj.Contents = pikepdf.Stream(joined, b"q 480 0 0 700 56 65 cm /Drawn Do Q")
joined.save(f"{folder}/pikepdf.out")
end()""",
}  # fmt: skip
LINE = "Line {number} of a long record: the platoon was told what stands above, and nothing was shown.\n"


def main() -> list[Measure]:
    """Measure whole makings, files read from and written to the disk, a vault aside."""
    pages = 40 if small() else PAGES
    with bench_folder() as folder:
        (folder / "long.txt").write_text(
            "".join(LINE.format(number=number) for number in range(pages * 64)), "utf-8"
        )
        _scan(folder / "scan.pdf", pages)
        taken = {name: _run(name, folder, pages) for name in PARTS}
    return [
        Measure("a packet of 1,000 scanned pages", taken["scan"][0], "s", taken["pikepdf"][0], "drawn, pikepdf saves at the end"),
        Measure("of that, peak memory above start", taken["scan"][1], "MiB", taken["pikepdf"][1], "the same", bound=200),
        Measure("of that, the drawing process", taken["scan"][2], "MiB", bound=200),
        Measure("a packet of 1,000 pages of text", taken["text"][0], "s", taken["typst"][0], "one document of typst, same pages"),
        Measure("of that, peak memory above start", taken["text"][1], "MiB", taken["typst"][1], "the same", bound=200),
    ]  # fmt: skip


def _scan(out: Path, pages: int) -> None:
    """Write a PDF of pages of text, each different, as a scanner's words would be."""
    import typst  # noqa: PLC0415

    words = "The platoon was told what is written above; nothing was shown on paper. " * 30
    tpl = b'#set document(date: none)\n#set page(paper: "a4")\n#for n in range(int(sys.inputs.n)) { page[#(n + int(sys.inputs.first)) #sys.inputs.words] }'
    parts = []
    import pikepdf  # noqa: PLC0415

    joined = pikepdf.new()
    for start in range(0, pages, 40):
        count = min(40, pages - start)
        made = typst.compile(
            tpl,
            format="pdf",
            ignore_system_fonts=True,
            sys_inputs={"n": str(count), "first": str(start), "words": words},
        )
        path = out.with_suffix(f".{hashlib.sha256(str(start).encode()).hexdigest()[:8]}")
        path.write_bytes(made)
        part = pikepdf.open(path)
        parts.append(part)
        joined.pages.extend(part.pages)
    joined.save(out)


def _run(name: str, folder: Path, pages: int) -> tuple[float, float, float]:
    done = subprocess.run(
        [sys.executable, "-c", HEAD + PARTS[name], name, str(folder), str(pages)],
        check=True,
        capture_output=True,
    )
    seconds, own, children = json.loads(done.stdout)
    return seconds, own, children
