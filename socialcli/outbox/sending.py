"""Intent, post, receipt; and settling what was interrupted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from socialcli import durable
from socialcli.channels.base import (
    Again,
    Channel,
    DuplicateError,
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
from socialcli.model.statement import Said
from socialcli.outbox.conditions import (
    Conditions,
    require_first,
    require_not_stopped,
    require_unchanged,
    row_of,
)
from socialcli.outbox.massing import HeldError
from socialcli.outbox.matching import is_same
from socialcli.policy.promising import keeps_waiting, promises_in
from socialcli.policy.schema import Policy
from socialcli.queue.erasing import draft_without_words
from socialcli.queue.records import StoredDraft
from socialcli.queue.rows import DraftRow, TicketRow
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
    said: Said | None = None  # a statement
    read: str | None = None  # version of the newest message that its author had read
    anew: bool = False  # on purpose, although it was recalled
    anyway: bool = False  # now, although mass mode holds it back: a lead may

    def facts(self) -> dict[str, Any]:
        return {
            "content": self.content,
            "upto": self.upto,
            "read": self.read,
            "again": self.again or None,
            "said": self.said,
        }


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
        self._conditions = Conditions(queue, policy, now, check)

    def keep(self, request: Request, state: str, reason: str | None) -> Outcome:
        """Write a draft down that is not to be posted now: saved for later, refused, awaiting approval, by hand."""
        if state == "scheduled":  # or put off: who may only draft decides neither
            self._conditions.require_right(request.by)
        row = row_of(self._queue, request.draft.id)
        # What follows an attempt that came to nothing begins the next one, else the older state would stand.
        attempt = 0 if row is None else row.attempt + (row.state in ("parked", "failed", "recalled"))
        try:
            with self._queue.writing() as writing:
                if state not in ("refused", "composed"):  # these wait for nobody
                    self._conditions.require_wanted(request.draft, anew=request.anew)
                    self._require_free(request, writing, waits=state == "awaiting-approval")
                over = self._let(request) if state == "by-hand" else None
                _write(
                    writing, request.draft, state, request.by, reason=reason, attempt=attempt, over=over,
                    **(self._facts(request) if state == "by-hand" else request.facts()),
                )  # fmt: skip
        except (ConflictError, TemporaryError, HeldError) as error:
            if isinstance(error, durable.LockHeldError):
                raise
            return self._park(request, row, error)
        return Outcome(self._queue.draft(request.draft.id).draft)

    def schedule(self, draft_id: str, by: str, at: datetime, reason: str) -> Outcome:
        """Put off a draft that may go out, an approved one say; ``outbox --settle`` posts it from ``at`` on."""
        request = self._request(self._queue.draft(draft_id), by)
        later = msgspec.structs.replace(request.draft, post_at=at)
        return self.keep(msgspec.structs.replace(request, draft=later), "scheduled", reason)

    def send(self, request: Request) -> Outcome:
        """Post a draft once. A re-run continues where an earlier run was stopped; one that was sent is
        returned as it is. Raises LockHeldError while another process is posting it.
        """
        with self._held(request.draft.id), self._metered(request.draft.account):
            row = row_of(self._queue, request.draft.id)
            if row is not None and row.state == "sent":
                return Outcome(self._queue.draft(row.id).draft)
            if row is not None and row.state in ("intended", "unknown"):
                settled = self._settle(row, request.by)
                if settled is not None:
                    return settled
            return self._try(request, row)

    def resume(self, draft_id: str, by: str) -> Outcome:
        """Finish an interrupted, parked, approved or scheduled draft."""
        return self.send(self._request(self._queue.draft(draft_id), by))

    @staticmethod
    def _request(stored: StoredDraft, by: str) -> Request:
        row = stored.row
        said = msgspec.json.decode(row.said, type=Said) if row.said else None
        again = bool(row.again)
        return Request(stored.draft, row.content, by, row.upto, again=again, said=said, read=row.read)

    def _try(self, request: Request, row: DraftRow | None) -> Outcome:
        """One attempt at a draft that is certainly not there; a conflict parks it, so no text is lost."""
        draft = request.draft
        self._conditions.require_wanted(draft, anew=request.anew)
        self._conditions.require_right(request.by)
        self._conditions.require_yes(draft)
        if row is not None:
            self._require_still_right(request, row)
        if draft.road == "hand":
            return self.keep(request, "by-hand", draft.reason)
        attempt = 1 + (row.attempt if row is not None else 0)
        try:
            if (
                row is None or not row.first_wall
            ):  # certainly not there: nothing is read for what is held back
                self._let(request)
            there = self._look_again(request, row)
            if there is not None:
                receipt = Receipt(there.remote_id, there.url)
                return self._sent(draft, request.by, attempt, receipt, **self._facts(request))
            self._conditions.require_room(draft, self._channel_of(draft.account))
            with self._queue.writing() as writing:
                self._conditions.require_wanted(draft, anew=request.anew)
                self._conditions.require_yes(draft)
                self._require_free(request, writing)
                _write(
                    writing, draft, "intended", request.by, attempt=attempt, wall=time.time(),
                    over=self._let(request), **self._facts(request),
                )  # fmt: skip
        except (ConflictError, TemporaryError, CredentialsError, HeldError) as error:
            if isinstance(error, durable.LockHeldError):
                raise
            return self._park(request, row, error)
        written = row_of(self._queue, draft.id)
        if written is None or (written.state, written.attempt) != ("intended", attempt):
            # The journal is the witness of what was posted: without it nothing is.
            raise StorageError(
                f"the intent of draft {draft.id} does not stand in the journal", hint="socialcli doctor"
            )
        return self._post(draft, request.by, attempt)

    def _let(self, request: Request) -> str | None:
        """Mass mode lets it out; inside ``writing`` nobody else takes its room."""
        return self._conditions.require_let(request.draft, request.by, anyway=request.anyway)

    def _facts(self, request: Request) -> dict[str, Any]:
        """What is written of a draft that goes out now; what it promises to one customer counts from here."""
        facts, text = request.facts(), request.draft.text
        if request.draft.ticket is not None and not request.draft.acknowledges:
            facts["promised"] = promises_in(text, self._policy, self._now()) or None
            facts["holding"] = keeps_waiting(text, self._policy) or None
        return facts

    def _post(self, draft: Draft, by: str, attempt: int) -> Outcome:
        durable.step("post:intended")
        target = self._target(draft)
        if target is not None and target.visibility == "direct" and draft.road != "direct":
            error = PostRefusedError("an answer to a direct message never goes out in public")
            return self._note(draft, "failed", by, attempt, error)
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
        duplicate = isinstance(error, DuplicateError) or None
        with self._queue.writing() as writing:
            _write(writing, draft, state, by, attempt=attempt, reason=error.message, duplicate=duplicate)
        return Outcome(self._queue.draft(draft.id).draft, error)

    def _park(self, request: Request, row: DraftRow | None, error: SocialError) -> Outcome:
        """A holding reply or an acknowledgement that something speaks against is not needed any more."""
        kept = request.draft.holds is not None or request.draft.acknowledges
        moot = kept and isinstance(error, ConflictError)
        if moot or row is None or (row.state, row.reason) != ("parked", error.message):
            with self._queue.writing() as writing:
                self._conditions.require_wanted(request.draft, anew=request.anew)
                _write(
                    writing, request.draft, "recalled" if moot else "parked", request.by, reason=error.message,
                    attempt=(row.attempt if row else 0) + moot, conflict=isinstance(error, ConflictError),
                    **request.facts(),
                )  # fmt: skip
        return Outcome(self._queue.draft(request.draft.id).draft, None if moot else error)

    # settling

    def _settle(self, row: DraftRow, by: str) -> Outcome | None:
        """What became of an intent whose writer is gone; None where it certainly did not arrive."""
        draft = self._queue.draft(row.id).draft
        found = self._find(row, draft)
        if found is not None:
            return self._sent(draft, by, row.attempt, Receipt(found.remote_id, found.url))
        age = time.time() - row.wall
        waited = age >= self._policy.outbox.settle_after
        if not self._channel_of(row.account).read_lag or (row.empty >= 1 and waited):
            return self._say_otherwise(draft, by, row) if row.duplicate else None
        with self._queue.writing() as writing:
            if waited:
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

    def _find(self, row: DraftRow, draft: Draft) -> OwnPost | None:
        """The draft among our own posts since it was first tried: an earlier attempt may show up late."""
        since = datetime.fromtimestamp(row.first_wall, UTC) - _LOOK_BACK
        target = self._target(draft)
        ours = self._channel_of(row.account).own_posts(since, target, direct=draft.road == "direct")
        return next((post for post in ours if self._is(post, draft, target, row)), None)

    def _is(self, post: OwnPost, draft: Draft, target: Message | None, row: DraftRow) -> bool:
        """Whether a post of ours is this draft, and no other draft, nor one that somebody wrote before it."""
        network = self._channel_of(draft.account).account.network
        return is_same(post, draft, target, since=row.first_wall) and not self._queue.is_another(
            row, network, post.remote_id
        )

    def _say_otherwise(self, draft: Draft, by: str, row: DraftRow) -> Outcome:
        """Refused as a duplicate, and not this draft: another of our posts says the same."""
        error = PostRefusedError(
            f"{draft.account} has posted these very words before, elsewhere: the network takes them once",
            hint="say it in other words: socialcli reply, with another text",
        )
        return self._note(draft, "failed", by, row.attempt, error)

    # around a post

    @contextmanager
    def _held(self, draft_id: str) -> Iterator[None]:
        path = self._queue.momentary / "drafts" / f"{draft_id}.lock"
        with durable.lock(path, f"draft {draft_id} (in flight)", wait=_WAIT_FOR_HOLDER):
            self._queue.refresh()
            yield

    @contextmanager
    def _metered(self, account: str) -> Iterator[None]:
        """Whatever comes of it, what it cost is kept."""
        try:
            yield
        finally:
            used = self._channel_of(account).used()
            with suppress(StorageError, durable.LockHeldError):  # what became of the post matters more
                if used is not None:
                    self._queue.keep_used(account, used.acts, used.cost, used.currency, used.held)

    def _require_still_right(self, request: Request, row: DraftRow) -> None:
        """What waited is held against today. One that turned out not to be there is on its way no more."""
        try:
            self._conditions.check_again(request.draft)
        except RefusedError as error:
            if row.state in ("intended", "unknown"):
                self._park(request, row, error)
            raise

    def _require_free(self, request: Request, writing: Writing, *, waits: bool = False) -> None:
        if writing.queue.is_forgotten(request.draft):
            raise ConflictError(
                f"the customer of ticket {request.draft.ticket} was erased meanwhile",
                hint="there is nothing to answer",
            )
        self._conditions.require_free(
            request.draft, request.by, request.upto, writing, again=request.again, waits=waits
        )

    def _target(self, draft: Draft) -> Message | None:
        """The message that is answered; None for a statement."""
        if draft.ticket is None:
            return None
        for message in self._queue.thread(self._queue.ticket(draft.ticket)):
            if message.id == draft.target:
                return message
        raise NotFoundError("message", str(draft.target))

    def _again(self, draft: Draft, target: Message, row: TicketRow) -> Again:
        """The thread as the account shows it that posts, and as the one shows it to which the customer wrote: an
        agent's own account sees neither all that they write to the brand nor what the brand answers.
        """
        thread = self._queue.thread(row)
        seen = self._seen(draft.account, target, thread)
        if row.account == draft.account or self._channel_of(draft.account).account.role != "agent":
            return seen
        with self._metered(row.account):
            return _both(seen, self._seen(row.account, target, thread))

    def _seen(self, account: str, target: Message, thread: Sequence[Message]) -> Again:
        cursor = self._queue.cursor(account)
        return self._channel_of(account).look_again(target, thread, cursor, self._now())

    def _look_again(self, request: Request, row: DraftRow | None) -> OwnPost | None:
        """Read the thread once more; returns this very draft if the network has it already: by its key, or, if
        it was tried before, by its words.

        Raises ConflictError for what speaks against posting, TemporaryError if the thread cannot be read.
        """
        draft = request.draft
        target = self._target(draft)
        if target is None or draft.ticket is None:
            return None
        again = self._again(draft, target, self._queue.ticket(draft.ticket))
        tried = row if row is not None and row.first_wall > 0 else None
        there = next(
            (
                post
                for post in again.answers
                if post.key == draft.id or (tried is not None and self._is(post, draft, target, tried))
            ),
            None,
        )
        if there is not None:
            return there
        require_unchanged(draft, target, again)
        require_not_stopped(again)
        if (
            not request.again or draft.points is not None
        ):  # a word about a statement answers nothing that is newer
            require_first(draft, target, again)
        return None


def _both(one: Again, other: Again) -> Again:
    """What two accounts see of one thread."""
    newer = {message.version: message for message in (*one.newer, *other.newer)}
    answers = {post.remote_id: post for post in (*one.answers, *other.answers)}
    return Again(
        tuple(newer.values()),
        tuple(answers.values()),
        one.gone or other.gone,
        one.now_called or other.now_called,
    )


def as_written(draft: Draft) -> Draft:
    """The draft as it stands in the journal: without what follows from the events around it."""
    return msgspec.structs.replace(draft, state="composed", waiting_since=None, fallback_at=None)


def _write(writing: Writing, draft: Draft, state: str, by: str, *, content: str = "", **facts: Any) -> None:
    """One event; the whole draft stands in those that may be the first."""
    data: dict[str, Any] = {
        "draft": draft.id,
        **{key: value for key, value in facts.items() if value is not None},
    }
    if content:
        data |= {"content": content, "whole": as_written(draft)}
        if writing.queue.is_forgotten(draft):  # while it was written: these words stand nowhere either
            data = draft_without_words(msgspec.to_builtins(data))
    writing.add(state, draft.ticket, by, data, key=f"{draft.id} {facts.get('attempt', 0)}")
