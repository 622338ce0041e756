"""The installed program against the X test server: a brand with its tokens, customers who write."""

from __future__ import annotations

from typing import Any

from tests.conftest import Cli, Run
from tests.e2e.staging import done
from tests.samples import TWO_AGENTS
from tests.servers.x.network import Accepted, XNetwork

NOW = "2026-11-20T10:05:00Z"
BAG = "@NorthlineAir my bag never arrived from flight NL218. Where is it?"
SORRY = "@cust1 So sorry about your bag. Please DM us the reference and we will trace it now. ^SB"
OTHER = "@cust1 We are sorry about the wait. Send us a DM with the reference and we will look today. ^SB"
MONEY = "@cust1 So sorry about your bag. We will refund you the bag fee, DM us please. ^SB"


def connect(cli: Cli, network: XNetwork, more: str = "", *, settle_after: str = "0s") -> None:
    """A workspace whose account is NorthlineAir on the server, with its tokens in the environment."""
    cli.env |= network.env("support")
    (cli.workspace / "policies.toml").write_text(
        f"""
[[accounts]]
name = "support"
network = "x"
handle = "NorthlineAir"
base_url = "{network.base_url}"
timeout = "2s"
{TWO_AGENTS}
[outbox]
settle_after = "{settle_after}"
{more}
""",
        encoding="utf-8",
    )
    network.set_clock(NOW)


def take_in(cli: Cli) -> dict[str, str]:
    """Fetch and triage; message -> its ticket."""
    done(cli("fetch", now=NOW))
    assessed = done(cli("triage", "--json", now=NOW)).records
    return {record["message_id"]: record["ticket"] for record in assessed}


def one_ticket(cli: Cli, network: XNetwork, text: str = BAG, **facts: Any) -> str:
    """A customer's message, fetched and triaged; its ticket."""
    message = network.write("cust1", text, **facts)
    return take_in(cli)[message]


def reply(ticket: str, text: str = SORRY, *more: str) -> tuple[str, ...]:
    return ("reply", ticket, "--text", text, "--as", "sb", "--yes", "--json", *more)


def settle(cli: Cli) -> Run:
    return cli("outbox", "--settle", "--as", "sb", "--json", now=NOW)


def bare(post: Accepted) -> str:
    """The words as they were sent."""
    return post.sent


def state(cli: Cli, draft: str) -> str:
    """The state of a draft that is not finished; "sent" or the like of one that is."""
    shown = {record["id"]: str(record["state"]) for record in cli("outbox", "--json", now=NOW).records}
    return shown.get(draft, "finished")
