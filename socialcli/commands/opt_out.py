"""``opt-out``: who wants no more messages of ours."""

from __future__ import annotations

import click

from socialcli.app import App
from socialcli.approval import rights
from socialcli.console import Answer
from socialcli.errors import ConflictError, UsageError
from socialcli.model.optout import OptOut
from socialcli.options import as_option, dry_run_option, verb
from socialcli.protecting import opting_out
from socialcli.render.protection import opt_outs


@verb("Who wants no more messages of ours.")
@click.argument("target", metavar="[TICKET|@HANDLE]", required=False)
@click.option("--reason", metavar="R", help="Why, or how it was heard; --lift needs one.")
@click.option("--lift", is_flag=True, help="They may be written to again.")
@click.option("--list", "listed", is_flag=True, help="Who asked for it, since when, in which words.")
@click.option("--network", metavar="N", help="Where, if several networks know the handle.")
@as_option
@dry_run_option
def command(
    app: App,
    target: str | None,
    reason: str | None,
    lift: bool,
    listed: bool,
    network: str | None,
    agent: str | None,
    dry_run: bool,
) -> Answer:
    """Note that a customer wants no more messages of ours; "stop messaging me" is heard by triage itself.

    \b
    socialcli opt-out @cust1 --reason "said so on the phone"
    socialcli opt-out --list
    socialcli opt-out @cust1 --lift --reason "asked us to write again"

    Nothing goes out to them any more, by no command and no plan, on that network. What they write later may be
    answered, each message once.
    """
    if (target is None) is not listed:
        raise UsageError("one of TICKET or @HANDLE, or --list", hint="socialcli opt-out --help")
    if listed and (reason or lift or network or dry_run):
        raise UsageError("--list shows everybody", hint="leave out the other options")
    if lift and not reason:
        raise UsageError("--lift needs --reason", hint="a decision says why")
    if target is None:
        return _list(app)
    if lift:
        return _lift(app, target, network, str(reason), agent, dry_run=dry_run)
    return run(app, target, network, reason, agent, dry_run=dry_run)


def run(
    app: App, target: str, network: str | None, reason: str | None, agent: str | None, *, dry_run: bool
) -> Answer:
    """Note it by hand. Raises NotFoundError, UsageError where several networks know the handle."""
    who = app.agent(agent)
    row = opting_out.ticket_of(app, target, network)
    noted = app.queue.opt_out(row)
    if noted is not None:
        app.console.note("noted already")
        return Answer([noted], opt_outs())
    if dry_run:
        return Answer([opting_out.planned(app, row, who.id, reason)], opt_outs("planned"))
    return Answer([opting_out.opt_out(app, row, who.id, reason)], opt_outs())


def _lift(
    app: App, target: str, network: str | None, reason: str, agent: str | None, *, dry_run: bool
) -> Answer:
    """Raises RefusedError for somebody who may not post, ConflictError where triage has not noted it yet."""
    who = app.agent(agent)
    rights.require(who, "post", app.policy)
    row = opting_out.ticket_of(app, target, network)
    standing = app.queue.opt_out(row) if dry_run else opting_out.lift(app, row, who.id, reason)
    if standing is None and app.queue.opted_out(row) is not None:
        raise ConflictError(
            "triage has not seen yet that they ask for no more messages",
            hint="socialcli triage, then lift it",
        )
    if standing is None:
        app.console.note("nothing to lift: they may be written to")
    state = "would be lifted" if dry_run else "lifted"
    return Answer([] if standing is None else [standing], opt_outs(state))


def _list(app: App) -> Answer:
    found: list[OptOut] = app.queue.opt_outs()
    if not found:
        app.console.note("nobody has asked for no more messages")
    return Answer(found, opt_outs())
