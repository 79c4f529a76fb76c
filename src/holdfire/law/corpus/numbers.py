"""Numbers of articles: as a text of law writes them at the beginning of a line, and as a provision cites them.

Both become keys (`article:7`, `section:254`, `point:19`, `amendment:14`), so that one finds the other. Nothing here decides
that two are the same: it proposes, and the person looks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import Final, Literal

Unit = Literal["article", "section", "rule", "principle", "amendment", "point"]

#: How each unit is called where it begins, in English, Russian, Belarusian, Ukrainian and Spanish.
_CALLED: Final[dict[Unit, str]] = {
    "article": r"article|art\.|статья|ст\.|артыкул|арт\.|стаття|art[ií]culo",
    "section": r"section|sec\.|§§?",
    "rule": r"rule|правило|правіла|regla",
    "principle": r"principle|принцип|прынцып|principio",
    "amendment": r"amendment|поправка|enmienda",
    "point": r"paragraph|para\.|point|clause|пункт|п\.|параграф|punto|p[aá]rrafo",
}
#: Books, chapters and the like: they hold articles and are none.
_DIVISION: Final = (
    r"chapter|part|title|subtitle|division|book|annex|schedule|appendix|глава|раздел|подраздел|часть|книга|приложение|кніга|частка|"
    r"раздзел|дадатак|розділ|додаток|t[ií]tulo|cap[ií]tulo|libro|parte|secci[oó]n|anexo"
)
_RAISED: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RAISED_DIGITS: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_ROMAN: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ORDINALS: Final = (
    "primero", "segundo", "tercero", "cuarto", "quinto", "sexto", "séptimo", "octavo", "noveno", "décimo",
)  # fmt: skip
#: 7 · 26-1 · 26.1 · 26¹ · 2340A · R434-5 · XIV · 7 bis
_NUMBER: Final = (
    rf"(?:[A-ZА-Я]{{1,2}}\.? ?)?[0-9]{{1,5}}[{_RAISED_DIGITS}]*[A-Za-zА-Яа-я]?(?:[-–.][0-9]{{1,4}}[A-Za-z]?)*"
    rf"(?: (?:bis|ter|quater)\b)?|[IVXLC]{{1,8}}|(?i:{'|'.join(_ORDINALS)})"
)
_UNITS: Final = "|".join(f"(?P<{unit}>{words})" for unit, words in _CALLED.items())
_BEGINS: Final = re.compile(
    rf"(?P<whole>(?i:{_UNITS})\s*(?:№\s*)?(?P<number>{_NUMBER})[º°ª]?(?![\w{_RAISED_DIGITS}]))(?P<after>.*)",
    re.DOTALL,
)
_DIVIDES: Final = re.compile(
    rf"(?P<whole>(?i:{_DIVISION})\s+(?:[IVXLC]+|[0-9]+(?:[-.][0-9]+)*[A-Za-z]?|[A-ZА-Я]|[A-ZА-Я]{{4,}}|[A-ZА-Я][а-яa-zé]+(?:era|ero|ая|ый))(?!\w))(?P<after>.*)",
    re.DOTALL,
)
#: Divisions that may stand without a number.
_ALONE: Final = re.compile(
    r"(?i:annex|appendix|schedule|preamble|приложение|преамбула|дадатак|прэамбула|додаток|anexo|pre[aá]mbulo)"
)
_POINT: Final = re.compile(
    rf"(?P<whole>(?P<number>[0-9]{{1,3}}[{_RAISED_DIGITS}]*(?:[-.][0-9]{{1,3}})*)(?P<style>[.)]))(?P<after>\s+\S.*)",
    re.DOTALL,
)
#: What can stand before a number at the beginning of a line: marks of headings, of quotation no.
_BEFORE: Final = " \t#*"


@dataclass(frozen=True, slots=True)
class Beginning:
    """The beginning of an article at the beginning of a line: its name as written, its key, and what follows it."""

    name: str
    key: str
    after: str


def article_begins(line: str) -> Beginning | None:
    """Return what begins at this line, or None where the number is only mentioned ("Article 7 of this Law …")."""
    found = _BEGINS.match(line.lstrip(_BEFORE))
    if not found or found["whole"][0].islower() or not _is_beginning(found["after"]):
        return None
    unit = next(unit for unit in _CALLED if found[unit])
    after = found["after"].lstrip(" .:)]-–—º°ª\t")
    return Beginning(found["whole"].strip(), f"{unit}:{plain_number(found['number'])}", after)


def division_begins(line: str) -> str:
    """Return the name of the chapter, part or annex that begins at this line, or ""."""
    found = _DIVIDES.match(line.lstrip(_BEFORE))
    if found is not None and found["whole"][0].isupper() and _is_beginning(found["after"]):
        return found["whole"].strip()
    alone = line.strip(f"{_BEFORE}.:")
    return alone if alone[:1].isupper() and _ALONE.fullmatch(alone) else ""


@dataclass(frozen=True, slots=True)
class Point:
    """A numbered point: its name as written, its numbers, and whether a full stop or a bracket closes it."""

    name: str
    numbers: tuple[int, ...]
    style: str
    after: str

    @property
    def key(self) -> str:
        """What it is looked up by."""
        return "point:" + "-".join(map(str, self.numbers))


def point_begins(line: str) -> Point | None:
    """Return the numbered point that a line begins like, or None."""
    found = _POINT.match(line.lstrip(_BEFORE))
    if not found:
        return None
    numbers = tuple(map(int, plain_number(found["number"]).split("-")))
    return Point(found["whole"], numbers, found["style"], found["after"].strip())


def _is_beginning(after: str) -> bool:
    """Return whether what follows a number begins an article: nothing, a stop, or a word with a capital."""
    if not after.strip():
        return True
    if after[0] in ".:)]–—-":
        # "Article 7. The …", "Artículo 7.- …", "Title 10—Armed Forces"; but "Article 7-B" is another number.
        return after[0] != "-" or not after[1:2].isalnum()
    if not after[0].isspace():
        return False
    word = after.lstrip()
    if word[0] in "([":
        # "Article 5 (Definitions)" begins one; "Article 5 (1) of" does not.
        return len(word) > 3 and word[1].isalpha() and word[2] not in ")]"  # noqa: PLR2004 -- the bracket, a letter, more
    if word[0] in '–—-:«"“':
        return True
    return word[0].isupper()


def plain_number(written: str) -> str:
    """Return a number as keys have it: small letters, "-" for every joint, Roman numbers and ordinals as digits."""
    for number, word in enumerate(_ORDINALS, 1):
        if written.lower() == word:
            return str(number)
    if re.fullmatch(r"[IVXLC]+", written):
        return str(_roman(written))
    joined = re.sub(rf"(?<=[0-9])([{_RAISED_DIGITS}]+)", r"-\1", written).translate(_RAISED)
    return re.sub(r"[-–.\s]+", "-", joined).strip("-").lower()


def _roman(written: str) -> int:
    values = [_ROMAN[sign] for sign in written]
    return sum(
        -value if any(later > value for later in values[at + 1 : at + 2]) else value
        for at, value in enumerate(values)
    )


#: How provisions call what they cite, and which units of a text that can be, likeliest first.
_CITED: Final[tuple[tuple[str, tuple[Unit, ...]], ...]] = (
    (r"amend\.", ("amendment", "article")),
    (r"principles?", ("principle", "point", "article")),
    (r"rules?|r\.c\.m\.", ("rule", "section", "point")),
    (r"paras?\.?|points?", ("point", "article", "section")),
    (r"USC|CFR|sec\.|section", ("section", "article")),
    (r"arts?\.?|articles?", ("article", "section", "point")),
)
_CITES: Final = re.compile(
    "|".join(f"(?P<u{number}>\\b(?:{words})(?!\\w))" for number, (words, _) in enumerate(_CITED)) + r"|;",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(
    r"\s*(?P<from>[A-Z]{0,2}[0-9]+(?:\.[0-9]+)*[A-Z]?(?:-[0-9]+(?:\.[0-9]+)*)?|[IVXLC]+\b)(?P<inner>(?:\.[a-z])?(?:\s?\([^)]*\))*(?:\s(?:and|or)\s\([^)]*\))*)"
    r"(?P<next>\s*(?:,|and|or)\s*(?=[0-9IVXLC]))?"
)
#: More numbers than this in one range is a mistake of writing, not a citation.
_MOST_IN_RANGE: Final = 60


def cited_keys(cited: str) -> tuple[tuple[str, ...], ...]:
    """Return the keys of what a provision cites: for each number the keys it can stand under, likeliest first.

    "art. 7(1)" gives one, "arts 34-35" two, "on firearms" and "whole" none. "art. 90 (10 USC 890)" gives two that name
    the same rule in two ways.
    """
    found: list[tuple[str, ...]] = []
    starts = list(_CITES.finditer(cited))
    for at, start in enumerate(starts):
        units = next((units for number, (_, units) in enumerate(_CITED) if start[f"u{number}"]), ())
        end = starts[at + 1].start() if at + 1 < len(starts) else len(cited)
        numbers = _numbers(cited[start.end() : end]) if units else ()
        found += [tuple(f"{unit}:{number}" for unit in units) for number in numbers]
        if units[:1] == ("amendment",):
            # "amend. XIV, sec. 1": the section stands inside the amendment.
            break
    return tuple(dict.fromkeys(found))


def _numbers(text: str) -> tuple[str, ...]:
    """Return the numbers at the beginning of what follows a unit: "29, 31, 33", "251-255", "41(3)(a) and 42"."""
    found: list[list[str]] = []
    place = 0
    while (one := _LISTED.match(text, place)) is not None:
        found.append(_range(one["from"]))
        place = one.end()
        if not one["next"]:
            break
    return tuple(chain.from_iterable(found))


def _range(written: str) -> list[str]:
    """Return every number of a range such as 251-255 or 632.4-632.5; R434-5 and 26-1 are one number."""
    first, joint, last = written.rpartition("-")
    if "." in first and "." in last:
        return [plain_number(first), plain_number(last)]
    if joint and first.isdigit() and last.isdigit() and int(first) < int(last) <= int(first) + _MOST_IN_RANGE:
        return [str(number) for number in range(int(first), int(last) + 1)]
    return [plain_number(written)]
