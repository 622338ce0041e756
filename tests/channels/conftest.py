from __future__ import annotations

import pytest

from socialcli.app import App
from socialcli.policy.schema import Account, Policy


@pytest.fixture(scope="session")
def policy() -> Policy:
    return App.read_policy(None)


@pytest.fixture(scope="session")
def account(policy: Policy) -> Account:
    return policy.accounts[0]
