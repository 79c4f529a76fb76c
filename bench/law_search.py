"""Search in 50 MB of imported law: rare and common words, beginnings, snippets; beside a bare SQLite FTS5 with the same rows.

Time of the processor, since a query waits for nothing once its pages were read: other work on the machine does not count.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

import apsw

from bench.contenders import MIB, PASSPHRASE, PRAGMAS
from bench.measure import Measure, bench_folder, medians, small
from holdfire.sealing.passphrase import TEST
from holdfire.vault.passages import Passage
from holdfire.vault.records import Kind, fold, no_words
from holdfire.vault.snippets import snippet
from holdfire.vault.vault import Vault

TEXTS = 25
LIMIT = 20
NOW = datetime(2030, 5, 1, tzinfo=UTC)
SYLLABLES = ("пра", "во", "за", "кон", "об", "ще", "ст", "ни", "ка", "ме", "ра", "по", "ли", "ци", "я", "ор", "ган", "но",
             "ва", "ние", "су", "де", "бный", "слу", "жба", "го", "род", "при", "каз")  # fmt: skip
COMMON = ("и", "в", "не", "на", "закон", "или", "органов", "право")
TEXT: Kind[None] = Kind("bench-text", 1, lambda _: None, lambda _: None, words=no_words)


def main() -> list[Measure]:
    """Measure each kind of query; every one is bounded by 20 ms, in the vault, with its snippets."""
    words = vocabulary()
    rows = list(articles(words, (2 if small() else 50) * 1_000_000))
    asked = {
        "a common word": "и",
        "a common beginning": "пра",
        "a longer one": "закон",
        "a rare word": words[20_000],
        "a rare and a common word": f"{words[20_000]} и",
        "a rare word and a beginning": f"{words[20_000]} пр",
        "three words, one common": f"{words[300]} право за",
        "words in quotes": '"не на"',
        "six words": f"{words[300]} и в не на пра",
        "nothing": "ъъъъ",
    }
    with bench_folder() as folder:
        bare = plain(folder / "plain", rows)
        with filled(folder / "ours", rows) as vault:
            taken = {name: compare(vault, bare, query) for name, query in asked.items()}
        bare.close()
    name = f"{LIMIT} hits with snippets among {sum(len(text.encode()) for _, _, text in rows) / 1e6:.0f} MB of law"
    return [
        Measure(f"{name}: {which}", each["vault"], "ms", each["plain"], "SQLite, by rank", bound=20)
        for which, each in taken.items()
    ]


def compare(vault: Vault, bare: apsw.Connection, query: str) -> dict[str, float]:
    """Return the milliseconds of one query in the vault and in the bare database."""
    quoted = query if query.startswith('"') else " ".join(f'"{word}"*' for word in query.split())

    def ours() -> None:
        for one in vault.passages.search(query, LIMIT)[0]:
            snippet(one.passage.text, query)

    def theirs() -> None:
        bare.execute(
            "SELECT rowid, snippet(words, 1, '[', ']', '…', 40) FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?",
            (fold(quoted), LIMIT),
        ).fetchall()

    return medians(7, {"vault": lambda: spent(ours), "plain": lambda: spent(theirs)})


def spent(work: Callable[[], None]) -> float:
    """Return the milliseconds of processor time that `work` takes."""
    start = time.thread_time()
    work()
    return (time.thread_time() - start) * 1_000


def filled(path: Path, rows: list[tuple[int, str, str]]) -> Vault:
    """Return a vault with the rows as so many texts."""
    Vault.create(path, [PASSPHRASE], (256 if small() else 1_024) * MIB, profile=TEST)
    vault = Vault.open(path, PASSPHRASE, profile=TEST)
    each = len(rows) // TEXTS + 1
    for start in range(0, len(rows), each):
        with vault.transaction():
            record = vault.records.add(TEXT, None, NOW)
            vault.passages.add(
                record.id,
                (
                    Passage(f"Статья {number}", f"article:{number}", head, text)
                    for number, head, text in rows[start : start + each]
                ),
            )
        vault.passages.tidy()
    return vault


def plain(path: Path, rows: list[tuple[int, str, str]]) -> apsw.Connection:
    """Return plain SQLite with the same rows in one FTS5 table that holds the text, as its manual shows it."""
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA page_size = 16384")
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute(
        "CREATE VIRTUAL TABLE words USING fts5(heading, text, tokenize='unicode61 remove_diacritics 2')"
    )
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO words (rowid, heading, text) VALUES (?, ?, ?)",
        ((number, fold(head), fold(text)) for number, head, text in rows),
    )
    connection.execute("COMMIT")
    return connection


def vocabulary() -> list[str]:
    """Return 30,000 different words, the commonest first."""
    chance, words = random.Random(1), dict.fromkeys(COMMON)
    while len(words) < 30_000:
        words["".join(chance.choices(SYLLABLES, k=chance.choice((2, 3, 3, 4, 5))))] = None
    return list(words)


def articles(words: list[str], most: int) -> Iterator[tuple[int, str, str]]:
    """Yield articles up to so many bytes, their words as common as words are: number, heading, text."""
    chance, made, number = random.Random(2), 0, 0
    common = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    while made < most:
        number += 1
        head, text = (
            " ".join(chance.choices(words, cum_weights=common, k=k))
            for k in (4, chance.choice((30, 60, 90, 150)))
        )
        made += len(text.encode())
        yield number, head, text
