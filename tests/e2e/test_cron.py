"""docs/how-to/cron.md as a clock runs it: with an almost empty environment, in another folder."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import COMMAND, PATIENCE, Cli
from tests.e2e.staging import message, policy

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "cron.md").read_text(encoding="utf-8")
CRONTABS = re.findall(r"```cron\n(.*?)```", PAGE, re.DOTALL)
SERVICE, TIMER = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def home(cli: Cli) -> Path:
    """A home as the page wants it."""
    (cli.home / ".local" / "bin").mkdir(parents=True)
    (cli.home / ".local" / "bin" / "socialcli").symlink_to(COMMAND)
    (cli.home / "northline").symlink_to(cli.workspace)
    return cli.home


def as_a_clock(command: list[str], home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"},
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def cron_command(crontab: str) -> str:
    """The command of the one line that is a job, as cron hands it to the shell."""
    (job,) = [line for line in crontab.splitlines() if line[:1] in "*0123456789"]
    fields = job.split(maxsplit=5)
    assert len(fields) == 6
    assert not re.search(r"(?<!\\)%", fields[5])
    return fields[5]


def exec_line(key: str, home: Path) -> list[str]:
    (line,) = re.findall(rf"^{key}=(.*)$", SERVICE, re.MULTILINE)
    return shlex.split(line.replace("%h", str(home)))


@pytest.mark.parametrize("crontab", CRONTABS, ids=["plain", "patient"])
def test_a_crontab_is_silent_when_all_is_well(cli: Cli, home: Path, crontab: str) -> None:
    cli.write("inbox.jsonl", message())
    run = as_a_clock(["/bin/sh", "-c", cron_command(crontab)], home)
    assert (run.stdout, run.stderr) == ("", "")
    assert cli("list", "--json").record["status"] == "open"  # read and weighed


@pytest.mark.parametrize("crontab", CRONTABS, ids=["plain", "patient"])
def test_a_crontab_speaks_when_something_is_wrong(cli: Cli, home: Path, crontab: str) -> None:
    (cli.workspace / "inbox.jsonl").mkdir()
    run = as_a_clock(["/bin/sh", "-c", cron_command(crontab)], home)
    assert "not a regular file" in run.stdout + run.stderr


def test_the_patient_crontab_waits_until_the_gap_is_too_long(cli: Cli, home: Path) -> None:
    policy(
        cli,
        '[[accounts]]\nname = "news"\nnetwork = "feed"\nhandle = "news"\nfeeds = ["http://127.0.0.1:9/"]\n',
    )
    command = ["/bin/sh", "-c", cron_command(CRONTABS[1])]
    run = as_a_clock(command, home)
    assert (run.stdout, run.stderr) == ("", "")
    (cli.workspace / ".socialcli" / "heartbeat.json").write_text(
        '{"news": {"at": "2020-01-01T00:00:00Z", "read": 0, "new": 0}}'
    )
    run = as_a_clock(command, home)
    assert "news: between 2020-01-01T00:00:00Z and " in run.stdout
    assert "cannot be reached" in run.stdout


def test_the_service_reads_and_weighs(cli: Cli, home: Path) -> None:
    cli.write("inbox.jsonl", message())
    for key in ("ExecStart", "ExecStopPost"):
        run = as_a_clock(exec_line(key, home), home)
        assert (run.returncode, run.stderr) == (0, "")
    assert cli("list", "--json").record["status"] == "open"


def test_the_service_may_fail_for_a_while(cli: Cli, home: Path) -> None:
    policy(
        cli,
        '[[accounts]]\nname = "news"\nnetwork = "feed"\nhandle = "news"\nfeeds = ["http://127.0.0.1:9/"]\n',
    )
    run = as_a_clock(exec_line("ExecStart", home), home)
    assert f"SuccessExitStatus={run.returncode}\n" in SERVICE


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")
def test_systemd_takes_both_files(home: Path, tmp_path: Path) -> None:
    for name, content in (("socialcli-fetch.service", SERVICE), ("socialcli-fetch.timer", TIMER)):
        assert name in PAGE
        (tmp_path / name).write_text(content)
    environment = {"HOME": str(home), "PATH": os.defpath, "XDG_RUNTIME_DIR": str(tmp_path)}
    run = subprocess.run(
        ["systemd-analyze", "--user", "verify", *map(str, tmp_path.glob("socialcli-fetch.*"))],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_the_file_for_monitors(cli: Cli, home: Path) -> None:
    (command,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    missing = as_a_clock(["/bin/sh", "-c", command], home)
    assert missing.returncode != 0
    assert cli("fetch").code == 0
    beat = cli.workspace / ".socialcli" / "heartbeat.json"
    assert as_a_clock(["/bin/sh", "-c", command], home).stdout == ""
    os.utime(beat, (0, 0))
    assert as_a_clock(["/bin/sh", "-c", command], home).stdout.strip().endswith("heartbeat.json")
