"""Nothing is lost: late posts, bursts, crashes and limits between any two pages, tokens that were forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcli.app import App
from socialcli.channels.base import Cursor
from socialcli.channels.records import RecordReader
from socialcli.channels.x import walk
from socialcli.channels.x.client import XClient
from socialcli.channels.x.prices import Meter
from socialcli.channels.x.raw import User
from socialcli.channels.x.reading import Budget, Reading
from socialcli.channels.x.streams import Place, Stream, Taken
from socialcli.channels.x.walk import Progress, Spot, StuckError, Walk
from socialcli.errors import RefusedError, TemporaryError
from socialcli.model.message import Author, Message
from socialcli.model.tokens import Tokens

OVERLAP = 3600
START = 1_795_168_800
PAGE = 3


class Timeline(Stream):
    """A network in memory: posts show themselves at a time of their own, newest first, ``PAGE`` at once."""

    name = "timeline"
    title = "a timeline"

    def __init__(self, *, by_token: bool) -> None:
        policy = App.read_policy(None)
        client = XClient(policy.accounts[0], Tokens(), lambda _: None)
        reader = RecordReader(policy.accounts[0], frozenset(), source="mention")
        super().__init__(Place(client, User("1", "NorthlineAir"), reader, Meter({}), True))
        self.by_token = by_token
        self.posts: dict[str, tuple[int, int]] = {}  # id -> made at, shown from
        self.clock = START
        self.tokens = "a"
        self.allowed: int | None = None

    def write(self, late: int) -> None:
        # An id grows with the time it was made at, and nothing else.
        self.posts[f"{self.clock - START + 10_000_000}{len(self.posts) % 10}"] = (
            self.clock,
            self.clock + late,
        )

    def ask(self, size: int, since: int | None, *, until: str = "", token: str = "") -> dict[str, Any]:
        del size
        if self.allowed is not None:
            self.allowed -= 1
            if self.allowed < 0:
                raise TemporaryError("the limit is reached")
        if token and not token.startswith(self.tokens):
            raise RefusedError("no such token")
        below = token[1:] or until or "9" * 19
        shown = sorted((key for key, (_, show) in self.posts.items() if show <= self.clock), reverse=True)
        shown = [key for key in shown if key < below and self.posts[key][0] >= (since or 0)]
        more = {"next_token": self.tokens + shown[PAGE - 1]} if len(shown) > PAGE else {}
        return {"data": [{"id": key} for key in shown[:PAGE]], "meta": more}

    def take(self, page: Mapping[str, Any], now: datetime) -> Taken:
        ids = [row["id"] for row in page["data"]]
        made = {key: datetime.fromtimestamp(self.posts[key][0], UTC) for key in ids}
        found = [
            Message(key, "x", "support", Author("7", "cust1"), key, made[key])
            for key in ids
            if made[key] <= now
        ]
        return Taken(messages=found, spots=[Spot(key, self.posts[key][0]) for key in ids])

    def fetch(self, cursor: Cursor | None, read: set[str], pages: int | None = None) -> Cursor | None:
        """Read on; ``pages``: how many until the process dies."""
        meter = Meter({})
        now = datetime.fromtimestamp(self.clock, UTC)
        reading = Reading([self], cursor, meter, Budget(meter, ""), overlap=OVERLAP, now=now)
        try:
            for batch in reading.batches(lambda _: None):
                if pages == 0:
                    break  # it died before this page was on disk
                read |= {message.id for message in batch.messages}
                cursor = batch.cursor
                pages = None if pages is None else pages - 1
        except TemporaryError:
            pass  # the rest is read the next time
        return cursor


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(0, OVERLAP)),
        st.tuples(st.just("burst"), st.integers(1, 12)),
        st.tuples(st.just("wait"), st.integers(1, 2 * OVERLAP)),
        st.tuples(st.just("fetch"), st.none()),
        st.tuples(st.just("die"), st.integers(0, 4)),
        st.tuples(st.just("limit"), st.integers(0, 4)),
        st.tuples(st.just("forget"), st.none()),
    ),
    max_size=40,
)


def play(timeline: Timeline, steps: list[tuple[str, Any]]) -> set[str]:
    """What was read in the end."""
    read: set[str] = set()
    cursor: Cursor | None = None
    for what, how in steps:
        if what == "write":
            timeline.write(how)
        elif what == "burst":
            for _ in range(how):
                timeline.write(0)
                timeline.clock += 1
        elif what == "wait":
            timeline.clock += how
        elif what == "forget":
            timeline.tokens = "b" if timeline.tokens == "a" else "a"
        else:
            timeline.allowed = how if what == "limit" else None
            cursor = timeline.fetch(cursor, read, how if what == "die" else None)
            timeline.allowed = None
        timeline.clock += 1
    timeline.clock += OVERLAP
    timeline.fetch(cursor, read)
    return read


@pytest.mark.parametrize("by_token", [False, True])
@settings(max_examples=300, deadline=None)
@given(steps=STEPS)
def test_every_post_is_read_whatever_happens(by_token: bool, steps: list[tuple[str, Any]]) -> None:
    timeline = Timeline(by_token=by_token)
    assert play(timeline, steps) == {*timeline.posts}


def test_an_idle_timeline_is_not_read_from_the_beginning_again() -> None:
    timeline = Timeline(by_token=False)
    for _ in range(10):
        timeline.write(0)
        timeline.clock += 86_400
    cursor = timeline.fetch(None, set())
    read: set[str] = set()
    timeline.fetch(cursor, read)
    assert len(read) == 2  # the newest, and what is a day older


def test_what_is_to_come_is_not_passed_over() -> None:
    """With ``--now`` in the past the network shows posts of a time that has not come: newer ones, and ever more of
    them, must not hide those that were not taken.
    """
    timeline = Timeline(by_token=False)
    for pause in (100, 100, 3 * OVERLAP, 0):
        timeline.write(0)
        timeline.clock += pause
    timeline.posts = {key: (made, START) for key, (made, _) in timeline.posts.items()}
    end, timeline.clock = timeline.clock, START
    read: set[str] = set()
    cursor = timeline.fetch(None, read)
    assert len(read) == 1
    timeline.clock = end
    for _ in range(4):
        timeline.clock += 1
        timeline.write(0)
    timeline.fetch(cursor, read)
    assert len(read) == 8


def test_a_network_that_goes_round_in_circles_is_told() -> None:
    here = Progress(walk=Walk("30", 30, "20", "t"))
    for page, token in (([Spot("20", 20)], "u"), ([Spot("25", 25)], "u"), ([], "t")):
        with pytest.raises(StuckError):
            walk.stepped(here, page, token, overlap=OVERLAP, now=START)


def test_an_empty_page_is_not_the_end() -> None:
    here = walk.stepped(Progress(walk=Walk("30", 30, "20", "t")), [], "u", overlap=OVERLAP, now=START)
    assert here.walk == Walk("30", 30, "20", "u")


@pytest.mark.parametrize("kept", [None, 7, [], {"newest": 7}, {"walk": "there"}, {"walk": {"top": None}}])
def test_a_cursor_that_cannot_be_understood_begins_anew(kept: Any) -> None:
    assert walk.read_progress(kept) == Progress()


def test_ids_of_different_length_are_in_order() -> None:
    assert walk.order("99") < walk.order("100") < walk.order("101")


def test_no_page_is_missing_from_the_journal_of_a_walk(tmp_path: Path) -> None:
    """Each cursor survives JSON as it is."""
    timeline = Timeline(by_token=False)
    for _ in range(10):
        timeline.write(0)
        timeline.clock += 1
    cursor = timeline.fetch(None, set(), 2)
    path = tmp_path / "cursor.json"
    path.write_bytes(msgspec.json.encode(cursor))
    kept = msgspec.json.decode(path.read_bytes())
    assert kept["timeline"]["walk"]["until"] == sorted(timeline.posts)[4]
    read: set[str] = set()
    timeline.fetch(kept, read)
    assert {*sorted(timeline.posts)[:4]} <= read
