"""After scrubbing, exiftool lists nothing but structure, the picture or sound is the same, and strangers get no copy."""

from __future__ import annotations

import io
import json
import os
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageChops

import originals
from holdfire.errors import HoldfireError
from holdfire.evidence.copies.form import PICTURES, Form, find_form
from holdfire.evidence.copies.heic import plain_heic
from holdfire.evidence.copies.refusals import CopyRefusedError
from holdfire.evidence.copies.scrub import WRITTEN_AS, scrub
from holdfire.evidence.copies.strict.check import check
from holdfire.evidence.copies.working_copy import Trace

ROOT = Path(__file__).resolve().parents[3]
PHOTOS = sorted((ROOT / "tests" / "vectors" / "photos").glob("*.jpg"))
#: The whole folder of samples: named by this variable, or beside the repository.
NAMED = os.environ.get("HOLDFIRE_EXIF_SAMPLES")
BESIDE = (
    Path(NAMED)
    if NAMED
    else next(
        (path for up in ROOT.parents if (path := up / "shared" / "vectors" / "exif-samples").is_dir()), None
    )
)
SAMPLES = sorted(BESIDE.rglob("*.jp*g")) if BESIDE else []

_FILE = "FileType FileTypeExtension MIMEType ImageWidth ImageHeight EncodingProcess BitsPerSample ColorComponents YCbCrSubSampling"
_TIFF = "ImageWidth ImageHeight BitsPerSample Compression PhotometricInterpretation StripOffsets SamplesPerPixel RowsPerStrip"
_TIFF += " StripByteCounts PlanarConfiguration Predictor ExtraSamples SampleFormat"
_AVIF = (
    "MajorBrand MinorVersion CompatibleBrands HandlerType PrimaryItemReference ImageSpatialExtent ImagePixelDepth"
    " AV1ConfigurationVersion SeqProfile SeqLevelIdx0 SeqTier0 HighBitDepth TwelveBit ChromaFormat ChromaSamplePosition"
    " InitialDelaySamples ColorProfiles ColorPrimaries TransferCharacteristics MatrixCoefficients MediaDataSize"
    " MediaDataOffset MediaData VideoFullRangeFlag"
)
_FILM = (
    "MajorBrand MinorVersion CompatibleBrands MovieHeaderVersion CreateDate ModifyDate TimeScale Duration PreferredRate"
    " PreferredVolume MatrixStructure PreviewTime PreviewDuration PosterTime SelectionTime SelectionDuration CurrentTime"
    " NextTrackID MediaDataSize MediaDataOffset MediaData TrackHeaderVersion TrackCreateDate TrackModifyDate TrackID"
    " TrackDuration TrackLayer TrackVolume ImageWidth ImageHeight Unknown_edts MediaHeaderVersion MediaCreateDate"
    " MediaModifyDate MediaTimeScale MediaDuration MediaLanguageCode HandlerType GraphicsMode OpColor CompressorID"
    " SourceImageWidth SourceImageHeight XResolution YResolution BitDepth Unknown_hvcC AVCConfiguration PixelAspectRatio"
    " VideoFrameRate CompositionTimeToSample SyncSampleTable SampleToChunk SampleSizes ChunkOffset Balance AudioFormat"
    " AudioChannels AudioBitsPerSample AudioSampleRate Unknown_esds TimeToSampleTable ColorProfiles ColorPrimaries"
    " TransferCharacteristics MatrixCoefficients VideoFullRangeFlag"
)
#: Tags of exiftool that say how a file is built. None can hold a word of somebody's.
STRUCTURE = {
    Form.JPEG: "JFIFVersion ResolutionUnit XResolution YResolution",
    Form.PNG: "ImageWidth ImageHeight BitDepth ColorType Compression Filter Interlace AnimationFrames AnimationPlays",
    Form.WEBP: "VP8Version ImageWidth HorizontalScale ImageHeight VerticalScale WebP_Flags",
    Form.GIF: "GIFVersion ImageWidth ImageHeight HasColorMap ColorResolutionDepth BitsPerPixel BackgroundColor FrameCount"
    " Duration AnimationIterations TransparentColor",
    Form.TIFF: _TIFF + " ExifByteOrder",
    Form.AVIF: _AVIF,
    Form.PDF: "PDFVersion Linearized PageCount",
    Form.MP3: "MPEGAudioVersion AudioLayer AudioBitrate SampleRate ChannelMode MSStereo IntensityStereo CopyrightFlag"
    " OriginalMedia Emphasis",
    Form.MP4: _FILM,
}


def tags(paths: list[Path]) -> list[dict[str, str]]:
    """What exiftool lists in each file, but for the file system's own and what it computes from others."""
    if originals.EXIFTOOL is None:
        pytest.skip("exiftool is missing: install libimage-exiftool-perl.")
    done = subprocess.run(
        [originals.EXIFTOOL, "-j", "-G1", "-a", "-u", "-ee", *map(str, paths)],
        check=True,
        capture_output=True,
    )
    return [
        {
            name: str(value)
            for name, value in found.items()
            if name.split(":")[0] not in {"SourceFile", "ExifTool", "System", "Composite"}
        }
        for found in json.loads(done.stdout)
    ]


def beyond_structure(found: dict[str, str], form: Form) -> dict[str, str]:
    allowed = {*STRUCTURE[form].split(), *_FILE.split()}
    dates = {
        name: value for name, value in found.items() if name.endswith("Date") and not value.startswith("0000")
    }
    return {name: value for name, value in found.items() if name.split(":")[1] not in allowed} | dates


@pytest.mark.parametrize("form", Form)
def test_only_structure_is_left(form: Form, tmp_path: Path) -> None:
    original = originals.rich(form)
    assert find_form(original) is form
    copy = scrub(original)
    assert copy.form is WRITTEN_AS[form]
    path = tmp_path / f"copy.{copy.form}"
    path.write_bytes(copy.data)
    assert not beyond_structure(tags([path])[0], copy.form)
    assert b"Secretname" not in copy.data
    assert copy.steps
    assert copy.left


@pytest.mark.parametrize("form", sorted(set(Form) - {Form.MP3, Form.DOCX, Form.ODT}))
def test_what_the_original_told_is_named(form: Form, tmp_path: Path) -> None:
    path = tmp_path / f"original.{form}"
    path.write_bytes(originals.rich(form))
    if not beyond_structure(tags([path])[0], WRITTEN_AS[form]):
        pytest.skip("This exiftool cannot write into this type.")
    assert {Trace.NAME, Trace.TIME, Trace.PLACE, Trace.DEVICE} <= set(scrub(originals.rich(form)).found)


@pytest.mark.parametrize("form", [Form.MP3, Form.DOCX, Form.ODT])
def test_names_are_found_where_exiftool_cannot_write(form: Form) -> None:
    assert Trace.NAME in scrub(originals.rich(form)).found


@pytest.mark.parametrize("path", [*PHOTOS, *SAMPLES], ids=lambda path: path.name)
def test_photos_of_many_cameras(path: Path) -> None:
    copy = scrub(path.read_bytes())
    with Image.open(io.BytesIO(copy.data)) as image:
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert copy.found or "orientation" in {step.name for step in copy.steps}


@pytest.mark.skipif(not SAMPLES, reason="exif-samples do not lie beside the repository")
def test_exiftool_lists_nothing_in_any_of_them(tmp_path: Path) -> None:
    for number, path in enumerate(SAMPLES):
        (tmp_path / f"{number:03}.jpg").write_bytes(scrub(path.read_bytes()).data)
    listed = tags(sorted(tmp_path.iterdir()))
    assert len(listed) == len(SAMPLES) >= 60
    for found in listed:
        assert not beyond_structure(found, Form.JPEG)


@pytest.mark.parametrize("turn", range(1, 9))
def test_pictures_are_turned_upright(turn: int) -> None:
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Pillow's transpositions that undo each way of Exif
    scene = originals.scene(64, 32)
    stored = scene if turn == 1 else scene.transpose(Image.Transpose(back[turn]))
    exif = Image.Exif()
    exif[0x0112] = turn
    copy = scrub(originals.saved(stored, "PNG", exif=exif))
    with Image.open(io.BytesIO(copy.data)) as seen:
        assert ImageChops.difference(seen.convert("RGB"), scene).getbbox() is None


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_pixels_stay_as_they_are(form: str) -> None:
    scene = originals.scene()
    with Image.open(io.BytesIO(scrub(originals.saved(scene, form)).data)) as seen:
        assert seen.convert("RGB").tobytes() == scene.tobytes()


def test_colours_hidden_under_transparency_are_gone() -> None:
    image = Image.new("RGBA", (40, 40), (200, 10, 10, 0))
    image.paste((0, 0, 255, 255), (0, 0, 20, 40))
    with Image.open(io.BytesIO(scrub(originals.saved(image, "PNG")).data)) as seen:
        assert seen.getpixel((30, 5)) == (0, 0, 0, 0)
        assert seen.getpixel((5, 5)) == (0, 0, 255, 255)


def test_the_tiles_of_a_phones_photo_lie_where_they_belong() -> None:
    one, three = (Image.open(io.BytesIO(scrub(originals.heic(columns), Form.PNG).data)) for columns in (1, 3))
    with one, three:
        assert three.size == (480, 120)
        for column in range(3):
            assert three.crop((160 * column, 0, 160 * (column + 1), 120)).tobytes() == one.tobytes()


def test_what_stands_beside_a_phones_photo_never_reaches_its_decoder() -> None:
    original = originals.rich(Form.HEIC)
    plain, _ = plain_heic(original)
    assert b"Exif" in original
    for word in (b"Exif", b"Secretname", b"xmpmeta"):
        assert word not in plain


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_written(mode: str) -> None:
    image = (
        originals.scene().convert("L").convert("I").convert("I;16")
        if mode == "I;16"
        else originals.scene().convert(mode)
    )
    form = "TIFF" if mode == "CMYK" else "PNG"
    with Image.open(io.BytesIO(scrub(originals.saved(image, form)).data)) as seen:
        assert seen.size == image.size
        assert seen.mode in {"L", "RGB", "RGBA"}


def test_sixteen_bits_become_eight_by_their_upper_half() -> None:
    image = Image.new("I;16", (2, 1))
    image.putpixel((0, 0), 0x1234)
    image.putpixel((1, 0), 0xFFFF)
    with Image.open(io.BytesIO(scrub(originals.saved(image, "PNG")).data)) as seen:
        assert [seen.getpixel((at, 0)) for at in (0, 1)] == [0x12, 0xFF]


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP", "TIFF"])
def test_frames_and_their_times_stay(form: str) -> None:
    frames = [originals.scene(tone=tone) for tone in (0, 80, 160)]
    options = {} if form == "TIFF" else {"duration": 120, "loop": 0}
    copy = scrub(originals.saved(frames[0], form, save_all=True, append_images=frames[1:], **options))
    with Image.open(io.BytesIO(copy.data)) as seen:
        assert getattr(seen, "n_frames", 1) == 3
        if form != "TIFF":
            seen.seek(1)
            seen.load()
            assert int(seen.info["duration"]) == 120


@pytest.mark.parametrize("form", sorted(PICTURES - {Form.GIF}))
@pytest.mark.parametrize("target", [Form.JPEG, Form.PNG])
def test_a_picture_can_be_written_as_jpeg_or_png(form: Form, target: Form) -> None:
    copy = scrub(originals.rich(form), target)
    assert find_form(copy.data) is copy.form is target


def test_several_pictures_do_not_become_one() -> None:
    with pytest.raises(CopyRefusedError, match="several pictures"):
        scrub(originals.rich(Form.GIF), Form.JPEG)


def test_no_film_becomes_a_picture() -> None:
    with pytest.raises(CopyRefusedError, match="no PNG"):
        scrub(originals.rich(Form.MP4), Form.PNG)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello, world, how are you?",
        b"\x7fELF" + bytes(64),
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"PK\x03\x04" + bytes(60),
        b"<svg/>" * 9,
    ],
)
def test_what_is_not_understood_gives_no_copy(data: bytes) -> None:
    with pytest.raises(HoldfireError, match="cannot clean this type"):
        scrub(data)


@pytest.mark.parametrize("form", Form)
def test_the_name_of_a_file_is_never_asked_and_streams_are_read(form: Form) -> None:
    data = originals.rich(form)
    assert scrub(io.BytesIO(data)).data == scrub(data).data


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_that_is_cut_short_gives_no_copy_or_a_clean_one(form: Form, share: float) -> None:
    data = originals.rich(form)
    try:
        copy = scrub(data[: int(len(data) * share)])
    except HoldfireError as refusal:
        assert refusal.hint  # noqa: PT017 - both ways are allowed, neither may be a traceback
    else:
        check(copy.data, copy.form)
        assert b"Secretname" not in copy.data
