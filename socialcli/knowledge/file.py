"""``kb.jsonl``: read with all its mistakes, and appended to."""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Struct

from socialcli import durable
from socialcli.errors import InvalidError, UsageError
from socialcli.model.knowledge import Entry
from socialcli.text.clean import clean

NAME = "kb.jsonl"
_MOST = 256 << 20  # bytes of the file; ten thousand entries have five million
_MOST_TEXT = 20_000  # characters of a question or an answer
_TOLD = 10  # mistakes that are listed
_LANGUAGE = 2  # letters


class Knowledge(Struct, frozen=True):
    """The entries, each once, in the order of the file; ``mistakes``: lines that are none, with their numbers."""

    entries: tuple[Entry, ...]
    mistakes: tuple[str, ...] = ()

    def error(self) -> InvalidError | None:
        """What is to be said of the mistakes."""
        if not self.mistakes:
            return None
        more = len(self.mistakes) - _TOLD
        told = (*self.mistakes[:_TOLD], *([f"and {more:,} more"] if more > 0 else []))
        return InvalidError(f"{NAME}: lines that are no entries", told, hint="mend or remove these lines")


class _Line(Struct):
    question: str
    answer: str
    link: str | None = None
    topic: str | None = None
    language: str | None = None
    id: str | None = None


_decode = msgspec.json.Decoder(_Line).decode


def read(workspace: Path) -> Knowledge:
    """All of it; nothing where there is no file. Raises UsageError for one that cannot be read."""
    path = workspace / NAME
    entries: dict[str, Entry] = {}
    mistakes: list[str] = []
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            found = _entry(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)
        except (ValueError, RecursionError) as error:
            mistakes.append(f"{NAME}:{number}: {error}")
        else:
            entries.setdefault(found.id, found)
    return Knowledge(tuple(entries.values()), tuple(mistakes))


def links(workspace: Path) -> frozenset[str]:
    """The addresses that the entries link to, as they are written; a file that cannot be read vouches for none."""
    try:
        return frozenset(one.link for one in read(workspace).entries if one.link is not None)
    except UsageError:
        return frozenset()


def add(workspace: Path, entries: Iterable[Entry]) -> int:
    """Append those that are new; how many these are. Raises LockHeldError, StorageError, UsageError."""
    path = workspace / NAME
    with durable.lock(workspace / ".socialcli" / "kb.lock", NAME):
        known = {one.id for one in read(workspace).entries}
        new = {one.id: one for one in entries if one.id not in known}
        if new:
            _append(path, b"".join(_encoded(one) for one in new.values()))
    return len(new)


def entry(
    question: str, answer: str, link: str | None = None, topic: str | None = None, language: str | None = None
) -> Entry:
    """What these words make. The same words have the same id. Raises ValueError for what is no entry."""
    question, answer = clean(question).strip(), clean(answer).strip()
    link, topic, language = (clean(one or "").strip() for one in (link, topic, language))
    if not question or not answer:
        raise ValueError(f"the {'answer' if question else 'question'} is empty")
    if max(len(question), len(answer)) > _MOST_TEXT:
        raise ValueError(f"longer than {_MOST_TEXT:,} characters")
    if link and not _address().fullmatch(link):
        raise ValueError(f'the link "{link[:60]}" is no address: https://...')
    if language and not (len(language) == _LANGUAGE and language.isascii() and language.isalpha()):
        raise ValueError(f'the language "{language[:20]}" is none: two letters, such as en')
    parts = (question, answer, link, topic, language.lower())
    digest = blake2b("\0".join(parts).encode(), digest_size=8).digest()
    name = b32encode(digest)[:12].decode().lower()
    return Entry(name, question, answer, link or None, topic or None, parts[4] or None)


@cache
def _address() -> re.Pattern[str]:
    """A web address without spaces, and without a name before an @ that looks like the host."""
    return re.compile(r"https?://[^\s/?#@]+(?:[/?#]\S*)?")


def _entry(line: bytes) -> Entry:
    """One line. Raises ValueError."""
    found = _decode(line)
    made = entry(found.question, found.answer, found.link, found.topic, found.language)
    name = clean(found.id).strip() if found.id is not None else ""
    return msgspec.structs.replace(made, id=name) if name else made


def _lines(path: Path) -> list[bytes]:
    try:
        if path.stat().st_size > _MOST or not path.is_file():
            raise UsageError(f"{path}: is no plain file of at most {_MOST >> 20} MB")
        return path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UsageError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from error


def _append(path: Path, lines: bytes) -> None:
    """Where somebody's editor left the last entry without a line feed, it stays: such a file is written anew. Half an
    entry, which a crash leaves, is set aside in a file of its own.
    """
    written = path.read_bytes() if path.exists() else b""
    if _is_entry(written.rpartition(b"\n")[2]):
        durable.replace(path, (written, b"\n", lines), mode=path.stat().st_mode & 0o777, point="kb-anew")
    else:
        durable.append(path, lines, point="kb")


def _is_entry(line: bytes) -> bool:
    try:
        _entry(line)
    except (ValueError, RecursionError):
        return False
    return True


def _encoded(one: Entry) -> bytes:
    fields = msgspec.structs.asdict(one)
    return msgspec.json.encode({name: value for name, value in fields.items() if value is not None}) + b"\n"
