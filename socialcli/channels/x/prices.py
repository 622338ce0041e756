"""What the acts on X cost: counted as they are done, never less than X takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from socialcli.channels.base import Used
from socialcli.channels.x.raw import renamed

CURRENCY = "USD"


class Meter:
    """Counts acts by their key in the policy's ``[prices]``."""

    def __init__(self, prices: Mapping[str, str]) -> None:
        self._prices = prices
        self._acts: Counter[str] = Counter()
        self._told: Counter[str] = Counter()
        self._read: set[str] = set()  # posts and users of this run: billed once a day
        self._held: dict[str, int] = {}

    def price(self, act: str) -> str:
        """Of one act, as the policy writes it; "0" where it has none."""
        return self._prices.get(act, "0")

    def cost(self, acts: Mapping[str, int]) -> Decimal:
        return sum((Decimal(self.price(act)) * number for act, number in acts.items()), Decimal(0))

    def count(self, act: str, number: int = 1) -> None:
        self._acts[act] += number

    @property
    def spent(self) -> Decimal:
        """Of this run, at most."""
        return self.cost(self._acts)

    def count_page(self, page: Mapping[str, Any], act: str, ids: Collection[str], our_id: str) -> None:
        """The rows of a page with these ``ids``, and what stands in ``includes`` because of them."""
        rows = [row for row in _rows(page.get("data")) if _text(row.get("id")) in ids]
        found = page.get("includes")
        includes = renamed(found) if isinstance(found, dict) else {}
        parents = {_text(row.get("id")): row for row in _rows(includes.get("tweets"))}
        wanted = [parents[one] for one in dict.fromkeys(_references(rows)) if one in parents]
        people = {_text(row.get(name)) for row in (*rows, *wanted) for name in ("author_id", "sender_id")}
        there = {_text(row.get("id")) for row in _rows(includes.get("users"))}
        self._count_new(act, (_text(row.get("id")) for row in rows))
        for row in wanted:
            ours = row.get("author_id") == our_id
            self._count_new("x/own-read" if ours else "x/read", [_text(row.get("id"))])
        self._count_new("x/user", (f"user {one}" for one in people & there))

    def count_users(self, ids: Iterable[str]) -> None:
        """Users who were asked for by themselves."""
        self._count_new("x/user", (f"user {one}" for one in ids))

    def _count_new(self, act: str, ids: Iterable[str]) -> None:
        new = {*ids} - self._read
        self._read |= new
        if new:
            self.count(act, len(new))

    def used(self, held: Mapping[str, int]) -> Used | None:
        """What came since the last call; None if nothing."""
        acts = dict(self._acts - self._told)
        if not acts and held == self._held:
            return None
        self._told, self._held = self._acts.copy(), dict(held)
        return Used(acts, str(self.cost(acts)), CURRENCY, dict(held))


def _rows(data: Any) -> list[dict[str, Any]]:
    rows = data if isinstance(data, list) else [data]
    return [renamed(row) for row in rows if isinstance(row, dict)]


def _references(rows: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for row in rows:
        found = row.get("referenced_tweets")
        for one in found if isinstance(found, list) else ():
            if isinstance(one, dict):
                yield _text(one.get("id"))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
