"""``fetch``: new messages, each once."""

from __future__ import annotations

import http.server
import json
import os
import threading
from functools import partial
from typing import Any

import pytest

from socialcli import durable
from tests.conftest import Cli, collect
from tests.e2e.staging import LATER, NOW, done, journal, message, policy


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


# several accounts, one after the other

TWO = """
[[accounts]]
name = "support"
network = "file"
handle = "NorthlineAir"

[[accounts]]
name = "press"
network = "file"
handle = "NorthlinePress"
role = "brand"
inbox = "press.jsonl"
outbox = "press-out.jsonl"
"""


def heart(cli: Cli) -> dict[str, Any]:
    """What the heartbeat file says."""
    beats: dict[str, Any] = json.loads((cli.workspace / ".socialcli" / "heartbeat.json").read_text())
    return beats


def test_one_that_fails_alone_has_its_own_code_and_both_together_are_listed(cli: Cli) -> None:
    policy(cli, TWO)
    cli.write("inbox.jsonl", message())
    (cli.workspace / "press.jsonl").mkdir()
    assert cli("fetch", "--account", "press", now=NOW).code == 2
    both = cli("fetch", "--json", now=NOW)
    assert (both.code, both.record["account"]) == (8, "support")
    assert "press: " in both.error["message"]
    assert "the rest was taken in" in both.error["hint"]


def test_where_all_fail_alike_nothing_was_done_in_part(cli: Cli) -> None:
    policy(cli, TWO)
    for inbox in ("inbox.jsonl", "press.jsonl"):
        (cli.workspace / inbox).mkdir()
    run = cli("fetch", "--json", now=NOW)
    assert (run.code, run.out) == (2, "")
    assert run.error["message"].count("not a regular file") == 2


def test_max_cost_and_freshness_are_not_about_files(cli: Cli) -> None:
    cli.write("rows.jsonl", message())
    for more in (("--max-cost", "1"), ("--assert-fresh", "15m")):
        assert cli("fetch", "--from", "rows.jsonl", *more).code == 2
    assert done(cli("fetch", "--max-cost", "0.01", "--account", "support", now=NOW)).out
    for wrong in ("15", "0m", "soon"):
        assert cli("fetch", "--assert-fresh", wrong).code == 2


# one fetch at a time


def test_another_fetch_of_the_account_is_named_and_the_others_go_on(cli: Cli) -> None:
    policy(cli, TWO)
    cli.write("press.jsonl", message())
    with durable.lock(cli.workspace / ".socialcli" / "fetch-support.lock", "the test"):
        alone = cli("fetch", "--account", "support", "--json", now=NOW)
        both = cli("fetch", "--json", now=NOW)
        planned = done(cli("fetch", "--account", "support", "--dry-run", "--json", now=NOW))
    assert (alone.code, both.code, planned.record["read"]) == (6, 8, 0)
    assert f'fetch of "support" is locked by process {os.getpid()}, since 20' in alone.error["message"]
    assert (both.record["account"], both.record["new"]) == ("press", 1)
    assert "support: fetch of " in both.error["message"]


def test_the_lock_of_a_dead_fetch_holds_up_nobody(cli: Cli) -> None:
    cli.write("inbox.jsonl", message())
    killed = collect(cli.start("fetch", now=NOW, env={"SOCIALCLI_FAIL_POINT": "journal:written"}))
    assert killed.code == -9
    assert b"process " in (cli.workspace / ".socialcli" / "fetch-support.lock").read_bytes()
    assert done(cli("fetch", "--json", now=NOW)).record["read"] == 1


# the heartbeat


def test_a_reading_that_got_to_its_end_beats_the_heart(cli: Cli) -> None:
    cli.write("inbox.jsonl", message(), message("m2", handle="cust2"))
    done(cli("fetch", now=NOW))
    assert heart(cli) == {"support": {"at": NOW, "read": 2, "new": 2}}
    done(cli("fetch", now=LATER))
    assert heart(cli) == {"support": {"at": LATER, "read": 2, "new": 0}}


def test_a_bad_row_does_not_stop_the_heart(cli: Cli) -> None:
    cli.write("inbox.jsonl", message(), {"id": "no text"})
    assert cli("fetch", now=NOW).code == 8
    assert heart(cli)["support"]["at"] == NOW


@pytest.mark.parametrize("more", [("--dry-run",), ("--limit", "1"), ("--from", "inbox.jsonl")])
def test_what_is_no_whole_reading_beats_no_heart(cli: Cli, more: tuple[str, ...]) -> None:
    cli.write("inbox.jsonl", message(), message("m2", handle="cust2"))
    done(cli("fetch", *more, now=NOW))
    assert not (cli.workspace / ".socialcli" / "heartbeat.json").exists()


def test_a_failed_reading_leaves_the_heart_as_it_was(cli: Cli) -> None:
    done(cli("fetch", now=NOW))
    (cli.workspace / "inbox.jsonl").mkdir()
    assert cli("fetch", now=LATER).code == 2
    assert heart(cli)["support"]["at"] == NOW


# gaps

LATE = "2026-11-20T11:35:00Z"  # 90 minutes after NOW
GAP = "support: between 2026-11-20T10:05:00Z and 2026-11-20T11:35:00Z nothing was read (90m, limit 15m)"


def test_a_gap_is_told_and_what_came_meanwhile_is_read(cli: Cli) -> None:
    fresh = ("fetch", "--assert-fresh", "15m", "--json")
    assert done(cli(*fresh, now=NOW)).record["read"] == 0  # never read before: fresh
    cli.write("inbox.jsonl", message())
    run = cli(*fresh, now=LATE)
    assert (run.code, run.record["new"]) == (3, 1)
    assert run.error["message"] == GAP
    assert done(cli(*fresh, now=LATE)).record["new"] == 0


def test_just_within_the_limit_is_fresh(cli: Cli) -> None:
    done(cli("fetch", now=NOW))
    done(cli("fetch", "--assert-fresh", "90m", now=LATE))


def test_a_failure_after_a_gap_tells_both(cli: Cli) -> None:
    done(cli("fetch", now=NOW))
    (cli.workspace / "inbox.jsonl").mkdir()
    soon = cli("fetch", "--assert-fresh", "15m", "--json", now=LATER)
    assert soon.code == 2  # the failure's own: it may be gone by the next run
    late = cli("fetch", "--assert-fresh", "15m", "--json", now=LATE)
    assert late.code == 3
    first, second = late.error["message"].splitlines()
    assert first == GAP
    assert "not a regular file" in second


def test_a_held_lock_after_a_gap_tells_both(cli: Cli) -> None:
    done(cli("fetch", now=NOW))
    with durable.lock(cli.workspace / ".socialcli" / "fetch-support.lock", "the test"):
        run = cli("fetch", "--assert-fresh", "15m", "--json", now=LATE)
    assert run.code == 3
    assert "is locked by process" in run.error["message"]


def test_only_the_chosen_accounts_count(cli: Cli) -> None:
    policy(cli, TWO)
    done(cli("fetch", now=NOW))
    done(cli("fetch", "--account", "press", now=LATE))
    done(cli("fetch", "--account", "press", "--assert-fresh", "15m", now=LATE))
    assert cli("fetch", "--assert-fresh", "15m", now=LATE).code == 3


def test_without_the_option_a_long_pause_is_a_note(cli: Cli) -> None:
    done(cli("fetch", now=NOW))
    assert done(cli("fetch", now="2026-11-20T10:35:00Z")).err == ""  # 30m, the limit of the policy
    told = done(cli("fetch", now="2026-11-20T11:05:01Z")).err
    assert "nothing was read (30m1s, limit 30m)" in told


@pytest.mark.parametrize("content", ["", "not JSON", "[]", '{"support": 1}', '{"support": {"at": "soon"}}'])
def test_a_broken_heartbeat_counts_as_none(cli: Cli, content: str) -> None:
    done(cli("fetch", now=NOW))
    (cli.workspace / ".socialcli" / "heartbeat.json").write_text(content)
    done(cli("fetch", "--assert-fresh", "15m", now=LATE))
    assert heart(cli)["support"]["at"] == LATE


def test_a_replay_of_the_past_is_no_gap(cli: Cli) -> None:
    done(cli("fetch", now=LATE))
    assert done(cli("fetch", "--assert-fresh", "15m", now=NOW)).err == ""


def test_quiet_unless_something_is_wrong(cli: Cli) -> None:
    cli.write("inbox.jsonl", message(), message("m2", created_at="2027-01-01T00:00:00Z"))
    assert done(cli("-q", "fetch", now=NOW)).err == ""
    assert done(cli("-q", "fetch", now=LATE)).err == ""
    assert cli("-q", "fetch", "--assert-fresh", "15m", now="2026-11-21T10:00:00Z").err.startswith(
        "socialcli: support"
    )


# feeds


def test_a_feed_is_an_account_like_the_others(cli: Cli) -> None:
    feed = (
        '<rss version="2.0"><channel><title>The Gate</title><item><title>Northline strands 200</title>'
        "<link>https://gate.example/1</link><pubDate>Fri, 20 Nov 2026 09:00:00 GMT</pubDate></item></channel></rss>"
    )
    (cli.workspace / "feed.xml").write_text(feed)
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(cli.workspace))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/feed.xml"
        policy(
            cli, f'[[accounts]]\nname = "news"\nnetwork = "feed"\nhandle = "news"\nfeeds = ["{address}"]\n'
        )
        assert done(cli("fetch", "--json", now=NOW)).record["new"] == 1
        assert done(cli("fetch", "--json", now=NOW)).record["read"] == 0  # not changed since
        server.shutdown()
    ticket = done(cli("list", "--json", now=NOW)).record
    assert (ticket["network"], ticket["customer"]) == ("feed", {"handle": "gate.example", "name": "The Gate"})
    way = done(cli("can", ticket["id"], "--json", now=NOW)).record
    assert (way["road"], "https://gate.example/1" in way["reason"]) == ("hand", True)
    text = "Thank you for telling us. Our team is on its way to the gate. ^SB"
    reply = done(cli("reply", ticket["id"], "--text", text, "--as", "sb", "--yes", "--json", now=NOW)).record
    assert (reply["road"], reply["state"], reply["check"]["network"]) == ("hand", "by-hand", "feed")
