"""A holding reply for whoever waits too long for a yes: once, in the author's name, and it is not the answer."""

from __future__ import annotations

import json
import signal
from typing import Any

import pytest

from tests.conftest import Cli
from tests.e2e.staging import MONEY, TWO_AGENTS, done, message, policy, queued

ASKED = "2026-11-20T10:06:00Z"
SOON = "2026-11-20T10:15:59Z"
LATE = "2026-11-20T10:16:00Z"  # approval.ttl is ten minutes
LATER = "2026-11-20T10:30:00Z"
SETTLE = ("outbox", "--settle", "--as", "mo", "--json")
KILLED = -signal.SIGKILL


@pytest.fixture
def waiting(cli: Cli) -> tuple[str, str]:
    """A ticket, and Sam's offer of money that waits for somebody's yes."""
    policy(cli, TWO_AGENTS)
    ticket = queued(cli)
    run = done(cli("reply", ticket, "--text", MONEY, "--as", "sb", "--yes", "--json", now=ASKED))
    assert run.record["state"] == "awaiting-approval"
    return ticket, str(run.record["id"])


def posts(cli: Cli) -> list[dict[str, Any]]:
    return cli.lines("outbox.jsonl")


def status(cli: Cli, ticket: str) -> str:
    return str(done(cli("show", ticket, "--json", now=LATER)).records[0]["status"])


def test_it_goes_out_once_when_its_time_has_come(cli: Cli, waiting: tuple[str, str]) -> None:
    ticket, draft = waiting
    assert done(cli(*SETTLE, now=SOON)).records == []
    record = done(cli(*SETTLE, now=LATE)).record
    assert (record["state"], record["holds"], record["agent"]) == ("sent", draft, "sb")
    (post,) = posts(cli)
    assert (post["in_reply_to"], post["text"]) == ("m1", record["text"])
    assert post["text"].endswith("^SB")
    assert done(cli(*SETTLE, now=LATER)).records == []
    assert len(posts(cli)) == 1
    assert status(cli, ticket) == "on-hold"


def test_the_list_says_how_long_it_waits_and_what_comes_then(cli: Cli, waiting: tuple[str, str]) -> None:
    _, draft = waiting
    record = done(cli("outbox", "--json", now=SOON)).record
    assert (record["waiting_since"], record["fallback_at"]) == (ASKED, LATE)
    out = done(cli("approve", "--list", now=SOON)).out
    assert f"waits for a yes since {ASKED} (9m ago)" in out
    assert f"a holding reply goes out from {LATE} (in 0m) on" in out
    done(cli(*SETTLE, now=LATE))
    held = {one["id"]: one for one in done(cli("outbox", "--json", now=LATER)).records}
    assert (list(held), held[draft]["fallback_at"]) == ([draft], None)


def test_the_answer_is_approved_afterwards_and_goes_out(cli: Cli, waiting: tuple[str, str]) -> None:
    ticket, draft = waiting
    done(cli(*SETTLE, now=LATE))
    record = done(cli("approve", draft, "--as", "mo", "--json", now=LATER)).record
    assert (record["id"], record["state"]) == (draft, "sent")
    assert [one["text"] for one in posts(cli)][1:] == [MONEY]
    assert status(cli, ticket) == "pending"


def test_fetching_our_own_holding_reply_answers_nothing(cli: Cli, waiting: tuple[str, str]) -> None:
    _, draft = waiting
    done(cli(*SETTLE, now=LATE))
    done(cli("fetch", now=LATER))
    assert done(cli("approve", draft, "--as", "mo", "--json", now=LATER)).record["state"] == "sent"


def test_a_no_leaves_the_customer_waiting_for_an_answer(cli: Cli, waiting: tuple[str, str]) -> None:
    ticket, draft = waiting
    done(cli(*SETTLE, now=LATE))
    done(cli("reject", draft, "--reason", "not so much", "--as", "mo", now=LATER))
    assert status(cli, ticket) == "open"
    other = "@cust1 We are sorry. Please DM us the tag, we trace it now. ^SB"
    assert (
        done(cli("reply", ticket, "--text", other, "--as", "sb", "--yes", "--json", now=LATER)).record[
            "state"
        ]
        == "sent"
    )
    assert done(cli(*SETTLE, now=LATER)).records == []
    assert len(posts(cli)) == 2


def test_what_was_approved_in_time_needs_none(cli: Cli, waiting: tuple[str, str]) -> None:
    _, draft = waiting
    done(cli("approve", draft, "--as", "mo", now=SOON))
    assert done(cli(*SETTLE, now=LATER)).records == []
    assert [one["text"] for one in posts(cli)] == [MONEY]


def test_two_answers_that_wait_have_one_holding_reply(cli: Cli, waiting: tuple[str, str]) -> None:
    ticket, _ = waiting
    other = MONEY.replace("200 GBP", "90 GBP").replace("^SB", "^MO")
    second = done(cli("reply", ticket, "--text", other, "--as", "mo", "--yes", "--json", now=ASKED)).record
    assert second["state"] == "awaiting-approval"
    done(cli(*SETTLE, now=LATE))
    assert done(cli(*SETTLE, now=LATER)).records == []
    assert len(posts(cli)) == 1


def test_who_may_only_draft_says_nothing_and_it_is_told(cli: Cli) -> None:
    policy(cli, TWO_AGENTS.replace('initials = "SB"', 'initials = "SB"\nrole = "draft"'))
    ticket = queued(cli)
    draft = done(cli("reply", ticket, "--text", MONEY, "--as", "sb", "--yes", "--json", now=ASKED)).record[
        "id"
    ]
    run = done(cli(*SETTLE, now=LATE))
    assert (run.records, posts(cli)) == ([], [])
    assert f"draft {draft} has waited too long" in run.err
    assert cli("outbox", "--settle", "--as", "sb", now=LATE).code == 0
    assert posts(cli) == []


@pytest.mark.usefixtures("waiting")
def test_without_a_fallback_it_goes_on_waiting(cli: Cli) -> None:
    policy(cli, TWO_AGENTS + '\n[approval]\nfallback = ""\n')
    assert done(cli(*SETTLE, now=LATER)).records == []
    assert done(cli("outbox", "--json", now=LATER)).record["fallback_at"] is None
    assert posts(cli) == []


@pytest.mark.usefixtures("waiting")
def test_a_template_that_fails_the_check_says_so_once_and_posts_nothing(cli: Cli) -> None:
    folder = cli.workspace / "templates" / "replies"
    folder.mkdir(parents=True)
    mend = '+++\ntitle = "Wait"\n+++\n{{ greet("We are on it") }} and write to you here.\n'
    (folder / "holding.j2").write_text(mend.replace("here", "here, see [LINK]"))
    run = cli(*SETTLE, now=LATE)
    assert (run.code, run.record["state"], posts(cli)) == (3, "refused", [])
    before = (cli.workspace / "queue.jsonl").read_bytes()
    assert cli(*SETTLE, now=LATER).code == 3
    assert (cli.workspace / "queue.jsonl").read_bytes() == before
    (folder / "holding.j2").write_text(mend)
    assert done(cli(*SETTLE, now=LATER)).record["state"] == "sent"
    assert len(posts(cli)) == 1


@pytest.mark.usefixtures("waiting")
def test_a_customer_who_wrote_again_is_not_held(cli: Cli) -> None:
    rows = [message(), message("m2", text="@NorthlineAir hello?", in_reply_to="m1", created_at=SOON)]
    (cli.workspace / "inbox.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done(cli("fetch", now=LATE))
    assert done(cli(*SETTLE, now=LATE)).records == []
    assert posts(cli) == []


def test_erased_with_its_customer(cli: Cli, waiting: tuple[str, str]) -> None:
    """What stays is that there was one."""
    _, draft = waiting
    text = done(cli(*SETTLE, now=LATE)).record["text"]
    done(cli("reject", draft, "--reason", "too much", "--as", "mo", now=LATE))
    done(cli("forget", "@cust1", "--as", "mo", "--yes", now=LATER))
    assert text.encode() not in b"".join(path.read_bytes() for path in cli.workspace.glob("*.jsonl"))
    wholes = [one["data"].get("whole") or {} for one in cli.lines("queue.jsonl")]
    assert [one["holds"] for one in wholes if one.get("holds")] == [draft]
    assert done(cli(*SETTLE, now=LATER)).records == []


JOURNAL = ("journal:before", "journal:half", "journal:written", "journal:synced")
OUTBOX = ("outbox:before", "outbox:created", "outbox:half", "outbox:written", "outbox:synced")
POST = ("post:intended", "post:accepted", "post:received")
POINTS = [*(f"{point}@{time}" for time in (1, 2) for point in JOURNAL), *OUTBOX, *POST]


@pytest.mark.parametrize("point", POINTS)
def test_killed_it_still_goes_out_once(cli: Cli, waiting: tuple[str, str], point: str) -> None:
    _, draft = waiting
    assert cli(*SETTLE, now=LATE, env={"SOCIALCLI_FAIL_POINT": point}).code == KILLED
    done(cli(*SETTLE, now=LATE))
    (post,) = posts(cli)
    holding = [one for one in cli.lines("queue.jsonl") if one["event"] == "sent"]
    assert [one["data"]["remote_id"] for one in holding] == [post["id"]]
    assert cli("doctor", "--json").code == 0
    assert done(cli("approve", draft, "--as", "mo", "--json", now=LATER)).record["state"] == "sent"
    assert [one["text"] for one in posts(cli)] == [post["text"], MONEY]


def test_approved_while_its_holding_reply_is_in_doubt(cli: Cli, waiting: tuple[str, str]) -> None:
    """The answer never overtakes it, and both go out once."""
    _, draft = waiting
    assert cli(*SETTLE, now=LATE, env={"SOCIALCLI_FAIL_POINT": "post:intended"}).code == KILLED
    run = cli("approve", draft, "--as", "mo", "--json", now=LATER)
    assert (run.code, run.record["state"], posts(cli)) == (75, "parked", [])
    records = done(cli(*SETTLE, now=LATER)).records
    assert [one["text"] for one in posts(cli)] == [MONEY]
    assert {one["state"] for one in records} == {"recalled", "sent"}


def test_what_comes_while_a_holding_reply_is_in_doubt_goes_out_neither_unasked_nor_early(
    cli: Cli, waiting: tuple[str, str]
) -> None:
    ticket, _ = waiting
    assert cli(*SETTLE, now=LATE, env={"SOCIALCLI_FAIL_POINT": "post:intended"}).code == KILLED
    offer = MONEY.replace("^SB", "^MO")
    asked = done(cli("reply", ticket, "--text", offer, "--as", "mo", "--yes", "--json", now=LATE))
    assert asked.record["state"] == "awaiting-approval"
    words = "So sorry again. We are tracing it now. ^SB"
    put_off = ("reply", ticket, "--text", words, "--in", "2h", "--again", "--as", "sb", "--yes", "--json")
    assert cli(*put_off, now=LATE).record["state"] in ("parked", "scheduled")
    cli(*SETTLE, now=LATER)
    assert not {offer, words} & {one["text"] for one in posts(cli)}


def test_the_ticket_says_since_when(cli: Cli, waiting: tuple[str, str]) -> None:
    ticket, draft = waiting
    (listed,) = done(cli("list", "--json", now=SOON)).records
    assert (listed["status"], listed["asked_since"]) == ("on-hold", ASKED)
    assert f"waits for a yes since {ASKED} (9m ago)" in done(cli("show", ticket, now=SOON)).out
    done(cli("approve", draft, "--as", "mo", now=SOON))
    assert done(cli("list", "--json", now=SOON)).record["asked_since"] is None
