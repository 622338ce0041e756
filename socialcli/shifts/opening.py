"""``shift open``: what an agent finds, and what customers hear."""

from __future__ import annotations

from msgspec import Struct

from socialcli import masking, posting
from socialcli.app import App
from socialcli.approval import rights
from socialcli.console import Answer
from socialcli.drafting import fingerprint
from socialcli.errors import SocialError, UsageError
from socialcli.model.times import format_time
from socialcli.outbox.sending import Outcome
from socialcli.policy.schema import Account, Agent
from socialcli.queue.shifts import ShiftRow
from socialcli.render import shift as render
from socialcli.shifts.days import beginning
from socialcli.shifts.speaking import INTRO, Post, confirmed, planned, prepared, said
from socialcli.shifts.standing import LONGEST, latest, record, running, until
from socialcli.shifts.tips import tip_said
from socialcli.shifts.withdrawing import withdraw_over
from socialcli.shifts.wording import hour, language_of, may_speak, tip_now


class Opened(Struct, frozen=True):
    """A shift that is open now, or would be; ``new``: it was not before."""

    row: ShiftRow
    new: bool


def open_shift(app: App, who: Agent, account: str | None, wish: posting.Wish, *, intro: bool) -> Answer:
    """Begin the shift, or find it begun; post what is not posted yet. Raises what ``speaking.prepared`` raises."""
    opened = _opened(app, who, account)
    place = app.account(account or opened.row.account)
    ready = prepared(
        app, [*_greeting(app, place, who), *(_intro(app, opened.row, place, who) if intro else ())], who
    )
    if wish.dry_run:
        return _answer(app, who, opened, planned(app, ready, who, wish))
    confirmed(app, ready, who, wish)
    opened = _written(app, who, opened)
    withdraw_over(app, who)
    return _answer(app, who, opened, said(app, ready, who, wish))


def _opened(app: App, who: Agent, account: str | None) -> Opened:
    known = running(app, who.id)
    if known is not None:
        return Opened(known, new=False)
    now = app.now().replace(microsecond=0)
    name = app.account(account).name
    shift = fingerprint("shift", who.id, name, format_time(now))[:12]
    return Opened(ShiftRow(shift, who.id, name, int(now.timestamp()), None), new=True)


def _written(app: App, who: Agent, opened: Opened) -> Opened:
    """Written down, if nobody has done so meanwhile."""
    if not opened.new:
        return opened
    before = latest(app, who.id)
    with app.queue.writing() as writing:
        known = running(app, who.id)
        if known is not None:
            return Opened(known, new=False)
        row = opened.row
        facts = {"shift": row.id, "agent": row.agent, "account": row.account, "opened": row.opened}
        writing.add("shift-opened", None, who.id, facts, key=row.id)
    if before is not None and before.closed is None:
        app.console.note(f"the shift before this one ({before.id}) was never closed: it left no note")
    return opened


def _greeting(app: App, account: Account, who: Agent) -> list[Post]:
    """The first post of the day, where the policy has one and the day has begun."""
    template, day = app.policy.shift.greeting, beginning(app.policy, app.now())
    if not template or not may_speak(app, who):
        return []
    if day is None:
        app.console.note(
            "we are closed: the first post of the day goes out with a shift within an hour of opening"
        )
        return []
    values = {} if day.closes is None else {"until": hour(app, template, day.closes)}
    tip = _tip(app, template)
    if tip is not None:
        values["tip"] = tip
    ends = day.closes or app.now() + LONGEST
    return [Post("greeting", template, account, day.date.isoformat(), values, ends)]


def _tip(app: App, template: str) -> str | None:
    """The words of the tip of the week; a day begins without one that cannot be said."""
    from socialcli.compose.frontmatter import value_mistake

    try:
        tip = tip_now(app, language_of(app, template))
    except UsageError as error:
        app.console.note(f"no tip of the week: {error.message}")
        return None
    if tip is None:
        return None
    words = tip_said(tip)
    wrong = value_mistake("text", words)
    if wrong:
        app.console.note(f"no tip of the week: it {wrong} (kb.jsonl)")
    return None if wrong else words


def _intro(app: App, row: ShiftRow, account: Account, who: Agent) -> list[Post]:
    rights.require(who, "speak", app.policy)
    end = until(app, who.id)
    values = {} if end is None else {"until": hour(app, INTRO, end)}
    return [Post(INTRO, INTRO, account, row.id, values, end or app.now() + LONGEST)]


def _answer(app: App, who: Agent, opened: Opened, outcomes: list[Outcome]) -> Answer:
    found = record(app, who.id, opened.row.account, opened.row)
    errors: list[SocialError] = [one.error for one in outcomes if one.error is not None]

    def talk() -> None:
        if not opened.new:
            app.console.note(f"open since {format_time(found.opened_at or app.now())}: nothing is done twice")

    view = render.shift(app.now(), masking.masker(app))
    return Answer(
        [found, *(one.draft for one in outcomes)], view, lambda: errors[0] if errors else None, talk
    )
