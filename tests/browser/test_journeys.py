"""What a person does, in a real browser with scripts off."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as NothingCame

from holdfire.sealing.passphrase import STANDARD
from simulators.visiting import Visiting

pytestmark = pytest.mark.browser

PHRASE = "seven grey owls sing low"


def press(page: Page, name: str) -> None:
    """Press the button or link of this name, as it is told to a screen reader."""
    follow(page, named(page, name))


def named(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True).or_(
        page.get_by_role("link", name=name, exact=True)
    )


def follow(page: Page, what: Locator) -> None:
    """Press what leads to another page, and wait until that stands: on a busy machine a click returns before."""
    with page.expect_navigation(wait_until="load"):
        what.first.click()


def make_vault(page: Page, path: Path) -> None:
    """Go through the wizard as a newcomer does."""
    press(page, "Make a vault")
    press(page, "Leave this page")
    expect(page.get_by_role("heading", level=1)).to_have_text("That is what it does")
    press(page, "Go on")
    page.get_by_label("Another place: the whole path of the file").fill(str(path))
    press(page, "Go on")
    page.get_by_label("64 MiB: a plan and notes, quickly made").check()
    press(page, "Go on")
    page.get_by_label("One", exact=True).check()
    press(page, "Go on")
    page.get_by_label("Passphrase", exact=True).fill(PHRASE)
    page.get_by_label("The same once more").fill(PHRASE)
    press(page, "Make the vault")
    # The page looks again by itself, once a second, without a script.
    page.wait_for_url(re.compile(r"/(keep)?$"), timeout=60_000)


def answer_everything(page: Page) -> None:
    press(page, "Questions")
    press(page, "Begin")
    while "/question/" in page.url:
        page.locator("input[name=answer]").first.check()
        press(page, "Go on")


def test_an_order_for_tomorrow_needs_two_steps_and_no_vault(visit: Visiting) -> None:
    one = visit()
    press(one.page, "An order is for tomorrow")
    for words in (
        "Please repeat the order.",
        "Do not fire at people who threaten no life",
        "Please sign it.",
    ):
        assert words in one.text
    assert one.served.program.session.state == "none"


def test_from_nothing_to_a_saved_plan_and_back_into_it(visit: Visiting, folder: Path) -> None:
    one = visit()
    one.served.program.profile = STANDARD  # once with the real cost of a passphrase
    path = folder / "notes.dat"
    make_vault(one.page, path)
    expect(one.page.get_by_role("heading", level=1)).to_have_text("What has happened?")
    assert path.stat().st_size == 64 * 1024 * 1024
    answer_everything(one.page)
    expect(one.page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    press(one.page, "See what I can do")
    for words in ("Because:", "Risk:"):
        assert words in one.text
    press(one.page, "Compare: decide later, stay, resign, join")
    assert "Decide later" in one.text
    one.page.go_back()
    press(one.page, "Make a plan of this")
    assert one.page.get_by_label("Keep the plan only").is_checked()
    press(one.page, "Go on")
    assert "Your plan is kept. Your answers are discarded." in one.text
    items = one.page.locator("main ul.list > li > a").all_inner_texts()
    assert 1 <= len(items) <= 12
    press(one.page, "Lock")
    one.page.get_by_label("Passphrase").fill("not this one at all")
    press(one.page, "Open")
    assert "Nothing opened. Check keyboard language and Caps Lock." in one.text
    one.page.get_by_label("Passphrase").fill(PHRASE)
    press(one.page, "Open")
    press(one.page, "Plan")
    assert one.page.locator("main ul.list > li > a").all_inner_texts() == items


def test_a_plan_is_edited_ticked_dated_moved_and_undone(visit: Visiting) -> None:
    one = visit()
    page = one.page
    press(page, "Look around; nothing is kept")
    press(page, "Plan")
    titles = page.locator("main ul.list > li > a").all_inner_texts()
    follow(page, page.locator("main ul.list > li > a").nth(2))
    page.get_by_label("Your note").fill("First line\nsecond <b>line</b>")
    press(page, "Save the note")
    assert page.get_by_label("Your note").input_value() == "First line\nsecond <b>line</b>"
    page.get_by_label("Day").fill("2030-05-09")
    press(page, "Save the day")
    assert "2030-05-09" in one.text
    follow(page, page.locator("#tick button"))
    assert "Not done after all" in one.text
    press(page, "Up")
    moved = page.locator("main ul.list > li > a").all_inner_texts()
    assert moved == [titles[0], titles[2], titles[1], *titles[3:]]
    follow(page, page.locator("main ul.list > li > a").nth(1))
    press(page, "Take it out of the plan")
    assert titles[2] not in page.locator("main ul.list > li > a").all_inner_texts()
    press(page, "Undo: put it back")
    assert page.locator("main ul.list > li > a").all_inner_texts() == moved
    assert "second <b>line</b>" in one.text


def test_what_cannot_be_taken_back_is_asked_again_after_a_night(visit: Visiting) -> None:
    one = visit()
    page = one.page
    press(page, "Look around; nothing is kept")
    one.go("/guide/strike-or-sit-in")
    press(page, "Put it into my plan")
    follow(page, page.locator("#tick button"))
    assert "It is asked again after a night." in one.text
    one.served.clock.seconds += 4 * 60
    one.go("/plan/strike-or-sit-in")
    for _ in range(7 * 60):  # a night, in steps shorter than the idle lock
        one.served.clock.seconds += 200
        one.served.program.session.touch()
    one.go("/plan/strike-or-sit-in")
    follow(page, page.locator("#tick button"))
    assert "Not done after all" in one.text


def test_leaving_is_quick_shows_nothing_and_going_back_shows_locked(visit: Visiting) -> None:
    one = visit()
    press(one.page, "Look around; nothing is kept")
    press(one.page, "Plan")
    secret = one.page.locator("main ul.list > li > a").first.inner_text()
    press(one.page, "Leave this page")
    assert one.page.locator("a, button, input").count() == 0
    assert one.context.cookies() == []
    assert one.page.title() == "Notes"
    one.page.go_back()
    assert "Locked" in one.text
    assert secret not in one.text
    one.page.go_back()
    assert "Locked" in one.text


def test_the_idle_lock_shows_itself_and_saves_nothing_typed(visit: Visiting) -> None:
    one = visit()
    press(one.page, "Look around; nothing is kept")
    one.go("/plan/ask-in-writing")
    one.page.get_by_label("Your note").fill("typed, not saved")
    one.served.clock.seconds += 5 * 60 + 1
    time.sleep(0.2)
    assert one.served.program.session.vault is None
    press(one.page, "Save the note")
    assert "Locked after five minutes. This page was not saved; the rest is." in one.text


def test_everything_works_by_keyboard_alone(visit: Visiting, folder: Path) -> None:
    one = visit()
    page = one.page
    keys = page.keyboard
    keys.press("Tab")
    expect(page.get_by_role("button", name="Leave this page")).to_be_focused()
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    keys.press("Enter")
    keys.press("Tab")
    expect(page.get_by_role("button", name="Look around; nothing is kept")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What has happened?")
    one.go("/question/values")
    tab_to(page, 'input[name="answer"]')
    keys.press("Space")
    keys.press("Tab")
    keys.press("Space")
    assert page.locator("input:checked").count() == 2
    tab_to(page, 'button[value="next"]')
    keys.press("Enter")
    page.wait_for_url(re.compile("/question/limits"))
    tab_to(page, 'button[value="result"]')
    keys.press("Enter")
    page.wait_for_url(re.compile("/result"))
    one.go("/keep")
    tab_to(page, 'input[value="plan"]')
    keys.press("ArrowDown")
    assert page.locator('input[value="answers"]').is_checked()
    keys.press("Enter")
    page.wait_for_url(re.compile("/plan"))
    assert "Your plan and your answers are kept." in one.text


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}").and_(page.locator(":focus")).count():
            return
    pytest.fail(f"no way to {selector} by Tab")


def test_the_chord_leaves(visit: Visiting) -> None:
    one = visit()
    press(one.page, "Look around; nothing is kept")
    # As the system sends a chord; Playwright's own key press leaves out the letter that access keys go by.
    session = one.context.new_cdp_session(one.page)
    chord = {"modifiers": 1, "key": "l", "code": "KeyL", "unmodifiedText": "l", "windowsVirtualKeyCode": 76}
    one.page.bring_to_front()
    for _ in range(5):
        session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **chord})
        session.send("Input.dispatchKeyEvent", {"type": "char", "text": "l", **chord})
        # Keys sent to a window that is not drawn yet are dropped, as on a busy machine; a person presses again.
        with suppress(NothingCame):
            one.page.wait_for_url("**/leave", timeout=4000)
            break
    assert one.path == "/leave"
    assert one.served.program.session.vault is None


def test_someone_who_might_hurt_themselves_sees_care_first(visit: Visiting) -> None:
    one = visit()
    one.go("/question/state")
    one.page.get_by_label("I might hurt myself or someone").check()
    press(one.page, "Stop and see what I have")
    assert one.path == "/care"
    assert "Put the weapon away from you." in one.text


def test_a_launch_link_from_a_page_of_the_browser_itself_comes_in(visit: Visiting, folder: Path) -> None:
    one = visit(enter=False)
    first = folder / "notes.html"
    first.write_text(f'<!doctype html><meta http-equiv="refresh" content="0;url={one.served.launch()}">')
    one.page.goto(first.as_uri())
    one.page.wait_for_url(one.served.address + "/")
    assert "Before you begin" in one.text
    press(one.page, "Look around; nothing is kept")
    assert "What has happened?" in one.text


def test_answers_given_before_a_vault_is_made_can_still_be_kept(visit: Visiting, folder: Path) -> None:
    one = visit()
    answer_everything(one.page)
    press(one.page, "See what I can do")
    press(one.page, "Make a plan of this")
    make_vault(one.page, folder / "notes.dat")
    expect(one.page.get_by_role("heading", level=1)).to_have_text("What shall be kept?")
    press(one.page, "Go on")
    assert "Your plan is kept. Your answers are discarded." in one.text


def test_a_spoken_order_becomes_a_letter_in_two_languages_by_keyboard_alone(visit: Visiting) -> None:
    one = visit(width=320)
    page = one.page
    press(page, "Look around; nothing is kept")

    def reach(name: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            focused = page.locator(":focus")
            if focused.count() and focused.inner_text() == name:
                return
        raise AssertionError(f"the keyboard does not reach {name}")

    reach("An order came")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("An order came")
    page.get_by_label("The exact words").focus()
    page.keyboard.type("Open fire if they stay.")
    page.keyboard.press("Tab")
    page.keyboard.type("Major K.")
    reach("Save")
    page.keyboard.press("Enter")
    # The first is made up, for looking around.
    expect(page.get_by_role("heading", level=1)).to_have_text("Order 2")
    reach("See what can be checked and asked")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What can be checked and asked")
    assert "This is no verdict and no legal advice." in one.text
    reach("Write a letter about it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Which letter?")
    page.get_by_label("A second language beside it, for reading").select_option("be")
    reach("Go on")
    page.keyboard.press("Enter")
    assert page.get_by_label("Who gave the order").input_value() == "Major K."
    reach("Read the letter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Before you hand it in")
    assert "state no refusal" in one.text
    assert page.locator("main pre").count() == 2
    with page.expect_download() as saved:
        named(page, "As PDF, to print").first.click()
    assert saved.value.suggested_filename == "notes.pdf"
    assert saved.value.path().read_bytes().startswith(b"%PDF")


def test_what_can_be_said_aloud_stands_beside_the_letter_on_a_laptop_and_below_it_on_a_phone(
    visit: Visiting,
) -> None:
    for width, beside in ((1024, True), (390, False)):
        one = visit(width=width)
        press(one.page, "Look around; nothing is kept")
        one.go("/letters")
        press(one.page, "Request for a written, signed order")
        one.page.wait_for_url(re.compile(r"/letters/[0-9a-f]+$"))
        letter = one.page.locator("pre").first.bounding_box()
        script = one.page.get_by_role("heading", name="Said aloud instead, or with it").bounding_box()
        assert letter is not None
        assert script is not None
        assert (script["x"] > letter["x"] + letter["width"]) is beside
        assert (script["y"] < letter["y"] + 60) is beside
        assert one.overflow <= 0


def test_looking_around_shows_an_order_its_review_its_letter_and_what_is_due(visit: Visiting) -> None:
    one = visit()
    press(one.page, "Look around; nothing is kept")
    assert "Request for a written, signed order" in one.page.locator("main").inner_text(), "it is due"
    press(one.page, "Orders")
    follow(one.page, one.page.get_by_role("link", name=re.compile("Order 1")))
    assert "(Made up.)" in one.text
    press(one.page, "See what can be checked and asked")
    for words in ("Hiding who acts", "Journalists and observers", "You can ask"):
        assert words in one.text
    assert "You are looking around. What you see is made up" in one.text


def test_a_plan_starts_its_action(visit: Visiting) -> None:
    one = visit()
    press(one.page, "Look around; nothing is kept")
    press(one.page, "Plan")
    press(one.page, "Start: Ask for it in writing")
    assert one.page.get_by_label("Request for a written, signed order").is_checked()
    press(one.page, "Go on")
    assert "(Made up.)" in one.page.get_by_label("The order's exact words").input_value()
