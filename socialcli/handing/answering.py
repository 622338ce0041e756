"""``move-offline --hand-to``: the answer of the command."""

from __future__ import annotations

from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import UsageError
from socialcli.handing.sending import Wish, hand_on
from socialcli.handing.targets import named
from socialcli.render.handoff import handoffs


def handed(app: App, ticket: str, to: str, wish: Wish, agent: str | None, others: dict[str, bool]) -> Answer:
    """``others``: options that belong to the request to the customer, and whether they are given. Raises UsageError
    for these, NotFoundError, and what ``hand_on`` raises.
    """
    given = [name for name, is_given in others.items() if is_given]
    if given:
        raise UsageError(
            f"{given[0]} is about the request to the customer", hint="leave it out with --hand-to"
        )
    outcome = hand_on(app, app.queue.ticket(ticket), named(app, to), wish, app.agent(agent))

    def talk() -> None:
        if outcome.earlier:
            app.console.note("handed on before, and nothing was said since: nothing was sent (--again does)")

    return Answer([outcome.handoff], handoffs, lambda: outcome.error, talk=talk)


def require_hand_to(options: dict[str, bool]) -> None:
    """Raises UsageError for an option that belongs to a hand-off where there is none."""
    given = [name for name, is_given in options.items() if is_given]
    if given:
        raise UsageError(f"{given[0]} belongs to --hand-to NAME", hint="socialcli move-offline --help")
