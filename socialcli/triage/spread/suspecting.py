"""From what was heard to what is suspected: words that stand out, put together where the same people say them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from socialcli.model.incident import Heard, Known, Suspicion
from socialcli.model.times import spelled
from socialcli.policy.schema import Policy
from socialcli.text.counted import counted
from socialcli.triage.spread.covering import Cover, says
from socialcli.triage.spread.hot import LEAST_AUTHORS, Finder, Hot, Span, explaining, spans
from socialcli.triage.spread.rhythm import Rhythm
from socialcli.triage.spread.voices import Judge, Voice, authors, independent, told_apart
from socialcli.triage.spread.wording import features_of

_LENGTHS = (1, 2, 4, 8)  # times the window of the policy
_SAME = 0.3  # share of the smaller one's messages that two groups have in common, if they are one matter
_MOST_WORDS = 6
_MOST_EXAMPLES = 50
_MOST_READ = 600  # messages of the last hours that are examined: of more, every second or third one
_TELLING = 1 / 3  # share of the people of a group who are about a topic that belongs to it
_NOBODY = 0.05  # people, below which so many are usual as makes no difference
_MOST = 0.5  # share of them who say a word that belongs to it


class Group(Struct):
    """Features that the same people say, the strongest first."""

    hots: list[Hot]
    voices: dict[str, Voice]  # by id of the message

    def shares(self, hot: Hot) -> bool:
        ids = {voice.heard.id for voice in hot.voices}
        return len(ids & self.voices.keys()) >= _SAME * min(len(ids), len(self.voices))

    def telling(self, voice: Voice) -> int:
        return sum(hot.feature in voice.wording.features for hot in self.hots)

    def add(self, hot: Hot) -> None:
        self.hots.append(hot)
        self.voices |= {voice.heard.id: voice for voice in hot.voices}


class Spread:
    """Weighs texts by one policy."""

    def __init__(self, policy: Policy) -> None:
        self._watch = policy.incident.watch
        self._lengths = [times * int(policy.incident.window) for times in _LENGTHS]
        self._least = max(LEAST_AUTHORS, policy.incident.min_authors)
        self._judge = Judge(policy)
        self._finder = Finder(self._judge, self._least, policy.incident.sensitivity)

    @property
    def reach(self) -> int:
        """Seconds before now in which messages are examined."""
        return self._lengths[-1]

    def worth_a_look(self, authors: int) -> bool:
        """Whether so many distinct authors within ``reach`` can be enough: else no text need be read. Three can,
        where somebody may come to harm.
        """
        return self._watch and authors >= LEAST_AUTHORS

    def suspect(
        self, heard: Sequence[Heard], rhythm: Rhythm, now: int, known: Sequence[Known] = ()
    ) -> list[Suspicion]:
        """New suspicions, the gravest first; none for what a known incident covers. The order of ``heard``
        does not matter; what is later than ``now`` is not read.
        """
        begins = now - self.reach
        if not self.worth_a_look(len({one.author for one in heard if begins < one.at <= now})):
            return []
        ordered = [one for one in _in_order(heard) if one.at <= now]
        recent_heard = [one for one in ordered if one.at > begins]
        every = -(-len(recent_heard) // _MOST_READ)  # each message; each second, third... in a flood
        examined_heard = [*(one for one in ordered if one.at <= begins), *recent_heard[::every]]
        voices = [self._judge.voice(one) for one in examined_heard]
        older = [voice for voice in voices if voice.heard.at <= begins]
        cover = Cover(known, older, self.reach, now)
        recent = cover.uncovered(told_apart(voices[len(older) :]))
        if authors(recent) < LEAST_AUTHORS:
            return []
        examined = spans(
            recent, older, self._lengths, rhythm, now, explained=cover.explains_a_surge, every=every
        )
        groups = _grouped([hot for span in examined for hot in self._finder.find(span)])
        found = (self._suspicion(group, examined[-1], cover) for group in groups)
        return [suspicion for suspicion in found if suspicion is not None]

    def joins(self, words: Sequence[str], topic: str, heard: Heard) -> bool:
        """Whether a later message belongs to an incident with these words and this topic: it says the first of
        the words, or two others, and tells of a problem or asks about one.
        """
        features = features_of(words) or features_of([topic])
        return says(self._judge.voice(heard).wording, features) and self._judge.has_problem(heard)

    def _suspicion(self, group: Group, span: Span, cover: Cover) -> Suspicion | None:
        voices = independent(sorted(group.voices.values(), key=_place))
        if len(voices) < self._finder.enough(voices):
            return None
        words = self._words(group, voices, span)
        if cover.settles(words, voices):
            return None
        voices.sort(key=group.telling, reverse=True)
        return Suspicion(
            topic=self._topic(voices) or words[0],
            words=words,
            tickets=tuple(dict.fromkeys(voice.heard.ticket for voice in voices))[:_MOST_EXAMPLES],
            messages=tuple(voice.heard.id for voice in voices)[:_MOST_EXAMPLES],
            authors=len(voices),
            since=min(voice.heard.at for voice in voices),
            reason=_reason(group.hots[0], voices, words),
        )

    def _words(self, group: Group, voices: Sequence[Voice], span: Span) -> tuple[str, ...]:
        said = Counter(feature for voice in voices for feature in voice.wording.features)
        usual = span.usual
        often = [
            feature
            for feature, count in sorted(said.items(), key=lambda pair: (-pair[1], pair[0]))
            if count >= max(LEAST_AUTHORS, _MOST * len(voices))
            and count / len(voices) >= 2 * usual.counts[feature] / max(1, usual.messages)
        ]
        hot = [hot.feature for hot in group.hots if hot.shared]
        features = dict.fromkeys(one for one in [*hot, *often] if not self._is_name(one, voices))
        single = {feature for feature in features if " " not in feature}
        told = [
            one for one in features if said[one] and not (" " in one and single.intersection(one.split()))
        ]
        if not told:
            return self._named(group, voices)
        return tuple(_written(feature, voices) for feature in told[:_MOST_WORDS])

    def _named(self, group: Group, voices: Sequence[Voice]) -> tuple[str, ...]:
        """What people who share no word have in common: the words of the topic, or of the kind of problem."""
        topic = self._topic(voices) or ""
        words = [word for word in topic.split() if features_of([word])]
        return tuple(words) or (topic or group.hots[0].feature.rpartition("/")[2],)

    def _is_name(self, feature: str, voices: Sequence[Voice]) -> bool:
        """Whether nobody writes it but as names are written, in the middle of a sentence with a capital. German
        writes every noun so.
        """
        saying = [voice for voice in voices if feature in voice.wording.features]
        stems = set(feature.split())
        return all(
            voice.wording.names & stems
            and self._judge.judge(voice.heard).language != "de"
            and not stems & (self._judge.judge(voice.heard).evidence or set())
            for voice in saying
        )

    def _topic(self, voices: Sequence[Voice]) -> str | None:
        """What most of them are about, if at least every third is."""
        topics = Counter(self._judge.judge(voice.heard).topic for voice in voices)
        del topics[None]
        most = min(topics.items(), key=lambda pair: (-pair[1], pair[0] or ""), default=(None, 0))
        return most[0] if most[1] >= _TELLING * len(voices) else None


def _in_order(heard: Sequence[Heard]) -> list[Heard]:
    """Oldest first, each message once."""
    ordered = sorted(heard, key=lambda one: (one.at, one.id, one.text))
    return list({one.id: one for one in ordered}.values())


def _place(voice: Voice) -> tuple[int, str]:
    return voice.heard.at, voice.heard.id


def _grouped(hots: Sequence[Hot]) -> list[Group]:
    """The strongest begins a group; each of the others joins the first group whose messages it shares. What only
    explains a surge is one group.
    """
    ordered = sorted(hots, key=lambda hot: (-hot.strength, hot.feature, hot.seconds))
    groups: list[Group] = []
    for hot in (hot for hot in ordered if hot.alone):
        _join(groups, hot)
    left = [hot for hot in explaining(ordered) if not any(group.shares(hot) for group in groups)]
    if left:
        groups.append(Group([], {}))
    for hot in left:
        groups[-1].add(hot)
    return groups


def _join(groups: list[Group], hot: Hot) -> None:
    group = next((group for group in groups if group.shares(hot)), None)
    if group is None:
        groups.append(group := Group([], {}))
    group.add(hot)


def _written(feature: str, voices: Sequence[Voice]) -> str:
    """As most of them write it."""
    forms = Counter(voice.wording.features[feature] for voice in voices if feature in voice.wording.features)
    return min(forms.items(), key=lambda pair: (-pair[1], pair[0]))[0] if forms else feature


def _reason(lead: Hot, voices: Sequence[Voice], words: Sequence[str]) -> str:
    written = _written(lead.feature, voices)
    alike = not lead.shared or written not in words  # in words of their own
    said = ", ".join(words) if alike else written
    how = "complain of alike things:" if alike else "complain and say"
    usual = f"{lead.expected:.1f} would be usual" if lead.expected >= _NOBODY else "usually nobody"
    return f'{counted(len(lead.voices), "customer")} within {spelled(lead.seconds)} {how} "{said}"; {usual}'
