"""Full text: which messages hold certain words. Built when it is first asked for, and kept from then on.

The words lie in an FTS5 table without the texts, which stand in the journal; ``texts`` says where. A text that
was edited or deleted since stays in it and is passed over (the table ``stale``); after an erasure all of it is
dropped, and built again when it is next asked for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from socialcli.errors import UsageError
from socialcli.queue.facts import MessageLine, decode_erased, message_key, read_message
from socialcli.queue.journal import Line, is_event
from socialcli.queue.schema import in_batches
from socialcli.queue.seen import Placed

# Any language that parts words by spaces; "Málaga" and "malaga" are one word. Without the lengths of the texts,
# which only a ranking would need.
_WORDS = (
    "CREATE VIRTUAL TABLE words USING fts5(text, content='', columnsize=0,"
    " tokenize='unicode61 remove_diacritics 2')"
)
_TEXTS = "CREATE TABLE texts (m INTEGER PRIMARY KEY, n INTEGER, offset INTEGER)"
_AT_ONCE = 16 << 20  # bytes of words gathered before they are written: fewer pieces to be merged later
_BATCH = 4000


class _Said(msgspec.Struct, gc=False):
    id: str
    network: str
    text: str


class _Spoken(msgspec.Struct, gc=False):
    """A line with a message, decoded no further than its words."""

    data: _Said


_decode = msgspec.json.Decoder(_Spoken).decode

Text = tuple[int, int, str]  # number of the ticket, place of the line, the text


class Words:
    """The full text in ``db``; the caller of all but ``find`` holds the transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.built = bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = 'words'").fetchone())

    def add(self, lines: Iterable[Placed]) -> None:
        """What was just folded; nothing where no full text is kept."""
        if not self.built:
            return
        if any(_is_tombstone(line) for line, _, _, _ in lines):
            self._db.execute("DROP TABLE texts")
            self._db.execute("DROP TABLE words")
            self.built = False
            return
        self._insert(self._texts(lines))

    def _texts(self, lines: Iterable[Placed]) -> Iterator[Text]:
        for line, message, offset, _ in lines:
            if message is None and line.event == "edited" and isinstance(line, Line):
                message = read_message(line)  # noqa: PLW2901 - the message of another kind of line
            if message is None:
                continue
            key = message_key(message.network, message.id)
            row = self._db.execute("SELECT n FROM messages WHERE key = ?", (key,)).fetchone()
            if row is not None and row[0] is not None:
                yield row[0], offset, message.text

    def build(self, chunks: Iterable[list[tuple[int, bytes]]]) -> None:
        """Make it from all lines of the journal and the archives, with their places, in their order."""
        self._db.execute(_TEXTS)
        self._db.execute(_WORDS)
        self._db.execute("INSERT INTO words (words, rank) VALUES ('hashsize', ?)", (_AT_ONCE,))
        for chunk in chunks:
            self._insert(self._spoken(chunk))
        self.built = True

    def _spoken(self, chunk: list[tuple[int, bytes]]) -> Iterator[Text]:
        """The texts in these lines. A message under a new handle says nothing new, one that was taken back says
        nothing, and a line that cannot be read is doctor's.
        """
        said = []
        for place, raw in chunk:
            if not is_event(raw, b"message") and not is_event(raw, b"edited"):
                continue
            try:
                one = _decode(raw).data
            except (msgspec.DecodeError, ValueError):
                continue
            if one.text:
                said.append((message_key(one.network, one.id), place, one.text))
        keys = list({key for key, _, _ in said})
        numbers = dict(in_batches(self._db, "SELECT key, n FROM messages WHERE key IN ({})", keys))
        for key, place, text in said:
            n = numbers.get(key)
            if n is not None:
                yield n, place, text

    def _insert(self, texts: Iterable[Text]) -> None:
        texts = iter(texts)
        m = self._db.execute("SELECT coalesce(max(m), 0) FROM texts").fetchone()[0]
        while batch := list(islice(texts, _BATCH)):
            numbered = list(enumerate(batch, m + 1))
            self._db.executemany(
                "INSERT INTO texts VALUES (?,?,?)", [(m, n, offset) for m, (n, offset, _) in numbered]
            )
            self._db.executemany(
                "INSERT INTO words (rowid, text) VALUES (?,?)", [(m, text) for m, (_, _, text) in numbered]
            )
            m += len(batch)

    def find(self, query: str) -> Iterator[int]:
        """Numbers of the tickets with a message that holds what ``query`` (see ``match_expression``) asks for,
        that read in last first; a ticket may come several times.
        """
        sql = (
            "SELECT coalesce((SELECT into_n FROM merged WHERE merged.n = texts.n), texts.n)"
            " FROM words JOIN texts ON texts.m = words.rowid WHERE words MATCH ?"
            " AND NOT EXISTS (SELECT 1 FROM stale WHERE stale.offset = texts.offset) ORDER BY words.rowid DESC"
        )
        for (n,) in self._db.execute(sql, (query,)):
            yield n


def _is_tombstone(line: Line | MessageLine) -> bool:
    """Of what somebody asked to forget; what its author deleted is stale, and passed over, anyway."""
    if line.event != "erased" or not isinstance(line, Line):
        return False
    return line.by is not None or decode_erased(line.data).customer is not None


def match_expression(words: str) -> str:
    """What a person types, for FTS5: all words in one message, in any order; "quoted words" stand together;
    bag* is any word that begins so. Raises UsageError where there is no word.
    """
    parts = []
    for number, piece in enumerate(words.split('"')):
        if number % 2:
            parts.append((piece, ""))
        else:
            parts += [(word.rstrip("*"), "*" if word.endswith("*") else "") for word in piece.split()]
    asked = [f'"{word}"{star}' for word, star in parts if any(letter.isalnum() for letter in word)]
    if not asked:
        raise UsageError(f'--match: there is no word in "{words}"', hint='such as: --match "lost bag"')
    return " ".join(asked).replace("\0", " ")
