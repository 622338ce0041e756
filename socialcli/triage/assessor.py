"""From a message, its thread and the policy to an assessment. Pure: no file is read after the word lists, no clock."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from socialcli.model.assessment import Assessment, Kind, Priority, PrivateSpan, Reason, Respond
from socialcli.model.message import Message
from socialcli.policy.schema import Policy
from socialcli.triage import answering, explaining, language, manner
from socialcli.triage.lexicon import LANGUAGES
from socialcli.triage.reading import Evidence, Reading, read
from socialcli.triage.thread import RANK, Story, story_of
from socialcli.triage.weighing import Part, Weighed, ground, weigh
from socialcli.triage.words import Words, votes, words_for

_MOST = 100  # the score's upper end
_SEARCHED = frozenset({"search", "feed"})  # sources that find texts which were not sent to us


class _Seen(Struct):
    """A message with all that was worked out about it."""

    reading: Reading
    words: Words
    language: str | None
    weighed: Weighed
    answer: answering.Answer


class _Outcome(Struct):
    """What the thread leaves of the verdict on the message alone."""

    kind: Kind
    respond: Respond
    why: Evidence
    parts: list[Part]


class Assessor:
    """Weighs messages by one policy. Word lists of a language are compiled when it is first met."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._weights = policy.triage.weights
        self._routes = {topic.name: topic.route for topic in policy.topics}
        self._words: dict[str, Words] = {}
        main = policy.brand.languages[0] if policy.brand.languages else "en"
        self._main_language = main if main in LANGUAGES else "en"

    def assess(self, message: Message, thread: Sequence[Message] = ()) -> Assessment:
        """``thread``: the earlier messages of the conversation, oldest first, both directions. The ticket is
        left open (None). Of the authors nothing is read but whether two messages are the same customer's.
        """
        seen = self._see(message)
        outcome = self._in_thread(seen, story_of(message, thread))
        total = min(_MOST, max(0, round(sum(points for _, points in outcome.parts))))
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

    def _see(self, message: Message) -> _Seen:
        spoken, words = self._language(message)
        reading = read(message.text, words.finder)
        weighed = weigh(reading, words.nots, self._weights)
        answer = answering.answer(weighed, reading, words.filler, addressed=self._addressed(message))
        return _Seen(reading, words, spoken, weighed, answer)

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

    def _in_thread(self, seen: _Seen, story: Story) -> _Outcome:
        outcome = _Outcome(seen.weighed.kind, seen.answer.respond, seen.answer.why, list(seen.weighed.parts))
        if story.last_answer is not None:
            self._after_our_answer(outcome, seen, story)
        if story.unanswered:
            self._with_unanswered(outcome, seen, story)
        return outcome

    def _after_our_answer(self, outcome: _Outcome, seen: _Seen, story: Story) -> None:
        earlier = self._gravest(story.before)
        if self._mere_argument(outcome, seen, story, earlier):
            outcome.respond, outcome.why = "monitor", Evidence("thread/argument")
        elif outcome.kind == "complaint":
            if earlier is not None and earlier.weighed.kind == "complaint":
                outcome.parts.append(
                    (Evidence("thread/unappeased"), self._weights.get("thread/unappeased", 0))
                )
        elif _resolved(seen):
            outcome.respond, outcome.why = (
                "monitor",
                Evidence("thread/resolved", seen.reading.first("thread/resolved")),
            )
        elif outcome.why.rule != "thread/closing-thanks" and self._we_asked(story):
            self._as_answer_to_us(outcome, earlier)

    def _mere_argument(self, outcome: _Outcome, seen: _Seen, story: Story, earlier: _Seen | None) -> bool:
        """Nothing new in it after many answers of ours, or a curse at the end of a matter that we answered."""
        if outcome.kind == "abuse":
            return earlier is not None and earlier.weighed.kind != "abuse"
        return (
            story.answers >= self._policy.triage.disengage_after
            and outcome.kind in {"complaint", "mention", "feedback"}
            and seen.weighed.only_mood
            and not self._we_asked(story)
        )

    def _we_asked(self, story: Story) -> bool:
        if story.last_answer is None:
            return False
        ours = self._see(story.last_answer).reading
        return "?" in ours.words or ours.has("thread/we-asked")

    def _as_answer_to_us(self, outcome: _Outcome, earlier: _Seen | None) -> None:
        """A short answer to our own question keeps the ticket open, at the rank of the matter it belongs to."""
        if outcome.kind not in {"mention", "praise", "feedback"}:
            return
        kind: Kind = "request" if earlier is None else earlier.weighed.kind
        if RANK[kind] > RANK[outcome.kind]:
            outcome.kind = kind
            outcome.parts[0] = ground(kind, self._weights)
        outcome.respond, outcome.why = "respond", Evidence("thread/answers-us")

    def _with_unanswered(self, outcome: _Outcome, seen: _Seen, story: Story) -> None:
        """What still waits for us keeps its weight; a later "hello??" does not make it lighter."""
        if _resolved(seen):
            outcome.respond, outcome.why = (
                "monitor",
                Evidence("thread/resolved", seen.reading.first("thread/resolved")),
            )
            return
        earlier = self._gravest(story.unanswered)
        if earlier is None or earlier.answer.respond != "respond":
            return
        if outcome.respond != "respond":
            outcome.respond, outcome.why = "respond", Evidence("thread/unanswered-earlier")
        if RANK[earlier.weighed.kind] > RANK[outcome.kind]:
            outcome.kind = earlier.weighed.kind
        missing = earlier.weighed.score - sum(points for _, points in outcome.parts)
        if missing > 0:
            carried = missing * self._weights.get("thread/unanswered-earlier", 0)
            outcome.parts.append((Evidence("thread/unanswered-earlier"), round(carried, 1)))

    def _gravest(self, messages: tuple[Message, ...]) -> _Seen | None:
        """The one of most weight, the latest of equals."""
        seen = [self._see(message) for message in reversed(messages)]
        return max(seen, key=lambda one: (RANK[one.weighed.kind], one.weighed.score), default=None)


def _resolved(seen: _Seen) -> bool:
    """Such as "all sorted now", said where nothing else is asked or complained of."""
    return seen.reading.has("thread/resolved") and seen.weighed.kind in {"praise", "mention", "feedback"}


def _reasons(outcome: _Outcome, reading: Reading) -> tuple[Reason, ...]:
    """What made the decision first, then the parts of the score."""
    reasons = [reading.reason(evidence, points) for evidence, points in outcome.parts]
    if all(reason.rule != outcome.why.rule for reason in reasons):
        reasons.insert(0, reading.reason(outcome.why, 0.0))
    return tuple(reasons)
