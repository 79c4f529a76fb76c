"""Who is named in a packet, and how a name is taken out, in every case that Russian and Belarusian give it.

A person is known from a field: who gave the order, who heard it. The words of that field are then sought everywhere else, by
their stems, so that «Петрова» is found for «Петров»; better one word too many than a name that stays. What is found is shown before
anything is replaced. A picture cannot be searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from holdfire.language import mark
from holdfire.packets.signs import clean

Role = Literal["giver", "superior", "recipients", "witness", "self", "addressee", "added", "perhaps"]
Choice = Literal["keep", "out"]
ROLE_WORDS: Final[dict[Role, str]] = {
    "giver": mark("gave the order"),
    "superior": mark("on whose authority it was given"),
    "recipients": mark("received the order too"),
    "witness": mark("heard it"),
    "self": mark("you"),
    "addressee": mark("received a letter or wrote an answer"),
    "added": mark("a name you gave"),
    "perhaps": mark("perhaps a name"),
}
#: An official act is the matter of a complaint; colleagues and witnesses did not ask to stand in it.
DEFAULTS: Final[dict[Role, Choice]] = {
    "giver": "keep",
    "superior": "keep",
    "recipients": "out",
    "witness": "out",
    "self": "out",
    "addressee": "keep",
    "added": "out",
    "perhaps": "keep",
}
TAKEN: Final = mark("[name taken out]")

#: Words in such fields that name a post, a rank or a place to stand in line, not a person. Whole words: a beginning alone
#: would take Allen for "all" and Судаков for «суд», and leave both in the packet.
_POSTS: Final = frozenset(
    [
        "serg",
        "sergeant",
        "sergeants",
        "major",
        "capt",
        "captain",
        "colonel",
        "lieut",
        "lieutenant",
        "general",
        "private",
        "corporal",
        "officer",
        "officers",
        "command",
        "commander",
        "commanding",
        "chief",
        "head",
        "the",
        "platoon",
        "squad",
        "unit",
        "company",
        "battalion",
        "brigade",
        "regiment",
        "district",
        "court",
        "prosecutor",
        "prosecutor's",
        "police",
        "ministry",
        "duty",
        "deputy",
        "everybody",
        "everyone",
        "all",
        "and",
        "from",
        "inspector",
        "ombudsman",
        "office",
        "witness",
        "colleague",
        "colleagues",
    ]
)
#: The same in Russian and Belarusian, as beginnings that take nothing but the endings of their own cases.
_POST_BEGINNINGS: Final = (
    "(?:сержант|сяржант|старшин|старшын|майор|маёр|капитан|капітан|полковник|палкоўнік|подполковник|падпалкоўнік|лейтенант|лейтэнант|"
    "генерал|ефрейтор|яфрэйтар|прапорщик|прапаршчык|офицер|афіцэр|командир|камандзір|начальник|начальнік|заместител|намеснік|взвод|узвод|"
    "рот|батальон|батальён|полк|бригад|брыгад|част|частк|отдел|аддзел|суд|прокурор|пракурор|прокуратур|пракуратур|милици|міліцы|министр|"
    "міністр|министерств|міністэрств|район|раён|област|вобласц|город|горад|старш|младш|малодш|рядов|радав|войсков|вайсков|дежурн|дзяжурн|"
    "командующ|районн|раённ|городск|гарадск|областн|абласн)"
    "(?:[аяуюыиіеэйьоў]|[оаеяёыиі]м|[оаеяё][вўйю]|[ыиіая][хяею]|ым[иі]|[аяыиі]м[иі]|[оеа]г[оа]|[оеа]му|ий|ый|ія)?|все|усе|всем|усім|всех|усіх"
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
#: Endings that a Cyrillic name drops before it takes others.
_ENDINGS: Final = ("ые", "ая", "яя", "ий", "ый", "ой", "ы", "и", "і", "а", "я", "о", "у", "ю", "е", "э", "й", "ь")  # fmt: skip
#: Endings of the cases; none that makes another name, such as -ов, which would find Петров for Пётр.
_CASES: Final = (
    "[аяуюыиіеёэойь]|[иыі][юиі]|[иыі][еэё]м|[оеёыиіая]м|[оеёаяэ]й|[оеёая]ю|[ыиіая]х|[ыиіая]м[иі]|[оеа]го|[оеа]га|[оеа]му|ая|яя|ую|юю|ое|ые|ие|ия|ій|ий|ый|ыя|ія|"
    "ьи|ью|ья|ье|ьём|ьем|ьей|ьём"
)
#: Last letters of a stem that change before some endings: Ольга, Ользе; Ганка, Ганцы.
_CHANGING: Final = {
    "г": "[гз]",
    "к": "[кцч]",
    "х": "[хсш]",
    "д": "(?:д|дз)",
    "т": "[тц]",
    "ц": "[цч]",
    "ў": "[ўвл]",
}
#: е and ё, and the Belarusian letters that Russian writes otherwise.
_ALIKE: Final = {"е": "[её]", "ё": "[еёя]", "и": "[иі]", "і": "[иі]", "у": "[уў]", "ў": "[уўвл]", "в": "[вў]"}
_APOSTROPHES: Final = frozenset("'’ʼ")
_BROKEN: Final = r"(?:[-‐]\n[ ]*)?"
#: Where a word begins and ends. A digit or a low line belongs to no name: report_Heron_2.jpg names somebody.
_BEGINS: Final = r"(?<![^\W\d_])"
_ENDS: Final = r"(?![^\W\d_])"
_LEAST: Final = 2
_SHORT: Final = 3
_INITIALS: Final = r"(?:\b[^\W\d_]\.\s?){1,2}"


@dataclass(frozen=True)
class Person:
    """Somebody a field names.

    Attributes:
        name: As it stands in the field; by this the person is chosen.
        role: In what role.
    """

    name: str
    role: Role


@dataclass(frozen=True)
class Place:
    """A text of the packet in which names are sought.

    Attributes:
        where: What it is called, for people.
        text: What it says.
        page: The page of a PDF, from 1; None elsewhere.
        free: Whether somebody wrote it freely, so that names may stand in it that no field knows.
    """

    where: str
    text: str
    page: int | None = None
    free: bool = True


@dataclass(frozen=True)
class Mention:
    """A name found: the words as they stand there, where, on which page."""

    words: str
    where: str
    page: int | None


@dataclass(frozen=True)
class Named:
    """A person with every mention, and what becomes of the name unless the person decides otherwise."""

    person: Person
    mentions: tuple[Mention, ...]
    default: Choice


def list_people(people: Iterable[Person], places: Sequence[Place]) -> tuple[Named, ...]:
    """Return everybody who is named, each once, the roles in their order; then what looks like a name and no field knows."""
    known: dict[str, Person] = {}
    for person in people:
        name = clean(person.name).strip()
        if name:
            known.setdefault(name, Person(name, person.role))
    found = [
        Named(one, tuple(dict.fromkeys(_mentions(one.name, places))), DEFAULTS[one.role])
        for one in known.values()
    ]
    # A word two people share hides nobody: Ivan Petrov is known, Ivan Sidorov is not.
    seen = Remover(known)
    # What the person took out themselves is decided, although only a part of the name was given.
    decided = Remover(one.name for one in known.values() if one.role == "added")
    perhaps: dict[str, Person] = {}
    for place in places:
        for name in _lookalikes(place.text) if place.free else ():
            if not decided.found(name) and any(
                len(word) >= _LEAST for word in _WORD.findall(seen(name).replace(TAKEN, ""))
            ):
                perhaps.setdefault(name, Person(name, "perhaps"))
    found += [
        Named(one, tuple(dict.fromkeys(_mentions(one.name, places))), "keep") for one in perhaps.values()
    ]
    order = list(ROLE_WORDS)
    return tuple(sorted(found, key=lambda one: order.index(one.person.role)))


class Remover:
    """Takes names out of texts.

    Args:
        names: Who is taken out, each as a field names them.
        said: What stands in the place of a name, in the language of the packet.
    """

    def __init__(self, names: Iterable[str], said: str = TAKEN) -> None:
        patterns = [pattern for name in names if (pattern := _pattern(clean(name).strip()))]
        self._pattern = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None
        self._said = said
        self._once = re.compile(rf"(?:{re.escape(said)}[ ,]*)+(?<![ ,])")

    def __bool__(self) -> bool:
        return self._pattern is not None

    def __call__(self, text: str) -> str:
        """Return the text without those names; several in a row become one."""
        if self._pattern is None:
            return text
        text, count = self._pattern.subn(self._said, clean(text))
        return self._once.sub(self._said, text) if count else text

    def found(self, text: str) -> bool:
        """Return whether one of the names stands in a text."""
        return self._pattern is not None and self._pattern.search(clean(text)) is not None

    def count(self, text: str) -> int:
        """Return how many times one stands in a text."""
        return 0 if self._pattern is None else sum(1 for _ in self._pattern.finditer(clean(text)))


def _mentions(name: str, places: Iterable[Place]) -> Iterator[Mention]:
    pattern = _pattern(name)
    if not pattern:
        return
    searched = re.compile(pattern, re.IGNORECASE)
    for place in places:
        words = dict.fromkeys(" ".join(one.group().split()) for one in searched.finditer(clean(place.text)))
        for one in words:
            yield Mention(one, place.where, place.page)


@cache
def _pattern(name: str) -> str:
    """Return a pattern for every form of a name: each of its words alone, and initials beside them."""
    words = [word for word in _WORD.findall(name) if len(word) >= _LEAST]
    told = [word for word in words if not _is_post(word)] or words
    if any(word[0].isupper() for word in told):
        # In "Sergeant Heron of the third" only what is written like a name is one.
        told = [word for word in told if word[0].isupper()]
    if not told:
        return rf"{_BEGINS}{re.escape(name)}{_ENDS}" if name else ""
    forms = "|".join(dict.fromkeys(form for word in told for form in _forms(word)))
    return rf"(?:{_INITIALS})?{_BEGINS}(?:{forms}){_ENDS}(?:\s{_INITIALS})?"


def _forms(word: str) -> Iterator[str]:
    """Yield patterns for a word: exact with an English genitive, or a Cyrillic stem with the endings of its cases."""
    low = word.casefold()
    if not re.search(r"[а-яёіўґє]", low):
        # Not the casefolded word: ß and İ would become letters that the text does not have.
        yield rf"{_spelt(word)}(?:['’]?s|['’])?"
        return
    if len(low) <= _SHORT:
        yield rf"{_spelt(low)}(?:{_CASES})?"
        if re.fullmatch(r"[^аеёиоуыэюяі][еоё][^аеёиоуыэюяій]", low):
            yield rf"{_spelt(low[0])}ь?{_spelt(low[2])}(?:{_CASES})"  # Лев, Льва
        return
    stem = next(
        (low[: -len(end)] for end in _ENDINGS if low.endswith(end) and len(low) - len(end) >= _SHORT), low
    )
    if low.endswith(("ский", "цкий", "скій", "ская", "цкая")):
        stem = low[:-2]
    changed = _CHANGING.get(stem[-1])
    yield (f"{_spelt(stem[:-1])}{changed}" if changed else _spelt(stem)) + rf"(?:{_CASES})?"
    if low.endswith(("аец", "оец", "еец", "аяц", "ояц", "заяц")):
        yield rf"{_spelt(low[:-2])}й{_spelt(low[-1])}(?:{_CASES})"  # Заяц, Зайца; Китаец, Китайца
    if low.endswith("ей"):
        yield rf"{_spelt(low[:-2])}ь(?:{_CASES})"  # Соловей, Соловья
    fleeting = re.fullmatch(r"(.+)[еоёэаі]([^аеёиоуыэюяі])", stem)
    if fleeting and len(fleeting[1]) + 1 >= _SHORT:
        # Павел, Павла; Алесь keeps its own form above.
        yield rf"{_spelt(fleeting[1])}ь?{_spelt(fleeting[2])}(?:{_CASES})"


def _spelt(word: str) -> str:
    """Return a pattern for letters: those that are written alike, and a word that a line's end cut in two."""
    return _BROKEN.join(
        "['’ʼ]?" if sign in _APOSTROPHES else _ALIKE.get(sign, re.escape(sign)) for sign in word
    )


def _is_post(word: str) -> bool:
    low = word.casefold()
    return low in _POSTS or re.fullmatch(_POST_BEGINNINGS, low) is not None


#: Words, initials, and all between them.
_PIECES: Final = re.compile(r"[^\W\d_]\.(?=\s?[^\W\d_])|[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*|[^\w ]+|\d+")


def _lookalikes(text: str) -> Iterator[str]:
    """Yield what is written like a name, two capital words or a surname with initials: never certain, so only shown."""
    run: list[str] = []
    for piece in (*_PIECES.findall(clean(text)), "\n"):
        if piece[0].isupper() and (len(piece) <= _LEAST or not piece.isupper()):
            run.append(piece)
            continue
        yield from _name_in(run)
        run = []


def _name_in(run: Sequence[str]) -> Iterator[str]:
    told = [word for word in run if not _is_post(word)]
    if len(told) >= _LEAST and any(len(word.rstrip(".")) >= _SHORT for word in told):
        yield " ".join(told)
