"""What each part of a reply does for the customer: it moves the matter, says what is so, or only feels with them.
Doubt speaks for the reply: what is not known to be empty is taken for an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from socialcli.compose.checks.phrases import crosses
from socialcli.compose.checks.words import ENDS, LINK

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Prose, Reading, Sentence

Use = Literal["step", "fact", "other", "courtesy", "nothing"]

_JOINS = frozenset(("but", "and", "pero", "aber", "mais", "mas", "ma", "und", "y", "et", "e"))
_FACTS = ("answer/fact", "answer/being", "answer/time", "answer/amount")
_BREAKS = ",;:–—()"
_SHORT = 3  # words of a part that says nothing by itself: "Oh no", "Hi Marta"
_TAIL = 4  # words of a part that only goes on with the one before
_LEAD = 3  # words before an order: "and then please try"
_LEADS = frozenset(
    ("please", "and", "then", "just", "or", "also", "now", "but", "so", "if", "first", "to", "simply")
)


class Part(NamedTuple):
    """Words ``first`` up to, not with, ``after``."""

    first: int
    after: int
    use: Use


def parts_of(reading: Reading) -> tuple[Part, ...]:
    """The reply without leading handles and sign-off, cut at commas, dashes and "but"."""
    found: list[Part] = []
    for sentence in reading.sentences:
        for first, after, asks in _cut(reading, sentence.first, sentence.after, asks=sentence.asks):
            use = _use(reading, first, after, asks=asks)
            if use == "other" and first > sentence.first and after - first <= _TAIL and found:
                use = found[-1].use  # "for you, and the little ones"
            found.append(Part(first, after, use))
    return tuple(found)


def body(reading: Reading, first: int, after: int) -> tuple[int, int]:
    """``first`` and ``after`` without the words of leading handles and of the sign-off."""
    words = reading.words
    end = reading.signature.start if reading.signature else len(reading.text)
    while first < after and words[first].start < reading.message_start:
        first += 1
    while after > first and words[after - 1].start >= end:
        after -= 1
    return first, after


def _cut(reading: Reading, first: int, after: int, *, asks: bool) -> list[tuple[int, int, bool]]:
    """The parts of a sentence, and whether they ask the customer something."""
    first, after = body(reading, first, after)
    if first >= after:
        return []
    words, starts = reading.words, [first]
    for place in range(first + 1, after):
        between = reading.text[words[place - 1].end : words[place].start]
        if words[place].word in _JOINS or any(mark in between for mark in _BREAKS) or " - " in between:
            starts.append(place)
    ends = [*starts[1:], after]
    asks = asks and after - first >= _SHORT
    return [(start, end, asks) for start, end in zip(starts, ends, strict=True)]


def _use(reading: Reading, first: int, after: int, *, asks: bool) -> Use:
    words = reading.words[first:after]
    if not any("a" <= word.word[0] <= "z" for word in words):
        return "other"  # of no language that the lists know
    if asks or any(word.word == LINK for word in words) or _moves(reading, first, after):
        return "step"
    if any(word.word[0].isdigit() for word in words):
        return "fact"
    if reading.hits_between("answer/courtesy", first, after) or reading.hits_between(
        "answer/hollow", first, after
    ):
        return "courtesy"
    if any(reading.hits_between(name, first, after) for name in _FACTS):
        return "fact"
    return "nothing" if len(words) < _SHORT else "other"


def _moves(reading: Reading, first: int, after: int) -> bool:
    """Something is done, or can be: not as in "we take this seriously"."""
    hollow = reading.hits_between("answer/hollow", first, after)
    steps = list(reading.hits_between("answer/step", first, after))
    place = first
    while place < min(first + _LEAD, after) and reading.words[place].word in _LEADS:
        place += 1
    if not _goes_on_about_us(reading, first, place):
        steps += reading.hits_between("answer/imperative", place, place + 1)
    return any(not crosses(step, hollow) for step in steps)


def _goes_on_about_us(reading: Reading, first: int, place: int) -> bool:
    """As in "we get many messages, and read them all": what looks like an order says what we do."""
    if not first < place or reading.words[first].word != "and":
        return False
    while first > 0 and reading.words[first - 1].word not in ENDS:
        first -= 1
    return reading.words[first].word in _US


_US = frozenset(("we", "i", "our"))


def questions_of(prose: Prose) -> list[tuple[int, int]]:
    """What a customer asks straight out, as words ``(first, after)``: not a cry that wants no answer."""
    found = []
    for sentence in prose.sentences:
        first = sentence.first
        while first < sentence.after and prose.words[first].word in _ADDRESSES:
            first += 1
        if first >= sentence.after or prose.begins("answer/rhetorical", first):
            continue
        if _is_question(prose, sentence, first):
            found.append((first, sentence.after))
    return found


def _is_question(prose: Prose, sentence: Sentence, first: int) -> bool:
    """With its mark, or so worded that it needs none; a few words without a word of asking are a cry."""
    opens = prose.begins("answer/asks", first)
    long = sentence.after - first >= _QUESTION
    if sentence.asks:
        return opens or (long and not _cries_out(prose, first, sentence.after))
    return opens and long and _is_plain(prose, first)


_QUESTION = 4  # words of a question without its mark
_ADDRESSES = frozenset(
    ("@", "hi", "hello", "hey", "please", "so", "and", "but", "ok", "okay", "also", "well", "then")
)
_PLAIN = frozenset(("when", "where", "how", "can", "do", "does", "is", "are", "which"))


def _cries_out(prose: Prose, first: int, after: int) -> bool:
    """Behind a clause: "two hours late, are you kidding?"."""
    return any(
        prose.begins("answer/rhetorical", hit.first)
        for hit in prose.hits_between("answer/asks", first, after)
    )


def _is_plain(prose: Prose, first: int) -> bool:
    """Hardly anything else than a question begins so: "when does", "can I"."""
    words = prose.words
    if words[first].word not in _PLAIN:
        return False
    return words[first + 1].word in _SUBJECTS


_SUBJECTS = frozenset(
    (
        "i",
        "we",
        "you",
        "it",
        "there",
        "the",
        "my",
        "do",
        "does",
        "is",
        "are",
        "will",
        "can",
        "long",
        "much",
        "many",
    )
)
