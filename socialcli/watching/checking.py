"""The check of a fetch: what joins, what is suspected; and how both are written."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Container, Iterable, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from socialcli.app import App
from socialcli.errors import SocialError
from socialcli.model.incident import RUNNING, Heard, Known, Suspicion
from socialcli.queue.facts import Raised
from socialcli.queue.incidents import IncidentRow
from socialcli.text.counted import counted
from socialcli.watching.mark import Mark

if TYPE_CHECKING:
    from socialcli.triage.spread import Spread

_RHYTHM = 28 * 86400  # seconds of the past that say how many messages are usual
_USUAL = 14 * 86400  # seconds of the past that say which words are usual
_IN_MINUTES = 120  # shorter times are told in minutes
_ID_LENGTH = 8  # base-32 characters: forty bits


class Target(Struct, frozen=True):
    """An incident that messages may join: those written from ``since`` on (epoch seconds)."""

    id: str
    topic: str
    words: tuple[str, ...]
    since: int


class _Plan(Struct, frozen=True):
    """What the check found. ``joined``: id of a ticket -> id of its incident."""

    raised: list[tuple[Raised, Suspicion]]
    joined: dict[str, str]


def watch(app: App, account: str) -> None:
    """Check what came in through an account and was not checked yet, by whichever fetch: one that was killed may
    have left it. Where nothing new came in, there is nothing to see. Raises nothing.
    """
    try:
        mark, newest = Mark(app.momentary, account), app.queue.newest_heard(account)
        if newest is None or newest == mark.read():
            return
        _check(app, account)
        mark.set(newest)
    except SocialError as error:
        app.console.note(f"{account}: could not look for incidents: {error.message}")
    except Exception as error:  # noqa: BLE001 - the messages are taken in: nothing here may fail their fetch
        app.console.note(f"{account}: could not look for incidents: {type(error).__name__}")


def incident_id(account: str | None, topic: str, words: Iterable[str], since: int) -> str:
    """The same for the same account, words and beginning, whoever sees it first."""
    named = "\0".join((account or "", topic, *sorted(words), str(since)))
    return b32encode(blake2b(named.encode(), digest_size=5).digest())[:_ID_LENGTH].decode().lower()


def joining(
    spread: Spread, heard: Iterable[tuple[Heard, str | None]], targets: Sequence[Target], taken: Iterable[str]
) -> dict[str, str]:
    """Which tickets join which of these incidents, the first that fits. ``taken``: incidents whose tickets stay."""
    stay, joined = set(taken), dict[str, str]()
    for one, incident in heard:
        if incident in stay or one.ticket in joined:
            continue
        for target in targets:
            if one.at >= target.since and spread.joins(target.words, target.topic, one):
                joined[one.ticket] = target.id
                break
    return joined


def _check(app: App, account: str) -> None:
    from socialcli.triage.spread import Spread

    spread, now = Spread(app.policy), int(app.now().timestamp())
    known = app.queue.incident_rows(account=account)
    plan = _plan(app, spread, account, known, now)
    if not (plan.raised or plan.joined):
        return
    with app.queue.writing() as writing:
        seen = app.queue.incident_rows(account=account)
        if seen != known:  # another fetch, or a person, was faster
            plan = _plan(app, spread, account, seen, now)
        plan = structs.replace(plan, joined=_not_in(app, plan.joined, seen))
        for raised, _ in plan.raised:
            writing.add("incident-suspected", None, None, raised, key=raised.incident)
        for ticket, incident in plan.joined.items():
            writing.add("incident-joined", ticket, None, {"incident": incident}, key=ticket)
    _tell(app, plan, now)


def _not_in(app: App, joined: dict[str, str], rows: Sequence[IncidentRow]) -> dict[str, str]:
    """Those tickets that have not got into a running incident meanwhile."""
    running = {row.id for row in rows if row.state in RUNNING}
    return {name: one for name, one in joined.items() if app.queue.ticket(name).incident not in running}


def _plan(app: App, spread: Spread, account: str, rows: Sequence[IncidentRow], now: int) -> _Plan:
    queue, reach = app.queue, now - spread.reach
    known = {row.id: queue.known(row) for row in rows if row.state in RUNNING or row.changed >= now - _USUAL}
    running = [name for name, one in known.items() if one.state in RUNNING]
    many = spread.worth_a_look(queue.authors_since(account, reach))
    if not (many or running):
        return _Plan([], {})
    heard = queue.heard(account, now - _USUAL if many else reach, now)
    suspicions = _suspicions(app, spread, account, heard, list(known.values()), now) if many else []
    raised = [(_raised(one, account, now), one) for one in suspicions]
    joined = _examples(raised, {one.ticket for one, name in heard if name in running})
    targets = [Target(one.incident, one.topic, tuple(one.words), one.since) for one, _ in raised]
    targets += [Target(name, known[name].topic, known[name].words, reach) for name in running]
    others = [(one, name) for one, name in heard if one.at >= reach and one.ticket not in joined]
    return _Plan(raised, joined | joining(spread, others, targets, running))


def _examples(raised: Sequence[tuple[Raised, Suspicion]], stay: Container[str]) -> dict[str, str]:
    """The tickets that made somebody think of an incident, but for those that ``stay`` in another."""
    found: dict[str, str] = {}
    for one, suspicion in raised:
        found |= {name: one.incident for name in suspicion.tickets if name not in stay and name not in found}
    return found


def _suspicions(
    app: App,
    spread: Spread,
    account: str,
    heard: Sequence[tuple[Heard, str | None]],
    known: Sequence[Known],
    now: int,
) -> list[Suspicion]:
    from socialcli.triage.spread import Rhythm

    counts = app.queue.rhythm(account, now - _RHYTHM)
    rhythm = Rhythm.of(counts, app.policy.brand.time_zone, now)
    return spread.suspect([one for one, _ in heard], rhythm, now, known)


def _raised(one: Suspicion, account: str, now: int) -> Raised:
    return Raised(
        incident=incident_id(account, one.topic, one.words, one.since),
        topic=one.topic,
        words=list(one.words),
        reason=one.reason,
        account=account,
        opened=now,
        since=one.since,
        examples=list(one.tickets),
    )


def _tell(app: App, plan: _Plan, now: int) -> None:
    new = {raised.incident for raised, _ in plan.raised}
    for raised, suspicion in plan.raised:
        app.console.note(
            f"suspected incident {raised.incident}: {counted(suspicion.authors, 'customer')} in"
            f" {_spell(now - raised.since)} speak of"
            f' "{", ".join(raised.words) or raised.topic}"; socialcli incident show {raised.incident}'
        )
    for incident in dict.fromkeys(plan.joined.values()):
        if incident not in new:
            more = sum(1 for one in plan.joined.values() if one == incident)
            app.console.note(f"incident {incident}: {counted(more, 'more ticket')} joined")


def _spell(seconds: int) -> str:
    minutes = max(1, -(-seconds // 60))
    return f"{minutes} min" if minutes < _IN_MINUTES else f"{minutes // 60} hours"
