"""A shift from its first post to its note: nothing is said twice, and nobody leaves while something is due."""

from __future__ import annotations

import signal
from itertools import pairwise
from typing import Any

import pytest

from socialcli.text.likeness import too_alike
from tests.conftest import Cli, Run, collect
from tests.e2e.staging import TWO_ACCOUNTS, TWO_AGENTS, done, journal, message, policy
from tests.e2e.test_incidents import KESTREL, OUTAGE, at
from tests.e2e.test_incidents import said as told

EARLY = "2026-11-23T06:30:00Z"  # a Monday; we open at 08:00
MORNING = "2026-11-23T08:05:00Z"
NOON = "2026-11-23T12:00:00Z"
EVENING = "2026-11-23T19:45:00Z"  # we close at 20:00
NIGHT = "2026-11-23T20:10:00Z"
TUESDAY = "2026-11-24T08:05:00Z"
HOURS = '[hours]\ncoverage = "hours"\n'
POSTS = '[shift]\ngreeting = "shift-greeting"\nclosing = "shift-closing"\nneeds_yes = false\n'
ROSTER = """
[[shift.roster]]
agent = "sb"
days = "mon-fri"
hours = "08:00-14:00"

[[shift.roster]]
agent = "mo"
days = "mon-fri"
hours = "14:00-20:00"
"""
GUITAR = "@NorthlineAir can I bring my guitar into the cabin?"
BY_FOUR = "@cust1 So sorry about your bag. We are tracing it and will get back to you by 4 pm. ^SB"
TIP = {"question": "Save on bags?", "answer": "Add your bag online: it costs half.", "topic": "tip"}
KILLED = -signal.SIGKILL


@pytest.fixture
def desk(cli: Cli) -> Cli:
    """Two agents who keep hours and may post without being asked; nobody has written yet."""
    policy(cli, HOURS + TWO_AGENTS + POSTS)
    return cli


def open_(
    cli: Cli, *args: str, now: str = MORNING, who: str = "sb", env: dict[str, str] | None = None
) -> Run:
    return cli("shift", "open", "--as", who, "--yes", "--json", *args, now=now, env=env)


def close(
    cli: Cli, *args: str, now: str = EVENING, who: str = "sb", env: dict[str, str] | None = None
) -> Run:
    return cli("shift", "close", "--as", who, "--yes", "--json", *args, now=now, env=env)


def posts(cli: Cli) -> list[str]:
    return [one["text"] for one in cli.lines("outbox.jsonl")]


def shift_of(run: Run) -> Any:
    (found,) = [one for one in run.records if one["type"] == "shift"]
    return found


def states(run: Run) -> list[str]:
    return [one["state"] for one in run.records if one["type"] == "draft"]


def events(cli: Cli, name: str) -> list[Any]:
    return [one for one in cli.lines("queue.jsonl") if one["event"] == name]


def written(cli: Cli, *rows: dict[str, Any], now: str = MORNING) -> dict[str, str]:
    """Messages taken in and triaged: message -> ticket."""
    cli.write("inbox.jsonl", *rows)
    done(cli("fetch", now=now))
    return {one["message_id"]: one["ticket"] for one in done(cli("triage", "--json", now=now)).records}


def said(name: str, text: str, handle: str, at: str = "2026-11-23T08:00:00Z") -> dict[str, Any]:
    return message(name, text, handle, created_at=at)


class TestOpening:
    def test_what_an_agent_finds(self, desk: Cli) -> None:
        written(
            desk,
            said("m1", "@NorthlineAir my bag never arrived. Where is it?", "cust1"),
            said("m2", GUITAR, "cust2"),
        )
        run = done(open_(desk))
        shift, draft = run.records
        assert shift == {
            "type": "shift",
            "id": shift["id"],
            "agent": "sb",
            "account": "support",
            "state": "open",
            "opened_at": MORNING,
            "closed_at": None,
            "until": "2026-11-23T20:00:00Z",
            "working": ["sb"],
            "on_duty": [],
            "backlog": {
                "urgent": 0, "high": 1, "normal": 1, "low": 0, "overdue": 0, "oldest": "2026-11-23T08:00:00Z",
            },
            "promises": [],
            "suspected": [],
            "handover": None,
        }  # fmt: skip
        assert (draft["type"], draft["ticket"], draft["state"]) == ("draft", None, "sent")
        assert posts(desk) == [draft["text"]]
        assert draft["text"].endswith(" until 20:00.")

    def test_in_words(self, desk: Cli) -> None:
        written(desk, said("m1", GUITAR, "cust2"))
        lines = done(desk("shift", "open", "--as", "sb", "--yes", now=MORNING)).out.splitlines()
        assert lines[0].endswith("of sb: open since 2026-11-23T08:05:00Z, until 2026-11-23T20:00:00Z")
        assert lines[1:3] == ["  at work: sb; on duty: nobody", "  waiting: 1 normal, the oldest 5m ago"]

    def test_promises_that_fall_due_in_it(self, desk: Cli) -> None:
        tickets = written(desk, said("m1", "@NorthlineAir my bag never arrived. Where is it?", "cust1"))
        done(desk("reply", tickets["m1"], "--text", BY_FOUR, "--as", "sb", "--yes", now=MORNING))
        policy(desk, HOURS + TWO_AGENTS + POSTS + ROSTER)
        assert shift_of(open_(desk))["promises"] == []  # sb goes at 14:00
        (promise,) = shift_of(open_(desk, who="mo", now="2026-11-23T14:00:00Z"))["promises"]
        assert (promise["type"], promise["until"]) == ("promise", "2026-11-23T16:00:00Z")

    def test_suspected_incidents_are_named(self, cli: Cli) -> None:
        policy(cli, KESTREL + TWO_AGENTS)
        cli.write("inbox.jsonl", *told(OUTAGE))
        done(cli("fetch", now=at(15)))
        (known,) = done(cli("incident", "list", "--json", now=at(15))).records
        (suspected,) = shift_of(open_(cli, now=at(16)))["suspected"]
        assert suspected == {"id": known["id"], "topic": known["topic"], "tickets": len(known["tickets"])}
        page = done(cli("shift", "--as", "sb", now=at(16))).out
        assert f"suspected: incident {known['id']}, {known['topic']}, " in page

    def test_the_roster_says_until_when_and_who_else(self, desk: Cli) -> None:
        policy(desk, HOURS + TWO_AGENTS + POSTS + ROSTER)
        shift = shift_of(open_(desk))
        assert (shift["until"], shift["on_duty"]) == ("2026-11-23T14:00:00Z", ["sb"])

    def test_alone_it_says_how_things_stand(self, desk: Cli) -> None:
        run = done(desk("shift", "--as", "sb", "--json", now=MORNING))
        assert (run.record["state"], run.record["id"], run.record["agent"]) == ("none", None, "sb")
        done(open_(desk))
        assert done(desk("shift", "state", "--as", "sb", "--json", now=NOON)).record["state"] == "open"
        nobody = done(desk("shift", "--json", now=NOON)).record
        assert (nobody["agent"], nobody["working"]) == (None, ["sb"])
        assert desk("shift", "--json", "open").code == 2
        assert desk("shift", "begin").code == 2


class TestGreeting:
    def test_once_a_day_whoever_opens_how_often(self, desk: Cli) -> None:
        first = done(open_(desk))
        again = done(open_(desk, now=NOON))
        assert again.records[1:] == first.records[1:]
        assert "open since 2026-11-23T08:05:00Z: nothing is done twice" in again.err
        done(open_(desk, who="mo", now=NOON))
        assert len(posts(desk)) == 1
        assert [one["by"] for one in events(desk, "shift-opened")] == ["sb", "mo"]
        done(open_(desk, now=TUESDAY))
        assert len(posts(desk)) == 2

    def test_each_account_once_and_in_its_own_words(self, desk: Cli) -> None:
        policy(desk, HOURS + TWO_ACCOUNTS + TWO_AGENTS + POSTS)
        desk.write("kb.jsonl", TIP | {"answer": "Add your bag online before you leave home: it costs half."})
        done(open_(desk))
        done(open_(desk, "--account", "press", now=NOON))
        done(open_(desk, "--account", "press", now=NOON))
        (ours,), (theirs,) = posts(desk), [one["text"] for one in desk.lines("press-outbox.jsonl")]
        assert not too_alike(ours, theirs)
        assert len(events(desk, "shift-opened")) == 1

    def test_one_wording_cannot_speak_for_two(self, desk: Cli) -> None:
        policy(desk, HOURS + TWO_ACCOUNTS + TWO_AGENTS + POSTS)
        folder = desk.workspace / "templates" / "replies"
        folder.mkdir(parents=True)
        (folder / "shift-greeting.j2").write_text(
            '+++\nclass = "statement"\n+++\nHello from our desk!', "utf-8"
        )
        done(open_(desk))
        run = open_(desk, "--account", "press", now=NOON)
        assert (run.code, desk.lines("press-outbox.jsonl")) == (3, [])
        assert "pick()" in run.error["hint"]

    def test_none_unless_the_policy_says_so(self, cli: Cli) -> None:
        policy(cli, HOURS + TWO_AGENTS)
        run = done(cli("shift", "open", "--as", "sb", "--json", now=MORNING))  # nothing to say yes to
        assert ([one["type"] for one in run.records], posts(cli)) == (["shift"], [])

    @pytest.mark.parametrize(
        ("now", "count"), [(EARLY, 0), ("2026-11-23T07:00:00Z", 1), ("2026-11-23T19:59:59Z", 1), (NIGHT, 0)]
    )
    def test_only_while_we_are_open_or_about_to_be(self, desk: Cli, now: str, count: int) -> None:
        run = done(open_(desk, now=now))
        assert (len(posts(desk)), "we are closed" in run.err) == (count, count == 0)

    def test_not_in_the_middle_of_a_long_break(self, desk: Cli) -> None:
        policy(desk, HOURS + 'mon = "08:00-12:00, 15:00-20:00"\n' + TWO_AGENTS + POSTS)
        done(open_(desk, now="2026-11-23T13:59:00Z"))
        assert posts(desk) == []
        done(open_(desk, now="2026-11-23T14:00:00Z"))
        assert len(posts(desk)) == 1

    def test_too_early_it_follows_with_the_next_call(self, desk: Cli) -> None:
        done(open_(desk, now=EARLY))
        done(open_(desk))
        assert (len(posts(desk)), len(events(desk, "shift-opened"))) == (1, 1)

    def test_around_the_clock_it_names_no_end(self, cli: Cli) -> None:
        policy(cli, TWO_AGENTS + POSTS)
        text = done(open_(cli)).records[1]["text"]
        assert "until" not in text
        done(open_(cli, now="2026-11-24T00:00:30Z"))  # another day, the same shift
        assert (len(posts(cli)), len(events(cli, "shift-opened"))) == (2, 1)

    def test_in_the_brands_language(self, desk: Cli) -> None:
        policy(desk, HOURS + TWO_AGENTS + POSTS + '[brand]\nlanguages = ["de"]\n')
        assert done(open_(desk)).records[1]["text"].endswith(" bis 20:00 Uhr.")

    def test_the_plan_is_the_very_post_and_writes_nothing(self, desk: Cli) -> None:
        plan = done(desk("shift", "open", "--as", "sb", "--dry-run", "--json", now=MORNING))
        assert (journal(desk), posts(desk)) == (b"", [])
        assert (plan.records[0]["state"], plan.records[1]["state"]) == ("open", "composed")
        sent = done(open_(desk)).records[1]
        assert {key: sent[key] for key in ("id", "text", "check")} == {
            key: plan.records[1][key] for key in ("id", "text", "check")
        }

    def test_a_yes_is_needed_before_anything_happens(self, desk: Cli) -> None:
        run = desk("shift", "open", "--as", "sb", "--json", now=MORNING)
        assert (run.code, run.error["code"], journal(desk)) == (2, 2, b"")

    def test_with_the_tip_of_the_week(self, desk: Cli) -> None:
        desk.write("kb.jsonl", TIP)
        assert done(open_(desk)).records[1]["text"].endswith(f"until 20:00. Tip of the week: {TIP['answer']}")

    @pytest.mark.parametrize("answer", ["Pack light. " * 40, "Pack light. " * 1_600, "Pack \x1b[31mlight."])
    def test_a_tip_that_has_no_room_or_cannot_be_said_is_left_out(self, desk: Cli, answer: str) -> None:
        desk.write("kb.jsonl", TIP | {"answer": answer})
        assert done(open_(desk)).records[1]["text"].endswith(" until 20:00.")

    def test_a_day_begins_without_a_knowledge_base_that_cannot_be_read(self, desk: Cli) -> None:
        (desk.workspace / "kb.jsonl").mkdir()
        run = done(open_(desk))
        assert run.records[1]["text"].endswith(" until 20:00.")
        assert "no tip of the week: " in run.err

    def test_a_post_that_the_check_refuses_is_mended_and_posted_once(self, desk: Cli) -> None:
        folder = desk.workspace / "templates" / "replies"
        folder.mkdir(parents=True)
        own = folder / "shift-greeting.j2"
        own.write_text('+++\nclass = "statement"\n+++\nHello! More on https://elsewhere.example.', "utf-8")
        run = open_(desk)
        assert (run.code, states(run), posts(desk)) == (3, ["refused"], [])
        assert shift_of(run)["state"] == "open"
        own.write_text('+++\nclass = "statement"\n+++\nHello from our desk!', "utf-8")
        assert states(done(open_(desk))) == ["sent"]
        done(open_(desk))
        assert posts(desk) == ["Hello from our desk!"]

    def test_a_template_for_one_customer_is_none(self, desk: Cli) -> None:
        policy(desk, HOURS + TWO_AGENTS + POSTS.replace("shift-greeting", "apology"))
        run = open_(desk)
        assert (run.code, journal(desk)) == (2, b"")

    def test_one_that_the_disk_refused_is_posted_by_the_next_call(self, desk: Cli) -> None:
        (desk.workspace / "outbox.jsonl").mkdir()
        run = open_(desk)
        assert (states(run), shift_of(run)["state"]) == (["parked"], "open")
        assert run.code != 0
        (desk.workspace / "outbox.jsonl").rmdir()
        assert states(done(open_(desk))) == ["sent"]
        assert len(posts(desk)) == 1

    @pytest.mark.parametrize(
        "point",
        ["journal:half", "journal:written", "post:intended", "post:accepted"],
    )
    def test_a_run_that_was_killed_is_finished_once(self, desk: Cli, point: str) -> None:
        assert open_(desk, env={"SOCIALCLI_FAIL_POINT": point}).code == KILLED
        run = done(open_(desk, now="2026-11-23T08:06:00Z"))
        assert states(run) == ["sent"]
        done(open_(desk, now=NOON))
        assert (len(posts(desk)), len(events(desk, "shift-opened"))) == (1, 1)

    def test_two_at_the_same_moment_say_it_once(self, desk: Cli) -> None:
        runs = [
            desk.start("shift", "open", "--as", who, "--yes", "--json", now=MORNING)
            for who in ("sb", "sb", "mo")
        ]
        assert {collect(one).code for one in runs} <= {0, 6}
        done(open_(desk))
        assert (len(posts(desk)), {one["by"] for one in events(desk, "shift-opened")}) == (1, {"sb", "mo"})
        assert len(events(desk, "shift-opened")) == 2


class TestApproval:
    """Posts of a shift speak for the brand: ``shift.needs_yes``."""

    @pytest.fixture
    def press(self, cli: Cli) -> Cli:
        policy(cli, HOURS + TWO_AGENTS + POSTS.replace("needs_yes = false", "needs_yes = true"))
        return cli

    def test_it_waits_for_somebody_elses_yes_and_goes_out_once(self, press: Cli) -> None:
        run = done(press("shift", "open", "--as", "sb", "--json", now=MORNING))
        draft = run.records[1]
        assert (draft["state"], draft["reason"], posts(press)) == (
            "awaiting-approval", "statement: it speaks for the brand", [],
        )  # fmt: skip
        done(press("approve", draft["id"], "--as", "mo", now="2026-11-23T08:10:00Z"))
        assert posts(press) == [draft["text"]]
        assert states(done(open_(press, now=NOON))) == ["sent"]
        assert len(posts(press)) == 1

    def test_a_yes_that_comes_the_next_day_posts_nothing(self, press: Cli) -> None:
        draft = done(open_(press)).records[1]
        run = press("approve", draft["id"], "--as", "mo", "--json", now=TUESDAY)
        assert (run.code, posts(press)) == (3, [])
        assert "2026-11-23T20:00:00Z" in run.error["message"]

    def test_the_desk_closes_now_is_no_news_of_the_next_morning(self, press: Cli) -> None:
        done(press("shift", "open", "--as", "sb", now=NOON))
        draft = done(close(press)).records[1]
        run = press("approve", draft["id"], "--as", "mo", "--json", now="2026-11-23T23:00:00Z")
        assert (run.code, posts(press)) == (3, [])
        assert "2026-11-23T23:00:00Z" in run.error["message"]

    def test_what_was_for_a_day_that_is_over_stands_in_nobodys_way(self, press: Cli) -> None:
        greeting = done(open_(press)).records[1]["id"]
        done(open_(press, who="mo", now=EVENING))
        assert shift_of(done(close(press, who="mo", now=TUESDAY)))["state"] == "closed"
        assert f"draft {greeting} is taken back: its time is over" in done(open_(press, now=TUESDAY)).err
        waiting = done(press("outbox", "--json", now=TUESDAY)).records
        assert greeting not in [one["id"] for one in waiting]

    def test_nobody_is_announced_who_has_gone(self, press: Cli) -> None:
        intro = done(open_(press, "--intro")).records[2]
        assert intro["state"] == "awaiting-approval"
        assert f"draft {intro['id']} is taken back: the shift has ended" in done(close(press, now=NOON)).err
        assert press("approve", intro["id"], "--as", "mo", now=NOON).code == 6
        assert posts(press) == []

    def test_a_no_is_told_and_stays_a_no(self, press: Cli) -> None:
        draft = done(open_(press)).records[1]
        done(press("reject", draft["id"], "--reason", "not today", "--as", "mo", now=MORNING))
        run = done(open_(press, now=NOON))
        assert (states(run), posts(press)) == (["rejected"], [])
        assert "was rejected: not today" in run.err

    def test_false_lets_the_agents_own_yes_do(self, desk: Cli) -> None:
        assert states(done(open_(desk))) == ["sent"]

    def test_false_is_asked_again_of_what_was_held_up(self, desk: Cli) -> None:
        (desk.workspace / "outbox.jsonl").mkdir()
        open_(desk)
        (desk.workspace / "outbox.jsonl").rmdir()
        assert done(desk("outbox", "--settle", "--as", "sb", "--json", now=NOON)).record["state"] == "sent"

    def test_other_reasons_for_a_yes_hold_all_the_same(self, desk: Cli) -> None:
        policy(desk, HOURS + TWO_AGENTS + POSTS + '[approval]\nauthors = ["sb"]\n')
        assert states(done(open_(desk))) == ["awaiting-approval"]

    def test_who_may_not_speak_for_the_brand_opens_without_a_word(self, desk: Cli) -> None:
        policy(desk, HOURS + TWO_AGENTS + POSTS + '[rights]\nspeak = ["lead"]\n')
        run = done(open_(desk))
        assert (shift_of(run)["state"], posts(desk)) == ("open", [])
        assert "sb may not speak for the brand" in run.err
        assert open_(desk, "--intro").code == 3
        assert states(done(open_(desk, who="mo"))) == ["sent"]


class TestIntro:
    def test_once_a_shift_and_agent(self, desk: Cli) -> None:
        policy(desk, HOURS + TWO_AGENTS + "[shift]\nneeds_yes = false\n" + ROSTER)
        done(open_(desk, "--intro"))
        done(open_(desk, "--intro", now=NOON))
        done(open_(desk, "--intro", who="mo", now="2026-11-23T14:00:00Z"))
        sam, mina = posts(desk)
        assert "Sam (^SB)" in sam
        assert sam.endswith(" until 14:00.")
        assert "Mina (^MO)" in mina
        assert mina.endswith(" until 20:00.")

    @pytest.mark.parametrize(("roster", "end"), [("", "20:00"), (ROSTER, "14:00")])
    def test_just_before_it_begins(self, desk: Cli, roster: str, end: str) -> None:
        policy(desk, HOURS + TWO_AGENTS + "[shift]\nneeds_yes = false\n" + roster)
        shift, intro = done(open_(desk, "--intro", now="2026-11-23T07:45:00Z")).records
        assert (shift["until"], intro["text"][-6:]) == (f"2026-11-23T{end}:00Z", f"{end}.")

    def test_not_unless_asked_for(self, desk: Cli) -> None:
        policy(desk, HOURS + TWO_AGENTS)
        done(open_(desk))
        assert posts(desk) == []


class TestRefusing:
    """``shift close`` while something is left."""

    def test_what_is_overdue_or_due_before_anybody_is_there_again(self, desk: Cli) -> None:
        tickets = written(
            desk,
            said(
                "m1", "@NorthlineAir my bag never arrived. Where is it?", "cust1"
            ),  # high: an hour of open time
            said("m2", GUITAR, "cust2", at="2026-11-23T11:50:00Z"),  # normal: eight of them, 19:50
            said("m3", GUITAR, "cust3", at="2026-11-23T13:30:00Z"),  # over the night, tomorrow at 09:30
            now="2026-11-23T13:31:00Z",
        )
        done(open_(desk))
        before = journal(desk)
        run = close(desk)
        assert run.code == 3
        assert run.records == [
            {
                "type": "left", "why": "overdue", "ticket": tickets["m1"], "draft": None,
                "at": "2026-11-23T09:00:00Z", "what": "@cust1, high",
            },
            {
                "type": "left", "why": "due", "ticket": tickets["m2"], "draft": None,
                "at": "2026-11-23T19:50:00Z", "what": "@cust2, normal",
            },
        ]  # fmt: skip
        assert run.error["message"] == "the shift cannot end: 2 things left to do"
        assert "--hand-over --to mo" in run.error["hint"]
        assert (journal(desk), len(posts(desk))) == (before, 1)
        lines = desk("shift", "close", "--as", "sb", now=EVENING).out.splitlines()
        assert lines[0] == f"overdue\t{tickets['m1']}\t2026-11-23T09:00:00Z\t@cust1, high"

    def test_a_promise(self, desk: Cli) -> None:
        tickets = written(desk, said("m1", "@NorthlineAir my bag never arrived. Where is it?", "cust1"))
        done(open_(desk))
        done(desk("reply", tickets["m1"], "--text", BY_FOUR, "--as", "sb", "--yes", now=MORNING))
        (left,) = close(desk, now=NOON).records
        assert (left["why"], left["ticket"], left["at"]) == ("promise", tickets["m1"], "2026-11-23T16:00:00Z")

    def test_a_claim(self, desk: Cli) -> None:
        tickets = written(
            desk, said("m1", GUITAR, "cust1", at="2026-11-23T19:00:00Z"), now="2026-11-23T19:30:00Z"
        )
        done(open_(desk))
        done(desk("claim", tickets["m1"], "--as", "sb", now="2026-11-23T19:40:00Z"))
        (left,) = close(desk).records
        assert (left["why"], left["ticket"]) == ("claim", tickets["m1"])
        run = done(close(desk, "--hand-over"))
        assert [one["why"] for one in run.records if one["type"] == "left"] == ["claim"]
        assert done(desk("show", tickets["m1"], "--json", now=EVENING)).records[0]["assignee"] is None

    def test_a_claim_of_what_is_settled_keeps_nobody(self, desk: Cli) -> None:
        tickets = written(
            desk, said("m1", GUITAR, "cust1", at="2026-11-23T19:00:00Z"), now="2026-11-23T19:30:00Z"
        )
        done(open_(desk))
        claimed = "2026-11-23T19:40:00Z"
        done(desk("claim", tickets["m1"], "--as", "sb", now=claimed))
        text = "@cust1 Yes, a guitar of up to 120 cm comes into the cabin with you. ^SB"
        done(desk("reply", tickets["m1"], "--text", text, "--as", "sb", "--yes", now=claimed))
        assert close(desk).records[0]["why"] == "claim"
        done(desk("resolve", tickets["m1"], "--outcome", "answered", "--as", "sb", now=claimed))
        done(close(desk))

    def test_a_draft_that_waits_for_this_agent(self, desk: Cli) -> None:
        money = "@cust1 So sorry. We will refund you 200 GBP as compensation today. ^SB"
        tickets = written(desk, said("m1", GUITAR, "cust1"))
        done(open_(desk, who="mo"))
        reply = desk("reply", tickets["m1"], "--text", money, "--as", "sb", "--yes", "--json", now=MORNING)
        assert done(reply).record["state"] == "awaiting-approval"
        (left,) = close(desk, who="mo", now=NOON).records
        assert (left["why"], left["ticket"], left["draft"]) == ("draft", tickets["m1"], reply.record["id"])
        assert left["what"].startswith("waits for your yes: money")

    def test_only_what_is_ones_own_where_somebody_else_is_at_work(self, desk: Cli) -> None:
        tickets = written(desk, said("m1", GUITAR, "cust1"), said("m2", GUITAR, "cust2"))
        done(open_(desk))
        done(open_(desk, who="mo"))
        late = "2026-11-23T17:00:00Z"
        done(desk("claim", tickets["m2"], "--as", "sb", now=late))
        (left,) = close(desk, now=late).records
        assert (left["why"], left["ticket"]) == ("overdue", tickets["m2"])
        done(desk("release", tickets["m2"], "--as", "sb", now=late))
        done(close(desk, now=late))
        assert [one["ticket"] for one in close(desk, who="mo", now=late).records] == list(tickets.values())

    def test_the_roster_says_who_is_there(self, desk: Cli) -> None:
        policy(desk, HOURS + TWO_AGENTS + POSTS + ROSTER)
        written(desk, said("m1", "@NorthlineAir my bag never arrived. Where is it?", "cust1"))
        done(open_(desk))
        assert close(desk, now="2026-11-23T13:59:00Z").code == 3
        done(close(desk, now="2026-11-23T14:00:00Z"))  # mo is on duty from here on

    def test_the_next_duty_is_what_things_are_due_before(self, desk: Cli) -> None:
        rows = ROSTER.replace('"14:00-20:00"', '"17:00-20:00"')
        policy(desk, HOURS + TWO_AGENTS + POSTS + rows)
        tickets = written(desk, said("m1", GUITAR, "cust1"))  # due at 16:00
        done(open_(desk))
        (left,) = close(desk, now="2026-11-23T13:55:00Z").records
        assert (left["why"], left["ticket"]) == ("due", tickets["m1"])

    def test_around_the_clock_without_a_roster_an_hour_counts(self, cli: Cli) -> None:
        policy(cli, TWO_AGENTS)
        written(cli, said("m1", GUITAR, "cust1"))  # due at 16:00
        done(open_(cli))
        assert close(cli, now="2026-11-23T15:00:00Z").code == 3
        done(close(cli, now="2026-11-23T14:59:00Z"))

    def test_no_shift_is_open(self, desk: Cli) -> None:
        run = close(desk)
        assert (run.code, run.error["hint"]) == (3, "socialcli shift open")


class TestClosing:
    def test_the_last_post_says_when_we_are_back(self, desk: Cli) -> None:
        done(open_(desk))
        run = done(close(desk))
        shift, draft = run.records
        assert (shift["state"], shift["closed_at"], shift["working"]) == ("closed", EVENING, [])
        assert posts(desk)[1:] == [draft["text"]]
        assert draft["text"].endswith(" 08:00 on 24 November.")

    def test_before_a_closed_day_too(self, desk: Cli) -> None:
        policy(desk, HOURS + 'closed = ["2026-11-24"]\n' + TWO_AGENTS + POSTS)
        done(open_(desk))
        assert done(close(desk)).records[1]["text"].endswith(" 08:00 on 25 November.")

    @pytest.mark.parametrize(
        ("now", "count"),
        [("2026-11-23T18:59:00Z", 1), ("2026-11-23T19:00:00Z", 2), (NIGHT, 2), ("2026-11-23T23:00:00Z", 1)],
    )
    def test_only_around_closing_time(self, desk: Cli, now: str, count: int) -> None:
        done(open_(desk, now=NOON))
        run = done(close(desk, now=now))
        assert (len(posts(desk)), "no last post now" in run.err) == (count, count == 1)

    def test_by_whoever_goes_last(self, desk: Cli) -> None:
        done(open_(desk))
        done(open_(desk, who="mo"))
        run = done(close(desk))
        assert "left to whoever goes last: mo" in run.err
        assert len(posts(desk)) == 1
        done(close(desk, who="mo"))
        assert len(posts(desk)) == 2

    def test_never_around_the_clock(self, cli: Cli) -> None:
        policy(cli, TWO_AGENTS + POSTS)
        done(open_(cli))
        done(close(cli))
        assert len(posts(cli)) == 1

    def test_twice_is_once(self, desk: Cli) -> None:
        done(open_(desk))
        first = done(close(desk, "--note", "courier rings at 9"))
        again = done(close(desk, "--note", "something else", now=NIGHT))
        assert "closed already: nothing is done twice" in again.err
        assert (len(posts(desk)), len(events(desk, "shift-closed"))) == (2, 1)
        assert shift_of(again)["handover"] == shift_of(first)["handover"]

    @pytest.mark.parametrize(
        "point",
        ["journal:half", "journal:written", "post:intended", "post:accepted"],
    )
    def test_a_run_that_was_killed_is_finished_once(self, desk: Cli, point: str) -> None:
        done(open_(desk))
        assert close(desk, "--note", "all calm", env={"SOCIALCLI_FAIL_POINT": point}).code == KILLED
        run = done(close(desk, "--note", "all calm", now="2026-11-23T19:46:00Z"))
        assert shift_of(run)["handover"]["note"] == "all calm"
        assert (len(posts(desk)), len(events(desk, "shift-closed"))) == (2, 1)

    def test_the_plan_writes_nothing(self, desk: Cli) -> None:
        done(open_(desk))
        before = journal(desk)
        plan = done(desk("shift", "close", "--as", "sb", "--dry-run", "--json", now=EVENING))
        assert (journal(desk), states(plan), len(posts(desk))) == (before, ["composed"], 1)

    def test_a_shift_that_was_forgotten_ends_by_itself(self, desk: Cli) -> None:
        done(open_(desk))
        assert close(desk, now=TUESDAY).code == 3
        run = done(open_(desk, now=TUESDAY))
        assert "was never closed" in run.err
        assert (len(events(desk, "shift-opened")), len(posts(desk))) == (2, 2)


class TestHandingOver:
    def test_all_that_is_left_goes_to_the_next_with_the_note(self, desk: Cli) -> None:
        tickets = written(
            desk,
            said("m1", "@NorthlineAir my bag never arrived. Where is it?", "cust1"),
            said("m2", GUITAR, "cust2", at="2026-11-23T19:00:00Z"),
            now="2026-11-23T19:30:00Z",
        )
        done(open_(desk))
        done(desk("claim", tickets["m2"], "--as", "sb", now="2026-11-23T19:40:00Z"))
        run = done(close(desk, "--to", "mo", "--hand-over", "--note", "Oslo bags: the courier rings at 9"))
        assert [(one["why"], one["ticket"]) for one in run.records if one["type"] == "left"] == [
            ("overdue", tickets["m1"]),
            ("claim", tickets["m2"]),
        ]
        mine = done(desk("list", "--assignee", "mo", "--json", now=EVENING)).records
        assert {one["id"] for one in mine} == set(tickets.values())
        found = shift_of(open_(desk, who="mo", now=TUESDAY))["handover"]
        assert found == {"by": "sb", "to": "mo", "note": "Oslo bags: the courier rings at 9", "at": EVENING}
        page = done(desk("shift", "--as", "mo", now=TUESDAY)).out
        assert "sb left to mo at 2026-11-23T19:45:00Z: Oslo bags: the courier rings at 9" in page

    def test_without_a_name_claims_go_back_but_what_is_due_is_left_to_nobody(self, desk: Cli) -> None:
        tickets = written(desk, said("m1", "@NorthlineAir my bag never arrived. Where is it?", "cust1"))
        done(open_(desk))
        done(desk("claim", tickets["m1"], "--as", "sb", now=EVENING))
        run = close(desk, "--hand-over")
        assert (run.code, [one["why"] for one in run.records]) == (3, ["overdue"])
        done(open_(desk, who="mo", now=EVENING))
        done(close(desk, "--hand-over"))
        assert done(desk("show", tickets["m1"], "--json", now=EVENING)).records[0]["assignee"] is None

    def test_the_note_from_standard_input_is_harmless_on_a_page(self, desk: Cli) -> None:
        done(open_(desk))
        note = "ring \x1b[31m@cust1\x1b[0m back\u202e\n"
        done(desk("shift", "close", "--as", "sb", "--yes", "--note", "-", input=note, now=EVENING))
        page = done(desk("shift", "--as", "mo", now=EVENING)).out
        assert "@cust1" in page
        assert not {"\x1b", "\u202e"} & set(page)

    def test_who_is_erased_is_no_longer_named_in_it(self, desk: Cli) -> None:
        written(desk, said("m1", GUITAR, "cust1", at="2026-11-23T19:00:00Z"), now="2026-11-23T19:30:00Z")
        done(open_(desk))
        done(close(desk, "--note", "cust1 plays the guitar, ring back"))
        done(desk("forget", "@cust1", "--as", "sb", "--yes", now=TUESDAY))
        assert b"guitar" not in journal(desk)
        assert b"cust1" not in journal(desk)
        shift = done(desk("shift", "--as", "sb", "--json", now=NIGHT)).record
        assert (shift["state"], shift["handover"]) == ("closed", None)

    def test_united_journals_may_tell_the_end_first(self, desk: Cli) -> None:
        done(open_(desk))
        done(close(desk, "--note", "all calm"))
        lines = journal(desk).splitlines(keepends=True)
        (desk.workspace / "queue.jsonl").write_bytes(b"".join(lines[::-1] + lines))
        shift = done(desk("shift", "--as", "sb", "--json", now=NIGHT)).record
        assert (shift["state"], shift["handover"]["note"]) == ("closed", "all calm")

    @pytest.mark.parametrize(
        ("args", "code"), [(("--to", "sb"), 2), (("--to", "zz"), 5), (("--account", "x"), 5)]
    )
    def test_who_or_what_is_none(self, desk: Cli, args: tuple[str, ...], code: int) -> None:
        done(open_(desk))
        assert close(desk, *args).code == code
        assert events(desk, "shift-closed") == []


class TestTip:
    def tips(self, cli: Cli, count: int, first: int = 2) -> list[str | None]:
        """Of so many weeks running."""
        found = []
        for week in range(count):
            run = done(cli("shift", "tip", "--json", now=f"2026-11-{first + 7 * week:02}T12:00:00Z"))
            found.append(run.record["entry"]["answer"] if run.out else None)
        return found

    def test_they_take_turns_by_the_week(self, cli: Cli) -> None:
        cli.write(
            "kb.jsonl",
            *(TIP | {"answer": f"Tip {number}."} for number in range(3)),
            TIP | {"topic": "baggage"},
        )
        found = self.tips(cli, 4)
        assert set(found) == {"Tip 0.", "Tip 1.", "Tip 2."}
        assert found[0] == found[3]
        assert all(one != other for one, other in pairwise(found))
        run = done(cli("shift", "tip", "--json", now="2026-11-22T23:59:59Z"))  # Sunday
        assert (run.record["type"], run.record["week"], run.record["of"]) == ("tip", "2026-W47", 3)
        monday = done(cli("shift", "tip", "--json", now="2026-11-23T00:00:00Z")).record
        assert (monday["week"], monday["entry"] != run.record["entry"]) == ("2026-W48", True)

    def test_one_is_always_the_same_and_none_is_told(self, cli: Cli) -> None:
        run = done(cli("shift", "tip", now=MORNING))
        assert (run.out, "there is no tip" in run.err) == ("", True)
        cli.write("kb.jsonl", TIP | {"link": "https://northline.example/bags"})
        assert set(self.tips(cli, 2)) == {TIP["answer"]}
        lines = done(cli("shift", "tip", now=MORNING)).out.splitlines()
        assert lines == [f"2026-W48: {TIP['answer']}", "  https://northline.example/bags"]

    def test_in_the_language_asked_for_and_by_the_policys_topic(self, cli: Cli) -> None:
        cli.write(
            "kb.jsonl",
            TIP | {"language": "es", "answer": "Lleve poco."},
            TIP | {"topic": "Hint", "answer": "Hi."},
        )
        policy(cli, '[shift]\ntips = "hint"\n')
        assert done(cli("shift", "tip", "--json", now=MORNING)).record["entry"]["answer"] == "Hi."
        policy(cli, "")
        assert done(cli("shift", "tip", "--json", now=MORNING)).records == []
        spanish = done(cli("shift", "tip", "--language", "es", "--json", now=MORNING)).record
        assert spanish["entry"]["answer"] == "Lleve poco."
        policy(cli, '[shift]\ntips = ""\n')
        assert done(cli("shift", "tip", "--language", "es", "--json", now=MORNING)).records == []

    def test_kb_add_knows_the_topic(self, cli: Cli) -> None:
        run = done(cli("kb", "add", "--question", "Save?", "--answer", "Add it online.", "--topic", "tip"))
        assert "no topic" not in run.err
