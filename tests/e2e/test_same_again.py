"""The same input, policy and time give the same bytes: twice, in two processes at once, with other hash seeds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.conftest import Cli, collect

NOW = "2026-11-20T10:05:00Z"
SEEDS = ("0", "1", "4242")
MENTIONS = Path(__file__).parents[1] / "triage" / "mentions.jsonl"


def mentions() -> list[dict[str, Any]]:
    """Message records of invented mentions; every third belongs to a conversation of its customer's."""
    texts = [json.loads(line)["text"] for line in MENTIONS.read_text(encoding="utf-8").splitlines()]
    return [
        {
            "id": f"m{place}",
            "text": text,
            "created_at": f"2026-11-20T09:{place % 60:02}:00Z",
            "author": {"handle": f"cust{place // 2}"},
            "conversation_id": f"c{place // 2}" if place % 3 == 0 else None,
        }
        for place, text in enumerate(texts)
    ]


def test_the_filter_says_the_same_whatever_the_seed(cli: Cli) -> None:
    records = "".join(json.dumps(record) + "\n" for record in mentions())
    runs = [
        cli("triage", "-", "--json", input=records, now=NOW, env={"PYTHONHASHSEED": seed}) for seed in SEEDS
    ]
    assert [run.code for run in runs] == [0, 0, 0]
    assert len(runs[0].records) == len(mentions())
    assert len({run.out for run in runs}) == 1


def test_two_processes_at_once_say_the_same(cli: Cli) -> None:
    cli.write("inbox.jsonl", *mentions())
    assert cli("fetch", now=NOW).code == 0
    started = [
        cli.start("triage", "--dry-run", "--json", now=NOW, env={"PYTHONHASHSEED": seed})
        for seed in SEEDS[:2]
    ]
    one, other = (collect(process) for process in started)
    assert (one.code, other.code) == (0, 0)
    assert one.out == other.out
    assert one.records


def test_a_queue_made_again_says_the_same(cli: Cli, tmp_path: Path) -> None:
    """What is printed at every step; the journal itself holds the times of its making."""
    said = []
    for seed in SEEDS[:2]:
        cli.workspace = tmp_path / f"again-{seed}"
        cli.workspace.mkdir()
        cli.write("inbox.jsonl", *mentions())
        env = {"PYTHONHASHSEED": seed}
        steps = [("fetch", "--json"), ("triage", "--json"), ("list", "--json"), ("list",), ("next",)]
        runs = [cli(*step, now=NOW, env=env) for step in steps]
        assert [run.code for run in runs] == [0] * len(steps)
        ticket = runs[2].records[0]["id"]
        said.append([run.out for run in (*runs, cli("why", ticket, now=NOW, env=env))])
    assert said[0] == said[1]
