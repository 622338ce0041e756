"""The guided reply: the most pressing ticket, a template or free text, a live count, a check, a yes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from socialcli import claiming, masking, prompts, render
from socialcli.app import App
from socialcli.compose.checks.signature import sign_off
from socialcli.console import Answer
from socialcli.drafting import Situation, Words, check_text, compose, situation
from socialcli.errors import UsageError
from socialcli.policy.schema import Agent
from socialcli.queue.rows import TicketRow

if TYPE_CHECKING:
    from socialcli.compose.templates import Template

_OWN_WORDS = ""


def reply(
    app: App, ticket: str | None, who: Agent, go: Callable[[Situation, Words], Answer], *, claim: bool
) -> Answer:
    """Ask what is needed and hand it to ``go``. The ticket is claimed while it is written, and given back when
    the agent stops; Ctrl-C posts nothing.

    Raises ConflictError if the ticket is claimed by somebody else.
    """
    row = app.queue.next_row(who.id) if ticket is None else app.queue.ticket(ticket)
    if row is None:
        app.console.note("nothing is waiting")
        return Answer([], render.drafts)
    claiming.require_free(app, row, who.id)
    claim = claim and claiming.holder(app, row) is None
    if claim:
        row = claiming.claim(app, row.id, who.id)
    try:
        return _guide(app, row, who, go)
    except (KeyboardInterrupt, click.Abort):
        if claim:
            claiming.release(app, row.id, who.id)
        raise


def _guide(app: App, row: TicketRow, who: Agent, go: Callable[[Situation, Words], Answer]) -> Answer:
    page = render.ticket_page(app.now(), masking.masker(app))
    app.console.show(page([app.queue.record(row), *app.queue.thread(row)], app.console.screen()))
    channel = app.channel(row.account)
    place = situation(app.queue, app.policy, app.assessor, row, app.account(row.account), channel)
    app.console.show([""])
    return go(place, Words(text=_write(app, place, who)))


def _write(app: App, place: Situation, who: Agent) -> str:
    """The text as the agent leaves it; written again until the check finds no error."""
    text = _start(app, place, who)
    while True:
        text = prompts.line("Reply:", default=text, below=lambda typed: _count(app, place, who, typed))
        check = check_text(text, place, who, app.policy)
        if any(finding.rule == "signoff/missing" for finding in check.findings):
            text = f"{text.rstrip()} {sign_off(app.policy.reply.sign_off, who)}"
            check = check_text(text, place, who, app.policy)
        app.console.show(render.check_lines(check, text, app.console.screen()))
        if check.ok:
            return text


def _count(app: App, place: Situation, who: Agent, text: str) -> str:
    check = check_text(text, place, who, app.policy)
    faults = ", ".join(finding.rule for finding in check.findings)
    return f"{check.length.count} of {check.length.limit}" + (f"  {faults}" if faults else "  ok")


def _start(app: App, place: Situation, who: Agent) -> str:
    """The template of choice, rendered, or an empty line."""
    from socialcli.compose.templates import variables_of

    known = [app.template(name) for name in app.template_names()]
    fitting = [one for one in known if one.class_ not in ("sign-off", "statement")]
    fitting.sort(key=lambda one: (place.assessment.kind not in one.kinds, len(one.kinds), one.name))
    choices = [(one.name, f"{one.name}: {one.title}") for one in fitting]
    name = prompts.choose("Start from:", [*choices, (_OWN_WORDS, "my own words")])
    if name == _OWN_WORDS:
        return ""
    chosen: Template = next(one for one in fitting if one.name == name)
    values: dict[str, str] = {}
    while True:
        words = Words(templates=(chosen,), sign_off=app.template("sign-off"), values=values)
        try:
            return compose(place, words, who, app.policy).text
        except UsageError as error:
            app.console.note(error.message)
            for variable in variables_of(chosen):
                values[variable.name] = prompts.line(
                    f"{variable.name}:", default=values.get(variable.name, "")
                )
