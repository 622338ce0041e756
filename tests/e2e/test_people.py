"""A team at one queue: what each role may do, who answers what, and from whose account."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from socialcli.queue.store import Queue
from tests.conftest import Cli, Run, collect
from tests.e2e.staging import LATER, MONEY, NOW, SORRY, done, journal, message, policy, queued
from tests.e2e.test_races import wait_before_a_lock

TEAM = """
[[accounts]]
name = "support"
network = "file"
handle = "NorthlineAir"

[[accounts]]
name = "sam"
network = "file"
handle = "SamAtNorthline"
role = "agent"
inbox = "sam-inbox.jsonl"
outbox = "sam-outbox.jsonl"

[[agents]]
id = "sb"
name = "Sam Baker"
initials = "SB"
account = "sam"

[[agents]]
id = "mo"
name = "Mina Okafor"
initials = "MO"
role = "lead"
"""
PRAISE = "@NorthlineAir what a lovely crew on NL218, thank you!"
THANKS = "@cust1 Thank you so much, we will tell the crew. ^SB"
OTHER = "@cust1 We are sorry your bag is late. Send us a DM and we will find it today. ^MO"
AFTER_THE_LEASE = "2026-11-20T10:36:00Z"
needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the gate looks into /proc")


def team(cli: Cli, *rows: dict[str, Any], more: str = "") -> str:
    policy(cli, TEAM + more)
    return queued(cli, *rows)


def own(ticket: str, text: str = SORRY, *more: str) -> tuple[str, ...]:
    return ("reply", ticket, "--text", text, "--from-own", "--as", "sb", "--yes", "--json", *more)


def sent(cli: Cli, account: str = "sam") -> list[str]:
    name = {"sam": "sam-outbox.jsonl", "support": "outbox.jsonl"}[account]
    return [one["text"] for one in cli.lines(name)]


def refused(run: Run, *words: str) -> None:
    assert run.code == 3, run.err
    for word in words:
        assert word in run.error["message"]


# what each role may do

ONLY_LEADS = {
    "speak": ("statement", "--account", "support", "--text", "Check-in is down. More by 10:40.", "--yes"),
    "speak in a reply": (
        "reply", "{ticket}", "-t", "statement-investigating", "--set", "what=check-in", "--set", "next_update=16:00", "--yes",
    ),
    "block": ("block", "@cust1", "--reason", "spam", "--yes"),
    "block lifted": ("block", "--lift", "@cust1"),
    "incidents": ("incident", "open", "--topic", "outage", "--words", "app, down"),
    "post": ("done", "{ticket}", "--url", "https://northline.example/1"),
}  # fmt: skip


@pytest.mark.parametrize("what", ONLY_LEADS)
def test_a_right_that_only_leads_have_is_refused_by_its_key(cli: Cli, what: str) -> None:
    right = what.partition(" ")[0]
    ticket = team(cli, more=f'[rights]\n{right} = ["lead"]\n')
    before = journal(cli)
    words = [one.format(ticket=ticket) for one in ONLY_LEADS[what]]
    run = cli(*words, "--as", "sb", "--json", now=LATER)
    refused(run, f"rights.{right}", "sb")
    assert run.error["hint"] == "ask somebody else: --as mo"
    assert journal(cli) == before


@pytest.mark.parametrize("step", ["confirm", "dismiss", "close"])
def test_incidents_are_turned_by_those_who_may(cli: Cli, step: str) -> None:
    team(cli, more='[rights]\nincidents = ["lead"]\n')
    opened = ("incident", "open", "--topic", "outage", "--words", "app, down", "--json")
    incident = done(cli(*opened, "--as", "mo", now=LATER)).record["id"]
    refused(cli("incident", step, incident, "--as", "sb", "--json", now=LATER), "rights.incidents")
    assert done(cli("incident", "show", incident, "--json", now=LATER)).records[0]["state"] == "open"


@pytest.mark.parametrize(("signer", "code"), [("tr", 3), ("mo", 0)])
def test_a_planned_step_needs_the_name_of_somebody_who_may_take_it(cli: Cli, signer: str, code: int) -> None:
    spam = "Win a free cruise now!!! Click https://win.example/cruise $$$ 100% FREE crypto giveaway"
    tom = '[[agents]]\nid = "tr"\nname = "Tom Reyes"\ninitials = "TR"\n[rights]\nblock = ["lead"]\n'
    ticket = team(cli, message(text=spam), more=tom)
    planned = done(cli("block", ticket, "--reason", "spam", "--plan", "--as", "sb", "--json", now=LATER)).out
    (cli.workspace / "plan.jsonl").write_text(planned)
    done(cli("apply", "plan.jsonl", "--sign", "--all", "--as", signer, now=LATER))
    run = cli("apply", "plan.jsonl", "--as", "sb", "--yes", "--json", now=LATER)
    assert run.code == code, run.err
    assert ("rights.block" in run.out + run.err) is (code == 3)


def test_who_may_not_post_writes_and_somebody_else_says_yes(cli: Cli) -> None:
    ticket = team(cli, more='[rights]\npost = ["lead"]\n')
    draft = done(cli("reply", ticket, "--text", SORRY, "--as", "sb", "--yes", "--json", now=LATER)).record
    assert (draft["state"], draft["reason"]) == ("awaiting-approval", "Sam Baker may draft, not post")
    assert done(cli("approve", draft["id"], "--as", "mo", "--json", now=LATER)).record["state"] == "sent"


def test_who_may_approve_but_not_post_leaves_the_post_to_others(cli: Cli) -> None:
    ticket = team(cli, more='[rights]\npost = ["lead"]\n')
    mine = MONEY.replace("^SB", "^MO")
    draft = done(cli("reply", ticket, "--text", mine, "--as", "mo", "--yes", "--json", now=LATER)).record[
        "id"
    ]
    run = done(cli("approve", draft, "--as", "sb", "--json", now=LATER))
    assert run.record["state"] == "approved"
    assert "sb may approve, not post (rights.post)" in run.err
    assert cli("outbox", "--settle", "--as", "sb", now=LATER).code != 0
    assert sent(cli, "support") == []
    done(cli("outbox", "--settle", "--as", "mo", now=LATER))
    assert sent(cli, "support") == [mine]


# a lease that ends while somebody writes


@needs_proc
def test_a_claim_of_a_colleague_stops_the_post_at_the_last_moment(cli: Cli) -> None:
    """The colleague's claim is written between the reply's look at the ticket and its post."""
    ticket = team(cli)
    done(cli("claim", ticket, "--as", "sb", now=NOW))
    queue = Queue(cli.workspace, lambda: datetime(2026, 11, 20, 10, 36, tzinfo=UTC), print)
    with queue.writing() as writing:
        process = cli.start(
            "reply", ticket, "--text", SORRY, "--as", "sb", "--yes", "--json", now=AFTER_THE_LEASE
        )
        wait_before_a_lock([process])
        writing.add("claimed", ticket, "mo", {"agent": "mo", "until": 4_000_000_000})
    queue.close()
    run = collect(process)
    assert (run.code, run.record["state"], run.record["text"]) == (6, "parked", SORRY)
    assert run.error["message"] == f"ticket {ticket} is claimed by mo"
    assert sent(cli, "support") == []
    assert done(cli("outbox", "--json", now=AFTER_THE_LEASE)).record["text"] == SORRY


def test_where_nobody_took_it_the_claim_goes_on(cli: Cli) -> None:
    ticket = team(cli)
    done(cli("claim", ticket, "--as", "sb", now=NOW))
    done(cli("reply", ticket, "--text", SORRY, "--as", "sb", "--yes", now=AFTER_THE_LEASE))
    (record,) = done(cli("list", "--json", now=AFTER_THE_LEASE)).records
    assert (record["assignee"], record["claimed_until"]) == ("sb", "2026-11-20T11:06:00Z")


def test_what_was_written_for_later_stops_at_a_colleagues_claim(cli: Cli) -> None:
    ticket = team(cli)
    done(cli("reply", ticket, "--text", SORRY, "--as", "sb", "--in", "5m", "--yes", now=NOW))
    done(cli("claim", ticket, "--as", "mo", now=LATER))
    run = cli("outbox", "--settle", "--as", "sb", "--json", now="2026-11-20T10:12:00Z")
    assert (run.code, f"ticket {ticket} is claimed by mo" in run.err + run.out) == (6, True)
    assert done(cli("outbox", "--json", now=LATER)).record["text"] == SORRY
    assert len(sent(cli, "support")) == 0


# from an account of one's own


@pytest.mark.parametrize(
    ("personal", "complaint", "praise"), [("never", 3, 3), ("tier1", 0, 3), ("always", 0, 0)]
)
def test_each_value_of_the_key(cli: Cli, personal: str, complaint: int, praise: int) -> None:
    more = f'[as]\npersonal = "{personal}"\n'
    team(cli, message(), message("m2", PRAISE, "cust2"), more=more)
    ids = {one["customer"]["handle"]: one["id"] for one in done(cli("list", "--json", now=NOW)).records}
    first = cli(*own(ids["cust1"]), now=LATER)
    second = cli(*own(ids["cust2"], THANKS.replace("@cust1", "@cust2")), now=LATER)
    assert (first.code, second.code) == (complaint, praise), first.err + second.err
    for run in (first, second):
        if run.code:
            assert f"as.personal is {personal}" in run.error["message"]
    assert len(sent(cli)) == [complaint, praise].count(0)
    assert sent(cli, "support") == []


@pytest.mark.parametrize("personal", ["never", "tier1", "always"])
@pytest.mark.parametrize("by", ["sb", "mo"])
def test_what_answers_nobody_goes_out_from_there_only_by_its_owner(cli: Cli, personal: str, by: str) -> None:
    policy(cli, f'{TEAM}[approval]\nwhen = []\n[as]\npersonal = "{personal}"\n')
    text = f"Check-in is down, the desks are open. ^{by.upper()}"
    said = ("statement", "--account", "sam", "--text", text, "--as", by, "--yes", "--json")
    shift = ("shift", "open", "--account", "sam", "--as", by, "--yes", "--json")
    codes = [cli(*words, now=NOW).code for words in (said, (*said, "--dry-run"))]
    if (by, personal) == ("sb", "always"):
        assert (codes, sent(cli)) == ([0, 0], [text])
        return
    refused(cli(*said, now=NOW), "sam is not mo's own" if by == "mo" else f"as.personal is {personal}")
    assert (codes, cli(*shift, "--intro", now=NOW).code, sent(cli)) == ([3, 3], 3, [])


def test_a_statement_from_there_that_waits_is_asked_once_more(cli: Cli) -> None:
    policy(cli, TEAM + '[as]\npersonal = "always"\n')
    said = ("statement", "--account", "sam", "--text", "Check-in is down, the desks are open. ^SB")
    waits = done(cli(*said, "--as", "sb", "--yes", "--json", now=NOW)).record
    assert waits["state"] == "awaiting-approval"
    policy(cli, TEAM + '[as]\npersonal = "tier1"\n')
    refused(cli("approve", waits["id"], "--as", "mo", "--json", now=LATER), "as.personal is tier1")
    assert sent(cli) == []


def test_it_is_the_tickets_answer_and_said_once(cli: Cli) -> None:
    ticket = team(cli)
    draft = done(cli(*own(ticket), now=LATER)).record
    assert (draft["account"], draft["agent"], draft["state"]) == ("sam", "sb", "sent")
    again = done(cli(*own(ticket), now=LATER)).record
    assert (again["id"], again["remote_id"]) == (draft["id"], draft["remote_id"])
    assert sent(cli) == [SORRY]
    shown = done(cli("show", ticket, "--json", now=LATER)).records
    assert (shown[0]["status"], shown[0]["account"]) == ("pending", "support")
    assert [one["text"] for one in shown if one["type"] == "message"][1:] == [SORRY]
    late = cli("reply", ticket, "--text", OTHER, "--as", "mo", "--yes", "--json", now=LATER)
    assert (late.code, sent(cli, "support")) == (6, [])


def test_what_the_customer_answers_there_comes_into_the_same_ticket(cli: Cli) -> None:
    ticket = team(cli)
    remote = done(cli(*own(ticket), now=LATER)).record["remote_id"]
    theirs = message("n1", "@SamAtNorthline thank you, I sent it", in_reply_to=remote)
    cli.write("sam-inbox.jsonl", theirs | {"created_at": LATER})
    done(cli("fetch", now="2026-11-20T10:10:00Z"))
    (record,) = done(cli("list", "--json", now="2026-11-20T10:10:00Z")).records
    assert (record["id"], record["account"], record["messages"]) == (ticket, "support", 3)


def test_what_the_customer_wrote_to_the_brand_meanwhile_stops_it(cli: Cli) -> None:
    ticket = team(cli)
    newer = message("m9", "@NorthlineAir found it, never mind", in_reply_to="m1")
    cli.write("inbox.jsonl", message(), newer | {"created_at": "2026-11-20T10:05:30Z"})
    run = cli(*own(ticket), now=LATER)
    assert (run.code, run.record["state"]) == (6, "parked")
    assert "has written again" in run.error["message"]
    assert sent(cli) == []


def test_an_answer_of_the_brands_from_elsewhere_stops_it(cli: Cli) -> None:
    ticket = team(cli)
    posted = message("o1", OTHER, "NorthlineAir", in_reply_to="m1") | {"created_at": "2026-11-20T10:05:30Z"}
    cli.write("outbox.jsonl", posted)
    run = cli(*own(ticket), now=LATER)
    assert (run.code, sent(cli)) == (6, [])
    assert "answered by somebody else" in run.error["message"]


@pytest.mark.parametrize("point", ["post:intended", "post:accepted"])
def test_killed_on_the_way_it_is_still_one_post(cli: Cli, point: str) -> None:
    ticket = team(cli)
    killed = cli(*own(ticket), now=LATER, env={"SOCIALCLI_FAIL_POINT": point})
    assert killed.code < 0
    assert done(cli(*own(ticket), now=LATER)).record["state"] == "sent"
    assert sent(cli) == [SORRY]


def test_the_same_check_and_the_same_sign_off(cli: Cli) -> None:
    ticket = team(cli)
    refused(cli(*own(ticket, SORRY.replace(" ^SB", "")), now=LATER), "signoff/missing")
    refused(cli(*own(ticket, SORRY.replace("^SB", "^MO")), now=LATER), "signoff/wrong-agent")
    assert sent(cli) == []


def test_the_same_approval_and_a_key_that_changed_meanwhile(cli: Cli) -> None:
    ticket = team(cli)
    draft = done(cli(*own(ticket, MONEY), now=LATER)).record
    assert draft["state"] == "awaiting-approval"
    done(cli("approve", draft["id"], "--as", "mo", "--no-post", now=LATER))
    policy(cli, TEAM + '[as]\npersonal = "never"\n')
    run = cli("approve", draft["id"], "--as", "mo", "--json", now=LATER)
    refused(run, "as.personal is never")
    policy(cli, TEAM.replace('account = "sam"\n', ""))
    run = cli("approve", draft["id"], "--as", "mo", "--json", now=LATER)
    refused(run, "sam is not sb's own account: agents.account")
    policy(cli, TEAM)
    assert done(cli("approve", draft["id"], "--as", "mo", "--json", now=LATER)).record["state"] == "sent"
    assert (sent(cli), sent(cli, "support")) == ([MONEY], [])


def test_a_dry_run_names_the_account_and_writes_nothing(cli: Cli) -> None:
    ticket = team(cli)
    before = journal(cli)
    run = done(cli(*own(ticket, SORRY, "--dry-run"), now=LATER))
    assert run.record["account"] == "sam"
    assert "sam: it would go out" in run.err
    assert (journal(cli), sent(cli)) == (before, [])


def test_who_has_none_and_what_was_written_in_private(cli: Cli) -> None:
    ticket = team(cli, message("m1", "my bag never arrived, where is it?", visibility="direct"))
    run = cli("reply", ticket, "--text", OTHER, "--from-own", "--as", "mo", "--yes", "--json", now=LATER)
    refused(run, "mo has no account of their own: agents.account")
    refused(cli(*own(ticket), now=LATER), "it was written to support in private")
    assert cli("reply", ticket, "--from-own", "--as", "sb", now=LATER).code == 2
    assert cli(*own(ticket, SORRY, "--plan"), now=LATER).code == 2


def test_the_words_go_with_the_customer_from_there_too(cli: Cli) -> None:
    ticket = team(cli)
    done(cli(*own(ticket), now=LATER))
    done(cli("forget", "@cust1", "--as", "mo", "--yes", now=LATER))
    assert b"So sorry" not in (cli.workspace / "sam-outbox.jsonl").read_bytes() + journal(cli)
