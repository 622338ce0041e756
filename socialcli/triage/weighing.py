"""One message by itself, weighed: every signal asked once, then kind, score and the parts they are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from socialcli.model.assessment import Kind
from socialcli.triage.reading import Evidence, Reading
from socialcli.triage.signals import asking, complaint, harm, timing, unwanted

Weights = Mapping[str, float]
Part = tuple[Evidence, float]  # a rule that counts, and the points it adds to the score

# Harm of which these are said is a fault of ours, or one that we must mend: it makes a complaint likelier.
_FAULTS = frozenset({"harm/stranded", "harm/many", "harm/locked-out", "harm/fraud", "harm/safety"})
# What is only mood: alone it is no matter that an insult could be about.
_MOOD = frozenset(
    {"complaint/upset", "complaint/negative", "complaint/cursing", "complaint/shouting", "complaint/contrast"}
)
# Worth a line only with points of its own: "how long" beside a lost bag says nothing more.
_SAYS_LITTLE = _MOOD | {"complaint/still", "complaint/again", "complaint/why"}
_PRAISE_COUNTS = 2  # words of praise that speak against a complaint, at most
_NEEDS_HELP: tuple[Kind, ...] = ("complaint", "question", "request")


class Signals(Struct):
    """Everything the signals said of a message."""

    complaints: list[Evidence]
    matters: list[Evidence]  # of these what could be a matter: neither mood nor name-calling
    mock: Evidence | None
    praises: list[Evidence]
    polite: Evidence | None
    question: Evidence | None
    request: Evidence | None
    feedback: Evidence | None
    harms: list[Evidence]
    times: list[Evidence]
    tried: list[Evidence]
    spam: list[Evidence]
    abuse: list[Evidence]


class Weighed(Struct):
    """``complaint_points`` is the evidence for a complaint (it may be below zero), ``parts`` what made the score."""

    kind: Kind
    complaint_points: float
    parts: list[Part]
    signals: Signals

    @property
    def only_mood(self) -> bool:
        """Nothing happened, nothing is asked: anger, scorn or talk alone."""
        signals = self.signals
        facts = any(found.rule not in _MOOD for found in signals.complaints)
        return not (facts or signals.harms or signals.question or signals.request)

    @property
    def score(self) -> float:
        return sum(points for _, points in self.parts)


def signals_of(reading: Reading, nots: frozenset[str]) -> Signals:
    complaints = list(complaint.complaints(reading, nots))
    return Signals(
        complaints=complaints,
        matters=[found for found in complaints if found.rule not in _MOOD and not _scorn(found, reading)],
        mock=complaint.mock_praise(reading, complaints),
        praises=asking.praises(reading, nots),
        polite=_first(reading, "question/polite"),
        question=asking.question(reading),
        request=asking.request(reading),
        feedback=asking.feedback(reading),
        harms=list(harm.harms(reading, nots)),
        times=list(timing.deadlines(reading)),
        tried=list(harm.tried_elsewhere(reading)),
        spam=list(unwanted.spam(reading)),
        abuse=list(unwanted.abuse(reading, nots)),
    )


def _scorn(found: Evidence, reading: Reading) -> bool:
    """A bare name to call somebody ("useless"), wherever the list that knows it finds nothing else."""
    scorn = reading.found.get("abuse/scorn", ())
    return bool(scorn) and all(span in scorn for span in reading.found.get(found.rule, ()))


def _first(reading: Reading, name: str) -> Evidence | None:
    span = reading.first(name)
    return None if span is None else Evidence(name, span)


def weigh(reading: Reading, nots: frozenset[str], weights: Weights) -> Weighed:
    signals = signals_of(reading, nots)
    points = complaint_points(signals, weights)
    kind = kind_of(signals, points, weights)
    return Weighed(kind, points, parts_of(kind, signals, weights), signals)


def complaint_points(signals: Signals, weights: Weights) -> float:
    points = _sum(signals.complaints, weights)
    points += weights.get("harm/as-complaint", 0) * sum(found.rule in _FAULTS for found in signals.harms)
    if signals.mock is not None:
        return points + weights.get("praise/mock", 0)
    points += weights.get("praise/words", 0) * min(len(signals.praises), _PRAISE_COUNTS)
    if signals.polite is not None:
        points += weights.get("question/polite", 0)
    return points


def kind_of(signals: Signals, points: float, weights: Weights) -> Kind:
    """The main kind. A complaint wins over question and request, and is never taken for spam or abuse on mood."""
    facts = [found for found in signals.complaints if found.rule not in _MOOD]
    is_complaint = points >= weights.get("threshold/complaint", 0)
    if _is_spam(signals, weights, outweighing=points if is_complaint and facts else 0.0):
        return "spam"
    if _is_abuse(signals, weights, has_matter=bool(signals.matters or signals.harms)):
        return "abuse"
    if is_complaint:
        return "complaint"
    return _milder_kind(signals, weights)


def _is_spam(signals: Signals, weights: Weights, *, outweighing: float) -> bool:
    """``outweighing``: evidence for a complaint about facts, which the evidence for spam must exceed as well."""
    return (
        bool(signals.spam) and _sum(signals.spam, weights) >= weights.get("threshold/spam", 0) + outweighing
    )


def _is_abuse(signals: Signals, weights: Weights, *, has_matter: bool) -> bool:
    if has_matter or signals.question is not None or signals.request is not None:
        return False
    return bool(signals.abuse) and _sum(signals.abuse, weights) >= weights.get("threshold/abuse", 0)


def _milder_kind(signals: Signals, weights: Weights) -> Kind:
    if signals.question is not None:
        return "question"
    if signals.request is not None:
        return "request"
    if signals.feedback is not None:
        return "feedback"
    if signals.praises:
        return "praise"
    pressing = [*signals.harms, *signals.times]
    return (
        "request"
        if any(weights.get(found.rule, 0) >= weights.get("kind/complaint", 0) for found in pressing)
        else "mention"
    )


def parts_of(kind: Kind, signals: Signals, weights: Weights) -> list[Part]:
    """The named parts of the score, in the order in which they are told."""
    if kind in {"spam", "abuse"}:
        return [(found, 0.0) for found in (signals.spam if kind == "spam" else signals.abuse)]
    parts = [ground(kind, weights)]
    if kind == "complaint":
        parts += _complaint_parts(signals, weights)
    elif (shown := _shown(kind, signals)) is not None:
        parts.append((shown, 0.0))
    if kind in _NEEDS_HELP:
        parts += _pressing_parts(signals, weights)
    return parts


def ground(kind: Kind, weights: Weights) -> Part:
    """The points that the kind alone is worth."""
    return Evidence(f"kind/{kind}"), weights.get(f"kind/{kind}", 0)


def _complaint_parts(signals: Signals, weights: Weights) -> list[Part]:
    """What went wrong, the weightiest first; what is more than most/complaint is taken off in a part of its own."""
    found = [*signals.complaints, *([signals.mock] if signals.mock is not None else [])]
    found.sort(key=lambda evidence: -weights.get(evidence.rule, 0))
    left = weights.get("most/complaint", 0)
    parts: list[Part] = []
    for evidence in found:
        points = weights.get(evidence.rule, 0)
        if evidence.rule not in _SAYS_LITTLE or (points and left > 0):
            parts.append((evidence, points))
            left -= points
    if left < 0:
        parts.append((Evidence("most/complaint"), left))
    return parts


def _pressing_parts(signals: Signals, weights: Weights) -> list[Part]:
    """Harm and time count once each, by their heaviest rule; the others are told without points."""
    return [
        *_heaviest_counts(signals.harms, weights),
        *_heaviest_counts(signals.times, weights),
        *_heaviest_counts(signals.tried, weights),
    ]


def _heaviest_counts(found: list[Evidence], weights: Weights) -> list[Part]:
    ranked = sorted(found, key=lambda evidence: -weights.get(evidence.rule, 0))
    return [
        (evidence, weights.get(evidence.rule, 0) if place == 0 else 0.0)
        for place, evidence in enumerate(ranked)
    ]


def _shown(kind: Kind, signals: Signals) -> Evidence | None:
    """The words that made a milder kind."""
    by_kind = {
        "question": signals.question,
        "request": signals.request,
        "feedback": signals.feedback,
        "praise": signals.praises[0] if signals.praises else None,
    }
    return by_kind.get(kind)


def _sum(found: Iterable[Evidence], weights: Weights) -> float:
    return sum(weights.get(evidence.rule, 0) for evidence in found)
