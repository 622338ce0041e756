"""Entries of the knowledge base: those that fit, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from socialcli.console import Screen
from socialcli.model.knowledge import Because, Entry, Imported, Match
from socialcli.render.screen import folded
from socialcli.text.clean import harmless


def matches(records: Iterable[Match], screen: Screen) -> Iterator[str]:
    """Each entry with the words by which it fits."""
    for one in records:
        yield from entry_lines(one.entry, screen)
        yield from folded("", f"  {one.score:g}: {'; '.join(map(_because, one.because))}", screen, "    ")


def entries(records: Iterable[Entry], screen: Screen) -> Iterator[str]:
    for one in records:
        yield from entry_lines(one, screen)


def entry_lines(one: Entry, screen: Screen) -> Iterator[str]:
    about = ", ".join(harmless(part) for part in (one.language, one.topic) if part)
    yield from folded(
        harmless(one.id), f"  {harmless(one.question)}{f'  ({about})' if about else ''}", screen, "  "
    )
    for line in harmless(one.answer, lines=True).split("\n"):
        yield from folded("", f"  | {line}", screen, "  | ")
    if one.link is not None:
        yield f"  {harmless(one.link)}"


def imported(records: Iterable[Imported], screen: Screen) -> Iterator[str]:  # noqa: ARG001 - a view takes it
    for one in records:
        yield f"{one.read} read, {one.new} new, {one.known} known, {one.rejected} rejected"


def _because(one: Because) -> str:
    if one.where in ("question", "answer"):
        return f'"{harmless(one.words)}" in the {one.where} {one.points:+g}'
    return f"{'another' if one.where == 'language' else 'the same'} {one.where} {one.points:+g}"
