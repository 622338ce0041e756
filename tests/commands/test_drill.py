"""``drill``: the cases that ship, cases of one's own, and what is wrong with them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from socialcli.practising.cases import SHIPPED, names
from tests.conftest import Cli, Run
from tests.e2e.staging import done

CASES = names(SHIPPED)
OWN = """
title = "A lost scarf"
about = "Lost property"
handle = "anna_b"

[[messages]]
at = "2026-03-10T10:00:00Z"
text = "@NorthlineAir I left my scarf on NL200. Can I get it back?"

[[good]]
at = "10m"
text = "@anna_b I'm sorry about your scarf, Anna. It is at the desk in hall B until Friday. ^SB"
"""


def written(case: str, which: str) -> list[dict[str, Any]]:
    """The answers that stand in a shipped case: "good" or "poor"."""
    found: list[dict[str, Any]] = tomllib.loads((SHIPPED / f"{case}.toml").read_text())[which]
    return found


def play(cli: Cli, case: str, *answers: dict[str, Any], more: tuple[str, ...] = ()) -> Any:
    """The score of these answers."""
    cli.write("answers.jsonl", *answers)
    return done(cli("drill", case, "--answers", "answers.jsonl", "--json", *more)).record


def points(score: Any) -> dict[str, tuple[int, int]]:
    return {part["criterion"]: (part["points"], part["of"]) for part in score["parts"]}


def why(score: Any, criterion: str) -> str:
    return next(str(part["why"]) for part in score["parts"] if part["criterion"] == criterion)


def own(cli: Cli, text: str = OWN) -> Path:
    """A folder with one case of the team's own."""
    folder = cli.workspace / "cases"
    folder.mkdir(exist_ok=True)
    (folder / "scarf.toml").write_text(text, encoding="utf-8")
    return folder


def answer(text: str, at: str = "10m", act: str = "answer") -> dict[str, str]:
    return {"at": at, "act": act, "text": text}


def scarf(cli: Cli, *answers: dict[str, str], text: str = OWN) -> Any:
    return play(cli, "scarf", *answers, more=("--dir", str(own(cli, text))))


# the cases that ship


def test_there_are_cases_of_many_trades(cli: Cli) -> None:
    records = done(cli("drill", "--list", "--json")).records
    assert len(records) >= 8
    assert all(set(one) == {"type", "name", "title", "about", "messages"} for one in records)
    assert {one["type"] for one in records} == {"case"}
    assert [one["name"] for one in records] == sorted(CASES)
    assert "airline" in done(cli("drill")).out


@pytest.mark.parametrize("case", CASES)
def test_the_good_version_has_all_points_and_the_poor_one_lacks_many(cli: Cli, case: str) -> None:
    good = play(cli, case, *written(case, "good"))
    assert good["points"] == good["of"], [part for part in good["parts"] if part["points"] < part["of"]]
    poor = play(cli, case, *written(case, "poor"))
    assert poor["of"] == good["of"]
    assert poor["points"] <= 0.9 * poor["of"]


@pytest.mark.parametrize("case", CASES)
def test_who_says_nothing_at_all_is_told_so(cli: Cli, case: str) -> None:
    score = play(cli, case)
    assert points(score)["first-answer"][0] == 0
    assert "never answered" in why(score, "first-answer")


def test_the_record_holds_these_fields(cli: Cli) -> None:
    score = play(cli, "airline", *written("airline", "good"))
    assert set(score) == {"type", "case", "points", "of", "parts"}
    assert (score["type"], score["case"]) == ("score", "airline")
    assert all(set(part) == {"criterion", "points", "of", "why", "good"} for part in score["parts"])
    assert all(part["why"] and part["good"] for part in score["parts"])
    assert sum(part["points"] for part in score["parts"]) == score["points"]
    assert sum(part["of"] for part in score["parts"]) == score["of"]


def test_good_plays_it_through(cli: Cli) -> None:
    run = done(cli("drill", "airline", "--good"))
    assert "[Tue 21:09] @NorthlineAir: @ruth_kemp I'm sorry" in run.out
    assert "airline: 140 of 140 points" in run.out
    records = done(cli("drill", "airline", "--good", "--json")).records
    assert [one["type"] for one in records] == ["message"] * 4 + ["score"]


# what is marked, one by one, on a case of one's own by the workspace's policy


GOOD = "@anna_b I'm sorry about your scarf, Anna. It is at the desk in hall B until Friday. ^SB"


def test_all_is_well(cli: Cli) -> None:
    score = scarf(cli, answer(GOOD))
    assert score["points"] == score["of"]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("1h", 20),
        ("2026-03-10T11:00:00Z", 20),
        ("2026-03-10T11:00:01Z", 10),
        ("2h", 10),
        ("2026-03-10T12:00:01Z", 0),
    ],
)
def test_the_first_answer_has_the_deadline_of_the_policy(cli: Cli, at: str, expected: int) -> None:
    (cli.workspace / "policies.toml").write_text('[deadlines]\nnormal = "1h"\nhigh = "1h"\n')
    assert points(scarf(cli, answer(GOOD, at)))["first-answer"] == (expected, 20)


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("@anna_b Oh no, I'm so sorry about that, Anna! ^SB", "questions"),
        ("@anna_b I'm sorry, Anna. Which flight was it that you left the scarf on? ^SB", "repeat"),
        ("@anna_b I'm sorry, Anna. Please call +44 20 7946 0321. ^SB", "useless-number"),
        ("@anna_b I'm sorry, Anna. It is at the desk in hall B until Friday.", "sign-off"),
        ("@anna_b I'm sorry, Anna. It is at the desk in hall B. What is your home address? ^SB", "privacy"),
        ("@anna_b I'm sorry, Anna. It is at the desk in hall B; we will refund you 50 GBP. ^SB", "forbidden"),
        ("@anna_b I'm sorry, Anna. It is at the desk, BUT YOU SHOULD TAKE MORE CARE!!! ^SB", "wording"),
    ],
)
def test_each_fault_costs_its_points_and_only_those(cli: Cli, text: str, criterion: str) -> None:
    found = points(scarf(cli, answer(text)))
    lost = {name for name, (has, of) in found.items() if has < of}
    assert criterion in lost
    assert lost <= {criterion, "wording"}


def test_regret_that_is_due(cli: Cli) -> None:
    case = OWN.replace("I left my scarf on NL200. Can I get it back?", "you broke my suitcase on NL200!")
    found = points(scarf(cli, answer("@anna_b We'll send you a new one today, Anna. ^SB"), text=case))
    assert found["apology"] == (0, 5)


def test_facts_have_their_share_each(cli: Cli) -> None:
    facts = (
        '[[facts]]\nany = ["hall B"]\nwhy = "where it is"\n[[facts]]\nany = ["Monday"]\nwhy = "until when"\n'
    )
    score = scarf(cli, answer(GOOD), text=f"{OWN}\n{facts}")
    assert points(score)["facts"] == (10, 20)
    assert why(score, "facts") == "missing: until when"


def test_words_that_a_case_forbids(cli: Cli) -> None:
    forbidden = '[[forbidden]]\nany = ["Hall b"]\nwhy = "nobody may be sent there"\n'
    score = scarf(cli, answer(GOOD), text=f"{OWN}\n{forbidden}")
    assert points(score)["forbidden"] == (0, 10)
    assert "nobody may be sent there" in why(score, "forbidden")


def test_a_promise_that_is_not_kept_is_a_silence(cli: Cli) -> None:
    promise = answer("@anna_b I'm sorry, Anna. We'll write to you here by 11:00. ^SB")
    late = answer("@anna_b It is at the desk in hall B, Anna. ^SB", "2h")
    score = scarf(cli, promise, late)
    assert points(score)["silence"] == (0, 15)
    assert "nothing came by Tue 11:00" in why(score, "silence")
    assert points(scarf(cli, promise, answer(late["text"], "40m")))["silence"] == (15, 15)


@pytest.mark.parametrize(("at", "expected"), [("15m", 15), ("16m", 0)])
def test_nobody_waits_longer_than_the_case_has_patience(cli: Cli, at: str, expected: int) -> None:
    case = OWN.replace(
        "[[good]]", '[[messages]]\nafter = "1m"\ntext = "And when does the desk open?"\n[[good]]'
    )
    score = scarf(cli, answer(GOOD), answer("@anna_b At 6:00 every day, Anna. ^SB", at), text=case)
    assert points(score)["silence"] == (expected, 15)


def test_closed_hours_are_no_silence_and_no_delay(cli: Cli) -> None:
    (cli.workspace / "policies.toml").write_text('[hours]\ncoverage = "hours"\ntue = "08:00-10:01"\n')
    score = scarf(cli, answer(GOOD, "2026-03-11T08:20:00Z"))
    assert points(score)["first-answer"] == (20, 20)


@pytest.mark.parametrize("act", ["pass", "offline", "hand-on"])
def test_the_right_act(cli: Cli, act: str) -> None:
    case = OWN.replace("[[good]]", f'act = "{act}"\n[[good]]', 1)
    did = answer("" if act == "pass" else GOOD, act=act)
    assert points(scarf(cli, did, text=case))["right-act"] == (10, 10)
    assert points(scarf(cli, answer(GOOD), text=case))["right-act"] == (0, 10)


# the clock of a case


def test_a_nudge_comes_only_to_who_is_silent(cli: Cli) -> None:
    case = OWN.replace("[[good]]", '[[messages]]\nsilence = "20m"\ntext = "Hello, anybody?"\n[[good]]')
    folder = str(own(cli, case))
    for at, said in (("10m", 2), ("30m", 3)):
        played = case.replace('at = "10m"', f'at = "{at}"')
        (cli.workspace / "cases" / "scarf.toml").write_text(played)
        records = done(cli("drill", "scarf", "--good", "--dir", folder, "--json")).records
        assert sum(one["type"] == "message" for one in records) == said


def test_a_case_at_the_end_of_the_calendar(cli: Cli) -> None:
    late = OWN.replace("2026-03-10T10:00:00Z", "9999-12-31T23:30:00Z")
    case = late.replace("[[good]]", '[[messages]]\nsilence = "40m"\ntext = "Hello?"\n[[good]]')
    assert scarf(cli, answer(GOOD), text=case)["points"] > 0
    assert scarf(cli, text=case)["points"] == 0


def test_what_was_asked_for_is_told(cli: Cli) -> None:
    asked = '[[messages]]\nafter = "3m"\nasked = ["colour"]\ntext = "Red, with dots."\n[[good]]'
    for text, told in (("What colour is it, Anna? Sorry! ^SB", True), ("Sorry! It is in hall B. ^SB", False)):
        case = OWN.replace("[[good]]", asked).replace(GOOD, text)
        records = done(cli("drill", "scarf", "--good", "--dir", str(own(cli, case)), "--json")).records
        assert ("Red, with dots." in {one.get("text") for one in records}) is told


def test_the_good_answer_beside_a_fault_is_the_one_for_that_message(cli: Cli) -> None:
    """Moved well, and then nothing: the second good answer is shown, and the one that tells what is missing."""
    first, second = (one["text"] for one in written("airline", "good"))
    score = play(cli, "airline", written("airline", "good")[0])
    good = {part["criterion"]: part["good"] for part in score["parts"]}
    assert all(second in good[name] and first not in good[name] for name in ("right-act", "facts"))
    spoken = play(cli, "spam", answer("Wow, thanks! ^NM", "1m"))
    assert why(spoken, "right-act").endswith("where saying nothing was right")
    assert next(one["good"] for one in spoken["parts"] if one["criterion"] == "right-act") == "saying nothing"
    ramp = play(cli, "rail", answer("Sorry, Josh. ^EC", "3m"))
    assert "five minutes away" in next(one["good"] for one in ramp["parts"] if one["criterion"] == "facts")


def test_a_tag_number_that_was_told_is_not_asked_for_again(cli: Cli) -> None:
    again = answer("Sorry Ruth, could you tell me your tag number again? ^SB", "8m")
    score = play(cli, "airline", written("airline", "good")[0], again)
    assert points(score)["repeat"] == (0, 15)


# in other words than the case's


@pytest.mark.parametrize(
    ("case", "answers"),
    [
        (
            "airline",
            [
                (
                    "20m",
                    "offline",
                    "@ruth_kemp We're sorry, Ruth. Please DM us your booking reference so we can look into it. ^SB",
                ),
                (
                    "9m",
                    "answer",
                    "Good news, Ruth: your bag is in Porto, and will be with you by 3pm. Sorry for the worry. ^SB",
                ),
            ],
        ),
        (
            "restaurant",
            [("1h", "answer", "@ines_eats What lovely words, Inés! Thank you and many happy returns. ^LW")],
        ),
        (
            "shop",
            [
                (
                    "20m",
                    "answer",
                    "@marlow_runs Oh no, Pete! Print a free label: https://fellandfoot.example/returns. The right pair takes 2 days. ^AK",
                ),
                ("7m", "answer", "@marlow_runs That's right, Pete, it costs you nothing. Good luck! ^AK"),
            ],
        ),
    ],
)
def test_a_good_answer_in_other_words_has_every_point(
    cli: Cli, case: str, answers: list[tuple[str, str, str]]
) -> None:
    score = play(cli, case, *(answer(text, at, act) for at, act, text in answers))
    assert score["points"] == score["of"], [part for part in score["parts"] if part["points"] < part["of"]]


@pytest.mark.parametrize(
    ("case", "text"),
    [
        ("restaurant", "@ines_eats Thank you for your feedback. Please rate us. ^LW"),
        ("opera", "@lucia_mar No. ^DG"),
        ("rail", "@josh_wheels Sorry, Josh. What train are you on? ^EC"),
        ("shop", "@marlow_runs Sorry, Pete, the shoes are fine. ^AK"),
    ],
)
def test_a_quick_word_that_tells_nothing_is_no_good_answer(cli: Cli, case: str, text: str) -> None:
    at = "2026-10-16T08:20:00Z" if case == "opera" else "3m"
    score = play(cli, case, answer(text, at))
    assert score["points"] <= 0.86 * score["of"]
    assert points(score)["facts"] == (0, 20)


# always the same, and harmless


def test_the_same_answers_have_the_same_score_byte_for_byte(cli: Cli) -> None:
    cli.write("answers.jsonl", *written("energy", "poor"))
    command = ("drill", "energy", "--answers", "answers.jsonl", "--json")
    first = done(cli(*command))
    assert done(cli(*command, now="2031-01-01T00:00:00Z")).out == first.out
    assert done(cli(*command, env={"TZ": "Asia/Tokyo", "LANG": "de_DE.UTF-8"})).out == first.out
    (cli.workspace / "policies.toml").write_text('[deadlines]\nurgent = "3d"\n')
    assert done(cli(*command)).out == first.out


def test_nothing_is_written_and_no_workspace_is_needed(cli: Cli) -> None:
    play(cli, "airline", *written("airline", "good"))
    assert [path.name for path in cli.workspace.iterdir()] == ["answers.jsonl"]


def test_control_characters_never_reach_the_terminal(cli: Cli) -> None:
    cli.write("answers.jsonl", answer("\x1b[2Jboo \u202e ^JL"))
    out = done(cli("drill", "bank", "--answers", "answers.jsonl")).out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_a_text_of_a_million_letters(cli: Cli) -> None:
    score = play(cli, "shop", answer("Sorry " * 170_000 + "^AK"))
    assert points(score)["wording"][0] < 5


# what is wrong


def refused(run: Run, code: int, *words: str) -> None:
    assert run.code == code, run.err
    assert all(word in run.err for word in words), run.err


def test_a_case_that_there_is_not(cli: Cli) -> None:
    refused(cli("drill", "nosuch"), 5, 'no case "nosuch"', "airline")
    refused(cli("drill", "../airline"), 5, "no case")


def test_without_a_terminal_somebody_has_to_answer(cli: Cli) -> None:
    refused(cli("drill", "airline"), 2, "who answers?", "--answers FILE")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--list", "--score", "x"), "--list and --score exclude each other"),
        (("airline", "--good", "--answers", "x"), "--good and --answers exclude each other"),
        (("--good",), "--good belongs to a case"),
        (("airline", "--list"), "--list is about all cases"),
        (("airline", "--answers", "nosuch.jsonl"), "nosuch.jsonl"),
        (("--dir", "nowhere", "--list"), "nowhere"),
    ],
)
def test_options_that_do_not_fit(cli: Cli, args: tuple[str, ...], words: str) -> None:
    refused(cli("drill", *args), 2, words)


def test_all_bad_lines_of_answers_are_told_together(cli: Cli) -> None:
    lines = [
        "no json",
        json.dumps({"at": "soon", "text": "x"}),
        json.dumps(answer(" ")),
        json.dumps({"at": "1m", "act": "run"}),
    ]
    (cli.workspace / "bad.jsonl").write_text("\n".join(lines))
    run = cli("drill", "airline", "--answers", "bad.jsonl")
    refused(run, 7, "bad.jsonl:1:", "bad.jsonl:2:", "bad.jsonl:3: an answer has a text", "bad.jsonl:4:")
    assert 'how long after what was said last: "12m"' in run.err
    assert "an act of answer, offline, hand-on, pass" in run.err


def test_times_that_do_not_rise(cli: Cli) -> None:
    cli.write("answers.jsonl", answer("Hello ^SB", "2026-03-10T20:00:00Z"))
    cli.write("later.jsonl", answer("Hello ^SB", "9m"), answer("Hello ^SB", "2026-03-10T21:00:00Z"))
    for file, place in (("answers.jsonl", "answers.jsonl:1:"), ("later.jsonl", "later.jsonl:2:")):
        refused(cli("drill", "airline", "--answers", file), 7, place, "is before what was said last")
    folder = str(own(cli, OWN.replace('at = "10m"', 'at = "2026-03-10T09:00:00Z"')))
    refused(cli("drill", "scarf", "--good", "--dir", folder), 7, "scarf.toml: good 1:")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('at = "2026-03-10T10:00:00Z"', 'at = "yesterday"'), "scarf.toml: messages 1: at:"),
        (('at = "2026-03-10T10:00:00Z"', 'silence = "5m"'), "the first message comes at a time"),
        (('at = "2026-03-10T10:00:00Z"', ""), "one of at, after, silence says when it comes"),
        (('handle = "anna_b"', 'handel = "anna_b"'), "handel"),
        (('title = "A lost scarf"', "title ="), "scarf.toml:"),
        (('handle = "anna_b"', 'patience = "ages"'), "patience:"),
        (('handle = "anna_b"', "policy = '''[brand]\nnam = 1'''"), "brand.nam"),
    ],
)
def test_a_case_that_is_not_right_says_where(cli: Cli, change: tuple[str, str], words: str) -> None:
    folder = str(own(cli, OWN.replace(*change, 1)))
    refused(cli("drill", "scarf", "--good", "--dir", folder), 7, words)


def test_any_name_of_a_file_is_a_name_of_a_case(cli: Cli) -> None:
    folder = own(cli)
    (folder / "scarf.toml").rename(folder / "Lost Scarf.toml")
    (folder / "old.toml").mkdir()
    listed = done(cli("drill", "--list", "--dir", str(folder), "--json")).records
    assert [one["name"] for one in listed] == ["Lost Scarf"]
    assert done(cli("drill", "Lost Scarf", "--good", "--dir", str(folder), "--json")).records


def test_the_mistakes_of_all_cases_are_told_together(cli: Cli) -> None:
    folder = own(cli, "x = 1")
    (folder / "hat.toml").write_bytes(b"\xff")
    refused(cli("drill", "--list", "--dir", str(folder)), 7, "scarf.toml:", "hat.toml:")


def test_lines_that_are_no_messages(cli: Cli) -> None:
    (cli.workspace / "talk.jsonl").write_text('{"type":"ticket"}\n{"id":"m1"}\n[]\n')
    refused(cli("drill", "--score", "talk.jsonl"), 7, "talk.jsonl:2:", "talk.jsonl:3:")
    (cli.workspace / "talk.jsonl").write_text('{"type":"ticket"}\n')
    refused(cli("drill", "--score", "talk.jsonl"), 2, "no message of a customer")
