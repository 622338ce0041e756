"""A bulk answer as lines of a plan, and such a line held against what has become of the incident since."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import UNSET

from socialcli import posting, render
from socialcli.app import App
from socialcli.applying import planning
from socialcli.approval import rights
from socialcli.console import Answer
from socialcli.errors import ConflictError, SocialError, UsageError
from socialcli.model.answered import Bulk, What
from socialcli.model.plan import Plan
from socialcli.pointing.customers import customer_of
from socialcli.pointing.notices import Notices
from socialcli.pointing.pointers import Pointers
from socialcli.pointing.rounds import Round
from socialcli.pointing.task import Task
from socialcli.policy.schema import Agent
from socialcli.queue.rows import TicketRow
from socialcli.render.answered import answered as answered_lines


def task_of(app: App, what: What, incident: str, by: str, values: dict[str, str]) -> Task:
    """The round of this kind. ``values`` are those of a notice's template."""
    if what == "notice":
        return Notices(app, incident, by, values)
    return Pointers(app, incident, by)


def gone_through(task: Task, walk: Round, who: Agent, *, plan: bool, dry_run: bool, yes: bool) -> Answer:
    """The round: as a plan, as a dry run, or posted, once somebody says yes.

    Raises ConflictError, RefusedError for what speaks against all of it, UsageError where a yes is missing.
    """
    due = walk.announce()
    if plan:
        return Answer(planned(task, walk, who), render.plans, walk.error)
    if not dry_run:
        rights.require(who, "post", task.app.policy)
        walk.confirm(due, yes=yes)
    return Answer(walk.through(), answered_lines, walk.error, lambda: task.app.console.note(walk.summary()))


def planned(task: Task, walk: Round, who: Agent) -> Iterator[Plan]:
    """A line for each customer whose turn it is; what speaks against one is noted by ``walk``."""
    for one in task.people():
        if task.passing(one) is not None or not walk.has_room():
            continue
        try:
            place, words = walk.said_to(one)
            bulk = Bulk(task.incident, task.kind, words.points)
            wish = task.wish(posting.Wish())
            lines = planning.of_answer(task.app, "reply", place, words, who, wish, bulk=bulk)
        except UsageError:
            raise
        except SocialError as error:
            walk.note_wrong(one, error)
            continue
        walk.note_planned(len(lines))
        yield from lines


def require_wanted(app: App, line: Plan, row: TicketRow, who: Agent) -> None:
    """A pointer or notice is still wanted: the incident runs, or is over, and this customer has not been told.

    Raises ConflictError, RefusedError, NotFoundError for an incident that is not there.
    """
    if line.bulk is UNSET:
        return
    task = task_of(app, line.bulk.what, app.queue.incident_name(line.bulk.incident), who.id, {})
    task.require()
    one = customer_of(app, task.incident, row)
    passing = task.passing(one)
    if passing is not None:
        raise ConflictError(f"@{row.called}: {passing.reason}")
    if one.row.n != row.n:
        raise ConflictError(f"@{row.called} waits in ticket {one.row.id} by now, which is more pressing")
