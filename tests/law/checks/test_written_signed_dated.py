"""Paper that somebody answers for is silent; everything less asks for it."""

from __future__ import annotations

import pytest

from holdfire.law.checks.written_signed_dated import ID
from orders_drawn import complete, findings


@pytest.mark.parametrize("gap", [{"channel": None}, {"channel": "spoken"}, {"signed": False}, {"signed": None},
                                 {"dated": False}, {"number": ""}])  # fmt: skip
def test_each_thing_that_is_missing_asks_for_it(gap: dict[str, object]) -> None:
    found = findings(complete(**gap))[ID]
    assert "Please write, date and sign it." in found.ask
    assert any(isinstance(risk, str) and risk.startswith("Expect:") for risk in found.risk)


def test_spoken_and_unsigned_are_told_apart() -> None:
    spoken, unsigned = findings(complete(channel="radio"))[ID], findings(complete(signed=False))[ID]
    assert spoken.found != unsigned.found
