"""One template as one agent would send it through one account: all its wordings, checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import structs

from socialcli.compose.checks.links import on_our_host
from socialcli.compose.context import Context, worst_context
from socialcli.compose.linter import CheckRequest, check
from socialcli.compose.templates import Template, variables_of, wordings, worst_case
from socialcli.linting.allowing import allowed
from socialcli.model.check import Check, Finding
from socialcli.policy.schema import Account, Agent, Policy


class Rendered(NamedTuple):
    """A text that the template can come to. ``values`` are those of its variables, ``found`` what the check said
    before allowances.
    """

    text: str
    values: dict[str, str]
    check: Check
    found: tuple[Finding, ...]


class Sender(NamedTuple):
    account: Account
    agent: Agent
    counts_as: str  # the network whose limits hold


def rendered(template: Template, sign_off: Template, sender: Sender, policy: Policy) -> list[Rendered]:
    """Every text once. Raises InvalidError for a template that fails."""
    if not template.signed:
        policy = structs.replace(policy, checks={**policy.checks, "signoff/missing": "off"})
    texts: dict[str, tuple[dict[str, str], Context]] = {}
    for one in _by_language(template):
        for context in _contexts(one, sender, policy):
            for values in _values(one, policy):
                for text in wordings([one], sign_off, context, values):
                    texts.setdefault(text, (values, context))
    return [
        _checked(template, text, values, context, sender, policy) for text, (values, context) in texts.items()
    ]


def worst_of(texts: list[Rendered]) -> Rendered:
    """The one with an error, else the most findings, else the longest."""
    return max(texts, key=lambda one: (not one.check.ok, len(one.check.findings), one.check.length.count))


def _by_language(template: Template) -> Iterator[Template]:
    """Greetings follow the template's first language, so each has its turn."""
    for language in template.languages or ("",):
        yield structs.replace(template, languages=(language,)) if language else template


def _contexts(template: Template, sender: Sender, policy: Policy) -> Iterator[Context]:
    """One for each kind of ticket that it is for, where the body asks for the kind."""
    kinds = (
        (template.kinds or ("complaint", "question")) if "ticket.kind" in template.source else ("complaint",)
    )
    for kind in kinds:
        yield worst_context(policy, agent=sender.agent, account=sender.account, kind=kind)


def _values(template: Template, policy: Policy) -> list[dict[str, str]]:
    """All variables at their longest; then only those that must be given, for the other half of each ``if``. A
    made-up address says nothing about the hosts that the template leads to, so it stands on one of ours.
    """
    variables = variables_of(template)
    worst = worst_case(template)
    worst |= {one.name: on_our_host(worst[one.name], policy) for one in variables if one.type == "url"}
    usual = {one.name: one.default for one in variables if one.default and not one.from_}
    needed = usual | {one.name: worst[one.name] for one in variables if one.required}
    return [worst] if needed == worst else [worst, needed]


def _checked(
    template: Template, text: str, values: dict[str, str], context: Context, sender: Sender, policy: Policy
) -> Rendered:
    statement = template.class_ == "statement"
    found = check(
        CheckRequest(
            text=text,
            network=sender.counts_as,
            label=sender.account.network,
            visibility="direct" if template.road == ("direct",) else "public",
            account=sender.account.name,
            agent=sender.agent.id,
            customer=None if statement else context.customer.handle,
            statement=statement,
        ),
        policy,
    )
    return Rendered(text, values, allowed(found, template.allow, policy), found.findings)
