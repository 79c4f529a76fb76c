from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import ContentError
from holdfire.pack.reader import MOST_BYTES, MOST_TEXT, read


def refusal(text: str | bytes) -> ContentError:
    with pytest.raises(ContentError) as caught:
        read(text if isinstance(text, bytes) else text.encode(), "x.yaml")
    return caught.value


def test_words_numbers_and_dates_stay_text_until_a_field_asks() -> None:
    node = read(b"a: no\nb: 2026-11-22\nc: 007\n", "x.yaml")
    fields = node.fields("a b c")
    assert fields["a"].text() == "no"
    assert fields["b"].date().year == 2026
    assert fields["c"].number() == 7


@pytest.mark.parametrize(
    ("text", "line", "rule"),
    [
        ("a: &x [1]\nb: *x\n", 1, "anchors"),
        ("a: 1\nb: *x\n", 2, "anchors"),
        ("a: !!python/object:os.system 1\n", 1, "tags"),
        ("a: 1\n<<: {b: 2}\n", 2, "plain text"),
        ("a: 1\nb: 2\na: 3\n", 3, "twice"),
        ("a: 1\n---\nb: 2\n", 2, "one document"),
        ("a: 1\n\tb: 2\n", 2, "U+0009"),
        ("a: x\u202ey\n", 1, "U+202E"),
        ("a: [1\nb: 2\n", 2, "not readable"),
        ("", 0, "empty"),
        ("a: " + "x" * (MOST_TEXT + 1), 1, "characters"),
        ("[" * 20 + "]" * 20, 1, "too deep"),
        ("? [a]\n: b\n", 1, "plain text"),
    ],
)
def test_what_is_not_allowed_is_refused_with_its_line(text: str, line: int, rule: str) -> None:
    error = refusal(text)
    assert error.line == line
    assert rule in error.rule
    assert error.file == "x.yaml"


def test_a_bomb_of_aliases_never_grows() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    assert refusal(bomb).line == 1


def test_many_values_are_refused() -> None:
    assert "too many" in refusal("- x\n" * 30_000).rule


def test_a_giant_file_is_refused_unread() -> None:
    assert "larger" in refusal(b"#" * (MOST_BYTES + 1)).rule


def test_bytes_that_are_not_utf8_name_their_line() -> None:
    assert refusal(b"a: 1\nb: \xff\n").line == 2


def test_unknown_and_missing_fields_are_named() -> None:
    node = read(b"a: 1\nextra: 2\n", "x.yaml")
    with pytest.raises(ContentError, match="extra") as caught:
        node.fields("a")
    assert caught.value.line == 2
    with pytest.raises(ContentError, match="'b' is missing"):
        node.fields("a b", "extra")


@given(st.recursive(st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=20), lambda inner:
       st.lists(inner, max_size=4) | st.dictionaries(st.text("abcd", min_size=1, max_size=6), inner, max_size=4),
       max_leaves=12))  # fmt: skip
def test_what_plain_yaml_says_is_what_is_read(value: object) -> None:
    written = yaml.safe_dump({"value": value}, allow_unicode=True)
    if "!!" in written or "\\" in written:
        return

    def plain(node: object) -> object:
        inner = node.value  # type: ignore[attr-defined]
        if isinstance(inner, list):
            return [plain(item) for item in inner]
        if isinstance(inner, dict):
            return {key: plain(item) for key, item in inner.items()}
        return inner

    assert plain(read(written.encode(), "x.yaml").fields("value")["value"]) == value


@given(st.binary(max_size=300))
def test_no_bytes_do_more_than_be_refused(junk: bytes) -> None:
    try:
        read(junk, "x.yaml")
    except ContentError as error:
        assert error.rule  # noqa: PT017 -- most junk is refused; what is not is fine too
