"""What the queue teaches: what people did and said, message by message."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from socialcli.app import App, Options
from socialcli.learning import history
from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, SORRY, done, message

PRIZE = "You have won a free cruise, claim your prize now www.prize.example"


def labels(cli: Cli) -> dict[str, dict[str, int]]:
    """Target -> message -> label, ten days later."""
    found, _ = history.materials(_app(cli))
    return {one.target: {e.message.id: e.label for e in one.examples} for one in found}


def _app(cli: Cli) -> App:
    later = datetime(2026, 11, 30, 10, tzinfo=UTC)
    return App(Options(workspace=str(cli.workspace), now=later, quiet=True), json=False)


def tickets(cli: Cli, *messages: dict[str, Any]) -> dict[str, str]:
    """The tickets of the messages, fetched and assessed, by handle."""
    cli.write("inbox.jsonl", *messages)
    done(cli("fetch", now=NOW))
    done(cli("triage", now=NOW))
    return {one["customer"]["handle"]: one["id"] for one in done(cli("list", "--json", now=NOW)).records}


def test_an_answer_says_worth_one_and_silence_for_a_week_says_not(cli: Cli) -> None:
    fresh = message("m3", handle="cust3", created_at="2026-11-20T10:00:00Z")
    found = tickets(cli, message("m1"), message("m2", handle="cust2"))
    done(cli("reply", found["cust1"], "--text", SORRY, "--as", "sb", "--yes", now=LATER))
    cli.write("inbox.jsonl", message("m1"), message("m2", handle="cust2"), fresh)
    assert labels(cli) == {"respond": {"m1": 1, "m2": 0}, "spam": {"m1": 0}}


def test_what_triage_would_ignore_is_nobodys_silence(cli: Cli) -> None:
    tickets(cli, message("m1", PRIZE))
    assert labels(cli) == {}


def test_nobody_has_been_silent_before_a_week_is_over(cli: Cli) -> None:
    tickets(cli, message("m1", created_at="2026-11-20T10:00:00Z"))
    app = App(Options(workspace=str(cli.workspace), now=datetime(2026, 11, 26, tzinfo=UTC)), json=False)
    assert history.materials(app) == ([], {})


def test_a_word_by_hand_teaches_the_message_that_it_was_said_of(cli: Cli) -> None:
    found = tickets(cli, message("m1"), message("m2", handle="cust2"))
    say = ("--reason", "read it", "--as", "sb")
    done(cli("triage", found["cust1"], "--set", "kind=praise", *say, now=NOW))
    done(cli("triage", found["cust2"], "--set", "kind=spam", "--set", "respond=ignore", *say, now=NOW))
    follow_up = message("m9", created_at="2026-11-20T11:00:00Z", in_reply_to="m1")
    cli.write("inbox.jsonl", message("m1"), message("m2", handle="cust2"), follow_up)
    done(cli("fetch", now="2026-11-20T11:05:00Z"))
    taught = labels(cli)
    assert taught["complaint"] == {"m1": 0, "m2": 0}
    assert taught["spam"] == {"m1": 0, "m2": 1}
    assert taught["respond"]["m2"] == 0


def test_labels_named_like_a_kind_a_side_or_a_verdict(cli: Cli) -> None:
    found = tickets(cli, message("m1"), message("m2", handle="cust2"), message("m3", handle="cust3"))
    done(cli("label", found["cust1"], "+complaint", "+negative", "+baggage", "--as", "sb", now=NOW))
    done(cli("label", found["cust2"], "+question", "+respond", "--as", "sb", now=NOW))
    done(cli("label", found["cust3"], "+monitor", "+positive", "--as", "sb", now=NOW))
    taught = labels(cli)
    assert taught["complaint"] == {"m1": 1, "m2": 0}
    assert taught["sentiment"] == {"m1": -1, "m3": 1}
    assert taught["respond"] == {"m1": 0, "m2": 1, "m3": 0}


def test_closed_without_an_answer_and_closed_by_hand(cli: Cli) -> None:
    found = tickets(cli, message("m1", "@NorthlineAir nice boat"), message("m2", handle="cust2"))
    done(cli("resolve", found["cust1"], "--outcome", "no-answer", "--as", "sb", now=NOW))
    done(cli("done", found["cust2"], "--url", "https://northline.example/chat/1", "--as", "sb", now=NOW))
    assert labels(cli)["respond"] == {"m1": 0, "m2": 1}


def test_the_messages_of_somebody_held_off_as_spam(cli: Cli) -> None:
    found = tickets(cli, message("m1", PRIZE))
    done(cli("block", found["cust1"], "--reason", "spam", "--as", "sb", "--yes", now=NOW))
    assert labels(cli) == {"spam": {"m1": 1}}


def test_what_was_erased_teaches_nothing(cli: Cli) -> None:
    found = tickets(cli, message("m1"), message("m2", handle="cust2"))
    for ticket in found.values():
        done(cli("label", ticket, "+complaint", "--as", "sb", now=NOW))
    done(cli("forget", "@cust1", "--as", "sb", "--yes", now=NOW))
    taught, left_out = history.materials(_app(cli))
    assert {e.message.id for one in taught for e in one.examples} == {"m2"}
    assert left_out == {"erased-or-deleted": 1}
