"""Who is to answer a ticket: in turn, or by what somebody knows.

    from socialcli import assigning

    dealer = assigning.Dealer(app, by_skill=True)
    dealer.choose(row)                   # -> Choice, or None: whoever has it keeps it; each counts for the next
    assigning.assigned(row, choice, by)  # -> the event

In turn: whoever has fewest open tickets, of those whoever was assigned theirs longest ago, then by id. By skill: whoever
matches most of the ticket's topic, language and labels, of those in turn; where nobody matches, in turn. Passed over
are those who may not post, who are away, while the roster has somebody on duty, who is off it, and, of a ticket with
abuse in it, who is relieved of that. The same queue, policy and time give the same choice.
"""

from __future__ import annotations

from msgspec import Struct

from socialcli import rosters
from socialcli.app import App
from socialcli.approval import rights
from socialcli.assigning.matching import matches, speaks
from socialcli.claiming import holder, spared
from socialcli.errors import RefusedError
from socialcli.policy.absence import is_away
from socialcli.policy.schema import Agent
from socialcli.queue.journal import NewEvent
from socialcli.queue.rows import TicketRow

__all__ = ["HAND", "Choice", "Dealer", "assigned"]

HAND, ROUND, SKILL = "hand", "round", "skill"  # why somebody was assigned a ticket

_LATER = 2**62  # beyond every offset: who was assigned one in this run


class Choice(Struct, frozen=True):
    """``why``: "hand", "round" or "skill"; ``matched``: what spoke for them, such as "topic baggage"."""

    agent: str
    why: str
    matched: tuple[str, ...] = ()


def _there(app: App) -> list[Agent]:
    """Those who can be assigned a ticket now, in the order of [[agents]]."""
    policy, now = app.policy, app.now()
    found = [
        one for one in policy.agents if rights.may(one, "post", policy) and not is_away(one, policy, now)
    ]
    on_duty = rosters.on_duty(policy, now)
    return [one for one in found if one.id in on_duty] or found


class Dealer:
    """Deals tickets out. Raises RefusedError where nobody is there at all."""

    def __init__(self, app: App, *, by_skill: bool = False) -> None:
        self._app = app
        self._by_skill = by_skill
        self._there = _there(app)
        self._spared = [one.id for one in self._there if spared(app, one.id) is not None]
        self._load: dict[str, tuple[int, int]] | None = None  # as ``Queue.load`` has it
        self._dealt = 0
        if not self._there:
            raise RefusedError(
                "nobody is there who could be assigned a ticket: all agents are away, or may only draft",
                hint="agents.away in policies.toml; or by hand: socialcli assign TICKET AGENT",
            )

    def choose(self, row: TicketRow) -> Choice | None:
        """None where somebody is at it, or is there to whom it is assigned."""
        here = [one.id for one in self._there]
        if holder(self._app, row) is not None or row.assigned in here:
            return None
        fresh = [one for one in self._there if one.id not in self._spared]
        return self._chosen(row, fresh if row.abusive and fresh else self._there)

    def _chosen(self, row: TicketRow, pool: list[Agent]) -> Choice:
        matched: dict[str, tuple[str, ...]] = {}
        if self._by_skill:
            pool = [one for one in pool if speaks(one, row)] or pool
            matched = {one.id: matches(one, row, self._app.policy) for one in pool}
            most = max(map(len, matched.values()))
            pool = [one for one in pool if len(matched[one.id]) == most]
        if self._load is None:
            self._load = self._app.queue.load()
        load = self._load
        first = min(pool, key=lambda one: (*load.get(one.id, (0, -1)), one.id)).id
        self._dealt += 1
        load[first] = (load.get(first, (0, -1))[0] + 1, _LATER + self._dealt)
        why = matched.get(first, ())
        return Choice(first, SKILL if why else ROUND, why)


def assigned(row: TicketRow, choice: Choice, by: str) -> NewEvent:
    """The event by which ``by`` makes it so."""
    matched = {"matched": choice.matched} if choice.matched else {}
    return NewEvent("assigned", row.id, by, {"agent": choice.agent, "why": choice.why, **matched})
