"""Holding somebody off on a network that can do it by program: told first, noted then, taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from socialcli import protecting
from socialcli.app import App, Options
from socialcli.channels.base import PostRefusedError, TargetGoneError, Used, Way
from socialcli.channels.memory import MemoryChannel
from socialcli.errors import NotFoundError, RefusedError, TemporaryError
from socialcli.model.message import Author, Message
from socialcli.model.protection import Restriction, Rung
from socialcli.model.ticket import Event
from socialcli.policy.schema import Account
from socialcli.protecting import Step, Wish

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ABUSE = "@NorthlineAir you are all worthless idiots"
COMPLAINT = "@NorthlineAir my bag never arrived and nobody answers the phone"
ANGRY = Author("77", "angry")


class Network(MemoryChannel):
    """Mutes and hides by program, blocks by hand. ``told`` is what it was told; the next act fails with
    ``fault``.
    """

    def __init__(self, account: Account, app: App) -> None:
        super().__init__(account)
        self.told: list[tuple[Any, ...]] = []
        self.fault: Exception | None = None
        self._app = app
        self._used: Used | None = None

    def can_restrict(self, rung: Rung, message: Message | None) -> Way:
        if rung == "block":
            return Way("hand", "only on their profile")
        return super().can_restrict(rung, message) if rung == "monitor" else Way("api", "it can", "0.015")

    def restrict(self, rung: Rung, author: Author, message: Message | None) -> None:
        self._act("restrict", rung, author, message)

    def lift(self, rung: Rung, author: Author, message: Message | None) -> None:
        self._act("lift", rung, author, message)

    def _act(self, act: str, rung: Rung, author: Author, message: Message | None) -> None:
        if self.fault is not None:
            self._used = Used({}, "0", "USD", {rung: 4_000_000_000})
            fault, self.fault = self.fault, None
            raise fault
        name = None if message is None else message.version
        noted = len(self._app.queue.restrictions())
        self.told.append((act, rung, author, name, noted))
        self._used = Used({rung: 1}, "0.015", "USD")

    def used(self) -> Used | None:
        used, self._used = self._used, None
        return used


class Place:
    """An App at noon over a queue of its own."""

    def __init__(self, workspace: Path, monkeypatch: pytest.MonkeyPatch, now: datetime = NOON) -> None:
        self.app = App(Options(workspace=str(workspace), now=now, quiet=True), json=False)
        self.network = Network(self.app.account(), self.app)
        monkeypatch.setattr(self.app, "channel", lambda _name: self.network)

    def write(self, name: str, text: str, *, minute: int = 0, author: Author = ANGRY, **more: Any) -> str:
        """A message; the id of its ticket."""
        when = NOON - timedelta(hours=1) + timedelta(minutes=minute)
        message = Message(name, "file", "support", author, text, when, **more)
        self.app.queue.take_in([message])
        (newest, *_) = self.app.queue.tickets_of("file", author.handle)
        return newest.id

    def plan(self, whom: str, reason: Any = "abuse", **wish: Any) -> Step:
        find = (
            protecting.of_handle(self.app, whom, None)
            if whom[0] == "@"
            else protecting.of_ticket(self.app, whom)
        )
        return protecting.plan(self.app, find, Wish(reason, **wish), self.app.agent("sb"))

    def events(self, *names: str) -> list[Event]:
        return [event for event in self.app.queue.everything() if event.event in names]

    @property
    def standing(self) -> list[Restriction]:
        return self.app.queue.restrictions()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    return Place(tmp_path, monkeypatch)


def test_the_network_is_told_first_and_then_it_is_noted(place: Place) -> None:
    place.write("a1", ABUSE)
    step = place.plan("@angry", rung="mute")
    assert (step.restriction.road, step.restriction.note) == ("api", "it can")
    assert place.network.told == []
    protecting.restrict(place.app, step)
    assert place.network.told == [("restrict", "mute", ANGRY, None, 0)]
    assert place.standing == [step.restriction]
    (used,) = place.events("used")
    assert (used.data["acts"], used.data["cost"], used.data["account"]) == ({"mute": 1}, "0.015", "support")


def test_a_failure_leaves_no_restriction_and_can_be_repeated(place: Place) -> None:
    place.write("a1", ABUSE)
    place.network.fault = TemporaryError("too many requests")
    with pytest.raises(TemporaryError, match="too many requests"):
        protecting.restrict(place.app, place.plan("@angry", rung="mute"))
    assert place.events("restricted") == []
    assert place.app.queue.held("support") == {"mute": 4_000_000_000}
    protecting.restrict(place.app, place.plan("@angry", rung="mute"))
    assert [one.rung for one in place.standing] == ["mute"]


def test_what_is_by_hand_or_nobodys_tells_the_network_nothing(place: Place) -> None:
    place.write("a1", ABUSE)
    for rung in ("monitor", "block"):
        protecting.restrict(place.app, place.plan("@angry", rung=rung))
    assert [(one.rung, one.road) for one in place.standing] == [("monitor", "no"), ("block", "hand")]
    for one in place.standing:
        protecting.lift(place.app, one, "sb")
    assert place.standing == []
    assert place.network.told == []
    assert place.events("used") == []


def test_of_two_who_looked_at_the_same_time_one_writes(place: Place) -> None:
    place.write("a1", ABUSE)
    first, second = place.plan("@angry", rung="mute"), place.plan("@angry", rung="mute", lasts=60)
    assert protecting.restrict(place.app, first) == first.restriction
    assert protecting.restrict(place.app, second) == first.restriction
    assert len(place.events("restricted")) == 1


def test_in_force_it_is_neither_weighed_nor_told_again(place: Place) -> None:
    ticket = place.write("a1", ABUSE)
    known = protecting.restrict(place.app, place.plan(ticket, rung="mute"))
    place.write("c1", COMPLAINT, minute=1)
    again = place.plan(ticket, rung="mute")
    assert (again.restriction, again.way) == (known, None)
    with pytest.raises(RefusedError, match="criticism is never held off: message c1"):
        place.plan(ticket, rung="block")


def test_a_cost_that_is_not_wanted_stops_it(place: Place) -> None:
    place.write("a1", ABUSE)
    with pytest.raises(RefusedError, match=r"it would cost 0\.015 USD, more than 0\.01"):
        place.plan("@angry", rung="mute", max_cost="0.01")
    assert place.plan("@angry", rung="mute", max_cost="0.015").restriction.rung == "mute"
    assert place.plan("@angry", rung="block", max_cost="0").restriction.road == "hand"


def test_an_edited_message_is_hidden_and_shown_by_its_newest_version(place: Place) -> None:
    ticket = place.write("a1", ABUSE, versions=("a1b",))
    step = place.plan(ticket, rung="hide", guideline="hate")
    hidden = protecting.restrict(place.app, step)
    protecting.lift(place.app, hidden, "sb")
    assert [one[:4] for one in place.network.told] == [
        ("restrict", "hide", ANGRY, "a1b"),
        ("lift", "hide", ANGRY, "a1b"),
    ]
    assert place.standing == []


def test_what_is_lifted_is_lifted_once(place: Place) -> None:
    place.write("a1", ABUSE)
    known = protecting.restrict(place.app, place.plan("@angry", rung="mute"))
    place.network.fault = TemporaryError("no answer")
    with pytest.raises(TemporaryError):
        protecting.lift(place.app, known, None)
    assert place.standing == [known]
    protecting.lift(place.app, known, None)
    protecting.lift(place.app, known, None)
    assert place.standing == []
    (lifted,) = place.events("lifted")
    assert (lifted.by, lifted.data) == (
        None,
        {"network": "file", "handle": "angry", "rung": "mute", "message_id": None, "author_id": "77"},
    )


@pytest.mark.parametrize("fault", [NotFoundError("user on X", "angry"), TargetGoneError("no such user")])
def test_what_holds_off_nobody_any_more_is_lifted(place: Place, fault: Exception) -> None:
    place.write("a1", ABUSE)
    known = protecting.restrict(place.app, place.plan("@angry", rung="mute"))
    place.network.fault = fault
    protecting.lift(place.app, known, None)
    assert place.standing == []
    assert len(place.events("lifted")) == 1


def test_a_no_of_the_network_is_no_lifting(place: Place) -> None:
    place.write("a1", ABUSE)
    known = protecting.restrict(place.app, place.plan("@angry", rung="mute"))
    place.network.fault = PostRefusedError("not allowed")
    with pytest.raises(PostRefusedError):
        protecting.lift(place.app, known, None)
    assert place.standing == [known]


def test_what_was_renewed_is_not_lifted_with_the_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(tmp_path, monkeypatch)
    place.write("a1", ABUSE)
    old = protecting.restrict(place.app, place.plan("@angry", rung="mute", lasts=60))
    later = Place(tmp_path, monkeypatch, now=NOON + timedelta(hours=1))
    renewed = protecting.restrict(later.app, later.plan("@angry", rung="mute"))
    protecting.lift(later.app, old, None)
    assert [one[0] for one in later.network.told] == ["restrict"]
    assert later.standing == [renewed]


def test_what_expired_and_needs_no_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(tmp_path, monkeypatch)
    place.write("a1", ABUSE)
    for rung, lasts in (("monitor", 60), ("mute", 60), ("block", 60)):
        protecting.restrict(place.app, place.plan("@angry", rung=rung, lasts=lasts))
    ticket = place.write("a2", f"{ABUSE}!!", author=Author("78", "cross"))
    protecting.restrict(place.app, place.plan(ticket, rung="mute", lasts=3600))
    assert protecting.expired(place.app) == []
    later = Place(tmp_path, monkeypatch, now=NOON + timedelta(seconds=60))
    assert [(one.handle, one.rung) for one in protecting.expired(later.app)] == [
        ("angry", "monitor"),
        ("angry", "mute"),
    ]
    assert len(later.standing) == 4


def test_the_newest_fifty_are_evidence_but_every_open_matter_counts(place: Place) -> None:
    place.write("a0", ABUSE)
    place.write("c0", COMPLAINT, minute=1, conversation_id="old")
    for number in range(1, 52):
        text = f"@NorthlineAir lol whatever {number}"
        place.write(f"m{number}", text, minute=1 + number, conversation_id="new")
    with pytest.raises(RefusedError, match="message c0 is of kind complaint"):
        place.plan("@angry")
    old = next(
        row for row in place.app.queue.tickets_of("file", "angry") if "c0" in place.app.queue.unanswered(row)
    )
    with place.app.queue.writing() as writing:
        writing.add("done", old.id, "sb", {"url": "https://x.example/1"})
    with pytest.raises(RefusedError, match="triage sees no abuse: message m49"):
        place.plan("@angry")


def test_a_deleted_message_is_no_evidence(place: Place) -> None:
    place.write("a1", ABUSE)
    (gone,) = place.app.queue.thread(place.app.queue.tickets_of("file", "angry")[0])
    place.app.queue.note_changes([], [gone])
    with pytest.raises(NotFoundError, match="angry"):
        place.plan("@angry")


def test_a_handle_that_passed_to_somebody_else(place: Place) -> None:
    place.write("a1", ABUSE)
    place.write("m1", "@NorthlineAir lol whatever", minute=5, author=Author("99", "angry"))
    with pytest.raises(RefusedError, match="triage sees no abuse: message m1 is of kind mention"):
        place.plan("@angry")
