"""What triage thinks, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from socialcli.console import Screen
from socialcli.model.answers import ErrorRecord, Part, Why
from socialcli.model.assessment import Assessment, PrivateSpan
from socialcli.render.highlight import hidden, marked
from socialcli.render.screen import cut, folded, paint
from socialcli.text.clean import harmless

Find = Callable[[str], Sequence[PrivateSpan]]


def assessments(records: Iterable[Assessment | ErrorRecord], screen: Screen) -> Iterator[str]:
    for one in records:
        if isinstance(one, ErrorRecord):
            yield f"{paint('error', 'error', screen)}: {harmless(one.message)}"
            continue
        because = ", ".join(dict.fromkeys(reason.rule for reason in one.reasons[:4]))
        name = harmless(one.ticket or one.message_id)
        if not screen.terminal:
            yield "\t".join((name, one.respond, one.priority, str(one.score), one.kind, because))
            continue
        priority = paint(f"{one.priority:7}", one.priority, screen)
        room = max(20, screen.width - 47)
        yield f"{name:12}  {one.respond:8} {priority} {one.score:3}  {one.kind:10} {cut(because, room)}"


def why(find: Find) -> Callable[[Iterable[Why], Screen], Iterator[str]]:
    """The decision, the text with its telling words marked, a line a reason, the clocks, what would change it.
    ``find`` finds what is private in a text; on a terminal that is masked.
    """

    def view(records: Iterable[Why], screen: Screen) -> Iterator[str]:
        for one in records:
            private = find(one.text) if screen.terminal else ()
            yield from _verdict(one, screen)
            yield from _text(one, private, screen)
            for line in _because(one, private, find if screen.terminal else _nothing_private, screen):
                yield from folded("  ", line, screen, "    ")

    return view


def _text(one: Why, private: Sequence[PrivateSpan], screen: Screen) -> Iterator[str]:
    """Nothing of words that were erased."""
    if not screen.terminal:
        yield from ([f"  {harmless(one.text)}"] if one.text else [])
        return
    spans = [(part.start, part.end) for part in one.parts if part.message_id == one.assessment.message_id]
    yield from marked(one.text, spans, private, screen)


def _nothing_private(_text: str) -> Sequence[PrivateSpan]:
    return ()


def _verdict(one: Why, screen: Screen) -> list[str]:
    found = one.assessment
    topic = f", {harmless(found.topic)}" if found.topic else ""
    priority = paint(found.priority, found.priority, screen)
    head = f"{harmless(one.ticket)}: {found.respond}, {priority}"
    return folded(head, f" ({found.score} of 100), {found.kind}{topic}", screen, "  ")


def _by_hand(fields: dict[str, Any]) -> str:
    """What a person set, who, and why; what follows from it (score, clocks) is left out."""
    told = {
        key: value
        for key, value in fields.items()
        if key not in ("score", "due", "warn", "head_start", "by", "reason")
    }
    what = ", ".join(f"{key} = {value}" for key, value in told.items())
    return harmless(f"{what}, set by {fields.get('by')}: {fields.get('reason')}")


def _because(one: Why, private: Sequence[PrivateSpan], find: Find, screen: Screen) -> Iterator[str]:
    if one.by_hand:
        yield f"by hand, which wins: {_by_hand(one.by_hand)}; what stands below is what triage says"
    for part in one.parts:
        told = _part(part, one, private, find)
        yield f"{told}  {harmless(part.key)}" if part.key and not screen.terminal else told
    if screen.terminal and (keys := _keys(one.parts)):
        yield f"set by: {keys}"
    for name, clock in one.clocks.items():
        yield f"{name}: {harmless(clock)}"
    for change in one.would_change:
        yield harmless(change)


def _keys(parts: Sequence[Part]) -> str:
    """The keys that set the points. Most are a rule's own weight, which goes without its name."""
    keys = dict.fromkeys(part.key for part in parts if part.key)
    own = {f'triage.weights."{part.rule}"' for part in parts}
    told = [harmless(key) for key in keys if key not in own]
    return ", ".join(['triage.weights."RULE"', *told] if len(told) < len(keys) else told)


def _part(part: Part, one: Why, private: Sequence[PrivateSpan], find: Find) -> str:
    """``+50  time/deadline-today  "in 40 min" at 42-51``."""
    told = [f"{part.points:+5g}", harmless(part.rule)]
    if part.words and part.message_id == one.assessment.message_id:
        told.append(
            f'"{harmless(hidden(one.text, (part.start, part.end), private))}" at {part.start}-{part.end}'
        )
    elif part.words:
        words = hidden(part.words, (0, len(part.words)), find(part.words))
        told.append(f'"{harmless(words)}" in the earlier message {harmless(part.message_id or "")}')
    elif part.message_id:
        told.append(f"the earlier message {harmless(part.message_id)}")
    return "  ".join(told)
