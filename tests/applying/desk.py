"""A desk at which one agent plans and another signs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.conftest import Cli, Run
from tests.e2e.staging import TWO_ACCOUNTS, TWO_AGENTS, done, message, policy

NOW = "2026-11-20T10:06:00Z"
LATER = "2026-11-20T10:20:00Z"
SPAM = "@NorthlineAir You have won a free gift card! Claim your prize: http://win.example"
TRAINEE = """
[[agents]]
id = "tr"
name = "Tom Reyes"
initials = "TR"
role = "draft"
"""
STAFF = TWO_ACCOUNTS + TWO_AGENTS + TRAINEE


def sorry(number: int, initials: str = "SB") -> str:
    return (
        f"@cust{number} So sorry about your bag. Please DM us the reference and we will trace it. ^{initials}"
    )


def opened(cli: Cli, count: int = 1, more: str = "") -> list[str]:
    """A desk with so many complaints; their tickets in order."""
    policy(cli, STAFF + more)
    rows = [
        message(
            f"m{number}",
            f"@NorthlineAir my bag from NL{200 + number} never arrived. Where is it?",
            f"cust{number}",
        )
        for number in range(1, count + 1)
    ]
    cli.write("inbox.jsonl", *rows)
    done(cli("fetch", now=NOW))
    done(cli("triage", now=NOW))
    listed = done(cli("list", "--json", now=NOW)).records
    by_handle = {one["customer"]["handle"]: one["id"] for one in listed}
    return [by_handle[f"cust{number}"] for number in range(1, count + 1)]


def planned(cli: Cli, *args: str, who: str = "sb", now: str = NOW) -> str:
    """The line (or lines) that a verb prints with --plan."""
    run = done(cli(*args, "--plan", "--as", who, now=now))
    assert run.out
    return run.out


def plan_of(cli: Cli, *lines: str, name: str = "plan.jsonl") -> Path:
    path = cli.workspace / name
    path.write_text("".join(lines), encoding="utf-8")
    return path


def replies(cli: Cli, tickets: list[str], now: str = NOW) -> Path:
    """A plan that answers each ticket."""
    lines = [
        planned(cli, "reply", ticket, "--text", sorry(number), now=now)
        for number, ticket in enumerate(tickets, 1)
    ]
    return plan_of(cli, *lines)


def sign(cli: Cli, plan: Path, *args: str, who: str = "mo", now: str = NOW, **more: Any) -> Run:
    return cli("apply", plan, "--sign", *(args or ("--all",)), "--as", who, "--json", now=now, **more)


def apply(cli: Cli, plan: Path, *args: str, who: str = "sb", now: str = NOW, **more: Any) -> Run:
    return cli("apply", plan, *args, "--yes", "--as", who, "--json", now=now, **more)


def states(run: Run) -> list[str]:
    return [one["state"] for one in run.records]


def reasons(run: Run) -> list[str]:
    return [one["reason"] for one in run.records]


def lines_of(plan: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in plan.read_text(encoding="utf-8").splitlines()]


def rewrite(plan: Path, number: int, **changes: Any) -> None:
    """Change fields of a line by hand."""
    records = lines_of(plan)
    records[number - 1] |= changes
    plan.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")


def resealed(record: dict[str, Any]) -> str:
    """The line under a hash that fits: what somebody could do who knows how."""
    from socialcli.applying.lines import _PLAN
    from socialcli.console import json_line
    from socialcli.model.plan import sealed

    return json_line(sealed(_PLAN.decode(json.dumps(record)))).decode() + "\n"


def posts(cli: Cli, name: str = "outbox.jsonl") -> list[str]:
    return [one["text"] for one in cli.lines(name)]
