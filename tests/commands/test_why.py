"""``why``: rules, words, clocks, and what would change it."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import NOW, done, journal, message, policy, queued


def test_every_point_has_its_rule_and_its_words(cli: Cli) -> None:
    ticket = queued(cli)
    out = done(cli("why", ticket, now=NOW)).out
    assert out.startswith(f"{ticket}: respond, urgent (")
    assert 'time/deadline-today  "in 40 min" at ' in out
    assert "due: 2026-11-20T10:15:00Z" in out
    record = done(cli("why", ticket, "--json", now=NOW)).record
    assert (
        sum(reason["weight"] for reason in record["assessment"]["reasons"]) == record["assessment"]["score"]
    )
    assert any("it would not be urgent" in change for change in record["would_change"])


def test_it_tells_before_triage_has_spoken_and_writes_nothing(cli: Cli) -> None:
    cli.write("inbox.jsonl", message())
    done(cli("fetch", now=NOW))
    before = journal(cli)
    ticket = cli("list", "--json").record["id"]
    assert "not triaged yet" in done(cli("why", ticket)).out
    assert journal(cli) == before


def test_a_saved_filter_is_no_other_policy_and_a_deadline_is(cli: Cli) -> None:
    policy(cli, "")
    ticket = queued(cli)
    policy(cli, '[filters.mine]\nassignee = "sb"\n')
    assert "another policy" not in done(cli("why", ticket, now=NOW)).out
    assert done(cli("triage", "--all", "--json", now=NOW)).records == []
    policy(cli, '[deadlines]\nurgent = "10m"\n')
    assert "another policy assessed it" in done(cli("why", ticket, now=NOW)).out


def test_of_erased_words_it_tells_the_decision_that_was_taken(cli: Cli) -> None:
    ticket = queued(cli)
    before = done(cli("why", ticket, "--json", now=NOW)).record["assessment"]
    done(cli("forget", "@cust1", "--as", "sb", "--yes", now=NOW))
    run = done(cli("why", ticket, now=NOW))
    assert run.out.startswith(f"{ticket}: respond, urgent (")
    assert "the words of the message were erased" in run.out
    after = done(cli("why", ticket, "--json", now=NOW)).record["assessment"]
    kept = ("respond", "priority", "score", "kind", "topic", "sentiment", "register", "language")
    assert [after[name] for name in kept] == [before[name] for name in kept]
    assert after["reasons"] == after["private_data"] == []
