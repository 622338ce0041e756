"""``doctor --repair``: what is bad is set aside, never thrown away; what is only odd is made plain.

Lines keep their length, so that places and ids agree as before: a line that is set aside leaves a line of spaces.
A line of which some byte was changed and that still is an event counts as it reads now, with a new checksum: of an
intent, a claim or an erasure nothing must vanish. Old bytes stand in ``queue.jsonl.bad-<time>``, and in
``queue.jsonl.bad-<time>.lines`` which line of the journal each of them was, where it began, and what was wrong; both
are on disk before the journal is rewritten. Erased words are not set aside: they are gone.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from socialcli import clock, durable
from socialcli.queue import archives, shorter
from socialcli.queue.copies import erased_forms, place_of
from socialcli.queue.drafts import Drafts
from socialcli.queue.findings import CONTRADICTION, Finding
from socialcli.queue.holding import Damaged, Held, held
from socialcli.queue.journal import NewEvent, encode_events, event_id
from socialcli.queue.judging import bare, is_good, plain, resealed
from socialcli.queue.rewriting import ErasedLines, erased_lines, locked, rewrite, without_erased
from socialcli.queue.verifying import verify

_MOST_ROUNDS = 5  # two are needed where an erased text stood twice
_IN_JOURNAL = ("aside", "keep")


class Mended(NamedTuple):
    """A finding, and the file its line was set aside in, if it was."""

    finding: Finding
    aside: Path | None


def repair(queue: Drafts) -> tuple[list[Mended], list[Finding]]:
    """Mend what can be mended; returns that, and what is found in the queue afterwards, beginning with drafts
    that a person has to look after.

    Raises LockHeldError, StorageError; nothing is lost then, and the same command goes on.
    """
    mended: list[Mended] = []
    told: list[Finding] = []
    helpless: set[str] = set()  # archives that cannot be read: found by every round
    with locked(queue):
        for _ in range(_MOST_ROUNDS):
            found = list(verify(queue))
            wanted = [one for one in found if one.kind.mend and one.file not in helpless]
            if not wanted:
                return mended, [*told, *found]
            helpless |= _purge_all(queue, wanted)
            wanted = [one for one in wanted if one.file not in helpless]
            in_doubt = _round(queue, wanted, mended) if wanted else []
            told += [one.finding for one in in_doubt]
        return mended, [*told, *verify(queue)]


def _round(queue: Drafts, wanted: Sequence[Finding], mended: list[Mended]) -> list[Held]:
    """Rewrite the journal once; returns the drafts that are in doubt since."""
    if any(one.kind.mend == "known" for one in wanted):
        shorter.forget(queue.momentary)
        if all(one.kind.mend == "known" for one in wanted):
            mended += [Mended(one, None) for one in wanted]
            return []
    damaged, again = _sorted(queue, wanted)
    erased = {**erased_lines(queue), **again}
    aside = _set_aside(queue, damaged, erased) if damaged else None
    in_doubt = held(queue, damaged, aside.name if aside else "")
    new = [one.event for one in in_doubt if one.event is not None]
    new += [_adopted(queue, one.file) for one in wanted if one.kind.mend == "adopt"]
    kept = {one.finding.offset: one.kept for one in damaged}
    places = _places(queue, {offset for offset, stays in kept.items() if stays})

    def change(offset: int, raw: bytes) -> bytes:
        if offset not in kept:
            return without_erased(plain(raw), again)
        if not kept[offset]:
            return b" " * len(raw)
        return without_erased(resealed(raw, places.get(offset)) or raw, again)

    def ending(place: int) -> bytes:
        return encode_events(new, queue.journal.never_back(clock.now(), queue.journal.end()), place)

    torn = rewrite(queue, change, ending)
    files = {"aside": aside, "keep": aside, "tail": torn}
    done = {one.finding.offset: one.finding for one in damaged}
    for one in wanted:
        now = done.get(one.offset, one) if one.kind.mend in _IN_JOURNAL else one
        mended.append(Mended(now, files.get(now.kind.mend)))
    return in_doubt


def _sorted(queue: Drafts, wanted: Sequence[Finding]) -> tuple[list[Damaged], ErasedLines]:
    """The bad lines of the journal in their order, with which of them stay; and the lines of which an erased
    form stands there as well, which is the one that counts.
    """
    bad = {one.offset: one for one in wanted if one.kind.mend in _IN_JOURNAL}
    raws = dict(_raws(queue.journal.path, sorted(bad)))
    names = {event_id(bare(raw)) for raw in raws.values()} - {None}
    good: dict[str | None, list[bytes]] = {}
    for offset, raw in queue.journal.lines() if names else ():
        name = event_id(bare(raw))
        if name in names and is_good(raw) and (offset not in bad or bad[offset].kind is CONTRADICTION):
            good.setdefault(name, []).append(bare(raw))
    damaged = []
    for offset, raw in raws.items():
        one = bad[offset]
        copied = event_id(bare(raw)) in good
        stays = one.kind.mend == "keep" and not copied
        kind = one.kind if stays else msgspec.structs.replace(one.kind, mend="aside")
        damaged.append(Damaged(msgspec.structs.replace(one, kind=kind), raw, stays, copied))
    return damaged, erased_forms(good)


def _places(queue: Drafts, kept: Collection[int]) -> dict[int, int]:
    """Where these lines were first written, as far as the good lines around them agree on it."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    before: int | None = None  # by how much the places of good lines differ from where they stand
    for offset, raw in queue.journal.lines() if kept else ():
        if offset in kept:
            waiting.append(offset)
            continue
        name = event_id(raw) if is_good(raw) else None
        place = None if name is None else place_of(name)
        if place is None:
            continue
        shift = place - offset
        found |= {one: one + shift for one in waiting if before in (None, shift)}
        waiting, before = [], shift
    return found | {one: one + before for one in waiting if before is not None}


def _adopted(queue: Drafts, name: str) -> NewEvent:
    """The event of an archive that no line names."""
    lines, tickets = archives.counts(archives.locate(queue.journal.path.parent, name))
    return NewEvent("archived", None, None, {"file": name, "lines": lines, "tickets": tickets}, name)


def _purge_all(queue: Drafts, wanted: Sequence[Finding]) -> set[str]:
    """Take erased words out of archives; returns those that cannot be read, whose finding says so."""
    journal, helpless = queue.journal.path, set()
    for name in sorted({one.file for one in wanted if one.kind.mend == "erase"} - {journal.name}):
        try:
            _purge(queue, archives.locate(journal.parent, name))
        except (OSError, ValueError):
            helpless.add(name)
    return helpless


def _purge(queue: Drafts, archive: Path) -> None:
    """Raises OSError, ValueError for an archive that cannot be read; it is then as it was."""
    erased = erased_lines(queue)
    blanked = (
        b"\n".join(without_erased(raw, erased) for raw in content.split(b"\n"))
        for _, _, _, content in archives.members(archive)
    )
    archives.rewrite(archive, blanked)


def _set_aside(queue: Drafts, damaged: Sequence[Damaged], erased: ErasedLines) -> Path:
    journal = queue.journal.path
    aside = journal.with_name(f"{journal.name}.bad-{time.time_ns()}")
    durable.replace(aside.with_name(f"{aside.name}.lines"), _list(damaged), point="aside-lines")
    durable.replace(aside, _lines(damaged, erased), point="aside")
    return aside


def _list(damaged: Sequence[Damaged]) -> Iterator[bytes]:
    for one, _, kept, _ in damaged:
        told = {"line": one.line, "offset": one.offset, "why": one.detail, "kept": kept}
        yield msgspec.json.encode(told) + b"\n"


def _lines(damaged: Sequence[Damaged], erased: Mapping[str, str | None]) -> Iterator[bytes]:
    for one in damaged:
        yield without_erased(one.raw, erased) + b"\n"


def _raws(journal: Path, offsets: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    with journal.open("rb") as file:
        for offset in offsets:
            file.seek(offset)
            yield offset, file.readline().removesuffix(b"\n")
