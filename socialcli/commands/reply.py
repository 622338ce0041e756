"""``reply``: compose, check, have it approved where the policy asks, post it once."""

from __future__ import annotations

import click
from msgspec import Struct

from socialcli import correcting, guided, offline, posting, render, timing
from socialcli.app import App
from socialcli.applying import planning
from socialcli.console import Answer, interactive, read_stdin
from socialcli.drafting import Situation, Words, parse_values
from socialcli.errors import UsageError
from socialcli.options import (
    as_option,
    dry_run_option,
    duration,
    max_cost_option,
    plan_option,
    require_only_plan,
    verb,
    yes_option,
)
from socialcli.policy.schema import Agent
from socialcli.text.clean import clean


class _Asked(Struct, frozen=True):
    """What is to be said, as it was typed."""

    templates: tuple[str, ...]
    pairs: tuple[str, ...]
    text: str | None
    drafted: bool
    translate: bool

    @property
    def nothing(self) -> bool:
        return self.text is None and not self.templates and not self.drafted

    def require_clear(self, correct: str | None) -> None:
        """Raises UsageError for what does not go together."""
        if self.text is not None and (self.templates or self.pairs):
            raise UsageError("--text stands alone", hint="leave out -t and --set")
        if self.drafted and (self.text is not None or self.templates or self.pairs or correct is not None):
            raise UsageError("--drafted stands alone", hint="leave out --text, -t, --set and --correct")
        if self.nothing and self.translate:
            raise UsageError(
                "nothing to translate", hint="--translate takes --text, -t TEMPLATE or --drafted"
            )
        if self.nothing and correct is not None:
            raise UsageError("nothing to say", hint="--correct takes --text or -t TEMPLATE")


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
@click.option("--drafted", is_flag=True, help="The text that reply.draft_command writes.")
@click.option(
    "--translate", is_flag=True, help="In the customer's language, as reply.translate_command puts it."
)
@as_option
@click.option("--from-own", is_flag=True, help="From the agent's own account, where as.personal lets them.")
@click.option(
    "--allow", metavar="RULE", multiple=True, help="Let an error of this rule pass (needs --reason)."
)
@click.option("--reason", metavar="R", help="Why, with --allow.")
@click.option("--again", is_flag=True, help="Answer once more, on purpose.")
@click.option(
    "--correct", metavar="DRAFT", help='Put right an answer that went out: its draft, or "last". Once each.'
)
@click.option(
    "--at", metavar="TIME", help="Not now, but then: 2026-11-21T09:00:00Z. outbox --settle posts it."
)
@click.option("--in", "within", metavar="TIME", callback=duration(), help="Not now, but in 45m, 2h, 3d.")
@click.option(
    "--now-anyway",
    is_flag=True,
    help="Now, although it is outside hours or was put off; as a lead also where mass mode holds the ticket back.",
)
@max_cost_option
@plan_option
@dry_run_option
@yes_option
def command(
    app: App,
    ticket: str | None,
    templates: tuple[str, ...],
    pairs: tuple[str, ...],
    text: str | None,
    drafted: bool,
    translate: bool,
    agent: str | None,
    from_own: bool,
    allow: tuple[str, ...],
    reason: str | None,
    again: bool,
    correct: str | None,
    at: str | None,
    within: int | None,
    now_anyway: bool,
    max_cost: str | None,
    plan: bool,
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
    require_only_plan(plan=plan, dry_run=dry_run)
    who = app.agent(agent)
    asked = _Asked(templates, pairs, text, drafted, translate)
    asked.require_clear(correct)
    guide = asked.nothing
    if guide and (plan or not interactive() or app.console.json):
        raise UsageError("nothing to say", hint="give --text, -t TEMPLATE or --drafted")
    if from_own and (guide or plan or correct is not None):
        raise UsageError(
            "--from-own is for one answer that is given now",
            hint="with --text or -t TEMPLATE; no --plan, no --correct",
        )
    if not guide and ticket is None:
        raise UsageError("which ticket?", hint="socialcli next shows the most pressing one")

    allowed = dict.fromkeys(allow, reason or "")
    wish = posting.Wish(
        allowed=allowed,
        again=again,
        dry_run=dry_run,
        yes=yes,
        max_cost=max_cost,
        at=timing.chosen(app, at, within, anyway=now_anyway),
        anyway=now_anyway,
    )

    def go(place: Situation, words: Words) -> Answer:
        if plan:
            return Answer(planning.of_answer(app, "reply", place, words, who, wish), render.plans)
        return posting.answer(app, place, words, who, wish)

    if guide:
        return guided.reply(app, ticket, who, wish)
    if correct is not None:
        place, old = correcting.look(app, str(ticket), correct, who)
        words = _said(app, place, asked, who, again=again)
        return go(place, correcting.correction(app, words, old, who))
    place = posting.look(app, str(ticket), who, own=from_own)
    _tell_of_preference(app, place, templates)
    return go(place, _said(app, place, asked, who, again=again))


def _tell_of_preference(app: App, place: Situation, templates: tuple[str, ...]) -> None:
    """A note where a template leads elsewhere than the customer wants to go, or by a way that does not reach them."""
    led = [offline.LEADS[name] for name in templates if name in offline.LEADS]
    if not led:
        return
    prefers = offline.preference(app.queue, place.row, place.thread)
    if prefers is not None and prefers not in led:
        step = f"socialcli move-offline {place.row.id} --to {prefers}"
        app.console.note(f"the customer prefers {prefers}: {step}")
    if "direct" in led and (why := offline.closed(app.queue, place.account, place.row, app.now())):
        app.console.note(f"{why}: socialcli move-offline {place.row.id} offers another way")


def _said(app: App, place: Situation, asked: _Asked, who: Agent, *, again: bool) -> Words:
    """The words that were asked for; some come from a program of the team's own."""
    if not (asked.drafted or asked.translate):
        return _words(app, asked, place.language)
    from socialcli import outside

    words = outside.drafted(app, place, who, again=again) if asked.drafted else _words(app, asked, None)
    return outside.translated(app, place, words, who, again=again) if asked.translate else words


def _words(app: App, asked: _Asked, language: str | None) -> Words:
    if asked.text is not None:
        given = read_stdin().removesuffix("\n") if asked.text == "-" else asked.text
        return Words(text=clean(given))
    chosen = tuple(app.template_in(name, language) for name in asked.templates)
    sign_off = app.template("sign-off")
    if not any(template.signed for template in chosen):
        chosen = (*chosen, sign_off)  # whatever answers a customer is signed, a statement too
    return Words(templates=chosen, sign_off=sign_off, values=parse_values(asked.pairs))
