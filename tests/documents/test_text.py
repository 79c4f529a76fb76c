"""A plain text is read as its letters were meant, whatever code they are in."""

from __future__ import annotations

import io

import pytest

from holdfire.documents.read import read_document


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r"])
def test_cyrillic_text_is_read_in_every_code(encoding: str) -> None:
    text = "Статья 5. Приказ отдаётся в письменном виде.\r\n\r\nПорядок исполнения установлен законом.\n"
    document = read_document(io.BytesIO(text.encode(encoding)), "a.txt")
    assert document.form == "text"
    assert [line.text for line in document.lines()] == [
        "Статья 5. Приказ отдаётся в письменном виде.",
        "Порядок исполнения установлен законом.",
    ]
    assert document.notes == []
