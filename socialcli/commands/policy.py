"""``policy``: what a policy does, before it is put in force."""

from __future__ import annotations

import click

from socialcli import masking
from socialcli.app import App
from socialcli.console import Answer
from socialcli.options import duration, verb


@click.group("policy", no_args_is_help=False, short_help="What another policy would do.")
def command() -> None:
    """What another policy would do, before it is put in force. Each takes --json."""


@verb("Play a journal again under a policy.")
@click.argument("other", metavar="[POLICY]", required=False)
@click.option(
    "--on", "journal", metavar="JOURNAL", required=True, help="A queue.jsonl, or the workspace it lies in."
)
@click.option(
    "--since", metavar="SPAN", callback=duration(), help="Only the last part of the journal, such as 7d."
)
@click.option("--incidents", is_flag=True, help="Count incidents too that would be suspected; takes longer.")
def simulate(app: App, other: str | None, journal: str, since: int | None, incidents: bool) -> Answer:
    """Play a journal again, message by message: what triage would have said of each by the policy of the
    workspace and by POLICY, which answers would have been in time, and which tickets move.

    \b
    socialcli policy simulate --on . next-week.toml --since 7d

    The answers are those that were really given. Nothing is written.
    """
    return run(app, other, journal, since, incidents=incidents)


def run(app: App, other: str | None, journal: str, since: int | None, *, incidents: bool) -> Answer:
    """Raises UsageError for a file that cannot be read, InvalidError for what is wrong in it."""
    from socialcli.render.simulated import simulations
    from socialcli.simulating import Replay, Side, other_policy

    policies = [app.policy] if other is None else [app.policy, other_policy(app, other)]
    replay = Replay(app, journal, [Side(app, policy) for policy in policies], since, incidents=incidents)

    def talk() -> None:
        if other is not None:
            app.console.note(replay.moves.summary())

    return Answer(replay.records(), simulations(masking.masker(app)), talk=talk)


simulate.name = "simulate"
command.add_command(simulate)
