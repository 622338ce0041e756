"""A holding reply for a customer whose answer waits too long for somebody's yes (``approval.ttl``, ``.fallback``).

It is posted once for each message, in the name of the answer's author, in the same place, with the same check, and is
not the answer: that goes on waiting, can still be approved, and then goes out as if nothing had been said.
"""

from __future__ import annotations

from socialcli import approval, awaiting, massmode, posting, timing
from socialcli.app import App
from socialcli.approval import rights
from socialcli.drafting import Situation, Words, compose, situation
from socialcli.errors import NotFoundError, RefusedError
from socialcli.model.draft import Draft
from socialcli.outbox.sending import Outcome, Request
from socialcli.policy.schema import Agent
from socialcli.queue.records import StoredDraft


def due(app: App) -> list[StoredDraft]:
    """The drafts that have waited too long, whose customer has heard nothing yet and said nothing new. Of those by
    somebody who may only draft there is a note: nothing is posted in that name.
    """
    found = [one for one in app.queue.drafts(states=("awaiting-approval",)) if _is_overdue(app, one)]
    mute = [one for one in found if approval.fallback_at(one.draft, app.policy) is None]
    for one in mute:
        app.console.note(
            f"draft {one.row.id} has waited too long for a yes; {one.row.agent} may only draft, so no holding"
            f" reply is sent: socialcli approve {one.row.id} --as AGENT"
        )
    first: dict[str | None, StoredDraft] = {}  # several answers to one message may wait; it is held once
    for one in found:
        if one not in mute:
            first.setdefault(one.row.target, one)
    return list(first.values())


def _is_overdue(app: App, stored: StoredDraft) -> bool:
    until = approval.waits_until(stored.draft, app.policy)
    if until is None or until > app.now() or stored.draft.ticket is None:
        return False
    if app.queue.opted_out(app.queue.ticket(stored.draft.ticket)) is not None:
        return False
    if not awaiting.needs_holding(app, stored) or massmode.is_held(app, stored.draft):
        return False
    return timing.opening(app, app.queue.ticket(stored.draft.ticket).priority) is None


def hold(app: App, stored: StoredDraft, by: Agent) -> Outcome:
    """Post the holding reply for a draft that waits too long; the draft of it, and what became of it.

    Raises NotFoundError for an author or a template that is gone, InvalidError and UsageError for a template that
    cannot be filled in, RefusedError where ``by`` may not post.
    """
    rights.require(by, "post", app.policy)
    author = next((one for one in app.policy.agents if one.id == stored.draft.agent), None)
    if author is None:
        raise NotFoundError("agent", stored.draft.agent)
    place = _place(app, stored.draft)
    words = Words(
        templates=(app.template_in(app.policy.approval.fallback, place.language),),
        sign_off=app.template("sign-off"),
        holds=stored.row.id,
    )
    draft = compose(place, words, author, app.policy)
    request = Request(draft, words.content(author), by.id, place.upto, read=place.read)
    stop = posting.refusal(app, place.way, draft, posting.Wish())
    try:
        if stop is None:
            return app.outbox.send(request)
    except RefusedError:
        if (settled := _settled_meanwhile(app, stored)) is not None:
            return Outcome(settled)
        raise
    if (settled := _settled_meanwhile(app, stored)) is not None:
        return Outcome(settled)
    known = awaiting.holding_of(app, stored)
    same = known is not None and known.draft.text == draft.text
    kept = (
        known.draft if known is not None and same else app.outbox.keep(request, "refused", stop.message).draft
    )
    return Outcome(kept, RefusedError(f"no holding reply for draft {stored.row.id}: {stop.message}"))


def _settled_meanwhile(app: App, stored: StoredDraft) -> Draft | None:
    """What another run or a yes has made of it since it was found overdue: then nobody is to be held any more, and
    nothing is wrong.
    """
    app.queue.refresh()
    held = awaiting.holding_of(app, stored)
    if held is not None and held.row.state not in ("refused", "recalled"):
        return held.draft
    waiting = app.queue.draft(stored.row.id)
    return waiting.draft if waiting.row.state != "awaiting-approval" else None


def _place(app: App, draft: Draft) -> Situation:
    """Where the draft stands, whoever has claimed the ticket."""
    row = app.queue.ticket(str(draft.ticket))
    target = next((one for one in app.queue.thread(row) if one.id == draft.target), None)
    if target is None:
        raise NotFoundError("message", str(draft.target))
    return situation(
        app.queue,
        app.policy,
        app.assessor,
        row,
        app.account(draft.account),
        app.channel(draft.account),
        visibility=draft.check.visibility,
        target=target,
    )
