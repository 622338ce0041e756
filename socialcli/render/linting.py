"""What the linter found, and its rules, as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from socialcli.console import Screen
from socialcli.model.linted import Linted, Place, Placed, RuleRecord, TemplateCheck
from socialcli.render.screen import folded, paint
from socialcli.text.clean import harmless

_SHOWN = 60  # characters of the words that a finding points at


def linted(looked: Iterable[Linted], what: str, screen: Screen) -> Iterator[str]:
    """``file:line:column: level rule message`` for each finding, then how much was looked at and found; ``what`` is
    what was looked at: "text", "record", "template".
    """
    levels: Counter[str] = Counter()
    seen: set[object] = set()
    for number, one in enumerate(looked):
        seen.add(one.record.template if isinstance(one.record, TemplateCheck) else number)
        for placed in one.placed:
            levels[placed.finding.level] += 1
            yield from _finding(placed, screen)
    found = [_counted(levels[level], level) for level in ("error", "warning") if levels[level]]
    found += [f"{levels['info']} info"] if levels["info"] else []
    yield f"{_counted(len(seen), what)} checked: {', '.join(found) or 'nothing found'}"


def _finding(placed: Placed, screen: Screen) -> Iterator[str]:
    finding = placed.finding
    start = f"{_where(placed.place)}{paint(finding.level, finding.level, screen)} {harmless(finding.rule)}"
    yield from folded(start, f" {harmless(message_of(placed))}", screen, "    ")
    if finding.suggestion:
        yield from folded("    ", harmless(finding.suggestion), screen, "    ")


def _where(place: Place) -> str:
    if place.file is None:
        return ""
    column = f":{place.column}" if place.column else ""
    return f"{harmless(place.file)}:{place.line}{column}: "


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def message_of(placed: Placed) -> str:
    """What is wrong, with which words, and for whom where not for all. As it is: nothing is spelled out yet."""
    words, message = placed.words, placed.finding.message
    shown = f"{words[:_SHOWN]}…" if len(words) > _SHOWN else words
    quoted = f' ("{shown}")' if words.strip() and words not in message else ""
    about = f" [{placed.about}]" if placed.about else ""
    return f"{message}{quoted}{about}"


def rules(records: Iterable[RuleRecord], screen: Screen) -> Iterator[str]:
    """One rule in full; several as a list."""
    found = list(records)
    if len(found) == 1:
        yield from _rule(found[0], screen)
        return
    for one in found:
        level = paint(one.in_force, one.in_force, screen)
        yield from folded(f"{one.id} ({level})", f"  {one.why}", screen, "    ")


def _rule(one: RuleRecord, screen: Screen) -> Iterator[str]:
    yield f"{one.id} ({paint(one.in_force, one.in_force, screen)}, set by {one.set_by})"
    yield f"  {one.why}"
    yield f"  good: {harmless(one.good)}"
    yield from (f"  bad:  {harmless(example)}" for example in one.bad)
    if one.in_force != one.level:
        yield f"  its own level: {one.level}"
    if one.fix:
        yield f"  lint --fix {one.fix}"
    yield f'  level: [checks] "{one.id}" = "error", "warning", "info" or "off" in policies.toml'
    yield f'  one template: allow = {{"{one.id}" = "why"}} in its head'
    if one.may_allow:
        yield f'  one reply: reply --allow {one.id} --reason "why"'
