"""``reply --correct``: a new answer to the same message, with a trace to the one it puts right."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Cli, Run
from tests.e2e.staging import LATER, MONEY, SORRY, TWO_AGENTS, done, message, policy, queued

RIGHT = "@cust1 Sorry, I meant the tag number, not the reference: please DM us that one. ^SB"
ONCE_MORE = "@cust1 And it is the long number below the bars on the tag. Please DM us that. ^SB"


@pytest.fixture
def answered(cli: Cli) -> tuple[str, str]:
    """A ticket, and the draft that answered it."""
    policy(cli, TWO_AGENTS)
    ticket = queued(cli)
    record = done(cli("reply", ticket, "--text", SORRY, "--as", "sb", "--yes", "--json", now=LATER)).record
    return ticket, str(record["id"])


def correct(cli: Cli, ticket: str, name: str, text: str = RIGHT, *more: str) -> Run:
    call = ("reply", ticket, "--correct", name, "--text", text, "--as", "sb", "--yes", "--json", *more)
    return cli(*call, now="2026-11-20T10:10:00Z")


def posted(cli: Cli) -> list[tuple[str, str]]:
    return [(one["in_reply_to"], one["text"]) for one in cli.lines("outbox.jsonl")]


@pytest.mark.parametrize("by_name", [True, False])
def test_it_answers_the_same_message_once(cli: Cli, answered: tuple[str, str], by_name: bool) -> None:
    ticket, old = answered
    record = done(correct(cli, ticket, old if by_name else "last")).record
    assert (record["state"], record["corrects"], record["target"]) == ("sent", old, "m1")
    again = done(correct(cli, ticket, old)).record
    assert (again["id"], again["remote_id"]) == (record["id"], record["remote_id"])
    assert posted(cli) == [("m1", SORRY), ("m1", RIGHT)]


def test_a_rerun_says_nothing_twice_though_the_last_answer_is_the_correction_now(
    cli: Cli, answered: tuple[str, str]
) -> None:
    policy(cli, TWO_AGENTS + '[checks]\n"repeat/duplicate" = "off"\n')
    ticket, old = answered
    first = done(correct(cli, ticket, "last")).record
    again = done(correct(cli, ticket, "last")).record
    assert (again["id"], again["corrects"], again["state"]) == (first["id"], old, "sent")
    assert posted(cli) == [("m1", SORRY), ("m1", RIGHT)]


def test_the_trace_stays(cli: Cli, answered: tuple[str, str]) -> None:
    ticket, old = answered
    run = correct(cli, ticket, "last")
    assert f"corrects draft {old}" in cli("show", ticket, "--history", now=LATER).out
    intents = [one for one in done(cli("log", ticket, "--json")).records if one["event"] == "intended"]
    assert [one["data"]["whole"]["corrects"] for one in intents] == [None, old]
    assert done(run).record["corrects"] == old


def test_each_is_corrected_once_and_the_correction_too(cli: Cli, answered: tuple[str, str]) -> None:
    ticket, old = answered
    first = done(correct(cli, ticket, old)).record["id"]
    run = correct(cli, ticket, old, ONCE_MORE)
    assert (run.code, run.error["hint"]) == (6, f"correct that one: --correct {first}")
    assert done(correct(cli, ticket, "last", ONCE_MORE)).record["corrects"] == first
    assert [text for _, text in posted(cli)] == [SORRY, RIGHT, ONCE_MORE]


def test_a_correction_needs_a_yes_where_its_words_do(cli: Cli, answered: tuple[str, str]) -> None:
    ticket, old = answered
    draft = done(correct(cli, ticket, old, MONEY)).record
    assert draft["state"] == "awaiting-approval"
    assert done(cli("approve", draft["id"], "--as", "mo", "--json", now=LATER)).record["state"] == "sent"
    assert [text for _, text in posted(cli)] == [SORRY, MONEY]


def test_a_customer_who_wrote_since_is_read_first(cli: Cli, answered: tuple[str, str]) -> None:
    """What the network holds and nobody has read here stops it; what was read does not."""
    ticket, old = answered
    with (cli.workspace / "inbox.jsonl").open("a") as inbox:
        row = message("m2", text="Which reference?", in_reply_to="m1", created_at="2026-11-20T10:08:00Z")
        inbox.write(json.dumps(row) + "\n")
    run = correct(cli, ticket, old)
    assert (run.code, run.record["state"]) == (6, "parked")
    done(cli("fetch", now="2026-11-20T10:09:00Z"))
    assert done(correct(cli, ticket, old)).record["target"] == "m1"


def test_only_what_went_out_from_here(cli: Cli, answered: tuple[str, str]) -> None:
    ticket, _ = answered
    assert correct(cli, ticket, "nothing").code == 5
    draft = done(correct(cli, ticket, "last", MONEY)).record["id"]
    assert correct(cli, ticket, draft).code == 6
    assert cli("reply", ticket, "--correct", "last", "--as", "sb", "--json", now=LATER).code == 2


def test_nothing_was_answered(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    assert correct(cli, queued(cli), "last").code == 5


def test_killed_it_still_goes_out_once(cli: Cli, answered: tuple[str, str]) -> None:
    ticket, old = answered
    for point in ("post:intended", "post:accepted"):
        call = ("reply", ticket, "--correct", old, "--text", RIGHT, "--as", "sb", "--yes", "--json")
        assert cli(*call, now=LATER, env={"SOCIALCLI_FAIL_POINT": point}).code == -9
    assert done(cli("outbox", "--settle", "--as", "sb", "--json", now=LATER)).record["corrects"] == old
    assert [text for _, text in posted(cli)] == [SORRY, RIGHT]
