"""The literal examples of the contract, and every record with its fields typed out by hand."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.conftest import Cli
from tests.e2e.staging import BAG, LATER, MONEY, NOW, SORRY, TWO_AGENTS, done, message, policy, queued

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

MESSAGE = {
    "type", "id", "network", "account", "author", "text", "created_at", "visibility", "direction", "source",
    "in_reply_to", "conversation_id", "url", "lang", "versions", "summons", "found_by", "deleted", "erased",
}  # fmt: skip
TICKET = {
    "type", "id", "network", "account", "customer", "text", "received_at", "status", "respond", "priority",
    "score", "kind", "topic", "sentiment", "register", "language", "due_at", "overdue", "assignee",
    "incident", "messages", "labels", "snoozed_until", "opened_at", "breaching", "asked_since", "assigned", "claimed_until",
    "handover", "held",
}  # fmt: skip
ASSESSMENT = {
    "type", "message_id", "ticket", "respond", "priority", "score", "kind", "topic", "sentiment", "register",
    "route", "language", "private_data", "reasons", "deadline",
}  # fmt: skip
CHECK = {"type", "ok", "network", "visibility", "length", "findings"}
DRAFT = {
    "type", "id", "ticket", "target", "text", "account", "agent", "road", "state", "check", "cost",
    "remote_id", "url", "reason", "post_at", "corrects", "holds", "waiting_since", "fallback_at", "by_program",
    "translated", "acknowledges", "points",
}  # fmt: skip
REACH = {"type", "ticket", "account", "road", "reason", "cost", "currency"}
EVENT = {"type", "at", "id", "event", "ticket", "by", "data"}
FETCH = {"type", "account", "read", "new", "known", "rejected"}
WHY = {"type", "ticket", "assessment", "text", "clocks", "by_hand", "would_change", "parts"}
PART = {"rule", "points", "words", "start", "end", "message_id", "key"}
HEALTH = {"type", "what", "state", "detail", "next"}
FILE = {"type", "path", "state"}
RULE = {"type", "id", "level", "why", "good", "bad", "in_force", "set_by", "fix", "may_allow"}
TEMPLATE_CHECK = {"type", "template", "account", "agent", "text", "check", "file", "line"}
ERROR = {"type", "code", "message", "hint"}


def test_the_literal_examples(cli: Cli) -> None:
    cli.write(
        "inbox.jsonl",
        {"id": "m1", "text": BAG, "created_at": "2026-11-20T10:00:00Z", "author": {"handle": "cust1"}},
    )
    fetched = cli("fetch", "--json", now="2026-11-20T10:05:00Z")
    assert fetched.out == '{"type":"fetch","account":"support","read":1,"new":1,"known":0,"rejected":0}\n'
    assert (fetched.code, fetched.err) == (0, "")

    triaged = cli("triage", "--json", now="2026-11-20T10:05:00Z")
    assert (triaged.code, triaged.err) == (0, "")
    assessment = triaged.record
    assert assessment["type"] == "assessment"
    assert assessment["message_id"] == "m1"
    assert (assessment["respond"], assessment["priority"], assessment["kind"]) == (
        "respond",
        "urgent",
        "complaint",
    )
    assert 0 <= assessment["score"] <= 100
    ticket = assessment["ticket"]
    assert re.fullmatch("[a-z2-7]{12}", ticket)

    asked = ("reply", ticket, "--text", SORRY, "--as", "sb", "--yes", "--json")
    replied = cli(*asked, now="2026-11-20T10:06:00Z")
    assert (replied.code, replied.err) == (0, "")
    draft = replied.record
    assert draft["remote_id"]
    assert draft["check"]["ok"] is True
    expected = {
        "type": "draft", "ticket": ticket, "target": "m1", "text": SORRY, "account": "support", "agent": "sb",
        "road": "api", "state": "sent", "cost": "0",
    }  # fmt: skip
    assert {key: draft[key] for key in expected} == expected

    again = cli(*asked, now="2026-11-20T10:07:00Z")
    assert (again.code, again.record) == (0, draft)
    assert len(cli.lines("outbox.jsonl")) == 1


def test_the_literal_lint_example(cli: Cli) -> None:
    run = cli("lint", "--records", "--json", input='{"text":"DM me ^SB","network":"x","agent":"sb"}\n')
    assert run.out == (
        '{"type":"check","ok":true,"network":"x","visibility":"public",'
        '"length":{"count":9,"limit":280,"unit":"weighted characters"},"findings":[]}\n'
    )
    assert (run.code, run.err) == (0, "")


# The fields of every record


def test_fetch_record(cli: Cli) -> None:
    cli.write("inbox.jsonl", message())
    record = done(cli("fetch", "--json", now=NOW)).record
    assert set(record) == FETCH


def test_assessment_record(cli: Cli) -> None:
    text = "@NorthlineAir still no bag, second time! Write me at ana.lopez@example.com"
    cli.write("inbox.jsonl", message(text=text))
    done(cli("fetch", now=NOW))
    record = done(cli("triage", "--json", now=NOW)).record
    assert set(record) == ASSESSMENT
    (private,) = record["private_data"]
    assert set(private) == {"kind", "start", "end"}
    assert text[private["start"] : private["end"]] == "ana.lopez@example.com"
    for reason in record["reasons"]:
        assert set(reason) == {"rule", "words", "start", "end", "weight"}
        if reason["words"]:
            assert text[reason["start"] : reason["end"]] == reason["words"]
    assert -1 <= record["sentiment"] <= 1


def test_offsets_count_code_points(cli: Cli) -> None:
    text = "\U0001f62d\U0001f62d é @NorthlineAir my bag never arrived, mail ana@example.com"
    cli.write("inbox.jsonl", message(text=text))
    done(cli("fetch", now=NOW))
    record = done(cli("triage", "--json", now=NOW)).record
    (private,) = record["private_data"]
    assert text[private["start"] : private["end"]] == "ana@example.com"
    worded = [reason for reason in record["reasons"] if reason["words"]]
    assert worded
    assert all(text[one["start"] : one["end"]] == one["words"] for one in worded)


def test_ticket_record_before_and_after_triage(cli: Cli) -> None:
    cli.write("inbox.jsonl", message(author={"handle": "@cust1", "name": "Ana Lopez", "id": 77}))
    done(cli("fetch", now=NOW))
    new = done(cli("list", "--json", now=NOW)).record
    assert set(new) == TICKET
    assert set(new["customer"]) == {"handle", "name"}
    assert new["customer"] == {"handle": "cust1", "name": "Ana Lopez"}
    assert (new["status"], new["messages"], new["labels"]) == ("new", 1, [])
    unknown = (
        "respond", "priority", "score", "kind", "topic", "sentiment", "register", "language", "due_at",
        "assignee", "incident",
    )  # fmt: skip
    assert [new[field] for field in unknown] == [None] * len(unknown)
    done(cli("triage", now=NOW))
    after = done(cli("list", "--json", now=NOW)).record
    assert set(after) == TICKET
    assert (after["status"], after["respond"], after["priority"]) == ("open", "respond", "urgent")
    assert after["received_at"] == "2026-11-20T10:00:00Z"
    assert after["due_at"] == "2026-11-20T10:15:00Z"  # urgent: 15 minutes, from received_at
    assert after["overdue"] is False
    late = done(cli("list", "--json", now="2026-11-20T10:15:01Z")).record
    assert late["overdue"] is True


def test_message_event_and_draft_records_of_show(cli: Cli) -> None:
    ticket = queued(cli)
    done(cli("reply", ticket, "--text", SORRY, "--yes", now=LATER))
    records = done(cli("show", ticket, "--json", now=LATER)).records
    assert [record["type"] for record in records] == ["ticket", "message", "message"]
    assert [set(record) for record in records] == [TICKET, MESSAGE, MESSAGE]
    theirs, ours = records[1:]
    assert set(theirs["author"]) == {"id", "handle", "name", "takes_direct"}
    assert (theirs["direction"], ours["direction"]) == ("inbound", "outbound")
    assert (theirs["source"], ours["in_reply_to"]) == ("mention", "m1")
    history = done(cli("show", ticket, "--history", "--json", now=LATER)).records
    assert {record["type"] for record in history} == {"ticket", "event"}
    assert all(set(record) == EVENT for record in history[1:])


def test_event_record(cli: Cli) -> None:
    ticket = queued(cli)
    records = done(cli("log", ticket, "--json")).records
    assert [record["event"] for record in records] == ["message", "assessed"]
    for record in records:
        assert set(record) == EVENT
        assert record["ticket"] == ticket
        assert TIME.fullmatch(record["at"])


def test_draft_and_check_record(cli: Cli) -> None:
    ticket = queued(cli)
    run = cli(
        "reply", ticket, "--text", "Our fault? No. See https://bit.ly/abc", "--yes", "--json", now=LATER
    )
    assert run.code == 3
    draft = run.record
    assert set(draft) == DRAFT
    assert draft["state"] == "refused"
    assert draft["remote_id"] is None
    assert set(draft["check"]) == CHECK
    assert set(draft["check"]["length"]) == {"count", "limit", "unit"}
    assert draft["check"]["ok"] is False
    for finding in draft["check"]["findings"]:
        assert set(finding) == {"rule", "level", "start", "end", "message", "suggestion"}
        assert finding["level"] in {"error", "warning", "info"}
    assert set(run.error) == ERROR
    assert run.error["code"] == 3


def test_reach_record(cli: Cli) -> None:
    ticket = queued(cli)
    record = done(cli("can", ticket, "--json")).record
    assert set(record) == REACH
    assert (record["road"], record["cost"]) == ("api", "0")


def test_why_record(cli: Cli) -> None:
    ticket = queued(cli)
    record = done(cli("why", ticket, "--json", now=NOW)).record
    assert set(record) == WHY
    assert all(set(part) == PART for part in record["parts"])
    assert set(record["assessment"]) == ASSESSMENT


def test_health_file_rule_and_template_records(cli: Cli) -> None:
    assert all(set(record) == HEALTH for record in done(cli("doctor", "--json")).records)
    assert all(set(record) == FILE for record in done(cli("init", "new", "--json")).records)
    assert set(done(cli("lint", "--explain", "text/empty", "--json")).record) == RULE
    for record in done(cli("lint", "--templates", "--json")).records:
        assert set(record) == TEMPLATE_CHECK
        assert set(record["check"]) == CHECK


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("list", "--nonsense", "--json"), 2),
        (("lsit", "--json"), 2),
        (("--json", "list"), 2),
        (("list", "--limit", "many", "--json"), 2),
        (("list", "--status", "odd", "--json"), 2),
        (("--now", "2026-11-20 10:00", "list", "--json"), 2),
        (("--now", "yesterday", "list", "--json"), 2),
        (("show", "--json"), 2),
        (("show", "nothing", "--json"), 5),
        (("done", "nothing", "--json"), 2),
        (("--json",), 2),
    ],
)
def test_an_error_is_one_record_on_stderr(cli: Cli, arguments: tuple[str, ...], code: int) -> None:
    run = cli(*arguments)
    assert (run.code, run.out) == (code, "")
    assert len(run.err.splitlines()) == 1
    error = run.error
    assert set(error) == ERROR
    assert (error["type"], error["code"]) == ("error", code)
    assert error["message"]
    assert "Usage:" not in error["message"]


def test_json_of_every_command_is_one_record_a_line(cli: Cli) -> None:
    """Each command that exists, with --json: only records with a type on stdout."""
    policy(cli, TWO_AGENTS)
    ticket = queued(cli, message(), message("m2", "@NorthlineAir what time does check in close?", "cust2"))
    (waiting,) = cli("reply", ticket, "--text", MONEY, "--as", "sb", "--yes", "--json", now=LATER).records
    assert waiting["state"] == "awaiting-approval"
    sam, mina = ("--as", "sb"), ("--as", "mo")
    runs: list[tuple[Any, ...]] = [
        ("fetch",), ("triage",), ("triage", "--all"), ("list",), ("next",), ("show", ticket), ("why", ticket),
        ("can", ticket), ("log",), ("log", ticket), ("claim", ticket, *sam), ("release", ticket, *sam),
        ("note", ticket, "calls back at noon", *sam), ("outbox",), ("reject", waiting["id"], "--reason", "no", *mina),
        ("outbox", "--settle", *sam), ("done", ticket, "--url", "https://northline.example/1", *sam),
        ("triage", ticket, "--set", "priority=low", "--reason", "calm", *sam), ("doctor",), ("init", "w2"),
        ("lint", "--text", "Hello ^SB"), ("lint", "--templates"), ("lint", "--explain", "text/empty"),
    ]  # fmt: skip
    for arguments in runs:
        run = cli(*arguments, "--json", now=LATER)
        assert run.code == 0, (arguments, run.err)
        assert all(isinstance(record["type"], str) for record in run.records), arguments
        assert "\x1b" not in run.out + run.err


def test_times_out_are_utc_in_whole_seconds(cli: Cli) -> None:
    cli.write("inbox.jsonl", message(created_at="2026-11-20T12:00:00.75+02:00"))
    done(cli("fetch"))
    ticket = done(cli("list", "--json")).record
    assert ticket["received_at"] == "2026-11-20T10:00:00Z"
    (_, post) = done(cli("show", ticket["id"], "--json")).records
    assert post["created_at"] == "2026-11-20T10:00:00Z"
    for event in done(cli("log", "--json")).records:
        assert TIME.fullmatch(event["at"]), event["at"]


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-20T10:00:00Z", "2026-11-20T11:00:00+01:00", "2026-11-20 10:00:00 +0000", 1795168800,
        1795168800000, "1795168800", "1795168800000", "Fri Nov 20 10:00:00 +0000 2026",
    ],
)  # fmt: skip
def test_times_in(cli: Cli, written: str | int) -> None:
    cli.write("inbox.jsonl", message(created_at=written))
    done(cli("fetch", now=NOW))
    assert done(cli("list", "--json")).record["received_at"] == "2026-11-20T10:00:00Z"


def test_nothing_but_the_answer_on_stdout(cli: Cli) -> None:
    """Notes, errors and hints are talk."""
    empty = cli("list")
    assert (empty.code, empty.out) == (0, "")
    nothing = cli("next")
    assert (nothing.code, nothing.out) == (0, "")
    assert nothing.err
    assert cli("-q", "next").err == ""
    wrong = cli("show", "zzz")
    assert (wrong.code, wrong.out) == (5, "")
    cli.write("inbox.jsonl", message())
    later = cli("fetch", now="2026-11-20T09:00:00Z")
    assert later.out == "support: 0 read, 0 new, 0 known\n"
    assert "1 message(s) are of a later time" in later.err


def test_help_and_version_are_answers(cli: Cli) -> None:
    for arguments in (("--help",), ("reply", "--help"), ("--version",)):
        run = cli(*arguments)
        assert (run.code, run.err) == (0, "")
        assert run.out
    assert re.fullmatch(r"socialcli \d+\.\d+\.\d+\S*\n", cli("--version").out)
