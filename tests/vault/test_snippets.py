"""A snippet is a piece of the text in its own letters, with what was looked for marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from holdfire.vault.passages import words_of
from holdfire.vault.records import fold
from holdfire.vault.snippets import matches, snippet


def shown(text: str, words: str, most: int = 240) -> str:
    return "".join(f"[{one.text}]" if one.match else one.text for one in snippet(text, words, most))


def test_accents_are_kept_and_do_not_hinder() -> None:
    assert shown("Ўсё гэта па законе", "усе закон") == "[Ўсё] гэта па [законе]"
    assert shown("e\u0301tat d'e\u0301tat", "etat") == "[e\u0301tat] d'[e\u0301tat]"


def test_a_word_inside_another_is_none() -> None:
    assert shown("disorder, order", "order") == "disorder, [order]"


def test_words_in_quotes_are_marked_together() -> None:
    assert shown("by order of the court", '"order of"') == "by [order of] the court"


def test_the_window_is_where_most_words_stand() -> None:
    text = "force " + "x " * 400 + "force and weapon " + "y " * 400
    said = shown(text, "force weapon", 60)
    assert "[force] and [weapon]" in said
    assert said.startswith("…")
    assert said.endswith("…")


def test_without_a_match_the_beginning_is_shown() -> None:
    assert shown("one two three", "four") == "one two three"


words = st.lists(
    st.sampled_from(["force", "Ўсё", "закон", "e\u0301tat", "x", "—", "\n", "İstanbul"]), max_size=60
)


@given(words, st.sampled_from(["force", "усе", "etat x", "закон force"]), st.integers(10, 80))
def test_a_snippet_is_a_piece_of_the_text(parts: list[str], asked: str, most: int) -> None:
    text = " ".join(parts)
    pieces = snippet(text, asked, most)
    bare = "".join(one.text for one in pieces).removeprefix("…").removesuffix("…")
    assert bare in text.replace("\n", " ")
    looked = [word.tokens[0] for word in words_of(asked)]
    for one in pieces:
        if one.match:
            assert any(fold(one.text).lower().startswith(word) for word in looked)


@given(st.text(), st.text())
def test_matches_come_in_order_and_do_not_overlap(text: str, asked: str) -> None:
    last = 0
    for one in matches(text, words_of(asked)):
        assert last <= one.start < one.end <= len(text)
        last = one.end
