"""From words to a post: compose, check, have it approved where the policy asks, confirm, send once. What
``reply``, ``move-offline``, ``resolve`` and ``statement`` have in common.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import click
import msgspec

from socialcli import approval, claiming, massmode, recalling, reminding, render, timing
from socialcli.app import App
from socialcli.approval import personal, rights
from socialcli.channels.base import PostRefusedError, Way
from socialcli.compose.linter import explain
from socialcli.console import Answer, interactive
from socialcli.drafting import Situation, Words, compose, earlier, situation, times_sent
from socialcli.errors import NotFoundError, RefusedError, TemporaryError, UsageError
from socialcli.model.check import Check, Finding
from socialcli.model.draft import Draft
from socialcli.model.message import Message, Visibility
from socialcli.model.times import format_time
from socialcli.outbox.conditions import unwelcome
from socialcli.outbox.sending import Outcome, Request
from socialcli.policy.schema import Agent
from socialcli.queue.records import StoredDraft
from socialcli.triage.conversation import ARGUMENT

_BEGUN = ("intended", "unknown")  # an attempt whose end nobody knows
_BY_HAND = "answer by hand"  # how a network's hint ends that knows neither the ticket nor the address


class Wish(msgspec.Struct, frozen=True):
    """How a post is wanted. ``allowed``: rules whose errors may pass, with the reason. ``max_cost``: decimal,
    None = what the policy says.
    """

    allowed: dict[str, str] = {}
    again: bool = False
    dry_run: bool = False
    yes: bool = False
    max_cost: str | None = None
    at: datetime | None = (
        None  # later: ``outbox --settle`` posts it from then on, and checks everything again
    )
    anyway: bool = False  # now, although it is outside hours or was put off; a lead's also in mass mode


def look(
    app: App,
    ticket: str,
    who: Agent,
    *,
    visibility: Visibility | None = None,
    target: Message | None = None,
    own: bool = False,
) -> Situation:
    """The ticket as an answer meets it: to its latest message, unless ``target`` is another one. ``own``: from the
    agent's own account.

    Raises ConflictError if somebody else has claimed it, RefusedError where it is not to be answered from there.
    """
    row = app.queue.ticket(ticket)
    claiming.require_free(app, row, who.id)
    name = personal.account_of(who) if own else row.account
    place = situation(
        app.queue, app.policy, app.assessor, row, app.account(name), app.channel(name), visibility=visibility, target=target,
    )  # fmt: skip
    if own:
        kind = row.kind or place.assessment.kind
        personal.require(who, app.policy, place.target, kind=kind, priority=place.priority)
    return place


def answer(app: App, place: Situation, words: Words, who: Agent, wish: Wish) -> Answer:
    """Answer a ticket; the draft and what became of it."""
    outcome = send(app, place, words, who, wish)

    def talk() -> None:
        reminding.tell_of_promises(app, outcome.draft)

    return Answer([outcome.draft], render.drafts, lambda: outcome.error, talk)


def send(app: App, place: Situation, words: Words, who: Agent, wish: Wish) -> Outcome:
    """Answer a ticket. Raises UsageError where a yes is missing, click.Abort where a person says no."""
    content = words.content(who)
    unfinished = known = earlier(app.queue, place, content)
    if unfinished is not None:
        draft = unfinished.draft
        if draft.state in ("awaiting-approval", "by-hand") or timing.stays(
            app, draft, wish.at, anyway=wish.anyway
        ):
            return Outcome(draft)
        row = unfinished.row
        again = wish.again or bool(row.again)
        request = Request(draft, content, who.id, row.upto, again=again, read=row.read, anyway=wish.anyway)
    else:
        sent = times_sent(app.queue, place, content) if wish.again and not words.once else 0
        draft = compose(place, words, who, app.policy, nth=sent)
        known = next((one for one in app.queue.drafts(place.row.n) if one.row.id == draft.id), None)
        if known is not None and _is_over(known.draft, wish):
            if known.draft.state == "sent":
                app.console.note("sent already: nothing was posted again")
            return Outcome(known.draft, _refused_before(known.draft))
        check = with_allowances(app, draft.check, wish.allowed, who)
        draft = msgspec.structs.replace(draft, check=check, post_at=wish.at)
        anew = known is not None and known.draft.state == "recalled"
        request = Request(
            draft,
            content,
            who.id,
            place.upto,
            again=wish.again,
            read=place.read,
            anew=anew,
            anyway=wish.anyway,
        )
    # What was held up before anybody was asked is asked about when it is tried again.
    asked = unfinished is not None and unfinished.row.state != "parked"
    may_go = asked or _was_approved(known, draft)
    needs = None if may_go else needed(app, place, words, draft, who)
    if wish.dry_run:
        return _planned(app, place, draft, needs, wish)
    if not may_go:
        kept = keep_back(app, place.way, request, needs, wish, url=place.target.url)
        if kept is not None:
            return kept
    elif (dear := too_dear(app, place.way, draft, wish)) is not None:
        return Outcome(draft, dear)
    _tell_if_argument(app, place)
    confirm(app, draft, yes=wish.yes)
    claiming.renew(app, place.row.id, who.id)
    return _now_or_later(app, place, request, who, wish)


def _tell_if_argument(app: App, place: Situation) -> None:
    """An answer more, where triage sees nothing new after so many, is somebody's own choice."""
    if any(one.rule == ARGUMENT for one in place.assessment.reasons):
        many = app.policy.triage.disengage_after
        app.console.note(
            f"nothing new to answer: mere argument (triage.disengage_after = {many}); it may be left at that"
        )


def needed(app: App, place: Situation, words: Words, draft: Draft, who: Agent) -> str | None:
    """Why this answer needs somebody else's yes; None if it does not. Raises RefusedError for a statement by somebody
    who may not speak for the brand.
    """
    if words.is_statement:
        rights.require(who, "speak", app.policy)
    kind = place.row.kind or place.assessment.kind
    return approval.reason(
        draft, who, app.policy, statement=words.is_statement, kind=kind, priority=place.priority
    )


def _planned(app: App, place: Situation, draft: Draft, needs: str | None, wish: Wish) -> Outcome:
    """What ``_now_or_later`` would do, at the time at which it would."""
    full = massmode.against(app, draft, anyway=wish.anyway, at=wish.at)
    if needs is None and isinstance(full, TemporaryError) and refusal(app, place.way, draft, wish) is None:
        return Outcome(msgspec.structs.replace(draft, state="parked", reason=full.message), full)
    if needs is None and draft.state not in _BEGUN:
        later = _later(app, place, wish)
        draft = msgspec.structs.replace(draft, post_at=later[0] if later else None)
    return plan(app, place.way, msgspec.structs.replace(draft, state="composed", reason=None), needs, wish)


def _later(app: App, place: Situation, wish: Wish) -> tuple[datetime, str] | None:
    """When what may go out is posted, if not now, and why."""
    if wish.at is not None:
        return wish.at, timing.LATER
    opens = None if wish.anyway else timing.opening(app, place.priority)
    return None if opens is None else (opens, timing.CLOSED)


def _now_or_later(app: App, place: Situation, request: Request, who: Agent, wish: Wish) -> Outcome:
    """Post what may go out, or put it off; what was begun before is finished."""
    if request.draft.state in _BEGUN:
        return else_by_hand(app, app.outbox.send(request))
    if (later := _later(app, place, wish)) is not None:
        at, reason = later
        kept = app.outbox.keep(_due(request, at), "scheduled", reason)
        if kept.error is None:
            app.console.note_once(f"{reason}: it goes out at {format_time(at)} (outbox --settle)")
        return kept
    if app.policy.outbox.undo and interactive() and not wish.yes and recalling.may(request.draft, who):
        return _after_a_moment(app, request, who)
    return else_by_hand(app, app.outbox.send(_due(request, None)))


def _due(request: Request, at: datetime | None) -> Request:
    return msgspec.structs.replace(request, draft=msgspec.structs.replace(request.draft, post_at=at))


def _after_a_moment(app: App, request: Request, who: Agent) -> Outcome:
    """Post it unless it is taken back in time. It is kept meanwhile: a terminal that closes loses nothing."""
    kept = app.outbox.keep(_due(request, timing.undo_until(app)), "scheduled", "can be taken back")
    if kept.error is not None:
        return kept
    try:
        back = timing.taken_back(app)
    except KeyboardInterrupt:
        recalling.recall(app, kept.draft.id, who, "taken back")
        raise
    if back:
        return Outcome(recalling.recall(app, kept.draft.id, who, "taken back"))
    return else_by_hand(app, app.outbox.resume(kept.draft.id, who.id))


def else_by_hand(app: App, outcome: Outcome) -> Outcome:
    """The same; where the network refused it for good, the error says how to answer by hand."""
    draft, error = outcome.draft, outcome.error
    if not isinstance(error, PostRefusedError) or draft.state != "failed" or draft.ticket is None:
        return outcome
    by_hand = f"answer by hand{_under(app, draft)}, then: socialcli done {draft.ticket} --url ADDRESS"
    if error.hint and not error.hint.endswith(_BY_HAND):
        return outcome
    hint = error.hint.removesuffix(_BY_HAND) + by_hand
    return Outcome(draft, PostRefusedError(error.message, hint=hint))


def _under(app: App, draft: Draft) -> str:
    """The address of what is answered; "" where the network gave none."""
    try:
        thread = app.queue.thread(app.queue.ticket(str(draft.ticket)))
    except NotFoundError:
        return ""
    url = next((one.url for one in thread if one.id == draft.target), None)
    return f" under {url}" if url else ""


def keep_back(
    app: App, way: Way, request: Request, needs: str | None, wish: Wish, *, url: str | None = None
) -> Outcome | None:
    """What is not to be posted now: refused by the check, too dear, no road, by hand, awaiting approval; None
    for what may go. ``url``: where a post by hand belongs.
    """
    draft = request.draft
    stop = refusal(app, way, draft, wish)
    if stop is not None:
        kept = app.outbox.keep(request, "refused", stop.message)
        hint = stop.hint or f"mend the text; the draft is kept as {draft.id}"
        return Outcome(kept.draft, RefusedError(stop.message, hint=hint))
    if needs is not None:
        _tell_if_nobody_may(app, draft)
        return app.outbox.keep(request, "awaiting-approval", needs)
    if way.road == "hand":
        request = msgspec.structs.replace(request, draft=msgspec.structs.replace(draft, url=url))
        return app.outbox.keep(request, "by-hand", way.reason)
    return None


def plan(app: App, way: Way, draft: Draft, needs: str | None, wish: Wish) -> Outcome:
    """What would be done, without doing it."""
    stop = refusal(app, way, draft, wish)
    if stop is not None:
        planned = msgspec.structs.replace(draft, state="refused", reason=stop.message)
        return Outcome(planned, RefusedError("it would be refused", hint=stop.hint or "mend the text"))
    if needs is not None:
        app.console.note_once(f"{draft.account}: it would wait for approval ({needs})")
        _tell_if_nobody_may(app, draft)
    else:
        when = f" at {format_time(draft.post_at)}" if draft.post_at else ""
        app.console.note_once(f"{draft.account}: it would go out by road {way.road}{when}: {way.reason}")
    return Outcome(draft)


def _tell_if_nobody_may(app: App, draft: Draft) -> None:
    """A yes that nobody can give is waited for in vain."""
    if not approval.approvers(draft.agent, app.policy):
        roles = " or ".join(app.policy.approval.by)
        app.console.note_once(
            f"nobody may approve what {draft.agent} writes: policies.toml has no other {roles} (approval.by)"
        )


def confirm(app: App, draft: Draft, *, yes: bool) -> None:
    """Ask a person, unless they said yes before. Raises UsageError where nobody can be asked."""
    if yes:
        return
    if not interactive() or app.console.json:
        raise UsageError("posting needs a yes", hint="add --yes, or look at it first with --dry-run")
    from socialcli.prompts import confirm as ask

    app.console.show(render.draft_lines(draft, app.console.screen()))
    if not ask("Post it?"):
        app.console.note("not posted")
        raise click.Abort


def refusal(app: App, way: Way, draft: Draft, wish: Wish) -> RefusedError | None:
    """Why this draft may not go out at all."""
    if not draft.check.ok:
        rules = ", ".join(finding.rule for finding in draft.check.findings if finding.level == "error")
        return RefusedError(f"the check says no: {rules}")
    if way.road == "no":
        return RefusedError(way.reason, hint="socialcli can says more")
    since = app.queue.unwanted(draft)
    if since is not None:
        return RefusedError(
            unwelcome(since), hint="what they write anew may be answered: socialcli opt-out --list"
        )
    held = massmode.against(app, draft, anyway=wish.anyway, at=wish.at)
    if isinstance(held, RefusedError):  # what only lacks room is kept, and goes out when there is some
        return held
    return too_dear(app, way, draft, wish)


def too_dear(app: App, way: Way, draft: Draft, wish: Wish) -> RefusedError | None:
    """Why this draft costs too much; it holds for what was begun and approved before, too."""
    limit = app.policy.outbox.max_cost if wish.max_cost is None else wish.max_cost
    if limit and Decimal(draft.cost) > Decimal(limit):
        dear = Decimal(draft.cost) > Decimal(way.cost)  # a link makes it so
        return RefusedError(
            f"it would cost {draft.cost} {way.currency}, more than {limit}",
            hint=f"{'answer in words instead of a link, or ' if dear else ''}allow more: --max-cost",
        )
    return None


def priced(app: App, draft: Draft, *, allowed: str) -> Draft:
    """The draft with what its text costs today. Raises RefusedError above ``outbox.max_cost``, unless so much
    was ``allowed`` (decimal) for an earlier text of it.
    """
    channel = app.channel(draft.account)
    way = channel.reach_all()
    if draft.ticket is not None:
        thread = app.queue.thread(app.queue.ticket(draft.ticket))
        target = next((one for one in thread if one.id == draft.target), None)
        if target is None:
            raise NotFoundError("message", str(draft.target))
        way = channel.reach(target, draft.check.visibility)
    draft = msgspec.structs.replace(draft, cost=channel.cost(draft.text, way))
    dear = too_dear(app, way, draft, Wish())
    if dear is not None and Decimal(draft.cost) > Decimal(allowed):
        raise dear
    return draft


def _was_approved(known: StoredDraft | None, draft: Draft) -> bool:
    """Somebody said yes to these very words, and then the post was held up."""
    return known is not None and known.row.approved_hash == approval.digest(draft)


def with_allowances(app: App, check: Check, allowed: dict[str, str], who: Agent) -> Check:
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


def _is_over(draft: Draft, wish: Wish) -> bool:
    """Whether there is nothing more to be done for it. What the network refused is tried again only on purpose."""
    over = draft.state in ("sent", "rejected")
    return over or (draft.state in ("failed", "recalled") and not wish.again)


def _refused_before(draft: Draft) -> RefusedError | None:
    if draft.state == "rejected":
        return RefusedError(f"draft {draft.id} was rejected: {draft.reason}", hint="write another answer")
    if draft.state == "recalled":
        why = f": {draft.reason}" if draft.reason else ""
        return RefusedError(
            f"draft {draft.id} was recalled{why}", hint="say the same once more on purpose: --again"
        )
    if draft.state == "failed":
        return RefusedError(
            f"draft {draft.id} was refused by the network: {draft.reason}",
            hint="write another answer, or try the same once more: --again",
        )
    return None
