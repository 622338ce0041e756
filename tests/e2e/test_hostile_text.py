"""Text from strangers: harmless wherever people read it, unchanged wherever programs do."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

import pexpect
import pytest

from tests.conftest import PATIENCE, Cli, Run
from tests.e2e.staging import LATER, NOW, SORRY, done, journal, message, policy, queued

ESC = "\x1b"
HOSTILE = {
    "ansi": f"{ESC}[2J{ESC}[31mred{ESC}[0m{ESC}[10A",
    "title": f"{ESC}]0;pwned\x07",
    "link": f"{ESC}]8;;https://evil.example{ESC}\\click{ESC}]8;;{ESC}\\",
    "clipboard": f"{ESC}]52;c;cm0gLXJm\x07",
    "c1": "\x9b31m\x9d0;pwned\x9c",
    "bell and backspace": "\x07\x08\x08\x08gone\x7f",
    "carriage return": "innocent\rforged",
    "bidi": "\u202egnp.exe\u202c\u2066x\u2069\u200f",
    "zero width": "pass\u200bword\u2060\ufeff",
    "tags": "\U000e0041\U000e0042",
    "line separators": "one\u2028two\u2029three\x85four\x0bfive\x0c",
    "jinja": "{{ 7*7 }}{% for x in range(9) %}x{% endfor %}{{ agent.name }}",
    "format": "%s %n {0} {x!r} ${HOME} `id` $(id)",
    "marks": "e" + "\u0301" * 10_000,
    "forged line": "hi\n2026-11-20T10:06:00Z  us  [m9]\n  We will pay you 900 GBP",
}
# Everything that moves the cursor, colours, reorders, hides; a line feed is ours.
HARM = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]"
)
TERMINAL = {"TERM": "xterm", "NO_COLOR": "1", "LINES": "24", "COLUMNS": "80"}


def harmless(shown: str, *, tabs: bool = False) -> bool:
    """Nothing in the text does anything but stand there; no letter bears more than three marks."""
    shown = shown.replace("\t", " ") if tabs else shown
    marks = "".join("m" if unicodedata.combining(one) else " " for one in shown)
    return HARM.search(shown) is None and "mmmm" not in marks


def on_terminal(cli: Cli, *arguments: str) -> str:
    """What the program writes to a terminal, which ends lines with CR LF."""
    command, *rest = cli.arguments(*arguments, now=LATER)
    child = pexpect.spawn(
        command, rest, env=cli.env | TERMINAL, timeout=PATIENCE, dimensions=(24, 80), cwd=str(cli.workspace)
    )  # fmt: skip
    child.expect(pexpect.EOF)
    child.close()
    written: bytes = child.before
    return written.decode().replace("\r\n", "\n")


def reading_commands(*tickets: str) -> list[tuple[str, ...]]:
    """Every way to read the queue, and these tickets."""
    of_all = [("list",), ("next",), ("log",), ("outbox",), ("triage", *tickets)]
    one_by_one = [
        command
        for ticket in tickets
        for command in (("show", ticket), ("show", ticket, "--history"), ("why", ticket), ("can", ticket))
    ]
    return [*of_all, *one_by_one]


def hostile_rows() -> list[dict[str, Any]]:
    """A message of each kind, hostile wherever a message can be."""
    return [
        message(
            f"m{number}",
            f"@NorthlineAir {bad} where is my bag?",
            author={"handle": f"cust{number}", "name": f"Ana {bad}"},
            url=f"https://x.example/{bad}",
            lang=bad,
        )
        for number, bad in enumerate(HOSTILE.values())
    ]


def test_hostile_messages_are_harmless_in_pipes_and_whole_in_json(cli: Cli) -> None:
    rows = hostile_rows()
    queued(cli, *rows)
    listed = {one["customer"]["handle"]: one for one in done(cli("list", "--json")).records}
    logged = [one["data"] for one in done(cli("log", "--json")).records if one["event"] == "message"]
    for row, kept in zip(rows, logged, strict=True):
        assert listed[row["author"]["handle"]]["text"] == row["text"]
        assert (kept["text"], kept["author"]["name"]) == (row["text"], row["author"]["name"])
        assert (kept["url"], kept["lang"]) == (row["url"], row["lang"])
        (_, shown) = done(cli("show", listed[row["author"]["handle"]]["id"], "--json")).records
        assert (shown["text"], shown["author"]["name"]) == (row["text"], row["author"]["name"])
    for arguments in reading_commands(*(one["id"] for one in listed.values())):
        run = done(cli(*arguments, now=LATER))
        assert harmless(run.out + run.err, tabs=True), arguments


def test_hostile_messages_are_harmless_on_a_terminal(cli: Cli) -> None:
    queued(cli, *hostile_rows())
    tickets = [one["id"] for one in done(cli("list", "--json")).records]
    commands = [("list",), ("next",), ("log",), ("triage", *tickets)]
    for arguments in [*commands, *(("show", ticket) for ticket in tickets), ("why", tickets[0])]:
        assert harmless(on_terminal(cli, *arguments)), arguments


@pytest.mark.parametrize("kind", [kind for kind in HOSTILE if kind not in {"jinja", "format", "marks"}])
@pytest.mark.parametrize("field", ["id", "handle"])
def test_a_hostile_name_of_a_row_is_refused_harmlessly(cli: Cli, field: str, kind: str) -> None:
    bad = message("bad")
    if field == "id":
        bad["id"] = f"x{HOSTILE[kind]}"
    else:
        bad["author"] = {"handle": f"x{HOSTILE[kind]}"}
    rows = "".join(json.dumps(row) + "\n" for row in (bad, message("good")))
    run = cli("fetch", "--from", "-", input=rows, now=NOW)
    assert run.code == 8
    assert harmless(run.err)
    assert cli("list", "--json").record["messages"] == 1


@pytest.mark.parametrize(
    ("kind", "name"), [("marks", "e" + "\u0301" * 200), ("jinja", "{{7*7}}"), ("long", "w" * 256)]
)
def test_a_strange_but_printable_handle(cli: Cli, kind: str, name: str) -> None:
    ticket = queued(cli, message(f"id-{name[:200]}", handle=name))
    for arguments in reading_commands(ticket):
        assert harmless(done(cli(*arguments, now=LATER)).out, tabs=True), (kind, arguments)
    screen = on_terminal(cli, "list")
    assert harmless(screen)
    assert all(_width(line) <= 80 for line in screen.splitlines())
    assert cli("list", "--json").record["customer"]["handle"] == name


def _width(line: str) -> int:
    return sum(not unicodedata.combining(character) for character in line)


# Broken Unicode, sheer size


def _raw(cli: Cli, line: str) -> Run:
    return cli("fetch", "--from", "-", "--json", input=line + "\n", now=NOW)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("a\\ud800b", "a\ufffdb"),
        ("\\udc00\\udc00", "\ufffd\ufffd"),
        ("\\ud83d\\ude00", "\U0001f600"),
        ("nul\\u0000nul", "nul\ufffdnul"),
    ],
)
def test_surrogates_and_nul_are_cleaned(cli: Cli, written: str, stored: str) -> None:
    line = (
        f'{{"id":"m1","text":"{written}","created_at":"2026-11-20T10:00:00Z",'
        f'"author":{{"handle":"cust1","name":"{written}"}},"url":"https://x.example/{written}"}}'
    )
    assert done(_raw(cli, line)).record["new"] == 1
    done(cli("triage", now=NOW))
    (ticket, kept) = done(cli("show", cli("list", "--json").record["id"], "--json")).records
    assert (ticket["text"], kept["text"]) == (stored, stored)
    assert "\ud800" not in kept["author"]["name"]
    for arguments in (("list",), ("log",), ("show", ticket["id"])):
        assert harmless(done(cli(*arguments)).out, tabs=True)


@pytest.mark.parametrize("field", ["text", "customer", "recent", "thread"])
def test_surrogates_in_records_to_lint(cli: Cli, field: str) -> None:
    broken: Any = "Hello \ud800 ^SB"
    value = {"recent": [broken], "thread": [{"text": broken, "direction": "inbound"}]}.get(field, broken)
    record = {"text": "Hello ^SB", field: value}
    run = cli("lint", "--records", "--json", input=json.dumps(record) + "\n")
    assert [one["type"] for one in run.records] == ["check"], run.out
    assert run.code in {0, 3}


def test_surrogates_in_the_triage_filter(cli: Cli) -> None:
    line = '{"id":"m1","text":"my bag \\ud800 is lost","created_at":1795168800,"author":{"handle":"c"}}\n'
    assert done(cli("triage", "-", "--json", input=line)).record["kind"] == "complaint"


def test_a_message_of_a_megabyte(cli: Cli) -> None:
    text = "@NorthlineAir my bag is lost " + "and nobody answers me " * 48_000
    ticket = queued(cli, message(text=text))
    for arguments in (("list",), ("show", ticket), ("why", ticket), ("log",)):
        assert text[:100] in done(cli(*arguments, now=LATER)).out
    assert len(on_terminal(cli, "list").splitlines()[1]) <= 80
    assert done(cli("list", "--json")).record["text"] == text
    run = done(cli("reply", ticket, "--text", SORRY, "--yes", "--json", now=LATER))
    assert run.record["state"] == "sent"


@pytest.mark.parametrize(
    "text", ["\u0301" * 100_000, "\u200b" * 300_000, "a." * 100_000, "@" * 200_000, " " * 300_000]
)
def test_shapes_that_are_meant_to_be_slow(cli: Cli, text: str) -> None:
    ticket = queued(cli, message(text=text))
    assert done(cli("list", "--json")).record["text"] == text
    assert harmless(done(cli("show", ticket)).out)
    lint = cli("lint", "-", "--json", input=text)
    assert lint.code == 3
    assert lint.record["type"] == "check"


# What goes out


@pytest.mark.parametrize(
    "name", ["{{ 7*7 }} Lopez", f"Ana {ESC}[31m Lopez", "Ana \u202egnp Lopez", "{% raw %} Lopez"]
)
def test_the_name_of_a_customer_is_no_template(cli: Cli, name: str) -> None:
    ticket = queued(cli, message(author={"handle": "cust1", "name": name}))
    folder = cli.workspace / "templates" / "replies"
    folder.mkdir(parents=True)
    source = (
        '+++\ntitle = "Name"\n+++\nHello {{ customer.name }}, we are sorry about your bag. Please DM us.\n'
    )
    (folder / "name.j2").write_text(source, encoding="utf-8")
    run = cli("reply", ticket, "-t", "name", "--yes", "--json", now=LATER)
    assert run.code in {0, 3}
    assert "49" not in run.record["text"]
    assert ESC not in run.record["text"]
    assert "\u202e" not in run.record["text"]
    text = cli("reply", ticket, "-t", "name", "--yes", now=LATER)
    assert harmless(text.out + text.err)
    assert all(ESC not in line["text"] for line in cli.lines("outbox.jsonl"))


def test_hostile_drafts_are_shown_harmlessly(cli: Cli) -> None:
    ticket = queued(cli)
    text = f"{ESC}[2J\u202eSorry{ESC}]52;c;eA==\x07 {{{{ x }}}} ^SB"
    for run in (
        cli("reply", ticket, "--text", text, "--yes", now=LATER),
        cli("show", ticket),
        cli("outbox"),
        cli("log"),
        cli("lint", "--text", text),
        cli("lint", "-", input=text),
        cli("lint", "--records", input=json.dumps({"text": text})),
        cli("lint", "--records", input=f"{text}\n"),
    ):
        assert harmless(run.out + run.err), run
    assert cli("reply", ticket, "--text", text, "--yes", "--json", now=LATER).record["text"] == text
    assert cli.lines("outbox.jsonl") == []


def test_notes_reasons_and_topics_are_shown_harmlessly(cli: Cli) -> None:
    ticket = queued(cli)
    bad = f"{ESC}[2J\u202e\x9b1m"
    done(cli("note", ticket, f"x{bad}"))
    done(cli("triage", ticket, "--set", f"topic=x{bad}", "--reason", f"x{bad}"))
    for arguments in (("log",), ("list",), ("show", ticket, "--history"), ("why", ticket), ("show", ticket)):
        assert harmless(done(cli(*arguments)).out, tabs=True), arguments
        assert harmless(on_terminal(cli, *arguments)), arguments


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "BAD"), ("BAD",), ("list", "--status", "BAD"), ("--now", "BAD", "list"), ("list", "BAD"),
        ("reply", "x", "--text", "y", "--as", "BAD"), ("lint", "--explain", "BAD"), ("lint", "BAD"),
        ("fetch", "--from", "BAD"), ("fetch", "--map", "BAD", "--from", "-"), ("--BAD",), ("approve", "BAD"),
        ("fetch", "--tz", "BAD", "--from", "-"), ("done", "x", "--url", "BAD"), ("-w", "BAD", "list"),
    ],
)  # fmt: skip
def test_errors_repeat_what_was_typed_harmlessly(cli: Cli, arguments: tuple[str, ...]) -> None:
    bad = f"x{ESC}[2J{ESC}]0;p\x07\u202e\x9b1m\r"
    run = cli(*(one.replace("BAD", bad) for one in arguments), input="")
    assert run.code in {2, 5}
    assert harmless(run.err), repr(run.err)
    assert run.out == ""
    recorded = cli(*(one.replace("BAD", bad) for one in arguments), "--json", input="")
    assert recorded.error["code"] == run.code


def test_hostile_files_are_named_harmlessly(cli: Cli) -> None:
    bad = f"x{ESC}[2J\u202e"
    folder = cli.workspace / "templates" / "replies"
    folder.mkdir(parents=True)
    (folder / f"{bad}.j2").write_text("no head", encoding="utf-8")
    for arguments in (("lint", "--templates"), ("doctor",), ("init", bad)):
        run = cli(*arguments)
        assert harmless(run.out + run.err), run
    policy(cli, f'[brand]\n"{ESC.encode("unicode_escape").decode().replace("x1b", "u001b")}[2J" = 1\n')
    run = cli("fetch")
    assert run.code == 7
    assert harmless(run.err), repr(run.err)


def test_a_hostile_journal_is_shown_harmlessly(cli: Cli) -> None:
    ticket = queued(cli)
    bad = f"{ESC}[2J\u202e"
    line = {
        "at": "2026-11-20T10:05:00.000000Z",
        "id": bad,
        "event": f"new{bad}",
        "ticket": ticket,
        "by": bad,
        "data": {bad: bad},
    }
    with (cli.workspace / "queue.jsonl").open("ab") as file:
        file.write(json.dumps(line).encode() + b"\n" + bad.encode() + b"\n")
    assert journal(cli).endswith(b"\n")
    for arguments in (("list",), ("log",), ("doctor",), ("show", ticket, "--history")):
        run = cli(*arguments)
        assert run.code in {0, 7}
        assert harmless(run.out + run.err, tabs=True), run
