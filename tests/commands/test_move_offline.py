"""``move-offline``: why, where to, and the one request that comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, TWO_AGENTS, done, journal, message, policy, queued

WITH_REFERENCE = "@NorthlineAir my bag never arrived. My booking reference is QX7K2P."
ASK = ("--to", "direct", "--ask", "order number,email")
DRAFTING = '[[agents]]\nid = "sb"\nname = "Sam Baker"\ninitials = "SB"\nrole = "draft"\n'
LEAD = '[[agents]]\nid = "mo"\nname = "Mina Okafor"\ninitials = "MO"\nrole = "lead"\n'


def direct(name: str = "d1", text: str = "Here I am, as you asked.", **more: Any) -> dict[str, Any]:
    return message(name, text, visibility="direct", created_at="2026-11-20T09:00:00Z", **more)


def moves(cli: Cli, event: str = "moved") -> list[Any]:
    return [one["data"] for one in done(cli("log", "--json")).records if one["event"] == event]


def test_nothing_speaks_for_it(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    run = done(cli("move-offline", ticket, "--yes", "--json", now=LATER))
    assert run.record == {
        "type": "offline",
        "ticket": ticket,
        "move": False,
        "reasons": [],
        "to": None,
        "offers": ["direct", "livechat", "email", "phone"],
        "known": {"email": False, "phone": False},
        "preference": None,
    }
    assert "nothing says that it should move" in done(cli("move-offline", ticket, now=LATER)).out
    assert journal(cli) == before


def test_private_data_in_public_is_a_reason_and_the_judgement_alone_writes_nothing(cli: Cli) -> None:
    ticket = queued(cli, message(text=WITH_REFERENCE))
    before = journal(cli)
    record = done(cli("move-offline", ticket, "--json", now=LATER)).record
    assert (record["move"], record["to"]) == (True, "direct")
    assert record["reasons"] == [
        {"rule": "offline/private-data", "text": "message m1 shows a reference to everybody"}
    ]
    out = done(cli("move-offline", ticket, now=LATER)).out
    assert f"next: socialcli move-offline {ticket} --to direct --dry-run" in out
    assert "QX7K2P" not in out
    assert journal(cli) == before
    policy(cli, "[offline]\nprivate_data = false\n")
    assert done(cli("move-offline", ticket, "--json", now=LATER)).record["move"] is False


def test_round_trips_are_a_reason_until_the_customer_thanks(cli: Cli) -> None:
    policy(cli, "[offline]\nafter_turns = 2\n")
    rows = [message(conversation_id="c")]
    ticket = queued(cli, *rows)
    for turn, text in enumerate(("Not there yet.", "Nor now. Where is my bag?"), 2):
        answer = f"@cust1 So sorry. We are on it, attempt {turn}. ^SB"
        done(cli("reply", ticket, "--text", answer, "--yes", now=f"2026-11-20T10:0{turn}:00Z"))
        when = f"2026-11-20T10:0{turn}:30Z"
        rows.append(message(f"m{turn}", text, conversation_id="c", created_at=when))
        cli.write("inbox.jsonl", *rows)
        done(cli("fetch", now="2026-11-20T10:10:00Z"))
    judged = done(cli("move-offline", ticket, "--json", now="2026-11-20T10:11:00Z")).record
    assert [reason["rule"] for reason in judged["reasons"]] == ["offline/turns"]
    thanks = message("m9", "Thank you so much!", conversation_id="c", created_at="2026-11-20T10:12:00Z")
    cli.write("inbox.jsonl", *rows, thanks)
    done(cli("fetch", now="2026-11-20T10:13:00Z"))
    assert done(cli("move-offline", ticket, "--json", now="2026-11-20T10:13:00Z")).record["move"] is False


def test_the_customer_asks_for_it(cli: Cli) -> None:
    ticket = queued(cli, message(text="@NorthlineAir my bag is lost. Can someone please call me?"))
    record = done(cli("move-offline", ticket, "--json", now=LATER)).record
    assert record["reasons"] == [{"rule": "offline/wished", "text": 'the customer asks for it: "call me"'}]
    assert (record["to"], record["preference"]) == ("phone", "phone")
    judged, draft = done(cli("move-offline", ticket, "--yes", "--json", now=LATER)).records
    assert (judged["to"], draft["state"]) == ("phone", "sent")
    assert "+44 20 7946 0321" in draft["text"]
    assert moves(cli, "prefers") == [{"channel": "phone", "message": "m1"}]
    again = done(cli("move-offline", ticket, "--yes", "--json", now=LATER)).records
    assert again == [judged, draft]
    assert len(cli.lines("outbox.jsonl")) == 1


def test_an_invitation_asks_for_what_is_needed_once(cli: Cli) -> None:
    ticket = queued(cli)
    judged, draft = done(cli("move-offline", ticket, *ASK, "--yes", "--json", now=LATER)).records
    assert [reason["text"] for reason in judged["reasons"]] == [
        "you ask for their order number and e-mail address"
    ]
    assert "your order number and e-mail address" in draft["text"]
    assert (draft["road"], draft["check"]["visibility"], draft["check"]["ok"]) == ("api", "public", True)
    assert done(cli("move-offline", ticket, *ASK, "--yes", "--json", now=LATER)).records[1] == draft
    assert len(cli.lines("outbox.jsonl")) == 1
    assert moves(cli) == [{"to": "direct", "reasons": ["offline/asked"], "draft": draft["id"]}]
    assert cli("lint", "--text", draft["text"], "--json").code == 0


def test_another_request_needs_again(cli: Cli) -> None:
    ticket = queued(cli)
    done(cli("move-offline", ticket, *ASK, "--yes", now=LATER))
    assert cli("move-offline", ticket, "--to", "phone", "--yes", now=LATER).code == 6
    assert len(moves(cli)) == 1
    done(cli("move-offline", ticket, "--to", "phone", "--yes", "--again", now=LATER))
    assert [one["to"] for one in moves(cli)] == ["direct", "phone"]


def test_a_dry_run_writes_nothing(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    run = done(cli("move-offline", ticket, *ASK, "--prefer", "phone", "--dry-run", "--json", now=LATER))
    assert (run.records[0]["preference"], run.records[1]["state"]) == ("phone", "composed")
    assert journal(cli) == before
    assert cli.lines("outbox.jsonl") == []


def test_without_a_yes_nothing_is_posted(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    run = cli("move-offline", ticket, "--to", "livechat", "--json", now=LATER)
    assert (run.code, run.out) == (2, "")
    assert "--yes" in run.error["hint"]
    assert journal(cli) == before


def test_a_customer_who_wrote_directly_is_written_to_directly(cli: Cli) -> None:
    earlier = direct(conversation_id="other")
    queued(cli, message(conversation_id="c"), earlier)
    ticket = next(
        one["id"] for one in done(cli("list", "--json", now=NOW)).records if one["text"] != earlier["text"]
    )
    run = done(cli("move-offline", ticket, "--to", "direct", "--ask", "order", "--yes", "--json", now=LATER))
    draft = run.records[1]
    assert (draft["road"], draft["check"]["visibility"], draft["target"]) == ("direct", "direct", "m1")
    assert "your order number" in draft["text"]
    (post,) = cli.lines("outbox.jsonl")
    assert (post["visibility"], post["in_reply_to"]) == ("direct", "m1")
    assert done(cli("move-offline", ticket, "--to", "direct", "--ask", "order", "--yes", now=LATER)).code == 0
    assert len(cli.lines("outbox.jsonl")) == 1


def test_what_is_private_already_stays(cli: Cli) -> None:
    ticket = queued(cli, message(visibility="direct"))
    before = journal(cli)
    for more in ((), ("--to", "direct"), ("--yes",)):
        run = done(cli("move-offline", ticket, *more, "--json", now=LATER))
        assert (run.record["move"], "direct" in run.record["offers"]) == (False, False)
        assert "in private already" in run.err
    assert journal(cli) == before
    run = done(cli("move-offline", ticket, "--to", "phone", "--yes", "--json", now=LATER))
    assert run.records[1]["check"]["visibility"] == "direct"


def test_a_known_address_is_used_and_never_repeated(cli: Cli) -> None:
    told = message(text="@NorthlineAir my bag is lost, reach me at marta.silva@example.net")
    ticket = queued(cli, told)
    policy(cli, '[offline]\nemail = ""\n')
    run = done(cli("move-offline", ticket, "--to", "email", "--yes", "--json", now=LATER))
    assert run.records[0]["known"] == {"email": True, "phone": False}
    assert "you gave us" in run.records[1]["text"]
    assert "marta.silva" not in run.records[1]["text"]
    shown = done(cli("move-offline", ticket, "--to", "email", "--yes", now=LATER)).out
    assert "they gave us their email" in shown
    assert f"next: hand it on: socialcli transcript {ticket} --format eml" in shown


def test_a_known_field_is_not_asked_for(cli: Cli) -> None:
    ticket = queued(cli, message(text=WITH_REFERENCE))
    run = done(
        cli("move-offline", ticket, "--to", "direct", "--ask", "booking,name", "--yes", "--json", now=LATER)
    )
    assert "their booking reference: stands in what they wrote already" in run.err
    assert "your full name" in run.records[1]["text"]
    assert "reference" not in run.records[1]["text"]
    run = done(cli("move-offline", ticket, "--to", "direct", "--dry-run", "--again", "--json", now=LATER))
    assert "any further details" in run.records[1]["text"]


@pytest.mark.parametrize(
    ("channel", "settings", "key"),
    [
        ("livechat", '[brand]\nlivechat = ""\n', "brand.livechat"),
        ("email", '[offline]\nemail = ""\n', "offline.email"),
        ("phone", '[offline]\nphone = ""\n', "offline.phone"),
        ("email", '[offline]\nemail = "desk@northline.example"\n', "brand.contacts"),
        ("phone", '[offline]\nphone = "+44 20 7946 0999"\n', "brand.contacts"),
    ],
)
def test_what_the_policy_lacks_is_named(cli: Cli, channel: str, settings: str, key: str) -> None:
    ticket = queued(cli)
    policy(cli, settings)
    before = journal(cli)
    run = cli("move-offline", ticket, "--to", channel, "--yes", "--json", now=LATER)
    assert (run.code, run.out) == (2, "")
    assert key in run.error["message"] + run.error["hint"]
    assert journal(cli) == before
    assert channel not in done(cli("move-offline", ticket, "--json", now=LATER)).record["offers"]


def test_nothing_can_be_offered(cli: Cli) -> None:
    ticket = queued(cli, message(text=WITH_REFERENCE))
    policy(cli, "[offline]\noffer = []\n")
    assert done(cli("move-offline", ticket, "--json", now=LATER)).record["to"] is None
    assert cli("move-offline", ticket, "--yes", now=LATER).code == 3


@pytest.mark.parametrize("channel", ["livechat", "email", "phone"])
def test_another_channel_is_offered_and_passes_the_check(cli: Cli, channel: str) -> None:
    ticket = queued(cli)
    judged, draft = done(cli("move-offline", ticket, "--to", channel, "--yes", "--json", now=LATER)).records
    assert (judged["to"], judged["move"], draft["state"]) == (channel, False, "sent")
    assert [one["rule"] for one in draft["check"]["findings"] if one["level"] == "error"] == []


def test_the_preference_is_kept_and_obeyed(cli: Cli) -> None:
    ticket = queued(cli, message(text=WITH_REFERENCE))
    for _ in range(2):
        record = done(cli("move-offline", ticket, "--prefer", "phone", "--json", now=LATER)).record
        assert (record["preference"], record["to"]) == ("phone", "phone")
    assert moves(cli, "prefers") == [{"channel": "phone", "message": "m1"}]
    assert done(cli("move-offline", ticket, "--json", now=LATER)).record["to"] == "phone"
    run = done(cli("move-offline", ticket, "--to", "direct", "--yes", "--json", now=LATER))
    assert "the customer prefers phone; direct this once" in run.err
    assert done(cli("move-offline", ticket, "--json", now=LATER)).record["preference"] == "phone"


def test_the_preference_is_the_customer_s_in_every_ticket(cli: Cli) -> None:
    queued(cli, message(), message("n1", WITH_REFERENCE, created_at="2026-11-20T10:01:00Z"))
    first, second = (one["id"] for one in done(cli("list", "--json", now=NOW)).records)
    done(cli("move-offline", first, "--prefer", "email", now=LATER))
    assert done(cli("move-offline", second, "--json", now=LATER)).record["preference"] == "email"


def test_somebody_else_s_ticket_is_left_alone(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli)
    done(cli("claim", ticket, "--as", "mo", now=LATER))
    before = journal(cli)
    assert cli("move-offline", ticket, *ASK, "--as", "sb", "--yes", now=LATER).code == 6
    assert cli("move-offline", ticket, "--prefer", "phone", "--as", "sb", now=LATER).code == 6
    assert done(cli("move-offline", ticket, "--json", now=LATER)).record["move"] is False
    assert journal(cli) == before


def test_a_request_that_waits_for_a_yes_has_moved(cli: Cli) -> None:
    policy(cli, DRAFTING + LEAD)
    queued(cli, message(), direct(conversation_id="other"))
    ticket = next(one["id"] for one in done(cli("list", "--json", now=NOW)).records if "bag" in one["text"])
    run = done(cli("move-offline", ticket, *ASK, "--as", "sb", "--yes", "--json", now=LATER))
    draft = run.records[1]
    assert draft["state"] == "awaiting-approval"
    assert [one["draft"] for one in moves(cli)] == [draft["id"]]
    approved = done(cli("approve", draft["id"], "--as", "mo", "--json", now=LATER)).record
    assert approved["state"] == "sent"
    (post,) = cli.lines("outbox.jsonl")
    assert (post["visibility"], post["in_reply_to"]) == ("direct", "m1")


def test_what_waited_is_held_against_the_check_as_the_direct_message_that_it_is(cli: Cli) -> None:
    policy(cli, DRAFTING + LEAD)
    own = cli.workspace / "templates" / "replies" / "direct-ask.j2"
    own.parent.mkdir(parents=True)
    own.write_text("What is your phone number, please?")
    queued(cli, message(), direct(conversation_id="other"))
    ticket = next(one["id"] for one in done(cli("list", "--json", now=NOW)).records if "bag" in one["text"])
    run = done(cli("move-offline", ticket, "--to", "direct", "--as", "sb", "--yes", "--json", now=LATER))
    approved = done(cli("approve", run.records[1]["id"], "--as", "mo", "--json", now=LATER)).record
    assert (approved["state"], approved["check"]["visibility"]) == ("sent", "direct")


def test_a_request_by_hand_has_moved(cli: Cli) -> None:
    cli.write("rows.jsonl", message(network="x"))
    done(cli("fetch", "--from", "rows.jsonl", now=NOW))
    ticket = done(cli("triage", "--json", now=NOW)).record["ticket"]
    run = done(cli("move-offline", ticket, *ASK, "--yes", "--json", now=LATER))
    assert run.records[1]["state"] == "by-hand"
    assert [one["draft"] for one in moves(cli)] == [run.records[1]["id"]]


def test_what_the_check_refuses_has_not_moved(cli: Cli) -> None:
    policy(cli, '[reply]\nsoft_length = 20\n[checks]\n"length/long" = "error"\n')
    ticket = queued(cli)
    run = cli("move-offline", ticket, "--to", "livechat", "--yes", "--json", now=LATER)
    assert run.code == 3
    assert "length/long" in run.error["message"]
    assert (run.records[1]["state"], moves(cli)) == ("refused", [])


@pytest.mark.parametrize(
    "ask", ["card number", "order number,your password", "PIN", "one-time code", "CVV", "IBAN", "Passwort"]
)
def test_what_opens_an_account_is_asked_for_nowhere(cli: Cli, ask: str) -> None:
    ticket = queued(cli)
    before = journal(cli)
    for channel in ("direct", "phone", "livechat"):
        run = cli("move-offline", ticket, "--to", channel, "--ask", ask, "--yes", "--json", now=LATER)
        assert (run.code, run.out) == (3, "")
        assert "not in a direct message" in run.error["message"]
        assert "the last purchase or a reference" in run.error["hint"]
    assert (journal(cli), cli.lines("outbox.jsonl")) == (before, [])


@pytest.mark.parametrize("ask", ["boarding card", "booking code,loyalty card number", "post code"])
def test_what_only_sounds_alike_may_be_asked_for(cli: Cli, ask: str) -> None:
    ticket = queued(cli)
    run = done(cli("move-offline", ticket, "--to", "direct", "--ask", ask, "--dry-run", "--json", now=LATER))
    assert ask.rsplit(",", maxsplit=1)[-1] in run.records[1]["text"]


@pytest.mark.parametrize("ask", ["", " , "])
def test_asking_for_nothing_is_a_mistake(cli: Cli, ask: str) -> None:
    assert cli("move-offline", queued(cli), "--to", "direct", "--ask", ask, now=LATER).code == 2


def test_no_such_ticket(cli: Cli) -> None:
    assert cli("move-offline", "zzz", now=LATER).code == 5
