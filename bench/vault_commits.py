"""1,000 commits of one row each: what saving a single note costs."""

from __future__ import annotations

from functools import partial
from itertools import count

from bench.contenders import MIB, Database, create, note, table, three_databases
from bench.measure import Measure, bench_folder, medians, seconds, small


def main() -> list[Measure]:
    """Measure the time of one durable commit."""
    commits = 100 if small() else 1_000
    notes, numbers = table(), count()

    def commit(database: Database) -> float:
        rows = [note(next(numbers)) for _ in range(commits)]
        return seconds(lambda: [database.run(notes.insert, row) for row in rows]) / commits * 1_000

    with bench_folder() as folder, three_databases(folder, 256 * MIB) as databases:
        for database in databases.values():
            create(database, notes)
        taken = medians(7, {name: partial(commit, database) for name, database in databases.items()})
    name = f"one-row commit, mean of {commits:,}"
    return [
        Measure(name, taken["vault"], "ms", taken["plain"], "SQLite", ratio_goal=0.75),
        Measure(name, taken["vault"], "ms", taken["sqlcipher"], "SQLCipher", ratio_goal=1),
    ]
