"""``list``: tickets, the most pressing first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec

from socialcli import masking, massmode, reminding, render
from socialcli.app import App
from socialcli.choosing import chosen, filter_options, limit_option, sort_option
from socialcli.console import Answer
from socialcli.options import verb
from socialcli.queue.filtering import Filter
from socialcli.queue.rows import TicketRow

_DEFAULT_LIMIT = 50


@verb("Tickets, the most pressing first.")
@filter_options
@sort_option("urgency; with --match the newest match")
@limit_option("50, --json: all")
def command(app: App, saved: str | None, limit: int | None, **wanted: Any) -> Answer:
    """Tickets, the most pressing first; those that mass mode holds back come behind them, and those that sleep
    last. Without filters every status is shown.

    With --match the ticket whose match was read in last comes first, and sleeping ones among the others. The
    first --match makes an index of all texts, which takes a while in a large queue.

    \b
    socialcli list --match "lost bag" --status open
    socialcli list --filter mine
    """
    return run(app, saved, limit=limit, **wanted)


def run(app: App, saved: str | None = None, *, limit: int | None = None, **wanted: Any) -> Answer:
    """Raises NotFoundError for an unknown filter, account, agent or incident, UsageError for a match without a
    word and for a label that is none.
    """
    otherwise = 0 if app.console.json else _DEFAULT_LIMIT
    asked = chosen(app, saved, limit=limit, otherwise=otherwise, **wanted)
    reminding.remind(app)
    shown = _Counted(app.queue.rows(asked))

    def talk() -> None:
        if not shown.number:
            everything = Filter(sort=asked.sort, limit=asked.limit)
            app.console.note("no tickets" if asked == everything else "no ticket passes the filter")
        elif limit is None and shown.number == asked.limit and not app.console.json:
            _tell_of_more(app, asked)
        if not app.console.json:
            massmode.tell(app)
        if shown.number and (asked.breaching or asked.overdue) and not app.console.json:
            _tell_of_the_oldest(app)

    return Answer(app.queue.records(shown), render.tickets(app.now(), _short(app)), talk=talk)


class _Counted:
    """Rows as they pass, and how many have."""

    def __init__(self, rows: Iterable[TicketRow]) -> None:
        self.number = 0
        self._rows = rows

    def __iter__(self) -> Iterator[TicketRow]:
        for row in self._rows:
            self.number += 1
            yield row


def _tell_of_more(app: App, asked: Filter) -> None:
    """The limit ended the list, and nobody asked for it on the command line."""
    if asked.match is None:
        more = app.queue.count(asked) - asked.limit
        if more > 0:
            app.console.note(f"{more:,} more: --limit 0 shows all")
        return
    one_more = app.queue.rows(msgspec.structs.replace(asked, limit=asked.limit + 1))
    if next(islice(one_more, asked.limit, None), None) is not None:
        app.console.note("more: --limit 0 shows all")


def _tell_of_the_oldest(app: App) -> None:
    """Whoever waits longest, due or not: nobody is to be forgotten behind what is pressing."""
    row = app.queue.oldest_waiting()
    if row is not None:
        app.console.note(f"waiting longest: {row.id}, since {render.at(row.received)}")


def _short(app: App) -> Callable[[str], str]:
    """For terminals: without private data, and without our own handle, with which nearly every text begins."""
    hide = masking.reader(app)

    def short(text: str) -> str:
        first, _, rest = text.lstrip().partition(" ")
        is_ours = first.startswith("@") and first[1:].casefold() in app.policy.our_handles
        return hide(rest if is_ours and rest.strip() else text)

    return short
