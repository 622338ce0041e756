"""``block``: spam, trolls and abuse are held off, with evidence, for a time; criticism never is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Cli, Run, collect
from tests.e2e.staging import LATER, NOW, done, journal, message, one_line, policy

SPAM = "@NorthlineAir You have won a free gift card! Claim your prize: http://win.example"
ABUSE = "@NorthlineAir you are all worthless idiots"
BOTH = "@NorthlineAir you idiots lost my bag"
COMPLAINT = "@NorthlineAir my bag never arrived and nobody answers the phone"
AFTER_A_MONTH = "2026-12-21T10:06:00Z"
STAFF = """
[[agents]]
id = "sb"
name = "Sam Baker"
initials = "SB"

[[agents]]
id = "tr"
name = "Tom Reyes"
initials = "TR"
role = "draft"
"""
FIELDS = [
    "type", "handle", "author_id", "network", "account", "rung", "reason", "guideline", "message_id",
    "ticket", "evidence", "by", "at", "until", "road", "note",
]  # fmt: skip


def theirs(name: str, text: str, handle: str = "angry", **more: Any) -> dict[str, Any]:
    """A message of the conversation "c-HANDLE", so that all of them are one ticket."""
    return message(name, text, handle, conversation_id=f"c-{handle}", **more)


def ours(name: str, text: str, handle: str = "angry", **more: Any) -> dict[str, Any]:
    return message(name, text, "NorthlineAir", conversation_id=f"c-{handle}", direction="outbound", **more)


def at(minute: int) -> dict[str, str]:
    return {"created_at": f"2026-11-20T09:{minute:02}:00Z"}


def taken_in(cli: Cli, *rows: dict[str, Any]) -> dict[str, str]:
    """Fetch and triage; the newest ticket of each handle."""
    cli.write("inbox.jsonl", *rows)
    done(cli("fetch", now=NOW))
    done(cli("triage", now=NOW))
    listed = done(cli("list", "--json", now=NOW)).records
    return {one["customer"]["handle"]: one["id"] for one in listed}


def block(cli: Cli, *arguments: str, now: str = LATER) -> Run:
    return cli("block", *arguments, "--json", now=now)


def standing(cli: Cli, now: str = LATER) -> list[Any]:
    return done(block(cli, "--list", now=now)).records


# the ladder


def test_the_record_is_typed_out(cli: Cli) -> None:
    taken_in(cli, message("s1", SPAM, "winner", author={"handle": "winner", "id": "77"}))
    record = done(block(cli, "@winner", "--reason", "spam")).record
    assert list(record) == FIELDS
    evidence = record.pop("evidence")
    assert record == {
        "type": "restriction", "handle": "winner", "author_id": "77", "network": "file",
        "account": "support", "rung": "monitor", "reason": "spam", "guideline": None, "message_id": None,
        "ticket": None, "by": "sb", "at": "2026-11-20T10:06:00Z", "until": "2026-12-20T10:06:00Z",
        "road": "no", "note": "watched here; the network is told nothing",
    }  # fmt: skip
    assert [(one["message_id"], one["kind"]) for one in evidence] == [("s1", "spam")]
    assert "spam/prize" in evidence[0]["rules"]
    assert standing(cli) == [record | {"evidence": evidence}]


def test_a_handle_alone_hides_nothing(cli: Cli) -> None:
    taken_in(cli, message("a1", ABUSE, "angry"))
    rungs = [done(block(cli, "@angry", "--reason", "abuse")).record["rung"] for _ in range(4)]
    assert rungs == ["monitor", "mute", "block", "block"]


def test_each_time_one_step_further(cli: Cli) -> None:
    ticket = taken_in(cli, message("a1", ABUSE, "angry"))["angry"]
    arguments = (ticket, "--reason", "abuse", "--guideline", "threats")
    rungs = [done(block(cli, *arguments)).record["rung"] for _ in range(5)]
    assert rungs == ["monitor", "mute", "hide", "block", "block"]
    held = standing(cli)
    assert [one["rung"] for one in held] == ["monitor", "mute", "hide", "block"]
    assert [one["message_id"] for one in held] == [None, None, "a1", None]
    assert {one["ticket"] for one in held} == {ticket}


def test_the_policy_says_which_steps_there_are(cli: Cli) -> None:
    policy(cli, '[block]\nladder = ["monitor", "block"]\nexpiry = "2d"\n')
    taken_in(cli, message("a1", ABUSE, "angry"))
    error = block(cli, "@angry", "--reason", "abuse", "--rung", "mute")
    assert (error.code, error.error["message"]) == (3, "mute is not on the ladder")
    assert "monitor, block" in error.error["hint"]
    done(block(cli, "@angry", "--reason", "abuse"))
    record = done(block(cli, "@angry", "--reason", "abuse")).record
    assert (record["rung"], record["until"]) == ("block", "2026-11-22T10:06:00Z")


def test_the_same_step_again_changes_nothing(cli: Cli) -> None:
    taken_in(cli, message("s1", SPAM, "winner"))
    first = done(block(cli, "@winner", "--reason", "spam", "--rung", "mute", "--for", "12h"))
    before = journal(cli)
    again = done(block(cli, "@Winner", "--reason", "spam", "--rung", "mute"))
    assert again.record == first.record
    assert first.record["until"] == "2026-11-20T22:06:00Z"
    assert "in force already" in again.err
    assert journal(cli) == before


def test_what_the_network_does_not_do_is_said(cli: Cli) -> None:
    taken_in(cli, message("s1", SPAM, "winner"))
    run = cli("block", "@winner", "--reason", "spam", "--rung", "block", now=LATER)
    assert done(run).out.splitlines()[-1] == (
        "  hand: the network file knows no block: it is only noted here"
    )


def test_a_dry_run_prints_the_very_record(cli: Cli) -> None:
    ticket = taken_in(cli, message("s1", SPAM, "winner"))["winner"]
    before = journal(cli)
    planned = done(block(cli, ticket, "--reason", "spam", "--rung", "mute", "--dry-run")).record
    assert journal(cli) == before
    assert done(block(cli, ticket, "--reason", "spam", "--rung", "mute")).record == planned


def test_two_at_once_have_one_winner(cli: Cli) -> None:
    taken_in(cli, message("s1", SPAM, "winner"))
    arguments = ("block", "@winner", "--reason", "spam", "--rung", "mute", "--json")
    racers = [cli.start(*arguments, now=f"2026-11-20T10:06:{second:02}Z") for second in range(4)]
    records = [done(collect(racer)).record for racer in racers]
    assert records == [records[0]] * 4
    assert standing(cli) == [records[0]]
    assert journal(cli).count(b'"event":"restricted"') == 1


# evidence


def test_without_evidence_it_says_what_triage_sees(cli: Cli) -> None:
    ticket = taken_in(cli, message("a1", ABUSE, "angry"))["angry"]
    before = journal(cli)
    refused = block(cli, "@angry", "--reason", "spam")
    assert refused.code == 3
    assert refused.error["message"] == (
        'triage sees no spam: message a1 is of kind abuse (abuse/at-people "you are all worthless idiots")'
    )
    assert f"triage {ticket} --set kind=KIND --reason WHY" in refused.error["hint"]
    assert journal(cli) == before


def test_a_persons_word_is_evidence(cli: Cli) -> None:
    ticket = taken_in(cli, message("m1", "@NorthlineAir look at these boots", "boots"))["boots"]
    assert block(cli, ticket, "--reason", "spam").code == 3
    done(cli("triage", ticket, "--set", "kind=spam", "--reason", "the same advert everywhere", now=NOW))
    record = done(block(cli, ticket, "--reason", "spam")).record
    assert record["evidence"] == [{"message_id": "m1", "kind": "spam", "rules": ["by-hand"]}]


def test_a_persons_word_is_not_about_what_came_later(cli: Cli) -> None:
    first = theirs("m1", "@NorthlineAir look at these boots", "boots")
    ticket = taken_in(cli, first)["boots"]
    done(cli("triage", ticket, "--set", "kind=spam", "--reason", "an advert", now=NOW))
    taken_in(cli, first, theirs("m2", COMPLAINT, "boots", created_at="2026-11-20T10:04:00Z"))
    refused = block(cli, ticket, "--reason", "spam")
    assert refused.code == 3
    assert "criticism is never held off: message m2 is of kind complaint" in refused.error["message"]


def test_a_persons_word_that_it_is_criticism_wins(cli: Cli) -> None:
    ticket = taken_in(cli, message("a1", ABUSE, "angry"))["angry"]
    done(cli("triage", ticket, "--set", "kind=complaint", "--reason", "three days in a hotel", now=NOW))
    refused = block(cli, ticket, "--reason", "abuse")
    assert refused.code == 3
    assert "message a1 is of kind complaint (set by hand)" in refused.error["message"]


def argument(rounds: int) -> list[dict[str, Any]]:
    """A question, answered, and then so many remarks without a matter, each answered but the last."""
    rows = [theirs("m0", "@NorthlineAir when does NL7 leave?", "loafer", **at(0))]
    for number in range(1, rounds + 1):
        rows.append(
            ours(f"r{number}", f"@loafer At 10:{number:02}, see the board. ^SB", "loafer", **at(2 * number))
        )
        rows.append(theirs(f"m{number}", "@NorthlineAir lol whatever", "loafer", **at(2 * number + 1)))
    return rows


def test_a_troll_is_one_who_only_argues(cli: Cli) -> None:
    tickets = taken_in(cli, *argument(2))
    refused = block(cli, tickets["loafer"], "--reason", "troll")
    assert refused.code == 3
    assert "triage sees no troll (it takes abuse, or 3 answers of ours" in refused.error["message"]
    taken_in(cli, *argument(3))
    record = done(block(cli, tickets["loafer"], "--reason", "troll")).record
    assert [one["message_id"] for one in record["evidence"]] == ["m1", "m2", "m3"]


def test_how_many_answers_a_troll_gets_is_policy(cli: Cli) -> None:
    policy(cli, "[triage]\ndisengage_after = 2\n")
    taken_in(cli, *argument(2))
    assert len(done(block(cli, "@loafer", "--reason", "troll")).record["evidence"]) == 2


def test_abuse_makes_a_troll_too(cli: Cli) -> None:
    taken_in(cli, message("a1", ABUSE, "angry"))
    assert done(block(cli, "@angry", "--reason", "troll")).record["reason"] == "troll"


def test_a_handle_counts_all_tickets_a_ticket_only_itself(cli: Cli) -> None:
    rows = (theirs("s1", SPAM, "winner"), message("b1", ABUSE, "winner", created_at="2026-11-20T10:01:00Z"))
    taken_in(cli, *rows)
    listed = done(cli("list", "--json", "--kind", "abuse", now=NOW)).records
    (abusive,) = (one["id"] for one in listed)
    assert block(cli, abusive, "--reason", "spam").code == 3
    assert done(block(cli, "@winner", "--reason", "spam")).record["evidence"][0]["message_id"] == "s1"


# criticism


@pytest.mark.parametrize("rung", ["monitor", "mute", "hide", "block"])
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (COMPLAINT, "complaint"),
        (BOTH, "complaint"),
        ("@NorthlineAir when does NL7 leave?", "question"),
        ("@NorthlineAir please send me a receipt", "request"),
    ],
)
def test_criticism_is_refused_at_every_step(cli: Cli, text: str, kind: str, rung: str) -> None:
    ticket = taken_in(cli, message("c1", text, "cust1"))["cust1"]
    before = journal(cli)
    refused = block(cli, ticket, "--reason", "abuse", "--rung", rung, "--guideline", "hate", "--yes")
    assert refused.code == 3
    assert f"criticism is never held off: message c1 is of kind {kind} (" in refused.error["message"]
    assert refused.error["hint"] == f"answer the matter: socialcli reply {ticket}"
    assert journal(cli) == before


def test_the_words_that_make_it_criticism_are_named(cli: Cli) -> None:
    taken_in(cli, message("c1", BOTH, "cust1"))
    refused = block(cli, "@cust1", "--reason", "abuse")
    assert 'complaint/lost "lost my bag"' in refused.error["message"]


def test_abuse_after_an_open_complaint_waits_for_the_answer(cli: Cli) -> None:
    rows = [theirs("c1", COMPLAINT, **at(0)), theirs("a1", ABUSE, **at(5))]
    ticket = taken_in(cli, *rows)["angry"]
    refused = block(cli, ticket, "--reason", "abuse")
    assert refused.code == 3
    assert "message c1 is of kind complaint" in refused.error["message"]
    assert refused.error["message"].endswith("and waits for an answer")
    done(cli("done", ticket, "--url", "https://x.example/1", now=NOW))
    rows.append(theirs("a2", ABUSE, created_at="2026-11-20T10:04:00Z"))
    taken_in(cli, *rows)
    assert (
        done(block(cli, ticket, "--reason", "abuse", now="2026-11-20T10:07:00Z")).record["rung"] == "monitor"
    )


def test_a_complaint_that_waits_in_another_ticket_counts(cli: Cli) -> None:
    tickets = taken_in(cli, theirs("a1", ABUSE, **at(0)), message("c1", COMPLAINT, "angry"))
    assert len(tickets) == 1
    abusive = done(cli("list", "--json", "--kind", "abuse", now=NOW)).record["id"]
    refused = block(cli, abusive, "--reason", "abuse", "--rung", "block")
    assert refused.code == 3
    assert "message c1 is of kind complaint" in refused.error["message"]
    hidden = block(cli, abusive, "--reason", "abuse", "--rung", "hide", "--guideline", "hate")
    assert done(hidden).record["message_id"] == "a1"


def test_there_is_no_force(cli: Cli) -> None:
    ticket = taken_in(cli, message("c1", COMPLAINT, "cust1"))["cust1"]
    assert cli("block", ticket, "--reason", "abuse", "--force").code == 2


def test_who_is_muted_is_answered_like_everybody_else(cli: Cli) -> None:
    taken_in(cli, message("a1", ABUSE, "cust1"))
    done(block(cli, "@cust1", "--reason", "abuse", "--rung", "mute"))
    later = message("c1", COMPLAINT, "cust1", created_at="2026-11-20T10:04:00Z")
    cli.write("inbox.jsonl", message("a1", ABUSE, "cust1"), later)
    done(cli("fetch", now=LATER))
    assessed = done(cli("triage", "--json", now=LATER)).record
    assert (assessed["message_id"], assessed["respond"], assessed["kind"]) == ("c1", "respond", "complaint")
    assert done(cli("next", "--json", now=LATER)).record["id"] == assessed["ticket"]
    text = "@cust1 So sorry about your bag. Please DM us the reference and we will trace it now. ^SB"
    sent = done(cli("reply", assessed["ticket"], "--text", text, "--yes", "--json", now=LATER)).record
    assert sent["state"] == "sent"


# hiding


def test_hiding_needs_a_ticket_and_a_published_guideline(cli: Cli) -> None:
    ticket = taken_in(cli, message("a1", ABUSE, "angry"))["angry"]
    nobody = block(cli, "@angry", "--reason", "abuse", "--rung", "hide", "--guideline", "hate")
    assert nobody.code == 2
    assert f"block TICKET, such as {ticket}" in nobody.error["hint"]
    missing = block(cli, ticket, "--reason", "abuse", "--rung", "hide")
    assert (missing.code, missing.error["hint"]) == (2, "--guideline threats|hate|private|spam")
    unknown = block(cli, ticket, "--reason", "abuse", "--rung", "hide", "--guideline", "taste")
    assert (unknown.code, unknown.error["message"]) == (5, 'no guideline "taste"')
    assert unknown.error["hint"] == "known: threats, hate, private, spam"
    record = done(block(cli, ticket, "--reason", "abuse", "--rung", "hide", "--guideline", "hate")).record
    assert (record["guideline"], record["message_id"]) == ("hate", "a1")


def test_each_message_is_hidden_by_itself(cli: Cli) -> None:
    rows = [theirs("a1", ABUSE, **at(0))]
    ticket = taken_in(cli, *rows)["angry"]
    hide = (ticket, "--reason", "abuse", "--rung", "hide", "--guideline", "hate")
    done(block(cli, *hide))
    rows.append(theirs("a2", f"{ABUSE}!!", **at(1)))
    taken_in(cli, *rows)
    done(block(cli, *hide))
    assert [one["message_id"] for one in standing(cli)] == ["a1", "a2"]
    assert len(done(block(cli, "--lift", "@angry")).records) == 2
    assert standing(cli) == []


# the list, and taking it back


def test_the_list_is_for_review(cli: Cli) -> None:
    taken_in(cli, message("s1", SPAM, "winner"), message("a1", ABUSE, "angry"))
    done(block(cli, "@winner", "--reason", "spam", "--for", "1h"))
    done(block(cli, "@angry", "--reason", "abuse", "--guideline", "hate"))
    lines = done(cli("block", "--list", now="2026-11-20T12:00:00Z")).out.splitlines()
    assert lines[0] == (
        "@winner on file: monitor, 2026-11-20T10:06:00Z to 2026-11-20T11:06:00Z, by sb  expired: lift it"
    )
    assert lines[2].startswith("  message s1: spam (spam/prize")
    assert lines[4].endswith("by sb")
    assert "guideline hate" in lines[5]


def test_what_has_expired_is_not_in_force(cli: Cli) -> None:
    taken_in(cli, message("s1", SPAM, "winner"))
    done(block(cli, "@winner", "--reason", "spam", "--rung", "mute"))
    record = done(block(cli, "@winner", "--reason", "spam", now=AFTER_A_MONTH)).record
    assert record["rung"] == "monitor"
    renewed = done(block(cli, "@winner", "--reason", "spam", "--rung", "mute", now=AFTER_A_MONTH)).record
    assert renewed["at"] == "2026-12-21T10:06:00Z"
    assert [one["rung"] for one in standing(cli)] == ["monitor", "mute"]


def test_it_is_lifted_whole_or_by_the_step(cli: Cli) -> None:
    taken_in(cli, message("s1", SPAM, "winner"), message("a1", ABUSE, "angry"))
    for rung in ("monitor", "mute", "block"):
        done(block(cli, "@winner", "--reason", "spam", "--rung", rung))
    done(block(cli, "@angry", "--reason", "abuse"))
    before = journal(cli)
    planned = done(block(cli, "--lift", "@winner", "--dry-run")).records
    assert journal(cli) == before
    assert [one["rung"] for one in planned] == ["monitor", "mute", "block"]
    lifted = done(block(cli, "--lift", "@winner", "--rung", "mute"))
    assert lifted.record["rung"] == "mute"
    assert "take it back by hand" in lifted.err
    assert [one["rung"] for one in done(block(cli, "--lift", "Winner")).records] == ["monitor", "block"]
    assert [one["handle"] for one in standing(cli)] == ["angry"]
    nothing = block(cli, "--lift", "@winner")
    assert (nothing.code, nothing.error["message"]) == (5, 'no restriction of "@winner"')


def test_it_is_lifted_under_the_new_handle(cli: Cli) -> None:
    first = message("s1", SPAM, author={"handle": "winner", "id": "77"})
    taken_in(cli, first)
    done(block(cli, "@winner", "--reason", "spam"))
    taken_in(cli, first, message("s2", SPAM, author={"handle": "w1nner", "id": "77"}))
    assert done(block(cli, "@w1nner", "--reason", "spam")).record["rung"] == "mute"
    assert len(done(block(cli, "--lift", "@w1nner")).records) == 2


# who, whom, and how it is asked


def test_whom(cli: Cli) -> None:
    rows = [message("s1", SPAM, "winner"), message("s2", SPAM, "winner", network="x")]
    taken_in(cli, *rows, message("n1", "@NorthlineAir hello", "NorthlineAir"))
    twice = block(cli, "@winner", "--reason", "spam")
    assert (twice.code, twice.error["hint"]) == (2, "say which: --network file|x")
    assert done(block(cli, "@winner", "--reason", "spam", "--network", "x")).record["network"] == "x"
    nobody = block(cli, "@nobody", "--reason", "spam")
    assert (nobody.code, nobody.error["message"]) == (5, 'no handle "@nobody"')
    assert block(cli, "@winner", "--reason", "spam", "--network", "bluesky").code == 5
    assert block(cli, "zzz", "--reason", "spam").code == 5
    us = block(cli, "@NORTHLINEAIR", "--reason", "spam")
    assert (us.code, us.error["message"]) == (3, "@NORTHLINEAIR is an account of ours")


def test_who_only_drafts_may_not(cli: Cli) -> None:
    policy(cli, STAFF)
    taken_in(cli, message("s1", SPAM, "winner"))
    for arguments in (("@winner", "--reason", "spam"), ("--lift", "@winner")):
        refused = block(cli, *arguments, "--as", "tr")
        assert refused.code == 3
        assert "tr only drafts" in refused.error["message"]
    assert done(block(cli, "@winner", "--reason", "spam", "--as", "sb")).record["by"] == "sb"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("@winner",),
        ("@winner", "--reason", "rude"),
        ("@winner", "--reason", "spam", "--rung", "ban"),
        ("@winner", "--reason", "spam", "--for", "soon"),
        ("@winner", "--reason", "spam", "--for", "0s"),
        ("@winner", "--reason", "spam", "--list"),
        ("--list", "--rung", "mute"),
        ("--list", "--lift", "@winner"),
        ("--lift", "@winner", "--reason", "spam"),
        ("--lift", "@winner", "--for", "1h"),
    ],
)
def test_options_that_do_not_fit(cli: Cli, arguments: tuple[str, ...]) -> None:
    taken_in(cli, message("s1", SPAM, "winner"))
    before = journal(cli)
    assert block(cli, *arguments).code == 2
    assert journal(cli) == before


def test_a_network_is_of_a_handle(cli: Cli) -> None:
    ticket = taken_in(cli, message("s1", SPAM, "winner"))["winner"]
    error, hint = one_line(cli("block", ticket, "--reason", "spam", "--network", "x", now=LATER))
    assert (error, hint) == ("--network belongs to @HANDLE", "a ticket is of one network")


@pytest.mark.parametrize("character", ["\x1b", "\x9b", "\u202e"])
def test_a_strangers_words_do_nothing_to_the_terminal(cli: Cli, character: str) -> None:
    hostile = f"@NorthlineAir you idiots lost my{character} bag"
    ticket = taken_in(cli, message("c1", hostile, "cust1"))["cust1"]
    refused = cli("block", ticket, "--reason", "abuse", now=LATER)
    assert refused.code == 3
    assert 'complaint/lost "lost my' in refused.err
    assert character not in refused.err
