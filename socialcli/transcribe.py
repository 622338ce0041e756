"""A conversation as a document: Markdown for people, JSON for programs, a mail for whoever takes it over.

What strangers wrote becomes neither markup, nor a header, nor anything that a terminal obeys.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from socialcli.errors import UsageError
from socialcli.model.message import Message
from socialcli.model.ticket import Ticket
from socialcli.model.times import format_time
from socialcli.text.clean import harmless

_SUBJECT = 150  # characters
_BREAK = "  "  # at the end of a line: the next one stays on its own line
# What becomes markup wherever it stands, and what does at the beginning of a line. Quotes have their own sign.
_MARKUP = re.compile(r"[\\`*_\[\]<>&~|$]")
_AT_START = re.compile(r"[ \t]*(?:(?P<sign>[#+=:-])|(?P<number>\d{1,9})(?=[.)]))")
_SPELLED = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")  # controls, what reorders or hides, ends of lines
_NOT_PLAIN = re.compile(r"[^\n\x20-\x7e]")


class Spoken(Struct, frozen=True):
    """A message and who is behind it: ``by`` is the name of our agent, where it is known."""

    message: Message
    by: str | None = None


class Noted(Struct, frozen=True):
    at: str
    by: str | None
    text: str


class Moved(Struct, frozen=True):
    """The customer was asked to go on in private. ``to`` is the channel, ``reasons`` the rules that spoke for it."""

    at: str
    by: str | None
    to: str
    reasons: tuple[str, ...] = ()


class Conversation(Struct, frozen=True):
    """What is written down, oldest first. Its texts are masked already, where they should be. ``preference``: the
    channel by which the customer wants to be reached.
    """

    ticket: Ticket
    spoken: tuple[Spoken, ...]
    notes: tuple[Noted, ...] = ()
    preference: str | None = None
    moves: tuple[Moved, ...] = ()
    opening: str = ""  # words of ours to whoever takes it over


# ------------------------------------------------------------------------------------------------ Markdown


def as_markdown(told: Conversation) -> str:
    lines = (*_opening(told), *_head(told.ticket), *_ways(told), *_messages(told), *_notes(told))
    return "\n".join(lines) + "\n"


def _opening(told: Conversation) -> Iterator[str]:
    if told.opening:
        lines = [_line(line) for line in harmless(told.opening, lines=True).split("\n")]
        for line, following in zip(lines, (*lines[1:], ""), strict=True):
            yield f"{line}{_BREAK}" if line and following else line
        yield ""


def _head(ticket: Ticket) -> Iterator[str]:
    yield f"# Ticket {_inline(ticket.id)}: {_customer(ticket)} on {_inline(ticket.network)}"
    yield ""
    yield f"- Status: {_inline(ticket.status)}"
    parts = [part for part in (ticket.respond, ticket.priority, ticket.kind, ticket.topic) if part]
    yield f"- Triage: {_inline(', '.join(parts) or 'not yet')}"
    yield f"- Account: {_inline(ticket.account)}"
    if ticket.labels:
        yield f"- Labels: {_inline(', '.join(ticket.labels))}"


def _ways(told: Conversation) -> Iterator[str]:
    """How the customer wants to be reached, and where the conversation was moved to, why."""
    if told.preference is not None:
        yield f"- Customer prefers: {_inline(told.preference)}"
    for move in told.moves:
        why = f" ({_inline(', '.join(move.reasons))})" if move.reasons else ""
        yield f"- Asked to go on by {_inline(move.to)}{why}: {_inline(move.at)}, {_inline(move.by or 'nobody')}"


def _customer(ticket: Ticket) -> str:
    name = f" ({_inline(ticket.customer.name)})" if ticket.customer.name else ""
    return f"@{_inline(ticket.customer.handle)}{name}"


def _messages(told: Conversation) -> Iterator[str]:
    for spoken in told.spoken:
        message = spoken.message
        handle = f"@{message.author.handle}"
        who = f"Us, {_inline(spoken.by or handle)}" if message.direction == "outbound" else _inline(handle)
        yield ""
        yield f"## {format_time(message.created_at)}, {who}, {message.visibility}"
        yield ""
        if message.url:
            yield f"Address: {_inline(message.url)}"
            yield ""
        yield from _quoted("[erased]" if message.erased else message.text)


def _notes(told: Conversation) -> Iterator[str]:
    if told.notes:
        yield ""
        yield "## Notes"
    for note in told.notes:
        yield ""
        yield f"{_inline(note.at)}, {_inline(note.by or 'nobody')}:"
        yield ""
        yield from _quoted(note.text)


def _quoted(text: str) -> Iterator[str]:
    lines = [_line(line) for line in harmless(text, lines=True).split("\n")]
    for place, line in enumerate(lines):
        yield f"> {line}{_BREAK if place + 1 < len(lines) else ''}" if line else ">"


def _inline(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", harmless(text))


def _line(text: str) -> str:
    """A line that Markdown shows as it stands; what it would make a heading, list or code of is defused."""
    escaped = _MARKUP.sub(r"\\\g<0>", text.strip())
    start = _AT_START.match(escaped)
    if start is None:
        return escaped
    at = start.start("sign") if start["sign"] else start.end("number")
    return f"{escaped[:at]}\\{escaped[at:]}"


# ---------------------------------------------------------------------------------------------------- JSON


def as_json(told: Conversation) -> str:
    """``{"ticket": ..., "messages": [...], "notes": [...], "preference": ..., "moves": [...]}``; messages as
    everywhere, with ``by``.
    """
    document: dict[str, Any] = {
        "ticket": msgspec.to_builtins(told.ticket),
        "messages": [{**msgspec.to_builtins(one.message), "by": one.by} for one in told.spoken],
        "notes": [msgspec.to_builtins(note) for note in told.notes],
        "preference": told.preference,
        "moves": [msgspec.to_builtins(move) for move in told.moves],
    }
    if told.opening:
        document = {"opening": told.opening, **document}
    text = msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
    return _NOT_PLAIN.sub(_spelled, text) + "\n"


def _spelled(match: re.Match[str]) -> str:
    """What a terminal or a reader of lines could obey stands inside a string, and may be spelled out there."""
    character = match.group()
    if unicodedata.category(character) not in _SPELLED or character == "\u200d":  # emoji are made with it
        return character
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


# ---------------------------------------------------------------------------------------------------- mail


def as_mail(
    told: Conversation,
    *,
    brand: str,
    address: str,
    at: datetime,
    to: Sequence[str] = (),
    message_id: str = "",
) -> str:
    """An RFC 5322 message from the brand to itself, or ``to`` others, its lines ended by CR LF, in ASCII: the
    Markdown as its text, the JSON attached. The same conversation at the same time gives the same bytes.
    ``message_id``: with its angle brackets; "" makes one of what it says.

    Raises UsageError if ``address`` is none.
    """
    from email import errors, policy
    from email.headerregistry import Address
    from email.message import EmailMessage
    from hashlib import blake2b

    text, document = as_markdown(told), as_json(told)
    key = blake2b(f"{told.ticket.id}\0{text}\0{document}".encode(), digest_size=16).hexdigest()
    mail = EmailMessage(policy.SMTP.clone(cte_type="7bit"))
    try:
        ours = Address(_header(brand), addr_spec=address)
    except (errors.MessageError, ValueError, IndexError) as error:
        raise _no_address(address) from error
    if not address.isascii() or "@" not in address:
        raise _no_address(address)
    mail["From"] = ours
    mail["To"] = tuple(Address(addr_spec=one) for one in to) or ours
    mail["Subject"] = _subject(told.ticket)
    mail["Date"] = at
    mail["Message-ID"] = message_id or f"<{key}@{ours.domain}>"
    mail.set_content(text)
    mail.add_attachment(
        document.encode(), maintype="application", subtype="json", filename=f"{told.ticket.id}.json"
    )
    mail.set_boundary(f"=_{key}")
    return mail.as_bytes().decode("ascii")


def _no_address(address: str) -> UsageError:
    return UsageError(
        f'offline.email: "{address}" is no e-mail address', hint="mend it in policies.toml: help@example.com"
    )


def _subject(ticket: Ticket) -> str:
    what = [part for part in (ticket.priority, ticket.kind, ticket.topic) if part]
    told = f"Ticket {ticket.id}: @{ticket.customer.handle} on {ticket.network}"
    return _header(f"{told} ({', '.join(what)})" if what else told)


def _header(text: str) -> str:
    """One line, without anything that could begin another: what looks like an encoded word would be decoded,
    line ends and all, when the header is made.
    """
    return " ".join(harmless(text).split()).replace("=?", "= ?")[:_SUBJECT]
