"""Time that the text itself gives. Follower counts, names and clocks of the network are never read here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from socialcli.text.tokens import NUMBER
from socialcli.triage.reading import Evidence, Reading, Span
from socialcli.triage.signals import clock

_GIVE_TIME = ("time/within", "time/by", "time/today", "time/tomorrow", "time/pressing")
_UNDONE = ("never", "not")  # "never arrived" is of now
_NEAR = 6  # words around "today" in which a plan or something past is looked for
_JUST_BEFORE = 3  # "my bag was lost and I fly tonight": what lies further back is another matter
_TODAY_HOURS = 12  # "in 10 hours" is still today's matter
_MINUTES = frozenset({"min", "mins", "minute", "minutes", "minuto", "minutos", "minuten", "minuti"})
_NUMBER = re.compile(r"\d{1,4}")
_WORDS_AS_NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "ten": 10,
    "twelve": 12,
}


def deadlines(reading: Reading) -> Iterator[Evidence]:
    """time/deadline-today, else time/deadline-tomorrow, else time/today; and time/pressing beside any of them."""
    if not (NUMBER in reading.words or reading.has(*_GIVE_TIME)):
        return
    if _only_asked(reading):
        return
    span = (
        _within(reading)
        or clock.event(reading)
        or _by(reading)
        or clock.due_soon(reading)
        or _planned_today(reading)
    )
    tomorrow = reading.first("time/tomorrow")
    if span is not None and not _runs_into(span, tomorrow):
        yield Evidence("time/deadline-today", span)
    elif tomorrow is not None:
        yield Evidence("time/deadline-tomorrow", tomorrow)
    elif (today := reading.first("time/today")) is not None:
        yield Evidence("time/today", today)
    pressing = reading.first("time/pressing")
    if pressing is not None:
        yield Evidence("time/pressing", pressing)


def _only_asked(reading: Reading) -> bool:
    """A question about opening hours, or about what could be ordered, where nothing is wrong and nothing booked."""
    if not reading.has("time/only-asked"):
        return False
    asked = {place for span in reading.found["time/only-asked"] for place in range(*span)}
    wrong = any(span[0] not in asked for _, spans in reading.family("complaint") for span in spans)
    return not (wrong or reading.family("harm") or reading.has("time/pressing"))


def _told(reading: Reading, span: Span) -> bool:
    """Whether that time was said or due before now ("you promised it by 5pm", "back in 5 minutes they said")."""
    return any(
        not _stop_between(reading, (place, place + 1), span)
        for place in reading.starts("time/gone")
        if span[0] - _NEAR <= place < span[1] + _JUST_BEFORE
    )


def _runs_into(span: Span, tomorrow: Span | None) -> bool:
    """Whether "by 5pm" goes on as "by 5pm tomorrow"."""
    return tomorrow is not None and abs(tomorrow[0] - span[1]) <= _NEAR


def _within(reading: Reading) -> Span | None:
    """A span ahead ("in 40 min", "in two hours") near enough to be today's, and not told of the past."""
    for span in reading.found.get("time/within", ()):
        if (
            not _told(reading, span)
            and not _past_near(reading, span, before=_NEAR, after=0)
            and hours_ahead(reading, span) <= _TODAY_HOURS
        ):
            return span
    return None


def _by(reading: Reading) -> Span | None:
    """A clock time to come ("by 5pm", "before 17:30", "closes at noon"); "by 3 agents" is none."""
    for span in reading.found.get("time/by", ()):
        is_time = reading.tokens.kinds[span[1] - 1] != "number" or ":" in reading.raw(span[1] - 1)
        if is_time and not _gone_by(reading, span) and not _told(reading, span):
            return span
    return None


def _gone_by(reading: Reading, span: Span) -> bool:
    """Whether the time in these words, or right behind them, was earlier today."""
    places = range(span[0], min(span[1] + 1, len(reading.words)))
    return any(reading.tokens.kinds[place] == "number" and clock.is_past(reading, place) for place in places)


def hours_ahead(reading: Reading, span: Span) -> float:
    """Hours that a phrase such as "in 40 min" looks ahead; an unwritten number counts as one."""
    amount = 1.0
    in_minutes = False
    for place in range(*span):
        word = reading.words[place]
        if reading.tokens.kinds[place] == "number" and (match := _NUMBER.match(reading.raw(place))):
            amount = float(match[0])
        amount = _WORDS_AS_NUMBERS.get(word, amount)
        in_minutes = in_minutes or word in _MINUTES
    return amount / 60 if in_minutes else amount


def _planned_today(reading: Reading) -> Span | None:
    """Today ("I fly tonight", "need it today") with a plan beside it, and nothing past about the two."""
    if not (reading.has("time/today") and reading.has("time/plan")):
        return None
    plans = {plan[0]: plan for plan in reading.found["time/plan"]}
    for today in reading.found["time/today"]:
        for place in range(today[0] - _NEAR, today[1] + _NEAR + 1):
            plan = plans.get(place)
            if plan is None or _stop_between(reading, plan, today):
                continue
            both = (min(plan[0], today[0]), max(plan[1], today[1]))
            if not _past_near(reading, both, before=_JUST_BEFORE, after=_NEAR - 2):
                return both
    return None


def _stop_between(reading: Reading, one: Span, other: Span) -> bool:
    start, end = min(one[1], other[1]), max(one[0], other[0])
    return not {".", "!", "?", ","}.isdisjoint(reading.words[start:end])


def _past_near(reading: Reading, span: Span, *, before: int, after: int) -> bool:
    starts = reading.starts("time/past")
    return any(
        place in starts
        and reading.words[place - 1] not in _UNDONE
        and not _stop_between(reading, (place, place + 1), span)
        for place in range(span[0] - before, span[1] + after)
    )
