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


def test_a_note_has_an_end(cli: Cli) -> None:
    ticket = queued(cli)
    done(cli("note", ticket, "-", input="a" * 100_000, now=NOW))
    before = journal(cli)
    too_long = "a" * 100_001
    for run in (
        cli("note", ticket, "-", input=too_long, now=NOW),
        cli("release", ticket, "--note", too_long, now=NOW),
        cli("shift", "close", "--note", "-", input=too_long, now=NOW),
    ):
        assert (run.code, run.err.splitlines()[0]) == (
            2,
            "socialcli: the note has 100,001 characters, at most 100,000",
        )
    assert journal(cli) == before
