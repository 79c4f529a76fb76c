"""One way in: the type is found by content, the file is rebuilt, the result is read again strictly, or there is none."""

from __future__ import annotations

from typing import BinaryIO, Final

from holdfire.evidence.copies import pictures
from holdfire.evidence.copies.bounds import Progress, untold, whole
from holdfire.evidence.copies.form import FILMS, OFFICE, PICTURES, Form, find_form
from holdfire.evidence.copies.found.papers import find_in_pdf
from holdfire.evidence.copies.found.pictures import find_in_picture
from holdfire.evidence.copies.refusals import CopyRefusedError, not_understood
from holdfire.evidence.copies.sayings import DID_DRAWN, DID_KEPT_TEXT, DID_PIXELS, NOT_MADE_OF
from holdfire.evidence.copies.strict.check import check
from holdfire.evidence.copies.working_copy import KEPT_TEXT, Copy, Step, Trace, left_in

#: What each form is written as when nothing else is wished: HEIC and JPEG XL have no free encoder or few readers.
WRITTEN_AS: Final = {
    **{form: form for form in Form},
    Form.HEIC: Form.JPEG,
    Form.JXL: Form.PNG,
    Form.DOCX: Form.PDF,
    Form.ODT: Form.PDF,
    Form.MOV: Form.MP4,
}
PIXELS_ONLY: Final = Step("pixels", DID_PIXELS)
DRAWN: Final = Step("drawn", DID_DRAWN)
_KEPT: Final = Step("kept-text", DID_KEPT_TEXT)


def scrub(
    untrusted: bytes | BinaryIO,
    form: Form | None = None,
    *,
    keep_text: bool = False,
    progress: Progress = untold,
) -> Copy:
    """Return a copy without metadata; the bytes given are left as they are, and nothing is written anywhere.

    Args:
        untrusted: The whole file, or a stream of it that is read to its end.
        form: What to write; None for what `WRITTEN_AS` says. Pictures can also be written as JPEG or PNG.
        keep_text: For a PDF: keep its text as text instead of drawing each page as a picture.
        progress: Told of pages drawn, and of all.

    Raises:
        CopyRefusedError: The type is not understood, the file is damaged or costs too much, or the result did not
            pass the strict reading. There is no copy then.
    """
    data = whole(untrusted)
    found = find_form(data)
    if found is None:
        raise not_understood()
    target = target_form(found, form)
    if found in PICTURES:
        seen = find_in_picture(data, found)
        picture = pictures.open_picture(data, found, seen.orientation)
        made = pictures.write_picture(picture, target)
        return finished(made, found, target, (*picture.steps, PIXELS_ONLY), seen.traces)
    if found is Form.PDF or found in OFFICE:
        return _paper(data, found, progress, keep_text=keep_text)
    if found in FILMS:
        from holdfire.evidence.copies import film  # noqa: PLC0415

        return finished(*film.rebuild(data, found))
    from holdfire.evidence.copies import sound  # noqa: PLC0415

    return finished(*sound.rebuild(data))


def _paper(data: bytes, found: Form, progress: Progress, *, keep_text: bool) -> Copy:
    pdf, steps, traces = paper_of(data, found)
    if keep_text or found in OFFICE:  # an office file was set anew: its text is text that was read
        from holdfire.evidence.copies import kept_text  # noqa: PLC0415 - brings pikepdf

        made = kept_text.rebuild(pdf)
        left = (KEPT_TEXT,) if found is Form.PDF else ()
        return finished(made, found, Form.PDF, (*steps, _KEPT), traces, left)
    from holdfire.evidence.copies import paper  # noqa: PLC0415 - brings PDFium

    return finished(
        paper.bind(paper.draw_pages(pdf, progress=progress)), found, Form.PDF, (*steps, DRAWN), traces
    )


def paper_of(data: bytes, found: Form) -> tuple[bytes, tuple[Step, ...], frozenset[Trace]]:
    """Return a PDF as it is, or an office file set anew as one; what was done; and what its metadata told.

    Raises:
        CopyRefusedError: The office file cannot be read safely.
    """
    if found is Form.PDF:
        return data, (), find_in_pdf(data)
    from holdfire.evidence.copies import office  # noqa: PLC0415 - brings typst

    return office.set_anew(data, found)


def target_form(found: Form, wished: Form | None) -> Form:
    """Return the form to write.

    Raises:
        CopyRefusedError: The one cannot be made of the other.
    """
    target = wished or WRITTEN_AS[found]
    possible = {WRITTEN_AS[found]} | ({Form.JPEG, Form.PNG} if found in PICTURES else set())
    if target not in possible:
        raise CopyRefusedError(NOT_MADE_OF, found=found.upper(), target=target.upper())
    return target


def finished(
    made: bytes,
    found: Form,
    target: Form,
    steps: tuple[Step, ...],
    traces: frozenset[Trace],
    also_left: tuple[str, ...] = (),
) -> Copy:
    """Return the copy after our strict reading of it.

    Raises:
        UncleanError: Something stands in it that is not known.
    """
    check(made, target)
    order = tuple(trace for trace in Trace if trace in traces)
    return Copy(made, target, steps, order, left_in(found) + also_left)
