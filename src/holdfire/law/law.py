"""The whole law, put together from packs: ids are unique, references resolve, no letter cites what nobody read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from holdfire.errors import ContentError
from holdfire.law.deadlines import Deadline, parse_deadlines
from holdfire.law.forums import Forum, parse_forums
from holdfire.law.oaths import Oath, parse_oaths
from holdfire.law.provisions import Provision, parse_provisions
from holdfire.pack.folder import Pack
from holdfire.pack.reader import Node, read

#: What reaches everybody, whatever the country.
EVERYWHERE: Final = "international"

T = TypeVar("T", Provision, Forum, Oath, Deadline)


@dataclass(frozen=True)
class Law:
    """Everything the packs say of the law, each kind by its id, in the packs' order.

    `tags` are the words a provision can be found by, each with what it means; `belongs` names, for each
    country, the jurisdictions that reach it.
    """

    provisions: Mapping[str, Provision]
    forums: Mapping[str, Forum]
    oaths: Mapping[str, Oath]
    deadlines: Mapping[str, Deadline]
    tags: Mapping[str, str]
    belongs: Mapping[str, frozenset[str]]

    def reaching(self, country: str | None) -> frozenset[str]:
        """Return the jurisdictions that reach a country; for an unknown one, only what is international."""
        return self.belongs.get(country or "", frozenset({EVERYWHERE}))


def build_law(packs: Iterable[Pack]) -> Law:
    """Return the law of all these packs.

    Raises:
        ContentError: With file and line, for the first thing that breaks a rule or leads nowhere.
    """
    packs = tuple(packs)
    pages = tuple(
        Page(pack, where, node) for pack in packs for where in PLACES for node in _nodes(pack, where)
    )
    law = Law(
        provisions=_by_id(pages, "law/provisions", parse_provisions),
        forums=_by_id(pages, "law/forums.yaml", parse_forums),
        oaths=_by_id(pages, "law/oaths.yaml", parse_oaths),
        deadlines=_by_id(pages, "law/deadlines.yaml", parse_deadlines),
        tags=_tags(pages),
        belongs=_belongs(packs, pages),
    )
    for page in pages:
        _check_tags(page, law)
        _check_jurisdiction(page, law)
        _check_references(page, law)
    for pack in packs:
        _check_letters(pack, law)
    return law


#: Where a pack keeps its law: a folder, or one file.
PLACES: Final = (
    "law/tags.yaml", "law/country.yaml", "law/provisions", "law/forums.yaml", "law/oaths.yaml", "law/deadlines.yaml",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """One file of law, read once: the pack it is from, its place among `PLACES`, what it says."""

    pack: Pack
    where: str
    node: Node


def _nodes(pack: Pack, where: str) -> Iterator[Node]:
    if not where.endswith(".yaml"):
        yield from pack.nodes(where)
    elif where in pack.files:
        yield pack.node(where)


def _by_id(pages: Iterable[Page], where: str, parse: Callable[[Node], tuple[T, ...]]) -> dict[str, T]:
    by_id: dict[str, T] = {}
    for page in pages:
        for one in parse(page.node) if page.where == where else ():
            if one.id in by_id:
                raise _place_of(page.node, one.id).refuse(f"the id {one.id!r} stands twice under {where}")
            by_id[one.id] = one
    return by_id


def _place_of(node: Node, identifier: str) -> Node:
    """Return the last place in a file where an id is given, so that the line is right."""
    found = [inner for key, inner in node.walk() if key == "id" and inner.value == identifier]
    return found[-1] if found else node


def _tags(pages: Iterable[Page]) -> dict[str, str]:
    tags: dict[str, str] = {}
    for page in pages:
        for key, meaning in page.node.fields("tags")["tags"].pairs() if page.where == "law/tags.yaml" else ():
            if key in tags:
                raise meaning.refuse(f"the tag {key!r} is explained already")
            tags[key] = meaning.text()
    return tags


def _belongs(packs: Iterable[Pack], pages: Iterable[Page]) -> dict[str, frozenset[str]]:
    """Return, for each country with a pack, what reaches it: its own law, what it belongs to, what is everywhere."""
    found = {
        pack.manifest.country: {EVERYWHERE, pack.manifest.country} for pack in packs if pack.manifest.country
    }
    for page in pages:
        if page.where == "law/country.yaml":
            if page.pack.manifest.country is None:
                raise page.node.refuse("this pack has no country; country.yaml belongs in a country's pack")
            found[page.pack.manifest.country].update(
                page.node.fields("belongs_to")["belongs_to"].identifiers()
            )
    return {country: frozenset(reaching) for country, reaching in found.items()}


def _check_tags(page: Page, law: Law) -> None:
    """Refuse a tag that nobody explained: nothing would ever find the provision by it."""
    for key, inner in page.node.walk() if page.where == "law/provisions" else ():
        if key == "tags" and isinstance(inner.value, str) and inner.value not in law.tags:
            raise inner.refuse(f"the tag {inner.value!r} is not in law/tags.yaml")


def _check_jurisdiction(page: Page, law: Law) -> None:
    """Refuse a country's law outside that country's pack, and a comparator inside it."""
    if page.where in {"law/tags.yaml", "law/country.yaml"}:
        return
    own = page.pack.manifest.country
    for entry in _entries(page.node):
        known = dict(entry.pairs())
        where = known["jurisdiction"].text()
        comparator = "comparator" in known and known["comparator"].flag()
        if comparator and where in {own, EVERYWHERE}:
            raise known["comparator"].refuse("a comparator is another state's rule, not the reader's own")
        if comparator or where == own:
            continue
        if own is not None:
            raise known["jurisdiction"].refuse(f"a country's pack holds only its own law: {own!r}")
        if where in law.belongs:
            raise known["jurisdiction"].refuse(f"the law of {where!r} belongs in that country's pack")


def _entries(node: Node) -> Iterator[Node]:
    return (item for _, items in node.pairs() for item in items.items())


def _check_references(page: Page, law: Law) -> None:
    """Refuse an oath or a deadline that names a provision which does not exist."""
    for key, inner in page.node.walk() if page.where in {"law/oaths.yaml", "law/deadlines.yaml"} else ():
        if key == "provision" and isinstance(inner.value, str) and inner.value not in law.provisions:
            raise inner.refuse(f"there is no provision {inner.value!r}")


def _check_letters(pack: Pack, law: Law) -> None:
    """Refuse a letter that names a provision whose wording nobody read, or another state's rule."""
    for file in sorted(pack.files):
        if file.startswith("letters/") and file.endswith(".yaml"):
            for _, inner in read(pack.files[file], file).walk():
                named = law.provisions.get(inner.value) if isinstance(inner.value, str) else None
                if named is not None and not named.citable:
                    raise ContentError(
                        file, inner.line,
                        f"a letter cites only provisions whose wording was read; {named.id!r} is "
                        + ("another state's rule" if named.comparator else f"at level {named.level}"),
                    )  # fmt: skip
