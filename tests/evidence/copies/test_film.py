"""MP4 and QuickTime: every frame and every sample of sound is the same; dates, places, names and words are not there."""

from __future__ import annotations

import hashlib
import io
import struct
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import av
import pytest
from PIL import Image, ImageStat

import originals
from holdfire.evidence.copies.form import Form
from holdfire.evidence.copies.redact import redact
from holdfire.evidence.copies.refusals import CopyRefusedError
from holdfire.evidence.copies.scrub import scrub
from holdfire.evidence.copies.spec import SpecError, parse_spec
from holdfire.evidence.copies.working_copy import Trace


def decoded(source: Any, kind: str) -> list[Any]:
    return list(source.decode(**{kind: 0}))


def shown(data: bytes) -> list[tuple[float, str]]:
    """Time and fingerprint of every decoded frame and block of sound."""
    found = []
    for kind in ("video", "audio"):
        with av.open(io.BytesIO(data), "r") as source:
            for frame in decoded(source, kind):
                planes = b"".join(bytes(plane) for plane in frame.planes)
                found.append((round(float(frame.time or 0), 3), hashlib.sha256(planes).hexdigest()))
    return found


def frames(data: bytes) -> list[Image.Image]:
    with av.open(io.BytesIO(data), "r") as source:
        return [frame.to_image() for frame in decoded(source, "video")]


@pytest.mark.parametrize("form", ["mp4", "mov"])
@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_picture_and_sound_are_the_same_bit_for_bit(form: str, codec: str) -> None:
    original = originals.film(form, codec, title=originals.SECRET)
    copy = scrub(original)
    assert shown(copy.data) == shown(original)
    assert copy.form is Form.MP4
    assert Trace.PROGRAM in copy.found
    for word in (b"x264", b"x265", b"Lav", b"Secretname"):
        assert word not in copy.data
    assert b"Lavc" in original


def test_a_film_that_lies_on_its_side_stays_turned() -> None:
    original = bytearray(originals.film())
    at = original.index(b"tkhd") + 4 + 40
    original[at : at + 36] = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    copy = scrub(bytes(original)).data
    place = copy.index(b"tkhd") + 4 + 40
    assert copy[place : place + 36] == bytes(original[at : at + 36])


def changed(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(old, new, 1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda data: data.replace(b"avc1", b"ap4h"), "“ap4h”"),
        (lambda data: data + struct.pack(">I", 8) + b"moof", "in pieces"),
        (changed(b"moov", b"free"), "damaged"),
        (lambda data: data[:400], "damaged"),
        (lambda data: data.replace(b"stco", b"anna"), "damaged"),
        (lambda data: data.replace(b"stsz", b"stz2"), "sizes"),
        (changed(b"url \0\0\0\1", b"url \0\0\0\0"), "another file"),
    ],
)
def test_what_is_not_understood_gives_no_copy(change: Callable[[bytes], bytes], sentence: str) -> None:
    with pytest.raises(CopyRefusedError, match=sentence):
        scrub(change(originals.film()))


@pytest.mark.parametrize("table", [b"stsz", b"stts", b"stsc", b"stco"])
def test_a_table_that_counts_to_the_moon_is_refused_at_once(table: bytes) -> None:
    data = bytearray(originals.film())
    at = data.index(table) + (12 if table == b"stsz" else 8)
    data[at : at + 4] = b"\xff\xff\xff\xff"
    with pytest.raises(CopyRefusedError):
        scrub(bytes(data))


def test_a_box_covers_the_picture_for_its_time() -> None:
    copy = redact(originals.film(), parse_spec("time 0:00.5-0:01: 40,40,20,20"))
    seen = frames(copy.data)
    assert len(seen) == 20
    dark = [max(frame.convert("L").crop((40, 40, 60, 60)).tobytes()) < 24 for frame in seen]
    # The frame that begins just when the time ends is covered too: a rounded time shows nothing.
    assert dark == [False] * 5 + [True] * 6 + [False] * 9
    assert b"x264" not in copy.data
    assert "covered" in {step.name for step in copy.steps}


def test_a_box_whose_time_begins_amid_a_frame_covers_the_frame_that_is_seen_then() -> None:
    seen = frames(redact(originals.film(), parse_spec("time 0:00.55-0:00.58: 40,40,20,20")).data)
    dark = [max(frame.convert("L").crop((40, 40, 60, 60)).tobytes()) < 24 for frame in seen]
    assert dark == [False] * 5 + [True] + [False] * 14


def test_a_box_after_the_beginning_of_the_last_frame_covers_it() -> None:
    seen = frames(redact(originals.film(), parse_spec("time 0:01.93-0:01.96: 40,40,20,20")).data)
    dark = [max(frame.convert("L").crop((40, 40, 60, 60)).tobytes()) < 24 for frame in seen]
    assert dark == [False] * 19 + [True]


def test_a_box_without_a_time_covers_all_of_it_and_the_sound_stays() -> None:
    original = originals.film("mov", "libx265")
    copy = redact(original, parse_spec("25%,25%,50%,50%"))
    for frame in frames(copy.data):
        assert max(frame.convert("L").crop((40, 30, 120, 90)).tobytes()) < 24
    heard = [one for one in shown(original) if one not in shown(copy.data)]
    assert len(heard) <= 20  # the frames of the picture alone


def test_boxes_are_counted_on_the_upright_film() -> None:
    original = bytearray(originals.film())
    at = original.index(b"tkhd") + 4 + 40
    original[at : at + 36] = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 120 << 16, 0, 1 << 30)
    copy = redact(bytes(original), parse_spec("0,0,30,30"))
    seen = frames(copy.data)
    assert seen[0].size == (120, 160)
    assert max(seen[3].convert("L").crop((0, 0, 30, 30)).tobytes()) < 24
    straight = frames(originals.film())[3].transpose(Image.Transpose.ROTATE_270)
    means = [ImageStat.Stat(one.convert("L").crop((60, 80, 120, 160))).mean[0] for one in (seen[3], straight)]
    assert abs(means[0] - means[1]) < 12


def test_a_stretch_of_sound_becomes_silence_and_the_picture_stays() -> None:
    original = originals.film()
    copy = redact(original, parse_spec("sound 0:00.5-0:01"))
    assert shown(original)[:20] == shown(copy.data)[:20]
    with av.open(io.BytesIO(copy.data), "r") as source:
        for frame in decoded(source, "audio"):
            if 0.52 < float(frame.time or 0) < 0.95:
                assert max(map(abs, memoryview(bytes(frame.planes[0])).cast("f").tolist())) < 1e-3


def test_a_film_that_lies_on_its_side_stays_turned_when_only_its_sound_is_silenced() -> None:
    original = bytearray(originals.film())
    at = original.index(b"tkhd") + 4 + 40
    matrix = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 120 << 16, 0, 1 << 30)
    original[at : at + 36] = matrix
    copy = redact(bytes(original), parse_spec("sound 0:00.5-0:01")).data
    place = copy.index(b"tkhd") + 4 + 40
    assert copy[place : place + 16] == matrix[:16]


def test_in_a_build_without_pyav_covering_is_refused_and_scrubbing_is_not() -> None:
    program = """
import sys
sys.modules["av"] = None  # as where it is not installed
from holdfire.evidence.copies.redact import redact
from holdfire.evidence.copies.scrub import scrub
from holdfire.evidence.copies.spec import parse_spec
data = sys.stdin.buffer.read()
scrub(data)
try:
    redact(data, parse_spec("1,2,3,4"))
except Exception as refusal:
    print(type(refusal).__name__, refusal)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], input=originals.film(), check=True, capture_output=True
    )
    assert done.stdout.startswith(b"CopyRefusedError")
    assert b"PyAV is not in it" in done.stdout


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("page 2: 1,2,3,4", CopyRefusedError, "no pages"),
        ("time 5:00-6:00: 1,2,3,4", CopyRefusedError, "after the end"),
        ("900,900,3,4", SpecError, "outside"),
    ],
)
def test_wishes_that_cannot_be_kept_are_refused(text: str, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        redact(originals.film(), parse_spec(text))
