"""``drill``: practise on invented cases, by their own clock, for points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from socialcli import render
from socialcli.app import App
from socialcli.console import Answer, Screen, View, interactive
from socialcli.errors import UsageError
from socialcli.model.message import Message
from socialcli.model.score import Score
from socialcli.model.times import format_time
from socialcli.options import dry_run_option, verb
from socialcli.policy.schema import Policy
from socialcli.practising import cases
from socialcli.practising.cases import Listed
from socialcli.practising.laying import lay_out
from socialcli.practising.lesson import learn, line_of
from socialcli.practising.running import (
    Stage,
    content_of,
    good_version,
    played,
    read_answers,
    score,
    score_thread,
    stage,
)
from socialcli.render.score import scores
from socialcli.text.clean import harmless

_ALONE = ("--list", "--score")  # ways that need no case


@verb("Practise on invented cases, for points.")
@click.argument("case", metavar="[CASE]", required=False)
@click.option("--list", "listing", is_flag=True, help="The cases that there are.")
@click.option("--good", is_flag=True, help="Play the good version of the case, to learn from.")
@click.option("--live", is_flag=True, help="On a terminal: your answers take as long as they really took.")
@click.option("--answers", metavar="FILE", help="What you do, a JSON record a line; - = standard input.")
@click.option(
    "--score", "finished", metavar="FILE", help="Score a conversation: messages, as show --json prints them."
)
@click.option(
    "--to",
    "target",
    metavar="DIR",
    help="Make a workspace of the case, to play it with fetch, reply and --now.",
)
@click.option("--dir", "folder", metavar="DIR", help="Cases of your own, a TOML file each.")
@dry_run_option
def command(
    app: App,
    case: str | None,
    listing: bool,
    good: bool,
    live: bool,
    answers: str | None,
    finished: str | None,
    target: str | None,
    folder: str | None,
    dry_run: bool,
) -> Answer:
    """Play a case on the terminal: the customer's messages come by the case's own clock, you say what you do and how
    long it takes you. The checks, the speed and the policy make the score, the same every time, and beside each point
    that is missing stands what a good answer has.

    \b
    socialcli drill --list
    socialcli drill airline
    socialcli drill airline --answers mine.jsonl --json
    socialcli show TICKET --json | socialcli drill --score -

    A line of answers is {"at":"12m","act":"answer","text":"..."}: at is a time, or so long after what was said last;
    act is answer, offline (ask the customer into private), hand-on or pass.
    """
    given = {
        "--list": listing,
        "--good": good,
        "--live": live,
        "--answers": answers is not None,
        "--score": finished is not None,
        "--to": target is not None,
    }
    _require_one([way for way, wanted in given.items() if wanted], case)
    where = cases.SHIPPED if folder is None else Path(folder)
    staged = None if case is None else stage(app, where, case)
    if finished is not None:
        return Answer([score_thread(app, finished, content_of(finished), staged)], scores)
    if staged is None:
        return _listed(where)
    if target is not None:
        return _laid_out(app, staged, Path(target), dry_run=dry_run)
    return run(app, staged, answers, good=good, live=live)


def _require_one(ways: list[str], case: str | None) -> None:
    if len(ways) > 1:
        raise UsageError(f"{' and '.join(ways)} exclude each other", hint="leave all but one of them out")
    if ways == ["--list"] and case is not None:
        raise UsageError("--list is about all cases", hint=f"leave it out to play {case}")
    if case is None and ways and ways[0] not in _ALONE:
        raise UsageError(f"{ways[0]} belongs to a case", hint="socialcli drill --list names them")


def run(app: App, staged: Stage, answers: str | None, *, good: bool = False, live: bool = False) -> Answer:
    """Raises InvalidError for bad answers, UsageError without a terminal and without answers."""
    if good:
        play = good_version(staged)
        return Answer([*play.thread, score(staged, play)], _conversation(staged.policy))
    if answers is not None:
        given = read_answers(answers, content_of(answers))
        return Answer([score(staged, played(staged, given))], scores)
    if not interactive() or app.console.json:
        raise UsageError(
            "who answers?", hint=f"--answers FILE, or on a terminal: socialcli drill {staged.name}"
        )
    try:
        play = learn(staged, live=live)
    except EOFError:
        raise click.Abort from None
    return Answer([score(staged, play)], scores)


def _laid_out(app: App, staged: Stage, folder: Path, *, dry_run: bool) -> Answer:
    made, play = lay_out(app, staged, folder, dry_run=dry_run)
    if dry_run:
        return Answer(made, render.made)
    first = format_time(play.thread[0].created_at)

    def talk() -> None:
        app.console.note(f"next: socialcli -w {folder} --now {first} fetch, then triage and next")

    return Answer(made, render.made, talk=talk)


def _conversation(policy: Policy) -> View:
    def view(records: Iterable[Message | Score], screen: Screen) -> Iterator[str]:
        for one in records:
            if isinstance(one, Message):
                yield line_of(one, policy)
            else:
                yield from scores([one], screen)

    return view


def _listed(folder: Path) -> Answer:
    def view(records: Iterable[Listed], screen: Screen) -> Iterator[str]:
        from socialcli.render.screen import folded

        for one in records:
            told = f"{harmless(one.title)}. {harmless(one.about)}"
            yield from folded(f"{harmless(one.name):<12} ", told, screen, " " * 13)

    return Answer(cases.listed(folder), view)
