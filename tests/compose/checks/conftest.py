from __future__ import annotations

from pathlib import Path

import pytest

from socialcli.policy.load import parse
from socialcli.policy.schema import Policy


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The shipped policy: Sam Baker signs "^SB", links lead to northline.example."""
    return parse((Path(__file__).parents[3] / "policies.toml").read_bytes())
