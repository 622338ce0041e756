"""From a message, its thread and the policy to an assessment. Pure: no file is read after the word lists, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import lru_cache

from msgspec.structs import replace

from socialcli.model.answers import Part
from socialcli.model.assessment import Assessment, Priority, PrivateSpan, Reason
from socialcli.model.message import Message
from socialcli.policy.schema import Policy
from socialcli.text import language
from socialcli.text.opting_out import stop_in
from socialcli.text.tokens import MENTION, Tokens, tokenize
from socialcli.triage import answering, explaining, harming, manner
from socialcli.triage.conversation import Conversation, Outcome, Seen
from socialcli.triage.learned import Learned
from socialcli.triage.lexicon import LANGUAGES
from socialcli.triage.reading import Evidence, Reading, read
from socialcli.triage.signals import moment, unwanted
from socialcli.triage.summing import score_of
from socialcli.triage.thread import RECENT, story_of
from socialcli.triage.weighing import weigh
from socialcli.triage.words import Words, words_for

_SEARCHED = frozenset({"search", "feed"})  # sources that find texts which were not sent to us
_REMEMBERED = 10_000  # characters of a text up to which what was found in it is kept: memory stays small


class Assessor:
    """Weighs messages by one policy. Word lists of a language are compiled when it is first met."""

    def __init__(self, policy: Policy, learned: Learned | None = None) -> None:
        self._policy = policy
        self._learned = learned
        self._weights = policy.triage.weights
        # Messages of one ticket are weighed one after the other, and each looks at those before it.
        self._see_short = lru_cache(maxsize=2 * RECENT)(self._work_out)
        self._conversation = Conversation(self._see, policy.triage)
        self._routes = {topic.name: topic.route for topic in policy.topics}
        self._trade = {one.name for one in policy.fetch.searches if one.own_industry}
        self._words: dict[str, Words] = {}
        main = policy.brand.languages[0] if policy.brand.languages else "en"
        self._main_language = main if main in LANGUAGES else "en"

    def assess(self, message: Message, thread: Sequence[Message] | None = None) -> Assessment:
        """``thread``: the earlier messages of the conversation, oldest first, both directions; None for a message
        that stands by itself. The ticket is left open (None). Of the authors nothing is read but whether two
        messages are the same customer's.
        """
        # What stands by itself is not looked at again; to remember it would only push aside what is.
        seen = self._work_out(message) if thread is None else self._see(message)
        outcome = self._conversation.outcome(seen, story_of(message, thread or ()))
        total, outcome.parts = score_of(outcome.parts)
        lowest = self._policy.triage.normal - 1
        if total > lowest and self._is_of_the_trade(message):
            outcome.parts = [*outcome.parts, (Evidence("search/own-industry"), float(lowest - total))]
            total = lowest
        priority = self._priority(total)
        if outcome.respond == "monitor" and priority in {"high", "urgent"}:
            outcome.answer_in_doubt()  # whatever was read in it: what presses is never left to itself
        topic = manner.topic(seen.reading, self._routes)
        return Assessment(
            message_id=message.id,
            ticket=None,
            respond=outcome.respond,
            priority=priority,
            score=total,
            kind=outcome.kind,
            topic=topic.name,
            sentiment=manner.sentiment(seen.weighed, seen.reading, seen.words.nots),
            register=manner.register(seen.weighed, seen.reading, self._policy.tone.register),
            route=topic.route,
            language=seen.language,
            private_data=self._private(seen.reading),
            reasons=_reasons(outcome, seen.reading),
            deadline=moment.deadline(
                [one for one in seen.weighed.signals.times if self._weights.get(one.rule)],
                seen.reading,
                message.created_at,
                self._policy.brand.time_zone,
            ),
        )

    def parts(
        self, assessment: Assessment, message: Message, thread: Sequence[Message] = ()
    ) -> tuple[Part, ...]:
        """The reasons with the messages they were read in, and the keys of the policy that set their points."""
        story = story_of(message, thread)
        return explaining.parts_of(
            assessment, self._weights, lambda rule: self._conversation.behind(rule, story)
        )

    def presses(self, assessment: Assessment, message: Message, thread: Sequence[Message] = ()) -> bool:
        """Whether the message would be urgent if nothing were down for many."""
        story = story_of(message, thread)
        return harming.presses(
            assessment, self._policy.triage.urgent, lambda rule: self._conversation.behind(rule, story)
        )

    def explain(
        self, assessment: Assessment, message: Message, thread: Sequence[Message] = ()
    ) -> tuple[str, ...]:
        """What would change the decision, in sentences for people."""

        def without(rule: str) -> Assessment:
            return self._without(rule).assess(message, thread)

        return explaining.what_would_change(assessment, self._policy.triage, without)

    def _without(self, rule: str) -> Assessor:
        """The same, but that this rule says nothing; the word lists are shared."""
        triage = replace(self._policy.triage, weights={**self._weights, **explaining.switched_off(rule)})
        other = copy(self)
        other._policy = replace(self._policy, triage=triage)  # noqa: SLF001 - it is one of us
        other._weights = triage.weights  # noqa: SLF001
        other._see_short = lru_cache(maxsize=2 * RECENT)(other._work_out)  # noqa: SLF001
        other._conversation = Conversation(other._see, triage)  # noqa: SLF001
        return other

    def seen(self, message: Message) -> Seen:
        """All that is worked out about a message by itself."""
        return self._see(message)

    def is_abusive(self, message: Message) -> bool:
        """Whether it insults people, whatever else it says: an insult does not make a complaint any less one."""
        seen = self._see(message)
        return seen.weighed.kind == "abuse" or any(unwanted.abuse(seen.reading, seen.words.nots))

    def _see(self, message: Message) -> Seen:
        remembered = len(message.text) <= _REMEMBERED
        return self._see_short(message) if remembered else self._work_out(message)

    def _work_out(self, message: Message) -> Seen:
        tokens = tokenize(message.text)
        spoken, words = self._language(message, tokens)
        reading = read(message, tokens, words.finder, self._policy.brand.time_zone)
        weighed = weigh(reading, words.nots, self._weights)
        if words.wording is not None:
            weighed = words.wording.weigh(weighed, reading, self._weights)
        if self._learned is not None:
            weighed = self._learned.weigh(weighed, reading, words.nots, self._weights)
        addressed, direct = self._addressed(message), message.visibility == "direct"
        answer = answering.answer(weighed, reading, words.filler, addressed=addressed, direct=direct)
        if self._learned is not None:
            answer = self._learned.answer(answer, weighed, reading, self._weights)
        stop = stop_in(tokens) if addressed else None
        if stop is not None and not self._spoken_to(message, tokens):
            stop = None
        return Seen(reading, words, spoken, weighed, answer, stop)

    def _language(self, message: Message, tokens: Tokens) -> tuple[str | None, Words]:
        """The language that is told, and the lists to read by: those of a plain vote, whatever the network states."""
        stated = language.stated(message.lang)
        if stated in LANGUAGES:
            outvoting = language.vote().against(stated, message.text, tokens.raw)
            return stated, self._words_for(outvoting or stated)
        clear, likely = language.vote().guessed(tokens.text, tokens.raw)
        return stated or clear, self._words_for(likely or self._main_language)

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

    def _spoken_to(self, message: Message, tokens: Tokens) -> bool:
        """It may be us whom it asks to stop: nobody else is named in it, or we are too, and first where it begins with
        names, as an answer to somebody does.
        """
        named = [
            raw[1:].casefold() for raw, word in zip(tokens.raw, tokens.words, strict=True) if word == MENTION
        ]
        if message.visibility == "direct" or not named:
            return True
        meant = named[:1] if tokens.words[0] == MENTION else named
        return any(one in self._policy.our_handles for one in meant)

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
    why = outcome.why
    if why.rule not in [reason.rule for reason in reasons]:
        reasons.insert(0, reading.reason(why, 0.0))
    return tuple(reasons)
