"""Erasure: what somebody said and was told leaves the workspace for good.

First tombstones, one event per ticket, which name the lines that are erased: from then on no command shows their
words, whatever happens. Then every file that may hold the words is rewritten without them. A run that was
interrupted is finished by the next one.
"""

from __future__ import annotations

from socialcli.forgetting.running import forget
from socialcli.forgetting.targets import Wish

__all__ = ["Wish", "forget"]
