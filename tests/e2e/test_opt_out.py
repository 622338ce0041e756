"""A customer who asks us to stop: nothing goes out to them any more, by whatever path, also what was planned before.
What they write later may be answered, each message once.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands.test_resolve import FIXED
from tests.conftest import Cli, Run
from tests.e2e import test_acknowledge as night
from tests.e2e import x_stage
from tests.e2e.staging import (
    MONEY,
    NOW,
    SORRY,
    TWO_ACCOUNTS,
    TWO_AGENTS,
    done,
    journal,
    message,
    policy,
    queued,
)
from tests.servers.x.network import XNetwork

ASKED = "2026-11-20T10:06:00Z"
STOPPED = "2026-11-20T10:08:00Z"
LATER = "2026-11-20T10:10:00Z"
MUCH_LATER = "2026-11-20T12:00:00Z"
SINCE = "2026-11-20T10:07:00Z"
STOP = message("m9", "@NorthlineAir please stop messaging me", created_at=SINCE)
TELLS = f"the customer asked for no more messages: {SINCE}"
FREE = '[approval]\nwhen = ["money"]\n'
RIGHT = "@cust1 Sorry, I meant the tag number, not the reference: please DM us that one. ^SB"


@pytest.fixture
def ticket(cli: Cli) -> str:
    """A complaint that waits for its answer."""
    policy(cli, TWO_ACCOUNTS + TWO_AGENTS + FREE)
    return queued(cli)


def also(cli: Cli, *rows: dict[str, Any], now: str = STOPPED, triaged: bool = True) -> dict[str, str]:
    """More of the customer's messages; message -> its ticket."""
    with (cli.workspace / "inbox.jsonl").open("a", encoding="utf-8") as inbox:
        inbox.writelines(json.dumps(row) + "\n" for row in rows)
    done(cli("fetch", now=now))
    assessed = done(cli("triage", "--json", now=now)).records if triaged else []
    return {one["message_id"]: one["ticket"] for one in assessed}


def reply(cli: Cli, ticket: str, text: str = SORRY, *more: str, now: str = LATER) -> Run:
    return cli("reply", ticket, "--text", text, "--as", "sb", "--yes", "--json", *more, now=now)


def settle(cli: Cli, now: str = MUCH_LATER) -> Run:
    return cli("outbox", "--settle", "--as", "mo", "--json", now=now)


def posts(cli: Cli) -> list[str]:
    return [one["text"] for one in cli.lines("outbox.jsonl")]


def draft(cli: Cli, name: str) -> dict[str, Any]:
    shown = {one["id"]: one for one in cli("outbox", "--json", now=MUCH_LATER).records}
    return dict(shown[name])


# ------------------------------------------------------------------------------------------- heard, and told


def test_triage_hears_it_and_says_so_everywhere(cli: Cli, ticket: str) -> None:
    found = also(cli, STOP)
    record = done(cli("opt-out", "--list", "--json", now=LATER)).record
    assert record == {
        "type": "opt-out",
        "handle": "cust1",
        "author_id": None,
        "network": "file",
        "ticket": found["m9"],
        "message_id": "m9",
        "since": SINCE,
        "by": None,
        "reason": None,
    }
    stop = done(cli("why", found["m9"], "--json", now=LATER)).record["assessment"]
    assert (stop["respond"], stop["reasons"][0]["rule"]) == ("monitor", "thread/opt-out")
    assert stop["reasons"][0]["words"] == "stop messaging me"
    reach = done(cli("can", ticket, "--json", now=LATER)).record
    assert (reach["road"], reach["reason"]) == ("no", TELLS)
    assert done(cli("show", ticket, "--json", now=LATER)).records[-1]["opted_out"] == SINCE
    assert "they asked for none" in cli("show", ticket, now=LATER).out
    assert "cannot be answered" in cli("next", "--as", "sb", now=LATER).err
    said = [one for one in done(cli("log", found["m9"], "--json")).records if one["event"] == "opted-out"]
    assert [one["data"] for one in said] == [{"message": "m9", "since": SINCE}]


def test_fetched_and_not_triaged_yet_it_counts_already(cli: Cli, ticket: str) -> None:
    also(cli, STOP, triaged=False)
    run = reply(cli, ticket)
    assert (run.code, run.error["message"]) == (3, TELLS)
    assert posts(cli) == []


def test_triage_again_notes_it_once(cli: Cli, ticket: str) -> None:
    also(cli, STOP)
    done(cli("triage", "--all", now=LATER))
    done(cli("triage", ticket, now=LATER))
    assert [one["event"] for one in cli.lines("queue.jsonl")].count("opted-out") == 1


def test_a_matter_beside_it_is_still_seen(cli: Cli, ticket: str) -> None:
    both = message("m9", "@NorthlineAir Leave me alone. My bag is still lost!", created_at=SINCE)
    found = also(cli, both)
    record = done(cli("show", found["m9"], "--json", now=LATER)).records[0]
    assert (record["kind"], record["respond"]) == ("complaint", "respond")
    assert reply(cli, ticket).code == 3


@pytest.mark.parametrize("words", ["@NorthlineAir please stop messaging me", "Stop."])
def test_a_complaint_that_nobody_answered_is_not_silenced_by_it(cli: Cli, words: str) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli, message(conversation_id="c"))
    again = message("m10", "Leave me alone", created_at="2026-11-20T10:07:30Z", conversation_id="c")
    also(cli, message("m9", words, created_at=SINCE, conversation_id="c"), again)
    record = done(cli("show", ticket, "--json", now=LATER)).records[0]
    assert (record["respond"], record["priority"], record["kind"]) == ("respond", "urgent", "complaint")
    assert [one["message_id"] for one in done(cli("opt-out", "--list", "--json")).records] == ["m10"]
    waiting = done(cli("next", "--as", "sb", now=LATER))
    assert f"resolve {ticket} --outcome no-answer closes it" in waiting.err
    assert (reply(cli, ticket).code, posts(cli)) == (3, [])
    closed = ("resolve", ticket, "--outcome", "no-answer", "--as", "sb", "--yes", "--json")
    assert done(cli(*closed, now=LATER)).record["status"] == "solved"


def test_to_ask_for_it_again_waits_for_nobody(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli, message("m1", "@NorthlineAir stop messaging me", conversation_id="c"))
    also(cli, message("m9", "I said leave me alone", created_at=SINCE, conversation_id="c"))
    assert done(cli("show", ticket, "--json", now=LATER)).records[0]["respond"] == "monitor"


def test_what_may_still_be_answered_is_not_closed_without_an_answer(cli: Cli, ticket: str) -> None:
    closed = ("resolve", ticket, "--outcome", "no-answer", "--as", "sb", "--yes")
    assert cli(*closed, now=ASKED).code == 3
    also(cli, STOP)
    done(cli(*closed, now=LATER))


@pytest.mark.parametrize(
    "row",
    [
        message("m9", "@cust2 please stop messaging me", created_at=SINCE),
        message("m9", "@cust2 @NorthlineAir leave me alone", created_at=SINCE),
        message("m9", "@NorthlineAir stop losing my bags", created_at=SINCE),
        message("m9", "@NorthlineAir please stop messaging me", "cust2", created_at=SINCE),
        message("m9", "please stop messaging me", created_at=SINCE, source="search"),
    ],
    ids=[
        "to somebody else",
        "to somebody else, who wrote to us",
        "something else",
        "by somebody else",
        "found by a search",
    ],
)
def test_what_is_none_stops_nothing(cli: Cli, ticket: str, row: dict[str, Any]) -> None:
    also(cli, row)
    assert done(reply(cli, ticket)).record["state"] == "sent"


# ------------------------------------------------------------------------------------------- every path


def test_a_reply_is_refused_and_its_text_is_kept(cli: Cli, ticket: str) -> None:
    also(cli, STOP)
    for more in ((), ("--again",), ("--in", "1h")):
        run = reply(cli, ticket, SORRY, *more)
        assert (run.code, run.error["message"]) == (3, TELLS)
        assert (run.record["state"], run.record["text"]) == ("refused", SORRY)
    dry = reply(cli, ticket, SORRY, "--dry-run")
    assert (dry.code, dry.record["state"]) == (3, "refused")
    assert posts(cli) == []


def test_a_request_to_go_on_in_private_is_refused(cli: Cli, ticket: str) -> None:
    also(cli, STOP)
    run = cli(
        "move-offline", ticket, "--to", "direct", "--ask", "email", "--as", "sb", "--yes", "--json", now=LATER
    )
    assert run.code == 3
    assert posts(cli) == []


def test_a_direct_message_is_refused(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    private = message("d1", "my bag never arrived, where is it?", visibility="direct", source="direct")
    ticket = queued(cli, private)
    done(cli("opt-out", ticket, "--as", "sb", now=STOPPED))
    assert reply(cli, ticket, "So sorry about your bag. Please send us the reference here. ^SB").code == 3
    assert posts(cli) == []


def test_what_was_put_off_is_parked_when_its_time_comes(cli: Cli, ticket: str) -> None:
    later = done(reply(cli, ticket, SORRY, "--in", "1h", now=ASKED)).record
    also(cli, STOP)
    run = settle(cli)
    assert (run.code, posts(cli)) == (6, [])
    kept = draft(cli, later["id"])
    assert (kept["state"], kept["reason"], kept["text"]) == ("parked", TELLS, SORRY)
    assert done(settle(cli)).records == []
    assert posts(cli) == []
    steps = [one["next"] for one in done(cli("today", "--json", now=MUCH_LATER)).records if one.get("draft")]
    assert steps == [f"socialcli recall {later['id']}"]
    done(cli("recall", later["id"], "--as", "sb", now=MUCH_LATER))


def test_a_yes_comes_too_late(cli: Cli, ticket: str) -> None:
    waits = done(reply(cli, ticket, MONEY, now=ASKED)).record
    assert waits["state"] == "awaiting-approval"
    also(cli, STOP)
    run = cli("approve", waits["id"], "--as", "mo", "--json", now=LATER)
    assert (run.code, posts(cli)) == (6, [])
    assert (run.error["message"], draft(cli, waits["id"])["text"]) == (TELLS, MONEY)


def test_what_was_approved_before_stays_here(cli: Cli, ticket: str) -> None:
    waits = done(reply(cli, ticket, MONEY, now=ASKED)).record
    done(cli("approve", waits["id"], "--no-post", "--as", "mo", now=ASKED))
    also(cli, STOP)
    assert (settle(cli).code, posts(cli)) == (6, [])


def test_what_a_person_would_post_by_hand_is_told_of(cli: Cli, ticket: str) -> None:
    waits = done(reply(cli, ticket, MONEY, now=ASKED)).record
    assert "recall" not in done(cli("outbox", now=ASKED)).err
    also(cli, STOP)
    assert f"draft {waits['id']}: {TELLS}; take it back" in done(cli("outbox", now=LATER)).err


def test_nobody_is_held_who_wants_no_messages(cli: Cli, ticket: str) -> None:
    done(reply(cli, ticket, MONEY, now=ASKED))
    also(cli, STOP)
    assert (done(settle(cli)).records, posts(cli)) == ([], [])


def test_a_plan_made_before_is_refused(cli: Cli, ticket: str) -> None:
    plan = planned(cli, ticket)
    also(cli, STOP)
    run = cli("apply", plan, "--yes", "--as", "sb", "--json", now=LATER)
    assert run.code == 3
    assert [(one["state"], TELLS in one["reason"]) for one in run.records] == [("refused", True)]
    assert posts(cli) == []


def planned(cli: Cli, ticket: str) -> Path:
    """A signed plan that answers the ticket."""
    run = done(cli("reply", ticket, "--text", SORRY, "--plan", "--as", "sb", now=ASKED))
    path = cli.workspace / "plan.jsonl"
    path.write_text(run.out, encoding="utf-8")
    done(cli("apply", path, "--sign", "--all", "--as", "mo", now=ASKED))
    return path


def test_what_waited_for_room_stays_here(cli: Cli) -> None:
    full = TWO_AGENTS + "[outbox]\nper_hour = 1\n"
    policy(cli, full)
    queued(cli, message(), message("m2", "@NorthlineAir my bag never arrived. Where is it?", "cust2"))
    by_handle = {one["customer"]["handle"]: one["id"] for one in done(cli("list", "--json", now=NOW)).records}
    done(reply(cli, by_handle["cust2"], SORRY.replace("cust1", "cust2"), now=ASKED))
    assert (
        reply(
            cli, by_handle["cust1"], "@cust1 We are sorry. Please DM us the tag number. ^SB", now=ASKED
        ).code
        == 75
    )
    policy(cli, TWO_AGENTS)
    also(cli, STOP)
    assert (settle(cli).code, len(posts(cli))) == (6, 1)


def test_an_answer_is_not_corrected_any_more(cli: Cli, ticket: str) -> None:
    first = done(reply(cli, ticket, now=ASKED)).record
    also(cli, STOP)
    run = reply(cli, ticket, RIGHT, "--correct", first["id"])
    assert (run.code, posts(cli)) == (3, [SORRY])


def test_what_stands_in_the_thread_and_was_not_fetched_yet_counts_too(cli: Cli) -> None:
    """The thread is read once more before a post; ``--again`` passes over much, but not over that."""
    policy(cli, TWO_AGENTS)
    ticket = queued(cli, message(conversation_id="c"))
    done(reply(cli, ticket, now=ASKED))
    cli.write("inbox.jsonl", message(conversation_id="c"), STOP | {"conversation_id": "c"})
    run = reply(cli, ticket, RIGHT, "--again")
    assert (run.code, run.error["message"], posts(cli)) == (6, TELLS, [SORRY])
    assert run.record["state"] == "parked"


def test_no_thanks_after_it(cli: Cli, ticket: str) -> None:
    done(reply(cli, ticket, now=ASKED))
    also(cli, STOP)
    cli("resolve", ticket, *FIXED, "--as", "sb", "--yes", now=LATER)
    assert cli("follow-up", ticket, "--as", "sb", "--yes", now=LATER).code != 0
    assert done(cli("show", ticket, "--json", now=LATER)).records[0]["status"] == "solved"
    assert posts(cli) == [SORRY]


def test_no_pointer_and_the_statement_goes_out_all_the_same(cli: Cli, ticket: str) -> None:
    also(cli, STOP)
    what = ("--set", "what=online check-in", "--as", "sb", "--yes", "--json")
    assert done(cli("statement", "--account", "press", *what, now=LATER)).record["state"] == "sent"
    run = cli("statement", "--point", ticket, "--as", "sb", "--yes", "--json", now=LATER)
    assert (run.code, posts(cli)) == (3, [])
    assert len(cli.lines("press-outbox.jsonl")) == 1


def test_no_acknowledgement(cli: Cli) -> None:
    policy(cli, night.settings())
    stop = night.mention("m9", "@NorthlineAir please stop messaging me", created_at="2026-11-20T22:40:00Z")
    found = night.take_in(cli, night.direct(), stop)
    done(cli("opt-out", found["d1"], "--as", "sb", now=night.NIGHT))
    assert (night.acknowledge(cli), posts(cli)) == ([], [])


# ------------------------------------------------------------------------------------------- a new matter


def test_what_they_write_later_is_answered_once(cli: Cli, ticket: str) -> None:
    anew = message("m10", "@NorthlineAir where is my bag now?", created_at="2026-11-20T10:09:00Z")
    new = also(cli, STOP, anew, now=LATER)["m10"]
    assert done(cli("can", new, "--json", now=LATER)).record["road"] == "api"
    sent = done(reply(cli, new)).record
    assert (sent["state"], sent["target"]) == ("sent", "m10")
    assert done(reply(cli, new)).record["remote_id"] == sent["remote_id"]
    assert (
        reply(cli, new, "@cust1 One more thing: please send us the tag number too. ^SB", "--again").code == 3
    )
    assert reply(cli, ticket, RIGHT).code == 3
    assert posts(cli) == [SORRY]
    assert done(reply(cli, new, RIGHT, "--correct", "last")).record["state"] == "sent"
    assert [one["handle"] for one in done(cli("opt-out", "--list", "--json")).records] == ["cust1"]


@pytest.mark.usefixtures("ticket")
def test_to_stop_again_ends_that_too(cli: Cli) -> None:
    rows = (
        message("m10", "@NorthlineAir where is my bag now?", created_at="2026-11-20T10:08:00Z"),
        message("m11", "@NorthlineAir I said leave me alone", created_at="2026-11-20T10:09:00Z"),
    )
    new = also(cli, STOP, *rows, now=LATER)["m10"]
    assert reply(cli, new).code == 3
    assert done(cli("opt-out", "--list", "--json")).record["message_id"] == "m11"


# ------------------------------------------------------------------------------------------- who it is


def test_it_is_of_the_person_whatever_they_are_called(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    old, new = {"handle": "cust1", "id": "77"}, {"handle": "cust_one", "id": "77"}
    other = {"handle": "cust1", "id": "99"}
    ticket = queued(cli, message(author=old))
    stop = message("m9", STOP["text"], created_at=SINCE, author=new)
    taken = message("m8", "@NorthlineAir my bag never arrived. Where is it?", author=other)
    found = also(cli, stop, taken)
    assert reply(cli, ticket).code == 3
    assert done(reply(cli, found["m8"])).record["state"] == "sent"


def test_journals_that_are_united_still_know_it(cli: Cli, ticket: str) -> None:
    """Two workspaces with the same message, one of which heard the customer say stop by phone."""
    before = journal(cli)
    done(cli("opt-out", ticket, "--as", "sb", "--reason", "on the phone", now=STOPPED))
    heard = journal(cli)[len(before) :]
    (cli.workspace / "queue.jsonl").write_bytes(before)
    done(cli("note", ticket, "somebody else's journal", "--as", "mo", now=LATER))
    lines = sorted({*journal(cli).splitlines(keepends=True), *heard.splitlines(keepends=True)})
    (cli.workspace / "queue.jsonl").write_bytes(b"".join([*lines, *lines]))
    assert reply(cli, ticket).code == 3
    assert done(cli("opt-out", "--list", "--json")).record["reason"] == "on the phone"


def test_tickets_that_are_merged_keep_it(cli: Cli, ticket: str) -> None:
    stop = also(cli, STOP)["m9"]
    done(cli("merge", ticket, stop, "--as", "sb", now=LATER))
    done(cli("opt-out", ticket, "--lift", "--reason", "a mistake", "--as", "mo", now=LATER))
    assert done(cli("opt-out", "--list", "--json")).records == []
    done(cli("opt-out", ticket, "--as", "sb", now=MUCH_LATER))
    assert reply(cli, ticket, now=MUCH_LATER).code == 3


def test_erased_it_names_nobody(cli: Cli, ticket: str) -> None:
    done(cli("opt-out", "@cust1", "--as", "sb", "--reason", "said it at the desk", now=STOPPED))
    done(cli("forget", "@cust1", "--as", "sb", "--yes", now=LATER))
    assert b"cust1" not in journal(cli)
    assert b"at the desk" not in journal(cli)
    (record,) = done(cli("opt-out", "--list", "--json", now=LATER)).records
    assert record["handle"].startswith("erased-")
    assert reply(cli, ticket).code != 0
    (cli.workspace / ".socialcli" / "index.sqlite").unlink()
    assert done(cli("opt-out", "--list", "--json", now=LATER)).record == record


# ------------------------------------------------------------------------------------------- over HTTP


def test_on_x_a_plan_made_before_posts_nothing(cli: Cli, x_network: XNetwork) -> None:
    x_stage.connect(cli, x_network)
    ticket = x_stage.one_ticket(cli, x_network)
    plan = planned(cli, ticket)
    stop = x_network.write("cust1", "@NorthlineAir stop messaging me, thanks", at="2026-11-20T10:04:00Z")
    assert stop in x_stage.take_in(cli)
    assert done(cli("can", ticket, "--json", now=x_stage.NOW)).record["road"] == "no"
    run = cli("apply", plan, "--yes", "--as", "sb", "--json", now=x_stage.NOW)
    assert (run.code, [one["state"] for one in run.records]) == (3, ["refused"])
    assert "asked for no more messages" in run.records[0]["reason"]
    assert x_network.requests("POST tweets") == []
