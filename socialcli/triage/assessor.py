"""From a message, its thread and the policy to an assessment. Pure: no file is read after the word lists, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from socialcli.model.assessment import Assessment, Priority, PrivateSpan, Reason
from socialcli.model.message import Message
from socialcli.policy.schema import Policy
from socialcli.triage import answering, explaining, language, manner
from socialcli.triage.conversation import Conversation, Outcome, Seen
from socialcli.triage.lexicon import LANGUAGES
from socialcli.triage.reading import Evidence, Reading, read
from socialcli.triage.summing import score_of
from socialcli.triage.thread import RECENT, story_of
from socialcli.triage.weighing import weigh
from socialcli.triage.words import Words, votes, words_for

_SEARCHED = frozenset({"search", "feed"})  # sources that find texts which were not sent to us
_REMEMBERED = 10_000  # characters of a text up to which what was found in it is kept: memory stays small


class Assessor:
    """Weighs messages by one policy. Word lists of a language are compiled when it is first met."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._weights = policy.triage.weights
        # Messages of one ticket are weighed one after the other, and each looks at those before it.
        self._see_short = lru_cache(maxsize=2 * RECENT)(self._work_out)
        self._conversation = Conversation(self._see, policy.triage)
        self._routes = {topic.name: topic.route for topic in policy.topics}
        self._trade = {one.name for one in policy.fetch.searches if one.own_industry}
        self._words: dict[str, Words] = {}
        main = policy.brand.languages[0] if policy.brand.languages else "en"
        self._main_language = main if main in LANGUAGES else "en"

    def assess(self, message: Message, thread: Sequence[Message] = ()) -> Assessment:
        """``thread``: the earlier messages of the conversation, oldest first, both directions. The ticket is
        left open (None). Of the authors nothing is read but whether two messages are the same customer's.
        """
        seen = self._see(message)
        outcome = self._conversation.outcome(seen, story_of(message, thread))
        total, outcome.parts = score_of(outcome.parts)
        lowest = self._policy.triage.normal - 1
        if total > lowest and self._is_of_the_trade(message):
            outcome.parts = [*outcome.parts, (Evidence("search/own-industry"), float(lowest - total))]
            total = lowest
        topic = manner.topic(seen.reading, self._routes)
        return Assessment(
            message_id=message.id,
            ticket=None,
            respond=outcome.respond,
            priority=self._priority(total),
            score=total,
            kind=outcome.kind,
            topic=topic.name,
            sentiment=manner.sentiment(seen.weighed, seen.reading, seen.words.nots),
            register=manner.register(seen.weighed, seen.reading, self._policy.tone.register),
            route=topic.route,
            language=seen.language,
            private_data=self._private(seen.reading),
            reasons=_reasons(outcome, seen.reading),
        )

    def explain(self, assessment: Assessment) -> tuple[str, ...]:
        """What would change the decision, in sentences for people."""
        return explaining.what_would_change(assessment, self._policy.triage)

    def _see(self, message: Message) -> Seen:
        remembered = len(message.text) <= _REMEMBERED
        return self._see_short(message) if remembered else self._work_out(message)

    def _work_out(self, message: Message) -> Seen:
        spoken, words = self._language(message)
        reading = read(message, words.finder, self._policy.brand.time_zone)
        weighed = weigh(reading, words.nots, self._weights)
        answer = answering.answer(weighed, reading, words.filler, addressed=self._addressed(message))
        return Seen(reading, words, spoken, weighed, answer)

    def _language(self, message: Message) -> tuple[str | None, Words]:
        spoken = language.stated(message.lang)
        reads_as = spoken
        if spoken not in LANGUAGES:
            clear, likely = language.guessed(language.beginning(message.text), votes())
            spoken = spoken or clear
            reads_as = likely
        return spoken, self._words_for(reads_as or self._main_language)

    def _words_for(self, spoken: str) -> Words:
        words = self._words.get(spoken)
        if words is None:
            words = self._words[spoken] = words_for(spoken, self._policy)
        return words

    def _addressed(self, message: Message) -> bool:
        if message.source not in _SEARCHED:
            return True
        text = message.text.casefold()
        return any("@" + handle in text for handle in self._policy.our_handles)

    def _is_of_the_trade(self, message: Message) -> bool:
        """Found by a search about the trade as a whole, and not sent to us."""
        return message.found_by in self._trade and not self._addressed(message)

    def _priority(self, score: int) -> Priority:
        triage = self._policy.triage
        if score >= triage.urgent:
            return "urgent"
        if score >= triage.high:
            return "high"
        return "normal" if score >= triage.normal else "low"

    def _private(self, reading: Reading) -> tuple[PrivateSpan, ...]:
        """Most messages hold no digit and no @ but those of mentions: nothing private can be in them."""
        if not reading.may_hold_private_data:
            return ()
        from socialcli.text.private import find_private

        brand, triage = self._policy.brand, self._policy.triage
        return find_private(
            reading.text, region=brand.region, references=triage.references, contacts=brand.contacts
        )


def _reasons(outcome: Outcome, reading: Reading) -> tuple[Reason, ...]:
    """What made the decision first, then the parts of the score."""
    reasons = [reading.reason(evidence, points) for evidence, points in outcome.parts]
    if all(reason.rule != outcome.why.rule for reason in reasons):
        reasons.insert(0, reading.reason(outcome.why, 0.0))
    return tuple(reasons)
