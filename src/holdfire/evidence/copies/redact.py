"""Cover what the member marks: burnt into pixels or samples of a new file, never laid over an old one."""

from __future__ import annotations

from typing import BinaryIO

from holdfire.evidence.copies import pictures
from holdfire.evidence.copies.bounds import Progress, untold, whole
from holdfire.evidence.copies.form import FILMS, OFFICE, PICTURES, Form, find_form
from holdfire.evidence.copies.found.pictures import find_in_picture
from holdfire.evidence.copies.refusals import CopyRefusedError, not_understood
from holdfire.evidence.copies.sayings import DID_COVER, NO_SOUND, NO_TIMES
from holdfire.evidence.copies.scrub import PIXELS_ONLY, finished, target_form
from holdfire.evidence.copies.spec import Spec
from holdfire.evidence.copies.working_copy import COVERED, NEAR_THE_BOX, Copy, Step


def redact(
    untrusted: bytes | BinaryIO, spec: Spec, form: Form | None = None, progress: Progress = untold
) -> Copy:
    """Return a cleaned copy in which everything that `spec` names is covered; what was there is not in it.

    Pixels of boxes are counted on the upright picture; for a PDF or an office file at 150 dots an inch.

    Args:
        untrusted: The whole file, or a stream of it that is read to its end.
        spec: What to cover.
        form: What to write; None for what `scrub` would write.
        progress: Told of pages or frames of a film done, and of all.

    Raises:
        CopyRefusedError: As `scrub`; or this type cannot be covered safely.
        SpecError: A box lies on no page, or outside of it.
    """
    data = whole(untrusted)
    found = find_form(data)
    if found is None:
        raise not_understood()
    target = target_form(found, form)
    if found not in FILMS and found is not Form.MP3:
        if spec.silences:
            raise CopyRefusedError(NO_SOUND)
        if any(box.span for box in spec.boxes):
            raise CopyRefusedError(NO_TIMES)
    if found in PICTURES:
        return _picture(data, spec, found, target)
    if found is Form.PDF or found in OFFICE:
        return _paper(data, spec, found, progress)
    from holdfire.evidence.copies import covering  # noqa: PLC0415 - a hundred megabytes of decoders

    made, _, target, steps, traces = covering.cover(data, spec, found, progress)
    return finished(made, found, target, steps, traces, COVERED)


def _picture(data: bytes, spec: Spec, found: Form, target: Form) -> Copy:
    seen = find_in_picture(data, found)
    picture = pictures.open_picture(data, found, seen.orientation)
    where = [
        (number, box.on(*picture.frames[number].size))
        for box in spec.boxes
        for number in box.numbers(len(picture.frames))
    ]
    covered = pictures.cover(picture, where, spec.colour)
    made = pictures.write_picture(covered, target)
    steps = (*picture.steps, _covered(spec), PIXELS_ONLY)
    left = COVERED + ((NEAR_THE_BOX,) if picture.smear else ())
    return finished(made, found, target, steps, seen.traces, left)


def _paper(data: bytes, spec: Spec, found: Form, progress: Progress) -> Copy:
    from holdfire.evidence.copies import paper  # noqa: PLC0415 - brings PDFium
    from holdfire.evidence.copies.scrub import DRAWN, paper_of  # noqa: PLC0415

    pdf, steps, traces = paper_of(data, found)
    made = paper.bind(paper.draw_pages(pdf, spec.boxes, spec.colour, progress))
    return finished(made, found, Form.PDF, (*steps, _covered(spec), DRAWN), traces, (*COVERED, NEAR_THE_BOX))


def _covered(spec: Spec) -> Step:
    return Step(
        "covered",
        DID_COVER,
        (("count", len(spec.boxes)), ("colour", spec.colour)),
    )
