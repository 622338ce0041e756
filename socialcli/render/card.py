"""What is known of a customer beyond the ticket at hand."""

from __future__ import annotations

from collections.abc import Iterator

from socialcli.console import Screen
from socialcli.model.card import Card, Prior
from socialcli.model.times import format_time
from socialcli.render.screen import folded
from socialcli.text.clean import harmless


def card_lines(card: Card, screen: Screen) -> Iterator[str]:
    yield ""
    for head, rest in _lines(card):
        yield from folded(head, rest, screen, "    ")


def _lines(card: Card) -> Iterator[tuple[str, str]]:
    yield f"@{harmless(card.customer.handle)}", " beyond this ticket:"
    if card.opted_out is not None:
        yield (
            "  no messages: ",
            f"they asked for none, {format_time(card.opted_out)}; a new matter may be answered",
        )
    if card.open:
        yield "  open too: ", ", ".join(harmless(name) for name in card.open)
    for prior in card.prior:
        yield f"  {harmless(prior.ticket)}  ", _prior(prior)
    if card.same_topic_before:
        yield "  ", "the same topic came up before"
    if card.prefers is not None:
        yield "  prefers: ", harmless(card.prefers)
    if card.languages:
        yield "  writes: ", ", ".join(harmless(language) for language in card.languages)


def _prior(prior: Prior) -> str:
    """``complaint, baggage: fixed by sb, 2026-11-20T10:11:00Z``."""
    what = ", ".join(harmless(word) for word in (prior.kind, prior.topic) if word) or "not triaged"
    by = f" by {harmless(prior.agent)}" if prior.agent else ""
    if prior.solved_at is None:
        return f"{what}: {f'answered{by}, ' if by else ''}not resolved"
    return f"{what}: {harmless(prior.outcome or 'closed')}{by}, {format_time(prior.solved_at)}"
