"""What the handling of an incident is worth. Pure: the same facts have the same score, byte for byte."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import combinations

from socialcli.model.score import Part, Score, total
from socialcli.practising.incident_cases import Staged
from socialcli.practising.incident_facts import Answer, Facts
from socialcli.text.counted import counted
from socialcli.text.likeness import too_alike

_ENOUGH = 5  # reports that make a problem of many visible


def mark(staged: Staged, facts: Facts) -> Score:
    """Ten criteria, a hundred points."""
    parts = (
        _noticed(staged, facts),
        _confirmed(facts),
        _told(facts),
        _told_first(staged, facts),
        _harm_first(staged, facts),
        _reached(staged, facts),
        _updates(facts),
        _over(facts),
        _own_words(facts),
        _closed(facts),
    )
    return total(staged.name, parts)


def _harmed(staged: Staged) -> list[str]:
    return [staged.handle(one.handle) for one in staged.case.messages if one.harm]


def _others(staged: Staged) -> list[str]:
    return [staged.handle(one.handle) for one in staged.case.messages if one.part and not one.harm]


def _by_minutes(since: datetime, until: datetime | None, steps: Sequence[tuple[int, int]]) -> int:
    """The points of the first ``(minutes, points)`` that it was quick enough for."""
    if until is None:
        return 0
    return next((points for minutes, points in steps if until - since <= timedelta(minutes=minutes)), 0)


def _minutes(since: datetime, until: datetime) -> str:
    return f"{max(0, int((until - since).total_seconds()) // 60)} min"


def _noticed(staged: Staged, facts: Facts) -> Part:
    reports = sorted(staged.moment(one.at) for one in staged.case.messages if one.part)
    since = reports[min(_ENOUGH, len(reports)) - 1]
    at = None if facts.incident is None else facts.incident.opened_at
    points = _by_minutes(since, at, ((10, 10), (20, 6), (40, 3)))
    why = (
        "nobody saw a problem of many"
        if at is None
        else f"seen {_minutes(since, at)} after {_ENOUGH} had written"
    )
    return Part("noticed", points, 10, why, "fetch every few minutes while several write of one thing")


def _confirmed(facts: Facts) -> Part:
    opened, at = (None if facts.incident is None else facts.incident.opened_at), facts.turned("open")
    points = 0 if opened is None else _by_minutes(opened, at, ((10, 10), (20, 5), (24 * 60, 2)))
    why = "nobody said that it is one"
    if opened is not None and at is not None:
        why = f"confirmed {_minutes(opened, at)} after it was seen"
    return Part("confirmed", points, 10, why, "look at it, and confirm or dismiss it within ten minutes")


def _told(facts: Facts) -> Part:
    since = facts.turned("open") or (None if facts.incident is None else facts.incident.opened_at)
    at = facts.statements[0].at if facts.statements else None
    points = 0 if since is None else _by_minutes(since, at, ((15, 10), (30, 5), (24 * 60, 2)))
    why = (
        "no statement went out"
        if at is None or since is None
        else f"told everybody after {_minutes(since, at)}"
    )
    return Part(
        "told-in-time", points, 10, why, "a statement within a quarter of an hour, even without the cause"
    )


def _told_first(staged: Staged, facts: Facts) -> Part:
    good = "only those who cannot wait are answered before the statement"
    if not facts.statements:
        return Part("told-first", 0, 10, "no statement went out", good)
    first, others = facts.statements[0].at, set(_others(staged))
    early = [one for one in facts.answers if one.handle in others and one.at < first]
    why = (
        f"{counted(len(early), 'answer')} before the statement, to {_named(early)}"
        if early
        else "the statement came first"
    )
    return Part("told-first", max(0, 10 - 5 * len(early)), 10, why, good)


def _harm_first(staged: Staged, facts: Facts) -> Part:
    """Whoever is in danger: an answer of their own, and before that of anybody who can wait and had written by then."""
    harmed, points, faults = _harmed(staged), 0.0, []
    wrote = {staged.handle(one.handle): staged.moment(one.at) for one in staged.case.messages}
    for handle in harmed:
        own = [one for one in facts.to(handle) if not one.points]
        if not own:
            faults.append(f"@{handle} got no answer of their own")
            continue
        overtook = [
            one for one in facts.answers if one.handle not in harmed and wrote[handle] <= one.at < own[0].at
        ]
        late = own[0].at - wrote[handle] > timedelta(minutes=15)
        points += 0.5 if overtook or late else 1
        faults += [f"@{handle} waited {_minutes(wrote[handle], own[0].at)}"] if overtook or late else []
    worth = int(15 * points / len(harmed)) if harmed else 15
    why = "; ".join(faults) or "whoever was in danger was answered first, and in person"
    return Part(
        "harm-first", worth, 15, why, "an answer of their own within a quarter of an hour, before all others"
    )


def _reached(staged: Staged, facts: Facts) -> Part:
    """Everybody else, once, while it lasted."""
    others, end = _others(staged), _solved(facts)
    lasting = {handle: [one for one in facts.to(handle) if end is None or one.at < end] for handle in others}
    missed = [handle for handle, answers in lasting.items() if not answers]
    twice = [handle for handle, answers in lasting.items() if sum(one.points for one in answers) > 1]
    points = int(15 * (len(others) - len(missed)) / len(others)) if others else 15
    parts = [f"not reached: @{', @'.join(missed)}"] if missed else []
    parts += [f"pointed twice: @{', @'.join(twice)}"] if twice else []
    why = "; ".join(parts) or "each was reached once"
    good = "socialcli incident answer: one pointer for each, and again for who joins later"
    return Part("pointed-once", max(0, points - 3 * len(twice)), 15, why, good)


def _updates(facts: Facts) -> Part:
    """Each statement promises the next; one that was not due when the drill ended counts as kept."""
    good = "the next word to everybody by the hour that the last one named"
    promised, late = 0, []
    for one in facts.statements:
        until = one.promised
        if one.stage == "resolved" or until is None:
            continue
        promised += 1
        following = (each.at for each in facts.statements if each.account == one.account and each.at > one.at)
        if next(following, facts.end) > until:
            late.append(f"the update promised for {until:%H:%M} UTC came late, or never")
    if not promised:
        return Part("updates-kept", 0, 10, "no update was promised", good)
    why = "; ".join(late) or f"{counted(promised, 'promise')} kept"
    return Part("updates-kept", 10 * (promised - len(late)) // promised, 10, why, good)


def _solved(facts: Facts) -> datetime | None:
    return next((one.at for one in facts.statements if one.stage == "resolved"), None)


def _over(facts: Facts) -> Part:
    """Four points for the last word to everybody, six for that to those who were pointed there."""
    good = "a statement with --state resolved, then socialcli incident notify"
    at = _solved(facts)
    if at is None:
        return Part("told-it-is-over", 0, 10, "nobody said that it is solved", good)
    pointed = list(dict.fromkeys(one.handle for one in facts.answers if one.points and one.at < at))
    untold = [handle for handle in pointed if not any(one.at >= at for one in facts.to(handle))]
    share = 6 * (len(pointed) - len(untold)) // len(pointed) if pointed else 6
    why = f"not told: @{', @'.join(untold)}" if untold else "everybody who waited for it was told"
    return Part("told-it-is-over", 4 + share, 10, why, good)


def _own_words(facts: Facts) -> Part:
    texts = [one.text for one in facts.answers] + [one.text for one in facts.statements]
    alike = sum(too_alike(one, other) for one, other in combinations(texts, 2))
    why = (
        "no two said nearly the same"
        if not alike
        else f"{counted(alike, 'pair')} of texts say nearly the same"
    )
    points = max(0, 5 - alike) if texts else 0
    return Part(
        "own-words", points, 5, why if texts else "nothing was said", "words that differ from one to the next"
    )


def _closed(facts: Facts) -> Part:
    closed, solved = facts.turned("closed"), _solved(facts)
    good = "close it once it is solved and said to be"
    if closed is None:
        return Part("closed", 0, 5, "the incident is not closed", good)
    if solved is None or closed < solved:
        return Part("closed", 2, 5, "closed before anybody was told that it is solved", good)
    return Part("closed", 5, 5, "closed after the last word", good)


def _named(answers: Sequence[Answer]) -> str:
    return ", ".join(dict.fromkeys(f"@{one.handle}" for one in answers))
