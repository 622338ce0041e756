"""``label``: labels on tickets, and off them."""

from __future__ import annotations

from collections.abc import Sequence

import click

from socialcli import bulk, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import UsageError
from socialcli.model import labels
from socialcli.options import as_option, dry_run_option, verb
from socialcli.queue.journal import NewEvent
from socialcli.queue.rows import TicketRow, labels_of


class _TakesOff(click.Command):
    """``-b`` takes the label b off; it is no option, whatever letters it has. Only ``-h`` is one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        typed, literal = args[:end], args[end + 1 :]
        off = [one for one in typed if one[:1] == "-" and one[:2] != "--" and one not in ("-", "-h")]
        rest = [one for one in typed if one not in off]
        return super().parse_args(ctx, [*rest, "--", *off, *literal])


@verb("Put labels on tickets, and take them off.", _TakesOff)
@click.argument("words", metavar="TICKET... +LABEL... -LABEL...", nargs=-1)
@as_option
@dry_run_option
def command(app: App, words: tuple[str, ...], agent: str | None, dry_run: bool) -> Answer:
    """Put labels on tickets (+baggage) and take them off (-baggage). A label is letters, digits and - _ . : in
    lower case. "-" reads tickets from standard input: an id a line, or records of list --json.

    \b
    socialcli label k3p +baggage -urgent
    socialcli list --match "lost bag" --json | socialcli label - +baggage
    """
    return run(app, words, agent, dry_run=dry_run)


def run(app: App, words: Sequence[str], agent: str | None, *, dry_run: bool) -> Answer:
    """Raises UsageError where no label is named, or one that is none."""
    tickets = [one for one in words if one == bulk.STDIN or one[:1] not in ("+", "-")]
    edits = [one for one in words if one not in tickets]
    on = {_label(one[1:]) for one in edits if one[0] == "+"}
    off = {_label(one[1:]) for one in edits if one[0] == "-"}
    if not edits:
        raise UsageError("no label is named", hint=_how(tickets))
    if on & off:
        raise UsageError(f"+{min(on & off)} and -{min(on & off)} contradict each other")
    who = app.agent(agent).id

    def decide(row: TicketRow) -> NewEvent | None:
        has = set(labels_of(row))
        add, remove = sorted(on - has), sorted(off & has)
        return NewEvent("labelled", row.id, who, {"add": add, "remove": remove}) if add or remove else None

    outcome = bulk.change(app, tickets, decide, dry_run=dry_run)
    return bulk.answer(
        app, outcome, render.organised(app.now()), render.events(render.as_is), dry_run=dry_run
    )


def _how(typed: Sequence[str]) -> str:
    """The next step where no word is a label; the last one may have been meant as one."""
    if len(typed) < 2 or typed[-1] == bulk.STDIN:  # noqa: PLR2004 - a ticket and a label
        return "such as: socialcli label TICKET +baggage -urgent"
    return f"+ puts a label on, - takes it off: socialcli label {typed[0]} +{typed[-1]}"


def _label(typed: str) -> str:
    """The label as it is kept. Raises UsageError for what is none."""
    try:
        return labels.read_label(typed)
    except ValueError as error:
        raise UsageError(str(error), hint=f"a label is {labels.WANTED}") from None
