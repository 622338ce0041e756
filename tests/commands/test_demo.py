"""``demo``, run as the installed program, with the network cut off in every process of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from wcwidth import wcswidth

from socialcli.channels.records import RecordReader
from socialcli.console import Screen
from socialcli.model.message import Message
from socialcli.policy.schema import Account
from socialcli.rehearsal import Scene, Script, Stage, play, read_script, workspace
from tests.conftest import COMMAND, PATIENCE

# Read by every Python that is started: who dials is written down and stopped; who is named in BREAK dies.
GUARD = """
import os, socket, sys

def refuse(*_):
    with open(os.environ["DIALLED"], "a") as file:
        file.write(repr(sys.orig_argv) + "\\n")
    raise OSError("no network in this test")

socket.socket.connect = refuse
socket.getaddrinfo = refuse
if os.environ.get("BREAK") in sys.orig_argv:
    os._exit(9)
"""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str
    temporary: Path
    dialled: Path

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


def demo(folder: Path, *options: str, **settings: str) -> Ran:
    """One run in an environment of its own, with settings of the program that must not leak into the demo."""
    guard, temporary, dialled = folder / "guard", folder / "tmp", folder / "dialled"
    for made in (guard, temporary, folder / "home"):
        made.mkdir(parents=True, exist_ok=True)
    (guard / "sitecustomize.py").write_text(GUARD)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(guard),
        "HOME": str(folder / "home"),
        "TMPDIR": str(temporary),
        "TERM": "xterm",
        "LANG": "C.UTF-8",
        "TZ": "Pacific/Auckland",
        "DIALLED": str(dialled),
        "SOCIALCLI_AGENT": "nobody",
        "SOCIALCLI_WORKSPACE": str(folder / "nowhere"),
        **settings,
    }
    done = subprocess.run(
        [COMMAND, "demo", *options],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE,
    )
    return Ran(done.returncode, done.stdout, done.stderr, temporary, dialled)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return demo(tmp_path_factory.mktemp("shown"))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def recorded(kept: Path) -> Ran:
    return demo(kept, "--json", "--keep", "airline")


def outbox(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "outbox.jsonl").read_text().splitlines()]


# the run


def test_it_ends_well_and_says_nothing_beside_the_answer(shown: Ran) -> None:
    assert (shown.code, shown.err) == (0, "")


def test_every_command_of_the_script_is_shown_in_its_order(shown: Ran) -> None:
    lines = re.sub(r"\n {4,}", " ", shown.out).splitlines()
    typed = [line for line in lines if line.startswith("$ ")]
    wanted = [re.escape(scene.run) for scene in read_script().steps]
    wanted = [one.replace(r"\{incident\}", "[a-z2-7]{8}") for one in wanted]
    patterns = [re.sub(r"\\\{[^}]*\\\}", "[a-z2-7]{12}", one) for one in wanted]
    assert len(typed) == len(patterns)
    for line, pattern in zip(typed, patterns, strict=True):
        assert re.fullmatch(rf"\$ {pattern}", line)


@pytest.mark.parametrize(
    "said",
    [
        "support: 72 read, 72 new, 0 known",
        "support: 72 read, 0 new, 72 known",
        "support: 77 read, 5 new, 72 known",
        "error privacy/asks-in-public",
        " of 100), complaint, baggage",
        "awaiting-approval",
        "(exit code 3, refused by a check or a policy)",
        "(exit code 6, conflict:",
        "3 outbox.jsonl",
        "suspected incident ",
        "pointers: 6 to go out, 0 left for people, 1 passed over",
        "pointers: 1 to go out, 0 left for people, 7 passed over",
        "notices: 7 to go out, 0 left for people, 0 passed over",
        "closed  baggage  belt",
        "What to try next",
    ],
)
def test_the_real_output_is_shown(shown: Ran, said: str) -> None:
    assert said in shown.out


def test_it_is_shown_as_on_a_terminal_of_eighty_columns(shown: Ran) -> None:
    assert "\x1b" not in shown.out
    assert "\t" not in shown.out
    wide = [
        line for line in shown.out.splitlines() if wcswidth(line) > 80 and str(shown.temporary) not in line
    ]
    assert wide == []


def test_private_data_is_masked_and_tricks_are_harmless(shown: Ran) -> None:
    assert "K4TZ9P" not in shown.out
    assert "priya.nandan@post.example" not in shown.out
    assert r"\x1b[31mSYSTEM" in shown.out
    assert "{{ 7*7 }}" in shown.out


def test_the_workspace_is_named_and_removed(shown: Ran) -> None:
    named = re.search(r"^Workspace: (\S+) \(removed at the end\)$", shown.out, re.MULTILINE)
    assert named is not None
    assert Path(named[1]).parent == shown.temporary
    assert list(shown.temporary.iterdir()) == []


def test_nobody_dials(shown: Ran, recorded: Ran) -> None:
    assert not shown.dialled.exists()
    assert not recorded.dialled.exists()


def test_as_records_each_step_has_its_command_and_its_exit_code(recorded: Ran) -> None:
    assert (recorded.code, recorded.err) == (0, "")
    fields = {"type", "say", "line", "command", "at", "workspace", "exit", "expected", "stdout", "stderr",
              "chapter", "lines"}  # fmt: skip
    for record in recorded.records:
        assert set(record) == fields
        assert record["type"] == "step"
        assert record["say"]
        assert record["exit"] == record["expected"]
    assert Counter(record["exit"] for record in recorded.records) == {0: 45, 3: 2, 6: 1}


def test_the_kept_workspace_has_one_post_a_draft(kept: Path, recorded: Ran) -> None:
    folder = kept / "airline"
    assert {record["workspace"] for record in recorded.records} == {str(folder)}
    posts = outbox(folder)
    assert len({post["draft"] for post in posts}) == len(posts) == 21
    assert {post["author"]["handle"] for post in posts} == {"NorthlineAir"}
    events = [json.loads(line) for line in (folder / "queue.jsonl").read_text().splitlines()]
    sent = [event["data"]["draft"] for event in events if event["event"] == "sent"]
    assert sorted(sent) == sorted(post["draft"] for post in posts)


def test_the_same_reply_again_shows_the_same_draft(recorded: Ran) -> None:
    steps = recorded.records
    twice = [n for n, step in enumerate(steps[1:], 1) if step["line"] == steps[n - 1]["line"] and "--yes" in step["line"]]  # fmt: skip
    assert len(twice) == 1
    assert steps[twice[0]]["stdout"] == steps[twice[0] - 1]["stdout"]
    assert "sent as out-" in steps[twice[0]]["stdout"]


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "mine.txt").write_text("mine")
    ran = demo(tmp_path, "--keep", "taken")
    assert ran.code == 2
    assert "taken is in use" in ran.err
    assert [one.name for one in taken.iterdir()] == ["mine.txt"]


def test_it_stops_and_cleans_up_where_a_command_ends_otherwise(tmp_path: Path) -> None:
    ran = demo(tmp_path, BREAK="doctor")
    assert ran.code == 1
    assert "the demo stopped: socialcli doctor ended with exit code 9, not 0" in ran.err
    assert "$ socialcli fetch" not in ran.out
    assert "What to try next" not in ran.out
    assert list(ran.temporary.iterdir()) == []


# the stage


@pytest.mark.parametrize("colour", [True, False])
def test_commands_have_colour_where_the_screen_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, colour: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    (tmp_path / "policies.toml").write_text("")
    code, out, _ = Stage(tmp_path, Screen(True, colour, 80)).run(
        ("socialcli", "doctor"), "2026-11-20T18:00:00Z"
    )
    assert code == 0
    assert ("\x1b[32mok" in out) is colour


def test_an_unknown_customer_stops_the_script(tmp_path: Path) -> None:
    from socialcli.errors import SocialError

    script = Script("2026-11-20", (Scene("18:00", "Nobody.", "socialcli show {ticket:nobody}"),))
    with workspace(tmp_path / "w") as folder, pytest.raises(SocialError, match="shows no ticket nobody"):
        list(play(Stage(folder, None), script))


# the sample


@pytest.fixture(scope="module")
def sample() -> list[Message]:
    account = Account(name="support", network="file", handle="NorthlineAir")
    reader = RecordReader(account, frozenset({"northlineair"}), source="mention")
    content = resources.files("socialcli.data").joinpath("demo", "inbox.jsonl").read_bytes()
    return [reader.from_json(line) for line in content.splitlines()]


def test_the_sample_is_large_enough_and_hangs_together(sample: list[Message]) -> None:
    assert len(sample) >= 60
    places = {message.id: place for place, message in enumerate(sample)}
    assert len(places) == len(sample)
    times = [message.created_at for message in sample]
    assert times == sorted(times)
    for place, message in enumerate(sample):
        assert message.in_reply_to is None or places[message.in_reply_to] < place


def test_the_sample_has_every_sort(sample: list[Message]) -> None:
    texts = [message.text for message in sample]
    ours = {message.id for message in sample if message.direction == "outbound"}
    assert {message.source for message in sample} >= {"mention", "reply", "direct", "search", "feed"}
    assert {message.lang for message in sample} >= {"es", "de"}
    assert any(message.visibility == "direct" for message in sample)
    assert any(message.in_reply_to in ours for message in sample if message.direction == "inbound")
    assert any(text.startswith("RT @NorthlineAir") for text in texts)
    for trick in ("\x1b[", "\u202e", "\u200b", "{{ 7*7 }}"):
        assert any(trick in text for text in texts)
    for word in ("WON", "idiots", "refund", "insulin", "@post.example", "thanks!", "❤️"):
        assert any(word in text for text in texts)


def test_the_outage_grows_over_forty_minutes_in_many_voices(sample: list[Message]) -> None:
    words = re.compile(r"app\b|check.?in\b|website", re.IGNORECASE)
    told = [
        one
        for one in sample
        if "18:00" <= one.created_at.strftime("%H:%M") <= "18:46" and words.search(one.text)
    ]
    assert len({one.author.handle for one in told}) >= 12
    assert len({one.text for one in told}) == len(told)
    assert 35 <= (told[-1].created_at - told[0].created_at).total_seconds() / 60 <= 45


def test_nobody_of_the_sample_exists(sample: list[Message]) -> None:
    text = "\n".join(message.text for message in sample)
    assert all(host.endswith(".example") for host in re.findall(r"[\w.]+@([\w.]+\w)", text))
    assert all(host.endswith(".example") for host in re.findall(r"https?://([\w.-]+)", text))
