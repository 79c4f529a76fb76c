"""Reads a page as a person or a screen reader would: texts, links, forms, and what is not ours to show."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"meta", "link", "input", "br", "img", "hr"})
_WRAPPED = re.compile("\u202e\\[[^\u202e\u202c]*\\]\u202c")


@dataclass
class Form:
    """A form: where it leads and what it asks."""

    action: str
    method: str
    names: list[str] = field(default_factory=list)


class Reading(HTMLParser):
    """One page. `ours` holds the texts whose words are the program's own: not a pack's, a name, or the person's."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.ours: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.headings: list[int] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        foreign = (tag != "html" and "lang" in found) or found.get("dir") == "auto" or tag == "bdi"
        if tag not in _VOID:
            self._open.append((tag, foreign))
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag == "form":
            self.forms.append(Form(found.get("action", ""), found.get("method", "get")))
        if tag in {"input", "button", "select", "textarea"} and self.forms and "name" in found:
            self.forms[-1].names.append(found["name"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        for name in ("aria-label", "placeholder", "alt", "title"):
            if name in found:
                self.ours.append(found[name])

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(foreign for _, foreign in self._open):
            self.ours.append(data.strip())


def untranslated(text: str) -> str:
    """Return what is left of a text once every wrapped sentence is taken out."""
    while True:
        shorter = _WRAPPED.sub("", text)
        if shorter == text:
            return text
        text = shorter
