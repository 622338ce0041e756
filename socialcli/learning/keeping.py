"""The file of what was learned: a model put into it, and taken out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from socialcli import durable
from socialcli.app import App
from socialcli.errors import InvalidError, UsageError
from socialcli.model.learning import Unlearned
from socialcli.triage.taught import Model, decode, encode
from socialcli.workspace import LEARNED, MOST_LEARNED, read_bytes


def install(app: App, models: Iterable[Model]) -> None:
    """Put models into the place of those of the same targets. Raises InvalidError where the file is damaged,
    LockHeldError, StorageError.
    """
    path = app.workspace / LEARNED
    with _locked(app):
        new = {model.target: model for model in models}
        kept = [model for model in _held(path) if model.target not in new]
        durable.replace(path, [encode([*kept, *new.values()])], point="learned")


def require_readable(app: App) -> None:
    """Raises InvalidError where the file is damaged: before the training, not after it."""
    _held(app.workspace / LEARNED)


def remove(app: App, *, dry_run: bool) -> list[Unlearned]:
    """Take all of it away, also a file that cannot be read."""
    path = app.workspace / LEARNED
    with _locked(app):
        try:
            held = _held(path)
        except (InvalidError, UsageError) as error:
            app.console.note(
                f"{error.message.splitlines()[0]}; it {'would go' if dry_run else 'goes'} as a whole"
            )
            held = ()
        if not dry_run:
            durable.remove(path, point="learned-end")
    return [
        Unlearned(one.target, one.source, one.examples, "planned" if dry_run else "removed") for one in held
    ]


def _held(path: Path) -> tuple[Model, ...]:
    content = read_bytes(path, MOST_LEARNED)
    return () if content is None else decode(content, path.name)


@contextmanager
def _locked(app: App) -> Iterator[None]:
    with durable.lock(app.momentary / "learned.lock", LEARNED):
        yield
