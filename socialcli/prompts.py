"""Questions to the person at the terminal. Whoever asks has made sure that there is one."""

from __future__ import annotations

from typing import Any

import click


def _ask(question: Any) -> Any:
    answer = question.unsafe_ask()
    if answer is None:
        raise click.Abort
    return answer


def confirm(text: str) -> bool:
    """Yes or no; no is the default."""
    import questionary

    return bool(_ask(questionary.confirm(text, default=False)))


def line(text: str, *, default: str = "") -> str:
    """One line of text, to be edited."""
    import questionary

    return str(_ask(questionary.text(text, default=default)))


def secret(text: str) -> str:
    """One line of text that is not shown while it is typed; "" where only Enter was pressed."""
    import questionary

    return str(_ask(questionary.password(text)))
