"""Every sentence that says why no copy was made: nothing else is believed of the process that makes one."""

from __future__ import annotations

from typing import Final

from holdfire.language import mark

AFTER_THE_END: Final = mark("A stretch of time begins after the end, which is at {seconds} seconds.")
CHANGES_KIND: Final = mark("This sound changes its kind in the middle; it cannot be cleaned safely.")
CHANGES_PACKING: Final = mark("A track that changes its packing in the middle cannot be cleaned safely.")
DAMAGED: Final = mark("This file is damaged, cut short, or not what it says it is.")
DRAW_INSTEAD: Final = mark(
    "Have its pages drawn as pictures instead. No copy was made; the original is unchanged."
)
ELSEWHERE: Final = mark("Parts of this film lie in another file.")
ENTITIES: Final = mark("This file declares entities; no office program does that.")
INSTALL_VIDEO: Final = mark("Use a build that has it. No copy was made; the original is unchanged.")
IN_PIECES: Final = mark("A film recorded in pieces (fragmented MP4) cannot be cleaned safely.")
KIND_OF_SOUND: Final = mark("This kind of sound cannot be cleaned safely.")
LEADS_OUTSIDE: Final = mark("Parts of this file lead outside of it; it was not made by an office program.")
LOCKED: Final = mark("This PDF is locked. Save it without a lock first.")
LOCKED_FILE: Final = mark("This file is locked with a password. Save it without one first.")
LOCKED_PDF: Final = mark("This PDF is locked with a password. Save it without one first.")
MEASUREMENTS: Final = mark("Pixels that are measurements cannot be cleaned safely.")
MOVING_AVIF: Final = mark("A moving AVIF cannot be cleaned safely.")
NEEDS_MEMORY: Final = mark("This file needs more memory than this computer has.")
NOT_MADE_OF: Final = mark("From {found} no {target} is made.")
NOT_UNDERSTOOD: Final = mark("We cannot clean this type of file.")
NO_PAGE: Final = mark("This PDF has no page.")
NO_PAGES_IN_FILM: Final = mark("A film has no pages; name a time, or cover the box from beginning to end.")
NO_PICTURE: Final = mark("There is no picture in this file that could be covered.")
NO_SOUND: Final = mark("There is no sound in this file that could be silenced.")
NO_TIMES: Final = mark("This file has no times; name a page or a frame.")
NO_VIDEO_PART: Final = mark("This build cannot cover parts of films and sound: PyAV is not in it.")
PACKED_OTHERWISE: Final = mark("Picture or sound is packed as “{name}”, which cannot be cleaned safely.")
PUT_TOGETHER: Final = mark("This picture is put together in a way that cannot be cleaned safely.")
SEVERAL_PICTURES: Final = mark("This file holds several pictures, and {form} holds one.")
SEVERAL_TRACKS: Final = mark("A film with several pictures or several sounds cannot be covered safely.")
SIGN_LACKING: Final = mark("Our fonts lack a sign that stands in this file.")
SIZES_PACKED: Final = mark("This film packs its sizes in a way that cannot be read safely.")
STOPPED: Final = mark(
    "The part that makes copies stopped: this file may be made to break it, or it needs too long."
)
TEXT_NOT_KEPT: Final = mark("This PDF holds parts whose text cannot be kept safely.")
TURNED: Final = mark("This film is turned in a way that cannot be covered safely.")
UNCHANGED: Final = mark("No copy was made; the original is unchanged.")
UNCLEAN: Final = mark("The copy did not pass our own check ({container}: {fault}).")
#: Of a file that would cost too much: what was counted, and the sentence.
TOO_LARGE: Final = {
    "bytes": mark("This file is too large to be cleaned: more than {bound:,} bytes."),
    "pixels": mark("This picture is too large to be cleaned: more than {bound:,} pixels."),
    "pixels on a page": mark("A page is too large to be drawn: more than {bound:,} pixels."),
    "frames": mark("There are too many pictures in this file to be cleaned: more than {bound:,}."),
    "pages": mark("This paper is too long to be cleaned: more than {bound:,} pages."),
    "parts": mark("This file has too many parts to be cleaned: more than {bound:,}."),
    "samples": mark("This film is too long to be cleaned: more than {bound:,} pictures or pieces of sound."),
    "tracks": mark("This film has too many tracks to be cleaned: more than {bound:,}."),
    "signs": mark("This text is too long to be cleaned: more than {bound:,} signs."),
    "paragraphs": mark("This text is too long to be cleaned: more than {bound:,} paragraphs and tables."),
}

DID_COVER_FILM: Final = mark(
    "painted over in {colour} in the picture of the film, which was packed anew; boxes: {count}"
)
DID_SILENCED: Final = mark("made silent, and the sound packed anew; stretches: {count}")
DID_REPACKED: Final = mark(
    "picture and sound kept as they were, without dates, places, names and an encoder's words; tracks: {tracks}"
)
DID_SET_ANEW: Final = mark(
    "headings, paragraphs and tables read and set anew; pictures, notes, headers and footers are left out"
)
DID_SRGB: Final = mark("colours turned into sRGB, so that no profile is needed")
DID_ORIENTATION: Final = mark("turned upright")
DID_MAIN_PICTURE: Final = mark("only the main one of several pictures was kept")
DID_COVER: Final = mark("painted over in {colour}, before anything was scaled or packed; boxes: {count}")
DID_PIXELS: Final = mark("only the pixels were kept, and packed anew")
DID_DRAWN: Final = mark("each page drawn as a picture at 150 dots an inch, and the file bound anew")
DID_KEPT_TEXT: Final = mark(
    "pages rebuilt from known parts; comments, scripts, forms, links and files left out"
)
DID_FRAMES: Final = mark("only the frames of sound were kept, as they were; everything between them is zeros")

#: What a record of a copy keeps of each step, the stable word alone, as people read it.
STEP_WORDS: Final = {
    "covered": mark("parts painted over"),
    "drawn": mark("each page drawn as a picture"),
    "frames": mark("only the sound kept, as it was"),
    "kept-text": mark("pages rebuilt, the text kept as text"),
    "main-picture": mark("only the main picture kept"),
    "orientation": mark("turned upright"),
    "pixels": mark("only what can be seen kept, and packed anew"),
    "repacked": mark("only picture and sound kept, without what was written beside them"),
    "set-anew": mark("the text set anew, pictures and notes left out"),
    "silenced": mark("stretches of sound made silent"),
    "srgb": mark("colours turned into the usual ones"),
}

#: Why there is no copy: all that the other process may say.
REFUSALS: Final = frozenset(
    (
        AFTER_THE_END,
        CHANGES_KIND,
        CHANGES_PACKING,
        DAMAGED,
        ELSEWHERE,
        ENTITIES,
        IN_PIECES,
        KIND_OF_SOUND,
        LEADS_OUTSIDE,
        LOCKED,
        LOCKED_FILE,
        LOCKED_PDF,
        MEASUREMENTS,
        MOVING_AVIF,
        NEEDS_MEMORY,
        NOT_MADE_OF,
        NOT_UNDERSTOOD,
        NO_PAGE,
        NO_PAGES_IN_FILM,
        NO_PICTURE,
        NO_SOUND,
        NO_TIMES,
        NO_VIDEO_PART,
        PACKED_OTHERWISE,
        PUT_TOGETHER,
        SEVERAL_PICTURES,
        SEVERAL_TRACKS,
        SIGN_LACKING,
        SIZES_PACKED,
        TEXT_NOT_KEPT,
        TURNED,
        *TOO_LARGE.values(),
    )
)
HINTS: Final = frozenset((UNCHANGED, INSTALL_VIDEO, DRAW_INSTEAD))
#: What was done: the stable word of each step, and its sentence.
STEPS: Final = frozenset(
    (
        ("covered", DID_COVER),
        ("covered", DID_COVER_FILM),
        ("drawn", DID_DRAWN),
        ("frames", DID_FRAMES),
        ("kept-text", DID_KEPT_TEXT),
        ("main-picture", DID_MAIN_PICTURE),
        ("orientation", DID_ORIENTATION),
        ("pixels", DID_PIXELS),
        ("repacked", DID_REPACKED),
        ("set-anew", DID_SET_ANEW),
        ("silenced", DID_SILENCED),
        ("srgb", DID_SRGB),
    )
)
