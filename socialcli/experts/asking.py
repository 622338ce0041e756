"""Asking an expert, once."""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from socialcli.app import App
from socialcli.errors import SocialError, TemporaryError
from socialcli.experts.directory import expert_for, expert_named, target_of
from socialcli.experts.questions import of_ticket
from socialcli.handing import records, sending
from socialcli.model.handoff import Handoff, Question
from socialcli.model.times import format_time
from socialcli.policy.schema import Agent, Expert
from socialcli.queue.rows import TicketRow

_DEFAULT = "Please tell us what to answer."


class Ask(msgspec.Struct, frozen=True):
    """``to``: None = who knows the topic; ``due``: seconds from now, None = as the policy has it."""

    to: str | None = None
    text: str = ""
    due: int | None = None
    private: bool = False
    again: bool = False
    dry_run: bool = False


class Outcome(msgspec.Struct, frozen=True):
    question: Question
    handoff: Handoff | None  # None: by word of mouth, or it went out in an earlier run under an older name
    error: SocialError | None = None


def ask(app: App, row: TicketRow, wish: Ask, who: Agent) -> Outcome:
    """Raises NotFoundError, UsageError where nobody knows the topic, RefusedError, CredentialsError, ConflictError
    also while another process sends the same.
    """
    expert = expert_for(app, row) if wish.to is None else expert_named(app, wish.to)
    sending.require_may(app, row, who)
    target = target_of(app, expert)
    if target is not None and not wish.dry_run:
        sending.password(app, target)  # before the ticket waits for somebody who was never asked
    text = wish.text or _DEFAULT
    question = _kept(app, row, expert, text, wish, who)
    if target is None:
        return Outcome(question, None)
    before = None if wish.again else _carried(app, row, question, wish)
    if before is not None and before.state == "sent":
        return Outcome(question, before)
    if before is not None and before.state == "unknown":
        return Outcome(question, before, _unclear(before))
    outcome = sending.hand_on(app, row, target, _handing(app, question, wish), who)
    return Outcome(question, outcome.handoff, outcome.error)


def _carried(app: App, row: TicketRow, question: Question, wish: Ask) -> Handoff | None:
    """The latest mail with this question. Raises LockHeldError while another process sends it."""
    found = _latest(app, row, question)
    if found is not None and found.state == "unknown" and not wish.dry_run:
        sending.require_idle(app, found.id)
        return _latest(app, row, question)
    return found


def _latest(app: App, row: TicketRow, question: Question) -> Handoff | None:
    found = [one for one in records.of_ticket(app, app.queue.ticket(row.id)) if one.question == question.id]
    return found[-1] if found else None


def _handing(app: App, question: Question, wish: Ask) -> sending.Wish:
    wanted = f"Wanted by {format_time(question.due_at)}. A reply to this mail comes back to the ticket."
    note = f"{app.policy.brand.name} asks: {question.text}\n\n{wanted}"
    return sending.Wish(
        note=note,
        private=wish.private,
        again=wish.again,
        dry_run=wish.dry_run,
        yes=True,
        question=question.id,
    )


def _unclear(handoff: Handoff) -> SocialError:
    return TemporaryError(
        f"whether {handoff.to} has the question is unknown: {handoff.reason}",
        hint="ask there; --again sends it anew, under the same Message-ID",
    )


def _kept(app: App, row: TicketRow, expert: Expert, text: str, wish: Ask, who: Agent) -> Question:
    """The question as the journal has it, written if it was not there; with ``dry_run`` as it would be."""
    name = _id(row, expert, text)
    seconds = int(expert.due) if wish.due is None else wish.due
    due = int(app.now().timestamp()) + seconds
    if wish.dry_run:
        return _found(app, row, name) or _planned(app, row, expert, text, name, due)
    with app.queue.writing() as writing:
        if _found(app, app.queue.ticket(row.id), name) is None:
            data = {"question": name, "expert": expert.id, "due": due, "text": text}
            writing.add("expert-asked", row.id, who.id, data, key=name)
    found = _found(app, app.queue.ticket(row.id), name)
    assert found is not None  # noqa: S101 - it was written just now
    return found


def _found(app: App, row: TicketRow, name: str) -> Question | None:
    return next((one for one in of_ticket(app, row) if one.id == name), None)


def _id(row: TicketRow, expert: Expert, text: str) -> str:
    """The same question to the same expert about the same ticket is one."""
    return blake2b(msgspec.json.encode((row.id, expert.id, text)), digest_size=6).hexdigest()


def _planned(app: App, row: TicketRow, expert: Expert, text: str, name: str, due: int) -> Question:
    from datetime import UTC, datetime

    from socialcli import claiming

    return Question(
        id=name,
        ticket=row.id,
        account=row.account,
        expert=expert.id,
        name=expert.name,
        text=text,
        asked_at=None,
        by=None,
        due_at=datetime.fromtimestamp(due, UTC),
        state="planned",
        answer=None,
        answered_at=None,
        answered_by=None,
        assignee=claiming.holder(app, row),
    )
