"""A stamp as it is kept: what it says, what belongs to it, what is handed to others."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from holdfire.evidence.custody.log import Log
from holdfire.evidence.stamps.refusals import OtherHashError
from holdfire.evidence.stamps.stamp import answered, ask, belongs_to, files, judge, kept_promise, promises
from simulators.authority import DAY, NOW, Calendar, Maker, openssl_verifies
from simulators.network import Answer, serving

MAKER = Maker()
HEAD = Log.new().head
ASKED = ask("authority", "Office", "https://office.example/tsr", MAKER.pem.decode(), HEAD)
RIGHT = answered(ASKED, MAKER.answer(ASKED.request))
PROMISED = ask("calendar", "Proofs", "https://proofs.example/", "", HEAD)


def test_what_waits_proves_nothing() -> None:
    assert judge(ASKED, NOW).state == "waiting"
    assert judge(ASKED, NOW).time is None


def test_a_right_one_stays_right_and_says_when_its_certificate_ended() -> None:
    assert (judge(RIGHT, NOW).state, judge(RIGHT, NOW).time) == ("right", NOW)
    after = judge(RIGHT, MAKER.ends + timedelta(seconds=1))
    assert (after.state, after.time) == ("expired", NOW)
    assert f"expired since, on {MAKER.ends:%Y-%m-%d}" in after.sentence.format(**after.values)
    assert judge(RIGHT, MAKER.ends).state == "right"


def test_one_that_speaks_of_another_head_is_wrong() -> None:
    other = Log.new().head.head.text()
    assert judge(replace(RIGHT, head=other), NOW).state == "wrong"


@pytest.mark.parametrize("place", range(0, 500, 7))
def test_a_kept_answer_that_was_changed_is_wrong_or_says_the_same(place: int) -> None:
    changed = bytearray(RIGHT.answer)
    changed[place] ^= 0x10
    found = judge(replace(RIGHT, answer=bytes(changed)), NOW)
    assert found.state == "wrong" or found == judge(RIGHT, NOW)


def test_what_is_handed_over_verifies_with_openssl(tmp_path: Path) -> None:
    given = files(RIGHT)
    assert set(given) == {"head.json", "statement.json", "request.tsq", "stamp.tsr", "roots.pem"}
    assert openssl_verifies(tmp_path, given["stamp.tsr"], given["statement.json"], given["roots.pem"], NOW)
    assert not openssl_verifies(
        tmp_path, given["stamp.tsr"], given["statement.json"], given["roots.pem"], NOW + 400 * DAY
    )


def test_a_promise_becomes_a_block_that_nobody_compared() -> None:
    calendar = Calendar("https://proofs.example")
    kept = answered(PROMISED, calendar.promise(PROMISED.digest))
    assert judge(kept, NOW).state == "promised"
    assert set(files(kept)) == {"head.json", "statement.json", "statement.json.ots"}
    calendar.ready = True
    [promise] = promises(kept)
    answer = calendar.kept(promise.message or b"")
    assert answer is not None
    grown = kept_promise(kept, promise, answer)
    verdict = judge(grown, NOW)
    assert (verdict.state, verdict.values["height"], verdict.time) == ("block", Calendar.HEIGHT, None)
    assert "Nobody has compared it here." in verdict.sentence
    assert promises(grown) == ()
    assert answered(PROMISED, grown.answer) == grown  # a whole .ots is taken too


def test_an_answer_is_found_by_what_it_stamps_and_a_bare_one_by_its_name() -> None:
    waiting = {"a": ASKED, "p": PROMISED}
    assert belongs_to(RIGHT.answer, "anything", waiting) == "a"
    bare = Calendar("https://proofs.example").promise(PROMISED.digest)
    assert belongs_to(bare, f"{PROMISED.file_name}.digest.answer", waiting) == "p"
    for name in ("anything", f"{ASKED.file_name}.tsr", ""):
        with pytest.raises(OtherHashError):
            belongs_to(bare, name, waiting)
    with pytest.raises(OtherHashError):
        belongs_to(RIGHT.answer, "x", {"p": PROMISED})


def test_the_command_that_is_shown_gets_the_answer(tmp_path: Path) -> None:
    calendar = Calendar("https://proofs.example")

    def respond(path: str, body: bytes) -> Answer:
        return 200, calendar.promise(body) if path == "/digest" else MAKER.answer(body)

    with serving(respond) as office:
        for one in (
            replace(ASKED, address=f"{office.address}/tsr"),
            replace(PROMISED, address=f"{office.address}/"),
        ):
            (tmp_path / one.request_name).write_bytes(one.request)
            done = subprocess.run(
                ["sh", "-c", one.command], cwd=tmp_path, capture_output=True, check=False, timeout=30
            )
            if done.returncode == 127:
                pytest.skip("curl is not installed")
            answer = tmp_path / (
                f"{one.file_name}.tsr" if one.kind == "authority" else f"{one.request_name}.answer"
            )
            assert belongs_to(answer.read_bytes(), answer.name, {"it": one}) == "it"
            assert judge(answered(one, answer.read_bytes()), NOW).state in {"right", "promised"}
    assert dict(office.asked[0].headers)["Content-Type"] == "application/timestamp-query"
