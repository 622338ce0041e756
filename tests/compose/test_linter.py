from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcli.compose.checks.examples import CUSTOMER, assessed, thread
from socialcli.compose.linter import RULES, CheckRequest, check, explain
from socialcli.errors import NotFoundError
from socialcli.model.message import Visibility
from socialcli.policy.load import parse
from socialcli.policy.schema import Level

POLICY = parse((Path(__file__).parents[2] / "policies.toml").read_bytes())

# Pieces that rules look at, so that random texts meet them.
PIECES = ["your e-mail address", "please send us", "@", "@marta_ruz", "https://", "bit.ly/x", "^SB", "^QQ", "{{x}}", "NOT", "\u202e",
          "Ã©", "+44 7911 123456", "we will refund", "?", "!!!!", "\n", "😊", "you should have read", "ß", "İ", "ﷺ", "ʼ", "'", "’s"]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=30).map(" ".join)


def test_the_literal_example() -> None:
    answer = check(CheckRequest(text="DM me ^SB", network="x", agent="sb"), POLICY)
    assert msgspec.json.decode(msgspec.json.encode(answer)) == {
        "type": "check",
        "ok": True,
        "network": "x",
        "visibility": "public",
        "length": {"count": 9, "limit": 280, "unit": "weighted characters"},
        "findings": [],
    }


def test_the_reply_of_the_tour_passes() -> None:
    text = "@cust1 So sorry about your bag. Please DM us the reference and we will trace it now. ^SB"
    answer = check(CheckRequest(text=text, customer="cust1", agent="sb", assessment=assessed()), POLICY)
    assert answer.ok
    assert answer.findings == ()


def test_the_label_is_what_the_answer_calls_the_network() -> None:
    answer = check(CheckRequest(text="Hi ^SB", network="bluesky", label="file"), POLICY)
    assert (answer.network, answer.length.limit) == ("file", 300)


def test_an_empty_text_is_only_empty() -> None:
    answer = check(CheckRequest(text=" " * 400, assessment=assessed()), POLICY)
    assert [finding.rule for finding in answer.findings] == ["text/empty"]
    assert not answer.ok


@pytest.mark.parametrize(
    ("level", "ok", "levels"), [("error", False, ["error"]), ("info", True, ["info"]), ("off", True, [])]
)
def test_the_policy_sets_the_level(level: Level, ok: bool, levels: list[str]) -> None:
    policy = msgspec.structs.replace(POLICY, checks={"tone/shouting": level})
    answer = check(CheckRequest(text="PLEASE READ THIS ^SB"), policy)
    assert (answer.ok, [finding.level for finding in answer.findings]) == (ok, levels)


def test_a_softer_fault_never_gets_harder_than_its_rule() -> None:
    policy = msgspec.structs.replace(POLICY, checks={"privacy/asks-in-public": "info"})
    answer = check(CheckRequest(text="Please tell us your booking reference. ^SB"), policy)
    assert [finding.level for finding in answer.findings] == ["info"]


def test_findings_are_in_the_order_of_the_text() -> None:
    text = "PLEASE READ THE RULES, as we already explained, at https://elsewhere.example/ ^SB"
    starts = [finding.start for finding in check(CheckRequest(text=text), POLICY).findings]
    assert len(starts) == 3
    assert starts == sorted(starts)


def test_a_finding_points_at_its_words() -> None:
    text = "🛫 Sorry! Call Kim at kim.lund@post.example now. ^SB"
    (finding,) = check(CheckRequest(text=text), POLICY).findings
    assert text[finding.start : finding.end] == "kim.lund@post.example"


def test_over_the_limit_the_rest_is_pointed_at() -> None:
    text = "a" * 300 + " ^SB"
    finding = next(
        f for f in check(CheckRequest(text=text), POLICY).findings if f.rule == "length/over-limit"
    )
    assert (finding.start, finding.end) == (280, len(text))


def test_explain_names_the_rule_or_says_what_is_known() -> None:
    assert explain("tone/blame") is RULES["tone/blame"]
    with pytest.raises(NotFoundError, match="tone/blme"):
        explain("tone/blme")


@settings(max_examples=200, deadline=None)
@given(
    text=TEXTS,
    visibility=st.sampled_from(["public", "direct"]),
    network=st.sampled_from(["x", "bluesky", "mastodon"]),
)
def test_any_text_is_checked_and_every_place_lies_within_it(
    text: str, visibility: Visibility, network: str
) -> None:
    request = CheckRequest(
        text=text, network=network, visibility=visibility, customer=CUSTOMER, card={"order": "AB123456"},
        thread=thread("I am stranded!", "> Hi ^SB", text), assessment=assessed(),
    )  # fmt: skip
    answer = check(request, POLICY)
    for finding in answer.findings:
        assert 0 <= finding.start <= finding.end <= len(text)
    assert answer.ok == all(finding.level != "error" for finding in answer.findings)


@pytest.mark.parametrize(
    "piece", ["send us your email ", "we ", "a.co ", "a @a ", "[A", "not ", " 4111 1111", "your ", "PLEASE "]
)
def test_time_is_linear_in_the_text(piece: str) -> None:
    """A quadratic rule would take minutes for this."""
    answer = check(CheckRequest(text=piece * (200_000 // len(piece)), customer="b"), POLICY)
    assert "length/over-limit" in {finding.rule for finding in answer.findings}
