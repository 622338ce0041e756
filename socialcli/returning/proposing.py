"""Whether a ticket could go on in private, told wherever an agent looks at it. Asks no network and needs no login."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from socialcli import offline
from socialcli.app import App
from socialcli.channels.base import Way
from socialcli.errors import NotFoundError
from socialcli.model.answers import Offline
from socialcli.model.assessment import Kind
from socialcli.model.message import Message
from socialcli.model.ticket import Event, Ticket
from socialcli.offline import Case, Field, Weighed
from socialcli.queue.rows import BUCKETS, TicketRow
from socialcli.text.wishes import wish_in

_ELSEWHERE = 20  # other tickets of the customer that are read, the newest
_DIGITS = 4  # fewer in a conversation are no number, no reference and no address
# An address of a mail, or a reference: letters alone, or letters and digits.
_TOLD = re.compile(r"[\w.+-]@\w|\b[A-Z]{5,}\b|\b(?=[A-Za-z]{0,12}\d)[A-Za-z0-9]{6,}\b", re.ASCII)
_LAST = BUCKETS["pending"]  # buckets behind this one are finished


def with_proposal(app: App, row: TicketRow, record: Ticket) -> Ticket:
    """The record, with the proposal where there is one."""
    found = proposal(app, row)
    return record if found is None else msgspec.structs.replace(record, offline=found)


def proposal(app: App, row: TicketRow) -> Offline | None:
    """What speaks for going on in private; None if nothing does, the ticket is finished or was moved already.

    The policy is read only where something may speak for it.
    """
    if row.bucket > _LAST:
        return None
    thread = app.queue.thread(row)
    if not _may_concern(thread):
        return None
    history = tuple(app.queue.history(row))
    if any(event.event == "moved" for event in history):
        return None
    target = next((message for message in thread if message.id == row.text_id), None)
    if target is None or target.erased:
        return None
    case = case_of(app, row, _way(app, row, target), thread=thread)
    weighed = _Before(app, history)
    return offline.judge(case, app.policy, weighed) if offline.reasons(case, app.policy, weighed) else None


def case_of(
    app: App,
    row: TicketRow,
    direct: Way | None = None,
    *,
    thread: Sequence[Message] = (),
    asked: tuple[Field, ...] = (),
) -> Case:
    """The ticket as ``offline.judge`` wants it; ``direct``: how a direct message could go, if that is known."""
    thread = tuple(thread or app.queue.thread(row))
    target = next((message for message in thread if message.id == row.text_id), None)
    if target is None:
        raise NotFoundError("message", row.text_id)
    others = [one for one in app.queue.tickets_of(row.network, row.called, row.author) if one.n != row.n]
    return Case(
        ticket=row.id,
        thread=thread,
        target=target,
        elsewhere=tuple(_inbound(app, others[:_ELSEWHERE])),
        direct=direct or app.channel(row.account).reach(target, "direct"),
        kept=offline.as_channel(app.queue.preference(row)),
        kept_at=offline.kept_at(app.queue, row),
        asked=asked,
        closed=offline.closed(app.queue, app.account(row.account), row, app.now()),
    )


def _inbound(app: App, rows: Sequence[TicketRow]) -> Iterator[Message]:
    for row in rows:
        yield from (message for message in app.queue.thread(row) if message.direction == "inbound")


def _way(app: App, row: TicketRow, target: Message) -> Way:
    """How a direct message could go, as far as what was read says so: the login is not asked."""
    if (
        app.account(row.account).network == "x"
        and target.visibility != "direct"
        and target.author.takes_direct is False
    ):
        return Way("no", f"@{target.author.handle} takes no direct message from us")
    return Way("direct", "a direct message")


def _may_concern(thread: Sequence[Message]) -> bool:
    """Whether it is worth reading the policy: most tickets hold nothing that could speak for moving them."""
    if any(one.direction == "outbound" and one.visibility == "public" for one in thread):
        return True
    inbound = [one.text for one in thread if one.direction == "inbound"]
    if any(_TOLD.search(text) or sum(map(str.isdigit, text)) >= _DIGITS for text in inbound):
        return True
    return any(wish_in(text) for text in inbound)


class _Told(msgspec.Struct, frozen=True):
    kind: Kind


class _Before:
    """What triage said of each message when it was weighed; what was not is weighed now. Word lists take a while to load."""

    def __init__(self, app: App, history: Sequence[Event]) -> None:
        self._app = app
        assessed = (event.data for event in history if event.event == "assessed")
        self._kinds: dict[str, Kind] = {data["message_id"]: data["kind"] for data in assessed}

    def assess(self, message: Message, thread: tuple[Message, ...], /) -> Weighed:
        kind = self._kinds.get(message.id)
        return self._app.assessor.assess(message, thread) if kind is None else _Told(kind)
