"""A line with a text as the draft that it would be now: nothing in the line is believed but its words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec import UNSET, structs

from socialcli import approval, posting
from socialcli.announcing.course import sent_statements
from socialcli.app import App
from socialcli.applying import bulks, standing
from socialcli.applying.planning import policy_digest
from socialcli.channels.base import Way
from socialcli.drafting import Situation, check_text
from socialcli.errors import ConflictError, NotFoundError, RefusedError
from socialcli.model.draft import Draft
from socialcli.model.plan import Plan, Wording
from socialcli.outbox.statements import require_own_words
from socialcli.policy.schema import Agent


def answer(app: App, line: Plan, author: Agent, who: Agent) -> tuple[Draft, Way, dict[str, Any]]:
    """The draft as it would be composed now. Raises where the ticket is not what it was."""
    row = standing.ticket_of(app, line)
    app.account(line.account)
    if row.account != line.account:
        raise ConflictError(f"ticket {row.id} belongs to account {row.account} now")
    target = next((one for one in app.queue.thread(row) if one.id == line.target), None)
    if target is None:
        raise NotFoundError("message", str(line.target))
    if target.network != line.network:
        raise ConflictError(f"message {target.id} is on {target.network}, not on {line.network}")
    standing.require_same_words(line, row, target)
    bulks.require_wanted(app, line, row, who)
    reader = standing.who_may_answer(app, row, author, who)
    place = posting.look(app, row.id, reader, visibility=line.visibility, target=target)
    wording = wording_of(line)
    draft = _draft(line, check_text(str(line.text), place, author, app.policy), place)
    standing.require_open(app, row, draft, again=wording.again)
    standing.require_nothing_new(line, place)
    check = posting.with_allowances(app, draft.check, wording.allowed, author)
    data = {"upto": place.upto, "read": place.read, "again": wording.again or None}
    return structs.replace(draft, check=check), place.way, data


def _draft(line: Plan, check: Any, place: Situation) -> Draft:
    return Draft(
        id=wording_of(line).id,
        ticket=line.ticket,
        target=line.target,
        text=str(line.text),
        account=line.account,
        agent=line.agent,
        road=line.road,
        state="composed",
        check=check,
        cost=place.cost_of(str(line.text)),
        url=place.target.url if line.road == "hand" else None,
        by_program=wording_of(line).by_program,
        translated=wording_of(line).translated,
        points=None if line.bulk is UNSET else line.bulk.points,
    )


def statement(app: App, line: Plan) -> tuple[Draft, Way, dict[str, Any]]:
    """The statement as it would go out now. Raises where another one went out since."""
    account = app.account(line.account)
    if account.network != line.network:
        raise ConflictError(f"account {line.account} is on {account.network}, not on {line.network}")
    channel = app.channel(line.account)
    newest = standing.newest_statement(line.account, sent_statements(app.queue))
    if newest != line.state.read:
        raise ConflictError(f"{line.account} has told something newer since: statement {newest or 'unknown'}")
    standing.require_incident(app, line)
    standing.require_ahead(line, app.now())
    text, way = str(line.text), channel.reach_all()
    draft = Draft(
        id=wording_of(line).id,
        ticket=None,
        target=None,
        text=text,
        account=line.account,
        agent=line.agent,
        road=line.road,
        state="composed",
        check=app.check_statement(text, line.account),
        cost=channel.cost(text, way),
    )
    require_own_words(app.queue, draft, app.now())
    data = {"said": line.said, "upto": app.queue.journal.end(), "again": wording_of(line).again or None}
    return draft, way, data


def require_allowed(app: App, line: Plan, draft: Draft, way: Way, author: Agent) -> None:
    """The road, the check, the price and the policy are what the signers agreed to, or better. Raises RefusedError."""
    if way.road != line.road:
        raise RefusedError(f"the road has changed from {line.road} to {way.road}: {way.reason}")
    stop = posting.refusal(app, way, draft, posting.Wish())
    if stop is not None:
        raise RefusedError(stop.message + _since(app, line))
    if Decimal(draft.cost) > Decimal(line.cost) or (draft.cost != "0" and way.currency != line.currency):
        raise RefusedError(
            f"the price has risen from {line.cost} {line.currency} to {draft.cost} {way.currency}"
        )
    needs = _needs(app, draft, author)
    if needs is not None and line.needs is None:
        raise RefusedError(f"it needs somebody else's yes now ({needs}), of which the signers knew nothing")


def _needs(app: App, draft: Draft, author: Agent) -> str | None:
    """Why it needs somebody else's yes today."""
    if draft.ticket is None:
        return approval.reason(draft, author, app.policy, statement=True)
    row = app.queue.ticket(draft.ticket)
    return approval.reason(draft, author, app.policy, kind=row.kind, priority=row.priority)


def _since(app: App, line: Plan) -> str:
    return "" if line.state.policy == policy_digest(app.policy) else " (the policy was changed since)"


def wording_of(line: Plan) -> Wording:
    if line.draft is None:
        raise TypeError(line.verb)
    return line.draft
