"""An examiner of PDF/A-2b beside the maker: the clauses of ISO 19005-2 that can be judged on the objects of a file.

It shares no code with the maker; it reads with pikepdf (qpdf). What it does not judge stands in docs/formats/packet.md.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pikepdf

FILTERS = {"/FlateDecode", "/DCTDecode", "/ASCIIHexDecode", "/ASCII85Decode", "/RunLengthDecode", "/CCITTFaxDecode",
           "/JBIG2Decode", "/JPXDecode"}  # fmt: skip
_OPERATORS = """ b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J K k l m M MP n q Q re RG rg ri s S SC sc
SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' " """
OPERATORS = set(_OPERATORS.split())
BLENDS = {"/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten", "/ColorDodge", "/ColorBurn",
          "/HardLight", "/SoftLight", "/Difference", "/Exclusion", "/Hue", "/Saturation", "/Color", "/Luminosity"}  # fmt: skip
ACTIONS = {"/GoTo", "/GoToR", "/GoToE", "/Thread", "/URI", "/Named", "/SubmitForm"}
ANNOTATIONS = {"/3D", "/Sound", "/Screen", "/Movie"}
ID = "{http://www.aiim.org/pdfa/ns/id/}"
DC = "{http://purl.org/dc/elements/1.1/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
#: ISO 19005-2, 6.1.13: what a reader must bear.
MOST_STRING, MOST_NAME, MOST_NESTED = 32_767, 127, 28


def faults(content: bytes) -> list[str]:
    """Return the clauses a file breaks, each with what was found; empty when none of those that are judged."""
    found = list(_bytes(content))
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            found += [f"structure: {one}" for one in pdf.check_pdf_syntax()]
            for part in (_trailer, _objects, _intent, _metadata, _fonts, _pages):
                found += part(pdf)
    except pikepdf.PasswordError:
        found.append("6.1.3 encrypted")
    return found


def _bytes(content: bytes) -> Iterator[str]:
    if not re.match(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}", content):
        yield "6.1.2 header, or no comment of four bytes above 127"
    if not re.search(rb"%%EOF\r?\n?\Z", content):
        yield "6.1.3 something after the last %%EOF"


def _trailer(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/ID" not in pdf.trailer:
        yield "6.1.3 no ID"
    if "/Encrypt" in pdf.trailer:
        yield "6.1.3 encrypted"
    root = pdf.Root
    for key, clause in (("/AA", "6.5.2"), ("/Requirements", "6.10"), ("/NeedsRendering", "6.4.2")):
        if key in root:
            yield f"{clause} {key} in the catalogue"
    if "/AcroForm" in root and ("/XFA" in root.AcroForm or root.AcroForm.get("/NeedAppearances", False)):
        yield "6.4 a form that is made while it is shown"
    if "/AlternatePresentations" in root.get("/Names", {}):
        yield "6.10 alternate presentations"


def _objects(pdf: pikepdf.Pdf) -> Iterator[str]:
    for thing in pdf.objects:
        for one in _inside(thing):
            yield from _judged(one)


def _inside(thing: Any) -> Iterator[Any]:
    """Yield an object and what stands in it directly; what it refers to is an object of its own."""
    yield thing
    if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        keys = thing.keys()
        yield from (pikepdf.Name(key) for key in keys)
        for key in keys:
            value = thing[key]
            if not getattr(value, "is_indirect", False):
                yield from _inside(value)
    elif isinstance(thing, pikepdf.Array):
        for value in thing:
            if not getattr(value, "is_indirect", False):
                yield from _inside(value)


def _judged(one: Any) -> Iterator[str]:
    if isinstance(one, pikepdf.Name) and len(str(one)) - 1 > MOST_NAME:
        yield "6.1.13 a name of more than 127 bytes"
    if isinstance(one, pikepdf.String) and len(bytes(one)) > MOST_STRING:
        yield "6.1.13 a string of more than 32,767 bytes"
    if isinstance(one, pikepdf.Stream):
        yield from _stream(one)
    if isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
        yield from _dictionary(one)


def _stream(one: pikepdf.Stream) -> Iterator[str]:
    for key in ("/F", "/FFilter", "/FDecodeParms"):
        if key in one:
            yield f"6.1.7.1 a stream whose content lies outside ({key})"
    named: Any = one.get("/Filter", [])
    for name in [named] if isinstance(named, pikepdf.Name) else named:
        if str(name) not in FILTERS:
            yield f"6.1.7.2 {name}"


def _dictionary(one: pikepdf.Dictionary | pikepdf.Stream) -> Iterator[str]:
    kind, subtype = str(one.get("/Type", "")), str(one.get("/Subtype", ""))
    if subtype == "/Image":
        if "/Alternates" in one or "/OPI" in one:
            yield "6.2.8 a picture with another behind it"
        if one.get("/Interpolate", False):
            yield "6.2.8 Interpolate"
        if str(one.get("/ColorSpace", "")) == "/DeviceCMYK":
            yield "6.2.4.3 DeviceCMYK under an RGB intent"
    if subtype in {"/Form", "/PS"} and ("/OPI" in one or "/PS" in one or "/Ref" in one or subtype == "/PS"):
        yield "6.2.9 a form that holds PostScript or refers outside"
    yield from _painted(one, kind)
    yield from _acting(one)
    if kind == "/Annot" or {"/Rect", "/Subtype"} <= set(one.keys()):
        yield from _annotation(one, subtype)
    if "/EF" in one:
        yield "6.8 an embedded file"


def _painted(one: Any, kind: str) -> Iterator[str]:
    if kind == "/ExtGState" or {"/BM", "/ca", "/CA", "/TR", "/TR2", "/HTP"} & set(one.keys()):
        if "/TR" in one or "/HTP" in one or str(one.get("/TR2", "/Default")) != "/Default":
            yield "6.2.5 a transfer function or halftone"
        if "/BM" in one and str(one["/BM"]) not in BLENDS:
            yield "6.2.10 an unknown way to blend"


def _acting(one: Any) -> Iterator[str]:
    if "/S" in one and ("/JS" in one or str(one["/S"]) in {"/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm",
                                                          "/ImportData", "/Hide", "/SetOCGState", "/Rendition", "/Trans", "/GoTo3DView"}):  # fmt: skip
        yield f"6.5.1 an action {one['/S']}"
    if "/AA" in one:
        yield "6.5.2 additional actions"


def _annotation(one: Any, subtype: str) -> Iterator[str]:
    if subtype in ANNOTATIONS:
        yield f"6.3.1 an annotation {subtype}"
    if subtype != "/Popup" and int(one.get("/F", 0)) & 0b100111 != 0b100:
        yield "6.3.2 an annotation that is hidden or not printed"


def _intent(pdf: pikepdf.Pdf) -> Iterator[str]:
    intents = [one for one in pdf.Root.get("/OutputIntents", []) if str(one.get("/S", "")) == "/GTS_PDFA1"]
    if not intents:
        yield "6.2.3 no output intent"
        return
    if len({one.DestOutputProfile.objgen for one in intents if "/DestOutputProfile" in one}) != 1:
        yield "6.2.3 not exactly one profile"
        return
    profile = intents[0].DestOutputProfile
    content = profile.read_bytes()
    colours = {b"RGB ": 3, b"GRAY": 1, b"CMYK": 4}.get(content[16:20])
    if content[36:40] != b"acsp" or content[8] > 4 or content[12:16] not in {b"mntr", b"prtr"}:
        yield "6.2.3 the profile is none of a screen or printer, up to version 4"
    if colours != profile.get("/N"):
        yield "6.2.3 the profile has another number of colours than it says"


def _metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    stream = pdf.Root.get("/Metadata")
    if stream is None:
        yield "6.6.2 no metadata"
        return
    content = stream.read_bytes()
    header = re.match(rb"<\?xpacket ([^?]*)\?>", content)
    if not header or b"bytes=" in header[1] or b"encoding=" in header[1]:
        yield "6.6.2.1 the header of the metadata"
    if "/Filter" in stream:
        yield "6.6.2 metadata that cannot be read without a filter"  # stricter than part 2: part 1, 6.7.2
    tree = ET.fromstring(re.sub(rb"<\?xpacket[^?]*\?>", b"", content).strip())  # noqa: S314 - our own file
    told = {
        child.tag: (child.text or "")
        for description in tree.iter(f"{RDF}Description")
        for child in description
    }
    if (told.get(f"{ID}part"), told.get(f"{ID}conformance")) != ("2", "B"):
        yield "6.6.4 it does not say that it is PDF/A-2b"
    title = "".join(one.text or "" for one in tree.iter(f"{RDF}li"))
    info: Any = pdf.trailer.get("/Info", {})
    if "/Title" in info and str(info["/Title"]) != title:
        yield "6.6.3 the title in Info is another"
    for key in ("/Author", "/Creator", "/Producer", "/CreationDate", "/ModDate", "/Subject", "/Keywords"):
        if key in info:
            yield f"6.6.3 {key} stands in Info and not in the metadata"


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    for one in pdf.objects:
        if not isinstance(one, pikepdf.Dictionary) or str(one.get("/Type", "")) != "/Font":
            continue
        subtype = str(one.Subtype)
        if subtype == "/Type0":
            if str(one.Encoding) not in {"/Identity-H", "/Identity-V"} and not isinstance(
                one.Encoding, pikepdf.Stream
            ):
                yield "6.2.11.3.3 a character map that is not inside"
            continue
        if subtype == "/Type3":
            continue
        about: Any = one.get("/FontDescriptor", {})
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(about.keys()):
            yield f"6.2.11.4.1 the font {one.get('/BaseFont', '?')} is not inside"
        if subtype == "/CIDFontType2" and "/CIDToGIDMap" not in one:
            yield "6.2.11.3.2 no CIDToGIDMap"
        if "/FontFile3" in about and str(about["/FontFile3"].get("/Subtype", "")) not in {
            "/Type1C",
            "/CIDFontType0C",
            "/OpenType",
        }:
            yield "6.2.11.4.1 a font file of an unknown kind"


def _pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    intent = "/OutputIntents" in pdf.Root
    for number, page in enumerate(pdf.pages, 1):
        if "/AA" in page.obj:
            yield "6.5.2 additional actions of a page"
        if "/PresSteps" in page.obj:
            yield "6.10 PresSteps"
        group = page.obj.get("/Group")
        if group is not None and "/CS" not in group and not intent:
            yield "6.2.10 a transparency group without a space to blend in"
        yield from (f"{fault} (page {number})" for fault in _content(page))


def _content(page: pikepdf.Page) -> Iterator[str]:
    nested, wide = 0, False
    resources: Any = page.obj.get("/Resources", {})
    fonts: Any = resources.get("/Font", {})
    instructions: Any = pikepdf.parse_content_stream(page)
    for operands, operator in instructions:
        name = str(operator)
        if name not in OPERATORS:
            yield f"6.2.2 an unknown operator {name}"
        nested += {"q": 1, "Q": -1}.get(name, 0)
        if nested > MOST_NESTED:
            yield "6.1.13 q too deep"
        if name in {"k", "K"}:
            yield "6.2.4.3 DeviceCMYK under an RGB intent"
        if name == "Tf":
            wide = str(operands[0]) in fonts and str(fonts[str(operands[0])].Subtype) == "/Type0"
        if wide and name in {"Tj", "TJ", "'", '"'} and any(code == 0 for code in _codes(operands)):
            yield "6.2.11.8 a sign that no font has"


def _codes(operands: Any) -> Iterator[int]:
    for one in operands:
        if isinstance(one, pikepdf.Array):
            yield from _codes(one)
        elif isinstance(one, pikepdf.String):
            raw = bytes(one)
            yield from (int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))
