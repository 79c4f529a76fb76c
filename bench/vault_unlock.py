"""Unlocking with a real, another and a wrong passphrase, at the cost every person's vault has."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from bench.contenders import MIB
from bench.measure import Measure, bench_folder, medians, seconds, small
from holdfire.errors import NothingOpenedError
from holdfire.sealing.passphrase import STANDARD, TEST, derive_master
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable

REAL, OTHER, WRONG = "the real passphrase of mine", "another passphrase of mine", "a wrong passphrase of mine"


def main() -> list[Measure]:
    """Measure how far the three are apart, and what unlocking adds to Argon2id alone."""
    profile = TEST if small() else STANDARD
    with bench_folder() as folder:
        path = folder / "vault"
        Vault.create(path, [REAL, OTHER], 64 * MIB, profile=profile)

        def unlock(passphrase: str) -> float:
            def work() -> None:
                with suppress(NothingOpenedError):
                    opened.append(Vault.open(path, passphrase, profile=profile))

            opened: list[Vault] = []
            taken = seconds(work)
            for vault in opened:
                vault.lock()
            return taken * 1_000

        contenders: dict[str, Callable[[], float]] = {
            passphrase: partial(unlock, passphrase) for passphrase in (REAL, OTHER, WRONG)
        }
        contenders["Argon2id"] = lambda: seconds(lambda: derive_master(REAL, bytes(32), profile)) * 1_000
        taken = medians(5 if profile is STANDARD else 51, contenders)
    return [
        Measure("unlock, real against wrong", taken[REAL], "ms", taken[WRONG], "wrong", ratio_goal=0.95),
        Measure("unlock, another against wrong", taken[OTHER], "ms", taken[WRONG], "wrong", ratio_goal=0.95),
        Measure("unlock, wrong against real", taken[WRONG], "ms", taken[REAL], "real", ratio_goal=0.95),
        Measure("unlock, real against Argon2id alone", taken[REAL], "ms", taken["Argon2id"], "Argon2id"),
    ]
