"""Texts from files, standard input and the command line: checked, and mended with ``--fix``."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from socialcli import durable
from socialcli.compose.fixing import Look, fix
from socialcli.errors import UsageError
from socialcli.linting.places import placed
from socialcli.model.linted import Fixed, Linted
from socialcli.policy.schema import Agent, Policy
from socialcli.text.clean import clean
from socialcli.workspace import unreadable

_MARK = "\ufeff"  # at the beginning of a file: says how it is encoded, and is no part of the text


class Given(NamedTuple):
    """A text to check. ``file`` is None for one of the command line, "-" for standard input; ``before`` and
    ``after`` are what stands around the text in its file.
    """

    file: str | None
    text: str
    before: str = ""
    after: str = ""


def given(files: tuple[str, ...], text: str | None) -> list[Given]:
    """Raises UsageError for what cannot be read."""
    if text is not None:
        return [Given(None, clean(text))]
    if not files:
        raise UsageError("nothing to check", hint='name a file, "-" for standard input, or give --text')
    return [_read(name) for name in files]


def _read(name: str) -> Given:
    """The text of a file; the line feed that ends it is not part of the text."""
    if not name:
        raise UsageError("a file without a name", hint='name a file, "-" for standard input, or give --text')
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        whole = clean(content.decode("utf-8"))
    except OSError as error:
        raise unreadable(name, error) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is not UTF-8 (byte {error.start + 1})") from error
    text = whole.removeprefix(_MARK).removesuffix("\n")
    before = _MARK if whole.startswith(_MARK) else ""
    return Given(name, text, before, whole[len(before) + len(text) :])


def looked(texts: list[Given], look: Look) -> Iterator[Linted]:
    for one in texts:
        found = look(one.text)
        yield Linted(found, placed(one.file, one.text, found.findings))


def mended(texts: list[Given], look: Look, policy: Policy, agent: Agent | None) -> Iterator[Linted]:
    """The texts after mending. Files are written again where that changed something. Raises StorageError."""
    for one in texts:
        better = fix(one.text, policy, look, agent)
        changed = better.text != one.text
        if changed and one.file not in (None, "-"):
            _write(Path(one.file), one.before + better.text + one.after)
        record = Fixed(one.file, changed, better.text, better.rules, better.check)
        yield Linted(record, placed(one.file, better.text, better.check.findings))


def _write(path: Path, content: str) -> None:
    """A link stays a link, and the mode of the file stays."""
    target = path.resolve()
    mode = stat.S_IMODE(target.stat().st_mode)
    durable.replace(target, [content.encode()], mode=mode)
