"""The two streams: stdout is the answer, stderr is talk. Every command returns an ``Answer``; this is the one
place that prints it.
"""

from __future__ import annotations

import codecs
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from socialcli import durable
from socialcli.errors import Exit, SocialError, UsageError
from socialcli.text.clean import harmless

_encode = msgspec.json.Encoder().encode
# Beyond what JSON escapes: C1 controls, which old terminals obey; the ends of lines of some readers (Python's
# ``splitlines``); bidi controls, which reorder what is shown. In UTF-8, where each begins like no other.
_TO_ESCAPE = re.compile(rb"\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]|\xe2\x81[\xa6-\xa9]")
View = Callable[[Iterable[Any], "Screen"], Iterable[str]]


@dataclass(frozen=True)
class Screen:
    """What stdout can show. ``width`` is columns; ``terminal`` is False for pipes and files; ``utf8``: every letter."""

    terminal: bool
    colour: bool
    width: int
    utf8: bool = True


@dataclass(frozen=True)
class Answer:
    """What a command found: records for JSON Lines, a view that makes lines of text of the same records.

    ``error`` is what stands against the answer being a success; it is asked for after the records were read.
    ``talk`` says what is left to say once all of them stand on stdout.
    """

    records: Iterable[Any]
    view: View
    error: Callable[[], SocialError | None] = field(default=lambda: None)
    talk: Callable[[], None] = field(default=lambda: None)


class Console:
    """``json`` prints records, else text. ``quiet`` drops notes."""

    def __init__(self, *, json: bool, quiet: bool, verbose: bool) -> None:
        self.json = json
        self._verbose = verbose
        self._quiet = quiet
        self._noted: set[str] = set()

    def screen(self) -> Screen:
        terminal = sys.stdout.isatty()
        colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        width = 0
        if terminal:
            import shutil

            width = shutil.get_terminal_size((80, 24)).columns
        return Screen(terminal, colour, width, codecs.lookup(sys.stdout.encoding).name == "utf-8")

    def print(self, answer: Answer) -> Exit:
        """Print the answer, then what stands against it. Raises StorageError if it cannot be written."""
        try:
            if self.json:
                for record in answer.records:
                    _put(json_line(record) + b"\n")
            else:
                for line in answer.view(answer.records, self.screen()):
                    _put(f"{line}\n".encode(sys.stdout.encoding, "backslashreplace"))
            _put(b"")
        except BrokenPipeError:  # nobody reads any more: end quietly
            error = answer.error()
            return Exit.DONE if error is None else error.exit_code
        answer.talk()
        error = answer.error()
        return Exit.DONE if error is None else self.error(error)

    def error(self, error: SocialError) -> Exit:
        """One error on stderr: a JSON record, or a line and its next step."""
        if self.json:
            record = {
                "type": "error",
                "code": int(error.exit_code),
                "message": error.message,
                "hint": error.hint or None,
            }
            say(json_line(record).decode() + "\n")
        else:
            say(f"socialcli: {harmless(error.message, lines=True)}\n")
            if error.hint:
                say(f"  {harmless(error.hint, lines=True)}\n")
        return error.exit_code

    def note(self, text: str) -> None:
        """Talk beside the answer."""
        if not self._quiet:
            say(f"{harmless(text)}\n")

    def note_once(self, text: str) -> None:
        """Talk that holds for each of many in the same words: once is enough."""
        if text not in self._noted:
            self._noted.add(text)
            self.note(text)

    def detail(self, text: Callable[[], str]) -> None:
        """Talk for those who asked for more of it."""
        if self._verbose:
            self.note(text())

    def show(self, lines: Iterable[str]) -> None:
        """Lines that ``render`` made, shown beside the answer: what a question is about."""
        for line in lines:
            say(f"{line}\n")

    def progress(self, items: Iterable[Any], label: str) -> Iterator[Any]:
        """The items, counted on a terminal while they pass."""
        if self._quiet or not sys.stderr.isatty():
            yield from items
            return
        count = 0
        try:
            for count, item in enumerate(items, 1):
                if count % 500 == 0:
                    say(f"\r{label}: {count:,}")
                yield item
        finally:
            if count >= 500:  # noqa: PLR2004 - nothing was shown below
                say(f"\r{label}: {count:,}\n")


def read_stdin() -> str:
    """All of standard input. Raises UsageError if it is not UTF-8."""
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"standard input is not UTF-8 (byte {error.start + 1})") from error


def say(text: str) -> None:
    """Write to stderr. Talk that nobody can take changes neither the answer nor the exit code."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        # Python would try once more at exit, and fail the run.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _put(data: bytes) -> None:
    """Write to stdout; nothing flushes it. Raises BrokenPipeError, StorageError."""
    try:
        sys.stdout.buffer.write(data)
        if not data:
            sys.stdout.buffer.flush()
    except OSError as error:
        # Python would complain once more at exit: give it somewhere to write.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        raise durable.storage_error(error, "standard output") from error


def json_line(record: Any) -> bytes:
    """One record as JSON on one line. Names of files may hold bytes that are not UTF-8; JSON may not."""
    try:
        encoded = _encode(record)
    except UnicodeEncodeError:
        import json

        text = json.dumps(msgspec.to_builtins(record), ensure_ascii=False, separators=(",", ":"))
        encoded = text.encode("utf-8", "replace")
    return encoded if encoded.isascii() else _TO_ESCAPE.sub(_escaped, encoded)


def _escaped(match: re.Match[bytes]) -> bytes:
    return f"\\u{ord(match.group().decode()):04x}".encode()


def interactive() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()
