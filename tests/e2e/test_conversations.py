"""The whole thread weighs: short answers to our own questions, thanks that end a matter, messages that follow up."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, done, message, queued


class Exchange(NamedTuple):
    """What the customer said, what we said, what the customer said then."""

    first: str
    ours: str
    then: str


LOST = "@NorthlineAir my bag never arrived"
SORRY = "So sorry about your bag."
ANSWERS = [  # each keeps the ticket open, at the rank of its matter
    (
        Exchange("@NorthlineAir the app won't load", "Sorry! Which version of iOS is it? ^SB", "iOS 11.0.3"),
        "high",
    ),
    (
        Exchange("@NorthlineAir the 8.05 is late again", "Sorry! Which line are you on? ^SB", "Southern"),
        "high",
    ),
    (Exchange(LOST, f"{SORRY} Please DM us the reference. ^SB", "Sent"), "high"),
    (Exchange(LOST, f"{SORRY} What colour is it? ^SB", "dark blue with a red ribbon"), "high"),
    (Exchange(LOST, f"{SORRY} Is your name on it? ^SB", "no"), "high"),
    (Exchange(LOST, f"{SORRY} Is your name on it? ^SB", "👍"), "high"),
    (Exchange(LOST, f"{SORRY} When did you land? ^SB", "this morning around 9"), "high"),
    (
        Exchange("@NorthlineAir my insulin is in the lost bag", f"{SORRY} Which hotel? ^SB", "Hotel Bristol"),
        "urgent",
    ),
    (Exchange("@NorthlineAir do you fly to Faro?", "We do! From which airport? ^SB", "Leeds"), "normal"),
    (
        Exchange("@NorthlineAir do you fly to Faro?", "We do, twice a week. ^SB", "thanks, and in June?"),
        "normal",
    ),
    (Exchange(LOST, f"{SORRY} Would you like us to bring it tonight? ^SB", "yes please"), "high"),
    (Exchange(LOST, f"{SORRY} Has it come by now? ^SB", "no, thanks"), "high"),
    (Exchange(LOST, f"{SORRY} Can we have the number of the tag? ^SB", "no"), "high"),
]
ENDS = [  # nobody owes these an answer
    Exchange("@NorthlineAir do you fly to Faro?", "We do, twice a week. ^SB", "thanks!"),
    Exchange(
        "@NorthlineAir do you fly to Faro?", "We do, twice a week. ^SB", "Great, thank you so much Sam 😊"
    ),
    Exchange(LOST, f"{SORRY} It is found and comes tonight. ^SB", "Brilliant, cheers"),
    Exchange(LOST, f"{SORRY} It is found and comes tonight. ^SB", "it just arrived, you can close this"),
    Exchange(LOST, f"{SORRY} It comes tonight. Can we help with anything else? ^SB", "No thanks"),
    Exchange(LOST, f"{SORRY} It comes tonight. Is there anything else? ^SB", "no that's all, thank you"),
]


def _rows(number: int, exchange: Exchange) -> list[dict[str, Any]]:
    """As a network gives them: the brand's answer among them."""
    thread = {"conversation_id": f"c{number}"}
    customer = f"cust{number}"
    return [
        message(f"a{number}", exchange.first, customer, **thread),
        message(
            f"b{number}", f"@{customer} {exchange.ours}", "NorthlineAir",
            created_at="2026-11-20T10:02:00Z", in_reply_to=f"a{number}", **thread,
        ),
        message(
            f"c{number}", exchange.then, customer,
            created_at="2026-11-20T10:04:00Z", in_reply_to=f"b{number}", **thread,
        ),
    ]  # fmt: skip


def _played(cli: Cli, exchanges: list[Exchange]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read in one after the other: the assessments of what came last, and the tickets, by customer."""
    rows = [row for number, one in enumerate(exchanges) for row in _rows(number, one)]
    cli.write("inbox.jsonl", *(row for row in rows if not row["id"].startswith("c")))
    done(cli("fetch", now="2026-11-20T10:03:00Z"))
    done(cli("triage", now="2026-11-20T10:03:00Z"))
    cli.write("inbox.jsonl", *rows)
    done(cli("fetch", now=NOW))
    found = {one["message_id"]: one for one in done(cli("triage", "--json", now=NOW)).records}
    assert set(found) == {f"c{number}" for number in range(len(exchanges))}
    return found, {one["customer"]["handle"]: one for one in done(cli("list", "--json", now=NOW)).records}


def test_short_answers_to_our_questions_keep_the_ticket_open(cli: Cli) -> None:
    found, tickets = _played(cli, [exchange for exchange, _ in ANSWERS])
    assert len(tickets) == len(ANSWERS)
    for number, (exchange, priority) in enumerate(ANSWERS):
        one, ticket = found[f"c{number}"], tickets[f"cust{number}"]
        assert (one["respond"], one["priority"]) == ("respond", priority), exchange
        assert (ticket["status"], ticket["respond"], ticket["messages"]) == ("open", "respond", 3), exchange


def test_thanks_and_what_ends_a_matter_wait_for_nobody(cli: Cli) -> None:
    found, tickets = _played(cli, ENDS)
    for number, exchange in enumerate(ENDS):
        one, ticket = found[f"c{number}"], tickets[f"cust{number}"]
        assert (one["respond"], one["priority"]) == ("monitor", "low"), exchange
        assert (ticket["due_at"], ticket["messages"]) == (None, 3), exchange
    assert done(cli("next", "--json", now=NOW)).out == ""


def test_a_closing_thanks_can_be_resolved_without_another_answer(cli: Cli) -> None:
    _, tickets = _played(cli, [ENDS[0]])
    ticket = tickets["cust0"]["id"]
    done(cli("resolve", ticket, "--outcome", "answered", "--as", "sb", now=LATER))
    assert done(cli("list", "--json", now=LATER)).record["status"] == "solved"


def test_an_answer_given_from_here_is_known_to_triage(cli: Cli) -> None:
    ticket = queued(cli, message(text="@NorthlineAir the app won't load"))
    text = "@cust1 Sorry about that. Which version of iOS do you run? ^SB"
    draft = done(cli("reply", ticket, "--text", text, "--as", "sb", "--yes", "--json", now=LATER)).record
    again = message("m2", "iOS 11.0.3", created_at="2026-11-20T10:07:00Z", in_reply_to=draft["remote_id"])
    cli.write("inbox.jsonl", message(text="@NorthlineAir the app won't load"), again)
    done(cli("fetch", now="2026-11-20T10:08:00Z"))
    found = done(cli("triage", "--json", now="2026-11-20T10:08:00Z")).record
    assert (found["ticket"], found["respond"], found["priority"]) == (ticket, "respond", "high")
    record = done(cli("why", ticket, "--json", now="2026-11-20T10:08:00Z")).record
    assert "m1" in {part["message_id"] for part in record["parts"]}


def test_what_waits_keeps_its_weight_under_a_later_word(cli: Cli) -> None:
    ticket = queued(
        cli,
        message(
            "m1", "@NorthlineAir I am stranded in Oslo and my flight leaves in 30 min", conversation_id="c"
        ),
        message("m2", "hello??", created_at="2026-11-20T10:03:00Z", conversation_id="c"),
        message("m3", "thanks in advance", created_at="2026-11-20T10:04:00Z", conversation_id="c"),
    )
    listed = done(cli("list", "--json", now=NOW)).record
    assert (listed["id"], listed["priority"], listed["respond"]) == (ticket, "urgent", "respond")


@pytest.mark.parametrize(
    "row",
    [
        message("m1", "We fly to Faro from May. ^SB", "NorthlineAir"),
        message("m1", "RT @NorthlineAir: We fly to Faro from May."),
    ],
)
def test_our_own_posts_and_bare_reposts_open_no_ticket(cli: Cli, row: dict[str, Any]) -> None:
    cli.write("inbox.jsonl", row)
    assert done(cli("fetch", "--json", now=NOW)).record["new"] == 1
    assert done(cli("list", "--json", now=NOW)).out == ""


def test_another_customer_in_the_thread_has_a_ticket_of_their_own(cli: Cli) -> None:
    queued(
        cli,
        message("m1", LOST, conversation_id="c"),
        message("m2", "same here, mine is lost too", "cust2", in_reply_to="m1", conversation_id="c"),
    )
    assert len(done(cli("list", "--json", now=NOW)).records) == 2


def test_a_page_that_comes_newest_first_is_no_other_conversation(cli: Cli) -> None:
    rows = _rows(0, Exchange(LOST, f"{SORRY} Is your name on it? ^SB", "no"))

    def weighed(*given: dict[str, Any]) -> dict[str, Any]:
        sent = "".join(json.dumps(row) + "\n" for row in given)
        run = done(cli("triage", "-", "--json", input=sent, now=NOW))
        assert [one["message_id"] for one in run.records] == [row["id"] for row in given]
        return {one["message_id"]: one for one in run.records}

    forward, backward = weighed(*rows), weighed(*reversed(rows))
    assert backward["a0"] == forward["a0"] == weighed(rows[0])["a0"]  # what came later is no story of its own
    middle_first = weighed(rows[1], rows[0], rows[2])
    assert middle_first["c0"] == forward["c0"]
