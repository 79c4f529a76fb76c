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
from holdfire.evidence.copies.working_copy import KEPT_TEXT, Trace


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
    b'<style:style xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" style:family="text" style:name="T1">'
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


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word_file(body: str, styles: str = "") -> bytes:
    """Return a DOCX whose body and styles are these."""
    paper = originals.docx_file()
    with zipfile.ZipFile(io.BytesIO(paper)) as archive:
        text, looks = archive.read("word/document.xml"), archive.read("word/styles.xml")
    paper = changed(paper, "word/styles.xml", looks, f"<w:styles {_W}>{styles}</w:styles>".encode())
    whole = f"<w:document {_W}><w:body>{body}</w:body></w:document>"
    return changed(paper, "word/document.xml", text, whole.encode())


def _style(name: str, properties: str, kind: str = "character") -> str:
    return f'<w:style w:type="{kind}" w:styleId="{name}">{properties}</w:style>'


_NAMED = '<w:p><w:r><w:rPr><w:rStyle w:val="{}"/></w:rPr><w:t>Secretname</w:t></w:r></w:p>'
_PLAIN = "<w:p><w:r><w:t>Secretname</w:t></w:r></w:p>"
_GONE = "<w:rPr><w:vanish/></w:rPr>"
_HIDDEN_ROW = f"<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc>{_PLAIN}</w:tc></w:tr></w:tbl>"
_BOX = f"<w:p><w:r>{_GONE}<w:pict><w:txbxContent>{_PLAIN}</w:txbxContent></w:pict></w:r></w:p>"
_PARAGRAPH = '<w:p><w:pPr><w:pStyle w:val="P"/></w:pPr><w:r><w:t>Secretname</w:t></w:r></w:p>'
_DOCX = {
    "run style": (_NAMED.format("H"), _style("H", _GONE)),
    "inherited": (_NAMED.format("I"), _style("I", '<w:basedOn w:val="H"/>') + _style("H", _GONE)),
    "paragraph style": (_PARAGRAPH, _style("P", _GONE, "paragraph")),
    "defaults": (_PARAGRAPH, f"<w:docDefaults><w:rPrDefault>{_GONE}</w:rPrDefault></w:docDefaults>"),
    "default style": (_PLAIN, f'<w:style w:type="paragraph" w:default="1" w:styleId="N">{_GONE}</w:style>'),
    "ring": (
        _NAMED.format("A"),
        _style("A", '<w:basedOn w:val="B"/>') + _style("B", '<w:basedOn w:val="A"/>' + _GONE),
    ),
    "table style": (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="T"/></w:tblPr><w:tr><w:tc>{_PLAIN}</w:tc></w:tr></w:tbl>',
        _style("T", _GONE, "table"),
    ),
    "row": (_HIDDEN_ROW, ""),
    "box in a hidden run": (_BOX, ""),
    "tiny": (_PLAIN.replace("<w:t>", '<w:rPr><w:sz w:val="2"/></w:rPr><w:t>'), ""),
    "tiny style": (_NAMED.format("H"), _style("H", '<w:rPr><w:sz w:val="2"/></w:rPr>')),
}


@pytest.mark.parametrize(("body", "styles"), _DOCX.values(), ids=_DOCX)
def test_words_that_a_docx_hides_are_left_out_and_told_of(body: str, styles: str, tmp_path: Path) -> None:
    shown = '<w:p><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>Nobody hides this.</w:t></w:r></w:p>'
    copy = scrub(word_file(body + shown, styles))
    seen = text_of(copy.data, tmp_path)
    assert "Nobody hides this." in seen
    assert "Secretname" not in seen
    assert Trace.HIDDEN in copy.found


def test_a_style_that_shows_what_its_parent_hides_is_shown(tmp_path: Path) -> None:
    styles = _style("H", _GONE) + _style("I", '<w:basedOn w:val="H"/><w:rPr><w:vanish w:val="0"/></w:rPr>')
    assert "Secretname" in text_of(scrub(word_file(_NAMED.format("I"), styles)).data, tmp_path)


_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"), ("text", "text"), ("style", "style"), ("fo", "xsl-fo-compatible"),
    )
)  # fmt: skip


def _odt_style(name: str, properties: str = 'text:display="none"', more: str = "") -> str:
    kind = "default-style" if not name else f'style style:name="{name}"'
    end = kind.split(maxsplit=1)[0]
    return f'<style:{kind} style:family="text" {more}><style:text-properties {properties}/></style:{end}>'


_SPAN = '<text:p>a <text:span text:style-name="{}">Secretname</text:span></text:p>'
_CELLS = "<table:table-cell><text:p>six</text:p></table:table-cell><table:table-cell><text:p>Secretname</text:p></table:table-cell>"
_COLUMN = (
    '<table:table><table:table-column/><table:table-column table:visibility="collapse"/>'
    f"<table:table-row>{_CELLS}</table:table-row></table:table>"
)
_ODT = {
    "other part": (_SPAN.format("H"), _odt_style("H")),
    "inherited": (_SPAN.format("I"), _odt_style("I", "", 'style:parent-style-name="H"') + _odt_style("H")),
    "default": (_SPAN.format("I"), _odt_style("I", "") + _odt_style("")),
    "tiny": (_SPAN.format("H"), _odt_style("H", 'fo:font-size="1pt"')),
    "column": (_COLUMN, ""),
    "alternative text": (
        '<text:p><svg:desc xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0">Secretname</svg:desc></text:p>',
        "",
    ),
}


@pytest.mark.parametrize(("body", "styles"), _ODT.values(), ids=_ODT)
def test_words_that_an_odt_hides_are_left_out_and_told_of(body: str, styles: str, tmp_path: Path) -> None:
    part = (
        f"<office:document-styles {_NAMES}><office:styles>{styles}</office:styles></office:document-styles>"
    )
    paper = originals.odt_file(f"{body}<text:p>Everybody.</text:p>", **{"styles.xml": part})
    copy = scrub(paper)
    seen = text_of(copy.data, tmp_path)
    assert "Everybody." in seen
    assert "Secretname" not in seen
    assert Trace.HIDDEN in copy.found


def test_styles_that_stand_on_a_hundred_thousand_others_end() -> None:
    styles = "".join(_style(f"S{n}", f'<w:basedOn w:val="S{n + 1}"/>') for n in range(100_000))
    assert scrub(word_file(_NAMED.format("S0"), styles)).data
