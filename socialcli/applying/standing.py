"""Is it still as it was? What speaks against an act now that did not when it was planned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from socialcli import claiming
from socialcli.app import App
from socialcli.drafting import Situation
from socialcli.errors import ConflictError, NotFoundError, RefusedError
from socialcli.model.draft import Draft
from socialcli.model.message import Message
from socialcli.model.plan import Plan
from socialcli.model.statement import Statement
from socialcli.outbox.following import in_the_way, way_out
from socialcli.policy.schema import Agent
from socialcli.queue.rows import TicketRow

_AHEAD = timedelta(minutes=5)  # clocks of two machines differ, but not by more


def require_open(app: App, row: TicketRow, draft: Draft, *, again: bool) -> None:
    """The ticket waits for this answer. Raises ConflictError."""
    other = in_the_way(app.queue, row, draft, waits=False)
    if other is not None and (not again or other.row.state == "intended"):
        raise ConflictError(
            f"draft {other.draft.id} of this ticket is on its way ({other.draft.state})",
            hint=way_out(other),
        )
    if not again and draft.target not in app.queue.unanswered(row):
        raise ConflictError(
            f"message {draft.target} is answered already, or gone",
            hint="--again answers once more, on purpose",
        )


def require_recent(app: App, line: Plan, max_age: int) -> None:
    """It is not older than ``max_age`` seconds, and not of tomorrow. Raises RefusedError."""
    if line.made_at > app.now() + _AHEAD:
        raise RefusedError(f"it was made at {line.made_at:%Y-%m-%dT%H:%M:%SZ}, which is yet to come")
    if app.now() - line.made_at > timedelta(seconds=max_age):
        raise RefusedError(f"it is too old: made at {line.made_at:%Y-%m-%dT%H:%M:%SZ}")


def ticket_of(app: App, line: Plan) -> TicketRow:
    """The ticket, under its name of then. Raises NotFoundError, ConflictError where it was merged away."""
    row = app.queue.ticket(str(line.ticket))
    if row.id != line.ticket:
        raise ConflictError(f"ticket {line.ticket} was merged into {row.id}")
    return row


def who_may_answer(app: App, row: TicketRow, author: Agent, who: Agent) -> Agent:
    """The author, or who applies: either may have claimed it, nobody else. Raises ConflictError."""
    holder = claiming.holder(app, row)
    if holder not in (None, author.id, who.id):
        raise ConflictError(f"ticket {row.id} is claimed by {holder}")
    return author if holder == author.id else who


def require_same_words(line: Plan, row: TicketRow, target: Message) -> None:
    """The customer has said nothing new since, and what is answered stands as it stood. Raises ConflictError."""
    if target.erased and not target.deleted:
        raise ConflictError(f"message {target.id} was erased")
    if target.deleted:
        raise ConflictError(f"@{target.author.handle} deleted message {target.id}")
    if row.text_id != line.target:
        raise ConflictError(f"@{target.author.handle} has written again: message {row.text_id}")
    if target.version != line.state.version:
        raise ConflictError(f"@{target.author.handle} edited message {target.id}")
    if target.author.handle != line.customer:
        raise ConflictError(f"@{line.customer} is called @{target.author.handle} now")


def require_nothing_new(line: Plan, place: Situation) -> None:
    """No other message came in that waits, be it an older one that was read late. Raises ConflictError."""
    if place.read != line.state.read:
        newest = place.read or place.target.version
        raise ConflictError(f"@{place.target.author.handle} has written again: message {newest}")


def newest_statement(account: str, sent: Sequence[Statement]) -> str | None:
    """The draft of the newest statement that went out through the account."""
    return next((one.draft for one in sent if one.account == account), None)


def require_incident(app: App, line: Plan) -> None:
    """What a statement is about was not dismissed. Raises NotFoundError, ConflictError."""
    name = None if line.said is None else line.said.incident
    if name is not None and app.queue.incident(name).state == "dismissed":
        raise ConflictError(f"incident {name} was dismissed")


def require_ahead(line: Plan, now: datetime) -> None:
    """The update that a statement promises lies ahead. Raises RefusedError."""
    promised = None if line.said is None else line.said.promised
    if promised is not None and promised <= now:
        raise RefusedError(f"it promises an update by {promised:%H:%M} UTC, which is past")


def author_of(app: App, line: Plan) -> Agent:
    """Raises NotFoundError where the policy knows the author no more."""
    agents = {one.id: one for one in app.policy.agents}
    if line.agent not in agents:
        raise NotFoundError("agent", line.agent, known=tuple(agents))
    return agents[line.agent]
