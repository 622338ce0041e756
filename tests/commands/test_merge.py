"""``merge``: two tickets of one customer become one, under both names."""

from __future__ import annotations

import pytest

from tests.conftest import Cli
from tests.e2e.staging import (
    LATER,
    MONEY,
    NOW,
    SORRY,
    TWO_AGENTS,
    done,
    journal,
    message,
    policy,
    queued,
)

ROWS = (
    message("m1", "@NorthlineAir how much does a second bag cost?", "cust1"),
    message(
        "m2",
        "@NorthlineAir my bag never arrived, flight boards in 40 min. Help!",
        "cust1",
        created_at="2026-11-20T10:01:00Z",
    ),
    message("m3", "@NorthlineAir lovely crew", "cust2"),
)


def tickets(cli: Cli, *rows: dict[str, object]) -> list[str]:
    """A ticket for each message, in their order."""
    queued(cli, *rows)
    shown = done(cli("list", "--json", now=NOW)).records
    found = {done(cli("show", one["id"], "--json", now=NOW)).records[1]["id"]: one["id"] for one in shown}
    return [str(found[row["id"]]) for row in rows]


def thread(cli: Cli, ticket: str) -> list[str]:
    return [
        one["id"] for one in done(cli("show", ticket, "--json", now=NOW)).records if one["type"] == "message"
    ]


def test_all_of_both_under_the_name_of_the_older(cli: Cli) -> None:
    older, younger, other = tickets(cli, *ROWS)
    done(cli("label", younger, "+baggage", now=NOW))
    done(cli("note", older, "rang them", now=NOW))
    done(cli("claim", younger, now=NOW))
    kept = done(cli("merge", younger, older, "--json", now=NOW)).record
    assert (kept["id"], kept["messages"], kept["labels"]) == (older, 2, ["baggage"])
    assert (kept["priority"], kept["assignee"], kept["status"]) == ("urgent", "sb", "open")
    assert kept["received_at"] == kept["opened_at"] == "2026-11-20T10:00:00Z"
    assert thread(cli, younger) == thread(cli, older) == ["m1", "m2"]
    history = [one["event"] for one in done(cli("log", younger, "--json", now=NOW)).records]
    assert {"note", "labelled", "claimed", "merged"} <= set(history)
    assert sorted(one["id"] for one in done(cli("list", "--json", now=NOW)).records) == sorted([older, other])


def test_whichever_is_kept_the_older_gives_the_name(cli: Cli) -> None:
    older, younger, _ = tickets(cli, *ROWS)
    assert done(cli("merge", older, younger, "--json", now=NOW)).record["id"] == older


def test_a_second_run_writes_nothing(cli: Cli) -> None:
    older, younger, _ = tickets(cli, *ROWS)
    done(cli("merge", older, younger, now=NOW))
    before = journal(cli)
    for names in ((older, younger), (younger, older)):
        assert done(cli("merge", *names, "--json", now=NOW)).record["id"] == older
    assert journal(cli) == before


def test_what_is_read_later_finds_it(cli: Cli) -> None:
    older, younger, _ = tickets(cli, *ROWS)
    done(cli("merge", older, younger, now=NOW))
    late = message("m9", "any news?", "cust1", in_reply_to="m2", created_at="2026-11-20T10:05:00Z")
    cli.write("inbox.jsonl", *ROWS, late)
    done(cli("fetch", now=LATER))
    assert thread(cli, older) == ["m1", "m2", "m9"]


def test_an_answer_in_one_stays_an_answer(cli: Cli) -> None:
    older, younger, _ = tickets(cli, *ROWS)
    sent = done(cli("reply", younger, "--text", SORRY, "--yes", "--json", now=LATER)).record
    done(cli("merge", older, younger, now=LATER))
    assert sent["remote_id"] in thread(cli, older)
    assert len(cli.lines("outbox.jsonl")) == 1


def test_not_two_customers(cli: Cli) -> None:
    older, _, other = tickets(cli, *ROWS)
    before = journal(cli)
    run = cli("merge", older, other, now=NOW)
    assert run.code == 3
    assert "@cust1" in run.err
    assert "@cust2" in run.err
    assert cli("merge", older, other, "--dry-run", now=NOW).code == 3
    assert journal(cli) == before


@pytest.mark.parametrize("keep_first", [True, False])
def test_not_while_a_draft_is_on_its_way(cli: Cli, *, keep_first: bool) -> None:
    policy(cli, TWO_AGENTS)
    older, younger, _ = tickets(cli, *ROWS)
    waiting = cli("reply", younger, "--text", MONEY, "--as", "sb", "--yes", "--json", now=LATER)
    assert waiting.record["state"] == "awaiting-approval"
    before = journal(cli)
    names = (older, younger) if keep_first else (younger, older)
    assert cli("merge", *names, "--as", "sb", now=LATER).code == 6
    assert journal(cli) == before


def test_a_dry_run_writes_nothing(cli: Cli) -> None:
    older, younger, _ = tickets(cli, *ROWS)
    before = journal(cli)
    plan = done(cli("merge", older, younger, "--dry-run", "--json", now=NOW)).record
    assert (plan["event"], plan["ticket"], plan["data"]) == ("merged", older, {"of": younger})
    assert journal(cli) == before


def test_one_ticket_twice_is_a_slip(cli: Cli) -> None:
    older, _, _ = tickets(cli, *ROWS)
    before = journal(cli)
    for other in (older, older[:5]):
        run = cli("merge", older, other, now=NOW)
        assert run.code == 2
        assert "are one ticket" in run.err
    assert journal(cli) == before


def test_unknown(cli: Cli) -> None:
    older, _, _ = tickets(cli, *ROWS)
    assert cli("merge", older, "qqqq", now=NOW).code == 5
    assert cli("merge", "qqqq", older, now=NOW).code == 5


def test_found_by_the_words_of_both(cli: Cli) -> None:
    older, younger, _ = tickets(cli, *ROWS)
    assert (
        len(done(cli("list", "--match", "boards", "--json", now=NOW)).records) == 1
    )  # the full text is there
    done(cli("merge", younger, older, now=NOW))
    for words in ("boards", '"second bag"'):
        assert [one["id"] for one in done(cli("list", "--match", words, "--json", now=NOW)).records] == [
            older
        ]
