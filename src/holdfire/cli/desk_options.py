"""What the commands of `holdfire desk` share: the way to its relays, said and asked for before anything goes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from holdfire.cli.drop_options import proxy_of, proxy_option, warn, yes_option
from holdfire.cli.options import F
from holdfire.vault.vault import Vault

if TYPE_CHECKING:
    from holdfire.wire.http import Ask


def way_options(function: F) -> F:
    """Add `--proxy` and `--yes`."""
    return proxy_option(yes_option(function))


def on_relays(vault: Vault, given: dict[str, Any], origins: Sequence[str]) -> Iterator[tuple[int, Ask]]:
    """Say where it goes, ask, and give each relay by its place."""
    from holdfire.journeys.kept_stamps import keep_proxy  # noqa: PLC0415
    from holdfire.reach.relay import RelayWay  # noqa: PLC0415

    proxy = proxy_of(vault, given)
    warn(origins, proxy, yes=given["yes"])
    keep_proxy(vault, proxy, datetime.now(UTC))
    for place, origin in enumerate(origins):
        with RelayWay(origin, proxy) as way:
            yield place, way.ask


def at_relay(vault: Vault, given: dict[str, Any], *, first: bool = False) -> Iterator[tuple[str, Ask]]:
    """Give each relay of the vault's own desk, or the first one alone, likewise."""
    from holdfire.journeys.keep_own_desk import own_desk  # noqa: PLC0415

    origins = [one.origin for one in own_desk(vault).value.relays]
    for place, ask in on_relays(vault, given, origins[:1] if first else origins):
        yield origins[place], ask
