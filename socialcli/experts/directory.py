"""Who can be asked."""

from __future__ import annotations

from collections import Counter

from socialcli.app import App
from socialcli.errors import NotFoundError, UsageError
from socialcli.experts.questions import open_questions
from socialcli.handing import targets
from socialcli.model.handoff import Expert
from socialcli.policy import schema
from socialcli.queue.rows import TicketRow


def directory(app: App) -> list[Expert]:
    """All experts, as the policy lists them."""
    waiting = Counter(one.expert for one in open_questions(app))
    return [
        Expert(one.id, one.name, one.topics, _where(app, one), waiting[one.id]) for one in app.policy.experts
    ]


def expert_named(app: App, name: str) -> schema.Expert:
    """Raises NotFoundError."""
    experts = {one.id: one for one in app.policy.experts}
    if name not in experts:
        raise NotFoundError("expert", name, known=tuple(experts))
    return experts[name]


def expert_for(app: App, row: TicketRow) -> schema.Expert:
    """Who knows the topic of a ticket, the first of them. Raises UsageError where nobody does."""
    for one in app.policy.experts:
        if row.topic is not None and row.topic in one.topics:
            return one
    known = "|".join(one.id for one in app.policy.experts)
    topic = f'the topic "{row.topic}"' if row.topic else "a ticket without a topic"
    raise UsageError(f"no expert for {topic}", hint=f"--to {known}" if known else "add [[experts]]")


def target_of(app: App, expert: schema.Expert) -> targets.Target | None:
    """How a question reaches them; None: by word of mouth."""
    if expert.handoff:
        return targets.named(app, expert.handoff)
    return targets.mailbox(expert.id, expert.to) if expert.way == "smtp" else None


def _where(app: App, expert: schema.Expert) -> str:
    target = target_of(app, expert)
    return "by hand" if target is None else target.where
