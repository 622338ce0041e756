"""``lint --templates``: every template with its longest values, for each account and each agent, every wording."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from socialcli import render
from socialcli.app import App
from socialcli.compose.linter import CheckRequest, check
from socialcli.console import Answer, Screen
from socialcli.errors import InvalidError, RefusedError, SocialError
from socialcli.model.check import Check
from socialcli.policy.schema import Account, Agent
from socialcli.text.clean import harmless

if TYPE_CHECKING:
    from socialcli.compose.templates import Template


class TemplateCheck(Struct, frozen=True, tag_field="type", tag="template-check"):
    """The worst that one template comes to for one account and agent."""

    template: str
    account: str
    agent: str
    text: str
    check: Check


def lint_templates(app: App, network: str | None) -> Answer:
    """Raises InvalidError with the mistakes of all templates together."""
    templates = _parsed(app)
    sign_off = app.template("sign-off")
    refused: list[str] = []

    def records() -> Iterator[TemplateCheck]:
        for template in templates:
            for account in app.policy.accounts:
                for agent in app.policy.agents:
                    one = _worst(app, template, sign_off, account, agent, network)
                    refused.extend([] if one.check.ok else [template.name])
                    yield one

    return Answer(records(), _view, lambda: _against(refused))


def _parsed(app: App) -> list[Template]:
    templates: list[Template] = []
    mistakes: list[str] = []
    for name in app.template_names():
        try:
            templates.append(app.template(name))
        except InvalidError as error:
            mistakes += error.mistakes or (error.message,)
    if mistakes:
        raise InvalidError("templates with mistakes:", tuple(mistakes))
    return [template for template in templates if template.class_ != "sign-off"]


def _worst(
    app: App, template: Template, sign_off: Template, account: Account, agent: Agent, network: str | None
) -> TemplateCheck:
    from socialcli.compose.context import worst_context
    from socialcli.compose.templates import wordings, worst_case

    context = worst_context(app.policy, agent=agent, account=account)
    texts = wordings([template], sign_off, context, worst_case(template))
    policy = app.policy
    if not template.signed:
        policy = structs.replace(policy, checks={**policy.checks, "signoff/missing": "off"})
    counted = network or (account.limits if account.network == "file" else account.network)
    checks = [
        (
            check(
                CheckRequest(
                    text=text,
                    network=counted,
                    label=account.network,
                    visibility="direct" if template.road == ("direct",) else "public",
                    account=account.name,
                    agent=agent.id,
                    customer=context.customer.handle,
                ),
                policy,
            ),
            text,
        )
        for text in texts
    ]
    found, text = max(checks, key=lambda one: (not one[0].ok, len(one[0].findings), one[0].length.count))
    return TemplateCheck(template.name, account.name, agent.id, text, found)


def _view(records: Iterable[TemplateCheck], screen: Screen) -> Iterator[str]:
    for one in records:
        yield f"{harmless(one.template)} ({one.account}, {one.agent})"
        yield from (f"  {line}" for line in render.check_lines(one.check, one.text, screen))


def _against(refused: list[str]) -> SocialError | None:
    if not refused:
        return None
    names = ", ".join(dict.fromkeys(refused))
    return RefusedError(f"templates whose text may not go out: {names}", hint="socialcli lint --explain RULE")
