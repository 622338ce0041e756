"""A person at a terminal of 80 by 24: what fits, what is masked, what is asked."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pexpect
import pyte
import pytest
from wcwidth import wcswidth

from tests.conftest import PATIENCE, Cli
from tests.e2e.staging import LATER, NOW, done, journal, message, queued

PRIVATE = "@NorthlineAir my bag is lost. Mail ana.lopez@example.com or call +44 7700 900123"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
DOWN, ENTER, ERASE, CTRL_C = "\x1b[B", "\r", "\x15", "\x03"


class Terminal:
    """The program on a terminal, and what stands on its screen."""

    def __init__(
        self, cli: Cli, *arguments: str, width: int = 80, height: int = 24, env: dict[str, str] | None = None
    ) -> None:
        command, *rest = cli.arguments(*arguments, now=LATER)
        settings = {key: value for key, value in cli.env.items() if key != "COLUMNS"}
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.Stream(self.screen)
        self.written = ""
        self._told = 0
        self._child = pexpect.spawn(
            command,
            rest,
            env=settings | {"TERM": "xterm-256color"} | (env or {}),
            dimensions=(height, width),
            encoding="utf-8",
            cwd=str(cli.workspace),
            timeout=PATIENCE,
        )

    @property
    def lines(self) -> list[str]:
        """The screen without what stands empty at its end."""
        return [line.rstrip() for line in self.screen.display if line.strip()]

    def type(self, keys: str) -> None:
        self._child.send(keys)

    def until(self, text: str) -> None:
        """Read until ``text`` stands on the screen."""
        self._read(lambda: any(text in line for line in self.screen.display))

    def resize(self, width: int, height: int) -> None:
        self.screen.resize(height, width)
        self._child.setwinsize(height, width)

    def signal(self, number: int) -> None:
        self._child.kill(number)

    def end(self) -> int:
        """Read to the end; the exit code."""
        self._read(lambda: False)
        self._child.close()
        assert self._child.exitstatus is not None, self.lines
        code: int = self._child.exitstatus
        return code

    def _read(self, enough: Callable[[], bool]) -> None:
        last = time.monotonic() + PATIENCE
        while not enough():
            assert time.monotonic() < last, self.lines
            try:
                piece = self._child.read_nonblocking(65536, timeout=1)
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                return
            self.written += piece
            self._stream.feed(piece)
            self._tell_where_the_cursor_is()

    def _tell_where_the_cursor_is(self) -> None:
        """Answer each such question, as a terminal does; one may come in two pieces."""
        asked = self.written.count("\x1b[6n")
        for _ in range(asked - self._told):
            self._child.send(f"\x1b[{self.screen.cursor.y + 1};{self.screen.cursor.x + 1}R")
        self._told = asked

    def gone(self) -> None:
        """Read to the end of a process that a signal ends."""
        self._read(lambda: False)
        self._child.close()

    def stop(self) -> None:
        self._child.close(force=True)


@contextmanager
def terminal(
    cli: Cli, *arguments: str, width: int = 80, height: int = 24, env: dict[str, str] | None = None
) -> Iterator[Terminal]:
    shown = Terminal(cli, *arguments, width=width, height=height, env=env)
    try:
        yield shown
    finally:
        shown.stop()


def written(cli: Cli, *arguments: str, width: int = 80, env: dict[str, str] | None = None) -> str:
    """All that a command writes to a terminal."""
    with terminal(cli, *arguments, width=width, env=env) as shown:
        assert shown.end() == 0, shown.lines
        return shown.written.replace("\r\n", "\n")


# Reading


@pytest.mark.parametrize("width", [80, 100, 132])
def test_the_list_fits_the_screen(cli: Cli, width: int) -> None:
    rows = [
        message("m1", "@NorthlineAir " + "my bag never arrived and nobody helps " * 9, "a" * 200),
        message("m2", "行李不见了" * 40, "kate"),
        message("m3", "\U0001f62d" * 120, "\N{CJK UNIFIED IDEOGRAPH-98DE}" * 60),
        message("m4", "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 50, "fam"),
        message("m5", "Thanks for the quick help!", "bo"),
    ]
    queued(cli, *rows)
    lines = COLOUR.sub("", written(cli, "list", width=width)).splitlines()
    assert len(lines) == 6
    assert lines[0].split() == ["TICKET", "PRIORITY", "STATUS", "DUE", "CUSTOMER", "TEXT"]
    assert all(0 <= wcswidth(line) <= width for line in lines), lines
    start = lines[0].index("CUSTOMER")
    assert all(line[start] == "@" for line in lines[1:])
    assert sum("…" in line for line in lines[1:]) >= 3


def test_columns_stand_under_each_other_with_wide_letters(cli: Cli) -> None:
    queued(cli, message("m1", "@NorthlineAir hello?", "飛飛飛"), message("m2", "@NorthlineAir hello?", "bo"))
    lines = COLOUR.sub("", written(cli, "list")).splitlines()
    starts = {wcswidth(line[: line.index("hello?")]) for line in lines[1:]}
    assert len(starts) == 1


def test_private_data_is_masked_on_a_terminal_alone(cli: Cli) -> None:
    ticket = queued(cli, message(text=PRIVATE))
    for arguments in (
        ("list",), ("next",), ("show", ticket), ("show", ticket, "--history"), ("why", ticket), ("log",),
        ("log", ticket), ("claim", ticket), ("release", ticket),
        ("triage", ticket, "--set", "priority=high", "--reason", "r"),
    ):  # fmt: skip
        shown = written(cli, *arguments)
        assert "ana.lopez@example.com" not in shown, arguments
        assert "900123" not in shown.replace(" ", ""), arguments
    assert "ana.lopez@example.com" in written(cli, "show", ticket, "--private").replace("\n  ", " ")
    for arguments in (("list", "--json"), ("show", ticket, "--json"), ("log", "--json"), ("list",), ("log",)):
        assert "ana.lopez@example.com" in done(cli(*arguments)).out


def test_an_export_to_a_terminal_is_masked_and_says_so(cli: Cli) -> None:
    queued(cli, message("m1", PRIVATE))
    for form in ("csv", "jsonl"):
        shown = written(cli, "export", "--format", form)
        assert "ana.lopez@example.com" not in shown
        assert "7700 900123" not in shown
        assert "private data is masked on a terminal: --output FILE has it in full" in shown
    assert "ana.lopez@example.com" in written(cli, "export", "--json")
    written(cli, "export", "--output", "out.csv")
    assert "ana.lopez@example.com" in (cli.workspace / "out.csv").read_text(encoding="utf-8")


def test_json_on_a_terminal_has_full_values_and_no_colour(cli: Cli) -> None:
    queued(cli, message(text=PRIVATE))
    shown = written(cli, "list", "--json", width=2000)
    assert "\x1b" not in shown
    assert "ana.lopez@example.com" in shown


def test_colour_and_no_color(cli: Cli) -> None:
    queued(cli)
    assert COLOUR.search(written(cli, "list"))
    assert "\x1b" not in written(cli, "list", env={"NO_COLOR": "1"})
    assert "\x1b" not in written(cli, "list", env={"TERM": "dumb"})
    assert COLOUR.search(written(cli, "list", env={"NO_COLOR": ""}))  # no-color.org: empty is not set
    assert "\x1b" not in done(cli("list")).out


def test_off_a_terminal_values_are_full(cli: Cli) -> None:
    text = "@NorthlineAir  two  spaces, " + "my bag never arrived and nobody helps " * 30 + "end"
    ticket = queued(cli, message(text=text, handle="a" * 200))
    (line,) = done(cli("list")).out.splitlines()
    assert line.split("\t")[4:] == ["@" + "a" * 200, text]
    assert f"\n  {text}\n" in done(cli("show", ticket)).out
    assert text in done(cli("log")).out


# Answering


def waits(cli: Cli, row: dict[str, object] | None = None) -> str:
    return queued(cli, row or message(author={"handle": "cust1", "name": "Marta Ruiz"}))


def test_the_guided_reply_posts_once(cli: Cli) -> None:
    ticket = waits(cli)
    with terminal(cli, "reply") as shown:
        shown.until("Start from:")
        assert any("my bag never arrived" in line for line in shown.lines)
        shown.type(ENTER)
        shown.until("Reply:")
        shown.type(" Really." + ERASE + "So sorry about your bag, Marta. Please DM us the reference. ^SB")
        shown.until("the reference. ^SB")
        shown.type(ENTER)
        shown.until("Post it?")
        assert cli.lines("outbox.jsonl") == []
        shown.type("y")
        assert shown.end() == 0
        assert any("sent" in line for line in shown.lines)
    (post,) = cli.lines("outbox.jsonl")
    assert post["text"] == "So sorry about your bag, Marta. Please DM us the reference. ^SB"
    (listed,) = done(cli("list", "--json", now=LATER)).records
    assert (listed["id"], listed["status"], listed["assignee"]) == (ticket, "pending", "sb")


@pytest.mark.parametrize("question", ["Start from:", "Reply:", "Post it?"])
def test_ctrl_c_posts_nothing_and_leaves_the_queue_whole(cli: Cli, question: str) -> None:
    ticket = waits(cli)
    before = journal(cli)
    with terminal(cli, "reply", ticket) as shown:
        shown.until("Start from:")
        if question != "Start from:":
            shown.type(ENTER)
            shown.until("Reply:")
        if question == "Post it?":
            shown.type(ERASE + "So sorry about your bag. Please DM us the reference. ^SB" + ENTER)
            shown.until("Post it?")
        shown.type(CTRL_C)
        assert shown.end() == 130
        assert not any("Traceback" in line for line in shown.lines)
    assert cli.lines("outbox.jsonl") == []
    assert journal(cli).startswith(before)
    (listed,) = done(cli("list", "--json", now=LATER)).records
    assert listed["status"] == "open"
    assert done(cli("doctor")).code == 0


def test_no_is_no(cli: Cli) -> None:
    ticket = waits(cli)
    before = journal(cli)
    with terminal(cli, "reply", ticket, "--text", "So sorry about your bag. Please DM us. ^SB") as shown:
        shown.until("Post it?")
        shown.type(ENTER)  # no is the default
        assert shown.end() != 0
    assert cli.lines("outbox.jsonl") == []
    assert journal(cli) == before


def test_a_text_that_the_check_refuses_is_asked_for_again(cli: Cli) -> None:
    ticket = waits(cli)
    with terminal(cli, "reply", ticket) as shown:
        shown.until("Start from:")
        shown.type(ENTER)
        shown.until("Reply:")
        shown.type(ERASE + "Please send us your full card number here. ^SB" + ENTER)
        shown.until("Not ready: the check says no.")
        assert any("error privacy/asks" in line for line in shown.lines)
        shown.type("y")  # no yes is taken for it
        shown.type("e")
        shown.until("Reply:")
        shown.type(CTRL_C)
        assert shown.end() == 130
    assert cli.lines("outbox.jsonl") == []


def test_a_missing_sign_off_is_added_in_the_guided_reply(cli: Cli) -> None:
    ticket = waits(cli)
    with terminal(cli, "reply", ticket) as shown:
        shown.until("Start from:")
        shown.type(ENTER)
        shown.until("Reply:")
        shown.type(ERASE + "So sorry about your bag. Please DM us the reference." + ENTER)
        shown.until("Post it?")
        shown.type("y")
        assert shown.end() == 0
    (post,) = cli.lines("outbox.jsonl")
    assert post["text"] == "So sorry about your bag. Please DM us the reference. ^SB"


@pytest.mark.parametrize("way", ["Ctrl-C", "no"])
def test_who_stops_a_guided_reply_gives_the_ticket_back(cli: Cli, way: str) -> None:
    ticket = waits(cli)
    with terminal(cli, "reply", ticket) as shown:
        shown.until("Start from:")
        (listed,) = done(cli("list", "--json", now=LATER)).records
        assert listed["assignee"] == "sb"
        shown.type(ENTER)
        shown.until("Reply:")
        shown.type(ERASE + "So sorry about your bag. Please DM us the reference. ^SB" + ENTER)
        shown.until("Post it?")
        shown.type(CTRL_C if way == "Ctrl-C" else "n")
        assert shown.end() == 130
    (listed,) = done(cli("list", "--json", now=LATER)).records
    assert (listed["status"], listed["assignee"]) == ("open", None)
    assert cli.lines("outbox.jsonl") == []


def test_a_guided_dry_run_writes_and_posts_nothing(cli: Cli) -> None:
    ticket = waits(cli)
    before = journal(cli)
    with terminal(cli, "reply", ticket, "--dry-run") as shown:
        shown.until("Start from:")
        shown.type(ENTER)
        shown.until("Reply:")
        shown.type(ERASE + "So sorry about your bag. Please DM us the reference. ^SB" + ENTER)
        assert shown.end() == 0
    assert cli.lines("outbox.jsonl") == []
    assert journal(cli) == before


def test_with_json_nothing_is_asked(cli: Cli) -> None:
    ticket = waits(cli)
    with terminal(cli, "reply", ticket, "--json") as shown:
        assert shown.end() == 2
    with terminal(
        cli, "reply", ticket, "--text", "So sorry about your bag. Please DM us. ^SB", "--json"
    ) as shown:
        assert shown.end() == 2
        assert '"type":"error"' in shown.written


def test_an_empty_queue_asks_nothing(cli: Cli) -> None:
    with terminal(cli, "reply") as shown:
        assert shown.end() == 0
        assert any("nothing is waiting" in line for line in shown.lines)
    assert done(cli("next", now=NOW)).out == ""


# Setting up


def test_init_asks_on_a_terminal_and_writes_what_was_said(cli: Cli) -> None:
    with terminal(cli, "init", "w") as shown:
        for question, answer in (
            ("Brand [Northline Air]:", 'Harbour "H" Trains'),
            ("Handle", "@HarbourTrains"),
            ("Your name", "Ana Lopez"),
        ):
            shown.until(question)
            shown.type(ERASE + answer + ENTER)
        assert shown.end() == 0
    policy = (cli.workspace / "w" / "policies.toml").read_text(encoding="utf-8")
    assert 'name = "Harbour \\"H\\" Trains"' in policy
    assert 'handle = "HarbourTrains"' in policy
    assert 'initials = "AL"' in policy
    health = done(cli("-w", cli.workspace / "w", "doctor", "--json")).records
    assert all(one["state"] != "broken" for one in health)


@pytest.mark.parametrize("option", ["--json", "--yes", "--dry-run"])
def test_init_asks_nothing_with(cli: Cli, option: str) -> None:
    with terminal(cli, "init", "w", option) as shown:
        assert shown.end() == 0
        assert "Brand [" not in shown.written


def test_init_that_is_stopped_makes_nothing(cli: Cli) -> None:
    with terminal(cli, "init", "w") as shown:
        shown.until("Brand [Northline Air]:")
        shown.type(CTRL_C)
        assert shown.end() == 130
    assert not (cli.workspace / "w").exists()
