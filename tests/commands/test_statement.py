"""``statement``: one problem told to everybody, each account in its own words, once, with the next word promised."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Cli, Run
from tests.e2e.staging import TWO_ACCOUNTS, TWO_AGENTS, done, journal, message, policy
from tests.e2e.test_terminal import CTRL_C, ENTER, terminal

NOW = "2026-11-20T10:06:00Z"
LATER = "2026-11-20T10:20:00Z"
AFTER = "2026-11-20T10:50:00Z"

ACCOUNTS = f"""
{TWO_ACCOUNTS}
[[accounts]]
name = "nord"
network = "file"
handle = "NorthlineNord"
role = "brand"
inbox = "nord-inbox.jsonl"
outbox = "nord-outbox.jsonl"
"""
FREE = '[approval]\nwhen = ["money"]\n'
WHAT = ("--set", "what=online check-in")
ALL = ("--account", "support", "--account", "press", "--account", "nord")
OWN = "Online check-in is down. We are sorry, and we are looking for the cause. More here by 10:40."
OTHER = "Sorry to all who try to check in on the web: it fails. Engineers are on it. News follows by 10:40."


@pytest.fixture
def desk(cli: Cli) -> Cli:
    """Three accounts, two agents; nobody has to be asked."""
    policy(cli, ACCOUNTS + TWO_AGENTS + FREE)
    return cli


@pytest.fixture
def press(cli: Cli) -> Cli:
    """The same, and what speaks for the brand needs a second pair of eyes."""
    policy(cli, ACCOUNTS + TWO_AGENTS)
    return cli


def say(cli: Cli, *args: str, now: str = NOW, who: str = "sb") -> Run:
    return cli("statement", *args, "--as", who, "--yes", "--json", now=now)


def posts(cli: Cli) -> dict[str, list[str]]:
    """What stands in each account's outbox."""
    names = {"support": "outbox.jsonl", "press": "press-outbox.jsonl", "nord": "nord-outbox.jsonl"}
    return {account: [one["text"] for one in cli.lines(name)] for account, name in names.items()}


def count(cli: Cli) -> int:
    return sum(len(texts) for texts in posts(cli).values())


def listed(cli: Cli, now: str = LATER) -> list[Any]:
    return done(cli("statement", "--list", "--json", now=now)).records


class TestSaying:
    def test_it_is_a_post_of_its_own(self, desk: Cli) -> None:
        record = done(say(desk, "--account", "support", *WHAT)).record
        (post,) = desk.lines("outbox.jsonl")
        assert (post["in_reply_to"], post["visibility"], post["text"]) == (None, "public", record["text"])
        assert set(record) == {
            "type", "id", "ticket", "target", "text", "account", "agent", "road", "state", "check", "cost",
            "remote_id", "url", "reason", "post_at", "corrects", "holds", "waiting_since", "fallback_at",
            "by_program", "translated", "acknowledges", "points",
        }  # fmt: skip
        assert (record["type"], record["ticket"], record["target"]) == ("draft", None, None)
        assert (record["state"], record["account"], record["agent"]) == ("sent", "support", "sb")
        assert (record["road"], record["cost"], record["check"]["findings"]) == ("api", "0", [])
        assert record["remote_id"] == post["id"]

    def test_it_speaks_through_the_accounts_of_the_brand(self, desk: Cli) -> None:
        records = done(say(desk, *WHAT)).records
        assert [one["account"] for one in records] == ["press", "nord"]
        assert [len(texts) for texts in posts(desk).values()] == [0, 1, 1]

    def test_without_one_the_first_of_service(self, cli: Cli) -> None:
        policy(cli, TWO_AGENTS + FREE)
        assert done(say(cli, *WHAT)).record["account"] == "support"

    def test_the_hour_of_the_next_update_is_filled_in_where_the_brand_is(self, desk: Cli) -> None:
        text = done(say(desk, "--account", "support", *WHAT, "--next-update", "90m")).record["text"]
        assert text.endswith("by 11:36.")
        policy(desk, ACCOUNTS + TWO_AGENTS + FREE + '[brand]\ntime_zone = "Europe/Berlin"\n')
        assert done(say(desk, "--account", "press", *WHAT)).record["text"].endswith("by 11:36.")

    def test_a_promise_is_never_rounded_to_too_early(self, desk: Cli) -> None:
        text = done(say(desk, "--account", "support", *WHAT, now="2026-11-20T10:06:01Z")).record["text"]
        assert text.endswith("by 10:37.")
        assert listed(desk)[0]["next_update_at"] == "2026-11-20T10:37:00Z"

    def test_a_promise_for_another_day_names_it(self, desk: Cli) -> None:
        text = done(say(desk, "--account", "support", *WHAT, "--next-update", "1d")).record["text"]
        assert text.endswith("by 10:06 on 21 November.")

    def test_what_is_solved_promises_nothing(self, desk: Cli) -> None:
        done(say(desk, "--account", "support", *WHAT))
        record = done(say(desk, "--account", "support", *WHAT, "--state", "resolved", now=LATER)).record
        assert " by 1" not in record["text"]
        assert listed(desk)[0]["next_update_at"] is None
        run = say(desk, *WHAT, "--state", "resolved", "--next-update", "30m")
        assert (run.code, count(desk)) == (2, 2)

    def test_a_signature_is_not_asked_for_but_everything_else_is(self, desk: Cli) -> None:
        bad = "Sorry @cust1, check-in is down. More on https://elsewhere.example by 10:40."
        run = say(desk, "--account", "support", "--text", bad)
        assert (run.code, run.record["state"], count(desk)) == (3, "refused", 0)
        assert [one["rule"] for one in run.record["check"]["findings"]] == ["mention/extra", "links/host"]
        assert done(say(desk, "--account", "support", "--text", f"{OWN} @NorthlineNews has more.")).code == 0

    def test_one_that_may_not_go_out_holds_the_others_back(self, desk: Cli) -> None:
        two = ("--account", "support", "--account", "press")
        run = say(desk, *two, "--text", OWN, "--text", f"{OTHER} {'x' * 280}")
        assert run.code == 3
        assert [one["state"] for one in run.records] == ["composed", "refused"]
        assert count(desk) == 0

    def test_what_is_too_dear_is_not_posted(self, desk: Cli) -> None:
        policy(
            desk, '[[accounts]]\nname = "main"\nnetwork = "x"\nhandle = "NorthlineAir"\n' + TWO_AGENTS + FREE
        )
        parts = ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")
        tokens = {f"SOCIALCLI_MAIN_{part}": "invented" for part in parts}
        plan = ("statement", *WHAT, "--as", "sb", "--dry-run", "--json")
        run = desk(*plan, "--max-cost", "0.01", now=NOW, env=tokens)
        assert (run.code, run.record["state"], run.record["cost"]) == (3, "refused", "0.015")
        assert done(desk(*plan, "--max-cost", "0.015", now=NOW, env=tokens)).record["state"] == "composed"

    def test_the_plan_is_the_very_drafts(self, desk: Cli) -> None:
        plan = desk("statement", *ALL, *WHAT, "--as", "sb", "--dry-run", "--json", now=NOW)
        assert (journal(desk), count(desk)) == (b"", 0)
        sent = done(say(desk, *ALL, *WHAT)).records
        kept = ("id", "text", "account", "check", "cost")
        assert [[one[key] for key in kept] for one in done(plan).records] == [
            [one[key] for key in kept] for one in sent
        ]

    def test_a_yes_is_needed_before_anything_is_posted(self, desk: Cli) -> None:
        run = desk("statement", *ALL, *WHAT, "--as", "sb", "--json", now=NOW)
        assert (run.code, run.error["code"], count(desk)) == (2, 2, 0)


class TestOnce:
    def test_the_same_call_posts_nothing_twice(self, desk: Cli) -> None:
        first = done(say(desk, *ALL, *WHAT)).records
        again = done(say(desk, *ALL, *WHAT, now=LATER, who="mo")).records
        assert again == first
        assert count(desk) == 3

    def test_own_words_are_not_said_twice_either(self, desk: Cli) -> None:
        call = ("--account", "support", "--text", OWN)
        first = done(say(desk, *call)).record
        assert done(say(desk, *call, now=LATER)).record == first
        run = say(desk, *call, "--state", "identified", now=LATER)
        assert (run.code, count(desk)) == (3, 1)
        assert "--again" in run.error["hint"]

    def test_again_says_it_once_more(self, desk: Cli) -> None:
        call = ("--account", "support", *WHAT)
        first = done(say(desk, *call)).record
        second = done(say(desk, *call, "--again", now=LATER)).record
        assert (second["state"], count(desk)) == ("sent", 2)
        assert second["id"] != first["id"]
        assert done(say(desk, *call, now=LATER)).record == first

    def test_a_run_that_was_killed_is_finished(self, desk: Cli) -> None:
        killed = desk(
            "statement", *ALL, *WHAT, "--as", "sb", "--yes", now=NOW,
            env={"SOCIALCLI_FAIL_POINT": "post:accepted"},
        )  # fmt: skip
        assert (killed.code, count(desk)) == (-9, 1)
        records = done(say(desk, *ALL, *WHAT, now=LATER)).records
        assert [one["state"] for one in records] == ["sent"] * 3
        assert [len(texts) for texts in posts(desk).values()] == [1, 1, 1]

    def test_one_account_that_fails_does_not_silence_the_others(self, desk: Cli) -> None:
        (desk.workspace / "press-outbox.jsonl").mkdir()
        run = say(desk, *ALL, *WHAT)
        assert run.code == 8
        assert [one["state"] for one in run.records] == ["sent", "parked", "sent"]
        assert "press" in run.error["message"]
        (desk.workspace / "press-outbox.jsonl").rmdir()
        again = done(say(desk, *ALL, *WHAT, now="2026-11-20T10:07:00Z")).records
        assert [one["text"] for one in again] == [one["text"] for one in run.records]
        assert [len(texts) for texts in posts(desk).values()] == [1, 1, 1]

    def test_what_was_held_up_is_not_posted_with_a_promise_that_is_past(self, desk: Cli) -> None:
        (desk.workspace / "outbox.jsonl").mkdir()
        assert say(desk, "--account", "support", *WHAT).record["state"] == "parked"
        (desk.workspace / "outbox.jsonl").rmdir()
        assert say(desk, "--account", "support", *WHAT, now=AFTER).code == 3
        run = desk("outbox", "--settle", "--as", "sb", "--json", now=AFTER)
        assert (run.code, run.record["state"], count(desk)) == (3, "parked", 0)
        assert "10:36" in run.error["message"]


class TestStages:
    def test_an_update_keeps_the_stage_and_the_end_begins_anew(self, desk: Cli) -> None:
        call = ("--account", "support", *WHAT)
        done(say(desk, *call, "--state", "identified"))
        done(say(desk, *call, "--next-update", "45m", now=LATER))
        assert [one["stage"] for one in listed(desk)] == ["identified", "identified"]
        ended = done(say(desk, *call, "--state", "resolved", now=AFTER)).record
        assert done(say(desk, *call, "--state", "resolved", now=AFTER)).record == ended
        done(say(desk, *call, "--state", "identified", now="2026-11-20T12:00:00Z"))
        assert [one["stage"] for one in listed(desk)] == [
            "identified",
            "resolved",
            "identified",
            "identified",
        ]
        assert count(desk) == 4

    @pytest.mark.parametrize("stage", ["monitoring", "resolved"])
    def test_nothing_ends_that_did_not_begin(self, desk: Cli, stage: str) -> None:
        run = say(desk, *WHAT, "--state", stage)
        assert (run.code, count(desk)) == (3, 0)
        assert stage in run.error["message"]
        assert "press or nord" in run.error["message"]

    def test_what_was_solved_is_not_solved_once_more_in_other_words(self, desk: Cli) -> None:
        done(say(desk, *WHAT))
        done(say(desk, *WHAT, "--state", "resolved", now=LATER))
        assert say(desk, "--set", "what=the app", "--state", "resolved", now=AFTER).code == 3

    def test_the_template_is_that_of_the_stage(self, desk: Cli) -> None:
        call = ("--account", "support", *WHAT)
        done(say(desk, *call))
        for stage in ("identified", "monitoring", "resolved"):
            by_name = say(desk, *call, "--state", stage, "-t", f"statement-{stage}", "--dry-run", now=LATER)
            by_stage = say(desk, *call, "--state", stage, "--dry-run", now=LATER)
            assert done(by_name).record == done(by_stage).record
            assert by_name.record["text"] != posts(desk)["support"][0]


class TestOwnWords:
    @pytest.mark.parametrize("stage", ["investigating", "identified", "monitoring", "resolved"])
    def test_three_accounts_find_three_wordings(self, desk: Cli, stage: str) -> None:
        done(say(desk, *ALL, *WHAT))
        if stage != "investigating":
            done(say(desk, *ALL, *WHAT, "--state", stage, now=LATER))
        texts = [said[-1] for said in posts(desk).values()]
        assert len(set(texts)) == 3
        bare = {text.split(" by 1")[0].rpartition(". ")[0] or text for text in texts}
        assert len(bare) == 3

    def test_one_text_for_two_accounts_is_refused(self, desk: Cli) -> None:
        run = say(desk, "--text", OWN)
        assert (run.code, count(desk)) == (3, 0)
        assert "press, nord" in run.error["message"]

    def test_texts_go_to_the_accounts_in_their_order(self, desk: Cli) -> None:
        two = ("--account", "nord", "--account", "support")
        done(say(desk, *two, "--text", OWN, "--text", OTHER))
        assert posts(desk) == {"support": [OTHER], "press": [], "nord": [OWN]}

    def test_nearly_the_same_is_the_same(self, desk: Cli) -> None:
        two = ("--account", "nord", "--account", "support")
        near = (
            OWN.replace("We are", "We're").replace(". More", ".   More") + " https://northline.example/help"
        )
        run = say(desk, *two, "--text", OWN, "--text", near)
        assert (run.code, count(desk)) == (3, 0)
        assert "support" in run.error["message"]
        assert "nord" in run.error["message"]

    def test_what_another_account_said_today_counts_and_yesterday_does_not(self, desk: Cli) -> None:
        done(say(desk, "--account", "nord", "--text", OWN))
        assert say(desk, "--account", "support", "--text", OWN, now="2026-11-21T10:05:00Z").code == 3
        assert count(desk) == 1
        done(say(desk, "--account", "support", "--text", OWN, now="2026-11-21T10:07:00Z"))

    def test_a_template_with_one_wording_cannot_speak_for_two(self, desk: Cli) -> None:
        folder = desk.workspace / "templates" / "replies"
        folder.mkdir(parents=True)
        (folder / "flat.j2").write_text('+++\nclass = "statement"\n+++\nNo check-in today. Sorry!', "utf-8")
        run = say(desk, "-t", "flat")
        assert (run.code, count(desk)) == (3, 0)
        assert "pick()" in run.error["hint"]
        done(say(desk, "--account", "support", "-t", "flat"))


class TestUsage:
    @pytest.mark.parametrize(
        "args",
        [
            ("--text", OWN, *WHAT),
            ("--text", OWN, "-t", "statement-identified"),
            ("--account", "press", "--text", OWN, "--text", OTHER),
            ("--account", "press", "--account", "press", *WHAT),
            (*ALL, "--text", OWN, "--text", OTHER),
            (*ALL, "--text", "-", "--text", "-", "--text", OWN),
            (),
            ("--set", "what"),
            ("--set", "where=here", *WHAT),
            ("--set", "next_update=16:00", *WHAT),
            (*WHAT, "-t", "apology"),
            (*WHAT, "--next-update", "soon"),
            (*WHAT, "--next-update", "30s"),
            (*WHAT, "--next-update", "8d"),
            (*WHAT, "--max-cost", "much"),
            (*WHAT, "--state", "over"),
            ("--list", *WHAT),
            ("--list", "--point", "abc"),
            ("--point", "abc", *WHAT),
            ("--point", "abc", "--text", OWN),
        ],
    )
    def test_what_does_not_fit_together(self, desk: Cli, args: tuple[str, ...]) -> None:
        run = say(desk, *args)
        assert (run.code, run.error["code"], run.out) == (2, 2, "")
        assert (journal(desk), count(desk)) == (b"", 0)

    def test_what_is_missing_is_named(self, desk: Cli) -> None:
        error = say(desk).error
        assert "what (" in error["message"]
        assert error["hint"] == "add --set what=..."

    @pytest.mark.parametrize(
        "args", [("--account", "nobody", *WHAT), (*WHAT, "-t", "nothing"), (*WHAT, "--incident", "i1")]
    )
    def test_what_is_not_there(self, desk: Cli, args: tuple[str, ...]) -> None:
        run = say(desk, *args)
        assert (run.code, count(desk)) == (5, 0)

    def test_an_account_that_is_only_read(self, desk: Cli) -> None:
        feed = '[[accounts]]\nname = "news"\nnetwork = "feed"\nhandle = "news"\nfeeds = ["http://127.0.0.1:9/f"]\n'
        policy(desk, ACCOUNTS + feed + TWO_AGENTS + FREE)
        run = say(desk, "--account", "news", *WHAT)
        assert (run.code, count(desk)) == (2, 0)
        assert "news" in run.error["message"]

    def test_what_only_reads_is_left_out(self, desk: Cli) -> None:
        feed = (
            '[[accounts]]\nname = "{0}"\nnetwork = "feed"\nhandle = "{0}"\nfeeds = ["http://127.0.0.1:9/f"]\n'
        )
        policy(desk, feed.format("news") + 'role = "brand"\n' + ACCOUNTS + TWO_AGENTS + FREE)
        assert [one["account"] for one in done(say(desk, *WHAT)).records] == ["press", "nord"]
        support = ACCOUNTS.split("[[accounts]]")[1]
        policy(desk, feed.format("news") + "[[accounts]]" + support + TWO_AGENTS + FREE)
        assert done(say(desk, *WHAT)).record["account"] == "support"

    def test_an_account_without_tokens_to_post(self, desk: Cli) -> None:
        policy(
            desk, '[[accounts]]\nname = "main"\nnetwork = "x"\nhandle = "NorthlineAir"\n' + TWO_AGENTS + FREE
        )
        run = desk(
            "statement", *WHAT, "--as", "sb", "--yes", "--json", now=NOW,
            env={"SOCIALCLI_MAIN_BEARER_TOKEN": "only-for-reading"},
        )  # fmt: skip
        assert (run.code, run.error["code"]) == (4, 4)

    def test_the_text_may_come_from_standard_input(self, desk: Cli) -> None:
        args = ("--account", "support", "--text", "-", "--as", "sb", "--yes")
        done(desk("statement", *args, input=f"{OWN}\n", now=NOW))
        assert posts(desk)["support"] == [OWN]


class TestAtATerminal:
    def test_what_is_missing_is_asked_for_and_each_post_confirmed(self, desk: Cli) -> None:
        with terminal(desk, "statement", "--as", "sb") as shown:
            shown.until('what (what is affected, such as "online check-in")')
            shown.type(f"online check-in{ENTER}")
            for account in ("press", "nord"):
                shown.until(f"through {account}")
                shown.until("Post it? (y/N)")
                assert count(desk) == 0
                shown.type("y")
            assert shown.end() == 0
        assert [len(texts) for texts in posts(desk).values()] == [0, 1, 1]
        assert all("online check-in" in text for texts in posts(desk).values() for text in texts)

    def test_stopped_at_the_question_nothing_was_said(self, desk: Cli) -> None:
        with terminal(desk, "statement", *WHAT, "--as", "sb") as shown:
            shown.until("Post it?")
            shown.type(CTRL_C)
            assert shown.end() == 130
        assert (journal(desk), count(desk)) == (b"", 0)


class TestApproval:
    def test_it_waits_for_somebody_elses_yes(self, press: Cli) -> None:
        waiting = done(press("statement", *WHAT, "--as", "sb", "--json", now=NOW)).records
        assert [one["state"] for one in waiting] == ["awaiting-approval"] * 2
        assert count(press) == 0
        assert done(say(press, *WHAT, now=LATER, who="mo")).records == waiting
        shown = done(press("outbox", "--json", now=LATER)).records
        assert [(one["id"], one["ticket"]) for one in shown] == [(one["id"], None) for one in waiting]
        for one in waiting:
            sent = done(press("approve", one["id"], "--as", "mo", "--json", now=LATER)).record
            assert (sent["state"], sent["text"], sent["ticket"]) == ("sent", one["text"], None)
        assert [len(texts) for texts in posts(press).values()] == [0, 1, 1]

    def test_a_plan_names_the_account_that_would_wait(self, press: Cli) -> None:
        err = done(press("statement", *WHAT, "--as", "sb", "--dry-run", now=NOW)).err
        told = [line.partition(" (")[0] for line in err.splitlines()]
        assert told == ["press: it would wait for approval", "nord: it would wait for approval"]

    def test_who_only_drafts_never_posts(self, desk: Cli) -> None:
        trainee = TWO_AGENTS.replace('role = "lead"', 'role = "draft"')
        policy(desk, ACCOUNTS + trainee + FREE)
        assert done(say(desk, "--account", "support", *WHAT, who="mo")).record["state"] == "awaiting-approval"
        assert count(desk) == 0

    def test_a_no_ends_it(self, press: Cli) -> None:
        call = ("--account", "press", *WHAT)
        draft = done(say(press, *call)).record["id"]
        done(press("reject", draft, "--reason", "not yet", "--as", "mo", now=LATER))
        run = say(press, *call, now=LATER)
        assert (run.code, run.record["state"]) == (3, "rejected")
        assert done(say(press, *call, "--again", now=LATER)).record["state"] == "awaiting-approval"
        assert count(press) == 0


class TestClock:
    def test_the_promise_is_listed_field_by_field(self, desk: Cli) -> None:
        draft = done(say(desk, "--account", "support", *WHAT)).record
        (record,) = listed(desk)
        assert record == {
            "type": "statement", "draft": draft["id"], "account": "support", "stage": "investigating",
            "state": "sent", "text": draft["text"], "at": "2026-11-20T10:06:00Z", "url": None,
            "incident": None, "next_update_at": "2026-11-20T10:36:00Z", "overdue": False,
        }  # fmt: skip
        assert listed(desk, now=AFTER)[0]["overdue"] is True
        assert "overdue" in done(desk("statement", "--list", now=AFTER)).out

    def test_list_and_next_say_what_is_overdue(self, desk: Cli) -> None:
        done(say(desk, "--account", "support", *WHAT))
        note = "statement by support: the update promised for 10:36 is overdue\n"
        for command in ("list", "next"):
            assert note not in done(desk(command, now=LATER)).err
            run = done(desk(command, "--json", now=AFTER))
            assert (run.out, run.err.count(note)) == ("", 1)
        done(say(desk, "--account", "support", *WHAT, "--again", now=AFTER))
        assert note not in done(desk("list", now=AFTER)).err

    def test_the_end_stops_the_clock(self, desk: Cli) -> None:
        done(say(desk, "--account", "support", *WHAT))
        done(say(desk, "--account", "support", *WHAT, "--state", "resolved", now=LATER))
        assert "overdue" not in done(desk("list", now=AFTER)).err

    def test_own_words_set_the_clock_to_the_hour_that_they_name(self, desk: Cli) -> None:
        done(say(desk, "--account", "support", "--text", OWN))
        assert listed(desk)[0]["next_update_at"] == "2026-11-20T10:40:00Z"

    def test_nothing_said_is_an_empty_list(self, desk: Cli) -> None:
        assert listed(desk) == []


class TestPointing:
    ROWS = (message(), message("m2", handle="cust2"), message("m3", handle="cust3", visibility="direct"))

    def tickets(self, cli: Cli, *rows: dict[str, Any], now: str = NOW) -> dict[str, str]:
        """Fetched and triaged: the id of each customer's latest ticket."""
        cli.write("inbox.jsonl", *(rows or self.ROWS))
        done(cli("fetch", "--account", "support", now=now))
        done(cli("triage", now=now))
        records = done(cli("list", "--json", "--sort", "received", now=now)).records
        records.sort(key=lambda one: one["status"] == "open")
        return {one["customer"]["handle"]: one["id"] for one in records}

    def point(self, cli: Cli, *tickets: str, now: str = LATER, who: str = "sb") -> Run:
        return say(cli, *(part for one in tickets for part in ("--point", one)), now=now, who=who)

    def test_it_is_an_ordinary_answer_that_names_where_to_look(self, desk: Cli) -> None:
        ids = self.tickets(desk)
        done(say(desk, "--account", "press", *WHAT))
        run = done(self.point(desk, ids["cust1"], ids["cust2"]))
        for record, target in zip(run.records, ("m1", "m2"), strict=True):
            assert (record["state"], record["target"], record["account"]) == ("sent", target, "support")
            assert "@NorthlineNews" in record["text"]
            assert record["text"].endswith("^SB")
        statuses = {one["id"]: one["status"] for one in done(desk("list", "--json", now=LATER)).records}
        assert [statuses[ids["cust1"]], statuses[ids["cust3"]]] == ["pending", "open"]

    def test_the_same_call_again_points_nobody_twice(self, desk: Cli) -> None:
        ids = self.tickets(desk)
        done(say(desk, "--account", "press", *WHAT))
        first = done(self.point(desk, ids["cust1"])).record
        done(say(desk, "--account", "nord", *WHAT, now=LATER))
        assert done(self.point(desk, ids["cust1"], now=AFTER, who="mo")).record == first
        assert len(posts(desk)["support"]) == 1

    def test_a_second_pointer_for_one_customer_is_refused(self, desk: Cli) -> None:
        ids = self.tickets(desk)
        done(say(desk, "--account", "press", *WHAT))
        first = done(self.point(desk, ids["cust1"])).record["id"]
        later = message(
            "m9", "@NorthlineAir the app fails too. Anybody there?", created_at="2026-11-20T10:18:00Z"
        )
        newer = self.tickets(desk, *self.ROWS, later, now=LATER)
        assert newer["cust1"] != ids["cust1"]
        run = self.point(desk, newer["cust1"])
        assert (run.code, run.out) == (3, "")
        assert first in run.error["message"]
        done(say(desk, "--account", "press", *WHAT, "--state", "identified", now=LATER))
        assert self.point(desk, newer["cust1"], now=AFTER).code == 3
        assert len(posts(desk)["support"]) == 1

    def test_after_the_end_a_new_problem_may_be_pointed_to(self, desk: Cli) -> None:
        ids = self.tickets(desk)
        done(say(desk, "--account", "press", *WHAT))
        done(self.point(desk, ids["cust1"]))
        done(say(desk, "--account", "press", *WHAT, "--state", "resolved", now=LATER))
        done(say(desk, "--account", "press", "--set", "what=the app", now=AFTER))
        later = message("m9", "@NorthlineAir and now your app fails!", created_at="2026-11-20T10:49:00Z")
        newer = self.tickets(desk, *self.ROWS, later, now=AFTER)
        assert done(self.point(desk, newer["cust1"], now=AFTER)).record["state"] == "sent"
        assert len(posts(desk)["support"]) == 2

    def test_some_of_several_fail_and_are_named(self, desk: Cli) -> None:
        ids = self.tickets(desk)
        done(say(desk, "--account", "press", *WHAT))
        done(desk("claim", ids["cust2"], "--as", "mo", now=NOW))
        run = self.point(desk, ids["cust1"], ids["cust2"], "zzzz", ids["cust3"])
        assert run.code == 8
        assert [one["target"] for one in run.records] == ["m1", "m3"]
        assert ids["cust2"] in run.error["message"]
        assert "zzzz" in run.error["message"]

    def test_what_is_solved_is_not_pointed_to(self, desk: Cli) -> None:
        ids = self.tickets(desk)
        done(say(desk, "--account", "press", *WHAT))
        first = done(self.point(desk, ids["cust1"])).record
        done(say(desk, "--account", "press", *WHAT, "--state", "resolved", now=LATER))
        run = self.point(desk, ids["cust2"], now=AFTER)
        assert (run.code, run.out) == (3, "")
        assert "says that it is solved" in run.error["message"]
        assert f"socialcli reply {ids['cust2']}" in run.error["hint"]
        assert done(self.point(desk, ids["cust1"], now=AFTER)).record == first
        assert len(posts(desk)["support"]) == 1

    def test_what_runs_is_pointed_to_though_another_account_is_done(self, desk: Cli) -> None:
        ids = self.tickets(desk)
        done(say(desk, "--account", "nord", "--account", "press", *WHAT))
        done(say(desk, "--account", "nord", *WHAT, "--state", "resolved", now=LATER))
        assert "@NorthlineNews" in done(self.point(desk, ids["cust1"], now=AFTER)).record["text"]

    def test_only_a_complaint_is_told_that_we_are_sorry(self, desk: Cli) -> None:
        praise = message("m2", "@NorthlineAir thank you, the crew was wonderful!", "cust2")
        ids = self.tickets(desk, message(), praise)
        done(say(desk, "--account", "press", *WHAT))
        sorry = [
            "sorry" in done(self.point(desk, ids[handle])).record["text"] for handle in ("cust1", "cust2")
        ]
        assert sorry == [True, False]

    def test_where_nothing_was_said_there_is_nothing_to_point_to(self, desk: Cli) -> None:
        ids = self.tickets(desk)
        assert self.point(desk, ids["cust1"]).code == 3
        done(say(desk, "--account", "press", *WHAT))
        assert say(desk, "--account", "nord", "--point", ids["cust1"], now=LATER).code == 3
        assert self.point(desk, "zzzz").code == 5
        assert posts(desk)["support"] == []

    def test_the_plan_posts_nothing(self, desk: Cli) -> None:
        ids = self.tickets(desk)
        done(say(desk, "--account", "press", *WHAT))
        before = journal(desk)
        record = done(say(desk, "--point", ids["cust1"], "--dry-run", now=LATER)).record
        assert (record["state"], journal(desk)) == ("composed", before)
        assert done(self.point(desk, ids["cust1"])).record["text"] == record["text"]
