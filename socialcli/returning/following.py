"""The follow-ups that stand open: thanks that are owed, "How is everything?" that is due, and happy endings and
helpful customers, which are only suggested. Worked out from what the queue holds; asks no network.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from socialcli import offline
from socialcli.app import App
from socialcli.model.followup import FollowUp, What
from socialcli.model.protection import Restriction
from socialcli.queue.endings import Ended, is_owed
from socialcli.queue.rows import TicketRow
from socialcli.returning.saying import said_before

LAPSES = timedelta(days=14)  # after so long nobody is asked how it is, and praise is old news
_WRITTEN = ("phone", "email", "livechat")  # where no program writes


def follow_ups(app: App, row: TicketRow | None = None) -> list[FollowUp]:
    """Of all tickets, or of one: what is owed first, the longest due first; then what is suggested."""
    return [*owed(app, row), *_suggested(app, row)]


def owed(app: App, row: TicketRow | None = None) -> list[FollowUp]:
    """Only what is owed."""
    held = _held(app)
    found = [*_thanks(app, row, held), *_questions(app, row, held)]
    return sorted(found, key=lambda one: (one.due_at, one.ticket, one.what))


def _thanks(app: App, row: TicketRow | None, held: list[Restriction]) -> Iterator[FollowUp]:
    if not app.policy.resolve.thank_in_public:
        return
    for one in app.queue.unthanked(row):
        if said_before(app, one.row, "thank-you") is None and not _unwanted(app, one.row, held):
            reason = "began in public, helped in private, and not thanked there yet"
            yield _record(app, "thank-you", one.row, one.at, reason, by=one.by)


def _questions(app: App, row: TicketRow | None, held: list[Restriction]) -> Iterator[FollowUp]:
    after = app.policy.resolve.ask_how_it_is_after
    if not after:
        return
    upto = int(app.now().timestamp()) - after
    for one in app.queue.unasked(upto - int(LAPSES.total_seconds()), upto, row):
        if said_before(app, one.row, "how-is-it") is None and not why_not_asked(app, one, held):
            reason = f"{one.outcome} on {_moment(one.at):%Y-%m-%d}: ask how everything is"
            yield _record(app, "how-is-it", one.row, _heard_of_us(app, one) + after, reason, by=one.by)


def why_not_asked(app: App, one: Ended, held: list[Restriction] | None = None) -> str:
    """Why this customer is not asked how it is; "" where they are."""
    for other in app.queue.tickets_of(one.row.network, one.row.called, one.row.author):
        if other.n != one.row.n and other.text_created > one.first:
            return f"they have written since: ticket {other.id}"
        if other.n != one.row.n and is_owed(other):
            return f"ticket {other.id} of theirs is open"
    return (
        _thanks_first(app, one)
        or _unwanted(app, one.row, _held(app) if held is None else held)
        or _unreachable(app, one.row)
    )


def _thanks_first(app: App, one: Ended) -> str:
    """The question comes as long after the thanks as after the end: nobody hears both at once."""
    owed = app.policy.resolve.thank_in_public and app.queue.unthanked(one.row)
    if owed and said_before(app, one.row, "thank-you") is None:
        return "they are to be thanked first"
    after = app.policy.resolve.ask_how_it_is_after
    return "they were thanked only now" if _heard_of_us(app, one) + after > app.now().timestamp() else ""


def _heard_of_us(app: App, one: Ended) -> int:
    """When the ticket ended, or they were thanked after that: epoch seconds."""
    thanks = said_before(app, one.row, "thank-you")
    thanked = 0 if thanks is None else int(datetime.fromisoformat(thanks.row.at).timestamp())
    return max(one.at, thanked)


def _unreachable(app: App, row: TicketRow) -> str:
    latest = next((one for one in app.queue.thread(row) if one.id == row.text_id), None)
    if latest is None or latest.visibility != "direct":
        return ""
    return offline.closed(app.queue, app.account(row.account), row, app.now())


def _held(app: App) -> list[Restriction]:
    """Who is held off now."""
    return [one for one in app.queue.restrictions() if one.until > app.now()]


def _unwanted(app: App, row: TicketRow, held: list[Restriction]) -> str:
    """Why nothing that they did not ask for is said to a customer; "" where it may be."""
    if app.queue.opted_out(row) is not None:
        return "they want no messages of ours"
    for one in held:
        theirs = one.author_id == row.author if one.author_id else one.handle.lower() == row.called
        if theirs and one.network == row.network:
            return f"@{one.handle} is held off ({one.rung})"
    return ""


def preferred_elsewhere(app: App, row: TicketRow) -> str:
    """The channel at which a customer wants to be asked and where no program writes; "" for none."""
    prefers = offline.preference(app.queue, row, app.queue.thread(row))
    return prefers if prefers in _WRITTEN else ""


# ---------------------------------------------------------------------------------------------- suggestions


def _suggested(app: App, row: TicketRow | None) -> Iterator[FollowUp]:
    since = int((app.now() - LAPSES).timestamp())
    held = _held(app)
    told: set[str] = set()
    for one in app.queue.praised(since, row):
        found = _of_praise(app, one)
        if found is not None and found.ticket not in told and not _unwanted(app, one, held):
            told.add(found.ticket)
            yield found


def _of_praise(app: App, row: TicketRow) -> FollowUp | None:
    """Praise for what we did, or thanks to another customer who helped."""
    thread = app.queue.thread(row)
    latest = next((one for one in thread if one.id == row.text_id), None)
    if latest is None or latest.visibility != "public" or latest.erased:
        return None
    if (
        row.kind != "praise" and app.assessor.assess(latest, ()).kind != "praise"
    ):  # by its own words, no thread
        return None
    helper = None if latest.in_reply_to is None else app.queue.ticket_of(row.network, latest.in_reply_to)
    at = row.text_created
    if helper is not None and helper.n != row.n:
        reason = (
            f"@{latest.author.handle} thanks them for their help (ticket {row.id}): a thank-you from us, too"
        )
        return (
            None
            if app.queue.is_followed(helper, "helpful-customer")
            else _record(app, "helpful-customer", helper, at, reason)
        )
    if row.answered_by_us or row.colleague >= 0:
        where = f", or a repost of {latest.url}" if latest.url else ", or a repost"
        return _record(app, "happy-ending", row, at, f"thanks us after our answer: a thank-you{where}")
    return None


def _record(app: App, what: What, row: TicketRow, at: int, reason: str, by: str | None = None) -> FollowUp:
    record = app.queue.record(row)
    return FollowUp(
        what=what,
        owed=what in ("thank-you", "how-is-it"),
        ticket=row.id,
        account=row.account,
        customer=record.customer,
        due_at=_moment(at),
        reason=reason,
        next=_next(app, what, row),
        by=by,
        assignee=record.assignee,
    )


def _next(app: App, what: What, row: TicketRow) -> str:
    if what == "thank-you":
        return f"socialcli follow-up {row.id} --yes"
    if what == "how-is-it":
        elsewhere = preferred_elsewhere(app, row)
        done = f"ask by {elsewhere}, as they prefer, then: socialcli follow-up {row.id} --done"
        return done if elsewhere else f"socialcli follow-up {row.id} --yes"
    return f"socialcli reply {row.id} -t thanks --dry-run"


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
