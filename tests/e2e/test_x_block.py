"""``block`` on X: what X lets a program do is done there, what it does not is said; a failure leaves nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Cli, Run, collect
from tests.e2e.staging import done, journal
from tests.e2e.test_terminal import terminal
from tests.e2e.x_stage import NOW, connect, one_ticket, take_in
from tests.servers.x.network import XNetwork

ABUSE = "@NorthlineAir you are all worthless idiots"
REMINDER = "@cust1: direct messages are unblocked; if you blocked them by hand, unblock them at https://x.com/cust1\n"
MUTE = ("@cust1", "--reason", "abuse", "--rung", "mute", "--yes")


def block(cli: Cli, *arguments: str) -> Run:
    return cli("block", *arguments, "--as", "sb", "--json", now=NOW)


def standing(cli: Cli) -> list[Any]:
    return done(cli("block", "--list", "--json", now=NOW)).records


def used(cli: Cli) -> list[Any]:
    return [one["data"] for one in cli.lines("queue.jsonl") if one["event"] == "used"]


def wrote(network: XNetwork) -> list[str]:
    return [one.route or one.path for one in network.requests() if one.method != "GET"]


@pytest.fixture
def ticket(cli: Cli, x_network: XNetwork) -> str:
    """An abusive mention by @cust1, in the queue."""
    connect(cli, x_network)
    return one_ticket(cli, x_network, ABUSE)


def test_muted_and_taken_back(cli: Cli, x_network: XNetwork, ticket: str) -> None:
    run = done(block(cli, *MUTE))
    assert (run.record["road"], run.record["network"], run.record["ticket"]) == ("api", "x", None)
    assert "it costs 0.015 USD" in run.err
    assert x_network.mutes() == ["cust1"]
    assert (used(cli)[-1]["acts"], used(cli)[-1]["cost"]) == ({"x/mute": 1}, "0.015")
    again = done(block(cli, ticket, *MUTE[1:]))
    assert again.record == run.record
    assert wrote(x_network) == ["POST muting"]
    assert done(block(cli, "--lift", "@cust1")).record == run.record
    assert x_network.mutes() == []
    assert standing(cli) == []


def test_monitor_tells_x_nothing(cli: Cli, x_network: XNetwork, ticket: str) -> None:
    assert done(block(cli, ticket, "--reason", "abuse")).record["road"] == "no"
    assert wrote(x_network) == []


def test_it_wants_a_yes_first(cli: Cli, x_network: XNetwork, ticket: str) -> None:
    before = journal(cli)
    refused = block(cli, ticket, *MUTE[1:-1])
    assert (refused.code, refused.error["message"]) == (2, "to mute somebody needs a yes")
    planned = done(block(cli, *MUTE[:-1], "--dry-run")).record
    dear = block(cli, *MUTE, "--max-cost", "0.01")
    assert (dear.code, dear.error["message"]) == (3, "it would cost 0.015 USD, more than 0.01")
    assert (wrote(x_network), journal(cli)) == ([], before)
    assert done(block(cli, *MUTE)).record == planned


def test_a_block_is_of_direct_messages_and_says_so(cli: Cli, x_network: XNetwork, ticket: str) -> None:
    record = done(block(cli, ticket, "--reason", "abuse", "--rung", "block", "--yes")).record
    assert x_network.dm_blocks() == ["cust1"]
    assert "direct messages only" in record["note"]
    assert "by hand at https://x.com/cust1" in record["note"]
    lifted = done(block(cli, "--lift", "@cust1", "--rung", "block"))
    assert REMINDER in lifted.err
    assert x_network.dm_blocks() == []


def test_when_it_ends_fetch_reminds_of_what_was_done_by_hand(
    cli: Cli, x_network: XNetwork, ticket: str
) -> None:
    for rung in ("mute", "block"):
        step = ("--reason", "abuse", "--rung", rung, "--for", "1h", "--yes")
        done(block(cli, ticket, *step))
    assert REMINDER not in done(cli("fetch", now=NOW)).err
    later = done(cli("fetch", now="2026-11-20T11:30:00Z"))
    assert later.err.count(REMINDER) == 1
    assert (x_network.dm_blocks(), x_network.mutes(), standing(cli)) == ([], [], [])


def test_hidden_in_our_own_conversation_only(cli: Cli, x_network: XNetwork, ticket: str) -> None:
    post = x_network.write("NorthlineAir", "Good morning! Our autumn timetable is out.")
    reply = x_network.write("cust2", ABUSE, reply_to=post)
    hide = ("--reason", "abuse", "--rung", "hide", "--guideline", "hate", "--yes")
    record = done(block(cli, take_in(cli)[reply], *hide)).record
    assert (record["road"], record["message_id"]) == ("api", reply)
    assert x_network.hidden() == [reply]
    before = journal(cli)
    elsewhere = block(cli, ticket, *hide)
    assert elsewhere.code == 3
    assert "only replies to our own posts" in elsewhere.error["message"]
    assert [line["event"] for line in cli.lines("queue.jsonl")][len(before.splitlines()) :] in ([], ["used"])
    assert x_network.hidden() == [reply]
    done(block(cli, "--lift", "@cust2"))
    assert x_network.hidden() == []


def test_criticism_never_gets_as_far_as_x(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network, "@NorthlineAir you idiots lost my bag")
    x_network.forget_requests()
    refused = block(cli, ticket, *MUTE[1:])
    assert refused.code == 3
    assert "criticism is never held off" in refused.error["message"]
    assert x_network.requests() == []


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("401", 4),
        ("402", 75),
        ("403", 3),
        ("429-no-reset", 75),
        ("503", 75),
        ("reset", 75),
        ("silent", 75),
        ("errors-only", 75),
        ("accepted-no-answer", 75),
    ],
)
def test_a_failure_leaves_nothing_and_is_repeated(
    cli: Cli, x_network: XNetwork, ticket: str, kind: str, code: int
) -> None:
    x_network.fault("POST muting", kind)
    failed = block(cli, *MUTE)
    assert (failed.code, standing(cli)) == (code, []), failed.err
    assert b'"restricted"' not in journal(cli)
    assert "outbox" not in str(failed.error["hint"])
    if kind.startswith("429"):
        return  # until the time that was kept nobody asks again
    assert done(block(cli, ticket, *MUTE[1:])).record["rung"] == "mute"
    assert x_network.mutes() == ["cust1"]


def test_killed_before_it_was_noted_it_is_done_again(cli: Cli, x_network: XNetwork, ticket: str) -> None:
    killed = cli("block", *MUTE, "--as", "sb", now=NOW, env={"SOCIALCLI_FAIL_POINT": "journal:before@2"})
    assert killed.code < 0
    assert (x_network.mutes(), standing(cli)) == (["cust1"], [])
    assert done(block(cli, ticket, *MUTE[1:])).record["rung"] == "mute"
    assert (x_network.mutes(), len(standing(cli))) == (["cust1"], 1)


def test_who_is_gone_is_no_longer_on_the_list(cli: Cli, x_network: XNetwork, ticket: str) -> None:
    done(block(cli, ticket, *MUTE[1:], "--for", "1h"))
    x_network.fault("DELETE muting", "404", 1)
    later = "2026-11-20T12:00:00Z"
    x_network.set_clock(later)
    done(cli("fetch", now=later))
    done(cli("fetch", now=later))
    assert standing(cli) == []
    assert wrote(x_network) == ["POST muting", "DELETE muting"]


def test_what_costs_too_much_to_lift_stays_for_now(cli: Cli, x_network: XNetwork, ticket: str) -> None:
    done(block(cli, ticket, *MUTE[1:], "--for", "1h"))
    later = "2026-11-20T12:00:00Z"
    x_network.set_clock(later)
    run = cli("fetch", "--max-cost", "0", now=later)
    assert "mute has ended and was not lifted: it would cost too much" in run.err
    assert wrote(x_network) == ["POST muting"]
    done(cli("fetch", now=later))
    assert (x_network.mutes(), standing(cli)) == ([], [])


def test_a_limit_is_kept_and_x_is_not_asked_again(cli: Cli, x_network: XNetwork, ticket: str) -> None:
    x_network.fault("POST muting", "429", reset=600)
    assert block(cli, *MUTE).code == 75
    assert used(cli)[-1]["held"]
    assert block(cli, ticket, *MUTE[1:]).code == 75
    assert wrote(x_network) == ["POST muting"]


def test_what_cannot_be_lifted_stays_on_the_list(cli: Cli, x_network: XNetwork, ticket: str) -> None:
    done(block(cli, *MUTE))
    held = done(block(cli, ticket, "--reason", "abuse", "--rung", "block", "--yes")).record
    x_network.fault("POST dm/unblock", "503")
    failed = block(cli, "--lift", "@cust1")
    assert failed.code == 75
    assert [one["rung"] for one in failed.records] == ["mute"]
    assert standing(cli) == [held]
    assert [one["rung"] for one in done(block(cli, "--lift", "@cust1")).records] == ["block"]
    assert (x_network.mutes(), x_network.dm_blocks(), standing(cli)) == ([], [], [])


def test_two_at_once_are_one_record(cli: Cli, x_network: XNetwork, ticket: str) -> None:
    racers = [cli.start("block", *MUTE, "--as", "sb", "--json", now=NOW) for _ in range(3)]
    records = [done(collect(racer)).record for racer in racers]
    assert records == [records[0]] * 3
    assert records[0]["evidence"][0]["kind"] == "abuse"
    assert (standing(cli), x_network.mutes()) == ([records[0]], ["cust1"])
    assert done(cli("show", ticket, "--json", now=NOW)).code == 0


def test_tokens_that_only_read_leave_it_to_a_person(cli: Cli, x_network: XNetwork, ticket: str) -> None:
    secret = x_network.env("support", names=["BEARER_TOKEN"])
    cli.env = {name: value for name, value in cli.env.items() if not name.startswith("SOCIALCLI_")} | secret
    record = done(block(cli, ticket, "--reason", "abuse", "--rung", "mute")).record
    assert record["road"] == "hand"
    assert "by hand at https://x.com/cust1" in record["note"]
    lifted = done(block(cli, "--lift", "@cust1"))
    assert "take it back by hand" in lifted.err
    assert wrote(x_network) == []


def test_a_person_is_asked_at_the_terminal(cli: Cli, x_network: XNetwork, ticket: str) -> None:
    with terminal(cli, "block", ticket, *MUTE[1:-1], "--as", "sb") as screen:
        screen.until("Do it?")
        assert any("message" in line and "abuse" in line for line in screen.lines)
        screen.type("n")
        assert screen.end() == 130
    assert (x_network.mutes(), standing(cli)) == ([], [])
    with terminal(cli, "block", ticket, *MUTE[1:-1], "--as", "sb") as screen:
        screen.until("Do it?")
        screen.type("y")
        assert screen.end() == 0
    assert (x_network.mutes(), len(standing(cli))) == (["cust1"], 1)
