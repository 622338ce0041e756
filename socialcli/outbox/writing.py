"""What an agent is writing, kept while they write: ``.socialcli/writing/<ticket>-<agent>.json``, one line of JSON.

A file is replaced as a whole, so that whoever is killed leaves the text as it was at the last pause. It goes away
when the journal has the text (posted, saved, waiting for approval), and when the customer is erased. Beside it
may lie ``....txt``: the text while another editor has it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from socialcli import durable
from socialcli.text.clean import clean

FOLDER = "writing"
_MOST_EARLIER = 5  # texts that were put aside for another beginning
_LONGEST = 200_000  # characters of one text that are kept; the longest post has 10,000


class Written(msgspec.Struct, frozen=True):
    """``text`` is the newest; ``earlier`` what was begun before, newest first. ``target``: the message that it
    answers, by which an erasure finds it. ``by_program``, ``put_into_theirs``: what programs wrote, to be marked so
    wherever it is gone on with as it is.
    """

    ticket: str
    agent: str
    target: str
    text: str
    at: datetime  # aware, UTC
    earlier: tuple[str, ...] = ()
    by_program: str = ""
    put_into_theirs: str = ""

    def texts(self) -> tuple[str, ...]:
        """All that is worth offering again, newest first."""
        return tuple(dict.fromkeys(one for one in (self.text, *self.earlier) if one.strip()))


class Keeper:
    """Keeps what one agent writes on one ticket. ``momentary``: the folder ``.socialcli``."""

    def __init__(self, momentary: Path, ticket: str, agent: str, target: str) -> None:
        self._folder = momentary / FOLDER
        name = re.sub(r"[^\w-]", "_", f"{ticket}-{agent}")
        self.path = self._folder / f"{name}.json"
        self.outside = self._folder / f"{name}.txt"
        self._ticket, self._agent, self.target = ticket, agent, target
        self._before = self._read()
        self.by_program = self._before.by_program if self._before else ""
        self.put_into_theirs = self._before.put_into_theirs if self._before else ""
        self._text: str | None = None  # as it stands in the file, once this run has written it
        self._emptied: tuple[str, ...] = ()  # what was taken away as a whole, or written over

    def found(self) -> tuple[str, ...]:
        """What was left by an earlier run, newest first."""
        aside = _read_text(self.outside)
        kept = self._before.texts() if self._before is not None else ()
        return tuple(dict.fromkeys((*([aside] if aside else []), *kept)))

    def stands(self) -> tuple[str, ...]:
        """What is kept now, newest first; what this run wrote, too."""
        written = self._read()
        return tuple(dict.fromkeys((*(written.texts() if written is not None else ()), *self.found())))

    def keep(self, text: str, at: datetime) -> None:
        """Raises StorageError. A text that stands in the file already is not written again."""
        text = text[:_LONGEST]
        if text == self._text or (self._text is None and not text.strip()):
            return
        if not text.strip() and self._text:
            self._emptied = (self._text, *self._emptied)
        other = self._read() if self._text is not None else None
        if other is not None and other.text != self._text:  # of the same agent, at another terminal
            self._emptied = (other.text, *self._emptied)
        marked = (self.by_program, self.put_into_theirs)
        written = Written(self._ticket, self._agent, self.target, text, at, self._earlier(text), *marked)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise durable.storage_error(error, self._folder) from error
        durable.replace(self.path, [msgspec.json.encode(written) + b"\n"], point="writing")
        self._text = text

    def hand_out(self, text: str) -> Path:
        """The file in which another editor finds the text. Raises StorageError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        durable.replace(self.outside, [text.encode() + b"\n"], point="writing-out")
        return self.outside

    def take_back(self, at: datetime) -> str:
        """What the other editor left. Raises StorageError."""
        text = _read_text(self.outside)
        self.keep(text, at)
        durable.remove(self.outside, point="writing-back")
        return text

    def was_taken(self) -> bool:
        """Whether somebody removed the file that this run wrote."""
        return self._text is not None and not self.path.exists()

    def drop(self) -> None:
        """The text stands elsewhere, or is wanted no more. Raises StorageError."""
        for path in (self.path, self.outside):
            if path.exists():
                durable.remove(path, point="writing-over")
        self._text = self._before = None

    def _earlier(self, text: str) -> tuple[str, ...]:
        """What this run found, and did not go on with."""
        both = dict.fromkeys((*self._emptied, *self.found()))
        return tuple(one for one in both if one != text)[:_MOST_EARLIER]

    def _read(self) -> Written | None:
        with suppress(OSError, msgspec.DecodeError, ValueError):
            return msgspec.json.decode(self.path.read_bytes(), type=Written)
        return None


def _read_text(path: Path) -> str:
    with suppress(OSError):
        return clean(_decoded(path.read_bytes())).rstrip("\n")
    return ""


def _decoded(written: bytes) -> str:
    """UTF-8, else what an editor of another locale writes: no letter of it is lost."""
    try:
        text = written.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = written.decode("cp1252", "replace")
    return text[:_LONGEST]
