"""The installed program, already loaded: a process that forks itself for every run asked for.

Most of what a short run takes is Python and the modules starting up. Here that is done once; each run is still a
process of its own, with its own arguments, environment, folder, streams and exit code. One job a line on standard
input (JSON: args, env, cwd, stdin, stdout, stderr), one exit status a line on standard output, as ``waitpid`` has it.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import json
import os
import pkgutil
import sqlite3
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import socialcli
from socialcli import cli, durable
from socialcli.app import App
from socialcli.compose.linter import CheckRequest, check
from socialcli.model.message import Author, Message
from socialcli.triage import Assessor

# Loaded with what a command first uses; nothing that reads the environment when it is imported.
_LATER = (
    "jinja2",
    "tweepy",
    "requests",
    "rich.console",
    "rich.table",
    "phonenumbers",
    "tomli",
    "zoneinfo",
)
_LEARNING = ("sklearn.feature_extraction", "sklearn.linear_model", "sklearn.model_selection")
_UNEXPECTED = 70


def main() -> None:
    for module in pkgutil.walk_packages(socialcli.__path__, "socialcli.", onerror=lambda _: None):
        with suppress(Exception):  # what cannot be loaded fails in the run that needs it
            if module.name != "socialcli.__main__":
                importlib.import_module(module.name)
    for name in _LATER:
        importlib.import_module(name)
    _read_word_lists()
    gc.freeze()  # what all runs have in common is not looked through by each
    for line in iter(sys.stdin.readline, ""):
        job = json.loads(line)
        if "learn" in job["args"]:  # dear to load, and few ask for it
            for name in _LEARNING:
                importlib.import_module(name)
        child = os.fork()
        if not child:
            _run(job)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


def _read_word_lists() -> None:
    """What ships with the program and is read once by every run."""
    policy = App.read_policy(None)
    said = Message(
        id="m1",
        network="file",
        account="support",
        author=Author(id=None, handle="cust1"),
        text="Where is my bag, please? It was lost on the 14:10 from Oslo, call me on 020 7946 0321.",
        created_at=datetime(2026, 11, 20, 10, tzinfo=UTC),
    )
    assessment = Assessor(policy).assess(said, ())
    check(
        CheckRequest(
            text="DM me, Marta. https://northline.example ^SB", thread=(said,), assessment=assessment
        ),
        policy,
    )


def _run(job: dict[str, Any]) -> None:
    """In the child: become the program. Never returns."""
    os.chdir(job["cwd"])
    os.environ.clear()
    os.environ.update(job["env"])
    time.tzset()
    writes = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for number, (name, flags) in enumerate((("stdin", os.O_RDONLY), ("stdout", writes), ("stderr", writes))):
        opened = os.open(job[name], flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
        stream = getattr(sys, name)
        fresh = io.TextIOWrapper(
            os.fdopen(number, "rb" if name == "stdin" else "wb", closefd=False),
            encoding=stream.encoding,
            errors=stream.errors,
            line_buffering=name == "stderr",
        )
        setattr(sys, name, fresh)
        setattr(sys, f"__{name}__", fresh)
    durable._FAIL_POINT = os.environ.get("SOCIALCLI_FAIL_POINT", "")  # read when the module is loaded
    sys.argv = ["socialcli", *job["args"]]
    code = _UNEXPECTED
    try:
        code = cli.run(sys.argv[1:])
        _end()
    finally:
        os._exit(code)


def _end() -> None:
    """What the end of a process does, without the time to take every module apart."""
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    for one in gc.get_objects():
        if isinstance(one, sqlite3.Connection):
            one.close()


if __name__ == "__main__":
    main()
