"""``kb``: what the brand knows to answer."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import click

from socialcli import workspace
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import PartlyError, UsageError
from socialcli.knowledge import file
from socialcli.knowledge.importing import entries_in, parse_map
from socialcli.knowledge.matching import best
from socialcli.model.knowledge import Entry, Imported
from socialcli.options import MOST, dry_run_option, part
from socialcli.render import knowledge as render

_MOST_CSV = 256 << 20  # bytes
_TOLD = 10  # rows that are listed


@click.group("kb", no_args_is_help=False, short_help="Questions and answers: search, add, import.")
def command() -> None:
    """What the brand knows to answer: kb.jsonl in the workspace, one question with its answer a line. Addresses that
    stand there are links that a reply may hold. Each takes --json.
    """


_part = partial(part, command)


@_part("search", "What answers these words, or a ticket.")
@click.argument("words", nargs=-1)
@click.option("--ticket", metavar="T", help="What answers the latest message of this ticket.")
@click.option("--language", metavar="L", help="Two letters; entries in another one count half.")
@click.option("--topic", metavar="T", help="Entries of this topic count a quarter more.")
@click.option("--limit", type=click.IntRange(0, MOST), default=5, show_default=True, help="0: all that fit.")
def search(
    app: App, words: tuple[str, ...], ticket: str | None, language: str | None, topic: str | None, limit: int
) -> Answer:
    """The entries that fit best, with the words by which they fit. Exit 7 where kb.jsonl holds lines that are no
    entries; the others are searched all the same.

    \b
    socialcli kb search late bag
    socialcli kb search --ticket k3p --limit 1 --json
    """
    if bool(words) == (ticket is not None):
        raise UsageError("words or --ticket: one of them", hint="socialcli kb search late bag")
    text = " ".join(words)
    if ticket is not None:
        record = app.queue.record(app.queue.ticket(ticket))
        text, language, topic = record.text, language or record.language, topic or record.topic
    known = file.read(app.workspace)
    found = best(known.entries, text, language=language, topic=topic, limit=limit)

    def talk() -> None:
        if not known.entries:
            app.console.note("the knowledge base is empty: socialcli kb add, or kb import")
        elif not found:
            app.console.note("no entry fits")

    return Answer(found, render.matches, known.error, talk)


@_part("add", "One more question with its answer.")
@click.option("--question", required=True, metavar="Q", help="As customers put it.")
@click.option("--answer", required=True, metavar="A", help="What we say.")
@click.option("--link", metavar="URL", help="Where more of it stands.")
@click.option("--topic", metavar="T", help="One of your [[topics]], or shift.tips.")
@click.option("--language", metavar="L", help="Of both: two letters.")
@dry_run_option
def add(
    app: App,
    question: str,
    answer: str,
    link: str | None,
    topic: str | None,
    language: str | None,
    *,
    dry_run: bool,
) -> Answer:
    """Append an entry to kb.jsonl. The same words again add nothing.

    \b
    socialcli kb add --question "How long does a refund take?" --answer "Five working days." --language en
    """
    try:
        made = file.entry(question, answer, link, topic, language)
    except ValueError as error:
        raise UsageError(str(error), hint="socialcli kb add --help") from error
    _tell_strange_topics(app, [made])
    if not dry_run and not file.add(app.workspace, [made]):
        app.console.note("known already: nothing was added")
    return Answer([made], render.entries)


@_part("import", "Entries out of a CSV file.")
@click.argument("source", metavar="FILE.csv")
@click.option("--map", "mapping", metavar="question=COLUMN,...", help="Which columns hold them.")
@dry_run_option
def import_(app: App, source: str, mapping: str | None, *, dry_run: bool) -> Answer:
    """Append the rows of a CSV file with the columns question and answer, and link, topic, language where there are
    any. What is known adds nothing; rows that are no entries are listed (exit 8).

    \b
    socialcli kb import faq.csv --map question=Title,answer=Body
    """
    from pathlib import Path

    columns = parse_map(mapping)
    content = workspace.read_bytes(Path(source), most=_MOST_CSV)
    if content is None:
        raise UsageError(f"{source}: no such file", hint="check the name and the folder")
    table = entries_in(content, Path(source).name, columns)
    _tell_strange_topics(app, table.entries)
    if dry_run:
        known = {one.id for one in file.read(app.workspace).entries}
        new = len({one.id for one in table.entries} - known)
    else:
        new = file.add(app.workspace, table.entries)
    done = Imported(
        read=len(table.entries) + len(table.mistakes),
        new=new,
        known=len(table.entries) - new,
        rejected=len(table.mistakes),
    )
    return Answer([done], render.imported, lambda: _rejected(table.mistakes))


def _tell_strange_topics(app: App, entries: Iterable[Entry]) -> None:
    """A note for topics that no ticket can have: their entries never count a quarter more."""
    known = {one.name.casefold() for one in app.policy.topics} | {app.policy.shift.tips.casefold()}
    strange = dict.fromkeys(one.topic for one in entries if one.topic and one.topic.casefold() not in known)
    if strange:
        names = ", ".join(f'"{one}"' for one in list(strange)[:_TOLD])
        app.console.note(f"no topic of policies.toml: {names}")


def _rejected(mistakes: tuple[str, ...]) -> PartlyError | None:
    if not mistakes:
        return None
    more = [f"  and {len(mistakes) - _TOLD:,} more"] if len(mistakes) > _TOLD else []
    listed = "\n".join((*(f"  {one}" for one in mistakes[:_TOLD]), *more))
    return PartlyError(f"rows that are no entries:\n{listed}", hint="mend them, and run it again")
