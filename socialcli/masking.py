"""Private data of customers, hidden on terminals."""

from __future__ import annotations

from collections.abc import Callable

from socialcli.app import App
from socialcli.model.assessment import PrivateSpan


def masker(app: App) -> Callable[[str], str]:
    """Masks what the policy calls private; loads what it needs with the first text."""
    find = finder(app)

    def hide(text: str) -> str:
        from socialcli.text.private import mask

        spans = find(text)
        return mask(text, spans) if spans else text

    return hide


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
