"""What a team's own examples taught, laid over what the rules say.

A model weighs the evidence of the word lists and the words of a message together. What it adds is told as one more
signal, ``learned/<target>``, in the points of the lists. It corrects, and never has the last word: nothing becomes
``ignore`` by it, what the rules call spam or abuse stays that, harm stays a complaint, and what the rules call a
complaint is answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import exp

from msgspec.structs import replace

from socialcli.model.assessment import Kind
from socialcli.model.learning import Target
from socialcli.triage import manner
from socialcli.triage.answering import Answer
from socialcli.triage.reading import Evidence, Reading, Span
from socialcli.triage.taught import LINES, RULES, Model, Moved, features_of
from socialcli.triage.weighing import (
    Part,
    Weighed,
    Weights,
    complaint_points,
    kind_of,
    milder_kind,
    parts_of,
    spam_points,
)

_MILD: tuple[Kind, ...] = ("mention", "praise", "feedback")  # kinds that may go without an answer
_NEUTRAL = 0.05  # sentiment up to which neither side is told
_SHOWN = 3  # words that are told of a decision


def by_lists(weighed: Weighed, weights: Weights) -> Weighed:
    """What the word lists alone make of a message."""
    points = complaint_points(weighed.signals, weights)
    return Weighed(kind_of(weighed.signals, points, weights), points, [], weighed.signals)


def of_rules(
    target: Target, weighed: Weighed, answer: Answer, reading: Reading, nots: frozenset[str], weights: Weights
) -> list[float]:
    """What the rules say, as the numbers of ``RULES``."""
    lists = by_lists(weighed, weights)
    if target == "complaint":
        return [lists.complaint_points - weights.get("threshold/complaint", 0)]
    if target == "spam":
        return [spam_points(lists.signals, weights) - weights.get("threshold/spam", 0)]
    if target == "sentiment":
        sentiment = manner.sentiment(lists, reading, nots)
        return [sentiment, max(sentiment, 0.0)]
    return [_answered(answer)]


def _answered(answer: Answer) -> float:
    return 1.0 if answer.respond == "respond" else -1.0


class Learned:
    """The models in force, one a target."""

    def __init__(self, models: Iterable[Model]) -> None:
        self.models: dict[Target, Model] = {model.target: model for model in models}

    @property
    def told(self) -> str:
        """Which models there are."""
        found = (f"{name} (from {model.source})" for name, model in self.models.items())
        return ", ".join(found) or "no model"

    def weigh(self, weighed: Weighed, reading: Reading, nots: frozenset[str], weights: Weights) -> Weighed:
        """What the rules made of a message, corrected by complaint, spam and sentiment."""
        if not reading.own_words:
            return weighed
        weighed = replace(weighed, by_rules=weighed.kind)
        features = features_of(reading.words)
        lists = by_lists(weighed, weights)
        corrected = self._as_complaint(weighed, lists, features, weights)
        corrected = self._as_spam(corrected, lists, features, weights)
        model, scale = self.models.get("sentiment"), weights.get("learned/sentiment", 0)
        if model is None or not scale:
            return corrected
        ruled, listed = (manner.sentiment(one, reading, nots) for one in (weighed, lists))
        return _with_sentiment(corrected, ruled, _likeliest(model, listed, features, scale))

    def answer(self, answer: Answer, weighed: Weighed, reading: Reading, weights: Weights) -> Answer:
        """Whether to respond, corrected; ``weighed`` is what ``weigh`` made."""
        spam = next((found for found, _ in weighed.parts if found.rule == "learned/spam"), None)
        if weighed.kind == "spam" and spam is not None:
            return Answer("monitor", spam)
        if answer.respond == "ignore" or weighed.kind not in _MILD or not reading.own_words:
            return answer
        if weighed.by_rules == "complaint":
            return answer if answer.respond == "respond" else Answer("respond", Evidence("doubt/answer"))
        return self._answered(answer, reading, weights)

    def _answered(self, answer: Answer, reading: Reading, weights: Weights) -> Answer:
        said = self._points("respond", features_of(reading.words), weights)
        if said is None:
            return answer
        points, moved = said
        responds = _answered(answer) + points >= 0
        if responds == (answer.respond == "respond"):
            return answer
        why = _told("learned/respond", responds, moved)[0]
        return Answer("respond" if responds else "monitor", why)

    def _points(
        self, target: Target, features: Mapping[str, Span], weights: Weights
    ) -> tuple[float, Moved] | None:
        """What the words add to the rules' evidence, in its own points. None: nothing, no model is in force."""
        model, scale = self.models.get(target), weights.get(f"learned/{target}", 0)
        if model is None or not scale:
            return None
        line = model.lines[LINES[target][0]]
        added, moved = line.of_words(features)
        return scale * added / line.rules[RULES[target][0]], moved

    def _as_complaint(
        self, weighed: Weighed, lists: Weighed, features: Mapping[str, Span], weights: Weights
    ) -> Weighed:
        said = self._points("complaint", features, weights)
        if said is None:
            return weighed
        points, moved = said
        scale = weights.get("learned/complaint", 0)
        total = (1 - scale) * weighed.complaint_points + scale * lists.complaint_points + points
        kind = _complaint_or_not(weighed, total, weights)
        moves = kind != weighed.kind
        parts = parts_of(kind, weighed.signals, weights) if moves else weighed.parts
        told = _told("learned/complaint", kind == "complaint", moved)
        return replace(
            weighed,
            kind=kind,
            complaint_points=total,
            parts=[*parts, *_counted(kind, parts, told, points, weights)],
            chatter=None if moves else weighed.chatter,
        )

    def _as_spam(
        self, weighed: Weighed, lists: Weighed, features: Mapping[str, Span], weights: Weights
    ) -> Weighed:
        """Never a complaint by the lists or by what was learned, nor anything with harm in it."""
        said = self._points("spam", features, weights)
        if said is None or lists.kind in {"spam", "abuse", "complaint"} or weighed.signals.harms:
            return weighed
        if "complaint" in {weighed.kind, weighed.by_rules} or weighed.by_rules in {"question", "request"}:
            return weighed
        points, moved = said
        if spam_points(weighed.signals, weights) + points < weights.get("threshold/spam", 0):
            return weighed
        told: list[Part] = [(found, 0.0) for found in _told("learned/spam", True, moved)]
        parts = [*told, *parts_of("spam", weighed.signals, weights)]
        return replace(weighed, kind="spam", parts=parts, chatter=None)


def _complaint_or_not(weighed: Weighed, total: float, weights: Weights) -> Kind:
    if weighed.kind in {"spam", "abuse"}:
        return weighed.kind
    if total >= weights.get("threshold/complaint", 0):
        return "complaint"
    if weighed.kind == "complaint" and not weighed.signals.harms:
        return milder_kind(weighed.signals, weights)
    return weighed.kind


def _likeliest(
    model: Model, listed: float, features: Mapping[str, Span], scale: float
) -> tuple[float, list[Moved]]:
    """The sentiment, -1..1, and the words that moved it towards negative, and towards positive. ``listed``: as the
    lists alone say it.
    """
    odds, moved = [], []
    for name in LINES["sentiment"]:
        line = model.lines[name]
        added, words = line.of_words(features)
        sides = line.rules["sentiment"] * listed + line.rules["content"] * max(listed, 0.0)
        odds.append(sides + scale * added)
        moved.append(words)
    return _sided(*odds), moved


def _with_sentiment(weighed: Weighed, ruled: float, said: tuple[float, list[Moved]]) -> Weighed:
    """``ruled``: as the rules say it. What moved it to another side is told; a complaint is never told as content."""
    value, moved = said
    if weighed.kind == "complaint":
        value = min(value, 0.0)
    told: list[Evidence] = []
    if (side := _side(value)) != (before := _side(ruled)):
        told = _told("learned/sentiment", side != 0, moved[0 if (side or -before) < 0 else 1])
    return replace(weighed, sentiment=value, parts=[*weighed.parts, *((one, 0.0) for one in told)])


def _sided(negative: float, positive: float) -> float:
    """Log odds against neutral as a sentiment: the likeliest of the three decides the side."""
    highest = max(negative, positive, 0.0)
    odds = exp(negative - highest), exp(positive - highest), exp(-highest)
    value = (odds[1] - odds[0]) / sum(odds)
    if odds[2] >= max(odds[:2]):
        return round(min(max(value, -_NEUTRAL), _NEUTRAL), 2)
    least = _NEUTRAL + 0.01
    return round(min(value, -least) if odds[0] > odds[1] else max(value, least), 2)


def _side(sentiment: float) -> int:
    return (sentiment > _NEUTRAL) - (sentiment < -_NEUTRAL)


def _told(rule: str, yes: bool, moved: Moved) -> list[Evidence]:
    """The words that did most for a yes, or for a no; the rule alone where no word did."""
    sign = 1 if yes else -1
    ranked = sorted((one for one in moved if sign * one[0] > 0), key=lambda one: (-sign * one[0], one[1]))
    return [Evidence(rule, span) for _, span in ranked[:_SHOWN]] or [Evidence(rule)]


def _counted(
    kind: Kind, parts: list[Part], told: list[Evidence], points: float, weights: Weights
) -> list[Part]:
    """The learned part of the score. It is told with 0 points where it spoke against a complaint; for one it adds
    what most/complaint leaves.
    """
    if kind in {"spam", "abuse"}:
        return []
    counts = 0.0
    if kind == "complaint" and points > 0:
        said = ("complaint/", "praise/mock", "most/complaint")
        so_far = sum(worth for found, worth in parts if found.rule.startswith(said))
        counts = round(max(min(points, weights.get("most/complaint", 0) - so_far), 0.0), 1)
    return [(found, counts if place == 0 else 0.0) for place, found in enumerate(told)]
