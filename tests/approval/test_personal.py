"""What may be answered from an agent's own account: each value of as.personal."""

from __future__ import annotations

import pytest
from msgspec import structs

from socialcli.app import App
from socialcli.approval import personal
from socialcli.errors import RefusedError
from socialcli.model.message import Source
from tests.approval.test_reason import SAM
from tests.queue.desk import message

KINDS = ("question", "complaint", "request", "praise", "feedback", "mention")


def may(
    value: str, kind: str | None, priority: str = "normal", source: Source = "mention", **more: object
) -> bool:
    policy = App.read_policy(f'[as]\npersonal = "{value}"'.encode())
    target = structs.replace(message("m1"), source=source, **more)
    try:
        personal.require(SAM, policy, target, kind=kind, priority=priority)
    except RefusedError:
        return False
    return True


def test_never() -> None:
    assert not any(may("never", kind, "urgent") for kind in KINDS)


def test_always() -> None:
    assert all(may("always", kind) for kind in (*KINDS, None))


def test_tier1_is_direct_questions_complaints_and_urgent_requests() -> None:
    assert [kind for kind in KINDS if may("tier1", kind)] == ["question", "complaint"]
    assert [kind for kind in KINDS if may("tier1", kind, "urgent")] == ["question", "complaint", "request"]
    assert not may("tier1", None)


@pytest.mark.parametrize("source", ["search", "comment", "feed"])
def test_a_question_that_was_not_put_to_us_is_none_to_us(source: Source) -> None:
    assert not may("tier1", "question", source=source)
    assert may("tier1", "complaint", source=source)


@pytest.mark.parametrize("value", ["tier1", "always"])
def test_what_was_written_in_private_is_answered_from_there(value: str) -> None:
    assert not may(value, "complaint", visibility="direct")


def test_the_refusal_says_why() -> None:
    policy = App.read_policy(None)
    with pytest.raises(
        RefusedError, match=r"as\.personal is tier1, only direct questions.*this is a low praise"
    ):
        personal.require(SAM, policy, message("m1"), kind="praise", priority="low")


def test_nobody_without_an_account_has_one() -> None:
    with pytest.raises(RefusedError, match=r"sb has no account of their own: agents\.account"):
        personal.account_of(SAM)
