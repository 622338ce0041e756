"""Applying a plan: line by line what is signed, unchanged and still right, within the caps of the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from socialcli.app import App
from socialcli.applying import acts, standing
from socialcli.applying.lines import PlanFile
from socialcli.applying.result import Act, Result
from socialcli.applying.signatures import UnsignedError, signers
from socialcli.durable import LockHeldError
from socialcli.errors import (
    CredentialsError,
    PartlyError,
    RefusedError,
    SocialError,
    StorageError,
    TemporaryError,
)
from socialcli.model.plan import Applied, Plan, is_whole
from socialcli.policy.schema import Agent

_GOOD = ("sent", "by-hand", "restricted", "in-force", "planned")
_LATER = ("left", "parked", "unknown")


class Limits(Struct, frozen=True):
    """What a run may do. ``most``: lines that go out in it; ``max_cost``: what they may cost together, decimal;
    ``max_age``: seconds since a line was made. None: no limit.
    """

    most: int | None = None
    max_cost: str | None = None
    max_age: int = 86_400


class Run:
    """One run through a plan. What came of it is asked for at the end."""

    def __init__(self, app: App, who: Agent, limits: Limits, *, dry_run: bool) -> None:
        self._app = app
        self._who = who
        self._limits = limits
        self._dry_run = dry_run
        self._held: dict[str, SocialError] = {}  # accounts through which nothing goes at present
        self._spent = Decimal(0)
        self._gone = 0
        self._ways_out: dict[str, None] = {}  # what can be done about what is refused
        self.counts: Counter[str] = Counter()
        self.first: SocialError | None = None

    def through(self, plan: PlanFile) -> Iterator[Applied]:
        """What becomes of each line. Raises StorageError where nothing can be written any more."""
        for number, line in self._app.console.progress(plan.lines(), "applied"):
            result = self._of(line)
            self.counts[result.state] += 1
            self.first = self.first or result.error
            yield Applied(
                line.id,
                number,
                line.verb,
                line.ticket,
                line.account,
                result.state,
                result.reason,
                None if line.draft is None else line.draft.id,
                result.remote_id,
                result.cost,
            )

    def _of(self, line: Plan) -> Result:
        self._app.queue.refresh()
        try:
            return self._done(line)
        except StorageError:
            raise
        except (TemporaryError, CredentialsError, LockHeldError) as error:
            self._held[line.account] = error
            return Result("left", error.message, error=error)
        except SocialError as error:
            result = self._meanwhile(line) or Result("refused", error.message, error=error)
            if result.state == "refused":
                self._ways_out.setdefault(_SIGN if isinstance(error, UnsignedError) else _ANEW)
            return result

    def _meanwhile(self, line: Plan) -> Result | None:
        """Another run of the same plan may have done it while this one looked."""
        self._app.queue.refresh()
        try:
            return acts.over(self._app, line) if is_whole(line) and line.signed else None
        except SocialError:
            return None

    def _done(self, line: Plan) -> Result:
        if not is_whole(line):
            raise RefusedError("it was changed after it was made: its hash does not fit")
        names = signers(self._app, line)
        if (result := acts.over(self._app, line)) is not None:
            return result
        act = acts.under_way(self._app, line, self._who)
        if act is None:
            standing.require_recent(self._app, line, self._limits.max_age)
            act = acts.prepared(self._app, line, names, self._who)
        return self._go(line, act)

    def _go(self, line: Plan, act: Act) -> Result:
        if (error := self._held.get(line.account)) is not None:
            return Result("left", error.message)
        if (why := act.later or self._cap(act)) is not None:
            return Result("left", why)
        self._gone += 1
        self._spent += Decimal(act.cost)
        if self._dry_run:
            return Result("planned", cost=act.cost)
        result = act.go()
        if isinstance(result.error, TemporaryError | CredentialsError):
            self._held[line.account] = result.error
        elif result.error is not None and result.state not in ("failed", "unknown"):
            return Result("refused", result.reason, result.remote_id, result.cost, result.error)
        return result

    def _cap(self, act: Act) -> str | None:
        """Why no more goes out in this run."""
        most, dear = self._limits.most, self._limits.max_cost
        if most is not None and self._gone >= most:
            return f"--max {most} is reached: run it again"
        if dear is not None and self._spent + Decimal(act.cost) > Decimal(dear):
            return f"--max-cost {dear} {act.currency} would be passed: run it again"
        return None

    # the end

    def error(self) -> SocialError | None:
        """What stands against the run having done all of it; a cap of the run does not."""
        refused = self.counts["refused"] + self.counts["failed"]
        good = sum(self.counts[state] for state in _GOOD)
        later = sum(self.counts[state] for state in _LATER) if self._held else 0
        total = sum(self.counts.values())
        hint = "; ".join(self._ways_out) or _ANEW
        if refused and not good and not later:
            return RefusedError(f"nothing of it may go out: {self._why()}", hint=hint)
        if refused:
            return PartlyError(f"{refused:,} of {total:,} lines were refused; each says why", hint=hint)
        if later:
            error = next(iter(self._held.values()))
            kind = CredentialsError if isinstance(error, CredentialsError) else TemporaryError
            return kind(f"{later:,} of {total:,} lines are left: {error.message}", hint=_AGAIN)
        return None

    def _why(self) -> str:
        return "all lines are refused" if self.first is None else self.first.message

    def summary(self) -> str:
        """The run in a line."""
        parts = [f"{self.counts[state]:,} {state}" for state in sorted(self.counts)]
        return ", ".join(parts) if parts else "the plan is empty: nothing to do"


_SIGN = "socialcli apply PLAN --sign --all --as AGENT signs what somebody else wrote"
_ANEW = "what does not hold any more is planned anew: the same verb with --plan"
_AGAIN = "run the same apply again later: it goes on where this one stopped"
