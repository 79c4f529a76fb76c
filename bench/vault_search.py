"""Full-text queries, whole words and beginnings of words, among 100,000 notes."""

from __future__ import annotations

from functools import partial

from bench.contenders import MIB, WORDS, Database, fill, table, three_databases
from bench.measure import Measure, bench_folder, medians, seconds, small


def main() -> list[Measure]:
    """Measure the time of one query that returns up to fifty notes."""
    many = 5_000 if small() else 100_000
    notes = table()
    queries = [
        f'"{one}" "{two}" "{three}" {two[:3]}*'
        for one, two, three in zip(WORDS, WORDS[7:], WORDS[31:], strict=False)
    ]

    def search(database: Database) -> float:
        return (
            seconds(lambda: [database.run(notes.search, (query,)) for query in queries])
            / len(queries)
            * 1_000
        )

    with bench_folder() as folder, three_databases(folder, (256 if small() else 768) * MIB) as databases:
        for database in databases.values():
            fill(database, notes, many)
        taken = medians(7, {name: partial(search, database) for name, database in databases.items()})
    name = f"full-text query among {many:,} notes"
    return [
        Measure(name, taken["vault"], "ms", taken["plain"], "SQLite", ratio_goal=0.75),
        Measure(name, taken["vault"], "ms", taken["sqlcipher"], "SQLCipher", ratio_goal=1),
    ]
