"""``reading``: what is looked after while an account is read, over the channel in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from socialcli.app import App, Options
from socialcli.channels.base import Batch, Channel, Cursor, Seen, Used, Way
from socialcli.channels.memory import MemoryChannel
from socialcli.errors import TemporaryError
from socialcli.heartbeat import Heartbeat
from socialcli.model.message import Author, Message
from socialcli.model.protection import Restriction, Rung
from socialcli.reading import Wish, read_account
from socialcli.tally import Tally
from tests.channels.contract import NOON, incoming


class Network(MemoryChannel):
    """The twin as a network that edits, deletes, costs money and fails."""

    price_of_lifting = "0"

    def __init__(self, app: App) -> None:
        super().__init__(app.account("support"))
        self.became: Seen | TemporaryError = Seen()
        self.asked: list[list[str]] = []
        self.context: tuple[Message, ...] = ()
        self.fails: TemporaryError | None = None
        self.lifted: list[tuple[str, str]] = []
        self._pages = 0

    def fetch(self, cursor: Cursor | None, now: datetime) -> Iterator[Batch]:
        for batch in super().fetch(cursor, now):
            self._pages += 1
            yield msgspec.structs.replace(batch, context=self.context)
        if self.fails is not None:
            self._pages += 1
            raise self.fails

    def look_up(self, messages: Sequence[Message]) -> Seen:
        self.asked.append([message.id for message in messages])
        self._pages += 1
        if isinstance(self.became, TemporaryError):
            raise self.became
        return self.became

    def can_restrict(self, rung: Rung, message: Message | None) -> Way:  # noqa: ARG002 - the contract's
        return Way("api", "it can", self.price_of_lifting)

    def lift(self, rung: Rung, author: Author, message: Message | None) -> None:  # noqa: ARG002 - the contract's
        if author.handle == "stuck":
            raise TemporaryError("no answer")
        self.lifted.append((rung, author.handle))

    def used(self) -> Used | None:
        pages, self._pages = self._pages, 0
        return Used({"x/read": pages}, str(Decimal("0.005") * pages), "USD") if pages else None


class Desk(App):
    """An ``App`` whose only channel is given."""

    network: Network

    def channel(self, name: str) -> Channel:  # type: ignore[override]
        assert name == "support"
        return self.network


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(Options(str(tmp_path), NOON), json=True)
    desk.network = Network(desk)
    return desk


def spent(desk: Desk) -> Decimal:
    return desk.queue.spent("support", NOON - timedelta(days=1))


def test_context_is_taken_in_and_not_counted(desk: Desk) -> None:
    desk.network.inbox = [incoming("b", in_reply_to="a")]
    desk.network.context = (incoming("a"),)
    fetched = read_account(desk, "support", Wish(), Tally(1))
    assert (fetched.read, fetched.new, fetched.known) == (1, 1, 0)
    assert desk.queue.count_known([incoming("a"), incoming("b")]) == 2


def test_what_was_used_is_kept_also_where_reading_fails(desk: Desk) -> None:
    desk.network.inbox = [incoming("a")]
    desk.network.fails = TemporaryError("no answer")
    with pytest.raises(TemporaryError):
        read_account(desk, "support", Wish(), Tally(1))
    assert spent(desk) == Decimal("0.010")
    assert desk.queue.count_known([incoming("a")]) == 1
    assert Heartbeat(desk.momentary).last("support") is None


def test_a_dry_run_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.network.inbox = [incoming("a")]
    assert read_account(desk, "support", Wish(dry_run=True), Tally(1)).new == 1
    assert not (tmp_path / "queue.jsonl").exists()
    assert not list((tmp_path / ".socialcli").glob("fetch-*"))
    assert desk.network.asked == []


def test_known_messages_are_looked_up_but_not_those_just_read(desk: Desk) -> None:
    desk.network.inbox = [incoming(f"a{number}", f"cust{number}") for number in range(12)]
    read_account(desk, "support", Wish(), Tally(1))
    assert desk.network.asked == []
    gone, edited = (
        incoming("a0", "cust0"),
        incoming("a1", "cust1", text="@NorthlineAir found it!", versions=("a1b",)),
    )
    desk.network.became = Seen(gone=("a0",), changed=(edited,))
    read_account(desk, "support", Wish(), Tally(1))  # the twin overlaps by ten
    assert sorted(desk.network.asked[0]) == ["a0", "a1"]
    events = [event.event for event in desk.queue.everything()]
    assert (events.count("edited"), events.count("deleted")) == (1, 1)
    assert desk.queue.count_known([gone]) == 1


def test_a_fault_of_the_look_up_is_a_note(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    desk.network.inbox = [incoming(f"a{number}", f"cust{number}") for number in range(12)]
    read_account(desk, "support", Wish(), Tally(1))
    desk.network.became = TemporaryError("no answer")
    tally = Tally(1)
    assert read_account(desk, "support", Wish(), tally).known == 10
    assert tally.verdict() is None
    assert "support: what became of known messages could not be seen: no answer" in capfd.readouterr().err
    assert Heartbeat(desk.momentary).last("support") is not None


def test_an_edit_is_not_lost_by_a_limit(desk: Desk) -> None:
    desk.network.inbox = [incoming("a")]
    read_account(desk, "support", Wish(), Tally(1))
    edited = incoming("a", text="@NorthlineAir found it!", versions=("a2",))
    desk.network.inbox = [edited, incoming("b", "cust2"), incoming("c", "cust3")]
    fetched = read_account(desk, "support", Wish(limit=1), Tally(1))
    assert (fetched.read, fetched.new, fetched.known) == (1, 1, 0)
    assert [event.event for event in desk.queue.everything()].count("edited") == 1


def test_a_look_up_keeps_within_the_money(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    desk.network.inbox = [incoming(f"a{number}", f"cust{number}") for number in range(30)]
    prices = {"file/read": "0.005", "file/user": "0.010"}
    desk.policy = msgspec.structs.replace(desk.policy, prices=prices)
    read_account(desk, "support", Wish(), Tally(1))
    read_account(desk, "support", Wish(max_cost="0.050"), Tally(1))
    (asked,) = desk.network.asked  # one page was read, 0.005; the rest is enough for three at 0.015
    assert len(asked) == 3
    assert "support: 17 known message(s) not looked up" in capfd.readouterr().err


def restriction(handle: str, **changes: Any) -> Restriction:
    first = Restriction(
        handle, None, "file", "support", "mute", "spam", None, None, None, (), "sb",
        NOON - timedelta(days=31), NOON - timedelta(days=1), "api", "muted",
    )  # fmt: skip
    return msgspec.structs.replace(first, **changes)


def test_what_has_expired_is_lifted(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    with desk.queue.writing() as writing:
        for one in (
            restriction("stuck"),
            restriction("spam_bot"),
            restriction("spam_two", until=NOON + timedelta(days=1)),
            restriction("spam_three", road="hand"),
            restriction("spam_four", account="press"),
        ):
            writing.add("restricted", None, "sb", one)
    tally = Tally(1)
    read_account(desk, "support", Wish(), tally)
    assert desk.network.lifted == [("mute", "spam_bot")]
    assert "spam_bot" not in {one.handle for one in desk.queue.restrictions()}
    assert len(desk.queue.restrictions()) == 4
    assert "@stuck: mute has ended and was not lifted: no answer" in capfd.readouterr().err
    assert tally.verdict() is None


def test_what_has_expired_is_lifted_as_far_as_the_money_goes(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    desk.network.price_of_lifting = "0.015"
    with desk.queue.writing() as writing:
        for handle in ("spam_bot", "spam_two", "spam_three"):
            writing.add("restricted", None, "sb", restriction(handle))
    read_account(desk, "support", Wish(max_cost="0"), Tally(1))
    assert desk.network.lifted == []
    assert "@spam_bot: mute has ended and was not lifted: it would cost too much" in capfd.readouterr().err
    read_account(desk, "support", Wish(max_cost="0.035"), Tally(1))
    assert len(desk.network.lifted) == 2
    read_account(desk, "support", Wish(), Tally(1))
    assert len(desk.network.lifted) == 3


def test_the_highest_cost_reaches_the_channel(desk: Desk) -> None:
    read_account(desk, "support", Wish(max_cost="0.05"), Tally(1))
    assert desk.network.max_cost == "0.05"
