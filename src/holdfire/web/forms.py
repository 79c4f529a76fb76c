"""What a person sent with a form: read strictly with the standard library, bounded, text only."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from holdfire.errors import UserError
from holdfire.language import mark

#: No page of ours has more fields than this; the guard bounds the bytes.
MOST_FIELDS = 400


class Form:
    """The fields of one post, in the order they were sent.

    Args:
        pairs: Names and values, each still as the browser sent them.
    """

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def one(self, name: str, otherwise: str = "") -> str:
        """Return the last value of `name` without spaces around it, or `otherwise`."""
        return next((value for key, value in reversed(self._pairs) if key == name), otherwise).strip()

    def secret(self, name: str) -> str:
        """Return the last value of `name` exactly as typed: a passphrase may begin with a space."""
        return next((value for key, value in reversed(self._pairs) if key == name), "")

    def several(self, name: str) -> tuple[str, ...]:
        """Return every value of `name`, in order."""
        return tuple(value for key, value in self._pairs if key == name)

    def number(self, name: str, least: int, most: int) -> int | None:
        """Return `name` as a whole number within bounds, or None."""
        text = self.one(name)
        # Digits of other scripts count as digits to Python; only 0 to 9 are meant here.
        if not (text.isascii() and text.isdigit() and len(text) <= 9):  # noqa: PLR2004
            return None
        number = int(text)
        return number if least <= number <= most else None


async def read_form(request: Request) -> Form:
    """Return the fields of a post; UserError when they cannot be read as text."""
    try:
        pairs = parse_qsl(
            (await request.body()).decode("ascii"),
            keep_blank_values=True,
            strict_parsing=False,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as fault:
        raise UserError(mark("This form could not be read."), mark("Go back and send it again.")) from fault
    return Form([(name, value.replace("\r\n", "\n").replace("\x00", "")) for name, value in pairs])
