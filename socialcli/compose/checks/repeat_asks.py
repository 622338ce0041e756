"""repeat/asks-again: the reply asks for what the thread or the card holds, or advises what was tried already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from socialcli.compose.checks.examples import thread
from socialcli.compose.checks.held import PRIVATE, holds
from socialcli.compose.checks.phrases import Hit, shipped
from socialcli.compose.checks.rule import CheckRequest, Fault, Rule
from socialcli.compose.checks.words import plain

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Prose, Reading, Sentence

_REQUESTS = ("private/request", "asks/request", "asks/send")
_SHOWN = 40  # characters of a customer's words in a message
_TRIED_BEFORE = frozenset(
    (
        "already",
        "tried",
        "have",
        "did",
        "twice",
        "times",
        "after",
        "even",
        "done",
        "still",
        "several",
        "just",
        "been",
        "yesterday",
        "checked",
        "looked",
        "searched",
    )
)
_NOT_DONE = frozenset(
    ("can", "not", "cannot", "never", "how", "should", "will", "would", "to", "want", "could", "must", "if")
)
_OBJECT = 5  # words between advice and what is advised
_NEAR = 6  # words before a way out in which the customer says that it was tried


def find_asks_again(reading: Reading) -> Iterable[Fault]:
    """One fault, at the first thing that is known."""
    if not reading.request.thread and not reading.request.card:
        return
    if not reading.hits("asks/failed"):
        for fault in _asked_again(reading):
            yield fault
            return
        for fault in _sent_already(reading):
            yield fault
            return
    yield from _tried_already(reading)


def _asked_again(reading: Reading) -> Iterator[Fault]:
    things = tuple((thing, name) for thing, name in _things() if reading.hits(name))
    for sentence in reading.sentences if things else ():
        if reading.hits_between("asks/another", sentence.first, sentence.after):
            continue
        for thing, hit in _things_in(reading, sentence, things):
            if thing == "problem" and _is_no_ask(reading, sentence, hit):
                continue
            found = holds(reading, thing)
            if found and not _shows(reading, found):
                yield Fault(
                    hit.start,
                    hit.end,
                    _known(thing, found),
                    "use it, or say why it is needed again",
                )


def _known(thing: str, found: str) -> str:
    """What is private is not said again in a message that anybody at the desk may see."""
    if thing in PRIVATE:
        return f"asks for the {_NAMES[thing]}, which is known"
    return f'asks for what is known: "{_short(found)}"'


_NAMES = {"reference": "reference", "email": "e-mail address", "phone": "phone number", "address": "address"}


def _is_no_ask(reading: Reading, sentence: Sentence, hit: Hit) -> bool:
    """As in "we will look into what went wrong", or where it shall be told in private."""
    before = {word.word for word in reading.words[max(sentence.first, hit.first - 3) : hit.first]}
    return bool(before & _LOOKS) or bool(reading.hits_between("private/road", sentence.first, sentence.after))


_LOOKS = frozenset(
    ("look", "into", "see", "find", "understand", "know", "out", "check", "at", "explain", "about")
)


def _is_a_noun(reading: Reading, hit: Hit) -> bool:
    """Nothing is asked for with "your tweet", "this post"."""
    before = reading.words[max(0, hit.first - 1) : hit.first]
    return any(word.word in _BEFORE_A_NOUN for word in before)


_BEFORE_A_NOUN = frozenset(("your", "this", "that", "the", "a", "my", "our"))


def _things_in(reading: Reading, sentence: Sentence, things: Things) -> Iterator[tuple[str, Hit]]:
    """What the sentence asks for, if it asks, by place."""
    if not sentence.asks and not any(
        not _is_a_noun(reading, hit)
        for name in _REQUESTS
        for hit in reading.hits_between(name, sentence.first, sentence.after)
    ):
        return
    found = [
        (hit.start, thing, hit)
        for thing, name in things
        for hit in reading.hits_between(name, sentence.first, sentence.after)
    ]
    for _, thing, hit in sorted(found):
        yield thing, hit


Things = tuple[tuple[str, str], ...]


@cache
def _things() -> Things:
    """(thing, its list of phrases), as the shipped lists have them."""
    return tuple((name.rpartition("/")[2], name) for name in _lists("asks/thing/"))


@cache
def _ways() -> tuple[str, ...]:
    return _lists("asks/try/")


def _lists(prefix: str) -> tuple[str, ...]:
    return tuple(sorted(name for name in shipped().names if name.startswith(prefix)))


def _shows(reading: Reading, found: str) -> bool:
    """The reply says it itself: it asks whether that is right."""
    core = plain(found)
    return core in plain(reading.text)


def _sent_already(reading: Reading) -> Iterator[Fault]:
    """The customer says that they sent it, and we ask as if they had not."""
    if not any(prose.hits("asks/was-sent") for prose in reading.unanswered):
        return
    for sentence in reading.sentences:
        for hit in reading.hits_between("asks/send", sentence.first, sentence.after):
            yield Fault(
                hit.start,
                hit.end,
                "asks for what the customer says was sent",
                "look for it first; say so where it did not arrive",
            )


def _tried_already(reading: Reading) -> Iterator[Fault]:
    ways = [
        way
        for way in _ways()
        if reading.hits(way) and any(_was_tried(prose, way) for prose in reading.inbound)
    ]
    for sentence in reading.sentences if ways else ():
        for hit in _advised(reading, sentence, ways):
            yield Fault(
                hit.start,
                hit.end,
                "the customer says that this was tried already",
                "go on from there: name the next thing to try, or do it for them",
            )
            return


def _advised(reading: Reading, sentence: Sentence, ways: Iterable[str]) -> Iterator[Hit]:
    """Those of ``ways`` that the sentence advises, or asks about: "have you tried", "please call"."""
    for advice in reading.hits_between("asks/advises", sentence.first, sentence.after):
        for way in ways:
            yield from reading.hits_between(way, advice.first, min(sentence.after, advice.after + _OBJECT))


def _was_tried(prose: Prose, way: str) -> bool:
    """The customer did it: "I have already restarted it", not "how do I restart"."""
    for hit in prose.hits(way):
        before = {word.word for word in prose.words[max(0, hit.first - _NEAR) : hit.first]}
        behind = {word.word for word in prose.words[hit.after : hit.after + _NEAR]}
        done = (
            prose.words[hit.first].word.endswith(("ed", "ing", "rang", "spoke", "wrote", "went"))
            or "tried" in before
        )
        said = _TRIED_BEFORE & (before | behind)
        if (done and not _NOT_DONE & before) or (said and not _NOT_DONE & before):
            return True
    return False


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"


_KNOWN = thread("My bag from NL204 on Friday never came, booking K7PX2M.", "> So sorry! ^SB", "And now?")

RULES = (
    Rule(
        "repeat/asks-again",
        "warning",
        "Nothing says so clearly that nobody read the message as a question whose answer stands in it.",
        find_asks_again,
        CheckRequest(
            text="Is NL204 the flight with both bags, or only with the blue one? ^SB", thread=_KNOWN
        ),
        (
            CheckRequest(text="Which flight were you on, Marta? ^SB", thread=_KNOWN),
            CheckRequest(text="Please send us your booking reference by DM. ^SB", thread=_KNOWN),
            CheckRequest(
                text="Please DM us your e-mail address and we will look. ^SB",
                card={"email": "m.ruiz@post.example"},
            ),
            CheckRequest(
                text="Could you try restarting the app? ^SB",
                thread=thread("The app shows no boarding pass. Restarted it twice already."),
            ),
            CheckRequest(
                text="Please send us a DM with the details. ^SB",
                thread=thread(
                    "No refund yet.", "> Please DM us the details. ^SB", "I already sent you a DM yesterday"
                ),
            ),
        ),
    ),
)
