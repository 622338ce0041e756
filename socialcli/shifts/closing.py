"""``shift close``: refused while something is due; else the last post, and a note for who comes next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from socialcli import claiming, masking, posting
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import NotFoundError, RefusedError, SocialError, UsageError
from socialcli.model.shift import Left
from socialcli.outbox.sending import Outcome
from socialcli.policy import hours
from socialcli.policy.schema import Account, Agent
from socialcli.queue.journal import NewEvent
from socialcli.queue.shifts import ShiftRow
from socialcli.render import shift as render
from socialcli.shifts.days import ending, last_word
from socialcli.shifts.leaving import left_over, relieved
from socialcli.shifts.speaking import Post, confirmed, planned, prepared, said
from socialcli.shifts.standing import LONGEST, latest, record, running, working
from socialcli.shifts.withdrawing import withdraw_intro
from socialcli.shifts.wording import hour, may_speak
from socialcli.text.counted import counted


class Parting(Struct, frozen=True):
    """How a shift is to end. ``to``: who goes on; ``hand_over``: what is left is theirs then, or anybody's."""

    note: str = ""
    to: str | None = None
    hand_over: bool = False


def close_shift(app: App, who: Agent, account: str | None, parting: Parting, wish: posting.Wish) -> Answer:
    """Raises RefusedError where no shift is open, and what ``speaking.prepared`` raises."""
    _require_sense(app, who, parting)
    row = running(app, who.id)
    if row is None:
        return _closed_before(app, who, account, wish)
    left = left_over(app, who)
    kept = [one for one in left if not _is_taken(app, one, who, parting)]
    if kept:
        return Answer(kept, render.left(app.now(), masking.masker(app)), lambda: _refusal(app, kept, who))
    ready = prepared(app, _last_post(app, app.account(account or row.account), who), who)
    if wish.dry_run:
        return _answer(app, who, row, planned(app, ready, who, wish), left)
    confirmed(app, ready, who, wish)
    _write(app, who, row, parting, left)
    withdraw_intro(app, who, row)
    return _answer(app, who, row, said(app, ready, who, wish), left)


def _require_sense(app: App, who: Agent, parting: Parting) -> None:
    if parting.to is None:
        return
    if app.agent_named(parting.to).id == who.id:
        raise UsageError(f"--to {who.id}: that is you", hint="name who goes on, or leave it out")


def _closed_before(app: App, who: Agent, account: str | None, wish: posting.Wish) -> Answer:
    """Closed already: what an interrupted run did not post is posted. Raises RefusedError where none was open."""
    row = latest(app, who.id)
    now = int(app.now().timestamp())
    if row is None or row.closed is None or now - row.closed > LONGEST.total_seconds():
        raise RefusedError(f"no shift of {who.id} is open", hint="socialcli shift open")
    app.console.note("closed already: nothing is done twice")
    ready = prepared(app, _last_post(app, app.account(account or row.account), who), who)
    if wish.dry_run:
        return _answer(app, who, row, planned(app, ready, who, wish), [])
    confirmed(app, ready, who, wish)
    withdraw_intro(app, who, row)
    return _answer(app, who, row, said(app, ready, who, wish), [])


def _is_taken(app: App, one: Left, who: Agent, parting: Parting) -> bool:
    """Whether somebody else sees to it. Without a name whoever is there does, if anybody is."""
    if not parting.hand_over:
        return False
    return parting.to is not None or one.why in ("claim", "draft") or relieved(app, who)


def _refusal(app: App, left: Sequence[Left], who: Agent) -> RefusedError:
    others = [one.id for one in app.policy.agents if one.id != who.id]
    to = f" --to {'|'.join(others)}" if others else ""
    return RefusedError(
        f"the shift cannot end: {counted(len(left), 'thing')} left to do",
        hint=f"do what is listed above, or hand it over: socialcli shift close --hand-over{to}",
    )


def _write(app: App, who: Agent, row: ShiftRow, parting: Parting, left: Sequence[Left]) -> None:
    """What is handed over first, the end last: a run that was stopped between them goes on where it was. Nothing where
    another run was faster.
    """
    with app.queue.writing() as writing:
        if running(app, who.id) is None:
            return
        tickets = list(dict.fromkeys(one.ticket for one in left if one.ticket is not None))
        events = [_handed(app, ticket, who, parting) for ticket in tickets]
        writing.events += [one for one in events if one is not None]
        facts: dict[str, Any] = {
            "shift": row.id, "agent": row.agent, "account": row.account, "opened": row.opened,
        }  # fmt: skip
        more = {"to": parting.to, "note": parting.note, "handed": tickets}
        facts |= {name: value for name, value in more.items() if value}
        writing.add("shift-closed", None, who.id, facts, key=row.id)


def _handed(app: App, ticket: str, who: Agent, parting: Parting) -> NewEvent | None:
    """The ticket goes to who goes on, or back; a claim of somebody else's stays. The note stays with the shift: it may
    name other customers.
    """
    try:
        found = app.queue.ticket(ticket)
    except NotFoundError:
        return None
    if claiming.holder(app, found) not in (None, who.id):
        return None
    return claiming.released(app, found, who.id, to=parting.to)


def _last_post(app: App, account: Account, who: Agent) -> list[Post]:
    """The last post of the day, by whoever is the last to go."""
    template, day = app.policy.shift.closing, ending(app.policy, app.now())
    others = [one for one in working(app) if one != who.id]
    if not template or others:
        if template and day is not None:
            app.console.note(f"the last post of the day is left to whoever goes last: {', '.join(others)}")
        return []
    if not may_speak(app, who):
        return []
    if day is None or day.closes is None:
        app.console.note(
            "no last post now: it goes out with a shift that ends within an hour of closing time"
        )
        return []
    back = hours.opens_at(app.policy, max(day.closes, app.now()))
    values = {} if back >= hours.LAST_MOMENT else {"back": hour(app, template, back)}
    return [Post("closing", template, account, day.date.isoformat(), values, last_word(day, back))]


def _answer(app: App, who: Agent, row: ShiftRow, outcomes: Sequence[Outcome], left: Sequence[Left]) -> Answer:
    ended = latest(app, who.id) or row
    errors: list[SocialError] = [one.error for one in outcomes if one.error is not None]
    records = [record(app, who.id, row.account, ended), *left, *(one.draft for one in outcomes)]
    return Answer(
        records, render.shift(app.now(), masking.masker(app)), lambda: errors[0] if errors else None
    )
