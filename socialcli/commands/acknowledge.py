"""``acknowledge``: who writes while we are closed is told, once, when a person is back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from socialcli import render
from socialcli.acknowledging import choosing
from socialcli.acknowledging.sending import acknowledge
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import PartlyError, RefusedError, SocialError
from socialcli.model.draft import Draft
from socialcli.options import as_option, dry_run_option, verb, yes_option
from socialcli.policy.schema import Agent
from socialcli.queue.rows import TicketRow
from socialcli.text.counted import counted


@verb("Tell who writes outside hours when we are back.")
@click.argument("tickets", metavar="[TICKET]...", nargs=-1)
@as_option
@dry_run_option
@yes_option
def command(app: App, tickets: tuple[str, ...], agent: str | None, dry_run: bool, yes: bool) -> Answer:
    """With coverage "hours" and while we are closed: one acknowledgement for each conversation whose customer has
    written since, in their language, with the time at which we open. Without TICKET for all that qualify; run it
    after fetch and triage, from cron.

    It answers nothing: the ticket stays open with its deadline. Never to spam, to whoever nobody owes an answer, to
    whoever is held off, or where somebody of ours has answered; in public only with ack.public = true.

    \b
    socialcli acknowledge                        # what would be sent, with ack.auto = false
    socialcli acknowledge --yes --as sb          # send it
    socialcli acknowledge --dry-run --json

    With ack.auto = true it sends without --yes. Exit 3 for a named TICKET that gets none, and why.
    """
    really = not dry_run and (yes or app.policy.ack.auto)
    return run(app, list(dict.fromkeys(tickets)), app.agent(agent), really=really, dry_run=dry_run)


def run(app: App, tickets: Sequence[str], who: Agent, *, really: bool, dry_run: bool = False) -> Answer:
    """With ``really`` off the answer is what would be sent. Raises RefusedError for a named ticket while nobody at
    all is acknowledged.
    """
    idle = choosing.closed_now(app.policy, app.now())
    if idle is not None:
        if tickets:
            raise RefusedError(f"no acknowledgement: {idle}")
        return Answer([], render.drafts, talk=lambda: app.console.note(f"nobody is acknowledged: {idle}"))
    tonight = choosing.night(app)
    errors: list[SocialError] = []
    drafts: list[Draft] = []

    def records() -> Iterator[Draft]:
        for row in _chosen(app, tickets, tonight, errors):
            try:
                outcome = acknowledge(app, row, who, really=really)
            except SocialError as error:
                errors.append(_of(row, error))
                continue
            if outcome.error is None:
                drafts.append(outcome.draft)
            else:
                errors.append(_of(row, outcome.error))
            yield outcome.draft

    def talk() -> None:
        if drafts or not errors:
            _tell(app, drafts, really=really, dry_run=dry_run)

    return Answer(records(), render.drafts, lambda: _against(errors, len(drafts)), talk)


def _chosen(
    app: App, tickets: Sequence[str], tonight: choosing.Night, errors: list[SocialError]
) -> Iterator[TicketRow]:
    """Those that were named, or all; no more than one run may post. Why a named one gets none goes to ``errors``."""
    most = app.policy.outbox.per_run
    rows = _named(app, tickets, errors) if tickets else choosing.candidates(app)
    taken = 0
    for row in rows:
        why = None if tickets and choosing.is_sent(app, row) else choosing.why_not(app, row, tonight)
        if why is None and taken == most:
            app.console.note(f"more customers wait, {most} are told in one run: run it again for the rest")
            return
        if why is None:
            taken += 1
            yield row
        elif tickets:
            errors.append(RefusedError(f"ticket {row.id}: no acknowledgement: {why}"))


def _named(app: App, tickets: Sequence[str], errors: list[SocialError]) -> Iterator[TicketRow]:
    for name in tickets:
        try:
            yield app.queue.ticket(name)
        except SocialError as error:
            errors.append(error)


def _of(row: TicketRow, error: SocialError) -> SocialError:
    """The error with its ticket, for where several are listed."""
    error.message = f"ticket {row.id}: {error.message}"
    return error


def _tell(app: App, drafts: Sequence[Draft], *, really: bool, dry_run: bool) -> None:
    if not drafts:
        app.console.note("nobody is to be acknowledged")
    elif not really and not dry_run:
        app.console.note(
            f"{counted(len(drafts), 'acknowledgement')} would go out (ack.auto is false): --yes sends"
            f" {'it' if len(drafts) == 1 else 'them'}"
        )


def _against(errors: Sequence[SocialError], sent: int) -> SocialError | None:
    if len(errors) + sent < 2 or (not sent and len({error.exit_code for error in errors}) == 1):  # noqa: PLR2004
        return errors[0] if errors else None
    if not errors:
        return None
    lines = "\n".join(f"  {error.message}" for error in errors)
    return PartlyError(
        f"{len(errors)} of {len(errors) + sent} were not acknowledged:\n{lines}", hint=errors[0].hint
    )
