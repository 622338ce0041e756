"""What everybody was told of an incident: what runs, since when, and whether it is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from socialcli.announcing.course import course_of
from socialcli.announcing.pointing import content_of, courses_about
from socialcli.model.incident import Incident
from socialcli.model.statement import Statement


def running(sent: Sequence[Statement], incident: str) -> list[Statement]:
    """The latest word of each account that still speaks of it, newest first."""
    accounts = dict.fromkeys(one.account for one in sent)
    latest = (course_of(account, list(sent)).running for account in accounts)
    return [one for one in latest if one is not None and one.incident == incident]


def begun(sent: Sequence[Statement], incident: str) -> datetime | None:
    """When the first of the statements went out that still run."""
    times: list[datetime] = []
    for latest in running(sent, incident):
        for one in course_of(latest.account, list(sent)).sent:
            if one.stage == "resolved":
                break
            times.append(one.at)
    return min(times, default=None)


def solved(sent: Sequence[Statement], incident: str) -> Statement | None:
    """The newest word that it is solved; None while any account says otherwise, or none has said anything."""
    if running(sent, incident):
        return None
    return next((one for one in sent if one.incident == incident and one.stage == "resolved"), None)


def over_since(sent: Sequence[Statement], found: Incident) -> datetime | None:
    """Since when it is over: said to be solved, or closed; None while it is not."""
    said = solved(sent, found.id)
    times = [] if said is None else [said.at]
    times += [turn.at for turn in found.history if turn.state == "closed"]
    return min(times, default=None)


def pointers(sent: Sequence[Statement], incident: str) -> frozenset[str]:
    """What a draft is known by that points to a statement about it (``DraftRow.content``)."""
    return frozenset(map(content_of, courses_about(incident, sent)))
