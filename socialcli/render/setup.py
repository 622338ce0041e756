"""What bringing in, setting up and checking found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from msgspec import UNSET

from socialcli.console import Screen
from socialcli.model.answers import Fetched, Health, Made
from socialcli.render.screen import folded, paint
from socialcli.text.clean import harmless

_INDENT = " " * 8  # the width of a state
_MOST_OF_A_FOLDER = 10  # files that are shown one by one
_MOST_OF_A_KIND = 200  # findings that are shown


def fetched(records: Iterable[Fetched], _screen: Screen) -> Iterator[str]:
    for one in records:
        rejected = f", {one.rejected} rejected" if one.rejected else ""
        yield f"{harmless(one.account)}: {one.read} read, {one.new} new, {one.known} known{rejected}"


def health(records: Iterable[Health], screen: Screen) -> Iterator[str]:
    """Findings kind by kind, of each the first ones; ``--json`` lists them all."""
    found: dict[str, list[Health]] = {}
    count: Counter[str] = Counter()
    for one in records:
        if one.kind is UNSET:
            yield from _found(found, count, screen)
            yield from _health(one, screen)
            continue
        count[one.kind] += 1
        if count[one.kind] <= _MOST_OF_A_KIND:
            found.setdefault(one.kind, []).append(one)
    yield from _found(found, count, screen)


def _found(found: dict[str, list[Health]], count: Counter[str], screen: Screen) -> Iterator[str]:
    """What was kept back of these findings, which is then no more."""
    for kind, first in found.items():
        for one in first:
            yield from _health(one, screen)
        if count[kind] > len(first):
            yield f"{_INDENT}and {count[kind] - len(first):,} more of the kind {kind}: --json lists each"
    found.clear()
    count.clear()


def _health(one: Health, screen: Screen) -> Iterator[str]:
    head = paint(f"{one.state:8}", one.state, screen)
    for line in f"{harmless(one.what)}: {harmless(one.detail, lines=True)}".split("\n"):
        yield from folded(head, line, screen, _INDENT)
        head = ""
    if one.next:
        yield from folded(_INDENT, f"next: {harmless(one.next)}", screen, _INDENT)


def made(records: Iterable[Made], screen: Screen) -> Iterator[str]:
    """A file a line; on a terminal many of a folder are one line."""
    for (state, folder), paths in _by_folder(records).items():
        if screen.terminal and len(paths) > _MOST_OF_A_FOLDER:
            yield f"{state:7}  {harmless(folder)}: {len(paths)} files"
        else:
            yield from (f"{state:7}  {harmless(path)}" for path in paths)


def _by_folder(records: Iterable[Made]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for one in records:
        found.setdefault((one.state, str(PurePath(one.path).parent)), []).append(one.path)
    return found
