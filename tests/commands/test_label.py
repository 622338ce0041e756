"""``label``: on and off, one ticket or many, safe to repeat."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Cli
from tests.e2e.staging import NOW, done, journal, message, one_line, queued

ROWS = (
    message("m1", "@NorthlineAir my lost bag is still in Oslo", "cust1"),
    message("m2", "@NorthlineAir where is my lost bag?", "cust2"),
    message("m3", "@NorthlineAir how much does a second seat cost?", "cust3"),
)


def labels(cli: Cli) -> dict[str, list[str]]:
    return {one["customer"]["handle"]: one["labels"] for one in done(cli("list", "--json", now=NOW)).records}


def ids(cli: Cli) -> dict[str, str]:
    return {one["customer"]["handle"]: one["id"] for one in done(cli("list", "--json", now=NOW)).records}


def test_on_and_off_in_one_go(cli: Cli) -> None:
    ticket = queued(cli)
    assert done(cli("label", ticket, "+baggage", "+urgent", "--json", now=NOW)).record["labels"] == [
        "baggage",
        "urgent",
    ]
    assert done(cli("label", ticket, "-urgent", "+oslo", "--json", now=NOW)).record["labels"] == [
        "baggage",
        "oslo",
    ]
    (event,) = [
        one for one in cli.lines("queue.jsonl") if one["data"] == {"add": ["oslo"], "remove": ["urgent"]}
    ]
    assert (event["event"], event["ticket"], event["by"]) == ("labelled", ticket, "sb")


@pytest.mark.parametrize("name", ["help", "as", "json", "dry-run", "host", "1"])
def test_what_looks_like_an_option_is_taken_off_all_the_same(cli: Cli, name: str) -> None:
    ticket = queued(cli)
    done(cli("label", ticket, f"+{name}", now=NOW))
    assert labels(cli) == {"cust1": [name]}
    assert done(cli("label", f"-{name}", ticket, "--as", "sb", "--json", now=NOW)).record["labels"] == []


def test_its_help_is_still_there(cli: Cli) -> None:
    assert done(cli("label", "-h")).out == done(cli("label", "--help")).out


def test_a_second_run_writes_nothing(cli: Cli) -> None:
    ticket = queued(cli)
    done(cli("label", ticket, "+baggage", now=NOW))
    before = journal(cli)
    again = done(cli("label", ticket, "+baggage", "-never-there", "--json", now=NOW))
    assert again.record["labels"] == ["baggage"]
    assert journal(cli) == before


def test_a_dry_run_prints_the_plan_and_writes_nothing(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    plan = done(cli("label", ticket, "+baggage", "--dry-run", "--json", now=NOW)).record
    assert (plan["event"], plan["ticket"]) == ("labelled", ticket)
    assert plan["data"] == {"add": ["baggage"], "remove": []}
    assert journal(cli) == before
    assert done(cli("label", ticket, "-baggage", "--dry-run", "--json", now=NOW)).records == []


def test_what_a_search_found_is_labelled_in_one_write(cli: Cli) -> None:
    queued(cli, *ROWS)
    found = done(cli("list", "--match", "lost bag", "--json", now=NOW)).out
    done(cli("label", "-", "+baggage", input=found, now=NOW))
    assert labels(cli) == {"cust1": ["baggage"], "cust2": ["baggage"], "cust3": []}
    written = [one for one in cli.lines("queue.jsonl") if one["event"] == "labelled"]
    assert len(written) == 2
    assert len({one["at"] for one in written}) == 1


def test_lines_of_the_list_as_people_see_it_will_do_too(cli: Cli) -> None:
    queued(cli, *ROWS)
    done(cli("label", "-", "+all", input=done(cli("list", now=NOW)).out + "\n\n", now=NOW))
    assert set(map(tuple, labels(cli).values())) == {("all",)}


def test_no_ticket_on_standard_input_is_nothing_to_do(cli: Cli) -> None:
    queued(cli)
    before = journal(cli)
    run = done(cli("label", "-", "+all", input="", now=NOW))
    assert (run.out, run.err) == ("", "no ticket on standard input: nothing to do\n")
    assert done(cli("-q", "claim", "-", input="\n", now=NOW)).err == ""
    assert journal(cli) == before


def test_the_unknown_are_named_and_the_rest_is_done(cli: Cli) -> None:
    ticket = queued(cli)
    run = cli("label", ticket, "qqqq", "rrrr", "+baggage", now=NOW)
    assert run.code == 8
    assert 'no ticket "qqqq"' in run.err
    assert 'no ticket "rrrr"' in run.err
    assert labels(cli) == {"cust1": ["baggage"]}


def test_where_none_is_known_nothing_is_written(cli: Cli) -> None:
    queued(cli)
    before = journal(cli)
    assert cli("label", "qqqq", "+baggage", now=NOW).code == 5
    run = cli("label", "qqqq", "rrrr", "+baggage", now=NOW)
    assert (run.code, run.err.splitlines()[0]) == (5, 'socialcli: no tickets "qqqq", "rrrr"')
    assert journal(cli) == before


def test_lines_that_are_no_tickets_are_named_with_their_numbers(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    run = cli("label", "-", "+baggage", input=f'{ticket}\n{{"type":"ticket"}}\n{{broken\n', now=NOW)
    assert run.code == 7
    assert "standard input:2:" in run.err
    assert "standard input:3:" in run.err
    assert journal(cli) == before


@pytest.mark.parametrize(
    "name",
    [
        "",
        "two words",
        "a\tb",
        "\x1b[31mred",
        "a" * 51,
        "-a",
        ".",
        "x/y",
        "a,b",
        "\u202eabc",
        "a\u200bb",
        "=1+1",
        "$(rm)",
    ],
)
def test_hostile_names_are_refused_plainly(cli: Cli, name: str) -> None:
    ticket = queued(cli)
    before = journal(cli)
    run = cli("label", ticket, f"+{name}", now=NOW)
    assert run.code == 2
    told, hint = one_line(run)
    assert "is no label" in told
    assert "letters, digits" in hint
    assert "\x1b" not in run.err
    assert journal(cli) == before


def test_labels_are_lower_case_and_may_be_of_any_language(cli: Cli) -> None:
    ticket = queued(cli)
    kept = done(
        cli("label", ticket, "+Gepäck", "+VIP:gold", "+行李", "+a" + "b" * 49, "--json", now=NOW)
    ).record["labels"]
    assert kept == sorted(["gepäck", "vip:gold", "行李", "a" + "b" * 49])
    assert [one["id"] for one in done(cli("list", "--label", "GEPÄCK", "--json", now=NOW)).records] == [
        ticket
    ]


def test_a_label_without_its_plus_is_seen_as_one(cli: Cli) -> None:
    ticket = queued(cli)
    run = cli("label", ticket, "baggage", now=NOW)
    told, hint = one_line(run)
    assert (run.code, told) == (2, "no label is named")
    assert f"socialcli label {ticket} +baggage" in hint


def test_a_plan_is_said_in_words_and_has_no_time_yet(cli: Cli) -> None:
    ticket = queued(cli)
    out = done(cli("label", ticket, "+baggage", "--dry-run", now=NOW)).out
    assert out == f"would be: {ticket}  labelled +baggage (sb)\n"
    plan = done(cli("label", ticket, "+baggage", "--dry-run", "--json", now=NOW)).record
    assert (plan["at"], plan["id"]) == (None, None)
    done(cli("label", ticket, "+baggage", "+oslo", now=NOW))
    assert "labelled by sb  +baggage +oslo\n" in done(cli("log", ticket)).out
    assert "labelled by sb  +baggage +oslo\n" in done(cli("show", ticket, "--history")).out


def test_usage(cli: Cli) -> None:
    ticket = queued(cli)
    assert cli("label", ticket, now=NOW).code == 2
    assert cli("label", "+baggage", now=NOW).code == 2
    assert cli("label", ticket, "+a", "-a", now=NOW).code == 2


def test_a_thousand_tickets_take_one_write(cli: Cli) -> None:
    rows = [message(f"m{n}", f"@NorthlineAir seat {n} please", f"cust{n}") for n in range(1000)]
    cli.write("inbox.jsonl", *rows)
    done(cli("fetch", now=NOW))
    records = done(cli("list", "--json", now=NOW)).out
    out = done(cli("label", "-", "+seats", "--json", input=records, now=NOW)).records
    assert len(out) == 1000
    assert len(done(cli("list", "--label", "seats", "--json", now=NOW)).records) == 1000
    assert json.loads(records.splitlines()[0])["labels"] == []
