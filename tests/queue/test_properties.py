"""Random sequences of events: however they are read, the queue is the same."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from socialcli.model.message import Message
from socialcli.queue import run as run_module
from socialcli.queue.rows import ticket_id
from tests.queue.desk import US, Desk, decision, draft_data, message, promised, raised, rebuilt

_NAMES = [f"m{number}" for number in range(8)]
_KINDS = (
    "assessed", "override", "claimed", "assigned", "handed", "plain", "alias", "cursor", "odd", "labelled", "snoozed", "merged", "split",
    "raised", "turned", "joined", "massed",
)  # fmt: skip
_TICKETS = [ticket_id("file", name) for name in _NAMES]
_STATES = (
    "composed", "refused", "awaiting-approval", "approved", "rejected", "intended", "unknown", "parked",
    "failed", "by-hand", "sent",
)  # fmt: skip


@st.composite
def _messages(draw: st.DrawFn) -> Message:
    handle = draw(st.sampled_from(["cust1", "cust2", "Cust1", US]))
    return message(
        draw(st.sampled_from(_NAMES)),
        handle,
        minute=draw(st.integers(0, 9)),
        text=draw(st.sampled_from(["@NorthlineAir where is my bag", "RT @NorthlineAir hello", "ok"])),
        direction="outbound" if handle == US else "inbound",
        visibility=draw(st.sampled_from(["public", "public", "direct"])),
        reply_to=draw(st.none() | st.sampled_from(_NAMES)),
        conversation=draw(st.none() | st.sampled_from(["c1", "c2"])),
    )


@st.composite
def _splits(draw: st.DrawFn) -> dict[str, Any]:
    """What no command would write: any messages, whatever they are and wherever they stand."""
    going = draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=3, unique=True))
    parts = [
        {
            "id": name,
            "created": draw(st.integers(0, 9)),
            "inbound": draw(st.booleans()),
            "gone": draw(st.booleans()),
        }
        for name in going
    ]
    return {
        "as": ticket_id("file", going[0]),
        "messages": going,
        "account": "support",
        "parts": parts,
        "latest": draw(st.none() | st.just({"id": "m0", "created": 1, "inbound": True})),
        "drafts": draw(st.lists(st.sampled_from(["d0", "d1"]), max_size=2)),
        "conversations": draw(st.lists(st.sampled_from(["c1", "c2"]), max_size=1)),
        "answering": draw(st.lists(st.sampled_from(_NAMES), max_size=1)),
    }


@st.composite
def _others(draw: st.DrawFn) -> tuple[str, str | None, Any]:
    """An event that is no message: name, ticket, data. Many make no sense, as in a damaged journal."""
    ticket, name = draw(st.sampled_from(_TICKETS)), draw(st.sampled_from(_NAMES))
    number = draw(st.integers(0, 3))
    event = draw(st.sampled_from((*_KINDS, *_STATES)))
    if event in _STATES:
        whole = draft_data(f"d{number}", ticket, name, attempt=draw(st.integers(1, 2)), remote_id=name)
        whole |= {"promised": draw(st.sampled_from([[], [promised()]])), "holding": draw(st.booleans())}
        if draw(st.booleans()):
            del whole["whole"]
        return event, ticket, whole
    respond = draw(st.sampled_from(["respond", "monitor", "ignore"]))
    return {
        "assessed": (
            "assessed",
            ticket,
            decision(name, respond=respond, score=number, harm=(None, "personal", "danger", None)[number]),
        ),
        "override": ("override", ticket, {"fields": {"priority": "low", "score": number}, "reason": "r"}),
        "claimed": ("claimed", ticket, {"agent": f"a{number}", "until": number}),
        "assigned": ("assigned", ticket, {"agent": f"a{number}", "why": "round"}),
        "handed": ("released", ticket, {"note": "n" * number, **({"to": "a1"} if number % 2 else {})}),
        "plain": (("released", "note", "done", "resolved")[number], ticket, {}),
        "alias": ("alias", ticket, {"of": draw(st.sampled_from(_TICKETS))}),
        "labelled": ("labelled", ticket, {"add": [f"l{number}"], "remove": ["l1"]}),
        "snoozed": ("snoozed", ticket, {"until": 2_000_000_000 * (number % 2)}),
        "merged": ("merged", ticket, {"of": draw(st.sampled_from(_TICKETS))}),
        "split": ("split", ticket, draw(_splits())),
        "raised": (("incident-suspected", "incident-opened")[number % 2], None, raised(f"i{number}")),
        "turned": (
            ("incident-confirmed", "incident-dismissed", "incident-closed")[number % 3],
            None,
            {"incident": "i1"},
        ),
        "joined": ("incident-joined", ticket, {"incident": f"i{number}"}),
        "massed": (
            "incident-mass",
            None,
            {"incident": "i1", "until": 2_000_000_000 * (number % 2), "turn": number},
        ),
        "cursor": ("cursor", None, {"account": "support", "cursor": {"offset": number}}),
        "odd": (("looked-up", "claimed", "assessed", "teleported")[number], ticket, {"draft": f"d{number}"}),
    }[event]


_STEPS = st.lists(st.lists(_messages(), min_size=1, max_size=4) | _others(), max_size=14)
_DAMAGE = st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["copy", "garbage", "blank"])), max_size=4)


def _on_a_desk(test: Callable[[Desk, Path], None]) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "desk").mkdir()
        test(Desk(root / "desk"), root)


def _play(desk: Desk, steps: list[Any]) -> None:
    """Each step is a command of its own."""
    for step in steps:
        if isinstance(step, list):
            desk.take(*step)
        else:
            event, ticket, data = step
            desk.add(event, ticket, data)


def _damage(desk: Desk, where: list[tuple[int, str]]) -> None:
    lines = desk.raw_lines() if desk.journal.exists() else []
    for place, what in where:
        if lines:
            line = lines[place % len(lines)]
            with desk.journal.open("ab") as file:
                file.write({"copy": line, "garbage": b"{garbage}\n", "blank": b"\n"}[what])
            desk.dump()


@settings(max_examples=100, deadline=None)
@given(steps=_STEPS, damage=_DAMAGE, chunk=st.sampled_from([1, 900, 4 << 20]))
def test_folded_step_by_step_equals_folded_from_nothing(
    steps: list[Any], damage: list[tuple[int, str]], chunk: int
) -> None:
    def test(desk: Desk, root: Path) -> None:
        _play(desk, steps)
        _damage(desk, damage)
        desk.journal.touch()
        incremental = desk.dump()
        usual = run_module.CHUNK
        run_module.CHUNK = chunk
        try:
            assert rebuilt(desk, root / "fresh") == incremental
        finally:
            run_module.CHUNK = usual

    _on_a_desk(test)


@settings(max_examples=100, deadline=None)
@given(messages=st.lists(_messages(), max_size=12, unique_by=lambda one: one.id))
def test_messages_group_the_same_in_one_batch_and_one_by_one(messages: list[Message]) -> None:
    def test(desk: Desk, root: Path) -> None:
        together = desk.rewritten(root / "together", [])
        together.take(*messages)
        for one in messages:
            desk.take(one)
        assert desk.members() == together.members()
        assert desk.tickets() == together.tickets()
        for one in messages:
            together.take(one)
        assert len(together.raw_lines() if messages else []) == len(desk.raw_lines() if messages else [])

    _on_a_desk(test)


@settings(max_examples=100, deadline=None)
@given(steps=_STEPS)
def test_a_sent_draft_stays_sent_and_an_override_stays(steps: list[Any]) -> None:
    def test(desk: Desk, _: Path) -> None:
        desk.take(message("m0"))
        ticket = desk.only().id
        desk.add("override", ticket, {"fields": {"kind": "praise"}, "reason": "r"})
        desk.add("composed", ticket, draft_data("mine", ticket, "m0"))
        desk.add("sent", ticket, {"draft": "mine", "attempt": 1, "remote_id": "r9"})
        _play(desk, steps)
        queue = desk.queue()
        assert queue.draft("mine").draft.state == "sent"
        assert queue.draft("mine").draft.remote_id == "r9"
        assert queue.ticket(ticket).kind == "praise"

    _on_a_desk(test)
