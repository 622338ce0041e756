from __future__ import annotations

from socialcli.text import remembered
from socialcli.text.remembered import Remembered


def test_a_piece_is_worked_out_once() -> None:
    asked: list[str] = []

    def loud(piece: str) -> str:
        asked.append(piece)
        return piece.upper()

    known = Remembered(loud)
    assert list(map(known.__getitem__, ["bag", "lost", "bag"])) == ["BAG", "LOST", "BAG"]
    assert asked == ["bag", "lost"]


def test_long_pieces_are_not_kept() -> None:
    known = Remembered(len)
    assert known["x" * 10_000] == 10_000
    assert not known


def test_memory_stays_small_whatever_comes() -> None:
    known = Remembered(len)
    most = 0
    for number in range(3 * remembered._MOST):
        assert known[str(number)] == len(str(number))
        most = max(most, len(known))
    assert most <= remembered._MOST
