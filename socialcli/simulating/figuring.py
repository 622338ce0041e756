"""Counts what one policy makes of messages and waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from socialcli.model.simulated import Figures, Simulation
from socialcli.simulating.turns import Turn


class Figuring:
    """``until``: when the journal ends."""

    def __init__(self, until: datetime | None) -> None:
        self._until = until
        self._counts: Counter[str] = Counter()

    def take(self, turns: Sequence[Turn], side: int) -> None:
        for turn in turns:
            standing = turn.looks[side].standing
            self._counts.update((standing.respond, standing.priority))
            if turn.end and standing.due_at is not None:
                self._counts[self._outcome(turn.answered, standing.due_at)] += 1

    def _outcome(self, answered: datetime | None, due: datetime) -> str:
        if answered is not None:
            return "met" if answered <= due else "missed"
        return "missed" if self._until is not None and due < self._until else "waiting"

    def figures(self, incidents: int | None) -> Figures:
        counted = {name: self._counts[name] for name in Figures.__struct_fields__ if name != "incidents"}
        return Figures(**counted, incidents=incidents)


class Totals:
    """Of all tickets, by one policy or two. ``until``: when the journal ends."""

    def __init__(self, until: datetime | None, sides: int) -> None:
        self._until = until
        self._figuring = [Figuring(until) for _ in range(sides)]
        self._tickets = 0
        self._messages = 0
        self._since: datetime | None = None

    def take(self, story: Sequence[Turn]) -> None:
        """One more ticket."""
        self._tickets += 1
        self._messages += len(story)
        self._since = story[0].at if self._since is None else min(self._since, story[0].at)
        for side, figures in enumerate(self._figuring):
            figures.take(story, side)

    def figures(self, journal: str, moved: int, incidents: Sequence[int]) -> Simulation:
        """``incidents``: of each side, or of none."""
        found = [
            figures.figures(incidents[side] if incidents else None)
            for side, figures in enumerate(self._figuring)
        ]
        return Simulation(
            journal=journal,
            since=self._since,
            until=self._until if self._tickets else None,
            tickets=self._tickets,
            messages=self._messages,
            moved=moved,
            before=found[0],
            after=found[1] if len(found) > 1 else None,
        )
