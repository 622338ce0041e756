"""A queue with tickets for the guided way, and the keys of a person at a terminal."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import PATIENCE, Cli
from tests.e2e.staging import LATER, done, message, policy, queued
from tests.e2e.test_terminal import ENTER, ERASE, Terminal, terminal
from tests.samples import TWO_AGENTS

SORRY = "So sorry about your bag. Please DM us the reference and we will trace it now."
SIGNED = f"{SORRY} ^SB"
SIZES = ((80, 24), (200, 50))
_FILES = ("policies.toml", "inbox.jsonl", "queue.jsonl")
OWN_WORDS = "2"  # the best template stands first, one's own words second


_queues: dict[
    tuple[int, str], tuple[dict[str, bytes], list[str]]
] = {}  # what fetch and triage made, once a run


def complaints(cli: Cli, count: int, more: str = "") -> list[str]:
    """Tickets of as many customers, in the order in which they are pressing. ``more``: of the policy."""
    if (count, more) not in _queues:
        policy(cli, TWO_AGENTS + more)
        queued(cli, *(complaint(number) for number in range(1, count + 1)))
        listed = done(cli("list", "--json", now=LATER)).records
        files = {name: (cli.workspace / name).read_bytes() for name in _FILES}
        _queues[count, more] = (files, [str(one["id"]) for one in listed])
    files, tickets = _queues[count, more]
    for name, content in files.items():
        (cli.workspace / name).write_bytes(content)
    return tickets


def complaint(number: int) -> dict[str, Any]:
    text = f"@NorthlineAir my bag from flight NL{200 + number} never arrived. Where is it?"
    return message(f"m{number}", text, f"cust{number}", created_at=f"2026-11-20T10:00:{number:02d}Z")


@contextmanager
def guided(
    cli: Cli, *arguments: str, size: tuple[int, int] = SIZES[0], env: dict[str, str] | None = None
) -> Iterator[Terminal]:
    width, height = size
    with terminal(cli, "reply", *arguments, "--as", "sb", width=width, height=height, env=env) as shown:
        yield shown


def write(shown: Terminal, text: str) -> None:
    """One's own words, from the list of beginnings to the menu."""
    shown.until("Start from:")
    shown.type(OWN_WORDS)
    shown.until("Reply:")
    shown.type(text)
    shown.until(text[-20:])
    shown.type(ENTER)


def say(shown: Terminal, question: str, answer: str) -> None:
    shown.until(question)
    shown.type(ERASE + answer + ENTER)


def events(cli: Cli, ticket: str, *kinds: str) -> list[Any]:
    """What the journal holds of a ticket, of these kinds."""
    lines = [line for line in cli.lines("queue.jsonl") if line.get("ticket") == ticket]
    return [line for line in lines if not kinds or line["event"] in kinds]


def kept(cli: Cli, ticket: str) -> Any:
    """What is kept of the text that is being written; None if nothing is."""
    path = written(cli, ticket)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def written(cli: Cli, ticket: str) -> Path:
    return cli.workspace / ".socialcli" / "writing" / f"{ticket}-sb.json"


def wait(until: Callable[[], bool]) -> None:
    """For what another process does on disk."""
    last = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < last
        time.sleep(0.01)
