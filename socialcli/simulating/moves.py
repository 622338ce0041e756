"""How a ticket moves between two policies, why, and how many do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from socialcli.model.assessment import PRIORITIES, Assessment
from socialcli.model.simulated import Because, Standing, WhatIf
from socialcli.policy.deadlines import allowed
from socialcli.policy.schema import Policy
from socialcli.simulating.sides import Look, Side
from socialcli.text.counted import counted
from socialcli.triage.summing import ROUNDING

_OTHERWISE = "otherwise (kind, topic or deadline)"


def move(ticket: str, one: Look, other: Look, sides: tuple[Side, Side]) -> WhatIf | None:
    """None for a ticket that stands where it stood; a score that moves nothing else is no move."""
    before, after = one.standing, other.standing
    if _place(before) == _place(after):
        return None
    because = tuple(_because(one, other, sides[0].policy, sides[1].policy))
    return WhatIf(ticket, one.message.id, before, after, because)


def _place(standing: Standing) -> tuple[object, ...]:
    return (standing.respond, standing.priority, standing.kind, standing.topic, standing.due_at)


def _because(one: Look, other: Look, present: Policy, policy: Policy) -> Iterator[Because]:
    """The points that differ; then the keys that do, as far as they can have moved this ticket."""
    yield from _points(one.assessment, other.assessment)
    before, after = one.standing, other.standing
    if before.kind != after.kind:
        yield from _keys("triage.weights.", _thresholds(present), _thresholds(policy))
    if before.priority != after.priority:
        yield from _keys("triage.", _ranks(present), _ranks(policy))
    elif before.due_at and after.due_at and before.due_at != after.due_at:
        yield from _keys("deadlines.", _wait(present, one), _wait(policy, other))
        if present.hours != policy.hours:
            yield Because("[hours]", "", None, None)
    if before.topic != after.topic and present.topics != policy.topics:
        yield Because("[[topics]]", "", None, None)


def _points(one: Assessment, other: Assessment) -> Iterator[Because]:
    before, after = _sums(one), _sums(other)
    words = {reason.rule: reason.words for reason in reversed((*one.reasons, *other.reasons))}
    for rule in dict.fromkeys((*before, *after)):
        was, would = before.get(rule), after.get(rule)
        if was != would and rule != ROUNDING:
            yield Because(rule, words[rule], was, would)


def _sums(found: Assessment) -> dict[str, float]:
    sums: dict[str, float] = {}
    for reason in found.reasons:
        sums[reason.rule] = sums.get(reason.rule, 0) + reason.weight
    return sums


def _keys(where: str, one: dict[str, float], other: dict[str, float]) -> Iterator[Because]:
    for key in dict.fromkeys((*one, *other)):
        if one.get(key) != other.get(key):
            yield Because(where + key, "", one.get(key), other.get(key))


def _thresholds(policy: Policy) -> dict[str, float]:
    return {
        f'"{rule}"': points for rule, points in policy.triage.weights.items() if rule.startswith("threshold/")
    }


def _ranks(policy: Policy) -> dict[str, float]:
    triage = policy.triage
    return {"urgent": triage.urgent, "high": triage.high, "normal": triage.normal}


def _wait(policy: Policy, look: Look) -> dict[str, float]:
    priority = look.standing.priority
    return {priority: float(allowed(policy, priority, look.message))}


class Moves:
    """Counts who moves, and says so."""

    def __init__(self) -> None:
        self.looked = 0
        self.moved = 0
        self._in_score = 0
        self._how: Counter[str] = Counter()

    def count(self, found: WhatIf | None, one: Look, other: Look) -> None:
        self.looked += 1
        if found is None:
            self._in_score += one.standing.score != other.standing.score
            return
        self.moved += 1
        self._how[_label(found.before, found.after)] += 1

    def summary(self) -> str:
        """``12 of 300 tickets move: 4 up to urgent, 8 to monitor; 30 more change in score alone``."""
        verb = "moves" if 1 in (self.moved, self.looked) else "move"
        told = f"{self.moved} of {counted(self.looked, 'ticket')} {verb}"
        if self._how:
            told += ": " + ", ".join(f"{self._how[label]} {label}" for label in _labels() if self._how[label])
        return told + (f"; {self._in_score} more change in score alone" if self._in_score else "")


def _label(before: Standing, after: Standing) -> str:
    if before.respond != after.respond:
        return f"to {after.respond}"
    if before.priority != after.priority:
        up = PRIORITIES.index(after.priority) < PRIORITIES.index(before.priority)
        return f"{'up' if up else 'down'} to {after.priority}"
    return _OTHERWISE


def _labels() -> Iterator[str]:
    """All labels, in the order in which they are told."""
    yield from (f"up to {priority}" for priority in PRIORITIES)
    yield from (f"down to {priority}" for priority in PRIORITIES)
    yield from (f"to {respond}" for respond in ("respond", "monitor", "ignore"))
    yield _OTHERWISE
