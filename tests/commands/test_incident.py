"""``incident``: opened by hand, confirmed, dismissed, closed; tickets that join."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, TWO_ACCOUNTS, TWO_AGENTS, done, journal, message, one_line, policy

FIELDS = [
    "type", "id", "topic", "words", "opened_at", "state", "tickets", "authors", "account", "reason", "by", "since",
    "history", "mass",
]  # fmt: skip
ROWS = (
    message("m1", "@NorthlineAir your app is down, I cannot check in", "cust1"),
    message("m2", "@NorthlineAir app down again? nothing works", "cust2", created_at="2026-11-20T10:01:00Z"),
    message("m3", "@NorthlineAir how much does a second seat cost?", "cust3"),
)
OPEN = ("incident", "open", "--topic", "app", "--words", "App, down")


@pytest.fixture
def desk(cli: Cli) -> Cli:
    """Two customers whose app is down and one with a question, not triaged; one agent."""
    cli.write("inbox.jsonl", *ROWS)
    done(cli("fetch", now=NOW))
    return cli


def opened(cli: Cli, *more: str) -> Any:
    return done(cli(*OPEN, *more, "--json", now=NOW)).record


def tickets(cli: Cli, *filters: str) -> dict[str, Any]:
    """By the customer's handle."""
    return {one["customer"]["handle"]: one for one in done(cli("list", *filters, "--json", now=NOW)).records}


def events(cli: Cli) -> list[Any]:
    return [one for one in cli.lines("queue.jsonl") if one["event"].startswith("incident-")]


def test_open_by_hand_takes_what_was_written_of_it(desk: Cli) -> None:
    record = opened(desk)
    known = tickets(desk)
    assert list(record) == FIELDS
    assert record | {"id": "", "history": []} == {
        "type": "incident", "id": "", "topic": "app", "words": ["app", "down"], "opened_at": NOW, "state": "open",
        "tickets": [known["cust1"]["id"], known["cust2"]["id"]], "authors": 2, "account": None,
        "reason": "opened by hand", "by": "sb", "since": "2026-11-20T10:00:00Z", "history": [],
        "mass": None,
    }  # fmt: skip
    assert record["history"] == [{"at": NOW, "state": "open", "by": "sb", "reason": "opened by hand"}]
    assert {handle: one["incident"] for handle, one in known.items()} == {
        "cust1": record["id"],
        "cust2": record["id"],
        "cust3": None,
    }


def test_open_twice_is_one(desk: Cli) -> None:
    record = opened(desk)
    before = journal(desk)
    again = done(desk(*OPEN, "--json", now=LATER))
    assert (again.record, again.err) == (record, f"incident {record['id']} is open already\n")
    assert journal(desk) == before


def test_what_is_opened_again_after_it_was_closed_is_another(desk: Cli) -> None:
    first = opened(desk)
    done(desk("incident", "close", first["id"], now=NOW))
    second = opened(desk)
    assert second["id"] != first["id"]
    assert second["tickets"] == first["tickets"]
    assert [one["state"] for one in done(desk("incident", "list", "--json", now=LATER)).records] == [
        "open",
        "closed",
    ]


def test_a_dry_run_prints_what_would_be_written(desk: Cli) -> None:
    before = journal(desk)
    plan = done(desk(*OPEN, "--reason", "seen on the status page", "--dry-run", "--json", now=NOW)).records
    assert [one["event"] for one in plan] == ["incident-opened", "incident-joined", "incident-joined"]
    assert plan[0]["data"]["reason"] == "seen on the status page"
    assert journal(desk) == before
    incident = opened(desk)["id"]
    before = journal(desk)
    for step, event in (("close", "incident-closed"), ("dismiss", "incident-dismissed")):
        why = ("--reason", "a joke") if step == "dismiss" else ()
        (planned,) = done(desk("incident", step, incident, *why, "--dry-run", "--json", now=NOW)).records
        assert (planned["event"], planned["data"]["incident"], planned["by"]) == (event, incident, "sb")
    other = tickets(desk)["cust3"]["id"]
    (planned,) = done(desk("incident", "join", incident, other, "--dry-run", "--json", now=NOW)).records
    assert (planned["event"], planned["ticket"]) == ("incident-joined", other)
    assert journal(desk) == before


def test_only_its_account_is_asked(cli: Cli) -> None:
    policy(cli, TWO_ACCOUNTS)
    cli.write("inbox.jsonl", ROWS[0])
    cli.write("press-inbox.jsonl", ROWS[1])
    done(cli("fetch", now=NOW))
    record = opened(cli, "--account", "press")
    assert record["account"] == "press"
    assert record["tickets"] == [tickets(cli)["cust2"]["id"]]


class TestFromStateToState:
    def test_closed_by_hand(self, desk: Cli) -> None:
        incident = opened(desk)["id"]
        record = done(desk("incident", "close", incident, "--json", now=LATER)).record
        assert record["state"] == "closed"
        assert [(one["state"], one["at"]) for one in record["history"]] == [("open", NOW), ("closed", LATER)]
        assert len(record["tickets"]) == 2

    def test_dismissed_with_a_reason(self, desk: Cli) -> None:
        incident = opened(desk)["id"]
        record = done(desk("incident", "dismiss", incident, "--reason", "a joke", "--json", now=LATER)).record
        assert record["state"] == "dismissed"
        assert record["history"][-1] == {"at": LATER, "state": "dismissed", "by": "sb", "reason": "a joke"}
        other = done(
            desk("incident", "open", "--topic", "seat", "--words", "seat", "--json", now=NOW)
        ).record["id"]
        record = done(desk("incident", "dismiss", other, "--json", now=LATER)).record
        assert (record["state"], record["history"][-1]["reason"]) == ("dismissed", "")

    @pytest.mark.parametrize(
        ("first", "then", "code"),
        [
            ("close", ("close",), 0),
            ("close", ("confirm",), 6),
            ("close", ("dismiss", "--reason", "r"), 6),
            ("dismiss", ("close",), 6),
            ("dismiss", ("confirm",), 6),
            ("dismiss", ("dismiss", "--reason", "another"), 0),
            ("confirm", ("confirm",), 0),
        ],
    )
    def test_what_follows_what(self, desk: Cli, first: str, then: tuple[str, ...], code: int) -> None:
        incident = opened(desk)["id"]
        done(desk("incident", first, incident, *(("--reason", "r") if first == "dismiss" else ()), now=NOW))
        before = journal(desk)
        run = desk("incident", then[0], incident, *then[1:], now=LATER)
        assert (run.code, journal(desk)) == (code, before)
        if code:
            told, hint = one_line(run)
            assert f"incident {incident} is " in told
            assert f"since {NOW}" in told
            assert "incident open" in hint
        else:
            assert "already" in run.err

    def test_a_dry_run_of_a_wrong_step_is_a_conflict_too(self, desk: Cli) -> None:
        incident = opened(desk)["id"]
        done(desk("incident", "close", incident, now=NOW))
        assert desk("incident", "confirm", incident, "--dry-run", now=NOW).code == 6
        assert done(desk("incident", "close", incident, "--dry-run", "--json", now=NOW)).records == []

    def test_who_acts_must_be_known(self, desk: Cli) -> None:
        policy(desk, TWO_AGENTS)
        assert desk(*OPEN, now=NOW).code == 2
        assert desk(*OPEN, "--as", "xx", now=NOW).code == 5
        incident = opened(desk, "--as", "mo")["id"]
        assert desk("incident", "close", incident, now=NOW).code == 2
        done(desk("incident", "close", incident, "--as", "sb", now=NOW))
        assert [one["by"] for one in events(desk) if one["ticket"] is None] == ["mo", "sb"]


class TestJoin:
    def test_a_ticket_joins_and_stays_once(self, desk: Cli) -> None:
        incident = opened(desk)["id"]
        other = tickets(desk)["cust3"]["id"]
        assert (
            done(desk("incident", "join", incident[:3], other, "--json", now=NOW)).record["incident"]
            == incident
        )
        before = journal(desk)
        done(desk("incident", "join", incident, other, now=NOW))
        assert journal(desk) == before
        assert done(desk("incident", "show", incident, "--json", now=NOW)).record["authors"] == 3

    def test_those_of_a_search(self, desk: Cli) -> None:
        incident = opened(desk)["id"]
        found = done(desk("list", "--match", "seat", "--json", now=NOW)).out
        done(desk("incident", "join", incident, "-", input=found, now=NOW))
        assert set(tickets(desk, "--incident", incident)) == {"cust1", "cust2", "cust3"}

    def test_none_joins_what_is_over(self, desk: Cli) -> None:
        incident = opened(desk)["id"]
        done(desk("incident", "close", incident, now=NOW))
        run = desk("incident", "join", incident, tickets(desk)["cust3"]["id"], now=NOW)
        assert (run.code, one_line(run)[0]) == (6, f"incident {incident} is closed: no ticket joins it")

    def test_what_is_not_there(self, desk: Cli) -> None:
        incident = opened(desk)["id"]
        assert desk("incident", "join", incident, "zzzz", now=NOW).code == 5
        assert desk("incident", "join", "zzzz", tickets(desk)["cust3"]["id"], now=NOW).code == 5
        assert desk("incident", "join", incident, now=NOW).code == 2


class TestTold:
    def test_list_and_its_filter(self, desk: Cli) -> None:
        nothing = done(desk("incident", "list", now=NOW))
        assert (nothing.out, nothing.err) == ("", "no incidents\n")
        record = opened(desk)
        assert done(desk("incident", "list", "--json", now=NOW)).records == [record]
        assert done(desk("incident", "--json", now=NOW)).records == [record]
        assert (
            done(desk("incident", "list", now=NOW)).out == f"{record['id']}\topen\t{NOW}\t2\tapp\tapp, down\n"
        )
        assert done(desk("incident", "list", "--state", "open", "--json", now=NOW)).records == [record]
        nothing = done(desk("incident", "list", "--state", "suspected", now=NOW))
        assert (nothing.out, nothing.err) == ("", "no incident is suspected\n")
        assert desk("incident", "list", "--state", "gone", now=NOW).code == 2
        early = desk("incident", "--json", "list", now=NOW)
        assert (early.code, early.error["hint"]) == (2, "socialcli incident list ... --json")

    def test_show_for_people(self, desk: Cli) -> None:
        record = opened(desk, "--reason", "seen on the status page")
        lines = done(desk("incident", "show", record["id"][:4], now=NOW)).out.splitlines()
        assert lines[:3] == [
            f"{record['id']}  open  app  app, down",
            "since 2026-11-20T10:00:00Z through every account: 2 customers, 2 tickets",
            f"{NOW}  open by sb: seen on the status page",
        ]
        assert (
            lines[3:]
            == done(desk("list", "--incident", record["id"], "--sort", "received", now=NOW)).out.splitlines()
        )

    def test_the_tickets_of_one(self, desk: Cli) -> None:
        incident = opened(desk)["id"]
        assert set(tickets(desk, "--incident", incident[:3])) == {"cust1", "cust2"}
        run = done(desk("export", "--format", "jsonl", "--incident", incident, now=NOW))
        assert len(run.out.splitlines()) == 2

    def test_one_without_tickets_is_no_error(self, desk: Cli) -> None:
        run = done(desk("incident", "open", "--topic", "lounge", "--words", "lounge", "--json", now=NOW))
        assert (run.record["tickets"], run.record["authors"], run.record["since"]) == ([], 0, NOW)
        assert done(desk("list", "--incident", run.record["id"], "--json", now=NOW)).records == []

    @pytest.mark.parametrize("part", ["show", "confirm", "close"])
    def test_an_unknown_one(self, desk: Cli, part: str) -> None:
        run = desk("incident", part, "7kq3", now=NOW)
        assert (run.code, one_line(run)) == (5, ('no incident "7kq3"', "socialcli incident list shows them"))

    def test_the_history_of_a_ticket_tells_of_it(self, desk: Cli) -> None:
        incident = opened(desk)["id"]
        ticket = tickets(desk)["cust1"]["id"]
        last = done(desk("log", ticket, "--json", now=NOW)).records[-1]
        assert (last["event"], last["data"], last["by"]) == ("incident-joined", {"incident": incident}, "sb")

    def test_terminal_escapes_in_a_topic_are_harmless(self, desk: Cli) -> None:
        record = done(
            desk("incident", "open", "--topic", "a\x1b[31mpp", "--words", "down\x07", "--json", now=NOW)
        ).record
        shown = done(desk("incident", "show", record["id"], now=NOW)).out
        assert not {"\x1b", "\x07"} & set(shown + record["topic"] + "".join(record["words"]))


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("--topic", "app"),
        ("--words", "app"),
        ("--topic", " ", "--words", "app"),
        ("--topic", "app", "--words", " , "),
        ("--topic", "app", "--words", ",".join("abcdefghi")),
        ("--topic", "app", "--words", "x" * 61),
        ("--topic", "app", "--words", "app, the"),
        ("--topic", "app", "--words", "3g"),
    ],
)
def test_what_cannot_be_opened(desk: Cli, args: tuple[str, ...]) -> None:
    before = journal(desk)
    run = desk("incident", "open", *args, "--json", now=NOW)
    assert (run.code, run.error["code"], run.out) == (2, 2, "")
    assert journal(desk) == before


class TestStatement:
    SAY = ("statement", "--set", "what=the app", "--yes", "--json")

    def test_a_statement_names_its_incident_and_updates_keep_it(self, desk: Cli) -> None:
        policy(desk, "[approval]\nwhen = []\n")
        incident = opened(desk)["id"]
        done(desk(*self.SAY, "--incident", incident[:3], now=NOW))
        done(desk(*self.SAY, "--state", "resolved", now=LATER))
        told = done(desk("statement", "--list", "--json", now=LATER)).records
        assert [(one["stage"], one["incident"]) for one in told] == [
            ("resolved", incident),
            ("investigating", incident),
        ]

    def test_one_that_is_none(self, desk: Cli) -> None:
        incident = opened(desk)["id"]
        done(desk("incident", "dismiss", incident, "--reason", "a joke", now=NOW))
        run = desk(*self.SAY, "--incident", incident, now=NOW)
        assert (run.code, run.out, posts(desk)) == (6, "", [])
        assert desk(*self.SAY, "--incident", "zzzz", now=NOW).code == 5
        assert desk("statement", "--list", "--incident", incident, now=NOW).code == 2


def posts(cli: Cli) -> list[Any]:
    return cli.lines("outbox.jsonl")


def test_a_reason_is_one_line_and_short(desk: Cli) -> None:
    incident = opened(desk)["id"]
    before = journal(desk)
    run = desk("incident", "dismiss", incident, "--reason", "x" * 301, now=NOW)
    assert (run.code, journal(desk)) == (2, before)
    assert "--reason: 301 characters, at most 300" in run.err
    record = done(
        desk("incident", "dismiss", incident, "--reason", "a drill\nof ours", "--json", now=NOW)
    ).record
    assert record["history"][-1]["reason"] == "a drill of ours"
    again = done(desk("incident", "dismiss", incident, "--reason", "another", now=LATER))
    assert again.err == f"incident {incident} is dismissed already; the reason given now is not kept\n"


def test_a_dismissal_says_what_it_knew(desk: Cli) -> None:
    incident = opened(desk)["id"]
    done(desk("incident", "dismiss", incident, now=NOW))
    assert events(desk)[-1]["data"] == {"incident": incident, "was": "open"}


def test_an_id_where_a_command_belongs(desk: Cli) -> None:
    told, hint = one_line(desk("incident", "o4", now=NOW))
    assert 'incident: no command "o4"' in told
    assert "socialcli incident show o4" in hint


def test_reasons_that_name_somebody_go_with_them(desk: Cli) -> None:
    incident = opened(desk)["id"]
    done(
        desk(
            "incident",
            "dismiss",
            incident,
            "--reason",
            "only @cust1 Jane Roe jane@example.com wrote",
            now=NOW,
        )
    )
    done(desk("forget", "@cust1", "--yes", now=LATER))
    assert b"jane@example.com" not in journal(desk)
    record = done(desk("incident", "show", incident, "--json", now=LATER)).record
    assert (record["state"], record["history"][-1]["reason"], record["topic"]) == ("dismissed", "", "app")
    done(desk("forget", "@cust2", "--yes", now=LATER))
    record = done(desk("incident", "show", incident, "--json", now=LATER)).record
    assert (record["state"], record["topic"], record["words"], record["reason"]) == ("dismissed", "", [], "")
    assert len(record["tickets"]) == 2
    assert done(desk("doctor", "--verify", now=LATER)).code == 0


def test_the_log_tells_times_as_times(desk: Cli) -> None:
    done(desk("triage", now=NOW))
    found = [one for one in done(desk("log", "--json", now=NOW)).records if one["event"] == "assessed"]
    told = [
        one["data"][name] for one in found for name in ("due", "warn") if one["data"].get(name) is not None
    ]
    assert told
    assert all(one.startswith("2026-11-2") and one.endswith("Z") for one in told)


def test_the_most_pressing_ticket_stands_first(desk: Cli) -> None:
    incident = opened(desk)["id"]
    done(desk("triage", now=NOW))
    wanted = [one["id"] for one in done(desk("list", "--incident", incident, "--json", now=NOW)).records]
    page = done(desk("incident", "show", incident, now=NOW)).out
    assert sorted(wanted, key=page.index) == wanted
    done(desk("done", wanted[0], "--url", "https://example.com/1", now=NOW))
    page = done(desk("incident", "show", incident, now=NOW)).out
    assert page.index(wanted[1]) < page.index(wanted[0])


def test_a_group_without_a_command_says_so_in_a_line(desk: Cli) -> None:
    for group in ("report", "policy"):
        told, hint = one_line(desk(group, now=NOW))
        assert "Missing command." in told
        assert f"socialcli {group} --help" in hint


class TestTooManyToLookThrough:
    def test_opening_says_that_only_the_newest_were_looked_through(self, cli: Cli) -> None:
        rows = (message(f"m{one}", f"@NorthlineAir seat {one} please", f"cust{one}") for one in range(2001))
        cli.write("inbox.jsonl", *rows)
        done(cli("fetch", now=NOW))
        told = "of 2,001 messages only the newest 2,000 were looked through"
        assert told in done(cli(*OPEN, now=NOW)).err

    def test_confirming_says_so_too(self, cli: Cli) -> None:
        rows = (message(f"m{one}", "@NorthlineAir the app is down", f"cust{one}") for one in range(2001))
        cli.write("inbox.jsonl", *rows)
        done(cli("fetch", now=NOW))
        incident = done(cli("incident", "list", "--state", "suspected", "--json", now=NOW)).record["id"]
        told = "of 2,001 messages only the newest 2,000 were looked through"
        assert told in done(cli("incident", "confirm", incident, now=NOW)).err

    def test_a_few_are_all_looked_through(self, desk: Cli) -> None:
        assert "looked through" not in done(desk(*OPEN, now=NOW)).err
