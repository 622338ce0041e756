"""tally: what reading brought, account by account, and what stands against it, told all together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from socialcli.channels.base import Rejected
from socialcli.errors import (
    ConflictError,
    CredentialsError,
    Exit,
    PartlyError,
    RefusedError,
    SocialError,
    TemporaryError,
    UsageError,
)
from socialcli.model.answers import Fetched

_SHOWN = 10  # rejected rows listed one by one


class _StaleError(RefusedError):
    """``--assert-fresh``: an account was not read for longer than that."""


_WHOLLY: dict[Exit, type[SocialError]] = {
    one.exit_code: one for one in (UsageError, CredentialsError, ConflictError, TemporaryError)
}


@dataclass
class Tally:
    """What reading brought, and what stands against it. ``accounts`` is how many are to be read; ``so_far`` what
    the one that is being read has brought.
    """

    accounts: int
    taken: list[Fetched] = field(default_factory=list)
    faults: list[tuple[str, SocialError]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    so_far: Fetched | None = None

    def failed(self, account: str, error: SocialError) -> None:
        """Reading stopped; what was read before stands."""
        self.faults.append((account, error))
        if self.so_far is not None and self.so_far.account == account and self.so_far.read:
            self.taken.append(self.so_far)

    def reject(self, rows: Sequence[Rejected]) -> None:
        self.rejected += rows[: _SHOWN + 1 - len(self.rejected)]

    def verdict(self) -> SocialError | None:
        """What stands against a success, all of it together."""
        if not self.gaps and len(self.faults) == self.accounts == 1:
            return self.faults[0][1]
        lines = [f"{name}: {error.message}" for name, error in self.faults]
        lines += [f"{one.place}: {one.reason}" for one in self.rejected[:_SHOWN]]
        lines += ["... and more"] if len(self.rejected) > _SHOWN else []
        if self.gaps:
            return _StaleError("\n  ".join((*self.gaps, *lines)), hint=self._next_when_stale())
        if not lines:
            return None
        what = "not everything was read" if self.faults else "rows that are no messages were passed over"
        rest = "the rest was" if any(one.new + one.known for one in self.taken) else "nothing was"
        steps = [error.hint for _, error in self.faults if error.hint]
        steps += ["mend the rows and run this again"] if self.rejected else []
        hint = f"{rest} taken in; next: {'; '.join(dict.fromkeys(steps)) or 'run this again'}"
        return self._kind()("\n  ".join((what, *lines)), hint=hint)

    def _kind(self) -> type[SocialError]:
        """Where every account failed in the same way, nothing was done, not a part."""
        codes = {error.exit_code for _, error in self.faults}
        wholly = len(self.faults) == self.accounts and len(codes) == 1
        return _WHOLLY.get(codes.pop(), PartlyError) if wholly else PartlyError

    def _next_when_stale(self) -> str:
        if self.faults:
            return self.faults[0][1].hint
        return "see why no fetch ran then (crontab -l, systemctl list-timers); it has read now what is still there"
