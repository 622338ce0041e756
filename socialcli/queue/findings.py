"""What ``doctor --verify`` can find in a queue, how bad it is, what to do, and what ``--repair`` does about it."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

Mend = Literal[
    "aside", "keep", "adopt", "plain", "erase", "tail", "known", ""
]  # "": nothing here can mend it

_REPAIR = "socialcli doctor --repair"
_RESTORE = (
    "unite it with a backup: cat backup.jsonl queue.jsonl | LC_ALL=C sort -u > new && mv new queue.jsonl"
)
_LOOK = "look into it; delete it when nothing of it is wanted"


class Kind(msgspec.Struct, frozen=True):
    """``broken``: something is lost or cannot be read (exit 7); else it is harmless. ``remedy`` is the next step."""

    name: str
    broken: bool
    remedy: str = ""
    mend: Mend = ""


class Finding(msgspec.Struct, frozen=True, gc=False):
    """One finding. ``file`` is its name in the workspace; ``line`` counts from 1, 0: of the file as a whole;
    ``offset`` is where the line begins.
    """

    kind: Kind
    detail: str
    file: str
    line: int = 0
    offset: int = -1
    last: int = 0  # the last one of a row of lines of which the same is to be said


NUL = Kind("nul", True, _REPAIR, "aside")
NOT_UTF8 = Kind("not-utf-8", True, _REPAIR, "aside")
NOT_JSON = Kind("not-json", True, _REPAIR, "aside")
NO_EVENT = Kind("no-event", True, _REPAIR, "aside")
CHANGED = Kind("changed", True, _REPAIR, "aside")
READABLE = Kind("changed", True, _REPAIR, "keep")  # some byte was changed, and it still is an event
CONTRADICTION = Kind("contradiction", True, _REPAIR, "aside")
DUPLICATE = Kind("duplicate", False, _REPAIR, "aside")
BYTE_ORDER_MARK = Kind("byte-order-mark", True, _REPAIR, "plain")
CRLF = Kind("crlf", False, _REPAIR, "plain")
ERASED_TEXT = Kind("erased-text", True, _REPAIR, "erase")
DELETED_TEXT = Kind("deleted-text", False, "socialcli forget --deleted", "erase")
TAIL = Kind("tail", False, "the next command that writes sets it aside", "tail")
MISSING = Kind("missing", True, _RESTORE)
SHORTER = Kind("missing", True, f"{_RESTORE}; or, if they are not wanted: {_REPAIR}", "known")
STRAY = Kind("stray", True, _RESTORE)  # what an event is about is not there
KEPT = Kind("kept", False, "nothing: it counts again once that line is back")
UNITED = Kind("united", False)
LONG = Kind("long", False)
NEWER = Kind("newer", False, "update socialcli: a newer release reads it")
ASIDE = Kind("set-aside", False, _LOOK)
LEFTOVER = Kind("leftover", False, "delete it: a command was killed while it wrote this")
HELD = Kind("held", True, "look at the network; if it is not there: socialcli reply TICKET --again")
UNNAMED = Kind("unnamed", True, _REPAIR, "adopt")
NO_ARCHIVE = Kind("archive", True, "put the file back from a backup")
INDEX = Kind("index", False, "nothing: it was built again")

# What the fold says of an event that is whole, where an earlier line is not there.
_STRAY = re.compile(
    r"[a-z-]+: (no (ticket|draft|message|incident) |draft \S+ is of another ticket than none)"
)

_VALUE = re.compile("['\"].*['\"]", re.DOTALL)


def without_values(reason: str) -> str:
    """A reason without what it quotes out of a line: names of fields stay, words do not."""
    return _VALUE.sub("...", reason)


def is_stray(reason: str) -> bool:
    """Whether an event was passed over only because what it is about is not there."""
    return _STRAY.match(reason) is not None
