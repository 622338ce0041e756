"""``reply``: compose, check, have it approved where the policy asks, post it once."""

from __future__ import annotations

import click

from socialcli import guided, posting
from socialcli.app import App
from socialcli.console import Answer, interactive, read_stdin
from socialcli.drafting import Situation, Words, parse_values
from socialcli.errors import UsageError
from socialcli.options import as_option, dry_run_option, max_cost_option, verb, yes_option
from socialcli.text.clean import clean


@verb("Compose, check and post an answer, once.")
@click.argument("ticket", required=False)
@click.option(
    "-t",
    "--template",
    "templates",
    metavar="TEMPLATE",
    multiple=True,
    help="A reply template; may be stacked.",
)
@click.option(
    "--set", "pairs", metavar="NAME=VALUE", multiple=True, help="A value for the template; may be repeated."
)
@click.option("--text", metavar="T", help="The text itself; - reads standard input.")
@as_option
@click.option(
    "--allow", metavar="RULE", multiple=True, help="Let an error of this rule pass (needs --reason)."
)
@click.option("--reason", metavar="R", help="Why, with --allow.")
@click.option("--again", is_flag=True, help="Answer once more, on purpose.")
@max_cost_option
@dry_run_option
@yes_option
def command(
    app: App,
    ticket: str | None,
    templates: tuple[str, ...],
    pairs: tuple[str, ...],
    text: str | None,
    agent: str | None,
    allow: tuple[str, ...],
    reason: str | None,
    again: bool,
    max_cost: str | None,
    dry_run: bool,
    yes: bool,
) -> Answer:
    """Compose an answer to the latest message of a ticket, check it, and post it once.

    \b
    socialcli reply k3p -t apology -t dm-request --dry-run
    socialcli reply k3p --text "So sorry, Marta. Your bag is on the 14:10 flight. ^SB" --yes

    The same answer to the same message is the same draft: running this again continues it and never posts
    it twice. On a terminal, without a text or a template, it guides you.
    """
    if bool(allow) != bool(reason):
        raise UsageError("--allow and --reason go together", hint="--allow RULE --reason WHY")
    who = app.agent(agent)
    guide = text is None and not templates
    if guide and (not interactive() or app.console.json):
        raise UsageError("nothing to say", hint="give --text or -t TEMPLATE")
    if not guide and ticket is None:
        raise UsageError("which ticket?", hint="socialcli next shows the most pressing one")
    if text is not None and (templates or pairs):
        raise UsageError("--text stands alone", hint="leave out -t and --set")

    allowed = dict.fromkeys(allow, reason or "")
    wish = posting.Wish(allowed=allowed, again=again, dry_run=dry_run, yes=yes, max_cost=max_cost)

    def go(place: Situation, words: Words) -> Answer:
        return posting.answer(app, place, words, who, wish)

    if guide:
        return guided.reply(app, ticket, who, go, claim=not dry_run)
    return go(posting.look(app, str(ticket), who), _words(app, templates, pairs, text))


def _words(app: App, templates: tuple[str, ...], pairs: tuple[str, ...], text: str | None) -> Words:
    if text is not None:
        given = read_stdin().removesuffix("\n") if text == "-" else text
        return Words(text=clean(given))
    chosen = tuple(app.template(name) for name in templates)
    sign_off = app.template("sign-off")
    if not any(template.signed for template in chosen):
        chosen = (*chosen, sign_off)  # whatever answers a customer is signed, a statement too
    return Words(templates=chosen, sign_off=sign_off, values=parse_values(pairs))
