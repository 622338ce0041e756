"""A plan as a file: read line by line, every field looked at; a broken line is told with its number."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec
from msgspec import UNSET

from socialcli import workspace
from socialcli.drafting import fingerprint
from socialcli.errors import InvalidError, UsageError
from socialcli.model.plan import Plan
from socialcli.text.clean import clean

STDIN = "-"
_LONGEST = 4 << 20  # bytes of a line; a text may have a million characters
_BLOCK = 1 << 20
_DRAFT_ID = 12  # characters
_FIRST_YEAR, _LAST_YEAR = 1970, 9898  # as far as --now goes: any zone and any duration can still be added
_PLAN = msgspec.json.Decoder(Plan)


class PlanFile:
    """A plan that can be read more than once. ``name`` is what it is called in errors."""

    def __init__(self, name: str, stream: IO[bytes]) -> None:
        self.name = name
        self._stream = stream

    def raw(self) -> Iterator[tuple[int, bytes]]:
        """Every line that holds something, with its number from 1 on and without its end; of one that is too long
        only the beginning. Raises UsageError.
        """
        self._stream.seek(0)
        number = 0
        try:
            while line := self._stream.readline(_LONGEST + 1):
                number += 1
                if len(line) > _LONGEST and not line.endswith(b"\n"):
                    self._skip_rest()
                if line.strip():
                    yield number, line.rstrip(b"\r\n")
        except OSError as error:
            raise workspace.unreadable(self.name, error) from error

    def _skip_rest(self) -> None:
        while (more := self._stream.readline(_LONGEST)) and not more.endswith(b"\n"):
            pass

    def lines(self) -> Iterator[tuple[int, Plan]]:
        """Every line as what it is. Raises InvalidError at the first that is none."""
        for number, raw in self.raw():
            yield number, read(raw)

    def require_whole(self) -> int:
        """How many lines it has. Raises InvalidError with all that are broken."""
        count, wrong = 0, []
        for number, raw in self.raw():
            count += 1
            try:
                read(raw)
            except InvalidError as error:
                wrong.append(f"{self.name}:{number}: {error.message}")
        if wrong:
            raise InvalidError(
                f"{self.name}: {len(wrong):,} of {count:,} lines are broken: nothing was done",
                tuple(wrong),
                hint="make the plan anew; a line is used as it was printed",
            )
        return count


@contextmanager
def opened(name: str) -> Iterator[PlanFile]:
    """The plan of this name, or on standard input. Raises UsageError where it cannot be read."""
    if name == STDIN:
        if sys.stdin.isatty():
            raise UsageError(
                "- reads a plan from standard input, and nothing is there",
                hint="socialcli reply ... --plan | socialcli apply -",
            )
        with _kept(sys.stdin.buffer) as copy:
            yield PlanFile("standard input", copy)
        return
    with _open(name) as stream:
        if Path(name).is_file():
            yield PlanFile(name, stream)
            return
        with _kept(stream) as copy:
            yield PlanFile(name, copy)


def _open(name: str) -> IO[bytes]:
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise workspace.unreadable(name, error) from error


def read(raw: bytes) -> Plan:
    """A line as what it is. Raises InvalidError with what is wrong with it; whether its hash fits is another
    question (``model.plan.is_whole``).
    """
    if len(raw) > _LONGEST:
        raise InvalidError("no line of a plan: longer than 4 MB")
    try:
        plan = _PLAN.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidError(f"no line of a plan: {clean(str(error))}") from None
    wrong = _mistake(plan)
    if wrong is not None:
        raise InvalidError(wrong)
    return plan


def _mistake(plan: Plan) -> str | None:
    """What does not fit together; None if all does."""
    for moment in _moments(plan):
        if moment.tzinfo is None:
            return "a time has no zone"
        if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            return "a time is of no year that counts"
    wrong = _wrong_with_step(plan) if plan.verb == "block" else _wrong_with_words(plan)
    return next((f'"{plan.verb}": {what}' for what, is_so in wrong.items() if is_so), None)


def _wrong_with_words(plan: Plan) -> dict[str, bool]:
    everybody = plan.verb == "statement"
    return {
        "the text or the draft is missing": plan.text is None or plan.draft is None,
        "the text holds what no text can hold": plan.text is not None and plan.text != clean(plan.text),
        "it is no step against somebody": plan.step is not None,
        "ticket and target do not fit": (plan.ticket is None, plan.target is None) != (everybody, everybody),
        '"said" does not fit': (plan.said is not None) != everybody,
        '"moving" does not fit': (plan.moving is not None) != (plan.verb == "move-offline"),
        "only a reply is part of a bulk answer": plan.bulk is not UNSET and plan.verb != "reply",
        "draft.id is not the id of this act": plan.draft is not None and plan.draft.id != draft_id(plan),
    }


def _wrong_with_step(plan: Plan) -> dict[str, bool]:
    step = plan.step
    if step is None:
        return {"the step is missing": True}
    stands = (plan.ticket, plan.target, plan.customer, plan.account, plan.network, plan.road, plan.agent)
    inside = (step.ticket, step.message_id, step.handle, step.account, step.network, step.road, step.by)
    return {
        "it has a text": plan.text is not None or plan.draft is not None,
        "only a reply is part of a bulk answer": plan.bulk is not UNSET,
        "the step is another one than the line says": stands != inside,
    }


def draft_id(plan: Plan) -> str:
    """The id of the draft that the line is, as the verb itself would name it."""
    wording = plan.draft
    if wording is None:
        return ""
    nth = [str(wording.nth)] if wording.nth else []
    if plan.verb == "statement":
        return fingerprint(plan.account, wording.content, *nth)[:_DRAFT_ID]
    key = (plan.network, str(plan.target), plan.account, plan.road, wording.content, *nth)
    return fingerprint(*key)[:_DRAFT_ID]


def _moments(plan: Plan) -> Iterator[datetime]:
    yield plan.made_at
    yield from (one.at for one in plan.signed)
    if plan.step is not None:
        yield from (plan.step.at, plan.step.until)
    if plan.said is not None and plan.said.promised is not None:
        yield plan.said.promised


@contextmanager
def _kept(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """A copy of what can be read once, in a file that has no name."""
    with tempfile.TemporaryFile() as copy:
        while block := stream.read(_BLOCK):
            copy.write(block)
        yield copy
