"""The posts of a shift: composed once, checked, approved where the policy asks, posted once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct, structs

from socialcli import approval, posting
from socialcli.announcing.to_all import draft_to_all, known_draft, way_to_all
from socialcli.app import App
from socialcli.approval import personal
from socialcli.channels.base import Way
from socialcli.drafting import fingerprint
from socialcli.errors import RefusedError, SocialError, UsageError
from socialcli.model.draft import Draft
from socialcli.outbox.sending import Outcome, Request
from socialcli.outbox.statements import content_of_shift
from socialcli.policy.schema import Account, Agent
from socialcli.queue.records import StoredDraft
from socialcli.text.likeness import like_which

_OVER = ("sent", "rejected", "recalled", "awaiting-approval", "by-hand", "failed")
_BEGUN = ("approved", "intended", "unknown", "parked")
INTRO = "on-duty"  # the kind, and the template, of the post that says who is there
_TRIED = 40  # wordings that are looked through for one that no other account uses
_SPARE = "tip"  # the variable that is left out where there is no room for it


class Post(Struct, frozen=True):
    """What is to be said: ``key`` names the day or the shift, of which each ``kind`` is said once by an account."""

    kind: str
    template: str
    account: Account
    key: str
    values: dict[str, str]
    expires: datetime  # from when on it is not true any more

    @property
    def content(self) -> str:
        return content_of_shift(self.expires, fingerprint(self.kind, self.key))

    @property
    def id(self) -> str:
        return id_of(self.kind, self.key, self.account)


def id_of(kind: str, key: str, account: Account) -> str:
    """The draft by which an account says it."""
    return fingerprint("shift", account.name, kind, key)[:12]


class Ready(Struct, frozen=True):
    """A post with its draft; ``known``: as an earlier run left it."""

    post: Post
    way: Way
    draft: Draft
    known: StoredDraft | None


def prepared(app: App, posts: Sequence[Post], who: Agent) -> list[Ready]:
    """Raises what templates raise, and UsageError for an account that says nothing, RefusedError for somebody's own that is not
    to speak.
    """
    return [_ready(app, post, who) for post in posts]


def _ready(app: App, post: Post, who: Agent) -> Ready:
    way = way_to_all(app, post.account)
    known = known_draft(app, post.id)
    if known is not None and known.draft.state in (*_OVER, *_BEGUN):
        return Ready(post, way, known.draft, known)
    personal.require_own_voice(who, app.policy, post.account)
    return Ready(post, way, _draft(app, post, way, who), known)


def _draft(app: App, post: Post, way: Way, who: Agent) -> Draft:
    """The first wording that passes the check and that no other account uses, without what can be spared if only then
    there is one. Raises RefusedError where all are used.
    """
    others = _others(app, post)
    bare = {name: value for name, value in post.values.items() if name != _SPARE}
    fresh = []
    for values in (post.values, bare) if bare != post.values else (bare,):
        for turn in range(_TRIED if others else 1):
            made = _composed(app, post, way, who, values, f"{post.id} {turn}" if turn else post.id)
            if like_which(made.text, others) is None:
                if made.check.ok:
                    return made
                fresh.append(made)
    if fresh:
        return fresh[-1]
    raise RefusedError(
        f"{post.account.name} would say nearly what {others[0][0]} says: never the same text across accounts",
        hint=f"more wordings in pick() of the template {post.template}",
    )


def _others(app: App, post: Post) -> list[tuple[str, str]]:
    """What other accounts say on the same day, or in the same shift."""
    beside = [
        structs.replace(post, account=one) for one in app.policy.accounts if one.name != post.account.name
    ]
    known = [(one.account.name, known_draft(app, one.id)) for one in beside]
    return [(name, stored.draft.text) for name, stored in known if stored is not None]


def _composed(app: App, post: Post, way: Way, who: Agent, values: Mapping[str, str], seed: str) -> Draft:
    from socialcli.compose.context import context_for
    from socialcli.compose.templates import render, variables_of

    template = app.template_in(post.template)
    if template.class_ != "statement":
        raise UsageError(
            f'template "{template.name}" answers one customer; a post of the shift speaks to all',
            hint='class = "statement" in its head, or name another one in [shift]',
        )
    named = {one.name for one in variables_of(template)}
    context = context_for(app.policy, agent=who, account=post.account)
    wanted = {name: value for name, value in values.items() if name in named}
    text = render([template], app.template("sign-off"), context, wanted, seed=seed)
    return draft_to_all(app, post.id, text, post.account, way, who)


def planned(app: App, ready: Sequence[Ready], who: Agent, wish: posting.Wish) -> list[Outcome]:
    """What ``said`` would do."""
    return [
        Outcome(one.draft)
        if one.draft.state in _OVER
        else posting.plan(app, one.way, one.draft, _needs(app, one, who), wish)
        for one in ready
    ]


def confirmed(app: App, ready: Sequence[Ready], who: Agent, wish: posting.Wish) -> None:
    """Ask for the yes to what would go out now. Raises as ``posting.confirm``."""
    for one in ready:
        goes = one.draft.state not in _OVER and _needs(app, one, who) is None
        if goes and posting.refusal(app, one.way, one.draft, wish) is None:
            posting.confirm(app, one.draft, yes=wish.yes)


def said(app: App, ready: Sequence[Ready], who: Agent, wish: posting.Wish) -> list[Outcome]:
    """What became of each; what fails of one does not keep the others back."""
    return [_said(app, one, who, wish) for one in ready]


def _said(app: App, one: Ready, who: Agent, wish: posting.Wish) -> Outcome:
    draft = one.draft
    try:
        if draft.state in _OVER:
            return _over(app, draft)
        if draft.state in _BEGUN:
            dear = posting.too_dear(app, one.way, draft, wish)
            return Outcome(draft, dear) if dear is not None else app.outbox.resume(draft.id, who.id)
        request = Request(draft, one.post.content, who.id, app.queue.journal.end())
        kept = posting.keep_back(app, one.way, request, _needs(app, one, who), wish)
        return app.outbox.send(request) if kept is None else kept
    except SocialError as error:
        known = known_draft(app, draft.id)
        return Outcome(draft if known is None else known.draft, error)


def _needs(app: App, one: Ready, who: Agent) -> str | None:
    """Whose yes is missing."""
    if one.draft.state in _BEGUN:
        return None  # the outbox asks again
    if one.known is not None and one.known.row.approved_hash == approval.digest(one.draft):
        return None
    return approval.reason(one.draft, who, app.policy, statement=app.policy.shift.needs_yes)


def _over(app: App, draft: Draft) -> Outcome:
    """Nothing is to be done. What a person said no to is only told; what the network refused is an error."""
    why = f": {draft.reason}" if draft.reason else ""
    if draft.state in ("rejected", "recalled"):
        app.console.note(f"{draft.account}: draft {draft.id} was {draft.state}{why}; it is not posted")
    if draft.state != "failed":
        return Outcome(draft)
    return Outcome(
        draft,
        RefusedError(
            f"draft {draft.id} was refused by the network{why}",
            hint='say it in other words: socialcli statement --text "..."',
        ),
    )
