"""``due``: what we promised, and by when."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, TWO_ACCOUNTS, TWO_AGENTS, done, journal, message, queued

BY_FOUR = "@cust1 So sorry about your bag, Rosa. We are tracing it and will get back to you by 4 pm. ^SB"
FOUND = "@cust1 So sorry about this. Your bag is in Oslo and flies to you tonight. ^SB"
AFTERNOON = "2026-11-20T16:00:01Z"


def promised(cli: Cli, text: str = BY_FOUR) -> str:
    """The ticket that was answered with ``text``."""
    ticket = queued(cli)
    done(cli("reply", ticket, "--text", text, "--yes", now=LATER))
    return ticket


def test_an_open_promise(cli: Cli) -> None:
    ticket = promised(cli)
    run = done(cli("due", "--json", now=LATER))
    assert run.record == {
        "type": "promise",
        "draft": run.record["draft"],
        "ticket": ticket,
        "account": "support",
        "customer": {"handle": "cust1", "name": None},
        "words": "We are tracing it and will get back to you by 4 pm",
        "until": "2026-11-20T16:00:00Z",
        "promised_at": LATER,
        "by": "sb",
        "state": "open",
        "kept_at": None,
        "assignee": None,
    }
    assert done(cli("due", now=LATER)).out.split("\t")[:3] == ["2026-11-20T16:00:00Z", "open", ticket]


def test_a_broken_one_fails_until_the_next_answer(cli: Cli) -> None:
    ticket = promised(cli)
    broken = cli("due", "--json", now=AFTERNOON)
    assert (broken.code, broken.record["state"]) == (3, "broken")
    assert broken.error["message"] == "1 promise is broken"
    assert f"socialcli reply {ticket}" in broken.error["hint"]
    assert "1 answer with a broken promise: socialcli due" in cli("list", now=AFTERNOON).err
    done(cli("reply", ticket, "--text", FOUND, "--again", "--yes", now=AFTERNOON))
    closed = done(cli("due", now=AFTERNOON))
    assert (closed.out, closed.err) == ("", "no promise is open\n")
    (kept,) = done(cli("due", "--all", "--json", now=AFTERNOON)).records
    assert (kept["state"], kept["kept_at"]) == ("kept-late", AFTERNOON)


def test_a_new_promise_takes_the_place_of_the_old_one(cli: Cli) -> None:
    ticket = promised(cli)
    later = "@cust1 Sorry, Rosa, we are still tracing it. You will hear from us by 6 pm. ^SB"
    done(cli("reply", ticket, "--text", later, "--again", "--yes", now="2026-11-20T15:30:00Z"))
    (new,) = done(cli("due", "--json", now=AFTERNOON)).records
    assert new["until"] == "2026-11-20T18:00:00Z"
    states = [one["state"] for one in done(cli("due", "--all", "--json", now=AFTERNOON)).records]
    assert states == ["kept", "open"]


def test_reply_says_what_it_promises(cli: Cli) -> None:
    ticket = queued(cli)
    words = 'promised by 16:00: "We are tracing it and will get back to you by 4 pm" (socialcli due)\n'
    planned = done(cli("reply", ticket, "--text", BY_FOUR, "--dry-run", now=LATER))
    assert words in planned.err
    assert "promised" not in journal(cli).decode()
    assert words in done(cli("reply", ticket, "--text", BY_FOUR, "--yes", now=LATER)).err
    again = done(cli("reply", ticket, "--text", BY_FOUR, "--yes", now="2026-11-20T15:00:00Z"))
    assert words in again.err  # said at six past ten, whatever the time is now


def test_show_names_what_is_open(cli: Cli) -> None:
    ticket = promised(cli)
    page = done(cli("show", ticket, now=LATER)).out
    assert "promised by sb until 2026-11-20T16:00:00Z (in 5h54m): We are tracing it" in page
    done(cli("resolve", ticket, "--outcome", "answered", "--no-thank", "--yes", now=LATER))
    assert "promised" not in done(cli("show", ticket, now=LATER)).out


def test_which_ones(cli: Cli) -> None:
    (cli.workspace / "policies.toml").write_text(TWO_ACCOUNTS + TWO_AGENTS)
    first, second = (
        one["ticket"]
        for one in (
            cli.write("inbox.jsonl", message(), message("m2", handle="cust2")),
            done(cli("fetch", "--account", "support", now=NOW)),
            done(cli("triage", "--json", now=NOW)),
        )[2].records
    )
    soon = "@cust1 So sorry. We are tracing your bag, news within the hour. ^SB"
    late = "@cust2 So sorry about your bag. We are tracing it, and you will hear from us tomorrow. ^MO"
    done(cli("reply", first, "--text", soon, "--as", "sb", "--yes", now=LATER))
    done(cli("reply", second, "--text", late, "--as", "mo", "--yes", now=LATER))

    def tickets(*options: str) -> list[str]:
        return [one["ticket"] for one in done(cli("due", *options, "--json", now=LATER)).records]

    assert tickets() == [first, second]
    assert tickets("--within", "2h") == [first]
    assert tickets("--account", "press") == []
    assert tickets("--account", "support") == [first, second]
    assert tickets("--assignee", "mo") == [second]
    done(cli("claim", first, "--as", "mo", now=LATER))
    assert tickets("--assignee", "mo") == [first, second]
    assert cli("due", "--assignee", "nobody", now=LATER).code == 5
    assert cli("due", "--account", "nobody", now=LATER).code == 5
    assert cli("due", "--within", "soon", now=LATER).code == 2


def test_a_draft_that_waits_promises_nothing_yet(cli: Cli) -> None:
    (cli.workspace / "policies.toml").write_text(TWO_AGENTS)
    ticket = queued(cli)
    money = "@cust1 So sorry. You will get a refund of 80 GBP as compensation within 5 days. ^SB"
    waits = done(cli("reply", ticket, "--text", money, "--as", "sb", "--yes", "--json", now=LATER)).record
    assert waits["state"] == "awaiting-approval"
    assert done(cli("due", "--all", "--json", now=LATER)).records == []
    approved = done(cli("approve", waits["id"], "--as", "mo", now="2026-11-20T12:00:00Z"))
    assert "promised by 12:00 on 25 November: " in approved.err
    (one,) = done(cli("due", "--json", now="2026-11-20T12:00:00Z")).records
    assert one["until"] == "2026-11-25T12:00:00Z"  # it counts from the post


def test_a_kill_between_post_and_receipt_loses_no_promise_and_makes_no_second(cli: Cli) -> None:
    ticket = queued(cli)
    text = "@cust1 So sorry about your bag. We are tracing it, and you will hear from us within the hour. ^SB"
    call = ("reply", ticket, "--text", text, "--yes")
    assert cli(*call, now=LATER, env={"SOCIALCLI_FAIL_POINT": "post:accepted"}).code < 0
    assert done(cli("due", "--all", "--json", now=LATER)).records == []
    done(cli(*call, now="2026-11-20T10:30:00Z"))
    (one,) = done(cli("due", "--json", now="2026-11-20T10:30:00Z")).records
    assert one["until"] == "2026-11-20T11:06:00Z"  # since the post, not since it was settled
    assert len(cli.lines("outbox.jsonl")) == 1


def test_statements_promise_to_everybody(cli: Cli) -> None:
    (cli.workspace / "policies.toml").write_text("[approval]\nwhen = []\n")
    text = "Online check-in is down. We are on it. Next update by 10:36. ^SB"
    done(cli("statement", "--text", text, "--state", "investigating", "--yes", now=LATER))
    (one,) = done(cli("due", "--json", now=LATER)).records
    assert (one["ticket"], one["customer"], one["until"]) == (None, None, "2026-11-20T10:36:00Z")
    assert (one["account"], one["words"], one["by"]) == ("support", "Next update by 10:36", "sb")
    overdue = cli("due", now="2026-11-20T10:40:00Z")
    assert overdue.code == 3
    assert "socialcli statement --account support" in overdue.err
    last = "Online check-in works again. Sorry for the wait. ^SB"
    done(cli("statement", "--text", last, "--state", "resolved", "--yes", now="2026-11-20T10:41:00Z"))
    assert done(cli("due", now="2026-11-20T10:42:00Z")).out == ""
    (kept,) = done(cli("due", "--all", "--json", now="2026-11-20T10:42:00Z")).records
    assert (kept["state"], kept["kept_at"]) == ("kept-late", "2026-11-20T10:41:00Z")


def test_the_words_go_with_the_customer(cli: Cli) -> None:
    promised(cli)
    done(cli("forget", "@cust1", "--yes", now=LATER))
    assert done(cli("due", "--all", "--json", now=LATER)).records == []
    for path in cli.workspace.rglob("*"):
        assert not path.is_file() or path.name == "inbox.jsonl" or b"tracing it" not in path.read_bytes()


def test_a_holding_reply_need_not_stop_the_clock_of_the_first_answer(cli: Cli) -> None:
    (cli.workspace / "policies.toml").write_text("[promise]\nholding_stops_first_reply = false\n")
    ticket = promised(cli)
    (record,) = [one for one in done(cli("list", "--json", now=LATER)).records if one["id"] == ticket]
    assert (record["status"], record["received_at"]) == ("open", "2026-11-20T10:00:00Z")
    done(cli("reply", ticket, "--text", FOUND, "--yes", now="2026-11-20T10:30:00Z"))
    assert done(cli("list", "--json", now=LATER)).record["status"] == "pending"


def test_with_the_shipped_policy_it_does(cli: Cli) -> None:
    promised(cli)
    record = done(cli("list", "--json", now=LATER)).record
    assert (record["status"], record["received_at"], record["overdue"]) == ("pending", None, False)
