"""What an agent knows that a ticket asks for. Pure."""

from __future__ import annotations

from socialcli.model import labels
from socialcli.policy.schema import Agent, Policy
from socialcli.queue.rows import TicketRow, labels_of


def matches(agent: Agent, row: TicketRow, policy: Policy) -> tuple[str, ...]:
    """What of the ticket the agent knows best: its topic, its language unless that is the brand's main one, which
    everybody speaks, and skills that its labels name.
    """
    found = [f"topic {row.topic}"] if row.topic in agent.topics else []
    if row.language in agent.languages and row.language != policy.brand.languages[0]:
        found.append(f"language {row.language}")
    skills = {labels.read_filter(one) for one in agent.skills}
    return (*found, *(f"skill {label}" for label in labels_of(row) if label in skills))


def speaks(agent: Agent, row: TicketRow) -> bool:
    """Whether the agent answers in the ticket's language, as far as either is known."""
    return not agent.languages or row.language is None or row.language in agent.languages
