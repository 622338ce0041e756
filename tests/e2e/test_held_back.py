"""What must not go out, although somebody once asked for it: the world changed while the draft waited."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest

from tests.conftest import Cli, Run
from tests.e2e.staging import LATER, NOW, SORRY, TWO_AGENTS, done, message, policy, queued

TEAM = f"""{TWO_AGENTS}
[[agents]]
id = "tr"
name = "Tom Reyes"
initials = "TR"
role = "draft"
"""
TRAINEE = "@cust1 So sorry about your bag. Please DM us the reference and we will trace it now. ^TR"
ONE_MORE = "@cust1 One more thing: please DM us your tag number. ^TR"


def say(cli: Cli, ticket: str, text: str, agent: str, *more: str, env: dict[str, str] | None = None) -> Run:
    return cli(
        "reply", ticket, "--text", text, "--as", agent, "--yes", "--json", *more, now=LATER, env=env or {}
    )


def add(cli: Cli, *rows: dict[str, Any]) -> None:
    with (cli.workspace / "inbox.jsonl").open("a") as inbox:
        inbox.writelines(json.dumps(row) + "\n" for row in rows)
    done(cli("fetch", now=LATER))


def posted(cli: Cli) -> int:
    return len(cli.lines("outbox.jsonl")) if (cli.workspace / "outbox.jsonl").exists() else 0


@pytest.fixture
def drafted(cli: Cli) -> tuple[str, str]:
    """A ticket, and a trainee's draft that waits for somebody's yes."""
    policy(cli, TEAM)
    ticket = queued(cli)
    record = done(say(cli, ticket, TRAINEE, "tr")).record
    assert record["state"] == "awaiting-approval"
    return ticket, record["id"]


def test_a_trainee_settles_nothing(cli: Cli) -> None:
    policy(cli, TEAM)
    ticket = queued(cli)
    say(cli, ticket, SORRY, "sb", env={"SOCIALCLI_FAIL_POINT": "post:intended"})
    assert cli("outbox", "--settle", "--as", "tr", now=LATER).code == 3
    assert say(cli, ticket, SORRY, "tr").code == 3
    assert posted(cli) == 0
    assert done(cli("outbox", "--settle", "--as", "sb", "--json", now=LATER)).record["state"] == "sent"
    assert posted(cli) == 1


def test_what_waited_is_held_against_the_policy_of_today(cli: Cli, drafted: tuple[str, str]) -> None:
    _, draft = drafted
    done(cli("approve", draft, "--as", "sb", "--no-post", now=LATER))
    policy(cli, f'{TEAM}\n[reply]\nsign_off = "- {{first_name}}"\n')
    assert cli("approve", draft, "--as", "mo", now=LATER).code == 3
    assert cli("outbox", "--settle", "--as", "sb", now=LATER).code == 3
    assert posted(cli) == 0


def test_an_edit_brings_in_no_money(cli: Cli, drafted: tuple[str, str]) -> None:
    _, draft = drafted
    costly = "@cust1 So sorry. We will pay you 10000 pounds in compensation. Please DM us. ^TR"
    run = cli("approve", draft, "--as", "sb", "--edit", costly, "--json", now=LATER)
    assert (run.code, posted(cli)) == (3, 0)
    assert "money" in run.error["message"]


def test_an_edit_lowers_a_sum_and_does_not_raise_it(cli: Cli) -> None:
    policy(cli, TEAM)
    text = "@cust1 So sorry. We refund you £60 today. Please DM us. ^TR"
    draft = done(cli("reply", queued(cli), "--text", text, "--as", "tr", "--yes", "--json", now=LATER)).record
    for edit, code in ((text.replace("60", "5000"), 3), (text.replace("£60", "£60 a day"), 3)):
        run = cli("approve", draft["id"], "--as", "sb", "--edit", edit, "--json", now=LATER)
        assert (run.code, posted(cli)) == (code, 0)
        assert "money" in run.error["message"]
    less = text.replace("60", "40")
    assert (
        done(cli("approve", draft["id"], "--as", "sb", "--edit", less, "--json", now=LATER)).record["text"]
        == less
    )


def test_somebody_else_has_claimed_the_ticket_meanwhile(cli: Cli, drafted: tuple[str, str]) -> None:
    ticket, draft = drafted
    done(cli("claim", ticket, "--as", "mo", now=LATER))
    run = cli("approve", draft, "--as", "sb", "--json", now=LATER)
    assert (run.code, posted(cli)) == (6, 0)
    assert "claimed by mo" in run.error["message"]


def test_once_more_on_purpose_can_be_approved(cli: Cli) -> None:
    policy(cli, TEAM)
    ticket = queued(cli)
    done(say(cli, ticket, SORRY, "sb"))
    draft = done(say(cli, ticket, ONE_MORE, "tr", "--again")).record["id"]
    assert done(cli("approve", draft, "--as", "sb", "--json", now=LATER)).record["state"] == "sent"
    assert posted(cli) == 2


def test_once_more_on_purpose_can_be_settled(cli: Cli) -> None:
    ticket = queued(cli)
    done(say(cli, ticket, SORRY, "sb"))
    more = ONE_MORE.replace("TR", "SB")
    say(cli, ticket, more, "sb", "--again", env={"SOCIALCLI_FAIL_POINT": "post:intended"})
    done(cli("outbox", "--settle", "--as", "sb", now=LATER))
    assert posted(cli) == 2


def test_an_older_message_that_arrives_late_was_not_read(cli: Cli, drafted: tuple[str, str]) -> None:
    ticket, draft = drafted
    insulin = "My insulin is in that bag, I am diabetic, what shall I do?"
    add(cli, message("m0", insulin, created_at="2026-11-20T09:59:00Z", visibility="direct"))
    run = cli("approve", draft, "--as", "sb", "--json", now=LATER)
    assert (run.code, posted(cli)) == (6, 0)
    assert "m0" in run.error["message"]
    assert done(cli("show", ticket, "--json")).records[0]["status"] == "open"


def test_the_same_words_to_the_same_id_on_another_network_are_another_draft(cli: Cli) -> None:
    rows = [message("77", network="mastodon"), message("77", network="bluesky")]
    cli.write("two.jsonl", *rows)
    done(cli("fetch", "--from", "two.jsonl", now=NOW))
    first, second = (ticket["id"] for ticket in done(cli("list", "--json")).records)
    one = done(say(cli, first, SORRY, "sb")).record
    done(cli("done", first, "--url", "https://social.example/1", now=LATER))
    two = done(say(cli, second, SORRY, "sb")).record
    assert (two["ticket"], two["state"]) == (second, "by-hand")
    assert one["id"] != two["id"]


def test_a_deleted_lock_folder_lets_nobody_post_twice(cli: Cli) -> None:
    ticket = queued(cli)
    first = done(say(cli, ticket, SORRY, "sb")).record
    shutil.rmtree(cli.workspace / ".socialcli")
    again = done(say(cli, ticket, SORRY, "sb")).record
    assert (again["remote_id"], posted(cli)) == (first["remote_id"], 1)


def test_a_lost_journal_finds_its_answer_on_the_network(cli: Cli) -> None:
    ticket = queued(cli)
    first = done(say(cli, ticket, SORRY, "sb")).record
    (cli.workspace / "queue.jsonl").unlink()
    done(cli("fetch", now=LATER))
    for _ in range(2):
        again = done(say(cli, ticket, SORRY, "sb")).record
        assert (again["state"], again["remote_id"], posted(cli)) == ("sent", first["remote_id"], 1)


def test_an_answer_to_our_answer_stays_in_its_ticket(cli: Cli) -> None:
    ticket = queued(cli)
    remote = done(say(cli, ticket, SORRY, "sb")).record["remote_id"]
    late = message("m2", "Still nothing?!", in_reply_to=remote, created_at="2026-11-20T10:06:00Z")
    add(cli, late)
    (record,) = done(cli("list", "--json")).records
    assert (record["id"], record["status"], record["messages"]) == (ticket, "open", 3)


def test_a_statement_speaks_for_the_brand_and_waits(cli: Cli) -> None:
    ticket = queued(cli)
    values = ("--set", "what=the app", "--set", "next_update=11:00")
    run = done(
        cli(
            "reply", ticket, "-t", "statement-identified", *values, "--yes", "--json", "--as", "sb", now=LATER
        )
    )
    assert run.record["state"] == "awaiting-approval"
    assert run.record["text"].endswith("^SB")
    assert posted(cli) == 0
