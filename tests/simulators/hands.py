"""A person with a keyboard and nothing else, at any browser: what they press is counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

#: Seconds for one key of someone who seldom types, and for making up one's mind: the keystroke-level model of Card,
#: Moran and Newell (1983), its times for "random letters" and for mental preparation.
KEY_SECONDS = 0.5
MIND_SECONDS = 1.35
#: Seconds to look at a page before anything is done: a guess, on the slow side.
LOOK_SECONDS = 8.0
MOST_TABS = 150


@dataclass(frozen=True)
class Focus:
    """What has the keyboard: its id, its words, where it leads."""

    field: str
    text: str
    link: str


class Keyboard(Protocol):
    """What a browser lets a keyboard do."""

    def press(self, key: str) -> None: ...
    def type(self, text: str) -> None: ...
    def leave_by_enter(self) -> None: ...
    def focus(self) -> Focus: ...
    def heading(self) -> str: ...


@dataclass
class Hands:
    """Hands on a keyboard.

    Attributes:
        keyboard: Of a browser.
        keys: Keys pressed so far.
        choices: Times a person had to make up their mind.
        pages: Headings of the pages they came to.
    """

    keyboard: Keyboard
    keys: int = 0
    choices: int = 0
    pages: list[str] = field(default_factory=list)

    def to(self, *, field: str = "", text: str = "", link: str = "") -> None:
        """Press Tab until the keyboard is on what is looked for."""
        self.choices += 1
        for _ in range(MOST_TABS):
            now = self.keyboard.focus()
            if (
                (field and now.field == field)
                or (text and now.text == text)
                or (link and now.link.endswith(link))
            ):
                return
            self.keyboard.press("Tab")
            self.keys += 1
        raise AssertionError(f"no Tab leads to {field or text or link}")

    def write(self, field: str, text: str) -> None:
        """Write into a field."""
        self.to(field=field)
        self.keyboard.type(text)
        self.keys += len(text)

    def choose(self, field: str, words: str) -> None:
        """Choose in a list by typing how the choice begins."""
        self.write(field, words)

    def go(self, *, text: str = "", link: str = "") -> None:
        """Go to a link or a button and press Enter; another page comes."""
        self.to(text=text, link=link)
        self.keyboard.leave_by_enter()
        self.keys += 1
        self.pages.append(self.keyboard.heading())

    @property
    def seconds(self) -> float:
        """How long somebody needs who seldom types, by the model above."""
        return self.keys * KEY_SECONDS + self.choices * MIND_SECONDS + (len(self.pages) + 1) * LOOK_SECONDS


ORDER = "Завтра к шести площадь должна быть пустой. Останутся: применяйте оружие."


def from_an_order_to_a_letter(hands: Hands) -> None:
    """Record an order as a sergeant heard it, review it, and stand before the letter; journey J1."""
    hands.go(text="An order came")
    hands.write("words", ORDER)
    hands.write("giver-name", "Major K.")
    hands.write("heard", "2030-05-01 07:40")
    hands.choose("channel", "spoken")
    hands.go(text="Save")
    hands.go(link="/orders/1/review")
    hands.choose("country", "Bel")
    hands.go(text="Keep this and look again")
    hands.go(text="Write a letter about it")
    hands.choose("second", "Rus")
    hands.go(text="Go on")
    hands.write("from", "Sergeant B.")
    hands.go(text="Read the letter")
    hands.to(link="/notes.pdf")
