"""One message by itself, weighed: every signal asked once, then kind, score and the parts they are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from socialcli.model.assessment import Kind
from socialcli.triage.reading import Evidence, Reading
from socialcli.triage.signals import asking, complaint, harm, talk, timing, unwanted, victim

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
# What makes a complaint worse, and is none where nothing fell short: "again" alone may be praise.
_HEIGHTENS = frozenset(
    {
        "complaint/again",
        "complaint/still",
        "complaint/why",
        "complaint/shouting",
        "complaint/contrast",
        "complaint/lacking",
        "complaint/denied",
        "complaint/negative",
    }
)
# What anybody may say of anything, in talk that is not meant for us.
_LITTLE = frozenset(
    {"complaint/denied", "complaint/contrast", "complaint/lacking", "complaint/shouting", "complaint/cursing"}
)
# Each of these alone is a complaint, though put as a question: "having trouble with the app, can you help?"
_PLAIN_FAULTS = frozenset(
    {
        "complaint/trouble",
        "complaint/lost",
        "complaint/not-delivered",
        "complaint/not-working",
        "complaint/no-response",
        "complaint/upset",
        "complaint/wait",
    }
)
# What happened, whatever the mood: thanks at the end of a letter about it are courtesy.
_PLAIN_EVENTS = frozenset(
    {
        "complaint/delay",
        "complaint/cancelled",
        "complaint/lost",
        "complaint/not-delivered",
        "complaint/no-response",
        "complaint/not-working",
        "complaint/charged",
        "complaint/staff",
    }
)
# Harm that may be over and well mended, so that warm praise, more than one word of it, speaks against a complaint.
_MENDABLE = frozenset({"harm/stranded", "harm/many", "harm/missing-out", "harm/locked-out"})
_PRAISE_COUNTS = 2  # words of praise that speak against a complaint, at most
_NEEDS_HELP: tuple[Kind, ...] = ("complaint", "question", "request")


class Signals(Struct, gc=False):
    """Everything the signals said of a message."""

    complaints: list[Evidence]
    matters: list[Evidence]  # of these what could be a matter: neither mood nor name-calling
    mock: Evidence | None
    praises: list[Evidence]
    only_glad: bool  # all of the praise could be the speaker's own good mood
    polite: Evidence | None
    question: Evidence | None
    request: Evidence | None
    wish: Evidence | None  # a request in the form of a question
    feedback: Evidence | None
    harms: list[Evidence]
    times: list[Evidence]
    tried: list[Evidence]
    spam: list[Evidence]
    abuse: list[Evidence]
    beside_abuse: bool  # an insult stands beside something else that the message says
    settled: Evidence | None
    passing: Evidence | None  # we are named in passing, in what is told to others


class Weighed(Struct, gc=False):
    """``complaint_points`` is the evidence for a complaint (it may be below zero), ``parts`` what made the score."""

    kind: Kind
    complaint_points: float
    parts: list[Part]
    signals: Signals
    sentiment: float | None = None  # what was learned of it; None: the rules say it
    chatter: Evidence | None = None  # what shows that a mention waits for nobody, where it was the wording
    by_rules: Kind | None = None  # the kind before what was learned moved it; None: nothing was

    @property
    def only_mood(self) -> bool:
        """Nothing happened, nothing is asked: anger, scorn or talk alone."""
        signals = self.signals
        facts = any(found.rule not in _MOOD for found in signals.complaints)
        return not (facts or signals.harms or signals.question or signals.request)

    @property
    def may_wait(self) -> bool:
        """Whether something is told or asked beside what is held off, so that somebody may look at it. That
        strangers ask to be written to ("dm me"), or for money, is no sign of a customer.
        """
        signals = self.signals
        spam = {found.rule for found in signals.spam} if self.kind == "spam" else set()
        if signals.question or (signals.wish and "spam/collects" not in spam):
            return True
        facts = [found for found in signals.matters if found.rule not in _SAYS_LITTLE]
        return bool(facts or signals.harms) and "spam/recovery" not in spam

    @property
    def score(self) -> float:
        return sum(points for _, points in self.parts)


def signals_of(reading: Reading, nots: frozenset[str]) -> Signals:
    complaints = list(complaint.complaints(reading, nots))
    harms = list(harm.harms(reading, nots))
    troubled = bool(harms) or (has_hard_fact(complaints) and not reading.has("thread/resolved"))
    reported = victim.reported_abuse(reading)
    if reported is not None and all(found.rule != reported.rule for found in complaints):
        complaints.append(reported)
    return Signals(
        complaints=complaints,
        matters=[
            found for found in complaints if found.rule not in _MOOD | _LITTLE and not _scorn(found, reading)
        ],
        mock=complaint.mock_praise(reading, complaints),
        praises=(praises := _praises(reading, nots, troubled=troubled)),
        only_glad=asking.only_glad(reading, praises),
        polite=_first(reading, "question/polite"),
        question=asking.question(reading),
        request=asking.request(reading),
        wish=asking.wish(reading),
        feedback=asking.feedback(reading),
        harms=harms,
        times=list(timing.deadlines(reading)),
        tried=list(harm.tried_elsewhere(reading)),
        spam=list(unwanted.spam(reading)),
        abuse=(abuse := list(unwanted.abuse(reading, nots))),
        beside_abuse=bool(abuse) and victim.says_more(reading),
        settled=_settled(reading, nots),
        passing=talk.in_passing(reading),
    )


def _praises(reading: Reading, nots: frozenset[str], *, troubled: bool) -> list[Evidence]:
    """Beside a plain fact that went wrong, or harm, a greeting and thanks at the end are courtesy."""
    praises = asking.praises(reading, nots)
    return asking.heartfelt(reading, praises) if troubled and praises else praises


def _is_mended(signals: Signals) -> bool:
    warmly = len(signals.praises) >= _PRAISE_COUNTS
    return warmly and all(found.rule in _MENDABLE for found in signals.harms)


def has_hard_fact(complaints: Iterable[Evidence]) -> bool:
    """Whether something happened that no polite word unmakes."""
    return any(found.rule in _PLAIN_EVENTS for found in complaints)


def _scorn(found: Evidence, reading: Reading) -> bool:
    """A bare name to call somebody ("useless"), wherever the list that knows it finds nothing else."""
    scorn = reading.found.get("abuse/scorn", ())
    spans = reading.found.get(found.rule, ())
    return bool(scorn and spans) and all(span in scorn for span in spans)


def _first(reading: Reading, name: str) -> Evidence | None:
    span = reading.first(name)
    return None if span is None else Evidence(name, span)


def _settled(reading: Reading, nots: frozenset[str]) -> Evidence | None:
    found = _first(reading, "thread/resolved")
    return None if found is None or found.span is None or reading.negated(found.span, nots) else found


def weigh(reading: Reading, nots: frozenset[str], weights: Weights) -> Weighed:
    signals = signals_of(reading, nots)
    points = complaint_points(signals, weights)
    kind = kind_of(signals, points, weights)
    return Weighed(kind, points, parts_of(kind, signals, weights), signals)


def complaint_points(signals: Signals, weights: Weights) -> float:
    points = _sum(signals.complaints, weights)
    if signals.harms:
        points += weights.get("harm/as-complaint", 0) * sum(found.rule in _FAULTS for found in signals.harms)
    if signals.mock is not None:
        return points + weights.get("praise/mock", 0)
    if not signals.harms or _is_mended(signals):
        points += weights.get("praise/words", 0) * min(len(signals.praises), _PRAISE_COUNTS)
    if signals.polite is not None:
        points += weights.get("question/polite", 0)
    if _is_remark(signals):
        points = min(points, weights.get("most/in-passing", 0))
    if (
        len(signals.complaints) == 1
        and signals.complaints[0].rule not in _PLAIN_FAULTS
        and _wants_something(signals)
    ):
        points += weights.get("question/one-sign", 0)
    if signals.wish is not None and all(found.rule in _HEIGHTENS for found in signals.complaints):
        points += weights.get("request/act", 0)
    if signals.feedback is not None:
        points += weights.get("feedback/words", 0)
    return points


def _is_remark(signals: Signals) -> bool:
    """Whether nothing but mood and small words speak for a complaint, in talk to others or of what is over."""
    if signals.harms or (signals.passing is None and signals.settled is None):
        return False
    return all(found.rule in _LITTLE for found in signals.complaints)


def _wants_something(signals: Signals) -> bool:
    """Whether there is another reason to write than a complaint: to ask, to propose, to chat with others."""
    return bool(signals.question or signals.polite or signals.wish or signals.feedback or signals.passing)


def kind_of(signals: Signals, points: float, weights: Weights) -> Kind:
    """The main kind. A complaint wins over question and request, and is never taken for spam or abuse on mood."""
    facts = [found for found in signals.complaints if found.rule not in _MOOD]
    is_complaint = points >= weights.get("threshold/complaint", 0)
    if _is_spam(signals, weights, outweighing=points if is_complaint and facts else 0.0):
        return "spam"
    if _is_abuse(signals, weights, has_matter=bool(signals.matters or signals.harms)):
        return "abuse"
    swears = signals.beside_abuse and not _asks(signals)
    return "complaint" if is_complaint or swears else milder_kind(signals, weights)


def _asks(signals: Signals) -> bool:
    return bool(signals.question or signals.request or signals.wish)


def _is_spam(signals: Signals, weights: Weights, *, outweighing: float) -> bool:
    """``outweighing``: evidence for a complaint about facts, which the evidence for spam must exceed as well."""
    threshold = weights.get("threshold/spam", 0)
    return bool(signals.spam) and spam_points(signals, weights) >= threshold + outweighing


def spam_points(signals: Signals, weights: Weights) -> float:
    return _sum(signals.spam, weights)


def _is_abuse(signals: Signals, weights: Weights, *, has_matter: bool) -> bool:
    if has_matter or signals.beside_abuse or _asks(signals):
        return False
    return bool(signals.abuse) and _sum(signals.abuse, weights) >= weights.get("threshold/abuse", 0)


def milder_kind(signals: Signals, weights: Weights) -> Kind:
    passing = signals.passing
    if passing is not None and passing.rule == "chatter/among-others":
        return "mention"
    praised = signals.praises and not (signals.only_glad and passing is not None)
    pressing = [*signals.harms, *signals.times]
    pressed = any(weights.get(found.rule, 0) >= weights.get("kind/complaint", 0) for found in pressing)
    claims: tuple[tuple[object, Kind], ...] = (
        (signals.wish, "request"),
        (signals.question, "question"),
        (signals.request, "request"),
        (signals.feedback, "feedback"),
        (pressed and signals.harms, "request"),
        (praised, "praise"),
        (pressed, "request"),
    )
    return next((kind for found, kind in claims if found), "mention")


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
    if not found:
        return []
    ranked = sorted(found, key=lambda evidence: -weights.get(evidence.rule, 0))
    return [
        (evidence, weights.get(evidence.rule, 0) if place == 0 else 0.0)
        for place, evidence in enumerate(ranked)
    ]


def _shown(kind: Kind, signals: Signals) -> Evidence | None:
    """The words that made a milder kind."""
    by_kind = {
        "question": signals.question,
        "request": signals.wish or signals.request,
        "feedback": signals.feedback,
        "praise": signals.praises[0] if signals.praises else None,
    }
    return by_kind.get(kind)


def _sum(found: Iterable[Evidence], weights: Weights) -> float:
    return sum([weights.get(evidence.rule, 0) for evidence in found])
