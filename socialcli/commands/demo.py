"""``demo``: the whole road on the shipped sample, offline, with the real commands.

What is shown stands in ``data/demo/script.toml``. Each command runs as a process of its own in a fresh
workspace, with the demo's clock in ``$SOCIALCLI_NOW``, so that what is shown is what a user could type.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import click
import msgspec

from socialcli import durable
from socialcli.app import App
from socialcli.console import Answer, Screen
from socialcli.errors import Exit, SocialError, UsageError
from socialcli.options import verb

_WIDTH = 80  # columns, where nobody says how wide the screen is
_INDENT = "    "
_INBOX = "inbox.jsonl"
_POLICY = "policies.toml"
_NEXT = """
Try next
    socialcli demo --keep airline    keep this workspace and look around in it
    socialcli init                   a workspace of your own, in this folder
    socialcli fetch --from FILE      your own messages: JSON Lines or CSV
    socialcli reply                  the guided way through the queue
    socialcli COMMAND --help         what a command can do
"""


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


class Step(msgspec.Struct, frozen=True, tag_field="type", tag="step"):
    """One command that was run. ``expected`` is the exit code that it should end with."""

    say: str
    command: tuple[str, ...]
    at: str
    workspace: str
    exit: int
    expected: int
    stdout: str
    stderr: str
    chapter: str = ""
    lines: int = 0


@verb("The whole road on sample messages, offline.")
@click.option("--keep", metavar="DIR", help="Keep the workspace in DIR, a folder that is new or empty.")
def command(app: App, keep: str | None) -> Answer:
    """An evening at an airline's service desk: sample messages are fetched, weighed, answered, checked, approved
    and posted, to a file. Every command is shown and really run; nothing leaves this computer. The workspace is
    a temporary one and removed at the end, unless --keep names a folder for it.
    """
    return run(app, Path(keep).expanduser() if keep is not None else None)


def run(app: App, keep: Path | None) -> Answer:
    """One ``Step`` a command, made while they are read. Stops at the first that does not end as it should.

    Raises UsageError where ``keep`` is in use, StorageError where it cannot be written.
    """
    if keep is not None and keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise UsageError(f"{keep} is in use", hint="--keep wants a folder that is new or empty")
    screen = app.console.screen()
    shown = None if app.console.json else Screen(screen.terminal, screen.colour, screen.width or _WIDTH)
    wrong: list[Step] = []

    def records() -> Iterator[Step]:
        with _workspace(keep) as folder:
            for step in _play(Stage(folder, shown), read_script()):
                yield step
                if step.exit != step.expected:
                    wrong.append(step)
                    return

    return Answer(records(), functools.partial(_view, keep=keep), lambda: _against(wrong))


def read_script() -> Script:
    import tomllib

    return msgspec.convert(tomllib.loads(_sample("script.toml").decode()), Script)


def _sample(name: str) -> bytes:
    return resources.files("socialcli.data").joinpath("demo", name).read_bytes()


@contextlib.contextmanager
def _workspace(keep: Path | None) -> Iterator[Path]:
    with contextlib.ExitStack() as stack:
        name = keep or stack.enter_context(tempfile.TemporaryDirectory(prefix="socialcli-demo-"))
        folder = Path(name).absolute()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise durable.storage_error(error, folder) from error
        for sample in (_POLICY, _INBOX):
            durable.replace(folder / sample, [_sample(sample)], mode=0o644)
        yield folder


def _against(wrong: Sequence[Step]) -> SocialError | None:
    if not wrong:
        return None
    step = wrong[0]
    said = step.stderr.strip().split("\n")[-1]
    return SocialError(
        f"the demo stopped: {_typed(step.command[:2])} ended with exit code {step.exit}, not {step.expected}"
        + (f" ({said})" if said else ""),
        hint="socialcli demo --keep DIR keeps the workspace, to look into it",
    )


# running


class Stage:
    """Runs commands in the workspace. With ``shown`` they see a terminal of that width, without one a pipe."""

    def __init__(self, folder: Path, shown: Screen | None) -> None:
        self.folder = folder
        self._shown = shown

    def run(self, command: Sequence[str], now: str) -> tuple[int, str, str]:
        """Exit code, stdout, stderr of one command."""
        real = [sys.executable, "-m", *command] if command[0] == "socialcli" else list(command)
        if self._shown is None:
            return self.run_piped(command, now)
        return _run_on_terminal(real, self.folder, self._environment(now))

    def run_piped(self, command: Sequence[str], now: str) -> tuple[int, str, str]:
        real = [sys.executable, "-m", *command] if command[0] == "socialcli" else list(command)
        done = subprocess.run(  # noqa: S603 - our own program, or cat and wc, with arguments of the script
            real,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=self.folder,
            env=self._environment(now),
            check=False,
        )
        return done.returncode, _text(done.stdout), _text(done.stderr)

    def _environment(self, now: str) -> dict[str, str]:
        """Ours without settings of the program, which are not to leak into the demo."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("SOCIALCLI_")}
        kept |= {"SOCIALCLI_NOW": now, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": _import_path()}
        if self._shown is not None:
            kept["COLUMNS"] = str(max(40, self._shown.width - len(_INDENT)))
            if not self._shown.colour:
                kept["NO_COLOR"] = "1"
        return kept


def _import_path() -> str:
    """PYTHONPATH for another working directory; with the place we came from where only that holds us."""
    places = [Path(place).absolute() for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place]
    ours = Path(__file__).parents[2]
    if Path(sys.path[0] or ".").absolute() == ours:
        places.append(ours)
    return os.pathsep.join(map(str, places))


def _run_on_terminal(command: Sequence[str], folder: Path, env: dict[str, str]) -> tuple[int, str, str]:
    """Its stdout is a terminal, so that it shows what a person would see; stdin is none: nobody is asked."""
    import pty
    import tty

    ours, theirs = pty.openpty()
    with tempfile.TemporaryFile() as talk, open(ours, "rb", buffering=0, closefd=True) as screen:  # noqa: PTH123 - a descriptor
        try:
            tty.setraw(theirs)  # line feeds stay as they are
            child = subprocess.Popen(  # noqa: S603 - as above
                command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=talk, cwd=folder, env=env
            )
        finally:
            os.close(theirs)
        with child:
            output = b"".join(_until_closed(screen))
        talk.seek(0)
        return child.returncode, _text(output), _text(talk.read())


def _until_closed(screen: Any) -> Iterator[bytes]:
    """What is written to a terminal; Linux reports its end as an I/O error."""
    with contextlib.suppress(OSError):
        while part := screen.read(65536):
            yield part


def _text(output: bytes) -> str:
    return output.decode("utf-8", "replace")


def _play(stage: Stage, script: Script) -> Iterator[Step]:
    import shlex

    names: dict[str, str] = {}
    for scene in script.steps:
        now = f"{script.day}T{scene.at}:00Z"
        for wanted in re.findall(r"\{[a-z_:.]+\}", scene.run):
            names[wanted] = names.get(wanted) or _look_up(stage, wanted.strip("{}"), now)
        words = (names.get(word, word) for word in shlex.split(scene.run))
        command = tuple(words)
        code, out, err = stage.run(command, now)
        yield Step(scene.say, command, now, str(stage.folder), code, scene.exit, out, err, scene.chapter, scene.lines)  # fmt: skip


def _look_up(stage: Stage, wanted: str, now: str) -> str:
    """The id of "ticket:HANDLE" or of "draft", out of what the program says. Raises SocialError."""
    kind, _, handle = wanted.partition(":")
    verb_, field = ("list", "customer") if kind == "ticket" else ("outbox", "agent")
    _, out, _ = stage.run_piped(("socialcli", verb_, "--json"), now)
    for line in out.splitlines():
        record = msgspec.json.decode(line)
        if not handle or record[field]["handle"] == handle:
            return str(record["id"])
    raise SocialError(f"the demo stopped: socialcli {verb_} does not show {wanted}")


# showing


def _view(records: Iterable[Step], screen: Screen, *, keep: Path | None) -> Iterator[str]:
    width = screen.width or _WIDTH
    chapters = 0
    step = None
    for number, step in enumerate(records):
        if number == 0:
            yield from _opening(step, keep, width)
        if step.chapter:
            chapters += 1
            yield ""
            yield _bold(f"{chapters}. {step.chapter}", screen)
        yield from _step_lines(step, screen, width)
    if step is not None and step.exit == step.expected:
        yield from _NEXT.splitlines()
        yield ""
        yield f"The workspace is kept in {keep}." if keep else f"{step.workspace} was removed."


def _opening(step: Step, keep: Path | None, width: int) -> Iterator[str]:
    yield from _wrapped(
        "An evening at the service desk of Northline Air, an airline that does not exist. Its messages are"
        " invented; the commands are real, and what they print is shown as it is. Nothing leaves this computer.",
        width,
    )
    yield ""
    after = "kept" if keep else "removed at the end; --keep DIR keeps it"
    yield f"Workspace: {step.workspace} ({after})"
    yield f"Clock:     SOCIALCLI_NOW={step.at}, and later"


def _step_lines(step: Step, screen: Screen, width: int) -> Iterator[str]:
    yield ""
    yield from _wrapped(step.say, width)
    command = _wrapped(f"$ {_typed(step.command)}", width - 2 * len(_INDENT))
    yield from (_INDENT + ("" if number == 0 else _INDENT) + _bold(line, screen) for number, line in enumerate(command))
    out = step.stdout.splitlines()
    kept = out[: step.lines] if step.lines else out
    for line in [*kept, *step.stderr.splitlines()]:
        yield from (f"{_INDENT}{part}".rstrip() for part in _folded(line, width - len(_INDENT)))
    if len(out) > len(kept):
        yield f"{_INDENT}(and {len(out) - len(kept)} lines more)"
    if step.exit or step.expected:
        meaning = Exit(step.exit).meaning if step.exit in list(Exit) else "not one of ours"
        yield from _wrapped(f"{_INDENT}exit code {step.exit}: {meaning}", width)


def _typed(command: Sequence[str]) -> str:
    """As one would type it: in double quotes what has blanks."""
    import shlex

    def quoted(word: str) -> str:
        plain = not re.search(r'[\s$`"\\!]', word)
        return word if plain and shlex.quote(word) == word else f'"{word}"' if not re.search(r'[$`"\\!]', word) else shlex.quote(word)

    return " ".join(map(quoted, command))


def _folded(line: str, width: int) -> list[str]:
    """A line of output, broken where it is wider than the screen; escape codes take no room."""
    return [line] if len(re.sub(r"\x1b\[[0-9;]*m", "", line)) <= width else _wrapped(line, width, hanging=True)


def _wrapped(text: str, width: int, *, hanging: bool = False) -> list[str]:
    import textwrap

    indent = " " * (len(text) - len(text.lstrip()))
    further = indent + (_INDENT if hanging else "")
    return textwrap.wrap(text, width, subsequent_indent=further, break_long_words=False, break_on_hyphens=False)


def _bold(text: str, screen: Screen) -> str:
    return f"\x1b[1m{text}\x1b[0m" if screen.colour else text
