"""A bulk answer to an incident: one pointer for each customer while it lasts, one notice when it is over."""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PATIENCE, Cli, Run, collect
from tests.e2e.staging import TWO_ACCOUNTS, TWO_AGENTS, done, journal, message, policy

NOW = "2026-11-20T10:05:00Z"
TOLD = "2026-11-20T10:10:00Z"
LATER = "2026-11-20T10:20:00Z"
OVER = "2026-11-20T11:00:00Z"
AFTER = "2026-11-20T11:05:00Z"
MUCH_LATER = "2026-11-20T11:30:00Z"
FREE = '[approval]\nwhen = ["money"]\n'
BROKEN = (
    "@NorthlineAir the login is broken, I cannot see my booking",
    "@NorthlineAir login keeps failing on your site. This is annoying",
    "is the login down for everybody @NorthlineAir or only for me?",
    "@NorthlineAir your login page shows an error since an hour, really bad service",
    "@NorthlineAir why does the login not work today?",
    "@NorthlineAir login has been failing all morning, so disappointing",
)
PRESSING = "@NorthlineAir login fails and my flight boards in 40 min, I am stranded without my insulin. Help!"
SPANISH = "@NorthlineAir el login no funciona desde hace una hora, qué mal servicio"
KILLED = -9


def said(texts: tuple[str, ...] = BROKEN, name: str = "m") -> list[dict[str, Any]]:
    return [message(f"{name}{n}", text, f"{name}_cust{n}") for n, text in enumerate(texts)]


def hit(cli: Cli, rows: list[dict[str, Any]], *, now: str = NOW) -> str:
    """These messages in the queue, weighed, all in one incident that is open; its id."""
    cli.write("inbox.jsonl", *rows)
    done(cli("fetch", now=now))
    done(cli("triage", now=now))
    found = done(cli("incident", "list", "--json", now=now)).records
    if not found:
        call = ("incident", "open", "--topic", "login", "--words", "login", "--as", "sb", "--json")
        found = done(cli(*call, now=now)).records
    if found[0]["state"] == "suspected":
        done(cli("incident", "confirm", found[0]["id"], "--as", "sb", now=now))
    return str(found[0]["id"])


@pytest.fixture
def desk(cli: Cli) -> Cli:
    policy(cli, TWO_AGENTS + FREE)
    return cli


def state(cli: Cli, incident: str, *more: str, now: str = TOLD) -> Any:
    call = ("statement", "--incident", incident, "--set", "what=the login", "--as", "sb", "--yes", "--json")
    return done(cli(*call, *more, now=now)).records[0]


def answer(cli: Cli, incident: str, *more: str, now: str = LATER, who: str = "sb") -> Run:
    return cli("incident", "answer", incident, "--as", who, "--yes", "--json", *more, now=now)


def notify(cli: Cli, incident: str, *more: str, now: str = AFTER, who: str = "sb") -> Run:
    return cli("incident", "notify", incident, "--as", who, "--yes", "--json", *more, now=now)


def posts(cli: Cli) -> list[Any]:
    """Our answers; statements answer nobody."""
    return [one for one in cli.lines("outbox.jsonl") if one["in_reply_to"] is not None]


def states(run: Run) -> dict[str, str]:
    return {one["customer"]: one["state"] for one in run.records}


class TestPointing:
    def test_each_customer_once_and_in_words_of_their_own(self, desk: Cli) -> None:
        incident = hit(desk, said())
        state(desk, incident)
        run = done(answer(desk, incident))
        assert [one["state"] for one in run.records] == ["sent"] * 6
        assert set(run.records[0]) == {
            "type", "incident", "what", "customer", "ticket", "account", "state", "reason", "draft", "text",
            "remote_id", "cost",
        }  # fmt: skip
        assert {(one["type"], one["what"], one["incident"]) for one in run.records} == {
            ("answered", "pointer", incident)
        }
        texts = [one["text"] for one in posts(desk)]
        assert texts == [one["text"] for one in run.records]
        assert all("@NorthlineAir" in text and text.endswith("^SB") for text in texts)
        assert len({text.removesuffix(" ^SB") for text in texts}) == 6
        before = journal(desk)
        again = done(answer(desk, incident, who="mo"))
        assert set(states(again).values()) == {"passed"}
        assert journal(desk) == before

    def test_what_presses_is_left_for_people_and_listed(self, desk: Cli) -> None:
        incident = hit(desk, [*said(BROKEN[:3]), message("p1", PRESSING, "pressed")])
        state(desk, incident)
        run = done(answer(desk, incident))
        assert states(run) == {"m_cust0": "sent", "m_cust1": "sent", "m_cust2": "sent", "pressed": "person"}
        assert "pointers: 3 to go out, 1 left for people, 0 passed over" in run.err
        assert len(posts(desk)) == 3

    def test_a_customer_with_two_tickets_gets_one(self, desk: Cli) -> None:
        two = [message("m9", "@NorthlineAir still no login, it fails again", "m_cust0", conversation_id="c9")]
        incident = hit(desk, [*said(BROKEN[:2]), *two])
        tickets = done(desk("list", "--incident", incident, "--json", now=NOW)).records
        assert len(tickets) == 3
        state(desk, incident)
        run = done(answer(desk, incident))
        assert sorted(states(run)) == ["m_cust0", "m_cust1"]
        assert len(posts(desk)) == 2

    def test_who_was_answered_since_is_passed_over(self, desk: Cli) -> None:
        incident = hit(desk, said(BROKEN[:2]))
        state(desk, incident)
        tickets = {
            one["customer"]["handle"]: one["id"] for one in done(desk("list", "--json", now=TOLD)).records
        }
        text = "@m_cust1 I'm sorry, the login fails for many. Your booking is safe, and I can read it to you here. ^SB"
        done(desk("reply", tickets["m_cust1"], "--text", text, "--as", "sb", "--yes", now=TOLD))
        run = done(answer(desk, incident))
        assert states(run) == {"m_cust0": "sent", "m_cust1": "passed"}
        reasons = {one["customer"]: one["reason"] for one in run.records}
        assert reasons["m_cust1"].startswith("answered since the statement: draft ")

    def test_a_colleagues_claim_is_respected(self, desk: Cli) -> None:
        incident = hit(desk, said(BROKEN[:2]))
        state(desk, incident)
        tickets = {
            one["customer"]["handle"]: one["id"] for one in done(desk("list", "--json", now=TOLD)).records
        }
        done(desk("claim", tickets["m_cust0"], "--as", "mo", now=TOLD))
        run = done(answer(desk, incident))
        assert states(run) == {"m_cust0": "person", "m_cust1": "sent"}
        assert {one["reason"] for one in run.records} == {"claimed by mo", None}

    def test_who_joins_later_is_taken_by_the_next_run(self, desk: Cli) -> None:
        incident = hit(desk, said(BROKEN[:5]))
        state(desk, incident)
        done(answer(desk, incident))
        late = message("late", BROKEN[5], "late", created_at="2026-11-20T10:15:00Z")
        assert hit(desk, [*said(BROKEN[:5]), late], now="2026-11-20T10:16:00Z") == incident
        run = done(answer(desk, incident))
        assert [one for one, what in states(run).items() if what == "sent"] == ["late"]
        assert len(posts(desk)) == 6

    def test_what_is_not_weighed_yet_is_left(self, desk: Cli) -> None:
        incident = hit(desk, said(BROKEN[:5]))
        state(desk, incident)
        late = message("late", BROKEN[5], "late", created_at="2026-11-20T10:15:00Z")
        desk.write("inbox.jsonl", *said(BROKEN[:5]), late)
        done(desk("fetch", now="2026-11-20T10:16:00Z"))
        run = done(answer(desk, incident))
        assert states(run)["late"] == "person"
        assert "not weighed yet: socialcli triage" in run.out

    def test_in_the_customers_language(self, desk: Cli) -> None:
        incident = hit(desk, [*said(BROKEN[:2]), message("s1", SPANISH, "clara")])
        if len(done(desk("list", "--incident", incident, "--json", now=NOW)).records) == 2:
            (ticket,) = (
                one["id"]
                for one in done(desk("list", "--json", now=NOW)).records
                if one["customer"]["handle"] == "clara"
            )
            done(desk("incident", "join", incident, ticket, "--as", "sb", now=NOW))
        state(desk, incident)
        texts = {one["customer"]: one["text"] for one in done(answer(desk, incident)).records}
        assert "aquí: @NorthlineAir" in texts["clara"] or "sabemos: @NorthlineAir" in texts["clara"]

    def test_limits_leave_the_rest_for_the_next_run(self, desk: Cli) -> None:
        incident = hit(desk, said())
        state(desk, incident)
        run = done(answer(desk, incident, "--limit", "2"))
        assert [one["state"] for one in run.records] == ["sent", "sent", "left", "left", "left", "left"]
        assert run.records[2]["reason"] == "2 in one run: run it again for the rest"
        policy(desk, TWO_AGENTS + FREE + "[outbox]\nper_hour = 4\n")  # the statement is one of them
        run = answer(desk, incident)
        assert (run.code, run.error["code"]) == (75, 75)
        assert sorted(states(run).values()) == ["left", "left", "parked", "passed", "passed", "sent"]
        policy(desk, TWO_AGENTS + FREE)
        assert sorted(states(done(answer(desk, incident))).values()) == ["passed"] * 3 + ["sent"] * 3
        assert len(posts(desk)) == len({one["in_reply_to"] for one in posts(desk)}) == 6

    def test_one_failure_does_not_stop_the_others(self, desk: Cli) -> None:
        rows = said(BROKEN[:3])
        incident = hit(desk, rows)
        state(desk, incident)
        more = message("m9", "@NorthlineAir and now?", "m_cust1", created_at=LATER, in_reply_to="m1")
        desk.write("inbox.jsonl", *rows, more)
        run = answer(desk, incident)
        assert run.code == 8
        assert states(run) == {"m_cust0": "sent", "m_cust1": "refused", "m_cust2": "sent"}
        assert "1 of 3 customers could not be answered:\n  @m_cust1 (" in run.error["message"]
        assert "has written again" in run.error["message"]
        again = done(answer(desk, incident))
        assert states(again) == {"m_cust0": "passed", "m_cust1": "person", "m_cust2": "passed"}

    def test_who_asked_for_no_more_messages_gets_none(self, desk: Cli) -> None:
        incident = hit(desk, said(BROKEN[:2]))
        state(desk, incident)
        done(desk("opt-out", "@m_cust0", "--as", "sb", now=TOLD))
        run = done(answer(desk, incident))
        assert states(run) == {"m_cust0": "passed", "m_cust1": "sent"}
        assert "asked for no more messages" in run.out

    def test_a_dry_run_shows_the_very_words_and_posts_nothing(self, desk: Cli) -> None:
        incident = hit(desk, said())
        state(desk, incident)
        before = journal(desk)
        plan = done(desk("incident", "answer", incident, "--as", "sb", "--dry-run", "--json", now=LATER))
        assert (journal(desk), posts(desk)) == (before, [])
        assert {one["state"] for one in plan.records} == {"planned"}
        assert [one["text"] for one in plan.records] == [
            one["text"] for one in done(answer(desk, incident)).records
        ]

    def test_what_holds_for_all_of_them_is_noted_once(self, desk: Cli) -> None:
        incident = hit(desk, said())
        state(desk, incident)
        run = done(desk("incident", "answer", incident, "--as", "sb", "--dry-run", now=LATER))
        assert run.err.count("it would go out by road api") == 1

    def test_who_was_turned_down_leaves_the_turn_to_the_next(self, desk: Cli) -> None:
        incident = hit(desk, said(BROKEN[:3]))
        state(desk, incident)
        policy(desk, TWO_AGENTS + '[approval]\nwhen = ["money"]\nauthors = ["sb"]\n')
        first = done(answer(desk, incident, "--limit", "1")).records[0]
        done(desk("reject", first["draft"], "--reason", "call her", "--as", "mo", now=LATER))
        policy(desk, TWO_AGENTS + FREE)
        run = done(answer(desk, incident, "--limit", "1"))
        assert sorted(states(run).values()) == ["left", "person", "sent"]
        assert states(run)[first["customer"]] == "person"
        assert f"its pointer {first['draft']} was rejected: call her" in run.out

    def test_nobody_is_pointed_again_when_it_comes_back(self, desk: Cli) -> None:
        rows = said(BROKEN[:2])
        incident = pointed(desk, rows)
        state(desk, incident, "--state", "resolved", now=OVER)
        state(desk, incident, "--state", "investigating", now=AFTER)
        back = message(
            "back",
            "@NorthlineAir login fails again!",
            "m_cust1",
            created_at=AFTER,
            in_reply_to=posted_to(desk, "m1"),
        )
        desk.write("inbox.jsonl", *rows, back)
        done(desk("fetch", now=MUCH_LATER))
        done(desk("triage", now=MUCH_LATER))
        run = done(answer(desk, incident, now=MUCH_LATER))
        assert states(run) == {"m_cust0": "passed", "m_cust1": "person"}
        (ticket,) = (one["ticket"] for one in run.records if one["customer"] == "m_cust1")
        call = ("statement", "--point", ticket, "--as", "sb", "--yes", "--json")
        again = desk(*call, now=MUCH_LATER)
        assert (again.code, len(posts(desk))) == (3, 2)
        assert "was pointed to this already" in again.error["message"]

    def test_off_a_terminal_it_wants_a_yes(self, desk: Cli) -> None:
        incident = hit(desk, said(BROKEN[:1]))
        state(desk, incident)
        run = desk("incident", "answer", incident, "--as", "sb", now=LATER)
        assert (run.code, posts(desk)) == (2, [])
        assert "posting needs a yes" in run.err

    @pytest.mark.parametrize("mode", ["tiered", "status_only", "both"])
    def test_mass_mode_lets_pointers_and_notices_out(self, desk: Cli, mode: str) -> None:
        policy(desk, f'{TWO_AGENTS}{FREE}[incident]\nmode = "{mode}"\n')
        incident = hit(desk, [*said(BROKEN[:2]), message("p1", PRESSING, "pressed")])
        done(desk("incident", "mass", incident, "--as", "mo", now=NOW))
        state(desk, incident)
        assert states(done(answer(desk, incident))) == {
            "m_cust0": "sent",
            "m_cust1": "sent",
            "pressed": "person",
        }
        state(desk, incident, "--state", "resolved", now=OVER)
        assert states(done(notify(desk, incident))) == {"m_cust0": "sent", "m_cust1": "sent"}

    def test_two_rounds_at_once_point_nobody_twice(self, desk: Cli) -> None:
        incident = hit(desk, said(BROKEN[:4]))
        state(desk, incident)
        calls = [("incident", "answer", incident, "--as", who, "--yes", "--json") for who in ("sb", "mo")]
        both = [collect(one) for one in [desk.start(*call, now=LATER) for call in calls]]
        assert {run.code for run in both} <= {0, 6, 8, 75}
        done(answer(desk, incident))
        assert sorted(one["in_reply_to"] for one in posts(desk)) == ["m0", "m1", "m2", "m3"]

    def test_two_incidents_of_two_accounts_do_not_stand_in_each_others_way(self, desk: Cli) -> None:
        policy(desk, TWO_ACCOUNTS + TWO_AGENTS + FREE)
        first = hit(desk, said(BROKEN[:2]))
        state(desk, first, "--account", "support")
        done(answer(desk, first))
        call = ("incident", "open", "--topic", "seats", "--words", "seatmap", "--as", "sb", "--json")
        second = str(done(desk(*call, now=LATER)).record["id"])
        rows = [
            message(
                "s1",
                "@NorthlineAir now the seatmap is broken too, it fails",
                "m_cust0",
                created_at=LATER,
                conversation_id="s",
            )
        ]
        desk.write("inbox.jsonl", *said(BROKEN[:2]), *rows)
        done(desk("fetch", now=LATER))
        done(desk("triage", now=LATER))
        say = ("--account", "press", "--set", "what=the seatmap")
        done(desk("statement", "--incident", second, *say, "--as", "sb", "--yes", now=LATER))
        assert states(done(answer(desk, second))) == {"m_cust0": "sent"}


class TestStopping:
    def test_where_nothing_was_said_there_is_nothing_to_point_to(self, desk: Cli) -> None:
        incident = hit(desk, said(BROKEN[:2]))
        run = answer(desk, incident)
        assert (run.code, run.out) == (3, "")
        assert f"socialcli statement --incident {incident}" in run.error["hint"]

    def test_a_suspicion_is_confirmed_first(self, desk: Cli) -> None:
        desk.write("inbox.jsonl", *said())
        done(desk("fetch", now=NOW))
        done(desk("triage", now=NOW))
        (found,) = done(desk("incident", "list", "--json", now=NOW)).records
        assert found["state"] == "suspected"
        state(desk, found["id"])
        run = answer(desk, found["id"])
        assert (run.code, posts(desk)) == (6, [])
        assert run.error["hint"] == f"socialcli incident confirm {found['id']}"

    @pytest.mark.parametrize(("step", "code"), [("close", 6), ("dismiss", 6), ("resolved", 3)])
    def test_what_is_over_is_not_pointed_to(self, desk: Cli, step: str, code: int) -> None:
        incident = hit(desk, said(BROKEN[:2]))
        state(desk, incident)
        if step == "resolved":
            state(desk, incident, "--state", "resolved", now=LATER)
        else:
            done(desk("incident", step, incident, "--as", "sb", now=LATER))
        run = answer(desk, incident)
        assert (run.code, posts(desk)) == (code, [])

    @pytest.mark.parametrize(("step", "code"), [("close", 6), ("dismiss", 6), ("resolved", 3)])
    def test_it_stops_before_the_next_post_where_it_ends_meanwhile(
        self, desk: Cli, step: str, code: int
    ) -> None:
        """The second post is held back from outside while somebody ends the incident."""
        incident = hit(desk, said(BROKEN[:4]))
        state(desk, incident)
        second = done(
            desk("incident", "answer", incident, "--as", "sb", "--dry-run", "--json", now=LATER)
        ).records[1]
        lock = desk.workspace / ".socialcli" / "drafts" / f"{second['draft']}.lock"
        lock.parent.mkdir(exist_ok=True)
        with held(lock):
            call = ("incident", "answer", incident, "--as", "sb", "--yes", "--json")
            running = desk.start(*call, now=LATER)
            wait_for(lambda: len(posts(desk)) == 1)
            if step == "resolved":
                state(desk, incident, "--state", "resolved", now=LATER)
            else:
                done(desk("incident", step, incident, "--as", "sb", now=LATER))
        run = collect(running)
        assert run.code == code
        assert [one["state"] for one in run.records] == ["sent", "sent", "left", "left"]
        assert run.error["message"].startswith("stopped after 2, 2 are left: ")
        assert len(posts(desk)) == 2


@pytest.mark.parametrize("step", ["close", "dismiss", "resolved", ""])
def test_pointers_that_waited_for_a_yes_are_held_against_the_end_too(desk: Cli, step: str) -> None:
    incident = hit(desk, said(BROKEN[:1]))
    state(desk, incident)
    policy(desk, TWO_AGENTS + '[approval]\nwhen = ["money"]\nauthors = ["sb"]\n')
    (waiting,) = done(answer(desk, incident)).records
    assert waiting["state"] == "awaiting-approval"
    assert set(states(done(answer(desk, incident))).values()) == {"passed"}
    policy(desk, TWO_AGENTS + FREE)
    if step == "resolved":
        state(desk, incident, "--state", "resolved", now=LATER)
    elif step:
        done(desk("incident", step, incident, "--as", "sb", now=LATER))
    run = desk("approve", waiting["draft"], "--as", "mo", "--json", now=LATER)
    assert (run.code, len(posts(desk))) == ((3, 0) if step else (0, 1)), run.err


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("answer", "nothing"), 5),
        (("notify", "nothing"), 5),
        (("answer", "{incident}", "--plan", "--dry-run"), 2),
        (("answer", "{incident}", "--limit", "0"), 2),
        (("answer", "{incident}", "--max-cost", "much"), 2),
        (("notify", "{incident}", "--set", "what"), 2),
        (("answer", "{incident}", "--as", "nobody"), 5),
    ],
)
def test_what_does_not_fit(desk: Cli, args: tuple[str, ...], code: int) -> None:
    incident = hit(desk, said(BROKEN[:1]))
    state(desk, incident)
    call = [incident if one == "{incident}" else one for one in args]
    who = () if "--as" in args else ("--as", "sb")
    run = desk("incident", *call, *who, "--yes", "--json", now=LATER)
    assert (run.code, run.error["code"], posts(desk)) == (code, code, [])


def test_who_may_only_draft_plans_and_posts_nothing(desk: Cli) -> None:
    policy(
        desk,
        TWO_AGENTS + '[[agents]]\nid = "dd"\nname = "Dee Dray"\ninitials = "DD"\nrole = "draft"\n' + FREE,
    )
    incident = hit(desk, said(BROKEN[:2]))
    state(desk, incident)
    run = answer(desk, incident, who="dd")
    assert (run.code, posts(desk)) == (3, [])
    plan = desk("incident", "answer", incident, "--as", "dd", "--plan", now=LATER)
    assert [json.loads(line)["agent"] for line in done(plan).out.splitlines()] == ["dd", "dd"]


class TestKilled:
    @pytest.mark.parametrize("point", ["post:intended@2", "post:accepted@2", "post:received@2"])
    def test_the_same_call_posts_what_is_missing(self, desk: Cli, point: str) -> None:
        incident = hit(desk, said(BROKEN[:4]))
        state(desk, incident)
        call = ("incident", "answer", incident, "--as", "sb", "--yes")
        assert desk(*call, now=LATER, env={"SOCIALCLI_FAIL_POINT": point}).code == KILLED
        done(answer(desk, incident))
        assert sorted(one["in_reply_to"] for one in posts(desk)) == ["m0", "m1", "m2", "m3"]
        assert set(states(done(answer(desk, incident))).values()) == {"passed"}

    @pytest.mark.parametrize("point", ["post:intended@2", "post:accepted@2", "post:received@2"])
    def test_so_does_that_of_the_notices(self, desk: Cli, point: str) -> None:
        incident = pointed(desk, said(BROKEN[:4]))
        state(desk, incident, "--state", "resolved", now=OVER)
        call = ("incident", "notify", incident, "--as", "sb", "--yes")
        assert desk(*call, now=AFTER, env={"SOCIALCLI_FAIL_POINT": point}).code == KILLED
        done(notify(desk, incident))
        told = [one["in_reply_to"] for one in posts(desk)]
        assert sorted(told) == sorted(["m0", "m1", "m2", "m3"] * 2)
        assert set(states(done(notify(desk, incident))).values()) == {"passed"}


class TestNotices:
    def test_who_was_pointed_hears_of_the_end_once(self, desk: Cli) -> None:
        incident = pointed(desk, [*said(BROKEN[:3]), message("p1", PRESSING, "pressed")])
        run = notify(desk, incident)
        assert (run.code, len(posts(desk))) == (3, 3)
        state(desk, incident, "--state", "resolved", now=OVER)
        run = done(notify(desk, incident, "--set", "what=the problem with the login"))
        assert states(run) == {"m_cust0": "sent", "m_cust1": "sent", "m_cust2": "sent"}
        assert {one["what"] for one in run.records} == {"notice"}
        assert all("the problem with the login" in one["text"] for one in run.records)
        assert len({one["text"] for one in run.records}) == 3
        before = journal(desk)
        assert set(states(done(notify(desk, incident, who="mo"))).values()) == {"passed"}
        assert journal(desk) == before

    def test_a_closed_incident_is_over_too(self, desk: Cli) -> None:
        incident = pointed(desk, said(BROKEN[:2]))
        done(desk("incident", "close", incident, "--as", "sb", now=OVER))
        assert set(states(done(notify(desk, incident))).values()) == {"sent"}

    def test_an_answer_that_promised_an_update_counts(self, desk: Cli) -> None:
        incident = hit(desk, said(BROKEN[:2]))
        tickets = {
            one["customer"]["handle"]: one["id"] for one in done(desk("list", "--json", now=NOW)).records
        }
        text = (
            "@m_cust0 I'm sorry the login fails. We're looking into it, and I'll tell you here by 10:50. ^SB"
        )
        done(desk("reply", tickets["m_cust0"], "--text", text, "--as", "sb", "--yes", now=NOW))
        state(desk, incident)
        state(desk, incident, "--state", "resolved", now=OVER)
        assert states(done(notify(desk, incident))) == {"m_cust0": "sent"}
        shown = done(desk("incident", "mass", incident, "--as", "mo", "--json", now=AFTER)).record["mass"]
        assert (shown["answered"], shown["pointed"]) == (1, 0)

    def test_it_is_owed_until_it_is_said(self, desk: Cli) -> None:
        incident = pointed(desk, said(BROKEN[:2]))
        assert owed(desk, OVER) == []
        call = ("--state", "resolved", "--set", "what=the login", "--as", "sb", "--yes")
        run = done(desk("statement", *call, now=OVER))
        assert f"2 customers should hear that it is over: socialcli incident notify {incident}" in run.err
        found = owed(desk, AFTER)
        assert {one["customer"]["handle"] for one in found} == {"m_cust0", "m_cust1"}
        assert {(one["state"], one["until"]) for one in found} == {("open", "2026-11-20T11:30:00Z")}
        assert desk("due", now="2026-11-20T11:31:00Z").code == 3
        assert owed(desk, "2026-11-24T11:31:00Z") == []
        done(notify(desk, incident))
        assert owed(desk, AFTER) == []

    def test_who_waits_for_something_else_is_left_for_people(self, desk: Cli) -> None:
        rows = said(BROKEN[:3])
        incident = pointed(desk, rows)
        more = message(
            "bag",
            "@NorthlineAir and where is my suitcase? It never arrived",
            "m_cust0",
            created_at=LATER,
            conversation_id="b",
        )
        back = message(
            "back",
            "@NorthlineAir it still fails for me!",
            "m_cust1",
            created_at=LATER,
            in_reply_to=posted_to(desk, "m1"),
        )
        desk.write("inbox.jsonl", *rows, more, back)
        done(desk("fetch", now=OVER))
        done(desk("triage", now=OVER))
        state(desk, incident, "--state", "resolved", now=OVER)
        run = done(notify(desk, incident))
        assert states(run) == {"m_cust0": "person", "m_cust1": "person", "m_cust2": "sent"}
        assert {one["customer"]["handle"] for one in owed(desk, AFTER)} == {"m_cust0", "m_cust1"}

    @pytest.mark.parametrize("closed", [False, True])
    def test_who_writes_at_the_last_moment_is_not_told_that_all_is_well(
        self, desk: Cli, closed: bool
    ) -> None:
        rows = said(BROKEN[:2])
        incident = pointed(desk, rows)
        if closed:
            done(desk("incident", "close", incident, "--as", "sb", now=OVER))
        else:
            state(desk, incident, "--state", "resolved", now=OVER)
        back = message(
            "back",
            "@NorthlineAir it still fails!",
            "m_cust1",
            created_at=OVER,
            in_reply_to=posted_to(desk, "m1"),
        )
        desk.write("inbox.jsonl", *rows, back)
        run = notify(desk, incident)
        assert (run.code, states(run)) == (8, {"m_cust0": "sent", "m_cust1": "refused"})
        assert "has written again" in run.error["message"]
        done(desk("fetch", now=AFTER))
        done(desk("triage", now=AFTER))
        assert states(done(notify(desk, incident))) == {"m_cust0": "passed", "m_cust1": "person"}

    def test_who_was_told_in_person_is_not_told_twice(self, desk: Cli) -> None:
        incident = pointed(desk, said(BROKEN[:2]))
        state(desk, incident, "--state", "resolved", now=OVER)
        tickets = {
            one["customer"]["handle"]: one["id"] for one in done(desk("list", "--json", now=OVER)).records
        }
        text = "@m_cust0 The login works again, and your seat is as it was. Sorry for the wait! ^MO"
        done(desk("reply", tickets["m_cust0"], "--text", text, "--again", "--as", "mo", "--yes", now=OVER))
        assert states(done(notify(desk, incident))) == {"m_cust0": "passed", "m_cust1": "sent"}

    def test_who_asked_for_no_more_messages_is_not_told(self, desk: Cli) -> None:
        incident = pointed(desk, said(BROKEN[:2]))
        done(desk("opt-out", "@m_cust0", "--as", "sb", now=OVER))
        state(desk, incident, "--state", "resolved", now=OVER)
        assert states(done(notify(desk, incident))) == {"m_cust0": "passed", "m_cust1": "sent"}
        assert owed(desk, AFTER) == []

    def test_what_was_none_is_told_to_nobody(self, desk: Cli) -> None:
        incident = pointed(desk, said(BROKEN[:2]))
        done(desk("incident", "dismiss", incident, "--as", "sb", now=OVER))
        assert notify(desk, incident).code == 6

    @pytest.mark.parametrize("closed", [False, True])
    def test_one_that_waited_for_a_yes_is_held_against_what_came_since(self, desk: Cli, closed: bool) -> None:
        """Who wrote that it still fails, read already, is not told that all is well."""
        rows = said(BROKEN[:2])
        incident = pointed(desk, rows)
        if closed:
            done(desk("incident", "close", incident, "--as", "sb", now=OVER))
        else:
            state(desk, incident, "--state", "resolved", now=OVER)
        waiting = waiting_for_a_yes(desk, incident)
        back = message(
            "back",
            "@NorthlineAir it still fails!",
            "m_cust1",
            created_at=AFTER,
            in_reply_to=posted_to(desk, "m1"),
        )
        desk.write("inbox.jsonl", *rows, back)
        done(desk("fetch", now=MUCH_LATER))
        done(desk("triage", now=MUCH_LATER))
        run = desk("approve", waiting["m_cust1"], "--as", "mo", "--json", now=MUCH_LATER)
        assert (run.code, len(posts(desk))) == (6, 2)
        assert "has written again" in run.error["message"]
        done(desk("approve", waiting["m_cust0"], "--as", "mo", now=MUCH_LATER))
        assert states(done(notify(desk, incident, now=MUCH_LATER))) == {
            "m_cust0": "passed",
            "m_cust1": "person",
        }

    def test_nor_is_anybody_once_it_is_back(self, desk: Cli) -> None:
        incident = pointed(desk, said(BROKEN[:2]))
        state(desk, incident, "--state", "resolved", now=OVER)
        waiting = waiting_for_a_yes(desk, incident)
        state(desk, incident, "--state", "investigating", now=MUCH_LATER)
        run = desk("approve", waiting["m_cust0"], "--as", "mo", "--json", now=MUCH_LATER)
        assert (run.code, len(posts(desk))) == (3, 2)
        assert "says that it is over: statement" in run.error["message"]

    def test_nobody_is_owed_it_who_was_erased(self, desk: Cli) -> None:
        incident = pointed(desk, said(BROKEN[:2]))
        done(desk("forget", "@m_cust0", "--as", "sb", "--yes", now=LATER))
        state(desk, incident, "--state", "resolved", now=OVER)
        assert [one["customer"]["handle"] for one in owed(desk, AFTER)] == ["m_cust1"]
        assert sorted(states(done(notify(desk, incident))).values()) == ["passed", "sent"]

    def test_a_promise_from_before_it_began_is_of_another_matter(self, desk: Cli) -> None:
        desk.write("inbox.jsonl", message("bag", "@NorthlineAir where is my bag?", "early"))
        done(desk("fetch", now=NOW))
        done(desk("triage", now=NOW))
        (ticket,) = (one["id"] for one in done(desk("list", "--json", now=NOW)).records)
        text = "@early I'm sorry about the bag. We're looking for it, and I'll tell you here by 14:00. ^SB"
        done(desk("reply", ticket, "--text", text, "--as", "sb", "--yes", now=NOW))
        call = ("incident", "open", "--topic", "login", "--words", "login", "--as", "sb", "--json")
        incident = done(desk(*call, now=LATER)).record["id"]
        done(desk("incident", "join", incident, ticket, "--as", "sb", now=LATER))
        done(desk("incident", "close", incident, "--as", "sb", now=OVER))
        assert done(notify(desk, incident)).records == []

    @pytest.mark.parametrize("value", ["nope=1", "what=\x1b[31mred"])
    def test_what_is_wrong_with_the_call_is_said_once(self, desk: Cli, value: str) -> None:
        incident = pointed(desk, said(BROKEN[:2]))
        state(desk, incident, "--state", "resolved", now=OVER)
        for more in ((), ("--dry-run",)):
            run = notify(desk, incident, "--set", value, *more)
            assert (run.code, run.out, len(posts(desk))) == (2, "", 2)

    def test_a_dry_run_says_what_the_check_has_against_it(self, desk: Cli) -> None:
        incident = pointed(desk, said(BROKEN[:2]))
        state(desk, incident, "--state", "resolved", now=OVER)
        run = notify(desk, incident, "--set", "what=@somebody", "--dry-run")
        assert (run.code, {one["reason"] for one in run.records}) == (
            8,
            {"the check says no: mention/extra"},
        )


class TestPlanned:
    def test_the_lines_are_signed_and_applied_once(self, desk: Cli) -> None:
        incident = hit(desk, said(BROKEN[:3]))
        state(desk, incident)
        plan = made(desk, "answer", incident)
        lines = desk.lines(plan.name)
        assert {json.dumps(one["bulk"] | {"points": None}) for one in lines} == {
            json.dumps({"incident": incident, "what": "pointer", "points": None})
        }
        run = desk("apply", plan, "--as", "sb", "--yes", "--json", now=LATER)
        assert (run.code, {one["reason"] for one in run.records}) == (3, {"nobody has signed it"})
        sign(desk, plan)
        assert {one["state"] for one in apply(desk, plan).records} == {"sent"}
        assert [one["text"] for one in posts(desk)] == [one["text"] for one in lines]
        assert {one["state"] for one in apply(desk, plan).records} == {"sent"}
        assert set(states(done(answer(desk, incident))).values()) == {"passed"}
        assert len(posts(desk)) == 3

    def test_what_has_changed_since_is_refused_and_the_others_go_on(self, desk: Cli) -> None:
        rows = said(BROKEN[:5])
        incident = hit(desk, rows)
        state(desk, incident)
        plan = made(desk, "answer", incident)
        sign(desk, plan)
        again = message(
            "m9", "@NorthlineAir hello? the login still fails", "m_cust2", created_at=TOLD, in_reply_to="m2"
        )
        desk.write("inbox.jsonl", *rows, again)
        done(desk("forget", "@m_cust0", "--as", "sb", "--yes", now=LATER))
        done(desk("fetch", now=LATER))
        done(desk("triage", now=LATER))
        done(desk("opt-out", "@m_cust3", "--as", "sb", now=LATER))
        run = apply(desk, plan, code=8)
        named = {one["ticket"]: one for one in run.records}
        told = {line["customer"]: named[line["ticket"]] for line in desk.lines(plan.name)}
        assert {who: one["state"] for who, one in told.items()} == {
            "m_cust0": "refused", "m_cust1": "sent", "m_cust2": "refused", "m_cust3": "refused",
            "m_cust4": "sent",
        }  # fmt: skip
        assert "erased" in told["m_cust0"]["reason"]
        assert "has written again" in told["m_cust2"]["reason"]
        assert "no more messages" in told["m_cust3"]["reason"]
        assert sorted(one["in_reply_to"] for one in posts(desk)) == ["m1", "m4"]

    @pytest.mark.parametrize("step", ["close", "dismiss", "resolved", "answer"])
    def test_an_end_or_another_round_since_is_seen(self, desk: Cli, step: str) -> None:
        incident = hit(desk, said(BROKEN[:2]))
        state(desk, incident)
        plan = made(desk, "answer", incident)
        sign(desk, plan)
        if step == "resolved":
            state(desk, incident, "--state", "resolved", now=LATER)
        else:
            done(
                desk(
                    "incident",
                    step,
                    incident,
                    "--as",
                    "mo",
                    *(["--yes"] if step == "answer" else []),
                    now=LATER,
                )
            )
        before = len(posts(desk))
        run = desk("apply", plan, "--as", "sb", "--yes", "--json", now=LATER)
        assert run.code == (0 if step == "answer" else 3)
        assert len(posts(desk)) == before

    def test_notices_too(self, desk: Cli) -> None:
        incident = pointed(desk, said(BROKEN[:2]))
        state(desk, incident, "--state", "resolved", now=OVER)
        plan = made(desk, "notify", incident, now=AFTER)
        sign(desk, plan, now=AFTER)
        assert {one["state"] for one in apply(desk, plan, now=AFTER).records} == {"sent"}
        assert set(states(done(notify(desk, incident))).values()) == {"passed"}
        assert len(posts(desk)) == 4


def pointed(cli: Cli, rows: list[dict[str, Any]]) -> str:
    """An incident that was told to everybody, and whose customers were pointed there."""
    incident = hit(cli, rows)
    state(cli, incident)
    done(answer(cli, incident))
    return incident


def waiting_for_a_yes(cli: Cli, incident: str) -> dict[str, str]:
    """The drafts of its notices, by customer, while what sb writes is looked at first; then as before."""
    policy(cli, TWO_AGENTS + '[approval]\nwhen = ["money"]\nauthors = ["sb"]\n')
    found = done(notify(cli, incident)).records
    policy(cli, TWO_AGENTS + FREE)
    assert {one["state"] for one in found} == {"awaiting-approval"}
    return {one["customer"]: one["draft"] for one in found}


def owed(cli: Cli, now: str) -> list[Any]:
    """Promises to hear that it is over."""
    found = cli("due", "--json", now=now).records
    return [one for one in found if one["type"] == "promise" and "incident notify" in one["words"]]


def posted_to(cli: Cli, message_id: str) -> str:
    """Our answer to this message."""
    return str(next(one["id"] for one in posts(cli) if one["in_reply_to"] == message_id))


def made(cli: Cli, verb: str, incident: str, now: str = LATER) -> Path:
    plan = cli.workspace / "plan.jsonl"
    plan.write_text(
        done(cli("incident", verb, incident, "--as", "sb", "--plan", now=now)).out, encoding="utf-8"
    )
    return plan


def sign(cli: Cli, plan: Path, now: str = LATER) -> None:
    done(cli("apply", plan, "--sign", "--all", "--as", "mo", now=now))


def apply(cli: Cli, plan: Path, *, now: str = LATER, code: int = 0) -> Run:
    run = cli("apply", plan, "--as", "sb", "--yes", "--json", now=now)
    assert run.code == code, run.err
    return run


@contextmanager
def held(lock: Path) -> Iterator[None]:
    """The lock is somebody else's for so long."""
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def wait_for(is_so: Callable[[], bool]) -> None:
    """Until it is so; a machine that never comes to it fails the test."""
    last = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < last
        time.sleep(0.01)
