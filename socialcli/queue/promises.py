"""What we promised and by when: in answers to one customer, and in statements to all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from socialcli.model.promise import Promise, Promised, PromiseState
from socialcli.model.ticket import Customer
from socialcli.queue.drafts import Drafts, statement_record
from socialcli.queue.facts import decode_draft, decode_message
from socialcli.queue.journal import Line
from socialcli.queue.records import StoredDraft
from socialcli.queue.rows import DraftRow, TicketRow, has_it
from socialcli.queue.schema import DRAFT_COLUMNS

_SENT = f"SELECT {DRAFT_COLUMNS} FROM drafts INDEXED BY drafts_promised WHERE until IS NOT NULL AND state = 'sent'"
_STATEMENTS = 200  # the newest that are looked through


class Promises(Drafts):
    def promises(self, *, kept: bool = False) -> list[Promise]:
        """The open promises to everybody and to single customers, the soonest first; with ``kept`` all there ever
        were.
        """
        rows = self._rows(_SENT if kept else f"{_SENT} AND kept IS NULL")
        found = [one for values in rows for one in self._promised(DraftRow(*values))]
        found += self._promised_to_all(kept=kept)
        return sorted(found, key=lambda one: (one.until, one.draft, one.words))

    def promises_to(self, row: TicketRow) -> list[Promise]:
        """The open promises in this ticket, the soonest first."""
        sql = f"SELECT {DRAFT_COLUMNS} FROM drafts WHERE ticket = ? AND until IS NOT NULL AND kept IS NULL"
        rows = self._rows(f"{sql} AND state = 'sent' ORDER BY until, id", (row.n,))
        return [one for values in rows for one in self._promised(DraftRow(*values))]

    def broken(self) -> int:
        """How many answers hold a promise that is open and past."""
        sql = (
            "SELECT count(*) FROM drafts INDEXED BY drafts_promised WHERE until IS NOT NULL AND kept IS NULL"
        )
        return int(self._rows(f"{sql} AND until < ? AND state = 'sent'", (self._seconds_now(),))[0][0])

    def _seconds_now(self) -> int:
        return int(self._now().timestamp())

    def _promised(self, draft: DraftRow) -> Iterator[Promise]:
        """Each promise of an answer that was sent."""
        with self._reader() as reader:
            told = self._read(reader, draft.offset, draft.length, _told)
            if draft.ticket is None or not told:
                return
            row = self.ticket_by_number(draft.ticket)
            customer = self._read(reader, row.text_offset, row.text_length, _customer)
        for one in told:
            yield Promise(
                draft=draft.id,
                ticket=row.id,
                account=draft.account,
                customer=customer,
                words=one.words,
                until=one.until.astimezone(UTC),
                promised_at=_moment(draft.at),
                by=draft.agent,
                state=_state(one.until, self._now(), draft.kept),
                kept_at=None if draft.kept is None else datetime.fromtimestamp(draft.kept, UTC),
                assignee=has_it(row, self._seconds_now()),
            )

    def _promised_to_all(self, *, kept: bool) -> Iterator[Promise]:
        """The next updates that statements promise: the newest of an account, with ``kept`` the earlier ones too."""
        sql = f"SELECT {DRAFT_COLUMNS} FROM drafts WHERE said != '' AND state = 'sent' ORDER BY at DESC, offset DESC"
        followed: dict[str, datetime] = {}  # when the next thing was said, by account
        for values in self._rows(f"{sql} LIMIT ?", (_STATEMENTS,)):
            stored = self._stored(DraftRow(*values))
            account = stored.draft.account
            if kept or account not in followed:
                yield from self._update(stored, followed.get(account))
            followed[account] = _moment(stored.row.at)

    def _update(self, stored: StoredDraft, next_at: datetime | None) -> Iterator[Promise]:
        statement = statement_record(stored, self._now(), running=True)
        if statement.next_update_at is None:
            return
        from socialcli.text.pledges import pledges_in

        said = [one for one in pledges_in(statement.text) if one.time is not None]
        yield Promise(
            draft=statement.draft,
            ticket=None,
            account=statement.account,
            customer=None,
            words=statement.text[said[0].start : said[0].end] if said else "next update",
            until=statement.next_update_at,
            promised_at=statement.at,
            by=stored.draft.agent,
            state=_state(
                statement.next_update_at, self._now(), None if next_at is None else int(next_at.timestamp())
            ),
            kept_at=next_at,
            assignee=None,
        )


def _told(line: Line) -> list[Promised]:
    return decode_draft(line.data).promised


def _customer(line: Line) -> Customer:
    author = decode_message(line.data).author
    return Customer(author.handle, author.name)


def _moment(at: str) -> datetime:
    return datetime.fromisoformat(at).astimezone(UTC).replace(microsecond=0)


def _state(until: datetime, now: datetime, kept: int | None) -> PromiseState:
    if kept is not None:
        return "kept" if kept <= until.timestamp() else "kept-late"
    return "broken" if until < now else "open"
