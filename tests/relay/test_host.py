"""What is said of a relay's host, over hosts as values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfire.language import ENGLISH
from holdfire.relay.host import LEAST_FREE, Finding, Host, Swap, TorProgram, is_loopback, judge

#: All interfaces: what a host must not listen at.
ANYWHERE = "0.0.0.0"  # noqa: S104
GOOD = Host(
    ("127.0.0.1", 8_008),
    folder=0o700,
    files={"relay.db": 0o600, "relay.key": 0o600},
    file_system="ext4",
    free=LEAST_FREE,
    core_limit=0,
    dumpable=False,
    core_pattern="|/usr/share/apport/apport %p",
    swaps=(),
    synchronised=True,
    listening=("127.0.0.1",),
    tor=TorProgram("/usr/sbin/tor", "0.4.9.1", proves=True),
)
NAMES = ["folder", "files", "disk", "room", "dumps", "swap", "clock", "listening", "tor", "front"]


def of(host: Host, about: str) -> Finding:
    (found,) = [one for one in judge(host) if one.about == about]
    return found


def said(one: Finding) -> str:
    return ENGLISH.say(one.sentence, **one.values) + ENGLISH.say(one.hint, **one.values)


def test_of_a_good_host_all_is_right_but_what_nobody_can_see() -> None:
    assert [one.about for one in judge(GOOD)] == NAMES
    assert [one.about for one in judge(GOOD) if one.state != "right"] == ["front"]


@pytest.mark.parametrize(
    ("about", "changed", "state", "words"),
    [
        ("folder", {"folder": 0o755}, "mend", "mode 755"),
        ("folder", {"folder": 0o701}, "mend", "mode 701"),
        ("folder", {"folder": None}, "look", "cannot be told"),
        ("files", {"files": {"relay.db": 0o644, "relay.key": 0o600}}, "mend", "relay: relay.db."),
        ("disk", {"file_system": "nfs4"}, "mend", "nfs4"),
        ("disk", {"file_system": "fuse.sshfs"}, "mend", "network"),
        ("disk", {"file_system": "tmpfs"}, "mend", "lost at a restart"),
        ("disk", {"file_system": "fuse.other"}, "look", "fuse.other"),
        ("disk", {"file_system": None}, "look", "cannot be told"),
        ("room", {"free": LEAST_FREE - 1}, "mend", "15.6 GiB"),
        ("dumps", {"dumpable": None}, "mend", "apport"),
        ("dumps", {"dumpable": True}, "mend", "apport"),
        ("dumps", {"dumpable": None, "core_pattern": "core", "core_limit": -1}, "mend", "ulimit -c 0"),
        ("dumps", {"dumpable": None, "core_pattern": "core"}, "right", "off"),
        ("dumps", {"dumpable": None, "core_limit": None}, "look", "cannot be told"),
        ("swap", {"swaps": None}, "look", "cannot be told"),
        ("swap", {"swaps": (Swap("/dev/sda2", encrypted=False), Swap("/dev/dm-1", encrypted=True))}, "mend", "Swap is on: /dev/sda2."),
        ("swap", {"swaps": (Swap("/dev/dm-1", encrypted=True),)}, "right", "/dev/dm-1"),
        ("clock", {"synchronised": False}, "mend", "chrony"),
        ("clock", {"synchronised": None}, "look", "cannot be told"),
        ("listening", {"listening": ("127.0.0.1", ANYWHERE)}, "mend", "at 0.0.0.0:"),
        ("listening", {"listening": (), "listen": ("::", 80)}, "mend", "at :::"),
        ("listening", {"listening": ()}, "right", "Nothing listens"),
        ("listening", {"listening": None}, "look", "cannot be told"),
        ("listening", {"listening": None, "listen": ("192.0.2.1", 80)}, "mend", "192.0.2.1"),
        ("tor", {"tor": None}, "mend", "no tor"),
        ("tor", {"tor": TorProgram("tor", "0.4.7.16", proves=False)}, "mend", "0.4.7.16"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_what_to_do(
    about: str, changed: dict[str, Any], state: str, words: str
) -> None:
    found = of(replace(GOOD, **changed), about)
    assert found.state == state
    assert words in said(found)
    assert (found.hint != "") or state == "right"
    # And nothing else is said otherwise than of a good host.
    others = [one for one in judge(replace(GOOD, **changed)) if one.about != about]
    assert others == [one for one in judge(GOOD) if one.about != about]


@given(st.integers(0, 0o777))
def test_a_folder_is_right_just_when_its_mode_leaves_others_nothing(mode: int) -> None:
    assert (of(replace(GOOD, folder=mode), "folder").state == "right") == (mode % 64 == 0)


@pytest.mark.parametrize(
    ("address", "is_own"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True),
     (ANYWHERE, False), ("::", False), ("10.0.0.1", False), ("localhost.example", False), ("", False)],
)  # fmt: skip
def test_only_this_computer_is_loopback(address: str, is_own: bool) -> None:  # noqa: FBT001
    assert is_loopback(address) == is_own
