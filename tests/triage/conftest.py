from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from socialcli.model.message import Author, Message
from socialcli.policy.load import parse
from socialcli.policy.schema import Policy
from socialcli.triage import Assessor

SHIPPED = Path(__file__).parents[2] / "policies.toml"
START = datetime(2026, 11, 20, 10, tzinfo=UTC)

Say = Callable[..., Message]


@pytest.fixture(scope="session")
def policy() -> Policy:
    return parse(SHIPPED.read_bytes())


@pytest.fixture(scope="session")
def assessor(policy: Policy) -> Assessor:
    return Assessor(policy)


@pytest.fixture(scope="session")
def with_policy() -> Callable[[str], Assessor]:
    """An assessor by the shipped policy with a few lines of TOML over it."""
    return lambda own: Assessor(parse(SHIPPED.read_bytes(), own.encode()))


@pytest.fixture
def say() -> Say:
    """Messages in the order in which they are made, a minute apart; ``ours=True`` is the brand's."""
    count = 0

    def message(text: str, *, ours: bool = False, who: str = "cust1", **fields: Any) -> Message:
        nonlocal count
        count += 1
        return Message(
            id=f"m{count}",
            network="x",
            account="support",
            author=Author(None, "NorthlineAir" if ours else who),
            text=text,
            created_at=START + timedelta(minutes=count),
            direction="outbound" if ours else "inbound",
            **fields,
        )

    return message
