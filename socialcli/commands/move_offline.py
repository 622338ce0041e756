"""``move-offline``: whether a conversation should go on in private, why, and the request to the customer."""

from __future__ import annotations

from typing import Any, get_args

import click
import msgspec

from socialcli import claiming, offline, posting, render
from socialcli.app import App
from socialcli.applying import planning
from socialcli.compose.asking import FURTHER, asked_for
from socialcli.console import Answer
from socialcli.drafting import Words
from socialcli.errors import RefusedError, UsageError
from socialcli.handing.answering import handed, require_hand_to
from socialcli.handing.sending import Wish
from socialcli.model.answers import Offline, PrivateChannel, TranscriptFormat
from socialcli.model.draft import Draft
from socialcli.model.plan import Moving
from socialcli.offline import CHANNELS, Case, Field
from socialcli.options import (
    as_option,
    dry_run_option,
    max_cost_option,
    plan_option,
    require_only_plan,
    ticket_argument,
    verb,
    yes_option,
)
from socialcli.outbox.sending import Outcome
from socialcli.policy.schema import Agent
from socialcli.queue.rows import TicketRow
from socialcli.render.offline import moves
from socialcli.returning import proposing
from socialcli.text.clean import clean

_MOVED = (
    "sent",
    "by-hand",
    "awaiting-approval",
    "approved",
    "scheduled",
)  # it went out, or waits for a person


@verb("Go on in private, with a reason, and come back.")
@ticket_argument
@click.option("--to", type=click.Choice(CHANNELS), help="Where to [default: what suits best, with --yes].")
@click.option("--ask", metavar="FIELD,...", help='What you need from the customer: "order number,email".')
@click.option("--prefer", type=click.Choice(CHANNELS), help="Note how the customer wants to be reached.")
@click.option("--hand-to", metavar="NAME", help="Hand the conversation on: a [[handoffs]] of policies.toml.")
@click.option("--format", "form", type=click.Choice(get_args(TranscriptFormat)), help="Of what is handed on.")
@click.option("--note", metavar="TEXT", help="A word of yours to whoever takes it over.")
@click.option("--private", is_flag=True, help="Hand on private data in full, where they need it.")
@as_option
@click.option("--again", is_flag=True, help="Ask, or hand on, once more, on purpose.")
@max_cost_option
@plan_option
@dry_run_option
@yes_option
def command(
    app: App,
    ticket: str,
    to: PrivateChannel | None,
    ask: str | None,
    prefer: PrivateChannel | None,
    hand_to: str | None,
    form: TranscriptFormat | None,
    note: str | None,
    private: bool,
    agent: str | None,
    again: bool,
    max_cost: str | None,
    plan: bool,
    dry_run: bool,
    yes: bool,
) -> Answer:
    """Whether a conversation should go on in private, and why; with --to the request to the customer is
    composed, checked and posted, as reply does.

    \b
    socialcli move-offline k3p
    socialcli move-offline k3p --to direct --ask "order number,email" --dry-run
    socialcli move-offline k3p --to phone --yes
    socialcli move-offline k3p --hand-to baggage --note "Please trace it." --yes

    Another channel is offered, never ordered, and an address that the customer gave us is used without
    asking for it. Running this again continues the same request and never posts it twice.

    --hand-to sends the conversation to somebody else: by mail, to a program, or as a file; once, private data masked.
    """
    require_only_plan(plan=plan, dry_run=dry_run)
    if hand_to is not None:
        given = {"--to": bool(to), "--ask": bool(ask), "--prefer": bool(prefer), "--plan": plan}
        hand = Wish(clean((note or "").strip()), form, private, again, dry_run, yes)
        return handed(app, ticket, hand_to, hand, agent, given | {"--max-cost": max_cost is not None})
    require_hand_to({"--format": form is not None, "--note": note is not None, "--private": private})
    if plan and (to is None or prefer is not None):
        raise UsageError("--plan needs --to, and goes without --prefer", hint="--to direct --plan")
    asked = () if ask is None else offline.parse_fields(ask)
    wish = posting.Wish(again=again, dry_run=dry_run, yes=yes, max_cost=max_cost)
    return run(app, ticket, to, asked, prefer, agent, wish, plan=plan)


def run(
    app: App,
    ticket: str,
    to: PrivateChannel | None,
    asked: tuple[Field, ...],
    prefer: PrivateChannel | None,
    agent: str | None,
    wish: posting.Wish,
    *,
    plan: bool = False,
) -> Answer:
    """Raises RefusedError, UsageError for a channel that cannot be had, and what ``posting.send`` raises."""
    row = app.queue.ticket(ticket)
    if prefer is not None and not wish.dry_run:
        _keep_preference(app, row, prefer, app.agent(agent))
    case = proposing.case_of(app, row, asked=asked)
    if prefer is not None:
        case = msgspec.structs.replace(case, kept=prefer, kept_at=row.text_id)
    case = _without_known(app, case)
    judged = offline.judge(case, app.policy, app.assessor, to)
    if _stays(app, case, judged, to, yes=wish.yes):
        return Answer([judged], moves)
    if judged.to is None:
        raise RefusedError(
            "nothing can be offered", hint="set offline.offer and its addresses in policies.toml"
        )
    return _move(app, row, case, judged, app.agent(agent), wish, plan=plan)


# ------------------------------------------------------------------------------------ what is known of it


def _without_known(app: App, case: Case) -> Case:
    """Nobody is asked for what they told us already."""
    given = offline.given_kinds(case, app.policy) if case.asked else frozenset()
    known = [field for field in case.asked if field.kind in given]
    if known:
        app.console.note(
            f"{offline.in_words(known, 'their')}: stands in what they wrote already, so it is not asked for"
        )
    return msgspec.structs.replace(case, asked=tuple(one for one in case.asked if one not in known))


def _stays(app: App, case: Case, judged: Offline, to: PrivateChannel | None, *, yes: bool) -> bool:
    """Whether the judgement is all: nothing to move, or nobody has said that it should be."""
    if offline.is_private(case) and (to == "direct" or (to is None and not judged.move)):
        app.console.note(
            "the latest message is a direct one: it goes on in private already (socialcli reply)"
        )
        return True
    return to is None and not (yes and judged.move)


# ------------------------------------------------------------------------------------------------ the move


def _move(
    app: App, row: TicketRow, case: Case, judged: Offline, who: Agent, wish: posting.Wish, *, plan: bool
) -> Answer:
    to: Any = judged.to
    offline.require_possible(to, case, app.policy)
    if judged.preference not in (None, to):
        app.console.note(f"the customer prefers {judged.preference}; {to} this once, since you say so")
    if case.asked and to != "direct":
        app.console.note(f"{offline.in_words(case.asked, 'their')}: ask for it there; the offer does not")
    directly = to == "direct" and offline.wrote_directly(case)
    place = posting.look(app, row.id, who, visibility="direct" if directly else None)
    words = _words(app, case, judged, place.language, directly=directly)
    if plan:
        moving = Moving(to, tuple(reason.rule for reason in judged.reasons), _wished(case))
        return Answer(
            planning.of_answer(app, "move-offline", place, words, who, wish, moving=moving), render.plans
        )
    outcome = posting.send(app, place, words, who, wish)
    if not wish.dry_run and outcome.draft.state in _MOVED:
        _note_moved(app, row, case, judged, outcome.draft, who)
    return _answer(judged, outcome)


def _answer(judged: Offline, outcome: Outcome) -> Answer:
    return Answer([judged, outcome.draft], moves, lambda: outcome.error)


def _words(app: App, case: Case, judged: Offline, language: str | None, *, directly: bool) -> Words:
    """In the customer's language, unless an agent asks for something in words of their own: then in the brand's."""
    name, asked = _template(app, case, judged, directly=directly)
    template = app.template_in(name, language)
    need = asked_for(asked, next(iter(template.languages), "en")) if asked else ""
    if need is None:
        template, need = app.template_in(name), asked_for(asked, "en") or ""
    values = {"need": need} if need else {}
    return Words(templates=(template,), sign_off=app.template("sign-off"), values=values)


def _template(app: App, case: Case, judged: Offline, *, directly: bool) -> tuple[str, list[str]]:
    """The template for the channel, and what it asks for. An address that we have is not asked for."""
    if judged.to in ("email", "phone"):
        return (f"{judged.to}-known" if judged.known[judged.to] else f"offer-{judged.to}"), []
    if judged.to == "livechat":
        return "livechat", []
    asked = [field.words for field in case.asked]
    if directly:
        return "direct-ask", asked
    if not asked and "reference" in offline.given_kinds(case, app.policy):
        asked = [FURTHER]  # the template would ask for the reference
    return "dm-request", asked


def _keep_preference(app: App, row: TicketRow, channel: PrivateChannel, who: Agent) -> None:
    """Once: the same again changes nothing. Raises ConflictError if somebody else has claimed the ticket."""
    claiming.require_free(app, row, who.id)
    with app.queue.writing() as writing:
        known = app.queue.preference(row) == channel and offline.kept_at(app.queue, row) == row.text_id
        if not known:
            writing.add("prefers", row.id, who.id, {"channel": channel, "message": row.text_id})


def _wished(case: Case) -> PrivateChannel | None:
    """The channel that the customer asked for in words, where that is not known yet."""
    wish = offline.wish_of(case)
    return None if wish is None or wish.channel == case.kept else wish.channel


def _note_moved(app: App, row: TicketRow, case: Case, judged: Offline, draft: Draft, who: Agent) -> None:
    """Once for each draft; what the customer asked for in words is kept with it."""
    wished = _wished(case)
    with app.queue.writing() as writing:
        moved = (event.data.get("draft") for event in app.queue.history(row) if event.event == "moved")
        if draft.id in moved:
            return
        if wished is not None:
            writing.add("prefers", row.id, who.id, {"channel": wished, "message": row.text_id})
        rules = [reason.rule for reason in judged.reasons]
        writing.add(
            "moved", row.id, who.id, {"to": judged.to, "reasons": rules, "draft": draft.id}, key=draft.id
        )
