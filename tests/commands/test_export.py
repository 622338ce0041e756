"""``export``: a row a ticket, harmless in a spreadsheet, full in JSON Lines."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
from typing import Any

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, SORRY, done, journal, message, one_line, policy, queued

COLUMNS = [
    "id", "network", "account", "customer", "customer_name", "status", "respond", "priority", "score", "kind",
    "topic", "sentiment", "register", "language", "opened_at", "received_at", "due_at", "overdue",
    "snoozed_until", "assignee", "incident", "labels", "messages", "text", "thread",
]  # fmt: skip
FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "  =1+1", "\n=1+1", "\xa0@SUM(1)", "\u200b=1+1",
    "＝1+1", "＋1", "－1", "＠SUM(1)", "\x1b=1", "\ufeff=1+1", '=HYPERLINK("http://x.example";"a")',
]  # fmt: skip


def rows(cli: Cli, *arguments: str, now: str = NOW) -> list[dict[str, str]]:
    out = done(cli("export", *arguments, now=now)).out
    return list(csv.DictReader(io.StringIO(out, newline="")))


def test_one_row_a_ticket_with_the_whole_conversation(cli: Cli) -> None:
    second = message(
        "m2", 'and "my" seat, 12A?', "cust1", in_reply_to="m1", created_at="2026-11-20T10:01:00Z"
    )
    ticket = queued(cli, message(), second, message("m3", "@NorthlineAir bike fees?", "cust2"))
    sent = done(cli("reply", ticket, "--text", SORRY, "--yes", "--json", now=LATER)).record
    assert sent["state"] == "sent"
    done(cli("label", ticket, "+baggage", "+oslo", now=LATER))
    table = rows(cli)
    assert list(table[0]) == COLUMNS
    assert [row["customer"] for row in table] == ["cust1", "cust2"]
    row = table[0]
    assert (row["id"], row["labels"], row["messages"], row["overdue"]) == (
        ticket,
        "baggage oslo",
        "3",
        "false",
    )
    assert row["text"] == second["text"]
    assert row["thread"].split("\n\n") == [
        f"2026-11-20T10:00:00Z @cust1: {message()['text']}",
        f"2026-11-20T10:01:00Z @cust1: {second['text']}",
        f"2026-11-20T10:06:00Z us: {SORRY}",
    ]


def test_json_lines_have_the_same_fields_and_full_values(cli: Cli) -> None:
    text = "=1+1 \x1b[31m\ttab\r\nline \u202e \x00 end"
    queued(cli, message("m1", text, "=cust1"))
    for arguments in (("--format", "jsonl"), ("--json",)):
        run = done(cli("export", *arguments, now=NOW))
        (record,) = run.records
        assert list(record) == ["type", *COLUMNS]
        assert record["text"] == text.replace("\x00", "\ufffd")
        assert record["customer"] == "=cust1"
        assert record["labels"] == []
        assert "\x1b" not in run.out


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(cli: Cli, text: str) -> None:
    queued(cli, message("m1", text, "cust1", author={"handle": "cust1", "name": text}))
    out = done(cli("export", now=NOW)).out
    row = rows(cli)[0]
    assert row["text"].startswith("'")
    assert not {character for character in out if ord(character) < 32 and character != "\n"}
    for name, cell in row.items():
        if name not in ("sentiment", "score"):
            assert cell.strip()[:1] not in tuple("=+-@＝＋－＠"), name


def test_plain_texts_stay_as_they_are(cli: Cli) -> None:
    text = "Is NL204 on time? 5-3=2, a@b.example, “ok” 😀 Málaga"
    queued(cli, message("m1", text, "cust1"))
    assert rows(cli)[0]["text"] == text


def test_the_filters_of_list(cli: Cli) -> None:
    policy(cli, '[filters.bags]\nmatch = "bag*"\n')
    queued(cli, message(), message("m2", "@NorthlineAir how much is a second seat?", "cust2"))
    assert [row["customer"] for row in rows(cli, "--match", "seat")] == ["cust2"]
    assert [row["customer"] for row in rows(cli, "--filter", "bags")] == ["cust1"]
    assert [row["customer"] for row in rows(cli, "--priority", "urgent")] == ["cust1"]
    assert [row["customer"] for row in rows(cli, "--limit", "1")] == ["cust1"]
    assert rows(cli, "--status", "solved") == []
    assert cli("export", "--filter", "bikes", now=NOW).code == 5


def test_in_the_order_in_which_they_wait_asleep_or_not(cli: Cli) -> None:
    times = {
        "cust3": "2026-11-20T09:00:00Z",
        "cust1": "2026-11-20T09:30:00Z",
        "cust2": "2026-11-20T09:45:00Z",
    }
    queued(cli, *(message(f"m{who}", "@NorthlineAir hi?", who, created_at=at) for who, at in times.items()))
    first = rows(cli)
    done(cli("snooze", first[0]["id"], "--for", "1h", now=NOW))
    assert [row["customer"] for row in rows(cli)] == [row["customer"] for row in first] == list(times)
    assert rows(cli)[0]["snoozed_until"] == "2026-11-20T11:05:00Z"


def test_into_a_file_whole_or_not_at_all(cli: Cli) -> None:
    queued(cli)
    target = cli.workspace / "out.csv"
    told = done(cli("export", "--output", target, "--json", now=NOW)).record
    assert told == {"type": "exported", "file": str(target), "format": "csv", "tickets": 1}
    whole = target.read_text(encoding="utf-8")
    assert whole == done(cli("export", now=NOW)).out
    assert cli("export", "--output", target, "--match", "...", now=NOW).code == 2
    assert target.read_text(encoding="utf-8") == whole
    assert [path.name for path in cli.workspace.glob(".out*")] == []


def test_an_export_that_breaks_in_the_middle_leaves_the_old_file(cli: Cli) -> None:
    queued(cli)
    target = cli.workspace / "out.csv"
    target.write_text("of yesterday\n", encoding="utf-8")
    run = cli("export", "--output", target, now=NOW, env={"SOCIALCLI_FAIL_POINT": "export:half"})
    assert run.code < 0
    assert target.read_text(encoding="utf-8") == "of yesterday\n"


def test_a_file_that_cannot_be_is_told_before_anything_is_read(cli: Cli) -> None:
    queued(cli)
    run = cli("export", "--output", "no/folder.csv", now=NOW)
    told, hint = one_line(run)
    assert (run.code, hint) == (2, f"make it first: mkdir -p {cli.workspace / 'no'}")
    assert "there is no folder" in told
    run = cli("export", "--output", cli.workspace, now=NOW)
    assert (run.code, one_line(run)[1]) == (2, "name a file in it")


@pytest.mark.parametrize(
    ("arguments", "form"),
    [
        (("--output", "out.jsonl"), "jsonl"),
        (("--output", "out.CSV", "--json"), "csv"),
        (("--output", "out", "--json"), "jsonl"),
        (("--output", "out"), "csv"),
        (("--output", "out.jsonl", "--format", "csv"), "csv"),
    ],
)
def test_the_ending_of_the_file_decides(cli: Cli, arguments: tuple[str, ...], form: str) -> None:
    queued(cli)
    run = done(cli("export", *arguments, now=NOW))
    if "--json" in arguments:
        assert (run.record["format"], run.record["tickets"]) == (form, 1)
    else:
        assert run.out == f"1 ticket in {arguments[1]}\n"
    begin = (cli.workspace / arguments[1]).read_text(encoding="utf-8")[:15]
    assert begin.startswith("id,network" if form == "csv" else '{"type":"export')


def test_csv_and_json_lines_at_once_are_no_answer(cli: Cli) -> None:
    queued(cli)
    assert cli("export", "--format", "csv", "--json", now=NOW).code == 2


def test_an_empty_queue_has_a_head_and_no_rows(cli: Cli) -> None:
    assert done(cli("export", now=NOW)).out == ",".join(COLUMNS) + "\n"
    assert done(cli("export", "--format", "jsonl", now=NOW)).out == ""


def test_a_reader_that_goes_away_ends_it_quietly(cli: Cli) -> None:
    rows_: list[dict[str, Any]] = [
        message(f"m{n}", f"@NorthlineAir {'bag ' * 400}{n}", f"c{n}") for n in range(200)
    ]
    cli.write("inbox.jsonl", *rows_)
    done(cli("fetch", now=NOW))
    process = subprocess.Popen(
        cli.arguments("export", "--format", "jsonl", now=NOW),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=cli.env, cwd=cli.workspace,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    assert json.loads(process.stdout.readline())["type"] == "export"
    process.stdout.close()
    assert (process.wait(timeout=60), process.stderr.read()) == (0, b"")
    process.stderr.close()


def test_no_file_of_the_workspace_is_overwritten(cli: Cli) -> None:
    queued(cli)
    before = journal(cli)
    (cli.workspace / "link.csv").symlink_to(cli.workspace / "queue.jsonl")
    for name in ("queue.jsonl", "inbox.jsonl", "link.csv", ".socialcli/queue.lock"):
        run = cli("export", "--output", str(cli.workspace / name), now=LATER)
        assert (run.code, journal(cli)) == (2, before), name
        assert "a file of the workspace" in run.err


def test_what_is_no_regular_file_is_left_alone(cli: Cli) -> None:
    queued(cli)
    pipe = cli.workspace / "pipe"
    os.mkfifo(pipe)
    assert cli("export", "--output", str(pipe), now=LATER).code == 2
    assert stat.S_ISFIFO(pipe.stat().st_mode)
