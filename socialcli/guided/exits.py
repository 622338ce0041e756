"""What becomes of a ticket on the desk besides an answer: put away, given on, put aside. Each writes its events, and
says what it did in one line; none where the agent thought better of it (Ctrl-C at a question).
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from socialcli import posting, prompts, waiting
from socialcli.drafting import compose
from socialcli.errors import RefusedError
from socialcli.guided.desk import Desk
from socialcli.guided.keys import Entry, Key, pick, press
from socialcli.model.assessment import PRIORITIES
from socialcli.model.times import format_time, parse_duration, parse_time
from socialcli.outbox.sending import Outcome, Request
from socialcli.policy.hours import closing, opens_at
from socialcli.policy.schema import Policy
from socialcli.queue.journal import NewEvent
from socialcli.text.clean import clean

_SOON = timedelta(days=30)

BACK = Key("q", "back", "\x1b")


def save(desk: Desk) -> str:
    """The text as a draft in the journal: it is there for the whole team, and on another machine."""
    draft = _kept(desk, "composed", None).draft
    desk.keeper.drop()
    return f"saved as draft {draft.id}: it is offered to whoever opens ticket {desk.place.row.id}"


def send_for_approval(desk: Desk) -> Outcome:
    """Somebody else is to say yes, whether or not the policy asks for it. Raises SocialError."""
    outcome = _kept(desk, "awaiting-approval", f"{desk.who.name} asks for a second pair of eyes")
    if outcome.error is None:
        desk.keeper.drop()
    return outcome


def _kept(desk: Desk, state: str, reason: str | None) -> Outcome:
    desk.keep(desk.signed(desk.text))
    words = desk.words()
    draft = compose(desk.place, words, desk.who, desk.app.policy)
    check = posting.with_allowances(desk.app, draft.check, desk.allowed, desk.who)
    draft = msgspec.structs.replace(draft, check=check)
    request = Request(draft, words.content(desk.who), desk.who.id, desk.place.upto, read=desk.place.read)
    if state != "composed" and not draft.check.ok:
        raise RefusedError("the check says no", hint="mend the text first")
    outcome = desk.app.outbox.keep(request, state, reason)
    if outcome.error is not None:
        raise outcome.error
    return outcome


def hand_over(desk: Desk) -> str:
    """To another agent, with a note; what was written goes along as a draft."""
    others = [one for one in desk.app.policy.agents if one.id != desk.who.id]
    if not others:
        return "nobody else is in policies.toml"
    place = pick("Hand over to:", [Entry(f"{one.name} ({one.id}, {one.role})") for one in others], [BACK])
    if isinstance(place, str):
        return ""
    to = others[place]
    note = clean(prompts.line(f"A note for {to.name}, if you like:")).strip()
    if desk.text.strip():
        _kept(desk, "composed", None)
    desk.give_to(to.id, note)
    desk.keeper.drop()
    desk.keep_claim()
    return f"ticket {desk.place.row.id} is {to.name}'s now"


def leave_note(desk: Desk) -> str:
    text = clean(prompts.line("A note for the team, never posted:")).strip()
    if not text:
        return ""
    _write(desk, NewEvent("note", desk.place.row.id, desk.who.id, {"text": text}))
    return "noted"


def snooze(desk: Desk) -> str:
    """Put aside until a time; it wakes earlier where the customer writes again."""
    until = moment(desk, "Put it aside for how long?")
    if until is None:
        return ""
    _write(desk, NewEvent("snoozed", desk.place.row.id, desk.who.id, {"until": until}))
    return f"asleep until {format_time(datetime.fromtimestamp(until, UTC))}"


def moment(desk: Desk, question: str) -> int | None:
    """Epoch seconds, later than now; None for back."""
    now = desk.app.now()
    morning = next_opening(desk.app.policy, now)
    known = {"1": ("1h", 3600), "2": ("2h", 7200), "4": ("4h", 14_400), "8": ("8h", 28_800)}
    keys = [Key(name, f"= {told}") for name, (told, _) in known.items()]
    keys += [Key("o", f"opening {_local(desk, morning)}")] if morning is not None else []
    tomorrow = _at_nine(desk)
    keys += [Key("m", f"{_local(desk, tomorrow)}")] if morning is None else []
    pressed = press(question, [*keys, Key("t", "another time"), BACK])
    if pressed == BACK.name:
        return None
    if pressed in known:
        return int(now.timestamp()) + known[pressed][1]
    if pressed in ("o", "m"):
        return int((morning or tomorrow).timestamp())
    return _typed(desk)


def _at_nine(desk: Desk) -> datetime:
    """Tomorrow, where the brand is."""
    there = desk.app.now().astimezone(_zone(desk)) + timedelta(days=1)
    return there.replace(hour=9, minute=0, second=0, microsecond=0)


def _local(desk: Desk, at: datetime) -> str:
    return f"{at.astimezone(_zone(desk)):%a %H:%M}"


def _zone(desk: Desk) -> ZoneInfo:
    return ZoneInfo(desk.app.policy.brand.time_zone)


def next_opening(policy: Policy, now: datetime) -> datetime | None:
    """When the desk opens the next time, today's hours left aside where they have begun; None where it never shuts."""
    shuts = closing(policy, now.astimezone(ZoneInfo(policy.brand.time_zone)).date())
    opens = opens_at(policy, now if shuts is None else max(now, shuts))
    return opens if now < opens < now + _SOON else None


def _typed(desk: Desk) -> int:
    now = int(desk.app.now().timestamp())
    while True:
        asked = "For how long (90m, 3h, 2d), or until when (17:30, 2026-11-21T09:00:00Z):"
        try:
            found = _understood(desk, prompts.line(asked).strip())
        except ValueError as error:
            desk.app.console.note(str(error))
            continue
        if found > now:
            return found
        desk.app.console.note("that has passed")


def _understood(desk: Desk, typed: str) -> int:
    """Epoch seconds. A clock time is the next one where the brand is. Raises ValueError."""
    now = desk.app.now()
    with suppress(ValueError):
        return int(now.timestamp()) + parse_duration(typed)
    try:
        clock = datetime.strptime(typed, "%H:%M").time()  # noqa: DTZ007 - the zone is the brand's
    except ValueError:
        return int(parse_time(typed).timestamp())
    here = now.astimezone(_zone(desk))
    found = datetime.combine(here.date(), clock, here.tzinfo)
    return int((found if found > here else found + timedelta(days=1)).timestamp())


def not_for_us(desk: Desk) -> str:
    """No answer is owed: what ``triage --set`` writes, with a reason."""
    keys = [Key("m", "just watch it"), Key("s", "it is spam"), Key("a", "it is mere abuse"), BACK]
    pressed = press("No answer, because", keys)
    if pressed == BACK.name:
        return ""
    reason = clean(prompts.line("Why:", default={"s": "spam", "a": "mere abuse"}.get(pressed, ""))).strip()
    if not reason:
        return ""
    kind = {"s": "spam", "a": "abuse"}.get(pressed)
    _write(
        desk, NewEvent("override", desk.place.row.id, desk.who.id, _settled(desk, kind) | {"reason": reason})
    )
    return f"ticket {desk.place.row.id} is off the list: {reason}"


def _settled(desk: Desk, kind: str | None) -> dict[str, Any]:
    if kind is not None:
        return {"fields": {"respond": "ignore", "kind": kind}}
    row = desk.place.row
    priority = next((one for one in PRIORITIES if one == row.priority), None)
    if priority is None:
        return {"fields": {"respond": "monitor"}}
    clock = waiting.clock(desk.app, row, desk.place.thread, priority)
    fields = {"respond": "monitor", "due": int(clock.at.timestamp())}
    return {"fields": fields, "warn": int(clock.warn.timestamp())}


def _write(desk: Desk, *events: NewEvent) -> None:
    with desk.app.queue.writing() as writing:
        writing.events.extend(events)
