"""The keys of [approval], of who may offer what, and of what is put off: what makes no sense is told."""

from __future__ import annotations

import pytest

from socialcli.app import App
from socialcli.errors import InvalidError


@pytest.mark.parametrize(
    ("toml", "key"),
    [
        ('[approval]\nwhen = ["lawyers"]', "approval.when"),
        ('[approval]\nauthors = ["sam"]', 'approval.authors[0]: there is no agent "sam"'),
        ('[approval]\nwords = ["refund", "!"]', "approval.words[1]"),
        ('[approval]\nkinds = ["complaints"]', "approval.kinds"),
        ('[approval]\nby = ["draft"]', "approval.by"),
        ("[approval]\nby = []", "approval.by: at least one role is needed"),
        ('[brand]\ncurrency = "£"', "brand.currency"),
        ('[[agents]]\nid = "sb"\nname = "Sam"\ninitials = "SB"\noffers = "fifty"', "offers"),
        ('[[agents]]\nid = "sb"\nname = "Sam"\ninitials = "SB"\nnew = "yes"', "new"),
        ('[outbox]\nundo = "1h"', "outbox.undo"),
        ('[reply]\nhold_outside_hours = "night"', "reply.hold_outside_hours"),
    ],
)
def test_a_mistake_is_named(toml: str, key: str) -> None:
    with pytest.raises(InvalidError) as found:
        App.read_policy(toml.encode())
    assert any(key in mistake for mistake in found.value.mistakes)


def test_all_of_it_together() -> None:
    policy = App.read_policy(
        b"""
[approval]
when = ["legal", "new-agent"]
authors = ["mo"]
words = ["diverted flight"]
kinds = ["complaint"]
priorities = ["urgent"]
by = ["lead"]
[[agents]]
id = "mo"
name = "Mina Okafor"
initials = "MO"
role = "lead"
offers = "50"
new = true
[outbox]
undo = "10s"
[reply]
hold_outside_hours = true
"""
    )
    assert (policy.approval.by, policy.agents[0].offers, policy.outbox.undo) == (("lead",), "50", 10)
