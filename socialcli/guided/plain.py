"""The same questions in plain lines, for terminals that can do no more (``TERM=dumb``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from socialcli.console import say
from socialcli.guided.terminal import folded
from socialcli.prompts import typed
from socialcli.render import cut
from socialcli.text.clean import harmless

if TYPE_CHECKING:
    from socialcli.guided.keys import Entry, Key

_WIDTH = 78
_WHOLE = 3  # entries, the best ones, that are shown with their text: it comes anyway once one is taken


def press(title: str, keys: Sequence[Key]) -> str:
    """As ``keys.press``, for as long as it takes."""
    say(f"\n{title}\n")
    for key in keys:
        say(f"  {_name(key)} {key.words}\n")
    while True:
        answer = typed("> ").strip()
        for key in keys:
            if answer[:1] and answer[:1] in (key.name, *key.also):
                return key.name
            if not answer and key.name == "\r":
                return key.name
        say("one of these letters, then Enter\n")


def pick(title: str, entries: Sequence[Entry], keys: Sequence[Key]) -> int | str:
    """As ``keys.pick``."""
    say(f"\n{title}\n")
    for place, entry in enumerate(entries, 1):
        number = f"  {place} "
        say(f"{number}{cut(harmless(entry.title), _WIDTH - len(number))}\n")
        for line in folded(entry.preview, _WIDTH, 3, "    | ") if entry.preview and place <= _WHOLE else []:
            say(f"{line}\n")
    for line in folded(", ".join(f"{_name(key)} {key.words}" for key in keys), _WIDTH, len(keys), "  "):
        say(f"{line}\n")
    while True:
        answer = typed("> ").strip()
        if answer.isdigit() and 1 <= int(answer) <= len(entries):
            return int(answer) - 1
        for key in keys:
            if answer and answer in (key.name, *key.also):
                return key.name
        say("a number or one of these letters, then Enter\n")


def edit(
    head: str, text: str, verdict: Callable[[str], Sequence[str]], keep: Callable[[str], bool]
) -> str | None:
    """A line typed takes the place of the text; "+" before it adds it; "$" alone means another editor (None); Enter
    alone ends.
    """
    say(f"\n{head}  (a line takes its place; + adds one; $ another editor; Enter alone: done)\n")
    while True:
        for line in (*folded(text, _WIDTH, 40, "  | "), *verdict(text)):
            say(f"{line}\n")
        answer = typed("> ")
        if not answer.strip():
            return text
        if answer.strip() == "$":
            return None
        text = f"{text}\n{answer[1:].strip()}".strip() if answer.startswith("+") else answer.strip()
        keep(text)


def _name(key: Key) -> str:
    return {"\r": "Enter", " ": "Space"}.get(key.name, key.name)
