"""100,000 rows in one transaction, without and with their full-text index."""

from __future__ import annotations

from functools import partial
from itertools import count

from bench.contenders import MIB, Database, create, note, table, three_databases
from bench.measure import Measure, bench_folder, medians, seconds, small


def main() -> list[Measure]:
    """Measure rows a second into a new table."""
    many = 5_000 if small() else 100_000
    rows = [note(number) for number in range(many)]
    pairs = [(row[0], row[3]) for row in rows]
    rounds = count()

    def insert(database: Database, *, words: bool) -> float:
        notes = table(f"note_{next(rounds)}")
        create(database, notes)

        def work() -> None:
            database.run("BEGIN IMMEDIATE")
            database.run_many(notes.insert, rows)
            if words:
                database.run_many(notes.insert_words, pairs)
            database.run("COMMIT")

        return many / seconds(work)

    with bench_folder() as folder, three_databases(folder, (256 if small() else 3_072) * MIB) as databases:
        plainly = medians(5, {name: partial(insert, one, words=False) for name, one in databases.items()})
        indexed = medians(5, {name: partial(insert, one, words=True) for name, one in databases.items()})
    measures = []
    for name, rate in (
        (f"insert {many:,} rows at once", plainly),
        ("the same with full-text index", indexed),
    ):
        for peer, whose, goal in (("plain", "SQLite", 0.75), ("sqlcipher", "SQLCipher", 1)):
            measures.append(
                Measure(
                    name, rate["vault"], "rows/s", rate[peer], whose, more_is_better=True, ratio_goal=goal
                )
            )
    return measures
