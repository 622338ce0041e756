"""Questions to the person at the terminal. Whoever asks has made sure that there is one."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from socialcli.console import say


def _ask(question: Any) -> Any:
    answer = question.unsafe_ask()
    if answer is None:
        raise click.Abort
    return answer


def is_plain() -> bool:
    """Whether the terminal can do no more than lines."""
    return os.environ.get("TERM", "dumb") in ("dumb", "unknown", "")


def typed(prompt: str) -> str:
    """One line from a plain terminal. Raises EOFError where nobody is there any more."""
    say(prompt)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\r\n")


def confirm(text: str) -> bool:
    """Yes or no; no is the default."""
    if is_plain():
        return typed(f"{text} (y/N) ").strip().lower() in ("y", "yes")
    import questionary

    return bool(_ask(questionary.confirm(text, default=False)))


def line(text: str, *, default: str = "") -> str:
    """One line of text, to be edited; on a plain terminal Enter alone takes the default."""
    if is_plain():
        return typed(f"{text} [{default}] " if default else f"{text} ") or default
    import questionary

    return str(_ask(questionary.text(text, default=default)))


def secret(text: str) -> str:
    """One line of text that is not shown while it is typed; "" where only Enter was pressed."""
    import questionary

    return str(_ask(questionary.password(text)))
