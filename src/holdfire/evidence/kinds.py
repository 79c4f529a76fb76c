"""What a file is, by its content; its name is never asked, since anybody can change it."""

from __future__ import annotations

from typing import Final

from holdfire.documents.encoding import sure_encoding
from holdfire.language import mark

#: Bytes by which a file is judged.
BEGINNING: Final = 65_536
OTHER: Final = "other"

#: How each form is called to people.
FORM_WORDS: Final = {
    "jpeg": mark("JPEG picture"),
    "png": mark("PNG picture"),
    "gif": mark("GIF picture"),
    "webp": mark("WebP picture"),
    "tiff": mark("TIFF picture"),
    "heic": mark("HEIC picture"),
    "avif": mark("AVIF picture"),
    "jxl": mark("JPEG XL picture"),
    "bmp": mark("BMP picture"),
    "mp4": mark("MP4 video"),
    "mov": mark("QuickTime video"),
    "3gp": mark("3GP video"),
    "webm": mark("WebM video"),
    "mkv": mark("Matroska video"),
    "avi": mark("AVI video"),
    "ogg": mark("Ogg sound or video"),
    "opus": mark("Opus sound"),
    "mp3": mark("MP3 sound"),
    "m4a": mark("M4A sound"),
    "aac": mark("AAC sound"),
    "amr": mark("AMR sound"),
    "wav": mark("WAV sound"),
    "flac": mark("FLAC sound"),
    "pdf": mark("PDF"),
    "docx": mark("Word document"),
    "xlsx": mark("Excel table"),
    "pptx": mark("PowerPoint slides"),
    "odt": mark("OpenDocument text"),
    "ods": mark("OpenDocument table"),
    "odp": mark("OpenDocument slides"),
    "doc": mark("older Office file"),
    "rtf": mark("RTF text"),
    "zip": mark("ZIP archive"),
    "7z": mark("7z archive"),
    "rar": mark("RAR archive"),
    "gzip": mark("gzip archive"),
    "tar": mark("tar archive"),
    "age": mark("file sealed with age"),
    "eml": mark("e-mail"),
    "html": mark("web page"),
    "text": mark("plain text"),
    OTHER: mark("another kind of file"),
}
PICTURES: Final = frozenset({"jpeg", "png", "gif", "webp", "tiff", "heic", "avif", "jxl", "bmp"})
VIDEOS: Final = frozenset({"mp4", "mov", "3gp", "webm", "mkv", "avi"})
SOUNDS: Final = frozenset({"ogg", "opus", "mp3", "m4a", "aac", "amr", "wav", "flac"})

_STARTS: Final = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"\xff\x0a", "jxl"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "jxl"),
    (b"ID3", "mp3"),
    (b"#!AMR", "amr"),
    (b"fLaC", "flac"),
    (b"{\\rtf", "rtf"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
    (b"age-encryption.org/v", "age"),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", "age"),
)
#: Where a tar archive says that it is one (POSIX.1-2024, pax: ustar interchange format).
_TAR: Final = slice(257, 263)
#: The four letters after the size of a RIFF file.
_RIFF: Final = {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}
#: Brands of ISO base media files, first fit in this order (ISO/IEC 14496-12 §4.3; a file says several).
_BRANDS: Final = (
    ((b"avif", b"avis"), "avif"),
    ((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"), "heic"),
    ((b"M4A ", b"M4B "), "m4a"),
    ((b"qt  ",), "mov"),
    ((b"3gp", b"3g2"), "3gp"),
)
_OPEN_DOCUMENTS: Final = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_OFFICE: Final = ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx"))
_MAIL_HEADERS: Final = frozenset(
    {
        b"received", b"return-path", b"delivered-to", b"from", b"to", b"subject", b"date", b"message-id",
        b"mime-version", b"x-mozilla-status", b"content-type",
    }
)  # fmt: skip
#: So many known header lines at the beginning make a text an e-mail.
_ENOUGH_HEADERS: Final = 3


def form_of(beginning: bytes) -> str:
    """Return what a file is by its first `BEGINNING` bytes: a key of `FORM_WORDS`."""
    for start, form in _STARTS:
        if beginning.startswith(start):
            return form
    if beginning[_TAR] == b"ustar\0":
        return "tar"  # before what it holds: the first file of a package is a PDF
    if b"%PDF-" in beginning[:1024]:
        return "pdf"
    return _contained(beginning) or _streamed(beginning) or _written(beginning) or OTHER


def _contained(beginning: bytes) -> str | None:
    """Return the form of what begins as a container that says what it holds."""
    if beginning[:4] == b"RIFF":
        return _RIFF.get(beginning[8:12])
    if beginning[4:8] == b"ftyp":
        return _branded(beginning)
    if beginning[4:8] in {b"moov", b"mdat", b"wide", b"free", b"skip"}:
        return "mov"
    if beginning[:4] == b"PK\x03\x04":
        return _zipped(beginning)
    return None


def _branded(beginning: bytes) -> str:
    size = int.from_bytes(beginning[:4])
    major, brands = beginning[8:12], {beginning[at : at + 4] for at in range(16, min(size, 512), 4)}
    for names, form in _BRANDS:
        if major.startswith(names):
            return form
    # What begins with a brand that says nothing is a picture if another brand says so.
    for names, form in _BRANDS[:2]:
        if brands.intersection(names):
            return form
    return "heic" if major in {b"mif1", b"msf1"} else "mp4"


def _zipped(beginning: bytes) -> str:
    # An OpenDocument's first part is its type, unpacked (ODF 1.3 part 2 §3.3); Office files name theirs by folder.
    length, extra = int.from_bytes(beginning[26:28], "little"), int.from_bytes(beginning[28:30], "little")
    if beginning[30 : 30 + length] == b"mimetype":
        said = beginning[30 + length + extra :]
        for name, form in _OPEN_DOCUMENTS.items():
            if said.startswith(name):
                return form
    if b"[Content_Types].xml" in beginning:
        for folder, form in _OFFICE:
            if folder in beginning:
                return form
    return "zip"


def _streamed(beginning: bytes) -> str | None:
    """Return the form of sound or video that is a stream of frames or pages."""
    if beginning[:4] == b"\x1aE\xdf\xa3":
        return "webm" if b"webm" in beginning[:64] else "mkv"
    if beginning[:4] == b"OggS":
        return "opus" if b"OpusHead" in beginning[:64] else "ogg"
    if beginning[:2] == b"BM" and beginning[6:10] == bytes(4) and len(beginning) > 26:  # noqa: PLR2004 - its header
        return "bmp"
    if len(beginning) > 3 and beginning[0] == 0xFF and beginning[1] & 0xE0 == 0xE0:  # noqa: PLR2004 - a frame's sync
        layer = beginning[1] >> 1 & 3
        if layer == 0 and beginning[1] & 0xF6 == 0xF0:  # noqa: PLR2004 - ADTS
            return "aac"
        return "mp3" if layer == 1 else None
    return None


def _written(beginning: bytes) -> str | None:
    """Return the form of what is text."""
    if not beginning or sure_encoding(beginning, cut=True) is None:
        return None
    start = beginning[:1024].lstrip(b"\xef\xbb\xbf\t\r\n ").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    headers = {
        line.partition(b":")[0].lower()
        for line in beginning[:8192].replace(b"\r", b"").partition(b"\n\n")[0].split(b"\n")
        if b":" in line
    }
    return "eml" if len(headers & _MAIL_HEADERS) >= _ENOUGH_HEADERS else "text"
