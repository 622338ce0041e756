"""privacy/asks-in-public: private data is asked for in a private place. Silent in direct messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from socialcli.compose.checks.examples import drafts
from socialcli.compose.checks.phrases import Hit
from socialcli.compose.checks.rule import CheckRequest, Fault, Rule

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Reading, Sentence

_WHICH_REACH = 5  # words between "what" and the thing
_REQUEST_REACH = 25  # words between "please send us" and the last of a list of things
_BARE = 8  # words of a sentence that is nothing but the thing: "Your e-mail address, please?"
_LEADS = frozenset(("and", "also", "just", "only", "now", "so", "then"))
_OF_OURS = frozenset(("we", "i"))
_POLITE = frozenset(("please", "bitte", "favor"))


def find_asks(reading: Reading) -> Iterable[Fault]:
    if not reading.public:
        return
    for sentence in reading.sentences:
        things = [thing for thing in _things(reading, sentence) if _is_asked(reading, sentence, thing.hit)]
        if things and not _goes_private(reading, sentence):
            yield _fault(reading, things)


class Thing(NamedTuple):
    hit: Hit
    is_reference: bool  # of a booking or an order: less grave


def _things(reading: Reading, sentence: Sentence) -> Iterator[Thing]:
    for name in ("private/thing", "private/reference"):
        for hit in reading.hits_between(name, sentence.first, sentence.after):
            if not _crosses(reading, "private/harmless", hit):
                yield Thing(hit, name == "private/reference")


def _crosses(reading: Reading, name: str, hit: Hit) -> bool:
    """A phrase of list ``name`` has a word in common with ``hit``."""
    near = reading.hits_between(name, hit.first - _REQUEST_REACH, hit.after)
    return any(other.after > hit.first for other in near)


def _is_asked(reading: Reading, sentence: Sentence, thing: Hit) -> bool:
    first = max(sentence.first, thing.first - _REQUEST_REACH)
    after = min(sentence.after, thing.after + _REQUEST_REACH)
    if reading.hits_between("private/never", first, after) or _is_a_place(reading, sentence, thing):
        return False
    requests = reading.hits_between("private/request", first, thing.first)
    if any(_reaches(reading, request, thing) for request in requests):
        return True
    return _is_question_for(reading, sentence, thing) or _stands_alone(reading, sentence, thing)


def _is_a_place(reading: Reading, sentence: Sentence, thing: Hit) -> bool:
    """As in "sent to your e-mail", "check your e-mail": nobody asks for it."""
    place = thing.first - 1
    while place >= sentence.first and reading.begins("private/article", place):
        place -= 1
    return place >= sentence.first and reading.begins("private/no-object", place)


def _reaches(reading: Reading, request: Hit, thing: Hit) -> bool:
    """``request`` is made of the customer and has ``thing`` as its object."""
    words = reading.words
    if reading.hits_between("private/turn", request.after, thing.first):
        return False
    if reading.begins("private/our-wish", request.first):
        return True
    return not any(word.word in _OF_OURS for word in words[max(0, request.first - 3) : request.first])


def _is_question_for(reading: Reading, sentence: Sentence, thing: Hit) -> bool:
    """As in "what is your e-mail address?", also without the question mark."""
    since = max(sentence.first, thing.first - _WHICH_REACH)
    if not reading.hits_between("private/which", since, thing.first + 1):
        return False
    return sentence.asks or reading.begins("private/which", sentence.first)


def _stands_alone(reading: Reading, sentence: Sentence, thing: Hit) -> bool:
    """The sentence is hardly more than the thing: "Your e-mail address, please?"."""
    first = sentence.first
    while reading.words[first].word in _LEADS:
        first += 1
    words = reading.words[first : sentence.after]
    if len(words) > _BARE or thing.first - first > 1:
        return False
    return sentence.asks or any(word.word in _POLITE for word in words)


def _goes_private(reading: Reading, sentence: Sentence) -> bool:
    """The customer is sent to a private place: in the sentence that asks; or anywhere, where that
    sentence does not say "here" or "below".
    """
    if _roads(reading, sentence.first, sentence.after):
        return True
    if reading.hits_between("private/in-public", sentence.first, sentence.after):
        return False
    return _roads(reading, 0, len(reading.words))


def _roads(reading: Reading, first: int, after: int) -> bool:
    roads = reading.hits_between("private/road", first, after)
    return any(not _crosses(reading, "private/no-road", road) for road in roads)


def _fault(reading: Reading, things: list[Thing]) -> Fault:
    """One fault for one question, over all that it asks for; as grave as its gravest part."""
    start, end = min(thing.hit.start for thing in things), max(thing.hit.end for thing in things)
    return Fault(
        start,
        end,
        f'asks for "{reading.text[start:end]}" where everybody reads the answer',
        "ask for it by direct message",
        "warning" if all(thing.is_reference for thing in things) else "error",
    )


RULES = (
    Rule(
        "privacy/asks-in-public",
        "error",
        "What a customer answers in public, anybody can use: to take over the account, or to pose as us.",
        find_asks,
        CheckRequest(text="Please send us your e-mail address by direct message and we will look. ^SB"),
        drafts(
            "Could you tell us the e-mail address of your account? ^SB",
            "What's your phone number? We'll ring you back. ^SB",
            "Please reply with your full name, home address and date of birth. ^SB",
            "To check, we need the last four digits of your card. ^SB",
            "Your account number, please? ^SB",
            "Can you share the one-time code we texted you? ^SB",
            "No need to DM us, just post your e-mail address below. ^SB",
            "Which booking reference is it? ^SB",
            "¿Nos puede indicar su correo electrónico? ^SB",
            "Bitte nennen Sie uns Ihre Telefonnummer. ^SB",
            "Pouvez-vous nous communiquer votre adresse e-mail ? ^SB",
        ),
    ),
)
