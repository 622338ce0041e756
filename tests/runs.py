"""Runs of the program without the time it takes to start: asks ``tests/zygote.py`` for them."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
from pathlib import Path

_ROOT = Path(__file__).parent.parent


class Warm:
    """``patience``: seconds after which a run hangs. Ends with the process that made it."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._folder = tempfile.TemporaryDirectory()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={
                "PATH": os.environ.get("PATH", os.defpath),
                "LANG": "C.UTF-8",
                "OPENBLAS_NUM_THREADS": "1",  # threads do not go along into a fork
                "OMP_NUM_THREADS": "1",
            },
            cwd=_ROOT,
        )

    def run(
        self, args: list[str], given: bytes | None, env: dict[str, str], cwd: Path
    ) -> tuple[int, str, str]:
        """Exit code (negative: killed by that signal), standard output and errors of one run."""
        streams = {name: f"{self._folder.name}/{name}" for name in ("stdin", "stdout", "stderr")}
        Path(streams["stdin"]).write_bytes(given or b"")
        job = {"args": args, "env": env, "cwd": str(cwd), **streams}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(job).encode() + b"\n")
        self._process.stdin.flush()
        status = self._status(args)
        out, err = (Path(streams[name]).read_bytes().decode() for name in ("stdout", "stderr"))
        return os.waitstatus_to_exitcode(status), out, err

    def _status(self, args: list[str]) -> int:
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], self._patience)[0]:
            raise subprocess.TimeoutExpired(args, self._patience)
        return int(self._process.stdout.readline())
