"""``journal.shorter``: that the journal lost lines at its end, kept until it has them again or somebody took note.

Only the index can tell that the last lines of a journal are gone, and it is built again at once. So what it knew is
written down first: a line of JSON a loss. Lines that ``archive`` moved are not lost: they are read where they lie now.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from socialcli import durable
from socialcli.errors import StorageError
from socialcli.queue.journal import event_id

_FILE = "journal.shorter"


class Loss(msgspec.Struct, frozen=True):
    """``bytes`` are gone of ``size``, found at ``at``; ``last`` is the id of the line that stood last, "" if that
    line had none.
    """

    bytes: int
    at: str
    size: int
    last: str


_decode = msgspec.json.Decoder(Loss).decode


def read(momentary: Path) -> list[Loss]:
    """The losses that were written down; a line that cannot be read is none."""
    try:
        lines = (momentary / _FILE).read_bytes().splitlines()
    except OSError:
        return []
    losses = []
    for line in lines:
        try:
            losses.append(_decode(line))
        except (msgspec.DecodeError, ValueError):
            continue
    return losses


def write_down(momentary: Path, loss: Loss) -> None:
    """Keep a loss, once. Where nothing can be written it is found again by the next command."""
    known = read(momentary)
    if loss.last in {one.last for one in known}:
        return
    _keep(momentary, [*known, loss])


def standing(momentary: Path, lines: Iterable[tuple[int, bytes]]) -> list[Loss]:
    """The losses that stand: those whose last line is not among ``lines``. Of the others nothing is kept."""
    losses = read(momentary)
    if not losses:
        return []
    back = {one.last for one in losses} & {event_id(raw) for _, raw in lines}
    left = [one for one in losses if one.last not in back]
    if back:
        _keep(momentary, left)
    return left


def forget(momentary: Path) -> None:
    """Somebody took note. Raises StorageError."""
    durable.remove(momentary / _FILE, point="shorter")


def _keep(momentary: Path, losses: list[Loss]) -> None:
    lines = [msgspec.json.encode(one) + b"\n" for one in losses]
    try:
        if lines:
            durable.replace(momentary / _FILE, lines, point="shorter")
        else:
            forget(momentary)
    except StorageError:
        return
