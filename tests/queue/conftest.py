from __future__ import annotations

from pathlib import Path

import pytest

from tests.queue.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    folder = tmp_path / "desk"
    folder.mkdir()
    return Desk(folder)
