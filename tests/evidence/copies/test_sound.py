"""MP3: the sound is the same sample for sample, and no word is left between the frames."""

from __future__ import annotations

import io
from typing import Any

import av
import pytest

import originals
from holdfire.evidence.copies.form import Form, find_form
from holdfire.evidence.copies.redact import redact
from holdfire.evidence.copies.refusals import CopyRefusedError
from holdfire.evidence.copies.scrub import scrub
from holdfire.evidence.copies.spec import parse_spec
from holdfire.evidence.copies.strict.mp3 import check_mp3, frame_at

RATE = 44100


def samples(data: bytes) -> list[float]:
    """The sound as a decoder gives it, without what it is told to leave out at the ends."""
    found: list[float] = []
    with av.open(io.BytesIO(data), "r", format="mp3", options={"flags2": "-skip_manual"}) as source:
        for frame in source.decode(source.streams.audio[0]):
            plane: Any = frame.planes[0]
            found += memoryview(bytes(plane)).cast("f").tolist()[: frame.samples]
    return found


def test_the_sound_is_the_same_sample_for_sample() -> None:
    before, after = samples(originals.mp3()), samples(scrub(originals.mp3()).data)
    # The encoder's own frame told players to leave out its delay; without it the sound begins that much later.
    late = len(after) - len(before)
    assert late >= 0
    starts = [at for at in range(late + 1) if after[at : at + 20_000] == before[:20_000]]
    assert starts
    assert after[starts[0] :][: len(before) - 2_000] == before[: len(before) - 2_000]


def test_no_name_of_an_encoder_is_left() -> None:
    original, copy = originals.mp3(), scrub(originals.mp3()).data
    names = (b"Lavf", b"Lavc", b"LAME", b"Xing", b"Info")
    assert any(name in original for name in names)
    assert not any(name in copy for name in names)
    assert b"ID3" not in copy[:10]


def test_words_between_the_sound_become_zeros_and_the_sound_stays() -> None:
    clean = scrub(originals.mp3()).data
    assert clean[-8:] == bytes(8)  # the last frames of this sound have room
    dirty = clean[:-8] + b"Annatext"
    copy = scrub(dirty)
    assert b"Annatext" not in copy.data
    assert samples(copy.data) == samples(dirty)


def test_tags_at_both_ends_and_rubbish_between_frames_are_left_out() -> None:
    clean = scrub(originals.mp3()).data
    first = frame_at(clean, 0)
    assert first is not None
    rubbish = clean[: first.size] + b"APETAGEX" + b"hidden" * 9 + clean[first.size :]
    dirty = b"ID3\4\0\0\0\0\0\5hello" + rubbish + b"TAG" + b"Anna" + bytes(121)
    assert find_form(dirty) is Form.MP3
    copy = scrub(dirty).data
    assert copy == clean
    check_mp3(copy)


def test_a_stretch_becomes_silence() -> None:
    copy = redact(originals.mp3(), parse_spec("sound 1-2"))
    found = samples(copy.data)
    quiet = found[int(1.05 * RATE) : int(1.95 * RATE)]
    assert max(map(abs, quiet)) < 1e-3
    assert max(map(abs, found[: RATE // 2])) > 0.1
    assert max(map(abs, found[int(2.3 * RATE) : int(2.8 * RATE)])) > 0.1
    assert "silenced" in {step.name for step in copy.steps}


def test_what_was_silenced_leaves_no_difference() -> None:
    """Two sounds that differ only inside the stretch become the same file."""
    loud = scrub(originals.mp3()).data
    place, size = 60, frame_at(loud, 0)
    assert size is not None
    frames = []
    at = 0
    while at < len(loud):
        frame = frame_at(loud, at)
        assert frame is not None
        frames.append(loud[at : at + frame.size])
        at += frame.size
    other = b"".join([*frames[:place], frames[place + 1], frames[place], *frames[place + 2 :]])
    spec = parse_spec("sound 1.2-2.2")  # frames are 26 ms: the two lie at 1.6 s
    assert redact(loud, spec).data == redact(other, spec).data


@pytest.mark.parametrize(
    ("text", "sentence"), [("1,2,3,4", "no picture"), ("sound 1:00-1:01", "after the end")]
)
def test_wishes_that_cannot_be_kept_are_refused(text: str, sentence: str) -> None:
    with pytest.raises(CopyRefusedError, match=sentence):
        redact(originals.mp3(), parse_spec(text))


def test_one_frame_alone_is_no_sound() -> None:
    with pytest.raises(CopyRefusedError):
        scrub(b"ID3\4\0\0\0\0\0\5hello" + bytes(400))
