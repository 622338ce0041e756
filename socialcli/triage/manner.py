"""Sentiment, register and topic: how it is said, and what about. None of them decides whether we answer."""

from __future__ import annotations

from msgspec import Struct

from socialcli.model.assessment import Register, Route
from socialcli.triage.reading import Reading
from socialcli.triage.weighing import Weighed

TOPIC = "topic:"

_HALF_WAY = 3.0  # net points at which the sentiment stands at one half
_COMPLAINT_AT_MOST = -0.1  # a complaint is never told as content


def sentiment(weighed: Weighed, reading: Reading, nots: frozenset[str]) -> float:
    """-1..1, two decimals: friendly words against negative words and what went wrong. A weak signal."""
    if weighed.sentiment is not None:
        return weighed.sentiment
    good = 0.0
    if weighed.signals.mock is None:
        weak = [span for span in reading.found.get("positive", ()) if not reading.negated(span, nots)]
        good = 1.5 * len(weighed.signals.praises) + 0.5 * len(weak)
    if weighed.kind in {"question", "request"}:
        # Thanks are politeness there, not praise; and one friendly word says nothing.
        good -= 1.5 * len(reading.found.get("praise/thanks", ())) + 0.5
    net = max(good, 0.0) - _bad(weighed)
    value = round(net / (abs(net) + _HALF_WAY), 2)
    return min(value, _COMPLAINT_AT_MOST) if weighed.kind == "complaint" else value


def _bad(weighed: Weighed) -> float:
    told = {found.rule for found in weighed.signals.complaints if found.rule in _MOODS}
    return 1.0 * len(told) + (weighed.complaint_points if weighed.kind == "complaint" else 0.0)


_MOODS = frozenset({"complaint/negative", "complaint/upset", "complaint/cursing"})


def register(weighed: Weighed, reading: Reading, default: Register) -> Register:
    """The register to answer in: as formal as the customer, never breezy with somebody who has a problem."""
    formal = len(reading.found.get("register/formal", ()))
    friendly = len(reading.found.get("register/friendly", ()))
    if formal > friendly:
        return "formal"
    if weighed.kind in {"complaint", "abuse"} or weighed.signals.harms:
        return "neutral" if default == "friendly" else default
    return "friendly" if friendly > formal else default


class TopicFound(Struct, frozen=True, gc=False):
    name: str | None
    route: Route


def topic(reading: Reading, routes: dict[str, Route]) -> TopicFound:
    """The topic with most words in the message, the earlier listed at a tie; ``routes`` holds them in order."""
    told = {name.removeprefix(TOPIC): len(spans) for name, spans in reading.family("topic")}
    best = (
        max((name for name in routes if name in told), key=told.__getitem__, default=None) if told else None
    )
    return TopicFound(best, routes[best] if best is not None else "service")
