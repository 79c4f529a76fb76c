"""Packets that tests make: a small one with an exhibit of every form, its PDFs set by typst, its pictures drawn."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence

import pikepdf
import typst
from PIL import Image

from holdfire.packets.make import Making
from holdfire.packets.packet import Exhibit, Form, Items, Packet, Paragraph, Quote, Rows, Section, Title
from holdfire.packets.people import Remover

WITNESS = "Пётр Ўласаў"
#: Signs that mean something to typst, XML or a terminal.
MARKUP = (
    "#set page(width: 1pt) $x^2$ *b* _i_ @a <b> `r` [c] \\ // ~ = - + / \"q\" 'p' & &amp; %s {to} {{x}} ]]>"
)
_PAGES = b"""#set document(date: none)
#set page(paper: "a4")
#for words in json(bytes(sys.inputs.pages)) { page(words) }
"""


def pdf_of(pages: Sequence[str]) -> bytes:
    """Return a PDF with one page for each text."""
    made = typst.compile(
        _PAGES, format="pdf", ignore_system_fonts=True, sys_inputs={"pages": json.dumps(list(pages))}
    )
    assert isinstance(made, bytes)
    return made


def locked(content: bytes) -> bytes:
    """Return a PDF locked with a password."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


def photograph(form: str = "JPEG", size: tuple[int, int] = (320, 200), mode: str = "RGB") -> bytes:
    """Return a picture; a JPEG with metadata that tell a place and an author."""
    out = io.BytesIO()
    image = Image.linear_gradient("L").resize(size).convert(mode)
    if mode == "RGB":
        image.paste((200, 20, 20), (0, 0, 40, 40))
    if form == "JPEG":
        about = Image.Exif()
        about[0x013B], about[0x0112] = "Sergeant Secret", 6
        image.save(out, form, exif=about, comment=b"Sergeant Secret")
    else:
        image.save(out, form)
    return out.getvalue()


def exhibit(title: str, form: Form, content: bytes) -> Exhibit:
    """Return an exhibit that lies in memory."""
    return Exhibit(
        title, form, len(content), hashlib.sha256(content).hexdigest(), "2026-11-22", lambda: [content]
    )


def small(*exhibits: Exhibit) -> Packet:
    """Return a packet with a section in which everything dangerous stands, and these exhibits or one of every form."""
    given = exhibits or (
        exhibit("Scan", "pdf", pdf_of(["First page", f"Second names {WITNESS}", "Third"])),
        exhibit("Photograph", "jpeg", photograph()),
        exhibit("Picture", "png", photograph("PNG", mode="RGBA")),
        exhibit(f"Note on {WITNESS}", "text", f"Сказали Ўласаву.\n{MARKUP}\n".encode() * 3),
        exhibit("Archive", "other", b"PK\x03\x04"),
    )
    section = Section(
        "Record of the order",
        (
            Title("Record of the order"),
            Paragraph(MARKUP),
            Quote("The exact words", f"Никого не пропускать. {MARKUP}"),
            Quote("Room", None),
            Rows((("Giver", "דוד כהן 12"), ("Place", "محمد علي"), ("Sign", "王 and 😀"), ("Unknown", None))),
            Items("Heard by", (WITNESS, "Ўласава", "Сяржант Уладзімір, ґ є ї")),
        ),
    )
    return Packet(
        "Referral of an order", (Rows((("To", "The prosecutor"), ("Date", None))),), (section,), given
    )


def made(packet: Packet, *names: str, leave_pages: bool = True) -> bytes:
    """Return a packet as a file, with these names taken out."""
    return b"".join(Making(packet, Remover(names), leave_pages=leave_pages).pieces())
