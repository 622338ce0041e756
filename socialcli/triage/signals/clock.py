"""Clock times of today ("my flight is at 20:05"), read against the moment at which the message was sent."""

from __future__ import annotations

import re

from socialcli.text.tokens import NUMBER, STOPS
from socialcli.triage.reading import Reading, Span

SOON = 180  # minutes ahead within which a time of the day is a matter of now
_EVENT_SOON = 360  # minutes ahead within which an event that is named with its time presses
_JUST_BEHIND = 2  # words behind an event among which "was" tells that it is over
_HOURS = 24
_DAY = 24 * 60
_NOON = 12 * 60
_NEAR = 6  # words around a time in which its plan is looked for
_TIME = re.compile(r"([01]?\d|2[0-3])(?:[:.]([0-5]\d))?")
_SEPARATOR = re.compile(r"[.,:]")
_BEHIND_H = re.compile(r"[hH]([0-5]\d)(?!\d)")
_HOURS_BEFORE_NOON = range(1, 12)
_BARE = re.compile(r"\d{1,2}", re.ASCII)
_IN = frozenset({"in", "dans", "en", "em", "tra", "fra"})
_GOES_ON = frozenset(
    {
        "and", "but", "so", "with", "today", "tonight", "this", "no", "still", "or", "which", "because",
        "then", "o'clock", "sharp", "\n", "und", "aber", "mit", "ohne", "heute", "et", "mais", "avec",
        "sans", "y", "pero", "con", "sin", "hoy", "e", "ma", "senza", "oggi", "com", "sem", "hoje"
    }
)  # fmt: skip
_MERIDIEM = {"am": 0, "pm": _NOON}


def due_soon(reading: Reading) -> Span | None:
    """A time that lies at most ``SOON`` ahead and is somebody's departure or plan; a time past is none."""
    if NUMBER not in reading.words:
        return None
    for place, word in enumerate(reading.words):
        if word != NUMBER:
            continue
        ahead = minutes_ahead(reading, place)
        if ahead is not None and 0 < ahead <= SOON and _is_plan(reading, place):
            return _with_meridiem(reading, place)
    return None


def event(reading: Reading) -> Span | None:
    """A time of the day ("interview at 3", "kickoff in 20", "the shop closes at 6") a few hours ahead at most."""
    asks = "?" in reading.words and not reading.family("complaint")
    if asks and "my" not in reading.words:
        return None  # "is there a train at 5?"
    soon = SOON if asks else _EVENT_SOON
    for span in reading.found.get("time/event", ()):
        ahead = minutes_to_event(reading, span)
        if ahead is not None and 0 < ahead <= soon and not _past_or_other_day(reading, span):
            return span
    return None


def minutes_to_event(reading: Reading, span: Span) -> int | None:
    """``span`` is of time/event and ends with its number. "at 3" is the next 3 on a clock with hands."""
    place = span[1] - 1
    if reading.words[place - 1] in _IN:
        return int(reading.raw(place)) if _stands_alone(reading, place) else None
    ahead = minutes_to_next(reading, place)
    if ahead is not None or not _stands_alone(reading, place):
        return ahead
    hour = int(reading.raw(place))
    if hour > _HOURS - 1:
        return None
    return (hour * 60 - reading.minute_of_day) % (_NOON if hour * 60 <= _NOON else _DAY)


def _stands_alone(reading: Reading, place: int) -> bool:
    """Whether a bare number of two digits counts nothing that is named behind it ("at 3 airports")."""
    if _BARE.fullmatch(reading.raw(place)) is None:
        return False
    if place + 1 == len(reading.words) or reading.words[place + 1] in _GOES_ON:
        return True
    return reading.tokens.kinds[place + 1] in {"mark", "sign", "emoticon", "mention", "hashtag", "url"}


def _past_or_other_day(reading: Reading, span: Span) -> bool:
    start, end = _sentence_around(reading, span[1] - 1)
    past, other = reading.starts("time/past"), reading.starts("time/other-day")
    told = any(place in past for place in range(span[0], min(span[1] + _JUST_BEHIND, end)))
    return told or any(place in other for place in range(start, end))


def is_past(reading: Reading, place: int) -> bool:
    """Whether the time at this token was earlier today: more than half a day ahead means behind us. Of
    "5:30" nobody knows which one it is.
    """
    ahead = minutes_ahead(reading, place)
    if ahead is None or (_following(reading, place) not in _MERIDIEM and _of_two(reading.raw(place))):
        return False
    return ahead == 0 or ahead > _NOON


def minutes_ahead(reading: Reading, place: int) -> int | None:
    """Minutes from the message to the next such time (0 to 1439), None where no time of day stands there."""
    time = _minute_of_day(reading, place)
    return None if time is None else (time - reading.minute_of_day) % _DAY


def minutes_to_next(reading: Reading, place: int) -> int | None:
    """The same, but "5:30", of which nobody knows which one it is, is the one that comes first."""
    ahead = minutes_ahead(reading, place)
    if ahead is None or _following(reading, place) in _MERIDIEM or not _of_two(reading.raw(place)):
        return ahead
    return ahead % _NOON


def _minute_of_day(reading: Reading, place: int) -> int | None:
    match = _TIME.fullmatch(reading.raw(place))
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    following = _following(reading, place)
    if following in _MERIDIEM:
        return hour % 12 * 60 + minute + _MERIDIEM[following] if hour in range(1, 13) else None
    if following == "uhr" or ":" in match[0]:
        return _in_the_evening(reading, match[0], hour) * 60 + minute
    if following != "h":
        return None
    behind_h = _BEHIND_H.match(reading.text, reading.tokens.end(place))  # "20h05"; "2h" is mostly a duration
    return hour * 60 + int(behind_h[1]) if behind_h is not None else None


def _following(reading: Reading, place: int) -> str:
    return reading.words[place + 1] if place + 1 < len(reading.words) else ""


def _in_the_evening(reading: Reading, written: str, hour: int) -> int:
    """The hour of "8:05" in a message that speaks of tonight is 20."""
    return hour + 12 if _of_two(written) and reading.has("time/tonight") else hour


def _of_two(written: str) -> bool:
    """Whether "8:05" could be the morning's and the evening's; "08:05" is the morning's."""
    return written[0] != "0" and int(_SEPARATOR.split(written)[0]) in _HOURS_BEFORE_NOON


def _is_plan(reading: Reading, place: int) -> bool:
    """Whether it is "the 20:40", or a plan or departure stands in the same sentence; and no other day."""
    start, end = _sentence_around(reading, place)
    if any(spot in reading.starts("time/other-day") for spot in range(start, end)):
        return False
    if place - 1 in reading.starts("time/article") and ":" in reading.raw(place):
        return True
    plans, due = reading.starts("time/plan"), reading.starts("time/due")
    return any(spot in plans or spot in due for spot in range(start, end))


def _sentence_around(reading: Reading, place: int) -> Span:
    start = end = place
    while start > max(0, place - _NEAR) and reading.words[start - 1] not in STOPS:
        start -= 1
    while end < min(len(reading.words), place + _NEAR) and reading.words[end] not in STOPS:
        end += 1
    return start, end


def _with_meridiem(reading: Reading, place: int) -> Span:
    return place, place + 1 + (_following(reading, place) in {*_MERIDIEM, "uhr"})
