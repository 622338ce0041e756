"""``today``: what is to be done now, its sections, whose it is, and the one line."""

from __future__ import annotations

from typing import Any

import pytest

from tests.commands.test_resolve import FIXED, NEXT, helped_in_private
from tests.conftest import Cli
from tests.e2e.staging import LATER, MONEY, NOW, SORRY, TWO_AGENTS, done, journal, message, policy, queued

FIELDS = {
    "type", "section", "ticket", "draft", "incident", "account", "customer", "due_at", "reason", "next", "agent",
}  # fmt: skip
QUESTION = "@NorthlineAir may I bring my guitar into the cabin?"
LATE = "2026-11-20T11:00:00Z"


def items(cli: Cli, *more: str, now: str = NEXT) -> list[Any]:
    return done(cli("today", "--json", *more, now=now)).records


def sections(cli: Cli, *more: str, now: str = NEXT) -> list[str]:
    return [one["section"] for one in items(cli, *more, now=now)]


def line(cli: Cli, *more: str, now: str = NEXT) -> str:
    run = done(cli("today", "--line", *more, now=now))
    assert run.err == ""
    return run.out


def test_nothing_is_to_be_done(cli: Cli) -> None:
    run = done(cli("today", now=NOW))
    assert (run.out, run.err) == ("", "nothing is to be done now\n")
    assert items(cli) == []
    assert line(cli) == ""


def test_deadlines_by_how_near_they_are(cli: Cli) -> None:
    ticket = queued(cli, message(), message("m2", QUESTION, "cust2"))
    (first, second) = items(cli, now=NOW)
    assert set(first) == FIELDS
    assert (first["ticket"], first["customer"], first["next"]) == (
        ticket,
        "cust1",
        f"socialcli reply {ticket}",
    )
    assert first["due_at"] == "2026-11-20T10:15:00Z"
    assert first["section"] in ("breaching", "due")
    assert second["section"] == "due"
    assert sections(cli, now=LATE)[0] == "late"
    assert line(cli, now=LATE).startswith("1 late · 1 due")


def test_what_is_due_next_week_is_not_today_s(cli: Cli) -> None:
    policy(cli, '[deadlines]\nurgent = "9d"\nhigh = "9d"\nnormal = "9d"\nlow = "9d"\nwarn = "1h"\n')
    queued(cli, message(text="@NorthlineAir my bag never arrived."))
    assert (items(cli, now=NOW), line(cli, now=NOW)) == ([], "")


def test_what_sleeps_is_left_asleep(cli: Cli) -> None:
    ticket = queued(cli)
    done(cli("snooze", ticket, "--for", "3h", now=NOW))
    assert (sections(cli, now=LATE), line(cli, now=LATE)) == ([], "")


def test_promises_that_are_open_and_broken(cli: Cli) -> None:
    ticket = queued(cli)
    text = "@cust1 So sorry about your bag. We will get back to you by noon. ^SB"
    done(cli("reply", ticket, "--text", text, "--yes", now=LATER))
    (one,) = items(cli)
    assert (one["section"], one["ticket"], one["due_at"]) == ("promised", ticket, "2026-11-20T12:00:00Z")
    assert one["reason"].startswith("promised: ")
    assert line(cli) == ""
    assert items(cli, now="2026-11-20T12:30:00Z")[0]["reason"].startswith("broken promise: ")
    assert line(cli, now="2026-11-20T12:30:00Z") == "1 broken\n"


def test_an_update_that_all_were_promised_is_everybody_s(cli: Cli) -> None:
    policy(cli, TWO_AGENTS + "[approval]\nwhen = []\n")
    text = "We know check-in is down and work on it. Next update by 10:30. ^SB"
    said = ("statement", "--text", text, "--state", "investigating", "--yes", "--as", "sb")
    done(cli(*said, now=NOW))
    for who in ("sb", "mo"):
        (one,) = items(cli, "--agent", who, now=NOW)
        assert (one["section"], one["agent"], one["ticket"]) == ("promised", "sb", None)
        assert line(cli, "--agent", who, now=NOW) == ""
        assert line(cli, "--agent", who, now=LATE) == "1 broken\n"
    assert line(cli, now=LATE) == "1 broken\n"


def test_a_yes_is_asked_of_those_who_may_give_it(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli)
    draft = done(cli("reply", ticket, "--text", MONEY, "--yes", "--as", "sb", "--json", now=LATER)).record
    found = [one for one in items(cli, "--agent", "mo", now=LATER) if one["section"] == "approval"]
    assert [(one["draft"], one["agent"]) for one in found] == [(draft["id"], "sb")]
    assert found[0]["next"] == f"socialcli approve {draft['id']}"
    assert "approval" not in sections(cli, "--agent", "sb", now=LATER)
    assert "approval" in sections(cli, "--team", now=LATER)
    assert "1 to approve" in line(cli, "--agent", "mo", now=LATER)
    assert "approve" not in line(cli, "--agent", "sb", now=LATER)
    assert "1 to approve" in line(cli, now=LATER)


def test_drafts_that_are_stuck(cli: Cli) -> None:
    ticket = queued(cli)
    (cli.workspace / "outbox.jsonl").mkdir()
    run = cli("reply", ticket, "--text", SORRY, "--yes", now=LATER)
    assert run.code != 0
    found = [one for one in items(cli, now=LATER) if one["section"] == "stuck"]
    assert [one["ticket"] for one in found] == [ticket]
    assert found[0]["next"] == "socialcli outbox --settle"
    assert "1 stuck" in line(cli, now=LATER)


def test_suspected_and_open_incidents(cli: Cli) -> None:
    opened = done(cli("incident", "open", "--topic", "app", "--words", "login,app", "--json", now=NOW)).record
    (one,) = items(cli, now=NOW)
    assert (one["section"], one["incident"], one["ticket"]) == ("incidents", opened["id"], None)
    assert line(cli, now=NOW) == f"incident {opened['id'][:3]}\n"
    done(cli("incident", "close", opened["id"], now=NOW))
    assert (items(cli, now=NOW), line(cli, now=NOW)) == ([], "")


def test_two_incidents_are_counted(cli: Cli) -> None:
    for topic, words in (("app", "login,app"), ("bags", "belt,bags")):
        done(cli("incident", "open", "--topic", topic, "--words", words, now=NOW))
    assert line(cli, now=NOW) == "2 incidents\n"


def test_follow_ups_and_suggestions(cli: Cli) -> None:
    ticket = helped_in_private(cli)
    done(cli("resolve", ticket, *FIXED, now=NEXT))
    (one,) = items(cli)
    assert (one["section"], one["ticket"], one["next"]) == (
        "follow-ups",
        ticket,
        f"socialcli follow-up {ticket} --yes",
    )
    praise = message("p1", "@NorthlineAir thank you so much, lovely crew!", "cust9", created_at=LATER)
    cli.write("inbox.jsonl", message(), praise)
    done(cli("fetch", now=NEXT))
    done(cli("triage", now=NEXT))
    assert "suggested" not in sections(cli)  # praise out of the blue is answered, not followed up


def test_a_step_of_the_ladder_that_ended(cli: Cli) -> None:
    queued(cli, message(text="@NorthlineAir you are all worthless idiots"))
    block = ("block", "@cust1", "--reason", "abuse", "--rung", "mute", "--for", "1d", "--yes")
    done(cli(*block, now=NOW))
    assert "review" not in sections(cli)
    (one,) = [one for one in items(cli, now="2026-11-22T10:00:00Z") if one["section"] == "review"]
    assert (one["customer"], one["due_at"]) == ("cust1", "2026-11-21T10:05:00Z")
    done(cli(*one["next"].split()[1:], "--yes", now="2026-11-22T10:00:00Z"))
    assert "review" not in sections(cli, now="2026-11-22T10:00:00Z")


def test_who_opted_out_since_yesterday(cli: Cli) -> None:
    ticket = queued(cli)
    done(cli("opt-out", "@cust1", "--reason", "said so on the phone", now=NOW))
    (one,) = [one for one in items(cli) if one["section"] == "review"]
    assert (one["ticket"], one["customer"]) == (ticket, "cust1")
    assert "said so on the phone" in one["reason"]
    (owed,) = [one for one in items(cli) if one["section"] != "review"]
    assert owed["next"] == f"socialcli resolve {ticket} --outcome no-answer"
    assert "review" not in sections(cli, now="2026-11-21T10:05:00Z")


def test_an_agent_sees_theirs_and_what_nobody_has(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    queued(cli, message(), message("m2", QUESTION, "cust2"), message("m3", handle="cust3"))
    tickets = {one["customer"]["handle"]: one["id"] for one in done(cli("list", "--json", now=NOW)).records}
    done(cli("claim", tickets["cust1"], "--as", "sb", now=NOW))
    done(cli("claim", tickets["cust2"], "--as", "mo", now=NOW))

    def seen(*more: str) -> dict[str, str | None]:
        return {one["customer"]: one["agent"] for one in items(cli, *more, now=NOW)}

    assert seen("--agent", "sb") == {"cust1": "sb", "cust3": None}
    assert seen("--agent", "mo") == {"cust2": "mo", "cust3": None}
    assert seen("--team") == seen() == {"cust1": "sb", "cust2": "mo", "cust3": None}
    assert line(cli, "--agent", "sb", now=NOW) == "2 due\n"
    acting = {"SOCIALCLI_AGENT": "mo"}
    assert done(cli("today", "--line", now=NOW, env=acting)).out == "2 due\n"
    assert len(done(cli("today", "--json", now=NOW, env=acting)).records) == 2
    assert line(cli, "--team", now=NOW) == "3 due\n"


def test_text_has_only_what_holds_anything(cli: Cli) -> None:
    ticket = queued(cli)
    out = done(cli("today", now=LATE)).out
    assert out.splitlines()[0] == "Late (1)"
    assert f"{ticket}  @cust1  2026-11-20T10:15:00Z  urgent, complaint" in out
    assert f"    next: socialcli reply {ticket}" in out.splitlines()
    assert "Promised" not in out


def test_it_writes_nothing_and_says_the_same_again(cli: Cli) -> None:
    ticket = helped_in_private(cli)
    done(cli("resolve", ticket, *FIXED, now=NEXT))
    before = journal(cli)
    assert done(cli("today", now=NEXT)).out == done(cli("today", now=NEXT)).out
    assert line(cli) == line(cli)
    assert journal(cli) == before


@pytest.mark.parametrize("name", ["zz", ""])
def test_an_unknown_agent(cli: Cli, name: str) -> None:
    assert cli("today", "--agent", name, now=NOW).code == 5
    assert cli("today", "--line", "--agent", name, now=NOW).code == 5


@pytest.mark.parametrize("more", [("--team", "--agent", "sb"), ("--line", "--json")])
def test_what_does_not_go_together(cli: Cli, more: tuple[str, ...]) -> None:
    assert cli("today", *more, now=NOW).code == 2
