"""The drafts in the queue, statements among them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import msgspec

from socialcli.errors import NotFoundError, UsageError
from socialcli.model.draft import Draft, State
from socialcli.model.statement import Said, Statement
from socialcli.queue.facts import ON_ITS_WAY, decode_draft, message_key
from socialcli.queue.journal import Line
from socialcli.queue.reads import Reads
from socialcli.queue.records import StoredDraft
from socialcli.queue.rows import DraftRow, TicketRow
from socialcli.queue.schema import DRAFT_COLUMNS

_said = msgspec.json.Decoder(Said).decode


class Drafts(Reads):
    def drafts(
        self, number: int | None = None, *, states: Sequence[str] = (), newest: int = 0
    ) -> list[StoredDraft]:
        """Drafts of one ticket or of all, oldest first; with ``newest`` only so many of the newest."""
        where = ["ticket = ?"] if number is not None else []
        values: list[Any] = [number] if number is not None else []
        if states:
            where.append(f"state IN ({','.join('?' * len(states))})")
            values += states
        condition = f" WHERE {' AND '.join(where)}" if where else ""
        order = f" ORDER BY offset DESC LIMIT {newest}" if newest else " ORDER BY offset DESC"
        rows = self._rows(f"SELECT {DRAFT_COLUMNS} FROM drafts{condition}{order}", values)
        return [self._stored(DraftRow(*row)) for row in reversed(rows)]

    def draft_rows(self, numbers: Sequence[int]) -> list[DraftRow]:
        """What the index knows of the drafts of these tickets, in the order in which they were first written."""
        sql = f"SELECT {DRAFT_COLUMNS} FROM drafts WHERE ticket IN ({','.join('?' * len(numbers))}) ORDER BY offset"
        return [DraftRow(*row) for row in self._rows(sql, numbers)]

    def draft(self, name: str) -> StoredDraft:
        """By id or a unique beginning of one. Raises NotFoundError, UsageError."""
        rows = self._rows(
            f"SELECT {DRAFT_COLUMNS} FROM drafts WHERE id >= ? AND id < ? LIMIT 2", (name, f"{name}\uffff")
        )
        if not name or not rows:
            raise NotFoundError("draft", name, hint="socialcli outbox shows what is on its way")
        if len(rows) > 1:
            raise UsageError(f'more than one draft begins with "{name}"', hint="type more of it")
        return self._stored(DraftRow(*rows[0]))

    def acknowledgements(self, number: int) -> frozenset[str]:
        """The ids, as messages, of those that were sent in a ticket."""
        rows = self._rows(
            "SELECT coalesce(remote_id, id) FROM drafts WHERE ticket = ? AND acknowledges = 1 AND state = 'sent'",
            (number,),
        )
        return frozenset(name for (name,) in rows)

    def is_forgotten(self, draft: Draft) -> bool:
        """Whether the customer whose message the draft answers was erased, that message included."""
        if draft.ticket is None or draft.target is None:
            return False
        key = message_key(self.ticket(draft.ticket).network, draft.target)
        return bool(
            self._rows("SELECT 1 FROM erased_messages WHERE key = ? AND customer IS NOT NULL", (key,))
        )

    def on_its_way(self, number: int, *, but: str = "") -> StoredDraft | None:
        """The draft of this ticket that is on its way, another than ``but``."""
        for stored in self.drafts(number, states=ON_ITS_WAY):
            if stored.row.id != but:
                return stored
        return None

    def _stored(self, row: DraftRow) -> StoredDraft:
        with self._reader() as reader:
            whole = self._read(reader, row.offset, row.length, _whole_draft)
        return StoredDraft(
            row,
            msgspec.structs.replace(
                whole,
                ticket=None if row.ticket is None else self.ticket_by_number(row.ticket).id,
                state=row.state,
                remote_id=row.remote_id,
                url=row.url or whole.url,
                reason=row.reason,
                waiting_since=_moment(row.at) if row.state == "awaiting-approval" else None,
            ),
        )

    def asked_since(self, row: TicketRow) -> datetime | None:
        """Since when an answer to the ticket waits for somebody's yes."""
        sql = "SELECT min(at) FROM drafts WHERE ticket = ? AND state = 'awaiting-approval'"
        at = self._rows(sql, (row.n,))[0][0]
        return None if at is None else _moment(at)

    def is_another(self, row: DraftRow, network: str, remote_id: str) -> bool:
        """Whether a post of ours is certainly not this draft: another draft was sent as it, or it was read
        before this one was first tried.
        """
        sent = "SELECT 1 FROM drafts WHERE remote_id = ? AND account = ? AND id != ? AND state = 'sent'"
        if self._rows(sent, (remote_id, row.account, row.id)):
            return True
        known = self._rows("SELECT offset FROM messages WHERE key = ?", (message_key(network, remote_id),))
        return bool(known) and known[0][0] < row.first_intended

    def posted_since(self, account: str, roads: Sequence[str], wall: float) -> list[float]:
        """When (epoch seconds, real clock, oldest first) drafts of ``account`` went out by these roads, or may
        have, since ``wall``.
        """
        rows = self._rows(
            f"SELECT wall FROM drafts WHERE wall >= ? AND account = ? AND road IN ({','.join('?' * len(roads))})"
            " AND +state IN ('intended', 'unknown', 'sent') ORDER BY wall",
            (wall, account, *roads),
        )
        return [when for (when,) in rows]

    def statements(self, newest: int = 20) -> list[Statement]:
        """Statements of every state, newest first. Only the newest that went out of an account promises an
        update.
        """
        rows = self._rows(
            f"SELECT {DRAFT_COLUMNS} FROM drafts WHERE said != '' ORDER BY at DESC, offset DESC LIMIT ?",
            (newest,),
        )
        found, told = [], set()
        for stored in (self._stored(DraftRow(*row)) for row in rows):
            latest = stored.draft.state == "sent" and stored.draft.account not in told
            found.append(statement_record(stored, self._now(), running=latest))
            if latest:
                told.add(stored.draft.account)
        return found


def statement_record(stored: StoredDraft, now: datetime, *, running: bool) -> Statement:
    said = _said(stored.row.said)
    at = _moment(stored.row.at)
    due = None
    if running and said.stage != "resolved" and said.next_update is not None:
        # What the words promise counts, however late they went out.
        due = said.promised.astimezone(UTC) if said.promised else at + timedelta(seconds=said.next_update)
    return Statement(
        draft=stored.draft.id,
        account=stored.draft.account,
        stage=said.stage,
        state=cast("State", stored.row.state),
        text=stored.draft.text,
        at=at,
        url=stored.draft.url,
        incident=said.incident,
        next_update_at=due,
        overdue=due is not None and due < now,
    )


def _moment(at: str) -> datetime:
    """The time of a line, in whole seconds."""
    return datetime.fromisoformat(at).astimezone(UTC).replace(microsecond=0)


def _whole_draft(line: Line) -> Draft:
    whole = decode_draft(line.data).whole
    if whole is None:
        raise ValueError("the draft is missing")
    return whole
