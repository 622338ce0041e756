"""Running a program of the team's own: a record on its standard input, a text on its standard output."""

from __future__ import annotations

import os
import re
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from socialcli.errors import SocialError, TemporaryError, UsageError
from socialcli.model.times import spelled
from socialcli.text.clean import clean

_MOST = 1 << 20  # bytes of its answer; no text that can be posted is longer
_MOST_TOLD = 4096  # bytes of its errors that are kept, the last of them
_TOLD = 200  # characters of them in a message
_BLOCK = 1 << 16
_LOOK = 0.01  # seconds between two looks at whether it has ended while somebody else holds its output open
_OURS = "SOCIALCLI_"
_HARMLESS = ("SOCIALCLI_WORKSPACE", "SOCIALCLI_NOW", "SOCIALCLI_AGENT")  # all others may be secrets
_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
_HINT = "try it by hand: it reads a record on standard input and prints a text"
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class ProgramError(SocialError):
    """The program did not do what it is for. Nothing is lost: it had said nothing that counts."""

    code: int | None = None  # with which it ended by itself


class CutShortError(TemporaryError):
    """It was ended before it had done what it is for: what it has done by then, nobody knows."""


def run(key: str, command: Sequence[str], record: bytes, *, folder: Path, timeout: int) -> str:
    """What ``command`` (its arguments, no shell) answers to ``record``; ``key`` of the policy names it in errors.

    Raises UsageError where it cannot be started, TemporaryError after ``timeout`` seconds, ProgramError where it
    fails, or its answer is empty, too long, or no text.
    """
    out = feed(key, command, record, folder=folder, timeout=timeout, limit="reply.command_timeout")
    return _text(key, command[0], out)


def feed(
    key: str,
    command: Sequence[str],
    record: bytes,
    *,
    folder: Path,
    timeout: int,
    limit: str,
    variables: Mapping[str, str] | None = None,
) -> bytes:
    """Give ``record`` to a program; what it printed. ``limit`` is the key of its time, ``variables`` are added to
    its environment. Raises UsageError where it cannot be started, CutShortError after ``timeout`` seconds,
    ProgramError where it fails or says too much.
    """
    child = _started(key, command, folder, variables or {})
    try:
        talk = _Talk(child, record)
        talk.until(time.monotonic() + timeout)
        if not talk.over:
            raise CutShortError(
                f"{key}: {command[0]} did not answer within {spelled(timeout)}",
                hint=f"run it again later, or allow more: {limit}",
            )
    finally:
        _end(child)
    if len(talk.out) > _MOST:
        raise ProgramError(
            f"{key}: {command[0]} says more than a megabyte", hint="it should print the text alone"
        )
    if child.returncode != 0:
        failure = ProgramError(
            f"{key}: {command[0]} {_ending(child.returncode)}{_last(talk.errors)}", hint=_HINT
        )
        failure.code = child.returncode if child.returncode > 0 else None
        raise failure
    return bytes(talk.out)


class _Talk:
    """Both directions at once, so that neither side waits for the other for ever."""

    def __init__(self, child: subprocess.Popen[bytes], record: bytes) -> None:
        self.out = bytearray()
        self.errors = bytearray()
        self.over = False
        self._child = child
        self._left = memoryview(record)
        self._open = selectors.DefaultSelector()
        for stream, event in ((child.stdin, _WRITE), (child.stdout, _READ), (child.stderr, _READ)):
            if stream is not None:
                os.set_blocking(stream.fileno(), False)
                self._open.register(stream, event)

    def until(self, deadline: float) -> None:
        """Talk until it has ended and said everything, said too much, or time is up."""
        with self._open:
            while (left := deadline - time.monotonic()) > 0:
                ready = self._open.select(min(left, _LOOK))
                for key, _ in ready:
                    self._once(key.fileobj)
                silent = not any(key.fileobj is not self._child.stdin for key, _ in ready)
                if len(self.out) > _MOST or (silent and _has_ended(self._child)):
                    self.over = True
                    return

    def _once(self, stream: object) -> None:
        child = self._child
        if stream is child.stdin and child.stdin is not None:
            self._write(child.stdin)
        elif stream is child.stdout and child.stdout is not None:
            self._read(child.stdout, self.out)
        elif child.stderr is not None:
            self._read(child.stderr, self.errors)
            del self.errors[:-_MOST_TOLD]

    def _write(self, stdin: IO[bytes]) -> None:
        try:
            self._left = self._left[os.write(stdin.fileno(), self._left[:_BLOCK]) :]
        except BlockingIOError:
            return
        except OSError:  # it does not want to know the rest
            self._left = self._left[:0]
        if not self._left:
            self._open.unregister(stdin)
            stdin.close()

    def _read(self, stream: IO[bytes], into: bytearray) -> None:
        try:
            block = os.read(stream.fileno(), _BLOCK)
        except BlockingIOError:
            return
        into += block
        if not block:
            self._open.unregister(stream)


def _started(
    key: str, command: Sequence[str], folder: Path, variables: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    program = command[0]
    if "/" in program:
        program = os.fspath(folder / program)  # as all paths in the policy
    try:
        return subprocess.Popen(  # noqa: S603 - the policy's own words, and no shell
            [program, *command[1:]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={**_environment(), **variables},
            start_new_session=True,  # so that all that it starts can be ended with it
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            f"{key}: {command[0]} cannot be started: {why.lower()}", hint="policies.toml names it"
        ) from error


def _environment() -> dict[str, str]:
    """Ours, without what may be a secret."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(_OURS) or name in _HARMLESS
    }


def _has_ended(child: subprocess.Popen[bytes]) -> bool:
    """Whether it has; it keeps its number until ``_end``, so that nobody else is meant by it."""
    return os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _end(child: subprocess.Popen[bytes]) -> None:
    """End it and all that it has started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    for stream in (child.stdin, child.stdout, child.stderr):
        if stream is not None:
            with suppress(OSError):
                stream.close()
    child.wait()


def _ending(code: int) -> str:
    return f"ended with exit code {code}" if code > 0 else f"was ended by signal {-code}"


def _last(errors: bytearray) -> str:
    """The last line of what it said on standard error."""
    lines = errors.decode("utf-8", "replace").strip().splitlines()
    return f": {clean(lines[-1])[:_TOLD]}" if lines else ""


def _text(key: str, program: str, out: bytes) -> str:
    try:
        text = out.decode("utf-8-sig").replace("\r\n", "\n").strip("\n")
    except UnicodeDecodeError as error:
        raise ProgramError(
            f"{key}: what {program} says is not UTF-8 (byte {error.start + 1})", hint=_HINT
        ) from None
    if not text.strip():
        raise ProgramError(f"{key}: {program} says nothing", hint=_HINT)
    if _CONTROLS.search(text):
        raise ProgramError(f"{key}: what {program} says holds control characters", hint=_HINT)
    return text
