"""Editing a reply in place: the text, its length by the network's count, and below it what the check finds, asked at
every pause. What is typed is kept on disk while it is typed.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from typing import Any, Protocol

from socialcli.errors import SocialError
from socialcli.guided import plain, terminal
from socialcli.guided.terminal import Fragments, columns, folded
from socialcli.model.check import Check, Length
from socialcli.prompts import is_plain
from socialcli.render import cut
from socialcli.text.clean import clean, harmless

_PAUSE = 0.2  # seconds without a key after which the check is asked
_LATEST = 1.0  # seconds after which a text is on disk, however fast somebody types
_FINDINGS = 8  # lines of them
_EACH = 3  # lines of one
_LEVELS = ("error", "warning", "info")  # what stops the post is said first
_TOO_LONG = "length/over-limit"
_OUTSIDE = "outside"


class Side(Protocol):
    """What the editor asks of the ticket at hand. None of it raises SocialError but ``hand_out`` and ``take_back``."""

    @property
    def head(self) -> str:
        """What stands above the text."""
        ...

    def length(self, text: str) -> Length: ...

    def check(self, text: str) -> Check: ...

    def keep(self, text: str) -> bool:
        """Whether it is on disk now."""
        ...

    def beat(self) -> str:
        """What is to be said beside the count: how long until the deadline, whose the ticket is."""
        ...

    def hand_out(self, text: str) -> str:
        """The path of a file with the text."""
        ...

    def take_back(self) -> str: ...


def edit(text: str, side: Side) -> str:
    """The text as the agent leaves it, kept on disk. Raises KeyboardInterrupt, EOFError; it is kept then, too."""
    note = ""
    while True:
        how, text = _edit_plainly(text, side) if is_plain() else _Editor(text, side, note).answer()
        side.keep(text)
        if how != _OUTSIDE:
            return text
        text, note = _outside(text, side)


def _edit_plainly(text: str, side: Side) -> tuple[str, str]:
    def verdict(typed: str) -> list[str]:
        return [f"  {line}" for _, line in _verdict(side.length(typed), side.check(typed), typed, 76)]

    found = plain.edit(side.head, text, verdict, side.keep)
    return (_OUTSIDE, text) if found is None else ("", clean(found))


def _outside(text: str, side: Side) -> tuple[str, str]:
    """The text as ``$VISUAL`` or ``$EDITOR`` leaves it, and what went wrong."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        path = side.hand_out(text)
        code = subprocess.run([*shlex.split(command), path], check=False).returncode  # noqa: S603 - the user's own choice
        text = side.take_back()
    except (OSError, ValueError) as error:
        return text, f"{command}: {error.strerror if isinstance(error, OSError) else error}: set $EDITOR"
    except SocialError as error:
        return text, error.message
    return text, f"{command} ended with {code}" if code else ""


class _Editor:
    """One run of the screen."""

    def __init__(self, text: str, side: Side, note: str) -> None:
        self._side, self._note = side, note
        self._start = text
        self._length = side.length(text)
        self._check = side.check(text)
        self._checked = self._seen = self._kept = text
        self._moved = self._saved = time.monotonic()
        self._beat = ""
        self._buffer: Any = None

    def answer(self) -> tuple[str, str]:
        """How it was left (for another editor, or for good), and the text. Raises KeyboardInterrupt, EOFError."""
        from prompt_toolkit.buffer import Buffer
        from prompt_toolkit.document import Document
        from prompt_toolkit.layout import Dimension, HSplit, Window
        from prompt_toolkit.layout.controls import BufferControl

        from socialcli.guided.drawing import Harmless

        self._buffer = Buffer(
            document=Document(self._start, len(self._start)), multiline=True, on_text_changed=self._changed
        )
        control = BufferControl(self._buffer, input_processors=[Harmless(self._spans)])
        body = HSplit(
            [
                terminal.lines_of(lambda: [("class:head", f"\n{self._side.head}")]),
                Window(control, wrap_lines=True, dont_extend_height=True, height=Dimension(min=1)),
                terminal.lines_of(self._below),
            ]
        )
        try:
            how: str = terminal.show(body, self._bindings(), self._tick)
        finally:
            self._side.keep(clean(self._buffer.text))
        return how, clean(self._buffer.text)

    def _bindings(self) -> Any:
        from prompt_toolkit.key_binding import KeyBindings

        own = KeyBindings()

        @own.add("enter", eager=True)
        def _(event: Any) -> None:
            event.app.exit(result="")

        @own.add("escape", "enter", eager=True)
        def _(event: Any) -> None:
            event.current_buffer.insert_text("\n")

        @own.add("c-o", eager=True)
        @own.add("c-x", "c-e", eager=True)
        def _(event: Any) -> None:
            event.app.exit(result=_OUTSIDE)

        return own

    def _changed(self, _buffer: Any) -> None:
        self._moved = time.monotonic()
        self._note = ""

    def _tick(self) -> bool:
        now, text = time.monotonic(), clean(self._buffer.text)
        new = False
        if text != self._checked and now - self._moved >= _PAUSE:
            self._check, self._checked, new = self._side.check(text), text, True
        if text != self._kept and (now - self._moved >= _PAUSE or now - self._saved >= _LATEST):
            self._kept = text if self._side.keep(text) else self._kept
            self._saved = now
        beat, self._beat = self._beat, self._side.beat()
        return new or beat != self._beat

    def _spans(self) -> list[tuple[int, int]]:
        """Of the faults, where the text is still the one that was checked."""
        if self._buffer is None or self._buffer.text != self._checked:
            return []
        return [(one.start, one.end) for one in self._check.findings if one.level != "info"]

    def _below(self) -> Fragments:
        text, width = clean(self._buffer.text), columns()
        if text != self._seen:
            self._length, self._seen = self._side.length(text), text
        found: Fragments = []
        for style, line in _verdict(self._length, self._check, self._checked, width):
            found += [(f"class:{style}", line), ("", "\n")]
        found.insert(1, ("class:quiet", f"   {self._beat}"[: max(0, width - len(found[0][1]) - 1)]))
        if self._note:
            found += [("class:warning", cut(harmless(self._note), width - 1)), ("", "\n")]
        keys = "Enter done   Alt-Enter new line   Ctrl-O $EDITOR   Ctrl-C leave, text kept"
        return [*found, ("class:quiet", keys[: width - 1])]


def _verdict(length: Length, check: Check, text: str, width: int) -> list[tuple[str, str]]:
    """The count, then the findings with their words; each line with its style. Before the first letter nothing
    is wrong yet.
    """
    if not text.strip():
        return [("quiet", f"{length.count} of {length.limit}")]
    over = length.count > length.limit
    mark = "error" if over or not check.ok else "ok"
    said = "too long" if over else "ok" if check.ok else "not ok"
    found = [(mark, f"{length.count} of {length.limit}  {said}")]
    room = _FINDINGS
    for one in sorted(check.findings, key=lambda one: _LEVELS.index(one.level)):
        if over and one.rule == _TOO_LONG:  # the count has said so
            continue
        words = text[one.start : one.end]
        where = f' "{words[:40]}"' if words.strip() and words != text and words not in one.message else ""
        better = f" - {one.suggestion}" if one.suggestion else ""
        lines = folded(f"{one.level} {one.rule}{where}: {one.message}{better}", min(width, 110), _EACH, "")
        if room < len(lines):
            found.append(("quiet", "…"))
            break
        room -= len(lines)
        found += [(one.level, line) for line in lines]
    return found
