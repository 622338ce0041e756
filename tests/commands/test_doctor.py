"""``doctor``: what works, what is missing, and the next step; every line of the queue; mending it."""

from __future__ import annotations

import shutil

import pexpect
import pytest

from tests.conftest import PATIENCE, Cli
from tests.e2e.staging import done, journal, message, one_line, policy, queued


def test_every_missing_thing_has_a_next_step(cli: Cli) -> None:
    records = done(cli("doctor", "--json")).records
    missing = [one for one in records if one["state"] == "missing"]
    assert missing
    assert all(one["next"] for one in missing)
    assert {one["state"] for one in records} <= {"ok", "missing", "broken"}


def test_it_names_what_is_broken_and_goes_on(cli: Cli) -> None:
    folder = cli.workspace / "templates" / "replies"
    folder.mkdir(parents=True)
    (folder / "odd.j2").write_text("{% if %}", encoding="utf-8")
    run = cli("doctor", "--json")
    assert (run.code, run.error["code"]) == (7, 7)
    (broken,) = [one for one in run.records if one["state"] == "broken"]
    assert "odd.j2:1" in broken["detail"]
    assert run.records[-1]["what"] == "queue"


def test_a_broken_policy_is_one_finding(cli: Cli) -> None:
    policy(cli, "[brand]\nnmae = 'x'\n")
    run = cli("doctor", "--json")
    assert run.code == 7
    assert any("policies.toml:2" in one["detail"] for one in run.records)


def test_it_counts_and_changes_nothing(cli: Cli) -> None:
    queued(cli)
    before = journal(cli)
    out = done(cli("doctor")).out
    assert "1 ticket" in out
    assert "1 message" in out
    assert journal(cli) == before


def test_an_inbox_that_is_no_file_is_broken(cli: Cli) -> None:
    (cli.workspace / "inbox.jsonl").mkdir()
    run = cli("doctor", "--json")
    assert run.code == 7
    (broken,) = [one for one in run.records if one["state"] == "broken"]
    assert "not a regular file" in broken["detail"]


# every line of the queue


@pytest.fixture
def spoiled(cli: Cli) -> Cli:
    """Two tickets; the second message was changed where the index looks no more, the first line stands twice."""
    queued(cli, message(), message("m2", "@NorthlineAir how much is a bag?", "cust2"))
    done(cli("doctor"))
    path = cli.workspace / "queue.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b'"event":"message"', b'"event":"messagf"')
    path.write_bytes(b"".join((*lines, lines[0])))
    return cli


def test_without_verify_it_reads_only_what_is_new(spoiled: Cli) -> None:
    assert done(spoiled("doctor")).code == 0


def test_verify_names_each_finding_with_its_line_and_the_next_step(spoiled: Cli) -> None:
    before = journal(spoiled)
    run = spoiled("doctor", "--verify", "--json")
    assert (run.code, run.error["code"]) == (7, 7)
    found = [one for one in run.records if "kind" in one]
    path = spoiled.workspace / "queue.jsonl"
    assert found[0] == {
        "type": "health",
        "what": "queue",
        "state": "broken",
        "detail": f"{path}:2: bytes of it were changed: its checksum does not agree",
        "next": "socialcli doctor --repair",
        "kind": "changed",
        "file": "queue.jsonl",
        "line": 2,
    }
    rest = [(one["kind"], one["state"], one["line"]) for one in found[1:]]
    assert [one for one in rest if one[0] != "kept"] == [("duplicate", "ok", 6)]
    assert run.records[-1]["detail"] == "1 ticket, 1 message"
    assert journal(spoiled) == before


def test_verify_is_content_with_what_is_harmless(cli: Cli) -> None:
    queued(cli)
    path = cli.workspace / "queue.jsonl"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    count = len(journal(cli).splitlines())
    out = done(cli("doctor", "--verify")).out
    assert f"queue.jsonl:1: lines 1-{count} end as on Windows (CRLF)" in out
    assert out.count("CRLF") == 1
    found = done(cli("doctor", "--verify", "--json")).records[0]
    assert (found["kind"], found["line"], found["last_line"]) == ("crlf", 1, count)
    mended = done(cli("doctor", "--repair", "--yes")).out
    assert f"lines 1-{count} end as on Windows (CRLF): taken off" in mended
    assert mended.count("CRLF") == 1


def test_each_row_of_a_harmless_cause_is_one_finding(cli: Cli) -> None:
    """Two causes in the same lines, and a line between that has neither."""
    queued(cli)
    path = cli.workspace / "queue.jsonl"
    lines = path.read_bytes().splitlines()
    copies = [lines[0] + b"\r", lines[0] + b"\r", lines[0], lines[1] + b"\r"]
    path.write_bytes(b"".join(line + b"\n" for line in (*lines, *copies)))
    found = [one for one in done(cli("doctor", "--verify", "--json")).records if "kind" in one]
    first = len(lines) + 1
    assert sorted((one["kind"], one["line"], one.get("last_line")) for one in found) == [
        ("crlf", first, first + 1),
        ("crlf", first + 3, None),
        ("duplicate", first, first + 3),
    ]


def test_a_journal_that_was_cut_stays_broken_until_somebody_takes_note(cli: Cli) -> None:
    queued(cli, message(), message("m2", "@NorthlineAir how much is a bag?", "cust2"))
    path = cli.workspace / "queue.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-2]))
    assert done(cli("-q", "list")).err == ""
    for options in ((), ("--verify",), ()):
        run = cli("doctor", *options)
        assert run.code == 7
        assert "of lines are missing" in run.out
    assert "sort -u" in cli("doctor", "--verify").out
    assert "taken note of" in done(cli("doctor", "--repair", "--yes")).out
    assert done(cli("doctor")).code == done(cli("doctor", "--verify")).code == 0


def test_a_journal_that_was_deleted_is_broken_until_somebody_takes_note(cli: Cli) -> None:
    queued(cli)
    (cli.workspace / "queue.jsonl").unlink()
    assert cli("doctor").code == cli("doctor", "--verify").code == 7
    done(cli("doctor", "--repair", "--yes"))
    assert done(cli("doctor")).code == done(cli("doctor", "--verify")).code == 0
    assert not (cli.workspace / "queue.jsonl").exists()


def test_messages_that_were_erased_are_counted_once(cli: Cli) -> None:
    queued(cli, message(), message("m2", "@NorthlineAir how much is a bag?", "cust2"))
    done(cli("forget", "@cust1", "--as", "sb", "--yes"))
    assert done(cli("doctor", "--json")).records[-1]["detail"] == "2 tickets, 2 messages"


def test_verify_needs_no_policy_and_no_network(cli: Cli) -> None:
    queued(cli)
    policy(cli, "not TOML at all")
    (one,) = done(cli("doctor", "--verify", "--json")).records
    assert (one["what"], one["state"]) == ("queue", "ok")


def test_verify_of_no_queue_at_all(cli: Cli) -> None:
    (one,) = done(cli("doctor", "--verify", "--json")).records
    assert one["detail"] == "0 tickets, 0 messages"


def test_of_thousands_of_findings_the_first_are_shown_and_all_are_listed(cli: Cli) -> None:
    queued(cli)
    path = cli.workspace / "queue.jsonl"
    path.write_bytes(path.read_bytes() + b"no event\n" * 3000)
    shown = cli("doctor", "--verify")
    assert 100 < shown.out.count("queue.jsonl:") < 1000
    assert "more of the kind not-json" in shown.out.splitlines()[-2]
    assert shown.out.splitlines()[-1].endswith("1 ticket, 1 message")
    assert len([one for one in cli("doctor", "--verify", "--json").records if "kind" in one]) == 3000


def test_hostile_bytes_reach_no_terminal(cli: Cli) -> None:
    queued(cli)
    path = cli.workspace / "queue.jsonl"
    path.write_bytes(
        path.read_bytes()
        + b'{"at":"x","id":"\\u001b[2J","event":"\\u001b]0;x\\u0007","ticket":"\\u001b[31m"}\n'
    )
    for option in ("--verify", "--repair"):
        run = cli("doctor", option, *(("--dry-run",) if option == "--repair" else ()))
        assert "\x1b" not in run.out + run.err


# mending it


def test_a_repair_says_line_by_line_what_it_did_and_the_next_finds_nothing(spoiled: Cli) -> None:
    lines = journal(spoiled).splitlines()
    done_, again = (
        spoiled("doctor", "--repair", "--yes", "--json"),
        spoiled("doctor", "--repair", "--yes", "--json"),
    )
    (bad,) = [path for path in spoiled.workspace.glob("queue.jsonl.bad-*") if path.suffix != ".lines"]
    mended = [one for one in done_.records if one["detail"].endswith(f"set aside in {bad.name}")]
    assert [(one["line"], one["state"]) for one in mended] == [(2, "ok"), (6, "ok")]
    assert bad.read_bytes().splitlines() == [lines[1], lines[5]]
    assert (done_.code, again.code) == (0, 0)
    assert {one.get("kind") for one in again.records} == {"kept", "set-aside", None}
    assert [one["customer"]["handle"] for one in done(spoiled("list", "--json")).records] == ["cust1"]
    assert done(spoiled("doctor")).code == 0


def test_a_dry_run_says_it_and_writes_nothing(spoiled: Cli) -> None:
    before = journal(spoiled)
    names = sorted(spoiled.workspace.iterdir())
    run = done(spoiled("doctor", "--repair", "--dry-run"))
    assert run.out.count("would be set aside") == 2
    assert journal(spoiled) == before
    assert sorted(spoiled.workspace.iterdir()) == names


def test_without_a_terminal_a_repair_needs_its_yes(spoiled: Cli) -> None:
    before = journal(spoiled)
    run = spoiled("doctor", "--repair")
    assert run.code == 2
    assert "--yes" in one_line(run)[1]
    assert journal(spoiled) == before


@pytest.mark.parametrize("option", ["--dry-run", "--yes"])
def test_its_options_belong_to_repair(cli: Cli, option: str) -> None:
    assert cli("doctor", "--verify", option).code == 2


def test_what_nothing_here_can_mend_is_said(cli: Cli) -> None:
    queued(cli, message(), message("m2", "@NorthlineAir how much is a bag?", "cust2"))
    lines = journal(cli).splitlines(keepends=True)
    (cli.workspace / "queue.jsonl").write_bytes(b"".join((lines[0], *lines[2:])))
    for _ in range(2):
        run = cli("doctor", "--repair", "--yes", "--json")
        assert run.code == 7
        (missing,) = [one for one in run.records if one.get("kind") == "missing"]
        assert f"{len(lines[1])} bytes of lines are missing between lines 1 and 2" in missing["detail"]
        assert "sort -u" in missing["next"]


def test_a_repair_waits_for_nobody_who_writes(spoiled: Cli) -> None:
    """The lock of the queue is held by somebody: nothing is touched, exit 6."""
    import fcntl

    before = journal(spoiled)
    with (spoiled.workspace / ".socialcli" / "queue.lock").open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert spoiled("doctor", "--repair", "--yes").code == 6
    assert journal(spoiled) == before


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 130)])
def test_on_a_terminal_it_asks_first(spoiled: Cli, answer: str, code: int) -> None:
    before = journal(spoiled)
    command, *arguments = spoiled.arguments("doctor", "--repair")
    env: dict[str, str] = {**spoiled.env, "TERM": "xterm"}
    child = pexpect.spawn(
        command, arguments, env=env, cwd=str(spoiled.workspace), timeout=PATIENCE, dimensions=(40, 200)
    )
    child.expect("Do it")
    child.send(answer)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == code
    assert (journal(spoiled) == before) is (answer == "n")


def test_the_mode_of_the_journal_stays(spoiled: Cli) -> None:
    path = spoiled.workspace / "queue.jsonl"
    path.chmod(0o640)
    done(spoiled("doctor", "--repair", "--yes"))
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_full_disk_leaves_the_queue_as_it_was(spoiled: Cli) -> None:
    before = journal(spoiled)
    run = spoiled("doctor", "--repair", "--yes", env={"SOCIALCLI_FAIL_POINT": "rewrite:half=ENOSPC"})
    assert run.code == 1
    assert "the disk is full" in run.err
    assert journal(spoiled) == before
    shutil.rmtree(spoiled.workspace / ".socialcli")
    done(spoiled("doctor", "--repair", "--yes"))
