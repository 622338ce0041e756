"""Erased words stand in no file of the workspace, whatever happened to them before, and wherever an erasure was
interrupted.
"""

from __future__ import annotations

import gzip
import json
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import Cli, Run
from tests.e2e.staging import LATER, MONEY, NOW, TWO_AGENTS, done, journal, message, policy

KILLED = -signal.SIGKILL
AS = ("--as", "sb")
FORGET = ("forget", "@zilpha_m", *AS, "--yes")
LONG_AGO = "2026-05-20T10:05:00Z"
# Each stands in another place; "Zürich-Oerlikon" reads differently in JSON that escapes it.
WORDS = (
    "pramwheel", "velvetcase", "umbrastand", "quillbox", "teasetting", "lanternhook", "zilpha", "Mumbray",
    "Zürich-Oerlikon", "marzipantin", "oldwicker", "refundword",
)  # fmt: skip
OTHERS = "@NorthlineAir my kettledrum never arrived"


def lived(cli: Cli) -> str:
    """A customer with a whole history; the name of the newest of her tickets."""
    policy(cli, TWO_AGENTS)
    her = {"handle": "zilpha_m", "id": "77", "name": "Zilpha Mumbray"}
    cli.write(
        "inbox.jsonl",
        message("m0", "@NorthlineAir thanks, the oldwicker basket is back", created_at=LONG_AGO, author=her),
        message("k0", OTHERS, "cust2", created_at=LONG_AGO),
    )
    done(cli("fetch", now=LONG_AGO))
    done(cli("triage", now=LONG_AGO))
    old = named(cli, "m0")
    done(cli("done", old, "--url", "https://x.com/zilpha_m/status/1", *AS, now=LONG_AGO))
    done(cli("note", old, "the teasetting was in it", *AS, now=LONG_AGO))
    done(cli("archive", "--before", "90d", *AS, "--yes", now=NOW))
    first = message("m1", "@NorthlineAir my pramwheel never arrived in Zürich-Oerlikon. Help!", author=her)
    second = message("m2", "@NorthlineAir and the velvetcase?", author=her, in_reply_to="m1")
    with (cli.workspace / "inbox.jsonl").open("a", encoding="utf-8") as inbox:
        inbox.writelines(json.dumps(one) + "\n" for one in (first, second))
    done(cli("fetch", now=NOW))
    done(cli("triage", now=NOW))
    ticket = named(cli, "m1")
    done(cli("note", ticket, "her umbrastand is behind the desk", *AS, now=NOW))
    costly = MONEY.replace("@cust1", "@zilpha_m").replace("today", "for the refundword")
    draft = done(cli("reply", ticket, "--text", costly, *AS, "--yes", "--json", now=LATER)).record
    done(cli("reject", draft["id"], "--reason", "the quillbox was found", "--as", "mo", now=LATER))
    words = (
        "@zilpha_m So sorry about the lanternhook. Please DM us the reference and we will trace it now. ^SB"
    )
    done(cli("reply", ticket, "--text", words, *AS, "--yes", now=LATER))
    override = ("--set", "priority=urgent", "--reason", "marzipantin", *AS)
    done(cli("triage", ticket, *override, now=LATER))
    done(cli("list", "--match", "pramwheel"))
    crash(cli, "journal:half", "note", ticket, "a torn pramwheel", *AS)
    crash(cli, "rewrite:half", "archive", "--before", "1d", *AS, "--yes")
    return ticket


def named(cli: Cli, message_id: str) -> str:
    """The ticket that a message opened."""
    for raw in journal(cli).splitlines():
        try:
            line = json.loads(raw)
        except ValueError:
            continue
        if line["event"] == "message" and line["data"]["id"] == message_id:
            return str(line["ticket"])
    raise AssertionError(message_id)


def crash(cli: Cli, point: str, *args: str) -> Run:
    run = cli(*args, env={"SOCIALCLI_FAIL_POINT": point})
    assert run.code in (0, KILLED), run.err
    return run


def contents(workspace: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of a workspace, archives unpacked, and every value in the index."""
    for path in sorted(one for one in workspace.rglob("*") if one.is_file()):
        raw = path.read_bytes()
        yield path.name, gzip.decompress(raw) if path.suffix == ".gz" else raw


def traces(workspace: Path) -> list[tuple[str, str]]:
    """The words that stand somewhere: file and word. The folder of the index is searched as it is, WAL and all."""
    found = []
    for name, content in contents(workspace):
        low = content.lower()
        for word in WORDS:
            spellings = (word.lower().encode(), json.dumps(word.lower())[1:-1].encode())
            found += [(name, word)] if any(one in low for one in spellings) else []
    return found


Calls = tuple[tuple[str, ...], ...]
QUICK: Calls = (("list", "--json"), ("log", "--json"))


def all_calls(ticket: str) -> Calls:
    """Every command that shows what somebody said."""
    return (
        *QUICK, ("show", ticket, "--json"), ("log", ticket), ("why", ticket, "--json"),
        ("transcript", ticket, "--notes", "--private"), ("outbox", "--json"), ("export", "--format", "jsonl"),
    )  # fmt: skip


def shown(cli: Cli, calls: Calls) -> list[tuple[str, str]]:
    """The words that these commands show: command and word."""
    found = []
    for args in calls:
        run = cli(*args)
        assert run.code in (0, 5), (args, run.err)
        found += [(args[0], word) for word in WORDS if word.lower() in run.out.lower() + run.err.lower()]
    matched = done(cli("list", "--match", "pramwheel", "--json")).records
    return found + [("--match", "pramwheel") for _ in matched]


def test_the_words_are_everywhere_and_then_nowhere(cli: Cli) -> None:
    ticket = lived(cli)
    before = traces(cli.workspace)
    assert {word for _, word in before} == set(WORDS)
    places = {name.partition("-")[0] for name, _ in before}
    assert {"queue.jsonl", "inbox.jsonl", "outbox.jsonl", "index.sqlite"} <= places
    assert any(name.endswith(".gz") for name, _ in before)
    done(cli(*FORGET))
    assert traces(cli.workspace) == []
    assert shown(cli, all_calls(ticket)) == []
    done(cli("list", "--match", "kettledrum"))
    assert traces(cli.workspace) == []
    assert done(cli("doctor", "--verify", "--json")).code == 0


def test_the_others_keep_theirs(cli: Cli) -> None:
    lived(cli)
    done(cli(*FORGET))
    assert [one["text"] for one in done(cli("list", "--match", "kettledrum", "--json")).records] == [OTHERS]


def steps(cli: Cli, *args: str) -> int:
    """How many steps a command takes; it does its work on a copy."""
    run = done(cli(*args, env={"SOCIALCLI_FAIL_POINT": "count"}))
    return sum(line.startswith("fail point ") for line in run.err.splitlines())


def copied(cli: Cli, folder: Path) -> Cli:
    """The same workspace once more."""
    shutil.copytree(cli.workspace, folder / "workspace")
    (folder / "home").mkdir()
    return Cli(folder / "workspace", folder / "home")


def tombstones(cli: Cli) -> int:
    """How many stand on disk as whole lines."""
    return sum(b'"event":"erased"' in line for line in journal(cli).split(b"\n")[:-1])


class Scene(NamedTuple):
    """``steps``: how many it takes to forget her; ``stones``: tombstones that this leaves."""

    cli: Cli
    ticket: str
    steps: int
    stones: int


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A workspace with a history."""
    folder = tmp_path_factory.mktemp("scene")
    (folder / "workspace").mkdir()
    (folder / "home").mkdir()
    cli = Cli(folder / "workspace", folder / "home")
    ticket = lived(cli)
    counted = copied(cli, folder / "counted")
    taken = steps(counted, *FORGET)
    return Scene(cli, ticket, taken, tombstones(counted))


SHARE = 6  # every so-manieth step in one test, so that they spread over the cores


@pytest.mark.parametrize("share", range(SHARE))
def test_killed_at_every_step_it_ends_the_same(scene: Scene, tmp_path: Path, share: int) -> None:
    assert (scene.steps > 20, scene.stones) == (True, 2)
    for step in range(1 + share, scene.steps + 1, SHARE):
        cli = copied(scene.cli, tmp_path / str(step))
        run = cli(*FORGET, env={"SOCIALCLI_FAIL_POINT": f"*@{step}"})
        assert run.code == KILLED, (step, run.err)
        if tombstones(cli) == scene.stones:
            assert shown(cli, QUICK) == [], step
        done(cli(*FORGET))
        assert traces(cli.workspace) == [], step
        assert done(cli("doctor", "--verify", "--json")).code == 0
        shutil.rmtree(tmp_path / str(step))


def united(cli: Cli, old: bytes) -> None:
    """``cat old queue.jsonl | sort -u``."""
    lines = {line for line in (old + journal(cli)).split(b"\n") if line}
    (cli.workspace / "queue.jsonl").write_bytes(b"\n".join(sorted(lines)) + b"\n")


PURGES: dict[str, Callable[[Cli], Run]] = {
    "forget": lambda cli: cli(*FORGET),
    "repair": lambda cli: cli("doctor", "--repair", "--yes"),
    "archive": lambda cli: cli("archive", "--before", "90d", *AS, "--yes", now="2027-11-20T10:00:00Z"),
}


@pytest.mark.parametrize("purge", PURGES)
def test_an_old_journal_does_not_bring_the_words_back(scene: Scene, tmp_path: Path, purge: str) -> None:
    cli, calls = copied(scene.cli, tmp_path / "united"), all_calls(scene.ticket)
    old = journal(cli)
    old = old[: old.rindex(b"\n") + 1]
    done(cli(*FORGET))
    united(cli, old)
    assert shown(cli, calls) == []
    assert traces(cli.workspace) != []  # they are in the journal again, and no command shows them
    done(PURGES[purge](cli))
    assert traces(cli.workspace) == []
    assert shown(cli, calls) == []


def test_the_full_text_holds_nothing_after_it_was_built_again(scene: Scene, tmp_path: Path) -> None:
    """Its pages store words in parts, so that looking for them in the bytes is not enough."""
    cli = copied(scene.cli, tmp_path / "built")
    done(cli(*FORGET))
    done(cli("list", "--match", "kettledrum"))
    with closing(sqlite3.connect(cli.workspace / ".socialcli" / "index.sqlite")) as db:
        db.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, words, row)")
        terms = {term for (term,) in db.execute("SELECT term FROM temp.terms")}
    assert "kettledrum" in terms
    assert not terms & {"zurich", "oerlikon", *(word.lower() for word in WORDS)}
