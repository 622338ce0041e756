"""From an act that is wanted to a line of a plan. Nothing is posted, and nothing is written to the queue."""

from __future__ import annotations

from hashlib import blake2b

import msgspec
from msgspec import UNSET, UnsetType

from socialcli import approval, posting
from socialcli.announcing.course import sent_statements
from socialcli.announcing.planning import Piece, Wanted, timed
from socialcli.announcing.saying import prepared
from socialcli.app import App
from socialcli.applying.standing import newest_statement, require_open
from socialcli.channels.base import Way
from socialcli.drafting import Situation, Words, compose, times_sent
from socialcli.errors import ConflictError, NotFoundError, RefusedError, UsageError
from socialcli.model.answered import Bulk
from socialcli.model.check import Check
from socialcli.model.draft import Draft
from socialcli.model.plan import Basis, Hit, Moving, Plan, Verb, Verdict, Wording, sealed
from socialcli.policy.schema import Agent, Policy
from socialcli.protecting import Step, Suspect
from socialcli.queue.facts import ON_ITS_WAY


def of_answer(
    app: App,
    verb: Verb,
    place: Situation,
    words: Words,
    who: Agent,
    wish: posting.Wish,
    *,
    moving: Moving | None = None,
    bulk: Bulk | UnsetType = UNSET,
) -> list[Plan]:
    """The answer to a ticket as a line; none where it was sent already.

    Raises RefusedError for what may not go out at all, ConflictError where the ticket is answered already or
    another draft is on its way.
    """
    if words.corrects is not None or wish.at is not None:
        raise UsageError(
            "--plan is for answers that go out when the plan is applied", hint="leave --plan out"
        )
    content = words.content(who)
    nth = times_sent(app.queue, place, content) if wish.again and not words.once else 0
    draft = compose(place, words, who, app.policy, nth=nth)
    if _is_sent(app, draft):
        return []
    require_open(app, place.row, draft, again=wish.again)
    check = posting.with_allowances(app, draft.check, wish.allowed, who)
    draft = msgspec.structs.replace(draft, check=check)
    _require_allowed(app, place.way, draft, wish)
    needs = posting.needed(app, place, words, draft, who)
    line = _line(app, verb, draft, place.way, needs, place.target.network)
    return [
        sealed(
            msgspec.structs.replace(
                line,
                customer=place.target.author.handle,
                state=Basis(place.read, place.target.version, policy_digest(app.policy)),
                draft=Wording(
                    draft.id, content, nth, wish.again, wish.allowed, draft.by_program, draft.translated
                ),
                moving=moving,
                bulk=bulk,
            )
        )
    ]


def of_statement(app: App, wanted: Wanted, who: Agent, wish: posting.Wish) -> list[Plan]:
    """A statement as lines, one for each account; what was sent already needs none. Raises as ``of_answer``."""
    made, drafts = prepared(app, wanted, who)
    found = (_of_piece(app, piece, draft, who, wish) for piece, draft in zip(made, drafts, strict=True))
    return [line for line in found if line is not None]


def _of_piece(app: App, piece: Piece, draft: Draft, who: Agent, wish: posting.Wish) -> Plan | None:
    if _is_sent(app, draft):
        return None
    if draft.state in ON_ITS_WAY:
        raise ConflictError(
            f"statement {draft.id} is on its way ({draft.state})", hint="socialcli outbox shows it"
        )
    draft = msgspec.structs.replace(draft, state="composed", reason=None)
    _require_allowed(app, piece.way, draft, wish)
    needs = approval.reason(draft, who, app.policy, statement=True)
    line = _line(app, "statement", draft, piece.way, needs, piece.account.network)
    newest = newest_statement(piece.account.name, sent_statements(app.queue))
    return sealed(
        msgspec.structs.replace(
            line,
            state=Basis(newest, None, policy_digest(app.policy)),
            draft=Wording(draft.id, piece.content, piece.nth, wish.again),
            said=timed(app, piece.said, draft.text),
        )
    )


def of_step(app: App, suspect: Suspect, step: Step) -> list[Plan]:
    """A step against somebody as a line; none where it is in force already."""
    wanted, way = step.restriction, step.way
    if way is None:
        app.console.note(f"@{wanted.handle}: {wanted.rung} is in force already: there is nothing to plan")
        return []
    version = None if step.message is None else step.message.version
    return [
        sealed(
            Plan(
                id="",
                v=1,
                verb="block",
                ticket=wanted.ticket,
                target=wanted.message_id,
                customer=wanted.handle,
                account=wanted.account,
                network=wanted.network,
                road=wanted.road,
                visibility="public",
                text=None,
                agent=wanted.by,
                cost=way.cost,
                currency=way.currency,
                check=None,
                needs=None,
                state=Basis(suspect.latest.message.version, version, policy_digest(app.policy)),
                made_at=wanted.at,
                step=wanted,
            )
        )
    ]


def policy_digest(policy: Policy) -> str:
    """Of all that is written in the policy, and its dictionary: whether anything at all was changed."""
    keys = msgspec.structs.asdict(policy)
    del keys["vouched"]  # a way to read the knowledge base: what it holds is checked again before posting
    encoded = msgspec.json.encode(keys, order="sorted", enc_hook=int)  # of seconds, the one type of its own
    return blake2b(encoded, digest_size=8).hexdigest()


def _line(app: App, verb: Verb, draft: Draft, way: Way, needs: str | None, network: str) -> Plan:
    return Plan(
        id="",
        v=1,
        verb=verb,
        ticket=draft.ticket,
        target=draft.target,
        customer=None,
        account=draft.account,
        network=network,
        road=draft.road,
        visibility=draft.check.visibility,
        text=draft.text,
        agent=draft.agent,
        cost=draft.cost,
        currency=way.currency,
        check=_in_short(draft.check),
        needs=needs,
        state=Basis(None, None, ""),
        made_at=app.now().replace(microsecond=0),
    )


def _in_short(check: Check) -> Verdict:
    return Verdict(check.ok, tuple(Hit(one.rule, one.level, one.message) for one in check.findings))


def _require_allowed(app: App, way: Way, draft: Draft, wish: posting.Wish) -> None:
    stop = posting.refusal(app, way, draft, wish)
    if stop is not None:
        raise RefusedError(stop.message, hint=stop.hint or "mend the text")


def _is_sent(app: App, draft: Draft) -> bool:
    """Whether it went out before. Raises RefusedError where somebody said no to it."""
    try:
        known = app.queue.draft(draft.id).draft
    except NotFoundError:
        return False
    if known.state == "rejected":
        raise RefusedError(f"draft {known.id} was rejected: {known.reason}", hint="write another answer")
    if known.state == "sent":
        app.console.note(f"draft {known.id} was sent already: there is nothing to plan")
    return known.state == "sent"
