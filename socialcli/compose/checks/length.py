"""length/*: what the network takes, and what a customer reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from socialcli.compose.checks.examples import drafts
from socialcli.compose.checks.rule import CheckRequest, Fault, Rule

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Reading, Sentence

_ASKING = frozenset(("what", "which", "when", "where", "who", "how"))
_GOES_ON = frozenset(("or", "o", "oder", "ou"))  # "For today? Or tomorrow?" is one question
_SEARCHED = 4  # code points per unit of the limit in which the cut is looked for; beyond, it is approximate


def find_over_limit(reading: Reading) -> Iterable[Fault]:
    length = reading.length
    over = length.count - length.limit
    if over > 0:
        yield Fault(
            _cut(reading),
            len(reading.text),
            f"{length.count} {length.unit}; the network takes {length.limit}",
            f"take out {over}, or move the details to a direct message",
        )


def _cut(reading: Reading) -> int:
    """The first code point that no longer fits."""
    fits, too_long = 0, min(len(reading.text), reading.length.limit * _SEARCHED)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if reading.length_of(reading.text[:middle]).count <= reading.length.limit:
            fits = middle
        else:
            too_long = middle
    return fits


def find_long(reading: Reading) -> Iterable[Fault]:
    """In public only: a direct message may take the room that it needs."""
    length, soft = reading.length, reading.policy.reply.soft_length
    if reading.public and soft < length.count <= length.limit:
        yield Fault(
            0,
            len(reading.text),
            f"{length.count} {length.unit}; a reply is read best up to {soft}",
            "say the one thing that helps; the rest can follow",
        )


def find_two_asks(reading: Reading) -> Iterable[Fault]:
    """Each sentence that wants an answer is one ask. "DM us" is the road, not a thing asked for."""
    asks = [sentence for sentence in reading.sentences if _wants_an_answer(reading, sentence)]
    places = [place for sentence in asks for place in (sentence.first, *_seconds(reading, sentence))]
    if len(places) > 1:
        second = reading.words[places[1]]
        last = reading.words[asks[-1].after - 1]
        yield Fault(
            second.start,
            last.end,
            f"{len(places)} things are asked for at once",
            "ask for the one that is needed first",
        )


def _seconds(reading: Reading, sentence: Sentence) -> list[int]:
    """Where further questions begin within one sentence: "which line is it, and when did it stop?"."""
    words = [word.word for word in reading.words[sentence.first : sentence.after]]
    asked = [place for place, word in enumerate(words) if word in _ASKING]
    if not asked or reading.hits_between("private/road", sentence.first, sentence.after):
        return []
    return [sentence.first + place for place in asked[1:] if words[place - 1] == "and"]


def _wants_an_answer(reading: Reading, sentence: Sentence) -> bool:
    def within(name: str) -> bool:
        return bool(reading.hits_between(name, sentence.first, sentence.after))

    if reading.words[sentence.first].word in _GOES_ON:
        return False
    if sentence.asks:
        return not within("asks/rhetorical")
    return within("asks/request") and not within("private/road")


_LONG = (
    "We know a missed connection is the last thing anybody needs on the way home, so here is how it works: "
    "the desk at gate B12 rebooks you on the next flight with free seats, and hands out the hotel and meal "
    "vouchers while you wait for it there. ^SB"
)
_TOO_LONG = _LONG + " The desk is open all night, and nobody needs to stand in line for the bags either. ^SB"

RULES = (
    Rule(
        "length/over-limit",
        "error",
        "The network refuses the post, or cuts it.",
        find_over_limit,
        CheckRequest(text=_LONG),
        (
            *drafts(_TOO_LONG, "🛫" * 139 + " ^SB"),
            CheckRequest(text="a" * 10_000 + " ^SB", visibility="direct"),
        ),
    ),
    Rule(
        "length/long",
        "warning",
        "Replies are read on a phone, in a hurry. The soft length is yours to set (reply.soft_length).",
        find_long,
        CheckRequest(text="Gate B12, and it is open until ten tonight. ^SB"),
        drafts(_LONG, "We are so sorry. " * 15 + "^SB"),
    ),
    Rule(
        "length/two-asks",
        "warning",
        "Who is asked two things answers one of them.",
        find_two_asks,
        CheckRequest(text="Hi Marta, how can we help? Please DM us your booking reference. ^SB"),
        drafts(
            "Which airport are you at? And when did you last see the bag? ^SB",
            "What colour is the bag? Please tell us where you are staying, too. ^SB",
            "Did you get a tag at the desk? Who gave it to you? ^SB",
            "Which desk was it, and when were you there? ^SB",
        ),
    ),
)
