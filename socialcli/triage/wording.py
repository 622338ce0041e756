"""How people write when they complain, ask, praise or just talk: the turns of phrase that no list of facts holds.

Lists find facts ("cancelled", "on hold for an hour"). Much of what customers write names none of them: "paid for
the window, got the wall". So what the lists found is weighed together with the plain words and pairs of
words, by log odds for each kind, which were counted out on invented mentions (``training/``) and ship as data. What
they decide is told as ``wording/<kind>``, with the words that did most for it.

What the lists call spam or abuse stays that, and so does harm; spam and abuse by wording alone must be far ahead.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import get_args

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from socialcli.model.assessment import Kind
from socialcli.text.tokens import MENTION
from socialcli.triage.reading import Evidence, Reading, Span
from socialcli.triage.telling import tells_something
from socialcli.triage.weighing import Weighed, Weights, has_hard_fact, parts_of

KINDS: tuple[Kind, ...] = get_args(Kind)
_HELD_OFF = frozenset({"spam", "abuse"})
_WAITS = frozenset({"mention", "praise", "feedback"})  # kinds in which nobody waits for help
_ASKED = frozenset({"question", "request"})
_ANSWERED = tuple(place for place, kind in enumerate(KINDS) if kind not in _HELD_OFF)
_PLACE = {kind: place for place, kind in enumerate(KINDS)}
_COMPLAINT = _PLACE["complaint"]
_NO_COMPLAINT = tuple(place for place in _ANSWERED if place != _COMPLAINT)
_SHORT, _LONG = 4, 20  # own words of a message that is short at most, of one that is long at least
# How people point their sentences tells who they are, not what they want; and a complaint that does not name us
# weighs as much as one that does.
_MARKS = frozenset((".", ",", "!", "?", MENTION))
_LAST = 3  # tokens at the end, within which a question mark ends the message

_HUNDRED = 100
_BITS = 32  # of a sum; a feature counts once, so that the shipped ones together never fill them
_FIELDS = struct.Struct(f"<{len(KINDS)}I")
_MIDDLE = 1 << _BITS - 1  # added to each, so that none is below zero
_ALL_MIDDLE = sum(_MIDDLE << _BITS * place for place in range(len(KINDS)))

Weight = tuple[tuple[int, float], ...]  # (place in KINDS, log odds), only those that matter


class Wording:
    """``weights``: by feature, a word, a pair, or what ``features_of`` names in brackets; all in hundredths, so
    that a sum is the same in whatever order it is made.
    """

    def __init__(self, bias: tuple[float, ...], weights: Mapping[str, Weight]) -> None:
        self.bias = bias
        self.weights = weights
        packed = {feature: _packed(weight) for feature, weight in weights.items()}
        self._bias = _packed(tuple(enumerate(bias)))
        self._words = {one: sums for one, sums in packed.items() if " " not in one and one[0] != "["}
        self._pairs = {tuple(one.split(" ")): sums for one, sums in packed.items() if _is_pair(one)}
        self._shapes = {one[1:-1]: sums for one, sums in packed.items() if one[0] == "["}

    def odds(self, reading: Reading, weighed: Weighed) -> list[float]:
        """The log odds of ``KINDS``, up to one number that is added to all: those of ``features_of``, each looked
        up at once, without a name made for it first.
        """
        words = reading.words
        total = self._bias
        total += sum(map(self._words.__getitem__, self._words.keys() & words))
        total += sum(map(self._pairs.__getitem__, self._pairs.keys() & pairwise(words)))
        shapes = [*reading.found, f"= {weighed.kind}", *_shapes(reading)]
        return _unpacked(total + sum(map(self._shapes.__getitem__, self._shapes.keys() & shapes)))

    def weigh(self, weighed: Weighed, reading: Reading, weights: Weights) -> Weighed:
        """What the lists made of a message, corrected by how it is worded."""
        if weighed.kind in _HELD_OFF or not reading.own_words:
            return weighed
        odds = self.odds(reading, weighed)
        kind = self._likeliest(odds, weighed, weights)
        points = _points(odds, kind, weights)
        chatters = kind == "mention" and _is_chatter(
            odds, reading, weights, half=weighed.complaint_points > 0
        )
        if kind == weighed.kind and not chatters:
            return replace(weighed, complaint_points=points)
        strongest = self._strongest(features_of(reading, weighed), KINDS.index(kind))
        told = Evidence(f"wording/{kind}", strongest)
        parts = [*parts_of(kind, weighed.signals, weights), (told, 0.0)]
        return replace(
            weighed, kind=kind, complaint_points=points, parts=parts, chatter=told if chatters else None
        )

    def _likeliest(self, odds: Sequence[float], weighed: Weighed, weights: Weights) -> Kind:
        """The kind that is ahead, where it is by enough; else the lists' own."""
        own = weighed.kind
        signals = weighed.signals
        if own == "complaint" and (signals.harms or signals.beside_abuse or _is_certain(weighed, weights)):
            return own
        passing = signals.passing
        if own == "mention" and passing is not None and passing.rule == "chatter/among-others":
            return own
        ahead = KINDS[odds.index(max(odds))]
        if ahead in _HELD_OFF:
            held_off = _is_held_off(odds, ahead, weighed, weights)
            ahead = ahead if held_off else KINDS[max(_ANSWERED, key=odds.__getitem__)]
        if ahead in _WAITS and (_presses(weighed) or (ahead == "praise" and _is_troubled(weighed))):
            return own
        weighty = "complaint" in {own, ahead} or (own in _ASKED and ahead in _WAITS)
        rule = "threshold/wording-complaint" if weighty else "threshold/wording"
        enough = odds[_PLACE[own]] + weights.get(rule, 0)
        return ahead if odds[_PLACE[ahead]] > enough else own

    def _strongest(self, features: Mapping[str, Span | None], place: int) -> Span | None:
        """Where the words stand that speak loudest for a kind: a pair before a word. Words that tell nothing to
        people ("in", "were", a name) weigh too, but are not shown.
        """
        best, most = None, (False, 0.0)
        for feature, span in features.items():
            if span is None or feature not in self.weights or not tells_something(feature):
                continue
            weight = dict(self.weights[feature]).get(place, 0.0)
            loudness = " " in feature, weight
            if weight > 0 and loudness > most:
                best, most = span, loudness
        return best


def _is_certain(weighed: Weighed, weights: Weights) -> bool:
    """A complaint by twice the evidence that it takes: no turn of phrase unmakes it."""
    return weighed.complaint_points >= 2 * weights.get("threshold/complaint", 0)


def _presses(weighed: Weighed) -> bool:
    """Harm, or a deadline today: somebody waits, however calmly it is told."""
    return bool(weighed.signals.harms) or any(
        found.rule == "time/deadline-today" for found in weighed.signals.times
    )


def _is_troubled(weighed: Weighed) -> bool:
    """A complaint or question about something that plainly went wrong: kind words make no praise of it."""
    signals = weighed.signals
    return (
        weighed.kind in {"complaint", *_ASKED} and not signals.praises and has_hard_fact(signals.complaints)
    )


def _is_pair(feature: str) -> bool:
    return " " in feature and feature[0] != "["


def _packed(weight: Weight) -> int:
    """Hundredths for each of ``KINDS`` side by side in one number, so that all of them are added at once."""
    return sum(round(odds * _HUNDRED) << _BITS * place for place, odds in weight)


def _unpacked(total: int) -> list[float]:
    return [
        (one - _MIDDLE) / _HUNDRED
        for one in _FIELDS.unpack((total + _ALL_MIDDLE).to_bytes(_FIELDS.size, "little"))
    ]


def _is_held_off(odds: Sequence[float], kind: Kind, weighed: Weighed, weights: Weights) -> bool:
    """Spam and abuse must be far ahead of everything, with no matter in the message: criticism is never held off.
    Both need a sign that the lists know, too: anger is none. A question or a wish is never held off so.
    """
    signals = weighed.signals
    if signals.matters or signals.harms or signals.question or signals.wish:
        return False
    evidence = signals.abuse if kind == "abuse" else signals.spam
    if not evidence or (kind == "abuse" and signals.beside_abuse):
        return False
    place = _PLACE[kind]
    next_to_it = max(one for other, one in enumerate(odds) if other != place)
    return odds[place] - next_to_it > weights.get("threshold/wording-spam", 0)


def _is_chatter(odds: Sequence[float], reading: Reading, weights: Weights, *, half: bool) -> bool:
    """A passing mention that waits for nobody; in doubt a message is answered, all the more where it begins with
    a name. ``half``: the lists found a part of a complaint in it.
    """
    enough = weights.get("threshold/wording-monitor", 0)
    if reading.words[0] == MENTION:
        enough += weights.get("threshold/wording-spoken-to", 0)
    if half:
        enough += weights.get("threshold/wording-half", 0)
    place = KINDS.index("mention")
    next_to_it = max(odds[other] for other in _ANSWERED if other != place)
    return odds[place] - next_to_it > enough


def _points(odds: Sequence[float], kind: Kind, weights: Weights) -> float:
    """Evidence for a complaint as the lists count it: the threshold, and by how much a complaint is ahead."""
    ahead = odds[_COMPLAINT] - max([odds[place] for place in _NO_COMPLAINT])
    threshold = weights.get("threshold/complaint", 0)
    ahead = max(ahead, 0.0) if kind == "complaint" else min(ahead, -0.01)
    return round(threshold + ahead, 2)


def features_of(reading: Reading, weighed: Weighed) -> dict[str, Span | None]:
    """Words, pairs of words, the lists that found something, the lists' verdict, and the shape of the message; the
    words with where they stand first.
    """
    features: dict[str, Span | None] = {}
    before = ""
    for place, word in enumerate(reading.words):
        if word in _MARKS:
            before = ""
            continue
        features.setdefault(word, (place, place + 1))
        if before:
            features.setdefault(f"{before} {word}", (place - 1, place + 1))
        before = word
    features.update((f"[{name}]", None) for name in reading.found if not name.startswith("topic:"))
    features[f"[= {weighed.kind}]"] = None
    features.update((f"[{shape}]", None) for shape in _shapes(reading))
    return features


def _shapes(reading: Reading) -> Iterator[str]:
    words = reading.words
    said = len(reading.own_words)
    if said <= _SHORT:
        yield "short"
    elif said >= _LONG:
        yield "long"
    if "?" in words[-_LAST:]:
        yield "asks last"


class _File(Struct, forbid_unknown_fields=True):
    kinds: tuple[Kind, ...]
    bias: tuple[float, ...]
    weights: dict[str, dict[Kind, float]]


@cache
def shipped(language: str) -> Wording | None:
    """The weights that ship for a language; None where there are none."""
    source = resources.files("socialcli.data").joinpath("lexicon", f"{language}.wording.json")
    if not source.is_file():
        return None
    read = msgspec.json.decode(source.read_bytes(), type=_File)
    place = {kind: KINDS.index(kind) for kind in read.kinds}
    bias = [0.0] * len(KINDS)
    for kind, value in zip(read.kinds, read.bias, strict=True):
        bias[place[kind]] = value
    weights = {
        feature: tuple((place[kind], weight) for kind, weight in found.items())
        for feature, found in read.weights.items()
    }
    return Wording(tuple(bias), weights)


def encode(bias: Mapping[Kind, float], weights: Mapping[str, Mapping[Kind, float]]) -> bytes:
    """The file that ``shipped`` reads: one feature a line, sorted."""
    lines = [
        f"{msgspec.json.encode(feature).decode()}: {msgspec.json.encode(weights[feature]).decode()}"
        for feature in sorted(weights)
    ]
    kinds, biases = (msgspec.json.encode(part).decode() for part in (list(bias), list(bias.values())))
    body = ",\n".join(lines)
    return f'{{"kinds": {kinds},\n"bias": {biases},\n"weights": {{\n{body}\n}}}}\n'.encode()
