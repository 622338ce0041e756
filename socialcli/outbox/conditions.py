"""What must hold before a draft goes out; each condition says why it does not."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from socialcli import approval
from socialcli.approval import personal, rights
from socialcli.channels.base import Again, Cap, Channel
from socialcli.errors import ConflictError, NotFoundError, RefusedError, TemporaryError
from socialcli.model.check import Check
from socialcli.model.draft import Draft
from socialcli.model.message import Message
from socialcli.model.times import format_time
from socialcli.outbox.closed_hours import require_night
from socialcli.outbox.following import in_the_way, require_its_turn, way_out
from socialcli.outbox.massing import require_open
from socialcli.outbox.statements import (
    require_own_words,
    require_pointing,
    require_timely,
    require_turn,
    speaks_for_brand,
)
from socialcli.policy.schema import Account, Agent, Policy
from socialcli.queue.rows import DraftRow, TicketRow
from socialcli.queue.store import Queue, Writing
from socialcli.text.opting_out import asks_to_stop


class Conditions:
    """``check`` holds a draft against the policy of today."""

    def __init__(
        self, queue: Queue, policy: Policy, now: Callable[[], datetime], check: Callable[[Draft], Check]
    ) -> None:
        self._queue = queue
        self._policy = policy
        self._now = now
        self._check = check

    def require_wanted(self, draft: Draft, *, anew: bool = False) -> None:
        """Nobody said no to it. ``anew``: it is said on purpose although it was recalled. Raises RefusedError."""
        row = row_of(self._queue, draft.id)
        if row is not None and row.state == "rejected":
            raise RefusedError(f"draft {draft.id} was rejected: {row.reason}", hint="write another answer")
        if row is not None and row.state == "recalled" and not anew:
            why = f": {row.reason}" if row.reason else ""
            raise RefusedError(f"draft {draft.id} was recalled{why}", hint="say it anew on purpose: --again")

    def require_yes(self, draft: Draft) -> None:
        """A yes was to these very words, and who may only draft has one. Raises RefusedError."""
        row = row_of(self._queue, draft.id)
        approved = None if row is None else row.approved_hash
        if approved not in (None, approval.digest(draft)):
            raise RefusedError(f"draft {draft.id} is not what was approved", hint="have it approved again")
        if approved is None and self._only_drafts(draft.agent):
            raise RefusedError(
                f"draft {draft.id} is by {draft.agent}, who may draft, not post",
                hint=f"socialcli recall {draft.id}, then the same once more (--again): it waits for approval",
            )

    def _only_drafts(self, agent: str) -> bool:
        found = (one for one in self._policy.agents if one.id == agent)
        return any(not rights.may(one, "post", self._policy) for one in found)

    def require_right(self, by: str) -> None:
        """Who sends may send. Raises RefusedError for the role "draft", whatever it is told."""
        for agent in self._policy.agents:
            if agent.id == by:
                rights.require(agent, "post", self._policy)

    def check_again(self, draft: Draft) -> None:
        """What waited is held against today: the policy's check, whose yes it asks for, and what a statement
        says. What somebody allowed stays allowed. Raises RefusedError.
        """
        self._require_author(draft)
        check = self._check(draft)
        if refused := approval.refused_today(draft, check):
            raise RefusedError(
                f"draft {draft.id} waited, and today's check says no: {', '.join(refused)}",
                hint=f"socialcli reject {draft.id} --reason WHY, and write another answer",
            )

        stored = self._queue.draft(draft.id)
        if draft.ticket is None:
            self._require_own_voice(draft)
            if draft.text == stored.draft.text:
                require_timely(stored, self._now(), self._policy.brand.time_zone)
            require_own_words(self._queue, draft, self._now())
        else:
            self._require_own(draft, self._queue.ticket(draft.ticket))
        if draft.points is not None:
            require_pointing(self._queue, draft, again=bool(stored.row.again))
        brand = speaks_for_brand(stored, self._policy)
        needs = None if stored.row.approved_hash else self._missing_yes(draft, check, statement=brand)
        if needs is not None:
            raise RefusedError(
                f"draft {draft.id} waited, and today it needs somebody else's yes ({needs})",
                hint="say the very same once more: it then waits for approval",
            )

    def _require_author(self, draft: Draft) -> None:
        if all(one.id != draft.agent for one in self._policy.agents):
            raise RefusedError(
                f"draft {draft.id} is by {draft.agent}, who is no agent any more",
                hint=f"socialcli recall {draft.id}, and say it in your own name",
            )

    def _missing_yes(self, draft: Draft, check: Check, *, statement: bool) -> str | None:
        author = next((one for one in self._policy.agents if one.id == draft.agent), None)
        if author is None:
            return None
        today = msgspec.structs.replace(draft, check=check)
        if draft.ticket is None:
            return approval.reason(today, author, self._policy, statement=statement)
        row = self._queue.ticket(draft.ticket)
        return approval.reason(today, author, self._policy, kind=row.kind, priority=row.priority)

    def _require_own(self, draft: Draft, row: TicketRow) -> None:
        """What goes out from an agent's own account may still do so. Raises RefusedError."""
        account, author = self._account_and_author(draft)
        if account is None or author is None or account.role != "agent" or row.account == draft.account:
            return
        if author.account != draft.account:
            raise RefusedError(f"{draft.account} is not {author.id}'s own account: agents.account")
        target = next((one for one in self._queue.thread(row) if one.id == draft.target), None)
        if target is not None:
            personal.require(author, self._policy, target, kind=row.kind, priority=row.priority)

    def _require_own_voice(self, draft: Draft) -> None:
        account, author = self._account_and_author(draft)
        if account is not None and author is not None:
            personal.require_own_voice(author, self._policy, account)

    def _account_and_author(self, draft: Draft) -> tuple[Account | None, Agent | None]:
        """The account and the author, where the policy has them still."""
        account = next((one for one in self._policy.accounts if one.name == draft.account), None)
        return account, next((one for one in self._policy.agents if one.id == draft.agent), None)

    def require_room(self, draft: Draft, channel: Channel) -> None:
        """The limits of the network and of the policy leave room for one more post. Raises TemporaryError."""
        caps = (*channel.caps(draft.road), Cap(self._policy.outbox.per_hour, 3600))
        roads = ("direct",) if draft.road == "direct" else ("api",)
        wall = time.time()
        for cap in caps:
            sent = self._queue.posted_since(draft.account, roads, wall - cap.seconds)
            if len(sent) >= cap.posts:
                free = datetime.fromtimestamp(sent[-cap.posts] + cap.seconds, UTC)
                raise TemporaryError(
                    f"{draft.account} has posted {len(sent)} times in {cap.seconds // 60} minutes:"
                    f" {cap.posts} are allowed",
                    hint=f"after {free:%H:%M:%S} UTC: socialcli outbox --settle",
                )

    def require_let(self, draft: Draft, by: str, *, anyway: bool) -> str | None:
        """Mass mode lets it out. The incident, where a lead passes over it. Raises HeldError, TemporaryError."""
        return require_open(self._queue, self._policy, draft, by, anyway=anyway)

    def require_free(
        self, draft: Draft, by: str, upto: int, writing: Writing, *, again: bool, waits: bool = False
    ) -> None:
        """Under the queue's lock: nobody else was faster. ``waits``: it is to wait for a yes, which several
        may. Raises ConflictError, TemporaryError while a holding reply is being posted that it would overtake.
        """
        if draft.ticket is None:
            require_turn(writing.queue, draft, self._now(), again=again)
            return
        queue, row = writing.queue, writing.queue.ticket(draft.ticket)
        require_welcome(queue, draft)
        claimed = row.lease is not None and row.lease >= int(self._now().timestamp())
        if claimed and row.assignee not in (by, draft.agent) and draft.holds is None:
            raise ConflictError(
                f"ticket {row.id} is claimed by {row.assignee}", hint="wait for the lease to end"
            )
        other = in_the_way(queue, row, draft, waits=waits)
        if other is not None and (not again or other.row.state == "intended"):
            raise ConflictError(
                f"draft {other.draft.id} of this ticket is on its way ({other.draft.state})",
                hint=way_out(other),
            )
        require_its_turn(queue, row, draft)
        if draft.acknowledges:
            require_night(queue, row, self._policy, self._now())
        if not again:
            _require_unanswered(queue, row, draft, upto)
        elif draft.points is not None:  # a word about a statement answers nothing that is newer
            _require_read(queue, row, draft, upto)


def _require_unanswered(queue: Queue, row: TicketRow, draft: Draft, upto: int) -> None:
    """What a correction answers was answered before, of course."""
    unanswered = queue.unanswered(row)
    if draft.target not in unanswered and draft.corrects is None:
        raise ConflictError(
            f"message {draft.target} is answered already, or gone",
            hint="--again answers once more, on purpose",
        )
    _require_read(queue, row, draft, upto)


def _require_read(queue: Queue, row: TicketRow, draft: Draft, upto: int) -> None:
    """The customer has written nothing since. Raises ConflictError."""
    unread = [message_id for message_id, offset in queue.unanswered(row).items() if offset >= upto]
    if unread or (row.text_id != draft.target and draft.corrects is None):
        raise ConflictError(
            f"@{row.customer} has written again: message {[*unread, row.text_id][0]}",
            hint=f"socialcli show {row.id}, then decide again",
        )


def require_welcome(queue: Queue, draft: Draft) -> None:
    """The customer has not asked for no more messages. Raises ConflictError."""
    since = queue.unwanted(draft)
    if since is not None:
        raise ConflictError(
            unwelcome(since), hint="what they write anew may be answered: socialcli opt-out --list"
        )


def unwelcome(since: datetime) -> str:
    """Why nothing goes out."""
    return f"the customer asked for no more messages: {format_time(since)}"


def row_of(queue: Queue, draft_id: str) -> DraftRow | None:
    """The draft in the queue; None if it is not there."""
    try:
        return queue.draft(draft_id).row
    except NotFoundError:
        return None


def require_unchanged(draft: Draft, target: Message, again: Again) -> None:
    """What is answered still stands, under the same name. Raises ConflictError."""
    if again.gone:
        raise ConflictError(
            f"@{target.author.handle} deleted the message", hint="socialcli fetch takes note of it"
        )
    named = f"@{target.author.handle}".casefold() in draft.text.casefold()
    if again.now_called is not None and named:
        raise ConflictError(
            f"@{target.author.handle} is called @{again.now_called} now: the text names somebody else",
            hint="socialcli fetch, then answer under the new name",
        )


def require_not_stopped(again: Again) -> None:
    """What the network holds and ``fetch`` has not brought yet may ask for no more messages; ``--again`` does not pass
    over that either. Raises ConflictError.
    """
    for one in again.newer:
        if asks_to_stop(one.text):
            raise ConflictError(unwelcome(one.created_at), hint="socialcli fetch takes note of it")


def require_first(draft: Draft, target: Message, again: Again) -> None:
    """Nothing was said since; a correction comes after an answer. Raises ConflictError."""
    if again.newer:
        what = "edited the message" if again.newer[0].id == target.id else "has written again"
        raise ConflictError(
            f"@{target.author.handle} {what}: message {again.newer[0].version}",
            hint="socialcli fetch, then look at the ticket once more",
        )
    if again.answers and draft.corrects is None:
        raise ConflictError(
            f"message {target.id} was answered by somebody else: {again.answers[0].remote_id}",
            hint="--again answers once more, on purpose",
        )
