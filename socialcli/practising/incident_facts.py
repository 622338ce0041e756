"""What a learner did about a practised incident, as the journal of its workspace has it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from socialcli.model.incident import Incident
from socialcli.model.statement import Stage
from socialcli.outbox.statements import said_of
from socialcli.practising.incident_cases import Staged
from socialcli.queue.records import StoredDraft
from socialcli.queue.store import Queue


class Answer(Struct, frozen=True):
    """What went out to one customer."""

    handle: str
    at: datetime
    text: str
    points: bool  # it only points to a statement


class Told(Struct, frozen=True):
    """A statement that went out. ``promised``: when the next was promised, None where none was."""

    account: str
    stage: Stage
    at: datetime
    text: str
    promised: datetime | None


class Facts(Struct, frozen=True):
    """All of it, each oldest first. ``end``: the time of the last event."""

    incident: Incident | None
    statements: tuple[Told, ...]
    answers: tuple[Answer, ...]
    end: datetime

    def to(self, handle: str) -> list[Answer]:
        return [one for one in self.answers if one.handle == handle]

    def turned(self, state: str) -> datetime | None:
        """When the incident came to this state."""
        turns = () if self.incident is None else self.incident.history
        return next((turn.at for turn in turns if turn.state == state), None)


def facts(workspace: Path, staged: Staged, note: Callable[[str], None]) -> Facts:
    """Read from the journal; nothing is written to it."""
    queue = Queue(workspace, lambda: staged.start, note)
    try:
        return _read(queue)
    finally:
        queue.close()


def _read(queue: Queue) -> Facts:
    sent = [one for one in queue.drafts(states=("sent",)) if one.draft.ticket is not None]
    answers = [
        Answer(
            queue.record(queue.ticket(str(one.draft.ticket))).customer.handle,
            _moment(one.row.at),
            one.draft.text,
            bool(one.row.points),
        )
        for one in sent
    ]
    statements = [told for one in queue.drafts(states=("sent",)) if (told := _told(one)) is not None]
    times = [_moment(event.at) for event in queue.everything() if event.at is not None]
    return Facts(
        _incident(queue),
        tuple(sorted(statements, key=lambda one: (one.at, one.account))),
        tuple(sorted(answers, key=lambda one: (one.at, one.handle))),
        max(times, default=datetime(1970, 1, 1, tzinfo=UTC)),
    )


def _told(stored: StoredDraft) -> Told | None:
    said = said_of(stored)
    if said is None:
        return None
    at, promised = _moment(stored.row.at), said.promised
    if promised is None and said.next_update is not None:
        promised = at + timedelta(seconds=said.next_update)
    return Told(stored.draft.account, said.stage, at, stored.draft.text, promised)


def _incident(queue: Queue) -> Incident | None:
    """The one that most of the tickets are in; of those that were none only where there is no other."""
    found = queue.incidents()
    return max(found, key=lambda one: (one.state != "dismissed", len(one.tickets), one.id), default=None)


def _moment(at: str) -> datetime:
    return datetime.fromisoformat(at).astimezone(UTC).replace(microsecond=0)
