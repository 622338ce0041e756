from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shipped() -> bytes:
    return (Path(__file__).parents[2] / "policies.toml").read_bytes()
