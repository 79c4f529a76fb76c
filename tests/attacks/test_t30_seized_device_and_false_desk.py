"""T30: a seized, open vault shows no ended conversation and no used key; a false desk is not written to unawares."""

from __future__ import annotations

import pytest

from conversation.desk_drawn import TIME, TestDesk
from drop.exchange_played import PlayedDesk
from holdfire.conversation.kinds import Kind
from holdfire.drop.known import NotConfirmedError
from holdfire.journeys import keep_desk, write_message
from holdfire.journeys.kept_talk import END, MESSAGE, REPLY, every
from holdfire.vault.vault import Vault

PLANTED = "the heron flies at dawn"


def everything(vault: Vault) -> str:
    with vault.reading() as connection:
        rows = connection.execute("SELECT value FROM records").fetchall()
        return "\n".join(str(row) for row in rows) + str(connection.execute("SELECT * FROM words").fetchall())


def test_an_ended_conversation_is_in_no_record() -> None:
    desk = PlayedDesk()
    with Vault.in_memory() as vault:
        keep_desk.add_desk(vault, desk.document, TIME)
        keep_desk.confirm_desk(vault, 1, desk.card.words, TIME)
        write_message.write(vault, 1, Kind.QUESTION, PLANTED, {}, TIME)
        secret = next(every(vault, END)).value.end.conversation.hex()
        assert PLANTED in everything(vault)
        assert secret in everything(vault)
        write_message.end_talk(vault, 1)
        assert PLANTED not in everything(vault)
        assert secret not in everything(vault)
        assert (vault.records.count(END), vault.records.count(MESSAGE), vault.records.count(REPLY)) == (
            0,
            0,
            0,
        )


def test_a_false_card_of_the_same_name_has_other_words_and_is_not_used_unawares() -> None:
    true, false = PlayedDesk(), PlayedDesk(TestDesk("false"))
    with Vault.in_memory() as vault:
        keep_desk.add_desk(vault, false.document, TIME)
        with pytest.raises(keep_desk.OtherWordsError):
            keep_desk.confirm_desk(vault, 1, true.card.words, TIME)
        with pytest.raises(NotConfirmedError):
            write_message.write(vault, 1, Kind.QUESTION, PLANTED, {}, TIME)
        assert PLANTED not in everything(vault)
