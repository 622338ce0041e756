"""Plans on a network that charges, blocks for real, and shows posts late."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.applying.desk import apply, plan_of, planned, reasons, sign, states
from tests.conftest import Cli
from tests.e2e.staging import done
from tests.e2e.x_stage import BAG, NOW, connect, one_ticket
from tests.servers.x.network import XNetwork

SORRY = "So sorry about your bag. Please DM us the reference and we will trace it. ^SB"


@pytest.fixture
def plan(cli: Cli, x_network: XNetwork) -> Path:
    """A signed plan that answers a mention on X."""
    connect(cli, x_network)
    line = planned(cli, "reply", one_ticket(cli, x_network, BAG), "--text", SORRY, now=NOW)
    plan = plan_of(cli, line)
    done(sign(cli, plan, now=NOW))
    return plan


def said(network: XNetwork) -> list[str]:
    return [post.sent for post in network.posts("NorthlineAir")]


def test_the_price_is_the_one_that_was_signed(cli: Cli, x_network: XNetwork, plan: Path) -> None:
    policy = cli.workspace / "policies.toml"
    before = policy.read_text()
    policy.write_text(before + '[prices]\n"x/reply" = "0.011"\n')
    run = apply(cli, plan, now=NOW)
    assert (run.code, states(run), said(x_network)) == (3, ["refused"], [])
    assert "risen from 0.010 USD to 0.011 USD" in reasons(run)[0]
    policy.write_text(before)
    assert states(done(apply(cli, plan, "--max-cost", "0.009", now=NOW))) == ["left"]
    run = done(apply(cli, plan, "--max-cost", "0.010", now=NOW))
    assert (run.record["state"], run.record["cost"]) == ("sent", "0.010")
    assert len(said(x_network)) == 1


def test_an_outcome_that_nobody_knows_is_looked_up_not_posted_again(
    cli: Cli, x_network: XNetwork, plan: Path
) -> None:
    x_network.fault("POST tweets", "accepted-503", 1)
    run = apply(cli, plan, now=NOW)
    assert (run.code, states(run)) == (75, ["unknown"])
    assert states(done(apply(cli, plan, now=NOW))) == ["sent"]
    assert len(said(x_network)) == 1


def test_a_network_that_is_down_leaves_it_for_later(cli: Cli, x_network: XNetwork, plan: Path) -> None:
    x_network.fault("GET *", "503", 50)
    run = apply(cli, plan, now=NOW)
    assert (run.code, said(x_network)) == (75, [])
    assert states(run) == ["parked"], run.out


def test_an_account_that_is_only_read_now(cli: Cli, x_network: XNetwork, plan: Path) -> None:
    for name in [one for one in cli.env if one.startswith("SOCIALCLI_") and "BEARER" not in one]:
        del cli.env[name]
    run = apply(cli, plan, now=NOW)
    assert (run.code, states(run), said(x_network)) == (3, ["refused"], [])
    assert "road has changed from api to hand" in reasons(run)[0]
