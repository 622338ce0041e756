"""Every way in which a ticket leaves the desk, and what the journal holds of it then."""

from __future__ import annotations

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, done
from tests.e2e.test_terminal import DOWN, ENTER
from tests.guided.stage import SIGNED, SIZES, SORRY, complaints, events, guided, kept, say, write


@pytest.mark.parametrize("size", SIZES)
def test_post_save_ask_and_hand_over(cli: Cli, size: tuple[int, int]) -> None:
    first, second, third, fourth = complaints(cli, 4)
    with guided(cli, size=size) as shown:
        write(shown, SORRY)
        shown.until("Post it?")
        assert any("^SB" in line for line in shown.lines)
        shown.type("p")
        shown.until(second)
        write(shown, SORRY)
        shown.until("Post it?")
        shown.type("s")
        shown.until(third)
        write(shown, SORRY)
        shown.until("Post it?")
        shown.type("a")
        shown.until(fourth)
        write(shown, SORRY)
        shown.until("Post it?")
        shown.type("h")
        shown.until("Hand over to:")
        shown.type(DOWN + ENTER)
        say(shown, "A note for Tom Reyes", "She is at the gate.")
        assert shown.end() == 0
        assert any("nothing else is waiting" in line for line in shown.lines)
    (post,) = cli.lines("outbox.jsonl")
    assert (post["text"], post["in_reply_to"]) == (SIGNED, "m1")
    assert [one["event"] for one in events(cli, first)][-2:] == ["intended", "sent"]
    (saved,) = events(cli, second, "composed")
    assert saved["data"]["whole"]["text"] == SIGNED
    (asked,) = events(cli, third, "awaiting-approval")
    assert asked["data"]["reason"] == "Sam Baker asks for a second pair of eyes"
    handed = events(cli, fourth)[-1]
    assert (handed["event"], handed["by"]) == ("released", "sb")
    assert handed["data"] == {"note": "She is at the gate.", "to": "tr"}
    assert [kept(cli, one) for one in (first, second, third, fourth)] == [None] * 4
    listed = {one["id"]: one for one in done(cli("list", "--json", now=LATER)).records}
    assert [listed[one]["assignee"] for one in (first, second, third, fourth)] == ["sb", None, None, "tr"]


@pytest.mark.parametrize("size", SIZES)
def test_snooze_skip_not_for_us_and_quit(cli: Cli, size: tuple[int, int]) -> None:
    first, second, third, fourth = complaints(cli, 4)
    with guided(cli, size=size) as shown:
        shown.until(first)
        shown.until("Start from:")
        shown.type("z")
        shown.until("Put it aside for how long?")
        shown.type("2")
        shown.until(second)
        shown.until("Start from:")
        shown.type("k")
        shown.until(third)
        shown.until("Start from:")
        shown.type("x")
        shown.until("No answer, because")
        shown.type("m")
        say(shown, "Why:", "answered on the phone")
        shown.until(fourth)
        write(shown, SORRY)
        shown.until("Post it?")
        shown.type("q")
        assert shown.end() == 0
    assert cli.lines("outbox.jsonl") == []
    assert events(cli, first, "snoozed")[0]["data"] == {"until": 1795176360}  # two hours after LATER
    assert [one["event"] for one in events(cli, second)][-2:] == ["claimed", "released"]
    (override,) = events(cli, third, "override")
    assert override["data"]["fields"]["respond"] == "monitor"
    assert override["data"]["reason"] == "answered on the phone"
    assert kept(cli, fourth)["text"] == SIGNED
    listed = {one["id"]: one for one in done(cli("list", "--json", now=LATER)).records}
    assert (listed[third]["respond"], listed[third]["due_at"]) == ("monitor", None)
    assert [one["assignee"] for one in listed.values()] == [None] * 4


def test_not_for_us_is_what_triage_sets_by_hand(cli: Cli) -> None:
    first, second = complaints(cli, 2)
    done(cli("triage", second, "--set", "respond=monitor", "--reason", "r", "--as", "sb", now=LATER))
    with guided(cli, first) as shown:
        shown.until("Start from:")
        shown.type("x")
        shown.until("No answer, because")
        shown.type("m")
        say(shown, "Why:", "r")
        assert shown.end() == 0
    ours, theirs = events(cli, first, "override")[0]["data"], events(cli, second, "override")[0]["data"]
    assert ours.keys() == theirs.keys()
    assert ours["fields"].keys() == theirs["fields"].keys()


def test_a_note_and_the_whole_thread_come_back_to_where_one_was(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1)
    with guided(cli, ticket) as shown:
        write(shown, SORRY)
        shown.until("Post it?")
        shown.type("i")
        say(shown, "A note for the team", "Called her, no answer.")
        shown.until("noted")
        shown.until("Post it?")
        shown.type("t")
        shown.until("note by sb: Called her, no answer.")
        shown.until("Post it?")
        shown.type("p")
        assert shown.end() == 0
    (post,) = cli.lines("outbox.jsonl")
    assert post["text"] == SIGNED


def test_a_clock_time_is_the_next_one_where_the_brand_is(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1, '[brand]\ntime_zone = "Europe/Berlin"\n')
    with guided(cli, ticket) as shown:
        write(shown, SORRY)
        shown.until("Post it?")
        shown.type("z")
        shown.until("for how long?")
        shown.type("t")
        say(shown, "or until when", "noon")
        shown.until('"noon"')
        say(shown, "or until when", "10:30")  # it is six past eleven there
        shown.until("asleep until 2026-11-21T09:30:00Z")
        assert shown.end() == 0
    (asleep,) = events(cli, ticket, "snoozed")
    assert asleep["data"] == {"until": 1795253400}


def test_thinking_better_of_a_question_comes_back_to_the_menu(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1)
    with guided(cli, ticket) as shown:
        write(shown, SORRY)
        for key, question in (("h", "Hand over to:"), ("z", "for how long?"), ("x", "No answer, because")):
            shown.until("Post it?")
            shown.type(key)
            shown.until(question)
            shown.type("q")
        shown.until("Post it?")
        shown.type("y")
        assert shown.end() == 0
    assert [one["event"] for one in events(cli, ticket)][-3:] == ["claimed", "intended", "sent"]


def test_later_and_outside_hours(cli: Cli) -> None:
    hours = '[hours]\ncoverage = "hours"\nfri = "11:00-18:00"\n[reply]\nhold_outside_hours = true\n'
    first, second, third = complaints(cli, 3, hours)
    with guided(cli) as shown:
        write(shown, SORRY)
        shown.until("It is held until we open, 2026-11-20T11:00:00Z")
        shown.type("p")
        shown.until(second)
        write(shown, SORRY)
        shown.until("w post now")
        shown.type("w")
        shown.until(third)
        write(shown, SORRY)
        shown.until("l later")
        shown.type("l")
        shown.until("Send it when?")
        shown.type("4")
        assert shown.end() == 0
    assert [one["in_reply_to"] for one in cli.lines("outbox.jsonl")] == ["m2"]
    held, later = events(cli, first, "scheduled")[0], events(cli, third, "scheduled")[0]
    assert held["data"]["whole"]["post_at"] == "2026-11-20T11:00:00Z"
    assert later["data"]["whole"]["post_at"] == "2026-11-20T14:06:00Z"
    assert [kept(cli, one) for one in (first, third)] == [None, None]
    done(cli("outbox", "--settle", "--as", "sb", now="2026-11-20T14:06:00Z"))
    assert [one["in_reply_to"] for one in cli.lines("outbox.jsonl")] == ["m2", "m1", "m3"]


def test_an_answer_that_was_wrong_is_put_right_with_a_trace(cli: Cli) -> None:
    (ticket,) = complaints(cli, 1)
    text = "Your bag is in Rome, and we send it on today. ^SB"
    wrong = done(cli("reply", ticket, "--text", text, "--as", "sb", "--yes", "--json", now=LATER)).record[
        "id"
    ]
    with guided(cli, ticket) as shown:
        write(shown, "Sorry, I was wrong: your bag is in Porto.")
        shown.until("Post it?")
        shown.type("p")
        shown.until("c as a correction")
        shown.type("c")
        assert shown.end() == 0
    assert events(cli, ticket, "sent")[-1]["data"]["draft"] != wrong
    assert events(cli, ticket, "intended")[-1]["data"]["whole"]["corrects"] == wrong
    assert len(cli.lines("outbox.jsonl")) == 2
