"""Programs of the team's own: slow, broken, talkative, hostile ones."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from socialcli.errors import Exit, SocialError, TemporaryError, UsageError
from socialcli.outside.programs import ProgramError, run
from tests.outside.desk import script

SLOW = 30  # seconds; none of these is waited for


def answer(folder: Path, source: str, record: bytes = b"{}", timeout: int = SLOW) -> str:
    return run("reply.draft_command", script(folder, source), record, folder=folder, timeout=timeout)


def test_it_reads_the_record_and_says_a_text(tmp_path: Path) -> None:
    source = "import sys; print(sys.stdin.read().upper(), end='\\r\\n\\n')"
    assert answer(tmp_path, source, "grüße\nzwei".encode()) == "GRÜSSE\nZWEI"


def test_it_runs_in_the_workspace_and_a_path_is_relative_to_it(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "where"
    program.write_text("#!/bin/sh\npwd\n")
    program.chmod(0o755)
    assert run("k", ["bin/where"], b"", folder=tmp_path, timeout=SLOW) == str(tmp_path.resolve())


def test_its_arguments_pass_no_shell(tmp_path: Path) -> None:
    command = [*script(tmp_path, "import sys; print(sys.argv[1])"), "$HOME; `id` | *"]
    assert run("k", command, b"", folder=tmp_path, timeout=SLOW) == "$HOME; `id` | *"


def test_large_records_and_texts_pass_both_ways_at_once(tmp_path: Path) -> None:
    source = "import sys\nfor line in sys.stdin: print(line, end='')"
    record = b"a line\n" * 100_000
    assert answer(tmp_path, source, record) == record.decode().strip("\n")


def test_one_that_does_not_want_to_read(tmp_path: Path) -> None:
    assert answer(tmp_path, "import os; os.close(0); print('fine')", b"x" * 1_000_000) == "fine"
    assert answer(tmp_path, "print('fine')", b"x" * 1_000_000) == "fine"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import sys; sys.exit(3)", "ended with exit code 3"),
        ("import sys; print('no model', file=sys.stderr); sys.exit(1)", "exit code 1: no model"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "was ended by signal 11"),
        ("pass", "says nothing"),
        ("print(' \\n ')", "says nothing"),
        ("import sys; sys.stdout.buffer.write(b'caf\\xe9')", "is not UTF-8 (byte 4)"),
        ("print('\\x1b[2Jhello')", "holds control characters"),
        ("print('a\\0b')", "holds control characters"),
        ("while True: print('x' * 65536)", "more than a megabyte"),
        ("import sys\nfor _ in range(10**5): print('e' * 50, file=sys.stderr)\nsys.exit(1)", "exit code 1"),
    ],
)
def test_what_counts_for_nothing(tmp_path: Path, source: str, reason: str) -> None:
    with pytest.raises(ProgramError, match="draft_command") as caught:
        answer(tmp_path, source)
    assert reason in caught.value.message
    assert len(caught.value.message) < 1000
    assert caught.value.exit_code == Exit.FAILED


def test_what_it_says_in_an_error_moves_no_terminal(tmp_path: Path) -> None:
    from socialcli.text.clean import harmless

    with pytest.raises(ProgramError) as caught:
        answer(tmp_path, "import sys; sys.stderr.buffer.write(b'\\x1b[2J\\xff\\r\\n'); sys.exit(1)")
    assert "\x1b" not in harmless(caught.value.message)


def test_a_slow_one_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    source = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open("child", "w").write(str(child.pid))
time.sleep(600)
"""
    with pytest.raises(TemporaryError, match="did not answer within 1s") as caught:
        answer(tmp_path, source, timeout=1)
    assert caught.value.exit_code == Exit.TEMPORARY
    path = tmp_path / "child"
    if path.exists() and path.read_text():  # it got so far within its second
        assert is_gone(int(path.read_text()))


def test_a_child_that_it_leaves_behind_keeps_nobody_waiting(tmp_path: Path) -> None:
    source = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open("child", "w").write(str(child.pid))
print("done")
"""
    assert answer(tmp_path, source) == "done"
    assert is_gone(int((tmp_path / "child").read_text()))


def is_gone(pid: int) -> bool:
    """Whether the process ends soon; one that waits to be collected by its new parent has ended."""
    for _ in range(1000):
        try:
            os.kill(pid, 0)
            stat = Path(f"/proc/{pid}/stat")
            if stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("command", [["no-such-program-here"], ["./missing"], ["."], [""]])
def test_one_that_is_not_there(tmp_path: Path, command: list[str]) -> None:
    with pytest.raises(UsageError, match="cannot be started"):
        run("reply.draft_command", command, b"", folder=tmp_path, timeout=SLOW)


def test_no_secret_of_ours_is_in_its_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SUPPORT_ACCESS_TOKEN", "SUPPORT_CONSUMER_SECRET", "X_BEARER_TOKEN", "X_CONSUMER_KEY"):
        monkeypatch.setenv(f"SOCIALCLI_{name}", "hush")
    monkeypatch.setenv("SOCIALCLI_AGENT", "sb")
    monkeypatch.setenv("ITS_OWN_KEY", "kept")
    said = answer(tmp_path, "import os; print(sorted(os.environ), os.environ['ITS_OWN_KEY'])")
    assert "SOCIALCLI_AGENT" in said
    assert said.endswith("kept")
    assert "TOKEN" not in said
    assert said.count("SOCIALCLI_") == 1


def test_errors_are_our_own(tmp_path: Path) -> None:
    with pytest.raises(SocialError):
        answer(tmp_path, "raise SystemExit(1)")
