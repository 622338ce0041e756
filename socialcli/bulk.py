"""One decision for many tickets: which ones, what changes, what went wrong with some of them.

Tickets are named by id, or ``-`` reads them from standard input: an id a line (what stands behind it on the
line is passed over), or records as JSON Lines, as ``socialcli list --json`` prints them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from socialcli.app import App
from socialcli.console import Answer, View, read_stdin
from socialcli.errors import ConflictError, InvalidError, NotFoundError, PartlyError, SocialError, UsageError
from socialcli.model.ticket import Event, with_times
from socialcli.queue.journal import NewEvent
from socialcli.queue.rows import TicketRow

STDIN = "-"
Decide = Callable[[TicketRow], "NewEvent | None"]  # None: it is so already

_MOST_TOLD = 20  # of the names that went wrong


class Outcome:
    """What became of it: the tickets in question, the events for those that change, the mistakes by name."""

    def __init__(self) -> None:
        self.rows: dict[int, TicketRow] = {}
        self.events: list[NewEvent] = []
        self.mistakes: list[SocialError] = []

    def error(self) -> SocialError | None:
        """None where all went well; where nothing did, what is wrong with all of them."""
        wrong = self.mistakes
        if not wrong:
            return None
        if len(wrong) == 1 and not self.rows:
            return wrong[0]
        told = [one.message for one in wrong[:_MOST_TOLD]]
        told += [f"and {len(wrong) - _MOST_TOLD:,} more"] if len(wrong) > _MOST_TOLD else []
        hint = wrong[0].hint
        if not self.rows and all(isinstance(one, NotFoundError) for one in wrong):
            return NotFoundError("tickets", '", "'.join(map(_name, wrong[:_MOST_TOLD])), hint=hint)
        if not self.rows and all(isinstance(one, ConflictError) for one in wrong):
            return ConflictError("\n".join(told), hint=hint)
        done = f"{len(wrong):,} of {len(self.rows) + len(wrong):,} tickets could not be taken:"
        return PartlyError("\n".join((done, *(f"  {line}" for line in told))), hint=hint)


def names(typed: Sequence[str]) -> list[str]:
    """The tickets that were typed, those on standard input in the place of ``-``. Raises UsageError where none
    was typed, InvalidError with all lines that are neither an id nor a record of a ticket.
    """
    if not typed:
        raise UsageError("no ticket is named", hint="name some, or - to read them from standard input")
    found: list[str] = []
    for name in dict.fromkeys(typed):
        found += _read() if name == STDIN else [name]
    return list(dict.fromkeys(found))


def change(app: App, typed: Sequence[str], decide: Decide, *, dry_run: bool) -> Outcome:
    """Ask ``decide`` about each ticket, and write what it says in one piece; nothing for those that are so
    already. What it raises stands against that one ticket.
    """
    wanted = names(typed)
    if not wanted:
        app.console.note("no ticket on standard input: nothing to do")
    if dry_run:
        return _decided(app, wanted, decide)
    with app.queue.writing() as writing:
        outcome = _decided(app, wanted, decide)
        writing.events += outcome.events
    outcome.rows = {n: app.queue.ticket_by_number(n) for n in outcome.rows}
    return outcome


def answer(app: App, outcome: Outcome, view: View, plan: View, *, dry_run: bool) -> Answer:
    """The tickets as they are now; or the events that a dry run would have written."""
    if dry_run:
        events = (planned(one) for one in outcome.events)
        return Answer(events, plan, outcome.error)
    return Answer(app.queue.records(outcome.rows.values()), view, outcome.error)


def planned(event: NewEvent) -> Event:
    """What would be written, as ``log`` would print it; its time and its id are not known."""
    return Event(None, None, event.event, event.ticket, event.by, with_times(event.data))


def _decided(app: App, wanted: Sequence[str], decide: Decide) -> Outcome:
    outcome = Outcome()
    for name in wanted:
        try:
            row = app.queue.ticket(name)
            if row.n in outcome.rows:
                continue
            event = decide(row)
        except (NotFoundError, ConflictError, UsageError) as error:
            outcome.mistakes.append(error)
        else:
            outcome.rows[row.n] = row
            outcome.events += [] if event is None else [event]
    return outcome


def _name(error: SocialError) -> str:
    return error.name if isinstance(error, NotFoundError) else error.message


def _read() -> Iterator[str]:
    if sys.stdin.isatty():
        raise UsageError(
            "- reads tickets from standard input, and nothing is there", hint="list --json | ..."
        )
    wrong = []
    found = []
    for number, line in enumerate(read_stdin().split("\n"), 1):
        name = _named(line.strip())
        if name is None:
            wrong.append(f"standard input:{number}: neither the id of a ticket nor a record of one")
        elif name:
            found.append(name)
    if wrong:
        raise InvalidError(
            "nothing was changed", tuple(wrong[:_MOST_TOLD]), hint="such as: socialcli list --json"
        )
    yield from found


def _named(line: str) -> str | None:
    """The ticket that a line is about; "" for an empty line, None for none."""
    if not line.startswith("{"):
        return line.split(maxsplit=1)[0] if line else ""
    try:
        record = msgspec.json.decode(line, type=dict[str, Any])
    except msgspec.DecodeError:
        return None
    name = record.get("id") if record.get("type", "ticket") == "ticket" else record.get("ticket")
    return name if isinstance(name, str) and name.strip() else None
