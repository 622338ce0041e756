"""A journal played again, message by message, by one policy or two. Of the journal nothing is written, nor beside
it: it is folded in a folder that goes when the replay is over.

Time is the messages' own. Each is weighed with what stood in its ticket before it; the answers are those that
were really given, and are held against the deadlines that each policy would have set. What was not answered
is over time if its deadline is over when the last customer wrote. What a person set by hand wins by both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from socialcli import workspace
from socialcli.app import App
from socialcli.errors import InvalidError
from socialcli.model.simulated import Simulation, WhatIf
from socialcli.queue.archives import FOLDER
from socialcli.queue.filtering import Filter
from socialcli.queue.rows import TicketRow
from socialcli.queue.store import Queue
from socialcli.simulating.figuring import Totals
from socialcli.simulating.moves import Moves, move
from socialcli.simulating.sides import Side
from socialcli.simulating.spreading import Ears
from socialcli.simulating.turns import Turn, turns

_JOURNAL = "queue.jsonl"


class Replay:
    """``sides``: one or two. ``last``: seconds before the last message from which on messages count; None: all.
    ``incidents``: also count the incidents that would have been suspected.
    """

    def __init__(
        self, app: App, journal: str, sides: Sequence[Side], last: int | None, *, incidents: bool = False
    ) -> None:
        self._app = app
        self._name = journal
        self._path = _readable(journal)
        self._sides = sides
        self._last = last
        self._incidents = incidents
        self.moves = Moves()

    def records(self) -> Iterator[WhatIf | Simulation]:
        """The tickets that would have moved, each at the first message that tells the two policies apart; then
        the figures. Raises InvalidError for a file that is no journal.
        """
        with _opened(self._app, self._path) as queue:
            newest = max((row.text_created for row in queue.rows(Filter())), default=None)
            if newest is None and queue.bad_lines():
                raise InvalidError(f"{self._name} is no journal", hint=f"name a workspace, or its {_JOURNAL}")
            until = None if newest is None else datetime.fromtimestamp(newest, UTC)
            since = None if until is None or self._last is None else until - timedelta(seconds=self._last)
            yield from self._play(queue, since, Totals(until, len(self._sides)))

    def _play(self, queue: Queue, since: datetime | None, totals: Totals) -> Iterator[WhatIf | Simulation]:
        rows = queue.rows(Filter(sort="received"), asleep_last=False)
        ears = Ears()
        for row in self._app.console.progress(rows, "replay"):
            over = since is not None and row.text_created < since.timestamp()
            if over and not self._incidents:
                continue
            story = turns(queue, row, self._sides)
            if self._incidents:
                ears.hear(row, story)
            story = [turn for turn in story if since is None or turn.at >= since]
            if story:
                totals.take(story)
                moved = self._moved(row, story)
                yield from () if moved is None else (moved,)
        policies = [side.policy for side in self._sides] if self._incidents else []
        yield totals.figures(self._name, self.moves.moved, ears.suspicions(policies, since))

    def _moved(self, row: TicketRow, story: Sequence[Turn]) -> WhatIf | None:
        if len(self._sides) == 1:
            return None
        sides = (self._sides[0], self._sides[1])
        found: WhatIf | None = None
        for turn in story:
            one, other = turn.looks
            found = found or move(row.id, one, other, sides)
        self.moves.count(found, *story[-1].looks)
        return found


def _readable(name: str) -> Path:
    """The journal's file. Raises UsageError if there is none that can be read."""
    path = Path(name)
    path = path / _JOURNAL if path.is_dir() else path
    try:
        workspace.require_file(path)
        with path.open("rb"):
            return path.resolve()
    except OSError as error:
        raise workspace.unreadable(path, error) from error


@contextmanager
def _opened(app: App, journal: Path) -> Iterator[Queue]:
    """A queue to read; its index lies in a folder of its own."""
    with TemporaryDirectory(prefix="socialcli-replay-") as name:
        folder = Path(name)
        (folder / _JOURNAL).symlink_to(journal)
        if (journal.parent / FOLDER).is_dir():
            (folder / FOLDER).symlink_to(journal.parent / FOLDER)
        queue = Queue(folder, app.now, app.console.note)
        try:
            yield queue
        finally:
            queue.close()
