"""card: what is known of a customer beyond the ticket at hand."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from socialcli.model.ticket import Customer


class Prior(Struct, frozen=True):
    """An earlier matter of the customer that nobody owes an answer any more."""

    ticket: str
    topic: str | None
    kind: str | None
    outcome: str | None  # of resolve; null: it was never resolved
    agent: str | None  # who closed it, else who answered last; null: nobody from here
    solved_at: datetime | None


class Card(Struct, frozen=True, tag_field="type", tag="card"):
    """``open`` and ``prior`` are the other tickets of the customer, newest first."""

    customer: Customer
    open: tuple[str, ...]
    prior: tuple[Prior, ...]
    same_topic_before: bool  # whether an earlier ticket was about what this one is about
    prefers: str | None  # how they want to be reached
    languages: tuple[str, ...]  # that they wrote, the latest first
    opted_out: datetime | None = None  # since when they want no messages of ours
