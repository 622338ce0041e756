"""Putting right an answer that went out: a new one to the same message, with a trace to the old one."""

from __future__ import annotations

from msgspec import structs

from socialcli import posting
from socialcli.app import App
from socialcli.drafting import Situation, Words
from socialcli.errors import ConflictError, NotFoundError
from socialcli.model.draft import Draft
from socialcli.policy.schema import Agent

LAST = "last"  # how the newest answer of a ticket is called


def look(app: App, ticket: str, name: str, who: Agent) -> tuple[Situation, Draft]:
    """The answer of this ticket that is called so (an id, or "last"), and its place, as a correction meets it.

    Raises NotFoundError, ConflictError for a draft that was not sent or if somebody else has claimed the ticket.
    """
    old = _answer(app, ticket, name)
    target = next((one for one in app.queue.thread(app.queue.ticket(ticket)) if one.id == old.target), None)
    if target is None:
        raise NotFoundError("message", str(old.target))
    return posting.look(app, ticket, who, visibility=old.check.visibility, target=target), old


def correction(app: App, words: Words, old: Draft, who: Agent) -> Words:
    """The words as what puts ``old`` right. Where ``old`` is a correction in these very words, it is that one: what
    runs again says nothing twice.
    """
    before = structs.replace(words, corrects=old.corrects)
    if old.corrects is not None and app.queue.draft(old.id).row.content == before.content(who):
        return before
    return structs.replace(words, corrects=old.id)


def _answer(app: App, ticket: str, name: str) -> Draft:
    row = app.queue.ticket(ticket)
    if name == LAST:
        sent = [one for one in app.queue.drafts(row.n, states=("sent",)) if one.row.holds is None]
        if not sent:
            raise NotFoundError("answer of ticket", row.id, hint="only what went out from here is corrected")
        return max(sent, key=lambda one: (one.row.at, one.row.offset)).draft
    stored = app.queue.draft(name)
    if stored.row.ticket != row.n:
        raise ConflictError(f"draft {stored.row.id} does not answer ticket {row.id}")
    if stored.draft.state != "sent":
        raise ConflictError(
            f"draft {stored.row.id} was not sent: it is {stored.draft.state}",
            hint=f"socialcli recall {stored.row.id}, and write another answer",
        )
    return stored.draft
