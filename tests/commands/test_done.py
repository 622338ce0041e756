"""``done``: an answer given elsewhere."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, done, message, queued

URL = "https://x.example/NorthlineAir/2"


def test_it_answers_and_solves(cli: Cli) -> None:
    ticket = queued(cli)
    record = done(cli("done", ticket, "--url", URL, "--json", now=LATER)).record
    assert (record["id"], record["status"], record["overdue"]) == (ticket, "solved", False)
    assert done(cli("next", now=LATER)).out == ""
    assert URL in done(cli("log", ticket)).out


def test_a_new_message_reopens_it(cli: Cli) -> None:
    ticket = queued(cli, message(conversation_id="c"))
    done(cli("done", ticket, "--url", URL, now=NOW))
    newer = message("m2", "Still no bag!", conversation_id="c", created_at="2026-11-20T10:05:30Z")
    cli.write("inbox.jsonl", message(conversation_id="c"), newer)
    done(cli("fetch", now=LATER))
    assert done(cli("list", "--json", now=LATER)).record["status"] == "open"


def test_it_says_that_the_answer_was_noted_once(cli: Cli) -> None:
    ticket = queued(cli)
    calls = (("--dry-run",), (), ())
    said = [done(cli("done", ticket, "--url", URL, *more, now=LATER)).err for more in calls]
    assert said == [
        f"it would be noted: answered by hand at {URL}\n",
        f"noted: answered by hand at {URL}\n",
        f"noted already: answered by hand at {URL}\n",
    ]
