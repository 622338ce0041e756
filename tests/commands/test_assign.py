"""``assign``: by hand, in turn, by skill."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, done, journal, message, policy, queued

TEAM = """
[[agents]]
id = "mo"
name = "Mina Okafor"
initials = "MO"
role = "lead"
languages = ["en", "es"]

[[agents]]
id = "sb"
name = "Sam Baker"
initials = "SB"
topics = ["baggage"]
skills = ["wheelchair"]

[[agents]]
id = "tr"
name = "Tom Reyes"
initials = "TR"
languages = ["en", "de"]

[[agents]]
id = "bot"
name = "Draft Writer"
initials = "DW"
role = "draft"
"""
AS = ("--as", "mo")


def asked(number: int, text: str = "can I take my dog to Oslo?", **more: Any) -> dict[str, Any]:
    when = f"2026-11-20T10:00:{number:02d}Z"
    return message(f"m{number}", f"@NorthlineAir {text}", f"cust{number}", created_at=when) | more


@pytest.fixture
def team(cli: Cli) -> Cli:
    policy(cli, TEAM)
    return cli


def tickets(cli: Cli, *rows: dict[str, Any]) -> list[str]:
    """Ids in the order in which the messages came."""
    queued(cli, *rows)
    listed = done(cli("list", "--sort", "received", "--json", now=NOW)).records
    return [str(one["id"]) for one in listed]


def four(cli: Cli) -> list[str]:
    return tickets(cli, *(asked(number) for number in range(1, 5)))


def holders(cli: Cli, now: str = LATER) -> list[str | None]:
    return [one["assignee"] for one in done(cli("list", "--sort", "received", "--json", now=now)).records]


def assign(cli: Cli, *words: str, now: str = LATER, **more: Any) -> list[Any]:
    return done(cli("assign", *words, *AS, "--json", now=now, **more)).records


# by hand


def test_by_hand_starts_no_lease(team: Cli) -> None:
    first, *_ = four(team)
    (record,) = assign(team, first, "sb")
    assert (record["type"], record["id"]) == ("ticket", first)
    assert (record["assignee"], record["assigned"], record["claimed_until"]) == ("sb", "sb", None)
    assert holders(team, "2026-11-25T10:00:00Z") == ["sb", None, None, None]


def test_the_history_keeps_who_and_why(team: Cli) -> None:
    first, *_ = four(team)
    assign(team, first, "sb")
    event = done(team("log", first, "--json")).records[-1]
    assert (event["event"], event["by"], event["data"]) == ("assigned", "mo", {"agent": "sb", "why": "hand"})


def test_several_at_once_and_again_changes_nothing(team: Cli) -> None:
    first, second, *_ = four(team)
    assert [one["assignee"] for one in assign(team, first, second, "tr")] == ["tr", "tr"]
    before = journal(team)
    assert [one["assignee"] for one in assign(team, first, second, "tr")] == ["tr", "tr"]
    assert done(team("assign", first, "tr", *AS, "--dry-run", now=LATER)).out == ""
    assert journal(team) == before


def test_next_offers_it_to_them_and_to_nobody_else(team: Cli) -> None:
    (only,) = tickets(team, asked(1))
    assign(team, only, "sb")
    assert done(team("next", "--as", "sb", "--json", now=LATER)).record["id"] == only
    assert done(team("next", "--as", "tr", "--json", now=LATER)).records == []
    assert done(team("claim", only, "--as", "tr", "--json", now=LATER)).record["assignee"] == "tr"


def test_a_running_claim_stays_but_its_holder_may_pass_it_on(team: Cli) -> None:
    first, *_ = four(team)
    done(team("claim", first, "--as", "sb", now=NOW))
    refused = team("assign", first, "tr", *AS, "--json", now=LATER)
    assert refused.code == 6
    assert refused.error["message"] == f"ticket {first} is claimed by sb"
    (record,) = done(team("assign", first, "tr", "--as", "sb", "--json", now=LATER)).records
    assert (record["assignee"], record["claimed_until"]) == ("tr", None)


def test_whom_nobody_knows_gets_nothing(team: Cli) -> None:
    first, *_ = four(team)
    before = journal(team)
    assert team("assign", first, "xx", *AS, now=LATER).code == 5
    assert team("assign", "zzzz", "sb", *AS, now=LATER).code == 5
    assert journal(team) == before


def test_some_unknown_are_told_and_the_rest_is_done(team: Cli) -> None:
    first, *_ = four(team)
    run = team("assign", first, "zzzz", "sb", *AS, "--json", now=LATER)
    assert (run.code, [one["assignee"] for one in run.records]) == (8, ["sb"])
    assert 'no ticket "zzzz"' in run.error["message"]


@pytest.mark.parametrize(
    "words",
    [(), ("k3p", "--round", "--by-skill"), ("k3p", "--unassigned", "--round"), ("--round",), ("sb",)],
)
def test_what_does_not_go_together(team: Cli, words: tuple[str, ...]) -> None:
    assert team("assign", *words, *AS, now=LATER).code == 2


# in turn


def test_in_turn_the_fewest_first_then_by_id(team: Cli) -> None:
    assign(team, *four(team), "--round")
    assert holders(team) == ["mo", "sb", "tr", "mo"]


def test_what_they_have_already_counts_claims_too(team: Cli) -> None:
    first, second, third, fourth = four(team)
    done(team("claim", first, "--as", "mo", now=NOW))
    assign(team, second, "sb")
    assign(team, third, fourth, "--round")
    assert holders(team) == ["mo", "sb", "tr", "mo"]


def test_of_those_with_as_many_whoever_had_theirs_longest_ago(team: Cli) -> None:
    first, second, third, fourth = four(team)
    for ticket, who in ((first, "tr"), (second, "sb"), (third, "mo")):
        assign(team, ticket, who)
    assign(team, fourth, "--round")
    assert holders(team) == ["tr", "sb", "mo", "tr"]


def test_what_was_answered_counts_no_longer(team: Cli) -> None:
    first, second, *_ = four(team)
    assign(team, first, "mo")
    done(team("done", first, "--url", "https://x.example/1", *AS, now=NOW))
    assign(team, second, "--round")
    assert holders(team)[1] == "sb"  # mo has none open either, and was assigned one


def test_whoever_has_it_keeps_it(team: Cli) -> None:
    ids = four(team)
    assign(team, *ids, "--round")
    before = journal(team)
    assign(team, *reversed(ids), "--round")
    assert journal(team) == before


def test_away_means_passed_over_and_what_they_had_can_be_dealt_anew(team: Cli) -> None:
    ids = four(team)
    assign(team, *ids, "mo")
    policy(team, TEAM.replace('role = "lead"', 'role = "lead"\naway = ["2026-11-20.."]'))
    assert done(team("next", "--as", "tr", "--json", now=LATER)).record["id"] == ids[0]
    theirs = done(team("list", "--assignee", "mo", "--json", now=LATER)).out
    assign(team, "-", "--round", input=theirs)
    assert holders(team) == ["sb", "tr", "sb", "tr"]


def test_what_somebody_had_who_left_is_offered_and_dealt_anew(team: Cli) -> None:
    ids = four(team)
    assign(team, *ids[:2], "tr")
    policy(team, TEAM.replace('id = "tr"', 'id = "gone"'))
    assert done(team("next", "--as", "sb", "--json", now=LATER)).record["id"] == ids[0]
    assign(team, "--unassigned", "--round")
    assert holders(team) == ["sb", "gone", "gone", "mo"]


def test_by_hand_somebody_away_is_told_of(team: Cli) -> None:
    first, *_ = four(team)
    policy(team, TEAM.replace('role = "lead"', 'role = "lead"\naway = ["2026-11-20"]'))
    run = done(team("assign", first, "mo", "--as", "sb", now=LATER))
    assert "mo is away (agents.away)" in run.err
    assert holders(team)[0] == "mo"


def test_who_only_drafts_is_assigned_by_hand_alone(team: Cli) -> None:
    ids = four(team)
    assign(team, ids[0], "bot")
    assign(team, *ids[1:], "--round")
    assert holders(team) == ["bot", "mo", "sb", "tr"]


def test_nobody_there_at_all(team: Cli) -> None:
    ids = four(team)
    policy(
        team,
        TEAM.replace("languages =", 'away = ["2026-11-20"]\nlanguages =').replace(
            "topics =", 'away = ["2026-11-20"]\ntopics ='
        ),
    )
    run = team("assign", *ids, "--round", *AS, "--json", now=LATER)
    assert run.code == 3
    assert "nobody is there" in run.error["message"]
    assert holders(team) == [None] * 4


def test_who_is_on_duty_comes_before_who_is_not(team: Cli) -> None:
    ids = four(team)
    policy(team, TEAM + '[[shift.roster]]\nagent = "tr"\ndays = "mon-fri"\nhours = "09:00-18:00"\n')
    assign(team, *ids[:2], "--round")
    assert holders(team) == ["tr", "tr", None, None]
    assign(team, *ids[2:], "--round", now="2026-11-20T20:00:00Z")  # nobody is: anybody will do
    assert holders(team) == ["tr", "tr", "mo", "sb"]


# by skill


def reasons(cli: Cli, *tickets_: str) -> list[tuple[str, str, list[str]]]:
    found = [done(cli("log", one, "--json")).records[-1]["data"] for one in tickets_]
    return [(one["agent"], one["why"], one.get("matched", [])) for one in found]


def test_topic_language_and_skills_then_in_turn(team: Cli) -> None:
    ids = tickets(
        team,
        asked(1, "my bag never arrived, where is it?"),
        asked(2, "mi vuelo sale con retraso, por que no me dicen nada?"),
        asked(3, "is there help for my mother at the gate?"),
        asked(4),
    )
    done(team("label", ids[2], "+wheelchair", *AS, now=NOW))
    assign(team, *ids, "--by-skill")
    assert reasons(team, *ids) == [
        ("sb", "skill", ["topic baggage"]),
        ("mo", "skill", ["language es"]),
        ("sb", "skill", ["skill wheelchair"]),
        ("tr", "round", []),
    ]


def test_who_does_not_answer_in_that_language_is_passed_over(team: Cli) -> None:
    policy(team, TEAM.replace('languages = ["en", "es"]', 'languages = ["en"]'))
    (only,) = tickets(team, asked(1, "mi vuelo sale con retraso, por que no me dicen nada?"))
    assign(team, only, "--by-skill")
    assert reasons(team, only) == [("sb", "round", [])]


def test_where_nobody_answers_in_it_somebody_has_it_all_the_same(team: Cli) -> None:
    policy(team, TEAM.replace('topics = ["baggage"]', 'languages = ["en"]').replace('"es"', '"de"'))
    (only,) = tickets(team, asked(1, "mi vuelo sale con retraso, por que no me dicen nada?"))
    assign(team, only, "--by-skill")
    assert reasons(team, only) == [("mo", "round", [])]


# all that nobody has


def test_all_that_nobody_has_in_one_write(team: Cli) -> None:
    first, second, *_ = four(team)
    done(team("claim", first, "--as", "tr", now=NOW))
    assign(team, second, "sb")
    lines = len(team.lines("queue.jsonl"))
    planned = assign(team, "--unassigned", "--round", "--dry-run")
    assert [one["data"]["agent"] for one in planned] == ["mo", "tr"]
    assert len(team.lines("queue.jsonl")) == lines
    run = done(team("assign", "--unassigned", "--round", *AS, now=LATER))
    assert "assigned: 1 to mo, 1 to tr" in run.err
    assert holders(team) == ["tr", "sb", "mo", "tr"]
    assert len({one["at"] for one in team.lines("queue.jsonl")[lines:]}) == 1
    again = done(team("assign", "--unassigned", "--round", *AS, "--json", now=LATER))
    assert (again.out, again.err) == ("", "no open ticket is without somebody who has it\n")


def test_all_of_them_to_one(team: Cli) -> None:
    four(team)
    assign(team, "--unassigned", "tr")
    assert holders(team) == ["tr"] * 4


def test_the_list_of_what_nobody_has(team: Cli) -> None:
    first, second, *rest = four(team)
    done(team("claim", first, "--as", "tr", now=NOW))
    assign(team, second, "sb")
    free = done(team("list", "--assignee", "none", "--sort", "received", "--json", now=LATER)).records
    assert [one["id"] for one in free] == rest
    assert [one["id"] for one in done(team("list", "--assignee", "sb", "--json", now=LATER)).records] == [
        second
    ]
    later = "2026-11-20T11:00:00Z"
    free = done(team("list", "--assignee", "none", "--sort", "received", "--json", now=later)).records
    assert [one["id"] for one in free] == [first, *rest]
    policy(team, TEAM + '[filters.free]\nassignee = "none"\n')
    saved = done(team("list", "--filter", "free", "--json", now=later)).records
    assert {one["id"] for one in saved} == {first, *rest}


def test_people_read_whose_it_is(team: Cli) -> None:
    first, *_ = four(team)
    assert "assigned to sb" in done(team("assign", first, "sb", *AS, now=LATER)).out
    assert "claimed by sb" in done(team("claim", first, "--as", "sb", now=LATER)).out


def test_without_an_agent_it_says_where_one_stands(team: Cli) -> None:
    first, second, *_ = four(team)
    run = team("assign", first, second, *AS, "--json", now=LATER)
    assert (run.code, run.error["message"]) == (5, f'no agent "{second}"')
    assert "socialcli assign TICKET... AGENT" in run.error["hint"]
    assert (
        "socialcli assign" not in team("assign", first, "nobody-here", *AS, "--json", now=LATER).error["hint"]
    )
