"""Office files and papers whose text is kept: what is read is there, what was hidden or beside it is not."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

import pikepdf
import pytest

import originals
from holdfire.evidence.copies.form import Form
from holdfire.evidence.copies.refusals import CopyRefusedError
from holdfire.evidence.copies.scrub import scrub
from holdfire.evidence.copies.working_copy import KEPT_TEXT


def text_of(pdf: bytes, folder: Path) -> str:
    (folder / "copy.pdf").write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-layout", "copy.pdf", "-"], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


@pytest.mark.parametrize("form", [Form.DOCX, Form.ODT])
def test_text_and_tables_are_there_and_hidden_words_are_not(form: Form, tmp_path: Path) -> None:
    seen = text_of(scrub(originals.rich(form)).data, tmp_path)
    assert "Everybody to the square." in seen
    assert "six" in seen
    for word in ("Secretname", "unseen", "deleted", "comment"):
        assert word not in seen
    if form is Form.DOCX:
        assert "# [x] $y$ Приказ" in seen
        assert "Seen," in seen
        assert "o’clock" in seen


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("<text:p>" * 400 + "</text:p>" * 400, "damaged"),
        ("<text:p>open", "damaged"),
        ("<text:p>\U0001f4a9</text:p>", "lack a sign"),
    ],
)
def test_an_office_file_that_is_not_well_made_is_refused(body: str, sentence: str) -> None:
    with pytest.raises(CopyRefusedError, match=sentence):
        scrub(originals.odt_file(body))


def with_parts(*parts: tuple[str, str]) -> bytes:
    out = io.BytesIO(originals.odt_file())
    with zipfile.ZipFile(out, "a") as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:\\x", "a/../../b", "..\\x"])
def test_parts_that_lead_outside_are_refused(name: str) -> None:
    with pytest.raises(CopyRefusedError, match="lead outside"):
        scrub(with_parts((name, "x")))


def test_two_parts_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = with_parts(("content.xml", "<x/>"))
    with pytest.raises(CopyRefusedError, match="damaged"):
        scrub(data)


def test_declared_entities_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", bomb)
    with pytest.raises(CopyRefusedError, match="entities"):
        scrub(out.getvalue())


def test_more_parts_than_an_office_program_makes_are_refused() -> None:
    with pytest.raises(CopyRefusedError, match="more than"):
        scrub(with_parts(*((f"p{number}", "") for number in range(5_001))))


def test_a_papers_text_can_be_kept_without_what_is_beside_it(tmp_path: Path) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(originals.rich(Form.PDF))) as paper:
        paper.docinfo["/Author"] = originals.SECRET
        paper.attachments["hidden.txt"] = b"Anna Secretname"
        paper.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('Secretname')")
        )
        page = paper.pages[0]
        page.obj.Annots = pikepdf.Array([
            pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents="Secretname")
        ])  # fmt: skip
        page.obj.PieceInfo = pikepdf.Dictionary(Anna=pikepdf.Dictionary(LastModified="D:2020"))
        photo = paper.make_stream(originals.saved(originals.scene(), "JPEG", comment="Secretname"))
        photo.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 160, "/Height": 120,
                      "/ColorSpace": pikepdf.Name.DeviceRGB, "/BitsPerComponent": 8, "/Filter": pikepdf.Name.DCTDecode})  # fmt: skip
        page.add_resource(photo, pikepdf.Name.XObject, pikepdf.Name.Im0)
        page.contents_add(b"% Secretname\n q 50 0 0 50 0 0 cm /Im0 Do Q")
        page.contents_add(b"/Span <</ActualText (Secretname)>> BDC EMC")
        paper.save(out, compress_streams=False)
    original = out.getvalue()
    copy = scrub(original, keep_text=True)
    with pikepdf.open(io.BytesIO(copy.data)) as read:
        everything = b"".join(
            held.read_raw_bytes() + (held.read_bytes() if held.get("/Filter") == "/FlateDecode" else b"")
            for held in read.objects
            if isinstance(held, pikepdf.Stream)
        )
        assert b"Im0" in everything
    assert b"Secretname" in original
    assert b"Secretname" not in copy.data + everything
    assert KEPT_TEXT in copy.left
    assert text_of(copy.data, tmp_path).split() == ["Everybody", "to", "the", "square.", "Second", "page."]


@pytest.mark.parametrize("filter_name", ["/JPXDecode", "/JBIG2Decode", "/LZWDecode", "/RunLengthDecode"])
def test_packings_that_may_hold_more_are_refused_when_text_is_kept(filter_name: str) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(originals.plain(Form.PDF))) as paper:
        held = paper.make_stream(b"x")
        held.update({"/Subtype": pikepdf.Name.Image, "/Filter": pikepdf.Name(filter_name)})
        paper.pages[0].add_resource(held, pikepdf.Name.XObject, pikepdf.Name.Im0)
        paper.save(out, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    with pytest.raises(CopyRefusedError, match="cannot be kept"):
        scrub(out.getvalue(), keep_text=True)


def test_layers_and_locks_are_refused() -> None:
    layered, locked = io.BytesIO(), io.BytesIO()
    with pikepdf.open(io.BytesIO(originals.plain(Form.PDF))) as paper:
        paper.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
        paper.Root.OCProperties = pikepdf.Dictionary()
        paper.save(layered)
    with pytest.raises(CopyRefusedError, match="cannot be kept"):
        scrub(layered.getvalue(), keep_text=True)
    for keep_text in (True, False):
        with pytest.raises(CopyRefusedError, match="password"):
            scrub(locked.getvalue(), keep_text=keep_text)


def changed(paper: bytes, part: str, before: bytes, after: bytes) -> bytes:
    """Return an office file in which one part says something else."""
    read, out = zipfile.ZipFile(io.BytesIO(paper)), io.BytesIO()
    assert before in read.read(part)
    with zipfile.ZipFile(out, "w") as archive:
        for name in read.namelist():
            content = read.read(name)
            archive.writestr(name, content.replace(before, after) if name == part else content)
    return out.getvalue()


_UNSEEN_STYLE = (
    b'<style:style xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" style:name="T1">'
    b'<style:text-properties text:display="none"/></style:style><office:body>'
)
_ROW = "<table:table-cell><text:p>{}</text:p></table:table-cell></table:table-row>"
_TABLE = (
    f"<table:table><table:table-row>{_ROW.format('six')}"
    f'<table:table-row table:visibility="collapse">{_ROW.format("Secretname")}</table:table>'
)


@pytest.mark.parametrize(
    "hidden",
    [
        '<text:section text:display="none"><text:p>Secretname</text:p></text:section>',
        '<text:p>a <text:span text:style-name="T1">Secretname</text:span></text:p>',
        _TABLE,
    ],
    ids=("section", "style", "row"),
)
def test_sections_styles_and_rows_that_are_hidden_do_not_become_words(hidden: str, tmp_path: Path) -> None:
    paper = originals.odt_file(f"{hidden}<text:p>Everybody.</text:p>")
    paper = changed(paper, "content.xml", b"<office:body>", _UNSEEN_STYLE)
    seen = text_of(scrub(paper).data, tmp_path)
    assert "Everybody." in seen
    assert "Secretname" not in seen


def test_words_hidden_by_a_tracked_change_stay_hidden(tmp_path: Path) -> None:
    change = b'<w:rPrChange w:id="1" w:author="A"><w:rPr><w:vanish w:val="0"/></w:rPr></w:rPrChange>'
    paper = changed(originals.docx_file(), "word/document.xml", b"<w:vanish/>", b"<w:vanish/>" + change)
    seen = text_of(scrub(paper).data, tmp_path)
    assert "Seen," in seen
    assert "unseen" not in seen
