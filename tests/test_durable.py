"""Files that survive: torn tails, full and read-only disks, locks."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from socialcli import durable
from socialcli.errors import Exit, StorageError
from tests.conftest import COMMAND, PATIENCE, Cli
from tests.samples import NOW, answer, complaints

BLOCK = 1 << 20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def append(path: Path, data: bytes) -> tuple[int, Path | None]:
    return durable.append(path, data, point="test")


def aside(path: Path) -> list[bytes]:
    return [one.read_bytes() for one in sorted(path.parent.glob(f"{path.name}.torn-*"))]


# appending


def test_append_returns_where_it_wrote(path: Path) -> None:
    assert [append(path, b"one\n"), append(path, b"two\nthree\n")] == [(0, None), (4, None)]
    assert path.read_bytes() == b"one\ntwo\nthree\n"
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("before", [b"", b"one\n", b"one\ntwo\n", b"x" * BLOCK + b"\n"])
@pytest.mark.parametrize("tail", [b'{"half', b"\0", b"\xff" * (2 * BLOCK + 7)])
def test_a_torn_tail_is_set_aside_whole(path: Path, before: bytes, tail: bytes) -> None:
    path.write_bytes(before + tail)
    start, torn = append(path, b"next\n")
    assert path.read_bytes() == before + b"next\n"
    assert start == len(before)
    assert torn is not None
    assert aside(path) == [torn.read_bytes()] == [tail]
    assert torn.stat().st_mode & 0o777 == 0o600


def test_every_torn_tail_has_a_file_of_its_own(path: Path) -> None:
    for tail in (b"first", b"second"):
        with path.open("ab") as file:
            file.write(tail)
        append(path, b"next\n")
    assert aside(path) == [b"first", b"second"]


def test_whole_lines_stop_before_an_unterminated_one(path: Path) -> None:
    path.write_bytes(b"one\n\ntwo\r\nthree\nhalf")
    assert list(durable.lines(path)) == [(0, b"one"), (4, b""), (5, b"two\r"), (10, b"three")]
    assert list(durable.lines(path, 5)) == [(5, b"two\r"), (10, b"three")]
    assert list(durable.lines(path, 4, end=10)) == [(4, b""), (5, b"two\r")]
    assert list(durable.lines(path.with_name("missing"))) == []


# a full disk


def limited_files(size: int) -> Callable[[], None]:
    """For a child process: no file may grow beyond ``size`` bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_file_that_cannot_grow_is_cut_back(path: Path) -> None:
    """Half of the bytes fit: none of them stay."""
    append(path, b"one\n")
    script = (
        "import sys; from pathlib import Path; from socialcli import durable\n"
        "try: durable.append(Path(sys.argv[1]), b'x' * 5000 + b'\\n', point='test')\n"
        "except durable.StorageError as error: sys.exit(error.message)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        preexec_fn=limited_files(3000),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.strip() == f"{path}: file too large"
    assert path.read_bytes() == b"one\n"
    assert append(path, b"two\n") == (4, None)


def test_a_fetch_that_does_not_fit_takes_in_nothing_or_whole_chunks(cli: Cli) -> None:
    rows = cli.write("mentions.jsonl", *complaints(1000))
    command = ("fetch", "--from", str(rows), "--json")
    done = subprocess.run(
        [COMMAND, "-w", str(cli.workspace), "--now", NOW, *command],
        preexec_fn=limited_files(100_000),
        env=cli.env,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout) == (Exit.FAILED, "")
    assert "queue.jsonl: file too large" in done.stderr
    assert (cli.workspace / "queue.jsonl").read_bytes() == b""
    assert cli("list", "--json").records == []
    assert cli(*command, now=NOW).record["new"] == 1000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, 1 MiB."""
    if os.geteuid() != 0:
        pytest.skip("skipped: only root can mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(disk)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"skipped: a small disk cannot be mounted here: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path) -> Path:
    """Use up the disk to the last byte; delete the file to free it again."""
    filler = disk / "filler"
    with pytest.raises(OSError, match="No space left"):
        write_for_ever(filler)
    return filler


def write_for_ever(path: Path) -> None:
    with path.open("ab", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)


def test_a_full_disk_leaves_the_file_as_it_was(small_disk: Path) -> None:
    path = small_disk / "journal.jsonl"
    append(path, b"one\n")
    filler = fill(small_disk)
    with pytest.raises(StorageError, match="the disk is full") as caught:
        append(path, b"x" * 10_000 + b"\n")
    assert caught.value.exit_code == Exit.FAILED
    assert "run the same command again" in caught.value.hint
    assert path.read_bytes() == b"one\n"
    filler.unlink()
    assert append(path, b"two\n") == (4, None)


def test_a_full_disk_keeps_a_torn_tail_where_it_is(small_disk: Path) -> None:
    path = small_disk / "journal.jsonl"
    torn = b"one\n" + b"half" * 5000
    path.write_bytes(torn)
    filler = fill(small_disk)
    with pytest.raises(StorageError, match="the disk is full"):
        append(path, b"two\n")
    assert path.read_bytes() == torn
    filler.unlink()
    append(path, b"two\n")
    assert path.read_bytes() == b"one\ntwo\n"
    assert torn[4:] in aside(path)


def test_a_full_disk_keeps_the_old_file(small_disk: Path) -> None:
    path = small_disk / "whole"
    durable.replace(path, [b"old"])
    fill(small_disk)
    with pytest.raises(StorageError, match="the disk is full"):
        durable.replace(path, [b"new" * 10_000])
    assert path.read_bytes() == b"old"
    assert sorted(one.name for one in small_disk.iterdir()) == ["filler", "whole"]


@pytest.fixture
def small_cli(small_disk: Path, cli: Cli) -> Cli:
    """The program with a workspace on a small disk, one complaint in it."""
    cli.workspace = small_disk
    cli.write("inbox.jsonl", *complaints(1))
    assert cli("fetch", now=NOW).code == 0
    assert cli("triage", now=NOW).code == 0
    return cli


def test_the_program_on_a_full_disk(small_cli: Cli) -> None:
    ticket = small_cli("list", "--json").record["id"]
    reply = ("reply", ticket, "--text", answer(1), "--as", "sb", "--yes", "--json")
    filler = fill(small_cli.workspace)
    use_up_the_last_page(small_cli, ticket)
    journal = (small_cli.workspace / "queue.jsonl").read_bytes()
    failed = small_cli(*reply, now=NOW)
    assert (failed.code, failed.out) == (Exit.FAILED, "")
    assert "the disk is full" in failed.error["message"]
    assert (small_cli.workspace / "queue.jsonl").read_bytes() == journal
    assert small_cli.lines("outbox.jsonl") == []
    assert small_cli("list", "--json").record["id"] == ticket  # reading still works
    filler.unlink()
    sent = small_cli(*reply, now=NOW)
    assert (sent.code, sent.record["state"]) == (0, "sent"), sent.err
    assert len(small_cli.lines("outbox.jsonl")) == 1


def use_up_the_last_page(cli: Cli, ticket: str) -> None:
    """A file may still grow into the page that it has: fill it with notes until one does not fit."""
    for _ in range(60):
        if cli("note", ticket, "x", "--as", "sb", now=NOW).code == Exit.FAILED:
            return
    pytest.fail("the journal still grows")


# a read-only disk


def test_a_read_only_workspace_can_be_read_and_says_so_when_it_is_written(small_cli: Cli) -> None:
    ticket = small_cli("list", "--json").record["id"]
    subprocess.run(["mount", "-o", "remount,ro", str(small_cli.workspace)], check=True)
    assert small_cli("list", "--json").record["id"] == ticket
    assert small_cli("show", ticket, "--json").code == 0
    assert small_cli("next", "--json").code == 0
    health = small_cli("doctor", "--json")
    assert health.code == 0, health.err
    for command in (
        ("fetch", "--json"),
        ("note", ticket, "hello", "--as", "sb", "--json"),
        ("reply", ticket, "--text", answer(1), "--as", "sb", "--yes", "--json"),
    ):
        failed = small_cli(*command, now=NOW)
        assert (failed.code, failed.out) == (Exit.FAILED, ""), command
        assert "the file system is read-only" in failed.error["message"]
        assert "-w DIR" in failed.error["hint"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the disk quota is used up"),
        (errno.EROFS, "the file system is read-only"),
        (errno.EACCES, "no permission to write"),
        (errno.EIO, "input/output error"),
    ],
)
def test_what_the_disk_says_in_words(number: int, words: str) -> None:
    error = durable.storage_error(OSError(number, os.strerror(number)), "queue.jsonl")
    assert error.message == f"queue.jsonl: {words}"
    assert error.hint


# whole replacements


def test_replace_is_whole_and_leaves_nothing_behind(path: Path) -> None:
    durable.replace(path, [b"one\n", b"two\n"])
    durable.replace(path, (block for block in (b"three\n",)), mode=0o640)
    assert path.read_bytes() == b"three\n"
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_folder_that_is_missing_is_said(path: Path) -> None:
    missing = path.parent / "missing" / "file"
    with pytest.raises(StorageError, match="no such file"):
        durable.replace(missing, [b"x"])
    with pytest.raises(StorageError, match="no such file"):
        append(missing, b"x\n")


# locks

HOLD = (
    "import sys; from pathlib import Path; from socialcli import durable\n"
    "with durable.lock(Path(sys.argv[1]), 'the queue'):\n"
    "    print('held', flush=True); sys.stdin.read()"
)


@pytest.fixture
def holder(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the lock until its stdin ends or it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin, process.stdout:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()
        process.wait(PATIENCE)


def test_a_lock_names_its_holder(path: Path, holder: subprocess.Popen[bytes]) -> None:
    assert durable.is_locked(path)
    with pytest.raises(durable.LockHeldError) as caught, durable.lock(path, "the queue", wait=0.02):
        pass
    assert caught.value.exit_code == Exit.CONFLICT
    assert caught.value.message.startswith(f"the queue is locked by process {holder.pid}, since 20")


def test_a_lock_dies_with_its_process(path: Path, holder: subprocess.Popen[bytes]) -> None:
    before = path.stat().st_ino
    holder.send_signal(signal.SIGKILL)
    holder.wait(PATIENCE)
    assert not durable.is_locked(path)
    with durable.lock(path, "the queue", wait=0):
        assert f"process {os.getpid()}, " in path.read_text()
    assert path.stat().st_ino == before  # never replaced: else two could hold "the" lock


def test_a_lock_is_waited_for(path: Path, holder: subprocess.Popen[bytes]) -> None:
    assert holder.stdin is not None
    threading.Timer(0.1, holder.stdin.close).start()
    with durable.lock(path, "the queue", wait=PATIENCE):
        assert f"process {os.getpid()}, " in path.read_text()


def test_a_lock_is_let_go_when_the_work_fails(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), durable.lock(path, "the queue"):
        raise ZeroDivisionError
    assert not durable.is_locked(path)


def test_a_lock_that_nobody_ever_took_is_free(path: Path) -> None:
    assert not durable.is_locked(path)
    assert not path.exists()


def test_a_lock_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(StorageError, match=r"queue\.lock"),
        durable.lock(tmp_path / "file" / "queue.lock", "the queue"),
    ):
        pass


def test_a_locked_queue_is_a_conflict_that_names_the_holder(cli: Cli) -> None:
    """The program waits a while, then says who it waits for."""
    cli.write("inbox.jsonl", *complaints(1))
    with durable.lock(cli.workspace / ".socialcli" / "queue.lock", "the queue"):
        run = cli("fetch", "--json", now=NOW)
        assert cli("list", "--json").code == 0  # readers take no lock
    assert (run.code, run.out) == (Exit.CONFLICT, "")
    assert f"process {os.getpid()}" in run.error["message"]
    assert run.error["hint"]
