"""``expert``: its parts, and how it looks on a terminal."""

from __future__ import annotations

import os
import pty
import subprocess

from tests.conftest import COMMAND, Cli
from tests.e2e.staging import LATER, NOW, TWO_AGENTS, done, policy, queued
from tests.handing_desk import ask

HAND = f'{TWO_AGENTS}\n[[experts]]\nid = "duty"\nname = "Duty manager"\ntopics = ["baggage"]\nway = "hand"\n'


def on_a_terminal(cli: Cli, *args: str) -> str:
    outer, inner = pty.openpty()
    command = [COMMAND, "-w", str(cli.workspace), "--now", LATER, *args]
    environment = {**cli.env, "TERM": "xterm"}
    process = subprocess.Popen(command, stdin=inner, stdout=inner, stderr=inner, env=environment)
    os.close(inner)
    shown = b""
    while block := _read(outer):
        shown += block
    os.close(outer)
    process.wait(timeout=60)
    return shown.decode()


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, 65536)
    except OSError:  # the other end was closed
        return b""


def test_its_parts_are_listed(cli: Cli) -> None:
    out = done(cli("expert", "--help")).out
    assert [word for word in ("list", "ask", "answer") if f"\n  {word} " in out] == ["list", "ask", "answer"]
    assert cli("expert", "frobnicate").code == 2


def test_out_of_the_box_there_is_one_who_is_asked_by_hand(cli: Cli) -> None:
    ticket = queued(cli)
    assert done(cli("expert", "list", now=NOW)).out == "duty\tDuty manager\t-\tby hand\t0\n"
    assert ask(cli, ticket).code == 2  # for no topic in particular
    assert done(ask(cli, ticket, "--to", "duty")).record["text"] == "Please tell us what to answer."


def test_on_a_terminal_there_is_a_head_and_private_data_is_masked(cli: Cli) -> None:
    policy(cli, HAND)
    ticket = queued(cli)
    done(ask(cli, ticket, "--question", "Is jo.doe@example.com his address?"))
    listed = on_a_terminal(cli, "expert", "list")
    assert "EXPERT" in listed
    assert "Duty manager" in listed
    for command in (("show", ticket), ("due",)):
        shown = on_a_terminal(cli, *command)
        assert "his address?" in shown
        assert "jo.doe@example.com" not in shown
    assert "jo.doe@example.com" in done(cli("show", ticket, "--json", now=LATER)).out
