"""A desk that hands conversations on: policies, and the steps that the tests share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.conftest import Cli, Run
from tests.e2e.staging import LATER, TWO_AGENTS, policy
from tests.servers.mail import USER

PRIVATE = "@NorthlineAir my bag never arrived. I am jo.doe@example.com, help!"

EXPERTS = """
[[experts]]
id = "bags"
name = "Baggage tracing"
topics = ["baggage"]
to = "tracing@partner.example"
due = "2h"

[[experts]]
id = "duty"
name = "Duty manager"
way = "hand"
"""


def with_mail(cli: Cli, port: int, *, more: str = "", to: str = "bags@partner.example", **keys: str) -> None:
    """A [[handoffs]] "baggage" by SMTP; ``keys`` are those of [mail]."""
    mail = {"host": "127.0.0.1", "security": "none", "from": "help@northline.example", **keys}
    lines = "\n".join(f"{name} = {json.dumps(value)}" for name, value in mail.items())
    handoff = f'\n[[handoffs]]\nname = "baggage"\nway = "smtp"\nto = {json.dumps(to)}\n'
    policy(cli, f"{TWO_AGENTS}{handoff}{more}\n[mail]\nport = {port}\n{lines}\n")


def with_login(cli: Cli, port: int, **keys: str) -> None:
    with_mail(cli, port, user=USER, **keys)


def with_program(cli: Cli, command: list[str], *, form: str = "md", timeout: str = "30s") -> None:
    keys = f'format = "{form}"\ntimeout = "{timeout}"\ncommand = {json.dumps(command)}'
    policy(cli, f'{TWO_AGENTS}\n[[handoffs]]\nname = "desk"\nway = "command"\n{keys}\n')


def hand(cli: Cli, ticket: str, to: str = "baggage", *args: str, env: dict[str, str] | None = None) -> Run:
    return cli(
        "move-offline", ticket, "--hand-to", to, "--as", "sb", "--yes", "--json", *args, now=LATER, env=env
    )


def ask(cli: Cli, ticket: str, *args: str, now: str = LATER) -> Run:
    return cli("expert", "ask", ticket, "--as", "sb", "--json", *args, now=now)


def events(cli: Cli, *names: str) -> list[Any]:
    return [one for one in cli.lines("queue.jsonl") if one["event"] in names]


def status(cli: Cli, ticket: str, now: str = LATER) -> str:
    return str(cli("show", ticket, "--json", now=now).records[0]["status"])


def documents(cli: Cli, folder: str = "handed-on") -> list[Path]:
    return sorted((cli.workspace / folder).glob("*"))
