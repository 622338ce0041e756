"""A document in a folder of the workspace: whole or not at all, and never over another file."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from socialcli import durable
from socialcli.model.answers import TranscriptFormat


def free_name(workspace: Path, folder: str, stem: str, form: TranscriptFormat) -> str:
    """The first name, relative to the workspace, that no file has: ``handed-on/k3p...-0123.md``, then ``...-2.md``."""
    names = (f"{folder}/{stem}{'' if number == 1 else f'-{number}'}.{form}" for number in count(1))
    return next(name for name in names if not (workspace / name).exists())


def write(workspace: Path, name: str, content: bytes) -> None:
    """Raises StorageError, also where somebody was faster, or the folder is a file."""
    path = workspace / name
    try:
        durable.create(path, content, point="handoff-file")
    except FileExistsError as error:
        raise durable.storage_error(error, error.filename or path) from error


def stem(ticket: str, handoff: str) -> str:
    """How the names of all files of a hand-off begin: by it ``forget`` finds them."""
    return f"{ticket}-{handoff}"
