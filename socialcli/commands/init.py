"""``init``: a workspace with a commented policy and the templates."""

from __future__ import annotations

from pathlib import Path

import click

from socialcli import durable, render
from socialcli.app import App
from socialcli.console import Answer
from socialcli.errors import UsageError
from socialcli.model.answers import Made
from socialcli.options import dry_run_option, verb, yes_option
from socialcli.workspace import POLICY, TEMPLATES, shipped


@verb("Make a workspace.")
@click.argument("folder", metavar="[DIR]", default=".")
@yes_option
@dry_run_option
def command(app: App, folder: str, yes: bool, dry_run: bool) -> Answer:
    """Make a workspace in DIR [default: here]: policies.toml, where every key is explained, and the reply
    templates. What is there already is left as it is.
    """
    del yes  # nothing is asked: everything can be edited afterwards
    return run(app, Path(folder), dry_run=dry_run)


def run(app: App, folder: Path, *, dry_run: bool) -> Answer:
    """Raises UsageError where DIR is a file, StorageError where it cannot be written."""
    folder = folder.expanduser()
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file, not a folder")
    sources = [shipped() / POLICY, *sorted((shipped() / TEMPLATES).glob("*.j2"))]
    made = [_copy(source, folder / source.relative_to(shipped()), dry_run=dry_run) for source in sources]
    if not dry_run:
        app.console.note(f"next: look through {folder / POLICY}, then: socialcli -w {folder} doctor")
    return Answer(made, render.made)


def _copy(source: Path, target: Path, *, dry_run: bool) -> Made:
    if target.exists():
        return Made(str(target), "kept")
    if dry_run:
        return Made(str(target), "planned")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise durable.storage_error(error, target.parent) from error
    durable.replace(target, [source.read_bytes()], mode=0o644)
    return Made(str(target), "made")
