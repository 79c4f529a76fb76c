"""Passages: a long text kept in pieces that are found by words and by key, beside the record they belong to.

One search looks through every text of the compartment. The index holds words only, no text; the text itself stands
in a table of its own with its accents, so that what is shown is what was imported (docs/formats/vault.md §7).
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from holdfire.errors import FullError
from holdfire.vault.records import fold, key_of
from holdfire.vault.refusals import MissingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import apsw

    from holdfire.vault.vault import Vault

#: A passage's place is the number of its series times 2^32, plus its own number.
_SHIFT: Final = 32
#: Passages that are written at once, and those deleted in one commit at first; fewer when the journal is too short.
_AT_ONCE: Final = 64
#: Leaves of the index that one commit writes when segments are merged: about a hundred pages of a journal of 255.
_MERGED_AT_ONCE: Final = 200
#: With more passages than this, ranking them all takes longer than a person waits: they come in the order they stand.
MOST_RANKED: Final = 200
#: And with more words than this, since each is weighed by how common it is, which costs another walk.
MOST_WEIGHED: Final = 3
#: A word of fewer signs is looked for whole: what begins with one letter is nearly everything.
LEAST_BEGINNING: Final = 2
#: Longer queries are cut: each further word costs a walk through the index.
MOST_WORDS: Final = 16
_PARTS: Final = re.compile(r'"([^"]*)"|(\S+)')

_Row: TypeAlias = tuple[int, str, str, str, int | None, str]
_COLUMNS: Final = "place, name, key, heading, page, text"


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a text.

    Args:
        name: What it is called there, such as "Article 7"; may be empty.
        key: By what it is looked up; "" for nothing.
        heading: Its heading; may be empty.
        text: All of it.
        page: The page on which it begins, from 1; None when there are no pages.
    """

    name: str
    key: str
    heading: str
    text: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was found: the id of its record, its number in the text from 0, and itself."""

    record: str
    number: int
    passage: Passage


@dataclass(frozen=True, slots=True)
class Word:
    """What is looked for: words that stand together, folded; `begins` when the last may go on."""

    tokens: tuple[str, ...]
    begins: bool


def words_of(untrusted: str) -> tuple[Word, ...]:
    """Return what a person looks for: each word also as a beginning, what stands in quotes exactly so."""
    found = []
    for quoted, plain in _PARTS.findall(untrusted):
        tokens = tuple(tokens_of(quoted or plain))
        if tokens:
            found.append(Word(tokens, begins=not quoted and len(tokens[-1]) >= LEAST_BEGINNING))
    return tuple(found[:MOST_WORDS])


def tokens_of(text: str) -> Iterator[str]:
    """Yield the words of a text as the index holds them: folded, in small letters."""
    word: list[str] = []
    for sign in fold(text).lower():
        if sign.isalnum():
            word.append(sign)
        elif word:
            yield "".join(word)
            word.clear()
    if word:
        yield "".join(word)


class Passages:
    """The passages of one vault. Each series belongs to a record and lives as long as that."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def add(self, record: str, passages: Iterable[Passage]) -> int:
        """Save the passages of a record, which must have none, and return how many; all of them or none.

        Raises:
            FullError: The compartment has no room.
        """
        with self._vault.transaction() as connection:
            number = 1 + (connection.execute("SELECT max(number) FROM series").get or 0)
            connection.execute("INSERT INTO series (number, record) VALUES (?, ?)", (number, key_of(record)))
            numbered = enumerate(passages)
            count = 0
            while rows := [
                ((number << _SHIFT) + at, one) for at, one in itertools.islice(numbered, _AT_ONCE)
            ]:
                connection.executemany(
                    "INSERT INTO passages (place, name, key, heading, page, text) VALUES (?, ?, ?, ?, ?, ?)",
                    [(place, one.name, one.key, one.heading, one.page, one.text) for place, one in rows],
                )
                connection.executemany(
                    "INSERT INTO passage_words (rowid, heading, text) VALUES (?, ?, ?)",
                    [(place, *_indexed(one)) for place, one in rows],
                )
                count += len(rows)
        return count

    def count(self, record: str) -> int:
        """Return how many passages a record has."""
        with self._vault.reading() as connection:
            first = self._first(connection, record)
            found: int | None = connection.execute(
                "SELECT max(place) FROM passages WHERE place >= ? AND place < ?",
                (first, first + (1 << _SHIFT)),
            ).get
        return 0 if found is None else found - first + 1

    def get(self, record: str, number: int) -> Passage:
        """Return one passage; MissingError when there is none."""
        found = self.read(record, number, 1)
        if not found:
            raise MissingError
        return found[0]

    def read(self, record: str, start: int = 0, limit: int = 100) -> tuple[Passage, ...]:
        """Return passages of a record in their order; MissingError when it has no series."""
        with self._vault.reading() as connection:
            first = self._first(connection, record)
            low = min(max(start, 0), (1 << _SHIFT) - 1)
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM passages WHERE place >= ? AND place < ? ORDER BY place LIMIT ?",  # noqa: S608 -- our own words
                (first + low, first + (1 << _SHIFT), limit),
            ).fetchall()
        return tuple(_passage(cast("_Row", row)) for row in rows)

    def keyed(self, record: str, key: str) -> tuple[int, ...]:
        """Return the numbers of a record's passages with this key, in their order; MissingError without a series."""
        with self._vault.reading() as connection:
            first = self._first(connection, record)
            rows = connection.execute(
                "SELECT place FROM passages WHERE key = ? AND key <> '' AND place >= ? AND place < ? ORDER BY place",
                (key, first, first + (1 << _SHIFT)),
            ).fetchall()
        return tuple(place - first for (place,) in cast("list[tuple[int]]", rows))

    def search(self, untrusted_words: str, limit: int = 20) -> tuple[tuple[Found, ...], bool]:
        """Return passages that have every word, or words beginning so, and whether there are more than these.

        Few are ranked, best first. Of many come those whose heading has the words, then the others as they stand; for
        more than three words all come as they stand.
        """
        words = words_of(untrusted_words)
        if not words or limit < 1:
            return (), False
        query = " ".join('"' + " ".join(one.tokens) + '"' + "*" * one.begins for one in words)
        with self._vault.reading() as connection:
            places = self._places(connection, query, limit + 1, weighed=len(words) <= MOST_WEIGHED)
            found = [self._found(connection, place) for place in places[:limit]]
        return tuple(one for one in found if one is not None), len(places) > limit

    def _places(self, connection: apsw.Connection, query: str, limit: int, *, weighed: bool) -> list[int]:
        """Return the places of what fits, at most so many; each walk through the index counts, so there are two at most."""

        def ask(asked: str, order: str, most: int) -> list[int]:
            rows = connection.execute(
                f"SELECT rowid FROM passage_words WHERE passage_words MATCH ? ORDER BY {order} LIMIT ?",  # noqa: S608 -- our own words
                (asked, most),
            ).fetchall()
            return [place for (place,) in cast("list[tuple[int]]", rows)]

        places = ask(query, "rowid", max(limit, MOST_RANKED + 1))
        if not weighed or len(places) <= 1:
            return places[:limit]
        if len(places) <= MOST_RANKED:
            return ask(query, "bm25(passage_words, 6.0, 1.0), rowid", limit)
        first = ask(f"heading : ({query})", "rowid", limit)
        return list(dict.fromkeys((*first, *places)))[:limit]

    def _found(self, connection: apsw.Connection, place: int) -> Found | None:
        record = connection.execute("SELECT record FROM series WHERE number = ?", (place >> _SHIFT,)).get
        row = connection.execute(
            f"SELECT {_COLUMNS} FROM passages WHERE place = ?",  # noqa: S608 -- our own words
            (place,),
        ).fetchall()
        if record is None or not row:
            # Of a text that is being forgotten, and was interrupted in it.
            return None
        return Found(record.hex(), place & ((1 << _SHIFT) - 1), _passage(cast("_Row", row[0])))

    def forget(self, record: str) -> None:
        """Part a series from its record: nothing finds it any more. `clear` then deletes it for good.

        Raises:
            MissingError: The record has no series.
        """
        with self._vault.transaction() as connection:
            self._first(connection, record)
            connection.execute("UPDATE series SET record = NULL WHERE record = ?", (key_of(record),))

    def clear(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Delete for good what was forgotten, words too, in commits that fit the journal; run at every unlock.

        Args:
            progress: Called with passages done and passages in all.
        """
        with self._vault.reading() as connection:
            forgotten = [
                number for (number,) in connection.execute("SELECT number FROM series WHERE record IS NULL")
            ]
        if not forgotten:
            return
        for number in forgotten:
            self._delete(number, progress)
        self._merge(whole=True)
        with self._vault.transaction() as connection:
            connection.executemany("DELETE FROM series WHERE number = ?", [(number,) for number in forgotten])

    def tidy(self) -> None:
        """Merge segments of the index where many have come together, so that search stays quick."""
        self._merge(whole=False)

    def _delete(self, number: int, progress: Callable[[int, int], None] | None) -> None:
        first, end = number << _SHIFT, (number + 1) << _SHIFT
        at_once, done = _AT_ONCE, 0
        with self._vault.reading() as connection:
            last = connection.execute(
                "SELECT max(place) FROM passages WHERE place >= ? AND place < ?", (first, end)
            ).get
        total = 0 if last is None else last - first + 1
        while True:
            try:
                deleted = self._delete_some(first, end, at_once)
            except FullError:
                # More pages change than a short journal holds.
                if at_once == 1:
                    raise
                at_once = max(1, at_once // 4)
                continue
            if not deleted:
                return
            done += deleted
            if progress is not None:
                progress(done, total)

    def _delete_some(self, first: int, end: int, limit: int) -> int:
        with self._vault.transaction() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM passages WHERE place >= ? AND place < ? ORDER BY place LIMIT ?",  # noqa: S608 -- our own words
                (first, end, limit),
            ).fetchall()
            connection.executemany(
                "INSERT INTO passage_words (passage_words, rowid, heading, text) VALUES ('delete', ?, ?, ?)",
                [(row[0], *_indexed(_passage(cast("_Row", row)))) for row in rows],
            )
            connection.executemany("DELETE FROM passages WHERE place = ?", [(row[0],) for row in rows])
        return len(rows)

    def _merge(self, *, whole: bool) -> None:
        """Merge segments a little in each commit; `whole` goes on until only one is left, without deleted words."""
        sign = -1 if whole else 1
        while True:
            with self._vault.transaction() as connection:
                before = connection.total_changes()
                connection.execute(
                    "INSERT INTO passage_words (passage_words, rank) VALUES ('merge', ?)",
                    (sign * _MERGED_AT_ONCE,),
                )
                if connection.total_changes() - before < 2:  # noqa: PLR2004 -- SQLite: less means nothing was left to do
                    return
            # A negative number begins a merge; going on with it takes a positive one.
            sign = 1

    def _first(self, connection: apsw.Connection, record: str) -> int:
        number: int | None = connection.execute(
            "SELECT number FROM series WHERE record = ?", (key_of(record),)
        ).get
        if number is None:
            raise MissingError
        return number << _SHIFT


def _indexed(one: Passage) -> tuple[str, str]:
    return fold(f"{one.name} {one.heading}"), fold(one.text)


def _passage(row: _Row) -> Passage:
    _, name, key, heading, page, text = row
    return Passage(name, key, heading, text, page)
