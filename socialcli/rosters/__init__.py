"""Who is on duty when, out of [[shift.roster]]: agents' week after week, each by the clocks of a place of their own.

    from socialcli import rosters

    rosters.on_duty(policy, moment)       # -> ("sb", "mo"): agents' ids in the order of [[agents]]
    rosters.off_at(policy, "sb", moment)  # when their duty ends
    rosters.next_on(policy, moment)       # when somebody's next one begins

Pure, and said once for all: a span belongs to the day on which it begins, by its own clocks. Where clocks change, what
the times can mean counts, as in ``policy.hours``: an hour that comes twice is duty twice, one that never comes is none.
Where the brand is, a day on which it is closed, with coverage "hours", or the agent away, has no span that begins on it.
"""

from __future__ import annotations

from socialcli.rosters.duties import Duty, duties, next_on, off_at, on_duty

__all__ = ["Duty", "duties", "next_on", "off_at", "on_duty"]
