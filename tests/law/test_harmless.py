"""Orders of quiet days raise no alarm by their words; the same words in an order against people still do."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from holdfire.journeys.record_order import load_review, review_order
from holdfire.law.words import HARMLESS, Match, Words, parse_words
from holdfire.orders.moment import Moment
from holdfire.orders.order import Order
from holdfire.pack.reader import read

HERE = Path(__file__).parent
#: Checks that look at what is missing, not at words.
OF_GAPS = {"too-little-known", "who-may-order", "written-signed-dated", "legal-basis", "purpose"}
#: What is still asked for nothing; a phrase that would spare it could also hide an order against people.
STILL = {
    "Clear the snow from the car park and the square in front of the mess.",
    "Change the plates on the patrol cars; the new registration came.",
    "Vaccination for everybody in the medical room on Monday.",
    "Прививки для всех в медпункте в понедельник.",
    "Прышчэпкі для ўсіх у медпункце ў панядзелак.",
}


def orders(file: str) -> list[str]:
    return [words for each in yaml.safe_load((HERE / file).read_text()).values() for words in each]


def found(words: str) -> set[str]:
    order = Order(words=words, heard=Moment.on(date(2030, 5, 1)))
    return {finding.check for finding in review_order(order, "by")} - OF_GAPS


@pytest.mark.parametrize("words", orders("harmless.yaml"))
def test_a_quiet_day_raises_no_alarm(words: str) -> None:
    assert bool(found(words)) == (words in STILL), found(words)


def test_how_often_other_quiet_days_do() -> None:
    alarmed = [words for words in orders("harmless_unseen.yaml") if found(words)]
    print(
        f"\n{len(alarmed)} of {len(orders('harmless_unseen.yaml'))} unseen harmless orders raise a question"
    )
    # They name schoolchildren, and are asked how children are protected.
    assert all(found(words) == {"children"} for words in alarmed)
    assert len(alarmed) <= 3


@pytest.mark.parametrize(
    ("words", "check"),
    [
        ("After shooting practice open fire on the crowd.", "firearms"),
        ("Clean your weapons, then shoot whoever stays.", "firearms"),
        ("Clear the snow, then clear the square.", "dispersal"),
        ("Fill up with gas and use the gas on them.", "necessity"),
        ("First aid training is over: nobody helps the wounded.", "medics"),
        ("Escort the ambulance away and let no medics through.", "medics"),
        ("Do not take them to the doctor.", "medics"),
        ("At the school crossing hold the children.", "children"),
        ("Photographs for the new cards; then photograph the journalists.", "press"),
        ("Nobody films. Take the phones.", "press"),
        ("Change the plates and take your badges off.", "hiding-identity"),
        ("Everyone signs, then beat everyone.", "necessity"),
        ("Почистить оружие. Завтра применять оружие по толпе.", "firearms"),
        ("После учебных стрельб выезжаем: стрелять на поражение.", "firearms"),
        ("Стрельба по людям, если не уйдут.", "firearms"),
        ("Расчистить снег, потом расчистить площадь.", "dispersal"),
        ("Доставить документы и доставить всех в отделение.", "detention"),
        ("Собрание личного состава, потом разогнать собрание у входа.", "dispersal"),
        ("Скорую не пропускать.", "medics"),
        ("Отменить осмотр у врача задержанным.", "medics"),
        ("Камеры хранения закрыть, у журналистов камеры забрать.", "press"),
        ("Забрать телефоны у всех, кто на площади.", "press"),
        ("Дежурство у школы: детей не выпускать.", "children"),
        ("Щит с объявлениями снять. Взять щиты и дубинки.", "necessity"),
        ("Пачысціць зброю. Заўтра ўжыць зброю супраць людзей.", "firearms"),
        ("Суправадзіць хуткую, параненых не браць.", "medics"),
        ("Даставіць дакументы. Затрымаць усіх.", "detention"),
        ("Дзяжурства каля школы, дзяцей затрымаць.", "children"),
        ("Адабраць тэлефоны.", "press"),
    ],
)
def test_the_same_words_against_people_are_asked_about(words: str, check: str) -> None:
    assert check in found(words)


def words_of(**topics: list[str]) -> Words:
    return parse_words([read(f"languages: {{xx: {topics}}}".encode(), "words.yaml")])


def test_only_what_lies_inside_the_phrase_is_spared() -> None:
    both = words_of(harmless=["shooting range"], firearms=["shooting", "shooting range closed"])
    assert not list(both.matches("The shooting range."))
    assert [match.start for match in both.matches("shooting range, shooting")] == [16]
    assert len(list(both.matches("shooting range closed"))) == 1, "a longer phrase still counts"


@given(st.lists(st.sampled_from(["shooting", "range", "at", "guns", "shooting range", "clean the guns"])))
def test_a_harmless_phrase_spares_exactly_what_it_covers(parts: list[str]) -> None:
    text = " ".join(parts)
    plain = words_of(firearms=["shooting", "guns"])
    spared = words_of(harmless=["shooting range", "clean the guns"])
    both = words_of(firearms=["shooting", "guns"], harmless=["shooting range", "clean the guns"])
    phrases = [match for match in spared._all(text) if match.topic == HARMLESS]

    def covered(one: Match) -> bool:
        return any(phrase.start <= one.start and one.end <= phrase.end for phrase in phrases)

    assert list(both.matches(text)) == [one for one in plain.matches(text) if not covered(one)]


def test_harmless_phrases_are_no_topic_that_a_check_sees() -> None:
    assert not any(match.topic == HARMLESS for match in load_review().words.matches("Clean the rifles."))
