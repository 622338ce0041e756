"""repeat/*: a customer notices when nobody reads what was said before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from socialcli.compose.checks import repeat_asks
from socialcli.compose.checks.examples import CUSTOMER, assessed, thread
from socialcli.compose.checks.phrases import crosses
from socialcli.compose.checks.repeat_figures import figures_again
from socialcli.compose.checks.rule import CheckRequest, Fault, Rule
from socialcli.compose.checks.signature import signature_in
from socialcli.compose.checks.words import plain

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Reading

_ALIKE = 85  # of 100: from here on two texts are the same to a reader; two wordings of one fact stay below
_LETTERS_LEAST = 16  # of a text that is more than a greeting: "Thank you, Marta!" may be said to everybody
_TOLD_LEAST = 24  # letters of a part that tells something
_CONTAINED = 92  # of 100: the words of one stand in the other
_READ = 10_000  # code points that are compared


def find_duplicates(reading: Reading) -> Iterable[Fault]:
    if _is_duplicate(reading):
        yield Fault(
            0,
            len(reading.text),
            "the same text already stands in this thread",
            "say what is new, or what happens next",
        )


def _is_duplicate(reading: Reading) -> bool:
    earlier = reading.our_earlier
    if not earlier:
        return False
    said = _core(reading.text, reading)
    return bool(said) and any(_core(prose.text, reading) == said for prose in earlier)


def find_canned(reading: Reading) -> Iterable[Fault]:
    """Nearly the same as one of the texts that we sent last, to anybody."""
    recent = reading.request.recent[: reading.policy.reply.recent]
    if not recent:
        return
    said = _letters_of(reading.text, reading.policy.reply.sign_off)
    if len(said) < _LETTERS_LEAST or _is_duplicate(reading):
        return
    from rapidfuzz import fuzz, process

    sign_off = reading.policy.reply.sign_off
    others = [_letters_of(text, sign_off) for text in recent]
    best = process.extractOne(said, others, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    if best is not None:
        yield Fault(
            0,
            len(reading.text),
            f'nearly what we sent lately: "{_short(recent[best[2]])}"',
            "say it in words of its own, about this one case",
        )


def find_already_answered(reading: Reading) -> Iterable[Fault]:
    """The matter has its answer: from a colleague, from ourselves in nearly these words, or it is settled."""
    if _is_duplicate(reading):
        return
    yield from _second_answer(reading) or _said_before(reading) or _settled(reading)


def _second_answer(reading: Reading) -> list[Fault]:
    """Nothing was said by the customer since we answered."""
    said = reading.request.thread
    if not said or said[-1].direction != "outbound" or reading.last_inbound is None:
        return []
    if (
        reading.hits("answer/follow-up")
        or _goes_on(said[-1].text)
        or reading.our_earlier[-1].hits("answer/promised")
    ):
        return []
    return [
        Fault(
            reading.message_start,
            len(reading.text),
            "we answered already, and the customer has said nothing since",
            "leave it, or say what is new",
        )
    ]


def _goes_on(text: str) -> bool:
    """Our last post says that another one follows."""
    return bool(_more().search(text))


@cache
def _more() -> re.Pattern[str]:
    return re.compile(r"\b\d ?(?:/|of) ?\d\b|(?:\.\.\.|…|>>|cont\.?|\(\d\))\W*$", re.IGNORECASE)


def _said_before(reading: Reading) -> list[Fault]:
    """Something that stands, nearly so, in an answer of ours in this thread."""
    if not reading.our_earlier:
        return []
    from rapidfuzz import fuzz, process

    earlier = [_spaced(prose.text) for prose in reading.our_earlier]
    for start, end, letters in _told(reading):
        if process.extractOne(letters, earlier, scorer=fuzz.token_set_ratio, score_cutoff=_CONTAINED):
            return [
                Fault(
                    start, end, "we said this to the customer before", "say what is new, or what happens next"
                )
            ]
    return figures_again(reading)


def _told(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """(start, end, letters) of the parts of the reply that tell something: no courtesy."""
    for part in reading.parts:
        first, last = reading.words[part.first], reading.words[part.after - 1]
        letters = _spaced(reading.text[first.start : last.end])
        if len(letters) >= _TOLD_LEAST and part.use not in ("courtesy", "nothing"):
            yield first.start, last.end, letters


def _spaced(text: str) -> str:
    return " ".join(_letters().findall(plain(_noise().sub(" ", text[:_READ]))))


def _settled(reading: Reading) -> list[Fault]:
    """The customer says that it is over, and we work on it still."""
    last = reading.unanswered[-1] if reading.unanswered else None
    if last is None or last.text.rstrip().endswith("?"):
        return []
    over = last.hits("answer/settled")
    if not over or any(not crosses(other, over) for other in last.hits("answer/not-settled")):
        return []
    for hit in reading.hits("answer/troubleshoots"):
        return [
            Fault(
                hit.start,
                hit.end,
                "the customer says that it is settled",
                "be glad with them, and leave it at that",
            )
        ]
    return []


def _core(text: str, reading: Reading) -> str:
    """``text`` without handles, links and sign-off; only its letters and digits."""
    policy = reading.policy
    signature = signature_in(text, policy.reply.sign_off, policy.agents)
    if signature:
        text = text[: signature.start] + text[signature.end :]
    return "".join(_letters().findall(plain(_noise().sub(" ", text))))


@lru_cache(maxsize=4096)
def _letters_of(text: str, sign_off: str) -> str:
    """The same, with one space between words, whoever signed."""
    signature = signature_in(text, sign_off, ())
    if signature:
        text = text[: signature.start] + text[signature.end :]
    return _spaced(text)


_SHOWN = 40  # characters of a text in a message


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"


@cache
def _noise() -> re.Pattern[str]:
    return re.compile(r"https?://\S+|@\w+")


@cache
def _letters() -> re.Pattern[str]:
    return re.compile(r"\w+")


_LATE = thread("My bag is gone!", "> We are tracing the bag now. ^SB", "And?")

RULES = (
    *repeat_asks.RULES,
    Rule(
        "repeat/duplicate",
        "error",
        "The same sentence twice tells the customer that the second message was not read.",
        find_duplicates,
        CheckRequest(text="The bag is on the next flight, Marta. ^SB", thread=_LATE),
        (
            CheckRequest(text="We are tracing the bag now. ^SB", thread=_LATE),
            CheckRequest(
                text=f"@{CUSTOMER} we're tracing the bag now! ^SB",
                thread=thread("My bag is gone!", "> We're tracing the bag now. ^KL", "Any news?"),
            ),
        ),
    ),
    Rule(
        "repeat/canned",
        "warning",
        "Whoever scrolls through our replies sees whether people or a machine write them (reply.recent).",
        find_canned,
        CheckRequest(
            text="Two hours in that queue, Tom: sorry. Gate B12 has none. ^SB",
            recent=("So sorry for the long wait at the gate, please go to B12 instead. ^SB",),
        ),
        (
            CheckRequest(
                text="Sorry to hear that, Tom! Please DM us your details and we will look into it. ^SB",
                recent=("Sorry to hear that, Ana! Please DM us your details and we'll look into it. ^KL",),
            ),
            CheckRequest(
                text="@tom_travels Thanks for flying with us, see you soon! ^SB",
                recent=("On our way. ^SB", "@marta_ruiz thanks for flying with us - see you soon ^SB"),
            ),
        ),
    ),
    Rule(
        "repeat/already-answered",
        "warning",
        "A second answer to what has one, or is over, shows that nobody looked.",
        find_already_answered,
        CheckRequest(
            text="News, Marta: the bag was found in Oslo and flies at six. ^SB",
            thread=thread("My bag is gone!", "> We are tracing the bag now. ^KL"),
        ),
        (
            CheckRequest(
                text="So sorry about the bag. What does it look like? ^SB",
                thread=thread("My bag is gone!", "> Oh no! It was seen in Oslo, and comes tonight. ^KL"),
            ),
            CheckRequest(
                text="Hi Marta, a refund takes seven to ten working days. ^SB",
                thread=thread(
                    "Where is my refund?",
                    "> Refunds take seven to ten working days. ^KL",
                    "It has been a month!",
                ),
            ),
            CheckRequest(
                text="So sorry! Please DM us the bag tag and we will trace it. ^SB",
                thread=thread("My bag is gone!", "Never mind, the bag just arrived."),
                assessment=assessed("mention", sentiment=0.1),
            ),
        ),
    ),
)
