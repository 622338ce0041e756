"""One hand-off: intent, the way out, receipt."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import click
import msgspec

from socialcli import claiming, durable, transcribe
from socialcli.app import App
from socialcli.console import interactive
from socialcli.errors import RefusedError, SocialError, TemporaryError, UsageError
from socialcli.handing import files, records
from socialcli.handing.conversation import conversation
from socialcli.handing.faults import UnclearError
from socialcli.handing.targets import Target, in_form
from socialcli.model.answers import TranscriptFormat
from socialcli.model.handoff import Handoff, HandoffState
from socialcli.policy.schema import Agent
from socialcli.queue.rows import TicketRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

FOLDER = "handoffs"  # of locks, in .socialcli
_TEMPORARY = 75  # EX_TEMPFAIL, which mail programs use


class Wish(msgspec.Struct, frozen=True):
    """``form``: None = as the target has it. ``question``: the id of an expert's question that goes along."""

    note: str = ""
    form: TranscriptFormat | None = None
    private: bool = False
    again: bool = False
    dry_run: bool = False
    yes: bool = False
    question: str | None = None


class Outcome(msgspec.Struct, frozen=True):
    handoff: Handoff
    error: SocialError | None = None
    earlier: bool = False  # it went out in an earlier run


def hand_on(app: App, row: TicketRow, target: Target, wish: Wish, who: Agent) -> Outcome:
    """Hand the conversation on, once for each state of the ticket. What went wrong stands in the outcome.

    Raises UsageError, RefusedError, CredentialsError, ConflictError before anything was written; LockHeldError while
    another process hands on the same; StorageError.
    """
    require_may(app, row, who)
    planned = _planned(app, row, target, wish)
    known = records.find(app, row, planned.id)
    state = None if known is None or wish.again else known.state
    if known is not None and (state == "sent" or (state == "unknown" and wish.dry_run)):
        return Outcome(records.record(row.id, known), earlier=state == "sent")
    if wish.dry_run:
        return Outcome(planned)
    secret = password(app, target)
    if state != "unknown":
        _agree(app, planned, wish)
    with _lock(app, planned.id):
        return _once(app, row, target, wish, who, planned, secret)


def require_idle(app: App, name: str) -> None:
    """Raises LockHeldError while another process is at this hand-off: then it is not unknown, it is on its way."""
    with _lock(app, name):
        return


def _lock(app: App, name: str) -> AbstractContextManager[None]:
    return durable.lock(app.momentary / FOLDER / f"{name}.lock", f"hand-off {name}", wait=0)


def require_may(app: App, row: TicketRow, who: Agent) -> None:
    """Raises RefusedError for an agent who only drafts, ConflictError where somebody else has the ticket."""
    if who.role == "draft":
        raise RefusedError(f"{who.id} only drafts: handing on is for others", hint="ask an agent or a lead")
    claiming.require_free(app, row, who.id)


def password(app: App, target: Target) -> str:
    """What the mail server asks for, looked up before anything is written. Raises CredentialsError."""
    if target.way != "smtp":
        return ""
    from socialcli.credentials import mail

    return mail.password(app.policy.mail)


def _planned(app: App, row: TicketRow, target: Target, wish: Wish) -> Handoff:
    form = in_form(app, target, wish.form or target.format)
    name = _id(app, row, target, wish, form)
    sender = app.policy.mail.from_.rpartition("@")[2]
    return Handoff(
        id=name,
        ticket=row.id,
        to=target.name,
        way=target.way,
        where=target.where,
        format=form,
        private=wish.private,
        note=wish.note,
        state="planned",
        at=None,
        by=None,
        reason=None,
        message_id=f"<socialcli.{row.id}.{name}@{sender}>" if form == "eml" else None,
        question=wish.question,
    )


def _id(app: App, row: TicketRow, target: Target, wish: Wish, form: str) -> str:
    """Of the ticket as it stands and what goes where: the same again is the same hand-off. It holds ids, not texts:
    a hash of what a customer said would outlive an erasure.
    """
    said = [(one.id, one.version, one.deleted, one.erased) for one in app.queue.thread(row)]
    asked = (row.id, target.name, form, wish.private, wish.note, wish.question, said)
    return blake2b(msgspec.json.encode(asked), digest_size=8).hexdigest()


def _agree(app: App, planned: Handoff, wish: Wish) -> None:
    """Ask a person, unless they said yes before, or asking an expert is what they typed."""
    if wish.yes:
        return
    if not interactive() or app.console.json:
        raise UsageError("handing on needs a yes", hint="add --yes, or look at it first with --dry-run")
    from socialcli.prompts import confirm
    from socialcli.render.handoff import handoffs

    app.console.show(handoffs([planned], app.console.screen()))
    if not confirm("Hand it on?"):
        app.console.note("not handed on")
        raise click.Abort


# ----------------------------------------------------------------------------------------- under its lock


def _once(
    app: App, row: TicketRow, target: Target, wish: Wish, who: Agent, planned: Handoff, secret: str
) -> Outcome:
    known = _looked_for(app, row, planned, who)
    if known is not None and not wish.again:
        if known.state == "unknown":
            return _unknown(row, known)
        if known.state == "sent":
            return Outcome(records.record(row.id, known), earlier=True)
    planned, content = _document(app, row, target, wish, planned)
    attempt = 1 if known is None else known.attempts + 1
    _intend(app, planned, attempt, who)
    durable.step("handoff:intended")
    error: SocialError | None = None
    state: HandoffState = "sent"
    try:
        _out(app, target, planned, content, secret)
    except UnclearError as failure:
        error, state = failure, "unknown"
    except SocialError as failure:
        error, state = failure, "failed"
    durable.step("handoff:accepted")
    _receive(app, planned, attempt, state, error, who)
    durable.step("handoff:received")
    return _told(app, row, planned.id, error)


def _looked_for(app: App, row: TicketRow, planned: Handoff, who: Agent) -> records.Kept | None:
    """What the journal has of it. Where it was interrupted a file can be looked for; a mail and a program cannot."""
    known = records.find(app, app.queue.ticket(row.id), planned.id)
    lost = [] if known is None or planned.way != "file" else known.open
    for intent in lost:
        there = (app.workspace / str(intent.data.get("where"))).is_file()
        _receive(app, planned, intent.data.get("attempt", 1), "sent" if there else "failed", None, who)
    return records.find(app, app.queue.ticket(row.id), planned.id) if lost else known


def _unknown(row: TicketRow, known: records.Kept) -> Outcome:
    one = records.record(row.id, known)
    error = TemporaryError(
        f"whether {one.to} has hand-off {one.id} is unknown: {one.reason or 'nobody said'}",
        hint="ask there; --again sends it anew" + (", under the same Message-ID" if one.message_id else ""),
    )
    return Outcome(one, error)


def _told(app: App, row: TicketRow, name: str, error: SocialError | None) -> Outcome:
    kept = records.find(app, app.queue.ticket(row.id), name)
    assert kept is not None  # noqa: S101 - it was written just now
    return Outcome(records.record(row.id, kept), error)


def _document(
    app: App, row: TicketRow, target: Target, wish: Wish, planned: Handoff
) -> tuple[Handoff, bytes]:
    """What goes out, and the hand-off with the name of its file."""
    told = msgspec.structs.replace(conversation(app, row, private=wish.private), opening=wish.note)
    if planned.format == "md":
        text = transcribe.as_markdown(told)
    elif planned.format == "json":
        text = transcribe.as_json(told)
    else:
        sender, named = app.policy.mail.from_, planned.message_id or ""
        brand = app.policy.brand.name
        text = transcribe.as_mail(
            told, brand=brand, address=sender, at=app.now(), to=target.addresses, message_id=named
        )
    if target.way == "file":
        stem = files.stem(row.id, planned.id)
        where = files.free_name(app.workspace, target.folder, stem, planned.format)
        planned = msgspec.structs.replace(planned, where=where)
    return planned, text.encode()


def _out(app: App, target: Target, planned: Handoff, content: bytes, secret: str) -> None:
    """Raises the errors of its way."""
    if target.way == "file":
        files.write(app.workspace, planned.where, content)
    elif target.way == "smtp":
        from socialcli.handing import smtp

        smtp.send(app.policy.mail, secret, target.addresses, content)
    else:
        _by_program(app, target, planned, content)


def _by_program(app: App, target: Target, planned: Handoff, content: bytes) -> None:
    """It is told which hand-off it is, so that it can drop a copy."""
    from socialcli.outside.programs import CutShortError, ProgramError, feed

    names = {"SOCIALCLI_HANDOFF": planned.id, "SOCIALCLI_TICKET": planned.ticket}
    key = f"handoffs.{target.name}.command"
    try:
        feed(
            key,
            target.command,
            content,
            folder=app.workspace,
            timeout=target.timeout,
            limit=f"handoffs.{target.name}.timeout",
            variables=names,
        )
    except CutShortError as error:
        raise UnclearError(error.message, hint=f"ask there what came of it; {error.hint}") from error
    except ProgramError as error:
        if error.code == _TEMPORARY:
            raise TemporaryError(error.message, hint="run the same command again later") from error
        if error.code is None:  # it did not end by itself, and may have done its work before
            raise UnclearError(
                error.message, hint="ask there what came of it; --again does it anew"
            ) from error
        raise


def _intend(app: App, planned: Handoff, attempt: int, who: Agent) -> None:
    data: dict[str, Any] = {
        "handoff": planned.id,
        "attempt": attempt,
        "to": planned.to,
        "way": planned.way,
        "where": planned.where,
        "format": planned.format,
        "private": planned.private,
        "message_id": planned.message_id,
        "question": planned.question,
        "note": planned.note,
    }
    with app.queue.writing() as writing:
        writing.add("handoff", planned.ticket, who.id, _some(data), key=planned.id)


def _receive(
    app: App, one: Handoff, attempt: int, state: HandoffState, error: SocialError | None, who: Agent
) -> None:
    reason = None if error is None else error.message
    data: dict[str, Any] = {"handoff": one.id, "attempt": attempt, "state": state, "reason": reason}
    with app.queue.writing() as writing:
        writing.add("handed", one.ticket, who.id, _some(data), key=one.id)


def _some(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in (None, "")}
