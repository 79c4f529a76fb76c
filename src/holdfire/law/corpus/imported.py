"""What is known of a text that a person imported: what it is, of which day, from which file, and who said so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from holdfire.errors import UserError
from holdfire.language import mark

Source = Literal["person", "file", ""]
#: Characters of a title.
MOST_TITLE: Final = 300
#: The article a person says is none of a text's.
NONE: Final = -1


@dataclass(frozen=True)
class Stated:
    """What a person says of a text; everything may be unknown. A field that is None is left as it is known."""

    title: str | None = None
    language: str | None = None
    instrument: str | None = None
    version: date | None = None


@dataclass(frozen=True)
class Remark:
    """What could not be read of the file: a sentence with places, and what fills them."""

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportedText:
    """A text as it was imported; its articles are kept beside it.

    Attributes:
        number: By which a person calls it; it stays with the text.
        title: As the person, the file, or its first line gives it.
        language: Its code, such as `ru`; "" unknown.
        instrument: The short name of what it is, as the person says; "" when nobody said.
        version: The day whose wording it gives; None unknown.
        version_from: Who says so: the person, the file itself, or nobody.
        form: pdf, docx, html, akn or text.
        sha256: Of the file, in hexadecimal digits.
        imported: The day it was imported.
        articles: How many pieces it has.
        characters: How long it is.
        remarks: What could not be read.
        pairs: By id of a provision: the number of the article that is its wording, as the person says; `NONE`: none is.
    """

    number: int
    title: str
    language: str
    instrument: str
    version: date | None
    version_from: Source
    form: str
    sha256: str
    imported: date
    articles: int
    characters: int
    remarks: tuple[Remark, ...] = ()
    pairs: Mapping[str, int] = field(default_factory=dict)


def judge_title(untrusted: str) -> str:
    """Return a title on one line; UserError when it is longer than 300 characters."""
    title = " ".join(untrusted.split())
    if len(title) > MOST_TITLE:
        raise UserError(
            mark("This title is longer than {most} characters."), mark("Say it shorter."), most=MOST_TITLE
        )
    return title


def judge_language(untrusted: str) -> str:
    """Return the code of a language, without a country; UserError when it is none."""
    code = untrusted.strip().lower().partition("-")[0]
    if code and not (code.isascii() and code.isalpha() and 2 <= len(code) <= 3):  # noqa: PLR2004 -- ISO 639
        raise UserError(
            mark("{code} is no code of a language."),
            mark("Write two or three letters, such as be, ru, en or es."),
            code=ascii(untrusted)[:40],
        )
    return code


def encode_text(text: ImportedText) -> dict[str, object]:
    """Return a text's description as JSON holds it."""
    return {
        **{name: getattr(text, name) for name in _PLAIN},
        "version": text.version.isoformat() if text.version else None,
        "imported": text.imported.isoformat(),
        "remarks": [[one.sentence, dict(one.values)] for one in text.remarks],
        "pairs": dict(text.pairs),
    }


def decode_text(kept: Mapping[str, object]) -> ImportedText:
    """Return what `encode_text` made JSON of."""
    version, imported = kept["version"], kept["imported"]
    values: dict[str, object] = {name: kept[name] for name in _PLAIN}
    values["version"] = date.fromisoformat(version) if isinstance(version, str) else None
    values["imported"] = date.fromisoformat(str(imported))
    values["remarks"] = tuple(Remark(sentence, filled) for sentence, filled in kept["remarks"])  # type: ignore[attr-defined]  # as encoded
    values["pairs"] = kept["pairs"]
    return ImportedText(**values)  # type: ignore[arg-type]  # as encoded


_PLAIN: Final = (
    "number", "title", "language", "instrument", "version_from", "form", "sha256", "articles", "characters",
)  # fmt: skip
