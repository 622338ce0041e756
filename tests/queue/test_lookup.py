"""Tickets and drafts by name, and the order of the queue."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from socialcli.errors import NotFoundError, UsageError
from tests.queue.desk import NOW, Desk, draft_data, message

HOUR = 3600


def _urgent_first(desk: Desk) -> list[str]:
    return [ticket.customer.handle for ticket in desk.tickets()]


def test_a_unique_beginning_is_enough_in_any_case(desk: Desk) -> None:
    desk.take(message("m1"))
    name = desk.only().id
    queue = desk.queue()
    assert {queue.ticket(typed).id for typed in (name, name[:3], name.upper(), f" {name} ")} == {name}


def test_a_beginning_of_several_is_ambiguous_and_lists_them(desk: Desk) -> None:
    desk.take(*(message(f"m{number}", f"cust{number}") for number in range(40)))
    names = sorted(ticket.id for ticket in desk.tickets())
    first, second = next((a, b) for a, b in pairwise(names) if a[0] == b[0])
    with pytest.raises(UsageError, match="more than one ticket") as caught:
        desk.queue().ticket(first[0])
    assert first in caught.value.message or second in caught.value.message
    assert desk.queue().ticket(first).id == first


@pytest.mark.parametrize("typed", ["", "  ", "zzzzzzzzzzzz", "%", "_", "'; DROP TABLE tickets", "\x00", "😡"])
def test_what_is_no_ticket_is_not_found(desk: Desk, typed: str) -> None:
    desk.take(message("m1"))
    with pytest.raises(NotFoundError):
        desk.queue().ticket(typed)


def test_a_draft_by_its_beginning(desk: Desk) -> None:
    desk.take(message("m1"))
    for name in ("abcd1", "abcd2"):
        desk.add("composed", desk.only().id, draft_data(name, desk.only().id, "m1"))
    queue = desk.queue()
    assert queue.draft("abcd2").draft.id == "abcd2"
    with pytest.raises(UsageError, match="more than one draft"):
        queue.draft("abcd")
    with pytest.raises(NotFoundError):
        queue.draft("x")


def test_the_higher_priority_comes_first_until_the_other_has_waited_long_enough(desk: Desk) -> None:
    desk.take(message("old", "old", minute=-600), message("new", "new", minute=0))
    desk.assess("old", head_start=10 * HOUR)
    desk.assess("new", head_start=19 * HOUR)
    assert _urgent_first(desk) == ["old", "new"]  # ten hours of waiting outweigh nine of head start
    desk.assess("new", head_start=21 * HOUR)
    assert _urgent_first(desk) == ["new", "old"]


def test_waiting_alone_never_changes_the_order(desk: Desk) -> None:
    desk.take(*(message(f"m{number}", f"c{number}", minute=-number * 7) for number in range(6)))
    for number in range(6):
        desk.assess(f"m{number}", head_start=(number * 5 % 6) * HOUR)
    before = _urgent_first(desk)
    desk.now = NOW + timedelta(days=400)
    assert _urgent_first(desk) == before


def test_who_is_owed_an_answer_stands_before_who_is_watched_and_who_is_answered(desk: Desk) -> None:
    desk.take(*(message(name, name) for name in ("solved", "watched", "owed", "ignored")))
    desk.assess("owed", head_start=1)
    desk.assess("watched", respond="monitor", head_start=90 * HOUR)
    desk.assess("ignored", respond="ignore", kind="spam", head_start=99 * HOUR)
    desk.assess("solved", head_start=95 * HOUR)
    desk.add("done", desk.named("solved").id, {"url": "https://example.org/1"})
    assert _urgent_first(desk) == ["owed", "watched", "solved", "ignored"]


def test_sorting_by_deadline_puts_those_without_last(desk: Desk) -> None:
    desk.take(*(message(name, name) for name in ("none", "late", "soon")))
    desk.assess("late", due=2000)
    desk.assess("soon", due=1000)
    assert [one.customer.handle for one in desk.tickets(sort="due")] == ["soon", "late", "none"]


def test_filters_and_the_limit(desk: Desk) -> None:
    desk.take(*(message(f"m{number}", f"c{number}", minute=number) for number in range(5)))
    desk.assess("m1", priority="urgent", due=int(NOW.timestamp()) - 1)
    desk.assess("m2", priority="urgent", kind="question", due=int(NOW.timestamp()) + 99)

    def handles(**wanted: object) -> set[str]:
        return {one.customer.handle for one in desk.tickets(**wanted)}

    assert handles(priority="urgent") == {"c1", "c2"}
    assert handles(priority="urgent", kind="question") == {"c2"}
    assert handles(overdue=True) == {"c1"}
    assert handles(status="new") == {"c0", "c3", "c4"}
    assert handles(label="vip") == set()
    assert len(desk.tickets(limit=2)) == 2
    desk.now += timedelta(minutes=5)
    assert handles(overdue=True) == {"c1", "c2"}


def test_next_skips_what_others_have_claimed_until_their_lease_ends(desk: Desk) -> None:
    desk.take(message("m1", "first", minute=0), message("m2", "second", minute=1))
    for name in ("m1", "m2"):
        desk.assess(name)
    until = int(NOW.timestamp()) + 600
    desk.add("claimed", desk.named("m1").id, {"agent": "mo", "until": until}, by="mo")

    def next_for(agent: str | None) -> str | None:
        row = desk.queue().next_row(agent)
        return None if row is None else row.customer

    assert (next_for("sb"), next_for("mo"), next_for(None)) == ("second", "first", "second")
    assert desk.named("m1").assignee == "mo"
    desk.now = NOW + timedelta(seconds=601)
    assert next_for("sb") == "first"
    assert desk.named("m1").assignee is None


def test_next_of_an_empty_queue_is_nothing(desk: Desk) -> None:
    assert desk.queue().next_row("sb") is None
