"""The index ``.socialcli/index.sqlite``: derived, may be deleted at any moment, built again on any doubt.

It remembers which file it folded (device, inode), how far (offset), and the hash of the last line it took; a
mismatch means another journal. Each command folds only what is new. Where the index cannot be written, it is
copied into memory and the new events are folded there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import blake2b
from itertools import islice
from pathlib import Path

import msgspec

from socialcli.queue.facts import message_keys, message_of
from socialcli.queue.fold import Fold
from socialcli.queue.journal import Journal, decode_line
from socialcli.queue.seen import Placed, new_events
from socialcli.queue.tables import SCHEMA_VERSION, Tables, create, create_indexes

_CHUNK = 4000  # lines folded between two write-backs
# What a line may raise that is JSON and still no event: whatever stands in it, the other lines count.
_NO_EVENT = (msgspec.DecodeError, ValueError, TypeError, OverflowError, OSError)
_BUSY = 20.0  # seconds one process waits while another folds


class Index:
    """Opens on first use. ``refresh`` makes it agree with the journal."""

    def __init__(self, path: Path, journal: Journal) -> None:
        self._path = path
        self._journal = journal
        self._db: sqlite3.Connection | None = None
        self.in_memory = False
        self.new_bad_lines = 0  # met since this process began; all of them stand in the table bad_lines
        self.unknown_events: set[str] = set()

    @property
    def db(self) -> sqlite3.Connection:
        """The database, as it was at the last ``refresh``."""
        return self._db if self._db is not None else self.refresh()

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def refresh(self, *, anew: bool = False) -> sqlite3.Connection:
        """Fold what is new in the journal, or ``anew`` all of it, and return the database."""
        if anew:
            self.close()  # tables that somebody still reads from cannot be made again
        for attempt in (1, 2):
            try:
                self._db = self._db or self._open()
                self._catch_up(self._db, anew=anew)
            except sqlite3.DatabaseError as error:
                self.close()
                if _cannot_write(error) or attempt == 2:  # noqa: PLR2004
                    self.in_memory = True
                else:
                    self._delete()
            else:
                return self._db
        self._db = self._open()
        self._catch_up(self._db, anew=anew)
        return self._db

    def build_again(self) -> sqlite3.Connection:
        """Throw away what turned out to be damaged."""
        self.close()
        self._delete()
        return self.refresh()

    def _delete(self) -> None:
        try:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self._path}{suffix}").unlink(missing_ok=True)
        except OSError:
            self.in_memory = True

    def _open(self) -> sqlite3.Connection:
        if self.in_memory:
            return self._open_in_memory()
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            self.in_memory = True
            return self._open_in_memory()
        db = sqlite3.connect(self._path, timeout=_BUSY, isolation_level=None)
        try:
            if db.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
                db.execute("PRAGMA journal_mode = WAL")
                _create_once(db)
            _quick(db)
        except sqlite3.DatabaseError:
            db.close()
            raise
        return db

    def _open_in_memory(self) -> sqlite3.Connection:
        db = sqlite3.connect(":memory:", isolation_level=None)
        try:
            if not Path(f"{self._path}-wal").exists():  # else the file alone may be half of the truth
                self._copy_into(db)
        except (sqlite3.Error, OSError):
            db.close()
            db = sqlite3.connect(":memory:", isolation_level=None)
        _create_once(db)
        return db

    def _copy_into(self, db: sqlite3.Connection) -> None:
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro&immutable=1", uri=True)) as old:
            if old.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION:
                old.backup(db)

    def _catch_up(self, db: sqlite3.Connection, *, anew: bool) -> None:
        try:
            state = self._journal.path.stat()
            identity, size = f"{state.st_dev}:{state.st_ino}", state.st_size
        except FileNotFoundError:
            identity, size = "none", 0
        if not anew and self._is_current(_meta(db), identity, size):
            return
        db.execute("BEGIN IMMEDIATE")
        try:
            meta = _meta(db)  # another process may have folded it meanwhile
            if anew or not self._continues(meta, identity):
                create(db)
                meta = {}
            self._fold_from(db, int(meta.get("folded", 0)), identity, first=not meta)
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise

    def _is_current(self, meta: dict[str, int | str], identity: str, size: int) -> bool:
        if meta.get("folded") != size or meta.get("file") != identity:
            return False
        return size == 0 or self._continues(meta, identity)

    def _continues(self, meta: dict[str, int | str], identity: str) -> bool:
        """Whether the journal still begins with what was folded."""
        folded, start = int(meta.get("folded", 0)), int(meta.get("last", 0))
        if folded == 0:
            return not meta
        if meta.get("file") != identity:
            return False
        with self._journal.path.open("rb") as handle:
            handle.seek(start)
            return _hash(handle.read(folded - start)) == meta.get("hash")

    def _fold_from(self, db: sqlite3.Connection, start: int, identity: str, *, first: bool) -> None:
        fold_to, last, last_line = start, start, b""
        source = self._journal.lines(start)
        while chunk := list(islice(source, _CHUNK)):
            self._fold_chunk(db, chunk)
            last, last_line = chunk[-1]
            fold_to = last + len(last_line) + 1
        if first:
            create_indexes(db)
        if fold_to > start or first:
            facts = {"file": identity, "folded": fold_to}
            if fold_to > start:
                facts |= {"last": last, "hash": _hash(last_line + b"\n")}
            db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())

    def _fold_chunk(self, db: sqlite3.Connection, chunk: list[tuple[int, bytes]]) -> None:
        tables = Tables(db)
        lines = new_events(db, self._journal.path, list(self._decoded(chunk, tables)))
        tables.prefetch(
            [line.ticket for line, _, _, _ in lines if line.ticket is not None],
            [key for _, message, _, _ in lines if message is not None for key in message_keys(message)],
        )
        fold = Fold(tables)
        for line, message, offset, length in lines:
            try:
                if not fold.apply(line, message, offset, length):
                    self.unknown_events.add(line.event)
            except _NO_EVENT as error:
                self._bad_line(tables, offset, f"{line.event}: {error}")
        fold.flush()

    def _decoded(self, chunk: list[tuple[int, bytes]], tables: Tables) -> Iterator[Placed]:
        for offset, raw in chunk:
            try:
                line = decode_line(raw)
                yield line, message_of(line), offset, len(raw)
            except _NO_EVENT as error:
                if raw.strip():
                    self._bad_line(tables, offset, str(error))

    def _bad_line(self, tables: Tables, offset: int, reason: str) -> None:
        self.new_bad_lines += 1
        tables.add_bad_line(offset, reason)


def _meta(db: sqlite3.Connection) -> dict[str, int | str]:
    return dict(db.execute("SELECT key, value FROM meta").fetchall())


def _quick(db: sqlite3.Connection) -> None:
    # The index can be built again: it need not survive a power cut.
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -65536")


def _create_once(db: sqlite3.Connection) -> None:
    """Make the tables unless another process just did."""
    db.execute("BEGIN IMMEDIATE")
    if db.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
        create(db)
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    db.execute("COMMIT")


def _hash(line: bytes) -> str:
    return blake2b(line, digest_size=16).hexdigest()


def _cannot_write(error: sqlite3.DatabaseError) -> bool:
    words = str(error)
    return any(word in words for word in ("readonly", "unable to open", "full", "disk I/O", "locked"))
