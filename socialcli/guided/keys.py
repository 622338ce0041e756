"""Questions that one key answers: what to do next, and which of a list."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from socialcli.guided import plain, terminal
from socialcli.guided.terminal import Fragments, columns, folded, rows
from socialcli.prompts import is_plain
from socialcli.render import cut
from socialcli.text.clean import harmless

_CELL = 19  # columns of one key with its words
_MOST_BESIDE = 6  # keys in a row, however wide the screen
_DIGITS = "123456789"
_ENTER_AND_ESCAPE = {"c-m": "\r", "c-j": "\r", "escape": "\x1b"}  # as prompt_toolkit calls them
_LISTED = 9  # entries that stand on the screen at once: each has a digit


class Key(NamedTuple):
    """``name``: the character that is pressed; ``also``: others that mean the same."""

    name: str
    words: str
    also: str = ""


class Entry(NamedTuple):
    title: str
    preview: str = ""


def press(
    title: str, keys: Sequence[Key], beat: Callable[[], str] = str, *, seconds: float | None = None
) -> str:
    """The name of the key that was pressed; "" where nobody pressed one for ``seconds``. ``beat`` is asked four times
    a second; what it returns stands below the keys. What was typed before the question stood there does not count,
    nor do keys that come in a bunch, as from a paste. A plain terminal knows no ``seconds``.

    Raises KeyboardInterrupt (Ctrl-C), EOFError (Ctrl-D, or the terminal is gone).
    """
    if is_plain():
        return plain.press(title, keys)
    return str(_Press(title, keys, beat, seconds).answer())


def pick(
    title: str, entries: Sequence[Entry], keys: Sequence[Key], beat: Callable[[], str] = str
) -> int | str:
    """The place of the entry that was chosen, or the name of one of ``keys``. Raises as ``press``."""
    if is_plain():
        return plain.pick(title, entries, keys)
    found: int | str = _Pick(title, entries, keys, beat).answer()
    return found


class _Press:
    def __init__(
        self, title: str, keys: Sequence[Key], beat: Callable[[], str], seconds: float | None
    ) -> None:
        self._title, self._keys, self._beat = title, keys, beat
        self._ends = None if seconds is None else time.monotonic() + seconds
        self._below = ""
        self._left = -1
        self._bunch = False

    def answer(self) -> Any:
        from prompt_toolkit.key_binding import KeyBindings
        from prompt_toolkit.keys import Keys
        from prompt_toolkit.layout import HSplit

        terminal.forget_what_was_typed()
        bindings = KeyBindings()
        bindings.add(Keys.Any)(self._pressed)
        bindings.add("enter")(self._pressed)
        self._more_bindings(bindings)
        body = HSplit([terminal.lines_of(self._above), terminal.lines_of(self._menu)])
        return terminal.show(body, bindings, self._tick)

    def _more_bindings(self, bindings: Any) -> None:
        """Of other kinds of question."""

    def _pressed(self, event: Any) -> None:
        typed = _ENTER_AND_ESCAPE.get(event.key_sequence[0].key, event.key_sequence[0].key)
        self._bunch = bool(event.app.key_processor.input_queue)
        if self._bunch:
            event.app.key_processor.empty_queue()
            return
        for key in self._keys:
            if typed in (key.name, *key.also):
                event.app.exit(result=key.name)
                return

    def _tick(self) -> bool:
        before = (self._below, self._left)
        self._below = self._beat()
        if self._ends is not None:
            self._left = max(0, round(self._ends - time.monotonic() + 0.5))
            if time.monotonic() >= self._ends:
                from prompt_toolkit.application import get_app

                get_app().exit(result="")
                return False
        return before != (self._below, self._left)

    def _above(self) -> Fragments:
        left = f" {self._left} s" if self._left >= 0 else ""
        return [("class:head", "\n" + self._title + left)]

    def _menu(self) -> Fragments:
        found: Fragments = []
        for row in table(self._keys, columns()):
            for place, key in enumerate(row):
                name = {"\r": "Enter", " ": "Space"}.get(key.name, key.name)
                cell = f" {key.words}"
                room = _CELL - len(name) - 1 if place < len(row) - 1 else 0
                found += [("", " "), ("class:key", name), ("", cell.ljust(room))]
            found.append(("", "\n"))
        below = "one key at a time: nothing was done" if self._bunch else self._below
        return [*found, ("class:quiet", f" {below}")] if below else found[:-1]


class _Pick(_Press):
    """A list above the keys: arrows and Enter, or the digit that stands before an entry."""

    def __init__(
        self, title: str, entries: Sequence[Entry], keys: Sequence[Key], beat: Callable[[], str]
    ) -> None:
        super().__init__(title, keys, beat, None)
        self._entries = entries
        self._at = 0

    def _more_bindings(self, bindings: Any) -> None:
        for name, step in (("up", -1), ("down", 1), ("pageup", -_LISTED), ("pagedown", _LISTED)):
            bindings.add(name)(self._mover(step))

        bindings.add("enter", eager=True)(self._chosen)

    def _chosen(self, event: Any) -> None:
        event.app.exit(result=self._at)

    def _mover(self, step: int) -> Callable[[Any], None]:
        def move(_event: Any) -> None:
            self._at = min(max(0, self._at + step), len(self._entries) - 1)

        return move

    def _pressed(self, event: Any) -> None:
        first = self._first()
        typed = event.key_sequence[0].key
        if typed in _DIGITS and not event.app.key_processor.input_queue:
            place = first + int(typed) - 1
            if place < len(self._entries):
                event.app.exit(result=place)
            return
        super()._pressed(event)

    def _first(self) -> int:
        """Of the entries that stand on the screen."""
        return max(0, min(self._at - _listed() // 2, len(self._entries) - _listed()))

    def _above(self) -> Fragments:
        width = columns()
        found: Fragments = [
            ("class:head", f"\n{self._title}"),
            ("class:quiet", "  ↑ ↓ Enter, or the digit\n"),
        ]
        first = self._first()
        for place, entry in enumerate(self._entries[first : first + _listed()], first):
            style = "class:chosen" if place == self._at else ""
            title = cut(terminal.steady(harmless(entry.title)), width - 4)
            found += [("class:key", f" {place - first + 1} "), (style, title), ("", "\n")]
        if len(self._entries) > _listed():
            found += [("class:quiet", f"   {self._at + 1} of {len(self._entries)}"), ("", "\n")]
        preview = self._entries[self._at].preview
        for line in folded(preview, min(width, 100), _listed() // 2 + 1, "   | ") if preview else ():
            found += [("class:quiet", line), ("", "\n")]
        return found[:-1]


def _listed() -> int:
    """So many that the ticket above stays in sight."""
    return max(4, min(_LISTED, rows() // 4))


def table(keys: Sequence[Key], width: int) -> list[list[Key]]:
    """The keys in rows that fit ``width`` columns."""
    beside = max(1, min(_MOST_BESIDE, (width - 2) // _CELL))
    return [list(keys[start : start + beside]) for start in range(0, len(keys), beside)]
