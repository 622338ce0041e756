"""A message as triage reads it: its tokens and what the lists found in them, once, for every signal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property, lru_cache

from msgspec import Struct

from socialcli.model.assessment import Reason
from socialcli.model.message import Message
from socialcli.text.tokens import MENTION, NUMBER, Token, tokenize
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
        tokens: Sequence[Token],
        words: Sequence[str],
        found: Mapping[str, Sequence[Span]],
        zone: str,
    ) -> None:
        self.text = message.text
        self.words = words
        self.tokens = tokens
        self.found = found
        self._sent_at = message.created_at
        self._zone = zone
        self._starts: dict[str, frozenset[int]] = {}

    def has(self, *names: str) -> bool:
        return any(name in self.found for name in names)

    def first(self, name: str) -> Span | None:
        spans = self.found.get(name)
        return spans[0] if spans else None

    def starts(self, name: str) -> frozenset[int]:
        """Where the findings of a list begin, for looking around a place without walking through all of them."""
        known = self._starts.get(name)
        if known is None:
            known = self._starts[name] = frozenset(start for start, _ in self.found.get(name, ()))
        return known

    def under(self, family: str) -> list[Evidence]:
        """The first finding of every list of a family ("complaint/")."""
        return [Evidence(name, spans[0]) for name, spans in self.found.items() if name.startswith(family)]

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
        if evidence.span is None or not self.tokens:
            return Reason(evidence.rule, "", 0, 0, weight)
        start, end = self.tokens[evidence.span[0]].start, self.tokens[evidence.span[1] - 1].end
        return Reason(evidence.rule, self.text[start:end], start, end, weight)

    def raw(self, place: int) -> str:
        """A token as it was written."""
        token = self.tokens[place]
        return self.text[token.start : token.end]

    @cached_property
    def minute_of_day(self) -> int:
        """When the message was sent, in minutes since midnight on the brand's clocks."""
        local = _local(self._sent_at, self._zone)
        return local.hour * 60 + local.minute

    @property
    def may_hold_private_data(self) -> bool:
        return NUMBER in self.words or self.words.count(MENTION) < self.text.count("@")

    @cached_property
    def own_words(self) -> list[str]:
        """Words and numbers without mentions, links and marks: what the customer really says."""
        return [token.word for token in self.tokens if token.kind in {"word", "number", "hashtag"}]


def read(message: Message, finder: PhraseFinder, zone: str) -> Reading:
    tokens = tokenize(message.text)
    words = [token.word for token in tokens]
    return Reading(message, tokens, words, finder.find(words), zone)


@lru_cache(maxsize=256)
def _local(moment: datetime, zone: str) -> datetime:
    """At the far ends of the calendar, where the zone has no time to give, the moment as it stands."""
    from zoneinfo import ZoneInfo

    try:
        return moment.astimezone(ZoneInfo(zone))
    except (OverflowError, ValueError):
        return moment
