"""A rehearsal: the real commands, run one after the other in a fresh workspace with the shipped sample.

What is played stands in ``data/demo/script.toml``. Each command is a process of its own, with the clock of
that evening in ``$SOCIALCLI_NOW``: what is shown is what a user could type.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from io import FileIO
from pathlib import Path
from typing import Any

import msgspec

from socialcli import durable
from socialcli.console import Screen
from socialcli.errors import SocialError
from socialcli.model.step import Step

_PLACE = r"\{([a-z_]+):?([^}]*)\}"  # {ticket:HANDLE}, {draft}, {incident}
_SAMPLE = ("policies.toml", "inbox.jsonl")


class Scene(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step as the script has it. ``at`` is HH:MM, UTC; ``lines`` 0 shows all of the output."""

    at: str
    say: str
    run: str
    chapter: str = ""
    exit: int = 0
    lines: int = 0


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    day: str
    steps: tuple[Scene, ...]


def read_script() -> Script:
    import tomllib

    return msgspec.convert(tomllib.loads(_sample("script.toml").decode()), Script)


def _sample(name: str) -> bytes:
    return resources.files("socialcli.data").joinpath("demo", name).read_bytes()


@contextlib.contextmanager
def workspace(keep: Path | None, files: Mapping[str, bytes] | None = None) -> Iterator[Path]:
    """A folder with these files in it, without any with the sample: ``keep``, or a temporary one that is removed in
    the end. Raises StorageError.
    """
    with contextlib.ExitStack() as stack:
        place = keep or stack.enter_context(tempfile.TemporaryDirectory(prefix="socialcli-demo-"))
        folder = Path(place).absolute()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise durable.storage_error(error, folder) from error
        for name, content in (files or {sample: _sample(sample) for sample in _SAMPLE}).items():
            durable.replace(folder / name, [content], mode=0o644)
        yield folder


class Stage:
    """Runs commands in the workspace. ``shown`` is the screen they are shown on; without one they write to a pipe."""

    def __init__(self, folder: Path, shown: Screen | None) -> None:
        self.folder = folder
        self._shown = shown

    def run(self, command: Sequence[str], now: str) -> tuple[int, str, str]:
        """Exit code, stdout, stderr of one command, as a person at a terminal would see them."""
        if self._shown is None:
            return self.ask(command, now)
        return _run_on_terminal(_real(command), self.folder, self._environment(now, self._shown))

    def ask(self, command: Sequence[str], now: str) -> tuple[int, str, str]:
        """The same, as a program would see them."""
        done = subprocess.run(  # noqa: S603 - the commands of our own script
            _real(command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=self.folder,
            env=self._environment(now, None),
            check=False,
        )
        return done.returncode, _text(done.stdout), _text(done.stderr)

    @staticmethod
    def _environment(now: str, shown: Screen | None) -> dict[str, str]:
        """Ours without settings of the program, which are not to leak into the demo."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("SOCIALCLI_")}
        kept |= {"SOCIALCLI_NOW": now, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": _import_path()}
        if shown is not None:
            kept["COLUMNS"] = str(shown.width)
            if not shown.colour:
                kept["NO_COLOR"] = "1"
        return kept


def _real(command: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", *command] if command[0] == "socialcli" else list(command)


def _import_path() -> str:
    """PYTHONPATH as seen from the workspace; with the folder we run from, where only that holds us."""
    places = [Path(place).absolute() for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place]
    ours = Path(__file__).parents[2]
    if Path(sys.path[0]).absolute() == ours:
        places.append(ours)
    return os.pathsep.join(map(str, places))


def _run_on_terminal(command: Sequence[str], folder: Path, env: dict[str, str]) -> tuple[int, str, str]:
    """Its stdout is a terminal, its stdin is not: it shows what people see, and asks nothing."""
    import pty
    import tty

    ours, theirs = pty.openpty()
    with tempfile.TemporaryFile() as talk, open(ours, "rb", buffering=0) as screen:  # noqa: PTH123 - a descriptor
        try:
            tty.setraw(theirs)  # line feeds stay as they are
            child = subprocess.Popen(  # noqa: S603 - the commands of our own script
                command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=talk, cwd=folder, env=env
            )
        finally:
            os.close(theirs)
        with child:
            output = b"".join(_until_closed(screen))
        talk.seek(0)
        return child.returncode, _text(output), _text(talk.read())


def _until_closed(screen: FileIO) -> Iterator[bytes]:
    """What is written to a terminal; Linux reports its end as an I/O error."""
    with contextlib.suppress(OSError):
        while part := screen.read(65536):
            yield part


def _text(output: bytes) -> str:
    return output.decode("utf-8", "replace")


def play(stage: Stage, script: Script) -> Iterator[Step]:
    """Runs the script, a step at a time. Raises SocialError where a ticket or a draft is not there."""
    known: dict[str, str] = {}
    for scene in script.steps:
        now = f"{script.day}T{scene.at}:00Z"
        for place in re.finditer(_PLACE, scene.run):
            if place[0] not in known or place[1] == "draft":
                known[place[0]] = _look_up(stage, place[1], place[2], now)
        line = re.sub(_PLACE, lambda place: known[place[0]], scene.run)
        command = tuple(shlex.split(line))
        code, out, err = stage.run(command, now)
        yield Step(
            say=scene.say,
            line=line,
            command=command,
            at=now,
            workspace=str(stage.folder),
            exit=code,
            expected=scene.exit,
            stdout=out,
            stderr=err,
            chapter=scene.chapter,
            lines=scene.lines,
        )


def _look_up(stage: Stage, kind: str, handle: str, now: str) -> str:
    """The id of a customer's ticket, of the draft that waits, or of the incident that runs. Raises SocialError where
    there is none.
    """
    where = {"ticket": ("list",), "draft": ("outbox",), "incident": ("incident", "list")}[kind]
    _, out, _ = stage.ask(("socialcli", *where, "--json"), now)
    for record in map(msgspec.json.decode, out.splitlines()):
        if _is_meant(kind, record, handle):
            return str(record["id"])
    raise SocialError(f"the demo stopped: socialcli {' '.join(where)} shows no {kind} {handle}".rstrip())


def _is_meant(kind: str, record: dict[str, Any], handle: str) -> bool:
    if kind == "ticket":
        return bool(record["customer"]["handle"] == handle)
    return record["state"] in ("awaiting-approval", "suspected", "open")
