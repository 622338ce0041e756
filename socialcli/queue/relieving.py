"""Who met abuse lately, and is spared the next of it."""

from __future__ import annotations

from datetime import UTC, datetime

from socialcli.policy.relief import relieved_until
from socialcli.policy.schema import Relief
from socialcli.queue.reads import Reads


class Relieving(Reads):
    def relieved_until(self, agent: str, relief: Relief) -> datetime | None:
        """Until when an agent is spared abuse, as of now; None where not."""
        now = self._now()
        since = int(now.timestamp()) - relief.within
        rows = self._rows("SELECT at FROM met WHERE agent = ? AND at >= ?", (agent, since))
        return relieved_until([datetime.fromtimestamp(at, UTC) for (at,) in rows], relief, now)

    def abusive_waiting(self) -> list[int]:
        """Numbers of the tickets that are owed an answer and whose latest message insults people."""
        return [n for (n,) in self._rows("SELECT n FROM tickets WHERE abusive = 1 AND bucket = 0 ORDER BY n")]
