"""The servers that stores need, one of each for a whole run."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from simulators.servers import KEY, SECRET, bucket_server, postgres, postgres_programs


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """The address of a PostgreSQL server; each test takes a schema of its own."""
    programs = postgres_programs()
    if programs is None:
        assert not os.environ.get("CI"), "PostgreSQL must be there in CI"
        pytest.skip("PostgreSQL is missing: install the system's `postgresql` to run these tests.")
    with postgres(programs) as address:
        yield address


@pytest.fixture(scope="session")
def bucket() -> Iterator[str]:
    """The address of a bucket; its server's is in the environment, as a host would put it there."""
    words = {
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
    }
    with bucket_server() as address, pytest.MonkeyPatch.context() as patched:
        for name, value in {**words, "AWS_ENDPOINT_URL": address}.items():
            patched.setenv(name, value)
        yield "s3://large"
