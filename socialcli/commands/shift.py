"""``shift``: begin and end a shift, with its posts, its backlog, and what is handed over."""

from __future__ import annotations

from functools import partial

import click

from socialcli import masking, posting
from socialcli.app import App
from socialcli.console import Answer, read_stdin
from socialcli.errors import Exit, UsageError
from socialcli.options import (
    Parts,
    alone,
    as_option,
    dry_run_option,
    max_cost_option,
    note_text,
    part,
    yes_option,
)
from socialcli.render import shift as render
from socialcli.shifts.closing import Parting, close_shift
from socialcli.shifts.opening import open_shift
from socialcli.shifts.standing import latest, record
from socialcli.shifts.wording import tip_now


@click.group(
    "shift",
    cls=Parts,
    invoke_without_command=True,
    short_help="Begin and end your shift: posts, backlog, hand-over.",
)
@as_option
@click.option("--json", "as_json", is_flag=True, help="As in state, where nothing else is said.")
@click.pass_context
def command(ctx: click.Context, *, agent: str | None, as_json: bool) -> Exit | None:
    """A shift: what you find when you come, what must be done before you go. Alone it says what state says."""
    return alone(ctx, state, as_json=as_json, agent=agent)


_part = partial(part, command)


@_part("state", "How your shift stands, and what there is to do.")
@as_option
def state(app: App, agent: str | None) -> Answer:
    """Whether your shift is open, who is at work, what waits, what was promised, what was left for you."""
    who = _asking(app, agent)
    row = None if who is None else latest(app, who)
    account = app.account().name if row is None else row.account
    return Answer([record(app, who, account, row)], render.shift(app.now(), masking.masker(app)))


def _asking(app: App, agent: str | None) -> str | None:
    """Who wants to know, where that is known."""
    try:
        return app.agent(agent).id
    except UsageError:
        return None


_ACCOUNT = "Whose customers read the posts [default: that of the shift, else the first of service]."


@_part("open", "Begin your shift.")
@click.option("--account", metavar="A", help=_ACCOUNT)
@click.option("--intro", is_flag=True, help="Also post that you are there (template on-duty), once a shift.")
@as_option
@max_cost_option
@dry_run_option
@yes_option
def open_(
    app: App,
    account: str | None,
    agent: str | None,
    max_cost: str | None,
    *,
    intro: bool,
    dry_run: bool,
    yes: bool,
) -> Answer:
    """Begin your shift. The first of a day posts the greeting, where shift.greeting names a template. Then it shows
    what waits by urgency, promises that fall due in the shift, suspected incidents, who is at work, and what the last
    shift left. The same again says so, and posts nothing twice.

    \b
    socialcli shift open --as sb --yes
    socialcli shift open --as sb --intro --dry-run
    """
    wish = posting.Wish(dry_run=dry_run, yes=yes, max_cost=max_cost)
    return open_shift(app, app.agent(agent), account, wish, intro=intro)


@_part("close", "End your shift.")
@click.option("--note", metavar="TEXT", default="", help="For who comes next; - is standard input.")
@click.option("--to", metavar="AGENT", help="Who goes on.")
@click.option("--hand-over", is_flag=True, help="What is left goes to --to, or back to all.")
@click.option("--account", metavar="A", help=_ACCOUNT)
@as_option
@max_cost_option
@dry_run_option
@yes_option
def close(
    app: App,
    note: str,
    to: str | None,
    account: str | None,
    agent: str | None,
    max_cost: str | None,
    *,
    hand_over: bool,
    dry_run: bool,
    yes: bool,
) -> Answer:
    """End your shift. Refused (exit 3) while something is left: what is overdue or falls due before somebody is there
    again, promises, tickets that you have claimed, drafts that wait for you. Where somebody else is at work, only what
    is yours. --hand-over gives it to --to; without a name claims are given back, and the rest is left to who is there.

    The last to go within an hour of closing time posts the closing, where shift.closing names a template.

    \b
    socialcli shift close --as sb --note "Oslo bags: courier rings at 9" --yes
    socialcli shift close --as sb --to mo --hand-over --yes
    """
    words = note_text(read_stdin() if note == "-" else note)
    wish = posting.Wish(dry_run=dry_run, yes=yes, max_cost=max_cost)
    return close_shift(app, app.agent(agent), account, Parting(words, to, hand_over), wish)


@_part("tip", "The tip of the week.")
@click.option("--language", metavar="L", help="Two letters [default: the brand's first].")
def tip(app: App, language: str | None) -> Answer:
    """The tip of this week: the entries of the knowledge base with the topic shift.tips, one a week in turn. The first
    post of the day has it as the variable tip.
    """
    found = tip_now(app, (language or app.policy.brand.languages[0]).lower())

    def talk() -> None:
        if found is None:
            topic = app.policy.shift.tips
            how = f'socialcli kb add --topic "{topic}" ...' if topic else "shift.tips in policies.toml"
            app.console.note(f"there is no tip: {how}")

    return Answer([] if found is None else [found], render.tip, talk=talk)
