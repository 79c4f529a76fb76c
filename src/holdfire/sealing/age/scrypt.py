"""A passphrase as the only recipient: the receiver needs no key (specification, *The scrypt recipient type*).

What a passphrase seals also says that its sender knew it. So it stands alone in a header, in what we write and in what we
read.
"""

from __future__ import annotations

import os
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from holdfire.errors import StorageError, UserError
from holdfire.language import mark
from holdfire.sealing.age import base64
from holdfire.sealing.age.header import Stanza
from holdfire.sealing.age.refusals import HeaderError, bad_stanza
from holdfire.sealing.age.wrapping import argument, open_file_key, seal_file_key, stanzas_of
from holdfire.sealing.passphrase import MEBIBYTE, free_memory

if TYPE_CHECKING:
    from collections.abc import Sequence

KIND: Final = "scrypt"
#: What age writes too: 256 MiB, about a second.
WORK_FACTOR: Final = 18
#: The most a stranger's file may ask of us: 1 GiB. Each step doubles it.
MOST_WORK_FACTOR: Final = 20
_SALT_SIZE: Final = 16
_LABEL: Final = b"age-encryption.org/v1/scrypt"
_BLOCK: Final = 8
#: Left for everything else.
_MARGIN: Final = 16 * MEBIBYTE
_FACTOR: Final = re.compile(r"[1-9][0-9]*")


class Passphrase:
    """A passphrase, as recipient and as identity.

    Args:
        text: Not empty; every way Unicode has of writing it seals alike.
        work_factor: The binary logarithm of scrypt's N when sealing; less than 18 is for tests alone.

    Raises:
        UserError: It is empty.
    """

    kind = KIND

    def __init__(self, text: str, work_factor: int = WORK_FACTOR) -> None:
        if not text:
            raise UserError(mark("The passphrase is empty."), mark("Type the passphrase, then try again."))
        forms = (unicodedata.normalize("NFC", text), text)
        # "surrogatepass": a passphrase from a badly set terminal must give some key, not an error that shows it.
        self._words = tuple(dict.fromkeys(form.encode("utf-8", "surrogatepass") for form in forms))
        self._work_factor = work_factor

    def wrap(self, file_key: bytes) -> Stanza:
        """Return a stanza for `file_key` under a fresh salt."""
        salt = os.urandom(_SALT_SIZE)
        body = seal_file_key(_wrap_key(self._words[0], salt, self._work_factor), file_key)
        return Stanza((KIND, base64.encode(salt).decode("ascii"), str(self._work_factor)), body)

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key, or None where the passphrase is another.

        Raises:
            HeaderError: The stanza breaks the format, or asks for more work than `MOST_WORK_FACTOR`.
            StorageError: Less memory is free than the work needs.
        """
        for stanza in stanzas_of(KIND, stanzas, 2):
            salt, factor = argument(stanza, 1, _SALT_SIZE), _factor(stanza.arguments[2])
            for word in self._words:
                file_key = open_file_key(_wrap_key(word, salt, factor), stanza.body)
                if file_key is not None:
                    return file_key
        return None


def check_alone(stanzas: Sequence[Stanza]) -> None:
    """Return if no passphrase stands beside another stanza.

    Raises:
        HeaderError: One does.
    """
    if len(stanzas) > 1 and any(stanza.kind == KIND for stanza in stanzas):
        raise HeaderError(
            mark("This age file has a passphrase beside another key, which the format forbids.")
        )


def _factor(untrusted_text: str) -> int:
    """Return the work factor; at most two digits are ever turned into a number."""
    if not _FACTOR.fullmatch(untrusted_text):
        raise bad_stanza(KIND)
    if len(untrusted_text) > len(str(MOST_WORK_FACTOR)) or int(untrusted_text) > MOST_WORK_FACTOR:
        raise HeaderError(
            mark(
                "Trying a passphrase on this age file would take over {most} MiB of memory; that is refused."
            ),
            mark("Ask the sender to seal it again with a usual work factor, or to a key of yours."),
            most=_memory(MOST_WORK_FACTOR) // MEBIBYTE,
        )
    return int(untrusted_text)


def _memory(factor: int) -> int:
    """Return the bytes that scrypt fills."""
    return 128 * _BLOCK << factor


def _wrap_key(word: bytes, salt: bytes, factor: int) -> bytes:
    free, needs = free_memory(), _memory(factor) + _MARGIN
    if free is not None and free < needs:
        raise _too_little(needs)
    try:
        return Scrypt(salt=_LABEL + salt, length=32, n=1 << factor, r=_BLOCK, p=1).derive(word)
    except MemoryError:  # this process may take less than is free
        raise _too_little(needs) from None


def _too_little(needs: int) -> StorageError:
    return StorageError(
        mark("There is too little free memory to try the passphrase: {needs} MiB are needed."),
        mark("Close other programs, then try again."),
        needs=needs // MEBIBYTE,
    )
