"""The files of a package, made from its items: lists, keys, signatures (docs/formats/package.md §1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from holdfire.errors import UserError
from holdfire.evidence.package.crate import crate
from holdfire.evidence.package.layout import (
    BAG_INFO,
    BAGIT,
    BAGIT_TEXT,
    CRATE,
    KEY,
    MANIFEST,
    MOST_ITEMS,
    SIGNATURE,
    TAG_MANIFEST,
    Piece,
    key_pem,
    known,
    piece,
)
from holdfire.language import mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from holdfire.evidence.custody.head import SignedHead
    from holdfire.sealing.signature import SigningKey

#: How a file of a form ends, and its media type; anything else is `bin`.
FORMS: Final[dict[str, tuple[str, str]]] = {
    "jpeg": ("jpg", "image/jpeg"),
    "png": ("png", "image/png"),
    "webp": ("webp", "image/webp"),
    "gif": ("gif", "image/gif"),
    "tiff": ("tif", "image/tiff"),
    "heic": ("heic", "image/heic"),
    "avif": ("avif", "image/avif"),
    "jxl": ("jxl", "image/jxl"),
    "pdf": ("pdf", "application/pdf"),
    "text": ("txt", "text/plain"),
    "docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "odt": ("odt", "application/vnd.oasis.opendocument.text"),
    "mp3": ("mp3", "audio/mpeg"),
    "m4a": ("m4a", "audio/mp4"),
    "wav": ("wav", "audio/wav"),
    "ogg": ("ogg", "audio/ogg"),
    "opus": ("opus", "audio/ogg"),
    "flac": ("flac", "audio/flac"),
    "mp4": ("mp4", "video/mp4"),
    "mov": ("mov", "video/quicktime"),
    "3gp": ("3gp", "video/3gpp"),
    "webm": ("webm", "video/webm"),
    "zip": ("zip", "application/zip"),
    "eml": ("eml", "message/rfc822"),
    "html": ("html", "text/html"),
    "json": ("json", "application/json"),
}
OTHER: Final = ("bin", "application/octet-stream")


@dataclass(frozen=True)
class Item:
    """What goes into a package about one item.

    Attributes:
        form: What it is, by its content.
        size: Its bytes.
        sha256: Of them, 64 hexadecimal digits.
        read: Returns so many of its bytes from a place.
        record: What is known of it, as JSON.
        extract: What is shown of its custody log.
        head: The last head of that log.
        stamps: Time stamps on it: the end of the name, such as `1.tsr`, and the bytes.
    """

    form: str
    size: int
    sha256: str
    read: Callable[[int, int], bytes]
    record: bytes
    extract: bytes
    head: SignedHead
    stamps: Mapping[str, bytes] = field(default_factory=dict)


def item_name(number: int, form: str) -> str:
    """Return the name in the package of item `number`, which its own name never is."""
    return f"data/item-{number}.{FORMS.get(form, OTHER)[0]}"


def make(
    items: Sequence[Item], papers: Mapping[str, bytes], key: SigningKey, day: str = ""
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return the files outside `data`, sorted by name, and the items in their order.

    Args:
        items: What goes in.
        papers: The reports and the guides, by name.
        key: Drawn for this package; it signs once and is not kept.
        day: For the programs' description, if one was chosen.

    Raises:
        UserError: There is nothing to pack, or too much.
    """
    if not 1 <= len(items) <= MOST_ITEMS:
        raise UserError(
            mark("A package holds between 1 and {most} items."),
            mark("Choose which ones go in."),
            most=MOST_ITEMS,
        )
    data = tuple(
        Piece(item_name(number, one.form), one.size, one.sha256, one.read)
        for number, one in enumerate(items, 1)
    )
    media = tuple(FORMS.get(one.form, OTHER)[1] for one in items)
    tags = {
        BAGIT: BAGIT_TEXT,
        BAG_INFO: f"Payload-Oxum: {sum(one.size for one in items)}.{len(items)}\n".encode(),
        KEY: key_pem(key.public),
        MANIFEST: listed(data),
        **papers,
    }
    for number, one in enumerate(items, 1):
        tags |= {
            f"records/item-{number}.json": one.record,
            f"custody/item-{number}.jsonl": one.extract,
            f"custody/item-{number}.head.json": one.head.head.text(),
            f"custody/item-{number}.head.sig": one.head.signature,
            f"custody/item-{number}.KEY.pem": key_pem(one.head.head.key),
            **{f"stamps/item-{number}-{name}": content for name, content in one.stamps.items()},
        }
    tags[CRATE] = crate(data, media, sorted(tags), day)
    pieces = [piece(name, content) for name, content in sorted(tags.items())]
    if not all(known(one.name) for one in pieces):
        raise ValueError("a package has no such file")
    tag_list = piece(TAG_MANIFEST, listed(pieces))
    signature = piece(SIGNATURE, key.sign(tag_list.read(0, tag_list.size)))
    return tuple(sorted((*pieces, tag_list, signature), key=lambda one: one.name)), data


def listed(pieces: Iterable[Piece]) -> bytes:
    """Return the list of files that `sha256sum -c` checks."""
    return "".join(f"{one.sha256}  {one.name}\n" for one in pieces).encode("ascii")
