"""MP4 and QuickTime: picture and sound kept bit for bit in a new file; dates, places, names and words left out.

Nothing is decoded: a film is as sharp as before, and no decoder meets a hostile file here.
"""

from __future__ import annotations

from typing import Final

from holdfire.evidence.copies.film_read import Film, read_film
from holdfire.evidence.copies.film_write import NewTrack, write_film
from holdfire.evidence.copies.form import Form
from holdfire.evidence.copies.found.words import traces_in_words
from holdfire.evidence.copies.packings import packing_of
from holdfire.evidence.copies.refusals import UncleanError, damaged, decoding
from holdfire.evidence.copies.sayings import DID_REPACKED
from holdfire.evidence.copies.working_copy import Step, Trace

_REPACKED: Final = Step(
    "repacked",
    DID_REPACKED,
)
_HEADS: Final = 16 << 20


def rebuild(data: bytes, found: Form) -> tuple[bytes, Form, Form, tuple[Step, ...], frozenset[Trace]]:
    """Return the film without a word beside it, with forms, steps and what was found.

    Raises:
        CopyRefusedError: It is damaged, cut short, or packed in a way that is not understood.
    """
    with decoding():
        try:
            film = read_film(data)
            made = _rewritten(data, film)
        except UncleanError:
            raise damaged() from None
    step = Step(_REPACKED.name, _REPACKED.sentence, (("tracks", len(film.tracks)),))
    return made, found, Form.MP4, (step,), _traces(data, film)


def _rewritten(data: bytes, film: Film) -> bytes:
    packings = [packing_of(track.kind, *track.entry) for track in film.tracks]
    # In the order of the old file: picture and sound of one moment stay near each other.
    order = sorted(
        (place, number, chunk)
        for number, track in enumerate(film.tracks)
        for chunk, (place, _) in enumerate(track.chunks)
    )
    body = bytearray()
    placed: list[list[tuple[int, tuple[int, ...]]]] = [[] for _ in film.tracks]
    for place, number, chunk in order:
        start, at, sizes = len(body), place, []
        for size in film.tracks[number].chunks[chunk][1]:
            sample = packings[number].filtered(data[at : at + size])
            body += sample
            sizes.append(len(sample))
            at += size
        placed[number].append((start, tuple(sizes)))
    new = [
        NewTrack(track, packing.entry, tuple(chunks))
        for track, packing, chunks in zip(film.tracks, packings, placed, strict=True)
    ]
    return write_film(film.unit, film.duration, new, body)


def _traces(data: bytes, film: Film) -> frozenset[Trace]:
    """Return what the boxes beside picture and sound tell."""
    at = data.find(b"moov")
    head = data[max(at, 0) : at + _HEADS]
    traces = traces_in_words(head)
    if film.dated:
        traces.add(Trace.TIME)
    if film.others & {b"meta", b"tmcd"}:
        traces |= {Trace.PLACE, Trace.HIDDEN}
    elif film.others:
        traces.add(Trace.HIDDEN)
    if b"x264" in data or b"x265" in data:
        traces.add(Trace.PROGRAM)
    return frozenset(traces)
