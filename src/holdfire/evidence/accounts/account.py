"""An account as one person wrote it: what is known of each field, who reviewed it, what it corrects."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, TypeAlias

from holdfire.evidence.accounts.form import Field, Form
from holdfire.evidence.accounts.forms import FORMS
from holdfire.evidence.canonical import canonical
from holdfire.orders.moment import parse_moment

Row: TypeAlias = "Mapping[str, str]"
Value: TypeAlias = "str | tuple[Row, ...]"

REVIEW: Final = ("reviewer", "role", "on", "checked")
_REFERENCE: Final = re.compile(r"\b(evidence|order)\s+(\d{1,6})\b", re.IGNORECASE | re.ASCII)
_NUMBERS: Final = re.compile(r"\d{1,6}(\s*[,;]\s*\d{1,6}|\s+\d{1,6})*", re.ASCII)


@dataclass(frozen=True)
class Review:
    """What a second person checked.

    Attributes:
        reviewer: Their name or alias.
        role: What they are, such as lawyer.
        on: The day, YYYY-MM-DD.
        checked: What they checked, in their words.
        of: The fingerprint of what they read: a later change makes the review void.
    """

    reviewer: str
    role: str
    on: str
    checked: str
    of: str


@dataclass(frozen=True)
class Account:
    """An account.

    Attributes:
        kind: A key of `forms.FORMS`.
        values: What is known, by field; a field that is not there is unknown. Rows hold only what is known too.
        review: The second person's review; None when there is none. Only an accountability record has one.
    """

    kind: str
    values: Mapping[str, Value] = field(default_factory=dict)
    review: Review | None = None

    @property
    def form(self) -> Form:
        """What it asks."""
        return FORMS[self.kind]

    def text(self, name: str) -> str:
        """Return what is known of a field that is no list; "" when unknown."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""

    def rows(self, name: str) -> tuple[Row, ...]:
        """Return the rows of a list; none when unknown."""
        value = self.values.get(name, ())
        return value if isinstance(value, tuple) else ()

    def numbers(self, name: str) -> tuple[int, ...]:
        """Return the numbers of evidence in a field."""
        return tuple(dict.fromkeys(int(one) for one in re.findall(r"\d+", self.text(name), re.ASCII)))

    def unknown(self) -> tuple[str, ...]:
        """Return the ids of the fields nothing is known of, in order."""
        return tuple(one.id for one in self.form.fields() if not self.values.get(one.id))

    def fingerprint(self) -> str:
        """Return the SHA-256 of everything but the review, which says what a review was of."""
        return sha256(canonical({"kind": self.kind, "values": plain(self.values)})).hexdigest()

    def reviewed(self) -> bool:
        """Return whether a second person reviewed exactly this."""
        return self.review is not None and self.review.of == self.fingerprint()

    def references(self) -> tuple[tuple[str, int], ...]:
        """Return what it refers to in this vault: "evidence" or "order", and the number."""
        found: dict[tuple[str, int], None] = {}
        for one in self.form.fields():
            if one.shape == "evidence":
                found |= {("evidence", number): None for number in self.numbers(one.id)}
        for _, _, text in texts(self):
            found |= {(what.casefold(), int(number)): None for what, number in _REFERENCE.findall(text)}
        return tuple(found)


def texts(account: Account) -> tuple[tuple[Field, int, str], ...]:
    """Return every free text with its field and its row, from 1; 0 for a field that is no list."""
    found: list[tuple[Field, int, str]] = []
    for one in account.form.fields():
        if one.shape == "rows":
            for place, row in enumerate(account.rows(one.id), 1):
                found += [
                    (column, place, row[column.id])
                    for column in one.columns
                    if column.shape == "line" and column.id in row
                ]
        elif one.shape in {"line", "text"} and account.text(one.id):
            found.append((one, 0, account.text(one.id)))
    return tuple(found)


def refer(text: str, names: Mapping[tuple[str, int], str]) -> str:
    """Return a text in which “evidence 3” and “order 2” are called as `names` says, since numbers tell how many there are."""
    return _REFERENCE.sub(lambda found: names.get((found[1].casefold(), int(found[2])), found[0]), text)


def plain(values: Mapping[str, Value]) -> dict[str, Any]:
    """Return the values as plain maps, lists and texts."""
    return {
        name: value if isinstance(value, str) else [dict(row) for row in value]
        for name, value in values.items()
    }


def clean(text: str) -> str:
    """Return a text without signs that are not seen or turn it around, and without space around it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    # Zero-width joiners are needed by some scripts, but could part a word so that it is not found.
    return "".join(
        sign for sign in text if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co"}
    ).strip()


def fits(one: Field, text: str, most: int = 0) -> bool:
    """Return whether a text that is not empty, of at most `most` letters (0: as the field says), can stand in a field of this shape."""
    most = most or one.most()
    if one.shape == "choice":
        return text in one.choices
    if one.shape == "moment":
        return parse_moment(text) is not None
    if one.shape == "evidence":
        return len(text) <= most and _NUMBERS.fullmatch(text) is not None
    return len(text) <= most and (one.shape == "text" or "\n" not in text)


def encode_account(account: Account) -> dict[str, Any]:
    """Return the account as plain values for the vault."""
    review = dict(vars(account.review)) if account.review else None
    return {"kind": account.kind, "values": plain(account.values), "review": review}


def decode_account(values: Mapping[str, Any]) -> Account:
    """Return the account that `encode_account` made plain; a field that this version does not know is left out."""
    form = FORMS[values["kind"]]
    found: dict[str, Value] = {}
    for one in form.fields():
        value = values["values"].get(one.id)
        if isinstance(value, list):
            found[one.id] = tuple({str(key): str(text) for key, text in row.items()} for row in value)
        elif value:
            found[one.id] = str(value)
    review = values.get("review")
    return Account(form.kind, found, Review(**review) if review else None)
