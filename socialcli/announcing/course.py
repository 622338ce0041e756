"""Where an account stands with its statements: one runs from its first to "resolved"; the next begins anew."""

from __future__ import annotations

from msgspec import Struct

from socialcli.model.statement import Statement
from socialcli.queue.store import Queue

_NEWEST = 200  # statements, of all accounts and states, that are looked through


class Course(Struct, frozen=True):
    """What an account has said to everybody, newest first."""

    sent: tuple[Statement, ...]

    @property
    def running(self) -> Statement | None:
        """The latest word on a problem that is not solved."""
        return self.sent[0] if self.sent and self.sent[0].stage != "resolved" else None

    @property
    def incident(self) -> str | None:
        """What the one that runs is about, where that was said."""
        return None if self.running is None else self.running.incident

    @property
    def key(self) -> str:
        """Names what runs, or would begin now: the draft that ended the one before, "" for the first."""
        return next((one.draft for one in self.sent if one.stage == "resolved"), "")

    @property
    def key_of_latest(self) -> str:
        """Names the course of the newest statement, whether it still runs or not."""
        return Course(self.sent[1:]).key


def sent_statements(queue: Queue) -> list[Statement]:
    """What went out, of all accounts, newest first."""
    return [one for one in queue.statements(_NEWEST) if one.state == "sent"]


def course_of(account: str, sent: list[Statement]) -> Course:
    return Course(tuple(one for one in sent if one.account == account))
