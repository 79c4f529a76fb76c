"""An account as it is kept and handed on: canonical JSON that a program reads, and a text that people read.

The form of the JSON is docs/formats/accounts.md. Its numbers of evidence are hashes: a number would tell how much there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from holdfire.evidence.accounts.account import REVIEW, Account, Row, fits, plain, refer
from holdfire.evidence.accounts.form import MOST_IN_ROW, MOST_ROWS, UNKNOWN, Field
from holdfire.evidence.accounts.forms import FORMS
from holdfire.evidence.canonical import canonical, parse
from holdfire.language import ENGLISH, Language, mark

FORMAT: Final = "holdfire-account"
VERSION: Final = 1
MOST_BYTES: Final = 1 << 20
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_REVIEW_WORDS: Final = {
    "reviewer": mark("Reviewed by"),
    "role": mark("Who is"),
    "on": mark("On"),
    "checked": mark("What they checked"),
}


@dataclass(frozen=True)
class Written:
    """An account that was written down for good.

    Attributes:
        kind: A key of `FORMS`.
        made: The day, YYYY-MM-DD.
        corrects: SHA-256 of the account it corrects; "" for none.
        fields: Every field of the form: a text, rows, hashes of evidence; "unknown" where nothing is known.
        review: Of an accountability record.
    """

    kind: str
    made: str
    corrects: str
    fields: Mapping[str, Any]
    review: Mapping[str, str] | None


def write_account(
    account: Account, made: str, names: Mapping[tuple[str, int], str], corrects: str = ""
) -> bytes:
    """Return the canonical JSON of an account.

    Args:
        account: One with no obstacles.
        made: The day, YYYY-MM-DD.
        names: What stands for each of `account.references()`: the SHA-256 of evidence, words for an order.
        corrects: SHA-256 of the account it corrects.
    """
    called = {
        (what, number): f"evidence with SHA-256 {name}" if what == "evidence" else name
        for (what, number), name in names.items()
    }
    fields: dict[str, Any] = {}
    for one in account.form.fields():
        if one.shape == "rows":
            fields[one.id] = [_row(one, row, called) for row in account.rows(one.id)] or UNKNOWN
        elif one.shape == "evidence":
            fields[one.id] = [names["evidence", number] for number in account.numbers(one.id)] or UNKNOWN
        else:
            fields[one.id] = refer(account.text(one.id), called) or UNKNOWN
    document: dict[str, Any] = {
        "format": FORMAT, "version": VERSION, "kind": account.kind, "made": made, "corrects": corrects or UNKNOWN,
        "fields": fields,
    }  # fmt: skip
    if account.kind == "accountability":
        review = account.review
        document["alleged"] = True
        document["review"] = {name: getattr(review, name) for name in REVIEW} if review else UNKNOWN
    return canonical(document)


def _row(one: Field, row: Row, called: Mapping[tuple[str, int], str]) -> dict[str, str]:
    return {column.id: refer(row.get(column.id, ""), called) or UNKNOWN for column in one.columns}


def read_written(untrusted_bytes: bytes) -> Written:
    """Return the account in canonical JSON; ValueError for anything `write_account` does not write."""
    document = parse(untrusted_bytes, MOST_BYTES)
    if (
        not isinstance(document, dict)
        or document.get("format") != FORMAT
        or document.get("version") != VERSION
    ):
        raise ValueError("no account of this version")
    kind = document.get("kind")
    form = FORMS.get(kind) if isinstance(kind, str) else None
    if form is None:
        raise ValueError("no kind of account")
    alleged = form.kind == "accountability"
    if set(document) != {"format", "version", "kind", "made", "corrects", "fields"} | (
        {"alleged", "review"} if alleged else set()
    ):
        raise ValueError("other members")
    made, corrects, fields = document["made"], document["corrects"], document["fields"]
    if not (isinstance(made, str) and _DAY.fullmatch(made)):
        raise ValueError("no day")
    if not (isinstance(corrects, str) and (corrects == UNKNOWN or _HASH.fullmatch(corrects))):
        raise ValueError("no hash")
    if not isinstance(fields, dict) or set(fields) != {one.id for one in form.fields()}:
        raise ValueError("other fields")
    for one in form.fields():
        _judge(one, fields[one.id])
    review = document.get("review")
    if alleged:
        _judge_review(review, alleged=document["alleged"])
    said = {name: str(text) for name, text in review.items()} if isinstance(review, dict) else None
    return Written(form.kind, made, "" if corrects == UNKNOWN else corrects, fields, said)


def _judge(one: Field, value: object) -> None:
    if value == UNKNOWN:
        return
    if one.shape == "evidence":
        good = (
            isinstance(value, list)
            and bool(value)
            and all(isinstance(each, str) and _HASH.fullmatch(each) for each in value)
        )
    elif one.shape == "rows":
        good = isinstance(value, list) and 0 < len(value) <= MOST_ROWS
        for row in value if isinstance(value, list) else []:
            good = good and isinstance(row, dict) and set(row) == {column.id for column in one.columns}
            for column in one.columns if good else ():
                _judge_text(column, row[column.id], MOST_IN_ROW + _MORE)
    else:
        _judge_text(one, value, one.most() + _MORE)
        return
    if not good:
        raise ValueError("no such value")


#: A hash is longer than the number that was typed.
_MORE: Final = 4_000


def _judge_text(one: Field, value: object, most: int) -> None:
    if value == UNKNOWN:
        return
    if not isinstance(value, str) or not value or len(value) > most:
        raise ValueError("no such text")
    if one.shape in {"choice", "moment"} and not fits(one, value):
        raise ValueError("no such value")


def _judge_review(review: object, *, alleged: object) -> None:
    if alleged is not True:
        raise ValueError("not said to be alleged")
    if not isinstance(review, dict) or set(review) != set(REVIEW):
        raise ValueError("no review")
    if not all(isinstance(text, str) and text for text in review.values()):
        raise ValueError("no review")


def as_text(written: Written, language: Language = ENGLISH) -> str:
    """Return an account as people read it; in a record of official conduct every statement says that it is alleged."""
    return "\n".join(_lines(written, language)) + "\n"


def draft_text(account: Account, language: Language = ENGLISH) -> str:
    """Return a draft as people read it, for the second person: as it will read, with its own numbers of evidence."""
    fields: dict[str, Any] = {one.id: UNKNOWN for one in account.form.fields()} | plain(account.values)
    for one in account.form.fields():
        if one.shape == "rows" and isinstance(fields[one.id], list):
            fields[one.id] = [
                {column.id: row.get(column.id, UNKNOWN) for column in one.columns} for row in fields[one.id]
            ]
    return as_text(Written(account.kind, "", "", fields, None), language)


def _lines(written: Written, language: Language) -> Iterator[str]:
    say = language.say
    form = FORMS[written.kind]
    alleged = written.kind == "accountability"
    yield say(form.title).upper()
    if alleged:
        yield say(
            mark("Everything in this record is alleged. Nobody named here has been found to have done it.")
        )
        if written.fields["recipient_name"] != UNKNOWN:
            yield say(
                mark("Only for: {name}. It must not be published or passed on."),
                name=written.fields["recipient_name"],
            )
    if written.kind == "harm":
        yield say(mark("This is no medical finding."))
    if written.made:
        yield say(mark("Written down for good on {day}."), day=written.made)
    if written.corrects:
        yield say(mark("It corrects the account with SHA-256 {hash}."), hash=written.corrects)
    for part in form.parts:
        yield ""
        yield say(part.title).upper()
        for one in part.fields:
            yield from _told(one, written.fields[one.id], language, alleged=alleged)
    if written.review is not None:
        yield ""
        yield say(mark("Review by a second person")).upper()
        for name in REVIEW:
            yield f"{say(_REVIEW_WORDS[name])}: {written.review[name]}"


def _told(one: Field, value: Any, language: Language, *, alleged: bool) -> Iterator[str]:
    label = language.say(one.label)
    if alleged and one.id in {"name", "act", "effect"}:
        label = language.say(mark("{label} (alleged)"), label=label)
    if one.shape == "rows" and isinstance(value, list):
        yield f"{label}:"
        for number, row in enumerate(value, 1):
            yield f"  {number}."
            for column in one.columns:
                yield f"    {language.say(column.label)}: {_said(column, row[column.id], language)}"
    else:
        yield f"{label}: {_said(one, value, language)}"


def _said(one: Field, value: Any, language: Language) -> str:
    if value == UNKNOWN:
        return language.say(mark("unknown"))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if one.shape == "choice":
        return language.say(one.choices[value])
    return str(value).replace("\n", "\n  ")
