"""Files of every type that can be copied, with as much metadata as exiftool and the libraries can put into them."""

from __future__ import annotations

import functools
import io
import shutil
import struct
import subprocess
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import av
import docx
import typst
from PIL import Image, ImageDraw

from holdfire.evidence.copies.form import Form

SECRET: Final = "Anna Secretname"
EXIFTOOL: Final = shutil.which("exiftool")
_TAGS: Final = (
    f"-Artist={SECRET}", f"-XMP-dc:Creator={SECRET}", f"-IPTC:By-line={SECRET}", f"-Comment={SECRET}", "-Make=Examplephone",
    "-Model=X100", "-SerialNumber=424242", "-Software=Examplecam 3", "-DateTimeOriginal=2020:08:11 14:30:00",
    "-GPSLatitude=53.9", "-GPSLatitudeRef=N", "-GPSLongitude=27.56", "-GPSLongitudeRef=E", "-XMP-exif:GPSLatitude=53.9",
    f"-XMP-dc:Title={SECRET}", "-XMP-xmpMM:DocumentID=uuid:42", f"-PDF:Author={SECRET}", f"-QuickTime:Author={SECRET}",
    "-Keys:GPSCoordinates=53.9 27.56 200", "-QuickTime:CreateDate=2020:08:11 14:30:00", f"-UserData:Title={SECRET}",
)  # fmt: skip


def scene(width: int = 160, height: int = 120, tone: int = 0) -> Image.Image:
    """A picture with soft and hard edges; another `tone` is another picture."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.ellipse((width // 4, height // 4, width // 2, height // 2), fill=(200 - tone % 200, 30, tone % 256))
    draw.text((width // 2, height // 2), f"tone {tone}", fill=(250, 240, 20))
    return image


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def film(form: str = "mp4", codec: str = "libx264", seconds: int = 2, **metadata: str) -> bytes:
    """A film of 160 × 120 with sound, 10 frames a second; libx264 and the AAC encoder put their names in."""
    out = io.BytesIO()
    with av.open(
        out, "w", format=form, options={"movflags": "+use_metadata_tags"} if metadata else {}
    ) as target:
        target.metadata.update(metadata)
        picture: Any = target.add_stream(
            codec, rate=10, options={"x265-params": "log-level=none"} if "265" in codec else {}
        )
        picture.width, picture.height, picture.pix_fmt = 160, 120, "yuv420p"
        if codec == "libx265":
            picture.codec_context.codec_tag = "hvc1"
        sound: Any = target.add_stream("aac", rate=44100, layout="mono")
        from_image: Any = av.VideoFrame.from_image
        for number in range(10 * seconds):
            target.mux(picture.encode(from_image(scene(tone=number * 7))))
        target.mux(picture.encode())
        for packet in _tone(sound, seconds):
            target.mux(packet)
    return out.getvalue()


def mp3(seconds: int = 3) -> bytes:
    """Sound with an ID3 tag and the encoder's own frame."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp3") as target:
        target.metadata.update({"title": SECRET, "artist": SECRET, "comment": SECRET})
        sound: Any = target.add_stream("libmp3lame", rate=44100, layout="mono")
        for packet in _tone(sound, seconds):
            target.mux(packet)
    return out.getvalue()


def _tone(stream: Any, seconds: int) -> list[Any]:
    packets = []
    size = stream.codec_context.frame_size or 1024
    for start in range(0, 44100 * seconds, size):
        frame: Any = av.AudioFrame(format="fltp", layout="mono", samples=size)
        wave = [0.4 if ((start + at) // 50) % 2 else -0.4 for at in range(size)]
        frame.planes[0].update(struct.pack(f"<{size}f", *wave))
        frame.sample_rate, frame.pts = 44100, start
        packets += stream.encode(frame)
    return packets + list(stream.encode())


def heic(columns: int = 1) -> bytes:
    """One H.265 picture in a HEIF file, put together by hand: there is no free encoder of the whole."""
    out = io.BytesIO()
    with av.open(out, "w", format="hevc") as target:
        stream: Any = target.add_stream(
            "libx265", rate=1, options={"x265-params": "log-level=none:keyint=1:repeat-headers=1"}
        )
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        from_image: Any = av.VideoFrame.from_image
        for packet in [*stream.encode(from_image(scene())), *stream.encode()]:
            target.mux(packet)
    units = [
        unit.rstrip(b"\0") for unit in out.getvalue().replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit
    ]
    sets = {kind: [unit for unit in units if unit[0] >> 1 & 0x3F == kind] for kind in (32, 33, 34)}
    arrays = b"".join(
        bytes((0x80 | kind,))
        + struct.pack(">H", len(held))
        + b"".join(struct.pack(">H", len(u)) + u for u in held)
        for kind, held in sets.items()
    )
    config = bytes.fromhex("0101600000009000000000003cf000fcfdf8f800000f03") + arrays
    pixels = b"".join(struct.pack(">I", len(unit)) + unit for unit in units if unit[0] >> 1 & 0x3F < 32)
    if columns == 1:
        return _heif([(b"hvc1", pixels, b"\x81\2")], b"", [_box(b"hvcC", config), _ispe(160)])
    # As phones do: tiles beside each other, and a main picture that only says how they lie.
    grid = bytes((0, 0, 0, columns - 1)) + struct.pack(">HH", 160 * columns, 120)
    items = [(b"grid", grid, b"\3"), *[(b"hvc1", pixels, b"\x81\2")] * columns]
    numbers = b"".join(struct.pack(">H", number) for number in range(2, columns + 2))
    refers = _box(b"iref", bytes(4) + _box(b"dimg", b"\0\1" + struct.pack(">H", columns) + numbers))
    return _heif(items, refers, [_box(b"hvcC", config), _ispe(160), _ispe(160 * columns)])


def _ispe(width: int) -> bytes:
    return _box(b"ispe", bytes(4) + struct.pack(">II", width, 120))


def _heif(items: list[tuple[bytes, bytes, bytes]], refers: bytes, properties: list[bytes]) -> bytes:
    kind = _box(b"ftyp", b"heic\0\0\0\0mif1heic")
    count = struct.pack(">H", len(items))

    def meta(start: int) -> bytes:
        places = entries = links = b""
        for number, (name, data, own) in enumerate(items, 1):
            places += struct.pack(">HHHII", number, 0, 1, start, len(data))
            entries += _box(b"infe", b"\2\0\0\0" + struct.pack(">HH", number, 0) + name + b"\0")
            links += struct.pack(">HB", number, len(own)) + own
            start += len(data)
        return _box(
            b"meta",
            bytes(4)
            + _box(b"hdlr", bytes(8) + b"pict" + bytes(13))
            + _box(b"pitm", bytes(4) + b"\0\1")
            + _box(b"iloc", bytes(4) + b"\x44\0" + count + places)
            + _box(b"iinf", bytes(4) + count + entries)
            + refers
            + _box(
                b"iprp",
                _box(b"ipco", b"".join(properties))
                + _box(b"ipma", bytes(4) + struct.pack(">I", len(items)) + links),
            ),
        )

    start = len(kind) + len(meta(0)) + 8
    return kind + meta(start) + _box(b"mdat", b"".join(data for _, data, _ in items))


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


def pdf(*pages: str) -> bytes:
    """A PDF with these lines of typst, one a page."""
    made = typst.compile(
        ("#set page(width: 300pt, height: 200pt)\n" + "\n#pagebreak()\n".join(pages)).encode(), format="pdf"
    )
    assert isinstance(made, bytes)
    return made


def docx_file() -> bytes:
    paper = docx.Document()
    paper.add_heading("Order", 1)
    paper.add_paragraph("Everybody to the square. # [x] $y$ Приказ")
    run = paper.add_paragraph("Seen, ").add_run(f"unseen {SECRET}")
    run.font.hidden = True
    table = paper.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "six", "o’clock"
    paper.core_properties.author = paper.core_properties.last_modified_by = SECRET
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


ODT_NAMES: Final = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "meta")
)


def odt_file(body: str = "", **parts: str) -> bytes:
    text = body or (
        f'<text:tracked-changes><text:p>deleted {SECRET}</text:p></text:tracked-changes><text:h text:outline-level="1">Order</text:h>'
        f"<text:p>Everybody to the square.<office:annotation><text:p>comment {SECRET}</text:p></office:annotation></text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>six</text:p></table:table-cell></table:table-row></table:table>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            f"<office:document-content {ODT_NAMES}><office:body><office:text>{text}</office:text></office:body>"
            "</office:document-content>",
        )
        archive.writestr(
            "meta.xml", f"<m><meta:initial-creator xmlns:meta='m'>{SECRET}</meta:initial-creator></m>"
        )
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@functools.cache
def plain(form: Form) -> bytes:
    """A file of this type, with the metadata that its own writer puts in."""
    import pillow_jxl  # noqa: F401, PLC0415 - registers its encoder

    image = scene()
    makers: dict[Form, Any] = {
        Form.JPEG: lambda: saved(image, "JPEG", comment=SECRET),
        Form.PNG: lambda: saved(image, "PNG"),
        Form.WEBP: lambda: saved(image, "WEBP"),
        Form.GIF: lambda: saved(
            image, "GIF", save_all=True, append_images=[scene(tone=90)], comment=SECRET, duration=80
        ),
        Form.TIFF: lambda: saved(image, "TIFF", description=SECRET),
        Form.AVIF: lambda: saved(image, "AVIF"),
        Form.HEIC: heic,
        Form.JXL: lambda: saved(image, "JXL", use_container=True),
        Form.PDF: lambda: pdf("Everybody to the square.", "Second page."),
        Form.DOCX: docx_file,
        Form.ODT: odt_file,
        Form.MP3: mp3,
        Form.MP4: lambda: film("mp4", title=SECRET, location="+53.9+027.56/"),
        Form.MOV: lambda: film("mov", "libx265", title=SECRET),
    }
    made: bytes = makers[form]()
    return made


#: exiftool cannot write into these; their own writers put enough in.
NOT_WRITTEN: Final = frozenset((Form.MP3, Form.DOCX, Form.ODT))


@functools.cache
def rich(form: Form) -> bytes:
    """The same with a place, a device, times and a name put in by exiftool."""
    if form in NOT_WRITTEN or EXIFTOOL is None:
        return plain(form)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"original.{form}"
        path.write_bytes(plain(form))
        subprocess.run(
            [EXIFTOOL, "-q", "-q", "-m", "-overwrite_original", *_TAGS, str(path)],
            check=False,
            capture_output=True,
        )
        return path.read_bytes()
