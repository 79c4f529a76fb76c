"""T26: nobody is hunted.

An adversary who wants a list of people to hunt (home, family, car, telephone), or a person in anger, could fill a record of official
conduct with private life, name somebody who holds no office, or hand it out alone and without a source. The form has no place for any of it,
texts are searched in four languages, and nothing leaves before a second person has read every statement with its source.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts_drawn import CONDUCT, conduct, reviewed
from holdfire.evidence.accounts.form import Field
from holdfire.evidence.accounts.forms import FORMS
from holdfire.evidence.accounts.intake import NO_OFFICE, read_form
from holdfire.evidence.accounts.obstacles import obstacles
from holdfire.evidence.accounts.private import find_private, says_private_person

#: What an adversary would write, by why it is refused.
PRIVATE = {
    "phone": [
        "Call him on +375 29 123-45-67", "his mobile: 029 123 45 67", "8 (029) 123-45-67", "555-123-4567 after six",
        "тел. 8029 1234567", "Его телефон 123-45-67", "моб. +7 916 123 45 67", "нумар мабільнага ведаю", "тэл. 123 45 67",
        "Su móvil es 612 34 56 78", "teléfono 91 123 45 67", "Ｔｅｌ ＋３７５２９１２３４５６７", "call ٠٢٩ ١٢٣ ٤٥ ٦٧",
    ],
    "mail": ["ivan.petrov@mail.example", "пишите ivan (at) mail.ru", "@sergeant_ivan knows", "su correo: jefe@correo.es"],
    "account": [
        "see vk.com/id12345", "https://t.me/someone", "his Instagram", "her Facebook page shows it", "аккаунт ВКонтакте майора",
        "его инстаграм открыт", "старонка ў Фэйсбуку", "яго тэлеграм", "su Instagram es público", "perfil de Facebook del mayor",
    ],
    "address": [
        "12 Garden Street", "he can be met at 5 Green Lane", "ул. Ленина, д. 5", "улица Советская 17", "проспект Победителей, 45",
        "вул. Янкі Купалы, 11", "вуліца Леніна 3", "calle Mayor 14", "Avenida de la Paz, 23",
    ],
    "home": [
        "He lives in the white block behind the market", "her home is easy to find", "flat 12, third floor", "кв. 45",
        "Проживает рядом с рынком", "он живет в доме у вокзала", "Их квартира на третьем этаже", "яго кватэра", "жыве каля парка",
        "Vive en el barrio nuevo", "su casa tiene puerta verde", "his home address is known", "домашний адрес известен",
    ],
    "family": [
        "His wife is a teacher", "her husband works nearby", "the major has two daughters", "his children are small", "the captain's family",
        "Его жена работает в банке", "сын майора", "родители живут", "семья уехала", "яго жонка", "дачка маёра", "сям’я капітана", "сваякі ведаюць",
        "su esposa es médica", "tiene dos hijos", "la familia del capitán", "su hermano", "His  WIFE", "ж\u200bена майора", "Мaть майора",
    ],
    "plate": [
        "1234 AB-7", "А123ВС77", "number plate known", "госномер записан", "нумарны знак вядомы", "matrícula del coche", "4321 BCD", "placa ABC 123",
    ],
    "car": ["his car is grey", "she drives a red hatchback", "его машина серая", "личный автомобиль", "яго машына", "ездит на серой", "su coche gris"],
    "school": [
        "her school is near the park", "studies at the law faculty", "учится в школе № 5", "водит в детский сад", "вучыцца ў ліцэі",
        "estudia en la universidad", "va al colegio del centro",
    ],
    "faith": ["he is a devout Catholic", "her church is on the hill", "он православный", "прихожанин собора", "вернік", "es católico"],
    "health": ["he has diabetes", "her medication", "болеет давно", "диагноз известен", "хварэе", "está enfermo", "suffers from headaches"],
    "face": ["photo of his face attached", "face recognition found him", "фото лица", "поиск по лицу", "фота: здымак твару", "foto de su cara"],
    "papers": ["born on 3 May", "passport MP1234567", "дата рождения известна", "родился в Минске", "пашпарт", "fecha de nacimiento"],
    "private": ["has a mistress", "любовница майора", "каханка", "su vida privada"],
}  # fmt: skip
#: What a careful witness writes.
INNOCENT = [
    "On 10 August 2020 at 14:30 the platoon closed the square.", "2020-08-10 14:30 to 2020-08-10 16:00", "Between 14:30-15:10 no warning was given.",
    "Unit 5448 stood on the left, unit 3214 on the right.", "в/ч 3214, вторая рота", "Order No. 1234567 was read aloud.",
    "He ordered: fire at those who stay.", "She signed order 2 in the yard.", "He struck a woman in the face with a baton.",
    "The man lay on the ground and lifted no hand.", "A child was hit by a rubber bullet.", "A woman with a child was pushed.",
    "Three people lost their lives on the square.", "Live ammunition was handed out.", "Gas was used four times in ten minutes.",
    "About 1,500 people stood there.", "The order came by telephone from the duty officer.", "He spoke into a radio.",
    "The commander put him into a police car.", "A water cannon of the interior troops came from the north.",
    "He beat people who were handcuffed.", "They entered the house of a protester without a paper.", "Several people lived through it.",
    "The school building served as a polling station.", "He stood in front of the Red Church.", "I saw it from the gate, twenty metres away.",
    "evidence 3", "evidence 12 and order 2", "A witness told me who stood beside me.", "He wore a mask; I know the voice from duty.",
    "It may have been another man of the same company.", "none known", "He may have feared for his own men.", "The crowd had thrown two stones.",
    "He shouted: “No mercy!”", "The prisoner asked for a doctor and got none.", "Badge 4417", "Protocol 17/2020 of the court",
    "My family name is known to the lawyer.", "The ministry's public statement of 2020-08-11",
    "10.08.2020 в 14:30 колонна вышла из части.", "Приказ № 1234567 зачитал начальник штаба.", "Он бил дубинкой лежащего мужчину.",
    "Женщина упала, её ударили ещё раз.", "Мужчины стояли с поднятыми руками.", "Приказ передали по телефону.",
    "Применили газ без предупреждения.", "Я видел это сам с расстояния десяти метров.", "Площадь Независимости, у здания суда",
    "На улице Ленина стояла вторая рота.", "Командир роты, майор", "Задержанных грузили в автозак.", "Ребёнок плакал, его отпустили.",
    "Он жив и дал показания суду.", "Был пьян на службе.", "Другое объяснение: приказ сверху.",
    "10 жніўня 2020 года а 14:30 рота выйшла на плошчу.", "Загад № 123456 зачытаў начальнік штаба.", "Ён біў дубінкай мужчыну, які ляжаў.",
    "Людзей трымалі ў двары да раніцы.", "Я бачыў гэта сам.", "Папярэджання не было.", "Жанчыну штурхнулі на зямлю.", "Плошча Незалежнасці, каля суда",
    "Загад перадалі па тэлефоне.", "Газ ужылі двойчы.",
    "El 10 de agosto de 2020 a las 14:30 la unidad cerró la plaza.", "Le puso las esposas y lo golpeó.", "La orden 1234567 fue leída en voz alta.",
    "Una mujer cayó al suelo.", "Un niño fue herido por una bala de goma.", "Usaron gas sin aviso.", "Lo vi yo mismo desde la puerta.",
    "Los manifestantes estaban sentados.", "La orden llegó por teléfono.", "Otra explicación: obedecía una orden.",
]  # fmt: skip
#: Where an act was done: a street and a number may say so, a flat may not.
PLACES = [
    "12 Garden Street, in front of the court", "ул. Ленина, д. 5, отделение милиции", "проспект Независимости 65, у школы", "вул. Акрэсціна, 36",
    "Plaza Mayor 1", "corner of Green Lane and Main Street", "Okrestina detention centre, yard", "School 12, polling station",
]  # fmt: skip


def test_there_are_enough_examples_to_mean_something() -> None:
    assert sum(map(len, PRIVATE.values())) >= 60
    assert len(INNOCENT) >= 60


@pytest.mark.parametrize(("reason", "text"), [(why, one) for why, some in PRIVATE.items() for one in some])
def test_private_life_is_refused_and_why_is_said(reason: str, text: str) -> None:
    found = find_private(text)
    assert found is not None
    assert found.words
    assert found.reason == reason


@pytest.mark.parametrize("text", INNOCENT)
def test_what_was_done_on_duty_can_be_said(text: str) -> None:
    assert find_private(text) is None


@pytest.mark.parametrize("text", PLACES)
def test_the_place_of_an_act_can_be_said_where_it_belongs(text: str) -> None:
    assert find_private(text, place=True) is None


@pytest.mark.parametrize(
    "text", ["ул. Ленина, 5, кв. 12", "12 Garden Street, flat 3", "where he lives in the old town", "su casa"]
)
def test_where_somebody_lives_is_no_place_of_an_act(text: str) -> None:
    assert find_private(text, place=True) is not None


@given(
    before=st.sampled_from(INNOCENT),
    bad=st.sampled_from([one for some in PRIVATE.values() for one in some]),
    after=st.sampled_from(INNOCENT),
)
def test_it_is_found_amid_other_words(before: str, bad: str, after: str) -> None:
    assert find_private(f"{before}\n{bad}\n{after}") is not None


@given(bad=st.sampled_from(PRIVATE["family"] + PRIVATE["home"]), data=st.data())
def test_signs_that_are_not_seen_do_not_hide_it(bad: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(bad)))
    sign = data.draw(st.sampled_from(["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u0301"]))
    assert find_private(f"{bad[:place]}{sign}{bad[place:]}".upper()) is not None


FREE = [
    (one.id if not column else f"{one.id}-1-{column.id}", (column or one).place)
    for one in FORMS["accountability"].fields()
    for column in (one.columns or (None,))
    if (column or one).shape in {"line", "text"}
]


@pytest.mark.parametrize(("name", "place"), FREE)
def test_every_free_text_of_the_form_is_searched(name: str, *, place: bool) -> None:
    told = "flat 12, where his wife is" if place else "call +375 29 123 45 67"
    intake = read_form("accountability", {name: told})
    (fault,) = intake.faults
    assert fault.field == name
    assert fault.words
    assert told not in json.dumps(str(intake.account))


def test_the_form_and_its_schema_have_no_place_for_private_life() -> None:
    schema = json.loads(
        (Path(__file__).parents[2] / "docs" / "formats" / "accounts.schema.json").read_text("utf-8")
    )
    (conduct_schema,) = [
        one for one in schema["oneOf"] if one["properties"]["kind"] == {"const": "accountability"}
    ]
    names = set(_members(conduct_schema))
    assert {"unit", "statements", "alternatives"} <= names
    forbidden = (
        "home", "address", "family", "spouse", "child", "relative", "face", "photo", "picture", "phone", "mail", "plate", "car", "vehicle",
        "school", "religion", "faith", "health", "account", "social", "birth", "passport", "age", "sex", "nationality",
    )  # fmt: skip
    assert not names & set(forbidden)
    for one in FORMS["accountability"].fields():
        assert one.shape != "evidence", "a record of conduct carries no picture"


def _members(schema: Any) -> list[str]:
    if isinstance(schema, list):
        return [name for one in schema for name in _members(one)]
    if not isinstance(schema, dict):
        return []
    found = list(schema.get("properties", {})) if isinstance(schema.get("properties"), dict) else []
    return [*found, *(name for one in schema.values() for name in _members(one))]


@pytest.mark.parametrize("given_", [{}, {"service": "police"}, {"unit": "second company"}])
def test_nobody_without_an_office_is_named(given_: dict[str, str]) -> None:
    intake = read_form("accountability", {**given_, "name": "Heron"})
    assert intake.account.text("name") == ""
    assert [(fault.field, fault.rule) for fault in intake.faults] == [("name", NO_OFFICE)]


def test_a_name_goes_when_the_office_is_taken_away() -> None:
    known = conduct()
    assert known.text("name")
    intake = read_form("accountability", {"unit": "", "post": ""}, known)
    assert intake.account.text("name") == ""
    assert [fault.field for fault in intake.faults] == ["name"]


@pytest.mark.parametrize(
    "office", ["none", "-", "нет", "student", "журналист", "сусед", "activista", "private citizen"]
)
def test_private_people_are_no_officials(office: str) -> None:
    assert says_private_person(office)
    assert read_form("accountability", {"unit": office}).account.text("unit") == ""


@pytest.mark.parametrize(
    "office", ["second company", "в/ч 3214", "начальник РУВД", "камандзір роты", "jefe de la unidad"]
)
def test_units_and_posts_are(office: str) -> None:
    assert not says_private_person(office)


def test_a_whole_record_that_was_reviewed_can_leave() -> None:
    assert obstacles(reviewed(conduct())) == ()


@pytest.mark.parametrize(
    "field",
    [
        "service",
        "act",
        "when",
        "place",
        "statements",
        "alternatives",
        "quarrel",
        "recipient",
        "recipient_name",
        "author",
    ],
)
def test_without_one_of_these_it_cannot(field: str) -> None:
    lacking = replace(conduct(), values={name: value for name, value in CONDUCT.items() if name != field})
    assert field in {one.field for one in obstacles(reviewed(lacking))}


@given(
    rows=st.lists(
        st.fixed_dictionaries({}, optional={"says": st.just("he gave the word"), "source": st.sampled_from(["evidence 3", "?", "none", "нет"]),
                                            "near": st.just("seen"), "sure": st.just("sure")}),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_every_statement_needs_a_source_and_a_grade(rows: list[dict[str, str]]) -> None:
    account = reviewed(replace(conduct(), values={**CONDUCT, "statements": tuple(rows)}))
    bad = {
        place
        for place, row in enumerate(rows, 1)
        if row.keys() < {"says", "source", "near", "sure"} or row["source"] != "evidence 3"
    }
    assert {one.row for one in obstacles(account) if one.field == "statements"} == bad


def test_without_a_second_person_it_cannot_leave() -> None:
    (only,) = obstacles(conduct())
    assert only.sentence == "No second person has reviewed it. It cannot leave yet."
    assert not obstacles(conduct(), before_review=True)


@given(
    field=st.sampled_from(["act", "rank", "alternatives", "recipient_name"]),
    text=st.sampled_from(["fired", "not known"]),
)
def test_what_was_changed_after_the_review_is_not_reviewed(field: str, text: str) -> None:
    before = reviewed(conduct())
    after = read_form("accountability", {field: text}, before).account
    assert [one.sentence for one in obstacles(after)] == [
        "It was changed after the review. The second person must read it again."
    ]


@pytest.mark.parametrize("reviewer", ["Owl", "OWL ", "owl", "Heron", "Оwl"])
def test_nobody_reviews_their_own_record(reviewer: str) -> None:
    (only,) = obstacles(reviewed(conduct(), reviewer))
    assert "second person" in only.sentence


def test_what_an_older_program_took_in_is_searched_again() -> None:
    older = reviewed(replace(conduct(), values={**CONDUCT, "effect": "it pleased his wife"}))
    assert [one.field for one in obstacles(older)] == ["effect"]


def test_there_is_no_field_of_another_shape_than_those_that_are_searched() -> None:
    def shapes(fields: tuple[Field, ...]) -> set[str]:
        return {one.shape for one in fields} | {shape for one in fields for shape in shapes(one.columns)}

    assert shapes(tuple(FORMS["accountability"].fields())) <= {"line", "text", "moment", "choice", "rows"}


@pytest.mark.parametrize(
    "text",
    [
        "53.902284, 27.561831",
        "хатні адрас",
        "C/ Mayor 5, 2B",
        "AB 1234-7",
        "1234-BCD",
        "d.o.b. 1 Jan 1980",
        "1980 г.р.",
        "nacida el 1 de enero",
        "nació en Getafe",
        "vk id12345",
        "telegram username ivanov",
        "они живут на Лугавой",
        "ivanov at gmail dot com",
        "29·123·45·67",
        "29_123_45_67",
        "ivan (at) mail dot ru",
        "ivan собака mail.ru",
        "telegram ivanov_p",
        "ig: ivan.p",
        "его девушка",
        "швагер",
        "she has two kids",
        "apt 4B",
        "дом 5 корпус 2",
        "дача в Ратомке",
        "plates KA 4455 BH",
        "53°54'N 27°33'E",
    ],
)
def test_places_plates_births_and_names_on_networks_that_passed_once_are_found(text: str) -> None:
    assert find_private(text)


@pytest.mark.parametrize(
    "text",
    [
        "A woman with two children was pushed",
        "filmed and put on Telegram. He",
        "it was 30° that day",
        "paragraphs 3.125, 4.250",
        "1,500 people and 2,300 officers",
        "order 1234 mvd",
        "unit 3214",
    ],
)
def test_what_only_looks_so_is_not(text: str) -> None:
    assert find_private(text) is None
