"""Taking the words out of single lines. Pure: bytes in, bytes out.

What stays of a line is what nobody said: ids, times, decisions, counts, states. Everything that is not known to
be such goes, so that a field of a newer release hides nobody's words. A blanked line is as long as it was (spaces
fill it up), so that the lines behind it keep their places.
"""

from __future__ import annotations

from typing import Any

import msgspec

from socialcli.queue.facts import MASS, RAISED, RANK, TURNED
from socialcli.queue.journal import Line, decode_line, is_sealed, sealed

PSEUDONYM = "erased-"  # how what a customer is called afterwards begins

_WITH_MESSAGE = frozenset(("message", "edited", "renamed", "deleted"))
_ABOUT_DRAFT = frozenset((*RANK, "looked-up"))
# Events that hold decisions only: they stay as they are.
_WORDLESS = frozenset(
    (
        "assessed", "claimed", "assigned", "prefers", "labelled", "snoozed", "merged", "split", "alias", "cursor",
        "used", "erased", "archived", "incident-joined", "signed",
        "shift-opened",
    )
)  # fmt: skip
# What stays of the others.
_KEPT = {
    "override": ("fields",),
    "released": ("to",),
    "note": ("mail", "wakes"),  # a mail that came in before is not taken again
    "handoff": (
        "handoff", "attempt", "to", "way", "where", "format", "private", "message_id", "question",
    ),
    "handed": ("handoff", "attempt", "state"),
    "expert-asked": ("question", "expert", "due"),
    "expert-answered": ("question", "mail"),
    "opted-out": ("since", "message"),
    "opt-out-lifted": (),
    "moved": ("to", "reasons", "draft"),  # the reasons are names of rules
    "resolved": ("outcome", "draft", "thank"),
    "followed": ("what", "how", "draft"),
    "restricted": (
        "type", "network", "account", "rung", "reason", "guideline", "message_id", "ticket", "evidence", "by", "at",
        "until", "road",
    ),
    **dict.fromkeys(RAISED, ("incident", "account", "opened", "since", "examples")),
    **dict.fromkeys(TURNED, ("incident", "was")),
    MASS: ("incident", "until", "turn"),
    "lifted": ("network", "rung", "message_id"),
    "shift-closed": ("shift", "agent", "account", "opened", "to", "handed"),
}  # fmt: skip
_EMPTIED: dict[str, dict[str, Any]] = {
    "note": {"text": ""},
    "override": {"reason": ""},
    **{event: {"topic": "", "words": [], "reason": ""} for event in RAISED},
}
_MESSAGE = (
    "type", "id", "network", "account", "created_at", "visibility", "direction", "source", "in_reply_to",
    "conversation_id", "lang", "versions", "deleted",
)  # fmt: skip
_FACTS = (
    "draft", "content", "attempt", "wall", "remote_id", "conflict", "again", "upto", "read", "hash", "duplicate", "holding",
    "plan", "signers", "over",
)  # fmt: skip
_DRAFT = (
    "type", "id", "ticket", "target", "account", "agent", "road", "state", "cost", "remote_id", "post_at",
    "corrects", "holds", "by_program", "translated", "points", "acknowledges",
)  # fmt: skip
_CHECK = ("type", "ok", "network", "visibility", "length")

_encode = msgspec.json.encode
_fields = msgspec.json.Decoder(dict[str, Any]).decode


def blank(line: bytes, customer: str | None = None) -> bytes:
    """The line (without its line feed) without anybody's words, and as long as before. The same again changes
    nothing.

    ``customer`` is the pseudonym of the customer whose line it is; None leaves the names of people as they are:
    a message of theirs goes, not they. Raises msgspec.DecodeError for a line that is no event.
    """
    event = decode_line(line)
    if event.event in _WORDLESS:
        return line
    data = _fields(event.data)
    left = _left(event, data, customer)
    if left == data:
        return line
    at = _string(event.at), _string(event.id), _string(event.event), _string(event.ticket), _string(event.by)
    names = ("at", "id", "event", "ticket", "by")
    head = b",".join(b'"%s":%s' % (name.encode(), value) for name, value in zip(names, at, strict=True))
    made = b'{%s,"v":%d,"data":%s}' % (head, event.v, _encode(left))
    return _filled(sealed(made), made, line)


def is_message(event: str) -> bool:
    """Whether the data of such an event is a message."""
    return event in _WITH_MESSAGE


def draft_without_words(data: dict[str, Any]) -> dict[str, Any]:
    """The data of an event of a draft, as it is written where its customer was erased meanwhile."""
    return _draft(data)


def _filled(with_sum: bytes, plain: bytes, line: bytes) -> bytes:
    """As long as ``line``. A line of an older release may be too short for a sum."""
    short = not is_sealed(line.rstrip()) and len(with_sum) > len(line)
    return (plain if short else with_sum).ljust(len(line))


def _string(value: str | None) -> bytes:
    return _encode(value)


def _left(event: Line, data: dict[str, Any], customer: str | None) -> dict[str, Any]:
    if event.event in _WITH_MESSAGE:
        return _message(data, customer)
    if event.event in _ABOUT_DRAFT:
        return _draft(data)
    names = _KEPT.get(event.event, ())
    if event.event in ("restricted", "lifted"):
        return {name: data[name] for name in names if name in data} | _person(data, customer)
    left = _some(data, names) | _EMPTIED.get(event.event, {})
    if event.event in RAISED:
        left.setdefault("account", None)
    return left


def _some(data: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Those fields that say something: defaults need no room."""
    return {name: data[name] for name in names if data.get(name) not in (None, [], ())}


def _message(data: dict[str, Any], customer: str | None) -> dict[str, Any]:
    author = data.get("author") or {}
    who = {"id": author.get("id"), "handle": author.get("handle")}
    if customer is not None and data.get("direction") != "outbound":
        who = {"id": None, "handle": customer}
    return _some(data, _MESSAGE) | {"author": who, "text": "", "erased": True}


def _person(data: dict[str, Any], customer: str | None) -> dict[str, Any]:
    """Of a restriction. Its key is made of them, so a step and its end keep belonging together."""
    if customer is None:
        who = {"handle": data.get("handle", ""), "author_id": data.get("author_id")}
    else:
        who = {"handle": customer, "author_id": None}
    return who | ({"note": ""} if "note" in data else {})


def _draft(data: dict[str, Any]) -> dict[str, Any]:
    left = _some(data, _FACTS)
    whole = data.get("whole")
    if isinstance(whole, dict):
        check = _some(whole.get("check") or {}, _CHECK) | {"findings": []}
        left["whole"] = _some(whole, _DRAFT) | {"text": "", "check": check}
        for name in ("ticket", "target"):
            left["whole"].setdefault(name, None)
    return left
