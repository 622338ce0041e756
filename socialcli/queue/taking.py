"""The fold of messages: which ticket they open or join, and what waits there for an answer.

This is the part that runs a million times when an index is built, so it asks the tables as little as it can.
"""

from __future__ import annotations

from socialcli.model.message import Message
from socialcli.queue.facts import (
    MessageLine,
    answered,
    conversation,
    created_of,
    decode_alias,
    gone,
    message_key,
    read_message,
)
from socialcli.queue.folding import Folding
from socialcli.queue.journal import Line
from socialcli.queue.rows import TicketRow, Waiting, customer_key
from socialcli.queue.schema import MESSAGE


class Taking(Folding):
    def take(self, line: Line | MessageLine, message: Message, offset: int, length: int) -> None:
        """Fold one message. Raises ValueError for an answer of ours in a ticket that is not there."""
        tables = self._tables
        key = message_key(message.network, message.id)
        known = tables.message(key)
        if known is not None:
            self._also_called(line.ticket, known[1])
            return
        created = created_of(message)
        inbound = message.direction == "inbound"
        row = None
        if line.ticket is not None:
            row = tables.ticket(line.ticket)
            if row is None and not inbound:
                raise ValueError(f"no ticket {line.ticket}")
            row = row or self._open(line.ticket, message, created)
            tables.add_event(row.n, offset, length, MESSAGE)
        number = None if row is None else row.n
        tables.add_message(key, number, offset, length)
        for version in message.versions:
            tables.add_message(message_key(message.network, version), number, offset, length)
        if not inbound:
            self._our_message(message, row, created, key)
        elif row is not None:
            over = message.erased and bool(tables.erased_among([line.id]))
            self._inbound(message, row, created, offset, length, key, over=over)

    def _also_called(self, name: str | None, number: int | None) -> None:
        """Two journals may have opened a ticket each with the same message: both names resolve."""
        if name is not None and number is not None and self._tables.ticket(name) is None:
            self._tables.add_alias(name, number)

    def _open(self, name: str, message: Message, created: int) -> TicketRow:
        handle = customer_key(message.author.handle)
        row = TicketRow(
            self._tables.number_of(name, created), name, message.network, message.account, handle, message.author.id,
            handle, created, message.id,
        )  # fmt: skip
        self._tables.add_ticket(row)
        self._inboxes[row.n] = []
        return row

    def _inbound(
        self,
        message: Message,
        row: TicketRow,
        created: int,
        offset: int,
        length: int,
        key: str,
        *,
        over: bool,
    ) -> None:
        """``over``: its tombstone was folded before it; else it waits until that comes."""
        inbox = self._inbox(row)
        if row.due is not None and all(one.answered for one in inbox):
            row.due = None
        if row.messages:  # else it was opened just now
            self._wake(row, message, created)
        if offset < 0 or message.erased:  # what is read in an archive was finished when it came there
            row.archived, row.withdrawn = int(offset < 0), int(message.erased)
        row.messages += 1
        for answer in self._tables.early_answers(key):  # read before what they answer
            self._tables.adopt(answer, row.n)
            row.colleague = max(row.colleague, answer.created)
            row.messages += 1
        answered = over or created <= row.colleague
        inbox.append(Waiting(offset, length, created, message.id, answered, over))
        if created > row.text_created or (created == row.text_created and message.id > row.text_id):
            row.text_offset, row.text_length = offset, length
            row.text_created, row.text_id = created, message.id
            if row.messages > 1:
                row.called = customer_key(message.author.handle)
        self._anchor(message, row)
        author = message.author
        self._tables.lately.hear(message.account, created, offset, length, row.n, author.id or author.handle)

    def _wake(self, row: TicketRow, message: Message, created: int) -> None:
        """One more message of the customer: it is on the desk again."""
        row.solved = row.withdrawn = row.archived = row.held = 0
        row.snoozed = None
        row.author = row.author or message.author.id
        if created <= row.opened:
            row.opened, row.opened_id = min((row.opened, row.opened_id), (created, message.id))

    def _anchor(self, message: Message, row: TicketRow) -> None:
        """The ticket can be found by the conversation, and by a message that stands in no other thread of it."""
        tables, network = self._tables, message.network
        named = message.conversation_id
        if named is not None and self._anchored.get(row.n) != named:
            self._anchored[row.n] = named
            tables.set_anchor(conversation(network, named) + row.customer, row.n)
        if message.in_reply_to is not None:
            parent = tables.message(message_key(network, message.in_reply_to))
            if parent is None or parent[1] != row.n:
                tables.set_anchor(answered(network, message.in_reply_to) + row.customer, row.n)

    def _our_message(self, message: Message, row: TicketRow | None, created: int, key: str) -> None:
        tables = self._tables
        parent = None if message.in_reply_to is None else message_key(message.network, message.in_reply_to)
        if row is None:
            if parent is not None:
                tables.set_early_answer(parent, key, created)
            return
        inbox = self._inbox(row)
        if message.in_reply_to is not None and parent is not None and tables.message(parent) is None:
            tables.set_anchor(answered(message.network, message.in_reply_to) + row.customer, row.n)
        if tables.is_our_post(row.n, message.id):
            return  # a draft of ours, which has its own events
        row.messages += 1
        row.colleague = max(row.colleague, created)
        self._keep_promises(row, created, only_earlier=True)
        for one in inbox:
            one.answered = one.answered or one.created <= created

    # what became of messages

    def _on_changed(self, line: Line, row: TicketRow, offset: int, length: int) -> None:
        """An edit, or another handle of its author: the same message as it is now."""
        message = read_message(line)
        created = created_of(message)
        tables, network = self._tables, message.network
        keys = [message_key(network, one) for one in (message.id, *message.versions)]
        known = tables.message(keys[0])
        if known is None or known[1] != row.n:
            raise ValueError(f"no message {message.id} in ticket {row.id}")
        for key in keys:
            if line.event != "renamed":
                tables.set_stale(key, offset)
            tables.add_version(key, row.n, offset, length)
        if tables.message(message_key(network, gone(message.id))) is not None:
            return
        inbox = self._inbox(row)
        if line.event == "edited":  # other words are owed another look, and another answer
            if not any(not one.answered for one in inbox):
                row.due = None
            inbox[:] = [one for one in inbox if one.id != message.id]
            inbox.append(Waiting(offset, length, created, message.id))
            row.solved = 0
            row.archived = int(offset < 0)
            row.held = 0
            row.snoozed = None
        if message.id == row.text_id:
            row.text_offset, row.text_length = offset, length
            row.called = customer_key(message.author.handle)

    def _on_deleted(self, line: Line, row: TicketRow, offset: int, length: int) -> None:
        """Its author took it back: nobody owes it an answer any more."""
        self._on_changed(line, row, offset, length)
        message = read_message(line)
        key = message_key(message.network, gone(message.id))
        self._tables.add_version(key, row.n, offset, length)
        inbox = self._inbox(row)
        for one in inbox:
            if one.id == message.id:
                row.withdrawn = row.withdrawn or int(not one.answered)
                one.answered = one.assessed = True
        waiting = max((one for one in inbox if not one.answered), key=lambda one: one.created, default=None)
        if message.id == row.text_id and waiting is not None:
            row.text_offset, row.text_length = waiting.offset, waiting.length
            row.text_created, row.text_id = waiting.created, waiting.id

    def _on_alias(self, line: Line) -> None:
        other = self._tables.ticket(decode_alias(line.data).of)
        if other is None or line.ticket is None or self._tables.ticket(line.ticket) is not None:
            return
        self._inbox(other)
        self._tables.rename(other, line.ticket)
