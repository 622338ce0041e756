"""Who is held off, how a customer wants to be reached, what an account has used."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from socialcli.model.message import Author
from socialcli.model.protection import Evidence, Restriction
from tests.queue.desk import NOW, Desk, message, rebuilt


def restriction(handle: str = "troll7", **changes: Any) -> Restriction:
    first = Restriction(
        handle, None, "file", "support", "mute", "abuse", None, None, None, (Evidence("m1", "abuse", ("abuse/slur",)),),
        "sb", NOW, NOW + timedelta(days=30), "hand", "noted here",
    )  # fmt: skip
    return msgspec.structs.replace(first, **changes)


def lift(handle: str, rung: str = "mute") -> dict[str, str]:
    return {"network": "file", "handle": handle, "rung": rung}


def test_who_is_held_off_stays_so_until_it_is_lifted(desk: Desk) -> None:
    desk.take(message("m1", "troll7"))
    desk.add("restricted", desk.only().id, restriction())
    desk.add("restricted", None, restriction("spam_bot", reason="spam", rung="block"))
    queue = desk.queue()
    assert [one.handle for one in queue.restrictions()] == ["troll7", "spam_bot"]
    assert queue.restrictions("TROLL7") == [restriction()]
    desk.add("lifted", None, lift("Troll7"))
    assert [one.handle for one in desk.queue().restrictions()] == ["spam_bot"]


def test_each_step_of_the_ladder_stands_by_itself(desk: Desk) -> None:
    desk.add("restricted", None, restriction())
    desk.add("restricted", None, restriction(rung="hide", guideline="hate", message_id="m1"))
    desk.add("lifted", None, lift("troll7"))
    assert [one.rung for one in desk.queue().restrictions("troll7")] == ["hide"]


def test_two_who_bore_the_same_handle_are_held_off_each_by_themselves(desk: Desk) -> None:
    desk.add("restricted", None, restriction(author_id="7"))
    desk.add("restricted", None, restriction(author_id="8"))
    assert [one.author_id for one in desk.queue().restrictions("troll7")] == ["7", "8"]
    desk.add("lifted", None, lift("troll7") | {"author_id": "8"})
    assert [one.author_id for one in desk.queue().restrictions("troll7")] == ["7"]


@pytest.mark.parametrize(
    "data",
    [
        {},
        msgspec.to_builtins(restriction()) | {"rung": "hang"},
        msgspec.to_builtins(restriction()) | {"until": "2026-12-20T10:00:00"},
    ],
)
def test_a_restriction_that_is_none_is_a_bad_line(desk: Desk, data: dict[str, Any]) -> None:
    desk.add("restricted", None, data)
    assert desk.queue().restrictions() == []
    assert len(desk.queue().bad_lines()) == 1


def test_the_newest_wish_of_a_customer_counts_in_all_their_tickets(desk: Desk) -> None:
    desk.take(message("m1"), message("m2", minute=30), message("m3", "zoe"))
    first, second, other = desk.named("m1").id, desk.named("m2").id, desk.named("m3").id
    desk.add("prefers", first, {"channel": "phone"})
    desk.add("prefers", second, {"channel": "email"})
    queue = desk.queue()
    assert [queue.preference(queue.ticket(name)) for name in (first, second, other)] == [
        "email",
        "email",
        None,
    ]
    desk.add("prefers", first, {"channel": "direct"})
    queue = desk.queue()
    assert queue.preference(queue.ticket(second)) == "direct"


def test_a_wish_is_not_inherited_with_a_handle(desk: Desk) -> None:
    first = msgspec.structs.replace(message("m1"), author=Author("7", "cust1"))
    other = msgspec.structs.replace(message("m2", minute=30), author=Author("8", "cust1"))
    desk.take(first, other)
    desk.add("prefers", desk.named("m1").id, {"channel": "email"})
    queue = desk.queue()
    assert queue.preference(queue.ticket(desk.named("m1").id)) == "email"
    assert queue.preference(queue.ticket(desk.named("m2").id)) is None


def test_what_was_spent_adds_up_by_day(desk: Desk) -> None:
    queue = desk.queue()
    queue.keep_used("support", {"x/read": 3}, "0.015", "USD", {})
    queue.keep_used("support", {"x/post-link": 1}, "0.200", "USD", {"posts": 1_800_000_000})
    queue.keep_used("press", {"x/post": 1}, "0.015", "USD", {})
    assert queue.spent("support", NOW) == Decimal("0.215")
    assert queue.spent("support", NOW + timedelta(days=1)) == 0
    assert queue.held("support") == {"posts": 1_800_000_000}
    assert queue.held("press") == {}


@pytest.mark.parametrize("cost", ["-1", "1e9", "NaN", "0.0000000001", ""])
def test_a_cost_that_is_none_is_a_bad_line(desk: Desk, cost: str) -> None:
    desk.add("used", None, {"account": "support", "acts": {}, "cost": cost, "currency": "USD"})
    assert desk.queue().spent("support", NOW) == 0
    assert len(desk.queue().bad_lines()) == 1


def test_the_index_comes_out_the_same_when_it_is_built_again(desk: Desk, tmp_path: Path) -> None:
    desk.take(message("m1"))
    desk.add("prefers", desk.only().id, {"channel": "phone"})
    desk.add("restricted", None, restriction())
    desk.queue().keep_used("support", {"x/read": 3}, "0.015", "USD", {"mentions": 1_800_000_000})
    assert rebuilt(desk, tmp_path / "other") == desk.dump()
