"""Private data of customers, hidden on terminals."""

from __future__ import annotations

from collections.abc import Callable

from socialcli.app import App


def masker(app: App) -> Callable[[str], str]:
    """Masks what the policy calls private; loads what it needs with the first text."""

    def hide(text: str) -> str:
        from socialcli.text.private import find_private, mask

        policy = app.policy
        spans = find_private(
            text,
            region=policy.brand.region,
            references=policy.triage.references,
            contacts=policy.brand.contacts,
        )
        return mask(text, spans) if spans else text

    return hide
