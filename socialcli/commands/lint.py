"""``lint``: the check alone, for texts, files, records and templates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import click

from socialcli.app import App
from socialcli.compose.fixing import Look
from socialcli.compose.linter import CheckRequest, check
from socialcli.console import Answer, Screen
from socialcli.errors import RefusedError, SocialError, UsageError
from socialcli.linting import choosing, texts
from socialcli.linting.records import RecordRun, counts_as
from socialcli.model.check import Check
from socialcli.model.linted import Fixed, Format, Linted
from socialcli.model.message import Visibility
from socialcli.options import verb
from socialcli.policy.schema import Agent, Policy
from socialcli.render.draft import check_lines
from socialcli.render.linting import linted, rules
from socialcli.text.clean import harmless
from socialcli.text.counted import counted

_HINT = "socialcli lint --explain RULE"
_TEMPLATE = "a template is no text yet: socialcli lint --templates"


@verb("Check texts and templates before they are posted.")
@click.argument("files", metavar="[FILE...|-]", nargs=-1)
@click.option("--text", metavar="T", help="Check this text instead of a file.")
@click.option("--network", metavar="N", help="Whose limits count [default: x].")
@click.option("--ticket", metavar="T", help="Check it as the answer to this ticket.")
@click.option(
    "--public/--direct", "public", default=None, help="Seen by everybody, or by the customer alone."
)
@click.option("--agent", metavar="A", help="Whose sign-off it must bear.")
@click.option("--templates", is_flag=True, help="Check the reply templates with worst-case values.")
@click.option("--records", is_flag=True, help="The input is JSON Lines; one check for each line, in order.")
@click.option("--explain", "rule", metavar="RULE", help="What a rule, or a group of rules, is for.")
@click.option(
    "--select", metavar="RULE,...", multiple=True, help="Only these rules or groups (tone, links/host)."
)
@click.option("--ignore", metavar="RULE,...", multiple=True, help="Not these rules or groups.")
@click.option("--fix", is_flag=True, help="Mend what can be mended safely: in the files, else on stdout.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    help="How findings are written [default: text; --json is json].",
)
def command(
    app: App,
    files: tuple[str, ...],
    text: str | None,
    network: str | None,
    ticket: str | None,
    public: bool | None,
    agent: str | None,
    templates: bool,
    records: bool,
    rule: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fix: bool,
    form: Format | None,
) -> Answer:
    """Check drafts for length, tone, sign-off, links, mentions and private data. Nothing is posted or kept.

    Exit code 3: a check found an error. 7: an input record or a template is invalid.
    """
    _agree(app, form, fix=fix, templates=templates, records=records, texts=bool(files) or text is not None)
    if rule is not None:
        return Answer(choosing.explained(rule, app.policy), rules)
    policy = choosing.chosen(app.policy, select, ignore)
    if templates:
        return _templates(app, policy, network, form)
    if agent is not None:
        app.agent(agent)
    if records:
        run = RecordRun(app, policy, files)
        return _answer(run.looked(), "record", form, lambda: run.error() or _refused(run.refused))
    given = texts.given(files, text)
    if any(name.endswith(".j2") for name in files):
        app.console.note(_TEMPLATE)
    if ticket is not None:
        look = _as_answer_to(app, policy, ticket, agent)
    else:
        look = _look(app, policy, network, "direct" if public is False else "public", agent)
    if fix:
        return _fixed(app, given, look, policy, _signs(app, agent), form)
    return _checked(given, look, form)


def _agree(app: App, form: Format | None, *, fix: bool, templates: bool, records: bool, texts: bool) -> None:
    """Options that go together. Raises UsageError."""
    if form == "json":
        app.console.json = True
    elif form is not None and app.console.json:
        raise UsageError(f"--json and --format {form} exclude each other")
    if templates and (records or texts):
        what = "--records" if records else "other texts"
        raise UsageError(f"--templates and {what} exclude each other", hint="one run for each")
    if fix and (templates or records):
        what = "templates: their words are code too" if templates else "records: they have no file to mend"
        raise UsageError(f"--fix mends no {what}", hint="texts in files, - or --text can be mended")


def _templates(app: App, policy: Policy, network: str | None, form: Format | None) -> Answer:
    from socialcli.linting.templates import TemplateRun

    run = TemplateRun(app, policy, network)

    def against() -> SocialError | None:
        names = ", ".join(dict.fromkeys(run.refused))
        refused = RefusedError(f"templates whose text may not go out: {names}", hint=_HINT) if names else None
        return run.error() or refused

    return _answer(run.looked(), "template", form, against)


# texts


def _look(app: App, policy: Policy, network: str | None, visibility: Visibility, agent: str | None) -> Look:
    counted = counts_as(app, network or "x", None)

    def look(text: str) -> Check:
        request = CheckRequest(text=text, network=counted, label=network, visibility=visibility, agent=agent)
        return check(request, policy)

    return look


def _as_answer_to(app: App, policy: Policy, ticket: str, agent: str | None) -> Look:
    from socialcli.drafting import check_text, situation

    row = app.queue.ticket(ticket)
    account = app.account(row.account)
    place = situation(app.queue, policy, app.assessor, row, account, app.channel(row.account))
    who = app.agent(agent)
    return lambda text: check_text(text, place, who, policy)


def _signs(app: App, agent: str | None) -> Agent | None:
    """Whose sign-off is added; None where several agents might have written it."""
    try:
        return app.agent(agent)
    except UsageError:
        return None


def _checked(given: list[texts.Given], look: Look, form: Format | None) -> Answer:
    looked = list(texts.looked(given, look))
    bad = sum(not one.record.ok for one in looked)
    if len(given) == 1 and given[0].file is None and form in (None, "text"):
        lines = partial(check_lines, looked[0].record, given[0].text)
        return Answer([looked[0].record], lambda _, screen: lines(screen), lambda: _refused(bad))
    return _answer(looked, "text", form, lambda: _refused(bad))


def _fixed(
    app: App, given: list[texts.Given], look: Look, policy: Policy, agent: Agent | None, form: Format | None
) -> Answer:
    """Files are mended where they are; a text of standard input or the command line goes to stdout."""
    streamed = any(one.file in (None, "-") for one in given)
    if streamed and (len(given) > 1 or form in ("github", "sarif")):
        raise UsageError(
            "--fix writes a text of - or --text on stdout: one at a time, in no other --format than json"
        )
    looked = list(texts.mended(given, look, policy, agent))
    bad = sum(not one.record.check.ok for one in looked)
    answer = _answer(looked, "text", form, lambda: _refused(bad))
    if not streamed:
        return answer

    def view(records: Iterable[Fixed], screen: Screen) -> Iterator[str]:
        for one in records:
            yield harmless(one.text, lines=True) if screen.terminal else one.text

    def left() -> None:
        if not app.console.json:
            app.console.show(linted(looked, "text", app.console.screen()))

    return Answer(answer.records, view, answer.error, left)


def _answer(
    looked: Iterable[Linted], what: str, form: Format | None, against: Callable[[], SocialError | None]
) -> Answer:
    """Records for JSON Lines; else the findings in the format asked for."""

    def view(_records: Iterable[Any], screen: Screen) -> Iterator[str]:
        if form in ("github", "sarif"):
            from socialcli.linting import formats

            yield from (formats.github if form == "github" else formats.sarif)(looked)
        else:
            yield from linted(looked, what, screen)

    return Answer((one.record for one in looked if one.record is not None), view, against)


def _refused(bad: int) -> SocialError | None:
    if not bad:
        return None
    return RefusedError(f"{counted(bad, 'text')} may not go out like this", hint=_HINT)
