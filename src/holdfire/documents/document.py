"""What a file that was read is: its lines, where each stands, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import TracebackType
from typing import Literal, Self

from holdfire.language import ENGLISH, Language

Form = Literal["pdf", "docx", "html", "akn", "text"]
#: "article": the format itself says that an article, section or other numbered part begins here.
Role = Literal["text", "heading", "article"]


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, heading or table row as text: not empty, without line breaks, in the order of reading.

    Args:
        text: The words. Control characters and the marks that turn the direction of writing are not in it.
        page: Its page, from 1; None when the form has no pages.
        role: What the form says it is.
    """

    text: str
    page: int | None = None
    role: Role = "text"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing the reader must tell the person: what was left out, or could not be read.

    Args:
        sentence: A marked sentence with `{name}` places for `values`.
        values: What fills the places.
    """

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    def say(self, language: Language = ENGLISH) -> str:
        """Return the sentence in `language`."""
        return language.say(self.sentence, **self.values)


class Document:
    """A file that is being read.

    The lines stream: they come once, in bounded memory, and may end with a UserError when what is
    broken is found late. `notes` is complete when the lines have ended. Who does not read them to
    their end closes the document, best by `with`.

    Args:
        form: What the file is, by its content.
        lines: The lines, each given once.
        notes: Grows while the lines are read.
        title: The title the file gives itself; "" when unknown.
        language: A language tag the file gives itself (`ru`, `be-BY`); None when unknown.
        dated: The date of the text, only when the form states it; None when unknown.
        close: Ends what reads the file.
    """

    def __init__(
        self,
        form: Form,
        lines: Iterable[Line],
        notes: list[Note],
        *,
        title: str = "",
        language: str | None = None,
        dated: date | None = None,
        close: Callable[[], None] = lambda: None,
    ) -> None:
        self.form = form
        self.title = title
        self.language = language
        self.dated = dated
        self.notes = notes
        self._lines: Iterator[Line] | None = iter(lines)
        self._close = close

    def lines(self) -> Iterator[Line]:
        """Return the lines, once; UserError, also between two lines, when the rest cannot be read."""
        if self._lines is None:
            raise RuntimeError("the lines of a document are given once")
        lines, self._lines = self._lines, None
        return lines

    def close(self) -> None:
        """Stop reading, also in the middle; the stream stays open."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
