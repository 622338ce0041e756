"""Where good practice pulls in two directions a key of the policy settles it: what each value of it does, seen from
outside. K1, K3 to K8, K10, K13 and K14 have files of their own.
"""

from __future__ import annotations

import json

import pytest

from tests.conftest import Cli
from tests.e2e.staging import NOW, done, message, policy, queued

BAG = "@NorthlineAir my bag never arrived, flight boards in 40 min. Help!"
TEAM = """\
[[agents]]
id = "sb"
name = "Sam Baker"
initials = "SB"
new = true
[[agents]]
id = "mo"
name = "Mina Okafor"
initials = "MO"
role = "lead"
"""
SAID = {
    "money": "@cust1 So sorry about your bag. We will refund you £50 today. Please DM us the reference. ^SB",
    "admission": "@cust1 It was our fault that your bag was left behind. Please DM us the reference now. ^SB",
    "legal": "@cust1 So sorry about your bag. Our lawyers will write to you; please DM us the reference. ^SB",
    "new-agent": "@cust1 So sorry about your bag. Please DM us the reference and we will trace it now. ^SB",
}


def outcome(cli: Cli, keys: str, text: str) -> str:
    """What becomes of an answer by Sam, who is new."""
    policy(cli, f"{TEAM}{keys}\n")
    ticket = queued(cli, message("m1", BAG))
    reply = ("reply", ticket, "--text", text, "--as", "sb", "--yes", "--json")
    return str(done(cli(*reply, now=NOW)).record["state"])


@pytest.mark.parametrize("of", sorted(SAID))
def test_approval_when_makes_each_class_wait_for_a_yes(cli: Cli, of: str) -> None:
    assert outcome(cli, f'[approval]\nwhen = ["{of}"]', SAID[of]) == "awaiting-approval"


@pytest.mark.parametrize("of", sorted(SAID))
def test_approval_when_leaves_the_other_classes_free(cli: Cli, of: str) -> None:
    """K9: regret is free in any case; what is admitted is only where the policy says so."""
    others = [one for one in SAID if one not in (of, "new-agent")]
    assert outcome(cli, f"[approval]\nwhen = {json.dumps(others)}", SAID[of]) == "sent"


@pytest.mark.parametrize(("fallback", "posted"), [("holding", 1), ("", 0)])
def test_approval_that_comes_too_late_is_overtaken_by_a_holding_reply_or_not(
    cli: Cli, fallback: str, posted: int
) -> None:
    keys = f'[approval]\nwhen = ["money"]\nttl = "10m"\nfallback = "{fallback}"'
    assert outcome(cli, keys, SAID["money"]) == "awaiting-approval"
    settle = ("outbox", "--settle", "--as", "mo")
    done(cli(*settle, now="2026-11-20T10:14:00Z"))
    assert cli.lines("outbox.jsonl") == []  # not before ten minutes have passed
    done(cli(*settle, now="2026-11-20T10:16:00Z"))
    assert len(cli.lines("outbox.jsonl")) == posted


@pytest.mark.parametrize(("most", "told"), [(0, True), (1, True), (2, False), (3, False)])
def test_so_many_links_are_enough(cli: Cli, most: int, told: bool) -> None:
    policy(cli, f"[links]\nmax = {most}\n")
    text = "Here is how: https://northline.example/a and https://northline.example/b ^SB"
    found = done(cli("lint", "--text", text, "--json")).record["findings"]
    assert [one["rule"] for one in found if one["rule"] == "links/too-many"] == ["links/too-many"] * told
