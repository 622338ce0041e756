"""Mail that comes back, kept with the ticket it belongs to.

A mail ties by the Message-ID of ours that it answers, else by the name of a ticket in its subject. It becomes a note;
where it answers a mail that carried an expert's question it is the expert's answer. It never makes a ticket.

Anybody can write any sender into a mail, and the name of a ticket can be found out. Our Message-IDs are known only to
those who have our mail: without one nothing is an expert's answer; and where, besides, the sender is of no house that we
wrote to, the note wakes nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from socialcli.app import App
from socialcli.errors import NotFoundError, PartlyError, UsageError
from socialcli.handing import records
from socialcli.handing.boxes import mails
from socialcli.model.answers import Fetched

if TYPE_CHECKING:
    from socialcli.handing.letters import Letter
    from socialcli.model.handoff import Handoff
    from socialcli.queue.rows import TicketRow

ACCOUNT = "mail"  # what such a fetch is told as
_OURS = re.compile(r"socialcli\.([a-z2-7]{12})\.([0-9a-f]{16})@")
_NAMES = re.compile(r"(?<![a-z0-9])[a-z2-7]{12}(?![a-z0-9])")
_SHOWN = 10  # rejected mails that are listed
_LONGEST = 60  # characters of a subject in a message
_MOST_NAMES = 50  # words of a subject that may be a ticket


class UntiedError(ValueError):
    """A mail that belongs to no ticket; the message says why."""


class Tie(Struct, frozen=True):
    """Where a mail belongs. ``handoff``: what it answers; None where only its subject says so."""

    row: TicketRow
    handoff: Handoff | None = None


class Result(Struct, frozen=True):
    fetched: Fetched
    error: PartlyError | None


def take_in(app: App, source: str, *, limit: int | None, dry_run: bool) -> Result:
    """All mails of ``source``, each once. Raises UsageError, LockHeldError, StorageError."""
    from socialcli.handing.letters import LetterError, read

    new = known = 0
    rejected: list[str] = []
    for place, raw in mails(source):
        if limit is not None and new >= limit:
            break
        try:
            fresh = _take(app, read(raw), dry_run=dry_run)
        except (LetterError, UntiedError) as error:
            rejected.append(f"{place}: {error}")
        else:
            new, known = new + fresh, known + (not fresh)
    return Result(
        Fetched(ACCOUNT, new + known + len(rejected), new, known, len(rejected)), _verdict(rejected)
    )


def _verdict(rejected: list[str]) -> PartlyError | None:
    if not rejected:
        return None
    more = [f"... and {len(rejected) - _SHOWN} more"] if len(rejected) > _SHOWN else []
    return PartlyError(
        "\n  ".join(("mails that belong to no ticket were passed over", *rejected[:_SHOWN], *more)),
        hint="they are kept nowhere: see to them in your mail program; the rest was taken in",
    )


def _take(app: App, letter: Letter, *, dry_run: bool) -> bool:
    """Whether it was new. Raises UntiedError."""
    tie = _tie(app, letter)
    is_known = _is_known(app, tie.row, letter)
    if is_known or dry_run:  # most of a mailbox is known: that takes no lock
        return not is_known
    with app.queue.writing() as writing:
        row = app.queue.ticket(tie.row.id)
        if _is_known(app, row, letter):
            return False
        event, data = _event(app, row, tie, letter)
        writing.add(event, row.id, None, data, key=letter.key)
    return True


def _event(app: App, row: TicketRow, tie: Tie, letter: Letter) -> tuple[str, dict[str, Any]]:
    theirs = _is_of_those(app, row, tie, letter.sender)
    question = None if tie.handoff is None else tie.handoff.question
    answers = question is not None and theirs and not (letter.automatic or letter.bounced)
    if answers and letter.text and _waits(app, row, str(question)):
        text = "\n".join((letter.text, *_attached(letter)))
        told = {"question": question, "text": text, "from": letter.sender, "mail": letter.key}
        return "expert-answered", told
    wakes = (letter.bounced or not letter.automatic) and (theirs or tie.handoff is not None)
    note = _note(letter, "" if letter.bounced else _doubt(tie, theirs=theirs))
    return "note", {"text": note, "mail": letter.key, **({"wakes": True} if wakes else {})}


def _is_of_those(app: App, row: TicketRow, tie: Tie, sender: str) -> bool:
    """Whether it comes from a house that we wrote to; where our program or a file went we cannot know whose that is."""
    if tie.handoff is not None and tie.handoff.way != "smtp":
        return True
    wrote_to = (one.where.split(", ") for one in records.of_ticket(app, row) if one.way == "smtp")
    return _house(sender) in {_house(one) for addresses in wrote_to for one in addresses}


def _house(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _doubt(tie: Tie, *, theirs: bool) -> str:
    if not theirs:
        return " (nobody we wrote to)"
    return " (it may be: known by its subject alone)" if tie.handoff is None else ""


def _waits(app: App, row: TicketRow, question: str) -> bool:
    answered = {
        str(one.data.get("question")) for one in app.queue.history(row) if one.event == "expert-answered"
    }
    return question not in answered


def _note(letter: Letter, doubt: str) -> str:
    kind = "mail"
    if letter.bounced:
        kind = "report that a mail did not arrive,"
    elif letter.automatic:
        kind = "automatic mail"
    return "\n".join((f"{kind} from {letter.sender}{doubt}", letter.text or "[no text]", *_attached(letter)))


def _attached(letter: Letter) -> Iterator[str]:
    if letter.attachments:
        yield f"[attached, not taken: {', '.join(letter.attachments)}]"


def _is_known(app: App, row: TicketRow, letter: Letter) -> bool:
    """Also a mail of our own that comes in again."""
    if any(one.message_id == f"<{letter.message_id}>" for one in records.of_ticket(app, row)):
        return True
    return any(one.data.get("mail") == letter.key for one in app.queue.history(row))


# ------------------------------------------------------------------------------------------ where it belongs


def _tie(app: App, letter: Letter) -> Tie:
    """Raises UntiedError."""
    named: list[str] = []
    for one in (*letter.answers, letter.message_id):
        ours = _OURS.match(one)
        row = _ticket(app, ours[1]) if ours else None
        if ours and row is not None:
            kept = records.find(app, row, ours[2])
            return Tie(row, None if kept is None else records.record(row.id, kept))
        named += [ours[1]] if ours else []
    words = _NAMES.findall(letter.subject.lower())[:_MOST_NAMES]
    for one in words:
        row = _ticket(app, one)
        if row is not None:
            return Tie(row)
    about = f'from {letter.sender}, "{letter.subject[:_LONGEST]}"'
    after = re.search(r"\bticket ([a-z2-7]{12})\b", letter.subject.lower())
    unknown = named[0] if named else after[1] if after else None
    why = (
        f'there is no ticket "{unknown}" here'
        if unknown
        else "it answers no mail of ours and names no ticket"
    )
    raise UntiedError(f"{why} ({about})")


def _ticket(app: App, name: str) -> TicketRow | None:
    try:
        return app.queue.ticket(name)
    except (NotFoundError, UsageError):
        return None
