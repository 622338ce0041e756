"""``archive``: finished tickets leave the journal and stay readable."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Cli
from tests.e2e.staging import MONEY, TWO_AGENTS, done, journal, message, one_line, policy

OLD = "2026-05-20T10:00:00Z"
AFTER = "2026-05-20T11:00:00Z"
NOW = "2026-11-20T10:05:00Z"
AS = ("--as", "sb")
ARCHIVE = ("archive", "--before", "90d", *AS, "--yes", "--json")
KILLED = -signal.SIGKILL


def old(name: str, handle: str, **more: Any) -> dict[str, Any]:
    return message(name, f"@NorthlineAir where is my bag {name}?", handle, created_at=OLD, **more)


def queued(cli: Cli) -> dict[str, str]:
    """Three old tickets, the first two answered by hand, and a young one; message -> ticket. What is finished
    takes more room than all the rest.
    """
    policy(cli, TWO_AGENTS)
    cli.write("inbox.jsonl", *(old(f"m{number}", f"cust{number}") for number in (1, 2, 3)))
    done(cli("fetch", now=AFTER))
    assessed = done(cli("triage", "--json", now=AFTER)).records
    tickets = {one["message_id"]: str(one["ticket"]) for one in assessed}
    for name in ("m1", "m2"):
        done(cli("done", tickets[name], "--url", f"https://x.com/{name}", *AS, now=AFTER))
    done(cli("note", tickets["m1"], "x" * 20_000, *AS, now=AFTER))
    append(cli, message("m4", handle="cust4"))
    done(cli("fetch", now=NOW))
    assessed = done(cli("triage", "--json", now=NOW)).records
    return tickets | {one["message_id"]: str(one["ticket"]) for one in assessed}


def append(cli: Cli, *rows: dict[str, Any]) -> None:
    with (cli.workspace / "inbox.jsonl").open("a", encoding="utf-8") as inbox:
        inbox.writelines(json.dumps(row) + "\n" for row in rows)


def archives(cli: Cli) -> list[Path]:
    return sorted((cli.workspace / "archive").glob("*.jsonl.gz"))


def tickets(cli: Cli) -> list[dict[str, Any]]:
    listed = done(cli("list", "--json", now=NOW)).records
    return sorted(listed, key=lambda one: str(one["id"]))


def test_the_lines_move_byte_for_byte(cli: Cli) -> None:
    named = queued(cli)
    before = journal(cli).splitlines(keepends=True)
    record = done(cli(*ARCHIVE, now=NOW)).record
    assert set(record) == {
        "type", "file", "tickets", "ids", "lines", "bytes", "before", "finished", "quiet_since", "state",
    }  # fmt: skip
    assert record["ids"] == sorted((named["m1"], named["m2"]))
    assert (record["type"], record["tickets"], record["state"]) == ("archive", 2, "archived")
    (archive,) = archives(cli)
    assert record["file"] == f"archive/{archive.name}"
    moved = gzip.decompress(archive.read_bytes()).splitlines(keepends=True)
    kept = journal(cli).splitlines(keepends=True)
    assert record["lines"] == len(moved)
    assert record["bytes"] == sum(map(len, moved))
    assert sorted(moved + kept[:-1]) == sorted(before)
    last = json.loads(kept[-1])
    assert (last["event"], last["data"]["file"], last["data"]["lines"]) == (
        "archived",
        record["file"],
        len(moved),
    )
    assert not any(named["m1"].encode() in line for line in kept)
    assert archive.stat().st_mode & 0o777 == 0o600


def test_the_queue_is_the_same_but_for_closed_tickets(cli: Cli) -> None:
    named = queued(cli)
    before = tickets(cli)
    done(cli(*ARCHIVE, now=NOW))
    gone = (named["m1"], named["m2"])
    assert tickets(cli) == [one | {"status": "closed"} if one["id"] in gone else one for one in before]
    assert done(cli("doctor", "--verify", "--json", now=NOW)).code == 0


def test_they_are_still_read(cli: Cli) -> None:
    named = queued(cli)
    calls = (
        ("show", named["m1"], "--json"), ("log", named["m1"], "--json"), ("transcript", named["m1"], "--notes"),
        ("list", "--match", "m1", "--json"),
    )  # fmt: skip
    before = [done(cli(*args, now=NOW)).out for args in calls]
    done(cli(*ARCHIVE, now=NOW))
    after = [done(cli(*args, now=NOW)).out for args in calls]
    assert [one.replace('"closed"', '"solved"').replace(": closed", ": solved") for one in after] == before
    assert done(cli("why", named["m1"], now=NOW)).out
    logged = {one["id"] for one in done(cli("log", "--json")).records}
    lines = gzip.decompress(archives(cli)[0].read_bytes()) + journal(cli)
    assert logged == {json.loads(line)["id"] for line in lines.splitlines()}


def test_the_second_run_has_nothing_to_do(cli: Cli) -> None:
    queued(cli)
    done(cli(*ARCHIVE, now=NOW))
    before = journal(cli)
    record = done(cli(*ARCHIVE, now=NOW)).record
    assert (record["state"], record["file"], record["lines"]) == ("nothing", None, 0)
    assert (journal(cli), len(archives(cli))) == (before, 1)


def test_the_plan_moves_nothing(cli: Cli) -> None:
    queued(cli)
    before = journal(cli)
    record = done(cli("archive", "--before", "90d", *AS, "--dry-run", "--json", now=NOW)).record
    assert (record["state"], record["tickets"]) == ("planned", 2)
    assert (journal(cli), archives(cli)) == (before, [])


def test_nobody_is_asked_off_a_terminal(cli: Cli) -> None:
    queued(cli)
    before = journal(cli)
    run = cli("archive", "--before", "90d", *AS, now=NOW)
    assert (run.code, one_line(run)[1]) == (2, "add --yes, or look at it first with --dry-run")
    assert journal(cli) == before


@pytest.mark.parametrize("before", ["soon", "2027-01-01T00:00:00Z", "2026-13-01", "90"])
def test_a_time_that_is_none(cli: Cli, before: str) -> None:
    queued(cli)
    run = cli("archive", "--before", before, *AS, "--yes", now="2026-11-20T10:05:00Z")
    assert run.code == (0 if before == "90" else 2)  # 90 is a time: seconds since 1970


@pytest.mark.parametrize("before", ["2026-06-01", "2026-06-01T00:00:00Z", "184d"])
def test_the_same_time_in_other_words(cli: Cli, before: str) -> None:
    queued(cli)
    record = done(
        cli("archive", "--before", before, *AS, "--dry-run", "--json", now="2026-11-20T10:59:00Z")
    ).record
    assert record["tickets"] == (0 if before == "184d" else 2)


@pytest.mark.parametrize(("kept", "moved"), [(None, 2), ("183d", 2), ("200d", 0)])
def test_without_a_time_the_policy_says_how_long(cli: Cli, kept: str | None, moved: int) -> None:
    queued(cli)  # quiet for 184 days
    policy(cli, TWO_AGENTS + ("" if kept is None else f'\n[retention]\narchive_after = "{kept}"\n'))
    assert done(cli("archive", *AS, "--yes", "--json", now=NOW)).record["tickets"] == moved


def test_what_is_not_finished_or_not_quiet_stays(cli: Cli) -> None:
    named = queued(cli)
    done(cli("note", named["m1"], "she rang again", *AS, now=NOW))
    done(cli("snooze", named["m2"], "--for", "2h", *AS, now=AFTER))
    record = done(cli(*ARCHIVE, now=NOW)).record
    assert record["state"] == "nothing"


def test_a_new_message_opens_it_again(cli: Cli) -> None:
    named = queued(cli)
    done(cli(*ARCHIVE, now=NOW))
    append(cli, message("m5", "@NorthlineAir still no bag", "cust1", in_reply_to="m1"))
    assert done(cli("fetch", "--json", now=NOW)).record["new"] == 1
    row = next(one for one in tickets(cli) if one["id"] == named["m1"])
    assert (row["status"], row["messages"]) == ("open", 2)
    shown = done(cli("show", named["m1"], "--json", now=NOW)).records
    assert [one["id"] for one in shown if one["type"] == "message"] == ["m1", "m5"]


def test_and_can_be_archived_again(cli: Cli) -> None:
    named = queued(cli)
    done(cli(*ARCHIVE, now=NOW))
    append(cli, message("m5", "@NorthlineAir still no bag", "cust1", in_reply_to="m1"))
    done(cli("fetch", now=NOW))
    done(cli("triage", now=NOW))
    done(cli("done", named["m1"], "--url", "https://x.com/2", *AS, now=NOW))
    much_later = "2027-05-20T10:00:00Z"
    assert done(cli(*ARCHIVE, now=much_later)).record["tickets"] == 1
    assert len(archives(cli)) == 2
    shown = done(cli("show", named["m1"], "--json", now=much_later)).records
    assert (shown[0]["status"], [one["id"] for one in shown if one["type"] == "message"]) == (
        "closed",
        ["m1", "m5"],
    )
    assert done(cli("doctor", "--verify", "--json", now=much_later)).code == 0


def test_archived_messages_are_known(cli: Cli) -> None:
    queued(cli)
    done(cli(*ARCHIVE, now=NOW))
    again = cli.workspace.parent / "again.jsonl"
    again.write_text(json.dumps(old("m1", "cust1")) + "\n", encoding="utf-8")
    assert done(cli("fetch", "--from", str(again), "--json", now=NOW)).record["known"] == 1


def test_old_cursors_go_and_the_newest_stays(cli: Cli) -> None:
    queued(cli)
    done(cli(*ARCHIVE, now=NOW))
    packed = gzip.decompress(archives(cli)[0].read_bytes())
    assert (packed.count(b'"event":"cursor"'), journal(cli).count(b'"event":"cursor"')) == (1, 1)
    assert done(cli("fetch", "--json", now=NOW)).record["new"] == 0


def test_somebody_who_is_held_off_stays_held_off(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    spam = "Win a free cruise now!!! Click https://win.example/cruise $$$ 100% FREE crypto giveaway"
    cli.write("inbox.jsonl", message("m1", spam, "spammer", created_at=OLD))
    done(cli("fetch", now=AFTER))
    ticket = str(done(cli("triage", "--json", now=AFTER)).record["ticket"])
    block = ("block", ticket, "--reason", "spam", "--rung", "mute", "--for", "900d", *AS, "--yes")
    done(cli(*block, now=AFTER))
    assert done(cli(*ARCHIVE, now=NOW)).record["state"] == "nothing"
    done(cli("block", "--lift", "@spammer", *AS, now=AFTER))
    assert done(cli(*ARCHIVE, now=NOW)).record["tickets"] == 1
    assert done(cli("block", "--list", "--json", now=NOW)).records == []


def test_a_draft_that_waits_still_sees_a_newer_message(cli: Cli) -> None:
    """The journal is shorter afterwards: what the author had read is no place in it any more."""
    named = queued(cli)
    costly = MONEY.replace("@cust1", "@cust4")
    draft = done(cli("reply", named["m4"], "--text", costly, *AS, "--yes", "--json", now=NOW)).record
    assert draft["state"] == "awaiting-approval"
    assert done(cli(*ARCHIVE, now=NOW)).record["tickets"] == 2
    append(cli, message("m6", "@NorthlineAir never mind, it is here", "cust4", in_reply_to="m4"))
    done(cli("fetch", now=NOW))
    run = cli("approve", draft["id"], "--as", "mo", "--json", now=NOW)
    assert (run.code, run.record["state"]) == (6, "parked")
    assert "has written again" in run.error["message"]
    assert cli.lines("outbox.jsonl") == []


def test_a_draft_that_waits_goes_out_if_nothing_came(cli: Cli) -> None:
    named = queued(cli)
    costly = MONEY.replace("@cust1", "@cust4")
    draft = done(cli("reply", named["m4"], "--text", costly, *AS, "--yes", "--json", now=NOW)).record
    done(cli(*ARCHIVE, now=NOW))
    assert done(cli("approve", draft["id"], "--as", "mo", "--json", now=NOW)).record["state"] == "sent"


def test_what_was_parted_goes_together_or_not_at_all(cli: Cli) -> None:
    """The messages of the new ticket stand under the name of the old one."""
    named = queued(cli)
    append(cli, old("m7", "cust1", in_reply_to="m1"))
    done(cli("fetch", now=NOW))
    parted = done(cli("split", named["m1"], "m7", *AS, "--json", now=NOW)).records[-1]
    done(cli("triage", now=NOW))
    before = tickets(cli)
    later = "2027-05-20T10:00:00Z"
    done(cli(*ARCHIVE, now=later))
    after = {one["id"]: one["status"] for one in tickets(cli)}
    assert after[named["m1"]] == next(one["status"] for one in before if one["id"] == named["m1"]) != "closed"
    assert after[named["m2"]] == "closed"
    assert parted["id"] in after
    assert done(cli("doctor", "--verify", "--json", now=later)).code == 0


def test_a_ticket_that_slept_once_goes_and_one_that_sleeps_stays(cli: Cli) -> None:
    named = queued(cli)
    done(cli("snooze", named["m1"], "--until", "2026-05-21T10:00:00Z", *AS, now=AFTER))
    done(cli("snooze", named["m2"], "--until", "2027-05-21T10:00:00Z", *AS, now=AFTER))
    assert done(cli(*ARCHIVE, now="2027-03-20T10:05:00Z")).record["ids"] == [named["m1"]]


def test_the_plan_names_tickets(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    cli.write("inbox.jsonl", *(old(f"m{number}", f"cust{number}") for number in range(12)))
    done(cli("fetch", now=AFTER))
    names = sorted(str(one["ticket"]) for one in done(cli("triage", "--json", now=AFTER)).records)
    for name in names:
        done(cli("done", name, "--url", f"https://x.com/{name}", *AS, now=AFTER))
    plan = ("archive", "--before", "90d", *AS, "--dry-run")
    assert done(cli(*plan, "--json", now=NOW)).record["ids"] == names
    head, ids = done(cli(*plan, now=NOW)).out.splitlines()
    assert head.startswith("12 tickets, ")
    assert ids == f"  {', '.join(names[:10])} and 2 more"


def test_where_there_is_nothing_to_do_it_says_what_is_finished(cli: Cli) -> None:
    queued(cli)
    run = done(cli("archive", "--before", "2026-05-20T10:30:00Z", *AS, "--dry-run", now=NOW))
    assert run.out == (
        "nothing to archive before 2026-05-20T10:30:00Z: 2 tickets are finished, the oldest quiet since "
        "2026-05-20T11:00:00Z\n"
    )
    done(cli(*ARCHIVE, now=NOW))
    run = done(cli("archive", "--before", "90d", *AS, "--dry-run", now=NOW))
    assert "no ticket in the journal is finished" in run.out


def test_before_is_a_whole_second(cli: Cli) -> None:
    queued(cli)
    record = done(cli("archive", "--before", "90d", *AS, "--dry-run", "--json")).record
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", record["before"])


def test_every_command_knows_that_an_archive_is_missing(cli: Cli) -> None:
    named = queued(cli)
    done(cli(*ARCHIVE, now=NOW))
    (archive,) = archives(cli)
    archive.rename(cli.home / archive.name)
    assert archive.name in done(cli("list", now=NOW)).err
    for _ in range(2):
        run = cli("show", named["m1"], now=NOW)
        assert run.code == 5
        assert "an archive cannot be read" in one_line(run)[1]
    assert (cli("doctor", now=NOW).code, cli("doctor", "--verify", now=NOW).code) == (7, 7)
    (cli.home / archive.name).rename(archive)
    done(cli("doctor", "--verify", now=NOW))
    done(cli("show", named["m1"], now=NOW))
    done(cli("doctor", now=NOW))


def test_bad_lines_stay(cli: Cli) -> None:
    queued(cli)
    with (cli.workspace / "queue.jsonl").open("ab") as file:
        file.write(b"{half of something\n")
    done(cli(*ARCHIVE, now=NOW))
    assert b"{half of something\n" in journal(cli)


def copied(cli: Cli, folder: Path) -> Cli:
    shutil.copytree(cli.workspace, folder / "workspace")
    (folder / "home").mkdir()
    return Cli(folder / "workspace", folder / "home")


def test_killed_at_every_step_nothing_is_lost(cli: Cli, tmp_path: Path) -> None:
    queued(cli)
    before = {(one["event"], one["id"]) for one in done(cli("log", "--json")).records}
    counted = done(
        copied(cli, tmp_path / "counted")(*ARCHIVE, now=NOW, env={"SOCIALCLI_FAIL_POINT": "count"})
    )
    count = sum(line.startswith("fail point ") for line in counted.err.splitlines())
    assert count > 10
    for step in range(1, count + 1):
        broken = copied(cli, tmp_path / str(step))
        run = broken(*ARCHIVE, now=NOW, env={"SOCIALCLI_FAIL_POINT": f"*@{step}"})
        assert run.code == KILLED, (step, run.err)
        seen = {(one["event"], one["id"]) for one in done(broken("log", "--json")).records}
        assert before <= seen, step
        done(broken(*ARCHIVE, now=NOW))
        events = done(broken("log", "--json")).records
        assert {(one["event"], one["id"]) for one in events} >= before
        assert [one["event"] for one in events].count("archived") == 1
        assert len(archives(broken)) == 1
        assert list((broken.workspace / "archive").glob(".*")) == []
        assert done(broken("doctor", "--verify", "--json", now=NOW)).code == 0


def test_an_archive_that_nobody_names_is_kept_where_it_holds_more(cli: Cli) -> None:
    """Such as after the journal was put back from a copy."""
    queued(cli)
    done(cli(*ARCHIVE, now=NOW))
    (archive,) = archives(cli)
    lines = journal(cli).splitlines(keepends=True)
    (cli.workspace / "queue.jsonl").write_bytes(b"".join(lines[:-1]))
    cli(*ARCHIVE, now=NOW)
    assert archive.exists()


def test_an_archive_keeps_its_words_until_they_are_erased(cli: Cli) -> None:
    named = queued(cli)
    done(cli(*ARCHIVE, now=NOW))
    (archive,) = archives(cli)
    size = len(gzip.decompress(archive.read_bytes()))
    records = done(cli("forget", "@cust1", *AS, "--yes", "--json", now=NOW)).records
    assert f"archive/{archive.name}" in [one["file"] for one in records]
    packed = gzip.decompress(archive.read_bytes())
    assert (b"bag m1" in packed, b"bag m2" in packed, len(packed)) == (False, True, size)
    assert done(cli("show", named["m2"], "--json", now=NOW)).records[0]["text"].endswith("bag m2?")
    assert done(cli("doctor", "--verify", "--json", now=NOW)).code == 0
