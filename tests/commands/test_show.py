"""``show``: one ticket, all of it."""

from __future__ import annotations

from typing import Any

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


# the customer

CARD = {"type", "customer", "open", "prior", "same_topic_before", "prefers", "languages", "opted_out"}
PRIOR = {"ticket", "topic", "kind", "outcome", "agent", "solved_at"}


def three_tickets(cli: Cli) -> tuple[str, str, str]:
    """Of one customer: a bag that was found, a question that is open, a bag again."""
    first = queued(cli)
    done(cli("reply", first, "--text", SORRY, "--as", "sb", "--yes", now=LATER))
    done(cli("resolve", first, "--outcome", "fixed", "--as", "sb", now=LATER))
    second = queued(
        cli,
        message("m2", "@NorthlineAir do you fly to Faro?", created_at="2026-11-20T10:02:00Z"),
    )
    third = queued(
        cli,
        message("m3", "@NorthlineAir my bag is lost again", created_at="2026-11-20T10:03:00Z"),
    )
    return first, second, third


def card_of(cli: Cli, ticket: str) -> list[Any]:
    return [one for one in done(cli("show", ticket, "--json", now=LATER)).records if one["type"] == "card"]


def test_the_card_tells_what_became_of_other_tickets(cli: Cli) -> None:
    first, second, third = three_tickets(cli)
    (card,) = card_of(cli, third)
    assert set(card) == CARD
    assert set(card["prior"][0]) == PRIOR
    assert card == {
        "type": "card",
        "customer": {"handle": "cust1", "name": None},
        "open": [second],
        "prior": [{
            "ticket": first, "topic": "baggage", "kind": "complaint", "outcome": "fixed", "agent": "sb",
            "solved_at": LATER,
        }],
        "same_topic_before": True,
        "prefers": None,
        "languages": ["en"],
        "opted_out": None,
    }  # fmt: skip
    out = done(cli("show", third, now=LATER)).out
    assert f"  {first}  complaint, baggage: fixed by sb, {LATER}\n" in out
    assert f"  open too: {second}\n" in out
    assert "the same topic came up before" in out


def test_what_came_later_is_not_before(cli: Cli) -> None:
    first, second, third = three_tickets(cli)
    (card,) = card_of(cli, first)
    assert (card["open"], card["prior"], card["same_topic_before"]) == ([third, second], [], False)
    (card,) = card_of(cli, second)
    assert (card["open"], card["same_topic_before"]) == ([third], False)


def test_a_customer_of_whom_no_more_is_known_has_no_card(cli: Cli) -> None:
    ticket = queued(cli, message(), message("m2", "@NorthlineAir my bag is lost", "cust2"))
    assert card_of(cli, ticket) == []


def test_an_answer_that_closed_nothing_names_its_agent(cli: Cli) -> None:
    first = queued(cli)
    done(cli("reply", first, "--text", SORRY, "--as", "sb", "--yes", now=LATER))
    second = queued(cli, message("m2", "@NorthlineAir lovely crew", created_at="2026-11-20T10:02:00Z"))
    (card,) = card_of(cli, second)
    assert card["prior"] == [{
        "ticket": first, "topic": "baggage", "kind": "complaint", "outcome": None, "agent": "sb", "solved_at": None,
    }]  # fmt: skip
    assert (
        f"{first}  complaint, baggage: answered by sb, not resolved\n"
        in done(cli("show", second, now=LATER)).out
    )


def test_how_they_want_to_be_reached_is_on_the_card(cli: Cli) -> None:
    ticket = queued(cli)
    done(cli("move-offline", ticket, "--prefer", "email", "--as", "sb", "--yes", now=LATER))
    (card,) = card_of(cli, ticket)
    assert (card["prefers"], card["open"], card["prior"]) == ("email", [], [])


def test_the_card_looks_at_the_newest_twenty(cli: Cli) -> None:
    rows = [
        message(f"m{number:02}", "@NorthlineAir my bag is lost", created_at=f"2026-11-20T09:{number:02}:00Z")
        for number in range(30)
    ]
    queued(cli, *rows)
    latest = done(cli("list", "--json", "--sort", "received", now=NOW)).records
    (card,) = card_of(cli, max(latest, key=lambda one: one["opened_at"])["id"])
    assert len(card["open"]) == 20
