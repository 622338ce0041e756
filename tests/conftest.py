"""What every test shares: the installed program run from outside, and guards against the real world.

No test reaches the network (loopback excepted) or the user's home, and none sees the caller's environment.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_socket
from hypothesis import strategies

from tests.runs import Warm
from tests.servers.fixtures import x_network  # noqa: F401 - a fixture for all

COMMAND = str(Path(sys.executable).parent / "socialcli")
_READ_AT_START = ("PYTHON", "LANG", "LC_")  # by Python itself
PATIENCE = 120  # seconds after which a command hangs; generous, since machines are shared


@dataclass(frozen=True)
class Run:
    """What one run of the program left behind. ``code`` is negative where a signal killed it."""

    code: int
    out: str
    err: str

    @property
    def records(self) -> list[Any]:
        """stdout as JSON Lines; a line that is none fails the test."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def record(self) -> Any:
        """The one record on stdout."""
        (record,) = self.records
        return record

    @property
    def error(self) -> Any:
        """The one error record on stderr (notes may stand beside it)."""
        errors = [json.loads(line) for line in self.err.splitlines() if line.startswith('{"type":"error"')]
        assert len(errors) == 1, self.err
        return errors[0]


class Cli:
    """Runs ``socialcli -w WORKSPACE ...`` in a clean environment. ``now`` is given as ``--now``. ``cold``: every
    run starts the installed program from nothing, instead of in a process in which it is loaded already.
    """

    def __init__(self, workspace: Path, home: Path, *, cold: bool = False) -> None:
        self.cold = cold
        self.workspace = workspace
        self.home = home
        self.env = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_STATE_HOME": str(home / "state"),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "TERM": "dumb",
            "COLUMNS": "100",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }

    def arguments(self, *args: str | Path, now: str | None = None) -> list[str]:
        """The whole command line, for tests that start the process themselves."""
        when = ("--now", now) if now is not None else ()
        return [COMMAND, "-w", str(self.workspace), *when, *map(str, args)]

    def __call__(
        self,
        *args: str | Path,
        input: str | bytes | None = None,  # noqa: A002 - the name subprocess.run has for it
        now: str | None = None,
        env: dict[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Run:
        given = input.encode() if isinstance(input, str) else input
        command, whole = self.arguments(*args, now=now), self.env | (env or {})
        if self.cold or any(name.startswith(_READ_AT_START) for name in env or {}):
            return installed(command, given, whole, cwd or self.workspace)
        return Run(*warm().run(command[1:], given, whole, cwd or self.workspace))

    def start(
        self, *args: str | Path, now: str | None = None, env: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """The same, without waiting for its end."""
        return subprocess.Popen(
            self.arguments(*args, now=now),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.env | (env or {}),
            cwd=self.workspace,
        )

    def write(self, name: str, *rows: dict[str, Any]) -> Path:
        """A JSON Lines file in the workspace."""
        path = self.workspace / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    def lines(self, name: str) -> list[Any]:
        """The records of a JSON Lines file in the workspace; none if there is no such file."""
        path = self.workspace / name
        return [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def installed(command: list[str], given: bytes | None, env: dict[str, str], cwd: Path) -> Run:
    """One run of the installed program, started from nothing."""
    done = subprocess.run(
        command,
        input=given,
        stdin=subprocess.DEVNULL if given is None else None,
        capture_output=True,
        env=env,
        cwd=cwd,
        timeout=PATIENCE,
        check=False,
    )
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


def warm() -> Warm:
    """The program already loaded, one for each process of the tests: those that fork share none."""
    return _warm_of(os.getpid())


@functools.cache
def _warm_of(_process: int) -> Warm:
    return Warm(PATIENCE)


def collect(process: subprocess.Popen[bytes]) -> Run:
    """Wait for a process of ``Cli.start``."""
    out, err = process.communicate(timeout=PATIENCE)
    return Run(process.returncode, out.decode(), err.decode())


@pytest.fixture
def cli(tmp_path: Path, request: pytest.FixtureRequest) -> Cli:
    """The program with a workspace and a home of its own. What is checked from outside as a contract is the
    installed one.
    """
    workspace, home = tmp_path / "workspace", tmp_path / "home"
    workspace.mkdir()
    home.mkdir()
    return Cli(workspace, home, cold=request.path.name.startswith("test_contract"))


@pytest.fixture(autouse=True, scope="session")
def _table_of_characters() -> None:
    """In a fresh clone Hypothesis first makes a table of all characters, which takes a second or more: before the
    tests, else the first of them that draws a text is taken for slow.
    """
    strategies.text().validate()


@pytest.fixture(autouse=True, scope="session")
def _ctrl_c() -> None:
    """Who starts the tests in the background may have Ctrl-C ignored, and children would inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _guards(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process too: no network but loopback, another home, nothing of the caller's environment."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
    home = tmp_path_factory.getbasetemp() / "nobodys-home"
    home.mkdir(exist_ok=True)
    for name in list(os.environ):
        if name.startswith(("SOCIALCLI_", "XDG_")) or name in {"NO_COLOR", "COLUMNS", "LINES", "FORCE_COLOR"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    for name in ("DATA", "CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    monkeypatch.setenv("TZ", "UTC")
