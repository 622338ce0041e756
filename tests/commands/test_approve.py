"""``approve``: somebody else's yes, to this very text."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import LATER, MONEY, TWO_AGENTS, done, journal, policy, queued


def drafted(cli: Cli) -> str:
    """A draft of Sam's that waits."""
    policy(cli, TWO_AGENTS)
    run = done(cli("reply", queued(cli), "--text", MONEY, "--as", "sb", "--yes", "--json", now=LATER))
    return str(run.record["id"])


def test_the_plan_posts_nothing(cli: Cli) -> None:
    draft = drafted(cli)
    before = journal(cli)
    done(cli("approve", draft, "--as", "mo", "--dry-run"))
    assert journal(cli) == before
    assert cli.lines("outbox.jsonl") == []


def test_two_names_stand_in_the_log(cli: Cli) -> None:
    draft = drafted(cli)
    done(cli("approve", draft, "--as", "mo", now=LATER))
    who = {one["event"]: one["by"] for one in done(cli("log", "--json")).records}
    assert (who["awaiting-approval"], who["approved"]) == ("sb", "mo")


def test_who_only_drafts_approves_nothing(cli: Cli) -> None:
    draft = drafted(cli)
    policy(cli, TWO_AGENTS.replace('role = "lead"', 'role = "draft"'))
    assert cli("approve", draft, "--as", "mo").code == 3
    assert cli.lines("outbox.jsonl") == []


def test_a_newer_message_of_the_customer_stops_it(cli: Cli) -> None:
    draft = drafted(cli)
    rows = (cli.workspace / "inbox.jsonl").read_text(encoding="utf-8")
    newer = rows.replace('"m1"', '"m2"').replace("}}", '}, "in_reply_to": "m1"}')
    (cli.workspace / "inbox.jsonl").write_text(rows + newer, encoding="utf-8")
    done(cli("fetch", now=LATER))
    run = cli("approve", draft, "--as", "mo", "--json", now=LATER)
    assert (run.code, run.record["state"]) == (6, "parked")
    assert cli.lines("outbox.jsonl") == []
