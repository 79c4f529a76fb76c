"""What is stamped: salted, over the head, made again by a clerk."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from holdfire.evidence.custody.log import Log
from holdfire.evidence.stamps import statement

FORMAT = (Path(__file__).parents[3] / "docs/formats/stamps.md").read_text("utf-8")


def test_the_vector_of_the_format() -> None:
    made = statement.write_with(b"{}", bytes(range(16)))
    assert made.text.decode() in FORMAT
    assert made.digest.hex() in FORMAT


def test_a_clerk_makes_it_with_public_tools(tmp_path: Path) -> None:
    log = Log.new()
    log.append("receive", {})
    head = log.head.head
    made = statement.write(head)
    (tmp_path / "head.json").write_bytes(head.text())
    salt = made.text.decode().split('"')[1]
    command = FORMAT.split("```sh\n")[1].split("```")[0].replace("SALT", salt)
    shown = subprocess.run(
        ["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=10
    ).stdout
    assert shown.split()[0] == made.digest.hex()


def test_two_statements_over_one_head_share_nothing_that_is_sent() -> None:
    log = Log.new()
    one, other = statement.write(log.head.head), statement.write(log.head.head)
    assert one.digest != other.digest
    assert hashlib.sha256(log.head.head.text()).digest() not in {one.digest, other.digest}


def test_a_statement_speaks_of_its_head_alone() -> None:
    log = Log.new()
    before = log.head.head.text()
    made = statement.write(log.head.head).text
    log.append("receive", {})
    assert statement.speaks_of(made, before)
    assert not statement.speaks_of(made, log.head.head.text())
    assert not statement.speaks_of(b"", before)
    assert not statement.speaks_of(b'["zz', before)
