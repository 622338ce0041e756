"""Files that survive: locks, appends, whole replacements. Everything that must not be lost is written here.

What is promised, on a file system that keeps fsync's promise:

- ``append`` returns only when the bytes are on disk. A line counts once its line feed is there. A crash in
  the middle leaves an unterminated tail; the next ``append`` sets it aside in ``<file>.torn-<time>`` and goes
  on. If the disk is full, the file is cut back to what it was.
- ``replace`` shows readers the old file or the new one, never a mixture, also after a power cut.
- A lock is held by the kernel and dies with its process. The lock file says who holds it; it is never
  replaced or deleted, since a lock on a file that somebody replaced protects nothing.

Every write, fsync, rename and lock here is a step with a name, at which ``socialcli.failpoints`` can break it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from socialcli.errors import ConflictError, StorageError

_FAIL_POINT = os.environ.get("SOCIALCLI_FAIL_POINT", "")
_BLOCK = 1 << 20


def step(name: str, *, disk: bool = False) -> None:
    """A named moment at which a test may break the program; ``disk``: just before a call that the disk may refuse.

    Raises OSError where ``SOCIALCLI_FAIL_POINT`` asks for it.
    """
    if _FAIL_POINT:
        from socialcli import failpoints

        failpoints.meet(_FAIL_POINT, name, disk=disk)


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
        step("lock:taken")
        yield
    finally:
        if handle >= 0:
            os.close(handle)  # the kernel lets go with the last descriptor
        step("lock:released")


def _open_lock(path: Path) -> int:
    try:
        step("lock:before", disk=True)
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
    ``point`` names the steps: ``<point>:before``, ``:created``, ``:half``, ``:written``, ``:synced``, after an error
    ``:cut``, and ``<point>-torn:...`` around a torn tail. Raises StorageError; the file is then as it was.
    """
    try:
        step(f"{point}:before", disk=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise storage_error(error, path) from error
    try:
        torn = _set_torn_tail_aside(handle, path, f"{point}-torn")
        start = os.lseek(handle, 0, os.SEEK_END)
        if start == 0:  # before the first byte: whatever stands in a file, its name survives
            step(f"{point}:created", disk=True)
            sync_directory(path.parent)
        _write_whole(handle, data, start, point)
        step(f"{point}:synced")
    except OSError as error:
        raise storage_error(error, path) from error
    finally:
        os.close(handle)
    return start, torn


def _write_whole(handle: int, data: bytes, start: int, point: str) -> None:
    """Write ``data`` at the end, which is at ``start``; what does not reach the disk is taken back."""
    try:
        _write_all(handle, data, point)
        step(f"{point}:written", disk=True)
        os.fsync(handle)
    except OSError:
        step(f"{point}:cut", disk=True)
        os.ftruncate(handle, start)
        raise


def _write_all(handle: int, data: bytes, point: str) -> None:
    view = memoryview(data)
    if _FAIL_POINT:
        view = view[os.write(handle, view[: len(view) // 2]) :]
        step(f"{point}:half", disk=True)
    while view:
        view = view[os.write(handle, view) :]


def _set_torn_tail_aside(handle: int, path: Path, point: str) -> Path | None:
    size = os.lseek(handle, 0, os.SEEK_END)
    if size == 0 or os.pread(handle, 1, size - 1) == b"\n":
        return None
    whole = last_line_end(handle, size)
    aside = path.with_name(f"{path.name}.torn-{time.time_ns()}")
    step(f"{point}:before", disk=True)
    copy = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        position = whole
        while block := os.pread(handle, _BLOCK, position):
            _write_all(copy, block, point)
            position += len(block)
        step(f"{point}:written", disk=True)
        os.fsync(copy)
    finally:
        os.close(copy)
    sync_directory(path.parent)
    step(f"{point}:aside", disk=True)
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


def replace(path: Path, blocks: Iterable[bytes], *, mode: int = 0o600, point: str = "replace") -> None:
    """Write a whole file so that a reader, or a power cut, sees the old one or the new one.

    ``point`` names the steps: ``<point>:before``, ``:half`` of each block, ``:written``, ``:synced``, ``:renamed``.
    Raises StorageError; the old file then stands, or, where only its name was not synced, the new one.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        step(f"{point}:before", disk=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
        try:
            for block in blocks:
                _write_all(handle, block, point)
            step(f"{point}:written", disk=True)
            os.fsync(handle)
        finally:
            os.close(handle)
        step(f"{point}:synced", disk=True)
        temporary.replace(path)
        step(f"{point}:renamed", disk=True)
        sync_directory(path.parent)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise storage_error(error, path) from error
    except BaseException:  # the blocks could not be made
        with suppress(OSError):
            temporary.unlink()
        raise


def create(path: Path, data: bytes, *, point: str) -> None:
    """Write a whole file under a name that is free: it is there with all of ``data``, or not at all.

    ``point`` names the steps: ``<point>:before``, ``:half``, ``:written``, ``:synced``, ``:linked``. Raises
    FileExistsError where the name is taken, StorageError.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    named = False
    try:
        step(f"{point}:before", disk=True)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            _write_all(handle, data, point)
            step(f"{point}:written", disk=True)
            os.fsync(handle)
        finally:
            os.close(handle)
        step(f"{point}:synced")
        os.link(temporary, path)  # never over another file
        named = True
        step(f"{point}:linked", disk=True)
        sync_directory(path.parent)
    except FileExistsError:
        raise
    except OSError as error:
        if named:
            with suppress(OSError):
                path.unlink()
        raise storage_error(error, path) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def remove(path: Path, *, point: str) -> None:
    """Delete a file for good. ``point`` names the steps ``<point>:before`` and ``:removed``. Raises StorageError."""
    try:
        step(f"{point}:before", disk=True)
        path.unlink(missing_ok=True)
        step(f"{point}:removed", disk=True)
        sync_directory(path.parent)
    except OSError as error:
        raise storage_error(error, path) from error


def overwrite(path: Path, pieces: Iterable[tuple[int, bytes]], *, point: str) -> None:
    """Overwrite pieces of a file in place, (offset, bytes) each, for a file that others append to without a lock.

    A power cut may leave a piece half written. ``point`` names the steps: ``<point>:before`` each piece,
    ``:written``, ``:synced``. Raises StorageError.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            for offset, piece in pieces:
                step(f"{point}:before", disk=True)
                os.pwrite(handle, piece, offset)
            step(f"{point}:written", disk=True)
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise storage_error(error, path) from error
    step(f"{point}:synced")


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


def chunks(path: Path, start: int, size: int) -> Iterator[list[tuple[int, bytes]]]:
    """As ``lines``, about ``size`` bytes at a time: several times as quick where there are millions."""
    try:
        handle = path.open("rb", buffering=0)
    except FileNotFoundError:
        return
    with handle:
        handle.seek(start)
        offset, rest = start, [b""]
        while block := handle.read(size):
            end = block.rfind(b"\n")
            if end < 0:  # a line longer than a block
                rest.append(block)
                continue
            whole = b"".join((*rest, block[:end]))
            rest = [block[end + 1 :]]
            found = []
            for line in whole.split(b"\n"):
                found.append((offset, line))
                offset += len(line) + 1
            yield found


def mentions(path: Path, words: Sequence[bytes]) -> bool:
    """Whether any of ``words`` stands in the file; a missing one holds none."""
    overlap = max(map(len, words)) - 1
    try:
        handle = path.open("rb", buffering=0)
    except FileNotFoundError:
        return False
    with handle:
        rest = b""
        while block := handle.read(_BLOCK):
            block = rest + block
            if any(word in block for word in words):
                return True
            rest = block[-overlap:]
    return False
