"""T21: a hostile age file.

An adversary who sends an age file could ask for gigabytes before a passphrase can be judged, name a million recipients, send a line
without an end, or spell one header in two ways. Each is refused with one sentence, in little memory, though the stream never ends.
"""

from __future__ import annotations

import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from itertools import count, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_line import environment
from holdfire.errors import HoldfireError
from holdfire.sealing.age import header
from holdfire.sealing.age.file import seal, unseal
from holdfire.sealing.age.hybrid import HybridIdentity
from holdfire.sealing.age.refusals import HeaderError
from holdfire.sealing.age.scrypt import Passphrase
from holdfire.sealing.age.x25519 import X25519Identity

#: Takes 64 MiB more than it has, and ten seconds; opens what never ends; prints the refusal.
CHILD = """
import resource, sys
from itertools import chain, count, repeat
from holdfire.errors import HoldfireError
from holdfire.sealing.age.armour import armour
from holdfire.sealing.age.file import seal, unseal
from holdfire.sealing.age.hybrid import HybridIdentity
from holdfire.sealing.age.scrypt import Passphrase
from holdfire.sealing.age.x25519 import X25519Identity
people = [HybridIdentity.new(), X25519Identity.new(), Passphrase("word")]
seal([b""], [people[0].recipient()])
V = b"age-encryption.org/v1\\n"
BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----\\n"
ZEROS = b"A" * 43
def scrypt(factor):
    return V + b"-> scrypt " + b"A" * 22 + b" " + factor + b"\\n" + ZEROS + b"\\n--- " + ZEROS + b"\\n" + bytes(32)
pages = int(open("/proc/self/statm").read().split()[0])
resource.setrlimit(resource.RLIMIT_AS, [pages * resource.getpagesize() + (64 << 20)] * 2)
resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
try:
    for _ in unseal(eval(sys.argv[1]), people):
        pass
    print("opened")
except HoldfireError as error:
    print(type(error).__name__, str(error), error.hint, sep="|")
"""

ENDLESS = {
    "a version line": "repeat(b'age-encryption.org/v' * 3000)",
    "no line at all": "repeat(b'a' * 65536)",
    "one byte at a time": "repeat(b'a')",
    "arguments": "chain([V, b'->'], repeat(b' x' * 30000))",
    "one argument": "chain([V, b'-> x'], repeat(b'x' * 60000))",
    "stanzas": "chain([V], repeat(b'-> x\\n\\n'))",
    "a million stanzas": "chain([V], repeat(b'-> x\\n\\n', 10**6), [b'--- ' + ZEROS + b'\\n'])",
    "a million stanzas in one piece": "chain([V, b'-> x\\n\\n' * 10**6, b'--- ' + ZEROS + b'\\n'])",
    "stanzas for a key": "chain([V], repeat(b'-> X25519 ' + ZEROS + b'\\n' + ZEROS + b'\\n'))",
    "a body": "chain([V, b'-> x\\n'], repeat((b'A' * 64 + b'\\n') * 1000))",
    "a line of a body": "chain([V, b'-> x\\n'], repeat(b'A' * 60000))",
    "stanzas in armour": "armour(chain([V], repeat(b'-> x\\n\\n')))",
    "blank space before armour": "repeat(b' ' * 60000)",
    "blank lines before armour": "repeat(b'\\r\\n')",
    "blank space within armour": "chain([BEGIN], repeat(b'\\n' * 60000))",
    "a line of armour": "chain([BEGIN], repeat(b'A' * 60000))",
    "a line of armour, byte by byte": "chain([BEGIN], repeat(b'A'))",
    "blank space after armour": "chain(armour([b'']), repeat(b' '))",
    "something else in armour": "chain([b'-----BEGIN'], repeat(b'-' * 60000))",
}  # fmt: skip

WORK = [b"21", b"22", b"23", b"30", b"63", b"64", b"99", b"100", b"18446744073709551617", b"9" * 8_000]


def refusal(stream: str) -> tuple[str, str]:
    """Return the refusal's class and sentence, from a process that may take 64 MiB and ten seconds."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, stream],
        capture_output=True, text=True, timeout=60, check=False, env=environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
    name, sentence, hint = done.stdout.rstrip("\n").split("|")
    assert len(sentence) < 200
    assert sentence.endswith(".")
    assert hint.endswith(".")
    assert "\n" not in sentence + hint
    return name, sentence


@pytest.mark.parametrize("case", ENDLESS)
def test_what_never_ends_is_refused(case: str) -> None:
    name, _ = refusal(ENDLESS[case])
    assert name in {"HeaderError", "ArmourError"}


@pytest.mark.parametrize("factor", WORK, ids=lambda factor: factor[:20].decode())
def test_a_passphrase_that_asks_for_gigabytes_is_refused_before_the_work(factor: bytes) -> None:
    name, sentence = refusal(f"[scrypt({factor!r})]")
    assert (name, "1024 MiB" in sentence) == ("HeaderError", True)


def test_a_process_that_may_not_take_what_the_bound_allows_says_so() -> None:
    name, sentence = refusal("[scrypt(b'20')]")
    assert (name, "1040 MiB" in sentence) == ("StorageError", True)


def test_a_long_file_streams_in_little_memory() -> None:
    stream = "seal(repeat(b'x' * 100_000, 3_000), [people[0].recipient()])"
    done = subprocess.run(
        [sys.executable, "-c", CHILD, stream],
        capture_output=True, text=True, timeout=60, check=True, env=environment(),
    )  # fmt: skip
    assert done.stdout == "opened\n"


PEOPLE: list[X25519Identity | HybridIdentity | Passphrase] = [
    X25519Identity.new(),
    HybridIdentity.new(),
    Passphrase("word", work_factor=1),
]
SEALED = [
    b"".join(seal([b"text"], [one if isinstance(one, Passphrase) else one.recipient()])) for one in PEOPLE
]
LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@given(st.integers(0, 2), st.data())
def test_no_header_has_a_second_spelling(number: int, data: st.DataObject) -> None:
    sealed = SEALED[number]
    found, _ = header.read([sealed])
    text = sealed[: found.size]
    words = [one.rstrip(b"\n") for one in text.replace(b" ", b"\n").split(b"\n")]
    coded = [word for word in words if len(word) * 6 % 8]
    word = data.draw(
        st.sampled_from([word for word in coded if set(word) <= set(LETTERS) and len(word) > 20])
    )
    stray = len(word) * 6 % 8
    bits = data.draw(st.integers(1, (1 << stray) - 1))
    respelt = word[:-1] + bytes([LETTERS[LETTERS.index(word[-1]) ^ bits]])
    for other in (respelt, word + b"=", word + b"==", word + b" ", b" " + word, word + b"\r"):
        with pytest.raises(HeaderError):
            list(unseal([text.replace(word, other, 1) + sealed[found.size :]], PEOPLE))


@given(st.lists(st.sampled_from([0, 1, 2]), min_size=2, max_size=5).filter(lambda kinds: 2 in kinds))
def test_a_passphrase_beside_anything_is_refused_whoever_opens(kinds: list[int]) -> None:
    file_key = bytes(16)
    stanzas = [
        (one if isinstance(one, Passphrase) else one.recipient()).wrap(file_key)
        for one in (PEOPLE[kind] for kind in kinds)
    ]
    for person in PEOPLE:
        with pytest.raises(HeaderError, match="passphrase"):
            unseal([header.write(stanzas, file_key) + bytes(32)], [person])


@given(
    st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=100),
    st.binary(max_size=200),
)
def test_nothing_of_the_file_is_repeated_in_a_refusal(words: str, body: bytes) -> None:
    for kind in ("x", "X25519", "scrypt", "mlkem768x25519"):
        file = header.write([header.Stanza((kind, f"zqx{words}zqx"), body)], bytes(16)) + body
        with pytest.raises(HoldfireError) as caught:
            unseal([file], PEOPLE)
        assert "zqx" not in f"{caught.value} {caught.value.hint}"
        assert b64encode(body)[:8].decode() not in str(caught.value) or len(body) < 6


def test_a_million_recipients_are_refused_before_any_is_tried() -> None:
    """Were each tried first, a million stanzas would cost minutes; the count is looked at while reading."""
    stanza = header.Stanza(("X25519", "A" * 43), bytes(32)).text()
    taken = 0

    def pieces() -> Iterator[bytes]:
        nonlocal taken
        yield b"age-encryption.org/v1\n"
        for taken, piece in zip(count(1), repeat(stanza, 10**6)):  # noqa: B007 — counted for the test
            yield piece

    with pytest.raises(HeaderError, match="1024"):
        unseal(pieces(), PEOPLE)
    assert taken <= 1_025
