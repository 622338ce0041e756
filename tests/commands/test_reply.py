"""``reply``: what it asks for, and what it keeps."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import LATER, SORRY, done, journal, message, queued


def test_the_text_may_come_from_standard_input(cli: Cli) -> None:
    ticket = queued(cli)
    run = done(cli("reply", ticket, "--text", "-", "--yes", "--json", input=f"{SORRY}\n", now=LATER))
    assert run.record["text"] == SORRY
    again = done(cli("reply", ticket, "--text", SORRY, "--yes", "--json", now=LATER))
    assert again.record == run.record


def test_options_that_do_not_go_together(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    for more in (
        ("--text", SORRY, "-t", "apology"), ("--text", SORRY, "--set", "a=b"), ("--set", "a=b"),
        ("--text", SORRY, "--allow", "links/host"), (),
    ):  # fmt: skip
        assert cli("reply", ticket, *more, "--yes", now=LATER).code == 2
    assert cli("reply", "--text", SORRY, "--yes", now=LATER).code == 2
    assert journal(cli) == before


def test_a_direct_message_is_answered_directly(cli: Cli) -> None:
    ticket = queued(cli, message(visibility="direct"))
    text = "So sorry about your bag. Which flight were you on, and what is your booking reference? ^SB"
    run = done(cli("reply", ticket, "--text", text, "--yes", "--json", now=LATER))
    assert (run.record["road"], run.record["check"]["visibility"]) == ("direct", "direct")
    (post,) = cli.lines("outbox.jsonl")
    assert (post["visibility"], post["in_reply_to"]) == ("direct", "m1")


def test_a_template_says_the_same_on_every_run(cli: Cli) -> None:
    ticket = queued(cli)
    texts = {
        done(cli("reply", ticket, "-t", "apology", "--dry-run", "--json", now=LATER)).record["text"]
        for _ in range(4)
    }
    assert len(texts) == 1


def test_what_was_refused_is_kept(cli: Cli) -> None:
    ticket = queued(cli)
    run = cli("reply", ticket, "--text", "No sign-off here", "--yes", "--json", now=LATER)
    assert run.code == 3
    assert run.record["id"] in run.error["hint"]
    assert "No sign-off here" in journal(cli).decode()
