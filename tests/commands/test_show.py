"""``show``: one ticket, all of it."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, SORRY, done, message, queued


def test_messages_stand_oldest_first(cli: Cli) -> None:
    rows = (
        message("m2", "Anybody there?", conversation_id="c", created_at="2026-11-20T10:04:00Z"),
        message("m1", "@NorthlineAir my bag is lost", conversation_id="c"),
    )
    ticket = queued(cli, *rows)
    done(cli("reply", ticket, "--text", SORRY, "--yes", now=LATER))
    records = done(cli("show", ticket, "--json", now=LATER)).records
    assert [one["text"] for one in records[1:]] == ["@NorthlineAir my bag is lost", "Anybody there?", SORRY]
    assert records[0]["messages"] == 3
    assert records[0]["text"] == "Anybody there?"


def test_drafts_that_were_not_sent_are_shown_too(cli: Cli) -> None:
    ticket = queued(cli)
    refused = cli("reply", ticket, "--text", "no sign-off", "--yes", "--json", now=LATER).record
    shown = done(cli("show", ticket, "--json", now=LATER)).records
    assert shown[-1] == refused
    assert "refused" in done(cli("show", ticket)).out


def test_history_is_all_that_happened(cli: Cli) -> None:
    ticket = queued(cli)
    done(cli("note", ticket, "calls back at noon", now=NOW))
    events = [one["event"] for one in done(cli("show", ticket, "--history", "--json")).records[1:]]
    assert events == ["message", "assessed", "note"]
