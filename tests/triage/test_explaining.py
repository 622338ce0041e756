"""Whatever is said to change a decision does so, when the policy is changed as the part's key says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from socialcli.model.message import Message
from socialcli.policy.schema import Policy
from socialcli.triage import Assessor
from tests.triage.conftest import Say

WITHOUT_WORDING = "".join(
    f'"threshold/wording{which}" = 99\n' for which in ("", "-complaint", "-spam", "-monitor")
)
MENTIONS = Path(__file__).with_name("mentions.jsonl")


def mentions(say: Say, count: int) -> list[Message]:
    lines = MENTIONS.read_text(encoding="utf-8").splitlines()
    return [say(json.loads(line)["text"]) for line in lines[:count]]


def test_every_sentence_about_a_rule_is_what_the_policy_would_make_true(
    assessor: Assessor, with_policy: Callable[[str], Assessor], say: Say
) -> None:
    checked = 0
    for message in mentions(say, 25):
        found = assessor.assess(message)
        for line in assessor.explain(found, message):
            if not line.startswith("without "):
                continue
            rule = line.removeprefix("without ").split(" ", 1)[0]
            weights = WITHOUT_WORDING if rule.startswith("wording/") else f'"{rule}" = 0\n'
            other = with_policy(f"[triage.weights]\n{weights}").assess(message)
            assert f"it would be {other.priority} ({other.score})" in line, message.text
            checked += 1
    assert checked > 5


def test_the_rules_that_are_not_named_decide_nothing_alone(
    assessor: Assessor, policy: Policy, say: Say
) -> None:
    for message in mentions(say, 25):
        found = assessor.assess(message)
        told = " ".join(assessor.explain(found, message))
        for rule in {reason.rule for reason in found.reasons} & policy.triage.weights.keys():
            if f"without {rule}" in told or rule.startswith(("kind/", "most/")):
                continue
            other = Assessor(_without(policy, rule)).assess(message)
            assert (other.priority, other.kind, other.respond) == (found.priority, found.kind, found.respond)


def _without(policy: Policy, rule: str) -> Policy:
    from msgspec.structs import replace

    return replace(policy, triage=replace(policy.triage, weights={**policy.triage.weights, rule: 0}))


@pytest.mark.parametrize(
    ("rule", "words", "source"),
    [
        ("thread/unappeased", "never arrived", "m1"),
        ("thread/answers-us", "never arrived", "m1"),
    ],
)
def test_a_rule_of_the_thread_names_the_message_it_has_read(
    rule: str, words: str, source: str, assessor: Assessor, say: Say
) -> None:
    first = say("my bag never arrived")
    asks = "What colour is it?" if rule == "thread/answers-us" else "We are tracing it."
    ours = say(f"So sorry! {asks} ^SB", ours=True)
    then = say("dark blue" if rule == "thread/answers-us" else "still no bag, nobody called")
    found = assessor.assess(then, (first, ours))
    (part,) = (one for one in assessor.parts(found, then, (first, ours)) if one.rule == rule)
    assert (part.words, part.message_id) == (words, source)
    assert first.text[part.start : part.end] == words


def test_how_it_is_worded_is_told_with_its_key(assessor: Assessor, policy: Policy, say: Say) -> None:
    told = [
        part
        for message in mentions(say, 60)
        for part in assessor.parts(assessor.assess(message), message)
        if part.rule.startswith("wording/")
    ]
    assert told
    for part in told:
        assert part.key is not None
        assert part.key.removeprefix('triage.weights."').removesuffix('"') in policy.triage.weights


def test_a_remark_names_what_it_is_about(assessor: Assessor, say: Say) -> None:
    first, ours = say("the app won't load"), say("It is fixed now. ^SB", ours=True)
    then = say("sure you have")
    found = assessor.assess(then, (first, ours))
    (part,) = (one for one in assessor.parts(found, then, (first, ours)) if one.rule == "thread/remark")
    assert part.message_id == ours.id


def test_every_part_stands_where_it_says(assessor: Assessor, say: Say) -> None:
    for message in mentions(say, 25):
        found = assessor.assess(message)
        parts = assessor.parts(found, message)
        assert [(part.rule, part.points) for part in parts] == [
            (reason.rule, reason.weight) for reason in found.reasons
        ]
        for part in parts:
            assert message.text[part.start : part.end] == part.words
            assert (part.message_id is None) == (not part.words)
