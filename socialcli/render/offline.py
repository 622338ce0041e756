"""Whether a conversation should go on in private, as text, and the request that came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from socialcli.console import Screen
from socialcli.model.answers import Offline
from socialcli.model.draft import Draft
from socialcli.render.draft import drafts as draft_list
from socialcli.render.screen import folded
from socialcli.text.clean import harmless

_INDENT = "    "
_HANDED_ON = ("email", "phone")
_ON_ITS_WAY = ("sent", "by-hand", "awaiting-approval", "approved", "scheduled")


def moves(records: Iterable[Offline | Draft], screen: Screen) -> Iterator[str]:
    """The judgement with its reasons, then the draft; the next step last."""
    records = list(records)
    judged = next(one for one in records if isinstance(one, Offline))
    drafts = [one for one in records if isinstance(one, Draft)]
    yield from _judgement(judged, screen)
    yield from draft_list(drafts, screen)
    step = _next(judged, drafts)
    if step:
        yield f"next: {harmless(step)}"


def proposal_lines(one: Offline, screen: Screen) -> Iterator[str]:
    """On the page of a ticket: the reasons, and the command that goes on from there."""
    for reason in one.reasons:
        told = f"{harmless(reason.rule)}, {harmless(reason.text)}"
        yield from folded("", f"  could go on in private: {told}", screen, _INDENT)
    if one.preference:
        yield f"  the customer prefers {one.preference}"
    if one.to:
        yield f"  next: socialcli move-offline {harmless(one.ticket)} --to {one.to} --dry-run"


def _judgement(one: Offline, screen: Screen) -> Iterator[str]:
    yield f"{harmless(one.ticket)}: {'move it' if one.move else 'nothing says that it should move'}"
    for reason in one.reasons:
        yield from folded("", f"  {harmless(reason.rule)}: {harmless(reason.text)}", screen, _INDENT)
    if one.preference:
        yield f"  the customer prefers {one.preference}"
    known = [kind for kind, is_known in one.known.items() if is_known]
    if known:
        yield f"  they gave us their {' and '.join(known)}: use it, do not ask for it"
    offers = sorted(one.offers, key=lambda channel: channel != one.preference)  # where they want to be first
    yield f"  can be offered: {', '.join(offers) or 'nothing'}"


def _next(one: Offline, drafts: list[Draft]) -> str:
    if not drafts:
        return f"socialcli move-offline {one.ticket} --to {one.to} --dry-run" if one.move and one.to else ""
    if drafts[-1].state in _ON_ITS_WAY and one.to in _HANDED_ON:
        return f"hand it on: socialcli transcript {one.ticket} --format eml"
    return ""
