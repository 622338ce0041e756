"""``note``: kept, never posted."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import NOW, done, journal, queued


def test_a_note_from_standard_input(cli: Cli) -> None:
    ticket = queued(cli)
    record = done(cli("note", ticket, "-", "--json", input="calls back\nat noon\n", now=NOW)).record
    assert (record["event"], record["by"], record["ticket"]) == ("note", "sb", ticket)
    assert record["data"]["text"] == "calls back\nat noon"
    assert cli.lines("outbox.jsonl") == []
    assert done(cli("list", "--json", now=NOW)).record["status"] == "open"


def test_an_empty_note_is_none(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    for text in ("", "  ", "-"):
        assert cli("note", ticket, text, input="", now=NOW).code == 2
    assert cli("note", ticket).code == 2
    assert journal(cli) == before
