"""``init``: a workspace with a commented policy and the templates."""

from __future__ import annotations

import json
from pathlib import Path

import click

from socialcli import durable, render
from socialcli.app import App
from socialcli.console import Answer, interactive
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
    templates. What is there already is left as it is. On a terminal it asks for the brand and for you;
    with --yes, or in a script, the example stands until you edit it.
    """
    policy = (shipped() / POLICY).read_text()
    asks = interactive() and not yes and not dry_run and not app.console.json
    if asks and not (Path(folder) / POLICY).exists():
        policy = _asked(policy)
    return run(app, Path(folder), policy, dry_run=dry_run)


def _asked(policy: str) -> str:
    """The shipped policy with the example's names replaced; the comments stay."""
    from socialcli.prompts import line

    brand = line("Brand [Northline Air]:").strip() or "Northline Air"
    own = "".join(brand.split())
    handle = line(f"Handle of its account [@{own}]:").strip() or own
    name = line("Your name, as customers see it [Sam Baker]:").strip() or "Sam Baker"
    initials = "".join(word[0] for word in name.split()).upper()
    for example, answer in (
        ('name = "Northline Air"', f"name = {_quoted(brand)}"),
        ('handle = "NorthlineAir"', f"handle = {_quoted(handle.removeprefix('@'))}"),
        ('id = "sb"', f"id = {_quoted(initials.lower())}"),
        ('name = "Sam Baker"', f"name = {_quoted(name)}"),
        ('initials = "SB"', f"initials = {_quoted(initials)}"),
    ):
        policy = policy.replace(example, answer, 1)
    return policy


def _quoted(text: str) -> str:
    """As a TOML string; the JSON form is one."""
    return json.dumps(text, ensure_ascii=False)


def run(app: App, folder: Path, policy: str, *, dry_run: bool) -> Answer:
    """Raises UsageError where DIR is a file, InvalidError for answers that make no policy, StorageError."""
    folder = folder.expanduser()
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file, not a folder")
    content = policy.encode()
    app.read_policy(content)
    contents = {folder / POLICY: content}
    for source in sorted((shipped() / TEMPLATES).glob("*.j2")):
        contents[folder / TEMPLATES / source.name] = source.read_bytes()
    made = [_write(target, content, dry_run=dry_run) for target, content in contents.items()]

    def talk() -> None:
        if not dry_run:
            app.console.note(f"next: look through {folder / POLICY}, then: socialcli -w {folder} doctor")

    return Answer(made, render.made, talk=talk)


def _write(target: Path, content: bytes, *, dry_run: bool) -> Made:
    if target.exists():
        return Made(str(target), "kept")
    if dry_run:
        return Made(str(target), "planned")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise durable.storage_error(error, target.parent) from error
    durable.replace(target, [content], mode=0o644)
    return Made(str(target), "made")
