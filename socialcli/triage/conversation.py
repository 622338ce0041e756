"""What the thread makes of the verdict on one message: answers to us, renewed complaints, matters that are over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

from msgspec import Struct

from socialcli.model.assessment import Kind, Respond
from socialcli.model.message import Message
from socialcli.policy.schema import Triage
from socialcli.text.opting_out import Stop
from socialcli.text.tokens import SAYS_SOMETHING
from socialcli.triage.answering import Answer
from socialcli.triage.reading import Evidence, Reading
from socialcli.triage.summing import score_of
from socialcli.triage.thread import RANK, Story
from socialcli.triage.weighing import Part, Weighed, ground
from socialcli.triage.words import Words

_SHORT = 14  # own words of an answer to our question that itself sounds like a complaint, at most
# What shows that somebody complains anew, and does not merely tell us what we asked for.
_RENEWED = frozenset(
    f"complaint/{name}"
    for name in (
        "again",
        "still",
        "wait",
        "no-response",
        "upset",
        "cursing",
        "shouting",
        "why",
        "not-delivered",
    )
)
# Pairs of words by which an answer of ours offers something, and words besides "no" that want no more.
_OFFERS = frozenset({("anything", "else"), ("you", "like"), ("you", "want"), ("shall", "we"), ("we", "help")})
_POLITE_AFTER_NO = frozenset({"problem", "problems", "prob", "worries"})
_NO_MORE = frozenset({"that's", "thats", "nothing", "else", "more", "needed"})
# Why a text alone waits for nobody, where the same text as a reply to us may well be news: "house is burning".
_PERHAPS_NEWS = frozenset(
    {"chatter/words", "chatter/watching", "chatter/remark", "chatter/in-passing", "thread/resolved"}
)
_MOOD = (
    "abuse/at-people",
    "abuse/slur",
    "abuse/scorn",
    "complaint/upset",
    "complaint/cursing",
    "thread/remark",
)
_SAID_WITH_IT = ("thread/resolved", "praise/words", "praise/thanks", "praise/mock", "time/now", "time/today")
# Words that by themselves tell nothing, between an insult and another.
_SMALL = frozenset(
    {
        "a", "all", "always", "and", "are", "as", "at", "be", "ever", "every", "for", "from", "have", "i",
        "is", "it", "just", "like", "me", "my", "of", "on", "one", "our", "people", "so", "such", "that",
        "the", "them", "they", "this", "to", "us", "we", "what", "with", "you", "your", "never", "again",
        "company", "airline"
    }
)  # fmt: skip
_AT = frozenset({"at", "to", "into"})  # "turned up at the hotel" is still no more than that it turned up
_ARTICLES = frozenset({"the", "my", "our", "your"})
ARGUMENT = "thread/argument"  # the rule that sees nothing new after our answers
OPT_OUT = "thread/opt-out"  # the rule that hears a customer ask us to write no more
# Rules that say how a message stands to what we said last.
_ABOUT_OUR_ANSWER = frozenset({"thread/answers-us", ARGUMENT, "thread/remark", "thread/declined"})


class Seen(Struct, gc=False):
    """A message with all that was worked out about it."""

    reading: Reading
    words: Words
    language: str | None
    weighed: Weighed
    answer: Answer
    stop: Stop | None = None  # the customer asks us to write no more


class Outcome(Struct, gc=False):
    """What the thread leaves of the verdict on the message alone."""

    kind: Kind
    respond: Respond
    why: Evidence
    parts: list[Part]

    def watch(self, why: Evidence) -> None:
        self.respond, self.why = "monitor", why

    def answer_in_doubt(self) -> None:
        self.respond, self.why = "respond", Evidence("doubt/answer")


class Conversation:
    """``see`` works out a message of the thread by itself."""

    def __init__(self, see: Callable[[Message], Seen], triage: Triage) -> None:
        self._see = see
        self._weights = triage.weights
        self._disengage_after = triage.disengage_after
        self._most_watched = triage.normal - 1

    def outcome(self, seen: Seen, story: Story) -> Outcome:
        outcome = self._in_thread(seen, story)
        if seen.stop is not None:
            self._leave_alone(outcome, seen.stop, story)
        return outcome

    def _leave_alone(self, outcome: Outcome, stop: Stop, story: Story) -> None:
        """Where nothing else is said nobody waits for an answer to it. A matter beside it stays one, and so does one
        before it that nobody has answered: a person sees it, and closes it.
        """
        why = Evidence(OPT_OUT, stop.span)
        if stop.whole:
            outcome.watch(why)
            outcome.kind = "mention"
            outcome.parts = [ground("mention", self._weights)]
            self._with_unanswered(outcome, story)
        if outcome.why is not why:
            outcome.parts.append((why, 0.0))

    def _in_thread(self, seen: Seen, story: Story) -> Outcome:
        outcome = Outcome(seen.weighed.kind, seen.answer.respond, seen.answer.why, list(seen.weighed.parts))
        if (story.last_answer is not None or story.unanswered) and _resolved(seen):
            self._close(outcome, seen)
            return outcome
        if story.last_answer is not None:
            self._after_our_answer(outcome, seen, story)
        if story.unanswered:
            self._with_unanswered(outcome, story)
        return outcome

    def behind(self, rule: str, story: Story) -> Seen | None:
        """The earlier message that a rule of the thread has read; None for a rule that has read none."""
        found = None
        if rule == "thread/unanswered-earlier":
            found = self._gravest(story.unanswered)
        elif rule in {"thread/unappeased", "thread/answers-us"}:
            found = self._gravest(story.before)
        if found is None and rule in _ABOUT_OUR_ANSWER and story.last_answer is not None:
            found = self._see(story.last_answer)
        return found

    def _close(self, outcome: Outcome, seen: Seen) -> None:
        """The matter is over, and whatever was bad about it waits for nobody any more."""
        outcome.watch(Evidence("thread/resolved", seen.reading.first("thread/resolved")))
        if outcome.kind != "praise":
            outcome.kind = "mention"
        outcome.parts = [ground(outcome.kind, self._weights)]

    def _after_our_answer(self, outcome: Outcome, seen: Seen, story: Story) -> None:
        earlier = self._gravest(story.before)
        asked = self._we_asked(story)
        if self._mere_argument(outcome, seen, story, earlier, asked=asked):
            self._watch(outcome, ARGUMENT)
        elif not asked and _is_remark(seen):
            self._watch(outcome, "thread/remark")
        elif asked and self._declines(seen, story):
            self._close(outcome, seen)
            outcome.why = Evidence("thread/declined")
        elif asked and _answers(seen):
            self._as_answer_to_us(outcome, earlier)
        elif earlier is not None and _news_in_anger(outcome, earlier):
            self._as_renewed(outcome)
        elif outcome.respond == "monitor" and _perhaps_news(outcome, seen, earlier):
            self._talk_on(outcome, seen, earlier)
        elif outcome.kind == "complaint" and earlier is not None and earlier.weighed.kind == "complaint":
            outcome.parts.append(self._part("thread/unappeased", 1))

    def _mere_argument(
        self, outcome: Outcome, seen: Seen, story: Story, earlier: Seen | None, *, asked: bool
    ) -> bool:
        """Mood alone after many answers of ours, or a curse and no more at the end of a matter that we answered."""
        if outcome.kind == "abuse":
            known = earlier is not None and earlier.weighed.kind != "abuse"
            return known and _only(seen, _MOOD, frozenset() if asked else seen.words.filler | _SMALL)
        return (
            story.answers >= self._disengage_after
            and outcome.kind in {"complaint", "mention", "feedback"}
            and seen.weighed.only_mood
            and not asked
            and _only(seen, _MOOD, seen.words.filler | _SMALL)
        )

    def _watch(self, outcome: Outcome, rule: str) -> None:
        """Nobody waits, so it is not pressing either, however strong the words are."""
        outcome.watch(Evidence(rule))
        total, _ = score_of(outcome.parts)
        if total > self._most_watched:
            outcome.parts.append((Evidence(rule), float(self._most_watched - total)))

    def _as_renewed(self, outcome: Outcome) -> None:
        """An insult that tells us something: "you idiots delivered it next door" is about the delivery."""
        outcome.answer_in_doubt()
        outcome.kind = "complaint"
        outcome.parts = [ground("complaint", self._weights), *outcome.parts]

    def _we_asked(self, story: Story) -> bool:
        if story.last_answer is None:
            return False
        ours = self._see(story.last_answer).reading
        return "?" in ours.words or ours.has("thread/we-asked")

    def _declines(self, seen: Seen, story: Story) -> bool:
        """Such as "no thanks", where we offered something: nothing waits for us any more."""
        words = seen.reading.own_words
        ours = [] if story.last_answer is None else self._see(story.last_answer).reading.words
        offered = not _OFFERS.isdisjoint(pairwise(ours))
        if any(found.rule in _RENEWED for found in seen.weighed.signals.complaints):
            return False
        no = seen.words.nots | _NO_MORE
        polite = all(word in no or word in seen.words.filler for word in words)
        return offered and len(words) <= _SHORT and polite and not no.isdisjoint(words)

    def _talk_on(self, outcome: Outcome, seen: Seen, earlier: Seen | None) -> None:
        """How talk is worded was learnt from messages that stand alone: who writes back to us is answered in doubt,
        at the rank of the matter that it follows.
        """
        question = seen.weighed.signals.question
        outcome.respond = "respond"
        outcome.why = Evidence("doubt/answer") if question is None else question
        kind: Kind = outcome.kind if question is None else "question"
        if earlier is not None and RANK[earlier.weighed.kind] > RANK[kind]:
            kind = earlier.weighed.kind
        if kind != outcome.kind:
            outcome.kind = kind
            outcome.parts[0] = ground(kind, self._weights)

    def _as_answer_to_us(self, outcome: Outcome, earlier: Seen | None) -> None:
        """An answer to our own question keeps the ticket open, at the rank of the matter it belongs to."""
        kind: Kind = "request" if earlier is None else earlier.weighed.kind
        if RANK[kind] > RANK[outcome.kind]:
            outcome.kind = kind
            outcome.parts[0] = ground(kind, self._weights)
        outcome.respond, outcome.why = "respond", Evidence("thread/answers-us")
        if earlier is not None:
            self._carry(outcome, earlier, "thread/answers-us")

    def _with_unanswered(self, outcome: Outcome, story: Story) -> None:
        """What still waits for us keeps its weight; a later "hello??" does not make it lighter."""
        earlier = self._gravest(story.unanswered)
        if earlier is None or earlier.answer.respond != "respond":
            return
        if outcome.respond != "respond":
            outcome.respond, outcome.why = "respond", Evidence("thread/unanswered-earlier")
        if RANK[earlier.weighed.kind] > RANK[outcome.kind]:
            outcome.kind = earlier.weighed.kind
        self._carry(outcome, earlier, "thread/unanswered-earlier")

    def _carry(self, outcome: Outcome, earlier: Seen, rule: str) -> None:
        """What the earlier matter was worth more than this message, as far as the policy lets it count."""
        missing = earlier.weighed.score - sum(points for _, points in outcome.parts)
        if missing > 0:
            outcome.parts.append(self._part(rule, missing))

    def _part(self, rule: str, times: float) -> Part:
        return Evidence(rule), round(times * self._weights.get(rule, 0), 1)

    def _gravest(self, messages: tuple[Message, ...]) -> Seen | None:
        """The one of most weight since the customer called the matter settled, the latest of equals."""
        open_since: list[Seen] = []
        for message in reversed(messages):
            seen = self._see(message)
            if _resolved(seen):
                break
            if seen.stop is None or not seen.stop.whole:  # such a one waits for nothing
                open_since.append(seen)
        return max(open_since, key=lambda one: (RANK[one.weighed.kind], one.weighed.score), default=None)


def _resolved(seen: Seen) -> bool:
    """Such as "all sorted now", said where nothing else is asked or complained of but in mood."""
    span = seen.reading.first("thread/resolved")
    if span is None or seen.reading.negated(span, seen.words.nots) or not _ends_there(seen):
        return False
    if seen.weighed.kind in {"praise", "mention", "feedback"}:
        return True
    signals = seen.weighed.signals
    pressing = [harm for harm in signals.harms if harm.rule != "harm/missing-out"]
    return not (signals.matters or pressing or signals.question or signals.request)


def _answers(seen: Seen) -> bool:
    """Whether this can be the plain answer to what we asked, and not a matter of its own."""
    weighed = seen.weighed
    if seen.answer.why.rule == "thread/closing-thanks" and not _says_no(seen):
        return False
    if weighed.kind == "complaint":
        renewed = any(found.rule in _RENEWED for found in weighed.signals.complaints)
        return not renewed and weighed.signals.mock is None and len(seen.reading.own_words) <= _SHORT
    return weighed.kind in {"mention", "praise", "feedback", "request", "abuse"}


def _says_no(seen: Seen) -> bool:
    """Such as "no, thanks", which answers a question; "no problem, thanks" does not."""
    words = [*seen.reading.own_words, ""]
    return any(word in seen.words.nots and after not in _POLITE_AFTER_NO for word, after in pairwise(words))


def _is_remark(seen: Seen) -> bool:
    """Such as "sure you have" or "yeah right": scorn or talk of a known form, or a sign, and no other word."""
    signals, reading = seen.weighed.signals, seen.reading
    if signals.question or signals.request or signals.harms or signals.matters or "?" in reading.words:
        return False
    if not reading.own_words:
        return any(kind in {"sign", "emoticon"} for kind in reading.tokens.kinds)
    said = reading.has("thread/remark") or signals.mock is not None
    return said and _only(seen, ("thread/remark", "praise/mock"), seen.words.filler)


def _only(
    seen: Seen, lists: tuple[str, ...], small: frozenset[str], start: int = 0, excused: Iterable[int] = ()
) -> bool:
    """Whether from ``start`` on nothing is said but what stands in ``lists``, and ``small`` words."""
    reading = seen.reading
    told = {place for name in lists for span in reading.found.get(name, ()) for place in range(*span)}
    told.update(excused)
    return all(
        place in told or reading.words[place] in small
        for place in range(start, len(reading.words))
        if reading.tokens.kinds[place] in SAYS_SOMETHING
    )


def _ends_there(seen: Seen) -> bool:
    """Whether nothing new follows the words that call the matter settled: "all sorted. Now they took 500"."""
    words = seen.reading.words
    spans = seen.reading.found["thread/resolved"]
    where = (
        spot
        for place in range(len(words) - 2)
        if words[place] in _AT and words[place + 1] in _ARTICLES
        for spot in range(place, place + 3)
    )
    return _only(seen, _SAID_WITH_IT, seen.words.filler, spans[0][1], where)


def _news_in_anger(outcome: Outcome, earlier: Seen) -> bool:
    return outcome.kind == "abuse" and earlier.weighed.kind != "abuse"


def _perhaps_news(outcome: Outcome, seen: Seen, earlier: Seen | None) -> bool:
    if outcome.why == seen.weighed.chatter:
        return True
    return earlier is not None and outcome.why.rule in _PERHAPS_NEWS
