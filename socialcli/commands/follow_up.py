"""``follow-up``: what is still to be said after a matter was settled, and saying it, once."""

from __future__ import annotations

import click

from socialcli import claiming, posting, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import RefusedError, UsageError
from socialcli.model.followup import FollowUp, What
from socialcli.options import as_option, dry_run_option, max_cost_option, verb, yes_option
from socialcli.policy.schema import Agent
from socialcli.queue.rows import TicketRow
from socialcli.render.followup import follow_up_page, follow_ups
from socialcli.returning import following, saying


@verb("What is still to be said after the end, and saying it.")
@click.argument("ticket", required=False)
@click.option("--done", is_flag=True, help="It was said elsewhere, on the phone or by mail.")
@click.option("--dismiss", is_flag=True, help="It is not to be said (needs --reason).")
@click.option("--reason", metavar="R", help="Why, with --dismiss.")
@click.option("--anyway", is_flag=True, help="Here, although the customer would rather be asked elsewhere.")
@as_option
@max_cost_option
@dry_run_option
@yes_option
def command(
    app: App,
    ticket: str | None,
    done: bool,
    dismiss: bool,
    reason: str | None,
    anyway: bool,
    agent: str | None,
    max_cost: str | None,
    dry_run: bool,
    yes: bool,
) -> Answer:
    """Without TICKET the open follow-ups: thanks that are owed in public, customers to be asked how everything is
    (resolve.ask_how_it_is_after), and, below, happy endings and helpful customers: those are only suggested.
    With TICKET what is owed there is posted, once.

    \b
    socialcli follow-up
    socialcli follow-up k3p --dry-run
    socialcli follow-up k3p --yes
    socialcli follow-up k3p --dismiss --reason "they moved on"
    """
    _require_clear(ticket, done=done, dismiss=dismiss, reason=reason)
    if ticket is None:
        return everything(app)
    who = app.agent(agent)
    row = app.queue.ticket(ticket)
    claiming.require_free(app, row, who.id)
    if done or dismiss:
        return end(app, row, who, "by-hand" if done else "dismissed", reason or "", dry_run=dry_run)
    wish = posting.Wish(again=True, dry_run=dry_run, yes=yes, max_cost=max_cost)
    return run(app, row, who, wish, anyway=anyway)


def _require_clear(ticket: str | None, *, done: bool, dismiss: bool, reason: str | None) -> None:
    """Raises UsageError for what does not go together."""
    if done and dismiss:
        raise UsageError("--done and --dismiss exclude each other", hint="--done: it was said elsewhere")
    if dismiss != bool(reason):
        raise UsageError("--dismiss and --reason go together", hint="--dismiss --reason WHY")
    if ticket is None and (done or dismiss):
        raise UsageError("which ticket?", hint="socialcli follow-up lists them")


def everything(app: App) -> Answer:
    """All that is open."""
    found = following.follow_ups(app)

    def talk() -> None:
        if not found:
            app.console.note("nothing is left to say")

    return Answer(found, follow_ups(app.now()), talk=talk)


def run(app: App, row: TicketRow, who: Agent, wish: posting.Wish, *, anyway: bool) -> Answer:
    """Say what is owed in this ticket. Raises RefusedError where nothing is, or where the customer would rather be
    asked elsewhere, and what ``posting.send`` raises.
    """
    found = following.follow_ups(app, row)
    owed = [one for one in found if one.owed]
    if not owed:
        return _nothing_owed(app, row, found)
    what = owed[0].what
    elsewhere = following.preferred_elsewhere(app, row) if what == "how-is-it" and not anyway else ""
    if elsewhere:
        raise RefusedError(
            f"the customer prefers {elsewhere}",
            hint=f"ask there, then: socialcli follow-up {row.id} --done; or ask here: --anyway",
        )
    outcome = saying.say(app, row, what, who, wish)
    return Answer([outcome.draft], render.drafts, lambda: outcome.error)


def _nothing_owed(app: App, row: TicketRow, found: list[FollowUp]) -> Answer:
    """What was said already, or what is suggested and never done by itself. Raises RefusedError for neither."""
    if found:
        app.console.note("this is only suggested: say it in words of your own, or with --dismiss not at all")
        return Answer(found, follow_up_page(app.now()))
    for what in ("how-is-it", "thank-you"):
        said = saying.said_before(app, row, what)
        if said is not None:
            app.console.note("said already: nothing was posted again")
            return Answer([said.draft], render.drafts)
    raise RefusedError(
        f"nothing is to be followed up in ticket {row.id}{_why(app, row)}",
        hint="socialcli follow-up lists what is open",
    )


def _why(app: App, row: TicketRow) -> str:
    """What stands against asking how it is, where the ticket was well ended."""
    if not app.policy.resolve.ask_how_it_is_after:
        return ": resolve.ask_how_it_is_after is 0s"
    ended = app.queue.unasked(0, int(app.now().timestamp()), row)
    if not ended:
        return ""
    why = following.why_not_asked(app, ended[0])
    return f": {why}" if why else ": it is too early, or too late, to ask how it is"


def end(app: App, row: TicketRow, who: Agent, how: str, reason: str, *, dry_run: bool) -> Answer:
    """All that is open in the ticket is over. The same again changes nothing."""
    found = following.follow_ups(app, row)
    if not found:
        app.console.note("nothing was open")
    whats: dict[What, None] = dict.fromkeys(one.what for one in found)
    for what in whats:
        if not dry_run:
            saying.settle(app, row, what, who, how, reason=reason)
        app.console.note(f"{'it would be ' if dry_run else ''}{how}: {what}")
    return Answer([], follow_ups(app.now()))
