"""``forget``: erase what somebody said and was told, for good."""

from __future__ import annotations

import click

from socialcli.app import App
from socialcli.console import Answer, interactive
from socialcli.errors import RefusedError, UsageError
from socialcli.forgetting import Wish, forget
from socialcli.model.retention import Erasure
from socialcli.options import as_option, dry_run_option, verb, yes_option
from socialcli.render.retention import erasures


@verb("Erase what somebody said and was told, for good.")
@click.argument("what", metavar="[@HANDLE|MESSAGE]", required=False)
@click.option("--network", metavar="N", help="Where, if several networks know the handle.")
@click.option("--author", metavar="ID", help="The network's id, if several people had the handle.")
@click.option("--deleted", is_flag=True, help="All messages that their authors deleted.")
@as_option
@dry_run_option
@yes_option
def command(
    app: App,
    what: str | None,
    network: str | None,
    author: str | None,
    deleted: bool,
    agent: str | None,
    dry_run: bool,
    yes: bool,
) -> Answer:
    """Erase a customer, or one message (its id, or NETWORK:ID), from every file of the workspace.

    \b
    socialcli forget @cust1 --dry-run
    socialcli forget @cust1
    socialcli forget 1990000000000000001
    socialcli forget --deleted --yes

    Messages, answers, drafts, notes, names and handles go; ids, times, decisions and counts stay. It cannot be
    undone. Copies elsewhere, such as backups and exports, are not reached.
    """
    if (what is None) != deleted:
        raise UsageError("one of @HANDLE, MESSAGE, --deleted", hint="socialcli forget --help")
    if (network or author) and not (what or "").startswith("@"):
        raise UsageError("--network and --author belong to @HANDLE", hint="a message is named NETWORK:ID")
    return run(app, Wish(what or "", network, author, deleted), agent, dry_run=dry_run, yes=yes)


def run(app: App, wish: Wish, agent: str | None, *, dry_run: bool, yes: bool) -> Answer:
    """Raises UsageError where a yes is missing, click.Abort where a person says no, RefusedError for an agent who
    only drafts, and what ``forgetting`` raises.
    """
    by = None if wish.deleted and agent is None else _who(app, agent)

    def agree(planned: list[Erasure]) -> None:
        if not yes:
            _confirm(app, planned)

    done = forget(app, wish, by, None if dry_run else agree)
    if not done:
        app.console.note("nothing is left to erase")
    return Answer(done, erasures)


def _who(app: App, agent: str | None) -> str:
    who = app.agent(agent)
    if who.role == "draft":
        raise RefusedError(f"{who.id} only drafts: erasing is for others", hint="ask an agent or a lead")
    return who.id


def _confirm(app: App, planned: list[Erasure]) -> None:
    if not interactive() or app.console.json:
        raise UsageError("to erase needs a yes", hint="add --yes, or look at it first with --dry-run")
    from socialcli.prompts import confirm as ask

    app.console.show(erasures(planned, app.console.screen()))
    if not ask("Erase it? It cannot be undone."):
        app.console.note("nothing was erased")
        raise click.Abort
