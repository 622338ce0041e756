"""``split``: a message, and what answers it, becomes a ticket of its own."""

from __future__ import annotations

from typing import Any

from tests.commands.test_merge import thread
from tests.conftest import Cli
from tests.e2e.staging import LATER, MONEY, NOW, SORRY, TWO_AGENTS, done, journal, message, policy, queued

BAG = message("m1", "@NorthlineAir my lost bag never arrived. Help!", "cust1")
SEAT = message(
    "m2", "and my refund for seat 12A is missing", "cust1", in_reply_to="m1", created_at="2026-11-20T10:01:00Z",
    conversation_id="m1",
)  # fmt: skip
MORE = message(
    "m3",
    "the refund, please",
    "cust1",
    in_reply_to="m2",
    created_at="2026-11-20T10:02:00Z",
    conversation_id="m1",
)


def fetched(cli: Cli, *rows: dict[str, Any]) -> None:
    cli.write("inbox.jsonl", *rows)
    done(cli("fetch", now=LATER))


def split(cli: Cli, ticket: str, name: str) -> str:
    """The id of the new ticket."""
    new, old = done(cli("split", ticket, name, "--json", now=NOW)).records
    assert old["id"] == ticket
    return str(new["id"])


def test_the_message_and_what_answers_it(cli: Cli) -> None:
    ticket = queued(cli, BAG, SEAT, MORE)
    new, old = done(cli("split", ticket, "m2", "--json", now=NOW)).records
    assert (old["id"], old["messages"], old["text"]) == (ticket, 1, BAG["text"])
    assert (new["messages"], new["text"], new["status"]) == (2, MORE["text"], "new")
    assert (new["opened_at"], new["received_at"]) == ("2026-11-20T10:01:00Z", "2026-11-20T10:01:00Z")
    assert (thread(cli, ticket), thread(cli, new["id"])) == (["m1"], ["m2", "m3"])


def test_triage_looks_at_both_again(cli: Cli) -> None:
    ticket = queued(cli, BAG, SEAT, MORE)
    new = split(cli, ticket, "m2")
    seen = {one["ticket"] for one in done(cli("triage", "--json", now=NOW)).records}
    assert seen == {ticket, new}
    assert {one["status"] for one in done(cli("list", "--json", now=NOW)).records} == {"open"}


def test_later_messages_of_the_thread_find_the_right_ticket(cli: Cli) -> None:
    ticket = queued(cli, BAG, SEAT, MORE)
    new = split(cli, ticket, "m2")
    at = {"created_at": "2026-11-20T10:05:00Z", "conversation_id": "m1"}
    to_new = message("m4", "still no refund", "cust1", in_reply_to="m3", **at)
    to_old = message("m5", "still no bag", "cust1", in_reply_to="m1", **at)
    nowhere = message("m6", "hello?", "cust1", **at)
    fetched(cli, BAG, SEAT, MORE, to_new, to_old, nowhere)
    assert thread(cli, new) == ["m2", "m3", "m4"]
    assert thread(cli, ticket) == ["m1", "m5", "m6"]


def test_of_direct_messages_all_later_ones_and_those_that_are_still_to_come(cli: Cli) -> None:
    rows = [
        message(
            f"d{n}", f"direct message {n} about my trip", "cust1", visibility="direct", conversation_id="c7",
            created_at=f"2026-11-20T10:0{n}:00Z",
        )
        for n in range(5)
    ]  # fmt: skip
    ticket = queued(cli, *rows[:4])
    new = split(cli, ticket, "d2")
    fetched(cli, *rows)
    assert (thread(cli, ticket), thread(cli, new)) == (["d0", "d1"], ["d2", "d3", "d4"])


def test_our_answer_goes_along_with_what_it_answers(cli: Cli) -> None:
    ticket = queued(cli, BAG, SEAT)
    text = "@cust1 So sorry about your seat. Please DM us the reference and we will look into it now. ^SB"
    sent = done(cli("reply", ticket, "--text", text, "--yes", "--json", now=NOW)).record
    assert sent["target"] == "m2"
    new = split(cli, ticket, "m2")
    assert thread(cli, new) == ["m2", sent["remote_id"]]
    assert thread(cli, ticket) == ["m1"]
    assert done(cli("show", new, "--json", now=NOW)).records[0]["status"] == "pending"
    again = done(cli("reply", new, "--text", text, "--yes", "--json", now=LATER)).record
    assert (again["id"], again["ticket"], again["remote_id"]) == (sent["id"], new, sent["remote_id"])
    assert len(cli.lines("outbox.jsonl")) == 1


def test_a_second_run_writes_nothing(cli: Cli) -> None:
    ticket = queued(cli, BAG, SEAT, MORE)
    new = split(cli, ticket, "m2")
    before = journal(cli)
    assert split(cli, ticket, "m2") == new
    assert done(cli("split", ticket, "m2", "--dry-run", "--json", now=NOW)).records == []
    assert journal(cli) == before


def test_split_and_merge_undo_each_other_as_often_as_one_likes(cli: Cli) -> None:
    ticket = queued(cli, BAG, SEAT, MORE)
    for _ in range(3):
        new = split(cli, ticket, "m2")
        assert (thread(cli, ticket), thread(cli, new)) == (["m1"], ["m2", "m3"])
        assert done(cli("merge", new, ticket, "--json", now=NOW)).record["id"] == ticket
        assert thread(cli, new) == thread(cli, ticket) == ["m1", "m2", "m3"]
    assert done(cli("list", "--json", now=NOW)).record["messages"] == 3
    assert done(cli("doctor", "--verify", now=NOW)).code == 0


def test_a_merge_is_undone_under_the_old_name(cli: Cli) -> None:
    other = message("m7", "@NorthlineAir my seat was taken", "cust1", created_at="2026-11-20T10:03:00Z")
    older = queued(cli, BAG, other)
    (younger,) = [one["id"] for one in done(cli("list", "--json", now=NOW)).records if one["id"] != older]
    done(cli("merge", older, younger, now=NOW))
    assert split(cli, older, "m7") == younger
    assert (thread(cli, older), thread(cli, younger)) == (["m1"], ["m7"])


def test_what_cannot_be_split_off(cli: Cli) -> None:
    ticket = queued(cli, BAG, SEAT)
    text = "@cust1 So sorry about your seat. Please DM us the reference and we will look into it now. ^SB"
    sent = done(cli("reply", ticket, "--text", text, "--yes", "--json", now=NOW)).record
    before = journal(cli)
    assert cli("split", ticket, "m1", now=NOW).code == 3
    assert cli("split", ticket, sent["remote_id"], now=NOW).code == 3
    assert cli("split", ticket, "m99", now=NOW).code == 5
    assert cli("split", "qqqq", "m2", now=NOW).code == 5
    assert journal(cli) == before


def test_not_while_a_draft_is_on_its_way(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli, BAG, SEAT)
    waiting = cli("reply", ticket, "--text", MONEY, "--as", "sb", "--yes", "--json", now=LATER)
    assert waiting.record["state"] == "awaiting-approval"
    before = journal(cli)
    assert cli("split", ticket, "m2", "--as", "sb", now=LATER).code == 6
    assert journal(cli) == before


def test_a_dry_run_says_what_would_go(cli: Cli) -> None:
    ticket = queued(cli, BAG, SEAT, MORE)
    before = journal(cli)
    plan = done(cli("split", ticket, "m2", "--dry-run", "--json", now=NOW)).record
    assert (plan["event"], plan["data"]["messages"]) == ("split", ["m2", "m3"])
    assert journal(cli) == before


def test_words_are_found_in_the_ticket_where_they_stand_now(cli: Cli) -> None:
    ticket = queued(cli, BAG, SEAT, MORE)
    assert [one["id"] for one in done(cli("list", "--match", "refund", "--json", now=NOW)).records] == [
        ticket
    ]
    new = split(cli, ticket, "m2")
    for _ in range(2):
        assert [one["id"] for one in done(cli("list", "--match", "refund", "--json", now=NOW)).records] == [
            new
        ]
        (cli.workspace / ".socialcli" / "index.sqlite").unlink()


def test_what_is_left_without_an_answer_of_its_own_is_owed_one(cli: Cli) -> None:
    """The only answer was about what went: the rest is back on the desk, and can be answered."""
    ticket = queued(cli, BAG, SEAT)
    done(cli("reply", ticket, "--text", SORRY, "--yes", now=LATER))
    split(cli, ticket, "m2")
    done(cli("triage", now=LATER))
    listed = {one["id"]: one for one in done(cli("list", "--json", now=LATER)).records}
    assert (listed[ticket]["status"], listed[ticket]["received_at"]) == ("open", "2026-11-20T10:00:00Z")
    assert done(cli("next", "--json", now=LATER)).record["id"] == ticket
    text = "@cust1 So sorry about your bag. Please DM us the reference and we will look at once. ^SB"
    assert done(cli("reply", ticket, "--text", text, "--yes", "--json", now=LATER)).record["state"] == "sent"


def test_what_goes_without_an_answer_of_its_own_is_owed_one(cli: Cli) -> None:
    ticket = queued(cli, BAG)
    done(cli("reply", ticket, "--text", SORRY, "--yes", now=LATER))
    fetched(cli, BAG, {**SEAT, "in_reply_to": "m1"})
    colleague = message(
        "o1",
        "@cust1 Your bag is on its way. ^MO",
        "NorthlineAir",
        in_reply_to="m1",
        created_at="2026-11-20T10:03:00Z",
    )
    fetched(cli, colleague)
    new = split(cli, ticket, "m2")
    done(cli("triage", now=LATER))
    listed = {one["id"]: one["status"] for one in done(cli("list", "--json", now=LATER)).records}
    assert listed == {ticket: "pending", new: "open"}
