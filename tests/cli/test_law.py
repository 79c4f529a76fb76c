"""`holdfire law`, as a person or a script uses it."""

from __future__ import annotations

import pytest

from command_line import is_refused, run


def ids(*words: str) -> list[str]:
    listed = run("law", "list", *words, "--json").document()
    assert isinstance(listed, list)
    return [one["id"] for one in listed]


def test_list_gives_every_provision_and_each_filter_narrows_it() -> None:
    every = ids()
    assert len(every) == len(set(every)) == 216
    belarus = ids("--country", "by")
    assert "by-const-7" in belarus
    assert "iccpr-21" in belarus
    assert not {"us-ucmj-90", "ua-cc-41", "echr-11"} & set(belarus)
    assert set(ids("--country", "by", "--tag", "torture", "--level", "text")) < set(belarus)


def test_a_day_leaves_out_what_did_not_stand_then() -> None:
    assert "by-2021-amendment" not in ids("--country", "by", "--on", "2020-08-10")
    assert "by-2021-amendment" in ids("--country", "by", "--on", "2022-08-10")
    assert "iccpr-op1" in ids("--country", "by", "--on", "2023-02-07")
    assert "iccpr-op1" not in ids("--country", "by", "--on", "2023-02-08")


def test_a_closed_forum_is_not_listed_for_a_day_after_its_end() -> None:
    assert "hrc-op1-by" not in ids("--what", "forums", "--country", "by", "--on", "2023-02-08")
    assert "hrc-op1-by" in ids("--what", "forums", "--country", "by", "--on", "2023-02-07")


@pytest.mark.parametrize(
    "name", ["iccpr-21", "hrc-op1-by", "us-enlisted", "by-police", "us-foia-20", "ua-cc-41", "by-cc-40-3"]
)
def test_show_says_the_level_the_date_and_that_no_lawyer_checked(name: str) -> None:
    ran = run("law", "show", name, "--on", "2026-11-22")
    assert ran.code == 0
    assert "2026-11-22" in ran.out
    assert "Level: " in ran.out
    assert "No lawyer has checked this." in ran.out
    shown = run("law", "show", name, "--json").document()
    assert isinstance(shown, list)
    assert shown[0]["id"] == name
    assert all("note" not in one for one in shown)


def test_a_comparator_and_an_unverified_entry_say_what_they_are() -> None:
    assert "stands in no letter" in run("law", "show", "ua-cc-41").out
    assert "Not to be used" in run("law", "show", "by-cc-40-3").out
    assert "comparison only" in run("law", "list").out


def test_an_id_of_two_kinds_shows_both() -> None:
    shown = run("law", "show", "cat-22", "--json").document()
    assert isinstance(shown, list)
    assert [one["kind_of_entry"] for one in shown] == ["provision", "forum"]


def test_wrong_words_are_refused() -> None:
    is_refused(run("law", "show", "none"), 1, "There is no entry", "law list")
    is_refused(run("law", "list", "--country", "zz"), 1, "no pack", "pack list")
    is_refused(run("law", "list", "--tag", "zz"), 1, "no tag", "torture")
    is_refused(run("law", "list", "--on", "yesterday"), 2, "yesterday")


def test_an_oath_says_what_it_binds_to_only_where_it_was_read() -> None:
    assert (
        "Binds to: The constitution; The law and the regulations; Those who command"
        in run("law", "show", "us-enlisted").out
    )
    told = run("law", "show", "us-enlisted", "--json").document()
    assert isinstance(told, list)
    assert told[0]["binds_to"] == ["constitution", "law", "superiors"]
    assert "Binds to" not in run("law", "show", "by-police").out
