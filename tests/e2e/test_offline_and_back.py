"""Offline and back, from outside: proposed with the reason, offered where it can be had, asked where the customer wants
to be, thanked where they began, and asked once how everything is. Over the file channel, and over X for what only a
network says: whom a direct message reaches.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.commands.test_move_offline import WITH_REFERENCE
from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, SORRY, done, message, policy, queued
from tests.e2e.x_stage import connect, one_ticket, reply, take_in
from tests.servers.x.network import XNetwork

CALL_ME = "@NorthlineAir my bag is lost. Can someone please call me?"
GERMAN = "@NorthlineAir mein Koffer ist nicht angekommen. Können Sie mich bitte zurückrufen?"
PLAIN = "@NorthlineAir my bag never arrived. Where is it?"
# Templates that lead somewhere else than to the phone.
ELSEWHERE = {"dm-request", "direct-ask", "livechat", "offer-email", "email-known"}


def suggested(cli: Cli, ticket: str) -> list[Any]:
    return done(cli("template", "list", "--ticket", ticket, "--json", now=NOW)).records


# ----------------------------------------------------------------------------------- proposed with the reason


def test_show_and_next_say_why_it_could_go_on_in_private(cli: Cli) -> None:
    ticket = queued(cli, message(text=WITH_REFERENCE))
    judged = done(cli("move-offline", ticket, "--json", now=NOW)).record
    for command in (("show", ticket), ("next",)):
        record = done(cli(*command, "--json", now=NOW)).records[0]
        assert record["offline"] == judged
        out = done(cli(*command, now=NOW)).out
        assert (
            "could go on in private: offline/private-data, message m1 shows a reference to everybody" in out
        )
        assert f"next: socialcli move-offline {ticket} --to direct --dry-run" in out


def test_where_nothing_speaks_for_it_nothing_is_said(cli: Cli) -> None:
    ticket = queued(cli, message(text=PLAIN))
    for command in (("show", ticket), ("next",), ("list",)):
        assert "offline" not in done(cli(*command, "--json", now=NOW)).records[0]
        assert "in private" not in done(cli(*command, now=NOW)).out


@pytest.mark.parametrize(
    "told",
    ["write to marta@example.com", "I was born on 3 May 1980", "it is KLMNPQ", "call +44 20 7946 0958"],
)
def test_whatever_the_judgement_finds_the_page_tells(cli: Cli, told: str) -> None:
    """The page looks closer only where it may pay, and finds what ``move-offline`` finds."""
    ticket = queued(cli, message(text=f"@NorthlineAir my bag never arrived, my booking reference: {told}."))
    judged = done(cli("move-offline", ticket, "--json", now=NOW)).record
    shown = done(cli("show", ticket, "--json", now=NOW)).records[0].get("offline")
    assert shown == (judged if judged["move"] else None)


def test_what_was_moved_is_proposed_no_more(cli: Cli) -> None:
    ticket = queued(cli, message(text=WITH_REFERENCE))
    done(cli("move-offline", ticket, "--to", "direct", "--yes", now=NOW))
    assert "offline" not in done(cli("show", ticket, "--json", now=LATER)).records[0]


@pytest.mark.parametrize(("turns", "proposed"), [(1, True), (2, False)])
def test_after_so_many_turns(cli: Cli, turns: int, proposed: bool) -> None:
    policy(cli, f"[offline]\nafter_turns = {turns}\n")
    ticket = queued(cli, message(text=PLAIN))
    done(cli("reply", ticket, "--text", SORRY, "--yes", now=LATER))
    record = done(cli("show", ticket, "--json", now=LATER)).records[0]
    assert ("offline" in record) is proposed


@pytest.mark.parametrize(("setting", "proposed"), [("true", True), ("false", False)])
def test_private_data_as_the_policy_has_it(cli: Cli, setting: str, proposed: bool) -> None:
    policy(cli, f"[offline]\nprivate_data = {setting}\n")
    ticket = queued(cli, message(text=WITH_REFERENCE))
    assert ("offline" in done(cli("show", ticket, "--json", now=NOW)).records[0]) is proposed


@pytest.mark.parametrize(
    ("offer", "first"),
    [
        ('["email", "direct"]', "email"),
        ('["phone"]', "phone"),
        ('["livechat", "phone"]', "livechat"),
        ("[]", None),
    ],
)
def test_what_is_offered_best_first(cli: Cli, offer: str, first: str | None) -> None:
    policy(cli, f'[brand]\nlivechat = "https://northline.example/chat"\n[offline]\noffer = {offer}\n')
    ticket = queued(cli, message(text=WITH_REFERENCE))
    assert done(cli("show", ticket, "--json", now=NOW)).records[0]["offline"]["to"] == first


# ------------------------------------------------------------------------------------ where they want to be


@pytest.mark.parametrize("text", [CALL_ME, GERMAN])
def test_who_asks_to_be_called_is_offered_the_phone_first(cli: Cli, text: str) -> None:
    policy(cli, '[brand]\nlanguages = ["en", "de"]\n')
    ticket = queued(cli, message(text=text))
    assert done(cli("show", ticket, "--json", now=NOW)).records[0]["offline"]["to"] == "phone"
    ranked = suggested(cli, ticket)
    assert (ranked[0]["family"], ranked[0]["fits"]) == ("offer-phone", True)
    assert "the customer prefers phone" in ranked[0]["reasons"]
    assert not any(one["fits"] for one in ranked if one["family"] in ELSEWHERE)


def test_a_template_that_leads_elsewhere_is_told(cli: Cli) -> None:
    ticket = queued(cli, message(text=CALL_ME))
    told = done(cli("reply", ticket, "-t", "dm-request", "--dry-run", now=NOW)).err
    assert f"the customer prefers phone: socialcli move-offline {ticket} --to phone" in told
    for template in ("offer-phone", "apology"):
        assert "prefers" not in done(cli("reply", ticket, "-t", template, "--dry-run", now=NOW)).err


def test_the_transcript_tells_what_they_said_before_anybody_kept_it(cli: Cli) -> None:
    ticket = queued(cli, message(text=GERMAN))
    assert "Customer prefers: phone" in done(cli("transcript", ticket, now=NOW)).out
    assert (
        json.loads(done(cli("transcript", ticket, "--format", "json", now=NOW)).out)["preference"] == "phone"
    )


def test_resolve_reminds_of_where_they_want_to_hear_it(cli: Cli) -> None:
    ticket = queued(cli, message(text=CALL_ME))
    done(cli("reply", ticket, "--text", SORRY, "--yes", now=LATER))
    told = done(cli("resolve", ticket, "--outcome", "fixed", now=LATER)).err
    assert "the customer prefers phone: tell them there how it ended" in told


def test_the_preference_goes_along_in_the_transcript_and_to_other_tickets(cli: Cli) -> None:
    ticket = queued(
        cli,
        message(text=PLAIN),
        message("m2", "@NorthlineAir may I bring a guitar?", created_at="2026-11-20T09:00:00Z"),
    )
    done(cli("move-offline", ticket, "--prefer", "phone", now=NOW))
    assert "Customer prefers: phone" in done(cli("transcript", ticket, now=NOW)).out
    other = next(one["id"] for one in done(cli("list", "--json", now=NOW)).records if one["id"] != ticket)
    assert suggested(cli, other)[0]["family"] == "offer-phone"


def test_a_number_from_another_ticket_is_used_without_asking(cli: Cli) -> None:
    told = message(
        "d1", "My number is +44 20 7946 0958.", visibility="direct", created_at="2026-11-20T08:00:00Z"
    )
    queued(cli, told, message(text=CALL_ME))
    ticket = next(
        one["id"] for one in done(cli("list", "--json", now=NOW)).records if "call me" in one["text"]
    )
    assert suggested(cli, ticket)[0]["family"] == "phone-known"
    draft = done(cli("move-offline", ticket, "--to", "phone", "--yes", "--json", now=NOW)).records[1]
    assert draft["state"] == "sent"
    assert "7946" not in draft["text"]


# ----------------------------------------------------------------------------------- whom a direct message reaches


def test_who_is_blocked_is_offered_no_direct_message(cli: Cli) -> None:
    abuse = message("m8", "@NorthlineAir you are all worthless idiots", created_at="2026-11-20T09:00:00Z")
    queued(cli, abuse)
    block = ("block", "@cust1", "--reason", "abuse", "--rung", "block", "--yes")
    run = cli(*block, now=NOW)
    assert run.code == 0, run.err
    cli.write("inbox.jsonl", abuse, message(text=WITH_REFERENCE))
    done(cli("fetch", now=NOW))
    ticket = done(cli("triage", "--json", now=NOW)).record["ticket"]
    judged = done(cli("show", ticket, "--json", now=NOW)).records[0]["offline"]
    assert (judged["to"], "direct" in judged["offers"]) == ("livechat", False)
    refused = cli("move-offline", ticket, "--to", "direct", "--yes", "--json", now=NOW)
    assert (refused.code, "is blocked until" in refused.error["message"]) == (3, True)
    ways = [one for one in suggested(cli, ticket) if one["family"] in ("dm-request", "direct-ask")]
    assert len(ways) == 2
    assert not any(one["fits"] for one in ways)
    assert done(cli("can", ticket, "--direct", "--json", now=NOW)).record["road"] == "no"
    assert done(cli("can", ticket, "--json", now=NOW)).record["road"] == "api"
    assert "is blocked until" in done(cli("reply", ticket, "-t", "dm-request", "--dry-run", now=NOW)).err


def test_who_takes_no_direct_message_is_invited_in_public(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    x_network.user("cust1", receives_dm=False)
    ticket = one_ticket(cli, x_network, WITH_REFERENCE)
    way = done(cli("can", ticket, "--direct", "--json", now=NOW)).record
    assert (way["road"], "takes no direct message" in way["reason"]) == ("no", True)
    asked = len(x_network.requests())
    assert done(cli("show", ticket, "--json", now=NOW)).records[0]["offline"]["to"] == "direct"
    assert done(cli("next", "--json", now=NOW)).record["offline"]["to"] == "direct"
    assert len(x_network.requests()) == asked
    draft = done(
        cli("move-offline", ticket, "--to", "direct", "--yes", "--as", "sb", "--json", now=NOW)
    ).records[1]
    assert (draft["state"], draft["road"], draft["check"]["visibility"]) == ("sent", "api", "public")


def test_a_direct_message_that_the_network_refused_is_offered_no_more(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    event = x_network.direct("cust1", "NorthlineAir", "My bag never arrived from flight NL218. Where is it?")
    ticket = take_in(cli)[event]
    x_network.fault("POST dm", "403", detail="You do not have permission to DM one or more participants.")
    assert cli("reply", ticket, "--text", SORRY, "--as", "sb", "--yes", now=NOW).code == 3
    way = done(cli("can", ticket, "--direct", "--json", now=NOW)).record
    assert (way["road"], "the network refused our direct message" in way["reason"]) == ("no", True)
    refused = cli("move-offline", ticket, "--to", "direct", "--yes", "--as", "sb", "--json", now=NOW)
    assert refused.code in (0, 3)
    assert x_network.directs() == []
    x_network.direct("cust1", "NorthlineAir", "Hello? Are you there?", at="2026-11-20T10:06:00Z")
    later = "2026-11-20T10:10:00Z"
    x_network.set_clock(later)
    done(cli("fetch", now=later))
    assert done(cli("can", ticket, "--direct", "--json", now=later)).record["road"] == "direct"


def test_show_needs_no_login_to_propose(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network, WITH_REFERENCE)
    for name in x_network.env("support"):
        del cli.env[name]
    assert done(cli("show", ticket, "--json", now=NOW)).records[0]["offline"]["move"] is True


def test_the_whole_road_on_x(cli: Cli, x_network: XNetwork) -> None:
    """Begun in public, helped in a direct message, closed without a yes, thanked later, asked once how it is."""
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network, PLAIN)
    done(cli(*reply(ticket), now=NOW))
    x_network.direct("cust1", "NorthlineAir", "The reference is QX7K2P.")
    done(cli("fetch", now=NOW))
    done(cli("triage", now=NOW))
    text = "Thank you. Your bag is found and is on the 14:10 flight home. ^SB"
    done(cli("reply", ticket, "--text", text, "--as", "sb", "--yes", now=NOW))
    done(cli("resolve", ticket, "--outcome", "fixed", "--as", "sb", now=NOW))
    (owed,) = done(cli("follow-up", "--json", now=NOW)).records
    assert (owed["what"], owed["ticket"]) == ("thank-you", ticket)
    thanked = done(cli("follow-up", ticket, "--yes", "--as", "sb", "--json", now=NOW)).record
    assert (thanked["state"], thanked["check"]["visibility"]) == ("sent", "public")
    later = "2026-11-22T10:06:00Z"
    x_network.set_clock(later)
    assert [one["what"] for one in done(cli("follow-up", "--json", now=later)).records] == ["how-is-it"]
    for _ in range(2):
        asked = done(cli("follow-up", ticket, "--yes", "--as", "sb", "--json", now=later)).record
        assert (asked["state"], asked["check"]["visibility"]) == ("sent", "direct")
    assert done(cli("follow-up", "--json", now=later)).records == []
    assert len(x_network.directs()) == 2
