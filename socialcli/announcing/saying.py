"""A statement: every account in its own words, checked, approved where the policy asks, posted once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import structs

from socialcli import approval, posting, render
from socialcli.announcing.planning import Piece, Wanted, filled, pieces, timed
from socialcli.announcing.to_all import draft_to_all
from socialcli.app import App
from socialcli.approval import personal, rights
from socialcli.console import Answer
from socialcli.errors import NotFoundError, PartlyError, RefusedError, SocialError
from socialcli.model.draft import Draft
from socialcli.model.statement import Statement
from socialcli.outbox.sending import Outcome, Request
from socialcli.outbox.statements import said_lately, said_of
from socialcli.policy.schema import Agent
from socialcli.text.likeness import like_which, same

_FROZEN = (
    "awaiting-approval",
    "approved",
    "rejected",
    "recalled",
    "by-hand",
    "intended",
    "unknown",
    "parked",
    "failed",
    "sent",
)
_OVER = (
    "sent",
    "rejected",
    "recalled",
    "awaiting-approval",
    "by-hand",
)  # nothing is to be done by saying it again
_RESUMED = ("approved", "intended", "unknown")
_TRIED = 40  # wordings of a template that are looked through for one that no other account uses


def say(app: App, wanted: Wanted, who: Agent, wish: posting.Wish) -> Answer:
    """Raises what ``pieces`` raises, and RefusedError where two accounts would say the same."""
    made, drafts = prepared(app, wanted, who)
    outcomes = _outcomes(app, made, drafts, who, wish)
    return Answer([one.draft for one in outcomes], render.drafts, lambda: _against(outcomes))


def prepared(app: App, wanted: Wanted, who: Agent) -> tuple[list[Piece], list[Draft]]:
    """What each account is to say, and the drafts. Raises as ``say``, and RefusedError for somebody who may not
    speak for the brand, or from an account.
    """
    rights.require(who, "speak", app.policy)
    made = pieces(app, wanted)
    for piece in made:
        personal.require_own_voice(who, app.policy, piece.account)
    return made, _drafts(app, made, who, again=wanted.again)


def _drafts(app: App, made: Sequence[Piece], who: Agent, *, again: bool) -> list[Draft]:
    """One draft a piece, none like another account's. What waits or went out keeps its words."""
    lately = said_lately(app.queue, app.now())
    said = [(one.account, one.text) for one in lately]
    said += [(piece.account.name, piece.known.draft.text) for piece in made if piece.known and _frozen(piece)]
    drafts = []
    for piece in made:
        if piece.known is not None and _frozen(piece):
            drafts.append(piece.known.draft)
            continue
        text = _text(app, piece, [one for one in said if one[0] != piece.account.name], who)
        if not again:
            _require_news(piece, text, lately)
        said.append((piece.account.name, text))
        drafts.append(draft_to_all(app, piece.id, text, piece.account, piece.way, who))
    return drafts


def _frozen(piece: Piece) -> bool:
    return piece.known is not None and piece.known.draft.state in _FROZEN


def _text(app: App, piece: Piece, others: list[tuple[str, str]], who: Agent) -> str:
    """The first wording that no other account uses. Raises RefusedError if there is none."""
    other = None
    for text in _wordings(app, piece, who):
        other = like_which(text, others)
        if other is None:
            return text
    template = not piece.words.text
    raise RefusedError(
        f"{piece.account.name} would say nearly what {other} says: never the same text across accounts",
        hint="other words for one of them: --text once for each --account"
        + (", or more wordings in pick() of the template" if template else ""),
    )


def _wordings(app: App, piece: Piece, who: Agent) -> Iterator[str]:
    """The text, or the template's wordings, the draft's own first."""
    if piece.words.text is not None:
        yield piece.words.text
        return
    from socialcli.compose.context import context_for
    from socialcli.compose.templates import render as rendered

    context = context_for(app.policy, agent=who, account=piece.account)
    values = filled(app, piece)
    for turn in range(_TRIED):
        seed = f"{piece.id} {turn}" if turn else piece.id
        yield rendered(piece.words.templates, piece.words.sign_off, context, values, seed=seed)


def _require_news(piece: Piece, text: str, lately: Sequence[Statement]) -> None:
    """The account has not just said this. Raises RefusedError."""
    own = [one for one in lately if one.account == piece.account.name and one.state == "sent"]
    before = next((one for one in own if same(one.text, text)), None)
    if before is not None:
        raise RefusedError(
            f"{piece.account.name} has said this already: {before.draft}",
            hint="say what is new, or say it once more on purpose: --again",
        )


def _outcomes(
    app: App, made: Sequence[Piece], drafts: Sequence[Draft], who: Agent, wish: posting.Wish
) -> list[Outcome]:
    """What becomes of each. One that may not go out holds all others back: they belong together."""
    both = list(zip(made, drafts, strict=True))
    if wish.dry_run:
        return [_planned(app, piece, draft, who, wish) for piece, draft in both]
    stopped = {
        draft.id: posting.keep_back(app, piece.way, _request(app, piece, draft, who, wish), None, wish)
        for piece, draft in both
        if draft.state not in (*_OVER, *_RESUMED) and posting.refusal(app, piece.way, draft, wish) is not None
    }
    stopped |= {
        draft.id: Outcome(draft, dear)
        for piece, draft in both
        if draft.state in _RESUMED and (dear := posting.too_dear(app, piece.way, draft, wish)) is not None
    }
    if stopped:
        return [stopped.get(draft.id) or Outcome(draft) for draft in drafts]
    settled = [_settled(app, piece, draft, who, wish) for piece, draft in both]
    for draft, outcome in zip(drafts, settled, strict=True):
        if outcome is None:
            posting.confirm(app, draft, yes=wish.yes)
    return [
        outcome or _sent(app, piece, draft, who, wish)
        for (piece, draft), outcome in zip(both, settled, strict=True)
    ]


def _planned(app: App, piece: Piece, draft: Draft, who: Agent, wish: posting.Wish) -> Outcome:
    if draft.state in _OVER:
        return _over(app, draft)
    return posting.plan(app, piece.way, draft, _needs(app, piece, draft, who), wish)


def _settled(app: App, piece: Piece, draft: Draft, who: Agent, wish: posting.Wish) -> Outcome | None:
    """What is not to be posted now; None for what may go."""
    if draft.state in _OVER:
        return _over(app, draft)
    if draft.state in _RESUMED:
        return None
    needs = _needs(app, piece, draft, who)
    return posting.keep_back(app, piece.way, _request(app, piece, draft, who, wish), needs, wish)


def _over(app: App, draft: Draft) -> Outcome:
    if draft.state in ("rejected", "recalled"):
        reason = f"draft {draft.id} was {draft.state}" + (f": {draft.reason}" if draft.reason else "")
        return Outcome(draft, RefusedError(reason, hint="write another one, or say it once more: --again"))
    if draft.state == "sent":
        app.console.note(
            f"{draft.account}: sent already, nothing was posted again (--again says it once more)"
        )
    return Outcome(draft)


def _needs(app: App, piece: Piece, draft: Draft, who: Agent) -> str | None:
    """Whose yes is missing."""
    if piece.known is not None and piece.known.row.approved_hash == approval.digest(draft):
        return None
    return approval.reason(draft, who, app.policy, statement=True)


def _request(app: App, piece: Piece, draft: Draft, who: Agent, wish: posting.Wish) -> Request:
    kept = said_of(piece.known) if piece.known is not None and _frozen(piece) else None
    said = kept or timed(app, piece.said, draft.text)
    return Request(draft, piece.content, who.id, app.queue.journal.end(), again=wish.again, said=said)


def _sent(app: App, piece: Piece, draft: Draft, who: Agent, wish: posting.Wish) -> Outcome:
    """One post; that it failed must not keep the others from being told."""
    try:
        if draft.state in _RESUMED:
            return app.outbox.resume(draft.id, who.id)
        fresh = structs.replace(draft, state="composed", reason=None)
        return app.outbox.send(_request(app, piece, fresh, who, wish))
    except SocialError as error:
        return Outcome(_as_kept(app, draft), error)


def _as_kept(app: App, draft: Draft) -> Draft:
    try:
        return app.queue.draft(draft.id).draft
    except NotFoundError:
        return draft


def _against(outcomes: Sequence[Outcome]) -> SocialError | None:
    """The error of all; where some went well, which did not."""
    errors = [(one.draft, one.error) for one in outcomes if one.error is not None]
    went_well = any(one.error is None and one.draft.state != "composed" for one in outcomes)
    if not errors or not went_well:
        return errors[0][1] if errors else None
    lines = "\n".join(f"  {draft.account}: {error.message}" for draft, error in errors)
    hint = next((error.hint for _, error in errors if error.hint), "")
    return PartlyError(f"{len(errors)} of {len(outcomes)} did not go out:\n{lines}", hint=hint)
