"""``claim``: a lease, one holder."""

from __future__ import annotations

from tests.conftest import Cli, collect
from tests.e2e.staging import LATER, NOW, TWO_AGENTS, done, journal, message, policy, queued


def test_it_ends_by_itself(cli: Cli) -> None:
    ticket = queued(cli)
    assert done(cli("claim", ticket, "--json", now=NOW)).record["assignee"] == "sb"
    assert done(cli("list", "--json", now="2026-11-20T10:34:00Z")).record["assignee"] == "sb"
    assert done(cli("list", "--json", now="2026-11-20T10:36:00Z")).record["assignee"] is None


def test_claiming_again_renews_it(cli: Cli) -> None:
    ticket = queued(cli)
    done(cli("claim", ticket, now=NOW))
    done(cli("claim", ticket, now="2026-11-20T10:30:00Z"))
    assert done(cli("list", "--json", now="2026-11-20T10:59:00Z")).record["assignee"] == "sb"


def test_two_at_the_same_moment_have_one_winner(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli)
    both = [cli.start("claim", ticket, "--as", name, now=LATER) for name in ("sb", "mo")]
    assert sorted(collect(process).code for process in both) == [0, 6]


def test_several_at_once_and_somebody_elses_stays_theirs(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    first = queued(cli, message(), message("m2", "@NorthlineAir seat?", "cust2"))
    done(cli("claim", first, "--as", "mo", now=NOW))
    records = done(cli("list", "--json", now=NOW)).out
    run = cli("claim", "-", "--as", "sb", "--json", input=records, now=NOW)
    assert run.code == 8
    assert first in run.error["message"]
    assert [one["assignee"] for one in run.records] == ["sb"]
    given = cli("release", "-", "--as", "sb", "--json", input=records, now=NOW)
    assert (given.code, [one["assignee"] for one in given.records]) == (8, [None])
    assert done(cli("show", first, "--json", now=NOW)).records[0]["assignee"] == "mo"
    assert cli("claim", first, "--as", "sb", now=NOW).code == 6
    assert cli("claim", "--as", "sb", now=NOW).code == 2


def test_a_dry_run_prints_what_would_be_written(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    plan = done(cli("claim", ticket, "--dry-run", "--json", now=NOW)).record
    assert (plan["type"], plan["event"], plan["ticket"], plan["by"]) == ("event", "claimed", ticket, "sb")
    assert (plan["at"], plan["id"]) == (None, None)
    out = done(cli("claim", ticket, "--dry-run", now=NOW)).out
    assert out == f"would be: {ticket}  claimed agent=sb  until=2026-11-20T10:35:00Z (sb)\n"
    assert done(cli("release", ticket, "--dry-run", now=NOW)).out == ""
    assert journal(cli) == before


def test_nothing_is_planned_or_written_for_what_is_so_already(cli: Cli) -> None:
    ticket = queued(cli)
    done(cli("claim", ticket, now=NOW))
    claimed = journal(cli)
    assert done(cli("claim", ticket, "--dry-run", now=NOW)).out == ""
    assert done(cli("claim", ticket, "--json", now=NOW)).record["assignee"] == "sb"
    assert journal(cli) == claimed
    assert done(cli("claim", ticket, "--dry-run", "--json", now=LATER)).record["event"] == "claimed"
    assert done(cli("release", ticket, "--dry-run", now=NOW)).out == f"would be: {ticket}  released (sb)\n"
    assert journal(cli) == claimed


# only open time counts

OPEN_TILL_FIVE = """
[hours]
coverage = "{coverage}"
mon = "09:00-17:00"
tue = "09:00-17:00"
wed = "09:00-17:00"
thu = "09:00-17:00"
fri = "09:00-17:00"
sat = ""
sun = ""
[claim]
lease = "30m"
"""
FRIDAY = "2026-11-20T16:50:00Z"  # ten minutes before closing time


def test_a_lease_counts_open_time_only(cli: Cli) -> None:
    policy(cli, TWO_AGENTS + OPEN_TILL_FIVE.format(coverage="hours"))
    ticket = queued(cli)
    record = done(cli("claim", ticket, "--as", "sb", "--json", now=FRIDAY)).record
    assert record["claimed_until"] == "2026-11-23T09:20:00Z"  # Monday
    assert cli("claim", ticket, "--as", "mo", now="2026-11-22T12:00:00Z").code == 6
    assert cli("claim", ticket, "--as", "mo", now="2026-11-23T09:20:01Z").code == 0


def test_round_the_clock_it_counts_by_the_clock(cli: Cli) -> None:
    policy(cli, TWO_AGENTS + OPEN_TILL_FIVE.format(coverage="24x7"))
    ticket = queued(cli)
    record = done(cli("claim", ticket, "--as", "sb", "--json", now=FRIDAY)).record
    assert record["claimed_until"] == "2026-11-20T17:20:00Z"


def test_a_night_on_which_the_clocks_change_is_no_open_time(cli: Cli) -> None:
    night = OPEN_TILL_FIVE.format(coverage="hours").replace('sat = ""', 'sat = "23:30-02:10"')
    policy(cli, TWO_AGENTS + night)
    ticket = queued(cli)
    record = done(cli("claim", ticket, "--as", "sb", "--json", now="2027-03-28T00:50:00Z")).record
    # At one the clock is put forward to two, and they close at ten past: ten minutes are left for Monday.
    assert record["claimed_until"] == "2027-03-29T08:10:00Z"
