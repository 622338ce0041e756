"""``triage``: what is new, once; by name, always."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, done, journal, message, policy, queued


def test_only_what_is_new_is_assessed(cli: Cli) -> None:
    queued(cli)
    cli.write("inbox.jsonl", message(), message("m2", "@NorthlineAir hello, a question?", "cust2"))
    done(cli("fetch", now=NOW))
    assert done(cli("triage", "--json", now=NOW)).record["message_id"] == "m2"
    assert done(cli("triage", now=NOW)).out == ""


def test_a_named_ticket_is_assessed_again(cli: Cli) -> None:
    ticket = queued(cli)
    assert done(cli("triage", ticket, "--json", now=NOW)).record["ticket"] == ticket


def test_all_is_what_an_older_policy_assessed(cli: Cli) -> None:
    ticket = queued(cli)
    assert done(cli("triage", "--all", now=LATER)).out == ""
    policy(cli, '[triage.weights]\n"time/deadline-today" = 0\n')
    assert "another policy" in done(cli("why", ticket)).out
    assert done(cli("triage", now=LATER)).out == ""
    assert done(cli("triage", "--all", "--json", now=LATER)).record["priority"] == "high"
    before = journal(cli)
    assert done(cli("triage", "--all", now=LATER)).out == ""
    assert journal(cli) == before


def test_a_reason_belongs_to_a_setting(cli: Cli) -> None:
    ticket = queued(cli)
    assert cli("triage", ticket, "--reason", "r").code == 2


def test_spam_may_be_ignored_by_hand(cli: Cli) -> None:
    ticket = queued(cli)
    settings = ("--set", "kind=spam", "--set", "respond=ignore", "--reason", "an advert")
    record = done(cli("triage", ticket, *settings, "--json", now=LATER)).record
    assert (record["kind"], record["respond"], record["status"], record["due_at"]) == (
        "spam", "ignore", "closed", None,
    )  # fmt: skip


def test_a_line_a_message_as_text(cli: Cli) -> None:
    cli.write("inbox.jsonl", message())
    done(cli("fetch", now=NOW))
    cells = done(cli("triage", now=NOW)).out.rstrip("\n").split("\t")
    assert cells[1:3] == ["respond", "urgent"]
    assert "time/deadline-today" in cells[5]


def test_a_kind_set_by_hand_lifts_priority_score_and_deadline_and_lowers_none(cli: Cli) -> None:
    ticket = queued(cli, message(text="@NorthlineAir can I bring my guitar as hand luggage?"))
    why = ("--reason", "it is one", "--json")
    before = done(cli("show", ticket, "--json", now=NOW)).records[0]
    after = done(cli("triage", ticket, "--set", "kind=complaint", *why, now=NOW)).record
    assert (before["priority"], after["priority"], after["score"]) == ("normal", "high", 40)
    assert after["due_at"] < before["due_at"]
    assert done(cli("triage", ticket, "--set", "kind=praise", *why, now=NOW)).record["priority"] == "high"
    own = ("--set", "kind=complaint", "--set", "priority=low")
    assert done(cli("triage", ticket, *own, *why, now=NOW)).record["priority"] == "low"


# by another policy

MILD = '[triage.weights]\n"time/deadline-today" = 5\n'


def other_policy(cli: Cli, text: str) -> str:
    path = cli.workspace / "other.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_what_if_tells_who_moves_and_why_and_writes_nothing(cli: Cli) -> None:
    ticket = queued(cli, message(), message("m2", "@NorthlineAir do you fly to Faro?", "cust2"))
    before = journal(cli)
    run = done(cli("triage", "--what-if", other_policy(cli, MILD), "--json", now=NOW))
    record = run.record
    assert record["after"].pop("due_at") > "2026-11-20T10:15:00Z"
    assert record == {
        "type": "what-if",
        "ticket": ticket,
        "message_id": "m1",
        "before": {
            "respond": "respond", "priority": "urgent", "score": 94, "kind": "complaint",
            "topic": "baggage", "due_at": "2026-11-20T10:15:00Z",
        },
        "after": {
            "respond": "respond", "priority": "high", "score": 50, "kind": "complaint",
            "topic": "baggage",
        },
        "because": [{"rule": "time/deadline-today", "words": "in 40 min", "before": 50, "after": 5}],
    }  # fmt: skip
    assert run.err == "1 of 2 tickets moves: 1 down to high\n"
    assert journal(cli) == before
    assert (
        'time/deadline-today "in 40 min" 50 -> 5'
        in done(cli("triage", "--what-if", "other.toml", now=NOW)).out
    )


def test_what_it_tells_is_what_triage_then_decides(cli: Cli) -> None:
    ticket = queued(cli)
    told = done(cli("triage", ticket, "--what-if", other_policy(cli, MILD), "--json", now=NOW)).record[
        "after"
    ]
    policy(cli, MILD)
    done(cli("triage", "--all", now=NOW))
    listed = done(cli("list", "--json", now=NOW)).record
    assert {name: listed[name] for name in told} == told


def test_the_present_policy_moves_nobody(cli: Cli) -> None:
    queued(cli)
    run = done(cli("triage", "--what-if", other_policy(cli, ""), "--json", now=NOW))
    assert (run.out, run.err) == ("", "0 of 1 ticket moves\n")


def test_both_sides_are_worked_out_now(cli: Cli) -> None:
    queued(cli)
    policy(cli, MILD)
    run = done(cli("triage", "--what-if", other_policy(cli, MILD), "--json", now=NOW))
    assert run.out == ""


def test_thresholds_and_deadlines_are_named_by_their_keys(cli: Cli) -> None:
    queued(cli, message(text="@NorthlineAir my bag is lost"))
    text = '[triage]\nhigh = 50\n[deadlines]\nnormal = "2h"\n'
    moved = done(cli("triage", "--what-if", other_policy(cli, text), "--json", now=NOW)).record
    assert (moved["before"]["priority"], moved["after"]["priority"]) == ("high", "normal")
    assert moved["because"] == [{"rule": "triage.high", "words": "", "before": 40, "after": 50}]
    later = done(
        cli("triage", "--what-if", other_policy(cli, '[deadlines]\nhigh = "2h"\n'), "--json", now=NOW)
    )
    assert later.record["because"] == [{"rule": "deadlines.high", "words": "", "before": 3600, "after": 7200}]
    assert later.err == "1 of 1 ticket moves: 1 otherwise (kind, topic or deadline)\n"


def test_a_score_that_moves_nothing_is_told_in_the_summary_alone(cli: Cli) -> None:
    queued(cli, message(text="@NorthlineAir my bag is lost"))
    run = done(
        cli(
            "triage",
            "--what-if",
            other_policy(cli, '[triage.weights]\n"complaint/lost" = 5\n'),
            "--json",
            now=NOW,
        )
    )
    assert run.out == ""
    assert run.err == "0 of 1 ticket moves; 1 more change in score alone\n"


def test_what_a_person_set_wins_by_both_policies(cli: Cli) -> None:
    ticket = queued(cli)
    settings = ("--set", "priority=low", "--set", "kind=question", "--reason", "calm")
    done(cli("triage", ticket, *settings, now=NOW))
    run = done(cli("triage", "--what-if", other_policy(cli, MILD), "--json", now=NOW))
    assert run.out == ""


def test_what_if_waits_counts_the_whole_thread(cli: Cli) -> None:
    queued(
        cli,
        message("m1", "@NorthlineAir my flight boards in 40 min and I have no seat", conversation_id="c"),
        message("m2", "hello, anybody?", created_at="2026-11-20T10:02:00Z", conversation_id="c"),
    )
    moved = done(cli("triage", "--what-if", other_policy(cli, MILD), "--json", now=NOW)).record
    assert moved["message_id"] == "m2"
    assert moved["because"][0]["rule"] == "thread/unanswered-earlier"


def test_a_bad_policy_is_named_by_its_path_with_all_mistakes(cli: Cli) -> None:
    queued(cli)
    name = other_policy(cli, '[triagex]\nx = 1\n[triage]\nurgent = "x"\n')
    run = cli("triage", "--what-if", name, "--json", now=NOW)
    assert run.code == run.error["code"] == 7
    assert f"{name}:1: triagex" in run.error["message"]
    assert f"{name}:4: triage.urgent" in run.error["message"]


def test_what_if_without_a_file_or_with_what_it_cannot_go_with(cli: Cli) -> None:
    ticket = queued(cli)
    assert cli("triage", "--what-if", "nowhere.toml", now=NOW).code == 2
    name = other_policy(cli, MILD)
    for wrong in (("--all",), ("--set", "priority=low", "--reason", "r"), ("-",)):
        assert cli("triage", "--what-if", name, *wrong, now=NOW).code == 2
    assert cli("triage", "zzzz", "--what-if", name, now=NOW).code == 5
    assert (
        done(cli("triage", ticket, "--what-if", "-", "--json", input=MILD, now=NOW)).record["ticket"]
        == ticket
    )


def test_half_points_that_rounding_moves_are_no_reason(cli: Cli) -> None:
    queued(cli, message(text="@NorthlineAir we have been on hold for two hours, nobody answers"))
    text = '[triage.weights]\n"complaint/wait" = 35\n"most/complaint" = 40\n'
    moved = done(cli("triage", "--what-if", other_policy(cli, text), "--json", now=NOW)).record
    assert [(one["rule"], one["before"], one["after"]) for one in moved["because"]] == [
        ("complaint/wait", 4, 35)
    ]
