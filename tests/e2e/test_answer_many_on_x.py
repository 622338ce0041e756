"""A bulk answer on a network that charges, limits, and whose customers rename and delete."""

from __future__ import annotations

from typing import Any

from tests.conftest import Cli, Run
from tests.e2e.staging import done
from tests.e2e.x_stage import NOW, connect
from tests.servers.x.network import XNetwork

TOLD = "2026-11-20T10:10:00Z"
LATER = "2026-11-20T10:20:00Z"
FREE = '[approval]\nwhen = ["money"]\n[reply]\nmay_allow = []\n'
TEXTS = (
    "@NorthlineAir the login is broken, I cannot see my booking",
    "@NorthlineAir login keeps failing on your site. This is annoying",
    "@NorthlineAir your login page shows an error since an hour, really bad service",
)


def told(cli: Cli, network: XNetwork) -> str:
    """Three customers of one incident that everybody was told of; its id."""
    connect(cli, network, FREE)
    for number, text in enumerate(TEXTS, 1):
        network.write(f"cust{number}", text)
    done(cli("fetch", now=NOW))
    done(cli("triage", now=NOW))
    call = ("incident", "open", "--topic", "login", "--words", "login", "--as", "sb", "--json")
    incident = str(done(cli(*call, now=NOW)).record["id"])
    say = ("statement", "--incident", incident, "--set", "what=the login", "--as", "sb", "--yes")
    done(cli(*say, now=TOLD))
    return incident


def answer(cli: Cli, incident: str, *more: str) -> Run:
    return cli("incident", "answer", incident, "--as", "sb", "--yes", "--json", *more, now=LATER)


def states(run: Run) -> list[str]:
    return [one["state"] for one in run.records]


def answers(network: XNetwork) -> list[Any]:
    """What was posted to customers: each of them is named, or answered."""
    return [post for post in network.posts() if post.in_reply_to is not None]


def test_a_limit_of_the_network_leaves_the_rest_for_the_next_run(cli: Cli, x_network: XNetwork) -> None:
    incident = told(cli, x_network)
    x_network.fault("POST tweets", "429", 1, skip=1, reset=600)
    run = answer(cli, incident)
    assert (run.code, run.error["code"]) == (75, 75)
    assert states(run) == ["sent", "parked", "left"]
    x_network.calm()
    x_network.set_clock(LATER)
    again = answer(cli, incident)
    assert len(answers(x_network)) + states(again).count("parked") + states(again).count("left") == 3


def test_what_they_may_cost_together(cli: Cli, x_network: XNetwork) -> None:
    incident = told(cli, x_network)
    run = done(answer(cli, incident, "--max-cost", "0.020"))
    assert states(run) == ["sent", "sent", "left"]
    assert [one["cost"] for one in run.records] == ["0.010", "0.010", "0"]
    assert "they cost 0.020" in run.err
    assert sorted(states(done(answer(cli, incident)))) == ["passed", "passed", "sent"]


def test_an_outcome_that_nobody_knows_is_looked_up(cli: Cli, x_network: XNetwork) -> None:
    incident = told(cli, x_network)
    x_network.fault("POST tweets", "accepted-503", 1)
    run = answer(cli, incident)
    assert (run.code, states(run)) == (75, ["unknown", "left", "left"])
    done(answer(cli, incident))
    assert len(answers(x_network)) == 3


def test_who_renames_or_deletes_after_the_plan_is_refused(cli: Cli, x_network: XNetwork) -> None:
    incident = told(cli, x_network)
    plan = cli.workspace / "plan.jsonl"
    call = ("incident", "answer", incident, "--as", "sb", "--plan")
    plan.write_text(done(cli(*call, now=LATER)).out, encoding="utf-8")
    lines = {line["customer"]: line for line in cli.lines("plan.jsonl")}
    done(cli("apply", plan, "--sign", "--all", "--as", "mo", now=LATER))
    x_network.rename("cust1", "cust1_new")
    x_network.delete(lines["cust2"]["target"])
    done(cli("fetch", now=LATER))
    run = cli("apply", plan, "--as", "sb", "--yes", "--json", now=LATER)
    assert run.code == 8
    found = {one["ticket"]: one for one in run.records}
    result = {who: found[line["ticket"]] for who, line in lines.items()}
    assert {who: one["state"] for who, one in result.items()} == {
        "cust1": "refused",
        "cust2": "refused",
        "cust3": "sent",
    }
    assert "cust1_new" in result["cust1"]["reason"]
    assert "deleted" in result["cust2"]["reason"]
    assert len(answers(x_network)) == 1
