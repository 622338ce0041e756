"""When it is over: one word to each customer who was promised to hear of it."""

from __future__ import annotations

from datetime import datetime

from msgspec import structs

from socialcli import claiming, posting
from socialcli.announcing.course import sent_statements
from socialcli.app import App
from socialcli.drafting import FollowUp, Situation, Words, fingerprint
from socialcli.errors import ConflictError, RefusedError
from socialcli.model.statement import Statement
from socialcli.pointing import told
from socialcli.pointing.customers import Customer, customers, is_gone
from socialcli.pointing.task import CAME_TO_NOTHING, PERSON, RESUMED, STOPPED, Passing, Task, turned_down
from socialcli.policy.schema import Agent
from socialcli.queue.rows import DraftRow

TEMPLATE = "incident-resolved"


class Notice(FollowUp, frozen=True):
    """The words of a notice: one for each customer and incident, whoever signs it."""

    incident: str = ""

    def content(self, agent: Agent) -> str:  # noqa: ARG002 - whoever tells: it is the same notice
        return content_of(self.incident)


def content_of(incident: str) -> str:
    """What every notice of an incident is known by."""
    return fingerprint("notice", incident)


class Notices(Task):
    """The round of notices of one incident. ``values`` are those of the template."""

    kind = "notice"

    def __init__(self, app: App, incident: str, by: str | None, values: dict[str, str] | None = None) -> None:
        super().__init__(app, incident, by)
        self._values = values or {}
        self._content = content_of(incident)
        self._pointers: frozenset[str] = frozenset()
        self._latest: Statement | None = None  # what everybody was told last of it
        self._begun: datetime | None = None
        self.since: datetime | None = None

    def require(self) -> None:
        """It is over. Raises ConflictError for what was none, RefusedError while it still lasts."""
        found, sent = self.app.queue.incident(self.incident), sent_statements(self.app.queue)
        if found.state == "dismissed":
            raise ConflictError(f"incident {found.id} was dismissed: it is none")
        self._begun, self.since = found.opened_at, told.over_since(sent, found)
        if self.since is None:
            raise RefusedError(
                f"nobody has said yet that incident {found.id} is over",
                hint=f"socialcli statement --incident {found.id} --state resolved --set what=... --yes,"
                f" or socialcli incident close {found.id}",
            )
        self._pointers = told.pointers(sent, found.id)
        self._latest = next((one for one in sent if one.incident == found.id), None)

    def people(self) -> list[Customer]:
        """Who was promised to hear of it, or pointed to where it would stand."""
        return [one for one in customers(self.app, self.incident) if self.promised(one)]

    def promised(self, one: Customer) -> list[DraftRow]:
        """What we said to them that makes them wait for this."""
        theirs = {row.n for row in one.rows}
        return [
            each
            for each in one.drafts
            if each.state == "sent"
            and each.ticket in theirs
            and each.content != self._content
            and (each.content in self._pointers or self._promises(each))
        ]

    def _promises(self, draft: DraftRow) -> bool:
        """Whether it promises something, said since the incident began: what is older is of another matter."""
        begun = self._begun
        return draft.until is not None and (begun is None or datetime.fromisoformat(draft.at) >= begun)

    def passing(self, one: Customer) -> Passing | None:
        ours = [each for each in one.drafts if each.content == self._content]
        for each in ours:
            if each.state in CAME_TO_NOTHING:
                continue
            if each.conflict:
                return Passing(PERSON, f"its notice {each.id} was held up: {each.reason}")
            if each.state not in RESUMED:
                return Passing("passed", f"told already: draft {each.id} is {each.state}")
            return None
        return self._told(one) or turned_down(ours, "notice") or self._for_people(one)

    def _told(self, one: Customer) -> Passing | None:
        if self.since is not None and (answer := one.answered_since(self.since)) is not None:
            return Passing("passed", f"answered since it is over: draft {answer.id}")
        if self.app.queue.opted_out(one.row) is not None:
            return Passing("passed", STOPPED)
        if one.row.solved:
            return Passing("passed", "the ticket is solved")
        if is_gone(self.app, one.row):
            return Passing("passed", "what they wrote was deleted or erased")
        return None

    def _for_people(self, one: Customer) -> Passing | None:
        """Whoever waits for something else, too, is not told that all is well."""
        waiting, draft = one.waiting(), one.under_way()
        if waiting is not None:
            return Passing(PERSON, f"waits for an answer in ticket {waiting.id}: tell them there")
        if draft is not None:
            return Passing(PERSON, f"draft {draft.id} of this ticket is on its way ({draft.state})")
        holder = claiming.holder(self.app, one.row)
        if holder not in (None, self.by):
            return Passing(PERSON, f"claimed by {holder}")
        return None

    def words(self, one: Customer, who: Agent) -> tuple[Situation, Words]:
        place = posting.look(self.app, one.row.id, who)
        words = Notice(
            templates=(self.app.template_in(TEMPLATE, place.language),),
            sign_off=self.app.template("sign-off"),
            values=self._values,
            incident=self.incident,
            points=self.incident if self._latest is None else self._latest.draft,
        )
        return place, words

    def wish(self, wish: posting.Wish) -> posting.Wish:
        """They have their answer, and get this one on purpose."""
        return structs.replace(wish, again=True)
