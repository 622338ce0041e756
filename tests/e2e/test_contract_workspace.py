"""Where the workspace is, what of it may be missing, what time it is, and who acts."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import PATIENCE, Cli, Run
from tests.e2e.staging import LATER, NOW, SORRY, TWO_AGENTS, done, journal, message, one_line, policy, queued


def anywhere(cli: Cli, folder: Path, *arguments: str, env: dict[str, str] | None = None) -> Run:
    """The program in ``folder``, without -w."""
    run = subprocess.run(
        [cli.arguments()[0], *arguments],
        env=cli.env | (env or {}), cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE,
        check=False, text=True,
    )  # fmt: skip
    return Run(run.returncode, run.stdout, run.stderr)


def place_of(run: Run) -> str:
    """The workspace that doctor speaks of."""
    return next(str(one["detail"]) for one in run.records if one["what"] == "workspace")


# Discovery


def test_the_option_wins_over_the_environment_and_the_parents(cli: Cli, tmp_path: Path) -> None:
    named, set_, parent = (tmp_path / name for name in ("named", "set", "parent"))
    for folder in (named, set_, parent / "deep" / "er"):
        folder.mkdir(parents=True)
    (parent / "policies.toml").write_text("", encoding="utf-8")
    deep, env = parent / "deep" / "er", {"SOCIALCLI_WORKSPACE": str(set_)}
    doctor = ("doctor", "--json")
    assert place_of(anywhere(cli, deep, "-w", str(named), *doctor, env=env)) == str(named)
    assert place_of(anywhere(cli, deep, "--workspace", str(named), *doctor)) == str(named)
    assert place_of(anywhere(cli, deep, *doctor, env=env)) == str(set_)
    assert place_of(anywhere(cli, deep, *doctor)) == str(parent)
    (parent / "deep" / "policies.toml").write_text("", encoding="utf-8")
    assert place_of(anywhere(cli, deep, *doctor)) == str(parent / "deep")
    assert place_of(anywhere(cli, tmp_path, *doctor)) == str(cli.home / "data" / "socialcli")


def test_the_user_data_folder_works_without_anything_made(cli: Cli, tmp_path: Path) -> None:
    assert anywhere(cli, tmp_path, "list").code == 0
    row = tmp_path / "row.jsonl"
    row.write_text(json.dumps(message()), encoding="utf-8")
    done(anywhere(cli, tmp_path, "fetch", "--from", str(row)))
    assert (cli.home / "data" / "socialcli" / "queue.jsonl").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "row.jsonl", "workspace"]


@pytest.mark.parametrize("how", ["option", "environment"])
def test_a_workspace_that_is_not_there(cli: Cli, tmp_path: Path, how: str) -> None:
    missing = str(tmp_path / "nowhere")
    arguments = ("-w", missing, "list") if how == "option" else ("list",)
    run = anywhere(cli, tmp_path, *arguments, env={"SOCIALCLI_WORKSPACE": missing})
    assert (run.code, run.out) == (2, "")
    assert missing in one_line(run)[0]
    assert not Path(missing).exists()


def test_init_then_doctor_then_never_overwrite(cli: Cli) -> None:
    made = done(cli("init", "w", "--yes", "--json")).records
    folder = cli.workspace / "w"
    assert {one["state"] for one in made} == {"made"}
    assert (folder / "policies.toml").is_file()
    assert list((folder / "templates" / "replies").glob("*.j2"))
    doctor = done(anywhere(cli, folder, "doctor", "--json"))
    assert place_of(doctor) == str(folder)
    (folder / "policies.toml").write_text("# mine\n", encoding="utf-8")
    (folder / "templates" / "replies" / "thanks.j2").unlink()
    again = done(cli("init", "w", "--yes", "--json")).records
    assert {Path(one["path"]).name for one in again if one["state"] == "made"} == {"thanks.j2"}
    assert (folder / "policies.toml").read_text(encoding="utf-8") == "# mine\n"
    (cli.workspace / "file").touch()
    assert cli("init", "file").code == 2


# What is missing falls back to what is shipped


def test_a_policy_need_hold_only_what_differs(cli: Cli) -> None:
    policy(cli, '[deadlines]\nurgent = "5m"\n')
    queued(cli)
    assert done(cli("list", "--json", now=NOW)).record["due_at"] == "2026-11-20T10:05:00Z"
    cli.write(
        "inbox.jsonl", message(), message("m2", "@NorthlineAir I was charged twice for my seat", "cust2")
    )
    done(cli("fetch", now=NOW))
    done(cli("triage", now=NOW))
    high = next(one for one in cli("list", "--json", now=NOW).records if one["priority"] == "high")
    assert high["due_at"] == "2026-11-20T11:00:00Z"  # the shipped hour still holds


def test_arrays_of_tables_replace_the_shipped_ones(cli: Cli) -> None:
    policy(
        cli, '[[accounts]]\nname = "help"\nnetwork = "file"\nhandle = "@NorthHelp"\ninbox = "in/help.jsonl"\n'
    )
    (cli.workspace / "in").mkdir()
    cli.write("in/help.jsonl", message())
    record = done(cli("fetch", "--json", now=NOW)).record
    assert (record["account"], record["new"]) == ("help", 1)
    assert cli("fetch", "--account", "support").code == 5


def test_an_absent_inbox_is_empty(cli: Cli) -> None:
    expected = {"type": "fetch", "account": "support", "read": 0, "new": 0, "known": 0, "rejected": 0}
    assert done(cli("fetch", "--json")).record == expected


def test_own_templates_stand_before_the_shipped_ones(cli: Cli) -> None:
    ticket = queued(cli)
    folder = cli.workspace / "templates" / "replies"
    folder.mkdir(parents=True)
    (folder / "apology.j2").write_text(
        '+++\ntitle = "Ours"\n+++\nWe are sorry, in our own words. Please DM us.\n'
    )
    own = done(cli("reply", ticket, "-t", "apology", "--dry-run", "--json", now=LATER)).record
    assert own["text"] == "We are sorry, in our own words. Please DM us. ^SB"
    shipped = done(cli("reply", ticket, "-t", "dm-request", "--dry-run", "--json", now=LATER)).record
    assert "direct message" in shipped["text"] or "DM" in shipped["text"]


def test_the_momentary_folder_may_be_deleted_at_any_time(cli: Cli) -> None:
    ticket = queued(cli)
    first = done(cli("reply", ticket, "--text", SORRY, "--yes", "--json", now=LATER)).record
    shown = cli("list", "--json", now=LATER).out
    shutil.rmtree(cli.workspace / ".socialcli")
    assert cli("list", "--json", now=LATER).out == shown
    assert done(cli("reply", ticket, "--text", SORRY, "--yes", "--json", now=LATER)).record == first
    assert done(cli("fetch", "--json", now=LATER)).record["new"] == 0


# Several accounts; what an import belongs to


TWO_ACCOUNTS = """
[[accounts]]
name = "press"
network = "file"
handle = "NorthlineNews"
role = "brand"
inbox = "press.jsonl"

[[accounts]]
name = "care"
network = "file"
handle = "NorthlineCare"
inbox = "care.jsonl"
"""


def test_an_import_belongs_to_the_first_service_account(cli: Cli) -> None:
    policy(cli, TWO_ACCOUNTS)
    row = json.dumps(message())
    assert done(cli("fetch", "--from", "-", "--json", input=row, now=NOW)).record["account"] == "care"
    other = json.dumps(message("m2"))
    run = done(cli("fetch", "--from", "-", "--account", "press", "--json", input=other, now=NOW))
    assert run.record["account"] == "press"
    both = cli("fetch", "--from", "-", "--account", "press", "--account", "care", input=other)
    assert both.code == 2


def test_one_record_for_each_account_and_one_message_for_two(cli: Cli) -> None:
    policy(cli, TWO_ACCOUNTS)
    cli.write("press.jsonl", message())
    cli.write("care.jsonl", message(), message("m2", handle="cust2"))
    records = done(cli("fetch", "--json", now=NOW)).records
    assert [(one["account"], one["read"], one["new"], one["known"]) for one in records] == [
        ("press", 1, 1, 0), ("care", 2, 1, 1),
    ]  # fmt: skip
    before = journal(cli)
    again = done(cli("fetch", "--json", now=NOW)).records
    assert sum(one["new"] for one in again) == 0
    assert journal(cli) == before
    only = done(cli("fetch", "--account", "care", "--json", now=NOW)).records
    assert [one["account"] for one in only] == ["care"]
    assert [one["account"] for one in cli("list", "--account", "press", "--json").records] == ["press"]


def test_missing_credentials(cli: Cli) -> None:
    policy(cli, '[[accounts]]\nname = "support"\nnetwork = "x"\nhandle = "NorthlineAir"\n')
    run = cli("fetch", "--json")
    assert (run.code, run.out, run.error["code"]) == (4, "", 4)
    assert "support" in run.error["message"]
    assert run.error["hint"]


def test_one_account_of_two_fails(cli: Cli) -> None:
    policy(
        cli,
        TWO_ACCOUNTS.replace(
            'network = "file"\nhandle = "NorthlineNews"', 'network = "x"\nhandle = "NorthlineNews"'
        ),
    )
    cli.write("care.jsonl", message())
    run = cli("fetch", "--json", now=NOW)
    assert (run.code, run.error["code"]) == (8, 8)
    assert [(one["account"], one["new"]) for one in run.records] == [("care", 1)]
    assert "press" in run.error["message"]


def test_our_own_posts_and_bare_reposts_open_no_ticket(cli: Cli) -> None:
    cli.write(
        "inbox.jsonl",
        message("o1", "Good morning! ^SB", "NorthlineAir"),
        message("r1", "RT @cust1: my bag never arrived", "cust2"),
        message("m1"),
    )
    assert done(cli("fetch", "--json", now=NOW)).record["new"] == 3
    assert [one["customer"]["handle"] for one in cli("list", "--json").records] == ["cust1"]


# The time


def test_now_freezes_decisions(cli: Cli) -> None:
    cli.write("inbox.jsonl", message(), message("m2", created_at="2026-11-20T10:30:00Z", handle="cust2"))
    first = done(cli("fetch", "--json", now=NOW))
    assert first.record["new"] == 1
    assert "later time" in first.err
    assert all(event["at"] == NOW for event in done(cli("log", "--json")).records)
    later = done(cli("fetch", "--json", env={"SOCIALCLI_NOW": "2026-11-20T10:31:00Z"}))
    assert later.record["new"] == 1
    assert done(cli("list", "--limit", "1", "--json", now=NOW)).out


@pytest.mark.parametrize("value", ["2026-11-20T10:00:00", "2026-11-20", "noon", "-5"])
def test_a_naive_or_invalid_now(cli: Cli, value: str) -> None:
    for run in (cli("list", now=value), cli("list", env={"SOCIALCLI_NOW": value})):
        assert (run.code, run.out) == (2, "")
        assert "--now" in one_line(run)[0]


def test_an_empty_now_is_a_mistake_and_an_empty_variable_is_none(cli: Cli) -> None:
    assert cli("list", now="").code == 2
    assert cli("list", env={"SOCIALCLI_NOW": ""}).code == 0


@pytest.mark.parametrize("value", ["1795169100", "2026-11-20 10:05:00 +0000", "2026-11-20T11:05:00+01:00"])
def test_other_forms_of_now(cli: Cli, value: str) -> None:
    ticket = queued(cli)
    done(cli("note", ticket, "hm", now=value))
    assert done(cli("log", "--json")).records[-1]["at"] == NOW


# Who acts


def test_who_acts(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli)
    nobody = cli("claim", ticket)
    assert nobody.code == 2
    assert "--as sb|mo" in one_line(nobody)[1]
    env = {"SOCIALCLI_AGENT": "mo"}
    assert done(cli("claim", ticket, "--json", env=env)).record["assignee"] == "mo"
    assert done(cli("release", ticket, "--json", env=env)).record["assignee"] is None
    assert done(cli("claim", ticket, "--as", "sb", "--json", env=env)).record["assignee"] == "sb"
    assert cli("claim", ticket, env={"SOCIALCLI_AGENT": "zz"}).code == 5


def test_the_only_agent_acts(cli: Cli) -> None:
    ticket = queued(cli)
    assert done(cli("claim", ticket, "--json")).record["assignee"] == "sb"


# Tickets


def test_a_unique_prefix_is_enough(cli: Cli) -> None:
    rows = [message(f"m{number}", f"@NorthlineAir late again {number}", f"c{number}") for number in range(40)]
    queued(cli, *rows)
    ids = [one["id"] for one in done(cli("list", "--json")).records]
    assert len(ids) == 40
    first = ids[0]
    short = next(
        first[:size] for size in range(1, 13) if sum(one.startswith(first[:size]) for one in ids) == 1
    )
    assert done(cli("show", short, "--json")).records[0]["id"] == first
    assert done(cli("show", short.upper(), "--json")).records[0]["id"] == first
    shared = next(
        one for one in "abcdefghijklmnopqrstuvwxyz234567" if sum(x.startswith(one) for x in ids) > 1
    )
    run = cli("show", shared)
    assert run.code == 2
    assert "more than one ticket" in one_line(run)[0]
    for odd in ("%", "_", "*", "", "\N{COMBINING ACUTE ACCENT}"):
        assert cli("show", odd).code == 5


def test_list_limits_and_filters(cli: Cli) -> None:
    rows = [message(f"m{number}", f"@NorthlineAir late again {number}", f"c{number}") for number in range(55)]
    queued(cli, *rows)
    assert len(cli("list").out.splitlines()) == 50
    assert len(cli("list", "--limit", "0").out.splitlines()) == 55
    assert len(cli("list", "--json").records) == 55
    assert len(cli("list", "--limit", "3", "--json").records) == 3
    for odd in ("-1", "9" * 30, "many", "1.5"):
        assert cli("list", "--limit", odd).code == 2
        assert cli("fetch", "--limit", odd).code == 2
    assert cli("list", "--status", "solved", "--json").out == ""
    assert len(cli("list", "--status", "open", "--json").records) == 55
    assert cli("list", "--overdue", "--json", now=NOW).out == ""
    assert len(cli("list", "--overdue", "--json", now="2026-11-22T10:00:00Z").records) == 55
    for wanted in ("urgency", "due", "received"):
        assert len(cli("list", "--sort", wanted, "--json").records) == 55
