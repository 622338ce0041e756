"""What the network may do to a post, and what must come of it: the state, the exit code, one post at the most."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.conftest import Cli
from tests.e2e.staging import done
from tests.e2e.x_stage import NOW, OTHER, SORRY, connect, one_ticket, reply, settle, take_in
from tests.servers.x.network import XNetwork

# kind of fault -> state of the draft, exit code, whether the post arrived
FAULTS = {
    "401": ("parked", 4, False),
    "402": ("parked", 75, False),
    "403": ("failed", 3, False),
    "404": ("failed", 3, False),
    "400": ("failed", 3, False),
    "429": ("parked", 75, False),
    "429-no-reset": ("parked", 75, False),
    "429-daily": ("parked", 75, False),
    "429-garbage": ("parked", 75, False),
    "redirect": ("parked", 75, False),
    "500": ("unknown", 75, False),
    "503": ("unknown", 75, False),
    "not-json": ("unknown", 75, False),
    "empty": ("unknown", 75, False),
    "errors-only": ("unknown", 75, False),
    "silent": ("unknown", 75, False),
    "reset": ("unknown", 75, False),
    "accepted-no-answer": ("unknown", 75, True),
    "accepted-silent": ("unknown", 75, True),
    "accepted-reset": ("unknown", 75, True),
    "accepted-503": ("unknown", 75, True),
    "accepted-truncated": ("unknown", 75, True),
    "accepted-not-json": ("unknown", 75, True),
    "accepted-empty": ("unknown", 75, True),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_while_posting(cli: Cli, x_network: XNetwork, kind: str) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    state, code, arrived = FAULTS[kind]
    x_network.fault("POST tweets", kind)
    run = cli(*reply(ticket), now=NOW)
    assert (run.code, run.record["state"]) == (code, state), run.err
    assert run.error["message"]
    assert run.record["text"] == SORRY, "the text is never lost"
    assert len(x_network.posts()) == int(arrived)


@pytest.mark.parametrize("kind", [kind for kind, (state, _, _) in FAULTS.items() if state == "unknown"])
def test_what_is_unknown_is_looked_up_and_ends_in_one_post(cli: Cli, x_network: XNetwork, kind: str) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    x_network.fault("POST tweets", kind)
    draft = cli(*reply(ticket), now=NOW).record["id"]
    codes = [settle(cli).code]
    while codes[-1] == 75 and len(codes) < 4:
        codes.append(settle(cli).code)
    assert codes in ([0], [75, 0])
    assert [post.sent for post in x_network.posts()] == [SORRY]
    last = done(cli(*reply(ticket), now=NOW)).record
    assert (last["id"], last["state"], last["remote_id"]) == (draft, "sent", x_network.posts()[0].id)
    assert len(x_network.posts()) == 1


@pytest.mark.parametrize("kind", ["401", "402", "redirect"])
def test_what_is_parked_goes_out_when_it_is_run_again(cli: Cli, x_network: XNetwork, kind: str) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    x_network.fault("POST tweets", kind)
    assert cli(*reply(ticket), now=NOW).record["state"] == "parked"
    assert done(cli(*reply(ticket), now=NOW)).record["state"] == "sent"
    assert [post.sent for post in x_network.posts()] == [SORRY]


def test_a_rate_limit_is_remembered_and_not_run_into_again(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    x_network.fault("POST tweets", "429-no-reset")
    cli(*reply(ticket), now=NOW)
    before = len(x_network.requests("POST tweets"))
    again = cli(*reply(ticket), now=NOW)
    assert (again.code, again.record["state"]) == (75, "parked")
    assert len(x_network.requests("POST tweets")) == before, "the network is not asked before its time"


def test_an_unanswered_post_is_found_on_the_delayed_timeline_and_not_posted_twice(
    cli: Cli, x_network: XNetwork
) -> None:
    connect(cli, x_network, settle_after="1h")
    ticket = one_ticket(cli, x_network)
    x_network.lag(hold=True)
    x_network.fault("POST tweets", "accepted-no-answer")
    cli(*reply(ticket), now=NOW)
    for _ in range(4):
        run = cli(*reply(ticket), now=NOW)
        assert (run.code, run.record["state"]) == (75, "unknown")
    assert settle(cli).code == 75
    assert len(x_network.posts()) == 1, "an empty look-up before settle_after proves nothing"
    x_network.release()
    assert done(cli(*reply(ticket), now=NOW)).record["remote_id"] == x_network.posts()[0].id
    assert len(x_network.posts()) == 1


def test_a_post_later_than_settle_after_is_refused_as_a_duplicate_and_found_at_last(
    cli: Cli, x_network: XNetwork
) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    x_network.lag(hold=True)
    x_network.fault("POST tweets", "accepted-no-answer")
    cli(*reply(ticket), now=NOW)
    codes = [settle(cli).code for _ in range(3)]
    assert codes == [75, 75, 75]
    assert len(x_network.posts()) == 1
    x_network.release()
    assert done(settle(cli)).record["state"] == "sent"


def test_a_duplicate_of_another_post_fails_for_good(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    x_network.write("cust1", "@NorthlineAir my bag never arrived from flight NL218. Where is it?")
    x_network.write("cust1", "@NorthlineAir and the bag of my son, from flight NL219, where is that?")
    first, second = take_in(cli).values()
    done(cli(*reply(first), now=NOW))
    run = cli(*reply(second), now=NOW)
    assert (run.code, run.record["state"]) == (75, "unknown"), run.err
    codes = [settle(cli).code for _ in range(2)]
    assert codes == [75, 3]
    assert len(x_network.posts()) == 1


# what is read again just before


def test_a_newer_message_stops_the_answer(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    first = x_network.requests("GET mentions")
    assert first
    x_network.write(
        "cust1", "@NorthlineAir never mind, it is here!", at="2026-11-20T10:03:00Z", reply_to=_first(cli)
    )
    run = cli(*reply(ticket), now=NOW)
    assert (run.code, run.record["state"]) == (6, "parked")
    assert "has written again" in run.error["message"]
    assert x_network.posts() == []


def _first(cli: Cli) -> str:
    (line,) = [line for line in cli.lines("queue.jsonl") if line["event"] == "message"]
    return str(line["data"]["id"])


def test_a_colleagues_answer_stops_ours(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    x_network.write(
        "NorthlineAir", "@cust1 We found it! ^MO", at="2026-11-20T10:04:00Z", reply_to=_first(cli)
    )
    run = cli(*reply(ticket), now=NOW)
    assert (run.code, run.record["state"]) == (6, "parked")
    assert "answered by somebody else" in run.error["message"]


def test_a_deleted_message_stops_the_answer(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    x_network.delete(_first(cli))
    run = cli(*reply(ticket), now=NOW)
    assert (run.code, run.record["state"]) == (6, "parked")
    assert x_network.posts() == []
    done(cli("fetch", now=NOW))
    assert done(cli("show", ticket, "--json", now=NOW)).records[0]["status"] == "closed"


def test_an_edited_message_stops_the_answer_and_the_next_one_goes_to_the_new_version(
    cli: Cli, x_network: XNetwork
) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    new = x_network.edit(_first(cli), "@NorthlineAir my bag came back broken", at="2026-11-20T10:04:00Z")
    run = cli(*reply(ticket), now=NOW)
    assert (run.code, run.record["state"]) == (6, "parked")
    assert "edited" in run.error["message"]
    done(cli("fetch", now=NOW))
    assert (
        done(cli("show", ticket, "--json", now=NOW)).records[0]["text"]
        == "@NorthlineAir my bag came back broken"
    )
    done(cli(*reply(ticket, OTHER), now=NOW))
    assert [post.in_reply_to for post in x_network.posts()] == [new]


def test_a_new_handle_stops_an_answer_that_names_the_old_one(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    x_network.rename("cust1", "ana_lopez")
    run = cli(*reply(ticket), now=NOW)
    assert (run.code, run.record["state"]) == (6, "parked")
    assert "@ana_lopez" in run.error["message"]
    done(cli("fetch", now=NOW))
    done(cli(*reply(ticket, SORRY.replace("cust1", "ana_lopez")), now=NOW))
    assert len(x_network.posts()) == 1


@pytest.mark.parametrize("kind", ["503", "silent", "truncated", "402", "not-json", "errors-only"])
def test_a_thread_that_cannot_be_read_again_parks_the_answer(
    cli: Cli, x_network: XNetwork, kind: str
) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    x_network.fault("GET tweet*", kind, times=9)
    run = cli(*reply(ticket), now=NOW)
    assert (run.code, run.record["state"]) == (75, "parked"), run.err
    assert x_network.posts() == []
    x_network.calm()
    assert done(cli(*reply(ticket), now=NOW)).record["state"] == "sent"


# reading


@pytest.mark.parametrize(
    ("kind", "code"),
    [("401", 4), ("402", 75), ("429", 75), ("503", 75), ("reset", 75), ("silent", 75), ("truncated", 75), ("not-json", 75), ("redirect", 75), ("list-body", 3)],
)  # fmt: skip
def test_a_fault_while_reading_loses_nothing(cli: Cli, x_network: XNetwork, kind: str, code: int) -> None:
    connect(cli, x_network)
    message = x_network.write("cust1", "@NorthlineAir my bag is lost, please help")
    x_network.fault("GET mentions", kind, times=9)
    run = cli("fetch", "--json", now=NOW)
    assert run.code == code, (run.out, run.err)
    assert run.error["message"]
    x_network.calm()
    if kind == "429":
        forget_limits(cli)
    assert message in take_in(cli)


def forget_limits(cli: Cli) -> None:
    """As if the quarter of an hour had passed: what the network said is taken back."""
    events = cli.lines("queue.jsonl")
    (line,) = [line for line in events if line["event"] == "used" and line["data"]["held"]]
    line["data"]["held"] = dict.fromkeys(line["data"]["held"], 1)
    cli.write("queue.jsonl", *[line if one["id"] == line["id"] else one for one in events])


def test_an_answer_of_errors_only_is_no_empty_page(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    message = x_network.write("cust1", "@NorthlineAir my bag is lost, please help")
    x_network.fault("GET mentions", "errors-only", times=9)
    assert cli("fetch", now=NOW).code != 0
    x_network.calm()
    assert message in take_in(cli)


def test_what_was_read_before_a_fault_is_told_too(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    x_network.write("cust1", "@NorthlineAir my bag is lost, please help")
    x_network.fault("GET timeline", "503", times=9)
    run = cli("fetch", "--json", now=NOW)
    assert (run.code, run.error["code"]) == (75, 75)
    assert run.record == {
        "type": "fetch",
        "account": "support",
        "read": 1,
        "new": 1,
        "known": 0,
        "rejected": 0,
    }


def test_what_the_network_refused_is_tried_again_only_on_purpose(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    x_network.fault("POST tweets", "403")
    first = cli(*reply(ticket), now=NOW)
    x_network.forget_requests()
    again = cli(*reply(ticket), now=NOW)
    assert (again.code, again.record) == (3, first.record)
    assert x_network.requests() == []
    assert done(cli(*reply(ticket, SORRY, "--again"), now=NOW)).record["state"] == "sent"
    assert len(x_network.posts()) == 1


@pytest.mark.parametrize("tokens", ["rejected", "missing"])
def test_doctor_ends_in_the_code_of_credentials(cli: Cli, x_network: XNetwork, tokens: str) -> None:
    connect(cli, x_network)
    if tokens == "missing":
        cli.env = {name: value for name, value in cli.env.items() if not name.startswith("SOCIALCLI_")}
    else:
        cli.env |= {"SOCIALCLI_SUPPORT_ACCESS_TOKEN_SECRET": "not-this-one"}
    run = cli("doctor", "--json")
    assert (run.code, run.error["code"]) == (4, 4)


def test_a_network_without_the_list_is_asked_for_the_one_post(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    x_network.fault("GET tweets", "404", times=9)
    assert done(cli(*reply(ticket), now=NOW)).record["state"] == "sent"


def test_a_post_that_is_not_found_by_itself_is_gone(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    ticket = one_ticket(cli, x_network)
    x_network.fault("GET tweet*", "404", times=9)
    run = cli(*reply(ticket), now=NOW)
    assert (run.code, run.record["state"]) == (6, "parked")
    assert "deleted" in run.error["message"]


class Circle(BaseHTTPRequestHandler):
    """Empty pages that lead from A to B and back."""

    asked = 0

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        page: dict[str, object] = {
            "meta": {"result_count": 0, "next_token": "B" if "token=A" in query else "A"}
        }
        if path == "/2/users/me":
            page = {"data": {"id": "77", "username": "NorthlineAir", "name": "Northline Air"}}
        Circle.asked += 1
        body = json.dumps(page).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def test_a_circle_of_empty_pages_ends(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    with ThreadingHTTPServer(("127.0.0.1", 0), Circle) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        policy = cli.workspace / "policies.toml"
        policy.write_text(
            policy.read_text().replace(x_network.base_url, f"http://127.0.0.1:{server.server_port}")
        )
        run = cli("fetch", "--json", now=NOW)
        server.shutdown()
    assert (run.code, run.error["code"]) == (75, 75)
    assert Circle.asked < 100


def test_a_fetch_that_the_money_ended_is_not_fresh(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    x_network.write("cust1", "@NorthlineAir my bag is lost, please help")
    done(cli("fetch", now=NOW))
    later = "2026-11-20T12:05:00Z"
    x_network.set_clock(later)
    stale = cli("fetch", "--max-cost", "0.01", "--assert-fresh", "15m", now=later)
    assert stale.code == 3
    again = cli("fetch", "--max-cost", "0.01", "--assert-fresh", "15m", now="2026-11-20T12:10:00Z")
    assert again.code == 3, "nothing was read in between either"
