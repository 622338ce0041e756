"""What a colleague left is read before anything is written; what is assigned stays so where it is put back."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, done
from tests.guided.stage import SORRY, complaints, events, guided, write


def test_the_note_stands_above_the_thread_until_it_is_answered(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1)
    done(cli("release", ticket, "--note", "She is at gate 7.", "--to", "sb", "--as", "mo", now=NOW))
    with guided(cli) as shown:
        shown.until("handed over by mo to sb")
        shown.until("She is at gate 7.")
        shown.until("never arrived")
        write(shown, SORRY)
        shown.until("Post it?")
        shown.type("p")
        assert shown.end() == 0
    (record,) = done(cli("list", "--json", now=LATER)).records
    assert (record["status"], record["handover"]) == ("pending", None)


def test_a_ticket_that_is_skipped_stays_whose_it_was(cli: Cli) -> None:
    first, second = complaints(cli, 2)
    done(cli("assign", first, "sb", "--as", "mo", now=NOW))
    with guided(cli, first) as shown:
        shown.until("Start from:")
        shown.type("k")
        shown.end()
    assert [one["event"] for one in events(cli, first)][-2:] == ["claimed", "released"]
    listed = {one["id"]: one["assignee"] for one in done(cli("list", "--json", now=LATER)).records}
    assert listed == {first: "sb", second: None}
