"""answer/useless-number: a number to call where an answer should stand, or one that cannot be called from where
the customer is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from socialcli.compose.checks.rule import Fault
from socialcli.compose.checks.substance import Part
from socialcli.compose.checks.words import ENDS, HANDLE, plain
from socialcli.data import text_of

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Prose, Reading

_PHONE_DIGITS = 7
_SPARE = 2  # words beside a number that say nothing yet: a name, "Heathrow"
_READ = 2_000  # code points in which numbers are looked for


class Number(NamedTuple):
    start: int
    end: int
    written: str


def find_useless_numbers(reading: Reading) -> Iterable[Fault]:
    numbers = _numbers(reading)
    if not numbers:
        return
    abroad = _is_abroad(reading)
    if abroad and not any(
        _reaches_us_from_abroad(number.written, reading.policy.brand.region) for number in numbers
    ):
        yield Fault(
            numbers[0].start,
            numbers[0].end,
            f"the customer is abroad, where {numbers[0].written} cannot be called",
            "give a number with its country code, or answer here",
        )
    elif _cannot_phone(reading):
        yield Fault(
            numbers[0].start,
            numbers[0].end,
            f"the customer cannot phone, and {numbers[0].written} is no help",
            "answer here, or name a way in writing",
        )
    elif not (reading.links or _is_wanted(reading)) and _nothing_else(reading, numbers):
        yield Fault(
            numbers[0].start,
            numbers[0].end,
            "a number to call, and no answer beside it",
            "say the answer first, or what they will do for the customer at that number",
        )


def _numbers(reading: Reading) -> list[Number]:
    text = reading.text[:_READ]
    if sum(map(str.isdigit, text)) < len("150"):
        return []
    spans = [match.span(1) for match in _short_number().finditer(text)]
    if sum(map(str.isdigit, text)) >= _PHONE_DIGITS:
        from socialcli.text.private_numbers import phones

        spans += [(span.start, span.end) for span in phones(text, reading.policy.brand.region)]
        spans += [match.span() for match in _toll_free().finditer(text)]
    spans = [
        span for span in sorted(spans, key=lambda span: (span[0], -span[1])) if not reading.in_link(span[0])
    ]
    return [Number(start, end, text[start:end]) for start, end in _apart(spans)]


def _apart(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    end = -1
    for span in spans:
        if span[0] >= end:
            yield span
            end = span[1]


@cache
def _short_number() -> re.Pattern[str]:
    """A number of few digits behind a word that means to call it."""
    return re.compile(
        r"\b(?:call|ring|dial|phone|llame al|wählen sie|composez le)(?: us)?(?: on| at)? (\d{3,6})\b(?![:.]\d)",
        re.IGNORECASE,
    )


@cache
def _toll_free() -> re.Pattern[str]:
    """Numbers of the form that several countries keep for free or national calls, also with letters in them."""
    return re.compile(
        r"(?<![\w+])(?:1[ -.]?)?(?:\(?8(?:00|33|44|55|66|77|88)\)?[ -.]\w{3}[ -.]?\w{4}|0[38]\d{2}[ -]?\d{3}[ -]?\d{3,4})\b"
    )


def _cannot_phone(reading: Reading) -> bool:
    """The customer is deaf, say, or has no voice, and the reply names no way in writing."""
    if reading.links or reading.hits("answer/in-writing"):
        return False
    return any(prose.hits("answer/no-phone") for prose in reading.unanswered)


def _nothing_else(reading: Reading, numbers: list[Number]) -> bool:
    """Beside the numbers, the hours and how to call them stands only courtesy."""
    numbers = [*numbers, *_hours(reading)]
    for part in reading.parts:
        if part.use in ("courtesy", "nothing"):
            continue
        if not _only_calls(reading, part, numbers):
            return False
    return True


def _is_wanted(reading: Reading) -> bool:
    """The customer asks for a number: then it is the answer."""
    return any(prose.hits("answer/wants-number") for prose in reading.unanswered)


def _hours(reading: Reading) -> list[Number]:
    """When the line is open: no answer, unless that was asked."""
    if any(prose.hits("answer/asks-time") for prose in reading.unanswered):
        return []
    found = _open_hours().finditer(reading.text[:_READ])
    return [Number(match.start(), match.end(), match.group()) for match in found]


@cache
def _open_hours() -> re.Pattern[str]:
    clock = r"\d{1,2}(?:[:.]\d\d)? ?(?:am|pm|uhr|h)?"
    return re.compile(rf"(?<!\w)(?:{clock} ?(?:to|till|until|[-–]|bis|à) ?{clock}|24/7)(?!\w)", re.IGNORECASE)


def _only_calls(reading: Reading, part: Part, numbers: list[Number]) -> bool:
    """All its words are those that any invitation to call has."""
    left, calls = 0, False
    for place in range(part.first, part.after):
        word = reading.words[place]
        if word.word in ENDS or word.word == HANDLE:
            continue
        if any(number.start <= word.start < number.end for number in numbers):
            calls = True
            continue
        if word.word[0].isdigit() or _tells_what_for(reading, place, part.after):
            return False
        calls = calls or word.word in _CALLS
        left += not (reading.begins("answer/call-words", place) or word.word in reading.brand_words)
    return calls and left <= _SPARE


_CALLS = frozenset(
    (
        "call",
        "calling",
        "ring",
        "ringing",
        "phone",
        "phoning",
        "contact",
        "reach",
        "speak",
        "talk",
        "dial",
        "number",
        "team",
        "line",
    )
)


def _tells_what_for(reading: Reading, place: int, after: int) -> bool:
    """As in "we can stop the card", "to change the seat"."""
    if reading.words[place].word not in _BEFORE_A_VERB or place + 1 >= after:
        return False
    return not reading.begins("answer/call-words", place + 1)


_BEFORE_A_VERB = frozenset(("can", "will", "could", "to", "may"))


def _reaches_us_from_abroad(written: str, region: str) -> bool:
    """It has its country code, and is no number that only its own country can call."""
    compact = written.lstrip("( ")
    if not compact.startswith(("+", "00")):
        return False
    import phonenumbers

    try:
        number = phonenumbers.parse("+" + compact.lstrip("+0"), region)
    except phonenumbers.NumberParseException:
        return True
    kind = phonenumbers.PhoneNumberType
    national = (kind.TOLL_FREE, kind.SHARED_COST, kind.UAN, kind.PREMIUM_RATE)
    return phonenumbers.number_type(number) not in national


def _is_abroad(reading: Reading) -> bool:
    """The customer says so, or names a place in another country as where they are."""
    for said in reading.request.thread:
        if said.direction == "inbound" and _says_abroad(_prose(said.text), reading.policy.brand.region):
            return True
    return False


def _prose(text: str) -> Prose:
    from socialcli.compose.checks.reading import Prose

    return Prose(text[:_READ])


def _says_abroad(prose: Prose, region: str) -> bool:
    if prose.hits("answer/abroad"):
        return True
    said = plain(prose.text)
    return any(country != region for country in _countries_in(said))


def _countries_in(said: str) -> Iterator[str]:
    places = _places()
    for match in _where().finditer(said):
        one, two = match.group(1), match.group(2)
        country = places.get(f"{one} {two}") or places.get(one)
        if country:
            yield country


@cache
def _where() -> re.Pattern[str]:
    """Being somewhere, not going there: "stuck in lisbon", "calling from spain"."""
    return re.compile(
        r"\b(?:in|at|en|aus|live in|based in|(?:calling|call|ringing|writing|message|ring|phone|phoning|stuck|home|back)"
        r" (?:\w+ )?from) (?:the )?([a-z]+)(?: (?=([a-z]+)))?"
    )


@cache
def _places() -> dict[str, str]:
    """Place -> ISO 3166-1 alpha-2 of its country."""
    source = text_of("checks", "answer_places.txt")
    return {
        (quoted or bare): line[:2]
        for line in source.splitlines()
        if line and not line.startswith("#")
        for quoted, bare in re.findall(r'"([^"]+)"|(\S+)', line[3:])
    }
