"""``reply``: compose, check, have it approved where the policy asks, post it once."""

from __future__ import annotations

import click
import msgspec

from socialcli import approval, claiming, guided, render
from socialcli.app import App
from socialcli.compose.linter import explain
from socialcli.console import Answer, interactive, read_stdin
from socialcli.drafting import Situation, Words, compose, earlier, parse_values, situation, times_sent
from socialcli.errors import RefusedError, UsageError
from socialcli.model.check import Check, Finding
from socialcli.model.draft import Draft
from socialcli.options import as_option, dry_run_option, verb, yes_option
from socialcli.outbox.sending import Outcome, Request
from socialcli.policy.schema import Agent
from socialcli.queue.records import StoredDraft
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

    def go(place: Situation, words: Words) -> Answer:
        allowed = dict.fromkeys(allow, reason or "")
        return _go(app, place, words, who, allowed=allowed, again=again, dry_run=dry_run, yes=yes)

    if guide:
        return guided.reply(app, ticket, who, go, claim=not dry_run)
    return go(look(app, str(ticket), who), _words(app, templates, pairs, text))


def look(app: App, ticket: str, who: Agent) -> Situation:
    """The ticket as an answer meets it. Raises ConflictError if somebody else has claimed it."""
    row = app.queue.ticket(ticket)
    claiming.require_free(app, row, who.id)
    channel = app.channel(row.account)
    return situation(app.queue, app.policy, app.assessor, row, app.account(row.account), channel)


def _words(app: App, templates: tuple[str, ...], pairs: tuple[str, ...], text: str | None) -> Words:
    if text is not None:
        given = read_stdin().removesuffix("\n") if text == "-" else text
        return Words(text=clean(given))
    chosen = tuple(app.template(name) for name in templates)
    sign_off = app.template("sign-off")
    if not any(template.signed for template in chosen):
        chosen = (*chosen, sign_off)  # whatever answers a customer is signed, a statement too
    return Words(templates=chosen, sign_off=sign_off, values=parse_values(pairs))


def _go(
    app: App,
    place: Situation,
    words: Words,
    who: Agent,
    *,
    allowed: dict[str, str] | None = None,
    again: bool = False,
    dry_run: bool = False,
    yes: bool = False,
) -> Answer:
    content = words.content(who)
    unfinished = known = earlier(app.queue, place, content)
    if unfinished is not None:
        draft = unfinished.draft
        if draft.state in ("awaiting-approval", "by-hand"):
            return _answer(Outcome(draft))
        row = unfinished.row
        request = Request(draft, content, who.id, row.upto, again=again or bool(row.again))
    else:
        sent = times_sent(app.queue, place, content)
        draft = compose(place, words, who, app.policy, nth=sent if again else 0)
        known = next((one for one in app.queue.drafts(place.row.n) if one.row.id == draft.id), None)
        if known is not None and known.draft.state in ("sent", "rejected"):
            if known.draft.state == "sent":
                app.console.note("sent already: nothing was posted again")
            return _answer(Outcome(known.draft, _rejected(known.draft)))
        draft = msgspec.structs.replace(draft, check=_with_allowances(app, draft.check, allowed or {}, who))
        request = Request(draft, content, who.id, place.upto, again=again)
    needs = approval.reason(draft, who, app.policy, statement=words.is_statement)
    if dry_run:
        return _plan(app, place, draft, needs)
    if unfinished is None and not _was_approved(known, draft):
        kept = _keep_back(app, place, request, needs)
        if kept is not None:
            return _answer(kept)
    _confirm(app, draft, yes=yes)
    return _answer(app.outbox.send(request))


def _was_approved(known: StoredDraft | None, draft: Draft) -> bool:
    """Somebody said yes to these very words, and then the post was held up."""
    return known is not None and known.row.approved_hash == approval.digest(draft)


def _keep_back(app: App, place: Situation, request: Request, needs: str | None) -> Outcome | None:
    """What is not to be posted now: refused by the check, no road, by hand, awaiting approval."""
    draft = request.draft
    if not draft.check.ok:
        rules = ", ".join(finding.rule for finding in draft.check.findings if finding.level == "error")
        kept = app.outbox.keep(request, "refused", f"the check says no: {rules}")
        hint = f"mend the text; the draft is kept as {draft.id}"
        return Outcome(kept.draft, RefusedError(f"the check says no: {rules}", hint=hint))
    if place.way.road == "no":
        kept = app.outbox.keep(request, "refused", place.way.reason)
        return Outcome(kept.draft, RefusedError(place.way.reason))
    if needs is not None:
        return app.outbox.keep(request, "awaiting-approval", needs)
    if place.way.road == "hand":
        request = msgspec.structs.replace(request, draft=msgspec.structs.replace(draft, url=place.target.url))
        return app.outbox.keep(request, "by-hand", place.way.reason)
    return None


def _plan(app: App, place: Situation, draft: Draft, needs: str | None) -> Answer:
    """What would be done, without doing it."""
    outcome = Outcome(draft)
    if not draft.check.ok or place.way.road == "no":
        planned = msgspec.structs.replace(draft, state="refused")
        outcome = Outcome(planned, RefusedError("it would be refused", hint="mend the text"))
    elif needs is not None:
        app.console.note(f"it would wait for approval ({needs})")
    else:
        app.console.note(f"it would go out by road {place.way.road}: {place.way.reason}")
    return _answer(outcome)


def _with_allowances(app: App, check: Check, allowed: dict[str, str], who: Agent) -> Check:
    """Errors that somebody may and does let pass become infos that say who and why."""
    for rule in allowed:
        explain(rule)
        if rule not in app.policy.reply.may_allow:
            raise RefusedError(
                f"the policy does not let {rule} pass", hint="reply.may_allow in policies.toml lists what may"
            )
    findings = tuple(_allowance(one, allowed.get(one.rule), who) for one in check.findings)
    return msgspec.structs.replace(check, findings=findings, ok=all(one.level != "error" for one in findings))


def _allowance(finding: Finding, reason: str | None, who: Agent) -> Finding:
    if reason is None or finding.level != "error":
        return finding
    message = f"{finding.message} (allowed by {who.id}: {reason})"
    return msgspec.structs.replace(finding, level="info", message=message)


def _rejected(draft: Draft) -> RefusedError | None:
    if draft.state != "rejected":
        return None
    return RefusedError(f"draft {draft.id} was rejected: {draft.reason}", hint="write another answer")


def _confirm(app: App, draft: Draft, *, yes: bool) -> None:
    if yes:
        return
    if not interactive() or app.console.json:
        raise UsageError("posting needs a yes", hint="add --yes, or look at it first with --dry-run")
    from socialcli.prompts import confirm

    app.console.show(render.draft_lines(draft, app.console.screen()))
    if not confirm("Post it?"):
        app.console.note("not posted")
        raise click.Abort


def _answer(outcome: Outcome) -> Answer:
    return Answer([outcome.draft], render.drafts, lambda: outcome.error)
