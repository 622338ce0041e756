"""``log``: what happened, in the order in which it was written."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, SORRY, done, message, queued


def test_of_one_ticket_and_of_all(cli: Cli) -> None:
    ticket = queued(cli, message(), message("m2", "@NorthlineAir how much is a bag?", "cust2"))
    done(cli("reply", ticket, "--text", SORRY, "--yes", now=LATER))
    own = [one["event"] for one in done(cli("log", ticket, "--json")).records]
    assert own == ["message", "assessed", "intended", "sent"]
    everything = done(cli("log", "--json")).records
    assert len(everything) > len(own)
    assert [one["at"] for one in everything] == sorted(one["at"] for one in everything)
    assert len({one["id"] for one in everything}) == len(everything)


def test_who_did_it(cli: Cli) -> None:
    ticket = queued(cli)
    done(cli("note", ticket, "hm", now=NOW))
    by = {one["event"]: one["by"] for one in done(cli("log", ticket, "--json")).records}
    assert by == {"message": None, "assessed": None, "note": "sb"}
    assert "note by sb" in done(cli("log", ticket)).out


def test_an_empty_queue_has_no_history(cli: Cli) -> None:
    assert done(cli("log")).out == ""
