"""Files that survive: locks, appends, whole replacements. Everything that must not be lost is written here.

What is promised, on a file system that keeps fsync's promise:

- ``append`` returns only when the bytes are on disk. A line counts once its line feed is there. A crash in
  the middle leaves an unterminated tail; the next ``append`` sets it aside in ``<file>.torn-<time>`` and goes
  on. If the disk is full, the file is cut back to what it was.
- ``replace`` shows readers the old file or the new one, never a mixture, also after a power cut.
- A lock is held by the kernel and dies with its process. The lock file says who holds it; it is never
  replaced or deleted, since a lock on a file that somebody replaced protects nothing.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from socialcli.errors import ConflictError, StorageError

_FAIL_POINT, _, _FAIL_TIME = os.environ.get("SOCIALCLI_FAIL_POINT", "").partition("@")
_passes = count(1)  # how often the fail point was met
_BLOCK = 1 << 20


def step(name: str) -> None:
    """A named moment at which a test may kill the process: ``SOCIALCLI_FAIL_POINT=name``, or ``name@2`` for
    the second time it is met.
    """
    if name == _FAIL_POINT and next(_passes) == int(_FAIL_TIME or 1):
        import signal

        os.kill(os.getpid(), signal.SIGKILL)


def storage_error(error: OSError, path: Path | str) -> StorageError:
    """What the disk said, in words, with the next step."""
    reasons = {
        errno.ENOSPC: ("the disk is full", "free some space and run the same command again"),
        errno.EDQUOT: ("the disk quota is used up", "free some space and run the same command again"),
        errno.EROFS: ("the file system is read-only", "choose a workspace that can be written (-w DIR)"),
        errno.EACCES: ("no permission to write", "check who owns it, or choose another workspace (-w DIR)"),
        errno.EPERM: ("no permission to write", "check who owns it, or choose another workspace (-w DIR)"),
    }
    what, hint = reasons.get(error.errno or 0, ((error.strerror or str(error)).lower(), "nothing was lost"))
    return StorageError(f"{path}: {what}", hint=hint)


class LockHeldError(ConflictError):
    """Somebody else holds the lock ``name``; ``holder`` is what the lock file says of them."""

    def __init__(self, name: str, holder: str) -> None:
        super().__init__(
            f"{name} is locked by {holder or 'another process'}", hint="wait for it to end and run this again"
        )
        self.holder = holder


@contextmanager
def lock(path: Path, name: str, *, wait: float = 10.0) -> Iterator[None]:
    """Hold ``path`` exclusively. Waits up to ``wait`` seconds (wall time), then raises LockHeldError.

    Raises StorageError where the lock file cannot be made.
    """
    handle = _open_lock(path)
    try:
        deadline = time.monotonic() + wait
        pause = 0.001
        while not (locked := _try_lock(handle)) or not _is_at(handle, path):
            if locked:  # the file was deleted meanwhile: a lock on it protects nothing
                os.close(handle)
                handle = -1
                handle = _open_lock(path)
                continue
            if time.monotonic() >= deadline:
                raise LockHeldError(name, os.pread(handle, 200, 0).decode("utf-8", "replace").strip())
            time.sleep(pause)
            pause = min(pause * 1.5, 0.02)
        _sign(handle)
        yield
    finally:
        if handle >= 0:
            os.close(handle)  # the kernel lets go with the last descriptor


def _open_lock(path: Path) -> int:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise storage_error(error, path) from error


def _sign(handle: int) -> None:
    """Say in the lock file who holds it: a courtesy, which a full disk may refuse."""
    started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    with suppress(OSError):
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"process {os.getpid()}, since {started}\n".encode(), 0)


def _is_at(handle: int, path: Path) -> bool:
    """Whether ``path`` is still the file that is open."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_locked(path: Path) -> bool:
    """Whether a live process holds the lock (a look, not a promise)."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return not _try_lock(handle)
    finally:
        os.close(handle)


def append(path: Path, data: bytes, *, point: str) -> tuple[int, Path | None]:
    """Append whole lines durably; the caller holds the lock of this file.

    Returns the offset where ``data`` begins and, if there was one, where a torn tail was set aside.
    ``point`` names the fail points: ``<point>:before``, ``:half``, ``:written``, ``:synced``.
    Raises StorageError; the file is then as it was.
    """
    step(f"{point}:before")
    try:
        existed = path.exists()
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise storage_error(error, path) from error
    try:
        torn = _set_torn_tail_aside(handle, path)
        start = os.lseek(handle, 0, os.SEEK_END)
        try:
            _write_all(handle, data, point)
            step(f"{point}:written")
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, start)
            raise
        if not existed:
            sync_directory(path.parent)
        step(f"{point}:synced")
    except OSError as error:
        raise storage_error(error, path) from error
    finally:
        os.close(handle)
    return start, torn


def _write_all(handle: int, data: bytes, point: str) -> None:
    view = memoryview(data)
    if f"{point}:half" == _FAIL_POINT:
        view = view[os.write(handle, view[: len(view) // 2]) :]
        step(f"{point}:half")
    while view:
        view = view[os.write(handle, view) :]


def _set_torn_tail_aside(handle: int, path: Path) -> Path | None:
    size = os.lseek(handle, 0, os.SEEK_END)
    if size == 0 or os.pread(handle, 1, size - 1) == b"\n":
        return None
    whole = last_line_end(handle, size)
    aside = path.with_name(f"{path.name}.torn-{time.time_ns()}")
    copy = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        position = whole
        while block := os.pread(handle, _BLOCK, position):
            view = memoryview(block)
            while view:
                view = view[os.write(copy, view) :]
            position += len(block)
        os.fsync(copy)
    finally:
        os.close(copy)
    sync_directory(path.parent)
    os.ftruncate(handle, whole)
    return aside


def last_line_end(handle: int, size: int) -> int:
    """Offset just behind the last line feed before ``size``; 0 if there is none."""
    end = size
    while end > 0:
        start = max(0, end - _BLOCK)
        found = os.pread(handle, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def replace(path: Path, blocks: Iterable[bytes], *, mode: int = 0o600) -> None:
    """Write a whole file so that a reader, or a power cut, sees the old one or the new one.

    Raises StorageError; the old file then stands.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
        try:
            for block in blocks:
                view = memoryview(block)
                while view:
                    view = view[os.write(handle, view) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        temporary.replace(path)
        sync_directory(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise storage_error(error, path) from error


def sync_directory(directory: Path) -> None:
    """Make a new name in ``directory`` survive a power cut."""
    handle = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def lines(path: Path, start: int = 0, *, end: int | None = None) -> Iterator[tuple[int, bytes]]:
    """Whole lines as (offset, line without its line feed), from ``start``; stops before an unterminated one.

    ``end`` stops at that offset. A missing file has no lines. Memory: one block and the longest line.
    """
    try:
        handle = path.open("rb", buffering=_BLOCK)
    except FileNotFoundError:
        return
    with handle:
        handle.seek(start)
        offset = start
        for line in handle:
            if not line.endswith(b"\n") or (end is not None and offset >= end):
                return
            yield offset, line[:-1]
            offset += len(line)
