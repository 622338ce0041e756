"""``report listen``: the six questions, asked of a real queue by the installed program."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pexpect
import pytest
from wcwidth import wcswidth

from socialcli.console import Screen
from socialcli.model.listening import Listen, Voices
from socialcli.model.times import parse_time
from socialcli.queue.filtering import Filter
from socialcli.queue.store import Queue
from socialcli.render.report import listening
from tests.conftest import PATIENCE, Cli
from tests.e2e.staging import TWO_AGENTS, done, message, policy
from tests.report.labelled import BY_WEEKDAY, FIGURES, MESSAGES, SINCE, UNTIL, Labelled, voices

WEEK = ("--since", SINCE, "--until", UNTIL)
NOW = "2026-11-20T10:05:00Z"
FIELDS = {
    "type", "since", "until", "account", "time_zone", "wrote", "frustrated", "technical", "account_matters",
    "positive_feedback", "negative_feedback", "help_link", "reply_needed", "reply_welcome", "by_hour", "by_weekday",
    "untriaged", "noise", "news",
}  # fmt: skip


@contextmanager
def opened(cli: Cli) -> Iterator[Queue]:
    """The queue of the workspace, for what no channel of this test brings."""
    queue = Queue(cli.workspace, lambda: parse_time(NOW), pytest.fail)
    yield queue
    queue.close()


def assessed(one: Labelled) -> dict[str, Any]:
    """The label as triage would write it down."""
    return {
        "message_id": one.id, "respond": one.respond, "priority": one.priority, "score": 20, "kind": one.kind,
        "topic": one.topic, "sentiment": one.sentiment, "register": "neutral", "language": "en", "due": None,
        "head_start": 0, "policy": "by-hand",
    }  # fmt: skip


def labelled(cli: Cli) -> dict[str, str]:
    """A queue with the labelled messages in it; message -> ticket."""
    with opened(cli) as queue:
        queue.take_in([one.message for one in MESSAGES])
        tickets = {message.id: row.id for row in list(queue.rows(Filter())) for message in queue.thread(row)}
        with queue.writing() as writing:
            for one in MESSAGES:
                if one.respond is not None:
                    writing.add("assessed", tickets[one.id], None, assessed(one), key=one.id)
    return tickets


def report(cli: Cli, *options: str, now: str = NOW) -> dict[str, Any]:
    found = done(cli("report", "listen", *options, "--json", now=now)).record
    assert isinstance(found, dict)
    return found


def test_the_figures_are_those_counted_by_hand(cli: Cli) -> None:
    tickets = labelled(cli)
    assert (
        tickets["a01"] == tickets["a30"] != tickets["a03"]
    )  # conversations of several messages are among them
    found = report(cli, *WEEK)
    assert {name: found[name] for name in FIGURES} == FIGURES
    assert tuple(sum(day) for day in found["by_weekday"]) == BY_WEEKDAY


def test_the_record_has_these_fields_and_no_others(cli: Cli) -> None:
    found = report(cli)
    assert found.keys() == FIELDS
    assert (found["type"], found["account"], found["time_zone"]) == ("listen", None, "Europe/London")
    assert (len(found["by_hour"]), [len(day) for day in found["by_weekday"]]) == (24, [24] * 7)


def test_an_empty_queue_is_a_report_of_zeros(cli: Cli) -> None:
    found = report(cli)
    assert (found["since"], found["until"]) == ("2026-11-13T10:05:00Z", NOW)  # the seven days before
    assert all(found[name] == voices(0, 0) for name, known in FIGURES.items() if isinstance(known, dict))
    assert sum(found["by_hour"]) == 0
    shown = done(cli("report", "listen", now=NOW))
    assert "wrote to us\t0\t0\t0%\n" in shown.out
    assert shown.err == ""


def test_periods_that_meet_share_no_message_and_lose_none(cli: Cli) -> None:
    labelled(cli)
    noon = "2026-11-17T07:15:00Z"  # to the second when a21 was written
    first, second = (
        report(cli, "--since", SINCE, "--until", noon),
        report(cli, "--since", noon, "--until", UNTIL),
    )
    for name in ("wrote", "frustrated", "help_link", "reply_needed"):
        assert first[name]["messages"] + second[name]["messages"] == FIGURES[name]["messages"]
    assert second["by_weekday"][1][7] == 2  # a21 and a22, not a20
    # Ana wrote in both.
    assert first["wrote"]["customers"] + second["wrote"]["customers"] == FIGURES["wrote"]["customers"] + 1


def test_what_is_written_just_now_counts(cli: Cli) -> None:
    cli.write("inbox.jsonl", message(created_at=NOW))
    done(cli("fetch", now=NOW))
    done(cli("triage", now=NOW))
    assert report(cli)["wrote"] == voices(1, 1)
    assert report(cli, "--until", NOW)["wrote"] == voices(0, 0)  # an end that is named is not part of it


def test_since_is_so_long_ago_or_a_time(cli: Cli) -> None:
    labelled(cli)
    assert report(cli, "--since", "2h", now=UNTIL)["wrote"] == voices(4, 4)  # a35 to a37, and a39 just now
    assert report(cli, "--since", "2026-11-20T08:00:00Z", now=UNTIL)["wrote"] == voices(4, 4)
    assert report(cli, "--since", "3d", "--until", "2d", now=UNTIL)["wrote"]["messages"] == 2  # a25 and a26


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (("--since", "yesterday"), 2, '--since: "yesterday" is not a time'),
        (("--since", "2026-11-13"), 2, '--since: "2026-11-13" has no time zone'),
        (("--until", "soon"), 2, '--until: "soon" is not a time'),
        (("--since", "1d", "--until", "2d"), 2, "the period begins at 2026-11-19T10:05:00Z and ends before"),
        (("--account", "suport"), 5, 'no account "suport"'),
    ],
)
def test_a_mistake_is_told(cli: Cli, options: tuple[str, ...], code: int, told: str) -> None:
    run = cli("report", "listen", *options, "--json", now=NOW)
    assert (run.code, run.out) == (code, "")
    assert told in run.error["message"]


def test_report_alone_tells_which_there_are(cli: Cli) -> None:
    run = cli("report")
    assert run.code == 2
    assert run.err == "socialcli: Missing command.\n  socialcli report --help\n"
    assert "listen" in cli("report", "--help").out


def test_real_triage_is_counted_message_by_message(cli: Cli) -> None:
    """A complaint that ended well stays one: the thanks at its end is another message."""
    rows = [
        message("m1", "@NorthlineAir my bag never arrived!", "ana", conversation_id="c1", created_at="2026-11-19T10:00:00Z"),
        message("m2", "@NorthlineAir found it, thanks!", "ana", conversation_id="c1", created_at="2026-11-19T12:00:00Z"),
        message("m3", "@NorthlineAir how many bags may I take?", "ben", created_at="2026-11-19T13:00:00Z"),
    ]  # fmt: skip
    cli.write("inbox.jsonl", *rows)
    done(cli("fetch", now=NOW))
    told = cli("report", "listen", now=NOW)
    assert "not triaged yet (apart)\t3\t2" in told.out
    assert told.err == "what is not triaged is not in the figures: socialcli triage\n"
    done(cli("triage", now=NOW))
    found = report(cli)
    assert found["wrote"] == voices(3, 2)
    assert found["negative_feedback"] == voices(1, 1)
    assert found["reply_needed"] == voices(2, 2)
    assert found["help_link"] == voices(1, 1)
    assert found["by_hour"][10] == found["by_hour"][12] == found["by_hour"][13] == 1


def test_what_was_set_by_hand_counts(cli: Cli) -> None:
    tickets = labelled(cli)
    because = ("--reason", "read again", "--as", "sb")
    done(cli("triage", tickets["a03"], "--set", "kind=complaint", *because, now=NOW))
    done(cli("triage", tickets["a01"], "--set", "topic=account", *because, now=NOW))
    found = report(cli, *WEEK)
    assert found["frustrated"] == voices(16, 14)
    assert found["account_matters"] == voices(12, 9)  # all three messages of Ana's ticket


def test_an_account_by_itself(cli: Cli) -> None:
    policy(
        cli,
        TWO_AGENTS
        + '[[accounts]]\nname = "support"\nnetwork = "file"\nhandle = "NorthlineAir"\n'
        + '[[accounts]]\nname = "cargo"\nnetwork = "file"\nhandle = "NorthlineCargo"\ninbox = "cargo.jsonl"\n'
        + 'outbox = "cargo-out.jsonl"\n',
    )
    cli.write("inbox.jsonl", message("m1", handle="ana"), message("m2", handle="ben"))
    cli.write("cargo.jsonl", message("m3", handle="ana"))
    done(cli("fetch", now=NOW))
    done(cli("triage", now=NOW))
    assert report(cli)["wrote"] == voices(3, 2)
    assert report(cli, "--account", "cargo")["wrote"] == voices(1, 1)
    assert report(cli, "--account", "cargo")["account"] == "cargo"


def test_a_forgotten_customer_still_counts_and_is_not_named(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    labelled(cli)
    done(cli("forget", "@ana", "--as", "sb", "--yes", now=NOW))
    run = done(cli("report", "listen", *WEEK, "--json", now=NOW))
    assert run.record["wrote"] == FIGURES["wrote"]
    assert "ana" not in run.out


def test_without_a_terminal_it_is_a_table_with_tabs(cli: Cli) -> None:
    labelled(cli)
    lines = done(cli("report", "listen", *WEEK, now=NOW)).out.splitlines()
    assert lines[0] == f"what customers wrote, {SINCE} to {UNTIL}, all accounts"
    assert lines[2:12] == [
        "\tMESSAGES\tCUSTOMERS\tSHARE",
        "wrote to us\t35\t31\t100%",
        "frustrated\t15\t13\t42%",
        "about technical matters\t4\t4\t13%",
        "about account matters\t9\t8\t26%",
        "positive feedback\t6\t6\t19%",
        "negative feedback\t11\t10\t32%",
        "a help page would do\t6\t6\t19%",
        "need a reply\t23\t21\t68%",
        "would gain by a reply\t9\t9\t29%",
    ]
    assert lines[12:15] == [
        "not triaged yet (apart)\t1\t1\t",
        "spam and abuse (apart)\t2\t2\t",
        "news from feeds (apart)\t1\t1\t",
    ]
    assert "hour (Europe/London)\tMESSAGES\tMon\tTue\tWed\tThu\tFri\tSat\tSun" in lines
    assert "08\t7\t2\t1\t0\t2\t0\t2\t0" in lines
    assert "#" not in "".join(lines)


def test_a_terminal_shows_bars(cli: Cli) -> None:
    labelled(cli)
    command, *rest = cli.arguments("report", "listen", *WEEK, now=NOW)
    child = pexpect.spawn(
        command, rest, env=cli.env | {"COLUMNS": "100"}, timeout=PATIENCE, dimensions=(24, 100),
        cwd=str(cli.workspace), encoding="utf-8",
    )  # fmt: skip
    child.expect(pexpect.EOF)
    child.close()
    lines = [line.rstrip() for line in str(child.before).splitlines()]
    assert child.exitstatus == 0
    assert f"wrote to us                       35         31   100%  {'#' * 40}" in lines
    assert f"frustrated                        15         13    42%  {'#' * 17}" in lines
    (nine,) = (line for line in lines if line.startswith("09 "))
    assert nine == f"09             9     2     .     2     .     3     2     .  {'#' * 40}"


NONE = Voices(0, 0)


def _listen(zone: str = "Europe/London", many: int = 1_234_567) -> Listen:
    some = Voices(many, many)
    hours = tuple(many // (hour + 1) for hour in range(24))
    return Listen(
        parse_time(SINCE), parse_time(UNTIL), "support", zone, some, NONE, NONE, NONE, NONE, NONE, NONE, some,
        NONE, hours, (hours,) * 7, some, NONE, NONE,
    )  # fmt: skip


@pytest.mark.parametrize("width", [1, 5, 20, 30, 44, 55, 64, 80, 120, 400])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = list(listening([_listen()], Screen(terminal=True, colour=True, width=width)))
    assert max(wcswidth(line) for line in lines) <= max(1, width)
    if width >= 44:
        assert any("1,234,567" in line for line in lines)


def test_a_zone_is_printed_harmlessly() -> None:
    lines = list(listening([_listen("\x1b[31mred")], Screen(terminal=False, colour=False, width=0)))
    assert "\x1b" not in "\n".join(lines)


def test_the_record_is_one_line_of_json(cli: Cli) -> None:
    labelled(cli)
    out = done(cli("report", "listen", "--json", now=NOW)).out
    assert [json.loads(line)["type"] for line in io.StringIO(out)] == ["listen"]
