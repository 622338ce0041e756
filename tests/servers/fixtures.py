"""The networks as pytest fixtures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.x.network import XNetwork
from tests.servers.x.openapi import SPECIFICATION, problems


@pytest.fixture
def x_network() -> Iterator[XNetwork]:
    """A network of the test's own. Where SOCIALCLI_X_OPENAPI names a specification, every request that the network
    did not refuse is held against it at the end.
    """
    with XNetwork() as network:
        yield network
        if SPECIFICATION is not None:
            taken = [each for each in network.requests() if each.status is None or each.status < 400]
            found = problems(taken)
            assert not found, "\n".join(found)
