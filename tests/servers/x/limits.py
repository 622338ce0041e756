"""Requests in a quarter of an hour, by caller and route."""

from __future__ import annotations

from dataclasses import dataclass

WINDOW = 900  # seconds


@dataclass
class _Window:
    used: int
    size: int
    reset: int  # seconds since 1970


class Limits:
    """Counts requests; ``now`` is the server's clock in seconds since 1970."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str], _Window] = {}
        self._set: dict[str, tuple[int, int]] = {}

    def set(self, route: str, remaining: int, reset: int) -> None:
        """So many more on this route, for each caller, until ``reset``."""
        self._set[route] = (remaining, reset)
        self._windows = {key: window for key, window in self._windows.items() if key[1] != route}

    def spend(self, caller: str, route: str, usual: int, now: float) -> tuple[bool, dict[str, str]]:
        """Whether one more is allowed, and the headers that say what is left."""
        window = self._windows.get((caller, route))
        if window is None or now >= window.reset:
            window = self._windows[caller, route] = self._fresh(route, usual, now)
        allowed = window.used < window.size
        window.used += allowed
        return allowed, {
            "x-rate-limit-limit": str(usual),
            "x-rate-limit-remaining": str(window.size - window.used),
            "x-rate-limit-reset": str(window.reset),
        }

    def _fresh(self, route: str, usual: int, now: float) -> _Window:
        remaining, reset = self._set.get(route, (0, 0))
        return _Window(0, remaining, reset) if now < reset else _Window(0, usual, int(now) + WINDOW)
