"""A reply that is posted later: at a time, when we open, or after a moment in which it can be taken back."""

from __future__ import annotations

import json
import signal
from typing import Any

import pytest

from tests.conftest import Cli, Run
from tests.e2e.staging import MONEY, SORRY, TWO_AGENTS, done, journal, message, policy, queued

NOW = "2026-11-20T10:06:00Z"
AT = "2026-11-20T12:00:00Z"
BEFORE = "2026-11-20T11:59:59Z"
SETTLE = ("outbox", "--settle", "--as", "mo", "--json")
KILLED = -signal.SIGKILL


@pytest.fixture
def ticket(cli: Cli) -> str:
    policy(cli, TWO_AGENTS)
    return queued(cli)


def say(cli: Cli, ticket: str, text: str, *more: str, now: str = NOW) -> Run:
    return cli("reply", ticket, "--text", text, "--as", "sb", "--yes", "--json", *more, now=now)


def posted(cli: Cli) -> list[str]:
    return [one["text"] for one in cli.lines("outbox.jsonl")]


def add(cli: Cli, *rows: dict[str, Any]) -> None:
    with (cli.workspace / "inbox.jsonl").open("a") as inbox:
        inbox.writelines(json.dumps(row) + "\n" for row in rows)


class TestAtATime:
    def test_it_is_posted_when_its_time_has_come(self, cli: Cli, ticket: str) -> None:
        run = done(say(cli, ticket, SORRY, "--at", AT))
        assert (run.record["state"], run.record["post_at"]) == ("scheduled", AT)
        assert f"it goes out at {AT}" in run.err
        assert done(cli(*SETTLE, now=BEFORE)).records == []
        (listed,) = done(cli("outbox", "--json", now=BEFORE)).records
        assert (listed["state"], listed["post_at"]) == ("scheduled", AT)
        assert posted(cli) == []
        assert done(cli(*SETTLE, now=AT)).record["state"] == "sent"
        assert done(cli(*SETTLE, now=AT)).records == []
        assert posted(cli) == [SORRY]

    def test_in_so_long_is_the_same(self, cli: Cli, ticket: str) -> None:
        record = done(say(cli, ticket, SORRY, "--in", "1h54m")).record
        assert (record["state"], record["post_at"]) == ("scheduled", AT)
        assert f"not before {AT} (in 1h53m)" in done(cli("outbox", now="2026-11-20T10:06:01Z")).out

    def test_said_again_it_stays_as_it_is(self, cli: Cli, ticket: str) -> None:
        done(say(cli, ticket, SORRY, "--at", AT))
        before = journal(cli)
        for more in ((), ("--at", AT)):
            assert done(say(cli, ticket, SORRY, *more)).record["state"] == "scheduled"
        assert (journal(cli), posted(cli)) == (before, [])

    def test_another_time_or_now_after_all(self, cli: Cli, ticket: str) -> None:
        done(say(cli, ticket, SORRY, "--at", AT))
        other = "2026-11-20T13:00:00Z"
        assert done(say(cli, ticket, SORRY, "--at", other)).record["post_at"] == other
        assert done(cli(*SETTLE, now=AT)).records == []
        record = done(say(cli, ticket, SORRY, "--now-anyway")).record
        assert (record["state"], record["post_at"], posted(cli)) == ("sent", None, [SORRY])

    def test_the_dry_run_names_the_time_of_the_run(self, cli: Cli, ticket: str) -> None:
        done(say(cli, ticket, SORRY, "--at", AT))
        before, other = journal(cli), "2026-11-20T13:00:00Z"
        plan = done(say(cli, ticket, SORRY, "--now-anyway", "--dry-run"))
        assert (plan.record["state"], plan.record["post_at"]) == ("composed", None)
        assert "it would go out by road api: " in plan.err
        put_off = done(say(cli, ticket, SORRY, "--at", other, "--dry-run"))
        assert put_off.record["post_at"] == other
        assert f"it would go out by road api at {other}: " in put_off.err
        assert (journal(cli), posted(cli)) == (before, [])
        assert done(say(cli, ticket, SORRY, "--now-anyway")).record["state"] == "sent"

    def test_a_time_without_a_zone(self, cli: Cli, ticket: str) -> None:
        run = say(cli, ticket, SORRY, "--at", "2026-11-20T12:00:00")
        assert run.code == 2
        assert run.error["message"].endswith("has no time zone (add Z, or an offset such as +01:00)")

    def test_another_answer_waits_for_its_turn(self, cli: Cli, ticket: str) -> None:
        done(say(cli, ticket, SORRY, "--at", AT))
        run = say(cli, ticket, SORRY.replace("now", "today"))
        assert (run.code, posted(cli)) == (6, [])
        first = done(cli("outbox", "--json")).records[0]["id"]
        assert run.error["hint"] == f"socialcli recall {first} takes it back; --again answers all the same"

    def test_a_customer_who_writes_meanwhile_stops_it(self, cli: Cli, ticket: str) -> None:
        draft = done(say(cli, ticket, SORRY, "--at", AT)).record["id"]
        add(cli, message("m2", text="@NorthlineAir found it!", in_reply_to="m1", created_at=BEFORE))
        run = cli(*SETTLE, now=AT)
        assert (run.code, run.record["id"], run.record["state"]) == (6, draft, "parked")
        assert "has written again" in run.record["reason"]
        done(cli("fetch", now=AT))
        assert (done(cli(*SETTLE, now=AT)).records, posted(cli)) == ([], [])

    def test_todays_check_is_asked_then(self, cli: Cli, ticket: str) -> None:
        done(say(cli, ticket, SORRY, "--at", AT))
        policy(cli, TWO_AGENTS + '\n[reply]\nsign_off = "- {first_name}"\n')
        assert (cli(*SETTLE, now=AT).code, posted(cli)) == (3, [])
        policy(cli, TWO_AGENTS + '\n[approval]\nauthors = ["sb"]\n')
        assert (cli(*SETTLE, now=AT).code, posted(cli)) == (3, [])
        policy(cli, TWO_AGENTS)
        assert done(cli(*SETTLE, now=AT)).record["state"] == "sent"

    def test_what_needs_a_yes_waits_for_both(self, cli: Cli, ticket: str) -> None:
        draft = done(say(cli, ticket, MONEY, "--at", AT)).record
        assert (draft["state"], draft["post_at"]) == ("awaiting-approval", AT)
        record = done(cli("approve", draft["id"], "--as", "mo", "--json", now=NOW)).record
        assert (record["state"], record["post_at"], posted(cli)) == ("scheduled", AT, [])
        assert done(cli(*SETTLE, now=BEFORE)).records == []
        assert done(cli(*SETTLE, now=AT)).record["state"] == "sent"
        assert posted(cli) == [MONEY]

    def test_approved_after_its_time_it_goes_at_once(self, cli: Cli, ticket: str) -> None:
        draft = done(say(cli, ticket, MONEY, "--at", AT)).record["id"]
        assert done(cli("approve", draft, "--as", "mo", "--json", now=AT)).record["state"] == "sent"

    def test_approved_but_not_posted_it_waits_for_its_time(self, cli: Cli, ticket: str) -> None:
        draft = done(say(cli, ticket, MONEY, "--at", AT)).record["id"]
        done(cli("approve", draft, "--no-post", "--as", "mo", now=NOW))
        assert done(cli(*SETTLE, now=BEFORE)).records == []
        assert done(cli(*SETTLE, now=AT)).record["state"] == "sent"

    @pytest.mark.parametrize(
        "wrong",
        [
            ("--at", "2026-11-20T10:06:00Z"),
            ("--at", "2026-11-20T12:00:00"),
            ("--at", "noon"),
            ("--in", "0s"),
            ("--in", "1h", "--at", AT),
            ("--now-anyway", "--at", AT),
        ],
    )
    def test_times_that_are_none(self, cli: Cli, ticket: str, wrong: tuple[str, ...]) -> None:
        assert (say(cli, ticket, SORRY, *wrong).code, posted(cli)) == (2, [])
        assert done(cli("outbox", "--json", now=NOW)).records == []

    def test_the_plan_names_the_time(self, cli: Cli, ticket: str) -> None:
        before = journal(cli)
        assert f" at {AT}" in done(say(cli, ticket, SORRY, "--at", AT, "--dry-run")).err
        assert journal(cli) == before

    def test_it_is_rejected_too(self, cli: Cli, ticket: str) -> None:
        draft = done(say(cli, ticket, SORRY, "--at", AT)).record["id"]
        run = done(cli("reject", draft, "--reason", "no", "--as", "mo", "--json", now=NOW))
        assert run.record["state"] == "rejected"
        assert (done(cli(*SETTLE, now=AT)).records, posted(cli)) == ([], [])

    def test_a_ticket_is_not_closed_under_it(self, cli: Cli, ticket: str) -> None:
        done(say(cli, ticket, SORRY, "--at", AT))
        assert cli("resolve", ticket, "--outcome", "answered", "--as", "sb", now=NOW).code == 6


JOURNAL = ("journal:before", "journal:half", "journal:written", "journal:synced")
OUTBOX = ("outbox:before", "outbox:created", "outbox:half", "outbox:written", "outbox:synced")
POST = ("post:intended", "post:accepted", "post:received")


@pytest.mark.parametrize(
    "point", [*(f"{point}@{time}" for time in (1, 2) for point in JOURNAL), *OUTBOX, *POST]
)
def test_killed_when_it_is_due_it_still_goes_out_once(cli: Cli, ticket: str, point: str) -> None:
    done(say(cli, ticket, SORRY, "--at", AT))
    assert cli(*SETTLE, now=AT, env={"SOCIALCLI_FAIL_POINT": point}).code == KILLED
    done(cli(*SETTLE, now=AT))
    assert posted(cli) == [SORRY]
    assert (done(cli(*SETTLE, now=AT)).records, cli("doctor", "--json").code) == ([], 0)


@pytest.mark.parametrize("point", JOURNAL)
def test_killed_while_it_is_put_off(cli: Cli, ticket: str, point: str) -> None:
    call = ("reply", ticket, "--text", SORRY, "--as", "sb", "--yes", "--json", "--at", AT)
    assert cli(*call, now=NOW, env={"SOCIALCLI_FAIL_POINT": point}).code == KILLED
    assert done(cli(*call, now=NOW)).record["state"] == "scheduled"
    assert done(cli(*SETTLE, now=AT)).record["state"] == "sent"
    assert posted(cli) == [SORRY]


class TestOutsideHours:
    """Northline is open from eight to eight; m1 came on a Friday morning."""

    HELD = (
        '\n[brand]\ntime_zone = "UTC"\n[hours]\ncoverage = "hours"\n[reply]\nhold_outside_hours = true\n'
        "[triage]\nurgent = 100\n"
    )
    NIGHT = "2026-11-20T22:00:00Z"
    OPENS = "2026-11-21T09:00:00Z"

    @pytest.fixture
    def held(self, cli: Cli) -> str:
        policy(cli, TWO_AGENTS + self.HELD)
        return queued(cli)

    def test_it_waits_until_we_open(self, cli: Cli, held: str) -> None:
        run = done(say(cli, held, SORRY, now=self.NIGHT))
        assert (run.record["state"], run.record["post_at"]) == ("scheduled", self.OPENS)
        assert f"written outside hours: it goes out at {self.OPENS}" in run.err
        assert done(cli(*SETTLE, now="2026-11-21T08:59:59Z")).records == []
        assert done(cli(*SETTLE, now=self.OPENS)).record["state"] == "sent"

    def test_the_dry_run_waits_too(self, cli: Cli, held: str) -> None:
        plan = done(say(cli, held, SORRY, "--dry-run", now=self.NIGHT))
        assert (plan.record["state"], plan.record["post_at"]) == ("composed", self.OPENS)
        assert f"it would go out by road api at {self.OPENS}: " in plan.err
        anyway = done(say(cli, held, SORRY, "--dry-run", "--now-anyway", now=self.NIGHT))
        assert anyway.record["post_at"] is None

    def test_by_day_it_goes_at_once(self, cli: Cli, held: str) -> None:
        assert done(say(cli, held, SORRY)).record["state"] == "sent"

    def test_what_is_urgent_never_waits(self, cli: Cli, held: str) -> None:
        done(cli("triage", held, "--set", "priority=urgent", "--reason", "stranded", "--as", "sb", now=NOW))
        assert done(say(cli, held, SORRY, now=self.NIGHT)).record["state"] == "sent"

    def test_now_anyway(self, cli: Cli, held: str) -> None:
        assert done(say(cli, held, SORRY, now=self.NIGHT)).record["state"] == "scheduled"
        assert done(say(cli, held, SORRY, "--now-anyway", now=self.NIGHT)).record["state"] == "sent"

    def test_what_is_approved_at_night_waits_too(self, cli: Cli, held: str) -> None:
        first = done(say(cli, held, MONEY)).record["id"]
        record = done(cli("approve", first, "--as", "mo", "--json", now=self.NIGHT)).record
        assert (record["state"], record["post_at"]) == ("scheduled", self.OPENS)

    def test_the_dry_run_of_a_yes_at_night(self, cli: Cli, held: str) -> None:
        first = done(say(cli, held, MONEY)).record["id"]
        plan = done(cli("approve", first, "--as", "mo", "--dry-run", now=self.NIGHT))
        assert f"it would be approved, and go out by road api at {self.OPENS}: written outside" in plan.err

    def test_approved_only_it_is_not_settled_at_night(self, cli: Cli, held: str) -> None:
        first = done(say(cli, held, MONEY)).record["id"]
        done(cli("approve", first, "--no-post", "--as", "mo", now=self.NIGHT))
        assert done(cli(*SETTLE, now=self.NIGHT)).records == []
        assert done(cli(*SETTLE, now=self.OPENS)).record["state"] == "sent"

    def test_a_holding_reply_waits_too(self, cli: Cli, held: str) -> None:
        done(say(cli, held, MONEY, now="2026-11-20T19:55:00Z"))
        assert done(cli(*SETTLE, now="2026-11-20T20:30:00Z")).records == []
        assert done(cli(*SETTLE, now=self.OPENS)).record["holds"]

    def test_what_was_interrupted_is_finished_at_night(self, cli: Cli, held: str) -> None:
        call = ("reply", held, "--text", SORRY, "--as", "sb", "--yes", "--json")
        assert cli(*call, now=NOW, env={"SOCIALCLI_FAIL_POINT": "post:accepted"}).code == KILLED
        assert done(cli(*call, now=self.NIGHT)).record["state"] == "sent"
        assert posted(cli) == [SORRY]

    def test_round_the_clock_nothing_waits(self, cli: Cli, ticket: str) -> None:
        policy(cli, TWO_AGENTS + "\n[reply]\nhold_outside_hours = true\n")
        assert done(say(cli, ticket, SORRY, now=self.NIGHT)).record["state"] == "sent"
