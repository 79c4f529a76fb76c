"""The eight gates every action passes, and two bounds of time and will (writing rules §2).

A gate only ever moves an action farther away or adds a caution; none moves one nearer. That is why
raising a risk cannot raise a risky action, and why the order of the gates does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from holdfire.guide.conditions import Exposure, Facts
from holdfire.guide.questions import COUNTRY, OTHER_COUNTRY, Answers
from holdfire.guide.rules import STEP_NO_RETURN, STEP_OTHERS_LEARN, STEP_SEEN, Place, Rule
from holdfire.language import mark


@dataclass(frozen=True)
class Limit:
    """Why an action is no nearer than `place`, what would change that, and which answers decide it."""

    place: Place
    because: str
    change: str
    questions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Caution:
    """What to read before doing an action."""

    text: str


@dataclass(frozen=True)
class CountryNote:
    """What a country's pack says at a gate, and whether its wording was read."""

    text: str
    read: bool


@dataclass(frozen=True)
class Country:
    """The risk side of one country's law, by gate."""

    id: str
    name: str
    notes: Mapping[str, tuple[CountryNote, ...]]


Finding = Limit | Caution
Gate = Callable[[Facts, Rule, Country | None], Iterator[Finding]]


def exposure(answers: Answers) -> Exposure:
    """Return how exposed the person is: high, some, low, or unknown where an answer is missing."""
    suspicion, device = answers.get("suspicion"), answers.get("device")
    if (suspicion and suspicion & {"warned", "arrest"}) or (device and device & {"service", "watched"}):
        return "high"
    if suspicion is None or device is None:
        return "unknown"
    if suspicion & {"small"} or device & {"home"}:
        return "some"
    return "low"


def care(facts: Facts, rule: Rule, _: Country | None) -> Iterator[Finding]:
    """Gate 1: nobody decides the final things while hurt, worn out, or within one night."""
    if facts.says("state", "might-hurt"):
        yield Limit(
            "later",
            mark("You first. You said you might hurt yourself or someone. Read the care page now."),
            mark("When you are out of that danger, answer the questions again."),
            frozenset({"state"}),
        )
    if rule.step < STEP_NO_RETURN:
        return
    if facts.says("state", "tired"):
        yield Limit(
            "later",
            mark("You are too tired or upset for a step that cannot be taken back. Not today."),
            mark("Sleep and food first. Then answer the questions again."),
            frozenset({"state"}),
        )
    if not facts.says("moment", "danger"):
        yield Limit(
            "prepare",
            mark("This cannot be taken back. It is asked again after a night."),
            mark("Tomorrow, with a clear head, you can still want it."),
            frozenset({"moment"}),
        )
    elif facts.says("state", "clear", "frightened", "tired", "might-hurt") is None:
        yield Limit(
            "prepare",
            mark("This cannot be taken back. Find out how you are first."),
            mark("Answer how you are just now."),
            frozenset({"state"}),
        )


def exposed(facts: Facts, rule: Rule, _: Country | None) -> Iterator[Finding]:
    """Gate 3: who is watched does nothing that others or a server learn, but seeks counsel and protection."""
    decided = frozenset({"suspicion", "device"})
    if rule.heading == "exposed" or rule.step < STEP_OTHERS_LEARN:
        if facts.exposure == "high" and rule.step > 1:
            yield Caution(
                mark(
                    "You may be watched. This could confirm a suspicion. Counsel first, from another device."
                )
            )
        return
    if facts.exposure == "high" and "counsel" in rule.kinds:
        yield Limit(
            "prepare",
            mark("You may be watched. Seek this counsel only in person or from another device."),
            mark("Reach a device and a place nobody connects with you."),
            decided,
        )
    elif facts.exposure == "high":
        yield Limit(
            "later",
            mark("You may be watched or under suspicion. What others or a server can learn of waits."),
            mark("When nobody suspects you and only you can get at the device."),
            decided,
        )
    elif facts.exposure == "unknown":
        yield Limit(
            "prepare",
            mark("Find out whether anyone suspects you, and who can get at this computer."),
            mark("Answer the questions about suspicion and about this device."),
            decided,
        )
    elif facts.exposure == "some":
        yield Caution(
            mark(
                "There are small signs, or others at home use this device. Take one step at a time and wait between them."
            )
        )


def together(facts: Facts, rule: Rule, country: Country | None) -> Iterator[Finding]:
    """Gate 4: mutiny law and duties to report are read first; unknown counts as severe."""
    if "together" not in rule.kinds:
        return
    notes = country.notes.get("together", ()) if country else ()
    yield from (Caution(note.text) for note in notes)
    if not notes or not all(note.read for note in notes):
        yield Caution(
            mark(
                "Acting together may count as mutiny, and others may have a duty to report it. Unknown counts as severe."
            )
        )
        if rule.step >= STEP_NO_RETURN and not facts.says("trust", "lawyer"):
            yield Limit(
                "prepare",
                mark("Find out what your law says of refusing together. Until then count it as severe."),
                mark("A lawyer you have checked tells you what the law says."),
                frozenset({"country", "trust"}),
            )


def secrecy(facts: Facts, rule: Rule, country: Country | None) -> Iterator[Finding]:
    """Gate 5: unless no undertaking was signed: violations only, the minimum, a lawyer first."""
    if "informs" not in rule.kinds or facts.says("secrecy", "no"):
        return
    yield Caution(
        mark("Telling may be a crime. Evidence of violations only, as little as possible, a lawyer first.")
    )
    yield from (Caution(note.text) for note in (country.notes.get("secrecy", ()) if country else ()))
    if not facts.says("trust", "lawyer"):
        yield Limit(
            "prepare",
            mark("You signed a secrecy undertaking. Ask a lawyer you have checked first.")
            if facts.says("secrecy", "yes")
            else mark("Find out whether you signed a secrecy undertaking. Until then count it as signed."),
            mark("You have spoken with a lawyer you have checked, or you signed no undertaking."),
            frozenset({"secrecy", "trust"}),
        )


def war(facts: Facts, rule: Rule, country: Country | None) -> Iterator[Finding]:
    """Gate 6: where there is fighting: no force movements, no joining in uniform, no leaving without counsel."""
    at_war = facts.says("war", "yes")
    if at_war is False:
        return
    decided = frozenset({"war"})
    if rule.kinds & {"movements", "uniform"}:
        yield Limit(
            "not" if at_war else "prepare",
            mark("Where there is armed fighting this can help one side against another, or get you shot.")
            if at_war
            else mark("Find out whether there is armed fighting where you may be sent."),
            mark("There is no armed fighting where you may be sent."),
            decided,
        )
    if "leaving" in rule.kinds:
        yield from (Caution(note.text) for note in (country.notes.get("war", ()) if country else ()))
        if not facts.says("trust", "lawyer"):
            yield Limit(
                "prepare",
                mark(
                    "Penalties for leaving grow in war, and you have not ruled out armed fighting. Counsel first."
                ),
                mark("You have spoken with a lawyer you have checked, or there is no fighting."),
                decided | {"trust"},
            )


def others(facts: Facts, rule: Rule, _: Country | None) -> Iterator[Finding]:
    """Gate 7: whoever pays is asked first, where that can be done without danger."""
    if rule.step < STEP_OTHERS_LEARN:
        return
    someone = facts.says("others", "live-with", "relative", "subordinates")
    if someone is False:
        return
    if rule.step >= STEP_NO_RETURN:
        yield Limit(
            "prepare",
            mark(
                "Others may pay for this and have not agreed. Ask them first, where that can be done without danger."
            )
            if someone
            else mark("Find out who might pay for what you do."),
            mark("Those who might pay have been asked, or nobody else would pay."),
            frozenset({"others"}),
        )
    elif someone is None:
        yield Caution(mark("Think first who else might pay for this."))


def desk(facts: Facts, rule: Rule, _: Country | None) -> Iterator[Finding]:
    """Gate 8: nothing is sent before a desk has been checked."""
    if "sending" not in rule.kinds or facts.checked_desk or facts.says("trust", "lawyer"):
        return
    yield Limit(
        "prepare",
        mark("You have no desk, lawyer or group you have checked. Any contact may be bait."),
        mark("You have checked a desk, a lawyer or a group two different ways."),
        frozenset({"trust"}),
    )


#: What each answer to "What do you rule out for now?" rules out, as kinds of action.
_RULED_OUT: Final = {
    "leaving": "leaving",
    "speaking": "speaking",
    "together": "together",
    "sending": "sending",
}


def will(facts: Facts, rule: Rule, _: Country | None) -> Iterator[Finding]:
    """What the person rules out stays out."""
    for choice, kind in _RULED_OUT.items():
        if kind in rule.kinds and facts.says("limits", choice):
            yield Limit(
                "not",
                mark("You ruled this out for now."),
                mark("Change that answer, if you change your mind. Nobody will ask you to."),
                frozenset({"limits"}),
            )
    if "inside" in rule.kinds and facts.says("bond", "left"):
        yield Limit("not", mark("You have left. This is for those who still serve."),
                    mark("Nothing. See what helps from outside."), frozenset({"bond"}))  # fmt: skip
    if "outside" in rule.kinds and facts.says("bond", "left") is not True:
        yield Limit("later", mark("This is for after you have left the service."),
                    mark("You have left."), frozenset({"bond"}))  # fmt: skip


def feigning(_: Facts, rule: Rule, __: Country | None) -> Iterator[Finding]:
    """What feigns is explained and never recommended; its truthful alternatives take their own places."""
    if "feigns" in rule.kinds:
        yield Limit(
            "not",
            mark(
                "The pretence is explained, not recommended. A false word can be an offence, and can hurt people."
            ),
            mark("Nothing changes this. Read the truthful alternative."),
        )


def time(facts: Facts, rule: Rule, _: Country | None) -> Iterator[Finding]:
    """With hours left, what takes days is prepared and what takes weeks waits."""
    if facts.says("moment", "today", "danger") and rule.pace == "weeks":
        yield Limit("later", mark("There are only hours. This takes weeks."),
                    mark("When the hour has passed, come back to it."), frozenset({"moment"}))  # fmt: skip
    elif facts.says("moment", "today", "danger") and rule.pace == "days" and rule.heading != "exposed":
        yield Limit("prepare", mark("There are only hours. This takes days."),
                    mark("When the hour has passed, come back to it."), frozenset({"moment"}))  # fmt: skip
    elif facts.says("moment", "order-later") and rule.pace == "weeks":
        yield Limit("prepare", mark("An order is coming and this takes weeks. Begin quietly, or leave it."),
                    mark("When no order is near, there is more time."), frozenset({"moment"}))  # fmt: skip


def law(facts: Facts, rule: Rule, country: Country | None) -> Iterator[Finding]:
    """What the country's pack knows of orders and of leaving; without a pack, legal risk is said to be unknown."""
    if country is None:
        if rule.step >= STEP_SEEN and facts.says(COUNTRY, OTHER_COUNTRY):
            yield Caution(mark("No law pack for this country. Treat legal risk as unknown."))
        elif rule.step >= STEP_SEEN:
            yield Caution(mark("You have not said whose law binds you. Treat legal risk as unknown."))
        return
    for kind, gate in (("leaving", "leaving"), ("service", "orders")):
        if kind in rule.kinds:
            yield from (Caution(note.text) for note in country.notes.get(gate, ()))


GATES: Final[tuple[Gate, ...]] = (
    care, exposed, together, secrecy, war, others, desk, will, feigning, time, law,
)  # fmt: skip
