"""``expert``: people who know more than the desk."""

from __future__ import annotations

from functools import partial

import click

from socialcli import experts, masking
from socialcli.app import App
from socialcli.console import Answer, read_stdin
from socialcli.errors import UsageError
from socialcli.model.times import format_time
from socialcli.options import as_option, dry_run_option, duration, part, ticket_argument
from socialcli.render import handoff as render
from socialcli.text.clean import clean

_LONGEST = 365 * 86_400  # seconds


@click.group("expert", no_args_is_help=False, short_help="Ask somebody who knows more.")
def command() -> None:
    """Experts: who they are, what they were asked, what they said. Each takes --json."""


_part = partial(part, command)


@_part("list", "Who can be asked, and how much waits with them.")
def listed(app: App) -> Answer:
    """The [[experts]] of policies.toml: topics, how a question reaches them, questions that they have not answered."""
    return Answer(experts.directory(app), render.experts)


@_part("ask", "Ask an expert; the ticket waits for the answer.")
@ticket_argument
@click.option("--to", metavar="EXPERT", help="Whom [default: who knows the ticket's topic].")
@click.option("--question", "text", metavar="TEXT", default="", help="What you want to know.")
@click.option(
    "--due",
    metavar="DURATION",
    callback=duration(60, _LONGEST),
    help="By when, such as 2h [default: theirs].",
)
@click.option("--private", is_flag=True, help="Private data in full, where they need it.")
@click.option("--again", is_flag=True, help="Send the same question once more, on purpose.")
@as_option
@dry_run_option
def asked(
    app: App,
    ticket: str,
    to: str | None,
    text: str,
    due: int | None,
    private: bool,
    again: bool,
    agent: str | None,
    dry_run: bool,
) -> Answer:
    """The question goes out with the conversation, private data masked; the ticket is on hold until the answer is
    there, or the customer writes again. `due` shows it, and exits 3 once it is overdue.

    \b
    socialcli expert ask k3p --question "Was flight NL231 cancelled for weather?" --due 2h
    socialcli expert ask k3p --to bags --private

    Asked twice it is the same question, and is sent once.
    """
    wish = experts.Ask(to, clean(text.strip()), due, private, again, dry_run)
    outcome = experts.ask(app, app.queue.ticket(ticket), wish, app.agent(agent))
    records = [one for one in (outcome.question, outcome.handoff) if one is not None]

    def talk() -> None:
        wanted = outcome.question.due_at
        if due is not None and int(wanted.timestamp()) != int(app.now().timestamp()) + due:
            app.console.note(
                f"asked before: it stays wanted by {format_time(wanted)}, whatever --due says now"
            )

    view = render.consultations(app.now(), masking.masker(app))
    return Answer(records, view, lambda: outcome.error, talk=talk)


@_part("answer", "Write down what an expert said.")
@ticket_argument
@click.argument("text")
@click.option("--expert", metavar="EXPERT", help="Whose answer it is, where several were asked.")
@as_option
@dry_run_option
def answered(
    app: App, ticket: str, text: str, expert: str | None, agent: str | None, dry_run: bool
) -> Answer:
    """Write down an answer that came by phone or across the desk; "-" reads it from standard input. A reply to the
    mail comes in by itself: fetch --from - --format eml. The ticket is open again.
    """
    if text == "-":
        text = read_stdin()
    text = clean(text.strip())
    if not text:
        raise UsageError("the answer is empty")
    who = app.agent(agent)
    question = experts.answer(app, app.queue.ticket(ticket), text, who, expert, dry_run=dry_run)
    return Answer([question], render.consultations(app.now(), masking.masker(app)))
