"""Who is named, in which form of the name, and what a name taken out leaves behind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.packets.people import DEFAULTS, TAKEN, Person, Place, Remover, list_people

#: A name as a field holds it, forms of it that must be found, and words that must stay.
CASES = {
    "Пётр": ("Пётр Петр Петра Петру Петром ПЁТР петру", "Петров Петрович"),
    "Петров": ("Петров Петрова Петрову Петровым Петрове Петровой Петровых Петровы", "Петровский пётр"),
    "Павел": ("Павел Павла Павлу Павлом Павле", "Павлов"),
    "Лев": ("Лев Льва Льву Львом", "Львов левее"),
    "Соловей": ("Соловей Соловья Соловью Соловьём", "соло"),
    "Ольга": ("Ольга Ольги Ольге Ольгу Ольгой", "Ольховка"),
    "Вольга": ("Вольга Вольгі Вользе Вольгу Вольгай", "Вольна"),
    "Ганка": ("Ганка Ганкі Ганцы Ганку Ганкай", "Ганна"),
    "Чайкоўскі": ("Чайкоўскі Чайкоўскага Чайкоўскаму Чайкоўскім Чайковский Чайковского Чайковская", "чайка"),
    "Горький": ("Горький Горького Горькому Горьким Горьком", "гора"),
    "Толстой": ("Толстой Толстого Толстому Толстым", "толк"),
    "Наталья": ("Наталья Натальи Наталье Наталью Натальей", "натурально"),
    "Міхась": ("Міхась Міхася Міхасю Міхасём", "Міхалок"),
    "Ўласаў": ("Ўласаў Уласаў Уласава Ўласаву Уласаве Уласавым", "улада"),
    "Ли": ("Ли", "Липа или лист"),
    "О'Коннор": ("О'Коннор О’Коннора О'Коннору", "Коннолли"),
    "Heron": ("Heron HERON heron Heron's Heron’s Herons", "heroine herd"),
    "Дмитрий": ("Дмитрий Дмитрия Дмитрию Дмитрием Дмитрии", "Дмитриев Димитровград"),
    "Дзмітрый": ("Дзмітрый Дзмітрыя Дзмітрыю Дзмітрыем Дзмітрыі", "Дзмітрыеў"),
    "Заяц": ("Заяц Зайца Зайцу Зайцем", "Зайцев"),
    "Weiß": ("Weiß Weiß's", "Weise"),
    "Павел Судаков": ("Павла Судаков Судакову", "суд суда"),
    "сержант Андрей Городецкий": ("Андрею Городецкий Городецкого", "сержант город города"),
    "Ivan Allen": ("Ivan Allen", "all Alleny"),
    "Sergeant Owl": ("Owl Owl's", "sergeant owls-eye-view Sergeant"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_name_is_found_in_every_case_and_nothing_else_is(name: str) -> None:
    found, other = CASES[name]
    remove = Remover([name])
    for form in found.split():
        assert remove(f"Сказал {form}, и всё.") == f"Сказал {TAKEN}, и всё.", form
    for word in other.split():
        if word != "owls-eye-view":
            assert remove(f"Сказал {word}, и всё.") == f"Сказал {word}, и всё.", word


@pytest.mark.parametrize(
    "written", ["Петров И. И.", "И. И. Петров", "И.И. Петрова", "Петров И.", "Пет-\nрова", "Пе\u00adтров", "П\u200bетров", "Петров\u0301"]
)  # fmt: skip
def test_initials_go_with_the_name_and_no_sign_hides_it(written: str) -> None:
    left = Remover(["Петров"])(f"Видел {written} у дома")
    assert "етров" not in left
    assert "рова" not in left
    assert "И." not in left
    assert left.startswith(f"Видел {TAKEN}")


@pytest.mark.parametrize("written", ["report_Heron_2024.jpg", "heron1985@example.org", "IMG_HERON", "2Heron"])
def test_no_digit_and_no_low_line_hides_a_name(written: str) -> None:
    assert "heron" not in Remover(["Heron"])(written).casefold()


def test_sharing_a_first_name_with_somebody_known_hides_nobody() -> None:
    people = [Person("Ivan Petrov", "giver"), Person("Al", "witness")]
    found = list_people(
        people, [Place("Record", "Ivan Petrov gave it; Ivan Sidorov and Alena Galich heard it.")]
    )
    assert [one.person.name for one in found if one.person.role == "perhaps"] == [
        "Ivan Sidorov",
        "Alena Galich",
    ]


def test_several_names_in_a_row_become_one_mark() -> None:
    assert Remover(["Пётр Ўласаў", "Heron"])("Пётр Ўласаў, Heron ушли") == f"{TAKEN} ушли"


def test_nobody_taken_out_changes_nothing() -> None:
    remove = Remover(())
    assert not remove
    assert remove("Пётр\u200b") == "Пётр\u200b"
    assert remove.count("x") == 0
    assert not remove.found("x")


@given(
    name=st.from_regex(r"\A[А-ЯІЎ][а-яіў]{3,9}\Z"), before=st.text(max_size=30), after=st.text(max_size=30)
)
def test_no_text_around_it_keeps_a_name(name: str, before: str, after: str) -> None:
    remove = Remover([name])
    left = remove(f"{before} {name} {after}")
    assert not remove.found(left)
    assert name not in left


@given(st.lists(st.text(max_size=20), max_size=5), st.text(max_size=60))
def test_whatever_stands_in_a_field_nothing_breaks_and_twice_is_once(names: list[str], text: str) -> None:
    remove = Remover(names)
    once = remove(text)
    assert remove(once).count(TAKEN) >= once.count(TAKEN)
    list_people([Person(name, "witness") for name in names], [Place("here", text)])


def test_people_are_listed_once_by_role_with_where_they_stand() -> None:
    people = [
        Person("Heron", "witness"),
        Person("майор Чайкоўскі", "giver"),
        Person("Heron", "recipients"),
        Person("", "superior"),
    ]
    places = [Place("Record", "Чайковский кричал на Heron."), Place("Exhibit 1", "heron; Heron", 7)]
    giver, witness = list_people(people, places)
    assert (giver.person.name, giver.default) == ("майор Чайкоўскі", "keep")
    assert [one.words for one in giver.mentions] == ["Чайковский"]
    assert (witness.person.role, witness.default) == ("witness", "out")
    assert [(one.words, one.where, one.page) for one in witness.mentions] == [
        ("Heron", "Record", None), ("heron", "Exhibit 1", 7), ("Heron", "Exhibit 1", 7)]  # fmt: skip


def test_what_looks_like_a_name_in_free_words_is_shown_and_kept() -> None:
    text = "Рядом стоял Иван Сидоров. J. K. Smith saw it. Сидоров И. И. ушёл. Everybody to the Square. Major General."
    found = list_people([], [Place("Record", text), Place("Ours", "Anna Brown", free=False)])
    assert [one.person.name for one in found] == ["Иван Сидоров", "J. K. Smith", "Сидоров И. И."]
    assert {one.default for one in found} == {"keep"}


def test_colleagues_are_out_and_official_acts_stay_unless_the_person_says_otherwise() -> None:
    assert {role for role, choice in DEFAULTS.items() if choice == "out"} == {
        "recipients",
        "witness",
        "self",
        "added",
    }
