"""Statements on X that were held up, or that two would say: what may be there counts as said, a promise that is
past stays here, and the money that is allowed holds to the end.
"""

from __future__ import annotations

import pytest

from tests.conftest import Cli, Run
from tests.e2e.staging import done
from tests.e2e.test_races import at_once
from tests.e2e.x_stage import BAG, MONEY, NOW, connect, one_ticket, reply, settle, state, take_in
from tests.servers.x.network import XNetwork

DOWN = "Online check-in is down, sorry. We are working on it."
REWORDED = "Online check-in is down. Sorry! We are working on it."
OTHERWISE = "Sorry to all who cannot check in on the web: engineers look for the cause."
WHAT = ("--set", "what=online check-in")
FREE = "[approval]\nwhen = []\n"
EVENING = "2026-11-20T18:00:00Z"
NEWS = """
[[accounts]]
name = "brand"
network = "x"
handle = "NorthlineNews"
role = "brand"
base_url = "{url}"
timeout = "2s"
"""


def connect_two(cli: Cli, network: XNetwork, more: str = "") -> None:
    """As ``connect``, and the brand's own account beside it."""
    network.user("NorthlineNews")
    connect(cli, network, more)
    policy = cli.workspace / "policies.toml"
    policy.write_text(policy.read_text("utf-8") + NEWS.format(url=network.base_url), "utf-8")
    cli.env |= network.env("brand", "NorthlineNews")


def say(cli: Cli, *args: str, account: str = "support", now: str = NOW) -> Run:
    return cli("statement", "--account", account, *args, "--as", "sb", "--yes", "--json", now=now)


def said(network: XNetwork, handle: str = "NorthlineAir") -> list[str]:
    return [post.sent for post in network.posts(handle)]


class TestTwoVoices:
    def test_of_two_approvals_at_once_one_goes_out(self, cli: Cli, x_network: XNetwork) -> None:
        connect_two(cli, x_network)
        drafts = [done(say(cli, "--text", DOWN, account=one)).record["id"] for one in ("support", "brand")]
        runs = at_once(cli, *(("approve", draft, "--as", "mo", "--json") for draft in drafts))
        assert sorted(run.code for run in runs) in ([0, 3], [0, 6])
        assert said(x_network) + said(x_network, "NorthlineNews") == [DOWN]
        left = next(draft for draft, run in zip(drafts, runs, strict=True) if run.code)
        assert state(cli, left) in ("approved", "awaiting-approval", "parked")

    def test_what_another_account_may_have_said_counts(self, cli: Cli, x_network: XNetwork) -> None:
        connect_two(cli, x_network, FREE)
        x_network.fault("POST tweets", "accepted-503", 1)
        assert say(cli, "--text", DOWN).code == 75
        run = say(cli, "--text", REWORDED, account="brand")
        assert (run.code, said(x_network, "NorthlineNews")) == (3, [])
        assert "support" in run.error["message"]
        done(say(cli, "--text", OTHERWISE, account="brand"))

    def test_its_own_account_waits_for_what_it_may_have_said(self, cli: Cli, x_network: XNetwork) -> None:
        connect(cli, x_network, FREE)
        x_network.fault("POST tweets", "accepted-503", 1)
        assert say(cli, "--text", DOWN).code == 75
        run = say(cli, "--text", REWORDED)
        assert (run.code, run.record["state"], said(x_network)) == (6, "parked", [DOWN])
        assert "--settle" in run.error["hint"]
        done(say(cli, "--text", REWORDED, "--again"))
        assert said(x_network) == [DOWN, REWORDED]

    def test_one_that_was_killed_is_finished_first(self, cli: Cli, x_network: XNetwork) -> None:
        connect(cli, x_network, FREE)
        killed = ("statement", "--text", DOWN, "--as", "sb", "--yes")
        assert cli(*killed, now=NOW, env={"SOCIALCLI_FAIL_POINT": "post:accepted"}).code < 0
        run = say(cli, "--text", REWORDED, "--again")
        assert (run.code, run.record["state"], said(x_network)) == (6, "parked", [DOWN])
        assert done(settle(cli)).record["state"] == "sent"
        done(say(cli, "--text", REWORDED))
        assert said(x_network) == [DOWN, REWORDED]


class TestPromises:
    def test_approved_held_up_and_approved_again_in_the_evening(self, cli: Cli, x_network: XNetwork) -> None:
        connect(cli, x_network)
        draft = done(say(cli, *WHAT)).record["id"]
        x_network.fault("POST tweets", "402", 1)
        assert cli("approve", draft, "--as", "mo", "--json", now=NOW).record["state"] == "parked"
        x_network.set_clock(EVENING)
        run = cli("approve", draft, "--as", "mo", "--json", now=EVENING)
        assert (run.code, said(x_network)) == (3, [])
        assert "10:35" in run.error["message"]

    def test_unanswered_looked_up_and_not_there_in_the_evening(self, cli: Cli, x_network: XNetwork) -> None:
        connect(cli, x_network, FREE)
        x_network.fault("POST tweets", "503", 1)
        assert say(cli, *WHAT).code == 75
        x_network.set_clock(EVENING)
        for _ in range(3):
            run = cli("outbox", "--settle", "--as", "sb", "--json", now=EVENING)
        assert (run.code, said(x_network)) == (3, [])
        assert "10:35" in run.error["message"]

    def test_unanswered_and_there_is_sent_however_late_it_is_seen(
        self, cli: Cli, x_network: XNetwork
    ) -> None:
        connect(cli, x_network, FREE)
        x_network.fault("POST tweets", "accepted-503", 1)
        assert say(cli, *WHAT).code == 75
        x_network.set_clock(EVENING)
        run = done(cli("outbox", "--settle", "--as", "sb", "--json", now=EVENING))
        assert (run.record["state"], len(said(x_network))) == ("sent", 1)

    def test_an_hour_of_another_day_passes_too(self, cli: Cli, x_network: XNetwork) -> None:
        connect(cli, x_network, FREE)
        x_network.fault("POST tweets", "402", 1)
        assert say(cli, *WHAT, "--next-update", "1d").record["text"].endswith("by 10:05 on 21 November.")
        late = "2026-11-21T10:06:00Z"
        x_network.set_clock(late)
        assert cli("outbox", "--settle", "--as", "sb", "--json", now=late).code == 3
        assert said(x_network) == []


class TestMoney:
    LINKS = '[links]\nhosts = ["northline.com"]\n'
    LINKED = "@cust1 So sorry about your bag. We will refund you the bag fee: https://northline.com/claim ^SB"

    def test_an_edit_costs_what_its_words_cost(self, cli: Cli, x_network: XNetwork) -> None:
        connect(cli, x_network, f'max_cost = "0.05"\n{self.LINKS}')
        draft = done(cli(*reply(one_ticket(cli, x_network), MONEY), now=NOW)).record["id"]
        run = cli("approve", draft, "--as", "mo", "--edit", self.LINKED, "--json", now=NOW)
        assert (run.code, x_network.posts()) == (3, [])
        assert "0.200 USD, more than 0.05" in run.error["message"]
        shorter = cli(
            "approve", draft, "--as", "mo", "--edit", f"{MONEY[:-4]} Really. ^SB", "--json", now=NOW
        )
        assert (done(shorter).record["state"], shorter.record["cost"]) == ("sent", "0.010")

    def test_an_edited_statement_too(self, cli: Cli, x_network: XNetwork) -> None:
        connect(cli, x_network, f'max_cost = "0.05"\n{self.LINKS}')
        draft = done(say(cli, "--text", DOWN)).record["id"]
        edit = ("--edit", f"{DOWN} https://northline.com/status")
        assert cli("approve", draft, "--as", "mo", *edit, "--json", now=NOW).code == 3
        assert said(x_network) == []

    def test_a_limit_holds_for_what_was_approved_before(self, cli: Cli, x_network: XNetwork) -> None:
        connect(cli, x_network, self.LINKS)
        call = reply(one_ticket(cli, x_network), self.LINKED)
        draft = done(cli(*call, now=NOW)).record["id"]
        done(cli("approve", draft, "--as", "mo", "--no-post", now=NOW))
        run = cli(*call, "--max-cost", "0.01", now=NOW)
        assert (run.code, x_network.posts(), state(cli, draft)) == (3, [], "approved")
        done(cli(*call, "--max-cost", "0.2", now=NOW))
        assert len(x_network.posts()) == 1

    def test_and_for_an_approved_statement(self, cli: Cli, x_network: XNetwork) -> None:
        connect(cli, x_network)
        draft = done(say(cli, "--text", DOWN)).record["id"]
        done(cli("approve", draft, "--as", "mo", "--no-post", now=NOW))
        run = say(cli, "--text", DOWN, "--max-cost", "0.01")
        assert (run.code, said(x_network), state(cli, draft)) == (3, [], "approved")
        done(say(cli, "--text", DOWN))
        assert said(x_network) == [DOWN]


def test_a_policy_that_asks_for_a_yes_since_is_asked(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network, FREE)
    call = reply(one_ticket(cli, x_network), MONEY)
    x_network.fault("POST tweets", "402", 1)
    draft = cli(*call, now=NOW).record["id"]
    policy = cli.workspace / "policies.toml"
    policy.write_text(policy.read_text("utf-8").replace("when = []", 'when = ["money"]'), "utf-8")
    run = settle(cli)
    assert (run.code, x_network.posts()) == (3, [])
    assert "money" in run.error["message"]
    assert done(cli(*call, now=NOW)).record["state"] == "awaiting-approval"
    assert done(cli("approve", draft, "--as", "mo", "--json", now=NOW)).record["state"] == "sent"


def test_a_pointer_that_met_a_newer_message_points_nobody(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network, FREE)
    first = x_network.write("cust1", BAG)
    ticket = take_in(cli)[first]
    done(say(cli, *WHAT))
    later = "2026-11-20T10:07:00Z"
    x_network.set_clock(later)
    x_network.write("cust1", "@NorthlineAir still nothing!", at="2026-11-20T10:06:00Z", reply_to=first)
    point = ("statement", "--point", ticket, "--as", "sb", "--yes", "--json")
    run = cli(*point, now=later)
    assert (run.code, run.record["state"]) == (6, "parked")
    done(cli("fetch", now=later))
    assert done(cli(*point, now=later)).record["state"] == "sent"
    assert len(said(x_network)) == 2


@pytest.mark.parametrize("year", [9899, 9999])
def test_no_clock_runs_beyond_the_last_year(cli: Cli, x_network: XNetwork, year: int) -> None:
    connect(cli, x_network)
    run = say(cli, *WHAT, now=f"{year}-12-31T00:00:00Z")
    assert (run.code, run.error["code"]) == (2, 2)
    assert "too far ahead" in run.error["message"]
    assert done(say(cli, "--text", DOWN, "--dry-run", now="9898-12-31T00:00:00Z")).code == 0
