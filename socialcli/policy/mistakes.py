"""All mistakes of a policy together: those of one key (shape and sense) and those of keys that contradict
each other; and how they are told, each with its place.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from socialcli.model.assessment import PRIORITIES
from socialcli.model.protection import RUNGS
from socialcli.model.times import parse_duration
from socialcli.policy import outward
from socialcli.policy.keylines import Path
from socialcli.policy.shape import Mistake, did_you_mean, shape_mistakes, shown

Table = dict[str, Any]

_UNIQUE = (
    ("accounts", "name"), ("agents", "id"), ("agents", "initials"), ("topics", "name"), ("handoffs", "name"),
    ("experts", "id"),
)  # fmt: skip
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Known(NamedTuple):
    """Names that the policy may use; None where the caller does not know them."""

    rules: frozenset[str] | None
    word_lists: Callable[[], frozenset[str]] | None  # read only where a file changes a list
    weights: frozenset[str] | None


def all_mistakes(written: Table, merged: Table, known: Known, *, whole: bool) -> list[Mistake]:
    """``written``: what differs from what is shipped; ``merged``: both together; ``whole``: nothing is shipped,
    all keys must be there.
    """
    single = [*shape_mistakes(written, whole=whole), *_unknown_names(written, known)]
    told = {mistake.path for mistake in single}
    contradictions = [
        *_duplicates(written),
        *_order(written, merged),
        *_below_zero(written),
        *_absent(merged),
        *_nobody(written, merged),
        *_roster(written, merged),
        *_no_author(written, merged),
        *_strange_agents(written, merged),
        *_holidays(merged),
        *_strange_topics(written, merged),
        *outward.mistakes(merged),
    ]
    return single + [mistake for mistake in contradictions if mistake.path not in told]


def placed(mistakes: list[Mistake], lines: dict[Path, int], name: str) -> tuple[str, ...]:
    """``policies.toml:12: deadlines.urgent: ...``, in the order of the file. A key that stands only in what is
    shipped has no line here.
    """
    told = sorted(
        (_line(mistake.path, lines), _dotted(mistake.path), mistake.message) for mistake in mistakes
    )
    return tuple(f"{name}{f':{line}' if line else ''}: {key}: {message}" for line, key, message in told)


def _line(path: Path, lines: dict[Path, int]) -> int:
    """Where ``path`` stands, or the nearest table around it; 0 if nothing of it is in this file."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 0)


def _dotted(path: Path) -> str:
    """``accounts[0].handle``, ``checks."tone/jargon"``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            bare = re.fullmatch(r"[A-Za-z0-9_-]+", part)
            text += f"{'.' if text else ''}{part if bare else shown(part)}"
    return text


def _section(table: Table, name: str) -> Table:
    """A table of the file, or an empty one where something else stands in its place."""
    found = table.get(name)
    return found if isinstance(found, dict) else {}


def _rows(table: Table, name: str) -> list[Table]:
    """The entries of a ``[[table]]``, those that are none as empty ones, so that their numbers stay."""
    found = table.get(name)
    return [row if isinstance(row, dict) else {} for row in found] if isinstance(found, list) else []


def _unknown_names(written: Table, known: Known) -> Iterator[Mistake]:
    """Rules, weights and word lists that are not there."""
    triage = _section(written, "triage")
    yield from _strange(("checks",), _section(written, "checks"), known.rules, "rule")
    yield from _strange(("triage", "weights"), _section(triage, "weights"), known.weights, "weight")
    for name in ("words", "not_words"):
        if known.word_lists is not None and (changed := _section(triage, name)):
            yield from _strange(("triage", name), changed, known.word_lists(), "word list")
    allowed = _section(written, "reply").get("may_allow")
    yield from _strange(("reply", "may_allow"), allowed, known.rules, "rule")


def _strange(path: Path, names: Any, known: frozenset[str] | None, what: str) -> Iterator[Mistake]:
    """The ``names`` (keys of a table, or a list) that are not ``known``, if it is known what is."""
    if known is None or not isinstance(names, dict | list):
        return
    for index, name in enumerate(names):
        if isinstance(name, str) and name not in known:
            near = did_you_mean(name, tuple(sorted(known)))
            place = (*path, name) if isinstance(names, dict) else (*path, index)
            yield Mistake(place, f"there is no {what} {shown(name)}{near}")


def _duplicates(written: Table) -> Iterator[Mistake]:
    for section, key in _UNIQUE:
        seen: dict[str, int] = {}
        for index, row in enumerate(_rows(written, section)):
            value = row.get(key)
            if isinstance(value, str):
                first = seen.setdefault(value.casefold(), index)
                if first != index:
                    message = f"{shown(value)} is taken by {section}[{first}]"
                    yield Mistake((section, index, key), message)
    for index, row in enumerate(_rows(written, "accounts")):
        if row.get("inbox", "inbox.jsonl") == row.get("outbox", "outbox.jsonl"):
            yield Mistake(("accounts", index, "outbox"), "is the inbox: what is posted would come in again")


def _order(written: Table, merged: Table) -> Iterator[Mistake]:
    """Thresholds fall and deadlines grow from urgent to low; the ladder climbs."""
    triage, deadlines = _section(merged, "triage"), _section(merged, "deadlines")
    for first, second in pairwise(PRIORITIES):
        more, less = triage.get(first), triage.get(second)
        if isinstance(more, int) and isinstance(less, int) and more <= less:
            yield _clash(written, "triage", (first, more, "above"), (second, less, "below"))
        sooner, later = deadlines.get(first), deadlines.get(second)
        if _seconds(sooner, 0) > _seconds(later, sys.maxsize):
            yield _clash(written, "deadlines", (first, sooner, "at most"), (second, later, "at least"))
    yield from _order_by_channel(_section(written, "deadlines"), deadlines)
    ladder = _section(merged, "block").get("ladder")
    rungs = RUNGS
    if isinstance(ladder, list) and ladder != [rung for rung in rungs if rung in ladder]:
        yield Mistake(("block", "ladder"), f"the rungs are {', '.join(rungs)}: each once, and in this order")


def _below_zero(written: Table) -> Iterator[Mistake]:
    """Thresholds and limits that the evidence would be over before there is any; those of the wording are odds."""
    for name, weight in _section(_section(written, "triage"), "weights").items():
        limits = name.startswith(("threshold/", "most/")) and not name.startswith("threshold/wording")
        if limits and isinstance(weight, int | float) and weight < 0:
            yield Mistake(("triage", "weights", name), f"{shown(weight)} is below 0")


def _order_by_channel(written: Table, deadlines: Table) -> Iterator[Mistake]:
    """Those of one kind of channel grow too, laid over the others."""
    for channel in (name for name, own in written.items() if isinstance(own, dict)):
        own = _section(deadlines, channel)
        whole = {tier: own.get(tier, deadlines.get(tier)) for tier in PRIORITIES}
        for first, second in pairwise(PRIORITIES):
            sooner, later = whole[first], whole[second]
            if _seconds(sooner, 0) > _seconds(later, sys.maxsize):
                here = second if second in own else first
                message = f"{shown(later)} for {second} is sooner than {shown(sooner)} for {first}"
                yield Mistake(("deadlines", channel, here), message)


def _holidays(merged: Table) -> Iterator[Mistake]:
    """Dates that are both closed and open, and holidays of a place that nobody knows."""
    hours = _section(merged, "hours")
    dates = (hours.get("closed"), hours.get("open"))
    closed, opened = (one if isinstance(one, list) else [] for one in dates)
    for index, day in enumerate(opened):
        if day in closed:
            yield Mistake(("hours", "open", index), f"{shown(day)} stands in hours.closed too")
    place = hours.get("holidays")
    if isinstance(place, str) and place:
        from socialcli.policy.holidays import mistake

        if wrong := mistake(place):
            yield Mistake(("hours", "holidays"), wrong)


def _strange_topics(written: Table, merged: Table) -> Iterator[Mistake]:
    """Topics of the reports that nothing can be about."""
    known = frozenset(str(row.get("name")) for row in _rows(merged, "topics"))
    for key, names in _section(written, "report").items():
        yield from _strange(("report", key), names, known, "topic")


def _clash(written: Table, section: str, one: tuple[str, Any, str], two: tuple[str, Any, str]) -> Mistake:
    """Two keys in the wrong order, told at the one that the user wrote. Each: key, value, how it should be."""
    here, there = (two, one) if two[0] in _section(written, section) else (one, two)
    return Mistake(
        (section, here[0]), f"{shown(here[1])} is not {here[2]} {section}.{there[0]} ({shown(there[1])})"
    )


def _seconds(text: Any, otherwise: int) -> int:
    """``otherwise`` for what is no duration; that has been told already."""
    try:
        return parse_duration(text)
    except (ValueError, TypeError):
        return otherwise


def _absent(merged: Table) -> Iterator[Mistake]:
    """What must not be empty."""
    for section, what in (("accounts", "account"), ("agents", "agent")):
        if merged.get(section) == []:
            yield Mistake((section,), f"at least one {what} is needed")
    if _section(merged, "brand").get("languages") == []:
        yield Mistake(("brand", "languages"), "at least one language is needed")
    if _section(merged, "approval").get("by") == []:
        yield Mistake(("approval", "by"), "at least one role is needed")
    hours = _section(merged, "hours")
    blank = all(isinstance(hours.get(day, ""), str) and not hours.get(day, "").strip() for day in _DAYS)
    if hours.get("coverage") == "hours" and blank:
        yield Mistake(("hours", "coverage"), '"hours", but no day of the week has any')


def _no_author(written: Table, merged: Table) -> Iterator[Mistake]:
    """Authors whose drafts are to be approved, and who are no agents."""
    known = tuple(str(row.get("id")) for row in _rows(merged, "agents"))
    authors = _section(written, "approval").get("authors")
    for number, value in enumerate(authors if isinstance(authors, list) else ()):
        if isinstance(value, str) and value not in known:
            message = f"there is no agent {shown(value)}{did_you_mean(value, known)}"
            yield Mistake(("approval", "authors", number), message)


def _strange_agents(written: Table, merged: Table) -> Iterator[Mistake]:
    """Topics that are none, and accounts of their own that are not there, or not theirs alone."""
    topics = frozenset(str(row.get("name")) for row in _rows(merged, "topics"))
    roles = {str(row.get("name")): row.get("role", "service") for row in _rows(merged, "accounts")}
    taken: dict[str, int] = {}
    for index, row in enumerate(_rows(written, "agents")):
        yield from _strange(("agents", index, "topics"), row.get("topics"), topics, "topic")
        name = row.get("account")
        if not isinstance(name, str) or not name:
            continue
        first = taken.setdefault(name, index)
        if name not in roles:
            wrong = f"there is no account {shown(name)}{did_you_mean(name, tuple(roles))}"
        elif roles[name] != "agent":
            wrong = f"{shown(name)} is not an agent's own account (its role is {roles[name]})"
        else:
            wrong = f"{shown(name)} is taken by agents[{first}]" if first != index else ""
        if wrong:
            yield Mistake(("agents", index, "account"), wrong)


def _nobody(written: Table, merged: Table) -> Iterator[Mistake]:
    """Saved filters that ask for an account or an agent who is not there."""
    for key, section, field, what in (
        ("account", "accounts", "name", "account"),
        ("assignee", "agents", "id", "agent"),
    ):
        known = tuple(str(row.get(field)) for row in _rows(merged, section))
        for name, saved in _section(written, "filters").items():
            value = saved.get(key) if isinstance(saved, dict) else None
            nobody = key == "assignee" and value == "none"
            if isinstance(value, str) and value not in known and not nobody:
                yield Mistake(
                    ("filters", name, key), f"there is no {what} {shown(value)}{did_you_mean(value, known)}"
                )


def _roster(written: Table, merged: Table) -> Iterator[Mistake]:
    """Duties of somebody who is no agent, and such as end before they begin."""
    known = tuple(str(row.get("id")) for row in _rows(merged, "agents"))
    for number, row in enumerate(_rows(_section(written, "shift"), "roster")):
        who, first, last = (row.get(key) for key in ("agent", "from", "until"))
        if isinstance(who, str) and who not in known:
            message = f"there is no agent {shown(who)}{did_you_mean(who, known)}"
            yield Mistake(("shift", "roster", number, "agent"), message)
        if isinstance(first, str) and isinstance(last, str) and last and last < first:
            yield Mistake(("shift", "roster", number, "until"), f"{shown(last)} is before {shown(first)}")
