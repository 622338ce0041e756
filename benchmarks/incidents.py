"""How soon mass problems are seen, and how often where there is none, on messages and counts of your own.

Paths come from the environment; what is not set is skipped. SOCIALCLI_EVAL_AIRLINE: CSV with text, name,
airline, tweet_created: each airline is replayed as a brand of its own, with a check every half hour.
SOCIALCLI_EVAL_VOLUME: a folder with CSV files of timestamp, value per five minutes, one a brand, and
windows.json with the labelled windows of each.
"""

from __future__ import annotations

import csv
import json
import os
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from socialcli.model.incident import Heard, Known, Suspicion
from socialcli.policy.load import parse
from socialcli.policy.schema import Policy
from socialcli.triage.spread import BUCKET, Rhythm, Spread, bursts

_ROOT = Path(__file__).parent.parent
_STEP = 1800  # seconds between two checks
_HISTORY, _MOST = 14 * 86_400, 2_000  # what one check is given
_WEEK = 7 * 86_400
_ZONE = "America/New_York"
# The beginnings of waves of cancelled flights, as the counts of the word show them.
_WAVES = {
    "Southwest": "2015-02-21T20:00:00+00:00",
    "US Airways": "2015-02-22T13:00:00+00:00",
    "United": "2015-02-22T16:00:00+00:00",
}
_IN_TIME = 2 * 3600

Seen = tuple[int, Suspicion]  # when it was suspected, epoch seconds


def main() -> None:
    for variable, report in (("SOCIALCLI_EVAL_AIRLINE", airlines), ("SOCIALCLI_EVAL_VOLUME", volumes)):
        path = os.environ.get(variable)
        print(f"\nincidents, {variable}")
        if path:
            report(Path(path))
        else:
            print(f"  skipped: set {variable}")


def airlines(path: Path) -> None:
    policy = parse((_ROOT / "policies.toml").read_bytes())
    for brand, heard in sorted(brands(path).items()):
        started = time.process_time()
        checks, found = replay(policy, heard)
        taken = (time.process_time() - started) / max(1, checks)
        print(f"  {brand}: {len(heard)} messages, {len(found)} incidents, {taken * 1000:.0f} ms a check")
        for at, one in found:
            print(f"    {_clock(at)} {', '.join(one.words)}: {one.reason}")
        if brand in _WAVES:
            print(f"    {_verdict(found, int(datetime.fromisoformat(_WAVES[brand]).timestamp()))}")


def brands(path: Path) -> dict[str, list[Heard]]:
    found: dict[str, list[Heard]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at = int(datetime.strptime(row["tweet_created"], "%Y-%m-%d %H:%M:%S %z").timestamp())
            one = Heard(row["tweet_id"], row["tweet_id"], row["name"], at, row["text"])
            found.setdefault(row["airline"], []).append(one)
    return {brand: sorted(heard, key=lambda one: (one.at, one.id)) for brand, heard in found.items()}


def replay(policy: Policy, heard: Sequence[Heard]) -> tuple[int, list[Seen]]:
    """How many checks there were, and what they suspected; ``heard``: oldest first."""
    spread, known, found = Spread(policy), list[Known](), list[Seen]()
    counts = Counter(one.at - one.at % BUCKET for one in heard)
    checks, taken = 0, 0
    for now in range(heard[0].at + _STEP, heard[-1].at + _STEP + 1, _STEP):
        past = [one for one in heard if now - _HISTORY < one.at <= now][-_MOST:]
        known = [_joined(spread, one, past[-(len(past) - taken) :]) for one in known]
        checks, taken = checks + 1, len(past)
        if spread.worth_a_look(len({one.author for one in past if one.at > now - spread.reach})):
            for one in spread.suspect(past, Rhythm.of(counts, _ZONE, now), now, known):
                found.append((now, one))
                known.append(Known(one.topic, one.words, "suspected", now, one.since))
    return checks, found


def _joined(spread: Spread, known: Known, new: Sequence[Heard]) -> Known:
    last = max((one.at for one in new if spread.joins(known.words, known.topic, one)), default=0)
    return replace(known, last=max(known.last, last))


def _verdict(found: Sequence[Seen], start: int) -> str:
    """In time: suspected not days before the wave, and at most two hours after its beginning."""
    right = [
        at
        for at, one in found
        if start - 86_400 < at <= start + _IN_TIME and any(word.startswith("cancel") for word in one.words)
    ]
    told = f"at {_clock(right[-1])}" if right else "not in time"
    return f"cancelled flights from {_clock(start)}: {told}; other incidents: {len(found) - bool(right)}"


def _clock(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%MZ")


def volumes(folder: Path) -> None:
    windows = json.loads((folder / "windows.json").read_text(encoding="utf-8"))
    hit = labelled = false = 0
    weeks = 0.0
    for brand in sorted(windows):
        counts = _counts(folder / f"{brand}.csv")
        spans = [(_epoch(begin), _epoch(end)) for begin, end in windows[brand]]
        onsets = [onset.at for onset in bursts(counts)]
        seen = sum(any(begin <= at <= end for at in onsets) for begin, end in spans)
        outside = sum(not any(begin <= at <= end for begin, end in spans) for at in onsets)
        lasting = (max(counts) - min(counts)) / _WEEK
        print(f"  {brand}: {seen} of {len(spans)} windows, {outside} false alarms in {lasting:.1f} weeks")
        hit, labelled, false, weeks = hit + seen, labelled + len(spans), false + outside, weeks + lasting
    print(f"  bursts: {hit} of {labelled} windows, {false / max(weeks, 0.1):.2f} false alarms a brand-week")


def _counts(path: Path) -> Mapping[int, int]:
    with path.open(encoding="utf-8", newline="") as file:
        return {_epoch(row["timestamp"]): int(float(row["value"])) for row in csv.DictReader(file)}


def _epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


if __name__ == "__main__":
    main()
