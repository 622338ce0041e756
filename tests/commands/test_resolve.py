"""``resolve``: the closing rule, the outcome, and the thanks where the customer began."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, MONEY, NOW, SORRY, TWO_AGENTS, done, journal, message, policy, queued
from tests.e2e.test_terminal import terminal

NEXT = "2026-11-20T10:20:00Z"
FIXED = ("--outcome", "fixed", "--cause", "bag left in Oslo", "--fix", "sent on")
TOM = '[[agents]]\nid = "tr"\nname = "Tom Reyes"\ninitials = "TR"\nrole = "draft"\n'


def answered(cli: Cli, *rows: dict[str, Any]) -> str:
    ticket = queued(cli, *rows)
    done(cli("reply", ticket, "--text", SORRY, "--yes", "--as", "sb", now=LATER))
    return ticket


def helped_in_private(cli: Cli) -> str:
    """Begun in public, answered, told in a direct message, answered there."""
    ticket = answered(cli)
    private = message(
        "d1", "The reference is QX7K2P.", visibility="direct", created_at="2026-11-20T10:07:00Z"
    )
    cli.write("inbox.jsonl", message(), private)
    done(cli("fetch", now="2026-11-20T10:08:00Z"))
    text = "Thank you, Marta. Your bag is found and is on the 14:10 flight home. ^SB"
    done(cli("reply", ticket, "--text", text, "--yes", "--as", "sb", now="2026-11-20T10:09:00Z"))
    return ticket


def events(cli: Cli, event: str = "resolved") -> list[Any]:
    return [one["data"] for one in done(cli("log", "--json")).records if one["event"] == event]


def test_it_closes_and_keeps_cause_and_fix_once(cli: Cli) -> None:
    ticket = answered(cli)
    for _ in range(2):
        record = done(cli("resolve", ticket, *FIXED, "--json", now=NEXT)).record
        assert (record["type"], record["id"], record["status"]) == ("ticket", ticket, "solved")
    assert events(cli) == [{"outcome": "fixed", "cause": "bag left in Oslo", "fix": "sent on"}]
    done(cli("resolve", ticket, "--outcome", "fixed", now=NEXT))
    assert len(events(cli)) == 1
    done(cli("resolve", ticket, "--outcome", "answered", now=NEXT))
    assert events(cli)[1:] == [{"outcome": "answered", "cause": None, "fix": None}]


def test_it_says_what_was_kept(cli: Cli) -> None:
    ticket = answered(cli)
    planned = done(cli("resolve", ticket, *FIXED, "--dry-run", now=NEXT)).err
    assert planned == "it would be resolved: fixed; cause: bag left in Oslo; fix: sent on\n"
    said = [done(cli("resolve", ticket, *FIXED, now=NEXT)).err for _ in range(2)]
    assert said == [
        "resolved: fixed; cause: bag left in Oslo; fix: sent on\n",
        "already resolved: fixed; cause: bag left in Oslo; fix: sent on\n",
    ]


def test_the_help_tells_the_rule(cli: Cli) -> None:
    out = " ".join(done(cli("resolve", "--help")).out.split())
    assert "no complaint, question or request that waits unanswered" in out


def test_a_new_message_opens_it_and_it_is_resolved_anew(cli: Cli) -> None:
    ticket = answered(cli, message(conversation_id="c"))
    done(cli("resolve", ticket, "--outcome", "fixed", now=NEXT))
    newer = message(
        "m2", "Still no bag! Where is it?", conversation_id="c", created_at="2026-11-20T10:21:00Z"
    )
    cli.write("inbox.jsonl", message(conversation_id="c"), newer)
    done(cli("fetch", now="2026-11-20T10:22:00Z"))
    run = cli("resolve", ticket, "--outcome", "fixed", "--json", now="2026-11-20T10:22:00Z")
    assert (run.code, run.out) == (3, "")
    assert "message m2 waits" in run.error["message"]
    done(cli("done", ticket, "--url", "https://x.example/2", now="2026-11-20T10:23:00Z"))
    done(cli("resolve", ticket, "--outcome", "fixed", now="2026-11-20T10:24:00Z"))
    assert len(events(cli)) == 2


@pytest.mark.parametrize("outcome", ["fixed", "answered", "moved", "refused"])
def test_without_an_answer_of_ours_it_stays_open(cli: Cli, outcome: str) -> None:
    ticket = queued(cli)
    before = journal(cli)
    run = cli("resolve", ticket, "--outcome", outcome, "--json", now=LATER)
    assert (run.code, run.out) == (3, "")
    assert "nobody has answered" in run.error["message"]
    assert f"socialcli reply {ticket}" in run.error["hint"]
    assert journal(cli) == before


def test_an_answer_by_hand_or_of_a_colleague_counts(cli: Cli) -> None:
    queued(cli, message(), message("n1", handle="cust2"))
    theirs = {"direction": "outbound", "in_reply_to": "n1", "created_at": "2026-11-20T10:05:00Z"}
    cli.write("inbox.jsonl", message("o1", "So sorry, Mina is on it. ^MO", "NorthlineAir", **theirs))
    done(cli("fetch", now=LATER))
    tickets = {one["customer"]["handle"]: one["id"] for one in done(cli("list", "--json", now=NOW)).records}
    done(cli("resolve", tickets["cust2"], "--outcome", "answered", now=LATER))
    assert cli("resolve", tickets["cust1"], "--outcome", "answered", now=LATER).code == 3
    done(cli("done", tickets["cust1"], "--url", "https://x.example/2", now=LATER))
    done(cli("resolve", tickets["cust1"], "--outcome", "answered", now=LATER))


@pytest.mark.parametrize(
    "text", ["@NorthlineAir my bag never arrived!", "@NorthlineAir may I bring my guitar into the cabin?",
             "@NorthlineAir please add a vegetarian meal to my booking"],
)  # fmt: skip
def test_silence_ends_no_complaint_question_or_request(cli: Cli, text: str) -> None:
    ticket = queued(cli, message(text=text))
    before = journal(cli)
    run = cli("resolve", ticket, "--outcome", "no-answer", "--json", now=LATER)
    assert (run.code, run.out) == (3, "")
    assert "message m1 waits for an answer" in run.error["message"]
    assert journal(cli) == before


def test_silence_ends_what_asks_for_nothing(cli: Cli) -> None:
    ticket = queued(cli, message(text="@NorthlineAir just boarded, off to Oslo with the family"))
    record = done(cli("resolve", ticket, "--outcome", "no-answer", "--json", now=LATER)).record
    assert record["status"] == "solved"


def test_silence_after_our_answer(cli: Cli) -> None:
    ticket = answered(cli)
    assert (
        done(cli("resolve", ticket, "--outcome", "no-answer", "--json", now=NEXT)).record["status"]
        == "solved"
    )


def test_what_a_person_set_by_hand_wins(cli: Cli) -> None:
    ticket = answered(cli, message(conversation_id="c"))
    newer = message("m2", "Still no bag!", conversation_id="c", created_at="2026-11-20T10:07:00Z")
    cli.write("inbox.jsonl", message(conversation_id="c"), newer)
    done(cli("fetch", now=NEXT))
    done(cli("triage", ticket, "--set", "respond=monitor", "--reason", "settled at the desk", now=NEXT))
    done(cli("resolve", ticket, "--outcome", "answered", now=NEXT))


def test_somebody_else_s_ticket_is_left_alone(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = answered(cli)
    done(cli("claim", ticket, "--as", "mo", now=NEXT))
    before = journal(cli)
    assert cli("resolve", ticket, *FIXED, "--as", "sb", now=NEXT).code == 6
    assert journal(cli) == before
    done(cli("resolve", ticket, *FIXED, "--as", "mo", now=NEXT))


def test_a_draft_that_waits_for_a_yes_keeps_it_open(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = answered(cli)
    done(cli("reply", ticket, "--text", MONEY, "--again", "--yes", "--as", "sb", now=NEXT))
    run = cli("resolve", ticket, *FIXED, "--as", "sb", "--json", now=NEXT)
    assert (run.code, run.out) == (6, "")
    assert "awaiting-approval" in run.error["message"]
    assert events(cli) == []


def test_a_dry_run_changes_nothing(cli: Cli) -> None:
    ticket = helped_in_private(cli)
    before = journal(cli)
    run = done(cli("resolve", ticket, *FIXED, "--dry-run", "--json", now=NEXT))
    assert [one["type"] for one in run.records] == ["ticket", "draft"]
    assert (run.records[0]["status"], run.records[1]["state"]) == ("pending", "composed")
    assert (journal(cli), len(cli.lines("outbox.jsonl"))) == (before, 2)


def test_who_began_in_public_is_thanked_there_once(cli: Cli) -> None:
    ticket = helped_in_private(cli)
    run = done(cli("resolve", ticket, *FIXED, "--yes", "--json", now=NEXT))
    record, draft = run.records
    assert (record["status"], draft["state"], draft["target"]) == ("solved", "sent", "m1")
    assert draft["check"]["visibility"] == "public"
    for fact in ("QX7K2P", "bag", "Oslo", "14:10"):
        assert fact not in draft["text"]
    assert "hank" in draft["text"]
    post = cli.lines("outbox.jsonl")[-1]
    assert (post["visibility"], post["in_reply_to"]) == ("public", "m1")
    again = done(cli("resolve", ticket, *FIXED, "--yes", "--json", now=NEXT))
    assert [one["type"] for one in again.records] == ["ticket"]
    assert again.record["status"] == "solved"
    assert len(cli.lines("outbox.jsonl")) == 3
    assert len(events(cli)) == 1


def test_another_agent_does_not_thank_again(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = helped_in_private(cli)
    done(cli("resolve", ticket, *FIXED, "--yes", "--as", "sb", now=NEXT))
    done(cli("resolve", ticket, *FIXED, "--yes", "--as", "mo", now=NEXT))
    assert len(cli.lines("outbox.jsonl")) == 3


def test_without_a_yes_it_is_resolved_and_says_how_to_thank(cli: Cli) -> None:
    ticket = helped_in_private(cli)
    run = done(cli("resolve", ticket, *FIXED, "--json", now=NEXT))
    assert run.record["status"] == "solved"
    assert f"socialcli resolve {ticket} --outcome fixed --yes" in run.err
    assert len(cli.lines("outbox.jsonl")) == 2
    run = done(cli("resolve", ticket, "--outcome", "fixed", "--yes", "--json", now=NEXT))
    assert run.records[1]["state"] == "sent"
    assert len(events(cli)) == 1


def test_a_moved_ticket_is_thanked_too(cli: Cli) -> None:
    ticket = queued(cli)
    done(cli("move-offline", ticket, "--to", "phone", "--yes", now=LATER))
    run = done(cli("resolve", ticket, "--outcome", "fixed", "--yes", "--json", now=NEXT))
    assert run.records[1]["state"] == "sent"


@pytest.mark.parametrize("outcome", ["moved", "refused", "no-answer"])
def test_no_thanks_for_an_end_that_is_none(cli: Cli, outcome: str) -> None:
    ticket = helped_in_private(cli)
    run = done(cli("resolve", ticket, "--outcome", outcome, "--yes", "--json", now=NEXT))
    assert run.record["status"] == "solved"
    assert len(cli.lines("outbox.jsonl")) == 2


def test_no_thanks_where_they_are_not_wanted(cli: Cli) -> None:
    ticket = helped_in_private(cli)
    run = done(cli("resolve", ticket, *FIXED, "--no-thank", "--yes", "--json", now=NEXT))
    assert run.record["status"] == "solved"
    policy(cli, "[resolve]\nthank_in_public = false\n")
    assert done(cli("resolve", ticket, *FIXED, "--yes", "--json", now=NEXT)).record["status"] == "solved"
    assert len(cli.lines("outbox.jsonl")) == 2


def test_no_thanks_in_public_to_who_began_in_private_or_never_went_there(cli: Cli) -> None:
    private = queued(cli, message("d1", visibility="direct"), message("m2", handle="cust2"))
    tickets = {one["customer"]["handle"]: one["id"] for one in done(cli("list", "--json", now=NOW)).records}
    text = "So sorry about your bag. We are tracing it and write to you by noon. ^SB"
    for number, ticket in enumerate((private, tickets["cust2"])):
        done(cli("reply", ticket, "--text", text.replace("noon", f"{number}pm"), "--yes", now=LATER))
        assert len(done(cli("resolve", ticket, *FIXED, "--yes", "--json", now=NEXT)).records) == 1
    assert len(cli.lines("outbox.jsonl")) == 2


def test_thanks_that_cannot_go_leave_it_resolved(cli: Cli) -> None:
    ticket = helped_in_private(cli)
    (cli.workspace / "outbox.jsonl").rename(cli.workspace / "kept.jsonl")
    (cli.workspace / "outbox.jsonl").mkdir()
    run = cli("resolve", ticket, *FIXED, "--yes", "--json", now=NEXT)
    assert run.code not in (0, 130)
    assert run.error["code"] == run.code
    assert run.records[0]["status"] == "solved"
    assert len(events(cli)) == 1
    (cli.workspace / "outbox.jsonl").rmdir()
    (cli.workspace / "kept.jsonl").rename(cli.workspace / "outbox.jsonl")
    done(cli("resolve", ticket, *FIXED, "--yes", now=NEXT))
    assert len(cli.lines("outbox.jsonl")) == 3


def test_thanks_of_who_may_only_draft_wait_for_a_yes(cli: Cli) -> None:
    policy(cli, TWO_AGENTS + TOM)
    ticket = helped_in_private(cli)
    run = done(cli("resolve", ticket, *FIXED, "--yes", "--as", "tr", "--json", now=NEXT))
    draft = run.records[1]
    assert draft["state"] == "awaiting-approval"
    done(cli("resolve", ticket, *FIXED, "--yes", "--as", "tr", now=NEXT))
    done(cli("approve", draft["id"], "--as", "mo", now=NEXT))
    post = cli.lines("outbox.jsonl")[-1]
    assert (post["visibility"], post["in_reply_to"]) == ("public", "m1")
    assert done(cli("list", "--json", now=NEXT)).record["status"] == "solved"


def test_a_person_may_say_no_to_the_thanks_and_yes_later(cli: Cli) -> None:
    ticket = queued(cli)
    done(cli("move-offline", ticket, "--to", "phone", "--yes", now=NOW))
    for key, posts in (("n", 1), ("y", 2)):
        with terminal(cli, "resolve", ticket, "--outcome", "fixed") as shown:
            shown.until("Post it?")
            shown.type(key)
            assert shown.end() == 0
        assert len(cli.lines("outbox.jsonl")) == posts
        assert len(events(cli)) == 1


@pytest.mark.parametrize("more", [(), ("--outcome", "lost")])
def test_an_outcome_is_one_of_five(cli: Cli, more: tuple[str, ...]) -> None:
    assert cli("resolve", queued(cli), *more, now=LATER).code == 2


def test_no_such_ticket(cli: Cli) -> None:
    assert cli("resolve", "zzz", "--outcome", "fixed", now=LATER).code == 5
