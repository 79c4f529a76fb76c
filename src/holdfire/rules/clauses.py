"""From lines to clauses, as the regulation numbers them: every character of the source stands in exactly one.

Two sorts of numbers are known. Parts with a name ("Глава 3", "Article 5", "Artículo 12.º") have a rank: a chapter ends the
chapter before it. Bare numbers ("1.", "1.2.3", "(a)", "б)", "IV.") nest as they come: a sort of number that is open
already goes on, another one goes below.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from holdfire.rules.regulation import Clause, Line, Sentence
from holdfire.rules.sentences import split_sentences

#: Longer clauses are cut, so that a regulation without any number stays readable in pages.
MOST_CHARACTERS: Final = 4_000
#: Of a caption kept with every clause below it.
MOST_CAPTION: Final = 160
MOST_STEM: Final = 600
#: A longer line behind "1." is its text.
_MOST_NAME: Final = 90
MOST_DEPTH: Final = 12

_PARTS: Final = (
    ("annex annexe appendix приложение дадатак додаток anexo apéndice", 0),
    ("part часть частка parte book книга libro título título title", 1),
    ("раздел раздзел division", 2),
    ("chapter глава capítulo capitulo", 3),
    ("section sec параграф параграфа sección seccion подраздел падраздзел §", 4),
    ("article art статья ст артыкул арт artículo articulo rule правило правіла норма norma", 5),
    ("paragraph para пункт п apartado punto пункта clause", 6),
)
_RANKS: Final = {word: rank for words, rank in _PARTS for word in words.split()}
#: From this rank on, text without a number belongs to the part; above, it is a paragraph of its own.
_HOLDS_TEXT: Final = 5
_HEADING_RANK: Final = 7
_NAMES: Final = "|".join(sorted(map(re.escape, _RANKS), key=len, reverse=True))
_ORDINAL: Final = "primer[oa]|segund[oa]|tercer[oa]|cuart[oa]|quint[oa]|sext[oa]|séptim[oa]|octav[oa]|noven[oa]|décim[oa]|únic[oa]|preliminar"
_PART: Final = re.compile(
    rf"\s*(?P<whole>(?P<name>{_NAMES})(?![^\W\d_])\.?\s{{0,3}}"
    rf"(?P<value>[0-9]{{1,4}}(?:[.-][0-9]{{1,3}}){{0,4}}|[ivxlcdm]{{1,8}}|[a-zа-я]|{_ORDINAL})(?!\w)(?:\.?[º°ª])?[.:)]?)"
    r"(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_DECIMAL: Final = re.compile(
    r"\s*(?P<whole>(?P<value>[0-9]{1,3}(?:\.[0-9]{1,3}){0,5})(?P<end>[.)]{0,2}))(?=\s|\Z)(?P<rest>.*)",
    re.DOTALL,
)
_LETTER: Final = re.compile(
    r"\s*(?P<whole>(?P<open>\(?)(?P<value>[0-9]{1,3}|[ivxlc]{1,6}|[a-zа-яёўіñ])\))(?=\s|\Z|\w)(?P<rest>.*)",
    re.DOTALL | re.IGNORECASE,
)
_CAPITAL: Final = re.compile(
    r"\s*(?P<whole>(?P<value>[IVXLC]{1,6}|[A-ZА-ЯЎІ])\.)(?=\s)(?P<rest>.*)", re.DOTALL
)
_ROMAN: Final = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})\Z", re.IGNORECASE)
_ROMAN_VALUES: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


@dataclass
class _Level:
    """A part that is open: its sort, its rank, its number as written, and what it was counted as."""

    sort: str
    rank: int
    number: str
    counted: tuple[int, ...] = ()
    heading: str = ""
    stem: str = ""
    awaits_heading: bool = False

    @property
    def caption(self) -> str:
        return self.number or self.heading


@dataclass(frozen=True)
class _Number:
    """A number that stands at the beginning of a line."""

    sort: str
    rank: int
    text: str
    counted: tuple[int, ...]
    rest: str


@dataclass
class _Open:
    """The clause that is being gathered."""

    number: str
    above: tuple[str, ...]
    headings: tuple[str, ...]
    stem: str
    page: int | None
    heading: str = ""
    body: int = 0
    text: list[str] = field(default_factory=list)
    size: int = 0
    ended: bool = False
    continued: bool = False


#: Bare numbers stand below every part with a name.
_BARE: Final = 8


def split_clauses(lines: Iterable[Line], abbreviations: Collection[str] = ()) -> Iterator[Clause]:
    """Yield the clauses of a regulation in its order, with their sentences and without labels.

    The texts of all clauses, one behind the other, are the lines, each with a line feed behind it.

    Args:
        lines: Of the source; read once, one by one.
        abbreviations: After which a full stop ends no sentence.
    """
    return _Splitter(abbreviations).clauses(lines)


class _Splitter:
    def __init__(self, abbreviations: Collection[str]) -> None:
        self._abbreviations = abbreviations
        self._levels: list[_Level] = []
        self._open: _Open | None = None
        self._place = 0

    def clauses(self, lines: Iterable[Line]) -> Iterator[Clause]:
        for line in lines:
            if self._begins(line):
                yield from self._close()
                self._begin(line)
            yield from self._take(f"{line.text}\n")
        yield from self._close()

    def _begins(self, line: Line) -> bool:
        """Say whether a line begins a clause; what it is is found once more in `_begin`."""
        if self._open is None:
            return True
        text = line.text
        if not text.strip():
            return False
        if self._number(text) is not None:
            return True
        level = self._levels[-1] if self._levels else None
        if level is not None and level.awaits_heading and len(text) <= MOST_CAPTION:
            return False
        if _is_heading(line):
            return True
        holds = (
            level is not None
            and (level.rank >= _HOLDS_TEXT and level.sort != "heading")
            and self._open.number
        )
        return not holds and (self._open.ended or bool(self._open.heading))

    def _begin(self, line: Line) -> None:
        number = self._number(line.text)
        if number is not None:
            self._push(number)
            above, level = self._levels[:-1], self._levels[-1]
            self._open = _Open(
                level.number, tuple(one.caption for one in above), tuple(one.heading for one in above), _stem(above),
                line.page, level.heading, len(line.text) - len(number.rest),
            )  # fmt: skip
            return
        if _is_heading(line):
            caption = _caption(line.text)
            self._levels = [one for one in self._levels if one.rank < _HEADING_RANK]
            above = list(self._levels)
            self._levels.append(_Level("heading", _HEADING_RANK, "", heading=caption))
        else:
            caption = ""
            above = self._levels
        self._open = _Open(
            "",
            tuple(one.caption for one in above),
            tuple(one.heading for one in above),
            "",
            line.page,
            caption,
        )

    def _take(self, text: str) -> Iterator[Clause]:
        """Add a line to the open clause, cutting where that grows too long."""
        now = self._open
        if now is None:  # pragma: no cover -- every first line begins one
            raise RuntimeError("a line came before any clause")
        level = self._levels[-1] if self._levels else None
        if level is not None and level.awaits_heading and now.text and text.strip():
            level.awaits_heading = False
            level.heading = now.heading = _caption(text)
        while now.size + len(text) > MOST_CHARACTERS:
            piece, text = _cut(text, MOST_CHARACTERS - now.size)
            now.text.append(piece)
            now.size += len(piece)
            yield from self._close()
            now = self._open = replace(now, text=[], size=0, body=0, heading="", ended=False, continued=True)
        now.text.append(text)
        now.size += len(text)
        now.ended = not text.strip() or text.rstrip()[-1:] in ".!?…;:"

    def _close(self) -> Iterator[Clause]:
        now, self._open = self._open, None
        if now is None or not now.text:
            return
        self._place += 1
        text = "".join(now.text)
        sentences = tuple(
            Sentence(now.body + start, now.body + end)
            for start, end in split_sentences(text[now.body :], self._abbreviations)
        )
        if self._levels and now.number == self._levels[-1].number:
            last = text[sentences[-1].start : sentences[-1].end] if sentences else ""
            self._levels[-1].stem = last[:MOST_STEM] if last.endswith(":") else ""
        yield Clause(
            self._place, now.number, now.above, now.headings, text, now.page, now.stem, sentences, now.heading,
            now.continued,
        )  # fmt: skip

    def _push(self, number: _Number) -> None:
        """Close the parts that end where this number begins, and open its own."""
        levels = self._levels
        if number.rank < _BARE:
            self._levels = levels = [one for one in levels if one.rank < number.rank]
        elif number.sort == "decimal":
            _close_decimals(levels, len(number.counted))
        else:
            same = next((at for at, one in enumerate(levels) if one.sort == number.sort), None)
            if same is not None:
                del levels[same:]
        del levels[MOST_DEPTH - 1 :]
        rest = number.rest.strip()
        heading = _caption(rest) if _names(number, rest) else ""
        levels.append(
            _Level(number.sort, number.rank, number.text, number.counted, heading,
                   awaits_heading=not rest and number.rank < _BARE)
        )  # fmt: skip

    def _number(self, text: str) -> _Number | None:
        """Return the number a line begins with, or None."""
        return _part(text) or _decimal(text) or self._letter(text) or self._capital(text)

    def _letter(self, text: str) -> _Number | None:
        found = _LETTER.match(text)
        if found is None:
            return None
        written = found["value"]
        shape = "(" if found["open"] else ")"
        if written.isdigit():
            return _Number(f"number{shape}", _BARE, found["whole"], (int(written),), found["rest"])
        value = written.lower()
        case = "capital" if written.isupper() else "small"
        roman, letter = f"roman-{case}{shape}", f"letter-{case}{shape}"
        counted = _counted(value)
        if _ROMAN.match(value):
            before = self._last(letter)
            follows = len(value) == 1 and before is not None and before + 1 == counted
            if not follows and (len(value) > 1 or _roman(value) == 1 or self._last(roman) is not None):
                return _Number(roman, _BARE, found["whole"], (_roman(value),), found["rest"])
        if len(value) > 1:
            return None
        return _Number(letter, _BARE, found["whole"], (counted,), found["rest"])

    def _capital(self, text: str) -> _Number | None:
        """Return a Roman number or a capital with a full stop, where it begins a row or goes on with one."""
        found = _CAPITAL.match(text)
        if found is None:
            return None
        value = found["value"].lower()
        for sort, counted in (
            ("roman-capital", _roman(value) if _ROMAN.match(value) else 0),
            ("capital", _counted(value) if len(value) == 1 else 0),
        ):
            last = self._last(sort)
            if counted and counted == (last or 0) + 1:
                return _Number(sort, _BARE, found["whole"], (counted,), found["rest"])
        return None

    def _last(self, sort: str) -> int | None:
        return next(
            (one.counted[0] for one in reversed(self._levels) if one.sort == sort and one.counted), None
        )


def _names(number: _Number, rest: str) -> bool:
    """Say whether what follows a number on its line is the name of a part and not yet its text."""
    if not rest or rest.endswith((";", ":", ",")) or len(rest) > MOST_CAPTION:
        return False
    if number.rank < _HOLDS_TEXT or number.sort in {"roman-capital", "capital"}:
        return True
    if number.rank == _HOLDS_TEXT:
        return not rest.endswith((".", "!", "?"))
    return (
        number.sort == "decimal"
        and len(rest) <= _MOST_NAME
        and not rest.endswith((".", "!", "?"))
        and ". " not in rest
    )


def _part(text: str) -> _Number | None:
    found = _PART.match(text)
    if found is None:
        return None
    rest = found["rest"]
    following = rest.lstrip()
    # "Статья 5 настоящего устава применяется": a sentence that begins with a reference, no part.
    if following and not found["whole"].endswith((".", ":", ")")) and following[0].islower():
        return None
    if found["whole"].endswith(".") and following and following[0].islower():
        return None
    name = found["name"].lower()
    if len(found["value"]) == 1 and found["value"].isalpha() and found["value"].islower():
        return None
    return _Number(f"part-{_RANKS[name]}", _RANKS[name], found["whole"], (), rest)


def _decimal(text: str) -> _Number | None:
    found = _DECIMAL.match(text)
    if found is None:
        return None
    parts = found["value"].split(".")
    # "18.00" is an hour and "12 people" are people: numbers of clauses have no leading nought, and one alone has a stop.
    if any((len(part) > 1 and part.startswith("0")) or part == "0" for part in parts[1:]):
        return None
    if len(parts) == 1 and not found["end"]:
        return None
    following = found["rest"].lstrip()
    if len(parts) > 1 and not found["end"] and (not following or following[0].islower()):
        return None
    counted = tuple(map(int, parts))
    sort = "decimal" if found["end"] != ")" or len(parts) > 1 else "number)"
    return _Number(sort, _BARE, found["whole"], counted, found["rest"])


def _close_decimals(levels: list[_Level], depth: int) -> None:
    """Close the parts that a number of `depth` figures ends: those as deep, or deeper, and all inside them."""
    for at, one in enumerate(levels):
        if one.sort == "decimal" and len(one.counted) >= depth:
            del levels[at:]
            return
    shallower = [at for at, one in enumerate(levels) if one.sort == "decimal"]
    if shallower:
        del levels[shallower[-1] + 1 :]


def _is_heading(line: Line) -> bool:
    """Say whether a line without a number is a heading: the file says so, or it is short and in capitals."""
    text = line.text.strip()
    if not text or len(text) > MOST_CAPTION:
        return False
    if line.role in {"heading", "article"}:
        return True
    return text.isupper() and sum(map(str.isalpha, text)) >= 4 and not text.endswith((".", ",", ";", ":"))  # noqa: PLR2004


def _caption(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_CAPTION else f"{line[: MOST_CAPTION - 1].rstrip()}…"


def _stem(levels: list[_Level]) -> str:
    """Return the stems that stand directly above, outermost first, without a gap between them."""
    stems: list[str] = []
    for one in reversed(levels):
        if not one.stem:
            break
        stems.append(" ".join(one.stem.split()))
    return " ".join(reversed(stems))[-MOST_STEM:]


def _cut(text: str, most: int) -> tuple[str, str]:
    """Return a text in two, the first of at most `most` characters and, if it can be, with whole words."""
    at = text.rfind(" ", most // 2, most) + 1
    at = at if at > 0 else max(most, 0)
    return text[:at], text[at:]


def _counted(letter: str) -> int:
    """Return the place of a letter in its alphabet; ё, й, ь and the like are seldom counted, so gaps are allowed for."""
    for alphabet in ("abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщъыьэюя"):
        if letter in alphabet:
            return alphabet.index(letter) + 1
    return 0


def _roman(value: str) -> int:
    numbers = [_ROMAN_VALUES[sign] for sign in value]
    following = [*numbers[1:], 0]
    return sum(-one if one < after else one for one, after in zip(numbers, following, strict=True))
