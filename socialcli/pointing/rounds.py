"""A round through all customers of an incident: one after the other, each once, and stopped where it ends."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct, structs

from socialcli import posting
from socialcli.app import App
from socialcli.console import interactive
from socialcli.drafting import Situation, Words, compose
from socialcli.durable import LockHeldError
from socialcli.errors import (
    ConflictError,
    CredentialsError,
    PartlyError,
    RefusedError,
    SocialError,
    StorageError,
    TemporaryError,
    UsageError,
)
from socialcli.model.answered import Answered
from socialcli.outbox.sending import Outcome
from socialcli.pointing.customers import Customer, customer_of
from socialcli.pointing.task import Task
from socialcli.pointing.varying import varied
from socialcli.policy.schema import Agent

_GOOD = ("sent", "by-hand", "awaiting-approval", "scheduled", "planned")
_LATER = ("left", "parked", "unknown")
_CAME_TO_NOTHING = ("refused", "failed")
_TOLD_EVERY = 10  # posts
_MOST_LISTED = 20  # of those that failed


class Limits(Struct, frozen=True):
    """What a run may do. ``most``: answers that go out in it; ``max_cost``: what they may cost together, decimal,
    None = no limit.
    """

    most: int
    max_cost: str | None = None


class Round:
    """One run of a task. What came of it is asked for at the end."""

    def __init__(self, task: Task, who: Agent, limits: Limits, *, dry_run: bool) -> None:
        self._task = task
        self._app: App = task.app
        self._who = who
        self._limits = limits
        self._dry_run = dry_run
        self._lately: deque[str] | None = None  # what we said to anybody, oldest first
        self._held: dict[str, SocialError] = {}  # accounts through which nothing goes at present
        self._stopped: SocialError | None = None  # why nothing goes out any more
        self._wrong: list[tuple[str, str, SocialError]] = []  # who, why
        self._gone = 0
        self._spent = Decimal(0)
        self._turns = 0
        self.counts: Counter[str] = Counter()

    def announce(self) -> int:
        """Tell how many there are; returns how many are to be answered. Raises what speaks against the round."""
        self._task.require()
        verdicts = [self._task.passing(one) for one in self._task.people()]
        states = Counter("due" if one is None else one.state for one in verdicts)
        self._turns = states["due"]
        self._app.console.note(
            f"{self._task.kind}s: {states['due']:,} to go out, {states['person']:,} left for people,"
            f" {states['passed']:,} passed over"
        )
        return self._turns

    def confirm(self, due: int, *, yes: bool) -> None:
        """Ask a person once for all of them. Raises UsageError where nobody can be asked, click.Abort for a no."""
        if yes or not due:
            return
        if not interactive() or self._app.console.json:
            raise UsageError("posting needs a yes", hint="add --yes, or look at it first with --dry-run")
        import click

        from socialcli.prompts import confirm

        if not confirm(f"Answer {min(due, self._limits.most):,} customers?"):
            self._app.console.note("nothing was posted")
            raise click.Abort

    def through(self) -> Iterator[Answered]:
        """What becomes of each customer. Raises StorageError where nothing can be written any more."""
        for one in self._task.people():
            answered = self._of(one)
            self.counts[answered.state] += 1
            yield answered
            self._tell_progress(answered)

    def _tell_progress(self, answered: Answered) -> None:
        turns = min(self._turns, self._limits.most)
        if answered.state in _GOOD and not self._dry_run and self._gone % _TOLD_EVERY == 0:
            self._app.console.note(f"{self._gone:,} of {turns:,}: @{answered.customer}")

    def _of(self, one: Customer) -> Answered:
        try:
            one, state, reason = self._standing(one)
            if state is not None:
                return self._answered(one, state, reason)
            outcome = self._go(one)
        except (StorageError, UsageError):  # what is wrong with the call is wrong for all of them
            raise
        except (TemporaryError, CredentialsError, LockHeldError) as error:
            self._held[one.row.account] = error
            return self._answered(one, "left", error.message)
        except SocialError as error:
            self._wrong.append((_name(one), error.message, error))
            return self._answered(one, "refused", error.message)
        return self._came(one, outcome)

    def _standing(self, one: Customer) -> tuple[Customer, str | None, str | None]:
        """The customer as they are now, and why it is not their turn; None where it is."""
        passing, stop = self._task.passing(one), self._no_more(one)
        if passing is None and stop is None:
            one = self._anew(one)
            passing, stop = self._task.passing(one), self._no_more(one)
        if passing is not None:
            return one, passing.state, passing.reason
        return one, None if stop is None else "left", stop

    def _no_more(self, one: Customer) -> str | None:
        """Why nothing more goes out, to this one at least."""
        error = self._stopped or self._held.get(one.row.account)
        if error is not None:
            return error.message
        return None if self.has_room() else f"{self._limits.most:,} in one run: run it again for the rest"

    def _anew(self, one: Customer) -> Customer:
        """What others have written meanwhile; it may be the end of the round."""
        self._app.queue.refresh()
        try:
            self._task.require()
        except (ConflictError, RefusedError) as error:
            self._stopped = error
        return customer_of(self._app, self._task.incident, one.row)

    def _go(self, one: Customer) -> Outcome | str:
        """Post it; or why a cap keeps it for the next run. Raises what speaks against it."""
        place, words = self.said_to(one)
        cost = Decimal(compose(place, words, self._who, self._app.policy).cost)
        dear = self._limits.max_cost
        if dear is not None and self._spent + cost > Decimal(dear):
            return f"--max-cost {dear} {place.way.currency} would be passed: run it again"
        wish = self._task.wish(posting.Wish(dry_run=self._dry_run, yes=True))
        return posting.send(self._app, place, words, self._who, wish)

    def said_to(self, one: Customer) -> tuple[Situation, Words]:
        """Their ticket, and the words for them, as little like those for others as the template can."""
        place, words = self._task.words(one, self._who)
        if self._lately is None:
            self._lately = deque(place.recent, maxlen=max(1, self._app.policy.reply.recent))
        words = varied(place, words, self._who, self._app.policy, self._lately)
        self._lately.append(str(words.text))
        return place, words

    def has_room(self) -> bool:
        """Whether one more may go out in this run."""
        return self._gone < self._limits.most

    def note_planned(self, lines: int) -> None:
        self._gone += lines
        self.counts["planned"] += lines

    def note_wrong(self, one: Customer, error: SocialError) -> None:
        """Something speaks against this one; the others go on."""
        self._wrong.append((_name(one), error.message, error))
        self.counts["refused"] += 1

    def _came(self, one: Customer, outcome: Outcome | str) -> Answered:
        if isinstance(outcome, str):
            return self._answered(one, "left", outcome)
        draft, error = outcome.draft, outcome.error
        state = "planned" if self._dry_run and error is None else draft.state
        reason = draft.reason if error is None or self._dry_run else error.message
        if isinstance(error, TemporaryError | CredentialsError):
            self._held[one.row.account] = error
        elif error is not None:
            self._wrong.append((_name(one), reason or error.message, error))
            state = draft.state if draft.state == "failed" else "refused"
        self._gone += state not in _CAME_TO_NOTHING  # so that those in vain leave the turn to the next
        cost = draft.cost if state in ("sent", "unknown", "planned") else "0"
        self._spent += Decimal(cost)
        return structs.replace(
            self._answered(one, state, reason),
            draft=draft.id,
            text=draft.text,
            remote_id=draft.remote_id,
            cost=cost,
        )

    def _answered(self, one: Customer, state: str, reason: str | None) -> Answered:
        return Answered(
            self._task.incident,
            self._task.kind,
            self._app.queue.record(one.row).customer.handle,
            one.row.id,
            one.row.account,
            state,
            reason,
            None,
            None,
            None,
            "0",
        )

    # the end

    def error(self) -> SocialError | None:
        """What stands against the round being done; that a cap of the run left some does not."""
        if self._stopped is not None:
            return self._stop(self._stopped)
        good = sum(self.counts[state] for state in _GOOD)
        total = sum(self.counts.values())
        later = sum(self.counts[state] for state in _LATER) if self._held else 0
        if len(self._wrong) == 1 and not good and not later:
            return self._wrong[0][2]
        if self._wrong:
            told = [f"  {name}: {why}" for name, why, _ in self._wrong[:_MOST_LISTED]]
            more = len(self._wrong) - _MOST_LISTED
            told += [f"  and {more:,} more"] if more > 0 else []
            head = f"{len(self._wrong):,} of {total:,} customers could not be answered:"
            return PartlyError("\n".join((head, *told)), hint=self._wrong[0][2].hint)
        if later:
            error = next(iter(self._held.values()))
            kind = CredentialsError if isinstance(error, CredentialsError) else TemporaryError
            return kind(f"{later:,} of {total:,} customers are left: {error.message}", hint=_AGAIN)
        return None

    def _stop(self, error: SocialError) -> SocialError:
        """What ended the round: the same kind of error, with how far it came."""
        kind = ConflictError if isinstance(error, ConflictError) else RefusedError
        done, left = sum(self.counts[state] for state in _GOOD), self.counts["left"]
        return kind(f"stopped after {done:,}, {left:,} are left: {error.message}", hint=error.hint)

    def summary(self) -> str:
        """The round in a line."""
        parts = [f"{self.counts[state]:,} {state}" for state in sorted(self.counts)]
        cost = f"; they cost {self._spent}" if self._spent else ""
        return (", ".join(parts) if parts else "nobody is to be answered") + cost


def _name(one: Customer) -> str:
    return f"@{one.row.called} ({one.row.id})"


_AGAIN = "run the same call again later: it goes on where this one stopped"
