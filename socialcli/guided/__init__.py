"""The guided way through the queue: ticket by ticket, the most pressing first, or one that was chosen. What is to be
seen, what to begin with, the text, then one key.

The ticket is claimed while it is open, and given back where it was not answered. What is typed is kept on disk until
the journal has it, so that neither Ctrl-C nor a closed terminal loses a word.
"""

from __future__ import annotations

from socialcli import claiming, massmode, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import ConflictError, SocialError
from socialcli.guided.answering import Answering
from socialcli.guided.desk import Desk
from socialcli.guided.hangup import ended_by_signals
from socialcli.policy.schema import Agent
from socialcli.posting import Wish
from socialcli.queue.rows import TicketRow

__all__ = ["reply"]


def reply(app: App, ticket: str | None, who: Agent, wish: Wish) -> Answer:
    """Answer one ticket, or, without one, as many as the agent cares to.

    Raises ConflictError if the ticket is claimed by somebody else, KeyboardInterrupt where the agent stops before
    anything was decided.
    """
    with ended_by_signals():
        if ticket is not None:
            return _one(app, app.queue.ticket(ticket), who, wish)
        return _queue(app, who, wish)


def _one(app: App, row: TicketRow, who: Agent, wish: Wish) -> Answer:
    answering = _opened(app, row, who, wish)
    if not answering.run() and answering.desk.error is None:
        raise KeyboardInterrupt
    return Answer(
        answering.outcomes, lambda _, screen: answering.ending(screen), lambda: answering.desk.error
    )


def _queue(app: App, who: Agent, wish: Wish) -> Answer:
    passed: list[int] = []
    error: SocialError | None = None
    decided = 0
    while (row := claiming.next_row(app, who.id, but=passed, held=False)) is not None:
        passed.append(row.n)
        try:
            answering = _opened(app, row, who, wish)
        except ConflictError:  # somebody was faster
            continue
        goes_on = answering.run()
        decided += goes_on
        error = answering.desk.error
        app.console.show(answering.ending(app.console.screen()))
        if not goes_on or wish.dry_run:
            break
    else:
        app.console.note("nothing else is waiting" if passed else "nothing is waiting")
        massmode.tell(app)
    if passed and not decided and error is None:
        raise KeyboardInterrupt
    return Answer([], render.drafts, lambda: error)


def _opened(app: App, row: TicketRow, who: Agent, wish: Wish) -> Answering:
    desk = Desk(app, row, who, dry=wish.dry_run)
    desk.claim()
    return Answering(desk, wish)
