"""Who wants no messages of ours: noted when triage hears it, by hand, and taken back by hand."""

from __future__ import annotations

from socialcli.app import App
from socialcli.errors import NotFoundError, UsageError
from socialcli.model.assessment import Assessment
from socialcli.model.optout import OptOut
from socialcli.queue.rows import TicketRow
from socialcli.queue.store import Writing
from socialcli.triage.conversation import OPT_OUT


def is_asked(assessment: Assessment) -> bool:
    """Whether the message asks us to write no more."""
    return any(reason.rule == OPT_OUT for reason in assessment.reasons)


def note(writing: Writing, row: TicketRow, message: str) -> None:
    """Note that a message of this ticket asks us to write no more, each message once."""
    queue = writing.queue
    known = {event.data.get("message") for event in queue.opted_out_events(row)}
    said = next((one for one in queue.thread(row) if one.id == message), None)
    if said is not None and message not in known:
        since = int(said.created_at.timestamp())
        writing.add("opted-out", row.id, None, {"message": message, "since": since}, key=message)


def ticket_of(app: App, target: str, network: str | None) -> TicketRow:
    """The ticket, or the newest of a customer. Raises NotFoundError, UsageError where several networks know the handle."""
    if not target.startswith("@"):
        if network is not None:
            raise UsageError("--network belongs to @HANDLE", hint="a ticket is of one network")
        return app.queue.ticket(target)
    handle = target.removeprefix("@")
    networks = [one for one in app.queue.networks_of(handle) if network in (None, one)]
    if len(networks) > 1:
        raise UsageError(
            f"{target} is on {' and on '.join(networks)}", hint=f"say which: --network {'|'.join(networks)}"
        )
    if not networks:
        raise NotFoundError("handle", target, hint="socialcli list shows whom there is")
    return app.queue.tickets_of(networks[0], handle)[0]


def planned(app: App, row: TicketRow, by: str, reason: str | None) -> OptOut:
    """What ``opt_out`` would note."""
    since = app.now().replace(microsecond=0)
    return OptOut(app.queue.handle_of(row), row.author, row.network, row.id, None, since, by, reason)


def opt_out(app: App, row: TicketRow, by: str, reason: str | None) -> OptOut:
    """Take it down by hand. What is noted already stays as it is."""
    with app.queue.writing() as writing:
        if app.queue.opt_out(row) is None:
            data = {"since": int(app.now().timestamp()), **({"reason": reason} if reason else {})}
            writing.add("opted-out", row.id, by, data)
    noted = app.queue.opt_out(row)
    if noted is None:
        raise NotFoundError("opt-out of ticket", row.id)
    return noted


def lift(app: App, row: TicketRow, by: str, reason: str) -> OptOut | None:
    """Take it back by hand; what was in force, None where nothing was."""
    with app.queue.writing() as writing:
        standing = app.queue.opt_out(row)
        if standing is not None:
            writing.add("opt-out-lifted", row.id, by, {"reason": reason})
    return standing
