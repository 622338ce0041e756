"""What the screens of the guided way share: they stand in the lines below what was printed, and are erased when they
are answered, so that what stays on the terminal reads as a record.
"""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from socialcli.render import cut
from socialcli.text.clean import harmless

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyBindings
    from prompt_toolkit.layout import Window

_JOINER, _APART = "\u200d", "\u200b"  # neither has a width
_FILL = "\0"  # the second column of a wide character; no text that may be shown has it
TICK = 0.25  # seconds between two looks at the clock
_STYLE = {
    "error": "bold ansired",
    "warning": "ansiyellow",
    "ok": "ansigreen",
    "key": "bold",
    "head": "bold",
    "quiet": "ansibrightblack",
    "chosen": "reverse",
    "fault": "underline",
}

Fragments = list[tuple[str, str]]  # style and text


def columns() -> int:
    """Of the terminal, as it is now."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def rows() -> int:
    """Of the terminal, as it is now."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).lines or 24
    except (OSError, ValueError):
        return 24


def folded(text: str, width: int, most: int, indent: str = "  ") -> list[str]:
    """At most ``most`` lines of what may be shown of a text."""
    room = max(20, width - len(indent) - 1)
    lines: list[str] = []
    for line in steady(harmless(text, lines=True)).split("\n"):
        lines += _wrapped(line, room)
        if len(lines) > most:
            lines = [*lines[: most - 1], cut(f"{lines[most - 1]} …", room)]
            break
    return [indent + line for line in lines]


def _wrapped(line: str, room: int) -> list[str]:
    """By columns: a wide character counts as two while the words are put into lines."""
    if line.isascii():
        return textwrap.wrap(line, room) or [""]
    from wcwidth import wcwidth

    wide = "".join(f"{one}{_FILL}" if wcwidth(one) > 1 else one for one in line)
    return [one.replace(_FILL, "") for one in textwrap.wrap(wide, room)] or [""]


def steady(text: str) -> str:
    """With joined emoji apart: terminals do not agree how wide they are, and a wrong guess garbles the line."""
    return text.replace(_JOINER, _APART)


def show(body: Any, bindings: KeyBindings, tick: Callable[[], bool] | None = None) -> Any:
    """Show ``body`` until a key ends it; what that key gave. ``tick`` is asked every ``TICK`` seconds whether there is
    something new to draw.

    Raises KeyboardInterrupt (Ctrl-C), EOFError (Ctrl-D, or the terminal is gone).
    """
    import asyncio

    from prompt_toolkit.application import Application
    from prompt_toolkit.layout import Layout
    from prompt_toolkit.styles import Style

    _leave_keys(bindings)
    app: Application[Any] = Application(
        Layout(body), key_bindings=bindings, style=Style.from_dict(_STYLE), erase_when_done=True
    )

    async def watch() -> None:
        while tick is not None and not app.is_done:
            if tick():
                app.invalidate()
            await asyncio.sleep(TICK)

    def begin() -> None:
        app.create_background_task(watch())

    return app.run(pre_run=begin)


def lines_of(fragments: Callable[[], Any]) -> Window:
    """A window with as many lines as there are."""
    from prompt_toolkit.layout import Window
    from prompt_toolkit.layout.controls import FormattedTextControl

    return Window(FormattedTextControl(fragments), dont_extend_height=True, wrap_lines=True)


def forget_what_was_typed() -> None:
    """Keys that were pressed before the question stood there are no answer to it."""
    import termios
    from contextlib import suppress

    from prompt_toolkit.application.current import get_app_session
    from prompt_toolkit.input.typeahead import clear_typeahead

    clear_typeahead(get_app_session().input)
    with suppress(termios.error, OSError, ValueError):
        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


def _leave_keys(bindings: KeyBindings) -> None:
    @bindings.add("c-c", eager=True)
    @bindings.add("<sigint>")
    def _(event: Any) -> None:
        event.app.exit(exception=KeyboardInterrupt)

    @bindings.add("c-d", eager=True)
    def _(event: Any) -> None:
        event.app.exit(exception=EOFError)
