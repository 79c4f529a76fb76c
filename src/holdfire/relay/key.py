"""The relay's own key: it signs the heads of boards and makes challenges; whoever has it can tell two readers two stories."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from holdfire.errors import StorageError
from holdfire.language import mark
from holdfire.sealing.noise import random_bytes
from holdfire.sealing.signature import SigningKey

NAME: Final = "relay.key"
_SIZE: Final = 32


def open_key(folder: Path) -> SigningKey:
    """Return the key that lies in `folder`, made at the first start, for its owner's eyes alone.

    Raises:
        StorageError: There is something else in its place.
    """
    path = folder / NAME
    with suppress(FileExistsError):
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "wb") as file:
            file.write(random_bytes(_SIZE))
            file.flush()
            os.fsync(file.fileno())
    seed = path.read_bytes()
    if len(seed) != _SIZE:
        raise StorageError(
            mark("The relay's key file is damaged."),
            mark("Put back your copy of {name}. Without it, desks must hand out new cards with the new key."),
            name=NAME,
        )
    return SigningKey(seed)
