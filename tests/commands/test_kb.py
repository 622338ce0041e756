"""``kb``: questions with their answers, searched, added, imported, and vouched for as links."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, done, queued

REFUND = ("--question", "How long does a refund take?", "--answer", "Five working days.")
LINK = "https://travel-claims.example/northline/form"


def kb(cli: Cli) -> Path:
    return cli.workspace / "kb.jsonl"


def test_an_entry_is_added_once_and_found(cli: Cli) -> None:
    options = (*REFUND, "--topic", "refund", "--language", "en", "--link", LINK)
    added = done(cli("kb", "add", *options, "--json")).record
    assert added == {
        "type": "kb",
        "id": added["id"],
        "question": "How long does a refund take?",
        "answer": "Five working days.",
        "link": LINK,
        "topic": "refund",
        "language": "en",
    }
    again = done(cli("kb", "add", *options, "--json"))
    assert (again.record, again.err) == (added, "known already: nothing was added\n")
    assert cli.lines("kb.jsonl") == [{name: value for name, value in added.items() if name != "type"}]
    found = done(cli("kb", "search", "my", "refunds", "--topic", "refund", "--json")).record
    assert found == {
        "type": "kb-match",
        "entry": added,
        "score": found["score"],
        "covered": found["covered"],
        "because": [
            {"where": "question", "words": "refunds", "points": found["because"][0]["points"]},
            {"where": "topic", "words": "", "points": found["because"][1]["points"]},
        ],
    }
    assert '"refunds" in the question +' in done(cli("kb", "search", "refunds")).out


def test_a_topic_that_no_ticket_has_is_told(cli: Cli) -> None:
    assert done(cli("kb", "add", *REFUND, "--topic", "Refund")).err == ""
    assert done(cli("kb", "add", *REFUND, "--topic", "refnud")).err == 'no topic of policies.toml: "refnud"\n'
    table = cli.workspace / "faq.csv"
    table.write_text("question,answer,topic\nBags?,Two.,bgas\nDogs?,One.,bgas\n")
    assert done(cli("kb", "import", table)).err == 'no topic of policies.toml: "bgas"\n'


def test_a_dry_run_writes_nothing(cli: Cli) -> None:
    done(cli("kb", "add", *REFUND, "--dry-run"))
    table = cli.workspace / "faq.csv"
    table.write_text("question,answer\nBags?,Two.\n")
    assert done(cli("kb", "import", table, "--dry-run", "--json")).record["new"] == 1
    assert not kb(cli).exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--question", " ", "--answer", "A"),
        ("--question", "Q", "--answer", ""),
        (*REFUND, "--link", "javascript:alert(1)"),
        (*REFUND, "--language", "english"),
        ("--question", "a", "--answer", "b", "--link", "https://northline.example@evil.example/"),
        ("--question", "a", "--answer", "b", "--link", "https://northline.example/a b"),
    ],
)
def test_what_is_no_entry_is_refused(cli: Cli, options: tuple[str, ...]) -> None:
    assert cli("kb", "add", *options).code == 2
    assert not kb(cli).exists()


def test_a_ticket_is_searched_for_in_its_language_and_topic(cli: Cli) -> None:
    done(cli("kb", "add", "--question", "My bag never arrived", "--answer", "Report it.", "--language", "en"))
    done(cli("kb", "add", *REFUND))
    ticket = queued(cli)
    (first,) = done(cli("kb", "search", "--ticket", ticket, "--limit", "1", "--json", now=LATER)).records
    assert first["entry"]["question"] == "My bag never arrived"
    assert cli("kb", "search", "--ticket", "nosuch", now=LATER).code == 5
    assert cli("kb", "search", "--ticket", ticket, "bag").code == 2
    assert cli("kb", "search").code == 2


def test_nothing_to_find(cli: Cli) -> None:
    assert (
        done(cli("kb", "search", "bag")).err
        == "the knowledge base is empty: socialcli kb add, or kb import\n"
    )
    done(cli("kb", "add", *REFUND))
    assert done(cli("kb", "search", "zebra")).err == "no entry fits\n"


def test_broken_lines_are_named_and_the_rest_is_searched(cli: Cli) -> None:
    good = json.dumps({"question": "Bags?", "answer": "Two.", "colour": "red"})
    kb(cli).write_bytes(
        b"\xef\xbb\xbf" + good.encode() + b'\n\n{"question":"Q"}\nno json\n{"question":"\xff","answer":"A"}\n'
        + b'{"question":"Q","answer":"A","link":"ftp://x"}\n[' + b"[" * 100_000
    )  # fmt: skip
    run = cli("kb", "search", "bags", "--json")
    assert run.code == 7
    assert [one["entry"]["answer"] for one in run.records] == ["Two."]
    for number in (3, 4, 5, 6, 7):
        assert f"kb.jsonl:{number}: " in run.error["message"]


def test_a_last_line_without_an_end_stays(cli: Cli) -> None:
    kb(cli).write_text('{"question":"Bags?","answer":"Two."}')
    done(cli("kb", "add", *REFUND))
    assert [one["answer"] for one in cli.lines("kb.jsonl")] == ["Two.", "Five working days."]
    assert [path.name for path in cli.workspace.glob("kb.jsonl*")] == ["kb.jsonl"]


def test_half_an_entry_that_a_kill_left_is_set_aside(cli: Cli) -> None:
    done(cli("kb", "add", "--question", "Bags?", "--answer", "Two."))
    assert cli("kb", "add", *REFUND, env={"SOCIALCLI_FAIL_POINT": "kb:half"}).code < 0
    done(cli("kb", "add", *REFUND))
    assert [one["answer"] for one in cli.lines("kb.jsonl")] == ["Two.", "Five working days."]
    (aside,) = cli.workspace.glob("kb.jsonl.torn-*")
    assert b"How long does" in aside.read_bytes()


@pytest.mark.parametrize("moment", ["before", "written", "synced", "renamed"])
def test_a_kill_while_the_file_is_written_anew_loses_nothing(cli: Cli, moment: str) -> None:
    kb(cli).write_text('{"question":"Bags?","answer":"Two."}')  # no line feed at its end
    assert cli("kb", "add", *REFUND, env={"SOCIALCLI_FAIL_POINT": f"kb-anew:{moment}"}).code < 0
    done(cli("kb", "add", *REFUND))
    assert [one["answer"] for one in cli.lines("kb.jsonl")] == ["Two.", "Five working days."]


def test_import_takes_what_it_can_and_is_safe_to_repeat(cli: Cli) -> None:
    table = cli.workspace / "faq.csv"
    table.write_text(
        'Title;Body;Url\nBags?;Two.;\nDogs?;;\n"Pets\nand dogs?";Yes.;https://northline.example/pets\nBad;Link;nowhere\n'
    )
    columns = ("--map", "question=Title,answer=Body,link=Url")
    run = cli("kb", "import", table, *columns, "--json")
    assert run.code == 8
    assert run.record == {"type": "kb-import", "read": 4, "new": 2, "known": 0, "rejected": 2}
    assert "faq.csv:3: the answer is empty" in run.error["message"]
    assert 'faq.csv:6: the link "nowhere" is no address' in run.error["message"]
    again = cli("kb", "import", table, *columns, "--json")
    assert (again.code, again.record["new"], again.record["known"]) == (8, 0, 2)
    assert [one["question"] for one in cli.lines("kb.jsonl")] == ["Bags?", "Pets\nand dogs?"]


@pytest.mark.parametrize(
    ("content", "options", "code"),
    [
        (b"question,reply\nQ,A\n", (), 2),
        (b"question,answer\nQ,A\n", ("--map", "question=Frage"), 2),
        (b"question,answer\nQ,A\n", ("--map", "colour=answer"), 2),
        (b"question,answer\nQ,\xff\n", (), 7),
        (b'question,answer\nQ,"A\n', (), 7),
        (b"", (), 2),
    ],
)
def test_a_file_that_is_none(cli: Cli, content: bytes, options: tuple[str, ...], code: int) -> None:
    table = cli.workspace / "faq.csv"
    table.write_bytes(content)
    assert cli("kb", "import", table, *options).code == code
    assert cli("kb", "import", "missing.csv").code == 2
    assert not kb(cli).exists()


def test_its_links_may_stand_in_a_reply(cli: Cli) -> None:
    text = f"@cust1 So sorry about your bag. The form to trace it is here: {LINK} ^SB"
    elsewhere = text.replace("/form", "/other")

    def rules(draft: str) -> list[str]:
        line = json.dumps({"text": draft, "network": "x", "agent": "sb"})
        found = cli("lint", "--records", "-", "--json", input=line).record["findings"]
        return [one["rule"] for one in found if one["rule"].startswith("links/")]

    assert rules(text) == ["links/host"]
    done(cli("kb", "add", *REFUND, "--link", LINK))
    assert rules(text) == []
    assert rules(elsewhere) == ["links/host"]
    ticket = queued(cli)
    cost = ("--max-cost", "1")
    assert done(cli("reply", ticket, "--text", text, *cost, "--dry-run", "--json", now=LATER)).record[
        "check"
    ]["ok"]
    assert cli("reply", ticket, "--text", elsewhere, *cost, "--dry-run", now=LATER).code == 3


def test_what_strangers_wrote_is_harmless(cli: Cli) -> None:
    kb(cli).write_text(
        json.dumps({"question": "bag \x1b[2J\u202e", "answer": "\x1b]0;x\x07", "id": "\x1b[31m"}) + "\n"
    )
    out = done(cli("kb", "search", "bag")).out
    assert not set(out) & {"\x1b", "\x07", "\u202e"}
