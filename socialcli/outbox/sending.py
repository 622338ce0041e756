"""Intent, post, receipt; and settling what was interrupted."""

from __future__ import annotations

import html
import re
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from socialcli import approval, durable
from socialcli.channels.base import (
    Channel,
    NotPostedError,
    OutcomeUnknownError,
    Outgoing,
    OwnPost,
    PostRefusedError,
    Receipt,
)
from socialcli.errors import (
    ConflictError,
    CredentialsError,
    NotFoundError,
    RefusedError,
    SocialError,
    StorageError,
    TemporaryError,
)
from socialcli.model.check import Check
from socialcli.model.draft import Draft
from socialcli.model.message import Message
from socialcli.policy.schema import Policy
from socialcli.queue.rows import DraftRow
from socialcli.queue.store import Queue, Writing

_LOOK_BACK = timedelta(minutes=5)  # clocks differ: our post may bear a time before our intent
_WAIT_FOR_HOLDER = 5.0  # seconds a second process waits for the one that is posting the same draft


class Outcome(msgspec.Struct, frozen=True):
    """What became of a draft; ``error`` says why it is not posted, if it is not."""

    draft: Draft
    error: SocialError | None = None


class Request(msgspec.Struct, frozen=True):
    """A draft to be sent: ``content`` is the hash of what was asked for, ``by`` the agent who sends it,
    ``upto`` the offset in the journal up to which its author had read.
    """

    draft: Draft
    content: str
    by: str
    upto: int
    again: bool = False

    def facts(self) -> dict[str, Any]:
        return {"content": self.content, "upto": self.upto, "again": self.again or None}


class Outbox:
    """Posts drafts through ``channel_of`` an account's name; ``check`` holds one against today's policy."""

    def __init__(
        self,
        queue: Queue,
        policy: Policy,
        channel_of: Callable[[str], Channel],
        now: Callable[[], datetime],
        check: Callable[[Draft], Check],
    ) -> None:
        self._queue = queue
        self._policy = policy
        self._channel_of = channel_of
        self._now = now
        self._check = check  # a draft by the policy of today

    def keep(self, request: Request, state: str, reason: str | None) -> Outcome:
        """Write a draft down that is not to be posted now: refused, awaiting approval, by hand."""
        row = self._row(request.draft.id)
        # What follows an attempt that came to nothing begins the next one, else the older state would stand.
        attempt = 0 if row is None else row.attempt + (row.state in ("parked", "failed"))
        try:
            with self._queue.writing() as writing:
                if state != "refused":
                    self._require_free(request, writing)
                _write(
                    writing, request.draft, state, request.by, reason=reason, attempt=attempt,
                    **request.facts(),
                )  # fmt: skip
        except ConflictError as error:
            return self._park(request, row, error)
        return Outcome(self._queue.draft(request.draft.id).draft)

    def send(self, request: Request) -> Outcome:
        """Post a draft once. A re-run continues where an earlier run was stopped; one that was sent is
        returned as it is. Raises LockHeldError while another process is posting it.
        """
        with self._held(request.draft.id):
            row = self._row(request.draft.id)
            if row is not None and row.state == "sent":
                return Outcome(self._queue.draft(row.id).draft)
            if row is not None and row.state in ("intended", "unknown"):
                settled = self._settle(row, request.by)
                if settled is not None:
                    return settled
            return self._try(request, row)

    def resume(self, draft_id: str, by: str) -> Outcome:
        """Finish an interrupted, parked or approved draft."""
        stored = self._queue.draft(draft_id)
        row = stored.row
        return self.send(Request(stored.draft, row.content, by, row.upto, again=bool(row.again)))

    def _try(self, request: Request, row: DraftRow | None) -> Outcome:
        """One attempt at a draft that is certainly not there; a conflict parks it, so no text is lost."""
        draft = request.draft
        self._require_yes(draft)
        self._require_right(request.by)
        if row is not None:
            self._check_again(draft)
        if draft.road == "hand":
            return self.keep(request, "by-hand", draft.reason)
        attempt = 1 + (row.attempt if row is not None else 0)
        try:
            there = self._look_again(request)
            if there is not None:
                receipt = Receipt(there.remote_id, there.url)
                return self._sent(draft, request.by, attempt, receipt, **request.facts())
            with self._queue.writing() as writing:
                self._require_yes(draft)
                self._require_free(request, writing)
                _write(
                    writing, draft, "intended", request.by, attempt=attempt, wall=time.time(),
                    **request.facts(),
                )  # fmt: skip
        except (ConflictError, TemporaryError) as error:
            if isinstance(error, durable.LockHeldError):
                raise
            return self._park(request, row, error)
        written = self._row(draft.id)
        if written is None or (written.state, written.attempt) != ("intended", attempt):
            # The journal is the witness of what was posted: without it nothing is.
            raise StorageError(
                f"the intent of draft {draft.id} does not stand in the journal", hint="socialcli doctor"
            )
        return self._post(draft, request.by, attempt)

    def _post(self, draft: Draft, by: str, attempt: int) -> Outcome:
        durable.step("post:intended")
        target = self._target(draft)
        outgoing = Outgoing(draft.id, draft.text, target, draft.check.visibility)
        try:
            receipt = self._channel_of(draft.account).post(outgoing, self._now())
        except PostRefusedError as error:
            return self._note(draft, "failed", by, attempt, error)
        except (NotPostedError, StorageError, CredentialsError, durable.LockHeldError) as error:
            return self._note(draft, "parked", by, attempt, error)
        except OutcomeUnknownError as error:
            return self._note(draft, "unknown", by, attempt, error)
        durable.step("post:accepted")
        return self._sent(draft, by, attempt, receipt)

    def _sent(self, draft: Draft, by: str, attempt: int, receipt: Receipt, **facts: Any) -> Outcome:
        with self._queue.writing() as writing:
            _write(
                writing, draft, "sent", by, attempt=attempt, remote_id=receipt.remote_id, url=receipt.url,
                **facts,
            )  # fmt: skip
        durable.step("post:received")
        return Outcome(self._queue.draft(draft.id).draft)

    def _note(self, draft: Draft, state: str, by: str, attempt: int, error: SocialError) -> Outcome:
        with self._queue.writing() as writing:
            _write(writing, draft, state, by, attempt=attempt, reason=error.message)
        return Outcome(self._queue.draft(draft.id).draft, error)

    def _park(self, request: Request, row: DraftRow | None, error: SocialError) -> Outcome:
        if row is None or (row.state, row.reason) != ("parked", error.message):
            with self._queue.writing() as writing:
                self._require_yes(request.draft)
                _write(
                    writing, request.draft, "parked", request.by, reason=error.message,
                    attempt=row.attempt if row else 0, conflict=isinstance(error, ConflictError),
                    **request.facts(),
                )  # fmt: skip
        return Outcome(self._queue.draft(request.draft.id).draft, error)

    # settling

    def _settle(self, row: DraftRow, by: str) -> Outcome | None:
        """What became of an intent whose writer is gone; None where it certainly did not arrive."""
        draft = self._queue.draft(row.id).draft
        channel = self._channel_of(row.account)
        since = datetime.fromtimestamp(row.wall, UTC) - _LOOK_BACK
        others = {one.row.remote_id for one in self._queue.drafts(row.ticket, states=("sent",))}
        ours = (post for post in channel.own_posts(since) if post.remote_id not in others)
        found = next((post for post in ours if _is(post, draft)), None)
        if found is not None:
            return self._sent(draft, by, row.attempt, Receipt(found.remote_id, found.url))
        if not channel.read_lag:
            return None
        age = time.time() - row.wall
        if row.empty >= 1 and age >= self._policy.outbox.settle_after:
            return None
        with self._queue.writing() as writing:
            if age >= self._policy.outbox.settle_after:
                writing.add("looked-up", draft.ticket, by, {"draft": draft.id}, key=draft.id)
            if row.state != "unknown":
                _write(
                    writing, draft, "unknown", by, attempt=row.attempt, reason="stopped before the receipt"
                )
        return Outcome(
            self._queue.draft(row.id).draft,
            TemporaryError(
                f"draft {draft.id}: whether it was posted is not known yet; {draft.account} does not show it",
                hint=f"run this again after {self._policy.outbox.settle_after} seconds: it is looked up, not resent",
            ),
        )

    # what must hold

    @contextmanager
    def _held(self, draft_id: str) -> Iterator[None]:
        path = self._queue.momentary / "drafts" / f"{draft_id}.lock"
        with durable.lock(path, f"draft {draft_id} (in flight)", wait=_WAIT_FOR_HOLDER):
            self._queue.refresh()
            yield

    def _row(self, draft_id: str) -> DraftRow | None:
        try:
            return self._queue.draft(draft_id).row
        except NotFoundError:
            return None

    def _target(self, draft: Draft) -> Message:
        row = self._queue.ticket(draft.ticket)
        for message in self._queue.thread(row):
            if message.id == draft.target:
                return message
        raise NotFoundError("message", draft.target)

    def _look_again(self, request: Request) -> OwnPost | None:
        """Read the thread once more; returns this very draft if the network has it already.

        Raises ConflictError for what speaks against posting, TemporaryError if the thread cannot be read.
        """
        draft = request.draft
        thread = self._queue.thread(self._queue.ticket(draft.ticket))
        target = self._target(draft)
        again = self._channel_of(draft.account).look_again(
            target, thread, self._queue.cursor(draft.account), self._now()
        )
        there = next((post for post in again.answers if post.key == draft.id), None)
        if there is not None:
            return there
        if again.gone:
            raise ConflictError("the customer deleted the message", hint="socialcli show has what it said")
        if request.again:
            return None
        if again.newer:
            raise ConflictError(
                f"@{target.author.handle} has written again: message {again.newer[0].id}",
                hint="socialcli fetch, then look at the ticket once more",
            )
        if again.answers:
            raise ConflictError(
                f"message {target.id} was answered by somebody else: {again.answers[0].remote_id}",
                hint="--again answers once more, on purpose",
            )
        return None

    def _require_yes(self, draft: Draft) -> None:
        """Nobody said no, and a yes was to these very words. Raises RefusedError."""
        row = self._row(draft.id)
        if row is None:
            return
        if row.state == "rejected":
            raise RefusedError(f"draft {draft.id} was rejected: {row.reason}", hint="write another answer")
        if row.approved_hash not in (None, approval.digest(draft)):
            raise RefusedError(f"draft {draft.id} is not what was approved", hint="have it approved again")

    def _require_right(self, by: str) -> None:
        """Who sends may send. Raises RefusedError for the role "draft", whatever it is told."""
        agent = next((one for one in self._policy.agents if one.id == by), None)
        if agent is not None and agent.role == "draft":
            raise RefusedError(f"{by} may draft, not post", hint="somebody else posts it: --as AGENT")

    def _check_again(self, draft: Draft) -> None:
        """What waited is held against the policy of today; what somebody allowed stays allowed."""
        if refused := approval.refused_today(draft, self._check(draft)):
            raise RefusedError(
                f"draft {draft.id} waited, and today's check says no: {', '.join(refused)}",
                hint=f"socialcli reject {draft.id} --reason WHY, and write another answer",
            )

    def _require_free(self, request: Request, writing: Writing) -> None:
        """Under the queue's lock: nobody else was faster. Raises ConflictError."""
        queue, draft = writing.queue, request.draft
        row = queue.ticket(draft.ticket)
        claimed = row.lease is not None and row.lease >= int(self._now().timestamp())
        if claimed and row.assignee not in (request.by, draft.agent):
            raise ConflictError(
                f"ticket {row.id} is claimed by {row.assignee}", hint="wait for the lease to end"
            )
        other = queue.on_its_way(row.n, but=draft.id)
        if other is not None and (not request.again or other.row.state == "intended"):
            raise ConflictError(
                f"draft {other.draft.id} of this ticket is on its way ({other.draft.state})",
                hint="socialcli outbox shows it",
            )
        if request.again:
            return
        unanswered = queue.unanswered(row)
        if draft.target not in unanswered:
            raise ConflictError(
                f"message {draft.target} is answered already", hint="--again answers once more, on purpose"
            )
        unread = [message_id for message_id, offset in unanswered.items() if offset >= request.upto]
        if unread or row.text_id != draft.target:
            raise ConflictError(
                f"@{row.customer} has written again: message {[*unread, row.text_id][0]}",
                hint=f"socialcli show {row.id}, then decide again",
            )


def _write(writing: Writing, draft: Draft, state: str, by: str, *, content: str = "", **facts: Any) -> None:
    """One event; the whole draft stands in those that may be the first."""
    data: dict[str, Any] = {
        "draft": draft.id,
        **{key: value for key, value in facts.items() if value is not None},
    }
    if content:
        data |= {"content": content, "whole": msgspec.structs.replace(draft, state="composed")}
    writing.add(state, draft.ticket, by, data, key=f"{draft.id} {facts.get('attempt', 0)}")


def _is(post: OwnPost, draft: Draft) -> bool:
    """Whether a post of ours is this draft: by its key, else by what it answers and says."""
    if post.key is not None:
        return post.key == draft.id
    return post.in_reply_to == draft.target and _bare(post.text) == _bare(draft.text)


def _bare(text: str) -> str:
    """The text without what a network adds or changes: entities, leading mentions, spaces, composition."""
    text = unicodedata.normalize("NFC", html.unescape(text))
    return " ".join(re.sub(r"^(?:\s*@\w+)+", "", text).split())
