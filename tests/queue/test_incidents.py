"""Incidents in the journal: however it is read or united, the same comes of it. And what the spread check asks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from socialcli.errors import NotFoundError, UsageError
from socialcli.model.incident import Incident
from socialcli.queue import lately
from socialcli.triage.spread import BUCKET
from tests.queue.desk import NOW, US, Desk, decision, message, raised, rebuilt
from tests.queue.test_regrouping import bad_lines, merge, split

FUTURE = 2_000_000_000
TEN = int(NOW.replace(hour=10).timestamp())


@pytest.fixture
def three(desk: Desk) -> Desk:
    """Three customers with a ticket each, and an incident that is suspected."""
    desk.take(*(message(f"m{n}", f"cust{n}", minute=n, text="the app is down") for n in range(3)))
    desk.add("incident-suspected", None, raised("i1"), by=None)
    return desk


def join(desk: Desk, *names: str, incident: str = "i1") -> None:
    for name in names:
        desk.add("incident-joined", desk.named(name).id, {"incident": incident})


def incidents(desk: Desk) -> list[Incident]:
    queue = desk.queue()
    try:
        return queue.incidents()
    finally:
        queue.close()


def state(desk: Desk) -> str:
    (found,) = incidents(desk)
    return found.state


class TestTheFold:
    def test_what_joined_is_told_oldest_first_with_its_customers(self, three: Desk, tmp_path: Path) -> None:
        join(three, "m2", "m0")
        (found,) = incidents(three)
        assert found.tickets == (three.named("m0").id, three.named("m2").id)
        assert (found.authors, found.state, found.words, found.by) == (2, "suspected", ("app", "down"), None)
        assert (found.opened_at, found.since) == (NOW, NOW - timedelta(minutes=10))
        assert [ticket.incident for ticket in three.tickets(sort="received")] == ["i1", None, "i1"]
        assert three.dump() == rebuilt(three, tmp_path / "fresh")

    @pytest.mark.parametrize(
        ("turns", "last"),
        [
            (("confirmed",), "open"),
            (("dismissed",), "dismissed"),
            (("confirmed", "closed"), "closed"),
            (("closed", "confirmed"), "closed"),
            (("dismissed", "confirmed"), "open"),
            (("confirmed", "dismissed"), "open"),
            (("confirmed", "dismissed while open"), "dismissed"),
            (("dismissed while open", "confirmed"), "dismissed"),
            (("dismissed while open", "closed"), "closed"),
            (("dismissed", "closed"), "closed"),
            (("closed", "dismissed"), "closed"),
        ],
    )
    def test_the_higher_rank_counts_in_any_order(
        self, three: Desk, turns: tuple[str, ...], last: str
    ) -> None:
        for turn in turns:
            name, _, was = turn.partition(" while ")
            three.add(f"incident-{name}", None, {"incident": "i1"} | ({"was": was} if was else {}))
        assert state(three) == last
        (found,) = incidents(three)
        assert len(found.history) == 1 + len(turns)

    def test_the_history_names_who_and_why(self, three: Desk) -> None:
        three.add("incident-confirmed", None, {"incident": "i1"}, by="mo")
        three.add("incident-dismissed", None, {"incident": "i1", "reason": "a joke", "was": "open"}, by="sb")
        (found,) = incidents(three)
        assert [(turn.state, turn.by, turn.reason) for turn in found.history] == [
            ("suspected", None, "5 customers in 10 min"),
            ("open", "mo", ""),
            ("dismissed", "sb", "a joke"),
        ]

    def test_two_copies_of_a_journal_become_one_in_either_order(self, three: Desk, tmp_path: Path) -> None:
        other = three.rewritten(tmp_path / "other", three.raw_lines())
        three.add("incident-confirmed", None, {"incident": "i1"})
        three.add("incident-closed", None, {"incident": "i1"})
        other.add("incident-dismissed", None, {"incident": "i1", "reason": "a joke"})
        other.add("incident-suspected", None, raised("i1", topic="another"), by=None)
        for name, pair in (("a", (three, other)), ("b", (other, three))):
            lines = [line for desk in pair for line in desk.raw_lines()]
            united = three.rewritten(tmp_path / name, lines)
            (found,) = incidents(united)
            assert (found.state, found.id) == ("closed", "i1")
        lines = sorted({*three.raw_lines(), *other.raw_lines()})
        (found,) = incidents(three.rewritten(tmp_path / "sorted", lines))
        assert (found.state, found.topic) == ("closed", "outage")

    def test_a_ticket_is_in_the_incident_that_it_joined_last(self, three: Desk) -> None:
        three.add("incident-opened", None, raised("i2", topic="lounge"))
        join(three, "m0", "m1")
        join(three, "m1", incident="i2")
        assert {found.id: found.tickets for found in incidents(three)} == {
            "i1": (three.named("m0").id,),
            "i2": (three.named("m1").id,),
        }

    def test_a_merge_keeps_it(self, desk: Desk, tmp_path: Path) -> None:
        desk.take(message("m1", minute=1), message("m5", minute=5))
        desk.add("incident-suspected", None, raised("i1"))
        join(desk, "m5")
        merge(desk, "m1", "m5")
        (found,) = incidents(desk)
        assert (found.tickets, found.authors) == ((desk.only().id,), 1)
        assert desk.dump() == rebuilt(desk, tmp_path / "fresh")

    def test_what_is_told_before_the_beginning_counts_with_it(self, three: Desk, tmp_path: Path) -> None:
        """Clocks were skewed, and two journals were united."""
        three.add("incident-confirmed", None, {"incident": "i9"}, by="mo")
        three.add("incident-dismissed", None, {"incident": "i9"}, by="sb")
        assert [one.id for one in incidents(three)] == ["i1"]
        three.add("incident-suspected", None, raised("i9"), by=None)
        assert {one.id: one.state for one in incidents(three)} == {"i1": "suspected", "i9": "open"}
        assert bad_lines(three) == []
        assert three.dump() == rebuilt(three, tmp_path / "fresh")

    def test_a_split_gives_it_back_to_the_ticket_that_joined(self, desk: Desk, tmp_path: Path) -> None:
        desk.take(message("m1", minute=1), message("m5", minute=5))
        desk.add("incident-suspected", None, raised("i1"))
        join(desk, "m5")
        merge(desk, "m1", "m5")
        split(desk, "m5")
        assert (desk.named("m1").incident, desk.named("m5").incident) == (None, "i1")
        assert desk.dump() == rebuilt(desk, tmp_path / "fresh")

    def test_after_a_split_of_what_was_one_both_are_in_it(self, desk: Desk, tmp_path: Path) -> None:
        desk.take(message("m1", minute=1), message("m5", minute=5))
        desk.add("incident-suspected", None, raised("i1"))
        merge(desk, "m1", "m5")
        desk.add("incident-joined", desk.only().id, {"incident": "i1"})
        split(desk, "m5")
        assert (desk.named("m1").incident, desk.named("m5").incident) == ("i1", "i1")
        assert desk.dump() == rebuilt(desk, tmp_path / "fresh")

    @pytest.mark.parametrize(
        "data", [{}, raised("i2") | {"words": "app"}, raised("i2") | {"opened": -1}, raised("")]
    )
    def test_what_is_no_incident_is_passed_over(self, three: Desk, data: dict[str, object]) -> None:
        three.add("incident-suspected", None, data)
        assert len(bad_lines(three)) == 1
        assert [found.id for found in incidents(three)] == ["i1"]

    def test_one_is_found_by_a_beginning_of_its_id(self, three: Desk) -> None:
        three.add("incident-opened", None, raised("ix"))
        queue = three.queue()
        assert (queue.incident("I1").id, queue.incident_name("ix")) == ("i1", "ix")
        with pytest.raises(UsageError, match="more than one incident"):
            queue.incident("i")
        for name in ("", "j", "i11"):
            with pytest.raises(NotFoundError):
                queue.incident(name)


class TestWhatTheCheckAsks:
    def test_counts_for_each_five_minutes_each_message_once(self, desk: Desk, tmp_path: Path) -> None:
        assert lately.BUCKET == BUCKET
        desk.take(*(message(f"m{n}", f"cust{n}", minute=n) for n in (0, 1, 4, 5, 12)))
        desk.take(message("m1", "cust1", minute=1), message("m13", "cust1", minute=13))
        desk.take(message("o1", US, minute=6, direction="outbound", reply_to="m0"))
        queue = desk.queue()
        assert queue.rhythm("support", 0) == [(TEN, 3), (TEN + 300, 1), (TEN + 600, 2)]
        assert queue.rhythm("support", TEN + 300) == [(TEN + 300, 1), (TEN + 600, 2)]
        assert queue.rhythm("press", 0) == []
        assert desk.dump() == rebuilt(desk, tmp_path / "fresh")

    def test_what_was_heard_comes_oldest_first_with_ticket_and_incident(self, three: Desk) -> None:
        join(three, "m1")
        three.take(message("m9", "Cust0", minute=9, text="still down", conversation="c9"))
        heard = three.queue().heard("support", TEN + 60, TEN + 540)
        assert [(one.id, one.author, one.at - TEN, one.text, incident) for one, incident in heard] == [
            ("m1", "cust1", 60, "the app is down", "i1"),
            ("m2", "cust2", 120, "the app is down", None),
            ("m9", "cust0", 540, "still down", None),
        ]
        assert [one.ticket for one, _ in heard] == [three.named(name).id for name in ("m1", "m2", "m9")]
        assert len(three.queue().heard("support", TEN + 60, TEN + 539)) == 2
        assert three.queue().authors_since("support", TEN) == 3
        assert three.queue().authors_since("support", TEN + 61) == 2
        assert three.queue().heard("press", 0, FUTURE) == []

    def test_only_the_newest_are_kept(
        self, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lately, "_MOST", 6)
        monkeypatch.setattr(lately, "KEPT", 3)
        monkeypatch.setattr(lately, "_TRIM", lately._TRIM.replace("OFFSET 1999", "OFFSET 2"))
        minutes = [5, 30, 1, 40, 2, 50, 20, 45, 3, 10]
        desk.take(*(message(f"m{n}", f"cust{n}", minute=n) for n in minutes))
        assert [one.id for one, _ in desk.queue().heard("support", 0, FUTURE)] == ["m40", "m45", "m50"]
        desk.take(message("m44", "cust44", minute=44), message("m4", "cust4", minute=4))
        assert [one.id for one, _ in desk.queue().heard("support", 0, FUTURE)] == ["m44", "m45", "m50"]
        assert sum(count for _, count in desk.queue().rhythm("support", 0)) == len(minutes) + 2
        assert desk.dump() == rebuilt(desk, tmp_path / "fresh")

    def test_one_who_writes_much_pushes_nobody_out(
        self, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lately, "_MOST", 30)
        kept = f"OFFSET {lately.KEPT - 1}"
        assert kept in lately._TRIM
        monkeypatch.setattr(lately, "KEPT", 25)
        monkeypatch.setattr(lately, "_TRIM", lately._TRIM.replace(kept, "OFFSET 24"))
        desk.take(*(message(f"m{n}", f"cust{n}", minute=n) for n in range(5)))
        desk.take(*(message(f"s{n}", "spam", minute=10 + n, conversation=f"c{n}") for n in range(60)))
        desk.take(*(message(f"t{n}", "spam", minute=80 + n, conversation=f"d{n}") for n in range(3)))
        heard = [one for one, _ in desk.queue().heard("support", 0, FUTURE)]
        assert [one.author for one in heard] == [*(f"cust{n}" for n in range(5)), *["spam"] * lately.BY_ONE]
        assert heard[-1].id == "t2"
        assert desk.dump() == rebuilt(desk, tmp_path / "fresh")

    def test_the_ticket_is_that_of_now_after_a_merge_and_a_split(self, desk: Desk, tmp_path: Path) -> None:
        desk.take(message("m1", minute=1), message("m5", minute=5))
        merge(desk, "m1", "m5")
        assert {one.ticket for one, _ in desk.queue().heard("support", 0, FUTURE)} == {desk.only().id}
        split(desk, "m5")
        heard = [one for one, _ in desk.queue().heard("support", 0, FUTURE)]
        assert [one.ticket for one in heard] == [desk.named("m1").id, desk.named("m5").id]
        assert heard[0].ticket != heard[1].ticket
        assert desk.dump() == rebuilt(desk, tmp_path / "fresh")

    def test_words_that_were_erased_are_not_heard(self, three: Desk) -> None:
        erased = {
            "events": [three.events()[1]["id"]],
            "messages": ["m1"],
            "network": "file",
            "customer": "erased-1",
        }
        three.add("erased", three.named("m1").id, erased)
        assert [one.id for one, _ in three.queue().heard("support", 0, FUTURE)] == ["m0", "m2"]

    def test_what_is_known_of_an_incident(self, three: Desk) -> None:
        join(three, "m2")
        queue = three.queue()
        (row,) = queue.incident_rows()
        known = queue.known(row)
        assert (known.words, known.state, known.last) == (("app", "down"), "suspected", int(NOW.timestamp()))
        three.now = NOW + timedelta(hours=1)
        three.add("incident-closed", None, {"incident": "i1"})
        queue = three.queue()
        (row,) = queue.incident_rows()
        assert queue.known(row).last == int(NOW.timestamp()) + 3600

    def test_those_of_an_account_and_those_of_all(self, three: Desk) -> None:
        three.add("incident-opened", None, raised("i2", account=None))
        three.add("incident-opened", None, raised("i3", account="press"))
        queue = three.queue()
        assert {row.id for row in queue.incident_rows(account="support")} == {"i1", "i2"}
        assert {row.id for row in queue.incident_rows(("open",))} == {"i2", "i3"}


def test_triage_and_an_incident_leave_each_other_alone(three: Desk) -> None:
    join(three, "m0")
    three.add("assessed", three.named("m0").id, decision("m0"), by=None)
    ticket = three.named("m0")
    assert (ticket.incident, ticket.topic, ticket.status) == ("i1", "baggage", "open")
