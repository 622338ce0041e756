"""``incident drill``: invented incidents, played by themselves or by a learner, scored from the journal."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from socialcli.practising.incident_cases import Move, Staged, names, staged
from tests.conftest import Cli, Run
from tests.e2e.staging import done

CRITERIA = {
    "noticed": 10, "confirmed": 10, "told-in-time": 10, "told-first": 10, "harm-first": 15, "pointed-once": 15,
    "updates-kept": 10, "told-it-is-over": 10, "own-words": 5, "closed": 5,
}  # fmt: skip


class Learner:
    """Somebody who works in a practice folder with ordinary commands."""

    def __init__(self, cli: Cli, case: str, seed: int = 0) -> None:
        self.folder = cli.workspace / "practice"
        self.cli = cli
        run = done(
            cli(
                "incident",
                "drill",
                "start",
                "--dir",
                self.folder,
                "--case",
                case,
                "--seed",
                str(seed),
                "--json",
            )
        )
        self.begun = run.record
        self.play = staged(case, seed)
        self.desk = Cli(self.folder, cli.home)

    def does(self, move: Move) -> Run:
        """One step of the road, with what it names looked up."""
        now = f"{self.play.moment(move.at):%Y-%m-%dT%H:%M:%SZ}"
        line = re.sub(
            r"\{([a-z]+):?([^}]*)\}", lambda one: self._named(one[1], one[2], now), self.play.told(move.run)
        )
        return self.desk(*shlex.split(line)[1:], now=now)

    def at(self, after: str, *command: str) -> Run:
        return self.desk(*command, now=f"{self.play.moment(after):%Y-%m-%dT%H:%M:%SZ}")

    def _named(self, kind: str, handle: str, now: str) -> str:
        where = {"ticket": ("list",), "draft": ("outbox",), "incident": ("incident", "list")}[kind]
        for record in self.desk(*where, "--json", now=now).records:
            if (
                handle == record["customer"]["handle"]
                if handle
                else record["state"] in ("awaiting-approval", "suspected", "open")
            ):
                return str(record["id"])
        raise AssertionError(f"no {kind} {handle}")

    def walks(self, wanted: Callable[[Move], bool] = lambda _: True) -> None:
        """The steps of the road that are wanted."""
        for move in self.play.case.steps:
            if wanted(move):
                assert self.does(move).code == move.exit, move.run

    def score(self) -> Any:
        return done(self.cli("incident", "drill", "score", "--dir", self.folder, "--json")).record

    def points(self) -> dict[str, int]:
        return {one["criterion"]: one["points"] for one in self.score()["parts"]}


@pytest.mark.parametrize("case", names())
def test_the_road_of_each_case_is_worth_all_points(cli: Cli, case: str) -> None:
    learner = Learner(cli, case)
    learner.walks()
    score = learner.score()
    assert set(score) == {"type", "case", "points", "of", "parts"}
    assert (score["type"], score["case"], score["points"], score["of"]) == ("score", case, 100, 100), score
    assert {one["criterion"]: one["of"] for one in score["parts"]} == CRITERIA
    assert all(set(one) == {"criterion", "points", "of", "why", "good"} for one in score["parts"])


def test_with_a_seed_it_is_another_hour_and_other_customers(cli: Cli) -> None:
    learner = Learner(cli, "login", seed=4)
    assert learner.begun["start"] != "2026-11-20T09:00:00Z"
    handles = {one["author"]["handle"] for one in learner.desk.lines("inbox.jsonl")}
    assert "rob_hale" not in handles
    assert any(re.fullmatch(r"rob_hale\d\d", one) for one in handles)
    learner.walks(lambda move: int(move.at[:-1]) <= 17)
    points = learner.points()
    assert (points["harm-first"], points["told-first"], points["own-words"]) == (7, 10, 5)


def test_the_same_journal_has_the_same_score(cli: Cli, tmp_path: Path) -> None:
    learner = Learner(cli, "login")
    learner.walks(lambda move: int(move.at[:-1]) <= 17)
    first = cli("incident", "drill", "score", "--dir", learner.folder, "--json")
    assert (
        cli("incident", "drill", "score", "--dir", learner.folder, "--json", now="2030-01-01T00:00:00Z").out
        == first.out
    )
    other = tmp_path / "elsewhere"
    other.mkdir()
    for name in ("queue.jsonl", "drill.json"):
        shutil.copy(learner.folder / name, other / name)
    assert cli("incident", "drill", "score", "--dir", other, "--json").out == first.out


class TestFaults:
    def test_who_does_nothing_has_next_to_no_points(self, cli: Cli) -> None:
        learner = Learner(cli, "login")
        score = learner.score()
        assert score["points"] == 0
        assert {one["criterion"]: one["why"] for one in score["parts"]}[
            "noticed"
        ] == "nobody saw a problem of many"

    def test_who_looks_late(self, cli: Cli) -> None:
        learner = Learner(cli, "login")
        done(learner.at("25m", "fetch"))
        done(learner.at("26m", "triage"))
        assert learner.points()["noticed"] == 6

    def test_who_never_confirms_or_closes(self, cli: Cli) -> None:
        learner = Learner(cli, "login")
        learner.walks(lambda move: move.at in ("9m", "12m", "14m", "15m"))
        points = learner.points()
        assert (points["confirmed"], points["closed"], points["told-in-time"]) == (0, 0, 10)

    def test_who_answers_one_by_one_before_the_statement(self, cli: Cli) -> None:
        learner = Learner(cli, "login")
        early = Move(
            "13m",
            "",
            """socialcli reply {ticket:jo_ferris} --text "@jo_ferris I'm sorry the login fails. Our team looks at it right now. ^SB" --as sb --yes""",
        )
        learner.walks(lambda move: move.at in ("9m", "10m", "11m"))
        done(learner.does(early))
        learner.walks(lambda move: move.at in ("14m", "15m"))
        found = {one["criterion"]: one for one in learner.score()["parts"]}
        assert found["told-first"]["points"] == 5
        assert found["told-first"]["why"] == "1 answer before the statement, to @jo_ferris"
        assert found["harm-first"]["points"] == 0

    def test_who_lets_the_one_in_danger_wait(self, cli: Cli) -> None:
        learner = Learner(cli, "login")
        rescue = next(move for move in learner.play.case.steps if "rob_hale" in move.run)
        learner.walks(lambda move: move.at != "12m" and int(move.at[:-1]) <= 17)
        done(learner.does(Move("25m", "", rescue.run)))
        found = {one["criterion"]: one for one in learner.score()["parts"]}
        assert found["harm-first"]["why"].startswith("@rob_hale waited 19 min")
        assert found["harm-first"]["points"] == 3

    def test_a_broken_promise_and_nobody_told(self, cli: Cli) -> None:
        learner = Learner(cli, "login")
        learner.walks(lambda move: move.at not in ("40m", "41m", "68m"))
        points = learner.points()
        assert (points["updates-kept"], points["told-it-is-over"], points["closed"]) == (0, 4, 5)

    def test_those_who_were_not_reached_are_named(self, cli: Cli) -> None:
        learner = Learner(cli, "login")
        learner.walks(lambda move: move.at not in ("26m", "27m", "28m"))
        found = {one["criterion"]: one for one in learner.score()["parts"]}
        assert found["pointed-once"]["why"] == "not reached: @wim_koster"
        assert found["pointed-once"]["points"] == 12
        assert "@dora_pinch got no answer of their own" in found["harm-first"]["why"]

    def test_what_was_done_last_counts_while_it_lasts(self, cli: Cli) -> None:
        learner = Learner(cli, "login")
        moves = [move for move in learner.play.case.steps if int(move.at[:-1]) <= 17]
        learner.walks(lambda move: move in moves)
        found = {one["criterion"]: one for one in learner.score()["parts"]}
        assert "incident answer" in moves[-1].run
        assert found["pointed-once"]["why"] == "not reached: @wim_koster"

    def test_the_same_words_for_two(self, cli: Cli) -> None:
        learner = Learner(cli, "login")
        learner.walks(lambda move: int(move.at[:-1]) <= 15)
        for handle in ("jo_ferris", "tomas_reyk"):
            text = f"@{handle} I'm sorry the login fails. All news stands on our profile, at the top. ^SB"
            done(
                learner.does(
                    Move("18m", "", f'socialcli reply {{ticket:{handle}}} --text "{text}" --as sb --yes')
                )
            )
        found = {one["criterion"]: one for one in learner.score()["parts"]}
        assert (found["own-words"]["points"], found["own-words"]["why"]) == (
            4,
            "1 pair of texts say nearly the same",
        )


def test_it_plays_by_itself(cli: Cli) -> None:
    """With the real commands, each a process of its own."""
    run = done(cli("incident", "drill", "--case", "login", "--json"))
    steps, score = run.records[:-1], run.records[-1]
    assert {one["type"] for one in steps} == {"step"}
    assert (score["type"], score["points"]) == ("score", 100)
    assert [one["exit"] for one in steps] == [one["expected"] for one in steps]
    assert not Path(steps[0]["workspace"]).exists()


def test_the_score_for_people(cli: Cli) -> None:
    learner = Learner(cli, "login")
    learner.walks(lambda move: move.at == "9m")
    out = done(cli("incident", "drill", "score", "--dir", learner.folder)).out
    assert out.startswith("login: 10 of 100 points\n")
    assert "  confirmed        0/10  nobody said that it is one\n      good: look at it" in out


def test_what_does_not_fit(cli: Cli) -> None:
    folder = cli.workspace / "practice"
    assert cli("incident", "drill", "score", "--dir", folder).code == 2
    assert cli("incident", "drill", "start").code == 2
    assert cli("incident", "drill", "start", "--dir", folder, "--case", "nothing").code == 5
    done(cli("incident", "drill", "start", "--dir", folder))
    before = {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}
    assert cli("incident", "drill", "start", "--dir", folder).code == 2
    assert cli("incident", "drill", "score", "--dir", folder, "--seed", "3").code == 2
    assert {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()} == before
    (folder / "drill.json").write_text(json.dumps({"case": "gone", "seed": 1}))
    assert cli("incident", "drill", "score", "--dir", folder).code == 5


@pytest.mark.parametrize("case", names())
def test_every_case_hangs_together(case: str) -> None:
    play: Staged = staged(case, 7)
    handles = {play.handle(one.handle) for one in play.case.messages}
    assert len(handles) == len(play.case.messages)
    assert sum(one.part for one in play.case.messages) >= 6
    assert any(one.harm for one in play.case.messages)
    times = [play.moment(one.at) for one in (*play.case.steps,)]
    assert times == sorted(times)
    assert times[-1].date() == play.start.date()
    assert play.files() == staged(case, 7).files() != staged(case, 8).files()
