"""What the guided way is made of, by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from wcwidth import wcwidth

from socialcli.console import Screen
from socialcli.guided.approving import compared
from socialcli.guided.desk import until
from socialcli.guided.keys import Key, table
from socialcli.guided.terminal import folded
from socialcli.outbox.writing import Keeper

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "due in 0:00"),
        (249, "due in 4:09"),
        (600, "due in 10m"),
        (7500, "due in 2h05m"),
        (-59, "overdue by 0:59"),
        (-1020, "overdue by 17m"),
    ],
)
def test_the_countdown(seconds: int, told: str) -> None:
    assert until(NOW + timedelta(seconds=seconds), NOW) == told


def test_keys_stand_in_rows_that_fit() -> None:
    keys = [Key(letter, "words") for letter in "abcdefghij"]
    for width, longest in ((20, 1), (80, 4), (200, 6)):
        rows = table(keys, width)
        assert max(map(len, rows)) == longest
        assert [key for row in rows for key in row] == keys


def test_a_long_text_is_cut_and_a_hostile_one_spelled_out() -> None:
    lines = folded("word " * 100 + "\x1b[2J", 40, 3)
    assert len(lines) == 3
    assert lines[-1] == "  word word word word word word word …"
    assert folded("a\x1b[2J\u202eb", 40, 3) == ["  a\\x1b[2J\\u202eb"]


def test_wide_and_joined_characters_stay_within_the_columns() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    lines = folded(f"行李不见了{family} " * 20, 40, 4)
    assert len(lines) == 4
    assert all(sum(max(0, wcwidth(one)) for one in line) < 40 for line in lines)
    assert "\u200d" not in "".join(lines)
    assert "".join(folded(f"飛飛 {family}", 40, 4)).replace("\u200b", "\u200d") == f"  飛飛 {family}"


def test_a_comparison_shows_words_out_and_in() -> None:
    screen = Screen(terminal=True, colour=False, width=80)
    assert compared("We refund you today.", "We refund the fee today.", screen) == [
        "    We refund",
        "  - you",
        "  + the fee",
        "    today.",
    ]
    assert compared("Same.", "Same.", screen) == ["  unchanged"]


def test_two_terminals_of_one_agent_lose_neither_text(tmp_path: Path) -> None:
    one, other = (Keeper(tmp_path, "k3p", "sb", "m1") for _ in range(2))
    one.keep("From the desk.", NOW)
    other.keep("From the sofa.", NOW)
    one.keep("From the desk, longer.", NOW)
    assert Keeper(tmp_path, "k3p", "sb", "m1").found() == ("From the desk, longer.", "From the sofa.")


def test_a_text_that_was_wiped_out_is_still_there(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, "k3p", "sb", "m1")
    keeper.keep("Half an hour of work.", NOW)
    keeper.keep("", NOW)
    assert Keeper(tmp_path, "k3p", "sb", "m1").found() == ("Half an hour of work.",)
    keeper.drop()
    assert Keeper(tmp_path, "k3p", "sb", "m1").found() == ()
    assert list((tmp_path / "writing").iterdir()) == []


def test_a_damaged_file_stands_in_nobodys_way(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, "k3p", "sb", "m1")
    keeper.keep("Words.", NOW)
    keeper.path.write_bytes(b'{"ticket":"k3p","agen')
    again = Keeper(tmp_path, "k3p", "sb", "m1")
    assert again.found() == ()
    again.keep("New words.", NOW)
    assert Keeper(tmp_path, "k3p", "sb", "m1").found() == ("New words.",)


def test_what_another_editor_was_left_with_is_found(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, "k3p", "sb", "m1")
    keeper.keep("Begun here.", NOW)
    keeper.hand_out("Begun here.").write_text("Gone on there.\n", encoding="utf-8")
    assert Keeper(tmp_path, "k3p", "sb", "m1").found() == ("Gone on there.", "Begun here.")
    assert keeper.take_back(NOW) == "Gone on there."
    assert not keeper.outside.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_an_editor_of_another_locale_loses_no_letter(tmp_path: Path, encoding: str) -> None:
    keeper = Keeper(tmp_path, "t1", "sb", "m1")
    keeper.hand_out("Begun here.").write_bytes("Schöne Grüße é\n".encode(encoding))
    assert keeper.take_back(NOW) == "Schöne Grüße é"
