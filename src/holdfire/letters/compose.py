"""Compose a letter from a text, answers and provisions: pure, the same letter from the same answers."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Final

from holdfire.errors import UserError
from holdfire.language import mark
from holdfire.letters.answers import ADDED, Answers
from holdfire.letters.citing import PARAPHRASED_IN, Citable, Cited, judge_cited
from holdfire.letters.kinds import kind_called
from holdfire.letters.letter import Block, Facts, Items, Letter, Paragraph, Quote, Side
from holdfire.letters.texts import LetterText, Part, Words

MOST_SIDES: Final = 2
#: Who receives a letter writes this by hand.
_RECEIPT: Final = ("received-on", "incoming-number", "received-by")


def compose(
    texts: Sequence[tuple[LetterText, Words]],
    answers: Answers,
    provisions: Iterable[Citable] = (),
    ended: Container[str] = (),
) -> Letter:
    """Return the letter.

    Args:
        texts: Its text in the language it is handed in, and perhaps in a second one, each with its language's words.
        answers: What is known; the rest becomes blank lines.
        provisions: All that could be cited.
        ended: Ids of provisions that do not stand on the day that counts.

    Raises:
        UserError: A provision that no letter may cite; more than two languages, or the same one twice; two texts
            that do not have the same parts.
    """
    _judge_pair([text for text, _ in texts])
    text = texts[0][0]
    kind = kind_called(text.kind)
    used = tuple(part for part in text.parts if part.only is None or answers.knows(part.only))
    # Answers serve several letters: what one cites does not trouble another that cites nothing.
    cites = any(part.kind == "provisions" for part in used)
    cited = (
        judge_cited(answers.provisions, answers.wordings, provisions, ended, answers.copies) if cites else ()
    )
    shown = {part.answer for part in used} | {name for part in used for name, _ in part.labels}
    sides = tuple(
        _side(one, words, answers, cited, second=number > 0) for number, (one, words) in enumerate(texts)
    )
    checkers = [one.checked_by for one, _ in texts]
    return Letter(
        kind=kind.id,
        sides=sides,
        cited=tuple(one.provision.id for one in cited),
        copied=tuple(one.provision.id for one in cited if one.wording is not None),
        blanks=tuple(name for name in ("to", "from", "date", *sorted(shown - {""})) if not answers.knows(name)),
        added=tuple(name for name in ADDED if answers.knows(name)),
        states_refusal=answers.knows("refusal"),
        states_motive=answers.knows("motive") or kind.states_motive,
        checked_by=tuple(name for name in checkers if name) if all(checkers) else (),
        unread=tuple(one.language for one, _ in texts if not one.read_by),
        untranslated=tuple(
            one.provision.id
            for one in cited
            if any(words.language != PARAPHRASED_IN and one.provision.instrument not in words.instruments
                   for _, words in texts)
        ),
    )  # fmt: skip


def _judge_pair(texts: list[LetterText]) -> None:
    languages = [text.language for text in texts]
    if not 1 <= len(texts) <= MOST_SIDES or len(set(languages)) != len(languages):
        raise UserError(mark("A letter has one language, or two different ones side by side."),
                        mark("Name them as en or en,ru."))  # fmt: skip
    first, last = texts[0], texts[-1]
    if first.kind != last.kind or [part.shape() for part in first.parts] != [
        part.shape() for part in last.parts
    ]:
        raise UserError(
            mark("The forms of this letter in {first} and {last} have different parts and cannot stand side by side."),
            mark("Choose one language, or leave out the country."), first=first.language, last=last.language)  # fmt: skip


def _side(
    text: LetterText, words: Words, answers: Answers, cited: tuple[Cited, ...], *, second: bool
) -> Side:
    say, code = words.labels, text.language
    blocks: list[Block] = [
        Facts("head", "head", "", tuple((say[name], answers.text(name, code)) for name in ("to", "from")))
    ]
    for part in text.parts:
        if part.only is None or answers.knows(part.only):
            blocks += _block(part, words, answers, cited)
    blocks += [Paragraph(name, own, own=True) for name in ADDED if (own := answers.text(name, code))]
    if answers.knows("enclosures"):
        blocks.append(Items("enclosures", say["enclosures"], answers.lines("enclosures", code), 0))
    blocks.append(
        Facts("signing", "signing", "", ((say["date"], answers.text("date", code)), (say["signature"], None)))
    )
    blocks.append(Facts("receipt", "receipt", say["received"], tuple((say[name], None) for name in _RECEIPT)))
    checked = f"{say['lawyer']}: {text.checked_by}." if text.checked_by else say["no-lawyer"]
    return Side(
        code, words.right_to_left, say["translation"] if second else "", text.title, tuple(blocks), checked
    )


def _block(part: Part, words: Words, answers: Answers, cited: tuple[Cited, ...]) -> Iterator[Block]:
    code = words.language
    if part.kind == "text":
        yield Paragraph(part.id, part.text)
    elif part.kind == "own":
        own = answers.text(part.answer, code)
        # No label and nothing invented: room for the person's own sentences.
        yield Paragraph(part.id, own, own=True) if own else Quote(part.id, "", None)
    elif part.kind == "facts":
        rows = tuple((label, answers.text(name, code)) for name, label in part.labels)
        yield Facts(part.id, "facts", "", rows)
    elif part.kind == "quote":
        yield Quote(part.id, part.text, answers.text(part.answer, code))
    elif part.kind == "list":
        lines = answers.lines(part.answer, code)
        yield Items(part.id, part.text, lines, 0 if lines else part.blanks)
    else:
        yield Items(part.id, part.text, tuple(cite(one, words) for one in cited), 0 if cited else part.blanks)


def cite(cited: Cited, words: Words) -> str:
    """Return how a letter names a provision: the official wording the person holds, else its substance in our words.

    Our words are English; on a side in another language the provision is named without them.
    """
    one = cited.provision
    article = one.article
    translated = words.instruments.get(one.instrument)
    if translated:
        for english, own in sorted(words.articles, key=lambda pair: -len(pair[0])):
            article = re.sub(rf"(?<!\w){re.escape(english)}(?!\w)", own, article)
    name = f"{translated or one.instrument}, {article}"
    if cited.wording is not None:
        copy = f" ({cited.copy})" if cited.copy else ""
        return f"{name}. {words.labels['wording']}{copy}: «{cited.wording}»"
    if words.language == PARAPHRASED_IN:
        return f"{name}. {words.labels['substance']}: {one.paraphrase}"
    return f"{name}."
