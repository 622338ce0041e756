"""The index ``.socialcli/index.sqlite``: derived, may be deleted at any moment, built again on any doubt.

It remembers which file it folded (device, inode), how far (offset), and the hash of the last line it took; a
mismatch means another journal. Each command folds only what is new. Where the index cannot be written, it is
copied into memory and the new events are folded there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import blake2b
from pathlib import Path

from socialcli import clock
from socialcli.queue import shorter
from socialcli.queue.journal import Journal, event_id
from socialcli.queue.remembered import Remembered
from socialcli.queue.run import Run, brings_tombstones
from socialcli.queue.schema import SCHEMA_VERSION, create, create_indexes, create_indexes_of_people
from socialcli.queue.tables import Tables

_BUSY = 300.0  # seconds one process waits while another folds: a large journal takes its time


class Index:
    """Opens on first use. ``refresh`` makes it agree with the journal."""

    def __init__(self, path: Path, journal: Journal) -> None:
        self._path = path
        self._journal = journal
        self._db: sqlite3.Connection | None = None
        self._tables: Tables | None = None
        self._version = -1
        self._inode = 0  # of the file that is open
        self._in_bulk = False
        self.in_memory = False
        self.new_bad_lines = 0  # met since this process began; all of them stand in the table bad_lines
        self.unknown_events: set[str] = set()
        self.missing_archives: set[str] = set()
        self.lost = 0  # bytes at its end that the journal had when it was folded last, and has no more

    @property
    def db(self) -> sqlite3.Connection:
        """The database, as it was at the last ``refresh``."""
        return self._db if self._db is not None else self.refresh()

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = self._tables = None

    def refresh(self, *, anew: bool = False) -> sqlite3.Connection:
        """Fold what is new in the journal, or ``anew`` all of it, and return the database."""
        if anew:
            self.close()  # tables that somebody still reads from cannot be made again
        if self._db is not None and not self.in_memory and _inode(self._path) != self._inode:
            self.close()  # another process has made it again
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
            delete(self._path)
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
            self._inode = _inode(self._path)
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
            self._forget_if_changed(db)
            return
        db.execute("BEGIN IMMEDIATE")
        try:
            meta = _meta(db)  # another process may have folded it meanwhile
            before, archives = meta, _archives(db)
            if anew or not self._continues(meta, identity) or self._brings_tombstones(meta):
                create(db)
                meta = {}
            self._fold_from(db, meta, identity)
            if not meta and int(before.get("folded", 0)) > size:
                self._note_loss(before, size, archived=_archives(db) > archives)
            db.execute("COMMIT")
        except BaseException:
            self._tables = None
            db.execute("ROLLBACK")
            raise

    def _note_loss(self, meta: dict[str, int | str], size: int, *, archived: bool) -> None:
        """The journal is shorter than when it was folded with this ``meta``; written down before that is forgotten
        if the last line is not there any more. ``archived``: lines went into an archive since.
        """
        folded, last = int(meta["folded"]), str(meta.get("last_id", ""))
        if not last or any(event_id(raw) == last for _, raw in self.lines()):
            self.lost = 0 if archived else folded - size
            return
        self.lost = folded - size
        at = f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"
        shorter.write_down(self._path.parent, shorter.Loss(self.lost, at, folded, last))

    def is_behind(self) -> bool:
        """Whether the journal was rewritten since the last refresh."""
        return _inode(self._journal.path) != int(str(_meta(self.db).get("file", "0")).rpartition(":")[2] or 0)

    def _is_current(self, meta: dict[str, int | str], identity: str, size: int) -> bool:
        if meta.get("folded") != size or meta.get("file") != identity:
            return False
        if not meta.get("indexed") and not self._in_bulk:
            return False
        return size == 0 or self._continues(meta, identity)

    @contextmanager
    def in_bulk(self) -> Iterator[None]:
        """Inside, a new index has only what taking messages in asks for: the rest is made in one go at the end."""
        self._in_bulk = True
        try:
            yield
        finally:
            self._in_bulk = False
        if self._db is not None:
            self.refresh()

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

    def _fold_from(self, db: sqlite3.Connection, meta: dict[str, int | str], identity: str) -> None:
        start, first = int(meta.get("folded", 0)), not meta
        self._recall(db, first=first)
        run = Run(db, self._journal, meta, self._tables)
        if first:
            run.learn()
        fold_to, last, last_line, last_id = start, start, b"", str(meta.get("last_id", ""))
        for chunk in run.chunks(start):
            run.fold(chunk)
            if chunk and chunk[-1][0] >= 0:  # else it is of an archive
                last, last_line = chunk[-1]
                fold_to = last + len(last_line) + 1
                last_id = next((one for _, raw in reversed(chunk) if (one := event_id(raw))), last_id)
        run.finish()
        self.new_bad_lines += run.bad_lines
        self.unknown_events |= run.unknown_events
        self.missing_archives |= run.missing_archives
        if run.missing_archives:
            unread = "\n".join(sorted({*self._unread(db), *run.missing_archives}))
            db.execute("INSERT OR REPLACE INTO meta VALUES ('unread', ?)", (unread,))
        if self._in_bulk:
            create_indexes_of_people(db)
        elif not meta.get("indexed"):
            create_indexes(db)
        if fold_to > start or first or not meta.get("indexed"):
            facts = {
                "indexed": int(not self._in_bulk or bool(meta.get("indexed"))),
                "file": identity,
                "folded": fold_to,
                "high": run.seen.high,
                "rising": int(run.seen.rising),
            }
            if fold_to > start:
                facts |= {"last": last, "last_id": last_id, "hash": _hash(last_line + b"\n")}
            db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())

    def _brings_tombstones(self, meta: dict[str, int | str]) -> bool:
        return bool(meta) and brings_tombstones(self._journal, int(meta.get("folded", 0)))

    def _forget_if_changed(self, db: sqlite3.Connection) -> None:
        """Another process folded what is new: what this one remembers is not all any more."""
        if self._tables is not None and db.execute("PRAGMA data_version").fetchone()[0] != self._version:
            self._tables = None

    def _recall(self, db: sqlite3.Connection, *, first: bool) -> None:
        """What was read and written before is still so, unless another process has written in the index since."""
        version = int(db.execute("PRAGMA data_version").fetchone()[0])
        if first:
            self._tables = Tables(db, Remembered())
        elif self._tables is None or version != self._version:
            self._tables = Tables(db)
        self._version = version

    def unread(self) -> list[str]:
        """The archives that could not be read when the journal was folded, and why; whoever folded it."""
        return self._unread(self.db)

    @staticmethod
    def _unread(db: sqlite3.Connection) -> list[str]:
        row = db.execute("SELECT value FROM meta WHERE key = 'unread'").fetchone()
        return [] if row is None else str(row[0]).split("\n")

    def may_hold(self, key: str) -> bool:
        """False: no message is known under this ``message_key``, and no ticket by this anchor."""
        return self._tables is None or self._tables.may_hold(key)

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """All lines of the journal with their places, and behind an event that names an archive those of the
        archive.
        """
        for chunk in self.chunks():
            yield from chunk

    def chunks(self) -> Iterator[list[tuple[int, bytes]]]:
        """As ``lines``, many at a time."""
        return Run(self.db, self._journal).chunks(0)


def delete(path: Path) -> None:
    """Delete an index: the next command builds it again. Raises OSError."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _meta(db: sqlite3.Connection) -> dict[str, int | str]:
    return dict(db.execute("SELECT key, value FROM meta").fetchall())


def _archives(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT count(*) FROM archives").fetchone()[0])


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


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def _hash(line: bytes) -> str:
    return blake2b(line, digest_size=16).hexdigest()


def _cannot_write(error: sqlite3.DatabaseError) -> bool:
    words = str(error)
    return any(word in words for word in ("readonly", "unable to open", "full", "disk I/O", "locked"))
