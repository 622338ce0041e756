"""Which words stand out: said by more people, with a problem, than rhythm and usual words explain."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from socialcli.triage.spread.chance import strength
from socialcli.triage.spread.rhythm import Rhythm
from socialcli.triage.spread.voices import Judge, Usual, Voice, authors, independent

# How hard to believe it must be that more people than usual say this: any word; one that tells by itself what is
# wrong; such a word while far more messages than usual come in and no incident explains them, or while hardly
# any message was heard before. Beside one that explains a surge, the other such words are worth a mention.
_STRONG, _STRONG_IF_EVIDENT, _STRONG_IN_A_SURGE, _WORTH_A_MENTION = 6.5, 4.3, 2.5, 1.5
_SURGE = 3.0
# A surge of all words counts as no more than so many times the usual: beyond that, what stands out is the share.
_MOST_SURGE = 2.0
_MANY = 2  # times the people who are enough elsewhere: fewer explain no surge
# Its share among the messages of the hour must be up too, for a surge of all words is no matter: times the usual
# share, and how hard to believe.
_CLEARLY_MORE, _MORE = (2.0, 2.0), (1.5, 0.5)
_PROBLEM = 0.5  # share of those who say it that tell of a problem, at least: else it is a joke, or praise
_EVIDENT = 0.5  # share of these for whom the word itself is what is wrong
# Before so many messages are known, no word is known to be usual: what half of all people say stands out.
_FEW, _HALF = 50, 0.5
_MOSTLY = 0.65  # share of all people that complain of one matter, where likeness is enough
# A word never heard before is taken to be in so many messages: half a message in 25.
_UNHEARD, _DOUBT = 0.5, 25.0
_SURENESS_OF_RHYTHM = 50.0
_MINUTES = 3600  # seconds within which likeness of the problem is enough, where hardly anybody writes
_LEAST_KNOWN = 1800  # seconds: what was heard in less tells little of how many write
_CORE = 3  # people of one mark, and people who share a word
_MOST_FEATURES = 200  # that are looked at, those of most people first
LEAST_AUTHORS = 3  # never fewer, whatever the policy says; enough where somebody may come to harm
_GRAVE = 0.5  # share of the reports that tell of harm, if so few are enough
_SAMPLE = 200  # earlier messages that tell how usual a kind of problem is
_SENSITIVITY = {"low": 1.4, "normal": 1.0, "high": 0.75}


class Span(Struct, frozen=True):
    """What was heard in the last ``seconds``: the messages whose words are looked at, and what is usual."""

    seconds: int
    voices: Sequence[Voice]
    people: int
    expected: float  # messages, no fewer than make a surge of all words no matter
    quiet: float  # messages that are usual by the rhythm alone
    usual: Usual
    before: Sequence[Voice]  # the latest of those that are older than any of ``voices`` may be
    surging: bool


class Hot(Struct, frozen=True):
    """A feature that stands out. ``voices``: independent ones, with a problem, oldest first."""

    feature: str
    seconds: int
    voices: tuple[Voice, ...]
    expected: float  # people who would say it anyway
    strength: float
    alone: bool  # strong enough by itself; else worth a mention beside one that explains a surge
    explains: bool

    @property
    def shared(self) -> bool:
        """Whether all of them say it, and not each in words of their own."""
        return all(self.feature in voice.wording.features for voice in self.voices)


class Finder:
    def __init__(self, judge: Judge, least: int, sensitivity: str) -> None:
        self._judge = judge
        self._least = least
        self._strict = _SENSITIVITY[sensitivity]

    def find(self, span: Span) -> list[Hot]:
        """In the order of the alphabet."""
        saying: dict[str, list[Voice]] = {}
        for voice in span.voices:
            for feature in voice.wording.features:
                saying.setdefault(feature, []).append(voice)
        often = [feature for feature, voices in saying.items() if len(voices) >= LEAST_AUTHORS]
        often.sort(key=lambda feature: (-len(saying[feature]), feature))
        found = (self._hot(feature, saying[feature], span) for feature in sorted(often[:_MOST_FEATURES]))
        hots = [hot for hot in found if hot is not None]
        return hots or self._alike(span)

    def enough(self, voices: Sequence[Voice]) -> int:
        """How many people such reports must come from."""
        grave = sum(self._judge.judge(voice.heard).grave for voice in voices)
        return LEAST_AUTHORS if grave >= max(1, _GRAVE * len(voices)) else self._least

    def _alike(self, span: Span) -> list[Hot]:
        """Where hardly anybody writes, people who tell of one problem within minutes need not all share a word:
        "internet down", "no signal". Some share a word, some a kind of problem, the others what goes with it.
        """
        if span.quiet > self._least or span.seconds > _MINUTES:
            return []
        own = [
            voice for voice in span.voices if voice.wording.features and self._judge.has_problem(voice.heard)
        ]
        said = [(voice, self._marks(voice)) for voice in independent(own)]
        if len(said) < max(self.enough([voice for voice, _ in said]), _MOSTLY * span.people):
            return []
        before = [self._marks(voice) for voice in span.before]
        common = Counter(mark for _, marks in said for mark in marks)
        found = (self._core(mark, said, before, span) for mark in sorted(common) if common[mark] >= _CORE)
        best = max((hot for hot in found if hot is not None), key=lambda hot: hot.strength, default=None)
        best = best or self._one_matter([voice for voice, _ in said], span)
        return [] if best is None else [best]

    def _marks(self, voice: Voice) -> frozenset[str]:
        return self._judge.judge(voice.heard).matters | voice.wording.stems

    def _one_matter(self, said: Sequence[Voice], span: Span) -> Hot | None:
        """Those who tell of one matter though they share no word, and those who tell of none in particular."""
        matters = Counter(family for voice in said for family in self._judge.judge(voice.heard).families)
        family, count = min(matters.items(), key=lambda pair: (-pair[1], pair[0]), default=("", 0))
        judged = [(voice, self._judge.judge(voice.heard)) for voice in said]
        alike = tuple(voice for voice, one in judged if family in one.families or not one.families)
        topics = Counter(self._judge.judge(voice.heard).topic for voice in alike)
        del topics[None]
        scattered = max(topics.values(), default=0) < _HALF * topics.total()
        if scattered or count < max(_CORE, _HALF * len(alike)):
            return None
        if len(alike) < max(self.enough(alike), _MOSTLY * span.people):
            return None
        before = [self._judge.judge(voice.heard).families for voice in span.before]
        return self._unusual(family, alike, sum(family in families for families in before), span)

    def _core(
        self,
        mark: str,
        said: Sequence[tuple[Voice, frozenset[str]]],
        before: Sequence[frozenset[str]],
        span: Span,
    ) -> Hot | None:
        """Those with one mark, and those with another that at least two of them have too."""
        beside = Counter(other for _, marks in said if mark in marks for other in marks)
        belongs = {other for other, count in beside.items() if count > 1}
        alike = tuple(voice for voice, marks in said if marks & belongs)
        stems = Counter(stem for voice in alike for stem in voice.wording.stems)
        if (
            len(alike) < max(self.enough(alike), _MOSTLY * span.people)
            or max(stems.values(), default=0) < _CORE
        ):
            return None
        return self._unusual(mark, alike, sum(bool(marks & belongs) for marks in before), span)

    def _unusual(self, mark: str, alike: tuple[Voice, ...], count: int, span: Span) -> Hot | None:
        """``count``: how many of the messages before tell of it."""
        usual = (count + _UNHEARD) / (len(span.before) + _DOUBT) * span.expected
        strong = strength(len(alike), usual, count + 1.0) / self._strict
        if strong < (_STRONG_IF_EVIDENT if len(span.before) >= _FEW else _STRONG_IN_A_SURGE):
            return None
        return Hot(mark, span.seconds, alike, usual, strong, alone=True, explains=False)

    def _hot(self, feature: str, saying: list[Voice], span: Span) -> Hot | None:
        people = authors(saying)
        if people < LEAST_AUTHORS or not self._stands_out(feature, people, span, _MORE):
            return None
        troubled = [voice for voice in saying if self._judge.has_problem(voice.heard)]
        voices = independent(troubled)
        least = self.enough(voices)
        if authors(troubled) < max(least, _PROBLEM * people):
            return None
        if len(voices) < least or not self._stands_out(feature, len(voices), span, _MORE):
            return None
        usual, sureness = _share(feature, span)
        strong = strength(len(voices), usual * span.expected, sureness) / self._strict
        evident = self._evident(feature, voices)
        clearly = self._stands_out(feature, len(voices), span, _CLEARLY_MORE)
        alone = clearly and strong >= self._bar(span, len(voices), evident=evident)
        if not alone and not (evident and span.surging and strong >= _WORTH_A_MENTION):
            return None
        explains = clearly and strong >= _STRONG_IN_A_SURGE and len(voices) >= _MANY * self._least
        return Hot(feature, span.seconds, tuple(voices), usual * span.expected, strong, alone, explains)

    def _stands_out(self, feature: str, people: int, span: Span, more: tuple[float, float]) -> bool:
        """Whether its share of what people say is up; asked first, because no text need be judged for it."""
        if span.usual.messages < _FEW and people < _HALF * span.people:
            return False
        usual, sureness = _share(feature, span)
        among, (times, strong) = usual * span.people, more
        return people >= times * among and strength(people, among, sureness) >= strong * self._strict

    def _evident(self, feature: str, voices: Sequence[Voice]) -> bool:
        """Whether the word itself is what is wrong, for most who say it."""
        stems = set(feature.split())
        telling = sum(1 for voice in voices if stems & (self._judge.judge(voice.heard).evidence or set()))
        return telling >= _EVIDENT * len(voices)

    def _bar(self, span: Span, people: int, *, evident: bool) -> float:
        """How hard to believe a feature must be that stands alone."""
        if span.usual.messages >= _FEW:
            return _STRONG_IF_EVIDENT if evident else _STRONG
        if evident:
            return _STRONG_IN_A_SURGE
        return _STRONG_IF_EVIDENT if people >= _MANY * self._least else math.inf


def explaining(hots: Sequence[Hot]) -> list[Hot]:
    """Of what is not strong enough alone, what explains a surge together: nothing unless one of them is clear."""
    weak = [hot for hot in hots if not hot.alone]
    return weak if any(hot.explains for hot in weak) else []


def spans(
    voices: Sequence[Voice],
    older: Sequence[Voice],
    lengths: Sequence[int],
    rhythm: Rhythm,
    now: int,
    *,
    explained: bool,
    every: int = 1,
) -> list[Span]:
    """``voices``: those of the longest length, without what is known already; ``explained``: a surge of messages
    has its incident already; ``every``: of so many messages one is among them. In the first day no hour has a rhythm yet: then shares are compared, not counts.
    """
    young = rhythm.days < 1
    whole = Usual([*older, *voices])
    parts = [(seconds, [voice for voice in voices if voice.heard.at > now - seconds]) for seconds in lengths]
    usual = [rhythm.expected(now, seconds).mean / every for seconds in lengths]
    surging = not (young or explained) and any(
        strength(len(inside), mean, _SURENESS_OF_RHYTHM) >= _SURGE
        for (_, inside), mean in zip(parts, usual, strict=True)
    )
    found = []
    for (seconds, inside), mean in zip(parts, usual, strict=True):
        people = authors(inside)
        expected = max(mean, people if young else people / _MOST_SURGE)
        quiet = max(mean, _lately(voices, inside, now - seconds) * seconds) if young else mean
        found.append(
            Span(seconds, inside, people, expected, quiet, whole.without(inside), older[-_SAMPLE:], surging)
        )
    return found


def _lately(voices: Sequence[Voice], inside: Sequence[Voice], until: int) -> float:
    """Messages a second since the first one, without those of the span: all that tells of a young brand."""
    earlier = len(voices) - len(inside)
    return earlier / max(_LEAST_KNOWN, until - voices[0].heard.at) if earlier else 0.0


def _share(feature: str, span: Span) -> tuple[float, float]:
    """The usual share of messages with it, and from how many cases that is known."""
    count = span.usual.counts[feature]
    return (count + _UNHEARD) / (span.usual.messages + _DOUBT), count + 1.0
