"""Drafts that are put off, taken back, or hold a customer: what the events make of them, in any order."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import msgspec
import pytest

from tests.queue.desk import Desk, draft_data, message

Fact = tuple[str, int]  # a state and its attempt


@pytest.fixture
def ticket(desk: Desk) -> str:
    desk.take(message("m1", minute=1))
    desk.assess("m1")
    return desk.only().id


def holding(name: str, ticket: str, of: str) -> dict[str, Any]:
    data = draft_data(name, ticket, "m1")
    return data | {"whole": msgspec.structs.replace(data["whole"], holds=of)}


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ((("scheduled", 0), ("recalled", 1)), "recalled"),
        ((("scheduled", 0), ("intended", 1)), "intended"),
        ((("approved", 0), ("recalled", 0)), "recalled"),
        ((("recalled", 0), ("awaiting-approval", 1)), "awaiting-approval"),
        # two copies of one journal: here it was taken back, there it went out
        ((("recalled", 1), ("intended", 1), ("sent", 1)), "sent"),
        ((("approved", 0), ("scheduled", 0), ("rejected", 0)), "scheduled"),
        ((("recalled", 1), ("parked", 1)), "parked"),
    ],
)
def test_the_rank_decides_and_not_the_clock(
    desk: Desk, ticket: str, facts: tuple[Fact, ...], state: str
) -> None:
    desk.add("composed", ticket, draft_data("d1", ticket, "m1", attempt=0))
    begun = desk.raw_lines()
    for order in permutations(facts):
        copy = desk.rewritten(desk.folder.parent / "-".join(name for name, _ in order), begun)
        for name, attempt in order:
            whole = draft_data("d1", ticket, "m1", attempt=attempt, remote_id="r1")
            copy.add(name, ticket, whole)
        (stored,) = copy.queue().drafts()
        assert stored.draft.state == state


def test_a_recall_voids_the_yes(desk: Desk, ticket: str) -> None:
    desk.add("awaiting-approval", ticket, draft_data("d1", ticket, "m1"))
    desk.add("approved", ticket, {"draft": "d1", "attempt": 1, "hash": "h"}, by="mo")
    assert desk.queue().draft("d1").row.approved_hash == "h"
    desk.add("recalled", ticket, {"draft": "d1", "attempt": 1, "reason": "no"})
    assert desk.queue().draft("d1").row.approved_hash is None


def test_a_holding_reply_is_no_answer(desk: Desk, ticket: str) -> None:
    desk.add("awaiting-approval", ticket, draft_data("d1", ticket, "m1"))
    since = desk.only().asked_since
    desk.add("intended", ticket, holding("h1", ticket, "d1"))
    desk.add("sent", ticket, {"draft": "h1", "attempt": 1, "remote_id": "r1"})
    held = desk.only()
    assert (held.status, held.messages, held.asked_since) == ("on-hold", 2, since)
    assert list(desk.queue().unanswered(desk.queue().ticket(ticket))) == ["m1"]
    desk.add("rejected", ticket, {"draft": "d1", "attempt": 1, "reason": "no"}, by="mo")
    assert (desk.only().status, desk.only().asked_since) == ("open", None)
    desk.add("intended", ticket, draft_data("d2", ticket, "m1"))
    desk.add("sent", ticket, {"draft": "d2", "attempt": 1, "remote_id": "r2"})
    assert desk.only().status == "pending"


def test_what_is_kept_of_one_that_is_put_off(desk: Desk, ticket: str) -> None:
    """Another index is built from the same lines."""
    whole = draft_data("d1", ticket, "m1")
    later = msgspec.structs.replace(whole["whole"], post_at=desk.now, corrects="d0")
    desk.add("scheduled", ticket, whole | {"whole": later})
    before = desk.dump()
    desk.index.unlink()
    stored = desk.queue().draft("d1")
    assert (stored.draft.post_at, stored.draft.corrects, stored.row.corrects) == (later.post_at, "d0", "d0")
    assert desk.dump() == before
