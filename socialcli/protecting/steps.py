"""The steps of the ladder: which one, what the network does of it, and taking it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal

import msgspec

from socialcli.app import App
from socialcli.channels.base import Channel, TargetGoneError, Way, same_person
from socialcli.errors import NotFoundError, RefusedError, UsageError
from socialcli.model.message import Author, Message
from socialcli.model.protection import RUNGS, Restriction, Rung
from socialcli.policy.schema import Agent, Policy
from socialcli.protecting.judging import evidence, require_no_criticism
from socialcli.protecting.suspects import Suspect

Cause = Literal["spam", "troll", "abuse"]
_PROFILES = {"x": "https://x.com/"}  # where a program blocks direct messages only, and a person the rest


class Wish(msgspec.Struct, frozen=True):
    """What is wanted. ``rung`` None: the next one. ``lasts``: seconds, None = what the policy says."""

    reason: Cause
    rung: Rung | None = None
    guideline: str | None = None
    lasts: int | None = None
    max_cost: str | None = None


class Step(msgspec.Struct, frozen=True):
    """A step of the ladder, planned. ``way`` is None where it was taken before and is in force."""

    restriction: Restriction
    author: Author
    message: Message | None  # what is to be hidden
    way: Way | None


def plan(app: App, suspect: Suspect, wish: Wish, who: Agent) -> Step:
    """Which step, with its evidence and its way; nothing is done.

    Raises UsageError where hiding lacks its ticket or guideline, NotFoundError for an unknown guideline,
    RefusedError for a rung that is not on the ladder, for criticism, without evidence, above the cost that is
    allowed, or where the network cannot do it and nobody else can either.
    """
    standing = _in_force(app, suspect.network, suspect.author)
    rung = _rung(app.policy, wish.rung, standing, of_person=suspect.ticket is None)
    _require_guideline(app.policy, suspect, rung, wish.guideline)
    message = suspect.latest.message if rung == "hide" else None
    same = _same(standing, rung, message)
    if same is not None:
        return Step(same, suspect.author, message, None)
    require_no_criticism(suspect, rung)
    found = evidence(suspect, wish.reason, disengage_after=app.policy.triage.disengage_after)
    way = app.channel(suspect.account).can_restrict(rung, suspect.latest.message)
    if way.road == "no" and rung != "monitor":
        raise RefusedError(
            f"{rung}: {way.reason}", hint=f"another step of the ladder: --rung mute, or --rung {RUNGS[-1]}"
        )
    _require_affordable(way, wish.max_cost)
    at = app.now().replace(microsecond=0)
    restriction = Restriction(
        handle=suspect.author.handle,
        author_id=suspect.author.id,
        network=suspect.network,
        account=suspect.account,
        rung=rung,
        reason=wish.reason,
        guideline=wish.guideline,
        message_id=None if message is None else message.id,
        ticket=suspect.ticket,
        evidence=found,
        by=who.id,
        at=at,
        until=at + timedelta(seconds=app.policy.block.expiry if wish.lasts is None else wish.lasts),
        road=way.road if way.road in ("api", "hand") else "no",
        note=way.reason,
    )
    return Step(restriction, suspect.author, message, way)


def restrict(app: App, step: Step, *, signed: dict[str, Any] | None = None) -> Restriction:
    """Take the step: first the network, then the journal. Of two at once one writes; both get its record.
    ``signed``: the line of a plan that it was, and who signed it, the first of them being the one who said yes.

    Raises what the channel raises; nothing is then written.
    """
    wanted = step.restriction
    if wanted.road == "api" and step.way is not None:
        _tell(app, wanted.account, lambda channel: channel.restrict(wanted.rung, step.author, step.message))
    else:
        _keep_used(app, wanted.account)  # to know that it cannot be done may have cost something
    with app.queue.writing() as writing:
        same = _same(_in_force(app, wanted.network, step.author), wanted.rung, step.message)
        if same is None:
            writing.add("restricted", wanted.ticket, wanted.by, wanted)
            if signed is not None:
                writing.add("signed", wanted.ticket, signed["signers"][0], signed)
    return same or wanted


def lift(app: App, restriction: Restriction, by: str | None) -> None:
    """Take it back: first on the network, then in the journal. What was lifted or renewed since is left alone.

    Raises what the channel raises; nothing is then written.
    """
    if restriction not in app.queue.restrictions():
        return
    if restriction.road == "api":
        message = _hidden(app, restriction)
        _tell(app, restriction.account, lambda channel: _take_back(channel, restriction, message))
        _remind(app, restriction)
    elif restriction.road == "hand":
        app.console.note(
            f"@{restriction.handle}: if the {restriction.rung} was made by hand, take it back by hand"
        )
    data = {
        "network": restriction.network,
        "handle": restriction.handle,
        "rung": restriction.rung,
        "message_id": restriction.message_id,
        "author_id": restriction.author_id,
    }
    with app.queue.writing() as writing:
        if restriction in app.queue.restrictions():
            writing.add("lifted", restriction.ticket, by, data)


def _take_back(channel: Channel, restriction: Restriction, message: Message | None) -> None:
    author = Author(restriction.author_id, restriction.handle)
    with suppress(
        NotFoundError, TargetGoneError
    ):  # the person or the message is gone, and the step with them
        channel.lift(restriction.rung, author, message)


def _remind(app: App, restriction: Restriction) -> None:
    """What a person may have done besides, and only a person can take back."""
    profile = _PROFILES.get(restriction.network)
    if restriction.rung == "block" and profile is not None:
        app.console.note(
            f"@{restriction.handle}: direct messages are unblocked; if you blocked them by hand, "
            f"unblock them at {profile}{restriction.handle}"
        )


def expired(app: App) -> list[Restriction]:
    """Those whose end has come and that need no person to be taken back; the others stay on the list."""
    return [one for one in app.queue.restrictions() if one.until <= app.now() and one.road != "hand"]


def _in_force(app: App, network: str, author: Author) -> list[Restriction]:
    return [
        one
        for one in app.queue.restrictions()
        if one.network == network
        and same_person(Author(one.author_id, one.handle), author)
        and one.until > app.now()
    ]


def _same(standing: Sequence[Restriction], rung: Rung, message: Message | None) -> Restriction | None:
    """The same step, taken before. Hiding one message is another step than hiding the next."""
    name = None if message is None else message.id
    return next((one for one in standing if (one.rung, one.message_id) == (rung, name)), None)


def _rung(policy: Policy, wanted: Rung | None, standing: Sequence[Restriction], *, of_person: bool) -> Rung:
    """The one that is wanted, else the next above what is in force; the highest once that is reached. Without a
    ticket (``of_person``) the next one is never to hide, which is about one message.
    """
    ladder = sorted(policy.block.ladder, key=RUNGS.index)
    if wanted is not None:
        if wanted not in ladder:
            raise RefusedError(
                f"{wanted} is not on the ladder",
                hint=f"block.ladder in policies.toml: {', '.join(ladder) or 'empty'}",
            )
        return wanted
    if not ladder:
        raise RefusedError(
            "the ladder is empty", hint="block.ladder in policies.toml lists the steps allowed"
        )
    if of_person:
        ladder = [rung for rung in ladder if rung != "hide"] or ladder
    reached = max((RUNGS.index(one.rung) for one in standing), default=-1)
    return next((rung for rung in ladder if RUNGS.index(rung) > reached), ladder[-1])


def _require_guideline(policy: Policy, suspect: Suspect, rung: Rung, guideline: str | None) -> None:
    known = tuple(policy.block.guidelines)
    if guideline is not None and guideline not in known:
        raise NotFoundError("guideline", guideline, known=known)
    if rung != "hide":
        return
    if suspect.ticket is None:
        raise UsageError(
            "the step is hide, which is about one message, not about a person",
            hint=f"block TICKET, such as {suspect.latest.ticket}, or another step: --rung",
        )
    if guideline is None:
        raise UsageError(
            "the step is hide, which needs a published guideline",
            hint=f"--guideline {'|'.join(known) or 'ID (block.guidelines in policies.toml has none)'}",
        )


def _require_affordable(way: Way, limit: str | None) -> None:
    if limit is not None and way.road == "api" and Decimal(way.cost) > Decimal(limit):
        raise RefusedError(
            f"it would cost {way.cost} {way.currency}, more than {limit}", hint="allow more: --max-cost"
        )


def _hidden(app: App, restriction: Restriction) -> Message | None:
    """The hidden message as the queue has it, with its versions; by its id where the queue lost it."""
    if restriction.message_id is None:
        return None
    thread = app.queue.thread(app.queue.ticket(restriction.ticket)) if restriction.ticket else []
    found = next((one for one in thread if one.id == restriction.message_id), None)
    author = Author(restriction.author_id, restriction.handle)
    return found or Message(
        restriction.message_id, restriction.network, restriction.account, author, "", restriction.at
    )


def _tell(app: App, account: str, act: Callable[[Channel], None]) -> None:
    """Tell the network, and keep what that cost, also where it failed."""
    try:
        act(app.channel(account))
    finally:
        _keep_used(app, account)


def _keep_used(app: App, account: str) -> None:
    used = app.channel(account).used()
    if used is not None:
        app.queue.keep_used(account, used.acts, used.cost, used.currency, used.held)
