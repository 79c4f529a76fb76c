"""Every provision of the reader's own law stands in exactly one instrument, under a name to type."""

from __future__ import annotations

import re

from holdfire.journeys.law_here import load_instruments, load_law
from holdfire.law.instruments import instrument_of


def test_each_provision_stands_in_exactly_one() -> None:
    instruments = load_instruments()
    listed = [name for one in instruments.values() for name in one.provisions]
    own = [one.id for one in load_law().provisions.values() if not one.comparator]
    assert sorted(listed) == sorted(own)
    for one in load_law().provisions.values():
        found = instrument_of(one, instruments.values())
        assert (found is None) == one.comparator
        if found is not None:
            assert found.jurisdiction == one.jurisdiction


def test_names_can_be_typed_and_say_what_they_are() -> None:
    for name, one in load_instruments().items():
        assert name == one.id
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)


def test_texts_that_are_imported_whole_are_one_instrument() -> None:
    instruments = load_instruments()
    assert "by-const-7" in instruments["by-1994-constitution"].provisions
    assert {"us-254", "us-ucmj-92"} <= set(instruments["us-usc-t10"].provisions)
    assert instruments["us-1787-constitution"].name == "US Constitution"
    # One edict approved both statutes; each counts its own paragraphs.
    assert "by-discipline" not in instruments["by-2001-355"].provisions
