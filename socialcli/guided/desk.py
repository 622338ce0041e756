"""One ticket on the desk of an agent: claimed while it is written, its text kept, its deadline running."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime, timedelta

from socialcli import claiming
from socialcli.app import App
from socialcli.compose.checks.signature import sign_off
from socialcli.drafting import Situation, Words, check_text, situation
from socialcli.errors import ConflictError, SocialError
from socialcli.guided import signing
from socialcli.guided.keeping import Kept
from socialcli.model.check import Check, Length
from socialcli.model.outside import Translation
from socialcli.model.ticket import Ticket
from socialcli.outbox.writing import Keeper
from socialcli.policy.schema import Agent
from socialcli.queue.rows import TicketRow

_OWED = ("new", "open", "on-hold")  # statuses in which the deadline runs
_CLOSE = timedelta(minutes=10)  # before the deadline: seconds are told


class Desk(Kept):
    """``place`` is the ticket as the agent has read it. With ``dry`` nothing is written anywhere."""

    def __init__(self, app: App, row: TicketRow, who: Agent, *, dry: bool) -> None:
        self.who = who
        self.place = _situation(app, row)
        super().__init__(app, Keeper(app.momentary, row.id, who.id, self.place.target.id), dry=dry)
        self.record: Ticket = app.queue.record(row)
        self._begun = ""  # the text as it was begun with
        self.translations: dict[str, Translation] = {}  # of what the customer wrote, by its version
        self.asked_to_translate: set[str] = set()  # versions
        self.allowed: dict[str, str] = {}  # rules whose errors may pass, with the reason
        self.error: SocialError | None = None  # what stands against the last attempt
        self._claimed_here = False
        self._lost = ""  # who has taken the ticket meanwhile
        self._asked = time.monotonic()

    # whose it is

    def claim(self) -> None:
        """Raises ConflictError while somebody else has it."""
        claiming.require_free(self.app, self.place.row, self.who.id)
        if not self.dry:
            self._claimed_here = claiming.holder(self.app, self.place.row) is None
            claiming.claim(self.app, self.place.row.id, self.who.id)

    def give_back(self) -> None:
        """The ticket to everybody, unless the agent had claimed it before."""
        if self._claimed_here:
            with suppress(ConflictError):
                claiming.give_up(self.app, self.place.row.id, self.who.id)
            self._claimed_here = False

    def give_to(self, to: str, note: str) -> None:
        """Hand the ticket over. Raises ConflictError where somebody else has taken it."""
        claiming.hand_over(self.app, self.place.row.id, self.who.id, to=to, note=note)

    def keep_claim(self) -> None:
        """It stays the agent's, or has gone to somebody else."""
        self._claimed_here = False

    def _renew(self) -> None:
        """Half the lease before its end. Somebody may have taken the ticket when it had run out."""
        row = self.app.queue.ticket(self.place.row.id)
        holder = claiming.holder(self.app, row)
        self._lost = holder if holder is not None and holder != self.who.id else ""
        left = (row.lease or 0) - self.app.now().timestamp()
        if not self._lost and (holder is None or left < self.app.policy.claim.lease / 2):
            claiming.claim(self.app, row.id, self.who.id)

    # what the editor asks

    @property
    def head(self) -> str:
        how = "in public" if self.place.visibility == "public" else "as a direct message"
        mark = sign_off(self.app.policy.reply.sign_off, self.who)
        name = f", signed {mark}" if mark else ""
        return f"Reply: {how} to @{self.place.target.author.handle}{name}"

    def length(self, text: str) -> Length:
        """Of the text as it would be posted."""
        from socialcli.text.length import measure

        return measure(self.signed(text), self.place.counts_as, self.place.visibility, reply=True)

    def check(self, text: str) -> Check:
        """Of the text as it would be posted."""
        return check_text(self.signed(text), self.place, self.who, self.app.policy)

    def words(self, corrects: str | None = None) -> Words:
        """What is to be said. ``corrects``: the draft that it puts right."""
        return Words(
            text=self.text,
            corrects=corrects,
            by_program=bool(self.text) and self.text == self.keeper.by_program,
            translated=self.place.language
            if self.text and self.text == self.keeper.put_into_theirs
            else None,
        )

    def begin(self, text: str) -> None:
        """Go on from ``text``. What was written here until now is put aside, unless it is a beginning left as it was."""
        if self.text.strip() and self.text not in (self._begun, self.signed(self._begun)):
            self.keep("")
        self.keep(text)
        self._begun = text

    def written_before(self) -> tuple[str, ...]:
        """What can be gone on with, newest first."""
        untouched = (self._begun, self.signed(self._begun))
        ours = self.text if self.text.strip() and self.text not in untouched else ""
        before = (one for one in self.keeper.stands() if one not in untouched or one in self.keeper.found())
        return tuple(dict.fromkeys((*([ours] if ours else []), *before)))

    def signed(self, text: str) -> str:
        return signing.signed(text, self.who, self.app.policy)

    def beat(self) -> str:
        """How long until the deadline, what it costs, and what is wrong."""
        if not self.dry and time.monotonic() - self._asked >= 1:
            self._asked = time.monotonic()
            try:
                self._renew()
            except SocialError as error:
                return error.message
        lost = f"{self._lost} has claimed this ticket meanwhile" if self._lost else ""
        return self.unkept or lost or "   ".join(filter(None, (self.deadline(), self._price())))

    def deadline(self) -> str:
        due = self.record.due_at
        if due is None or self.record.status not in _OWED:
            return ""
        return until(due, self.app.now())

    def _price(self) -> str:
        cost = self.place.cost_of(self.text)
        return f"costs {cost} {self.place.way.currency}" if cost.strip("0.") else ""

    # what may have happened meanwhile

    def is_erased(self) -> bool:
        thread = self.app.queue.thread(self.app.queue.ticket(self.place.row.id))
        return any(one.id == self.keeper.target and one.erased for one in thread)

    def look_again(self) -> int:
        """Read the ticket anew; how many messages are new. Raises ConflictError where it was erased."""
        known = {one.version for one in self.place.thread}
        row = self.app.queue.ticket(self.place.row.id)
        self.place, self.record = _situation(self.app, row), self.app.queue.record(row)
        self.keeper.target = self.place.target.id
        return sum(one.version not in known for one in self.place.thread)


def until(moment: datetime, now: datetime) -> str:
    """``due in 34m``; in the last minutes ``due in 4:09``; ``overdue by 12m``."""
    left = moment - now
    late = left < timedelta(0)
    seconds = int(abs(left).total_seconds())
    if abs(left) < _CLOSE:
        told = f"{seconds // 60}:{seconds % 60:02d}"
    elif seconds < 3600:  # noqa: PLR2004 - an hour
        told = f"{seconds // 60}m"
    else:
        told = f"{seconds // 3600}h{seconds % 3600 // 60:02d}m"
    return f"overdue by {told}" if late else f"due in {told}"


def _situation(app: App, row: TicketRow) -> Situation:
    channel = app.channel(row.account)
    return situation(app.queue, app.policy, app.assessor, row, app.account(row.account), channel)
