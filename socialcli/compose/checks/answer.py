"""answer/*: whether the reply answers. Silent without the thread, except where the reply itself points to a page
or a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from socialcli.compose.checks.answer_links import find_no_link
from socialcli.compose.checks.answer_numbers import find_useless_numbers
from socialcli.compose.checks.examples import assessed, drafts, thread
from socialcli.compose.checks.rule import CheckRequest, Fault, Rule
from socialcli.compose.checks.substance import body
from socialcli.text.language import language_of
from socialcli.text.private import find_private, mask

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Prose, Reading
    from socialcli.compose.checks.substance import Part

_OWED = frozenset(("complaint", "question", "request"))
_MISTAKEN = frozenset(
    ("praise", "mention", "feedback")
)  # what a complaint without its usual words is taken for
_STEM = 5  # letters by which two words are the same matter: "luggage" and "luggages"
_TELLING = 4  # letters of a word that says what a question is about
_EMPTY = frozenset(("courtesy", "nothing"))
_LONG = 10  # words of a part that may tell something though no list knows it


def find_none(reading: Reading) -> Iterable[Fault]:
    """A question put to us, and nothing in the reply that could answer it."""
    if not _is_open(reading):
        return
    asked = reading.asked
    if asked and not any(_answers(reading, prose, place) for prose, place in asked):
        prose, (first, after) = asked[-1]
        question = _hidden(reading, prose.text[prose.words[first].start : prose.words[after - 1].end])
        yield Fault(
            *_span(reading),
            f'the customer asks "{_short(question)}", and nothing here answers it',
            "answer it, say when you will know, or ask for what you need to find out",
        )


def _hidden(reading: Reading, text: str) -> str:
    """A customer's words without what is private in them."""
    policy = reading.policy
    found = find_private(text, region=policy.brand.region, references=policy.triage.references)
    return mask(text, found)


def find_no_next_step(reading: Reading) -> Iterable[Fault]:
    """A matter that needs something done, and kind words alone."""
    if not _is_open(reading) or reading.asked:
        return
    if _says_nothing(reading):
        yield Fault(
            *_span(reading),
            "kind words, and nothing that moves the matter",
            "say what you do now, or what the customer can do",
        )


def _is_open(reading: Reading) -> bool:
    """The customer is owed something, and has not thanked us for it."""
    assessment = reading.request.assessment
    if assessment is None or reading.links:
        return False
    if assessment.kind not in _OWED and not (assessment.kind in _MISTAKEN and reading.hits("answer/regret")):
        return False
    return not any(prose.hits("thanks") and not prose.hits("mock-thanks") for prose in reading.unanswered)


def _says_nothing(reading: Reading) -> bool:
    """Only courtesy; beside it a few words may stand that no list knows, where the matter is a complaint in English."""
    parts = reading.parts
    if reading.hits("answer/glad") or _goes_on().search(reading.text):
        return False
    rest = [part for part in parts if part.use not in _EMPTY]
    if not rest:
        return True
    if any(part.use != "other" or part.after - part.first > _LONG for part in rest):
        return False
    assessment = reading.request.assessment
    if assessment is None or assessment.kind != "complaint" or len(reading.words) > _FEW:
        return False
    return language_of(reading.text[:_READ]) == "en"


@cache
def _goes_on() -> re.Pattern[str]:
    """One of several posts, or a picture made of signs."""
    return re.compile(r"\b\d ?/ ?\d\b|[¯´∀`ω｀Дд]|ツ")


_FEW = 24  # words of a whole reply, with the ends of its sentences
_READ = 1_000  # code points by which the language is told


def _answers(reading: Reading, prose: Prose, question: tuple[int, int]) -> bool:
    """The reply may be an answer to it: doubt speaks for the reply."""
    parts = reading.parts
    if any(part.use == "step" for part in parts):
        return True
    if all(part.use in _EMPTY for part in parts):
        return False
    says = _kind_of_answer(prose, question)
    if says:
        return _holds_a_figure(reading) or bool(reading.hits(says))
    if _holds_a_figure(reading) or any(_states(reading, part, prose, question) for part in parts):
        return True
    return language_of(reading.text[:_READ]) not in (None, "en")  # the lists know little of the others


def _kind_of_answer(prose: Prose, question: tuple[int, int]) -> str | None:
    """The list of words that say when or how much, where the question asks for that before all."""
    asked = [
        (hits[0].first, says)
        for asks, says in (("answer/asks-time", "answer/time"), ("answer/asks-amount", "answer/amount"))
        if (hits := prose.hits_between(asks, *question))
    ]
    return min(asked)[1] if asked else None


def _holds_a_figure(reading: Reading) -> bool:
    return any(word.word[0].isdigit() for word in reading.words)


def _states(reading: Reading, part: Part, prose: Prose, question: tuple[int, int]) -> bool:
    """The part says something that may be what was asked: not only how fine we are."""
    if part.use in _EMPTY:
        return False
    if any(reading.hits_between(name, part.first, part.after) for name in _PLAIN):
        return True
    words = reading.words
    being = reading.hits_between("answer/being", part.first, part.after)
    if any(hit.first == 0 or words[hit.first - 1].word not in _US for hit in being):
        return True
    verbs = any(word.word in _VERBS for word in words[part.first : part.after])
    return (verbs or part.use != "other") and _is_about(reading, part, prose, question)


_PLAIN = ("answer/fact", "answer/day", "answer/count")
_US = frozenset(("we", "i"))
_VERBS = frozenset(
    ("is", "are", "was", "were", "will", "can", "may", "has", "have", "do", "does", "did", "not")
)


def _is_about(reading: Reading, part: Part, prose: Prose, question: tuple[int, int]) -> bool:
    """Question and part name one thing."""
    asked = {word.word[:_STEM] for word in prose.words[slice(*question)] if len(word.word) >= _TELLING}
    told = (word.word for word in reading.words[part.first : part.after])
    return any(word[:_STEM] in asked for word in told if len(word) >= _TELLING)


def _span(reading: Reading) -> tuple[int, int]:
    first, after = body(reading, 0, len(reading.words))
    if first >= after:
        return reading.message_start, len(reading.text)
    return reading.words[first].start, reading.words[after - 1].end


_SHOWN = 60  # characters of a customer's words in a message


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"


_ASKS = "Can I bring my guitar as hand luggage?"

RULES = (
    Rule(
        "answer/none",
        "warning",
        "A question that meets kind words only is asked again, and the second time it is a complaint.",
        find_none,
        CheckRequest(
            text="A guitar may come along, if it fits into the locker. ^SB",
            thread=thread(_ASKS),
            assessment=assessed("question", sentiment=0),
        ),
        (
            CheckRequest(
                text="Hi Marta, thanks so much for writing to us! ^SB",
                thread=thread(_ASKS),
                assessment=assessed("question", sentiment=0),
            ),
            CheckRequest(
                text="So sorry about the wait, that must be tiring. ^SB",
                thread=thread("We sit here since ten. When does NL204 leave?"),
                assessment=assessed(),
            ),
            CheckRequest(
                text="Sorry, Marta! We carry many bikes every summer. ^SB",
                thread=thread("How much is it to take a bike to Oslo?"),
                assessment=assessed("question", sentiment=0),
            ),
        ),
    ),
    Rule(
        "answer/useless-number",
        "warning",
        "A number instead of an answer sends the customer to the back of another queue; one that cannot be "
        "called from where they are sends them nowhere.",
        find_useless_numbers,
        CheckRequest(
            text="Your seat is safe: the desk holds it until six. For changes tonight call +44 20 7946 0321. ^SB"
        ),
        (
            *drafts("Please call us on +44 20 7946 0321. ^SB", "Hi Marta, our team is on 020 7946 0321. ^SB"),
            CheckRequest(
                text="We can rebook you by phone tonight: 020 7946 0321. ^SB",
                thread=thread("Stuck in Lisbon, the last flight is cancelled."),
            ),
        ),
    ),
    Rule(
        "answer/no-next-step",
        "warning",
        "Regret without a step leaves the customer where they were.",
        find_no_next_step,
        CheckRequest(
            text="So sorry, Marta. We have asked the crew in Oslo to search the cabin. ^SB",
            thread=thread("I left my coat on NL204 and nobody picks up the phone."),
            assessment=assessed(),
        ),
        (
            CheckRequest(
                text="So sorry to hear that, Marta. ^SB",
                thread=thread("I left my coat on NL204 and nobody picks up the phone."),
                assessment=assessed(),
            ),
            CheckRequest(
                text="Oh no, that must have been a rough night. We take this very seriously. ^SB",
                thread=thread("Nine hours at the gate without water."),
                assessment=assessed(),
            ),
        ),
    ),
    Rule(
        "answer/no-link",
        "warning",
        "A customer on a phone does not go and search our website for a page that we could have linked.",
        find_no_link,
        CheckRequest(text="The claim form is here: https://northline.example/claims ^SB"),
        drafts(
            "You can find the fees on our website. ^SB",
            "Please fill in the form on the claims page. ^SB",
            "Just follow the link below and log in. ^SB",
            "Everything is explained in our FAQ, Marta. ^SB",
        ),
    ),
)
