"""Questions to the person at the terminal. Whoever asks has made sure that there is one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def choose(text: str, choices: Sequence[tuple[str, str]]) -> str:
    """One of ``(value, title)``."""
    import questionary

    return str(_ask(questionary.select(text, [questionary.Choice(title, value) for value, title in choices])))


def line(text: str, *, default: str = "", below: Callable[[str], str] | None = None) -> str:
    """One line of text, to be edited; ``below`` makes the line under it from what is typed so far."""
    import questionary
    from prompt_toolkit.application import get_app

    toolbar = (lambda: below(get_app().current_buffer.text)) if below is not None else None
    return str(_ask(questionary.text(text, default=default, bottom_toolbar=toolbar)))


def secret(text: str) -> str:
    """One line of text that is not shown while it is typed; "" where only Enter was pressed."""
    import questionary

    return str(_ask(questionary.password(text)))
