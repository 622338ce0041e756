"""One run of an erasure: plan, tombstones, files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from socialcli import durable
from socialcli.app import App
from socialcli.channels.inbox import is_of, made_anew
from socialcli.errors import ConflictError
from socialcli.forgetting import handed
from socialcli.forgetting.doomed import Doomed
from socialcli.forgetting.marking import Tombstone, plan
from socialcli.forgetting.pseudonyms import Pseudonyms
from socialcli.forgetting.purging import Purge
from socialcli.forgetting.targets import Target, Wish, find, on_its_way, tombstones
from socialcli.model.retention import Erasure
from socialcli.outbox.writing import FOLDER
from socialcli.policy.schema import Account
from socialcli.queue.facts import Erased
from socialcli.queue.rewriting import erased_lines, locked
from socialcli.workspace import LEARNED

Stones = dict[tuple[str | None, str], Tombstone]
_UNFINISHED = "erasure.unfinished"  # stands from before the first tombstone until the last file is clean


def forget(
    app: App, wish: Wish, by: str | None, agree: Callable[[list[Erasure]], None] | None
) -> list[Erasure]:
    """Erase what is meant; returns a record for each file that lost words. ``agree`` is shown what would go before
    anything does, and raises what it wants to; None: nothing is done.

    Raises NotFoundError, UsageError, ConflictError while an answer is on its way, PartlyError where a file could
    not be read, LockHeldError, StorageError. What was interrupted goes on with the next run.
    """
    pseudonyms = Pseudonyms(app.workspace, app.momentary, dry_run=agree is None)
    with durable.lock(app.momentary / "erasure.lock", "the erasure"):
        target = find(app, wish, pseudonyms)
        _require_quiet(app, target, wish)
        _tell_standing(app, target)
        stones = plan(app, target)
        _tell_handed(app, stones)
        plan_of_files = _plan_of_files(app, target, stones)
        planned = _records(plan_of_files, target, "planned", named=pseudonyms.is_kept)
        unfinished = (app.momentary / _UNFINISHED).exists()
        if agree is None:
            for failure in plan_of_files.failures:
                app.console.note(f"cannot be read, and may hold the words: {failure}")
            return planned
        if not (stones or planned or unfinished):
            plan_of_files.raise_failures()
            return planned
        if stones or planned:
            agree(planned)
        pseudonyms.keep()
        durable.replace(app.momentary / _UNFINISHED, [b"socialcli forget goes on\n"], point="erasure")
        target = _mark(app, wish, by, pseudonyms)
        done = _purge(app, target, taught=bool(stones or plan_of_files.counts))
        durable.remove(app.momentary / _UNFINISHED, point="erasure-end")
        return done


def _require_quiet(app: App, target: Target, wish: Wish) -> None:
    found = None if wish.deleted else on_its_way(app, target)
    if found is not None:
        draft, state, ticket = found
        raise ConflictError(
            f"draft {draft} of ticket {ticket} is on its way ({state})",
            hint=f"let it end first: socialcli outbox shows it, socialcli reject {draft} --reason WHY stops what waits",
        )


def _tell_standing(app: App, target: Target) -> None:
    """What is needed to protect people stays."""
    if target.pseudonym is None:
        return
    for one in app.queue.restrictions():
        if one.network == target.network and target.is_theirs(one.handle, one.author_id):
            app.console.note(
                f"@{one.handle} is held off ({one.rung}): that record stays, with the handle; "
                f"to end it: socialcli block --lift @{one.handle}, then forget again"
            )


def _tell_handed(app: App, stones: Stones) -> None:
    """What went to others by mail or program is theirs now."""
    for name in handed.out_of_reach(app, (ticket for ticket, _ in stones)):
        app.console.note(
            f"the conversation was handed on to {name}, which is out of reach: ask them to erase it too"
        )


def _plan_of_files(app: App, target: Target, stones: Stones) -> Purge:
    """What would go, also of what an earlier run or a merge left."""
    lines = dict(erased_lines(app.queue))
    lines |= dict.fromkeys((one for stone in stones.values() for one in stone.events), target.pseudonym)
    facts = [*tombstones(app), *(_facts(stone, target, where) for (_, where), stone in stones.items())]
    purge = Purge(app.workspace, Doomed(facts, lines, target.names), act=False)
    for account in _file_accounts(app):
        purge.outbox(app.workspace / account.outbox, account.network)
        purge.inbox(app.workspace / account.inbox, account.network)
    purge.queue(app.queue)
    purge.writing(app.momentary / FOLDER)
    purge.handed(handed.doomed(app, (ticket for ticket, _ in stones)))
    purge.leftovers()
    if stones or purge.counts:
        purge.learned(app.workspace / LEARNED)
    return purge


def _facts(stone: Tombstone, target: Target, network: str) -> tuple[str | None, Erased]:
    return stone.ticket, msgspec.convert(stone.data(target, network), Erased)


def _mark(app: App, wish: Wish, by: str | None, pseudonyms: Pseudonyms) -> Target:
    """Write the tombstones that are missing; returns what is meant, all that came meanwhile included."""
    with app.queue.writing() as writing:
        target = find(app, wish, pseudonyms)  # again: only now does nobody else write
        _require_quiet(app, target, wish)
        for (ticket, network), stone in plan(app, target).items():
            writing.add("erased", ticket, by, stone.data(target, network), key=network)
    return target


def _purge(app: App, target: Target, *, taught: bool) -> list[Erasure]:
    """``taught``: what was learned from the queue goes too; first, since that is only while words are left."""
    doomed = Doomed(tombstones(app), erased_lines(app.queue), target.names)
    purge = Purge(app.workspace, doomed, act=True)
    if taught:
        with durable.lock(app.momentary / "learned.lock", LEARNED):
            purge.learned(app.workspace / LEARNED)
    if LEARNED in purge.counts:
        app.console.note("what was learned from the queue went too: socialcli learn --queue learns it anew")
    purge.writing(app.momentary / FOLDER)
    purge.handed(handed.doomed(app))
    purge.leftovers()
    for account in _file_accounts(app):
        path = app.workspace / account.outbox
        with durable.lock(app.momentary / f"outbox-{account.name}.lock", path.name):
            purge.outbox(path, account.network)
        _inbox(app, account, purge)
    with locked(app.queue):  # last, since the index goes with it
        purge.queue(app.queue)
    purge.raise_failures()
    return _records(purge, target, "erased", named=True)


def _inbox(app: App, account: Account, purge: Purge) -> None:
    """The rows of an inbox, and the cursor, so that it is not read from its beginning again."""
    path: Path = app.workspace / account.inbox
    cursor = app.queue.cursor(account.name)
    was_its = cursor is not None and path.is_file() and is_of(path, cursor)
    if purge.inbox(path, account.network) and cursor is not None and was_its:
        with app.queue.writing() as writing:
            if app.queue.cursor(account.name) == cursor:
                moved = {"account": account.name, "cursor": made_anew(path, cursor)}
                writing.add("cursor", None, None, moved, key=account.name)


def _file_accounts(app: App) -> list[Account]:
    return [one for one in app.policy.accounts if one.network == "file"]


def _records(
    purge: Purge, target: Target, state: Literal["erased", "planned"], *, named: bool
) -> list[Erasure]:
    """``named``: the pseudonym is certain already."""
    customer = target.pseudonym if named else None
    return [Erasure(target.label, customer, name, count, state) for name, count in purge.counts.items()]
