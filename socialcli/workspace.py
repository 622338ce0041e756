"""Where things lie: the workspace of the user, and what is shipped."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from socialcli import durable
from socialcli.errors import InvalidError, StorageError, UsageError

POLICY = "policies.toml"
LEARNED = "learned.json"
TEMPLATES = Path("templates") / "replies"
MOST_TEMPLATE = 1 << 20  # bytes; far more than a template may have, and little enough to read
MOST_DICTIONARY = 32 << 20  # bytes; the word lists of large languages hold a few million
MOST_LEARNED = 16 << 20  # bytes; what training writes is a hundredth of it


def shipped() -> Path:
    """The folder with the shipped policy and templates: inside the installed package, or the top of the tree."""
    inside = Path(__file__).parent / "shipped"
    return inside if inside.is_dir() else Path(__file__).parent.parent


def discover(option: str | None) -> Path | None:
    """``-w DIR``, else ``$SOCIALCLI_WORKSPACE``, else the nearest parent folder that holds policies.toml; None
    if there is none. Raises UsageError where a folder was named that is none.
    """
    named = option or os.environ.get("SOCIALCLI_WORKSPACE")
    if named:
        folder = Path(named).expanduser()
        if not folder.is_dir():
            raise UsageError(f"{folder}: no such workspace folder", hint=f"make one: socialcli init {folder}")
        return folder.resolve()
    try:
        here = Path.cwd()
    except OSError as error:
        raise UsageError(
            "the current folder is gone", hint="cd somewhere else, or name one: -w DIR"
        ) from error
    for folder in (here, *here.parents):
        if (folder / POLICY).is_file():
            return folder
    return None


def data_folder() -> Path:
    """The workspace of those who never made one."""
    from platformdirs import user_data_path

    return user_data_path("socialcli", appauthor=False)


def unreadable(name: Path | str, error: OSError) -> UsageError:
    """What is to be said of a file that cannot be opened."""
    missing = isinstance(error, FileNotFoundError)
    hint = "check the name and the folder" if missing else "check what it is, and who may read it (ls -l)"
    return UsageError(f"{name}: {(error.strerror or 'cannot be read').lower()}", hint=hint)


def require_file(path: Path) -> int:
    """The size of a plain file in bytes. Raises UsageError for a pipe or a device, which might never end, and OSError
    for what cannot be looked at.
    """
    seen = path.stat()
    if not (stat.S_ISREG(seen.st_mode) or stat.S_ISDIR(seen.st_mode)):  # a folder says so when it is opened
        raise UsageError(f"{path}: is no plain file", hint="check what it is (ls -l)")
    return seen.st_size


def read_bytes(path: Path, most: int | None = None) -> bytes | None:
    """The file's content; None if there is none. Raises UsageError if it cannot be read, is no plain file, or holds
    more than ``most`` bytes.
    """
    try:
        size = require_file(path)
        if most is not None and size > most:
            raise UsageError(f"{path}: is larger than {most >> 20} MB", hint="is it the right file?")
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from error


def dictionary(folder: Path, name: str) -> frozenset[str]:
    """The words of a list, one a line, in small letters. Raises UsageError if it cannot be read, InvalidError if it
    is not UTF-8.
    """
    content = read_bytes(folder / name, most=MOST_DICTIONARY)
    if content is None:
        raise UsageError(f"{name}: no such word list", hint="make the file, or leave reply.dictionary empty")
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InvalidError(
            f"{name} is not UTF-8 (byte {error.start + 1})", hint="save it as UTF-8"
        ) from error
    return frozenset(line.strip().lower() for line in lines if line.strip())


def template_files(workspace: Path) -> dict[str, Path]:
    """Name of each reply template -> its file; the workspace's own stand before the shipped ones."""
    found: dict[str, Path] = {}
    for folder in (shipped() / TEMPLATES, workspace / TEMPLATES):
        found |= {path.stem: path for path in sorted(folder.glob("*.j2"))}
    return dict(sorted(found.items()))


def is_own(template: Path | None, workspace: Path) -> bool:
    """Whether the file of a template is the workspace's, not the one that is shipped."""
    return template is not None and template.parent == workspace / TEMPLATES


def require_new(target: Path) -> None:
    """Raises UsageError where there is something of that name, be it a link that leads nowhere."""
    if os.path.lexists(target):
        raise UsageError(f"{target}: is there already", hint="edit it, or choose another name")


def write_new(target: Path, content: bytes) -> None:
    """A new file, never over another, also not over one that somebody makes at this moment. Raises UsageError,
    StorageError; there is then no new file.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644))
    except OSError as error:
        require_new(target)
        raise durable.storage_error(error, target) from error
    try:
        durable.replace(target, [content], mode=0o644)
    except StorageError:
        target.unlink(missing_ok=True)  # the name alone, without a text
        raise
