"""What a person sent with a form: read strictly, bounded, in memory only; text, and one file where a page asks for one.

A file of any size does not come this way: `web/receiving.py` hands it on while it still comes.
"""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import BinaryIO, Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from holdfire.documents.bounds import cleaned
from holdfire.errors import UserError
from holdfire.language import mark

#: A file that comes through a page is held in memory, whole; a larger one comes through the command line.
MOST_FILE: Final = 64 << 20
MOST_TEXT: Final = 64 * 1024
_MOST_NAME: Final = 120
#: No page of ours has more fields than this; the guard bounds the bytes.
MOST_FIELDS = 400


class Form:
    """The fields of one post, in the order they were sent.

    Args:
        pairs: Names and values, each still as the browser sent them.
    """

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def one(self, name: str, otherwise: str = "") -> str:
        """Return the last value of `name` without spaces around it, or `otherwise`."""
        return next((value for key, value in reversed(self._pairs) if key == name), otherwise).strip()

    def secret(self, name: str) -> str:
        """Return the last value of `name` exactly as typed: a passphrase may begin with a space."""
        return next((value for key, value in reversed(self._pairs) if key == name), "")

    def several(self, name: str) -> tuple[str, ...]:
        """Return every value of `name`, in order."""
        return tuple(value for key, value in self._pairs if key == name)

    def number(self, name: str, least: int, most: int) -> int | None:
        """Return `name` as a whole number within bounds, or None."""
        text = self.one(name)
        # Digits of other scripts count as digits to Python; only 0 to 9 are meant here.
        if not (text.isascii() and text.isdigit() and len(text) <= 9):  # noqa: PLR2004
            return None
        number = int(text)
        return number if least <= number <= most else None


async def read_form(request: Request) -> Form:
    """Return the fields of a post; UserError when they cannot be read as text."""
    try:
        pairs = parse_qsl(
            (await request.body()).decode("ascii"),
            keep_blank_values=True,
            strict_parsing=False,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as fault:
        raise UserError(mark("This form could not be read."), mark("Go back and send it again.")) from fault
    return Form([(name, value.replace("\r\n", "\n").replace("\x00", "")) for name, value in pairs])


@dataclass(frozen=True)
class Upload:
    """A file a person sent with a form.

    Args:
        name: What it is called, without folders, controls or direction marks; to be shown, never opened.
        stream: Its bytes, in memory.
        form: The other fields.
    """

    name: str
    stream: BinaryIO
    form: Form


async def read_upload(request: Request, field: str, most_bytes: int = MOST_FILE) -> Upload:
    """Return the one file of a form, piece by piece into memory; nothing of it touches the disk.

    Args:
        request: A post of `multipart/form-data` to a page that its module names in `UPLOADS`.
        field: The name of the file's field.
        most_bytes: The most the file may be.

    Raises:
        UserError: No file, two files, a larger file, or a form that cannot be read.
    """
    # Imported here: only these few pages need it, and the start of the program is measured.
    from multipart import MultipartError  # noqa: PLC0415

    try:
        return await _parts(request, field, most_bytes)
    except (MultipartError, ClientDisconnect, ValueError, LookupError) as fault:
        raise UserError(mark("This form could not be read."), mark("Go back and send it again.")) from fault


async def _parts(request: Request, field: str, most_bytes: int) -> Upload:
    parts = _Parts(field, most_bytes)
    async for event in part_events(request):
        if isinstance(event, PartBegins):
            parts.begin(event)
        elif event is None:
            parts.end()
        else:
            parts.add(event)
    return parts.upload()


class _Parts:
    """Puts the parts of a form together.

    What is wrong is said at the end: a browser shows no answer before it has sent everything.

    Args:
        field: The name of the file's field.
        most_bytes: The most the file may be.
    """

    def __init__(self, field: str, most_bytes: int) -> None:
        self._field = field
        self._most = most_bytes
        self._file: io.BytesIO | None = None
        self._into: io.BytesIO | None = None
        self._name = ""
        self._pairs: list[tuple[str, str]] = []
        self._text_left = MOST_TEXT
        self._wrong: UserError | None = None

    def begin(self, part: PartBegins) -> None:
        """Begin a field or the file."""
        self._into = io.BytesIO()
        if part.filename is None:
            self._pairs.append((part.name, ""))
        elif part.name == self._field and self._file is None:
            self._file, self._name = self._into, plain_name(part.filename)
        else:
            self._refuse(UserError(mark("More than one file was sent."), mark("Send them one by one.")))

    def add(self, piece: bytes | bytearray) -> None:
        """Take some bytes of what was begun."""
        if self._into is None:
            return
        self._into.write(piece)
        if self._into is not self._file:
            self._text_left -= len(piece)
            if self._text_left < 0:
                self._refuse(
                    UserError(mark("What was written beside the file is too long."), mark("Shorten it."))
                )
        elif self._into.tell() > self._most:
            self._refuse(
                UserError(
                    mark("This file is larger than {most} MiB, too large for a page."),
                    mark("The command line takes larger files, piece by piece: holdfire --help says how."),
                    most=self._most >> 20,
                )
            )

    def end(self) -> None:
        """End what was begun."""
        if self._into is not None and self._into is not self._file:
            self._pairs[-1] = (self._pairs[-1][0], text_of(self._into.getvalue()))
        self._into = None

    def upload(self) -> Upload:
        """Return the file with its fields; UserError when something was wrong."""
        if self._wrong is not None:
            raise self._wrong
        if self._file is None or not (self._name or self._file.tell()):
            raise UserError(mark("No file was chosen."), mark("Go back, choose a file, and send it."))
        self._file.seek(0)
        return Upload(self._name or "file", self._file, Form(self._pairs))

    def _refuse(self, wrong: UserError) -> None:
        self._wrong = self._wrong or wrong
        self._file = self._into = None


@dataclass(frozen=True)
class PartBegins:
    """A part of a form begins.

    Attributes:
        name: Of its field.
        filename: As the browser sent it, not to be trusted; None for a field of text.
    """

    name: str
    filename: str | None


async def part_events(request: Request) -> AsyncIterator[PartBegins | bytes | bytearray | None]:
    """Yield the beginning of each part of a form, its bytes, and None at its end.

    Raises:
        ValueError: What was sent is no form as browsers send it; or `MultipartError`, which is one.
        ClientDisconnect: The browser went away.
    """
    from multipart import MultipartSegment, PushMultipartParser, parse_options_header  # noqa: PLC0415

    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get("boundary", "")
    if kind != "multipart/form-data" or not re.fullmatch(r"[\x21-\x7e]{1,70}", boundary):
        raise ValueError
    parser = PushMultipartParser(boundary, max_segment_count=MOST_FIELDS, strict=True)
    async for chunk in request.stream():
        # An empty piece would end the parser.
        if chunk:
            for event in parser.parse(chunk):
                if isinstance(event, MultipartSegment):
                    yield PartBegins(event.name or "", event.filename)
                else:
                    yield event
    # A form that breaks off is noticed here.
    parser.close()


def text_of(untrusted: bytes | bytearray) -> str:
    """Return what was typed into a field of a form with a file; ValueError where it is no text."""
    return untrusted.decode("utf-8").replace("\r\n", "\n").replace("\x00", "")


def plain_name(untrusted: str, most: int = _MOST_NAME) -> str:
    """Return the name of a file without folders and without what cannot be seen, `most` characters of it."""
    return cleaned(re.split(r"[/\\]", untrusted)[-1])[:most].strip()
