"""The root command: a static table of names, loaded when used, and the one place that catches."""

from __future__ import annotations

import gc
import os
import sys
from datetime import datetime
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from socialcli import __version__

# name -> its line in --help. The six of the card first; a test compares this with the modules.
GROUPS: dict[str, dict[str, str]] = {
    "From mention to answer": {
        "fetch": "Bring new messages into the queue.",
        "triage": "Weigh what is new: respond or not, how urgent, why.",
        "reply": "Compose, check and post an answer, once.",
        "move-offline": "Go on in private, with a reason, and come back.",
        "statement": "Tell everybody about a problem that hits many.",
        "block": "Hold off spam, trolls and abuse; never criticism.",
        "opt-out": "Who wants no more messages of ours.",
    },
    "See": {
        "list": "Tickets, the most pressing first.",
        "next": "The ticket to answer next.",
        "show": "One ticket with its messages.",
        "today": "What is to be done now.",
        "due": "What we promised, and by when.",
        "follow-up": "What is still to be said after the end, and saying it.",
        "why": "Why a ticket stands where it stands.",
        "can": "By which road a ticket can be answered.",
        "log": "What happened, and who did it.",
        "export": "Tickets as a table, one row each.",
        "report": "Figures: what customers say.",
    },
    "Work together": {
        "claim": "Take a ticket, so that nobody else answers it.",
        "assign": "Give tickets to somebody: by hand, in turn, by skill.",
        "release": "Give a ticket back, or hand it over.",
        "note": "Leave a private note on a ticket.",
        "label": "Put labels on tickets, and take them off.",
        "snooze": "Put tickets aside until later.",
        "merge": "Make one ticket of two.",
        "split": "Make a message a ticket of its own.",
        "approve": "Say yes to a draft, and post it.",
        "reject": "Say no to a draft, with a reason.",
        "recall": "Take a draft back before it goes out.",
        "apply": "Do what was planned and signed, each line once.",
        "outbox": "Drafts that wait, failed, or are unknown.",
        "done": "An answer was given by hand.",
        "acknowledge": "Tell who writes outside hours when we are back.",
        "hours": "Are we open, who is there, what is missing.",
        "shift": "Begin and end your shift: posts, backlog, hand-over.",
        "kb": "Questions and answers: search, add, import.",
        "incident": "Problems that hit many: what is suspected, what is open.",
        "resolve": "Close a ticket, and thank the customer where they began.",
        "transcript": "The conversation as a document, to hand on.",
        "expert": "Ask somebody who knows more.",
    },
    "Set up and check": {
        "init": "Make a workspace.",
        "login": "Keep the tokens of an account, and try them.",
        "drill": "Practise on invented cases, for points.",
        "demo": "The whole road on sample messages, offline.",
        "lint": "Check texts and templates before they are posted.",
        "template": "Reply templates: list, show, new, check.",
        "learn": "Teach triage with your own labelled messages.",
        "forget": "Erase what somebody said and was told, for good.",
        "policy": "What another policy would do.",
        "archive": "Move finished tickets out of the journal, still readable.",
        "doctor": "What works, what is missing, what to do next.",
    },
}
_LAST_YEAR = 9898  # from here a hundred years, the longest duration that is taken, can still be added
COMMANDS = {name: line for group in GROUPS.values() for name, line in group.items()}


def _loaded(name: str) -> Any:
    """A module. What is made while one is loaded stays, so nobody looks through it for garbage, now or later."""
    if name in sys.modules:
        return sys.modules[name]
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.freeze()
        gc.enable()


class Lazy(click.Group):
    """A group that imports a command when it is used; --help imports none."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - Click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - Click's signature
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = _loaded(f"socialcli.commands.{cmd_name.replace('-', '_')}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            import difflib

            close = difflib.get_close_matches(name, COMMANDS, 1)
            ctx.fail(f'no command "{name}"' + (f"; did you mean {close[0]}?" if close else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - Click's signature
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()))


def _time(_ctx: click.Context, _param: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    from socialcli.model.times import parse_time

    try:
        moment = parse_time(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    if moment.year > _LAST_YEAR:
        raise click.BadParameter(f'"{value}" is too far ahead: the year {_LAST_YEAR} is the last')
    return moment


@click.group(
    cls=Lazy,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "-w", "--workspace", metavar="DIR", help="The workspace [default: the nearest with policies.toml]."
)
@click.option(
    "--now",
    metavar="TIME",
    envvar="SOCIALCLI_NOW",
    callback=_time,
    help="Decide as if it were this time (replays, drills).",
)
@click.option("-q", "--quiet", is_flag=True, help="Errors only on stderr.")
@click.option("-v", "--verbose", is_flag=True, help="Say on stderr which workspace and which time count.")
@click.version_option(__version__, message="socialcli %(version)s")
@click.pass_context
def root(ctx: click.Context, workspace: str | None, now: datetime | None, quiet: bool, verbose: bool) -> None:
    """Social customer service at the shell.

    Every mention that deserves an answer gets one: once, fast, checked, by a named human.
    Start with: socialcli demo
    """
    from socialcli.app import Options

    ctx.obj = Options(workspace, now, quiet, verbose)


def main() -> None:
    """The console script. Exits with a code of ``errors.Exit``."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; the place where every error ends."""
    _open_streams()
    try:
        code = root.main(arguments, prog_name="socialcli", standalone_mode=False)
        return int(code or 0)
    except (KeyboardInterrupt, click.Abort):
        from socialcli.console import say

        say("\n")
        return 130
    except click.ClickException as error:
        return _usage(error, arguments)
    except Exception as error:  # noqa: BLE001 - the one place that catches
        return _failed(error, arguments)


def _open_streams() -> None:
    """A stream that the caller closed (``>&-``) leads nowhere: else the next file opened would be taken for it."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number, so this one
            setattr(sys, name, os.fdopen(number, "w" if number else "r"))


def _usage(error: click.ClickException, arguments: list[str]) -> int:
    from socialcli.errors import UsageError

    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "socialcli"
    bare = isinstance(error, click.exceptions.NoArgsIsHelpError)  # its message is the whole help
    message = "Missing command." if bare else error.format_message().replace("\n", " ")
    return _say(UsageError(message, hint=f"{path} --help"), arguments)


def _failed(error: Exception, arguments: list[str]) -> int:
    from socialcli.errors import SocialError

    if isinstance(error, SocialError):
        return _say(error, arguments)
    if isinstance(error, OSError) and error.filename:  # a file of the user's, not a fault of ours
        what = f"{os.fsdecode(error.filename)}: {(error.strerror or 'cannot be used').lower()}"
        return _say(SocialError(what, hint="check what it is, and who may use it (ls -l)"), arguments)
    trace = _write_trace()
    failure = SocialError(
        f"unexpected: {type(error).__name__}: {str(error)[:200]}", hint=f"the trace is in {trace}"
    )
    return _say(failure, arguments)


def _say(error: Any, arguments: list[str]) -> int:
    from socialcli.console import Console

    return int(Console(json=_wants_json(arguments), quiet=False, verbose=False).error(error))


def _wants_json(arguments: list[str]) -> bool:
    """``lint --format json`` is ``lint --json``; other commands mean another thing by --format."""
    as_format = "--format=json" in arguments or ("--format", "json") in pairwise(arguments)
    return "--json" in arguments or ("lint" in arguments and as_format)


def _write_trace() -> Path:
    """Where and in what order things went wrong; no values, so no secrets and nobody's words."""
    import tempfile
    import traceback

    handle, name = tempfile.mkstemp(prefix="socialcli-trace-", suffix=".txt")
    with os.fdopen(handle, "w") as file:
        kind, _, trace = sys.exc_info()
        file.write("".join(traceback.format_tb(trace)) + f"{kind.__name__ if kind else ''}\n")
    return Path(name)
