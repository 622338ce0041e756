"""``approve``: somebody else's yes, to this very text."""

from __future__ import annotations

from tests.conftest import Cli
from tests.e2e.staging import (
    BAG,
    LATER,
    MONEY,
    SORRY,
    TWO_ACCOUNTS,
    TWO_AGENTS,
    done,
    journal,
    message,
    policy,
    queued,
)


def drafted(cli: Cli) -> str:
    """A draft of Sam's that waits."""
    policy(cli, TWO_AGENTS)
    run = done(cli("reply", queued(cli), "--text", MONEY, "--as", "sb", "--yes", "--json", now=LATER))
    return str(run.record["id"])


def test_the_plan_posts_nothing(cli: Cli) -> None:
    draft = drafted(cli)
    before = journal(cli)
    plan = done(cli("approve", draft, "--as", "mo", "--dry-run", now=LATER))
    assert plan.err == "support: it would be approved, and go out by road api at once\n"
    assert ": composed\n" in plan.out
    assert "next" not in plan.out
    only = done(cli("approve", draft, "--as", "mo", "--dry-run", "--no-post", now=LATER))
    assert "it would be approved, and go out by road api with the next outbox --settle" in only.err
    assert journal(cli) == before
    assert cli.lines("outbox.jsonl") == []


def test_the_list_shows_what_the_customer_wrote(cli: Cli) -> None:
    drafted(cli)
    for run in (cli("approve", "--list", now=LATER), cli("outbox", now=LATER)):
        assert f"  @cust1 wrote: {BAG}\n" in done(run).out


def test_what_a_customer_wrote_stays_one_line(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = queued(cli, message(text="@NorthlineAir\nno bag \x1b[31m" + "and no answer " * 100))
    done(cli("reply", ticket, "--text", MONEY, "--as", "sb", "--yes", now=LATER))
    out = done(cli("approve", "--list", now=LATER)).out
    (line,) = [one for one in out.splitlines() if "@cust1 wrote" in one]
    assert len(line) == 202
    assert line.startswith("  @cust1 wrote: @NorthlineAir no bag ")
    assert line.endswith("…")
    assert "\x1b" not in line


def test_a_draft_in_the_way_says_what_can_be_done(cli: Cli) -> None:
    draft = drafted(cli)
    ticket, mine = done(cli("list", "--json", now=LATER)).record["id"], SORRY.replace("^SB", "^MO")
    run = cli("reply", ticket, "--text", mine, "--as", "mo", "--yes", "--json", now=LATER)
    assert run.code == 6
    assert run.error["hint"] == (
        f"socialcli approve {draft} --as AGENT, or socialcli reject {draft} --reason WHY;"
        " --again answers all the same"
    )
    sent = cli("reply", ticket, "--text", mine, "--as", "mo", "--yes", "--again", "--json", now=LATER)
    assert done(sent).record["state"] == "sent"


def test_an_edit_that_raises_the_sum_needs_another_yes(cli: Cli) -> None:
    draft = drafted(cli)
    run = cli("approve", draft, "--edit", MONEY.replace("200", "999"), "--as", "mo", "--json", now=LATER)
    assert (run.code, cli.lines("outbox.jsonl")) == (3, [])
    assert run.error["message"] == "the edit brings in what itself needs a second pair of eyes: money"
    less = MONEY.replace("200", "150")
    edited = done(cli("approve", draft, "--edit", less, "--as", "mo", "--json", now=LATER))
    assert (edited.record["state"], edited.record["text"]) == ("sent", less)


def test_a_yes_that_nobody_may_give_is_told(cli: Cli) -> None:
    policy(cli, TWO_AGENTS + '\n[approval]\nby = ["lead"]\n')
    ticket, mine = queued(cli), MONEY.replace("^SB", "^MO")
    told = "nobody may approve what mo writes: policies.toml has no other lead (approval.by)\n"
    for more in (("--dry-run",), ("--yes",)):
        assert told in done(cli("reply", ticket, "--text", mine, "--as", "mo", *more, now=LATER)).err
    assert told not in done(cli("reply", ticket, "--text", MONEY, "--as", "sb", "--dry-run", now=LATER)).err


def test_what_an_agent_may_offer_is_only_told(cli: Cli) -> None:
    policy(cli, TWO_AGENTS.replace('initials = "SB"', 'initials = "SB"\noffers = "50"'))
    ticket, text = queued(cli), "@cust1 So sorry. We refund you £40 today, please DM us the reference. ^SB"

    def finding(words: str) -> tuple[str, str, str | None]:
        run = done(cli("reply", ticket, "--text", words, "--as", "sb", "--dry-run", "--json", now=LATER))
        (found,) = [one for one in run.record["check"]["findings"] if one["rule"] == "approval/money"]
        return found["level"], found["message"], found["suggestion"]

    within = "offers money or its like, within what Sam Baker may offer"
    assert finding(text) == ("info", within, None)
    beyond = ("warning", "offers money or its like", "let another agent or a lead approve it")
    assert finding(text.replace("40", "60")) == beyond


def test_two_names_stand_in_the_log(cli: Cli) -> None:
    draft = drafted(cli)
    done(cli("approve", draft, "--as", "mo", now=LATER))
    who = {one["event"]: one["by"] for one in done(cli("log", "--json")).records}
    assert (who["awaiting-approval"], who["approved"]) == ("sb", "mo")


def test_who_only_drafts_approves_nothing(cli: Cli) -> None:
    draft = drafted(cli)
    policy(cli, TWO_AGENTS.replace('role = "lead"', 'role = "draft"'))
    assert cli("approve", draft, "--as", "mo").code == 3
    assert cli.lines("outbox.jsonl") == []


def test_a_newer_message_of_the_customer_stops_it(cli: Cli) -> None:
    draft = drafted(cli)
    rows = (cli.workspace / "inbox.jsonl").read_text(encoding="utf-8")
    newer = rows.replace('"m1"', '"m2"').replace("}}", '}, "in_reply_to": "m1"}')
    (cli.workspace / "inbox.jsonl").write_text(rows + newer, encoding="utf-8")
    done(cli("fetch", now=LATER))
    run = cli("approve", draft, "--as", "mo", "--json", now=LATER)
    assert (run.code, run.record["state"]) == (6, "parked")
    assert cli.lines("outbox.jsonl") == []
    ticket = run.record["ticket"]
    again = cli("approve", draft, "--edit", "other words ^SB", "--as", "mo", "--json", now=LATER)
    assert again.code == 6
    assert again.error["hint"] == f"socialcli show {ticket}, then socialcli reply {ticket} again"
    shown = done(cli("outbox", now="2026-11-20T10:09:00Z")).out
    assert f"  next: socialcli show {ticket}, then reply again, or reject {draft} --reason WHY\n" in shown
    assert f"(at {LATER})" in shown


OWN = "Online check-in is down. We are sorry, and we are looking for the cause. More here by 10:40."


def stated(cli: Cli, *args: str, account: str = "press", text: str = OWN) -> str:
    """A statement of Sam's that waits."""
    policy(cli, TWO_ACCOUNTS + TWO_AGENTS)
    call = ("statement", "--account", account, "--text", text, *args, "--as", "sb", "--json")
    return str(done(cli(*call, now=LATER)).record["id"])


class TestStatement:
    def test_its_author_cannot(self, cli: Cli) -> None:
        draft = stated(cli)
        assert cli("approve", draft, "--as", "sb", now=LATER).code == 3
        assert cli.lines("press-outbox.jsonl") == []
        assert done(cli("approve", draft, "--as", "mo", now=LATER)).code == 0
        assert [one["text"] for one in cli.lines("press-outbox.jsonl")] == [OWN]

    def test_a_promise_that_is_past_is_not_approved(self, cli: Cli) -> None:
        draft = stated(cli)
        run = cli("approve", draft, "--as", "mo", "--json", now="2026-11-20T10:40:00Z")
        assert (run.code, cli.lines("press-outbox.jsonl")) == (3, [])
        assert "10:40" in run.error["message"]
        assert f"approve {draft} --edit" in run.error["hint"]
        newer = OWN.replace("10:40", "11:15")
        edited = cli("approve", draft, "--edit", newer, "--as", "mo", "--json", now="2026-11-20T10:41:00Z")
        assert (done(edited).record["state"], edited.record["text"]) == ("sent", newer)
        (record,) = done(cli("statement", "--list", "--json", now="2026-11-20T10:42:00Z")).records
        assert record["next_update_at"] == "2026-11-20T11:15:00Z"

    def test_the_clock_runs_to_the_hour_that_the_words_promise(self, cli: Cli) -> None:
        draft = stated(cli)
        done(cli("approve", draft, "--as", "mo", now="2026-11-20T10:30:00Z"))
        (record,) = done(cli("statement", "--list", "--json", now="2026-11-20T10:31:00Z")).records
        assert (record["at"], record["next_update_at"]) == ("2026-11-20T10:30:00Z", "2026-11-20T10:40:00Z")

    def test_approved_but_not_posted_in_time(self, cli: Cli) -> None:
        draft = stated(cli)
        assert done(cli("approve", draft, "--no-post", "--as", "mo", now=LATER)).code == 0
        run = cli("outbox", "--settle", "--as", "mo", "--json", now="2026-11-20T10:45:00Z")
        assert (run.code, run.record["state"], cli.lines("press-outbox.jsonl")) == (3, "approved", [])
        assert done(cli("outbox", "--settle", "--as", "mo", "--json", now=LATER)).record["state"] == "sent"

    def test_not_what_another_account_has_said_meanwhile(self, cli: Cli) -> None:
        first, second = stated(cli), stated(cli, account="support")
        done(cli("approve", first, "--as", "mo", now=LATER))
        for edit in ((), ("--edit", f"{OWN} @NorthlineNews has more.")):
            run = cli("approve", second, *edit, "--as", "mo", "--json", now=LATER)
            assert run.code == 3
            assert "support" in run.error["message"]
            assert "press" in run.error["message"]
        assert cli.lines("outbox.jsonl") == []
        other = "Sorry to all who cannot check in on the web: engineers are on it."
        assert done(cli("approve", second, "--edit", other, "--as", "mo", now=LATER)).code == 0

    def test_it_is_checked_as_a_statement(self, cli: Cli) -> None:
        draft = stated(cli)
        run = cli("approve", draft, "--edit", f"{OWN} @cust1", "--as", "mo", "--json", now=LATER)
        assert run.code == 3
        assert "mention/extra" in run.error["message"]
        assert "lint --explain mention/extra" in run.error["hint"]
        money = cli("approve", draft, "--edit", f"{OWN} You get 20 euros.", "--as", "mo", "--json", now=LATER)
        assert money.code == 3
        assert "socialcli statement --account press" in money.error["hint"]
        assert cli.lines("press-outbox.jsonl") == []


def test_what_asks_for_a_yes_is_named(cli: Cli) -> None:
    agents = TWO_AGENTS.replace('initials = "SB"', 'initials = "SB"\noffers = "50"')
    policy(cli, agents + '\n[approval]\nwords = ["solidarity fund"]\npriorities = ["low"]\nby = ["lead"]\n')
    ticket = queued(cli)

    def said(text: str) -> tuple[str, str]:
        run = cli("reply", ticket, "--text", text, "--as", "sb", "--yes", "--dry-run", "--json", now=LATER)
        return run.record["state"], run.err

    much = "@cust1 So sorry. We will refund you £60 today, please DM us your reference. ^SB"
    assert "it would wait for approval (money: " in said(much)[1]
    assert "approval" not in said(much.replace("£60", "£40"))[1]
    assert "approval (wording: " in said("@cust1 So sorry. Our Solidarity Fund helps, please DM us. ^SB")[1]
    done(cli("triage", ticket, "--set", "priority=low", "--reason", "calm", "--as", "sb", now=LATER))
    assert "approval (priority: the ticket is low" in said(SORRY)[1]
    draft = done(cli("reply", ticket, "--text", SORRY, "--as", "sb", "--yes", "--json", now=LATER)).record
    assert draft["state"] == "awaiting-approval"
    policy(cli, agents.replace('role = "lead"', "") + '\n[approval]\nby = ["lead"]\n')
    assert "Mina Okafor is no lead" in cli("approve", draft["id"], "--as", "mo", now=LATER).err
    assert cli.lines("outbox.jsonl") == []
