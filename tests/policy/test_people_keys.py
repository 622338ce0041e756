"""The keys of [[agents]], [rights] and [as]: what makes no sense is told; who is away on which days."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from socialcli.app import App
from socialcli.errors import InvalidError
from socialcli.policy.absence import is_away, span

SAM = '[[agents]]\nid = "sb"\nname = "Sam"\ninitials = "SB"\n'
MINA = '[[agents]]\nid = "mo"\nname = "Mina"\ninitials = "MO"\n'
OWN = '[[accounts]]\nname = "sam"\nnetwork = "file"\nhandle = "Sam"\nrole = "agent"\n'


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        (f'{SAM}topics = ["bagage"]', 'agents[0].topics[0]: there is no topic "bagage" (did you mean'),
        (f'{SAM}languages = ["english"]', "agents[0].languages[0]"),
        (f'{SAM}skills = ["lost bag"]', "agents[0].skills[0]"),
        (f'{SAM}away = ["2026-13-01"]', "agents[0].away[0]"),
        (f'{SAM}away = ["2026-12-24..2026-12-23"]', "agents[0].away[0]"),
        (f'{SAM}account = "sam"', 'agents[0].account: there is no account "sam"'),
        (f'{SAM}account = "support"', 'agents[0].account: "support" is not an agent\'s own account'),
        (
            f'{OWN}{SAM}account = "sam"\n{MINA}account = "sam"',
            'agents[1].account: "sam" is taken by agents[0]',
        ),
        (SAM.replace("sb", "none", 1), 'agents[0].id: "none" is taken'),
        ('[rights]\npost = ["draft"]', "rights.post"),
        ('[rights]\nspeak = ["boss"]', "rights.speak"),
        ('[rights]\nfly = ["lead"]', "rights.fly: no such key"),
        ('[as]\npersonal = "sometimes"', "as.personal"),
    ],
)
def test_a_mistake_is_named(toml: str, told: str) -> None:
    with pytest.raises(InvalidError) as found:
        App.read_policy(toml.encode())
    assert any(told in mistake for mistake in found.value.mistakes), found.value.mistakes


def test_what_an_agent_is_said_to_know() -> None:
    policy = App.read_policy(
        f'{OWN}{SAM}topics = ["baggage"]\nlanguages = ["en", "es"]\nskills = ["wheelchair"]\naccount = "sam"'.encode()
    )
    (sam,) = policy.agents
    assert (sam.topics, sam.languages, sam.skills) == (("baggage",), ("en", "es"), ("wheelchair",))
    assert (sam.account, sam.away) == ("sam", ())


def test_nobody_may_be_filtered_by() -> None:
    saved = App.read_policy(b'[filters.free]\nassignee = "none"').filters["free"]
    assert saved.assignee == "none"


@pytest.mark.parametrize(
    "text", ["", "..", "2026-12-24...", "..2026-12-24", "2026-12-24..x", "20261224", "24.12.2026"]
)
def test_what_is_no_span_of_days(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        span(text)


@pytest.mark.parametrize(
    ("away", "at", "expected"),
    [
        ("2026-12-24", "2026-12-24T00:00:00", True),
        ("2026-12-24", "2026-12-23T23:59:59", False),
        ("2026-12-24..2027-01-02", "2027-01-02T23:59:59", True),
        ("2026-12-24..2027-01-02", "2027-01-03T00:00:00", False),
        ("2026-12-24..", "2031-05-01T12:00:00", True),
        ("2026-12-24..", "2026-12-23T12:00:00", False),
        ("2026-07-01", "2026-06-30T23:30:00", True),  # summer time: it is the first of July in London
    ],
)
def test_who_is_away_where_the_brand_is(away: str, at: str, expected: bool) -> None:
    policy = App.read_policy(f'{SAM}away = ["{away}"]'.encode())
    assert is_away(policy.agents[0], policy, datetime.fromisoformat(at).replace(tzinfo=UTC)) is expected
