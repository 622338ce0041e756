"""The sign-off of a reply: it is left out while the words are edited, and comes back by itself."""

from __future__ import annotations

from socialcli.compose.checks.signature import sign_off, signature_in
from socialcli.policy.schema import Agent, Policy


def signed(text: str, agent: Agent, policy: Policy) -> str:
    """With the agent's sign-off, where there is none and the policy asks for one."""
    text, form = text.strip(), policy.reply.sign_off
    asked = form and policy.checks.get("signoff/missing") != "off"
    if not text or not asked or signature_in(text, form, policy.agents) is not None:
        return text
    return f"{text} {sign_off(form, agent)}"


def unsigned(text: str, agent: Agent, policy: Policy) -> str:
    """Without the agent's sign-off at its end."""
    mark = sign_off(policy.reply.sign_off, agent)
    return text.rstrip().removesuffix(mark).rstrip() if mark else text
