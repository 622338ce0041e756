"""Options that several commands share, and the way a command becomes a Click command."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any, TypeVar

import click

from socialcli.app import App, Options
from socialcli.console import Answer
from socialcli.errors import Exit, UsageError
from socialcli.model.times import format_time, parse_duration, spelled
from socialcli.text.clean import clean

_FILES = ("folder", "source", "files", "target", "other", "journal")

_LONGEST_NOTE = 100_000  # characters
MOST = 1_000_000_000  # what a --limit can be; SQLite and Python's slices take no number without an end

Run = TypeVar("Run", bound=Callable[..., Any])


def verb(
    short: str, kind: type[click.Command] = click.Command
) -> Callable[[Callable[..., Answer]], click.Command]:
    """Make a command of ``function(app, ...) -> Answer``; adds ``--json``. It is named after its module;
    ``short`` is its line in --help, ``kind`` what reads its arguments.
    """

    def make(function: Callable[..., Answer]) -> click.Command:
        @functools.wraps(function)
        def call(*, as_json: bool, **options: Any) -> Exit:
            app = App(click.get_current_context().find_object(Options) or Options(), json=as_json)
            app.console.detail(lambda: f"workspace: {app.workspace}; decided as of {format_time(app.now())}")
            try:
                return app.console.print(
                    function(app, **{name: _clean(name, value) for name, value in options.items()})
                )
            except Exception as error:
                app.explain(error)
                raise

        name = function.__module__.rpartition(".")[2].replace("_", "-")
        command = click.command(name, kind, short_help=short)(call)
        command.params.append(
            click.Option(["--json", "as_json"], is_flag=True, help="One JSON record a line on stdout.")
        )
        return command

    return make


def part(group: click.Group, name: str, short: str) -> Callable[[Callable[..., Answer]], click.Command]:
    """Like ``verb``, for a command of this group."""

    def make(function: Callable[..., Answer]) -> click.Command:
        made = verb(short)(function)
        made.name = name
        group.add_command(made)
        return made

    return make


class Parts(click.Group):
    """A command of several parts, which names them where one is asked for that is not there."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            raise UsageError(f'{self.name}: no command "{name}"', hint=self.hint(name))
        return super().resolve_command(ctx, args)

    def hint(self, typed: str) -> str:  # noqa: ARG002 - for a group that knows what was meant
        return f"one of {', '.join(sorted(self.commands))}"


def alone(ctx: click.Context, default: click.Command, *, as_json: bool, **given: str | None) -> Exit | None:
    """What a group does: its ``default`` part where none is named. Raises UsageError for an option of that part that
    stands before the name of another.
    """
    if ctx.invoked_subcommand is None:
        code: Exit = ctx.invoke(default, as_json=as_json, **given)
        return code
    early = "--json" if as_json else "--as" if given.get("agent") is not None else None
    if early:
        hint = f"socialcli {ctx.info_name} {ctx.invoked_subcommand} ... {early}"
        raise UsageError(f"{early} stands too early", hint=hint)
    return None


def _clean(name: str, value: Any) -> Any:
    """Bytes in an argument that are not UTF-8 come as lone surrogates, which cannot be stored; only names of
    files must stay as they are.
    """
    if name in _FILES:
        return value
    if isinstance(value, tuple):
        return tuple(clean(one) for one in value)
    return clean(value) if isinstance(value, str) else value


def note_text(text: str) -> str:
    """A note for people as it is kept. Raises UsageError for one that nobody reads to the end."""
    text = clean(text.strip())
    if len(text) > _LONGEST_NOTE:
        raise UsageError(
            f"the note has {len(text):,} characters, at most {_LONGEST_NOTE:,}",
            hint="say what matters, and where the rest stands",
        )
    return text


def ticket_argument(run: Run) -> Run:
    return click.argument("ticket", metavar="TICKET")(run)


def as_option(run: Run) -> Run:
    text = "Who acts: an agent of policies.toml [default: $SOCIALCLI_AGENT, else the only agent]."
    return click.option("--as", "agent", metavar="AGENT", help=text)(run)


def dry_run_option(run: Run) -> Run:
    return click.option("--dry-run", is_flag=True, help="Print what would be done; write and post nothing.")(
        run
    )


def plan_option(run: Run) -> Run:
    text = "Print it as a line of a plan, which others sign and apply does; write and post nothing."
    return click.option("--plan", is_flag=True, help=text)(run)


def require_only_plan(*, plan: bool, dry_run: bool) -> None:
    """Raises UsageError where both are asked for."""
    if plan and dry_run:
        raise UsageError(
            "--plan and --dry-run exclude each other", hint="--plan writes and posts nothing either"
        )


def yes_option(run: Run) -> Run:
    return click.option("--yes", "-y", is_flag=True, help="Do not ask for confirmation.")(run)


def duration(least: int = 1, most: int | None = None) -> Callable[..., int | None]:
    """A callback for an option that takes "45s", "15m", "2h", "3d": seconds, between these bounds."""

    def read(_ctx: click.Context, _param: click.Parameter, value: str | None) -> int | None:
        try:
            seconds = None if value is None else parse_duration(value)
        except ValueError as error:
            raise click.BadParameter(str(error)) from error
        if seconds is not None and (seconds < least or (most is not None and seconds > most)):
            span = (
                f"from {spelled(least)} to {spelled(most)}"
                if most is not None
                else f"{spelled(least)} or more"
            )
            raise click.BadParameter(f'"{value}" is not {span}')
        return seconds

    return read


def max_cost_option(run: Run) -> Run:
    text = (
        "Post nothing, tell the network nothing, that costs more than this (decimal, in its currency). What is "
        "read before a post is not part of it; with fetch it bounds the reading."
    )
    return click.option("--max-cost", metavar="AMOUNT", callback=_amount, help=text)(run)


def _amount(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value, re.ASCII):
        raise click.BadParameter(f'"{value}" is not an amount (write 0.05)')
    return value
