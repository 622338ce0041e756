"""``today`` from outside: one desk with everything on it, and the line of a status bar, which asks nobody."""

from __future__ import annotations

from tests.commands.test_resolve import FIXED
from tests.conftest import Cli, installed
from tests.e2e.staging import MONEY, NOW, TWO_AGENTS, done, journal, message, policy, queued
from tests.e2e.x_stage import connect, one_ticket
from tests.servers.x.network import XNetwork

LATER = "2026-11-20T12:30:00Z"
EXPERT = '[[experts]]\nid = "bags"\nname = "Baggage desk"\ntopics = ["baggage"]\nway = "hand"\ndue = "1h"\n'
PROMISE = "@cust2 So sorry about your bag. We will get back to you by noon. ^SB"


def desk(cli: Cli) -> dict[str, str]:
    """A morning: a late ticket, a broken promise, a draft that waits, an expert who was asked, an incident, thanks that
    are owed, and what the night shift left. Customer -> ticket.
    """
    policy(cli, TWO_AGENTS + EXPERT)
    done(cli("shift", "open", "--as", "mo", "--yes", now=NOW))
    note = "The belt in Oslo stands still."
    done(cli("shift", "close", "--note", note, "--hand-over", "--as", "mo", "--yes", now=NOW))
    plain = [
        message(f"m{n}", "@NorthlineAir my bag never arrived. Where is it?", f"cust{n}") for n in range(1, 6)
    ]
    queued(cli, *plain)
    tickets = {one["customer"]["handle"]: one["id"] for one in done(cli("list", "--json", now=NOW)).records}
    done(cli("reply", tickets["cust2"], "--text", PROMISE, "--yes", "--as", "sb", now=NOW))
    money = MONEY.replace("cust1", "cust3")
    done(cli("reply", tickets["cust3"], "--text", money, "--yes", "--as", "sb", now=NOW))
    done(cli("expert", "ask", tickets["cust4"], "--question", "Is it in Oslo?", "--as", "sb", now=NOW))
    done(cli("move-offline", tickets["cust5"], "--to", "phone", "--yes", "--as", "sb", now=NOW))
    done(cli("resolve", tickets["cust5"], *FIXED, "--as", "sb", now=NOW))
    done(cli("incident", "open", "--topic", "belt", "--words", "belt,stuck", "--as", "sb", now=NOW))
    return tickets


def test_a_whole_desk(cli: Cli) -> None:
    tickets = desk(cli)
    before = journal(cli)
    records = done(cli("today", "--team", "--json", now=LATER)).records
    found = {(one["section"], one["ticket"]) for one in records}
    assert {
        ("late", tickets["cust1"]),
        ("promised", tickets["cust2"]),
        ("approval", tickets["cust3"]),
        ("questions", tickets["cust4"]),
        ("follow-ups", tickets["cust5"]),
        ("incidents", None),
        ("handover", None),
    } <= found
    assert [one["section"] for one in records] == sorted(
        (one["section"] for one in records), key=[one["section"] for one in records].index
    )
    assert {one["type"] for one in records} == {"today"}
    out = done(cli("today", "--team", now=LATER)).out
    for title in ("Late (", "Promised (1)", "Waits for a yes (1)", "Incidents (1)", "Asked of experts (1)",
                  "To follow up (1)", "Handed over (1)"):  # fmt: skip
        assert title in out
    assert "The belt in Oslo stands still." in out
    assert journal(cli) == before


def test_the_line_of_the_whole_desk_by_the_installed_program(cli: Cli) -> None:
    desk(cli)
    run = installed(cli.arguments("today", "--line", now=LATER), None, cli.env, cli.workspace)
    assert (run.code, run.err) == (0, "")
    parts = run.out.removesuffix("\n").split(" · ")
    assert parts[0].endswith(" late")
    assert "1 broken" in parts
    assert "1 to approve" in parts
    assert parts[-1].startswith("incident ")
    assert "\x1b" not in run.out


def test_each_next_step_is_a_command_that_there_is(cli: Cli) -> None:
    desk(cli)
    for one in done(cli("today", "--team", "--json", now=LATER)).records:
        name = one["next"].removeprefix("socialcli ").split()[0]
        assert done(cli(name, "--help")).out.startswith("Usage: socialcli ")


def test_what_mass_mode_holds_is_told_by_its_incident_and_counts_as_no_debt(cli: Cli) -> None:
    queued(cli, message(text="@NorthlineAir may I bring my guitar into the cabin?"))
    ticket = done(cli("list", "--json", now=NOW)).record["id"]
    opened = done(
        cli("incident", "open", "--topic", "belt", "--words", "guitar,cabin", "--json", now=NOW)
    ).records
    incident = next(one["id"] for one in opened if one["type"] == "incident")
    done(cli("incident", "join", incident, ticket, now=NOW))
    policy(cli, '[incident]\nmode = "status_only"\n')
    done(cli("incident", "mass", incident, now=NOW))
    records = done(cli("today", "--json", now=NOW)).records
    assert [(one["section"], one["incident"]) for one in records if one["section"] in ("held", "due")] == [
        ("held", incident)
    ]


def test_neither_the_list_nor_the_line_asks_the_network(cli: Cli, x_network: XNetwork) -> None:
    connect(cli, x_network)
    one_ticket(cli, x_network)
    asked = len(x_network.requests())
    for name in x_network.env("support"):
        del cli.env[name]
    assert "late" in done(cli("today", "--line", now=LATER)).out
    assert done(cli("today", "--json", now=LATER)).records[0]["section"] == "late"
    assert len(x_network.requests()) == asked
