"""The strict readers: what our writers leave passes, and each single fault put into it is refused."""

from __future__ import annotations

import functools
import io
import struct
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

import originals
from holdfire.evidence.copies.form import Form
from holdfire.evidence.copies.refusals import CopyRefusedError, UncleanError
from holdfire.evidence.copies.scrub import scrub
from holdfire.evidence.copies.strict.check import check
from holdfire.evidence.copies.strict.mp3 import frame_at

WRITTEN = [Form.JPEG, Form.PNG, Form.WEBP, Form.GIF, Form.TIFF, Form.AVIF, Form.PDF, Form.MP3, Form.MP4]


@functools.cache
def clean(form: Form) -> bytes:
    return scrub(originals.plain(form)).data


@functools.cache
def kept() -> bytes:
    return scrub(originals.plain(Form.PDF), keep_text=True).data


def put(at: int, more: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data[:at] + more + data[at:]


def before(sign: bytes, more: bytes) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        at = data.index(sign)
        return data[:at] + more + data[at:]

    return change


def swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        assert old in data
        return data.replace(old, new, 1)

    return change


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def longer_riff(more: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data[:4] + struct.pack("<I", len(data) + len(more) - 8) + data[8:] + more


def padded_pixels(data: bytes) -> bytes:
    """Bytes behind the packed pixels, inside the chunk, with a right checksum."""
    at = data.index(b"IDAT") - 4
    length = struct.unpack(">I", data[at : at + 4])[0]
    body = data[at + 8 : at + 8 + length] + b"hidden"
    return data[:at] + chunk(b"IDAT", body) + data[at + 12 + length :]


def more_pixels(data: bytes) -> bytes:
    at = data.index(b"IDAT") - 4
    length = struct.unpack(">I", data[at : at + 4])[0]
    unpacked = zlib.decompress(data[at + 8 : at + 8 + length])
    return data[:at] + chunk(b"IDAT", zlib.compress(unpacked + b"hidden row")) + data[at + 12 + length :]


def tag_more(data: bytes) -> bytes:
    """A directory of its own at the end, with one tag of words, chained behind the last."""
    at = struct.unpack("<I", data[4:8])[0]
    count = struct.unpack("<H", data[at : at + 2])[0]
    entry = struct.pack("<HHI4s", 0x013B, 2, 4, b"Ann\0")
    moved = struct.pack("<H", count + 1) + data[at + 2 : at + 2 + 12 * count] + entry + bytes(4)
    return data[:4] + struct.pack("<I", len(data)) + data[8:] + moved


def in_moov(more: bytes) -> Callable[[bytes], bytes]:
    """A box at the end of the head; places of samples move with it."""

    def change(data: bytes) -> bytes:
        at = data.index(b"moov") - 4
        size = struct.unpack(">I", data[at : at + 4])[0]
        head = bytearray(struct.pack(">I", size + len(more)) + data[at + 4 : at + size] + more)
        place = head.find(b"stco")
        while place != -1:
            for one in range(struct.unpack(">I", head[place + 8 : place + 12])[0]):
                spot = place + 12 + 4 * one
                head[spot : spot + 4] = struct.pack(
                    ">I", struct.unpack(">I", head[spot : spot + 4])[0] + len(more)
                )
            place = head.find(b"stco", place + 4)
        return data[:at] + bytes(head) + data[at + size :]

    return change


def first_unit_is_words(data: bytes) -> bytes:
    """The first unit of the first sample becomes a message beside the picture (SEI)."""
    at = data.index(b"mdat") + 4
    return data[: at + 4] + b"\x06" + data[at + 5 :]


def more_mdat(data: bytes) -> bytes:
    at = data.index(b"mdat") - 4
    return data[:at] + struct.pack(">I", len(data) - at + 4) + data[at + 4 :] + b"hide"


def word_after_sound(data: bytes) -> bytes:
    """A bit in the last frame behind what is packed there."""
    return data[:-1] + b"\x01"


def private_bit(data: bytes) -> bytes:
    return data[:2] + bytes((data[2] | 1,)) + data[3:]


FAULTS: list[tuple[Form, str, Callable[[bytes], bytes]]] = [
    (Form.JPEG, "comment", put(20, b"\xff\xfe\0\7Anna!")),
    (Form.JPEG, "exif", put(20, b"\xff\xe1\0\x0aExif\0\0II")),
    (Form.JPEG, "density", swap(b"\0\0\1\0\1\0\0", b"\1\0\x48\0\x48\0\0")),
    (Form.JPEG, "second picture", lambda data: data + data),
    (Form.JPEG, "marker among pixels", lambda data: data[:-2] + b"\xff\xd0" + data[-2:]),
    (Form.PNG, "text", put(33, chunk(b"tEXt", b"Author\0Anna"))),
    (Form.PNG, "exif", put(33, chunk(b"eXIf", b"II*\0"))),
    (Form.PNG, "colour profile", put(33, chunk(b"iCCP", b"x\0\0" + zlib.compress(b"x")))),
    (Form.PNG, "resolution", put(33, chunk(b"pHYs", bytes(9)))),
    (Form.PNG, "unknown", put(33, chunk(b"anNa", b"hidden"))),
    (Form.PNG, "wrong checksum", swap(b"IEND\xae", b"IEND\xaf")),
    (Form.PNG, "behind the pixels", padded_pixels),
    (Form.PNG, "more pixels", more_pixels),
    (Form.WEBP, "exif", longer_riff(b"EXIF\4\0\0\0II*\0")),
    (Form.WEBP, "unknown", longer_riff(b"ANNA\4\0\0\0hide")),
    (Form.GIF, "comment", before(b"\x21\xf9", b"\x21\xfe\4Anna\0")),
    (Form.GIF, "text", before(b"\x21\xf9", b"\x21\x01\x0c" + bytes(12) + b"\0")),
    (Form.GIF, "xmp", before(b"\x21\xf9", b"\x21\xff\x0bXMP DataXMP\4Anna\0")),
    (Form.TIFF, "artist", tag_more),
    (Form.TIFF, "gap", lambda data: data[:4] + struct.pack("<I", len(data) + 40) + data[8:] + b"h" * 40),
    (Form.AVIF, "free", lambda data: data + b"\0\0\0\x0cfreehide"),
    (Form.AVIF, "handler name", swap(b"pict" + bytes(12), b"pict" + b"Anna" + bytes(8))),
    (Form.AVIF, "item name", swap(b"av01Color", b"av01Annas")),
    (Form.AVIF, "profile", swap(b"colrnclx", b"colrprof")),
    (Form.PDF, "information", swap(b"/Root 1 0 R>>", b"/Root 1 0 R/Info 2 0 R>>")),
    (Form.PDF, "script", swap(b"/Pages 2 0 R>>", b"/Pages 2 0 R/OpenAction 9 0 R>>")),
    (Form.PDF, "comment", put(9, b"% Anna\n")),
    (Form.PDF, "second state", lambda data: data + data[data.rindex(b"xref") :]),
    (Form.PDF, "words in a photo", swap(b"stream\n\xff\xd8", b"stream\n\xff\xd8\xff\xfe\0\6Anna")),
    (Form.MP3, "tag before", lambda data: b"ID3\4\0\0\0\0\0\4Anna" + data),
    (Form.MP3, "tag after", lambda data: data + b"TAG" + bytes(125)),
    (Form.MP3, "word after sound", word_after_sound),
    (Form.MP3, "private bit", private_bit),
    (Form.MP4, "user data", in_moov(b"\0\0\0\x14udta\0\0\0\x0c\xa9namAnna")),
    (Form.MP4, "unknown box", lambda data: data + b"\0\0\0\x0cuuidhide"),
    (Form.MP4, "date", swap(b"mvhd" + bytes(12), b"mvhd" + bytes(8) + b"\0\0\0\1")),
    (Form.MP4, "language", swap(b"\x55\xc4\0\0", b"\x4a\xb3\0\0")),
    (Form.MP4, "handler name", swap(b"vide" + bytes(13), b"vide" + bytes(12) + b"A")),
    (Form.MP4, "another kind", swap(b"vide" + bytes(13), b"meta" + bytes(13))),
    (Form.MP4, "words beside the picture", first_unit_is_words),
    (Form.MP4, "bytes of no sample", more_mdat),
]  # fmt: skip


@pytest.mark.parametrize("form", WRITTEN)
def test_what_our_writers_leave_passes(form: Form) -> None:
    check(clean(form), form)


@pytest.mark.parametrize(
    ("form", "name", "change"), FAULTS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_each_single_fault_is_refused(form: Form, name: str, change: Callable[[bytes], bytes]) -> None:
    broken = change(clean(form))
    assert broken != clean(form)
    with pytest.raises(UncleanError):
        check(broken, form)


@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize(
    "change",
    [lambda d: d + b"\0", lambda d: d + b"hidden", lambda d: d[:-1], lambda d: b"\0" + d, lambda d: b""],
)
def test_not_one_byte_more_or_less(form: Form, change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(UncleanError):
        check(change(clean(form)), form)


@pytest.mark.parametrize("form", [*WRITTEN, None], ids=[*WRITTEN, "kept"])
@given(data=st.data())
def test_whatever_is_changed_it_refuses_or_accepts_and_never_fails_otherwise(
    form: Form | None, data: st.DataObject
) -> None:
    changed = bytearray(clean(form) if form else kept())
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    try:
        check(bytes(changed), form or Form.PDF)
    except CopyRefusedError as refusal:
        assert refusal.sentence  # noqa: PT017 - a change of pixels passes, a change of structure does not


@pytest.mark.parametrize("form", sorted(set(Form) - set(WRITTEN)))
def test_forms_that_are_never_written_have_no_reader(form: Form) -> None:
    with pytest.raises(UncleanError, match="never written"):
        check(originals.plain(form), form)


@pytest.mark.parametrize(
    ("where", "key", "value"),
    [
        ("Root", "/Metadata", pikepdf.Name.Anna),
        ("Root", "/OpenAction", pikepdf.Dictionary(S=pikepdf.Name.JavaScript)),
        ("Root", "/Names", pikepdf.Dictionary()),
        ("page", "/Annots", pikepdf.Array([])),
        ("page", "/PieceInfo", pikepdf.Dictionary()),
        ("page", "/LastModified", pikepdf.String("D:2020")),
        ("resources", "/Properties", pikepdf.Dictionary()),
        ("trailer", "/Info", pikepdf.Dictionary(Author=pikepdf.String("Anna"))),
    ],
)
def test_a_key_too_many_in_a_paper_with_text_is_refused(where: str, key: str, value: pikepdf.Object) -> None:
    check(kept(), Form.PDF)
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(kept())) as paper:
        place = {
            "Root": paper.Root, "page": paper.pages[0].obj, "resources": paper.pages[0].obj.Resources, "trailer": paper.trailer,
        }[where]  # fmt: skip
        place[key] = paper.make_indirect(value) if where == "trailer" else value
        paper.save(
            out,
            force_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            fix_metadata_version=False,
        )
    with pytest.raises(UncleanError):
        check(out.getvalue(), Form.PDF)


def test_marked_words_in_a_paper_with_text_are_refused() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(kept())) as paper:
        content = paper.pages[0].obj.Contents
        content.write(b"/Span <</ActualText (Anna)>> BDC EMC " + content.read_bytes())
        paper.save(
            out,
            force_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            fix_metadata_version=False,
        )
    with pytest.raises(UncleanError, match="marked words"):
        check(out.getvalue(), Form.PDF)


def test_an_encoders_own_frame_is_refused() -> None:
    data = clean(Form.MP3)
    frame = frame_at(data, 0)
    assert frame is not None
    own = data[:4] + bytes(frame.main - 4) + b"Info" + bytes(frame.size - (frame.main - frame.at) - 4)
    with pytest.raises(UncleanError, match="encoder"):
        check(own + data, Form.MP3)
