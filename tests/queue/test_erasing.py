"""Taking the words out of a line: what goes, what stays, and that it is as long as before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from socialcli.queue.erasing import blank
from socialcli.queue.journal import NewEvent, agrees, encode_events
from tests.queue.desk import NOW, Desk, decision, draft_data, message

WHO = "erased-abcdefgh"


def line(event: str, data: Any, ticket: str | None = "t1", by: str | None = "sb") -> bytes:
    return encode_events([NewEvent(event, ticket, by, data)], NOW, 4711).rstrip(b"\n")


def data_of(raw: bytes) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(raw)["data"]
    return found


SAID = msgspec.structs.replace(
    message("m1", "marta_ruiz", text="Where is my pram?", conversation="c1", reply_to="m0"),
    url="https://x.com/marta_ruiz/status/m1",
    summons=("marta_ruiz",),
)
SECRETS = (b"marta", b"pram", b"Sorry", b"Ruiz")
EVENTS = [
    line("message", SAID, by=None),
    line("edited", msgspec.structs.replace(SAID, versions=("m1b",)), by=None),
    line("renamed", SAID, by=None),
    line("note", {"text": "Ms Ruiz rang about the pram"}),
    line("sent", draft_data("d1", "t1", "m1", url="https://x.com/marta_ruiz", reason="pram", remote_id="r1")),
    line("rejected", {"draft": "d1", "attempt": 1, "reason": "not Ruiz"}),
    line("resolved", {"outcome": "fixed", "cause": "pram left behind", "fix": "pram sent", "draft": None}),
    line("moved", {"to": "email", "reasons": ["offline/turns"], "draft": "d1", "words": "pram"}),
    line("override", {"fields": {"priority": "high"}, "reason": "Ms Ruiz is waiting"}),
    line(
        "handoff",
        {"handoff": "h1", "attempt": 1, "to": "desk", "way": "smtp", "note": "Ms Ruiz misses a pram"},
    ),
    line("handed", {"handoff": "h1", "attempt": 1, "state": "failed", "reason": "550 Ruiz is unknown"}),
    line(
        "expert-asked",
        {"question": "q1", "expert": "bags", "due": 1_790_000_000, "text": "Where is the pram?"},
    ),
    line(
        "expert-answered", {"question": "q1", "text": "The pram is in Oslo", "from": "ruiz@partner.example"}
    ),
    line("released", {"note": "Ms Ruiz rang about the pram", "to": "mo"}),
    line("done", {"url": "https://x.com/marta_ruiz/status/9"}),
    line("of-a-later-release", {"anything": "pram"}),
]


@pytest.mark.parametrize("raw", EVENTS, ids=lambda raw: msgspec.json.decode(raw)["event"])
def test_the_words_go_and_the_place_stays(raw: bytes) -> None:
    blanked = blank(raw, WHO)
    assert not any(secret in blanked for secret in SECRETS)
    assert len(blanked) == len(raw)
    assert agrees(blanked.rstrip())
    before, after = msgspec.json.decode(raw), msgspec.json.decode(blanked)
    for field in ("at", "id", "event", "ticket", "by", "v"):
        assert after[field] == before[field]
    assert blank(blanked, WHO) == blanked
    assert blank(blanked) == blanked


def test_of_a_message_the_ids_and_times_stay() -> None:
    assert data_of(blank(EVENTS[0], WHO)) == {
        "type": "message",
        "id": "m1",
        "network": "file",
        "account": "support",
        "created_at": "2026-11-20T10:00:00Z",
        "visibility": "public",
        "direction": "inbound",
        "source": "mention",
        "in_reply_to": "m0",
        "conversation_id": "c1",
        "deleted": False,
        "author": {"id": None, "handle": WHO},
        "text": "",
        "erased": True,
    }


def test_our_own_handle_is_nobody_s_secret() -> None:
    raw = line("message", msgspec.structs.replace(SAID, direction="outbound"), by=None)
    assert data_of(blank(raw, WHO))["author"]["handle"] == "marta_ruiz"


def test_a_message_alone_keeps_its_author() -> None:
    assert data_of(blank(EVENTS[0]))["author"]["handle"] == "marta_ruiz"
    assert b"pram" not in blank(EVENTS[0])


def test_of_a_draft_the_fold_finds_what_it_needs(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.take(message("m1"))
    ticket = desk.only().id
    desk.add("sent", ticket, draft_data("d1", ticket, "m1", remote_id="r1"))
    before = desk.dump()["drafts"]
    lines = [blank(raw.rstrip(b"\n"), WHO) + b"\n" for raw in desk.raw_lines()]
    assert desk.rewritten(tmp_path / "other", lines).dump()["drafts"] == before


@pytest.mark.parametrize(
    "raw",
    [
        line("assessed", decision("m1"), by=None),
        line("claimed", {"agent": "sb", "until": 4}),
        line("assigned", {"agent": "sb", "why": "skill", "matched": ["topic baggage"]}),
        line("released", {"to": "mo"}),
        line("released", {}),
        line("labelled", {"add": ["bags"], "remove": []}),
        line("erased", {"events": ["1"], "customer": WHO}),
        line("cursor", {"account": "support", "cursor": {"offset": 4}}, ticket=None),
    ],
    ids=lambda raw: msgspec.json.decode(raw)["event"],
)
def test_decisions_stay_as_they_are(raw: bytes) -> None:
    assert blank(raw, WHO) == raw


def test_a_restriction_and_its_end_still_belong_together() -> None:
    who = {"network": "file", "handle": "marta_ruiz", "rung": "mute", "message_id": None, "author_id": "7"}
    lifted = data_of(blank(line("lifted", who), WHO))
    assert (lifted["handle"], lifted["author_id"]) == (WHO, None)


def test_a_line_of_an_older_release_has_no_room_for_a_sum() -> None:
    raw = b'{"at":"2026-11-20T12:00:00.000000Z","id":"00000000000f3f9faf9","event":"note","ticket":"t","by":"sb","v":1,"data":{"text":"pram"}}'
    blanked = blank(raw)
    assert (b"pram" in blanked, len(blanked)) == (False, len(raw))
    assert data_of(blanked) == {"text": ""}


def test_what_is_no_event_is_said_to_be_none() -> None:
    with pytest.raises(msgspec.DecodeError):
        blank(b'{"at":"2026')
