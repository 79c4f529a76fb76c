"""Orders as hypothesis draws them, made-up provisions, and the shipped words: shared by tests of orders and the review."""

from __future__ import annotations

from datetime import date
from functools import cache

from hypothesis import strategies as st

from holdfire.law.bearing import Bearing
from holdfire.law.content import ReviewContent
from holdfire.law.finding import Finding
from holdfire.law.provisions import Provision
from holdfire.law.review import CHECKS, review
from holdfire.law.words import parse_words
from holdfire.orders.moment import Moment, parse_moment
from holdfire.orders.order import ACTS, CHANNELS, MEASURES, Order, Person
from holdfire.pack.folder import read_pack, shipped_packs

TODAY = date(2026, 11, 22)


def made_up(identifier: str, jurisdiction: str = "international", **more: object) -> Provision:
    """A provision that nobody wrote; `more` replaces what it says."""
    values: dict[str, object] = {
        "id": identifier, "instrument": "Made-up Act", "article": "art. 1", "jurisdiction": jurisdiction,
        "frbr": None, "adopted": "2000-01-01", "in_force_from": date(2000, 1, 1), "in_force_until": None,
        "tags": frozenset({"force"}), "paraphrase": "Made up.", "source_url": "https://example.org/",
        "level": "text", "how": "made up", "checked": TODAY,
    }  # fmt: skip
    return Provision(**{**values, **more})  # type: ignore[arg-type]


@cache
def shipped_words() -> ReviewContent:
    """The shipped words; every check with one provision on each side, for everybody and for a country."""
    node = read_pack(shipped_packs() / "int").node("law/words.yaml")
    bearings = {
        check: (
            Bearing(None, ("for-all",), ("against-all", "ended"), ("risk-all",)),
            Bearing(
                "by", ("for-by",), ("against-by", "comparator"), (), ("Unknown in by.",), ("Ask in by?",)
            ),
        )
        for check in CHECKS
    }
    belongs = {
        "by": frozenset({"international", "osce", "by"}),
        "us": frozenset({"international", "osce", "us"}),
    }
    return ReviewContent(parse_words([node]), bearings, belongs)


PROVISIONS = (
    made_up("for-all"),
    made_up("against-all", in_force_from=date(2010, 5, 1)),
    made_up("ended", in_force_until=date(2015, 12, 31)),
    made_up("risk-all", in_force_from=None, adopted="2000"),
    made_up("for-by", "by"),
    made_up("against-by", "by", in_force_from=date(2021, 5, 17)),
    made_up("comparator", "by", comparator=True),
)


def findings(order: Order, country: str | None = None) -> dict[str, Finding]:
    """The findings on an order by their check, with the shipped words and made-up provisions."""
    return {one.check: one for one in review(order, PROVISIONS, country, shipped_words())}


def complete(**more: object) -> Order:
    """An order of which everything that a check asks for is known, and which asks for nothing hard."""
    values: dict[str, object] = {
        "words": "Stand by the door until noon.", "language": "en", "act": "order", "channel": "written",
        "giver": Person("Heron", "captain", "duty officer", "second company"), "heard": Moment.on(date(2020, 8, 11)),
        "purpose": "Keep the door free.", "measure": "presence", "signed": True, "dated": True, "number": "17",
        "basis": "Duty regulations, section 4",
    }  # fmt: skip
    return Order(**{**values, **more})  # type: ignore[arg-type]


_TEXT = st.one_of(st.just(""), st.text(max_size=60), st.sampled_from([
    "Разогнать людей на площади, стрелять на поражение!", "Clear the square by any means. Do not shoot.",
    "Нікому не казаць. Здаць тэлефоны.", "Dispersen a todos. Sin placas.", "a" * 500, "?!.;\n" * 20,
]))  # fmt: skip
_DAYS = st.dates(min_value=date(1900, 1, 1))
MOMENTS = st.one_of(
    st.builds(
        lambda day, at, about: Moment(day, day, at and at.replace(second=0, microsecond=0), about),
        _DAYS, st.none() | st.times(), st.booleans(),
    ),
    st.builds(lambda day, about: parse_moment(f"{'about ' * about}{day.isoformat()[:7]}"), _DAYS, st.booleans()),
    st.builds(lambda day: parse_moment(day.isoformat()[:4]), _DAYS),
)  # fmt: skip
_YES_OR_NO = st.sampled_from([True, False, None])


def choice(values: dict[str, str]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(list(values))


ORDERS = st.builds(
    Order,
    words=_TEXT, gist=_TEXT, understanding=_TEXT, language=st.sampled_from([None, "en", "ru", "be-tarask"]),
    act=choice({**ACTS}), channel=choice({**CHANNELS}), giver=st.builds(Person, _TEXT, _TEXT, _TEXT, _TEXT),
    recipients=_TEXT, superior=_TEXT, place=_TEXT, heard=st.none() | MOMENTS, written_down=st.none() | MOMENTS,
    from_memory=_YES_OR_NO, first_hand=_YES_OR_NO, witnesses=st.lists(_TEXT, max_size=3).map(tuple), purpose=_TEXT,
    measure=choice({**MEASURES}), against=_TEXT, deadline=st.none() | MOMENTS, followed=_TEXT, own_acts=_TEXT,
    signed=_YES_OR_NO, dated=_YES_OR_NO, number=_TEXT, basis=_TEXT,
)  # fmt: skip
