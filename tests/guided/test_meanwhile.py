"""What others do while an agent types: claim the ticket, write again, answer."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import LATER, done, message
from tests.e2e.test_terminal import ENTER
from tests.guided.stage import SIGNED, SORRY, complaint, complaints, guided, kept, write

AFTER_THE_LEASE = "2026-11-20T10:36:01Z"


def test_two_agents_never_have_one_ticket(cli: Cli) -> None:
    first, second = complaints(cli, 2)
    with guided(cli) as shown:
        shown.until("Start from:")
        refused = cli("claim", first, "--as", "mo", now=LATER)
        assert refused.code == 6
        assert done(cli("next", "--claim", "--as", "mo", "--json", now=LATER)).record["id"] == second
        shown.type("k")
        assert shown.end() == 0
        assert any("nothing else is waiting" in line for line in shown.lines)


def test_a_lease_that_was_lost_is_told_and_the_post_refused(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1)
    with guided(cli, ticket) as shown:
        write(shown, SORRY)
        shown.until("Post it?")
        done(cli("claim", ticket, "--as", "mo", now=AFTER_THE_LEASE))
        shown.until("mo has claimed this ticket meanwhile")
        shown.type("p")
        shown.until(f"ticket {ticket} is claimed by mo")
        shown.until("Post it?")
        shown.type("q")
        assert shown.end() == 6
    assert cli.lines("outbox.jsonl") == []
    assert kept(cli, ticket)["text"] == SIGNED
    (listed,) = done(cli("list", "--json", now=LATER)).records
    assert listed["assignee"] == "mo"


def test_a_customer_who_wrote_again_is_read_before_anything_is_posted(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1)
    with guided(cli, ticket) as shown:
        write(shown, SORRY)
        shown.until("Post it?")
        again = message("m9", "@NorthlineAir never mind the bag, where is my refund?", "cust1")
        again |= {"created_at": "2026-11-20T10:05:30Z", "in_reply_to": "m1"}
        cli.write("inbox.jsonl", complaint(1), again)
        done(cli("fetch", now=LATER))
        shown.type("p")
        shown.until("@cust1 has written again")
        shown.until("where is my refund?")
        assert cli.lines("outbox.jsonl") == []
        shown.until("Post it?")
        shown.type("e")
        shown.until("Reply:")
        shown.type(" We check the refund too." + ENTER)
        shown.until("Post it?")
        shown.type("p")
        assert shown.end() == 0
    (post,) = cli.lines("outbox.jsonl")
    assert post["in_reply_to"] == "m9"
    assert "refund too." in post["text"]


def test_what_only_the_network_knows_is_fetched_with_one_key(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1)
    with guided(cli, ticket) as shown:
        write(shown, SORRY)
        shown.until("Post it?")
        again = message("m9", "@NorthlineAir found it, thank you!", "cust1")
        again |= {"created_at": "2026-11-20T10:05:30Z", "in_reply_to": "m1"}
        cli.write("inbox.jsonl", complaint(1), again)
        shown.type("p")
        shown.until("has written again")
        shown.until("f fetch")
        shown.type("f")
        shown.until("found it, thank you!")
        shown.until("Post it?")
        shown.type("k")
        assert shown.end() == 6
    assert cli.lines("outbox.jsonl") == []
    assert kept(cli, ticket)["text"] == SIGNED


def test_an_answer_of_a_colleague_can_be_followed_only_on_purpose(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1)
    done(cli("reply", ticket, "--text", "We are looking for it now. ^TR", "--as", "tr", "--yes", now=LATER))
    with guided(cli, ticket) as shown:
        write(shown, SORRY)
        shown.until("Post it?")
        assert not any("post all the same" in line for line in shown.lines)
        shown.type("p")
        shown.until("is answered already")
        shown.until("post all the same")
        shown.type("g")
        assert shown.end() == 0
    assert [one["text"] for one in cli.lines("outbox.jsonl")][1:] == [SIGNED]
