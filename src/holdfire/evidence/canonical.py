"""Canonical JSON (RFC 8785): one spelling for each value, so that it can be hashed and signed."""

from __future__ import annotations

import json
from typing import TypeAlias

import rfc8785

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"


def canonical(value: Value) -> bytes:
    """Return the one spelling of `value`, in UTF-8.

    Raises:
        ValueError: It holds what JSON cannot: NaN, an integer beyond 2⁵³, half a surrogate pair.
    """
    return rfc8785.dumps(value)


def parse(untrusted_text: bytes, most: int) -> Value:
    """Return the value of which `untrusted_text` is the one spelling.

    Raises:
        ValueError: It is longer than `most` bytes, no JSON, has a name twice, or is spelt otherwise.
    """
    if len(untrusted_text) > most:
        raise ValueError("too long")
    try:
        value: Value = json.loads(untrusted_text.decode("utf-8"))
        # A name given twice, another order, blank space or another number format do not survive this.
        if canonical(value) != untrusted_text:
            raise ValueError("not canonical")
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value
