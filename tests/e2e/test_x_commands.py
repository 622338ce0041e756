"""The six commands of the card against X over HTTP: each with its refusals, its dry run, and what the network saw."""

from __future__ import annotations

import json

from tests.conftest import Cli
from tests.e2e.staging import done, journal
from tests.e2e.x_stage import BAG, MONEY, NOW, SORRY, connect, one_ticket, reply, take_in
from tests.servers.x.network import XNetwork

LATER = "2026-11-20T10:10:00Z"
SEARCH = """
[[fetch.searches]]
name = "by-name"
query = '"northline air"'
"""


def events(cli: Cli, name: str) -> list[str]:
    return [line["data"]["id"] for line in cli.lines("queue.jsonl") if line["event"] == name]


# fetch


def test_a_post_that_shows_up_late_below_newer_ones_is_fetched_once(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    late = x_network.write("cust1", BAG, at="2026-11-20T09:58:00Z", late=True)
    newer = x_network.write("cust2", "@NorthlineAir is the lounge open?", at="2026-11-20T10:01:00Z")
    done(cli("fetch", now=NOW))
    done(cli("fetch", now=NOW))
    assert events(cli, "message") == [newer]
    x_network.reveal(late)
    assert done(cli("fetch", "--json", now=NOW)).record["new"] == 1
    assert done(cli("fetch", "--json", now=NOW)).record["new"] == 0
    assert events(cli, "message") == [newer, late]


def test_a_burst_over_several_pages_is_fetched_whole(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    x_network.write("cust0", "@NorthlineAir good morning!", at="2026-11-20T09:00:00Z")
    done(cli("fetch", now=NOW))
    for number in range(350):
        x_network.write(f"cust{number}", f"@NorthlineAir check-in is down for me too ({number})")
    assert done(cli("fetch", "--json", now=NOW)).record["new"] == 350
    assert len(set(events(cli, "message"))) == 351
    assert len(x_network.requests("GET mentions")) >= 5


def test_nothing_new_writes_nothing(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    one_ticket(cli, x_network)
    before = journal(cli)
    done(cli("fetch", now=NOW))
    assert journal(cli) == before


def test_a_direct_message_lands_in_the_ticket_of_the_public_post(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    done(cli(*reply(ticket), now=NOW))
    x_network.direct("cust1", "NorthlineAir", "Here it is: QX7R2M", at="2026-11-20T10:08:00Z")
    x_network.set_clock(LATER)
    done(cli("fetch", now=LATER))
    records = done(cli("show", ticket, "--json", now=LATER)).records
    assert [record.get("visibility") for record in records[1:]] == ["public", "public", "direct"]
    assert records[0]["status"] in {"new", "open"}


def test_our_earlier_answer_and_the_customers_first_post_are_in_the_thread(
    cli: Cli, x_network: XNetwork
) -> None:
    connect(cli, x_network)
    first = x_network.write("cust1", "Northline Air lost my bag.", at="2026-11-20T08:00:00Z")
    ours = x_network.write("NorthlineAir", "@cust1 So sorry! ^MO", at="2026-11-20T08:10:00Z", reply_to=first)
    again = x_network.write("cust1", "@NorthlineAir still nothing!", at="2026-11-20T10:00:00Z", reply_to=ours)
    ticket = take_in(cli)[again]
    messages = done(cli("show", ticket, "--json", now=NOW)).records[1:]
    assert [(one["id"], one["direction"]) for one in messages][-2:] == [
        (ours, "outbound"),
        (again, "inbound"),
    ]


def test_max_cost_stops_between_pages_and_the_next_run_goes_on(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    for number in range(250):
        x_network.write(f"cust{number}", f"@NorthlineAir my bag {number} is lost")
    first = done(cli("fetch", "--json", "--max-cost", "1.50", now=NOW)).record["new"]
    assert 0 < first < 250
    while done(cli("fetch", "--json", "--max-cost", "1.50", now=NOW)).record["new"]:
        pass
    assert len(set(events(cli, "message"))) == 250


# triage, can, reply


def test_what_is_found_by_search_is_answered_by_hand_and_can_says_so_before(
    cli: Cli, x_network: XNetwork
) -> None:
    connect(cli, x_network, SEARCH)
    undirected = x_network.write("cust1", "northline air lost my bag on NL218 and nobody answers")
    directed = x_network.write("cust2", "@NorthlineAir lost my bag on NL218 and nobody answers")
    tickets = take_in(cli)
    priorities = {one["id"]: one["priority"] for one in cli("list", "--json", now=NOW).records}
    assert priorities[tickets[undirected]] == priorities[tickets[directed]], "the road changes, not the rank"
    way = done(cli("can", tickets[undirected], "--json", now=NOW)).record
    assert way["road"] == "hand"
    assert "has not named @NorthlineAir" in way["reason"]
    run = done(cli(*reply(tickets[undirected]), now=NOW))
    assert (run.record["state"], run.record["url"]) == ("by-hand", f"https://x.com/cust1/status/{undirected}")
    assert x_network.posts() == []
    shown = done(cli("outbox", now=NOW)).out
    assert SORRY in shown
    assert f"https://x.com/cust1/status/{undirected}" in shown
    done(
        cli(
            "done", tickets[undirected], "--url", "https://x.com/NorthlineAir/status/1", "--as", "sb", now=NOW
        )
    )
    assert done(cli("outbox", "--json", now=NOW)).records == []


def test_can_tells_the_price_and_that_a_link_makes_it_dearer(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network, '[links]\nhosts = ["northline.aero"]')
    ticket = one_ticket(cli, x_network)
    way = done(cli("can", ticket, "--json", now=NOW)).record
    assert (way["road"], way["cost"], way["currency"]) == ("api", "0.010", "USD")
    link = "@cust1 So sorry about your bag. Please file it here: https://northline.aero/help ^SB"
    plan = cli("reply", ticket, "--text", link, "--as", "sb", "--dry-run", "--json", now=NOW)
    assert plan.record["cost"] == "0.200"
    dear = cli(*reply(ticket, link, "--max-cost", "0.05"), now=NOW)
    assert (dear.code, dear.record["state"]) == (3, "refused")
    assert "0.05" in dear.error["message"]
    assert x_network.posts() == []


def test_a_reply_goes_into_the_thread_once(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    message = x_network.write("cust1", BAG)
    ticket = take_in(cli)[message]
    first = done(cli(*reply(ticket), now=NOW)).record
    again = done(cli(*reply(ticket), now=NOW)).record
    assert first == again
    (post,) = x_network.posts()
    assert (post.in_reply_to, post.sent, first["remote_id"]) == (message, SORRY, post.id)
    assert first["url"] == f"https://x.com/NorthlineAir/status/{post.id}"
    done(cli("fetch", now=NOW))
    assert len(done(cli("show", ticket, "--json", now=NOW)).records) == 3, (
        "our own post is not read back as another"
    )


def test_a_dry_run_posts_nothing(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    journal = (cli.workspace / "queue.jsonl").read_bytes()
    plan = done(cli("reply", ticket, "--text", SORRY, "--as", "sb", "--dry-run", "--json", now=NOW)).record
    assert (plan["state"], plan["road"]) == ("composed", "api")
    assert x_network.posts() == []
    assert (cli.workspace / "queue.jsonl").read_bytes() == journal


def test_an_approved_answer_is_posted_by_the_approver(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    waiting = done(cli(*reply(ticket, MONEY), now=NOW)).record
    assert waiting["state"] == "awaiting-approval"
    assert cli("approve", waiting["id"], "--as", "sb", now=NOW).code == 3
    done(cli("approve", waiting["id"], "--as", "mo", now=NOW))
    assert [post.sent for post in x_network.posts()] == [MONEY]


def test_an_answer_to_a_direct_message_is_one(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    x_network.direct("cust1", "NorthlineAir", "My booking QX7R2M shows no seat, can you help?")
    ticket = next(iter(take_in(cli).values()))
    assert done(cli("can", ticket, "--json", now=NOW)).record["road"] == "direct"
    text = "Thanks for writing, we have put you into 14C. ^SB"
    done(cli(*reply(ticket, text), now=NOW))
    assert [(one.recipient, one.sent) for one in x_network.directs()] == [("cust1", text)]
    assert x_network.posts() == []
    done(cli(*reply(ticket, text), now=NOW))
    assert len(x_network.directs()) == 1


def test_a_direct_message_that_is_not_allowed_fails_for_good(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    x_network.direct("cust1", "NorthlineAir", "My booking QX7R2M shows no seat, can you help?")
    ticket = next(iter(take_in(cli).values()))
    x_network.fault("POST dm", "403", detail="You do not have permission to DM one or more participants.")
    run = cli(*reply(ticket, "Thanks for writing, we have put you into 14C. ^SB"), now=NOW)
    assert (run.code, run.record["state"]) == (3, "failed")


def test_an_unanswered_direct_message_is_found_in_its_conversation(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    x_network.direct("cust1", "NorthlineAir", "My booking QX7R2M shows no seat, can you help?")
    ticket = next(iter(take_in(cli).values()))
    text = "Thanks for writing, we have put you into 14C & moved your bag. ^SB"
    x_network.fault("POST dm", "accepted-no-answer")
    assert cli(*reply(ticket, text), now=NOW).record["state"] == "unknown"
    assert done(cli(*reply(ticket, text), now=NOW)).record["state"] == "sent"
    assert len(x_network.directs()) == 1


# moving offline and back


def test_out_of_the_public_eye_and_back_with_a_thank_you(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    message = x_network.write("cust1", BAG)
    ticket = take_in(cli)[message]
    judged = done(
        cli("move-offline", ticket, "--ask", "booking reference", "--json", "--as", "sb", now=NOW)
    ).records
    assert [record["type"] for record in judged] == ["offline"]
    assert judged[0]["move"] is True
    assert x_network.posts() == []
    moved = done(
        cli(
            "move-offline",
            ticket,
            "--to",
            "direct",
            "--ask",
            "booking reference",
            "--as",
            "sb",
            "--yes",
            "--json",
            now=NOW,
        )
    ).records
    assert moved[-1]["state"] == "sent"
    (invitation,) = x_network.posts()
    assert invitation.in_reply_to == message
    x_network.direct("cust1", "NorthlineAir", "It is QX7R2M", at="2026-11-20T10:04:40Z")
    done(cli("fetch", now=NOW))
    done(cli("triage", now=NOW))
    done(cli(*reply(ticket, "Thank you, your bag is on NL220 and comes to your door tonight. ^SB"), now=NOW))
    assert len(x_network.directs()) == 1
    resolved = done(
        cli("resolve", ticket, "--outcome", "fixed", "--as", "sb", "--yes", "--json", now=NOW)
    ).records
    assert resolved[0]["status"] == "solved"
    thanks = x_network.posts()[-1]
    assert (thanks.in_reply_to, len(x_network.posts())) == (message, 2)
    assert "QX7R2M" not in thanks.sent
    assert "NL220" not in thanks.sent
    transcript = done(cli("transcript", ticket, "--format", "md", now=NOW)).out
    assert "QX7R2M" not in transcript


# statement


def test_a_statement_goes_out_on_two_accounts_in_two_wordings(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    x_network.user("NorthlineNews")
    cli.env |= x_network.env("press", handle="NorthlineNews")
    policy = cli.workspace / "policies.toml"
    text = policy.read_text()
    second = (
        text[: text.index("[[agents]]")]
        .replace('"support"', '"press"')
        .replace("NorthlineAir", "NorthlineNews")
    )
    policy.write_text(second + text)
    drafts = done(
        cli(
            "statement", "--set", "what=online check-in", "--account", "support", "--account", "press",
            "--as", "sb", "--yes", "--json", now=NOW,
        )
    ).records  # fmt: skip
    assert [one["state"] for one in drafts] == ["awaiting-approval"] * 2
    assert drafts[0]["text"] != drafts[1]["text"]
    assert [one["ticket"] for one in drafts] == [None, None]
    for one in drafts:
        done(cli("approve", one["id"], "--as", "mo", now=NOW))
    assert [post.sent for post in x_network.posts()] == [drafts[0]["text"]]
    assert [post.sent for post in x_network.posts(by="NorthlineNews")] == [drafts[1]["text"]]
    listed = done(cli("statement", "--list", "--json", now=NOW)).records
    assert {one["account"] for one in listed} == {"support", "press"}
    assert all(one["next_update_at"] for one in listed)


# the whole road: only what the network has, only what it was asked


def test_nothing_unknown_was_asked_of_the_network(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network, SEARCH)
    ticket = one_ticket(cli, x_network)
    for command in (
        ("doctor",), ("can", ticket), reply(ticket), ("outbox", "--settle", "--as", "sb"), ("fetch",),
        ("block", ticket, "--reason", "spam", "--as", "sb"),
    ):  # fmt: skip
        cli(*command, now=NOW)
    assert x_network.unexpected() == []
    refused = [one for one in x_network.requests() if one.status is None or one.status >= 400]
    assert refused == []


def test_no_secret_is_written_anywhere(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    x_network.fault("POST tweets", "401")
    x_network.fault("GET mentions", "401", skip=1)
    runs = [
        cli("-v", *command, now=NOW)
        for command in (("fetch",), reply(ticket), ("fetch",), ("doctor",), ("outbox", "--json"), ("log",))
    ]
    written = "".join(run.out + run.err for run in runs)
    for folder in (cli.workspace, cli.home):
        for path in folder.rglob("*"):
            if path.is_file():
                written += path.read_bytes().decode("latin-1")
    assert json.dumps(SORRY)[1:-1] in written, "the search sees what was written"
    assert [secret for secret in x_network.secrets() if secret in written] == []
