"""Scenes for the tests from outside: invented messages to Northline Air, and the way into a queue."""

from __future__ import annotations

from typing import Any

from tests.conftest import Cli, Run

NOW = "2026-11-20T10:05:00Z"
LATER = "2026-11-20T10:06:00Z"
BAG = "@NorthlineAir my bag never arrived, flight boards in 40 min. Help!"
SORRY = "@cust1 So sorry about your bag. Please DM us the reference and we will trace it now. ^SB"
MONEY = "@cust1 So sorry. We will refund you 200 GBP as compensation today. ^SB"

TWO_ACCOUNTS = """
[[accounts]]
name = "support"
network = "file"
handle = "NorthlineAir"

[[accounts]]
name = "press"
network = "file"
handle = "NorthlineNews"
role = "brand"
inbox = "press-inbox.jsonl"
outbox = "press-outbox.jsonl"
"""

TWO_AGENTS = """
[[agents]]
id = "sb"
name = "Sam Baker"
initials = "SB"

[[agents]]
id = "mo"
name = "Mina Okafor"
initials = "MO"
role = "lead"
"""


def message(name: str = "m1", text: str = BAG, handle: str = "cust1", **more: Any) -> dict[str, Any]:
    """A message record with what an import needs, and ``more``."""
    return {
        "id": name,
        "text": text,
        "created_at": "2026-11-20T10:00:00Z",
        "author": {"handle": handle},
        **more,
    }


def queued(cli: Cli, *rows: dict[str, Any]) -> str:
    """Fetch ``rows`` (one complaint about a bag by default) and triage them; the id of the first ticket."""
    cli.write("inbox.jsonl", *(rows or (message(),)))
    done(cli("fetch", now=NOW))
    assessed = done(cli("triage", "--json", now=NOW)).records
    return str(assessed[0]["ticket"])


def done(run: Run) -> Run:
    """The run, which must have ended well."""
    assert run.code == 0, run.err
    return run


def journal(cli: Cli) -> bytes:
    path = cli.workspace / "queue.jsonl"
    return path.read_bytes() if path.exists() else b""


def one_line(run: Run) -> tuple[str, str]:
    """What stands on stderr where there is one error and one hint: both of them."""
    lines = run.err.splitlines()
    assert len(lines) == 2, run.err
    assert lines[0].startswith("socialcli: ")
    return lines[0].removeprefix("socialcli: "), lines[1].strip()


def policy(cli: Cli, text: str) -> None:
    """A policies.toml that holds only what differs."""
    (cli.workspace / "policies.toml").write_text(text, encoding="utf-8")
