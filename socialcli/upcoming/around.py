"""The part of ``today`` that is about more than one ticket's answer: incidents, experts, follow-ups, shifts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from socialcli.app import App
from socialcli.experts.questions import open_questions
from socialcli.massmode.standing import held as in_mass
from socialcli.model.times import format_time
from socialcli.model.today import Item, Section
from socialcli.returning import following
from socialcli.shifts import standing
from socialcli.text.counted import counted
from socialcli.upcoming.whose import AHEAD, is_for

_OLD = timedelta(days=2)  # what a shift left longer ago was for another one


def incidents(app: App) -> Iterator[Item]:
    """Suspected and open ones, the newest first."""
    for one in [*app.queue.incidents("suspected"), *app.queue.incidents("open")]:
        told = f"{one.state}: {one.topic or ', '.join(one.words)}, {counted(len(one.tickets), 'ticket')}"
        told += "; confirm or dismiss it" if one.state == "suspected" else ""
        yield _item(
            "incidents", told, f"socialcli incident show {one.id}", incident=one.id, account=one.account
        )


def held(app: App) -> Iterator[Item]:
    """What mass mode keeps waiting, an incident each."""
    for one in in_mass(app):
        if one.held or one.capped:
            until = f" until {format_time(one.until)}" if one.until else ""
            told = f"{counted(one.held + one.capped, 'ticket')} held{until}"
            yield _item("held", told, "socialcli list --held", incident=one.incident)


def questions(app: App, agent: str | None) -> Iterator[Item]:
    """What experts were asked and have not answered."""
    for one in open_questions(app):
        if is_for(agent, one.assignee or one.by):
            late = "no answer in time" if one.due_at < app.now() else "asked"
            yield Item(
                section="questions",
                ticket=one.ticket,
                draft=None,
                incident=None,
                account=one.account,
                customer=None,
                due_at=one.due_at,
                reason=f"{late}: {one.name}, {one.text}",
                next=f"socialcli expert answer {one.ticket} TEXT",
                agent=one.assignee or one.by,
            )


def follow_ups(app: App, agent: str | None) -> Iterator[Item]:
    """What is owed after the end; then what is suggested."""
    for one in following.follow_ups(app):
        whose = one.assignee or one.by
        if is_for(agent, whose):
            yield Item(
                section="follow-ups" if one.owed else "suggested",
                ticket=one.ticket,
                draft=None,
                incident=None,
                account=one.account,
                customer=one.customer.handle,
                due_at=one.due_at,
                reason=f"{one.what}: {one.reason}",
                next=one.next,
                agent=whose,
            )


def review(app: App) -> Iterator[Item]:
    """Steps of the ladder that ended by their time and were not taken back yet; who opted out since yesterday."""
    for one in app.queue.restrictions():
        if one.until <= app.now():
            step = f"socialcli block --lift @{one.handle}"
            told = f"{one.rung} for {one.reason} ended: take it back, or block anew"
            yield _of_customer(one.handle, one.ticket, one.until, told, step)
    for out in app.queue.opt_outs():
        if out.since > app.now() - AHEAD:
            told = f"wants no more messages of ours: {out.reason or 'said so'}"
            yield _of_customer(out.handle, out.ticket, out.since, told, "socialcli opt-out --list")


def _of_customer(handle: str, ticket: str | None, at: datetime, reason: str, step: str) -> Item:
    return Item(
        section="review",
        ticket=ticket,
        draft=None,
        incident=None,
        account=None,
        customer=handle,
        due_at=at,
        reason=reason,
        next=step,
        agent=None,
    )


def handover(app: App, agent: str | None) -> Iterator[Item]:
    """What the last shift left for the next."""
    note = standing.handover(app)
    if note is not None and note.at > app.now() - _OLD and is_for(agent, note.to):
        told = f"{note.by or 'nobody'} leaves: {note.note}"
        yield _item("handover", told, "socialcli shift open", agent=note.to)


def _item(
    section: Section,
    reason: str,
    step: str,
    *,
    incident: str | None = None,
    account: str | None = None,
    agent: str | None = None,
) -> Item:
    return Item(
        section=section,
        ticket=None,
        draft=None,
        incident=incident,
        account=account,
        customer=None,
        due_at=None,
        reason=reason,
        next=step,
        agent=agent,
    )
