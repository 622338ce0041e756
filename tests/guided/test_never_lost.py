"""What was typed is there again, whatever ended the program."""

from __future__ import annotations

import signal
import stat

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, done
from tests.e2e.test_terminal import CTRL_C, ENTER, ERASE
from tests.guided.stage import OWN_WORDS, SIGNED, SORRY, complaints, guided, kept, wait, write, written

CTRL_D = "\x04"


@pytest.mark.parametrize(
    ("key", "number", "code"),
    [(CTRL_C, 0, 130), (CTRL_D, 0, 130), ("", signal.SIGHUP, 129), ("", signal.SIGTERM, 143)],
)
def test_whoever_is_stopped_while_typing_finds_the_text_again(
    cli: Cli, key: str, number: int, code: int
) -> None:
    (ticket,) = complaints(cli, 1)
    with guided(cli, ticket) as shown:
        shown.until("Start from:")
        shown.type(OWN_WORDS)
        shown.until("Reply:")
        shown.type(SORRY)
        shown.until(SORRY[-20:])
        if key:
            shown.type(key)
        else:
            shown.signal(number)
        assert shown.end() == code
    assert kept(cli, ticket)["text"] == SORRY
    assert stat.S_IMODE(written(cli, ticket).stat().st_mode) == 0o600
    assert cli.lines("outbox.jsonl") == []
    (listed,) = done(cli("list", "--json", now=LATER)).records
    assert (listed["status"], listed["assignee"]) == ("open", None)


def test_a_killed_process_leaves_what_was_there_at_the_last_pause(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1)
    with guided(cli, ticket) as shown:
        shown.until("Start from:")
        shown.type(OWN_WORDS)
        shown.until("Reply:")
        shown.type("First. ")
        wait(lambda: (kept(cli, ticket) or {"text": ""})["text"] == "First. ")
        shown.resize(60, 20)
        shown.type(SORRY)
        wait(lambda: kept(cli, ticket)["text"] == f"First. {SORRY}")
        shown.signal(signal.SIGKILL)
        shown.gone()
    with guided(cli, ticket) as shown:
        shown.until("1 what you wrote before")
        shown.until("First. So sorry")
        shown.type("1")
        shown.until("Reply:")
        shown.until("and we will trace")
        shown.type(ERASE + SORRY + ENTER)
        shown.until("Post it?")
        shown.type("p")
        assert shown.end() == 0
    assert cli.lines("outbox.jsonl")[0]["text"] == SIGNED
    assert kept(cli, ticket) is None


def test_what_was_begun_first_is_still_offered_after_a_second_beginning(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1)
    for text in ("One way to say it.", "Another way to say it."):
        with guided(cli, ticket) as shown:
            shown.until("Start from:")
            shown.type(OWN_WORDS if text.startswith("One") else "3")
            shown.until("Reply:")
            shown.type(text)
            shown.until(text)
            shown.type(CTRL_C)
            assert shown.end() == 130
    assert (kept(cli, ticket)["text"], kept(cli, ticket)["earlier"]) == (
        "Another way to say it.",
        ["One way to say it."],
    )


def test_what_was_written_stands_in_the_list_when_one_begins_anew(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1)
    with guided(cli, ticket) as shown:
        write(shown, SORRY)
        shown.until("Post it?")
        shown.type("b")
        shown.until(" 1 what you wrote before: So sorry about your bag.")
        shown.type("2")  # a template, left as it is
        shown.until("Reply:")
        shown.until("I'm really sorry")
        shown.type(ENTER)
        shown.until("Post it?")
        shown.type("b")
        shown.until(" 1 what you wrote before: So sorry about your bag.")
        shown.until(" 2 apology: ")
        shown.type("1")
        shown.until("Reply:")
        shown.type(ENTER)
        shown.until("Post it?")
        shown.type("p")
        assert shown.end() == 0
    assert [one["text"] for one in cli.lines("outbox.jsonl")] == [SIGNED]
    assert kept(cli, ticket) is None


def test_a_text_that_could_not_be_posted_stays(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1)
    (cli.workspace / "outbox.jsonl").mkdir()
    with guided(cli, ticket) as shown:
        write(shown, SORRY)
        shown.until("Post it?")
        shown.type("p")
        shown.until("socialcli: ")
        shown.until("Post it?")
        assert kept(cli, ticket)["text"] == SIGNED
        (cli.workspace / "outbox.jsonl").rmdir()
        shown.type("p")
        assert shown.end() == 0
    assert len(cli.lines("outbox.jsonl")) == 1
    assert kept(cli, ticket) is None


def test_who_is_forgotten_is_forgotten_there_too(cli: Cli) -> None:
    first, second = complaints(cli, 2)
    for ticket in (first, second):
        with guided(cli, ticket) as shown:
            write(shown, f"My words to {ticket}")
            shown.until("Post it?")
            shown.type("q")
            assert shown.end() == 130
    planned = done(cli("forget", "@cust1", "--dry-run", "--as", "sb", "--json", now=LATER)).records
    assert f".socialcli/writing/{first}-sb.json" in {one["file"] for one in planned}
    assert kept(cli, first) is not None
    done(cli("forget", "@cust1", "--as", "sb", "--yes", now=LATER))
    assert kept(cli, first) is None
    assert kept(cli, second)["text"] == f"My words to {second} ^SB"


def test_a_disk_that_says_no_is_told_and_stops_nobody(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1)
    folder = written(cli, ticket).parent
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("in the way", encoding="utf-8")
    with guided(cli, ticket) as shown:
        shown.until("Start from:")
        shown.type(OWN_WORDS)
        shown.until("Reply:")
        shown.type(SORRY)
        shown.until("NOT KEPT ON DISK:")
        folder.unlink()
        wait(lambda: kept(cli, ticket) is not None)  # tried again by itself
        shown.until("due in")
        shown.type(ENTER)
        shown.until("Post it?")
        shown.type("p")
        assert shown.end() == 0
    assert cli.lines("outbox.jsonl")[0]["text"] == SIGNED


@pytest.mark.parametrize("point", ["writing:half", "writing:synced", "writing-over:before"])
def test_killed_at_a_step_of_the_keeping_a_text_is_whole_or_posted(cli: Cli, point: str) -> None:
    (ticket,) = complaints(cli, 1)
    strike = {"SOCIALCLI_FAIL_POINT": point if point == "writing-over:before" else f"{point}@2"}
    with guided(cli, ticket, env=strike) as shown:
        shown.until("Start from:")
        shown.type(OWN_WORDS)
        shown.until("Reply:")
        shown.type("First.")
        wait(lambda: kept(cli, ticket) is not None)
        shown.type(" Then more." + ENTER)
        if point == "writing-over:before":
            shown.until("Post it?")
            shown.type("p")
        shown.gone()
    assert kept(cli, ticket)["text"] == ("First. Then more. ^SB" if "over" in point else "First.")
    posted = [one["text"] for one in cli.lines("outbox.jsonl")]
    assert posted == (["First. Then more. ^SB"] if "over" in point else [])
    assert done(cli("doctor", "--verify", "--json", now=LATER)).code == 0


def test_an_erasure_that_is_killed_at_the_writing_is_finished_by_the_next(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1)
    with guided(cli, ticket) as shown:
        write(shown, SORRY)
        shown.until("Post it?")
        shown.type("q")
        assert shown.end() == 130
    words = ("forget", "@cust1", "--as", "sb", "--yes")
    assert cli(*words, now=LATER, env={"SOCIALCLI_FAIL_POINT": "erase-writing:before"}).code < 0
    assert kept(cli, ticket) is not None
    done(cli(*words, now=LATER))
    assert kept(cli, ticket) is None
