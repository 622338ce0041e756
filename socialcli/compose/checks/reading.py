"""A draft read once for all rules: its words, links, handles, sign-off, and what the thread tells.
Each part is worked out when the first rule asks for it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache, cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from socialcli.compose.checks.links import Link, links_in
from socialcli.compose.checks.phrases import Hit, hits_of, shipped
from socialcli.compose.checks.rule import CheckRequest
from socialcli.compose.checks.signature import Signature, signature_in
from socialcli.compose.checks.words import ASK, ENDS, Word, words_of
from socialcli.model.check import Length
from socialcli.model.message import Message
from socialcli.policy.schema import Agent, Policy
from socialcli.text.length import measure

if TYPE_CHECKING:
    from socialcli.compose.checks.substance import Part

# Code points whose prose is read: more than any network takes, so that what is behind is refused anyway.
_READ = 20_000
_first = attrgetter("first")


class Sentence(NamedTuple):
    """Words ``first`` up to, not with, ``after``; the closing mark is not among them."""

    first: int
    after: int
    asks: bool  # it ends with a question mark


class Mention(NamedTuple):
    start: int
    end: int
    handle: str  # without the @, as written


class Prose:
    """The words of any text, with the phrases in them."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return words_of(self.text[:_READ])

    @cached_property
    def _hits(self) -> dict[str, tuple[Hit, ...]]:
        return hits_of(self.words, shipped())

    def hits(self, name: str) -> tuple[Hit, ...]:
        """The phrases of list ``name`` in this text, in order."""
        return self._hits.get(name, ())

    def hits_between(self, name: str, first: int, after: int) -> tuple[Hit, ...]:
        """Those of ``hits(name)`` that begin at a word from ``first`` up to, not with, ``after``."""
        hits = self.hits(name)
        low = bisect_left(hits, first, key=_first)
        return hits[low : bisect_left(hits, after, lo=low, key=_first)]

    def begins(self, name: str, place: int) -> bool:
        """A phrase of list ``name`` begins at word ``place``."""
        return bool(self.hits_between(name, place, place + 1))

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        found, first = [], 0
        for place, word in enumerate(self.words):
            if word.word in ENDS:
                if place > first:
                    found.append(Sentence(first, place, word.word == ASK))
                first = place + 1
        if first < len(self.words):
            found.append(Sentence(first, len(self.words), asks=False))
        return tuple(found)


class Reading(Prose):
    """A draft with its surroundings. All places are code points of ``text`` as given."""

    def __init__(self, request: CheckRequest, policy: Policy) -> None:
        super().__init__(request.text)
        self.request = request
        self.policy = policy
        self.public = request.visibility == "public"

    @cached_property
    def length(self) -> Length:
        return self.length_of(self.text)

    def length_of(self, text: str) -> Length:
        """The length of ``text`` as the network counts it, in the place of this draft."""
        return measure(text, self.request.network, self.request.visibility, reply=self.is_reply)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        return links_in(self.text)

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        return tuple(
            Mention(match.start(), match.end(), match.group(1).rstrip(".-"))
            for match in _mention_pattern().finditer(self.text)
            if not self.in_link(match.start())
        )

    def in_link(self, place: int) -> bool:
        """Code point ``place`` belongs to a link."""
        before = bisect_right(self.links, place, key=attrgetter("start"))
        return before > 0 and place < self.links[before - 1].end

    @cached_property
    def signature(self) -> Signature | None:
        """The sign-off at the end, in the form that the policy asks for, whoever's it is."""
        return signature_in(self.text, self.policy.reply.sign_off, self.policy.agents)

    @cached_property
    def agent(self) -> Agent | None:
        """Who sends, when the request names one of the policy's agents."""
        wanted = (self.request.agent or "").casefold()
        return next((agent for agent in self.policy.agents if agent.id.casefold() == wanted), None)

    @cached_property
    def last_inbound(self) -> Message | None:
        return next((said for said in reversed(self.request.thread) if said.direction == "inbound"), None)

    @cached_property
    def customer(self) -> str | None:
        """The handle of whom the draft answers, without @, as far as it is known."""
        if self.request.customer:
            return self.request.customer.removeprefix("@")
        return self.last_inbound.author.handle if self.last_inbound else None

    @cached_property
    def our_handles(self) -> frozenset[str]:
        """Case-folded: the policy's accounts and who answered in the thread."""
        answered = {
            said.author.handle.casefold() for said in self.request.thread if said.direction == "outbound"
        }
        return self.policy.our_handles | answered

    @cached_property
    def _said(self) -> tuple[tuple[Message, Prose], ...]:
        """The thread, each text read once."""
        return tuple((said, Prose(said.text)) for said in self.request.thread)

    @cached_property
    def our_earlier(self) -> tuple[Prose, ...]:
        """What we already said in the thread."""
        return tuple(prose for said, prose in self._said if said.direction == "outbound")

    @cached_property
    def inbound(self) -> tuple[Prose, ...]:
        """What the customer said in the thread."""
        return tuple(prose for said, prose in self._said if said.direction == "inbound")

    @cached_property
    def unanswered(self) -> tuple[Prose, ...]:
        """What the customer said since our last answer."""
        found: list[Prose] = []
        for said, prose in reversed(self._said):
            if said.direction == "outbound":
                break
            found.append(prose)
        return tuple(reversed(found))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """What each part of the reply does."""
        from socialcli.compose.checks.substance import parts_of

        return parts_of(self)

    @cached_property
    def asked(self) -> tuple[tuple[Prose, tuple[int, int]], ...]:
        """The customer's questions that wait, each as words ``(first, after)`` of its text."""
        from socialcli.compose.checks.substance import questions_of

        return tuple((prose, place) for prose in self.unanswered for place in questions_of(prose))

    @cached_property
    def brand_words(self) -> frozenset[str]:
        """The words of the brand's name, and of every agent's."""
        names = (self.policy.brand.name, *(agent.name for agent in self.policy.agents))
        return frozenset(word.word for name in names for word in words_of(name))

    @cached_property
    def said_by_customer(self) -> str:
        """All that the customer said in the thread, the newest of it where it is long."""
        texts = [said.text for said in self.request.thread if said.direction == "inbound"]
        return "\n".join(texts)[-_READ:]

    @cached_property
    def is_reply(self) -> bool:
        """Leading handles are not counted then, where the network does not count them."""
        return self.customer is not None or bool(self.request.thread)

    @cached_property
    def message_start(self) -> int:
        """Where the text begins after the leading handles."""
        at = 0
        for mention in self.mentions:
            if self.text[at : mention.start].strip():
                break
            at = mention.end
        return at

    @cached_property
    def is_empty(self) -> bool:
        """Nothing is said: white space, the customer's handle, a sign-off."""
        end = self.signature.start if self.signature else len(self.text)
        return not self.text[self.message_start : end].strip()


@cache
def _mention_pattern() -> re.Pattern[str]:
    return re.compile(r"(?<![\w@./=])@(\w[\w.-]*(?:@\w[\w.-]*)?)")
