"""signoff/*: the signature of the person who really sends, also in direct messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from socialcli.compose.checks.examples import drafts
from socialcli.compose.checks.rule import CheckRequest, Fault, Rule
from socialcli.compose.checks.signature import sign_off

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Reading

_NAMED = 3  # agents whose sign-offs are told, where it may be any of them


def find_missing(reading: Reading) -> Iterable[Fault]:
    if reading.policy.reply.sign_off and reading.signature is None:
        end = len(reading.text)
        yield Fault(end, end, "no sign-off at the end", _advice(reading))


def find_wrong_agent(reading: Reading) -> Iterable[Fault]:
    """Without an agent in the request any listed one's is right."""
    signature = reading.signature
    if signature is None:
        return
    right = any(agent is reading.agent for agent in signature.agents)
    if right or (reading.request.agent is None and signature.agents):
        return
    yield Fault(
        signature.start,
        signature.end,
        f'"{signature.written}" is not the sign-off of {_whose(reading)}',
        _advice(reading),
    )


def _whose(reading: Reading) -> str:
    if reading.agent is not None:
        return reading.agent.name
    return reading.request.agent or "any agent in policies.toml"


def _advice(reading: Reading) -> str:
    """Where it is not known who sends, the sign-offs of those who may be meant."""
    form = reading.policy.reply.sign_off
    who = (reading.agent,) if reading.agent else reading.policy.agents[:_NAMED]
    marks = [f'"{sign_off(form, agent)}"' for agent in who] or [f'"{form}"']
    return f"end with {' or '.join(marks)}"


RULES = (
    Rule(
        "signoff/missing",
        "error",
        "A name under the reply shows that a person answered, and which one.",
        find_missing,
        CheckRequest(text="Gate B12, it is open now. ^SB https://northline.example/gates", agent="sb"),
        drafts(
            "Gate B12, it is open now.",
            "Gate B12, it is open now. SB",
            "^SB is how we sign, and the gate is open now.",
            "Gate B12, it is open now. *SB",
        ),
    ),
    Rule(
        "signoff/wrong-agent",
        "error",
        "Whoever sends stands for the words; a colleague's initials would make them say it.",
        find_wrong_agent,
        CheckRequest(text="Gate B12, it is open now. ^SB", agent="sb"),
        (
            CheckRequest(text="Gate B12, it is open now. ^KL", agent="sb"),
            CheckRequest(text="The desk opens at six ^JOE https://northline.example/desks", agent="sb"),
            *drafts("Gate B12, it is open now. ^QZ"),
        ),
    ),
)
