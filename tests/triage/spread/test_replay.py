"""The replay that measures all this, on small files."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks import incidents
from tests.triage.spread.conftest import DAY, EVERYDAY, HOUR, MINUTE, NOW
from tests.triage.spread.test_suspecting import CANCELLED


def test_without_files_it_says_what_to_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SOCIALCLI_EVAL_AIRLINE", raising=False)
    monkeypatch.delenv("SOCIALCLI_EVAL_VOLUME", raising=False)
    incidents.main()
    out = capsys.readouterr().out
    assert "skipped: set SOCIALCLI_EVAL_AIRLINE" in out
    assert "skipped: set SOCIALCLI_EVAL_VOLUME" in out


def test_a_wave_is_told_once_with_its_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "airline.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("tweet_id", "airline", "name", "text", "tweet_created"))
        number = 0
        for day in range(4, 0, -1):
            for text in EVERYDAY * 2:
                number += 1
                rows.writerow((number, "Kestrel", f"c{number}", text, _written(NOW - day * DAY + number * 9)))
        for text in CANCELLED * 2:
            number += 1
            rows.writerow((number, "Kestrel", f"c{number}", text, _written(NOW + number * MINUTE)))
    incidents.airlines(path)
    out = capsys.readouterr().out
    assert "Kestrel: 108 messages, 1 incidents" in out
    assert "cancelled" in out


def test_bursts_are_counted_against_labelled_windows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    peak = NOW - 3 * DAY
    with (tmp_path / "Kestrel.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("timestamp", "value"))
        for at in range(NOW - 14 * DAY, NOW, 300):
            rows.writerow((_stamp(at), 90 if peak <= at < peak + HOUR else 3 + at // 300 % 3))
    windows = {"Kestrel": [[_stamp(peak - HOUR), _stamp(peak + HOUR)]]}
    (tmp_path / "windows.json").write_text(json.dumps(windows), encoding="utf-8")
    incidents.volumes(tmp_path)
    assert "bursts: 1 of 1 windows, 0.00 false alarms a brand-week" in capsys.readouterr().out


def _written(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S %z")


def _stamp(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")
