"""Bad input: one clear line that names thing, place and next step, the exit code of the contract, nothing lost."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import PATIENCE, Cli, Run, collect
from tests.e2e.staging import LATER, NOW, SORRY, done, journal, message, one_line, policy, queued

GOOD = json.dumps(message("good", "@NorthlineAir where is my refund?"))


def imported(cli: Cli, content: bytes, *more: str, name: str = "rows.jsonl") -> Run:
    """Import a file that holds ``content``."""
    (cli.workspace / name).write_bytes(content)
    return cli("fetch", "--from", name, *more, "--json", now=NOW)


def whole(cli: Cli) -> None:
    """The journal holds only whole events, and doctor finds nothing broken in it."""
    assert journal(cli) == b"" or journal(cli).endswith(b"\n")
    assert all("event" in json.loads(line) for line in journal(cli).splitlines())
    assert all(one["state"] != "broken" for one in done(cli("doctor", "--json")).records)


# Files


def test_missing_file(cli: Cli) -> None:
    run = cli("fetch", "--from", "nothing.jsonl")
    assert run.code == 2
    assert "nothing.jsonl: no such file" in run.err
    assert run.out == ""


@pytest.mark.parametrize("arguments", [("fetch", "--from", "."), ("lint", "."), ("lint", "--records", ".")])
def test_a_folder_is_no_file(cli: Cli, arguments: tuple[str, ...]) -> None:
    run = cli(*arguments)
    assert run.code == 2
    assert ".: is a directory" in run.err


@pytest.mark.parametrize("arguments", [("lint", "nothing.txt"), ("lint", "--records", "nothing.jsonl")])
def test_missing_file_of_lint(cli: Cli, arguments: tuple[str, ...]) -> None:
    run = cli(*arguments)
    assert run.code == 2
    assert f"{arguments[-1]}: no such file" in run.err


def test_half_written_file(cli: Cli) -> None:
    run = imported(cli, f'{GOOD}\n{{"id":"m2","text":"@Northl'.encode())
    assert (run.code, run.record["new"], run.record["rejected"]) == (8, 1, 1)
    assert "line 2" in run.error["message"]
    assert "ends in the middle" in run.error["message"]
    whole(cli)


def test_a_last_line_without_its_line_feed_counts_in_an_import(cli: Cli) -> None:
    run = imported(cli, GOOD.encode())
    assert (run.code, run.record["new"]) == (0, 1)


def test_a_half_written_inbox_is_read_when_it_is_whole(cli: Cli) -> None:
    inbox = cli.workspace / "inbox.jsonl"
    inbox.write_text(f'{GOOD}\n{{"id":"m2",', encoding="utf-8")
    first = cli("fetch", "--json", now=NOW)
    assert (first.code, first.record["read"], first.record["rejected"]) == (0, 1, 0)
    inbox.write_text(f"{GOOD}\n{json.dumps(message('m2'))}\n", encoding="utf-8")
    assert done(cli("fetch", "--json", now=NOW)).record["new"] == 1


@pytest.mark.parametrize("form", ["jsonl", "csv", "x"])
def test_binary_file(cli: Cli, form: str) -> None:
    run = imported(cli, bytes(range(256)) * 40, "--format", form)
    assert run.code in {2, 7, 8}
    assert "Traceback" not in run.err
    assert "unexpected" not in run.error["message"]
    assert len(run.error["message"]) < 3000
    assert all(character.isprintable() or character == "\n" for character in run.error["message"])
    whole(cli)


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_utf_16_is_named(cli: Cli, form: str) -> None:
    rows = GOOD if form == "jsonl" else "id,text,created_at,author.handle\n1,hi,2026-11-20T10:00:00Z,a"
    run = imported(cli, f"{rows}\n".encode("utf-16"), "--format", form)
    assert run.code == 2
    assert "rows.jsonl is UTF-16, not UTF-8" in run.error["message"]
    assert "iconv -f UTF-16" in run.error["hint"]
    whole(cli)


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_utf_16_without_its_mark_looks_binary(cli: Cli, form: str) -> None:
    run = imported(cli, f"{GOOD}\n".encode("utf-16-le"), "--format", form)
    assert (run.code, run.out) == (2, "")
    assert f"rows.jsonl is a binary file, not {form}" in run.error["message"]


def test_latin_1_rows_are_passed_over_and_listed(cli: Cli) -> None:
    row = json.dumps(message("m2", "el avión está retrasado"), ensure_ascii=False)
    run = imported(cli, f"{GOOD}\n{row}\n".encode("latin-1"))
    assert (run.code, run.record["new"], run.record["rejected"]) == (8, 1, 1)
    assert "line 2: not UTF-8" in run.error["message"]
    whole(cli)


def test_latin_1_csv(cli: Cli) -> None:
    head = "id,text,created_at,author.handle\n"
    rows = "1,hola,2026-11-20T10:00:00Z,ana\n2,avión,2026-11-20T10:00:00Z,ana\n"
    run = imported(cli, (head + rows).encode("latin-1"), name="rows.csv")
    assert (run.code, run.record["new"], run.record["rejected"]) == (8, 1, 1)
    assert "line 3: not UTF-8" in run.error["message"]
    whole(cli)


def test_a_byte_order_mark_is_no_mistake(cli: Cli) -> None:
    run = imported(cli, f"{GOOD}\n".encode("utf-8-sig"))
    assert (run.code, run.record["new"]) == (0, 1)


def test_a_line_of_20_megabytes(cli: Cli) -> None:
    huge = json.dumps(message("huge", "@NorthlineAir " + "my bag is lost. " * 1_300_000))
    run = imported(cli, f"{huge}\n{GOOD}\n".encode())
    assert run.code in {0, 8}
    assert run.record["read"] == 2
    if run.code == 8:
        assert "line 1" in run.error["message"]
        assert len(run.error["message"]) < 500
    assert done(cli("triage", "--json", now=NOW)).records
    whole(cli)


def test_a_huge_line_that_is_no_json(cli: Cli) -> None:
    run = imported(cli, b"x" * 20_000_000 + b"\n" + GOOD.encode() + b"\n")
    assert (run.code, run.record["new"], run.record["rejected"]) == (8, 1, 1)
    assert len(run.err) < 1000
    whole(cli)


# Columns and rows

CSV = b"tweet,body,when,who\n1,@NorthlineAir hi,2026-11-20T10:00:00Z,ana\n"


@pytest.mark.parametrize(
    ("mapping", "said", "hint"),
    [
        ("id=tweed", 'no column "tweed"', "did you mean tweet?"),
        ("idd=tweet", 'no field "idd"', "did you mean id?"),
        ("id", "is not field=column", ""),
        ("id=tweet", "no column for text, created_at, author.handle", "--map text=COLUMN"),
    ],
)
def test_wrong_map(cli: Cli, mapping: str, said: str, hint: str) -> None:
    run = imported(cli, CSV, "--map", mapping, name="rows.csv")
    assert (run.code, run.out) == (2, "")
    assert said in run.error["message"]
    assert hint in (run.error["hint"] or "")
    assert journal(cli) == b""


def test_right_map(cli: Cli) -> None:
    mapping = "id=tweet,text=body,created_at=when,author.handle=who"
    run = imported(cli, CSV, "--map", mapping, name="rows.csv")
    assert (run.code, run.record["new"]) == (0, 1)


def test_map_without_csv(cli: Cli) -> None:
    assert imported(cli, GOOD.encode(), "--map", "id=x").code == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": None}, "id"),
        ({"id": ""}, "id is empty"),
        ({"text": 7}, "text"),
        ({"author": {}}, "author.handle is missing"),
        ({"author": {"handle": "@"}}, "author.handle is empty"),
        ({"created_at": "yesterday"}, '"yesterday" is not a time'),
        ({"created_at": "2026-11-20T10:00:00"}, "has no time zone"),
        ({"visibility": "secret"}, "visibility"),
    ],
)
def test_bad_rows_are_listed_and_the_rest_is_taken(cli: Cli, change: dict[str, object], said: str) -> None:
    bad = message("bad") | change
    run = imported(cli, f"{json.dumps(bad)}\n{GOOD}\n".encode())
    assert (run.code, run.record["new"], run.record["rejected"]) == (8, 1, 1)
    assert f"line 1: {said}" in run.error["message"] or said in run.error["message"]
    assert "line 1" in run.error["message"]
    whole(cli)


def test_nesting_without_an_end(cli: Cli) -> None:
    deep = b'{"x":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    for form in ("jsonl", "x"):
        run = imported(cli, b"[" * 200_000 + b"\n" + deep + b"\n" + GOOD.encode() + b"\n", "--format", form)
        assert run.code == 8
        assert "nested too deeply" in run.error["message"]
    for arguments in (("triage", "-"), ("lint", "--records")):
        run = cli(*arguments, "--json", input=deep + b"\n")
        assert (run.code, run.record["type"]) == (7, "error")
    whole(cli)


def test_row_without_id(cli: Cli) -> None:
    row = message()
    del row["id"]
    run = imported(cli, f"{json.dumps(row)}\n".encode())
    assert (run.code, run.record["rejected"]) == (8, 1)
    assert "line 1: id is missing" in run.error["message"]


def test_many_bad_rows_do_not_flood(cli: Cli) -> None:
    run = imported(cli, b"nonsense\n" * 3000)
    assert (run.code, run.record["rejected"]) == (8, 3000)
    assert len(run.error["message"].splitlines()) < 15


@pytest.mark.parametrize(("zone", "code"), [("Europe/London", 0), ("Mars/Base", 2), ("../../etc/passwd", 2)])
def test_naive_time_with_a_zone(cli: Cli, zone: str, code: int) -> None:
    row = message(created_at="2026-07-20 10:00:00")
    run = imported(cli, f"{json.dumps(row)}\n".encode(), "--tz", zone)
    assert run.code == code
    if code == 0:
        assert cli("list", "--json").record["received_at"] == "2026-07-20T09:00:00Z"
    else:
        assert "no time zone" in run.error["message"]


# Names


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "zzzz"), 'no ticket "zzzz"'),
        (("why", "zzzz"), 'no ticket "zzzz"'),
        (("can", "zzzz"), 'no ticket "zzzz"'),
        (("log", "zzzz"), 'no ticket "zzzz"'),
        (("claim", "zzzz"), 'no ticket "zzzz"'),
        (("release", "zzzz"), 'no ticket "zzzz"'),
        (("note", "zzzz", "hm"), 'no ticket "zzzz"'),
        (("done", "zzzz", "--url", "https://northline.example/1"), 'no ticket "zzzz"'),
        (("triage", "zzzz"), 'no ticket "zzzz"'),
        (("triage", "zzzz", "--set", "priority=low", "--reason", "r"), 'no ticket "zzzz"'),
        (("reply", "zzzz", "--text", "Hi ^SB", "--yes"), 'no ticket "zzzz"'),
        (("lint", "--text", "Hi ^SB", "--ticket", "zzzz"), 'no ticket "zzzz"'),
        (("lint", "--text", "Hi ^SB", "--agent", "zz"), 'no agent "zz"'),
        (("lint", "--explain", "tone/odd"), 'no rule "tone/odd"'),
        (("approve", "zzzz"), 'no draft "zzzz"'),
        (("reject", "zzzz", "--reason", "r"), 'no draft "zzzz"'),
        (("fetch", "--account", "zz"), 'no account "zz"'),
        (("list", "--account", "zz"), 'no account "zz"'),
        (("list", "--assignee", "zz"), 'no agent "zz"'),
        (("next", "--claim", "--as", "zz"), 'no agent "zz"'),
    ],
)
def test_unknown_names(cli: Cli, arguments: tuple[str, ...], said: str) -> None:
    run = cli(*arguments)
    assert (run.code, run.out) == (5, "")
    what, hint = one_line(run)
    assert what == said
    assert hint
    assert journal(cli) == b""


def test_unknown_template_agent_and_rule_of_a_reply(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    for more, said in (
        (("-t", "apologie"), 'no template "apologie"'),
        (("--text", "Hi ^SB", "--as", "zz"), 'no agent "zz"'),
        (("--text", "Hi ^SB", "--allow", "odd/rule", "--reason", "r"), 'no rule "odd/rule"'),
    ):
        run = cli("reply", ticket, *more, "--yes", now=LATER)
        assert run.code == 5
        assert one_line(run)[0] == said
    assert journal(cli) == before


# Policy and templates

TEN_MISTAKES = """
[brand]
region = "Britain"
languages = "en"
colour = "blue"

[reply]
soft_length = "long"
may_allow = 3

[deadlines]
urgent = "15 minutes"
hihg = "1h"

[approval]
when = ["statments"]

[links]
max = -1

[outbox]
settle_after = true
"""


def test_a_policy_with_ten_mistakes_shows_all_of_them(cli: Cli) -> None:
    policy(cli, TEN_MISTAKES)
    run = cli("fetch")
    assert (run.code, run.out) == (7, "")
    lines = run.err.splitlines()
    assert lines[0] == "socialcli: policies.toml has 10 mistakes"
    assert len(lines) == 12
    for line, key in zip(
        lines[1:11],
        (
            "3: brand.region", "4: brand.languages", "5: brand.colour", "8: reply.soft_length",
            "9: reply.may_allow", "12: deadlines.urgent", "13: deadlines.hihg", "16: approval.when",
            "19: links.max", "22: outbox.settle_after",
        ),
        strict=True,
    ):  # fmt: skip
        assert f"policies.toml:{key}" in line
    assert "did you mean" in lines[7]
    assert cli("fetch", "--json").error["code"] == 7
    assert cli("doctor", "--json").code == 7


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[brand\n", "policies.toml:1:"),
        (b"[brand]\nname = 'a'\nname = 'b'\n", "policies.toml:3:"),
        ("[brand]\nname = 'Línea'\n".encode("latin-1"), "not UTF-8"),
        ("[brand]\n".encode("utf-16"), "byte order mark"),
        (b"\0\1\2", "policies.toml:1"),
    ],
)
def test_a_policy_that_is_no_toml(cli: Cli, content: bytes, said: str) -> None:
    (cli.workspace / "policies.toml").write_bytes(content)
    run = cli("fetch", "--json")
    assert (run.code, run.out) == (7, "")
    assert said in run.error["message"]
    assert run.error["hint"]


def test_a_template_that_fails_is_named_with_file_and_line(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    folder = cli.workspace / "templates" / "replies"
    folder.mkdir(parents=True)
    (folder / "broken.j2").write_text('+++\ntitle = "Broken"\n+++\nHello\n{{ 1 / 0 }}\n', encoding="utf-8")
    (folder / "syntax.j2").write_text('+++\ntitle = "Syntax"\n+++\n\n{% if %}\n', encoding="utf-8")
    for name in ("broken", "syntax"):
        run = cli("reply", ticket, "-t", name, "--yes", "--json", now=LATER)
        assert (run.code, run.out) == (7, "")
        assert f"templates/replies/{name}.j2:5: " in run.error["message"]
    assert cli("lint", "--templates").code == 7
    assert cli("doctor").code == 7
    assert journal(cli) == before


def test_a_template_with_missing_and_unknown_values(cli: Cli) -> None:
    ticket = queued(cli)
    folder = cli.workspace / "templates" / "replies"
    folder.mkdir(parents=True)
    (folder / "gate.j2").write_text('+++\ntitle = "Gate"\n+++\nGo to gate {{ gate }}.\n', encoding="utf-8")
    missing = cli("reply", ticket, "-t", "gate", "--yes", now=LATER)
    assert missing.code == 2
    assert one_line(missing)[1] == "add --set gate=..."
    unknown = cli("reply", ticket, "-t", "gate", "--set", "gate=4", "--set", "gaet=4", "--yes", now=LATER)
    assert unknown.code == 2
    assert 'no variable "gaet"; did you mean "gate"?' in unknown.err
    assert cli("reply", ticket, "-t", "gate", "--set", "gate", "--yes", now=LATER).code == 2


# The queue itself


def test_a_bad_line_in_the_journal_is_named_and_the_rest_works(cli: Cli) -> None:
    ticket = queued(cli)
    path = cli.workspace / "queue.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"this is no event\n" + b"".join(lines[1:]))
    run = cli("list", "--json")
    assert (run.code, run.record["id"]) == (0, ticket)
    assert "1 line passed over" in run.err
    health = cli("doctor", "--json")
    assert health.code == 7
    (broken,) = [one for one in health.records if one["state"] == "broken"]
    assert "queue.jsonl:2" in broken["detail"]
    assert done(cli("note", ticket, "still works")).out


def test_a_torn_tail_is_set_aside_by_the_next_writer(cli: Cli) -> None:
    ticket = queued(cli)
    path = cli.workspace / "queue.jsonl"
    before = path.read_bytes()
    path.write_bytes(before + b'{"at":"2026-11-20T10:06')
    assert done(cli("list", "--json")).record["id"] == ticket
    run = done(cli("note", ticket, "hello"))
    assert "set aside" in run.err
    (torn,) = cli.workspace.glob("queue.jsonl.torn-*")
    assert torn.read_bytes() == b'{"at":"2026-11-20T10:06'
    assert journal(cli).startswith(before)
    whole(cli)


def test_the_index_may_be_deleted_or_be_nonsense(cli: Cli) -> None:
    queued(cli)
    expected = cli("list", "--json", now=NOW).out
    shutil.rmtree(cli.workspace / ".socialcli")
    assert cli("list", "--json", now=NOW).out == expected
    (cli.workspace / ".socialcli" / "index.sqlite").write_bytes(b"no database at all" * 500)
    assert done(cli("list", "--json", now=NOW)).out == expected


def test_a_second_process_that_holds_the_lock(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    with (cli.workspace / ".socialcli" / "queue.lock").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        text, record = cli.start("note", ticket, "x"), cli.start("claim", ticket, "--json")
        assert done(cli("list", "--json")).record["id"] == ticket  # readers take no lock
        said, recorded = collect(text), collect(record)
    assert (said.code, recorded.code) == (6, 6)
    assert "the queue is locked" in one_line(said)[0]
    assert recorded.error["code"] == 6
    assert journal(cli) == before
    done(cli("note", ticket, "x"))


def test_ctrl_c_while_waiting_leaves_the_queue_whole(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    lock = cli.workspace / ".socialcli" / "queue.lock"
    with lock.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        process = cli.start("note", ticket, "x")
        while process.poll() is None and str(lock) not in _open_files(process.pid):
            time.sleep(0.01)  # leaves the processor to it
        process.send_signal(signal.SIGINT)
        run = collect(process)
    assert (run.code, run.out, run.err.strip()) == (130, "", "")
    assert journal(cli) == before


def _open_files(process: int) -> set[str]:
    found: set[str] = set()
    for link in Path(f"/proc/{process}/fd").iterdir():
        try:
            found.add(str(link.readlink()))
        except OSError:
            continue
    return found


# Streams


@pytest.mark.parametrize("more", [[], ["--json"]])
@pytest.mark.parametrize("command", [["list", "--limit", "0"], ["log"]])  # more than a pipe holds
def test_a_closed_pipe_ends_quietly(cli: Cli, command: list[str], more: list[str]) -> None:
    rows = [
        message(f"m{number}", f"@NorthlineAir late again {'!' * 300}", f"c{number}") for number in range(900)
    ]
    cli.write("inbox.jsonl", *rows)
    done(cli("fetch", now=NOW))
    process = cli.start(*command, *more)
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout, process.stderr:
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.wait(PATIENCE) == 0


def test_a_closed_pipe_does_not_hide_a_refusal(cli: Cli) -> None:
    ticket = queued(cli)
    reading, writing = os.pipe()
    os.close(reading)
    run = subprocess.run(
        cli.arguments("reply", ticket, "--text", "no sign-off", "--yes", now=LATER),
        env=cli.env,
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=PATIENCE,
        check=False,
    )
    os.close(writing)
    assert (run.returncode, run.stderr) == (3, b"")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams(cli: Cli, closed: str) -> None:
    ticket = queued(cli)
    before = journal(cli)
    for arguments in (("list",), ("list", "--json"), ("show", "zzz"), ("note", ticket, "hm")):
        run = subprocess.run(
            ["sh", "-c", f'exec "$@" {closed}', "sh", *cli.arguments(*arguments)],
            env=cli.env, capture_output=True, cwd=cli.workspace, timeout=PATIENCE, check=False,
        )  # fmt: skip
        assert run.returncode == (5 if arguments[0] == "show" else 0), run.stderr
        assert b"trace" not in run.stderr
    after = journal(cli)
    assert after.startswith(before)
    assert len(after.splitlines()) == len(before.splitlines()) + 1
    whole(cli)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_an_answer_that_cannot_be_written(cli: Cli, more: list[str]) -> None:
    queued(cli)
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(
            cli.arguments("list", *more), env=cli.env, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert run.returncode == 1
    assert b"the disk is full" in run.stderr
    assert len(run.stderr.splitlines()) == (1 if more else 2)


def test_a_stdout_that_cannot_show_everything(cli: Cli) -> None:
    queued(cli, message(text="@NorthlineAir où est ma valise \U0001f62d"))
    run = done(cli("list", env={"PYTHONIOENCODING": "ascii"}))
    assert "o\\xf9 est ma valise \\U0001f62d" in run.out
    (record,) = done(cli("list", "--json", env={"PYTHONIOENCODING": "ascii"})).records
    assert record["text"] == "@NorthlineAir où est ma valise \U0001f62d"


@pytest.mark.parametrize(
    "arguments", [("note", "TICKET", "-"), ("reply", "TICKET", "--text", "-", "--yes"), ("lint", "-")]
)
def test_standard_input_that_is_not_utf_8(cli: Cli, arguments: tuple[str, ...]) -> None:
    ticket = queued(cli)
    before = journal(cli)
    run = cli(*(ticket if one == "TICKET" else one for one in arguments), input=b"caf\xe9", now=LATER)
    assert run.code == 2
    assert "not UTF-8 (byte 4)" in run.err
    assert journal(cli) == before


def test_arguments_that_are_not_utf_8(cli: Cli) -> None:
    ticket = queued(cli)
    broken = "caf\udce9"  # what Python makes of the byte 0xe9
    done(cli("note", ticket, broken))
    done(cli("triage", ticket, "--set", f"topic={broken}", "--reason", broken))
    refused = cli("reply", ticket, "--text", broken, "--yes", "--json", now=LATER)
    assert (refused.code, refused.record["state"]) == (3, "refused")
    for arguments in (("show", broken), ("list", "--account", broken), ("approve", broken)):
        assert cli(*arguments, "--json").error["code"] == 5
    assert cli("fetch", "--from", broken, "--json").error["code"] == 2
    assert cli("next", "--claim", "--json", env={"SOCIALCLI_AGENT": broken}).error["code"] == 5
    assert done(cli("init", broken, "--json")).records
    assert done(cli("init", broken)).out
    whole(cli)


def test_without_a_terminal_nothing_waits(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    for arguments in (("reply",), ("reply", ticket), ("reply", ticket, "--text", SORRY)):
        run = cli(*arguments, now=LATER)
        assert run.code == 2
        assert one_line(run)[1]
    assert journal(cli) == before
    assert done(cli("init", "new")).out


# Disks


def test_outbox_that_cannot_be_read_is_temporary(cli: Cli) -> None:
    ticket = queued(cli)
    (cli.workspace / "outbox.jsonl").mkdir()
    run = cli("reply", ticket, "--text", SORRY, "--yes", "--json", now=LATER)
    assert (run.code, run.record["state"]) == (75, "parked")
    assert "outbox.jsonl" in run.error["message"]
    (cli.workspace / "outbox.jsonl").rmdir()
    again = done(cli("reply", ticket, "--text", SORRY, "--yes", "--json", now=LATER))
    assert (again.record["id"], again.record["state"]) == (run.record["id"], "sent")
    assert len(cli.lines("outbox.jsonl")) == 1


def _bound_by_permissions(arguments: list[str]) -> list[str]:
    """The command without the rights of the superuser, who may write everywhere."""
    if os.geteuid() != 0:
        return arguments
    if shutil.which("setpriv") is None:
        pytest.skip("skipped: the superuser may write everywhere, and there is no setpriv to drop that right")
    return ["setpriv", "--inh-caps=-all", "--bounding-set=-all", *arguments]


def _run(cli: Cli, *arguments: str) -> Run:
    command = _bound_by_permissions(cli.arguments(*arguments, now=LATER))
    run = subprocess.run(command, env=cli.env, capture_output=True, timeout=PATIENCE, check=False, text=True)
    return Run(run.returncode, run.stdout, run.stderr)


@pytest.fixture
def sealed(cli: Cli) -> Iterator[str]:
    """A workspace with one ticket in which nothing may be written; the id of the ticket."""
    ticket = queued(cli)
    shutil.rmtree(cli.workspace / ".socialcli")
    paths = (cli.workspace, *cli.workspace.iterdir())
    for path in paths:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222)
    yield ticket
    for path in paths:
        path.chmod(0o700)


def test_a_read_only_workspace(cli: Cli, sealed: str) -> None:
    before = journal(cli)
    run = _run(cli, "list", "--json")
    assert (run.code, run.record["id"]) == (0, sealed)
    for reading in (("show", sealed), ("why", sealed), ("can", sealed), ("next",), ("log",), ("outbox",)):
        assert _run(cli, *reading).code == 0
    for writing in (("note", sealed, "x"), ("fetch",), ("reply", sealed, "--text", SORRY, "--yes")):
        run = _run(cli, *writing)
        assert (run.code, run.out) == (1, "")
        what, hint = one_line(run)
        assert "no permission to write" in what
        assert hint
    assert journal(cli) == before


@pytest.mark.parametrize("name", ["queue.jsonl", "policies.toml", "inbox.jsonl"])
def test_an_unreadable_file_of_the_workspace(cli: Cli, name: str) -> None:
    queued(cli)
    path = cli.workspace / name
    path.touch()
    path.chmod(0)
    run = _run(cli, "log" if name == "queue.jsonl" else "fetch")
    path.chmod(0o600)
    assert run.code in {1, 2}
    assert name in one_line(run)[0]
    assert "trace" not in run.err


def test_a_full_disk(cli: Cli, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0:
        pytest.skip("skipped: a small disk can be mounted only by the superuser")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("skipped: no file system can be mounted here")
    try:
        _on_a_full_disk(Cli(disk, cli.home))
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def _fill(path: Path) -> None:
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass


def _on_a_full_disk(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    _fill(cli.workspace / "filler")
    rows = (json.dumps(message(f"n{number}", "@NorthlineAir late " * 20)) for number in range(200))
    run = cli("fetch", "--from", "-", input="\n".join(rows), now=LATER)
    assert run.code == 1
    assert "the disk is full" in one_line(run)[0]
    _fill(cli.workspace / "more")  # the index has let go of some
    reply = cli("reply", ticket, "--text", SORRY, "--yes", now=LATER)
    assert reply.code == 1
    assert "the disk is full" in reply.err
    assert journal(cli).startswith(before)  # a small event may still have fitted in
    assert cli.lines("outbox.jsonl") == []
    assert cli("list", "--json", now=LATER).records[0]["id"] == ticket
    for name in ("filler", "more"):
        (cli.workspace / name).unlink()
    assert done(cli("reply", ticket, "--text", SORRY, "--yes", "--json", now=LATER)).record["state"] == "sent"
    assert len(cli.lines("outbox.jsonl")) == 1
    whole(cli)


def test_an_index_with_pages_of_zeros_is_made_again(cli: Cli) -> None:
    queued(cli, *(message(f"m{number}", handle=f"cust{number}") for number in range(60)))
    index = cli.workspace / ".socialcli" / "index.sqlite"
    content = bytearray(index.read_bytes())
    content[4096 * 3 : 4096 * 30] = bytes(4096 * 27)
    index.write_bytes(content)
    first = cli("list", "--json", now=LATER)
    assert first.code in (0, 7), first.err
    assert len(done(cli("list", "--json", now=LATER)).records) == 60


def test_killed_while_it_writes_down_that_the_journal_is_shorter(cli: Cli) -> None:
    """Whichever step it is killed at, the next command knows it still."""
    queued(cli)
    whole_journal = journal(cli)
    struck = 0
    for number in range(1, 100):
        shutil.rmtree(cli.workspace / ".socialcli")
        (cli.workspace / "queue.jsonl").write_bytes(whole_journal)
        done(cli("list", now=LATER))
        (cli.workspace / "queue.jsonl").write_bytes(whole_journal[: whole_journal[:-1].rindex(b"\n") + 1])
        run = cli("list", now=LATER, env={"SOCIALCLI_FAIL_POINT": f"*@{number}"})
        struck += "shorter:" in run.err
        if run.code == 0:
            break
        assert run.code == -signal.SIGKILL
        done(cli("list", now=LATER))
        found = cli("doctor", "--verify", "--json")
        assert (found.code, "missing" in {one.get("kind") for one in found.records}) == (7, True), run.err
    assert struck >= 4  # before, half written, written, on disk
