"""A practised incident in a workspace: begun for a learner, played through by itself, and scored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from socialcli import rehearsal
from socialcli.console import Screen
from socialcli.errors import SocialError, UsageError
from socialcli.model.score import Score
from socialcli.model.step import Step
from socialcli.practising.incident_cases import Staged, staged
from socialcli.practising.incident_facts import facts
from socialcli.practising.incident_marks import mark
from socialcli.rehearsal import Scene, Script, Stage

_MARK = "drill.json"  # in the workspace: what is practised there


class Begun(Struct, frozen=True, tag_field="type", tag="drill"):
    """A practised incident that has begun in a folder; ``start`` is the time to give as ``--now``."""

    case: str
    seed: int
    title: str
    about: str
    folder: str
    start: str


class _Mark(Struct, frozen=True):
    case: str
    seed: int


def begin(folder: Path, play: Staged) -> Begun:
    """A workspace in a folder that is new or empty. Raises UsageError, StorageError."""
    _require_empty(folder)
    with rehearsal.workspace(folder, play.files() | {_MARK: _mark(play)}) as made:
        return Begun(
            play.name,
            play.seed,
            play.case.title,
            play.case.about,
            str(made),
            f"{play.start:%Y-%m-%dT%H:%M:%SZ}",
        )


def _require_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is in use", hint="--dir wants a folder that is new or empty")


def _mark(play: Staged) -> bytes:
    return msgspec.json.encode(_Mark(play.name, play.seed)) + b"\n"


def begun(folder: Path) -> Staged:
    """What is practised in a folder. Raises UsageError where nothing is, NotFoundError."""
    try:
        mark = msgspec.json.decode((folder / _MARK).read_bytes(), type=_Mark)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{folder}: no incident is practised here", hint=f"socialcli incident drill start --dir {folder}"
        ) from error
    return staged(mark.case, mark.seed)


def score(folder: Path, note: Callable[[str], None]) -> Score:
    """What was done in a folder so far is worth. The same journal has the same score."""
    play = begun(folder)
    return mark(play, facts(folder, play, note))


def play_through(play: Staged, keep: Path | None, shown: Screen | None) -> Iterator[Step | Score]:
    """The road that stands in the case, step by step with the real commands, and then its score. Raises
    SocialError where a step does not end as it should.
    """
    if keep is not None:
        _require_empty(keep)
    with rehearsal.workspace(keep, play.files() | {_MARK: _mark(play)}) as folder:
        for step in rehearsal.play(Stage(folder, shown), _script(play)):
            yield step
            if step.exit != step.expected:
                raise SocialError(
                    f"the drill stopped: {' '.join(step.command[:3])} ended with exit code {step.exit}",
                    hint="socialcli incident drill --dir DIR keeps the workspace, to look into it",
                )
        yield score(folder, lambda _: None)


def _script(play: Staged) -> Script:
    scenes = tuple(
        Scene(
            f"{play.moment(one.at):%H:%M}",
            play.told(one.say),
            play.told(one.run),
            exit=one.exit,
            lines=one.lines,
        )
        for one in play.case.steps
    )
    return Script(f"{play.start:%Y-%m-%d}", scenes)
