"""Which tickets a command is about: the filters that ``list`` and ``export`` share, also saved ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, get_args

import click
import msgspec

from socialcli.app import App
from socialcli.errors import NotFoundError, UsageError
from socialcli.model import labels
from socialcli.model.assessment import PRIORITIES, Kind
from socialcli.model.ticket import STATUSES
from socialcli.options import MOST
from socialcli.queue.filtering import NOBODY, Filter

Run = TypeVar("Run", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--filter", "saved", metavar="NAME", help="A saved filter: [filters.NAME] in policies.toml."),
    click.option(
        "--match", metavar="WORDS",
        help='Only tickets with a message that holds all these words; bag* and "lost bag" too. What is shown of a '
        "ticket is the customer's latest message, whichever holds the words.",
    ),
    click.option("--status", type=click.Choice(STATUSES), help="Only tickets of this status."),
    click.option("--priority", type=click.Choice(PRIORITIES), help="Only tickets of this priority."),
    click.option("--account", metavar="A", help="Only tickets of this account."),
    click.option("--assignee", metavar="AGENT", help="Only tickets that this agent has claimed, or is assigned; none: that nobody has."),
    click.option("--kind", type=click.Choice(get_args(Kind)), help="Only tickets of this kind."),
    click.option("--incident", metavar="I", help="Only tickets that joined this incident."),
    click.option("--label", metavar="L", help="Only tickets with this label."),
    click.option("--overdue", is_flag=True, help="Only tickets past their deadline."),
    click.option("--breaching", is_flag=True, help="Only tickets about to miss their deadline."),
    click.option("--snoozed", is_flag=True, help="Only tickets that sleep."),
    click.option("--held", is_flag=True, help="Only tickets that wait while their incident is in mass mode."),
)  # fmt: skip


def filter_options(run: Run) -> Run:
    """All filters but the order and how many. They win over those of a saved filter."""
    for option in reversed(_OPTIONS):
        run = option(run)
    return run


def sort_option(first: str) -> Callable[[Run], Run]:
    """``first`` says what comes first where it is not given."""
    return click.option(
        "--sort",
        type=click.Choice(["urgency", "due", "received"]),
        help=f"What comes first [default: {first}].",
    )


def limit_option(default: str) -> Callable[[Run], Run]:
    return click.option(
        "--limit", type=click.IntRange(0, MOST), help=f"At most so many; 0 = all [default: {default}]."
    )


def chosen(app: App, saved: str | None, *, limit: int | None, otherwise: int, **wanted: Any) -> Filter:
    """The filter that the options ask for, laid over the saved one. An option that was not given is None, or
    False; ``otherwise`` is the limit where neither has one. Raises NotFoundError for an unknown filter, account,
    agent or incident, UsageError for a label that is none and for a beginning of several incidents.
    """
    options = {name: value for name, value in wanted.items() if value is not None and value is not False}
    options |= {} if limit is None else {"limit": limit}
    if saved is not None:
        options = _saved(app, saved) | options
    if options.get("account"):
        app.account(options["account"])
    if options.get("assignee") == "none":
        options["assignee"] = NOBODY
    elif options.get("assignee"):
        app.agent_named(options["assignee"])
    if "label" in options:
        options["label"] = _label(options["label"])
    if "incident" in options:
        options["incident"] = app.queue.incident_name(options["incident"])
    return Filter(**{"limit": otherwise} | options)


def _label(typed: str) -> str:
    try:
        return labels.read_filter(typed)
    except ValueError as error:
        raise UsageError(f"--label: {error}", hint=f"a label is {labels.WANTED}") from None


def _saved(app: App, name: str) -> dict[str, Any]:
    filters = app.policy.filters
    if name not in filters:
        hint = "" if filters else "policies.toml has none: see [filters] in the shipped one"
        raise NotFoundError("filter", name, known=tuple(sorted(filters)), hint=hint)
    found = msgspec.structs.asdict(filters[name])
    return {key: value for key, value in found.items() if value is not None and value is not False}
