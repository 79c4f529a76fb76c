"""Objects in an S3-compatible bucket. Imported only where a relay is opened with one (`holdfire[relay]`)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from holdfire.errors import StorageError, UserError
from holdfire.language import mark
from holdfire.relay.objects import OURS, MissingObjectError

#: A bucket that does not answer must not hold up a group for longer.
_PATIENCE: Final = timedelta(seconds=20)


class BucketObjects:
    """Objects of one relay in a bucket, below a folder with the mark of its database.

    Keys, region and address come from the usual AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL.

    Args:
        address: `s3://bucket` or `s3://bucket/folder`.
        relay: The mark of the database, so that relays can share a bucket.

    Raises:
        UserError: The bucket is missing, cannot be reached, or the keys are missing or do not open it.
    """

    def __init__(self, address: str, relay: bytes) -> None:
        if "AWS_ACCESS_KEY_ID" not in os.environ:
            # The library would look for keys at an address of the network.
            raise UserError(
                mark("There are no keys for the bucket."),
                mark("Put them into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."),
            )
        parts = urlsplit(address)
        self._below = "/".join(one for one in (parts.path.strip("/"), relay.hex()) if one) + "/"
        self._store = S3Store(
            parts.netloc,
            client_options={
                "allow_http": os.environ.get("AWS_ALLOW_HTTP") == "true",
                "timeout": _PATIENCE,
                "connect_timeout": _PATIENCE / 4,
            },
            retry_config={"max_retries": 3, "retry_timeout": _PATIENCE},
        )
        try:
            for _ in obstore.list(self._store, self._below, chunk_size=1):
                break
        except (BaseError, OSError) as error:
            raise _refusal(error) from error

    def put(self, name: str, content: bytes) -> None:
        """Keep `content`; it is durable when this returns."""
        try:
            obstore.put(self._store, self._below + name, content, use_multipart=False)
        except (BaseError, OSError) as error:
            raise _unanswered() from error

    def get(self, name: str) -> bytes:
        """Return what stands under a name.

        Raises:
            MissingObjectError: There is nothing.
        """
        try:
            return bytes(obstore.get(self._store, self._below + name).bytes())
        except (NotFoundError, FileNotFoundError) as error:
            raise MissingObjectError(name) from error
        except (BaseError, OSError) as error:
            raise _unanswered() from error

    def remove(self, name: str) -> None:
        """Remove what stands under a name, if anything does."""
        try:
            obstore.delete(self._store, self._below + name)
        except (NotFoundError, FileNotFoundError):
            return
        except (BaseError, OSError) as error:
            raise _unanswered() from error

    def names(self) -> Iterator[str]:
        """Yield every name that is a relay's."""
        try:
            for found in obstore.list(self._store, self._below):
                names = (one["path"].removeprefix(self._below) for one in found)
                yield from (name for name in names if OURS.fullmatch(name))
        except (BaseError, OSError) as error:
            raise _unanswered() from error


def _refusal(error: Exception) -> UserError:
    """Return what a host can mend; a server says it in S3's own codes, which the library does not always read."""
    said = str(error)
    if isinstance(error, (PermissionDeniedError, UnauthenticatedError)) or "403 Forbidden" in said:
        return UserError(
            mark("The bucket does not open with these keys."),
            mark("Look at AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and what they may do."),
        )
    if isinstance(error, (NotFoundError, FileNotFoundError)) or "NoSuchBucket" in said:
        return UserError(mark("There is no such bucket."), mark("Make the bucket first, or mend its name."))
    return UserError(
        mark("The bucket cannot be reached."),
        mark("Look at AWS_ENDPOINT_URL and AWS_REGION; an address without TLS needs AWS_ALLOW_HTTP=true."),
    )


def _unanswered() -> StorageError:
    return StorageError(
        mark("The relay's bucket does not answer."),
        mark("Look whether it can be reached, and whether it is full."),
    )
