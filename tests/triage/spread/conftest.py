from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from socialcli.model.incident import Heard, Known, Suspicion
from socialcli.policy.load import parse
from socialcli.policy.schema import Policy
from socialcli.triage.spread import BUCKET, Rhythm, Spread
from tests.triage.conftest import SHIPPED

MINUTE, HOUR, DAY = 60, 3600, 86_400
NOW = 1_795_172_400  # 2026-11-20 11:00 UTC, a Friday

EVERYDAY = (
    "my suitcase has not turned up in Porto",
    "can I bring a stroller on board?",
    "thanks for the lovely crew on the way to Oslo",
    "the seat in row 12 was broken",
    "which terminal for the morning flight to Leeds?",
    "still no refund for my fare",
    "how do I change the name on a booking?",
    "rude man at the desk in Faro",
    "great landing tonight",
    "the wifi on board did not work",
    "do you fly to Bergen in winter?",
    "charged twice for one bag",
)


class Scene:
    """What was said to a brand, and what the check makes of it."""

    def __init__(self, policy: Policy) -> None:
        self.spread = Spread(policy)
        self.heard: list[Heard] = []

    def say(self, text: str, ago: float, who: str = "") -> Scene:
        """One message, ``ago`` seconds before now; without ``who`` somebody new."""
        number = len(self.heard)
        self.heard.append(Heard(f"m{number}", f"t{number}", who or f"cust{number}", NOW - int(ago), text))
        return self

    def each(self, texts: Sequence[str], *, first: float = 10 * MINUTE, every: float = MINUTE) -> Scene:
        """Everyone once, the first ``first`` seconds ago."""
        for number, text in enumerate(texts):
            self.say(text, first - number * every)
        return self

    def usual_days(self, days: int = 10, a_day: int = 24, texts: Sequence[str] = EVERYDAY) -> Scene:
        """So many messages on each of the days before today, none at night."""
        for day in range(1, days + 1):
            for number in range(a_day):
                ago = day * DAY - 6 * HOUR + number * 14 * HOUR // a_day
                self.say(texts[(number + day) % len(texts)], ago)
        return self

    def suspects(self, known: Sequence[Known] = (), *, at: int = NOW) -> list[Suspicion]:
        counts = Counter(one.at - one.at % BUCKET for one in self.heard)
        return self.spread.suspect(self.heard, Rhythm.of(counts, "Europe/London", at), at, known)


Setting = Callable[..., Scene]


@pytest.fixture
def scene() -> Setting:
    """By the shipped policy, with a few lines of TOML over it."""
    return lambda own="": Scene(parse(SHIPPED.read_bytes(), own.encode()))
