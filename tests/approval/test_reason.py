"""What needs somebody else's yes, and why."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from socialcli import approval
from socialcli.app import App
from socialcli.errors import RefusedError
from socialcli.model.check import Check, Finding, Length
from socialcli.model.draft import Draft
from socialcli.policy.schema import Agent, Policy

SHIPPED = App.read_policy(None)
SAM = Agent("sb", "Sam Baker", "SB")
MINA = Agent("mo", "Mina Okafor", "MO", role="lead")
TOM = Agent("tr", "Tom Reyes", "TR", role="draft")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def ruled(toml: str) -> Policy:
    agents = "".join(
        f'[[agents]]\nid = "{one.id}"\nname = "{one.name}"\ninitials = "{one.initials}"\nrole = "{one.role}"\n'
        for one in (SAM, MINA, TOM)
    )
    return App.read_policy(f"{agents}{toml}".encode())


def draft(text: str, *rules: str, **changes: object) -> Draft:
    findings = tuple(Finding(rule, "warning", 0, 1, "offers money or its like", "") for rule in rules)
    check = Check(True, "x", "public", Length(len(text), 280, "weighted characters"), findings)
    made = Draft("d1", "t1", "m1", text, "support", "sb", "api", "composed", check)
    return msgspec.structs.replace(made, **changes)


def test_what_is_harmless_needs_nobody() -> None:
    assert approval.reason(draft("Please DM us. ^SB"), SAM, SHIPPED) is None


@pytest.mark.parametrize(
    ("policy", "text", "named"),
    [
        (
            '[approval]\nwhen = ["legal"]',
            "Our solicitors will write to you. ^SB",
            'legal: it says "solicitor',
        ),
        (
            '[approval]\nwhen = ["legal"]',
            "Bitte geben Sie das an Ihren ANWALT. ^SB",
            'legal: it says "anwalt"',
        ),
        ('[approval]\nauthors = ["sb"]', "Please DM us. ^SB", "author: "),
        ('[approval]\nwords = ["diverted flight"]', "The Diverted  FLIGHT is back. ^SB", "wording: "),
        ('[approval]\nwords = ["返金"]', "ただいま返金を確認しています ^SB", "wording: "),
        ('[approval]\nwords = ["straße"]', "In der STRASSE. ^SB", "wording: "),
    ],
)
def test_the_reason_names_what_asks_for_it(policy: str, text: str, named: str) -> None:
    reason = approval.reason(draft(text), SAM, ruled(policy))
    assert reason is not None
    # "our solicitors" is the first of the two phrases that stand there
    assert reason.replace('"our solicitors', '"solicitor').startswith(named)


@pytest.mark.parametrize(
    "text",
    ["The suede seats are clean. ^SB", "It is illegally late. ^SB", "Pursued by rain. ^SB"],
)
def test_a_part_of_a_word_is_not_the_word(text: str) -> None:
    assert approval.reason(draft(text), SAM, ruled('[approval]\nwhen = ["legal"]')) is None


def test_a_new_agent() -> None:
    new = msgspec.structs.replace(SAM, new=True)
    assert approval.reason(draft("Please DM us. ^SB"), new, SHIPPED) is None
    reason = approval.reason(draft("Please DM us. ^SB"), new, ruled('[approval]\nwhen = ["new-agent"]'))
    assert reason == "new-agent: Sam Baker is new"


def test_kind_and_priority_of_what_is_answered() -> None:
    policy = ruled('[approval]\nkinds = ["complaint"]\npriorities = ["urgent"]')
    text = draft("Please DM us. ^SB")
    assert approval.reason(text, SAM, policy, kind="question", priority="high") is None
    assert approval.reason(text, SAM, policy, kind="complaint") == "kind: it answers a complaint"
    assert approval.reason(text, SAM, policy, priority="urgent") == "priority: the ticket is urgent"


def test_who_only_drafts_needs_one_for_everything() -> None:
    holding = draft("We are on it. ^TR", holds="d0")
    assert approval.reason(draft("Thanks! ^TR"), TOM, SHIPPED) == "Tom Reyes may draft, not post"
    assert approval.reason(holding, TOM, SHIPPED) is not None
    assert approval.reason(holding, SAM, ruled('[approval]\nauthors = ["sb"]')) is None


def test_a_sum_within_what_an_agent_may_offer_needs_nobody() -> None:
    may = msgspec.structs.replace(SAM, offers="50")
    text = draft("So sorry. We refund you £40 today. ^SB", "approval/money")
    assert approval.reason(text, SAM, SHIPPED) == "money: offers money or its like"
    assert approval.reason(text, may, SHIPPED) is None
    assert approval.classes(text, SAM, SHIPPED) == {"money"}
    assert approval.classes(text, may, SHIPPED) == set()
    # what else is in it still counts
    both = draft("It was our fault. We refund you £40. ^SB", "approval/money", "approval/admission")
    assert str(approval.reason(both, may, SHIPPED)).startswith("admission: ")


def test_who_may_say_yes() -> None:
    text = draft("We refund you £40. ^SB")
    approval.require_another(text, MINA, ruled(""))
    with pytest.raises(RefusedError, match="wrote draft d1"):
        approval.require_another(text, SAM, ruled(""))
    with pytest.raises(RefusedError, match="may draft, not approve"):
        approval.require_another(text, TOM, ruled(""))
    theirs = msgspec.structs.replace(text, agent="tr")
    approval.require_another(theirs, SAM, ruled(""))
    with pytest.raises(RefusedError, match="is no lead") as refused:
        approval.require_another(theirs, SAM, ruled('[approval]\nby = ["lead"]'))
    assert refused.value.hint == "ask somebody else: --as mo"


def test_when_a_holding_reply_is_due() -> None:
    waits = draft("We refund you £40. ^SB", waiting_since=NOON)
    policy = ruled('[approval]\nttl = "20m"')
    assert str(approval.fallback_at(waits, policy)) == "2026-11-20 12:20:00+00:00"
    for other in (
        draft("We refund you £40. ^SB"),
        draft("", waiting_since=NOON, ticket=None, target=None),
        draft("", waiting_since=NOON, road="hand"),
        draft("", waiting_since=NOON, agent="tr"),
        draft("", waiting_since=NOON, agent="gone"),
    ):
        assert approval.fallback_at(other, policy) is None
    assert approval.fallback_at(waits, ruled('[approval]\nfallback = ""')) is None
