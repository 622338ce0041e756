"""``fetch``: new messages, each once."""

from __future__ import annotations

import os

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, done, journal, message


def test_a_second_run_reads_nothing_new_and_writes_nothing(cli: Cli) -> None:
    cli.write("inbox.jsonl", message(), message("m2", handle="cust2"))
    assert done(cli("fetch", now=NOW)).out == "support: 2 read, 2 new, 0 known\n"
    before = journal(cli)
    assert done(cli("fetch", "--json", now=NOW)).record["new"] == 0
    assert journal(cli) == before


def test_the_same_message_twice_in_one_file(cli: Cli) -> None:
    cli.write("rows.jsonl", message(), message())
    record = done(cli("fetch", "--from", "rows.jsonl", "--json", now=NOW)).record
    assert (record["read"], record["new"], record["known"]) == (2, 1, 1)


def test_an_import_and_the_inbox_are_one_queue(cli: Cli) -> None:
    cli.write("inbox.jsonl", message())
    done(cli("fetch", "--from", "inbox.jsonl", now=NOW))
    assert done(cli("fetch", "--json", now=NOW)).record["known"] == 1


def test_a_limit_leaves_the_rest_for_the_next_run(cli: Cli) -> None:
    cli.write("inbox.jsonl", *(message(f"m{number}", handle=f"c{number}") for number in range(5)))
    assert done(cli("fetch", "--limit", "2", "--json", now=NOW)).record["new"] == 2
    assert done(cli("fetch", "--json", now=NOW)).record["new"] == 3
    assert cli("fetch", "--limit", "0").code == 2


def test_a_limit_gets_further_with_every_run(cli: Cli) -> None:
    cli.write("inbox.jsonl", *(message(f"m{number}", handle=f"c{number}") for number in range(5)))
    with (cli.workspace / "inbox.jsonl").open("a") as inbox:
        inbox.write("not JSON\n")
    runs = [cli("fetch", "--limit", "2", "--json", now=NOW) for _ in range(4)]
    assert [run.record["new"] for run in runs] == [2, 2, 1, 0]
    assert [run.code for run in runs] == [0, 0, 8, 0]  # the bad row is told of with what stands before it


@pytest.mark.parametrize("kind", ["fifo", "folder"])
def test_an_inbox_that_is_no_regular_file(cli: Cli, kind: str) -> None:
    path = cli.workspace / "inbox.jsonl"
    path.mkdir() if kind == "folder" else os.mkfifo(path)
    run = cli("fetch", "--json", now=NOW)
    assert run.code == 2
    assert "not a regular file" in run.error["message"]


def test_options_of_an_import_need_an_import(cli: Cli) -> None:
    for more in (("--tz", "UTC"), ("--format", "csv"), ("--map", "id=x")):
        assert cli("fetch", *more).code == 2


def test_a_saved_page_of_the_x_api(cli: Cli) -> None:
    page = {
        "data": [
            {
                "id": "20", "text": "@NorthlineAir where is my bag &amp; coat?", "author_id": "7",
                "created_at": "2026-11-20T10:00:00.000Z", "conversation_id": "20", "lang": "en",
            }
        ],
        "includes": {"users": [{"id": "7", "username": "cust7", "name": "Ana Lopez"}]},
    }  # fmt: skip
    cli.write("page.json", page)
    assert done(cli("fetch", "--from", "page.json", "--json", now=NOW)).record["new"] == 1
    ticket = done(cli("list", "--json", now=LATER)).record
    assert (ticket["network"], ticket["customer"]["handle"]) == ("x", "cust7")
    assert ticket["text"] == "@NorthlineAir where is my bag & coat?"
    (_, post) = done(cli("show", ticket["id"], "--json")).records
    assert post["url"] == "https://x.com/cust7/status/20"


def test_quoted_commas_and_lines_in_a_csv(cli: Cli) -> None:
    rows = 'id,text,created_at,author.handle\r\n1,"late, ""again""\r\nand again",2026-11-20T10:00:00Z,ana\r\n'
    (cli.workspace / "rows.csv").write_bytes(rows.encode())
    done(cli("fetch", "--from", "rows.csv", now=NOW))
    assert cli("list", "--json").record["text"] == 'late, "again"\r\nand again'
