"""10,000 point reads by id, in random order, among 100,000 rows."""

from __future__ import annotations

import random
from functools import partial

from bench.contenders import MIB, Database, fill, note, table, three_databases
from bench.measure import Measure, bench_folder, medians, seconds, small


def main() -> list[Measure]:
    """Measure the time of one point read; the database is larger than SQLite's cache."""
    many, reads = (5_000, 1_000) if small() else (100_000, 10_000)
    notes = table()

    def read(database: Database) -> float:
        ids = [note(number)[1] for number in random.Random(5).sample(range(many), reads)]

        def work() -> None:
            for one in ids:
                if not database.run(notes.read, (one,)):
                    raise AssertionError("a row is missing")

        return seconds(work) / reads * 1_000

    with bench_folder() as folder, three_databases(folder, (256 if small() else 768) * MIB) as databases:
        for database in databases.values():
            fill(database, notes, many)
        taken = medians(7, {name: partial(read, database) for name, database in databases.items()})
    name = f"point read, mean of {reads:,} among {many:,} rows"
    return [
        Measure(name, taken["vault"], "ms", taken["plain"], "SQLite", ratio_goal=0.75),
        Measure(name, taken["vault"], "ms", taken["sqlcipher"], "SQLCipher", ratio_goal=1),
    ]
