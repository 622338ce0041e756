"""Private data of customers, hidden on terminals; and abuse, folded for who had too much of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from socialcli.app import App
from socialcli.errors import SocialError
from socialcli.model.assessment import PrivateSpan
from socialcli.model.message import Author, Message

FOLDED = "[folded: abuse; show --unfold]"


def masker(app: App) -> Callable[[str], str]:
    """Masks what the policy calls private; loads what it needs with the first text."""
    find = finder(app)

    def hide(text: str) -> str:
        from socialcli.text.private import mask

        spans = find(text)
        return mask(text, spans) if spans else text

    return hide


def reader(app: App, agent: str | None = None) -> Callable[[str], str]:
    """For who reads on a terminal (``agent``, else who acts): private data masked, and what insults people folded
    while they are spared it.
    """
    hide = masker(app)
    folds = cache(partial(_folds, app, agent))

    def read(text: str) -> str:
        if not folds():
            return hide(text)
        told = Message("", "", "", Author(None, ""), text, app.now())
        return FOLDED if app.assessor.is_abusive(told) else hide(text)

    return read


def _folds(app: App, agent: str | None) -> bool:
    """Whether who reads is spared abuse now."""
    relief = app.policy.relief
    if not relief.fold:
        return False
    try:
        who = agent or app.agent(None).id
    except SocialError:  # nobody in particular
        return False
    return app.queue.relieved_until(who, relief) is not None


def finder(app: App) -> Callable[[str], tuple[PrivateSpan, ...]]:
    """Finds what the policy calls private."""

    def find(text: str) -> tuple[PrivateSpan, ...]:
        from socialcli.text.private import find_private

        policy = app.policy
        return find_private(
            text,
            region=policy.brand.region,
            references=policy.triage.references,
            contacts=policy.brand.contacts,
        )

    return find
