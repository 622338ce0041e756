"""Mass mode: while it is on for an incident, ``incident.mode`` says who is answered one to one."""

from __future__ import annotations

import pytest

from tests.conftest import Cli, Run
from tests.e2e.mass_stage import (
    BEFORE_END,
    DANGER,
    END,
    FIRST,
    OTHERS,
    SETTLE,
    TEXTS,
    Stage,
    brand,
    outage,
    tell_everybody,
    words,
)
from tests.e2e.staging import LATER, NOW, done, journal, message
from tests.e2e.test_races import at_once
from tests.e2e.test_terminal import COLOUR, written
from tests.e2e.x_stage import connect, take_in
from tests.e2e.x_stage import reply as x_reply
from tests.guided.stage import guided
from tests.servers.x.network import XNetwork

URGENCY = ["cust5", "cust3", "cust4", "cust1", "cust2"]  # as ``list`` has them where nobody is held
AN_HOUR_LATER = "2026-11-20T11:05:00Z"
CAP_1 = 'mode = "tiered"\nhourly_cap = 1'


class TestTheThreeModes:
    def test_tiered_answers_harm_and_the_first_tier(self, cli: Cli) -> None:
        stage = outage(cli)
        assert stage.held() == dict.fromkeys(OTHERS, "mode")
        for handle in (*FIRST, DANGER):
            assert done(stage.reply(handle)).record["state"] == "sent"
        for handle in OTHERS:
            run = stage.reply(handle)
            assert (run.code, run.record["state"], run.record["text"]) == (3, "refused", words(handle))
            assert run.error["message"] == (
                f"ticket {stage.tickets[handle]} is held: incident {stage.incident} is in mass mode (tiered) until {END}"
            )
            assert f"socialcli statement --point {stage.tickets[handle]}" in run.error["hint"]
        assert stage.posted() == [words(handle) for handle in (*FIRST, DANGER)]

    def test_status_only_answers_nobody_but_who_is_in_danger(self, cli: Cli) -> None:
        stage = outage(cli, 'mode = "status_only"')
        assert stage.held() == dict.fromkeys((*OTHERS, *FIRST), "mode")
        for handle in (*OTHERS, *FIRST):
            run = stage.reply(handle)
            assert (run.code, run.record["state"]) == (3, "refused")
            assert "mass mode (status_only)" in run.error["message"]
        assert done(stage.reply(DANGER)).record["state"] == "sent"
        assert stage.posted() == [words(DANGER)]

    def test_both_answers_everybody_and_no_cap_holds(self, cli: Cli) -> None:
        stage = outage(cli, 'mode = "both"\nhourly_cap = 1')
        assert stage.held() == {}
        for handle in stage.tickets:
            assert done(stage.reply(handle)).record["state"] == "sent"
        shown = stage.shown()
        assert (shown["cap"], shown["answered"], shown["held"], shown["room_at"]) == (None, 5, 0, None)

    @pytest.mark.parametrize("mode", ["tiered", "status_only"])
    def test_the_statement_and_its_pointer_always_go_out(self, cli: Cli, mode: str) -> None:
        stage = outage(cli, f'mode = "{mode}"\nhourly_cap = 0')
        tell_everybody(stage)
        point = ("statement", "--point", stage.tickets["cust1"], "--as", "sb", "--yes", "--json")
        sent = done(cli(*point, now=NOW)).record
        assert sent["state"] == "sent"
        assert sent["points"] == done(cli("statement", "--list", "--json", now=NOW)).record["draft"]
        shown = stage.shown()
        assert (shown["answered"], shown["pointed"], shown["this_hour"]) == (0, 1, 0)
        assert "cust1" not in stage.held()

    def test_another_incident_and_no_incident_are_not_touched(self, cli: Cli) -> None:
        stage = outage(cli)
        cli.write("inbox.jsonl", message("m9", "@NorthlineAir my bag never arrived from NL218", "cust9"))
        done(cli("fetch", now=NOW))
        done(cli("triage", now=NOW))
        stage.tickets = Stage(cli).tickets
        assert done(stage.reply("cust9")).record["state"] == "sent"


class TestTheCap:
    def test_the_next_answer_waits_for_room_and_goes_out_by_itself(self, cli: Cli) -> None:
        stage = outage(cli, CAP_1)
        done(stage.reply("cust3"))
        run = stage.reply("cust4", now=LATER)
        assert (run.code, run.record["state"]) == (75, "parked")
        assert (
            run.error["message"]
            == f"incident {stage.incident} is in mass mode, and this hour has no room (incident.hourly_cap is 1)"
        )
        assert "room again at 2026-11-20T11:05:00Z" in run.error["hint"]
        assert stage.held(LATER) == {"cust1": "mode", "cust2": "mode", "cust4": "cap"}
        early = cli(*SETTLE, now="2026-11-20T11:04:59Z")
        assert (early.code, early.records) == (0, [])
        assert "mass mode leaves 1 draft for later" in early.err
        assert done(cli(*SETTLE, now="2026-11-20T11:05:00Z")).record["state"] == "sent"
        assert stage.posted() == [words("cust3"), words("cust4")]

    def test_danger_is_never_stopped_but_counts(self, cli: Cli) -> None:
        stage = outage(cli, CAP_1)
        done(stage.reply("cust3"))
        assert done(stage.reply(DANGER)).record["state"] == "sent"
        assert (stage.shown()["this_hour"], stage.shown()["cap"]) == (2, 1)

    def test_none_an_hour_leaves_danger_alone(self, cli: Cli) -> None:
        stage = outage(cli, 'mode = "tiered"\nhourly_cap = 0')
        run = stage.reply("cust3")
        assert (run.code, run.record["state"]) == (75, "parked")
        assert f"until {END}" in run.error["hint"]
        assert done(stage.reply(DANGER)).record["state"] == "sent"

    def test_two_at_once_have_one_winner(self, cli: Cli) -> None:
        stage = outage(cli, CAP_1)
        runs = at_once(cli, *(stage.answer(handle) for handle in FIRST))
        assert sorted(run.code for run in runs) == [0, 75]
        assert sorted(run.record["state"] for run in runs) == ["parked", "sent"]
        assert len(stage.posted()) == 1

    def test_an_answer_whose_end_nobody_knows_takes_its_room(self, cli: Cli) -> None:
        stage = outage(cli, CAP_1)
        assert stage.reply("cust3", env={"SOCIALCLI_FAIL_POINT": "post:intended"}).code == -9
        assert stage.reply("cust4").code == 75
        assert [one["state"] for one in cli(*SETTLE, now=NOW).records] == ["sent"]
        assert stage.posted() == [words("cust3")]

    def test_a_dry_run_says_that_there_is_no_room(self, cli: Cli) -> None:
        stage = outage(cli, CAP_1)
        done(stage.reply("cust3"))
        before = journal(cli)
        run = stage.reply("cust4", "--dry-run")
        assert (run.code, run.record["state"], journal(cli)) == (75, "parked", before)


class TestSwitching:
    def test_it_ends_by_itself(self, cli: Cli) -> None:
        stage = outage(cli)
        shown = stage.shown(BEFORE_END)
        assert (shown["on"], shown["until"], shown["by"], shown["held"]) == (True, END, "mo", 2)
        assert stage.reply("cust1", now=BEFORE_END).code == 3
        assert (stage.shown(END)["on"], stage.held(END)) == (False, {})
        assert done(stage.reply("cust1", now=END)).record["state"] == "sent"

    def test_without_a_time_it_is_that_of_the_policy(self, cli: Cli) -> None:
        stage = outage(cli, 'mass_for = "90m"', "--reason", "mast down")
        assert stage.held() == {}
        assert stage.shown() is None
        done(stage.mass("--reason", "all hands on the phones"))
        assert stage.shown()["until"] == "2026-11-20T11:35:00Z"
        assert stage.shown()["reason"] == "all hands on the phones"

    def test_the_statement_comes_first(self, cli: Cli) -> None:
        stage = outage(cli, "", "--reason", "mast down")
        told = f"nobody has been told of it in public yet: socialcli statement --incident {stage.incident}"
        assert told in done(stage.mass("--for", "1h")).err
        tell_everybody(stage)
        assert told not in done(stage.mass("--for", "2h")).err

    def test_no_longer_than_the_policy_allows(self, cli: Cli) -> None:
        stage = outage(cli, 'mass_for = "90m"', "--reason", "mast down")
        before = journal(cli)
        run = stage.mass("--for", "91m")
        assert (run.code, journal(cli)) == (3, before)
        assert run.error["message"] == "mass mode for 91m: at most 90m at a time (incident.mass_for)"

    def test_off_and_on_again(self, cli: Cli) -> None:
        stage = outage(cli)
        off = done(stage.mass("--off")).record["mass"]
        assert (off["on"], off["until"]) == (False, None)
        assert stage.held() == {}
        done(stage.mass("--for", "30m"))
        assert stage.shown()["until"] == "2026-11-20T10:35:00Z"

    @pytest.mark.parametrize("again", [("--for", "2h"), ()])
    def test_the_same_again_is_told_and_writes_nothing(self, cli: Cli, again: tuple[str, ...]) -> None:
        stage = outage(cli)
        before = journal(cli)
        run = done(stage.mass(*again))
        assert f"is in mass mode until {END} already" in run.err
        assert "not kept" not in run.err
        assert "the reason given now is not kept" in done(stage.mass(*again, "--reason", "storm")).err
        assert journal(cli) == before

    def test_off_where_it_is_not_on(self, cli: Cli) -> None:
        stage = outage(cli)
        done(stage.mass("--off"))
        before = journal(cli)
        assert "is not in mass mode" in done(stage.mass("--off")).err
        assert journal(cli) == before

    def test_a_dry_run_prints_the_event(self, cli: Cli) -> None:
        stage = outage(cli, "", "--reason", "mast down")
        before = journal(cli)
        planned = done(stage.mass("--for", "1h", "--dry-run")).record
        assert (planned["event"], planned["by"], journal(cli)) == ("incident-mass", "mo", before)
        assert planned["data"] == {
            "incident": stage.incident,
            "until": "2026-11-20T11:05:00Z",
            "turn": 0,
        }

    def test_off_for_so_long_is_nonsense(self, cli: Cli) -> None:
        assert outage(cli).mass("--off", "--for", "1h").code == 2

    def test_who_may_not_run_incidents_does_not_switch(self, cli: Cli) -> None:
        stage = outage(cli, more='[rights]\nincidents = ["lead"]')
        run = cli("incident", "mass", stage.incident, "--off", "--as", "sb", now=NOW)
        assert (run.code, stage.shown()["on"]) == (3, True)

    def test_who_may_not_run_incidents_takes_no_ticket_out_of_it_either(self, cli: Cli) -> None:
        stage = outage(cli, more='[rights]\nincidents = ["lead"]')
        asked = ("incident", "open", "--topic", "elsewhere", "--words", "elsewhere", "--reason", "by hand")
        other = done(cli(*asked, "--as", "mo", "--json", now=NOW)).record["id"]
        join = ("incident", "join", other, stage.tickets["cust1"], "--json", "--as")
        run = cli(*join, "sb", now=NOW)
        assert (run.code, "rights.incidents" in run.err, "cust1" in stage.held()) == (3, True, True)
        assert done(cli(*join, "mo", now=NOW)).record["incident"] == other

    @pytest.mark.parametrize("end", ["close", "dismiss"])
    def test_an_incident_that_is_over_holds_nobody(self, cli: Cli, end: str) -> None:
        stage = outage(cli)
        done(cli("incident", end, stage.incident, "--as", "mo", now=NOW))
        assert (stage.held(), stage.shown()["on"]) == ({}, False)
        assert done(stage.reply("cust1")).record["state"] == "sent"
        assert stage.mass().code == 6

    def test_a_suspicion_is_confirmed_first(self, cli: Cli) -> None:
        outage(cli, "min_authors = 3", "--account", "support", "--reason", "by hand")
        done(cli("incident", "close", Stage(cli).listed()[0]["incident"], "--as", "mo", now=NOW))
        policy = (cli.workspace / "policies.toml").read_text().replace("watch = false", "watch = true")
        (cli.workspace / "policies.toml").write_text(policy)
        texts = ("no wifi on board, fix it", "wifi on board broken again", "still no wifi on board, useless")
        rows = [message(f"w{n}", f"@NorthlineAir {text}", f"wifi{n}") for n, text in enumerate(texts)]
        cli.write("inbox.jsonl", *rows)
        done(cli("fetch", now=NOW))
        (suspected,) = done(cli("incident", "list", "--state", "suspected", "--json", now=NOW)).records
        run = cli("incident", "mass", suspected["id"], "--as", "mo", now=NOW)
        assert (run.code, f"socialcli incident confirm {suspected['id']} --mass 2h" in run.err) == (6, True)
        confirm = ("incident", "confirm", suspected["id"], "--mass", "1h", "--as", "mo", "--json")
        mass = done(cli(*confirm, now=NOW)).record["mass"]
        assert (mass["on"], mass["until"]) == (True, "2026-11-20T11:05:00Z")


class TestWhatWaits:
    def test_it_stands_behind_and_comes_back_by_urgency(self, cli: Cli) -> None:
        stage = outage(cli, 'mode = "status_only"', "--reason", "mast down")
        order = stage.order()
        assert sorted(order) == sorted(URGENCY)
        before = journal(cli)
        done(stage.mass("--for", "2h"))
        written = journal(cli)
        assert stage.order() == [DANGER, *(one for one in order if one != DANGER)]
        assert stage.order("--held") == [one for one in order if one != DANGER]
        assert stage.order("--held", "--limit", "1") == [next(one for one in order if one != DANGER)]
        assert stage.order(now=END) == order
        assert stage.order("--held", now=END) == []
        assert written.count(b"\n") == before.count(b"\n") + 1  # nothing is written for a ticket
        assert journal(cli) == written

    def test_the_order_of_all_is_that_of_the_tiers(self, cli: Cli) -> None:
        stage = outage(cli, 'mode = "tiered"\nhourly_cap = 0')
        assert stage.order()[0] == DANGER
        assert stage.held() == {**dict.fromkeys(OTHERS, "mode"), **dict.fromkeys(FIRST, "cap")}

    def test_next_passes_over_it(self, cli: Cli) -> None:
        stage = outage(cli)
        taken = []
        for _ in range(3):
            record = done(cli("next", "--claim", "--as", "sb", "--json", now=NOW)).record
            taken.append(record["customer"]["handle"])
            done(stage.reply(taken[-1]))
        assert sorted(taken) == sorted((*FIRST, DANGER))
        claimed = done(cli("next", "--claim", "--as", "sb", now=NOW))
        assert claimed.out == ""
        assert f"in mass mode until {END}: 2 tickets held (socialcli list --held)" in claimed.err
        nothing_else = done(cli("next", "--json", now=NOW)).record
        assert (nothing_else["customer"]["handle"], nothing_else["held"]) == ("cust1", "mode")

    def test_list_counts_it(self, cli: Cli) -> None:
        stage = outage(cli, CAP_1)
        done(stage.reply("cust3"))
        told = done(cli("list", now=NOW)).err
        assert "2 tickets held, 1 ticket without room until 2026-11-20T11:05:00Z" in told

    def test_show_and_why_say_so(self, cli: Cli) -> None:
        stage = outage(cli)
        ticket = stage.tickets["cust1"]
        assert "held by mass mode" in done(cli("show", ticket, now=NOW)).out
        (why,) = done(cli("why", ticket, "--json", now=NOW)).records
        assert why["clocks"]["held"] == (
            f"incident {stage.incident}, mass mode, tiered, until {END}; the deadline is not paused"
        )
        (late,) = stage.listed("--held", "--overdue", now="2026-11-20T10:45:00Z")
        assert (late["customer"]["handle"], late["overdue"]) == ("cust1", True)

    def test_on_a_terminal_it_is_marked(self, cli: Cli) -> None:
        stage = outage(cli)
        lines = COLOUR.sub("", written(cli, "list", width=120)).splitlines()
        told = [
            line.split()[1:3] for line in lines if " app down again" in line or "I cannot check in" in line
        ]
        assert told == [["urgent", "open"], ["urgent", "held"], ["high", "held"]]
        with guided(cli, stage.tickets["cust1"], size=(120, 40)) as shown:
            shown.until("Start from:")
            shown.until(f"held: incident {stage.incident}, mass mode, tiered, until {END}")
            shown.type("q")
            assert shown.end() == 130

    def test_the_incident_counts(self, cli: Cli) -> None:
        stage = outage(cli, CAP_1)
        tell_everybody(stage)
        done(stage.reply("cust3"))
        done(cli("statement", "--point", stage.tickets["cust1"], "--as", "sb", "--yes", now=NOW))
        assert stage.shown() == {
            "incident": stage.incident, "mode": "tiered", "on": True, "until": END, "by": "mo", "reason": "", "cap": 1,
            "answered": 1, "pointed": 1, "held": 1, "capped": 1, "this_hour": 1, "room_at": "2026-11-20T11:05:00Z",
        }  # fmt: skip
        page = done(cli("incident", "show", stage.incident, now=NOW)).out
        assert f"mass mode  tiered until {END} by mo\n" in page
        assert (
            "1 answered one to one, 1 pointed to the statement, 1 held, 1 of 1 answers this hour, 1 without room,"
            " room at 2026-11-20T11:05:00Z\n"
        ) in page

    def test_what_triage_has_not_read_is_not_held(self, cli: Cli) -> None:
        stage = outage(cli, 'mode = "status_only"')
        cli.write("inbox.jsonl", message("m9", "@NorthlineAir app down, smoke in the cabin", "cust9"))
        done(cli("fetch", now=NOW))
        joined = ("incident", "join", stage.incident, Stage(cli).tickets["cust9"], "--as", "mo")
        done(cli(*joined, now=NOW))
        assert "cust9" not in stage.held()
        done(cli("triage", now=NOW))
        assert "cust9" not in stage.held()  # it was right: it is danger

    def test_danger_told_once_stays_with_the_ticket(self, cli: Cli) -> None:
        stage = outage(cli, 'mode = "status_only"')
        done(stage.reply(DANGER))
        row = message(
            "m9", "@NorthlineAir hello? anybody?", DANGER, created_at=NOW, in_reply_to=f"m-{DANGER}"
        )
        cli.write("inbox.jsonl", row)
        done(cli("fetch", now=LATER))
        done(cli("triage", now=LATER))
        assert DANGER in stage.order("--status", "open", now=LATER)
        assert DANGER not in stage.held(LATER)

    def test_who_asks_again_moves_up_no_more_than_before(self, cli: Cli) -> None:
        stage = outage(cli)
        rows = (
            message(
                f"again-{one}", "@NorthlineAir hello? anyone?", one, created_at=NOW, in_reply_to=f"m-{one}"
            )
            for one in ("cust1", "cust3")
        )
        cli.write("inbox.jsonl", *rows)
        done(cli("fetch", now=LATER))
        done(cli("triage", now=LATER))
        assert stage.held(LATER) == dict.fromkeys(OTHERS, "mode")

    def test_somebody_may_say_that_it_presses(self, cli: Cli) -> None:
        stage = outage(cli)
        ticket = stage.tickets["cust2"]
        raised = ("triage", ticket, "--set", "priority=urgent", "--reason", "a surgeon on her way")
        done(cli(*raised, "--as", "sb", now=NOW))
        assert stage.held() == {"cust1": "mode"}
        assert done(stage.reply("cust2")).record["state"] == "sent"


class TestAtSending:
    """What was written before is held as well, and lost by nothing."""

    def test_a_reply_that_was_put_off(self, cli: Cli) -> None:
        stage = outage(cli, "", "--reason", "mast down")
        done(stage.reply("cust1", "--in", "10m"))
        done(stage.mass("--for", "2h"))
        run = done(cli(*SETTLE, now=BEFORE_END))
        assert (run.records, stage.posted()) == ([], [])
        assert "mass mode leaves 1 draft for later (socialcli outbox)" in run.err
        (waits,) = done(cli("outbox", "--json", now=BEFORE_END)).records
        assert (waits["state"], waits["text"]) == ("scheduled", words("cust1"))
        assert done(cli(*SETTLE, now=END)).record["state"] == "sent"

    def test_a_reply_for_afterwards_may_be_written_now(self, cli: Cli) -> None:
        stage = outage(cli)
        assert stage.reply("cust1", "--at", BEFORE_END).code == 3
        assert done(stage.reply("cust1", "--at", END)).record["state"] == "scheduled"
        assert done(cli(*SETTLE, now=END)).record["state"] == "sent"

    def test_a_yes_is_kept_until_it_ends(self, cli: Cli) -> None:
        stage = outage(cli, "", "--reason", "mast down", approval='when = []\nauthors = ["sb"]\nttl = "10m"')
        draft = done(stage.reply("cust1")).record["id"]
        done(stage.mass("--for", "2h"))
        assert done(cli(*SETTLE, now="2026-11-20T10:30:00Z")).records == []  # and no holding reply either
        run = done(cli("approve", draft, "--as", "mo", "--json", now=LATER))
        assert (run.record["state"], stage.posted()) == ("approved", [])
        assert "it is approved, and outbox --settle posts it then" in run.err
        assert done(cli(*SETTLE, now=BEFORE_END)).records == []
        assert done(cli(*SETTLE, now=END)).record["state"] == "sent"
        assert stage.posted() == [words("cust1")]

    def test_a_plan_that_was_made_before(self, cli: Cli) -> None:
        stage = outage(cli, "", "--reason", "mast down")
        line = ("reply", stage.tickets["cust1"], "--text", words("cust1"), "--plan", "--as", "sb", "--json")
        (cli.workspace / "plan.jsonl").write_text(done(cli(*line, now=NOW)).out)
        done(cli("apply", "plan.jsonl", "--sign", "--all", "--as", "mo", now=NOW))
        done(stage.mass())
        run = cli("apply", "plan.jsonl", "--as", "mo", "--yes", "--json", now=NOW)
        assert (run.code, stage.posted()) == (3, [])
        assert "is held: incident" in run.out + run.err
        done(stage.mass("--off"))
        done(cli("apply", "plan.jsonl", "--as", "mo", "--yes", "--json", now=NOW))
        assert stage.posted() == [words("cust1")]

    def test_a_lead_may_pass_over_it_and_the_journal_says_so(self, cli: Cli) -> None:
        stage = outage(cli)
        assert stage.reply("cust1", "--now-anyway").code == 3
        assert done(stage.reply("cust1", "--now-anyway", by="mo")).record["state"] == "sent"
        (intended,) = stage.events("intended")
        assert (intended["by"], intended["data"]["over"]) == ("mo", stage.incident)
        done(stage.reply("cust3", "--now-anyway", by="mo"))
        assert "over" not in stage.events("intended")[1]["data"]  # that one needed nobody's word

    def test_the_correction_of_an_answer_goes_out(self, cli: Cli) -> None:
        stage = outage(cli, "", "--reason", "mast down")
        done(stage.reply("cust1"))
        done(stage.mass())
        text = "@cust1 We said it wrong: please bring your reference to desk 4 and we check you in there. ^SB"
        right = ("reply", stage.tickets["cust1"], "--correct", "last", "--text", text, "--as", "sb", "--yes")
        assert done(cli(*right, "--json", now=LATER)).record["state"] == "sent"


class TestTicketsThatMove:
    def test_to_another_incident(self, cli: Cli) -> None:
        stage = outage(cli)
        other = ("incident", "open", "--topic", "wifi", "--words", "wifi", "--as", "mo", "--json")
        name = done(cli(*other, now=NOW)).record["id"]
        done(cli("incident", "join", name, stage.tickets["cust1"], "--as", "mo", now=NOW))
        assert stage.held() == {"cust2": "mode"}
        assert done(stage.reply("cust1")).record["state"] == "sent"

    def test_into_one_that_tells_of_danger(self, cli: Cli) -> None:
        stage = outage(cli, 'mode = "status_only"')
        cli.write("inbox.jsonl", message("m9", "@NorthlineAir the app is down for me too", DANGER))
        done(cli("fetch", now=NOW))
        done(cli("triage", now=NOW))
        second = next(one["id"] for one in stage.listed() if one["text"].endswith("for me too"))
        done(cli("merge", second, stage.tickets[DANGER], "--as", "mo", now=NOW))
        assert DANGER not in stage.held()

    def test_answers_count_where_their_ticket_is(self, cli: Cli) -> None:
        stage = outage(cli, CAP_1)
        done(stage.reply("cust3"))
        assert stage.shown()["this_hour"] == 1
        other = ("incident", "open", "--topic", "wifi", "--words", "wifi", "--as", "mo", "--json")
        name = done(cli(*other, now=NOW)).record["id"]
        done(cli("incident", "join", name, stage.tickets["cust3"], "--as", "mo", now=NOW))
        assert stage.shown()["this_hour"] == 0


class TestTwoCopiesOfTheJournal:
    @pytest.mark.parametrize("turned", [False, True])
    def test_who_knew_of_more_has_the_last_word(self, cli: Cli, turned: bool) -> None:
        """One extends it late, the other switches it off, then on, then off: whichever is read first."""
        stage = outage(cli)
        path = cli.workspace / "queue.jsonl"
        common = path.read_bytes()
        done(stage.mass("--for", "3h", now="2026-11-20T10:40:00Z"))
        late = path.read_bytes()[len(common) :]
        path.write_bytes(common)
        for step in (("--off",), ("--for", "1h"), ("--off",)):
            done(stage.mass(*step, now=LATER))
        knowing = path.read_bytes()[len(common) :]
        path.write_bytes(common + (knowing + late if turned else late + knowing))
        assert stage.shown(END)["on"] is False
        assert stage.held("2026-11-20T10:45:00Z") == {}

    def test_of_two_who_knew_the_same_the_later(self, cli: Cli) -> None:
        stage = outage(cli)
        path = cli.workspace / "queue.jsonl"
        common = path.read_bytes()
        done(stage.mass("--off", now=LATER))
        off = path.read_bytes()[len(common) :]
        path.write_bytes(common)
        done(stage.mass("--for", "3h", now="2026-11-20T10:40:00Z"))
        longer = path.read_bytes()[len(common) :]
        for lines in (off + longer, longer + off):
            path.write_bytes(common + lines)
            assert stage.shown("2026-11-20T10:41:00Z")["until"] == "2026-11-20T13:40:00Z"


def test_on_x_nothing_reaches_the_network_for_who_is_held(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network, "[incident]\nwatch = false\nhourly_cap = 1\n")
    messages = {handle: x_network.write(handle, text) for handle, text in TEXTS.items()}
    tickets = take_in(cli)
    opened = ("incident", "open", "--topic", "app", "--words", "app, down", "--mass", "1h", "--as", "mo")
    done(cli(*opened, "--json", now=NOW))

    def say(handle: str) -> Run:
        return cli(*x_reply(tickets[messages[handle]], words(handle)), now=NOW)

    x_network.forget_requests()
    assert (say("cust1").code, x_network.requests()) == (3, [])
    assert done(say("cust3")).record["state"] == "sent"
    x_network.forget_requests()
    assert (say("cust4").code, x_network.requests()) == (75, [])
    assert done(say(DANGER)).record["state"] == "sent"
    x_network.set_clock(AN_HOUR_LATER)
    settled = done(cli("outbox", "--settle", "--as", "mo", "--json", now=AN_HOUR_LATER)).records
    assert [one["state"] for one in settled] == ["sent"]
    assert [one.sent for one in x_network.posts()] == [words(one) for one in ("cust3", DANGER, "cust4")]


def test_the_reason_goes_with_whom_it_names(cli: Cli) -> None:
    stage = outage(cli, "", "--reason", "mast down")
    done(stage.mass("--reason", "cust1 and others are furious"))
    done(cli("forget", "@cust1", "--yes", "--as", "mo", now=LATER))
    assert b"furious" not in journal(cli)
    shown = stage.shown(LATER)
    assert (shown["on"], shown["until"], shown["reason"]) == (True, "2026-11-20T14:05:00Z", "")


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ('mode = "sometimes"', "incident.mode"),
        ("hourly_cap = -1", "incident.hourly_cap"),
        ('mass_for = "0s"', "incident.mass_for"),
        ('mass_for = "8d"', "incident.mass_for"),
    ],
)
def test_a_value_without_sense_is_named(cli: Cli, key: str, wrong: str) -> None:
    brand(cli, key)
    run = cli("fetch", now=NOW)
    assert (run.code, wrong in run.out + run.err) == (7, True)
