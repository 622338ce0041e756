"""tone/cold-denial: a no is fine where a way forward stands beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from socialcli.compose.checks.rule import Fault
from socialcli.compose.checks.words import HANDLE, Word

if TYPE_CHECKING:
    from socialcli.compose.checks.phrases import Hit
    from socialcli.compose.checks.reading import Reading, Sentence

_NO = frozenset(("no", "nope", "never", "nein", "non", "nao"))
_SHUT = frozenset(("not", "never", "no", "only"))
_YES = frozenset(("yes", "yep", "yeah", "si", "ja", "oui", "sim"))
_NOTHING = frozenset(("nothing", "all", "everything", "not", "nor"))


def find_cold_denial(reading: Reading) -> Iterable[Fault]:
    """Regret warms a no that explains itself; "Sorry, no" alone does not."""
    if reading.request.statement or reading.links or _helps(reading):
        return
    place = _refusal(reading)
    if place is None and not reading.hits("apology"):
        place = _denial(reading)
    if place:
        yield Fault(*place, "a no, and nothing else", "say what is possible instead, or where to ask")


def _refusal(reading: Reading) -> tuple[int, int] | None:
    """A no to what was asked, however politely."""
    hit = next(iter(reading.hits("tone/refusal")), None)
    return (hit.start, hit.end) if hit else None


def _denial(reading: Reading) -> tuple[int, int] | None:
    """Where the no stands: a phrase, a sentence that says nothing else, any "not" that is no comfort."""
    for hit in reading.hits("tone/denial"):
        return hit.start, hit.end
    for sentence in reading.sentences:
        words = [word for word in reading.words[sentence.first : sentence.after] if word.word != HANDLE]
        if len(words) == 1 and words[0].word in _NO:
            return words[0].start, words[0].end
    comforts = {place for hit in reading.hits("tone/comfort") for place in range(hit.first, hit.after)}
    for hit in reading.hits("tone/not"):
        if hit.first not in comforts:
            return hit.start, hit.end
    return None


def _helps(reading: Reading) -> bool:
    """Something is offered, done, asked, or named as the way."""
    if any(sentence.asks for sentence in reading.sentences) or reading.hits("tone/forward"):
        return True
    if any(word.word in _YES for sentence in reading.sentences for word in _beginning(reading, sentence)):
        return True
    return any(not _shut(reading, hit) for hit in reading.hits("tone/open"))


def _beginning(reading: Reading, sentence: Sentence) -> Sequence[Word]:
    """As far as "so yes", "hi, yes"."""
    return reading.words[sentence.first : min(sentence.first + 2, sentence.after)]


def _shut(reading: Reading, hit: Hit) -> bool:
    """No way forward: "you can not", "we have never", "nothing we can do"."""
    after = reading.words[hit.after : hit.after + 1]
    before = reading.words[max(0, hit.first - 1) : hit.first]
    return any(word.word in _SHUT for word in after) or any(word.word in _NOTHING for word in before)
