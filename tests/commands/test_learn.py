"""``learn``: from labels to a file that triage reads, from outside."""

from __future__ import annotations

import json
import os
import re
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.conftest import Cli, Run
from tests.e2e.staging import NOW, done, journal, message, one_line, policy, queued
from tests.learning.candles import rows, write_csv

MAP = ("--map", "text=text,label=complaint")
TUNNELLED = "@NorthlineAir the amber one tunnelled"
BRAND = '[brand]\nname = "Tallow & Thyme"\n'
SITE = 'import sys\nsys.modules["sklearn"] = sys.modules["numpy"] = None\n'


def labelled(cli: Cli, endings: int = 12) -> Path:
    return write_csv(cli.workspace / "labels.csv", rows(endings))


def learned(cli: Cli) -> Any:
    return json.loads((cli.workspace / "learned.json").read_bytes())


def taught(cli: Cli) -> Run:
    return done(cli("learn", labelled(cli), *MAP, "--json", now=NOW))


def filtered(cli: Cli, text: str, **env: str) -> Any:
    line = json.dumps(message("m9", text)) + "\n"
    return done(cli("triage", "-", "--json", input=line, env=env)).record


def test_it_measures_itself_and_installs_what_is_better(cli: Cli) -> None:
    record = taught(cli).record
    assert set(record) == {
        "type", "target", "examples", "folds", "rules", "learned", "installed", "left_out", "words", "state",
    }  # fmt: skip
    assert set(record["learned"]) == set(record["rules"]) == {"accuracy", "macro_f1", "low", "high"}
    assert (record["type"], record["target"], record["installed"]) == ("learned", "complaint", True)
    assert (record["examples"], record["folds"], record["left_out"]) == (240, 10, {})
    assert record["learned"]["macro_f1"] > record["rules"]["macro_f1"]
    (model,) = learned(cli)["models"]
    assert (model["from"], model["trained_at"], model["examples"]) == ("labels.csv", NOW, 240)
    assert (model["rules"], model["learned"]) == (record["rules"], record["learned"])
    assert record["words"] == list(model["lines"]["complaint"]["words"])[:10]


def test_twice_it_writes_the_same_file(cli: Cli) -> None:
    taught(cli)
    first = (cli.workspace / "learned.json").read_bytes()
    taught(cli)
    assert (cli.workspace / "learned.json").read_bytes() == first


def test_triage_applies_it_without_the_library_and_learn_says_how_to_get_it(cli: Cli) -> None:
    taught(cli)
    (cli.home / "sitecustomize.py").write_text(SITE, encoding="utf-8")
    without = {"PYTHONPATH": str(cli.home)}
    found = filtered(cli, TUNNELLED, **without)
    assert found["kind"] == "complaint"
    (told, *_) = [one for one in found["reasons"] if one["rule"] == "learned/complaint"]
    assert "tunnelled" in told["words"]
    run = cli("learn", "labels.csv", *MAP, env=without)
    assert run.code == 2
    assert one_line(run) == (
        "learning needs scikit-learn",
        'pip install ".[learn]" in the folder of the source',
    )


def test_a_line_taken_out_by_hand_counts_no_more_and_forget_ends_all(cli: Cli) -> None:
    taught(cli)
    planned = done(cli("learn", "--forget", "--dry-run", "--json")).record
    assert planned == {
        "type": "unlearned", "target": "complaint", "from": "labels.csv", "examples": 240, "state": "planned",
    }  # fmt: skip
    assert done(cli("learn", "--forget", "--json")).record["state"] == "removed"
    assert not (cli.workspace / "learned.json").exists()
    again = done(cli("learn", "--forget"))
    assert (again.out, again.err) == ("", "nothing was learned\n")
    assert "learned/complaint" not in {one["rule"] for one in filtered(cli, TUNNELLED)["reasons"]}


def test_a_dry_run_prints_the_figures_and_writes_nothing(cli: Cli) -> None:
    record = done(cli("learn", labelled(cli), *MAP, "--dry-run", "--json")).record
    assert (record["installed"], record["state"]) == (False, "planned")
    assert record["learned"]["macro_f1"] > record["rules"]["macro_f1"]
    assert ", would be installed\n" in done(cli("learn", labelled(cli), *MAP, "--dry-run")).out
    assert not (cli.workspace / "learned.json").exists()


def test_labels_of_a_coin_teach_nothing_though_the_rules_are_worse(cli: Cli) -> None:
    draw = Random(11)
    openings = ("This is a disgrace,", "Thanks a lot,", "Quick one,", "So angry,")
    texts = [f"{opening} {text}" for opening, (text, _) in product(openings, rows())][:500]
    file = write_csv(cli.workspace / "labels.csv", [(text, draw.randrange(2)) for text in texts])
    run = cli("learn", file, *MAP, "--json")
    assert run.code == run.error["code"] == 3
    assert "the labels hardly agree with the texts, so not installed: macro-F1 0." in run.error["message"]
    assert "is the column right" in run.error["hint"]
    assert not (cli.workspace / "learned.json").exists()
    dry = done(cli("learn", file, *MAP, "--dry-run"))
    assert ", refused: not installed\n" in dry.out


def test_what_is_installed_names_the_next_step(cli: Cli) -> None:
    assert "socialcli triage --all" in done(cli("learn", labelled(cli), *MAP)).err


def test_a_file_called_queue_is_not_the_queue(cli: Cli) -> None:
    file = write_csv(cli.workspace / "queue", rows())
    done(cli("learn", file, *MAP))
    assert learned(cli)["models"][0]["from"] == "./queue"


def test_without_authors_a_word_counts_from_five_messages_on(cli: Cli) -> None:
    """Four of the complaints say "glimmer", five "shimmer"."""
    mine = [number for number, (_, label) in enumerate(rows()) if label]
    more = dict.fromkeys(mine[:4], " glimmer") | dict.fromkeys(mine[4:9], " shimmer")
    spoken = [(text + more.get(number, ""), label) for number, (text, label) in enumerate(rows())]
    done(cli("learn", write_csv(cli.workspace / "labels.csv", spoken), *MAP))
    words = learned(cli)["models"][0]["lines"]["complaint"]["words"]
    assert "shimmer" in words
    assert "glimmer" not in words


@pytest.mark.parametrize("words", [("learn", "pipe", *MAP), ("learn", "/dev/zero", *MAP)])
def test_what_never_ends_is_refused(cli: Cli, words: tuple[str, ...]) -> None:
    os.mkfifo(cli.workspace / "pipe")
    run = cli(*words)
    assert run.code == 2
    assert one_line(run)[0].endswith(": is no plain file")


def test_a_pipe_or_an_endless_file_in_the_place_of_what_was_learned_is_refused(cli: Cli) -> None:
    ticket = queued(cli)
    path = cli.workspace / "learned.json"
    os.mkfifo(path)
    for words in (("triage", ticket), ("doctor",), ("triage", "-"), ("learn", labelled(cli), *MAP)):
        run = cli(*words, input="")
        assert run.code == 2
        assert "learned.json: is no plain file" in run.err + run.out
    done(cli("learn", "--forget"))
    assert not path.exists()
    with path.open("wb") as file:
        file.truncate((16 << 20) + 1)
    run = cli("triage", ticket)
    assert run.code == 2
    assert one_line(run)[0].endswith("learned.json: is larger than 16 MB")


def test_a_weight_that_training_never_writes_is_refused(cli: Cli) -> None:
    taught(cli)
    path = cli.workspace / "learned.json"
    path.write_text(re.sub(r'"points": [0-9.]+', '"points": 1e-320', path.read_text()))
    run = cli("triage", "-", input=json.dumps(message()) + "\n")
    assert run.code == 7
    assert "complaint: rules of complaint must be at least 0.05" in run.err


def test_no_better_than_the_rules_is_refused_and_what_was_there_stays(cli: Cli) -> None:
    taught(cli)
    before = (cli.workspace / "learned.json").read_bytes()
    scattered = [(text, number * 7919 % 13 % 2) for number, (text, _) in enumerate(rows(6))]
    run = cli("learn", write_csv(cli.workspace / "labels.csv", scattered), *MAP, "--json")
    assert run.code == run.error["code"] == 3
    assert "not better than the rules alone, so not installed: macro-F1 0." in run.error["message"]
    assert "below a few hundred labels no model beats the rules" in run.error["hint"]
    assert run.record["installed"] is False
    assert (cli.workspace / "learned.json").read_bytes() == before


def test_kinds_teach_complaint_and_a_second_target_stands_beside_the_first(cli: Cli) -> None:
    kinds = [(text, "complaint" if label else "mention") for text, label in rows()]
    run = done(cli("learn", write_csv(cli.workspace / "kinds.csv", kinds, "kind"), "--map", "label=kind"))
    assert run.out.startswith("complaint: 240 messages, 10 folds, installed\n  rules alone ")
    assert "all labels are the same (240 not spam, 0 spam)" in run.err
    spam = [(text, "yes" if "wick" in text or "wax" in text else "no") for text, _ in rows()]
    done(cli("learn", write_csv(cli.workspace / "spam.csv", spam, "is_spam"), "--map", "label=is_spam"))
    assert [one["target"] for one in learned(cli)["models"]] == ["complaint", "spam"]


@pytest.mark.parametrize(
    ("content", "options", "code", "says"),
    [
        (None, MAP, 2, "labels.csv: no such file or directory"),
        (b"text,complaint\n", ("--map", "text=txet,label=complaint"), 2, 'no column "txet" (for text)'),
        (b"text,complaint\n", ("--map", "txt=text"), 2, '--map: no field "txt"'),
        (b"text,complaint\n", ("--map", "text"), 2, '--map: "text" is not field=column'),
        (b"text,complaint\n", (), 2, "no column for label"),
        (b"text,complaint\n", MAP, 2, "no labelled message"),
        (b"", MAP, 2, 'no column "text"'),
        (b"text,complaint\n" + b"a wick,1\n" * 30, MAP, 2, "all labels are the same (0 not complaint, 1"),
        (b"text,complaint\na,1\nb,0\nc,1\n", MAP, 2, "too few to learn complaint from: 1 not complaint, 2"),
        (b"text,complaint\na,1\nb,perhaps\n", MAP, 2, 'line 3: "perhaps" is no label of kind'),
        (b"text,mark\na,1\nb,0\n", ("--map", "label=mark"), 2, 'the labels of "mark" are yes and no'),
        (b'text,complaint\na,1\n"b,0\n', MAP, 7, "labels.csv is no CSV"),
        (b"text,complaint\na,1\nb\xff,0\nc,1\nd\xfe,0\n", MAP, 7, "line 3: not UTF-8\n  line 5: not UTF-8"),
        ("text,complaint\n".encode("utf-16"), MAP, 7, "labels.csv is UTF-16, not UTF-8"),
        (b"text,complaint\na,1\n\0,0\n", MAP, 7, "line 3: a NUL byte"),
    ],
)
def test_a_file_that_teaches_nothing_says_why_and_where(
    cli: Cli, content: bytes | None, options: tuple[str, ...], code: int, says: str
) -> None:
    if content is not None:
        (cli.workspace / "labels.csv").write_bytes(content)
    run = cli("learn", "labels.csv", *options, "--json")
    assert (run.code, run.error["code"]) == (code, code)
    assert says in run.error["message"]
    assert run.error["hint"]


@pytest.mark.parametrize(
    "options", [(), ("labels.csv", "--queue"), ("--queue", "--forget"), ("--queue", "--label-is", "spam")]
)
def test_what_does_not_go_together(cli: Cli, options: tuple[str, ...]) -> None:
    assert cli("learn", *options).code == 2


def test_standard_input_with_semicolons_and_empty_cells(cli: Cli) -> None:
    lines = ["message;is_complaint", *(f"{text};{label}" for text, label in rows()), ";1", "a jar;"]
    content = "\r\n".join(lines).encode("utf-8-sig")
    record = done(
        cli("learn", "-", "--map", "text=message,label=is_complaint", "--json", input=content)
    ).record
    assert record["left_out"] == {"no-label": 1, "no-text": 1}
    assert learned(cli)["models"][0]["from"] == "standard input"


# beside the other commands


def test_what_was_assessed_before_is_assessed_again_and_a_word_by_hand_still_wins(cli: Cli) -> None:
    ticket = queued(cli, message(text=TUNNELLED))
    other = queued(cli, message("m2", TUNNELLED + " too", "cust2"))
    done(cli("triage", other, "--set", "kind=praise", "--reason", "she loves it", now=NOW))
    taught(cli)
    assert "another policy or release assessed it" in done(cli("why", ticket, now=NOW)).out
    assert len(done(cli("triage", "--all", "--json", now=NOW)).records) == 2
    kinds = {one["id"]: one["kind"] for one in done(cli("list", "--json")).records}
    assert kinds == {ticket: "complaint", other: "praise"}
    assert done(cli("triage", "--all", "--json", now=NOW)).records == []
    why = done(cli("why", ticket, now=NOW)).out
    assert "learned/complaint" in why
    assert "what was learned counts too: complaint (from labels.csv)" in why


def test_doctor_says_what_is_in_force_and_names_a_damaged_file(cli: Cli) -> None:
    taught(cli)
    health = {one["what"]: one for one in cli("doctor", "--json").records}
    assert health["learned"]["state"] == "ok"
    assert health["learned"]["detail"].startswith("complaint, from labels.csv (240 messages): macro-F1 ")
    (cli.workspace / "learned.json").write_bytes(b'{"version": 1,')
    health = {one["what"]: one for one in cli("doctor", "--json").records}
    assert health["learned"]["state"] == "broken"
    run = cli("triage", "-", input=json.dumps(message()) + "\n")
    assert run.code == 7
    what, hint = one_line(run)
    assert what.startswith("learned.json cannot be read: ")
    assert hint == "mend it, or remove what was learned: socialcli learn --forget"
    done(cli("list"))  # what needs no assessment works on
    assert "it goes as a whole" in done(cli("learn", "--forget")).err
    assert not (cli.workspace / "learned.json").exists()


# from the team's own history


def history(cli: Cli, network: str = "file") -> list[str]:
    """240 tickets, fetched and assessed; their ids in the order of ``rows``."""
    made = [
        message(f"m{number}", text, f"cust{number}", network=network)
        for number, (text, _) in enumerate(rows())
    ]
    cli.write("inbox.jsonl", *made)
    done(cli("fetch", now=NOW))
    done(cli("triage", now=NOW))
    by_message = {one["customer"]["handle"]: one["id"] for one in done(cli("list", "--json")).records}
    return [by_message[f"cust{number}"] for number in range(len(made))]


def decided(cli: Cli, tickets: list[str]) -> None:
    """Half by hand, half by labels."""
    for label, kind in ((1, "complaint"), (0, "mention")):
        mine = [ticket for ticket, (_, said) in zip(tickets, rows(), strict=True) if said == label]
        half = len(mine) // 2
        done(cli("triage", *mine[:half], "--set", f"kind={kind}", "--reason", "read it", now=NOW))
        done(cli("label", *mine[half:], f"+{kind}", now=NOW))


def test_it_learns_from_what_people_decided_and_leaves_the_rest(cli: Cli) -> None:
    tickets = history(cli)
    decided(cli, tickets)
    record = done(cli("learn", "--queue", "--json", now=NOW)).records[0]
    assert (record["target"], record["examples"], record["installed"]) == ("complaint", 240, True)
    assert learned(cli)["models"][0]["from"] == "queue"
    assert filtered(cli, TUNNELLED)["kind"] == "complaint"
    before = journal(cli)
    assert done(cli("learn", "--queue", "--dry-run", "--json", now=NOW)).records
    assert journal(cli) == before


def test_an_erasure_takes_what_was_learned_from_the_queue_and_erased_words_never_count(cli: Cli) -> None:
    decided(cli, history(cli))
    done(cli("learn", "--queue", now=NOW))
    planned = done(cli("forget", "@cust3", "--as", "sb", "--dry-run", "--json")).records
    assert "learned.json" in {one["file"] for one in planned}
    run = done(cli("forget", "@cust3", "--as", "sb", "--yes", "--json"))
    assert "learned.json" in {one["file"] for one in run.records}
    assert "socialcli learn --queue learns it anew" in run.err
    assert not (cli.workspace / "learned.json").exists()
    record = done(cli("learn", "--queue", "--json", now=NOW)).records[0]
    assert (record["examples"], record["left_out"]) == (239, {"erased-or-deleted": 1})
    done(cli("forget", "@cust3", "--as", "sb", "--yes"))
    assert (cli.workspace / "learned.json").exists()  # trained since, without those words


def test_an_erasure_leaves_what_was_learned_from_a_file(cli: Cli) -> None:
    queued(cli)
    taught(cli)
    done(cli("forget", "@cust1", "--as", "sb", "--yes"))
    assert [one["from"] for one in learned(cli)["models"]] == ["labels.csv"]


def test_messages_of_x_are_left_out_unless_the_account_says_otherwise(cli: Cli) -> None:
    decided(cli, history(cli, "x"))
    run = cli("learn", "--queue", now=NOW)
    assert run.code == 2
    assert "240 messages from X left out: X's developer guidelines do not allow training" in run.err
    policy(cli, '[[accounts]]\nname = "support"\nnetwork = "file"\nhandle = "NorthlineAir"\nlearn = true\n')
    assert done(cli("learn", "--queue", "--json", now=NOW)).records[0]["examples"] == 240


def test_a_queue_without_decisions_teaches_nothing(cli: Cli) -> None:
    queued(cli)
    run = cli("learn", "--queue", now=NOW)
    assert run.code == 2
    assert "no labelled message" in run.err


@pytest.mark.parametrize("step", ["learned:before", "learned:written", "learned:synced", "learned:renamed"])
def test_a_kill_while_it_is_kept_leaves_no_model_or_a_whole_one(cli: Cli, step: str) -> None:
    file = labelled(cli)
    assert cli("learn", file, *MAP, now=NOW, env={"SOCIALCLI_FAIL_POINT": step}).code < 0
    assert (cli.workspace / "learned.json").exists() == (step == "learned:renamed")
    filtered(cli, TUNNELLED)
    taught(cli)
    assert filtered(cli, TUNNELLED)["kind"] == "complaint"


def test_a_kill_while_it_is_forgotten_can_be_done_again(cli: Cli) -> None:
    taught(cli)
    assert cli("learn", "--forget", now=NOW, env={"SOCIALCLI_FAIL_POINT": "learned-end:before"}).code < 0
    assert done(cli("learn", "--forget", "--json", now=NOW)).record["state"] == "removed"
    assert not (cli.workspace / "learned.json").exists()


def test_a_kill_while_what_the_queue_taught_is_erased_can_be_done_again(cli: Cli) -> None:
    queued(cli)
    taught(cli)
    path = cli.workspace / "learned.json"
    path.write_text(path.read_text().replace('"from": "labels.csv"', '"from": "queue"'))
    words = ("forget", "@cust1", "--yes")
    assert cli(*words, now=NOW, env={"SOCIALCLI_FAIL_POINT": "erase-learned:before"}).code < 0
    done(cli(*words, now=NOW))
    assert not path.exists()
