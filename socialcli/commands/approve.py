"""``approve``: somebody else's yes; the approved text is the posted text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
import msgspec

from socialcli import approval, awaiting, masking, massmode, posting, reminding, render, timing
from socialcli.announcing.planning import timed
from socialcli.app import App
from socialcli.approval import rights
from socialcli.console import Answer, interactive
from socialcli.errors import ConflictError, RefusedError, UsageError
from socialcli.model.draft import Draft
from socialcli.model.times import format_time
from socialcli.options import as_option, dry_run_option, verb
from socialcli.outbox.sending import as_written
from socialcli.outbox.statements import require_own_words, require_timely, said_of
from socialcli.policy.schema import Agent
from socialcli.queue.records import StoredDraft
from socialcli.text.clean import clean


@verb("Say yes to a draft, and post it.")
@click.argument("draft", required=False)
@as_option
@click.option("--edit", metavar="T", help="Approve this text instead; both names are kept.")
@click.option("--no-post", is_flag=True, help="Only approve; outbox --settle posts it.")
@click.option("--list", "listed", is_flag=True, help="What waits for a yes, since when, and until when.")
@dry_run_option
def command(
    app: App,
    draft: str | None,
    agent: str | None,
    edit: str | None,
    no_post: bool,
    listed: bool,
    dry_run: bool,
) -> Answer:
    """Say yes to a draft that waits for approval, and post it at once, or when its time comes. Nobody approves a
    draft of their own. Where several answers to one message wait, a yes to one takes the others back.

    On a terminal, without a draft, it walks you through all that wait: yes, edit, no and why, skip.
    """
    if listed:
        return _listed(app, draft)
    if draft is None:
        if edit is not None or dry_run or not interactive() or app.console.json:
            raise UsageError("which draft?", hint="socialcli approve --list shows what waits for a yes")
        return _guided(app, agent, no_post=no_post)
    return run(app, draft, agent, edit, no_post=no_post, dry_run=dry_run)


def _guided(app: App, agent: str | None, *, no_post: bool) -> Answer:
    """Each that waits, with a yes, an edit or a no."""
    from socialcli.guided import approving

    who = app.agent(agent)

    def yes(name: str, text: str | None) -> Answer:
        return run(app, name, who.id, text, no_post=no_post, dry_run=False)

    def no(name: str, reason: str) -> Answer:
        return Answer([awaiting.reject(app, name, who, reason)], render.drafts)

    return approving.approve(app, who, yes, no)


def _listed(app: App, draft: str | None) -> Answer:
    """What waits, with its rivals beside it."""
    if draft is not None:
        raise UsageError("--list shows all that wait", hint="leave the draft out")
    found = awaiting.waiting(app)
    if not found:
        app.console.note("no draft waits for a yes")
    return Answer(found, render.waiting_drafts(app.now(), awaiting.beside(app, masking.masker(app))))


def run(app: App, name: str, agent: str | None, edit: str | None, *, no_post: bool, dry_run: bool) -> Answer:
    """Raises NotFoundError, RefusedError (one's own draft, a failed check), ConflictError (not waiting)."""
    who = app.agent(agent)
    stored = app.queue.draft(name)
    if _yes_was_said(stored, edit):
        if dry_run and stored.draft.state != "sent":
            app.console.note(f"{stored.draft.account}: it was approved before, and would be finished now")
        return _continue(app, stored.draft, who, post=not (no_post or dry_run))
    if stored.draft.state not in ("awaiting-approval", "approved"):
        raise ConflictError(
            f"draft {stored.draft.id} does not wait for approval: it is {stored.draft.state}",
            hint=_instead(stored.draft, conflict=bool(stored.row.conflict)),
        )
    approval.require_another(stored.draft, who, app.policy)
    draft = _settled(app, stored, edit, who)
    if dry_run:
        _plan(app, draft, post=not no_post)
        _tell_rivals(app, awaiting.rivals(app, stored), "would be recalled")
        return Answer([as_written(draft)], render.drafts)
    with app.queue.writing() as writing:
        state = app.queue.draft(stored.row.id).draft.state
        if state not in ("awaiting-approval", "approved"):
            raise ConflictError(f"draft {stored.draft.id} does not wait for approval any more: it is {state}")
        data: dict[str, Any] = {
            "draft": draft.id,
            "whole": as_written(draft),
            "content": stored.row.content,
            "attempt": stored.row.attempt,
            "hash": approval.digest(draft),
        }
        if said := said_of(stored):
            anew = draft.text != stored.draft.text
            promised = None if anew else said.promised
            data["said"] = timed(app, msgspec.structs.replace(said, promised=promised), draft.text)
        writing.add("approved", draft.ticket, who.id, data, key=draft.id)
        rivals = awaiting.rivals(app, stored)
        for one in rivals:
            reason = f"another answer was approved: {draft.id}"
            overtaken = {"draft": one.row.id, "attempt": one.row.attempt, "reason": reason}
            writing.add("recalled", one.draft.ticket, who.id, overtaken, key=one.row.id)
    _tell_rivals(app, rivals, "recalled")
    return _continue(app, app.queue.draft(draft.id).draft, who, post=not no_post and _may_post(app, who))


def _may_post(app: App, who: Agent) -> bool:
    """Whoever may say yes need not be one who posts."""
    found = rights.may(who, "post", app.policy)
    if not found:
        app.console.note(f"{who.id} may approve, not post (rights.post): outbox --settle posts it")
    return found


def _plan(app: App, draft: Draft, *, post: bool) -> None:
    """Tell what a yes to the draft would do."""
    later, held = timing.later(app, draft), massmode.against(app, draft)
    if held is not None:
        what = f"and wait: {held.message}"
    elif draft.road == "hand":
        what = "to be posted by hand"
    elif later is not None:
        what = f"and go out by road {draft.road} at {format_time(later[0])}: {later[1]}"
    elif post:
        what = f"and go out by road {draft.road} at once"
    else:
        what = f"and go out by road {draft.road} with the next outbox --settle"
    app.console.note(f"{draft.account}: it would be approved, {what}")


def _instead(draft: Draft, *, conflict: bool) -> str:
    """What can be done about a draft that waits for no yes."""
    again = "statement" if draft.ticket is None else f"reply {draft.ticket}"
    if conflict and draft.ticket is not None:
        return f"socialcli show {draft.ticket}, then socialcli {again} again"
    if draft.state in ("parked", "intended", "unknown"):
        return f"socialcli outbox --settle, or socialcli {again} again"
    return "socialcli outbox shows what waits"


def _yes_was_said(stored: StoredDraft, edit: str | None) -> bool:
    """Whether this very approval got as far as posting before: running it again only finishes it."""
    if edit is not None and clean(edit) != stored.draft.text:
        return False
    started = stored.row.approved_hash is not None and stored.draft.state in ("intended", "unknown", "parked")
    return started or stored.draft.state == "sent"


def _tell_rivals(app: App, rivals: Sequence[StoredDraft], what: str) -> None:
    for one in rivals:
        app.console.note(f"draft {one.row.id} by {one.row.agent} answers the same message: {what}")


def _continue(app: App, draft: Draft, who: Agent, *, post: bool) -> Answer:
    if not post or draft.state == "sent":
        return Answer([draft], render.drafts)
    held = massmode.against(app, draft)
    if draft.state == "approved" and held is not None:
        app.console.note(f"{held.message}: it is approved, and outbox --settle posts it then")
        return Answer([draft], render.drafts)
    if draft.state == "approved" and (later := timing.later(app, draft)) is not None:
        put_off = app.outbox.schedule(draft.id, who.id, *later)
        return Answer([put_off.draft], render.drafts, lambda: put_off.error)
    outcome = posting.else_by_hand(app, app.outbox.resume(draft.id, who.id))

    def talk() -> None:
        reminding.tell_of_promises(app, outcome.draft)

    return Answer([outcome.draft], render.drafts, lambda: outcome.error, talk)


def _settled(app: App, stored: StoredDraft, edit: str | None, who: Agent) -> Draft:
    """The draft with the text to be approved, held against the policy of today. Raises RefusedError."""
    old = stored.draft
    draft = old if edit is None else msgspec.structs.replace(old, text=clean(edit))
    check = app.check(draft)
    if rules := approval.refused_today(old, check):
        raise RefusedError(
            f"the check says no: {', '.join(rules)}", hint=f"socialcli lint --explain {rules[0]}"
        )
    if draft.ticket is None:
        require_own_words(app.queue, draft, app.now())
        if draft.text == old.text:
            require_timely(stored, app.now(), app.policy.brand.time_zone)
    if edit is None:
        return draft
    draft = posting.priced(app, msgspec.structs.replace(draft, check=check), allowed=old.cost)
    added = approval.added(draft, old, app.agent_named(old.agent), app.policy)
    if added:
        raise RefusedError(
            f"the edit brings in what itself needs a second pair of eyes: {', '.join(sorted(added))}",
            hint=f"reject it, and say it yourself: {_anew(old, who)}",
        )
    return draft


def _anew(draft: Draft, who: Agent) -> str:
    if draft.ticket is None:
        return f"socialcli statement --account {draft.account} --text ... --as {who.id}"
    return f"socialcli reply {draft.ticket} --text ... --as {who.id}"
