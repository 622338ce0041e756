"""Northline Air's app is down: five customers write, each with a matter of another weight, and mass mode is on."""

from __future__ import annotations

from typing import Any

from tests.conftest import Cli, Run
from tests.e2e.staging import NOW, TWO_AGENTS, done, message, policy, queued

TEXTS = {
    "cust1": "@NorthlineAir the app is down, I cannot check in",
    "cust2": "@NorthlineAir app down again, what is going on?",
    "cust3": "@NorthlineAir the app is down, my flight leaves in 40 minutes and I cannot check in, help!",
    "cust4": "@NorthlineAir the app is down, stuck here overnight with two kids and no hotel",
    "cust5": "@NorthlineAir app down and my mother collapsed at gate 4, she needs her insulin now",
}
OTHERS, FIRST, DANGER = ("cust1", "cust2"), ("cust3", "cust4"), "cust5"
END = "2026-11-20T12:05:00Z"  # of mass mode, two hours
BEFORE_END = "2026-11-20T12:04:59Z"
STATEMENT = "Our app is down and we are working on it. The desks check you in, more by 11:00."
SETTLE = ("outbox", "--settle", "--as", "mo", "--json")


class Stage:
    """``tickets``: by the customer's handle."""

    def __init__(self, cli: Cli) -> None:
        self.cli = cli
        self.tickets = {one["customer"]["handle"]: str(one["id"]) for one in self.listed()}
        self.incident = ""

    def listed(self, *filters: str, now: str = NOW) -> list[Any]:
        return done(self.cli("list", *filters, "--json", now=now)).records

    def order(self, *filters: str, now: str = NOW) -> list[str]:
        return [one["customer"]["handle"] for one in self.listed(*filters, now=now)]

    def held(self, now: str = NOW) -> dict[str, str]:
        """Handle -> why it is held, of those that are."""
        return {
            one["customer"]["handle"]: one["held"] for one in self.listed(now=now) if one["held"] is not None
        }

    def reply(
        self, handle: str, *more: str, now: str = NOW, by: str = "sb", env: dict[str, str] | None = None
    ) -> Run:
        return self.cli(*self.answer(handle, *more, by=by), now=now, env=env)

    def answer(self, handle: str, *more: str, by: str = "sb") -> tuple[str, ...]:
        return (
            "reply", self.tickets[handle], "--text", words(handle, by), "--as", by, "--yes", "--json", *more
        )  # fmt: skip

    def mass(self, *more: str, now: str = NOW) -> Run:
        return self.cli("incident", "mass", self.incident, *more, "--as", "mo", "--json", now=now)

    def shown(self, now: str = NOW) -> Any:
        """How mass mode stands, as ``incident show`` tells it."""
        return done(self.cli("incident", "show", self.incident, "--json", now=now)).record["mass"]

    def posted(self) -> list[str]:
        return [one["text"] for one in self.cli.lines("outbox.jsonl")]

    def events(self, name: str) -> list[Any]:
        return [one for one in self.cli.lines("queue.jsonl") if one["event"] == name]


def words(handle: str, by: str = "sb") -> str:
    """An answer that passes the check."""
    mark = {"sb": "SB", "mo": "MO"}[by]
    return f"@{handle} So sorry about this. Please DM us your reference and we will check you in at once. ^{mark}"


def brand(cli: Cli, keys: str, more: str = "", approval: str = "when = []") -> None:
    """``keys`` stand in [incident], ``approval`` in the section of that name."""
    policy(cli, f"{TWO_AGENTS}[approval]\n{approval}\n[incident]\nwatch = false\n{keys}\n{more}\n")


def outage(
    cli: Cli, keys: str = 'mode = "tiered"', *how: str, more: str = "", approval: str = "when = []"
) -> Stage:
    """The queue with the five tickets in an open incident, in mass mode for two hours unless ``how`` stands there."""
    brand(cli, keys, more, approval)
    queued(cli, *(message(f"m-{handle}", text, handle) for handle, text in TEXTS.items()))
    stage = Stage(cli)
    how = how or ("--mass", "2h")
    opened = ("incident", "open", "--topic", "app", "--words", "app, down", "--as", "mo", "--json", *how)
    stage.incident = done(cli(*opened, now=NOW)).record["id"]
    return stage


def tell_everybody(stage: Stage, now: str = NOW) -> None:
    """The statement goes out."""
    text = ("--text", STATEMENT, "--incident", stage.incident, "--as", "mo", "--yes", "--json")
    assert done(stage.cli("statement", *text, now=now)).record["state"] == "sent"
