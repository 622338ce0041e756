"""``triage``: what a message is, how urgent, and why."""

from __future__ import annotations

import sys
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from math import inf
from typing import get_args

import click
import msgspec

from socialcli import masking, render, waiting
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import InvalidError, RefusedError, SocialError, UsageError
from socialcli.model.answers import ErrorRecord
from socialcli.model.assessment import PRIORITIES, Assessment, Kind, Priority, Register, Respond
from socialcli.model.message import Message
from socialcli.options import as_option, dry_run_option, verb
from socialcli.policy.deadlines import Due, due, own_deadline, sooner
from socialcli.policy.schema import Policy, Triage
from socialcli.protecting import opting_out
from socialcli.queue.rows import TicketRow, override_of

# With the deadline of the ticket, and whether it presses.
_Found = tuple[TicketRow, Message, Assessment, Due | None, bool]

_CHUNK = 500  # tickets assessed between two writes
_LEAD: dict[Priority, int] = {"urgent": 72, "high": 24, "normal": 8, "low": 0}  # points in the order alone
_FIELDS = {
    "respond": get_args(Respond),
    "priority": PRIORITIES,
    "kind": get_args(Kind),
    "register": get_args(Register),
    "topic": (),
    "language": (),
}


@verb("Weigh what is new: respond or not, how urgent, why.")
@click.argument("tickets", metavar="[TICKET...|-]", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Also what an older policy assessed.")
@click.option(
    "--set", "settings", metavar="FIELD=VALUE", multiple=True, help="Overrule triage by hand, for good."
)
@click.option("--reason", metavar="R", help="Why, with --set.")
@click.option(
    "--what-if",
    "other",
    metavar="POLICY",
    help="Who would stand elsewhere by this policies.toml; writes nothing.",
)
@as_option
@dry_run_option
def command(
    app: App,
    tickets: tuple[str, ...],
    everything: bool,
    settings: tuple[str, ...],
    reason: str | None,
    other: str | None,
    agent: str | None,
    dry_run: bool,
) -> Answer:
    """Assess what is new or changed, or the tickets that are named.

    "-" reads message records from standard input and writes one assessment for each, in their order; the queue
    is not touched. A conversation weighs as far as it stands in the input by then, and was written before.

    With --what-if the tickets that are not finished, or those that are named, are weighed by the present policy
    and by another one, and those that move are told: from where, to where, why.
    """
    if other is not None:
        if settings or reason or everything or "-" in tickets:
            raise UsageError("--what-if only looks: it goes with tickets, not with --set, --all or -")
        return _what_if(app, tickets, other)
    if settings:
        return _by_hand(app, tickets, settings, reason, agent, dry_run=dry_run)
    if reason:
        raise UsageError("--reason belongs to --set FIELD=VALUE")
    if tickets == ("-",):
        return _filter(app)
    if tickets:
        numbers = [app.queue.ticket(name).n for name in tickets]
    else:
        numbers = app.queue.untriaged()
        numbers += app.queue.assessed_by_another(app.decided_by) if everything else []
        if not numbers:
            app.console.note("nothing new")
    return Answer(_assess(app, numbers, dry_run=dry_run), render.assessments)


def _assess(app: App, numbers: Iterable[int], *, dry_run: bool) -> Iterator[Assessment]:
    remaining = iter(app.console.progress(numbers, "triage"))
    while chunk := list(islice(remaining, _CHUNK)):
        found: list[_Found] = []
        for number in chunk:
            found += _of_ticket(app, app.queue.ticket_by_number(number))
        if not dry_run:
            with app.queue.writing() as writing:
                for row, message, assessment, clock, presses in found:
                    data = _decision(assessment, clock, app.policy, presses=presses) | {
                        "policy": app.decided_by
                    }
                    if app.assessor.is_abusive(message):
                        data["abusive"] = True
                    writing.add("assessed", row.id, None, data, key=assessment.message_id)
                    if opting_out.is_asked(assessment):
                        opting_out.note(writing, row, assessment.message_id)
        yield from (assessment for _, _, assessment, _, _ in found)


def _of_ticket(app: App, row: TicketRow) -> Iterator[_Found]:
    """The assessments of what is new, each with the deadline that the ticket has from then on, if it has one.
    What was set by hand counts for it.
    """
    by_hand = override_of(row)
    thread = app.queue.talk(row)
    new = set(app.queue.waiting(row)) or {row.text_id}
    unanswered = new.union(app.queue.unanswered(row))
    own: datetime | None = None  # of all that waits for an answer, the earliest
    for place, message in enumerate(thread):
        if message.id not in unanswered or message.direction != "inbound" or message.erased:
            continue
        assessment = app.assessor.assess(message, thread[:place])
        own = sooner(own, own_deadline(message, assessment.deadline))
        if message.id in new:
            owed = by_hand.get("respond", assessment.respond) == "respond"
            priority = next(
                (one for one in PRIORITIES if one == by_hand.get("priority")), assessment.priority
            )
            clock = due(app.policy, priority, waiting.since(row), message, own) if owed else None
            presses = app.assessor.presses(assessment, message, thread[:place])
            yield row, message, msgspec.structs.replace(assessment, ticket=row.id), clock, presses


def _head_start(score: int, priority: Priority, policy: Policy) -> int:
    """Seconds of waiting that a score is worth: ``triage.waiting`` points an hour, and a tier's own lead, so
    that an urgent ticket stands before a high one that waits since yesterday, but not since last week.
    """
    return round((score + _LEAD[priority]) * 3600 / policy.triage.waiting)


def _decision(
    assessment: Assessment, clock: Due | None, policy: Policy, *, presses: bool
) -> dict[str, object]:
    """What the journal keeps: the decision and the policy's hash; the reasons can be worked out again."""
    from socialcli.triage.harming import harm_of

    harm = harm_of(assessment, policy.triage.weights)
    return {
        "message_id": assessment.message_id,
        "respond": assessment.respond,
        "priority": assessment.priority,
        "score": assessment.score,
        "kind": assessment.kind,
        "topic": assessment.topic,
        "sentiment": assessment.sentiment,
        "register": assessment.register,
        "language": assessment.language,
        "due": None if clock is None else _seconds(clock.at),
        "head_start": _head_start(assessment.score, assessment.priority, policy),
        "warn": None if clock is None else _seconds(clock.warn),
        **({"harm": harm} if harm else {}),
        **({"presses": True} if presses else {}),
    }


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


# by another policy


def _what_if(app: App, tickets: tuple[str, ...], other: str) -> Answer:
    """Raises UsageError for a file that cannot be read, InvalidError for what is wrong in it, NotFoundError."""
    from socialcli import simulating
    from socialcli.render.simulated import what_ifs

    policy = simulating.other_policy(app, other)
    numbers = [app.queue.ticket(name).n for name in tickets] if tickets else app.queue.unfinished()
    moves = simulating.Moves()
    sides = (simulating.Side(app, app.policy), simulating.Side(app, policy))
    passing = app.console.progress(dict.fromkeys(numbers), "what if")
    return Answer(
        simulating.what_if(app, sides, passing, moves),
        what_ifs(masking.masker(app)),
        talk=lambda: app.console.note(moves.summary()),
    )


# as a filter


def _filter(app: App) -> Answer:
    from socialcli.channels.records import RecordReader

    reader = RecordReader(app.account(), app.policy.our_handles, source="mention")
    bad: list[int] = []

    def records() -> Iterator[Assessment | ErrorRecord]:
        conversations: dict[str, list[Message]] = {}
        assess = app.assessor.assess
        for number, line in enumerate(sys.stdin.buffer, 1):
            if not line.strip():
                continue
            try:
                message = reader.from_json(line.strip())
            except ValueError as error:
                bad.append(number)
                yield ErrorRecord(7, f"line {number}: {error}")
                continue
            if message.conversation_id is None:
                yield assess(message)
                continue
            thread = conversations.setdefault(message.conversation_id, [])
            yield assess(message, _up_to(message, thread))
            insort(thread, message, key=_when)

    def against() -> SocialError | None:
        lines = ", ".join(str(number) for number in bad[:20])
        return InvalidError(f"{len(bad)} line(s) are no message records: {lines}") if bad else None

    return Answer(records(), render.assessments, against)


def _up_to(message: Message, thread: list[Message]) -> list[Message]:
    """What was written before it, oldest first: networks give their pages newest first."""
    return thread[: bisect_left(thread, _when(message), key=_when)]


def _when(message: Message) -> tuple[datetime, str]:
    return message.created_at, message.id


# by hand


def _by_hand(
    app: App,
    tickets: tuple[str, ...],
    settings: tuple[str, ...],
    reason: str | None,
    agent: str | None,
    *,
    dry_run: bool,
) -> Answer:
    if not tickets or "-" in tickets:
        raise UsageError(
            "--set needs a ticket", hint="socialcli triage TICKET --set priority=urgent --reason WHY"
        )
    if not reason:
        raise UsageError("--set needs --reason", hint="a decision says why")
    fields = dict(_setting(one) for one in settings)
    who = app.agent(agent).id
    rows = [app.queue.ticket(name) for name in tickets]
    for row in rows:
        kind = fields.get("kind", row.kind)
        if fields.get("respond") == "ignore" and kind not in ("spam", "abuse"):
            raise RefusedError(
                f"ticket {row.id} is a {kind or 'message'}, and only spam and abuse may be ignored",
                hint="--set respond=monitor, or say what it is: --set kind=spam",
            )
    if not dry_run:
        with app.queue.writing() as writing:
            for row in rows:
                writing.add("override", row.id, who, _settled(app, row, fields) | {"reason": reason})
        rows = [app.queue.ticket(name) for name in tickets]
    return Answer(app.queue.records(rows), render.tickets(app.now(), masking.masker(app)))


def _setting(text: str) -> tuple[str, str]:
    field, _, value = text.partition("=")
    if field not in _FIELDS:
        raise UsageError(f'--set: no field "{field}"', hint=f"fields: {', '.join(_FIELDS)}")
    allowed = _FIELDS[field]
    if not value or (allowed and value not in allowed):
        raise UsageError(
            f'--set: {field} cannot be "{value}"', hint=f"one of {', '.join(allowed)}" if allowed else ""
        )
    return field, value


def _settled(app: App, row: TicketRow, fields: dict[str, str]) -> dict[str, object]:
    """What is set by hand, and what follows: a kind lifts the priority to what it is worth by itself, a priority
    moves the score over its threshold, and the deadline with it; what is to be answered after all has a deadline.
    """
    fields = fields | _lifted(app.policy.triage, row, fields)
    settled: dict[str, str | int] = dict(fields)
    name = fields.get("priority", row.priority)
    priority = next((one for one in PRIORITIES if one == name), None)
    if priority is None or not fields.keys() & {"priority", "respond"}:
        return {"fields": settled}
    if "priority" in fields:
        score = _score(app.policy.triage, row, priority)
        settled |= {"score": score, "head_start": _head_start(score, priority, app.policy)}
    if "kind" in fields and fields.get("respond", row.respond) != "respond":
        return {"fields": settled}
    clock = waiting.clock(app, row, app.queue.talk(row), priority)
    settled["due"] = _seconds(clock.at)
    return {"fields": settled, "warn": _seconds(clock.warn)}


def _lifted(weights: Triage, row: TicketRow, fields: dict[str, str]) -> dict[str, str]:
    """The priority that the kind set by hand has at least, where that is above the ticket's; {} where it is not, or
    where the priority is set too.
    """
    if "kind" not in fields or "priority" in fields or row.priority is None:
        return {}
    worth = weights.weights.get(f"kind/{fields['kind']}", 0)
    floors: tuple[tuple[Priority, float], ...] = (
        ("urgent", weights.urgent),
        ("high", weights.high),
        ("normal", weights.normal),
        ("low", -inf),
    )
    least = next(name for name, floor in floors if worth >= floor)
    return (
        {"priority": least}
        if _LEAD[least] > next(_LEAD[one] for one in PRIORITIES if one == row.priority)
        else {}
    )


def _score(weights: Triage, row: TicketRow, priority: Priority) -> int:
    """The score that triage gave, moved as little as it takes to be of this priority."""
    floor = {"urgent": weights.urgent, "high": weights.high, "normal": weights.normal, "low": 0}
    above = {"urgent": 100, "high": weights.urgent - 1, "normal": weights.high - 1, "low": weights.normal - 1}
    return min(max(row.score or 0, floor[priority]), above[priority])
