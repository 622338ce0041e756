"""``resolve``: the closing rule, what became of it, and the thanks where the customer began."""

from __future__ import annotations

from typing import Literal, get_args

import click

from socialcli import claiming, masking, posting, render
from socialcli.app import App
from socialcli.console import Answer, interactive
from socialcli.errors import ConflictError, RefusedError, SocialError
from socialcli.model.assessment import Assessment
from socialcli.model.draft import Draft
from socialcli.model.message import Message
from socialcli.model.ticket import Ticket
from socialcli.options import (
    as_option,
    dry_run_option,
    max_cost_option,
    ticket_argument,
    verb,
    yes_option,
)
from socialcli.policy.schema import Agent
from socialcli.queue.rows import TicketRow
from socialcli.returning import following, saying

Outcome = Literal["fixed", "answered", "moved", "refused", "no-answer"]

_WAITING = ("awaiting-approval", "approved", "scheduled", "intended", "unknown")
_OWED = ("complaint", "question", "request")  # silence is no end for these (K3)


@verb("Close a ticket, and thank the customer where they began.")
@ticket_argument
@click.option("--outcome", type=click.Choice(get_args(Outcome)), required=True, help="What became of it.")
@click.option("--cause", metavar="C", help="Why it happened.")
@click.option("--fix", metavar="F", help="What was done about it.")
@click.option("--no-thank", is_flag=True, help="Close it without a public thank-you.")
@as_option
@max_cost_option
@dry_run_option
@yes_option
def command(
    app: App,
    ticket: str,
    outcome: Outcome,
    cause: str | None,
    fix: str | None,
    no_thank: bool,
    agent: str | None,
    max_cost: str | None,
    dry_run: bool,
    yes: bool,
) -> Answer:
    """Close a ticket: what became of it, why it happened, what was done. It takes an answer of ours, and no
    message that still waits for one; with no-answer, no complaint, question or request that waits unanswered.

    \b
    socialcli resolve k3p --outcome fixed --cause "bag left in Oslo" --fix "sent on, tag checked" --yes
    socialcli resolve k3p --outcome no-answer

    A customer who began in public and was helped in private is thanked in public, without any facts, if
    resolve.thank_in_public is on. That post needs a yes; without one the ticket is closed all the same, and the
    thanks stay open in follow-up, due and today.
    """
    told = {"outcome": outcome, "cause": cause, "fix": fix}
    wish = posting.Wish(again=True, dry_run=dry_run, yes=yes, max_cost=max_cost)
    return run(app, ticket, told, agent, wish, thank=not no_thank)


def run(
    app: App, ticket: str, told: dict[str, str | None], agent: str | None, wish: posting.Wish, *, thank: bool
) -> Answer:
    """Raises RefusedError for what still waits, ConflictError if somebody else has it or a draft is on its way.
    What goes wrong with the thanks is the error of the answer: the ticket is then closed.
    """
    who = app.agent(agent)
    row = app.queue.ticket(ticket)
    claiming.require_free(app, row, who.id)
    _require_closable(app, row, str(told["outcome"]))
    if wish.dry_run:
        app.console.note(f"it would be resolved: {_in_words(told)}")
    else:
        known = _is_known(app, row, told)
        row = _resolve(app, row, told, who, thank=thank)
        app.console.note(f"{'already resolved' if known else 'resolved'}: {_in_words(told)}")
        if known and not thank and app.queue.unthanked(row):
            saying.settle(app, row, "thank-you", who, "dismissed")
    if elsewhere := following.preferred_elsewhere(app, row):
        app.console.note(f"the customer prefers {elsewhere}: tell them there how it ended")
    record = app.queue.record(row)
    if not thank or not saying.thanks_are_due(app, row, str(told["outcome"])):
        return _answer(app, record)
    return _thank(app, record, who, wish, str(told["outcome"]))


def _in_words(told: dict[str, str | None]) -> str:
    """``fixed; cause: bag left in Oslo; fix: sent on``."""
    why = [f"{key}: {told[key]}" for key in ("cause", "fix") if told[key]]
    return "; ".join((str(told["outcome"]), *why))


def _answer(app: App, record: Ticket, draft: Draft | None = None, error: SocialError | None = None) -> Answer:
    records = [record] if draft is None else [record, draft]
    return Answer(records, render.ticket_page(app.now(), masking.masker(app)), lambda: error)


# ------------------------------------------------------------------------------------------ the closing rule


def _require_closable(app: App, row: TicketRow, outcome: str) -> None:
    """Raises RefusedError, ConflictError."""
    waiting = app.queue.drafts(row.n, states=_WAITING)
    for stored in waiting:
        if stored.row.content != saying.THANKS_CONTENT:
            raise ConflictError(
                f"draft {stored.draft.id} of this ticket is on its way ({stored.draft.state})",
                hint="socialcli outbox shows it; approve, reject or settle it first",
            )
    if outcome != "no-answer" and not row.answered_by_us and row.colleague < 0:
        raise RefusedError(
            f'nobody has answered ticket {row.id}: it cannot be "{outcome}"',
            hint=f"socialcli reply {row.id}, or done {row.id} --url ADDRESS for an answer given by hand",
        )
    if outcome == "no-answer" and app.queue.closed_to(row, row.text_id) is not None:
        return  # they asked for no more messages: nothing can be answered
    for message, found in _unanswered(app, row):
        owed = found.kind in _OWED if outcome == "no-answer" else found.respond == "respond"
        if owed:
            raise RefusedError(
                f"message {message.id} waits for an answer: {found.kind}, {found.respond}",
                hint=f"socialcli reply {row.id}, or triage {row.id} --set respond=monitor --reason WHY",
            )


def _unanswered(app: App, row: TicketRow) -> list[tuple[Message, Assessment]]:
    """The messages that nobody has answered, as triage sees them; what a person set by hand wins."""
    from msgspec import json, structs

    waiting = app.queue.unanswered(row)
    by_hand = json.decode(row.override, type=dict[str, str | int])
    thread = app.queue.thread(row) if waiting else []
    weighed = []
    for place, message in enumerate(thread):
        if message.id in waiting:
            found = app.assessor.assess(message, thread[:place])
            fields = {key: value for key, value in by_hand.items() if key in ("respond", "kind")}
            weighed.append((message, structs.replace(found, **fields)))
    return weighed


def _resolve(app: App, row: TicketRow, told: dict[str, str | None], who: Agent, *, thank: bool) -> TicketRow:
    """One event; the same again changes nothing. It says whether thanks are owed from now on."""
    with app.queue.writing() as writing:
        row = app.queue.ticket(row.id)
        claiming.require_free(app, row, who.id)
        _require_closable(app, row, str(told["outcome"]))
        if not _is_known(app, row, told):
            owed = thank and saying.thanks_are_due(app, row, str(told["outcome"]))
            writing.add("resolved", row.id, who.id, told | ({"thank": True} if owed else {}))
    return app.queue.ticket(row.id)


def _is_known(app: App, row: TicketRow, told: dict[str, str | None]) -> bool:
    """Whether the ticket was closed in this very way, and the customer has not written since. What is not told
    now may have been told before.
    """
    said: dict[str, object] | None = None
    for event in app.queue.history(row):
        if event.event == "resolved":
            said = event.data
        elif event.event == "message" and event.data.get("direction") == "inbound":
            said = None
    return said is not None and all(value in (None, said.get(key)) for key, value in told.items())


# ---------------------------------------------------------------------------------------------- the thanks


def _thank(app: App, record: Ticket, who: Agent, wish: posting.Wish, outcome: str) -> Answer:
    """The ticket is closed; what goes wrong from here on is told, and changes nothing about it."""
    try:
        row = app.queue.ticket(record.id)
        if saying.said_before(app, row, "thank-you") is not None:
            return _answer(app, record)
        if not wish.yes and not wish.dry_run and (not interactive() or app.console.json):
            again = f"socialcli resolve {record.id} --outcome {outcome} --yes"
            app.console.note(f"the customer began in public and is not thanked there yet: {again}")
            return _answer(app, record)
        sent = saying.say(app, row, "thank-you", who, wish)
    except click.Abort:  # a person said no to the thanks
        return _answer(app, record)
    except SocialError as error:
        return _answer(app, record, error=error)
    return _answer(app, record, sent.draft, sent.error)
