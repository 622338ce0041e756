"""``why``: rules, words, clocks, and what would change it."""

from __future__ import annotations

import json
import shutil

import pexpect
import pytest

from tests.conftest import PATIENCE, Cli
from tests.e2e.staging import BAG, NOW, done, journal, message, policy, queued


def test_every_point_has_its_rule_and_its_words(cli: Cli) -> None:
    ticket = queued(cli)
    out = done(cli("why", ticket, now=NOW)).out
    assert out.startswith(f"{ticket}: respond, urgent (")
    assert 'time/deadline-today  "in 40 min" at ' in out
    assert "due: 2026-11-20T10:15:00Z" in out
    record = done(cli("why", ticket, "--json", now=NOW)).record
    assert (
        sum(reason["weight"] for reason in record["assessment"]["reasons"]) == record["assessment"]["score"]
    )
    assert any("it would be high" in change for change in record["would_change"])


def test_it_tells_before_triage_has_spoken_and_writes_nothing(cli: Cli) -> None:
    cli.write("inbox.jsonl", message())
    done(cli("fetch", now=NOW))
    before = journal(cli)
    ticket = cli("list", "--json").record["id"]
    assert "not triaged yet" in done(cli("why", ticket)).out
    assert journal(cli) == before


def test_a_saved_filter_is_no_other_policy_and_a_deadline_is(cli: Cli) -> None:
    policy(cli, "")
    ticket = queued(cli)
    policy(cli, '[filters.mine]\nassignee = "sb"\n')
    assert "another policy" not in done(cli("why", ticket, now=NOW)).out
    assert done(cli("triage", "--all", "--json", now=NOW)).records == []
    policy(cli, '[deadlines]\nurgent = "10m"\n')
    assert "another policy or release assessed it" in done(cli("why", ticket, now=NOW)).out


def test_of_erased_words_it_tells_the_decision_that_was_taken(cli: Cli) -> None:
    ticket = queued(cli)
    before = done(cli("why", ticket, "--json", now=NOW)).record["assessment"]
    done(cli("forget", "@cust1", "--as", "sb", "--yes", now=NOW))
    run = done(cli("why", ticket, now=NOW))
    assert run.out.startswith(f"{ticket}: respond, urgent (")
    assert "the words of the message were erased" in run.out
    after = done(cli("why", ticket, "--json", now=NOW)).record["assessment"]
    kept = ("respond", "priority", "score", "kind", "topic", "sentiment", "register", "language")
    assert [after[name] for name in kept] == [before[name] for name in kept]
    assert after["reasons"] == after["private_data"] == []


def test_every_part_says_where_it_was_read_and_which_key_sets_it(cli: Cli) -> None:
    ticket = queued(cli)
    parts = {part["rule"]: part for part in done(cli("why", ticket, "--json", now=NOW)).record["parts"]}
    deadline = parts["time/deadline-today"]
    assert BAG[deadline["start"] : deadline["end"]] == deadline["words"] == "in 40 min"
    assert (deadline["message_id"], deadline["key"]) == ("m1", 'triage.weights."time/deadline-today"')
    assert parts["kind/complaint"]["message_id"] is None
    shown = done(cli("why", ticket, now=NOW)).out
    assert f'"in 40 min" at {deadline["start"]}-{deadline["end"]}  {deadline["key"]}' in shown


def test_what_it_says_would_change_it_does(cli: Cli) -> None:
    ticket = queued(cli)
    said = done(cli("why", ticket, "--json", now=NOW)).record["would_change"]
    assert 'without time/deadline-today ("in 40 min") it would be high (44)' in said
    policy(cli, '[triage.weights]\n"time/deadline-today" = 0\n')
    before = done(cli("why", ticket, now=NOW)).out
    assert before.startswith(f"{ticket}: respond, urgent (94 of 100)")
    assert (
        "respond, urgent (94), complaint is in force; another policy or release assessed it, and socialcli "
        "triage --all would make it respond, high (44), complaint" in before
    )
    done(cli("triage", "--all", now=NOW))
    after = done(cli("why", ticket, now=NOW)).out
    assert after.startswith(f"{ticket}: respond, high (44 of 100)")
    assert "another policy" not in after


def test_words_of_another_release_are_told_and_assessed_again(cli: Cli) -> None:
    """As if an earlier release, with other word lists, had assessed it."""
    ticket = queued(cli)
    (made_by,) = {
        json.loads(line)["data"]["policy"] for line in journal(cli).splitlines() if b'"assessed"' in line
    }
    policy_of, _, words_of = made_by.partition("-")
    assert policy_of
    assert words_of
    older = journal(cli).replace(made_by.encode(), f"{policy_of}-00000000".encode())
    (cli.workspace / "queue.jsonl").write_bytes(older)
    shutil.rmtree(cli.workspace / ".socialcli")
    assert "another policy or release assessed it" in done(cli("why", ticket, now=NOW)).out
    assert len(done(cli("triage", "--all", "--json", now=NOW)).records) == 1
    assert "another policy" not in done(cli("why", ticket, now=NOW)).out


def test_the_head_is_what_is_in_force_by_hand_too(cli: Cli) -> None:
    ticket = queued(cli, message(text="@NorthlineAir can I bring my guitar as hand luggage?"))
    done(cli("triage", ticket, "--set", "kind=complaint", "--reason", "asked thrice", "--as", "sb", now=NOW))
    record = done(cli("why", ticket, "--json", now=NOW)).record
    assert (record["assessment"]["kind"], record["assessment"]["priority"]) == ("complaint", "high")
    assert any("by itself triage says respond, normal" in one for one in record["would_change"])
    assert done(cli("why", ticket, now=NOW)).out.startswith(f"{ticket}: respond, high (40 of 100), complaint")


def test_what_the_thread_adds_names_the_message_it_was_read_in(cli: Cli) -> None:
    ticket = queued(
        cli,
        message("m1", "@NorthlineAir my suitcase is lost", conversation_id="c"),
        message("m2", "hello, anybody?", created_at="2026-11-20T10:04:00Z", conversation_id="c"),
    )
    record = done(cli("why", ticket, "--json", now=NOW)).record
    (part,) = (one for one in record["parts"] if one["rule"] == "thread/unanswered-earlier")
    assert (part["message_id"], part["words"]) == ("m1", "suitcase is lost")
    assert '"suitcase is lost" in the earlier message m1' in done(cli("why", ticket, now=NOW)).out


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-11-20T10:05:00Z", "deadline: due in 10m"),
        ("2026-11-20T11:20:00Z", "deadline: overdue for 1h05m"),
    ],
)
def test_the_clocks_by_now(cli: Cli, now: str, said: str) -> None:
    ticket = queued(cli)
    assert f"  {said}\n" in done(cli("why", ticket, now=now)).out


def test_no_clock_runs_where_nothing_waits(cli: Cli) -> None:
    ticket = queued(cli)
    done(cli("done", ticket, "--url", "https://northline.example/1", "--as", "sb", now=NOW))
    out = done(cli("why", ticket, now=NOW)).out
    assert "deadline: no message of the customer waits for an answer" in out
    assert "about to breach" not in out


def test_spam_is_told_by_its_evidence(cli: Cli) -> None:
    ticket = queued(cli, message(text="FREE prize, you have won! click here to claim"))
    said = done(cli("why", ticket, "--json", now=NOW)).record["would_change"]
    assert any(line.startswith("spam from 6 points of evidence") for line in said)


# on a terminal


def on_terminal(cli: Cli, *arguments: str, env: dict[str, str] | None = None) -> str:
    command, *rest = cli.arguments(*arguments, now=NOW)
    child = pexpect.spawn(
        command,
        rest,
        env=cli.env | {"TERM": "xterm", "COLUMNS": "80"} | (env or {}),
        timeout=PATIENCE,
        dimensions=(24, 80),
        cwd=str(cli.workspace),
    )
    child.expect(pexpect.EOF)
    child.close()
    written: bytes = child.before
    return written.decode().replace("\r\n", "\n")


def test_the_words_are_marked_in_the_text(cli: Cli) -> None:
    ticket = queued(cli)
    shown = on_terminal(cli, "why", ticket)
    assert "my bag \x1b[1;4mnever arrived\x1b[0m, flight boards \x1b[1;4min 40 min\x1b[0m." in shown
    bare = on_terminal(cli, "why", ticket, env={"NO_COLOR": "1"})
    assert "\x1b" not in bare
    assert "my bag never arrived, flight boards in 40 min." in bare


def test_marks_hide_nothing_less_and_harm_nothing(cli: Cli) -> None:
    text = (
        "@NorthlineAir my bag e\u0301\u0301\u0301\u0301\u0301 never arrived, it is at ana.lopez@example.com "
        "\x1b[31mor \u202e+44 7700 900123 since 3 days"
    )
    ticket = queued(cli, message(text=text))
    shown = on_terminal(cli, "why", ticket)
    assert "ana.lopez@example.com" not in shown
    assert "900123" not in shown.replace(" ", "")
    assert "\\x1b[31mor" in shown
    assert "\\u202e" in shown
    assert "\x1b[1;4mnever arrived\x1b[0m" in shown
    assert "\u0301" * 4 not in shown


def test_private_words_are_masked_where_a_reason_names_them(cli: Cli) -> None:
    text = "@NorthlineAir my bag is lost, is it free? text WIN to 87121, you have won, ana.lopez@example.com"
    ticket = queued(cli, message(text=text))
    assert "ana.lopez@example.com" not in on_terminal(cli, "why", ticket)
    assert "ana.lopez@example.com" in done(cli("why", ticket, now=NOW)).out
