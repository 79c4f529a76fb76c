"""Keep official texts the person has: import one, find words in all, forget one whole. Everything inside the vault."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import PurePath
from typing import BinaryIO, Final, cast

from holdfire.errors import UserError
from holdfire.journeys.law_here import load_instruments
from holdfire.language import mark
from holdfire.law.corpus.article import GOES_ON, Article
from holdfire.law.corpus.imported import (
    MOST_TITLE,
    NONE,
    ImportedText,
    Remark,
    Source,
    Stated,
    decode_text,
    encode_text,
    judge_language,
    judge_title,
)
from holdfire.law.corpus.pairing import Pairing, pair
from holdfire.law.corpus.split import split
from holdfire.law.corpus.versions import Comparison, compare
from holdfire.law.instruments import instrument_of
from holdfire.law.provisions import Provision
from holdfire.vault.passages import Passage
from holdfire.vault.records import JSON, Kind, Record
from holdfire.vault.snippets import Piece, snippet
from holdfire.vault.vault import Vault

Progress = Callable[[int, int], None]
_CHUNK: Final = 1 << 20
_AT_ONCE: Final = 100
#: Signs of a passage's heading in a list of hits.
_MOST_SHOWN: Final = 120


def _encode(text: ImportedText) -> JSON:
    return cast("JSON", encode_text(text))


def _decode(values: JSON) -> ImportedText:
    return decode_text(cast("Mapping[str, object]", values))


#: Its words are found through its passages, not here.
LAW_TEXT: Final = Kind("law-text", 1, _encode, _decode)


@dataclass(frozen=True)
class Hit:
    """An article in which the words were found: its text, its number there, and the piece around the words."""

    text: ImportedText
    article: int
    name: str
    heading: str
    page: int | None
    snippet: tuple[Piece, ...]


@dataclass(frozen=True)
class Wording:
    """What an imported text holds for a provision.

    Attributes:
        text: The text.
        pairing: Which articles, and who says so.
        names: Of these articles, as the text writes them.
        wording: All of them; "" where it is not decided or not there.
        comparison: Whether its version and ours can differ.
    """

    text: ImportedText
    pairing: Pairing
    names: tuple[str, ...]
    wording: str
    comparison: Comparison


def import_text(
    vault: Vault,
    stream: BinaryIO,
    name: str,
    stated: Stated,
    now: datetime,
    *,
    progress: Progress | None = None,
) -> tuple[Record[ImportedText], bool]:
    """Import a text, whole or not at all; return its record, and whether it had been there already.

    Args:
        vault: The open vault.
        stream: The file, seekable.
        name: What the file is called; its title when neither the person nor the file gives one.
        stated: What the person says of it; an instrument must be one of the packs'.
        now: When this happens; its day is the day of import.
        progress: Told how far reading is.

    Raises:
        UserError: The file cannot be read, holds no text, is too long, or the person named what there is not.
        FullError: The vault has no room; nothing of the text stays.
    """
    from holdfire.documents.read import read_document  # noqa: PLC0415 -- the readers load when a file is read

    judge_stated(stated)
    sha256 = _sha256(stream)
    for record in list_texts(vault):
        if record.value.sha256 == sha256:
            return record, True
    with read_document(stream, name, progress=progress) as document:
        articles = split(document.lines())
        if not articles:
            raise UserError(
                mark("There is no text in “{name}”."), mark("Choose another file."), name=PurePath(name).name
            )
        version, source = _version(stated, document.dated)
        text = ImportedText(
            number=0,
            title=judge_title(stated.title or "") or _title(document.title, articles, name),
            language=judge_language(stated.language) if stated.language else _language(document.language),
            instrument=stated.instrument or "",
            version=version,
            version_from=source,
            form=document.form,
            sha256=sha256,
            imported=now.date(),
            articles=len(articles),
            characters=sum(len(one.text) for one in articles),
            remarks=tuple(Remark(note.sentence, dict(note.values)) for note in document.notes),
        )
    with vault.transaction():
        number = 1 + max((record.value.number for record in list_texts(vault)), default=0)
        record = vault.records.add(LAW_TEXT, replace(text, number=number), now)
        vault.passages.add(record.id, map(_passage, articles))
    vault.passages.tidy()
    return record, False


def judge_stated(stated: Stated) -> None:
    """Raise UserError when the packs know no such instrument, or a title or a language cannot be one."""
    judge_title(stated.title or "")
    judge_language(stated.language or "")
    if stated.instrument and stated.instrument not in load_instruments():
        raise UserError(
            mark("There is no instrument {id} in the packs."),
            mark("`holdfire law list --what instruments` shows them; leave it out if yours is not there."),
            id=ascii(stated.instrument)[:60],
        )


def _sha256(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
    stream.seek(0)
    return digest.hexdigest()


def _version(stated: Stated, dated: date | None) -> tuple[date | None, Source]:
    if stated.version is not None:
        return stated.version, "person"
    return (dated, "file") if dated is not None else (None, "")


def _language(untrusted: str | None) -> str:
    """Return the language a file gives itself; "" for a tag that is none, since the person did not write it."""
    try:
        return judge_language(untrusted or "")
    except UserError:
        return ""


def _title(own: str, articles: Sequence[Article], name: str) -> str:
    first = articles[0].lines[0]
    title = own or (first if len(first) <= MOST_TITLE else "") or PurePath(name).stem
    return " ".join(title.split())[:MOST_TITLE]


def _passage(one: Article) -> Passage:
    return Passage(one.name, one.key, one.heading, one.text, one.page)


def list_texts(vault: Vault) -> tuple[Record[ImportedText], ...]:
    """Return the imported texts, by number."""
    return tuple(sorted(_all(vault), key=lambda record: record.value.number))


def _all(vault: Vault) -> Iterator[Record[ImportedText]]:
    for start in range(0, vault.records.count(LAW_TEXT), _AT_ONCE):
        yield from vault.records.all(LAW_TEXT, limit=_AT_ONCE, offset=start)


def find_text(vault: Vault, number: int) -> Record[ImportedText]:
    """Return an imported text; UserError when there is none under this number."""
    for record in _all(vault):
        if record.value.number == number:
            return record
    raise UserError(
        mark("There is no imported text {number} here."),
        mark("`holdfire law texts` and the page of your texts list those there are."),
        number=number,
    )


def correct_text(vault: Vault, number: int, stated: Stated, now: datetime) -> Record[ImportedText]:
    """Keep what the person says of a text now; what is None stays. Earlier versions of the description stay too.

    An instrument of "" means that it is none of the packs'. Another instrument drops what was said of articles.
    """
    judge_stated(stated)
    record = find_text(vault, number)
    before = record.value
    after = replace(
        before,
        title=judge_title(stated.title or "") or before.title,
        language=before.language if stated.language is None else judge_language(stated.language),
        instrument=before.instrument if stated.instrument is None else stated.instrument,
        version=stated.version or before.version,
        version_from="person" if stated.version else before.version_from,
    )
    if after.instrument != before.instrument:
        after = replace(after, pairs={})
    return record if after == before else vault.records.save(LAW_TEXT, record.id, after, now)


def forget_text(vault: Vault, number: int, *, progress: Progress | None = None) -> None:
    """Delete a text whole: its description in every version, its articles, and its words in the index."""
    record = find_text(vault, number)
    with vault.transaction():
        vault.passages.forget(record.id)
        vault.records.delete(LAW_TEXT, record.id)
    vault.passages.clear(progress)


def search_texts(vault: Vault, untrusted_words: str, limit: int = 20) -> tuple[tuple[Hit, ...], bool]:
    """Return the articles that have all the words, or words beginning so, and whether there are more."""
    found, more = vault.passages.search(untrusted_words, limit)
    texts = {record.id: record.value for record in _all(vault)} if found else {}
    hits = tuple(
        Hit(
            texts[one.record],
            one.number,
            one.passage.name,
            one.passage.heading[:_MOST_SHOWN],
            one.passage.page,
            snippet(one.passage.text, untrusted_words),
        )
        for one in found
        if one.record in texts
    )
    return hits, more


def list_articles(vault: Vault, number: int, start: int = 0, limit: int | None = None) -> tuple[Passage, ...]:
    """Return the pieces of a text in their order; UserError when there is none under this number."""
    record = find_text(vault, number)
    return vault.passages.read(record.id, start, record.value.articles if limit is None else limit)


def read_article(vault: Vault, number: int, article: int) -> tuple[Record[ImportedText], Passage]:
    """Return one article of a text, with the pieces it goes on in; UserError when there is none."""
    record = find_text(vault, number)
    if not 0 <= article < record.value.articles:
        raise UserError(
            mark("Text {number} has no piece {article}."),
            mark("Its pieces are counted from 1, in the order they stand."),
            number=number, article=article + 1,
        )  # fmt: skip
    return record, _whole(vault, record.id, article)


def _whole(vault: Vault, record: str, article: int) -> Passage:
    first, *others = vault.passages.read(record, article, _AT_ONCE)
    lines = [first.text]
    for one in others:
        if one.key != GOES_ON:
            break
        lines.append(one.text)
    return replace(first, text="\n".join(lines))


def say_pair(
    vault: Vault, number: int, provision: str, article: int | None, now: datetime
) -> Record[ImportedText]:
    """Keep which article of a text is a provision's wording, as the person says.

    Args:
        vault: The open vault.
        number: Of the text.
        provision: Its id; it must stand in the instrument that the text is.
        article: The article's number, from 0; `NONE` when none is; None to go by the number again.
        now: When this is said.

    Raises:
        UserError: The text is no copy of what the provision stands in, or has no such article.
    """
    record = find_text(vault, number)
    text = record.value
    instrument = load_instruments().get(text.instrument)
    if instrument is None or provision not in instrument.provisions:
        raise UserError(
            mark("Text {number} is not said to be what {id} stands in."),
            mark("Say first what the text is."),
            number=number, id=ascii(provision)[:60],
        )  # fmt: skip
    if article is not None and article != NONE:
        read_article(vault, number, article)
    pairs = {key: value for key, value in text.pairs.items() if key != provision}
    if article is not None:
        pairs[provision] = article
    return vault.records.save(LAW_TEXT, record.id, replace(text, pairs=pairs), now)


def wordings_of(vault: Vault, provision: Provision) -> tuple[Wording, ...]:
    """Return what the imported copies of a provision's instrument hold for it, the newest version first."""
    instrument = instrument_of(provision, load_instruments().values())
    if instrument is None:
        return ()
    copies = [record for record in list_texts(vault) if record.value.instrument == instrument.id]
    copies.sort(key=lambda record: record.value.version or date.min, reverse=True)
    return tuple(_wording(vault, record, provision) for record in copies)


def _wording(vault: Vault, record: Record[ImportedText], provision: Provision) -> Wording:
    text = record.value

    def find(key: str) -> tuple[int, ...]:
        return vault.passages.keyed(record.id, key)

    def lengths(articles: Sequence[int]) -> dict[int, int]:
        return {one: len(_whole(vault, record.id, one).text) for one in articles}

    pairing = pair(provision.article, text.pairs.get(provision.id), find, lengths)
    passages = [_whole(vault, record.id, one) for one in pairing.articles]
    return Wording(
        text,
        pairing,
        tuple(one.name for one in passages),
        "\n\n".join(one.text for one in passages),
        compare(provision, text.version),
    )
