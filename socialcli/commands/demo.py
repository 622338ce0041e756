"""``demo``: the whole road on the shipped sample, offline, with the real commands."""

from __future__ import annotations

import functools
import shlex
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from socialcli.app import App
from socialcli.console import Answer, Screen
from socialcli.errors import SocialError, UsageError
from socialcli.model.step import Step
from socialcli.options import verb
from socialcli.rehearsal import Stage, play, read_script, workspace
from socialcli.render.step import WIDTH, bold, step_lines, wrapped

_ABOUT = (
    "An evening at the service desk of Northline Air, an airline that does not exist. Its messages are invented;"
    " the commands are real, and what they print is shown as it is. Nothing leaves this computer."
)
_NEXT = (
    "socialcli demo --keep airline    keep this workspace, and look around in it",
    "socialcli init                   a workspace of your own, in this folder",
    "socialcli fetch --from FILE      your own messages: JSON Lines, CSV",
    "socialcli COMMAND --help         what a command can do",
)


@verb("The whole road on sample messages, offline.")
@click.option("--keep", metavar="DIR", help="Keep the workspace in DIR, a folder that is new or empty.")
def command(app: App, keep: str | None) -> Answer:
    """An evening at an airline's service desk: sample messages are fetched, weighed, answered, checked, approved
    and posted, to a file. Every command is shown and really run; nothing leaves this computer. The workspace is
    a temporary one and removed at the end, unless --keep names a folder for it.
    """
    return run(app, Path(keep).expanduser() if keep is not None else None)


def run(app: App, keep: Path | None) -> Answer:
    """One ``Step`` a command, made while they are read. Stops at the first that does not end as it should.

    Raises UsageError where ``keep`` is in use, StorageError where it cannot be written.
    """
    if keep is not None and keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise UsageError(f"{keep} is in use", hint="--keep wants a folder that is new or empty")
    screen = app.console.screen()
    shown = None if app.console.json else Screen(screen.terminal, screen.colour, screen.width or WIDTH)
    script = read_script()
    wrong: list[Step] = []

    def records() -> Iterator[Step]:
        with workspace(keep) as folder:
            for step in play(Stage(folder, shown), script):
                yield step
                if step.exit != step.expected:
                    wrong.append(step)
                    return

    return Answer(records(), functools.partial(_view, keep=keep), lambda: _against(wrong))


def _against(wrong: Sequence[Step]) -> SocialError | None:
    if not wrong:
        return None
    step = wrong[0]
    name = " ".join(step.command[:2])
    said = step.stderr.strip().split("\n")[-1]
    return SocialError(
        f"the demo stopped: {name} ended with exit code {step.exit}, not {step.expected}"
        + (f" ({said})" if said else ""),
        hint="socialcli demo --keep DIR keeps the workspace, to look into it",
    )


# showing


def _view(records: Iterable[Step], screen: Screen, *, keep: Path | None) -> Iterator[str]:
    width = screen.width or WIDTH
    chapter = 0
    step = None
    for step in records:
        if not chapter:
            yield from _opening(step, keep, width)
        if step.chapter:
            chapter += 1
            yield from ("", "", bold(f"{chapter}. {step.chapter}", screen))
        yield from step_lines(step, screen, width)
    if step is not None and step.exit == step.expected:
        yield from _closing(step, keep, screen)


def _closing(step: Step, keep: Path | None, screen: Screen) -> Iterator[str]:
    yield from ("", "", bold("What to try next", screen), *_NEXT, "")
    if keep is None:
        yield f"{step.workspace} was removed."
    else:
        yield f"The workspace is kept. To go on with that evening: cd {shlex.quote(str(keep))}"
        yield f"export SOCIALCLI_NOW={step.at}"


def _opening(step: Step, keep: Path | None, width: int) -> Iterator[str]:
    yield from wrapped(_ABOUT, width)
    yield ""
    yield f"Workspace: {step.workspace} ({'kept' if keep else 'removed at the end'})"
    yield f"Clock:     SOCIALCLI_NOW={step.at}, and later"
