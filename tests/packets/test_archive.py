"""What a packet's file is: PDF/A-2b, judged by an examiner of our own, by qpdf, and by PDFBox's preflight."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from packets_drawn import WITNESS, made, small
from simulators.archive import faults

JAVA = Path("/usr/share/java")
JARS = ("preflight", "pdfbox2", "xmpbox", "fontbox2", "commons-logging", "javax.activation", "jaxb-api")


@pytest.fixture(scope="module")
def content() -> bytes:
    return made(small(), WITNESS)


def preflight(content: bytes, folder: Path) -> str:
    """Return what PDFBox's preflight says. It judges PDF/A-1b alone, so the part number is read to it as 1."""
    jars = [JAVA / f"{jar}.jar" for jar in JARS]
    if not shutil.which("java") or not all(jar.exists() for jar in jars):
        pytest.skip("PDFBox's preflight is not installed")
    file = folder / "packet.pdf"
    file.write_bytes(content.replace(b"<pdfaid:part>2<", b"<pdfaid:part>1<"))
    done = subprocess.run(
        ["java", "-cp", ":".join(map(str, jars)), "org.apache.pdfbox.preflight.Validator_A1b", file],
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    return done.stdout.decode() + done.stderr.decode()


def test_our_examiner_finds_no_fault(content: bytes) -> None:
    assert faults(content) == []


def test_preflight_finds_no_fault_and_does_find_faults(content: bytes, tmp_path: Path) -> None:
    assert "is a valid PDF/A-1b file" in preflight(content, tmp_path)
    assert "is not a valid" in preflight(changed(content, without_intent), tmp_path)
    assert "is not a valid" in preflight(changed(content, script), tmp_path)


def changed(content: bytes, change: Callable[[Pdf], None]) -> bytes:
    """Return the file after one change, else as it was."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        pdf.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            recompress_flate=False,
            compress_streams=False,
            static_id=True,
            fix_metadata_version=False,
        )
    return out.getvalue()


def without_intent(pdf: Pdf) -> None:
    del pdf.Root["/OutputIntents"]


def script(pdf: Pdf) -> None:
    pdf.Root["/OpenAction"] = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def launch(pdf: Pdf) -> None:
    pdf.Root["/OpenAction"] = Dictionary(S=Name.Launch, F=String("x"))


def actions(pdf: Pdf) -> None:
    pdf.pages[0].obj["/AA"] = Dictionary()


def font_outside(pdf: Pdf) -> None:
    one = next(
        one
        for one in pdf.objects
        if isinstance(one, Dictionary) and {"/FontFile2", "/FontFile3"} & set(one.keys())
    )
    for key in ("/FontFile2", "/FontFile3"):
        if key in one:
            del one[key]


def part(pdf: Pdf) -> None:
    old = pdf.Root.Metadata.read_bytes()
    pdf.Root.Metadata.write(old.replace(b"part>2<", b"part>3<"))


def level(pdf: Pdf) -> None:
    old = pdf.Root.Metadata.read_bytes()
    pdf.Root.Metadata.write(old.replace(b"conformance>B<", b"conformance>Z<"))


def no_metadata(pdf: Pdf) -> None:
    del pdf.Root["/Metadata"]


def xmp_header(pdf: Pdf) -> None:
    old = pdf.Root.Metadata.read_bytes()
    pdf.Root.Metadata.write(old.replace(b"<?xpacket begin", b'<?xpacket bytes="9" begin', 1))


def other_title(pdf: Pdf) -> None:
    pdf.trailer["/Info"] = pdf.make_indirect(Dictionary(Title=String("Another")))


def author(pdf: Pdf) -> None:
    pdf.trailer["/Info"] = pdf.make_indirect(Dictionary(Author=String("Somebody")))


def lzw(pdf: Pdf) -> None:
    pdf.Root["/Extra"] = Stream(pdf, b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", Filter=Name.LZWDecode)


def outside(pdf: Pdf) -> None:
    pdf.Root["/Extra"] = Stream(pdf, b"", F=String("elsewhere.bin"))


def embedded(pdf: Pdf) -> None:
    pdf.Root["/Extra"] = Dictionary(Type=Name.Filespec, EF=Dictionary(F=Stream(pdf, b"x")))


def broken_profile(pdf: Pdf) -> None:
    pdf.Root.OutputIntents[0].DestOutputProfile.write(b"no profile")


def wrong_colours(pdf: Pdf) -> None:
    pdf.Root.OutputIntents[0].DestOutputProfile["/N"] = 4


def cmyk(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"q 0 0 0 1 k Q")


def operator(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"q xyz Q")


def deep(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"q " * 30 + b"Q " * 30)


def transfer(pdf: Pdf) -> None:
    pdf.Root["/Extra"] = Dictionary(Type=Name.ExtGState, TR=Name.Identity)


def blend(pdf: Pdf) -> None:
    pdf.Root["/Extra"] = Dictionary(Type=Name.ExtGState, BM=Name("/Strange"))


def group(pdf: Pdf) -> None:
    without_intent(pdf)
    pdf.pages[0].obj["/Group"] = Dictionary(S=Name.Transparency)


def interpolate(pdf: Pdf) -> None:
    image = next(one for one in pdf.objects if isinstance(one, Stream) and one.get("/Subtype") == Name.Image)
    image["/Interpolate"] = True


def postscript(pdf: Pdf) -> None:
    pdf.Root["/Extra"] = Stream(pdf, b"", Type=Name.XObject, Subtype=Name.PS)


def movie(pdf: Pdf) -> None:
    pdf.pages[0].obj["/Annots"] = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Movie, Rect=[0, 0, 1, 1], F=4)]
    )


def hidden(pdf: Pdf) -> None:
    pdf.pages[0].obj["/Annots"] = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 1, 1], F=2)]
    )


def form(pdf: Pdf) -> None:
    pdf.Root["/AcroForm"] = Dictionary(Fields=[], NeedAppearances=True)


def long_name(pdf: Pdf) -> None:
    pdf.Root["/Extra"] = Name("/" + "x" * 128)


def long_string(pdf: Pdf) -> None:
    pdf.Root["/Extra"] = String("x" * 32_768)


def missing_sign(pdf: Pdf) -> None:
    page = pdf.pages[0]
    font = next(iter(page.obj.Resources.Font.keys()))
    page.contents_add(f"BT {font} 9 Tf <0000> Tj ET".encode())


FAULTS: dict[Callable[[Pdf], None], str] = {
    without_intent: "6.2.3", script: "6.5.1", launch: "6.5.1", actions: "6.5.2", font_outside: "6.2.11.4.1", part: "6.6.4",
    level: "6.6.4", no_metadata: "6.6.2", xmp_header: "6.6.2.1", other_title: "6.6.3", author: "6.6.3", lzw: "6.1.7.2",
    outside: "6.1.7.1", embedded: "6.8", broken_profile: "6.2.3", wrong_colours: "6.2.3", cmyk: "6.2.4.3", operator: "6.2.2",
    deep: "6.1.13", transfer: "6.2.5", blend: "6.2.10", group: "6.2.10", interpolate: "6.2.8", postscript: "6.2.9",
    movie: "6.3.1", hidden: "6.3.2", form: "6.4", long_name: "6.1.13", long_string: "6.1.13", missing_sign: "6.2.11.8",
}  # fmt: skip


@pytest.mark.parametrize("change", FAULTS, ids=lambda change: change.__name__)
def test_our_examiner_names_the_clause_of_a_single_fault(
    content: bytes, change: Callable[[Pdf], None]
) -> None:
    found = faults(changed(content, change))
    assert any(one.startswith(FAULTS[change]) for one in found), found


def test_a_file_saved_again_without_a_fault_has_none(content: bytes) -> None:
    assert faults(changed(content, lambda _: None)) == []


def test_faults_of_the_bytes_are_found(content: bytes) -> None:
    assert "6.1.2" in faults(content.replace(b"%\xe2\xe3\xcf\xd3", b"%abcd", 1))[0]
    assert any(one.startswith("6.1.3") for one in faults(content + b"more"))
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert any("6.1.3 encrypted" in one for one in faults(out.getvalue()))
    without = content.replace(b"/ID[", b"/IX[", 1)
    assert any("no ID" in one for one in faults(without))
