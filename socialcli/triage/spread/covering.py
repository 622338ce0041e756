"""What is known already: messages that belong to an incident raise no second one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from socialcli.model.incident import Known
from socialcli.triage.spread.rhythm import DAY
from socialcli.triage.spread.voices import Voice
from socialcli.triage.spread.wording import Wording, features_of

_LULL = 8 * 3600  # seconds of quiet after which the same words are a new incident
_BACK_TO_USUAL = 1.2  # times what was usual before the incident
_RUNNING = frozenset({"suspected", "open"})
_DISMISSED = DAY  # for so long somebody's "this is nothing" holds


def says(wording: Wording, features: Sequence[str]) -> bool:
    """Whether words like these are said: the most telling of them, or any two others."""
    if not features:
        return False
    said = wording.features
    return features[0] in said or sum(feature in said for feature in features) > 1


def _says_two(wording: Wording, features: Sequence[str]) -> bool:
    return sum(feature in wording.features for feature in features) > 1


def _stems(features: Sequence[str]) -> set[str]:
    return {stem for feature in features for stem in feature.split()}


class Cover:
    """What is known, in the light of what was heard before the last ``reach`` seconds (``older``)."""

    def __init__(self, known: Iterable[Known], older: Sequence[Voice], reach: int, now: int) -> None:
        self._older = older
        self._lull = (now - reach - _LULL, now - reach)
        self._now = now
        named = [(one, features_of(one.words)) for one in known]
        self._alive = [
            (one, features)
            for one, features in named
            if one.state not in _RUNNING or not self._is_over(one, features)
        ]

    @property
    def explains_a_surge(self) -> bool:
        """Whether an incident that began lately is still going on."""
        return any(one.state in _RUNNING and one.since > self._now - DAY for one, _ in self._alive)

    def uncovered(self, voices: Sequence[Voice]) -> list[Voice]:
        """What belongs to nothing that is known."""
        left = list(voices)
        for one, features in self._alive:
            until = self._covers_until(one)
            said = says if one.state in _RUNNING else _says_two
            left = [voice for voice in left if voice.heard.at > until or not said(voice.wording, features)]
        return left

    def settles(self, words: Sequence[str], voices: Sequence[Voice]) -> bool:
        """Whether a suspicion says nothing that was not dismissed or closed already."""
        stems = _stems(features_of(words))
        return any(
            stems <= _stems(features)
            and sum(voice.heard.at > self._covers_until(one) for voice in voices) * 2 <= len(voices)
            for one, features in self._alive
            if one.state not in _RUNNING
        )

    def _covers_until(self, one: Known) -> int:
        """The epoch second up to which what says its words is its own."""
        if one.state in _RUNNING:
            return self._now
        return one.last if one.state == "closed" else one.last + _DISMISSED

    def _is_over(self, one: Known, features: Sequence[str]) -> bool:
        """Whether after its first hours its words were back to usual for a while, so that what comes now is new.
        One that somebody opened or confirmed is over when somebody closes it.
        """
        begins, ends = self._lull
        if one.state == "open" or one.since + _LULL > begins:
            return False
        if not self._older or self._older[0].heard.at > begins:
            return False
        quiet = [voice for voice in self._older if begins <= voice.heard.at <= ends]
        outside = [voice for voice in self._older if not one.since <= voice.heard.at <= one.since + DAY]
        usual = _saying(outside, features) / max(1, len(outside))
        return _saying(quiet, features) <= 1 + _BACK_TO_USUAL * usual * len(quiet)


def _saying(voices: Iterable[Voice], features: Sequence[str]) -> int:
    return sum(says(voice.wording, features) for voice in voices)
