"""``follow-up``: what is owed after the end, who is asked how it is, and who never is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.commands.test_resolve import FIXED, NEXT, answered, helped_in_private
from tests.conftest import PATIENCE, Cli
from tests.e2e.staging import LATER, NOW, SORRY, TWO_AGENTS, done, journal, message, policy, queued

SOON = "2026-11-22T10:25:00Z"  # two days and a bit after NEXT
FIELDS = {
    "type", "what", "owed", "ticket", "account", "customer", "due_at", "reason", "next", "by", "assignee",
}  # fmt: skip


def open_now(cli: Cli, now: str = NEXT) -> list[Any]:
    return done(cli("follow-up", "--json", now=now)).records


def whats(cli: Cli, now: str = NEXT) -> list[str]:
    return [one["what"] for one in open_now(cli, now)]


def closed(cli: Cli) -> str:
    """Answered in public, and well ended."""
    ticket = answered(cli)
    done(cli("resolve", ticket, *FIXED, "--yes", now=NEXT))
    return ticket


def events(cli: Cli) -> list[Any]:
    return [one["data"] for one in cli.lines("queue.jsonl") if one["event"] == "followed"]


# ----------------------------------------------------------------------------------------------- the thanks


def test_thanks_that_nobody_said_yes_to_stay_open(cli: Cli) -> None:
    ticket = helped_in_private(cli)
    done(cli("resolve", ticket, *FIXED, now=NEXT))
    (one,) = open_now(cli)
    assert set(one) == FIELDS
    assert (one["what"], one["owed"], one["ticket"], one["due_at"]) == ("thank-you", True, ticket, NEXT)
    assert one["next"] == f"socialcli follow-up {ticket} --yes"
    assert [one["type"] for one in done(cli("due", "--json", now=NEXT)).records] == ["follow-up"]
    assert "thank-you" in done(cli("due", now=NEXT)).out
    sent = done(cli("follow-up", ticket, "--yes", "--json", now=NEXT)).record
    assert (sent["state"], sent["target"], sent["check"]["visibility"]) == ("sent", "m1", "public")
    assert "QX7K2P" not in sent["text"]
    assert "repeat/already-answered" not in [found["rule"] for found in sent["check"]["findings"]]
    assert open_now(cli) == []
    assert done(cli("due", "--json", now=NEXT)).records == []
    before = journal(cli)
    assert done(cli("follow-up", ticket, "--yes", "--json", now=NEXT)).record["id"] == sent["id"]
    assert done(cli("resolve", ticket, *FIXED, "--yes", "--json", now=NEXT)).record["type"] == "ticket"
    assert (len(cli.lines("outbox.jsonl")), journal(cli)) == (3, before)


def test_thanks_are_over_with_no_thank(cli: Cli) -> None:
    ticket = helped_in_private(cli)
    done(cli("resolve", ticket, *FIXED, now=NEXT))
    assert whats(cli) == ["thank-you"]
    for _ in range(2):
        done(cli("resolve", ticket, *FIXED, "--no-thank", now=NEXT))
        assert whats(cli) == []
    assert events(cli) == [{"what": "thank-you", "how": "dismissed"}]


def test_thanks_are_never_owed_without_them_or_with_no_thank_at_once(cli: Cli) -> None:
    ticket = helped_in_private(cli)
    done(cli("resolve", ticket, *FIXED, "--no-thank", now=NEXT))
    assert whats(cli) == []


@pytest.mark.parametrize(("setting", "owed"), [("true", ["thank-you"]), ("false", [])])
def test_thank_in_public(cli: Cli, setting: str, owed: list[str]) -> None:
    policy(cli, f"[resolve]\nthank_in_public = {setting}\n")
    ticket = helped_in_private(cli)
    done(cli("resolve", ticket, *FIXED, now=NEXT))
    assert whats(cli) == owed


def test_thanks_wait_while_the_policy_wants_none(cli: Cli) -> None:
    ticket = helped_in_private(cli)
    done(cli("resolve", ticket, *FIXED, now=NEXT))
    policy(cli, "[resolve]\nthank_in_public = false\n")
    assert whats(cli) == []
    assert cli("follow-up", ticket, "--yes", now=NEXT).code == 3
    assert len(cli.lines("outbox.jsonl")) == 2


def test_who_began_in_private_is_never_thanked_in_public(cli: Cli) -> None:
    ticket = queued(cli, message("d1", visibility="direct"))
    text = "So sorry about your bag. We are tracing it and write to you by noon. ^SB"
    done(cli("reply", ticket, "--text", text, "--yes", now=LATER))
    done(cli("resolve", ticket, *FIXED, now=NEXT))
    assert whats(cli) == []


def test_a_dry_run_posts_and_writes_nothing(cli: Cli) -> None:
    ticket = helped_in_private(cli)
    done(cli("resolve", ticket, *FIXED, now=NEXT))
    before = journal(cli)
    assert done(cli("follow-up", ticket, "--dry-run", "--json", now=NEXT)).record["state"] == "composed"
    done(cli("follow-up", ticket, "--dismiss", "--reason", "they moved on", "--dry-run", now=NEXT))
    assert (journal(cli), whats(cli)) == (before, ["thank-you"])


def test_without_a_yes_nothing_goes_out(cli: Cli) -> None:
    ticket = helped_in_private(cli)
    done(cli("resolve", ticket, *FIXED, now=NEXT))
    assert cli("follow-up", ticket, "--json", now=NEXT).code == 2
    assert len(cli.lines("outbox.jsonl")) == 2


def test_somebody_else_s_ticket_is_left_alone(cli: Cli) -> None:
    policy(cli, TWO_AGENTS)
    ticket = helped_in_private(cli)
    done(cli("resolve", ticket, *FIXED, "--as", "sb", now=NEXT))
    done(cli("claim", ticket, "--as", "mo", now=NEXT))
    assert cli("follow-up", ticket, "--yes", "--as", "sb", now=NEXT).code == 6


# --------------------------------------------------------------------------------------------- how is it


def test_how_everything_is_is_asked_once_after_the_time(cli: Cli) -> None:
    ticket = closed(cli)
    assert whats(cli, "2026-11-22T10:19:59Z") == []
    assert cli("follow-up", ticket, "--yes", now="2026-11-22T10:19:59Z").code == 3
    (one,) = open_now(cli, SOON)
    assert (one["what"], one["due_at"]) == ("how-is-it", "2026-11-22T10:20:00Z")
    sent = done(cli("follow-up", ticket, "--yes", "--json", now=SOON)).record
    assert (sent["state"], sent["target"]) == ("sent", "m1")
    for fact in ("bag", "Oslo", "sent on"):
        assert fact not in sent["text"]
    posts = len(cli.lines("outbox.jsonl"))
    again = done(cli("follow-up", ticket, "--yes", "--json", now=SOON)).record
    assert (again["id"], len(cli.lines("outbox.jsonl")), whats(cli, SOON)) == (sent["id"], posts, [])
    assert done(cli("list", "--json", now=SOON)).record["status"] == "solved"


def test_it_is_asked_in_the_language_of_the_customer(cli: Cli) -> None:
    spanish = "@NorthlineAir mi maleta no ha llegado y nadie me dice nada. ¿Dónde está mi maleta?"
    policy(cli, '[brand]\nlanguages = ["en", "es"]\n')
    ticket = queued(cli, message(text=spanish))
    done(cli("reply", ticket, "-t", "apology", "-t", "dm-request", "--yes", now=LATER))
    done(cli("resolve", ticket, *FIXED, now=NEXT))
    assert "¿" in done(cli("follow-up", ticket, "--yes", "--json", now=SOON)).record["text"]


def test_nobody_is_thanked_and_asked_at_once(cli: Cli) -> None:
    """So the same command twice says one thing, once."""
    ticket = helped_in_private(cli)
    done(cli("resolve", ticket, *FIXED, now=NEXT))
    for _ in range(2):
        done(cli("follow-up", ticket, "--yes", now=SOON))
        assert (len(cli.lines("outbox.jsonl")), whats(cli, SOON)) == (3, [])
    (one,) = open_now(cli, "2026-11-24T10:25:00Z")
    assert (one["what"], one["due_at"]) == ("how-is-it", "2026-11-24T10:25:00Z")


@pytest.mark.parametrize(("after", "what"), [("0s", []), ("2d", ["how-is-it"]), ("3d", [])])
def test_how_long_after(cli: Cli, after: str, what: list[str]) -> None:
    policy(cli, f'[resolve]\nask_how_it_is_after = "{after}"\n')
    ticket = closed(cli)
    assert whats(cli, SOON) == what
    if not what:
        assert cli("follow-up", ticket, "--yes", now=SOON).code == 3


def test_after_two_weeks_it_is_too_late_to_ask(cli: Cli) -> None:
    closed(cli)
    assert whats(cli, "2026-12-06T10:20:00Z") == ["how-is-it"]
    assert whats(cli, "2026-12-06T10:20:01Z") == []


@pytest.mark.parametrize("outcome", ["moved", "refused", "no-answer"])
def test_no_question_after_an_end_that_was_no_good_one(cli: Cli, outcome: str) -> None:
    done(cli("resolve", answered(cli), "--outcome", outcome, now=NEXT))
    assert whats(cli, SOON) == []


def test_who_came_back_is_not_asked_not_even_when_it_was_closed_again(cli: Cli) -> None:
    first = message(conversation_id="c")
    ticket = answered(cli, first)
    done(cli("resolve", ticket, *FIXED, now=NEXT))
    newer = message(
        "m2", "Still no bag! Where is it?", conversation_id="c", created_at="2026-11-20T11:00:00Z"
    )
    cli.write("inbox.jsonl", first, newer)
    done(cli("fetch", now="2026-11-20T11:01:00Z"))
    assert whats(cli, SOON) == []
    done(cli("done", ticket, "--url", "https://x.example/2", now="2026-11-20T11:02:00Z"))
    done(cli("resolve", ticket, *FIXED, now="2026-11-20T11:03:00Z"))
    assert whats(cli, "2026-11-23T10:00:00Z") == []


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (
            "2026-11-21T09:00:00Z",
            "@NorthlineAir now my seat is gone, too. Why?",
        ),  # unhappy, in another ticket
        ("2026-11-20T10:10:00Z", "@NorthlineAir may I bring my guitar into the cabin?"),  # open since before
    ],
)
def test_who_has_another_ticket_is_not_asked(cli: Cli, at: str, text: str) -> None:
    closed(cli)
    cli.write("inbox.jsonl", message(), message("m7", text, created_at=at))
    done(cli("fetch", now="2026-11-21T09:01:00Z"))
    done(cli("triage", now="2026-11-21T09:01:00Z"))
    assert whats(cli, SOON) == []


def test_who_wants_to_hear_nothing_more_is_not_asked_and_not_thanked(cli: Cli) -> None:
    ticket = helped_in_private(cli)
    done(cli("resolve", ticket, *FIXED, now=NEXT))
    assert whats(cli, SOON) == ["thank-you"]
    done(cli("opt-out", "@cust1", "--reason", "asked on the phone", now=NEXT))
    assert whats(cli, SOON) == []
    assert cli("follow-up", ticket, "--yes", now=SOON).code == 3
    assert len(cli.lines("outbox.jsonl")) == 2


def test_who_is_held_off_is_not_asked(cli: Cli) -> None:
    abuse = message("m8", "@NorthlineAir you are all worthless idiots", created_at="2026-11-20T09:00:00Z")
    queued(cli, abuse)
    done(cli("block", "@cust1", "--reason", "abuse", "--rung", "mute", "--yes", now=NOW))
    cli.write("inbox.jsonl", abuse, message())
    done(cli("fetch", now=NOW))
    ticket = done(cli("triage", "--json", now=NOW)).record["ticket"]
    done(cli("reply", ticket, "--text", SORRY, "--yes", now=LATER))
    done(cli("resolve", ticket, *FIXED, now=NEXT))
    refused = cli("follow-up", ticket, "--yes", "--json", now=SOON)
    assert (refused.code, whats(cli, SOON)) == (3, [])
    assert "@cust1 is held off (mute)" in refused.error["message"]
    done(cli("block", "--lift", "@cust1", now=SOON))
    assert whats(cli, SOON) == ["how-is-it"]


def test_who_prefers_the_phone_is_asked_there(cli: Cli) -> None:
    ticket = closed(cli)
    done(cli("move-offline", ticket, "--prefer", "phone", now=NEXT))
    (one,) = open_now(cli, SOON)
    assert one["next"] == f"ask by phone, as they prefer, then: socialcli follow-up {ticket} --done"
    refused = cli("follow-up", ticket, "--yes", "--json", now=SOON)
    assert (refused.code, refused.error["message"]) == (3, "the customer prefers phone")
    done(cli("follow-up", ticket, "--done", now=SOON))
    assert whats(cli, SOON) == []
    assert events(cli) == [{"what": "how-is-it", "how": "by-hand"}]


def test_a_preference_is_overruled_on_purpose(cli: Cli) -> None:
    ticket = closed(cli)
    done(cli("move-offline", ticket, "--prefer", "email", now=NEXT))
    assert done(cli("follow-up", ticket, "--anyway", "--yes", "--json", now=SOON)).record["state"] == "sent"


# -------------------------------------------------------------------------------------------- suggestions


def test_a_happy_ending_is_suggested_and_never_done_by_itself(cli: Cli) -> None:
    first = message(conversation_id="c")
    ticket = answered(cli, first)
    thanks = message(
        "m2",
        "@NorthlineAir my bag is here, thank you so much, wonderful service!",
        conversation_id="c",
        created_at="2026-11-20T11:00:00Z",
        url="https://x.example/m2",
    )
    cli.write("inbox.jsonl", first, thanks)
    done(cli("fetch", now="2026-11-20T11:01:00Z"))
    done(cli("triage", now="2026-11-20T11:01:00Z"))
    (one,) = open_now(cli, "2026-11-20T11:02:00Z")
    assert (one["what"], one["owed"], one["ticket"]) == ("happy-ending", False, ticket)
    assert "https://x.example/m2" in one["reason"]
    before = journal(cli)
    run = done(cli("follow-up", ticket, "--yes", now="2026-11-20T11:02:00Z"))
    assert "only suggested" in run.err
    assert (journal(cli), len(cli.lines("outbox.jsonl"))) == (before, 1)
    assert done(cli("due", "--json", now="2026-11-20T11:02:00Z")).records == []
    done(cli("follow-up", ticket, "--dismiss", "--reason", "not today", now="2026-11-20T11:02:00Z"))
    assert whats(cli, "2026-11-20T11:02:00Z") == []


def test_a_customer_who_helped_another_is_suggested(cli: Cli) -> None:
    question = message("q1", "@NorthlineAir may I bring my guitar into the cabin?", "asks")
    help_ = message(
        "h1",
        "@asks you can, I did last week: it goes in the overhead locker",
        "helper",
        in_reply_to="q1",
        created_at="2026-11-20T10:01:00Z",
        source="reply",
    )
    thanks = message(
        "t1",
        "@helper thank you so much, that is great!",
        "asks",
        in_reply_to="h1",
        created_at="2026-11-20T10:02:00Z",
        source="reply",
    )
    queued(cli, question, help_, thanks)
    tickets = {one["customer"]["handle"]: one["id"] for one in done(cli("list", "--json", now=NOW)).records}
    found = [one for one in open_now(cli, NOW) if one["what"] == "helpful-customer"]
    assert [(one["ticket"], one["customer"]["handle"]) for one in found] == [(tickets["helper"], "helper")]
    assert "@asks thanks them" in found[0]["reason"]


# ------------------------------------------------------------------------------------------------- the rest


@pytest.mark.parametrize("point", ["post:accepted", "post:intended"])
def test_a_kill_on_the_way_asks_nobody_twice(cli: Cli, point: str) -> None:
    ticket = closed(cli)
    call = ("follow-up", ticket, "--yes")
    assert cli(*call, now=SOON, env={"SOCIALCLI_FAIL_POINT": point}).code < 0
    for _ in range(2):
        done(cli(*call, now="2026-11-22T10:40:00Z"))
    assert len(cli.lines("outbox.jsonl")) == 2
    assert whats(cli, "2026-11-22T10:40:00Z") == []


def test_two_at_once_ask_once(cli: Cli) -> None:
    ticket = closed(cli)
    both = [cli.start("follow-up", ticket, "--yes", now=SOON) for _ in range(2)]
    assert {process.wait(PATIENCE) for process in both} <= {0, 3, 6}
    for process in both:
        process.communicate()
    assert len(cli.lines("outbox.jsonl")) == 2


def test_what_was_erased_is_followed_up_no_more(cli: Cli) -> None:
    ticket = helped_in_private(cli)
    done(cli("resolve", ticket, *FIXED, now=NEXT))
    done(cli("follow-up", ticket, "--dismiss", "--reason", "Marta moved to Oslo", now=NEXT))
    done(cli("forget", "@cust1", "--yes", now=NEXT))
    assert whats(cli, SOON) == []
    assert b"moved to Oslo" not in journal(cli)


def test_an_index_made_anew_says_the_same(cli: Cli) -> None:
    ticket = helped_in_private(cli)
    done(cli("resolve", ticket, *FIXED, now=NEXT))
    done(cli("follow-up", ticket, "--yes", now=NEXT))
    before = open_now(cli, SOON)
    assert [one["what"] for one in before] == ["how-is-it"]
    for file in (cli.workspace / ".socialcli").glob("index.sqlite*"):
        file.unlink()
    assert open_now(cli, SOON) == before


def test_lines_in_another_order_say_the_same(cli: Cli) -> None:
    """United journals may tell that the thanks were said before the end of the ticket."""
    ticket = helped_in_private(cli)
    done(cli("resolve", ticket, *FIXED, now=NEXT))
    done(cli("follow-up", ticket, "--dismiss", "--reason", "said on the phone", now=NEXT))
    lines = journal(cli).splitlines(keepends=True)
    (cli.workspace / "queue.jsonl").write_bytes(b"".join([*lines[:-2], lines[-1], lines[-2]]))
    assert events(cli)
    assert whats(cli) == []


def test_a_ticket_that_was_merged_keeps_its_follow_ups(cli: Cli) -> None:
    ticket = helped_in_private(cli)
    done(cli("resolve", ticket, *FIXED, now=NEXT))
    rows = [message(), message("m9", "@NorthlineAir and my stroller?", created_at="2026-11-20T08:00:00Z")]
    cli.write("inbox.jsonl", *rows)
    done(cli("fetch", now=NEXT))
    other = next(one["id"] for one in done(cli("list", "--json", now=NEXT)).records if one["id"] != ticket)
    text = "@cust1 So sorry about the stroller as well. Please DM us and we will trace it now. ^SB"
    done(cli("reply", other, "--text", text, "--yes", now=NEXT))
    done(cli("resolve", other, *FIXED, "--no-thank", now=NEXT))
    done(cli("merge", other, ticket, now=NEXT))
    assert whats(cli) == ["thank-you"]
    done(cli("follow-up", other, "--dismiss", "--reason", "said on the phone", now=NEXT))
    assert whats(cli) == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--done",), 2),
        (("k3p", "--dismiss"), 2),
        (("k3p", "--reason", "because"), 2),
        (("k3p", "--done", "--dismiss", "--reason", "x"), 2),
        (("zzz", "--yes"), 5),
    ],
)
def test_what_does_not_go_together(cli: Cli, options: tuple[str, ...], code: int) -> None:
    assert cli("follow-up", *options, now=NOW).code == code


def test_nothing_is_open(cli: Cli) -> None:
    run = done(cli("follow-up", now=NOW))
    assert (run.out, run.err) == ("", "nothing is left to say\n")
