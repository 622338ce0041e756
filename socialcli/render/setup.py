"""What bringing in, setting up and checking found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from socialcli.console import Screen
from socialcli.model.answers import Fetched, Health, Made, RuleRecord
from socialcli.render.screen import paint
from socialcli.text.clean import harmless


def fetched(records: Iterable[Fetched], _screen: Screen) -> Iterator[str]:
    for one in records:
        rejected = f", {one.rejected} rejected" if one.rejected else ""
        yield f"{harmless(one.account)}: {one.read} read, {one.new} new, {one.known} known{rejected}"


def health(records: Iterable[Health], screen: Screen) -> Iterator[str]:
    for one in records:
        yield f"{paint(f'{one.state:8}', one.state, screen)}{harmless(one.what)}: {harmless(one.detail, lines=True)}"
        if one.next:
            yield f"        next: {harmless(one.next)}"


def made(records: Iterable[Made], _screen: Screen) -> Iterator[str]:
    for one in records:
        yield f"{one.state:7}  {harmless(one.path)}"


def rules(records: Iterable[RuleRecord], screen: Screen) -> Iterator[str]:
    for one in records:
        yield f"{one.id} ({paint(one.level, one.level, screen)})"
        yield f"  {one.why}"
        yield f"  good: {one.good}"
        yield from (f"  bad:  {example}" for example in one.bad)
