"""A message as triage reads it: its tokens and what the lists found in them, once, for every signal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from msgspec import Struct

from socialcli.model.assessment import Reason
from socialcli.model.message import Message
from socialcli.text.remembered import Remembered
from socialcli.text.tokens import MENTION, NUMBER, Tokens
from socialcli.triage.phrases import PhraseFinder

Span = tuple[int, int]  # first token, token after the last

# Words before a finding that turn it round: "not rude", "wasn't late".
_REACH_OF_NOT = 3


class Evidence(Struct, frozen=True, gc=False):
    """A rule that fired and where; ``span`` is None where it read the thread and not words."""

    rule: str
    span: Span | None = None


class Reading:
    """``found`` maps a list's name to the spans of tokens where one of its phrases stands, in order. ``zone``
    is the IANA name of the time zone in which clock times of the text are read.
    """

    def __init__(
        self,
        message: Message,
        tokens: Tokens,
        found: Mapping[str, Sequence[Span]],
        zone: str,
    ) -> None:
        self.message_id = message.id
        self.text = message.text
        self.tokens = tokens
        self.words = tokens.words
        self.found = found
        self._sent_at = message.created_at
        self._zone = zone
        # Worked out when first asked for; most messages need none of it.
        self._starts: dict[str, frozenset[int]] = {}
        self._families: dict[str, list[tuple[str, Sequence[Span]]]] | None = None
        self._minute_of_day: int | None = None
        self._own_words: list[str] | None = None

    def has(self, *names: str) -> bool:
        return not self.found.keys().isdisjoint(names)

    def first(self, name: str) -> Span | None:
        spans = self.found.get(name)
        return spans[0] if spans else None

    def starts(self, name: str) -> frozenset[int]:
        """Where the findings of a list begin, for looking around a place without walking through all of them."""
        known = self._starts.get(name)
        if known is None:
            known = self._starts[name] = frozenset(start for start, _ in self.found.get(name, ()))
        return known

    def family(self, name: str) -> Sequence[tuple[str, Sequence[Span]]]:
        """The lists of a family ("complaint") in which something was found, and what."""
        families = self._families
        if families is None:
            families = self._families = {}
            for one, spans in self.found.items():
                families.setdefault(_FAMILIES[one], []).append((one, spans))
        return families.get(name, ())

    def negated(self, span: Span, nots: frozenset[str]) -> bool:
        """Whether a "not" stands shortly before the span, in the same clause."""
        for place in range(span[0] - 1, max(-1, span[0] - 1 - _REACH_OF_NOT), -1):
            word = self.words[place]
            if word in nots:
                return True
            if word in {".", ",", "!", "?", "but"}:
                return False
        return False

    def reason(self, evidence: Evidence, weight: float) -> Reason:
        span = evidence.span
        if span is None or not self.words:
            return Reason(evidence.rule, "", 0, 0, weight)
        start, end = self.tokens.start(span[0]), self.tokens.end(span[1] - 1)
        return Reason(evidence.rule, self.text[start:end], start, end, weight)

    def raw(self, place: int) -> str:
        """A token as it was written."""
        return self.tokens.raw[place]

    @property
    def minute_of_day(self) -> int:
        """When the message was sent, in minutes since midnight on the brand's clocks."""
        if self._minute_of_day is None:
            local = _local(self._sent_at, self._zone)
            self._minute_of_day = local.hour * 60 + local.minute
        return self._minute_of_day

    @property
    def may_hold_private_data(self) -> bool:
        return NUMBER in self.words or self.words.count(MENTION) < self.text.count("@")

    @property
    def own_words(self) -> list[str]:
        """Words and numbers without mentions, links and marks: what the customer really says."""
        if self._own_words is None:
            self._own_words = self.tokens.own_words
        return self._own_words


def read(message: Message, tokens: Tokens, finder: PhraseFinder, zone: str) -> Reading:
    return Reading(message, tokens, finder.find(tokens.words), zone)


_FAMILIES = Remembered(lambda name: name.replace(":", "/").partition("/")[0])


@lru_cache(maxsize=256)
def _local(moment: datetime, zone: str) -> datetime:
    """At the far ends of the calendar, where the zone has no time to give, the moment as it stands."""
    from zoneinfo import ZoneInfo

    try:
        return moment.astimezone(ZoneInfo(zone))
    except (OverflowError, ValueError):
        return moment
