"""``heartbeat``: small, whole, and the same for everybody who writes it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from socialcli.heartbeat import Beat, Heartbeat, gap
from tests.conftest import Cli, collect
from tests.e2e.staging import NOW, policy

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    heart = Heartbeat(tmp_path / ".socialcli")
    assert heart.last("support") is None
    heart.beat("support", Beat(NOON, 12, 3))
    heart.beat("press", Beat(NOON, 0, 0))
    assert heart.last("support") == Beat(NOON, 12, 3)
    assert json.loads((tmp_path / ".socialcli" / "heartbeat.json").read_text()) == {
        "support": {"at": "2026-11-20T12:00:00Z", "read": 12, "new": 3},
        "press": {"at": "2026-11-20T12:00:00Z", "read": 0, "new": 0},
    }


def test_what_another_release_wrote_for_others_stays(tmp_path: Path) -> None:
    path = tmp_path / "heartbeat.json"
    path.write_text('{"press": {"at": "2026-11-20T11:00:00Z", "read": 1, "new": 1, "more": true}}')
    Heartbeat(tmp_path).beat("support", Beat(NOON, 1, 1))
    assert json.loads(path.read_text())["press"]["more"] is True


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: Heartbeat(tmp_path).beat(f"a{n}", Beat(NOON, n, 0)), range(40)))
    assert [Heartbeat(tmp_path).last(f"a{n}") for n in range(40)] == [Beat(NOON, n, 0) for n in range(40)]


def test_processes_at_once_lose_nothing(cli: Cli) -> None:
    names = [f"a{n}" for n in range(6)]
    tables = [
        f'[[accounts]]\nname = "{name}"\nnetwork = "file"\nhandle = "{name}"\ninbox = "{name}.jsonl"\n'
        for name in names
    ]
    policy(cli, "".join(tables))
    runs = [cli.start("fetch", "--account", name, now=NOW) for name in names]
    assert [collect(run).code for run in runs] == [0] * len(names)
    assert set(json.loads((cli.workspace / ".socialcli" / "heartbeat.json").read_text())) == set(names)


@pytest.mark.parametrize(
    ("pause", "limit", "said"),
    [
        (900, 900, None),
        (-5, 900, None),
        (901, 900, "15m1s, limit 15m"),
        (5400, 900, "90m, limit 15m"),
        (50, 45, "50s, limit 45s"),
        (7200, 1800, "2h, limit 30m"),
        (2 * 86_400 + 7_260, 86_400, "2d2h1m, limit 1d"),
    ],
)
def test_a_pause_in_words(pause: int, limit: int, said: str | None) -> None:
    told = gap("support", Beat(NOON, 0, 0), NOON + timedelta(seconds=pause), limit)
    assert (told is None) == (said is None)
    assert said is None or str(told).endswith(f"nothing was read ({said})")
    assert gap("support", None, NOON, limit) is None
