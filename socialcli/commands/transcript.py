"""``transcript``: the conversation as a document, for whoever takes it over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

import click

from socialcli.app import App
from socialcli.console import Answer, Screen
from socialcli.errors import UsageError
from socialcli.handing.conversation import conversation
from socialcli.model.answers import Transcript, TranscriptFormat
from socialcli.options import ticket_argument, verb
from socialcli.transcribe import Conversation, as_json, as_mail, as_markdown


@verb("The conversation as a document, to hand on.")
@ticket_argument
@click.option(
    "--format", "form", type=click.Choice(get_args(TranscriptFormat)), default="md", show_default=True,
    help="Markdown, JSON, or a mail to offline.email.",
)  # fmt: skip
@click.option("--private", is_flag=True, help="Private data in full, where the reader needs it.")
@click.option("--notes", is_flag=True, help="With our notes, which no customer should read.")
def command(app: App, ticket: str, form: TranscriptFormat, private: bool, notes: bool) -> Answer:
    """The whole conversation, oldest first, as a document on stdout. Private data is masked.

    \b
    socialcli transcript k3p > k3p.md
    socialcli transcript k3p --format eml --notes | sendmail -t
    """
    return run(app, ticket, form, private=private, notes=notes)


def run(app: App, ticket: str, form: TranscriptFormat, *, private: bool, notes: bool) -> Answer:
    """Raises UsageError for a mail where the policy has no address to send it to."""
    row = app.queue.ticket(ticket)
    told = conversation(app, row, private=private, notes=notes)
    return Answer([Transcript(row.id, form, _written(app, told, form))], _as_it_is)


def _written(app: App, told: Conversation, form: TranscriptFormat) -> str:
    if form == "md":
        return as_markdown(told)
    if form == "json":
        return as_json(told)
    address = app.policy.offline.email
    if not address:
        raise UsageError(
            "offline.email is not set: the mail has nowhere to go", hint="set offline.email in policies.toml"
        )
    return as_mail(told, brand=app.policy.brand.name, address=address, at=app.now())


def _as_it_is(records: Iterable[Transcript], _screen: Screen) -> Iterator[str]:
    for record in records:
        yield from record.content.removesuffix("\n").split("\n")
