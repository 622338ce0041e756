"""The two streams: JSON that no terminal obeys, and talk that may fail."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from tests.conftest import PATIENCE, Cli
from tests.e2e.staging import NOW, done, message, queued


@pytest.mark.parametrize("code", [0x80, 0x9B, 0x85, 0x2028, 0x2029, 0x202A, 0x202E, 0x2066, 0x2069])
def test_json_spells_out_what_a_terminal_would_obey(cli: Cli, code: int) -> None:
    text = f"@NorthlineAir my bag{chr(code)} é \N{HORIZONTAL ELLIPSIS} ‧ is lost"
    cli.write("inbox.jsonl", message(text=text))
    done(cli("fetch", now=NOW))
    (line,) = done(cli("list", "--json", now=NOW)).out.split("\n")[:-1]
    assert chr(code) not in line
    assert f"\\u{code:04x}" in line
    assert "é \N{HORIZONTAL ELLIPSIS} ‧" in line
    assert json.loads(line)["text"] == text


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("-v", "list"), 0),
        (("show", "nothing"), 5),
        (("show", "nothing", "--json"), 5),
        (("list", "--no"), 2),
    ],
)
@pytest.mark.parametrize("kind", ["full", "closed", "nobody reads"])
def test_talk_that_nobody_can_take_changes_no_exit_code(
    cli: Cli, arguments: tuple[str, ...], code: int, kind: str
) -> None:
    queued(cli)
    command = cli.arguments(*arguments, now=NOW)
    read, write = os.pipe()
    os.close(read)
    full = os.open("/dev/full", os.O_WRONLY)
    where = {"full": full, "nobody reads": write, "closed": None}[kind]
    line = ["sh", "-c", '"$@" 2>&-', "sh", *command] if where is None else command
    try:
        run = subprocess.run(
            line, stdout=subprocess.DEVNULL, stderr=where, env=cli.env, timeout=PATIENCE, check=False
        )
    finally:
        os.close(write)
        os.close(full)
    assert run.returncode == code
