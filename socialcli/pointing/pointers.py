"""While it lasts: one pointer to the statement for each customer whom an incident has hit."""

from __future__ import annotations

from msgspec import structs

from socialcli import claiming, posting
from socialcli.announcing import pointing
from socialcli.announcing.course import sent_statements
from socialcli.app import App
from socialcli.drafting import Situation, Words
from socialcli.errors import ConflictError, RefusedError
from socialcli.model.mass import FIRST
from socialcli.model.statement import Statement
from socialcli.pointing import told
from socialcli.pointing.customers import Customer, customers, is_owed
from socialcli.pointing.task import CAME_TO_NOTHING, PERSON, RESUMED, STOPPED, Passing, Task, turned_down
from socialcli.policy.schema import Agent
from socialcli.queue.rows import DraftRow


class Pointers(Task):
    """The round of pointers of one incident."""

    kind = "pointer"

    def __init__(self, app: App, incident: str, by: str | None) -> None:
        super().__init__(app, incident, by)
        self.sent: list[Statement] = []
        self._contents: frozenset[str] = frozenset()

    def require(self) -> None:
        """The incident is open, and a statement about it runs. Raises ConflictError, RefusedError."""
        found = self.app.queue.incident(self.incident)
        if found.state == "suspected":
            raise ConflictError(
                f"incident {found.id} is only suspected: nobody has said that it is one",
                hint=f"socialcli incident confirm {found.id}",
            )
        if found.state != "open":
            raise ConflictError(
                f"incident {found.id} is {found.state}", hint=_otherwise(found.id, found.state)
            )
        self.sent = sent_statements(self.app.queue)
        if not told.running(self.sent, found.id):
            self._nothing_runs()
        self._contents = told.pointers(self.sent, found.id)

    def _nothing_runs(self) -> None:
        last = told.solved(self.sent, self.incident)
        if last is not None:
            raise RefusedError(
                f"the newest statement says that it is solved: {last.draft} by {last.account}",
                hint=f"socialcli incident notify {self.incident} tells those who were promised to hear of it",
            )
        raise RefusedError(
            f"no statement about incident {self.incident} has gone out yet: there is nothing to point to",
            hint=f"socialcli statement --incident {self.incident} --set what=... --yes",
        )

    def people(self) -> list[Customer]:
        return customers(self.app, self.incident)

    def passing(self, one: Customer) -> Passing | None:
        """Why this customer gets no pointer now; None for one who does."""
        return self._told(one) or self._not_waiting(one) or self._for_people(one)

    def _told(self, one: Customer) -> Passing | None:
        """Pointed before, or answered in person since the statement."""
        ours = [each for each in one.drafts if each.content in self._contents]
        given = [each for each in ours if each.state not in CAME_TO_NOTHING]
        for each in given:
            if each.conflict:
                return Passing(PERSON, f"its pointer {each.id} was held up: {each.reason}")
            if each.state not in RESUMED:
                return self._pointed(one, each)
        return None if given else turned_down(ours, "pointer") or self._answered(one)

    def _answered(self, one: Customer) -> Passing | None:
        """In person since the statement."""
        since = told.begun(self.sent, self.incident)
        if since is None or is_owed(one.row):
            return None
        if (answer := one.answered_since(since)) is not None:
            return Passing("passed", f"answered since the statement: draft {answer.id}")
        if one.row.colleague >= since.timestamp():
            return Passing("passed", "answered since the statement, by a colleague")
        return None

    def _pointed(self, one: Customer, draft: DraftRow) -> Passing:
        """They have had theirs; who waits all the same is a matter for people."""
        told = f"pointed to it already: draft {draft.id} is {draft.state}"
        waits = next((row for row in one.rows if is_owed(row)), None)
        if waits is None or draft.state != "sent":
            return Passing("passed", told)
        return Passing(PERSON, f"{told}, and ticket {waits.id} waits for an answer")

    def _not_waiting(self, one: Customer) -> Passing | None:
        row, draft = one.row, one.under_way()
        if self.app.queue.closed_to(row, row.text_id) is not None:
            return Passing("passed", STOPPED)
        if draft is not None and draft.content not in self._contents:
            return Passing("passed", f"draft {draft.id} of this ticket is on its way ({draft.state})")
        if row.received is None:
            return Passing("passed", f"no message waits for an answer: the ticket is {row.status}")
        if row.respond is None:
            return Passing(PERSON, "not weighed yet: socialcli triage")
        return None if is_owed(row) else Passing("passed", f"it needs no answer: {row.respond}")

    def _for_people(self, one: Customer) -> Passing | None:
        """Harm and the first tier, as mass mode has them, are answered by a person; so is what a colleague has taken."""
        for row in one.rows:
            if is_owed(row) and row.tier >= FIRST:
                return Passing(PERSON, "it tells of harm, or presses: it wants an answer of its own")
            holder = claiming.holder(self.app, row)
            if holder not in (None, self.by):
                return Passing(PERSON, f"claimed by {holder}")
        return None

    def words(self, one: Customer, who: Agent) -> tuple[Situation, Words]:
        runs = told.running(self.sent, self.incident)
        near = next((each for each in runs if each.account == one.row.account), None)
        network = one.row.network
        same = (each for each in runs if self.app.account(each.account).network == network)
        newest = near or next(same, runs[0])
        return pointing.pointer(self.app, one.row.id, newest, self.sent, who)

    def wish(self, wish: posting.Wish) -> posting.Wish:
        return structs.replace(wish, allowed=pointing.allowed(self.app))


def _otherwise(incident: str, state: str) -> str:
    if state == "closed":
        return f"socialcli incident notify {incident} tells those who were promised to hear of it"
    return "what begins anew is another incident: socialcli incident open"
