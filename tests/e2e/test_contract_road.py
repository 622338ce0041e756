"""The contract of answering: safe to repeat, conflicts, approval, by hand, dry runs, and the filters."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Cli, Run, collect
from tests.e2e.staging import (
    BAG,
    LATER,
    MONEY,
    NOW,
    SORRY,
    TWO_AGENTS,
    done,
    journal,
    message,
    policy,
    queued,
)

OTHER = "@cust1 We are sorry. Please send us a direct message, and we look for it at once. ^SB"
MUCH_LATER = "2026-11-20T10:30:00Z"


def reply(cli: Cli, ticket: str, text: str, *more: str, now: str = LATER) -> Run:
    return cli("reply", ticket, "--text", text, "--yes", "--json", *more, now=now)


def posts(cli: Cli) -> list[str]:
    return [line["text"] for line in cli.lines("outbox.jsonl")]


def waiting_for_approval(cli: Cli) -> tuple[str, str]:
    """A ticket and its draft that offers money, so it waits."""
    policy(cli, TWO_AGENTS)
    ticket = queued(cli)
    run = done(reply(cli, ticket, MONEY, "--as", "sb"))
    assert run.record["state"] == "awaiting-approval"
    return ticket, run.record["id"]


# Repeating


def test_the_outbox_line_is_a_message_record(cli: Cli) -> None:
    ticket = queued(cli)
    draft = done(reply(cli, ticket, SORRY)).record
    (line,) = cli.lines("outbox.jsonl")
    expected = {
        "type": "message", "id": draft["remote_id"], "network": "file", "account": "support", "text": SORRY,
        "created_at": LATER, "visibility": "public", "direction": "outbound", "source": "reply",
        "in_reply_to": "m1", "draft": draft["id"],
    }  # fmt: skip
    assert {key: line[key] for key in expected} == expected


def test_repeating_a_sent_reply_posts_nothing_and_writes_nothing(cli: Cli) -> None:
    ticket = queued(cli)
    first = done(reply(cli, ticket, SORRY))
    before = journal(cli)
    assert done(reply(cli, ticket, SORRY, now=MUCH_LATER)).record == first.record
    assert journal(cli) == before
    assert posts(cli) == [SORRY]


def test_a_different_answer_to_an_answered_message_is_a_conflict(cli: Cli) -> None:
    ticket = queued(cli)
    done(reply(cli, ticket, SORRY))
    run = reply(cli, ticket, OTHER)
    assert (run.code, run.error["code"]) == (6, 6)
    assert "--again" in run.error["hint"]
    assert run.record["text"] == OTHER  # kept: no text is lost
    assert posts(cli) == [SORRY]
    again = done(reply(cli, ticket, OTHER, "--again"))
    assert again.record["state"] == "sent"
    assert posts(cli) == [SORRY, OTHER]


def test_again_says_the_same_once_more_on_purpose(cli: Cli) -> None:
    policy(cli, '[checks]\n"repeat/duplicate" = "off"\n')
    ticket = queued(cli)
    first = done(reply(cli, ticket, SORRY)).record
    second = done(reply(cli, ticket, SORRY, "--again")).record
    assert first["id"] != second["id"]
    assert posts(cli) == [SORRY, SORRY]
    assert done(reply(cli, ticket, SORRY)).record["id"] == first["id"]
    assert len(posts(cli)) == 2


def test_a_newer_message_makes_it_another_reply(cli: Cli) -> None:
    policy(cli, '[checks]\n"repeat/duplicate" = "off"\n')
    ticket = queued(cli, message(conversation_id="c1"))
    done(reply(cli, ticket, SORRY))
    assert cli("list", "--json", now=LATER).record["status"] == "pending"
    more = message(
        "m2", "Still nothing. Where is it?", conversation_id="c1", created_at="2026-11-20T10:20:00Z"
    )
    cli.write("inbox.jsonl", message(conversation_id="c1"), more)
    done(cli("fetch", now=MUCH_LATER))
    reopened = cli("list", "--json", now=MUCH_LATER).record
    assert (reopened["id"], reopened["status"], reopened["messages"]) == (ticket, "open", 3)
    assert reopened["received_at"] == "2026-11-20T10:20:00Z"
    assert reopened["text"] == "Still nothing. Where is it?"
    done(cli("triage", now=MUCH_LATER))
    run = done(reply(cli, ticket, SORRY, now=MUCH_LATER))
    assert (run.record["target"], run.record["state"]) == ("m2", "sent")
    assert len(posts(cli)) == 2


def test_a_message_that_was_not_fetched_yet_stops_the_post(cli: Cli) -> None:
    ticket = queued(cli, message(conversation_id="c1"))
    more = message("m2", "Found it, never mind!", conversation_id="c1", created_at="2026-11-20T10:05:30Z")
    cli.write("inbox.jsonl", message(conversation_id="c1"), more)
    run = reply(cli, ticket, SORRY)
    assert (run.code, run.record["state"]) == (6, "parked")
    assert "m2" in run.error["message"]
    assert posts(cli) == []


def test_somebody_elses_answer_in_the_outbox_stops_the_post(cli: Cli) -> None:
    ticket = queued(cli)
    theirs = message("o1", "On it! ^MO", "NorthlineAir", direction="outbound", in_reply_to="m1")
    cli.write("outbox.jsonl", theirs)
    run = reply(cli, ticket, SORRY)
    assert run.code == 6
    assert "answered by somebody else" in run.error["message"]
    assert len(cli.lines("outbox.jsonl")) == 1


def test_two_replies_at_the_same_moment_are_one_post(cli: Cli) -> None:
    ticket = queued(cli)
    arguments = ("reply", ticket, "--text", SORRY, "--yes", "--json")
    same = [cli.start(*arguments, now=LATER) for _ in range(3)]
    runs = [collect(process) for process in same]
    assert [run.code for run in runs] == [0, 0, 0]
    assert len({run.record["remote_id"] for run in runs}) == 1
    assert posts(cli) == [SORRY]


def test_a_ticket_claimed_by_somebody_else(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli)
    done(cli("claim", ticket, "--as", "mo", now=NOW))
    for arguments in (
        ("reply", ticket, "--text", SORRY, "--yes"), ("claim", ticket), ("release", ticket),
        ("done", ticket, "--url", "https://northline.example/1"),
    ):  # fmt: skip
        run = cli(*arguments, "--as", "sb", now=LATER)
        assert run.code == 6
        assert f"ticket {ticket} is claimed by mo" in run.err
    assert cli("next", "--as", "sb", now=LATER).out == ""
    ended = "2026-11-20T10:36:00Z"  # the lease is 30 minutes
    assert done(cli("claim", ticket, "--as", "sb", "--json", now=ended)).record["assignee"] == "sb"


# Refusals


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "text/empty"),
        ("So sorry, {{ name }}. ^SB", "text/placeholder"),
        ("So sorry, please DM us.", "signoff/missing"),
        ("So sorry. See https://bit.ly/3abc ^SB", "links/shortener"),
        ("So sorry. What is your password? ^SB", "privacy/asks-in-public"),
        ("Sorry! " * 60 + "^SB", "length/over-limit"),
    ],
)
def test_a_refusal_names_its_rule_and_posts_nothing(cli: Cli, text: str, rule: str) -> None:
    ticket = queued(cli)
    run = reply(cli, ticket, text)
    assert (run.code, run.record["state"]) == (3, "refused")
    errors = [one["rule"] for one in run.record["check"]["findings"] if one["level"] == "error"]
    assert rule in errors
    assert rule in run.error["message"]
    assert posts(cli) == []
    assert cli("list", "--json", now=LATER).record["status"] == "open"


def test_allow_needs_a_reason_and_the_policy(cli: Cli) -> None:
    ticket = queued(cli)
    text = "@cust1 So sorry. This page helps: https://elsewhere.example/bags ^SB"
    assert reply(cli, ticket, text, "--allow", "links/host").code == 2
    assert reply(cli, ticket, text, "--reason", "checked").code == 2
    not_allowed = reply(cli, ticket, text, "--allow", "privacy/discloses", "--reason", "checked")
    assert (not_allowed.code, not_allowed.out) == (3, "")
    assert reply(cli, ticket, text).code == 3
    run = done(reply(cli, ticket, text, "--allow", "links/host", "--reason", "the airport's own page"))
    assert run.record["state"] == "sent"
    (finding,) = [one for one in run.record["check"]["findings"] if one["rule"] == "links/host"]
    assert "allowed by sb: the airport's own page" in finding["message"]
    assert "the airport's own page" in journal(cli).decode()


def test_an_agent_who_may_only_draft(cli: Cli) -> None:
    policy(cli, TWO_AGENTS.replace('initials = "SB"', 'initials = "SB"\nrole = "draft"'))
    ticket = queued(cli)
    run = done(reply(cli, ticket, SORRY, "--as", "sb"))
    assert run.record["state"] == "awaiting-approval"
    assert cli("list", "--json", now=LATER).record["status"] == "on-hold"
    assert posts(cli) == []


# Approval


def test_approve_posts_at_once(cli: Cli) -> None:
    ticket, draft = waiting_for_approval(cli)
    assert cli("list", "--json", now=LATER).record["status"] == "on-hold"
    assert [one["id"] for one in done(cli("outbox", "--json")).records] == [draft]
    assert done(reply(cli, ticket, MONEY, "--as", "sb")).record["id"] == draft  # still waits
    run = done(cli("approve", draft, "--as", "mo", "--json", now=LATER))
    assert (run.record["id"], run.record["state"]) == (draft, "sent")
    assert posts(cli) == [MONEY]
    assert done(cli("approve", draft[:6], "--as", "mo", "--json")).record == run.record
    assert done(reply(cli, ticket, MONEY, "--as", "sb")).record["remote_id"] == run.record["remote_id"]
    assert posts(cli) == [MONEY]
    assert cli("reject", draft, "--reason", "late", "--as", "mo").code == 6


def test_nobody_approves_a_draft_of_their_own(cli: Cli) -> None:
    _, draft = waiting_for_approval(cli)
    before = journal(cli)
    run = cli("approve", draft, "--as", "sb", "--json")
    assert (run.code, run.out) == (3, "")
    assert run.error["hint"] == "ask somebody else: --as mo"
    assert cli("approve", draft).code == 2  # two agents: who acts is not known
    assert journal(cli) == before


def test_reject_keeps_the_draft_and_never_posts_it(cli: Cli) -> None:
    ticket, draft = waiting_for_approval(cli)
    assert cli("reject", draft, "--as", "mo").code == 2  # no reason
    run = done(cli("reject", draft, "--reason", "too much", "--as", "mo", "--json"))
    assert (run.record["state"], run.record["reason"]) == ("rejected", "too much")
    before = journal(cli)
    assert done(cli("reject", draft, "--reason", "too much", "--as", "mo", "--json")).record == run.record
    assert journal(cli) == before
    assert cli("approve", draft, "--as", "mo").code == 6
    again = reply(cli, ticket, MONEY, "--as", "sb")
    assert (again.code, again.record["state"]) == (3, "rejected")
    assert cli("list", "--json", now=LATER).record["status"] == "open"
    assert done(reply(cli, ticket, SORRY, "--as", "sb")).record["state"] == "sent"
    assert posts(cli) == [SORRY]


def test_a_different_answer_while_a_draft_waits_is_a_conflict(cli: Cli) -> None:
    ticket, draft = waiting_for_approval(cli)
    run = reply(cli, ticket, SORRY, "--as", "sb")
    assert run.code == 6
    assert draft in run.error["message"]
    assert posts(cli) == []


def test_approve_without_posting_then_settle(cli: Cli) -> None:
    _, draft = waiting_for_approval(cli)
    run = done(cli("approve", draft, "--no-post", "--as", "mo", "--json", now=LATER))
    assert run.record["state"] == "approved"
    assert posts(cli) == []
    settled = done(cli("outbox", "--settle", "--as", "mo", "--json", now=LATER))
    assert (settled.record["id"], settled.record["state"]) == (draft, "sent")
    assert posts(cli) == [MONEY]
    assert done(cli("outbox", "--json")).out == ""


def test_approve_with_an_edit_posts_the_edited_text(cli: Cli) -> None:
    _, draft = waiting_for_approval(cli)
    edited = "@cust1 So sorry about your bag. We look into a refund today. ^SB"
    bad = cli("approve", draft, "--edit", "no sign-off", "--as", "mo", "--json")
    assert bad.code == 3
    run = done(cli("approve", draft, "--edit", edited, "--as", "mo", "--json", now=LATER))
    assert (run.record["state"], run.record["text"]) == ("sent", edited)
    assert posts(cli) == [edited]


# By hand


def test_by_hand_and_done(cli: Cli) -> None:
    url = "https://x.example/cust1/1"
    row = json.dumps(message(network="x", url=url))
    done(cli("fetch", "--from", "-", input=row, now=NOW))
    ticket = done(cli("triage", "--json", now=NOW)).record["ticket"]
    assert done(cli("can", ticket, "--json")).record["road"] == "hand"
    run = done(reply(cli, ticket, SORRY))
    assert (run.record["state"], run.record["road"], run.record["remote_id"]) == ("by-hand", "hand", None)
    assert posts(cli) == []
    text = done(cli("reply", ticket, "--text", SORRY, "--yes", now=LATER)).out
    assert f"socialcli done {ticket} --url" in text
    assert cli("done", ticket).code == 2
    assert cli("done", ticket, "--url", "there").code == 2
    answer = "https://x.example/NorthlineAir/2"
    finished = done(cli("done", ticket, "--url", answer, "--json", now=LATER)).record
    assert finished["status"] == "solved"
    assert done(cli("outbox", "--json")).out == ""
    again = done(reply(cli, ticket, SORRY)).record
    assert (again["state"], again["url"]) == ("sent", answer)


def test_done_twice_is_done_once(cli: Cli) -> None:
    ticket = queued(cli)
    url = "https://northline.example/1"
    first = done(cli("done", ticket, "--url", url, "--json", now=LATER)).record
    before = journal(cli)
    assert done(cli("done", ticket, "--url", url, "--json", now=LATER)).record == first
    assert journal(cli) == before


# Dry runs


def test_dry_runs_write_nothing(cli: Cli) -> None:
    ticket, draft = waiting_for_approval(cli)
    cli.write("inbox.jsonl", message(), message("m2", "@NorthlineAir hello?", "cust2"))
    done(cli("fetch", now=NOW))
    second = next(one["id"] for one in cli("list", "--json").records if one["id"] != ticket)
    cli.write("inbox.jsonl", message("m3", "@NorthlineAir hi", "cust3"))
    before, files = journal(cli), sorted(cli.workspace.iterdir())
    sam, mina = ("--as", "sb"), ("--as", "mo")
    for arguments in (
        ("fetch",), ("triage",), ("triage", "--all"), ("reply", second, "--text", "Hi ^SB", *sam),
        ("reply", second, "-t", "apology", *sam), ("approve", draft, *mina),
        ("reject", draft, "--reason", "r", *mina), ("outbox", "--settle", *sam),
        ("done", second, "--url", "https://northline.example/1", *sam), ("claim", second, *sam),
        ("release", second, *sam), ("note", second, "hm", *sam), ("init", "new"), ("next", "--claim", *sam),
        ("triage", second, "--set", "priority=low", "--reason", "r", *sam),
    ):  # fmt: skip
        run = cli(*arguments, "--dry-run", "--json", now=LATER)
        assert run.code == 0, (arguments, run.err)
        plans_something = arguments[0] != "release"  # nobody has it: there is nothing to give back
        assert bool(run.records) == plans_something, arguments
        assert journal(cli) == before, arguments
    assert sorted(cli.workspace.iterdir()) == files
    assert done(cli("fetch", "--dry-run", "--json", now=LATER)).record["new"] == 1


def test_the_dry_run_of_a_reply_is_its_plan(cli: Cli) -> None:
    ticket = queued(cli)
    plan = done(reply(cli, ticket, SORRY, "--dry-run"))
    assert plan.record["state"] == "composed"
    assert "road api" in plan.err
    real = done(reply(cli, ticket, SORRY)).record
    assert (plan.record["id"], plan.record["text"]) == (real["id"], real["text"])
    bad = reply(cli, ticket, "Our fault? No.", "--again", "--dry-run")
    assert (bad.code, bad.record["state"]) == (3, "refused")


# Templates


def test_templates_stack_and_speak_of_the_customer(cli: Cli) -> None:
    ticket = queued(cli, message(author={"handle": "cust1", "name": "Marta Ruiz"}))
    first = done(
        cli("reply", ticket, "-t", "apology", "-t", "dm-request", "--yes", "--json", now=LATER)
    ).record
    assert "Marta" in first["text"]
    assert first["text"].endswith("^SB")
    assert first["text"].count("^SB") == 1
    same = done(
        cli("reply", ticket, "-t", "apology", "-t", "dm-request", "--yes", "--json", now=LATER)
    ).record
    assert same == first
    assert len(posts(cli)) == 1


# Triage


def test_triage_as_a_filter(cli: Cli) -> None:
    rows = [
        message("a", BAG),
        message("b", "Thank you so much, you were wonderful!", conversation_id="c1"),
        {"id": "bad"},
        message("c", "@SomebodyElse is this normal?", "cust3"),
    ]
    run = cli("triage", "-", "--json", input="".join(json.dumps(row) + "\n" for row in rows))
    assert run.code == 7
    assert [(one["type"], one.get("message_id")) for one in run.records] == [
        ("assessment", "a"), ("assessment", "b"), ("error", None), ("assessment", "c"),
    ]  # fmt: skip
    assert all(one["ticket"] is None for one in run.records if one["type"] == "assessment")
    assert run.records[3]["respond"] == "respond"  # addressed to us, whatever handle it names
    assert run.error["code"] == 7
    assert "3" in run.error["message"]
    assert journal(cli) == b""


def test_records_of_the_filter_are_alone_unless_they_share_a_conversation(cli: Cli) -> None:
    def assessed(**shared: str) -> dict[str, Any]:
        rows: list[dict[str, Any]] = [
            message("a", BAG, **shared),
            message("o", SORRY, "NorthlineAir", direction="outbound", in_reply_to="a", **shared),
            message("b", "Thanks!", created_at="2026-11-20T10:09:00Z", **shared),
        ]
        run = done(cli("triage", "-", "--json", input="\n".join(map(json.dumps, rows))))
        assert [one["message_id"] for one in run.records] == ["a", "o", "b"]
        last: dict[str, Any] = run.records[2]
        return last

    alone = done(cli("triage", "-", "--json", input=json.dumps(message("b", "Thanks!")))).record
    separate = assessed()
    for field in ("respond", "priority", "score", "kind", "reasons"):
        assert separate[field] == alone[field]
    assert assessed(conversation_id="c1")["respond"] == "monitor"  # a bare closing thanks


def test_set_by_hand_wins_for_ever(cli: Cli) -> None:
    ticket = queued(cli)
    assert cli("triage", ticket, "--set", "priority=low").code == 2  # no reason
    assert cli("triage", ticket, "--set", "priority=huge", "--reason", "r").code == 2
    assert cli("triage", ticket, "--set", "colour=red", "--reason", "r").code == 2
    assert cli("triage", "--set", "priority=low", "--reason", "r").code == 2
    changed = done(
        cli("triage", ticket, "--set", "priority=low", "--set", "topic=delay", "--reason", "calm", "--json")
    )
    assert (changed.record["priority"], changed.record["topic"]) == ("low", "delay")
    policy(cli, "[triage]\nurgent = 60\n")
    done(cli("triage", "--all", now=LATER))
    after = done(cli("list", "--json", now=LATER)).record
    assert (after["priority"], after["topic"]) == ("low", "delay")
    why = done(cli("why", ticket, "--json")).record
    assert why["by_hand"]["priority"] == "low"
    assert "calm" in done(cli("log", ticket)).out


def test_a_complaint_cannot_be_ignored_by_hand(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    run = cli("triage", ticket, "--set", "respond=ignore", "--reason", "tired of it", "--json")
    assert run.code == 3
    assert journal(cli) == before


def test_triage_is_safe_to_repeat(cli: Cli) -> None:
    queued(cli)
    before = journal(cli)
    assert done(cli("triage", "--json", now=LATER)).out == ""
    assert journal(cli) == before


# Lint records


def test_lint_records_bad_line_stands_in_its_place(cli: Cli) -> None:
    lines = [
        '{"text":"Hello ^SB","agent":"sb"}',
        "nonsense",
        '{"text":""}',
        '{"network":"x"}',
        '{"text":"Hi","agent":"zz"}',
    ]
    run = cli("lint", "--records", "--json", input="\n".join(lines))
    assert [one["type"] for one in run.records] == ["check", "error", "check", "error", "error"]
    assert [one.get("ok") for one in run.records] == [True, None, False, None, None]
    assert all(one["code"] == 7 for one in run.records if one["type"] == "error")
    assert (run.code, run.error["code"]) == (7, 7)


def test_lint_records_exit_code_of_the_checks(cli: Cli) -> None:
    good, bad = '{"text":"Hello ^SB"}\n', '{"text":"Hello {{ name }} ^SB"}\n'
    assert cli("lint", "--records", "--json", input=good).code == 0
    run = cli("lint", "--records", "--json", input=good + bad)
    assert (run.code, [one["ok"] for one in run.records]) == (3, [True, False])
    assert cli("lint", "--records", "--json", input="").code == 0


def test_lint_records_defaults(cli: Cli) -> None:
    record = cli("lint", "--records", "--json", input='{"text":"Hello"}').record
    assert (record["network"], record["visibility"]) == ("x", "public")
    assert [one["rule"] for one in record["findings"]] == ["signoff/missing"]


def test_the_text_is_checked_as_it_stands(cli: Cli) -> None:
    text = "  \U0001f44b See https://bit.ly/abc ^SB"
    (check,) = cli("lint", "--records", "--json", input=json.dumps({"text": text})).records
    (finding,) = [one for one in check["findings"] if one["rule"] == "links/shortener"]
    assert text[finding["start"] : finding["end"]].startswith("https://bit.ly/abc")


def test_lint_of_a_file_and_of_standard_input(cli: Cli) -> None:
    (cli.workspace / "draft.txt").write_text("Hello {{ name }} ^SB\n", encoding="utf-8")
    assert cli("lint", "draft.txt").code == 3
    assert cli("lint", "-", input="Hello ^SB\n").code == 0
    assert cli("lint").code == 2
