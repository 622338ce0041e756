"""``forget``: a customer or a message is erased; what is needed to work stays."""

from __future__ import annotations

import json

import pytest

from socialcli.queue.store import Filter
from tests.conftest import Cli
from tests.e2e.staging import (
    LATER,
    MONEY,
    NOW,
    SORRY,
    TWO_AGENTS,
    done,
    journal,
    message,
    one_line,
    policy,
    queued,
)
from tests.queue.desk import Desk

AS = ("--as", "sb")
SPAM = "Win a free cruise now!!! Click https://win.example/cruise $$$ 100% FREE crypto giveaway"


def forget(*args: str) -> tuple[str, ...]:
    return ("forget", *args, *AS, "--yes")


def test_the_record_says_what_lost_how_many_lines(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli)
    done(cli("reply", ticket, "--text", SORRY, *AS, "--yes", now=LATER))
    records = done(cli(*forget("@cust1"), "--json")).records
    assert [(one["file"], one["lines"], one["state"]) for one in records] == [
        ("outbox.jsonl", 1, "erased"),
        ("inbox.jsonl", 1, "erased"),
        ("queue.jsonl", 2, "erased"),
    ]
    assert {tuple(one) for one in records} == {("type", "target", "customer", "file", "lines", "state")}
    assert (records[0]["type"], records[0]["target"]) == ("erasure", "@cust1")
    assert records[0]["customer"].startswith("erased-")


def test_the_ticket_stays_without_its_words(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli)
    before = done(cli("list", "--json")).record
    done(cli(*forget("@cust1")))
    after = done(cli("show", ticket, "--json")).records
    assert after[0]["customer"]["handle"].startswith("erased-")
    assert (after[0]["text"], after[1]["text"], after[1]["erased"]) == ("", "", True)
    assert (after[0]["status"], after[0]["received_at"]) == ("closed", None)
    for field in ("id", "priority", "score", "kind", "topic", "messages"):
        assert after[0][field] == before[field]
    assert done(cli("triage", "--all", "--json", now=LATER)).records == []
    assert done(cli("next")).out == ""


def test_an_answered_ticket_is_neither_weighed_nor_answered_again(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli)
    done(cli("reply", ticket, "--text", SORRY, *AS, "--yes", now=LATER))
    done(cli(*forget("@cust1")))
    policy(cli, TWO_AGENTS + "[triage]\nurgent = 79\n")
    assert done(cli("triage", "--all", "--json", now=LATER)).records == []
    run = cli("reply", ticket, "--text", SORRY.replace("So", "Very"), *AS, "--yes", now=LATER)
    assert (run.code, one_line(run)[0]) == (6, "message m1 was erased: there is nothing to answer")
    assert done(cli("show", ticket, now=LATER)).out.count("[erased]") == 1
    assert "> \\[erased\\]" in done(cli("transcript", ticket, now=LATER)).out


def test_the_plan_writes_nothing(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    queued(cli)
    before = {path: path.read_bytes() for path in cli.workspace.iterdir() if path.is_file()}
    records = done(cli("forget", "@cust1", *AS, "--dry-run", "--json")).records
    assert [(one["file"], one["state"]) for one in records] == [
        ("inbox.jsonl", "planned"),
        ("queue.jsonl", "planned"),
    ]
    assert {path: path.read_bytes() for path in cli.workspace.iterdir() if path.is_file()} == before
    assert not (cli.workspace / ".socialcli" / "erasure.key").exists()


def test_nobody_is_asked_off_a_terminal(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    queued(cli)
    before = journal(cli)
    run = cli("forget", "@cust1", *AS)
    assert (run.code, *one_line(run)) == (
        2, "to erase needs a yes", "add --yes, or look at it first with --dry-run",
    )  # fmt: skip
    assert journal(cli) == before


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("@nobody",), 5),
        (("m999",), 5),
        (("x:m1",), 5),
        ((), 2),
        (("@cust1", "--deleted"), 2),
        (("m1", "--network", "file"), 2),
        (("@cust1", "--network", "x"), 5),
        (("@cust1", "--author", "99"), 5),
    ],
)
def test_what_is_not_there_is_said(cli: Cli, args: tuple[str, ...], code: int) -> None:
    policy(cli, TWO_AGENTS)
    queued(cli)
    before = journal(cli)
    assert cli(*forget(*args)).code == code
    assert journal(cli) == before


def test_again_there_is_nothing_left(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    queued(cli)
    done(cli(*forget("@cust1")))
    before = journal(cli)
    run = done(cli(*forget("@cust1"), "--json"))
    assert (run.records, run.err) == ([], "nothing is left to erase\n")
    assert journal(cli) == before


def test_a_message_alone(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli, message(), message("m2", "My pram is missing too", in_reply_to="m1"))
    done(cli(*forget("file:m2")))
    texts = {
        one["id"]: one["text"]
        for one in done(cli("show", ticket, "--json")).records
        if one["type"] == "message"
    }
    assert texts["m2"] == ""
    assert "bag" in texts["m1"]
    assert done(cli("list", "--json")).record["customer"]["handle"] == "cust1"
    assert b"pram" not in journal(cli)


def test_our_own_answer_can_be_meant(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    sent = done(cli("reply", queued(cli), "--text", SORRY, *AS, "--yes", "--json", now=LATER)).record
    done(cli(*forget(sent["remote_id"])))
    assert b"trace it now" not in journal(cli) + (cli.workspace / "outbox.jsonl").read_bytes()
    assert b"bag never arrived" in journal(cli)


def test_not_while_an_answer_is_on_its_way(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli)
    draft = done(cli("reply", ticket, "--text", MONEY, *AS, "--yes", "--json", now=LATER)).record
    assert draft["state"] == "awaiting-approval"
    before = journal(cli)
    for what in ("@cust1", "m1"):
        run = cli(*forget(what))
        assert run.code == 6
        assert one_line(run)[0] == f"draft {draft['id']} of ticket {ticket} is on its way (awaiting-approval)"
    assert journal(cli) == before
    done(cli("reject", draft["id"], "--reason", "no money", "--as", "mo"))
    done(cli(*forget("@cust1")))
    assert b"200 GBP" not in journal(cli)


def test_one_network_of_two(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    queued(cli, message(), message("m2", network="mastodon"))
    run = cli(*forget("@cust1"))
    assert (run.code, one_line(run)[1]) == (2, "say which: --network file|mastodon")
    done(cli(*forget("@cust1", "--network", "mastodon")))
    assert [one["customer"]["handle"] for one in done(cli("list", "--json")).records].count("cust1") == 1


def test_a_message_that_two_networks_have(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    queued(cli, message(), message("m1", "My pram is missing", network="mastodon"))
    run = cli(*forget("m1"))
    assert (run.code, one_line(run)[1]) == (2, "say which: file:m1")
    done(cli(*forget("mastodon:m1")))
    assert b"pram" not in journal(cli)
    assert b"my bag" in journal(cli)


def test_everything_of_somebody_who_changed_their_handle(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    old = message("m1", "My pram is missing", author={"handle": "marta", "id": "7"})
    new = message("m2", "My buggy is missing", author={"handle": "marta_ruiz", "id": "7"})
    queued(cli, old, new)
    done(cli(*forget("@marta_ruiz")))
    left = journal(cli)
    assert not any(word in left for word in (b"pram", b"buggy", b"marta"))
    assert len({one["customer"]["handle"] for one in done(cli("list", "--json")).records}) == 1


def test_who_took_over_a_handle_is_somebody_else(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    queued(
        cli,
        message("m1", "My pram is missing", author={"handle": "marta", "id": "7"}),
        message("m2", "My buggy is missing", author={"handle": "marta", "id": "8"}),
    )
    run = cli(*forget("@marta"))
    assert (run.code, one_line(run)[1]) == (2, "say which: --author 7|8")
    done(cli(*forget("@marta", "--author", "8")))
    assert b"buggy" not in journal(cli)
    assert b"pram" in journal(cli)


def test_a_restriction_that_is_needed_stays(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    queued(cli, message("m1", SPAM, "spammer"))
    done(cli("block", "@spammer", "--reason", "spam", "--rung", "mute", *AS, "--yes", now=LATER))
    run = done(cli(*forget("@spammer"), now=LATER))
    assert "block --lift @spammer" in run.err
    assert [one["handle"] for one in done(cli("block", "--list", "--json", now=LATER)).records] == ["spammer"]
    assert b"cruise" not in journal(cli)
    done(cli("block", "--lift", "@spammer", *AS, now=LATER))
    done(cli(*forget("@spammer"), now=LATER))
    assert b"spammer" not in journal(cli)
    assert done(cli("block", "--list", "--json", now=LATER)).records == []
    assert done(cli("doctor", "--verify", "--json")).code == 0


def test_what_they_write_later_is_a_new_matter(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli)
    done(cli(*forget("@cust1")))
    with (cli.workspace / "inbox.jsonl").open("a", encoding="utf-8") as inbox:
        inbox.write(json.dumps(message("m2", "My pram is missing", in_reply_to="m1")) + "\n")
    assert done(cli("fetch", "--json", now=LATER)).record["new"] == 1
    open_ones = [one for one in done(cli("list", "--json")).records if one["status"] == "new"]
    assert [(one["customer"]["handle"], one["text"]) for one in open_ones] == [
        ("cust1", "My pram is missing")
    ]
    assert open_ones[0]["id"] != ticket


def test_reading_the_same_message_again_brings_nothing_back(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    queued(cli)
    done(cli(*forget("@cust1")))
    again = cli.workspace.parent / "again.jsonl"
    again.write_text(json.dumps(message()) + "\n", encoding="utf-8")
    assert done(cli("fetch", "--from", str(again), "--json", now=LATER)).record["known"] == 1
    assert b"bag never" not in journal(cli)


def test_the_inbox_goes_on_where_it_was(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    queued(cli, *(message(f"m{n}", handle=f"cust{n}") for n in range(1, 2000)))
    done(cli(*forget("@cust1")))
    assert done(cli("fetch", "--json", now=NOW)).record["read"] < 1999


def test_a_row_is_as_long_as_before(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    cli.write("inbox.jsonl", message("m1", "x", "a"), message("m2"))
    size = (cli.workspace / "inbox.jsonl").stat().st_size
    done(cli("fetch", now=NOW))
    done(cli(*forget("@a")))
    rows = cli.lines("inbox.jsonl")
    assert (rows[0]["text"], rows[0]["id"], rows[1]["text"]) == ("", "m1", message()["text"])
    assert (cli.workspace / "inbox.jsonl").stat().st_size == size


def test_who_only_drafts_erases_nothing(cli: Cli) -> None:
    policy(cli, TWO_AGENTS.replace('role = "lead"', 'role = "draft"'))
    queued(cli)
    before = journal(cli)
    assert cli("forget", "@cust1", "--as", "mo", "--yes").code == 3
    assert journal(cli) == before


def test_a_message_is_forgotten_while_the_others_are_triaged(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    cli.write("inbox.jsonl", message(), message("m2", handle="cust2"))
    done(cli("fetch", now=NOW))
    done(cli(*forget("m1")))
    assert [one["message_id"] for one in done(cli("triage", "--json", now=NOW)).records] == ["m2"]


def deleted(cli: Cli, name: str) -> None:
    """The network says that the author of a message took it back."""
    queue = Desk(cli.workspace).queue()
    try:
        thread = [one for row in list(queue.rows(Filter())) for one in queue.thread(row)]
        assert queue.note_changes([], [one for one in thread if one.id == name]) == 1
    finally:
        queue.close()


def test_what_its_author_deleted_is_shown_no_more(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli, message("m1", "My pram is missing"))
    deleted(cli, "m1")
    for args in (
        ("show", ticket),
        ("log",),
        ("log", ticket),
        ("list", "--json"),
        ("export", "--format", "jsonl"),
    ):
        assert "pram" not in done(cli(*args)).out
    assert done(cli("list", "--match", "pram", "--json")).records == []
    assert b"pram" in journal(cli)


def test_and_the_clock_takes_it_out_of_the_files(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli, message("m1", "My pram is missing"), message("m2", handle="cust2"))
    deleted(cli, "m1")
    call = ("forget", "--deleted", "--yes", "--json")
    assert [one["file"] for one in done(cli(*call)).records] == ["inbox.jsonl", "queue.jsonl"]
    assert b"pram" not in journal(cli) + (cli.workspace / "inbox.jsonl").read_bytes()
    assert b"bag never arrived" in journal(cli)
    before = journal(cli)
    assert done(cli(*call)).records == []
    assert journal(cli) == before
    status = {one["id"]: one["status"] for one in done(cli("list", "--json")).records}
    assert status[ticket] == "closed"
    assert done(cli("doctor", "--verify", "--json")).code == 0


def test_deletions_that_an_older_release_noted(cli: Cli) -> None:
    """They stand in the journal without a tombstone."""
    policy(cli, TWO_AGENTS)
    queued(cli, message("m1", "My pram is missing"))
    deleted(cli, "m1")
    lines = [line for line in journal(cli).splitlines(keepends=True) if b'"event":"erased"' not in line]
    (cli.workspace / "queue.jsonl").write_bytes(b"".join(lines))
    done(cli("forget", "--deleted", "--yes"))
    assert b"pram" not in journal(cli)
