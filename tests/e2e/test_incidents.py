"""Problems of many, seen by ``fetch`` while they begin: replays of an inbox with the clock going on."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Cli, Run
from tests.e2e.staging import TWO_ACCOUNTS, done, journal, message, policy
from tests.e2e.test_races import at_once

DAY = datetime(2026, 11, 20, tzinfo=UTC)
QUIET = (
    "@KestrelMobile how do I change my billing address?",
    "@KestrelMobile do you have a student tariff?",
    "thanks @KestrelMobile for the quick answer yesterday",
    "@KestrelMobile is the shop in Leeds open on Sunday?",
    "@KestrelMobile my parcel with the new phone has not come yet",
    "@KestrelMobile can I keep my number when I move?",
)
OUTAGE = (
    "@KestrelMobile no signal at all in Bristol, what is going on?",
    "@KestrelMobile my phone has no signal since ten, fix it please",
    "no signal in the whole street @KestrelMobile and I need to call my mother",
    "@KestrelMobile is the network broken? no signal here",
    "@KestrelMobile still no signal. I cannot work like this",
    "@KestrelMobile no signal again, third time this month",
    "no signal @KestrelMobile, nobody answers your phone either",
)
JOKE = (
    "@KestrelMobile sponsors my cat now, she has nine lives and unlimited data lol",
    "my cat has a better tariff than me @KestrelMobile haha",
    "@KestrelMobile give that cat unlimited data, she earned it lol",
    "the @KestrelMobile cat made my day, unlimited data for all cats haha",
    "unlimited data for the cat @KestrelMobile, love it",
    "@KestrelMobile the cat with unlimited data is the best thing today haha",
    "I want what the @KestrelMobile cat has: unlimited data lol",
)
KESTREL = '[brand]\nname = "Kestrel Mobile"\n[[accounts]]\nname = "support"\nnetwork = "file"\nhandle = "KestrelMobile"\n'


def at(minutes: float) -> str:
    """So many minutes after ten on the day."""
    return f"{DAY + timedelta(hours=10, minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"


def said(
    texts: tuple[str, ...], *, start: float = 0, step: float = 2, name: str = "p"
) -> list[dict[str, Any]]:
    """Each by somebody else, ``step`` minutes apart."""
    return [
        message(f"{name}{number}", text, f"{name}_cust{number}", created_at=at(start + number * step))
        for number, text in enumerate(texts)
    ]


def quiet_weeks() -> list[dict[str, Any]]:
    """Three weeks in which now and then somebody writes."""
    return [
        message(
            f"q{number}",
            QUIET[number % len(QUIET)],
            f"q_cust{number}",
            created_at=at(-60 * 24 * 21 + 407 * number),
        )
        for number in range(74)
    ]


@pytest.fixture
def kestrel(cli: Cli) -> Cli:
    """Kestrel Mobile, a quiet brand, with three weeks behind it."""
    policy(cli, KESTREL)
    write(cli)
    done(cli("fetch", now=at(-10)))
    assert incidents(cli) == []
    return cli


def write(cli: Cli, *rows: dict[str, Any]) -> None:
    cli.write("inbox.jsonl", *quiet_weeks(), *rows)


def fetch(cli: Cli, minutes: float, *more: str) -> Run:
    return done(cli("fetch", *more, now=at(minutes)))


def incidents(cli: Cli) -> list[Any]:
    return done(cli("incident", "list", "--json", now=at(0))).records


def only(cli: Cli) -> Any:
    (found,) = incidents(cli)
    return found


def events(cli: Cli, name: str) -> list[Any]:
    return [one for one in cli.lines("queue.jsonl") if one["event"] == name]


def test_five_reports_in_ten_minutes_at_a_quiet_brand(kestrel: Cli) -> None:
    write(kestrel, *said(OUTAGE[:5]))
    found = []
    for minutes in (1, 3, 5, 7, 9):
        run = fetch(kestrel, minutes)
        found.append((len(incidents(kestrel)), "suspected incident" in run.err))
    assert found == [(0, False), (0, False), (0, False), (0, False), (1, True)]
    record = only(kestrel)
    assert (record["state"], record["account"], record["by"]) == ("suspected", "support", None)
    assert (record["opened_at"], record["since"]) == (at(9), at(0))
    assert "signal" in record["words"]
    assert (record["authors"], len(record["tickets"])) == (5, 5)
    assert f"suspected incident {record['id']}: 5 customers in 9 min speak of" in run.err
    assert f"socialcli incident show {record['id']}" in run.err


def test_later_ones_join_and_others_do_not(kestrel: Cli) -> None:
    write(kestrel, *said(OUTAGE[:5]))
    fetch(kestrel, 9)
    late = message(
        "late", "@KestrelMobile no signal in Bath either, what is wrong?", "late", created_at=at(30)
    )
    other = message("other", "@KestrelMobile do you sell phone cases?", "other", created_at=at(31))
    write(kestrel, *said(OUTAGE[:5]), late, other)
    run = fetch(kestrel, 35)
    record = only(kestrel)
    assert run.err == f"incident {record['id']}: 1 more ticket joined\n"
    assert record["authors"] == 6
    who = done(kestrel("list", "--incident", record["id"], "--json", now=at(35))).records
    assert {one["customer"]["handle"] for one in who} == {*(f"p_cust{number}" for number in range(5)), "late"}
    done(kestrel("incident", "close", record["id"], now=at(36)))
    after = message(
        "after", "@KestrelMobile no signal on the train, is that still broken?", "after", created_at=at(37)
    )
    write(kestrel, *said(OUTAGE[:5]), late, other, after)
    fetch(kestrel, 38)
    assert only(kestrel)["authors"] == 6


def test_a_joke_that_spreads_raises_nothing(kestrel: Cli) -> None:
    write(kestrel, *said(JOKE, step=1))
    for minutes in (3, 6, 9):
        fetch(kestrel, minutes)
    assert incidents(kestrel) == []


def test_what_was_dismissed_is_not_raised_again_for_a_day(kestrel: Cli) -> None:
    write(kestrel, *said(OUTAGE[:5]))
    fetch(kestrel, 9)
    record = only(kestrel)
    done(kestrel("incident", "dismiss", record["id"], "--reason", "a drill of ours", now=at(10)))
    write(kestrel, *said(OUTAGE[:5]), *said(OUTAGE, start=60, name="again"))
    fetch(kestrel, 80)
    assert [one["id"] for one in incidents(kestrel)] == [record["id"]]
    assert only(kestrel)["authors"] == 5
    two_days = 60 * 48
    write(kestrel, *said(OUTAGE[:5]), *said(OUTAGE, start=two_days, name="anew"))
    fetch(kestrel, two_days + 20)
    assert {one["state"] for one in incidents(kestrel)} == {"dismissed", "suspected"}


def test_a_fetch_prints_its_record_and_no_more(kestrel: Cli) -> None:
    write(kestrel, *said(OUTAGE[:5]))
    run = fetch(kestrel, 9, "--json")
    assert list(run.record) == ["type", "account", "read", "new", "known", "rejected"]
    assert run.record["new"] == 5
    assert run.err.startswith("suspected incident ")


def test_without_talk_it_is_kept_all_the_same(kestrel: Cli) -> None:
    write(kestrel, *said(OUTAGE[:5]))
    run = done(kestrel("-q", "fetch", now=at(9)))
    assert run.err == ""
    assert only(kestrel)["state"] == "suspected"


def test_nothing_new_is_not_looked_at_and_a_dry_run_raises_nothing(kestrel: Cli) -> None:
    write(kestrel, *said(OUTAGE[:5]))
    before = journal(kestrel)
    assert fetch(kestrel, 9, "--dry-run").err == ""
    assert journal(kestrel) == before
    fetch(kestrel, 9)
    before = journal(kestrel)
    assert fetch(kestrel, 12).err == ""
    assert journal(kestrel) == before


def test_an_import_sees_what_is_new_and_nothing_that_is_old(kestrel: Cli) -> None:
    past = kestrel.write("past.jsonl", *said(OUTAGE, start=-60 * 24 * 90, name="past"))
    run = fetch(kestrel, 0, "--from", str(past), "--json")
    assert (run.record["new"], run.err, incidents(kestrel)) == (7, "", [])
    now = kestrel.write("now.jsonl", *said(OUTAGE))
    run = fetch(kestrel, 20, "--from", str(now), "--json")
    assert run.record["new"] == 7
    assert only(kestrel)["authors"] == 7


def test_what_is_later_than_now_is_not_counted(kestrel: Cli) -> None:
    rows = kestrel.write("now.jsonl", *said(OUTAGE))
    fetch(kestrel, 5, "--from", str(rows))
    assert incidents(kestrel) == []


def test_each_account_for_itself(kestrel: Cli) -> None:
    policy(kestrel, '[brand]\nname = "Kestrel Mobile"\n' + TWO_ACCOUNTS)
    rows = said(OUTAGE[:6])
    write(kestrel, *rows[:3])
    kestrel.write("press-inbox.jsonl", *rows[3:])
    run = fetch(kestrel, 15, "--json")
    assert [(one["account"], one["new"]) for one in run.records] == [("support", 3), ("press", 3)]
    assert incidents(kestrel) == []


def test_the_watch_can_be_switched_off_and_what_was_opened_by_hand_goes_on(kestrel: Cli) -> None:
    policy(kestrel, KESTREL + "[incident]\nwatch = false\n")
    write(kestrel, *said(OUTAGE[:5]))
    fetch(kestrel, 9)
    assert incidents(kestrel) == []
    opened = done(
        kestrel("incident", "open", "--topic", "network", "--words", "signal", "--json", now=at(9))
    ).record
    assert opened["authors"] == 5
    write(kestrel, *said(OUTAGE))
    fetch(kestrel, 15)
    assert only(kestrel)["authors"] == 7


@pytest.mark.parametrize("by_hand", [False, True])
def test_two_fetches_at_once_make_one_incident(kestrel: Cli, by_hand: bool) -> None:
    """Each alone brings enough; both see what the other has brought."""
    if by_hand:
        done(kestrel("incident", "open", "--topic", "network", "--words", "signal", now=at(0)))
    files = [kestrel.write(f"{name}.jsonl", *said(OUTAGE, name=name)) for name in ("one", "two")]
    when = ("--now", at(15))
    runs = at_once(kestrel, *((*when, "fetch", "--from", str(one), "--json") for one in files))
    assert [(run.code, run.record["new"]) for run in runs] == [(0, 7), (0, 7)]
    assert only(kestrel)["authors"] == 14
    assert len(events(kestrel, "incident-suspected")) == (0 if by_hand else 1)
    joined = [one["ticket"] for one in events(kestrel, "incident-joined")]
    assert len(joined) == len(set(joined)) == 14


@pytest.mark.parametrize("kept", [1, 3])
def test_killed_while_it_was_written_the_next_fetch_makes_it_whole(kestrel: Cli, kept: int) -> None:
    """Of the lines that one write adds only some came to the disk, the last one in part."""
    write(kestrel, *said(OUTAGE[:5]))
    fetch(kestrel, 9)
    lines = journal(kestrel).splitlines(keepends=True)
    first = next(place for place, line in enumerate(lines) if b'"event":"incident-suspected"' in line)
    (kestrel.workspace / "queue.jsonl").write_bytes(
        b"".join(lines[: first + kept]) + lines[first + kept][:40]
    )
    shutil.rmtree(kestrel.workspace / ".socialcli")  # the index never saw more
    write(kestrel, *said(OUTAGE[:6]))
    fetch(kestrel, 11)
    record = only(kestrel)
    assert (record["authors"], len(record["tickets"])) == (6, 6)
    assert done(kestrel("doctor", "--verify")).code == 0


def test_killed_before_the_check_the_next_fetch_looks(kestrel: Cli) -> None:
    """The messages came to the disk, and nothing more: the next fetch brings nothing new, and checks."""
    mark = kestrel.workspace / ".socialcli" / "watched-support"
    before = mark.read_bytes()
    write(kestrel, *said(OUTAGE[:5]))
    fetch(kestrel, 9)
    lines = journal(kestrel).splitlines(keepends=True)
    left = [line for line in lines if b'"event":"incident-' not in line]
    (kestrel.workspace / "queue.jsonl").write_bytes(b"".join(left))
    shutil.rmtree(kestrel.workspace / ".socialcli")
    mark.parent.mkdir()
    mark.write_bytes(before)
    run = fetch(kestrel, 10, "--json")
    assert run.record["new"] == 0
    assert "suspected incident" in run.err
    assert only(kestrel)["authors"] == 5
    assert fetch(kestrel, 11).err == ""


def test_a_fault_in_the_check_does_not_fail_the_fetch(kestrel: Cli) -> None:
    write(kestrel, *said(OUTAGE[:4]))
    fetch(kestrel, 7)
    content = journal(kestrel)
    line = next(one for one in content.splitlines() if b'"id":"p1"' in one)
    (kestrel.workspace / "queue.jsonl").write_bytes(content.replace(line, b"{".ljust(len(line))))
    write(kestrel, *said(OUTAGE[:5]))
    run = fetch(kestrel, 9, "--json")
    assert run.record["new"] == 1
    assert "support: could not look for incidents: " in run.err
    assert incidents(kestrel) == []


def test_the_words_of_an_incident_are_nobodys_own(kestrel: Cli) -> None:
    """Somebody is forgotten: what they said is gone, the incident stands."""
    secret = message(
        "p9", "@KestrelMobile no signal, ring my neighbour Quillfeather", "zaphira", created_at=at(3)
    )
    write(kestrel, *said(OUTAGE[:5]), secret)
    fetch(kestrel, 9)
    assert only(kestrel)["authors"] == 6
    done(kestrel("forget", "@zaphira", "--yes", now=at(10)))
    left = journal(kestrel).lower()
    assert b"quillfeather" not in left
    assert b"zaphira" not in left
    record = only(kestrel)
    assert (record["state"], record["authors"], len(record["tickets"])) == ("suspected", 6, 6)
    assert "signal" in record["words"]
    assert done(kestrel("doctor", "--verify")).code == 0


def test_the_archive_keeps_what_belongs_to_an_incident(kestrel: Cli) -> None:
    write(kestrel, *said(OUTAGE[:5]))
    fetch(kestrel, 9)
    record = only(kestrel)
    done(kestrel("triage", now=at(10)))
    for ticket in record["tickets"]:
        done(kestrel("done", ticket, "--url", "https://example.com/1", now=at(20)))
    done(kestrel("incident", "close", record["id"], now=at(30)))
    done(kestrel("archive", "--before", "30d", "--yes", now=at(60 * 24 * 60)))
    assert b'"p0"' not in journal(kestrel)
    again = only(kestrel)
    assert again["tickets"] == record["tickets"]
    assert again["state"] == "closed"


def test_the_same_replay_says_the_same(cli: Cli, tmp_path: Path) -> None:
    """Two workspaces, one replay: the same incident to the letter."""
    seen = []
    for place in ("one", "two"):
        folder = tmp_path / place
        folder.mkdir()
        own = Cli(folder, cli.home)
        policy(own, KESTREL)
        write(own, *said(OUTAGE))
        for minutes in (-10, 5, 10, 15):
            fetch(own, minutes)
        seen.append(done(own("incident", "list", "--json", now=at(15))).out)
    assert seen[0] == seen[1] != ""
