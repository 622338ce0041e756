"""``learn``: from labelled messages to one more signal of triage."""

from __future__ import annotations

import click

from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import SocialError, UsageError
from socialcli.learning.examples import LABELS_ARE, LabelIs, Material
from socialcli.options import dry_run_option, verb
from socialcli.render.learning import lessons, unlearned
from socialcli.text.counted import counted


@verb("Teach triage with your own labelled messages.")
@click.argument("source", metavar="[FILE|-]", required=False)
@click.option(
    "--map", "mapping", metavar="text=COLUMN,label=COLUMN", help="Which columns of the CSV hold them."
)
@click.option(
    "--label-is", type=click.Choice(LABELS_ARE), help="What the labels say [default: read from them]."
)
@click.option("--queue", is_flag=True, help="Learn from what the team decided, in place of a file.")
@click.option("--forget", is_flag=True, help="Remove what was learned.")
@dry_run_option
def command(
    app: App,
    source: str | None,
    mapping: str | None,
    label_is: LabelIs | None,
    queue: bool,
    forget: bool,
    dry_run: bool,
) -> Answer:
    """Learn from labelled messages, measured on messages held out; installed only where it beats the rules alone
    (else exit code 3). What was learned stands in learned.json, readable, and needs no library to be applied.

    \b
    socialcli learn labelled.csv --map text=message,label=is_complaint --label-is complaint --dry-run
    socialcli learn labelled.csv --map text=message,label=sentiment
    socialcli learn --queue
    socialcli learn --forget

    Labels: 0/1 or yes/no (complaint, spam or respond, as the column's name or --label-is says), negative/neutral/
    positive, kinds (complaint, question, spam, ...), or respond/monitor/ignore. A column may name the authors:
    author=COLUMN. Training needs scikit-learn: pip install ".[learn]" in the folder of the source.
    """
    if [source is not None, queue, forget].count(True) != 1:
        raise UsageError("one of FILE, --queue, --forget", hint="socialcli learn --help")
    if source is None and (mapping or label_is):
        raise UsageError("--map and --label-is belong to a file", hint="socialcli learn --help")
    if forget:
        return _forget(app, dry_run=dry_run)
    return run(app, source, mapping, label_is, dry_run=dry_run)


def run(
    app: App, source: str | None, mapping: str | None, label_is: LabelIs | None, *, dry_run: bool
) -> Answer:
    """Raises UsageError where scikit-learn is missing, or the labels are too few or none, InvalidError for a file
    that cannot be read, StorageError.
    """
    from pathlib import Path

    from socialcli.learning.running import learn
    from socialcli.learning.training import require_library
    from socialcli.triage.taught import FROM_QUEUE

    require_library()
    if source is None:
        materials, name = _of_queue(app), FROM_QUEUE
    else:
        from socialcli.learning import table

        fields = table.parse_map(mapping) if mapping else {}
        materials = table.materials(source, fields, label_is, app.now())
        name = "standard input" if source == "-" else Path(source).name
        name = f"./{name}" if name == FROM_QUEUE else name  # what is from the queue goes with an erasure
    learnt = learn(app, materials, name, dry_run=dry_run)

    def against() -> SocialError | None:
        return learnt.error

    return Answer(learnt.lessons, lessons, against)


def _of_queue(app: App) -> list[Material]:
    from socialcli.learning import history

    found, left_out = history.materials(app)
    if of_x := left_out["network-x"]:
        app.console.note(
            f"{counted(of_x, 'message')} from X left out: X's developer guidelines do not allow training on X "
            "content (learn = true on the account says that you may)"
        )
    return found


def _forget(app: App, *, dry_run: bool) -> Answer:
    from socialcli.learning.keeping import remove

    removed = remove(app, dry_run=dry_run)
    if not removed:
        app.console.note("nothing was learned")
    return Answer(removed, unlearned)
