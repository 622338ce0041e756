"""An expert is asked with the conversation, the ticket waits, and the answer comes back into it."""

from __future__ import annotations

import subprocess
import threading
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.conftest import Cli, collect
from tests.e2e.staging import LATER, NOW, TWO_AGENTS, done, journal, message, one_line, policy, queued
from tests.handing_desk import EXPERTS, PRIVATE, ask, documents, events, status, with_mail
from tests.servers import mail

KEYS = {
    "type", "id", "ticket", "account", "expert", "name", "text", "asked_at", "by", "due_at", "state", "answer",
    "answered_at", "answered_by", "assignee",
}  # fmt: skip
HAND = f'{TWO_AGENTS}\n[[experts]]\nid = "duty"\nname = "Duty manager"\nway = "hand"\n'
OVERDUE = "2026-11-20T12:30:00Z"
ANSWERED = "2026-11-20T11:00:00Z"


def reply_to(letter: EmailMessage, text: str, name: str = "<answer-1@partner.example>") -> bytes:
    """What the expert's mail program makes of an answer."""
    quoted = "\r\n".join(f"> {line}" for line in letter.get_body().get_content().splitlines()[:5])  # type: ignore[union-attr]
    return (
        f"From: Tracing <tracing@partner.example>\r\nMessage-ID: {name}\r\nIn-Reply-To: {letter['Message-ID']}\r\n"
        f"Subject: Re: {letter['Subject']}\r\n\r\n{text}\r\n\r\nOn Fri, Northline wrote:\r\n{quoted}\r\n"
    ).encode()


def answer(cli: Cli, ticket: str, text: str, *args: str) -> tuple[int, list[dict[str, object]]]:
    run = cli("expert", "answer", ticket, text, "--as", "sb", "--json", *args, now=ANSWERED)
    return run.code, run.records if not run.code else [run.error]


def test_asked_by_mail_answered_by_mail(cli: Cli) -> None:
    ticket = queued(cli, message(text=PRIVATE))
    with mail.post_office() as post:
        with_mail(cli, post.port, more=EXPERTS)
        asked, sent = done(ask(cli, ticket, "--question", "Where is it?")).records
        again = done(ask(cli, ticket, "--question", "Where is it?")).records
    assert asked.keys() == KEYS
    assert (asked["expert"], asked["name"], asked["state"]) == ("bags", "Baggage tracing", "open")
    assert (asked["asked_at"], asked["due_at"], asked["by"]) == (LATER, "2026-11-20T12:06:00Z", "sb")
    assert (sent["type"], sent["state"], sent["question"]) == ("handoff", "sent", asked["id"])
    assert (again, len(post.mails), status(cli, ticket)) == ([asked, sent], 1, "on-hold")
    (letter,) = post.letters
    text = letter.get_body().get_content()  # type: ignore[union-attr]
    assert "Where is it?" in text
    assert "2026-11-20T12:06:00Z" in text
    assert "my bag never arrived" in text
    assert "jo.doe@example.com" not in text

    back = cli(
        "fetch", "--from", "-", "--format", "eml", "--json", input=reply_to(letter, "In Oslo."), now=ANSWERED
    )
    assert done(back).record["new"] == 1
    page = done(cli("show", ticket, "--json", now=ANSWERED)).records
    (told,) = [one for one in page if one["type"] == "question"]
    assert (told["state"], told["answer"], told["answered_by"]) == (
        "answered",
        "In Oslo.",
        "tracing@partner.example",
    )
    assert (told["answered_at"], page[0]["status"]) == (ANSWERED, "open")
    shown = done(cli("show", ticket, now=ANSWERED)).out
    assert "asked Baggage tracing (bags): answered" in shown
    assert "> In Oslo." in shown
    assert "answered 2026-11-20T11:00:00Z by tracing@partner.example" in shown
    assert events(cli, "note") == []
    before = journal(cli)
    done(cli("fetch", "--from", "-", "--format", "eml", input=reply_to(letter, "In Oslo."), now=ANSWERED))
    assert journal(cli) == before
    more = reply_to(letter, "No, in Rome.", "<answer-2@partner.example>")
    done(cli("fetch", "--from", "-", "--format", "eml", input=more, now=ANSWERED))
    assert [one["data"]["text"] for one in events(cli, "note")] == [
        "mail from tracing@partner.example\nNo, in Rome."
    ]


def asked_by_mail(cli: Cli) -> tuple[str, EmailMessage]:
    """A ticket with a question to the baggage tracing, and the mail that carried it."""
    ticket = queued(cli)
    with mail.post_office() as post:
        with_mail(cli, post.port, more=EXPERTS)
        done(ask(cli, ticket))
    return ticket, post.letters[0]


def back(cli: Cli, raw: bytes) -> None:
    done(cli("fetch", "--from", "-", "--format", "eml", input=raw, now=ANSWERED))


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        (b"In-Reply-To", b"X-Lost", "tracing@partner.example (it may be: known by its subject alone)"),
        (b"tracing@partner.example", b"eve@evil.example", "eve@evil.example (nobody we wrote to)"),
    ],
)
def test_what_may_be_anybodys_is_a_note_and_no_answer(cli: Cli, old: bytes, new: bytes, note: str) -> None:
    ticket, asked = asked_by_mail(cli)
    back(cli, reply_to(asked, "Pay 900 GBP.", "<forged@x>").replace(old, new))
    assert events(cli, "expert-answered") == []
    assert [one["data"]["text"] for one in events(cli, "note")] == [f"mail from {note}\nPay 900 GBP."]
    assert status(cli, ticket, now=ANSWERED) == "open"  # somebody should see it
    assert [one["open"] for one in cli("expert", "list", "--json").records] == [1, 0]
    back(cli, reply_to(asked, "In Oslo."))
    assert events(cli, "expert-answered")[0]["data"]["text"] == "In Oslo."


def test_a_colleague_of_the_expert_may_answer(cli: Cli) -> None:
    _, asked = asked_by_mail(cli)
    back(cli, reply_to(asked, "In Oslo.").replace(b"tracing@partner", b"Kim@PARTNER"))
    assert events(cli, "expert-answered")[0]["data"]["from"] == "Kim@PARTNER.example"


def test_a_receipt_that_it_was_read_is_no_answer(cli: Cli) -> None:
    ticket, asked = asked_by_mail(cli)
    back(
        cli,
        (
            f"From: tracing@partner.example\r\nMessage-ID: <read@x>\r\nIn-Reply-To: {asked['Message-ID']}\r\n"
            'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\r\n\r\n'
            "--b\r\n\r\nYour message was displayed.\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
            "Disposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--b--\r\n"
        ).encode(),
    )
    assert (events(cli, "expert-answered"), status(cli, ticket)) == ([], "on-hold")
    assert events(cli, "note")[0]["data"]["text"].startswith("automatic mail from tracing@partner.example\n")


def test_an_automatic_reply_is_no_answer(cli: Cli) -> None:
    ticket = queued(cli)
    with mail.post_office() as post:
        with_mail(cli, post.port, more=EXPERTS)
        done(ask(cli, ticket))
    away = reply_to(post.letters[0], "I am away.").replace(
        b"Message-ID", b"Auto-Submitted: auto-replied\r\nMessage-ID"
    )
    done(cli("fetch", "--from", "-", "--format", "eml", input=away, now=ANSWERED))
    assert events(cli, "expert-answered") == []
    assert status(cli, ticket) == "on-hold"


def test_asked_and_answered_by_hand(cli: Cli) -> None:
    policy(cli, HAND)
    ticket = queued(cli)
    (asked,) = done(
        ask(cli, ticket, "--to", "duty", "--question", "May we pay a taxi?", "--due", "30m")
    ).records
    assert (asked["due_at"], status(cli, ticket)) == ("2026-11-20T10:36:00Z", "on-hold")
    again = done(ask(cli, ticket, "--to", "duty", "--question", "May we pay a taxi?", "--due", "2h"))
    assert again.records == [asked]
    assert "asked before: it stays wanted by 2026-11-20T10:36:00Z" in again.err
    assert events(cli, "handoff") == []
    before = journal(cli)
    planned = cli(
        "expert", "answer", ticket, "Yes, to 40 GBP.", "--as", "sb", "--dry-run", "--json", now=ANSWERED
    )
    assert (done(planned).record["state"], journal(cli)) == ("planned", before)
    code, (told,) = answer(cli, ticket, "Yes, to 40 GBP.")
    assert (code, told["answer"], told["answered_by"], status(cli, ticket)) == (
        0,
        "Yes, to 40 GBP.",
        "sb",
        "open",
    )
    after = journal(cli)
    assert answer(cli, ticket, "Yes, to 40 GBP.") == (0, [told])  # the same again
    assert answer(cli, ticket, "No.")[0] == 6
    assert journal(cli) == after


def test_what_was_answered_calls_until_we_act_on_it(cli: Cli) -> None:
    policy(cli, HAND)
    ticket = queued(cli)
    holding = "@cust1 So sorry about your bag. We are asking our team and will write by 1 pm. ^SB"
    done(ask(cli, ticket, "--to", "duty"))
    done(cli("reply", ticket, "--text", holding, "--as", "sb", "--yes", now=LATER))
    assert status(cli, ticket) == "on-hold"  # we said something; the expert did not yet
    answer(cli, ticket, "It is in Oslo.")
    assert status(cli, ticket, ANSWERED) == "open"
    text = "@cust1 So sorry: your bag is in Oslo. Please DM us your address and we will send it. ^SB"
    done(cli("reply", ticket, "--text", text, "--as", "sb", "--yes", "--again", now=ANSWERED))
    assert status(cli, ticket, ANSWERED) == "pending"


def test_a_new_word_of_the_customer_opens_it(cli: Cli) -> None:
    policy(cli, HAND)
    ticket = queued(cli)
    done(ask(cli, ticket, "--to", "duty"))
    row = message("m2", "And my flight leaves now!", created_at="2026-11-20T10:10:00Z", in_reply_to="m1")
    cli.write("inbox.jsonl", message(), row)
    done(cli("fetch", now=ANSWERED))
    done(cli("triage", now=ANSWERED))
    assert status(cli, ticket, ANSWERED) == "open"
    assert [one["type"] for one in done(cli("due", "--json", now=ANSWERED)).records] == ["question"]


def test_due_shows_it_and_fails_once_it_is_overdue(cli: Cli) -> None:
    policy(cli, HAND)
    ticket = queued(cli)
    (asked,) = done(ask(cli, ticket, "--to", "duty", "--question", "May we?", "--due", "2h")).records
    run = done(cli("due", now=LATER))
    assert run.out.split("\t")[1:4] == ["open", ticket, "Duty manager"]
    assert done(cli("due", "--json", now=LATER)).record == asked
    assert done(cli("due", "--within", "1h", "--json", now=LATER)).records == []
    assert done(cli("due", "--assignee", "mo", "--json", now=LATER)).records == []
    late = cli("due", now=OVERDUE)
    assert (late.code, one_line(late)[0]) == (3, "1 question is overdue")
    assert cli("due", "--json", now=OVERDUE).record["state"] == "overdue"
    answer(cli, ticket, "Yes.")
    assert done(cli("due", "--json", now=OVERDUE)).records == []


def test_what_is_closed_waits_for_nobody(cli: Cli) -> None:
    policy(cli, HAND)
    ticket = queued(cli)
    done(ask(cli, ticket, "--to", "duty"))
    done(cli("done", ticket, "--url", "https://x.example/1", "--as", "sb", now=LATER))
    assert status(cli, ticket) == "solved"
    assert done(cli("due", now=OVERDUE)).out == ""


def test_the_directory(cli: Cli) -> None:
    ticket = queued(cli)
    with mail.post_office() as post:
        with_mail(cli, post.port, more=EXPERTS)
        done(ask(cli, ticket))
        listed = done(cli("expert", "list", "--json", now=LATER)).records
    assert listed == [
        {"type": "expert", "id": "bags", "name": "Baggage tracing", "topics": ["baggage"],
         "where": "tracing@partner.example", "open": 1},
        {"type": "expert", "id": "duty", "name": "Duty manager", "topics": [], "where": "by hand", "open": 0},
    ]  # fmt: skip
    assert (
        "bags\tBaggage tracing\tbaggage\ttracing@partner.example\t1\n"
        in done(cli("expert", "list", now=LATER)).out
    )


def test_an_expert_may_be_reached_as_a_handoff_says(cli: Cli) -> None:
    ticket = queued(cli)
    expert = '[[experts]]\nid = "desk"\nname = "Desk"\nhandoff = "folder"\n'
    policy(cli, f"{TWO_AGENTS}\n{expert}")
    asked, sent = done(ask(cli, ticket, "--to", "desk", "--question", "Whose is it?")).records
    assert (sent["to"], sent["way"], sent["question"]) == ("folder", "file", asked["id"])
    assert "Whose is it?" in documents(cli)[0].read_text()


def test_where_the_mail_fails_the_question_stands_and_goes_out_the_next_time(cli: Cli) -> None:
    ticket = queued(cli)
    with mail.post_office() as post:
        with_mail(cli, post.port, more=EXPERTS)
        post.answers["RCPT"] = ["451 later"]
        failed = ask(cli, ticket)
        assert (failed.code, [one["state"] for one in failed.records]) == (75, ["open", "failed"])
        asked, sent = done(ask(cli, ticket)).records
    assert (asked["id"], sent["state"], len(post.mails)) == (failed.records[0]["id"], "sent", 1)
    assert len(events(cli, "expert-asked")) == 1


@pytest.mark.parametrize(
    ("point", "mails"),
    [("journal:synced@1", 0), ("handoff:intended", 0), ("handoff:accepted", 1), ("handoff:received", 1)],
)
def test_killed_while_asking_it_is_never_sent_twice_unasked(cli: Cli, point: str, mails: int) -> None:
    ticket = queued(cli)
    with mail.post_office() as post:
        with_mail(cli, post.port, more=EXPERTS)
        killed = cli("expert", "ask", ticket, "--as", "sb", now=LATER, env={"SOCIALCLI_FAIL_POINT": point})
        assert (killed.code, len(post.mails)) == (-9, mails)
        again = ask(cli, ticket)
        if again.code:
            assert (again.code, again.records[1]["state"]) == (75, "unknown")
            assert len(post.mails) == mails
            done(ask(cli, ticket, "--again"))
        assert len({one["Message-ID"] for one in post.letters}) == 1
    assert (len(events(cli, "expert-asked")), status(cli, ticket)) == (1, "on-hold")


def test_two_who_ask_at_once_ask_once(cli: Cli) -> None:
    ticket = queued(cli)
    with mail.post_office() as post:
        with_mail(cli, post.port, more=EXPERTS)
        started: list[subprocess.Popen[bytes]] = [
            cli.start("expert", "ask", ticket, "--as", "sb", now=LATER) for _ in range(2)
        ]
        codes = sorted(collect(one).code for one in started)
    assert len(post.mails) == 1
    assert len(events(cli, "expert-asked")) == 1
    assert codes[0] == 0
    assert codes[1] in (0, 6)  # 6: while the other was at it


@pytest.mark.parametrize(
    "command", [("expert", "ask"), ("move-offline", "--hand-to", "baggage", "--yes")], ids=["ask", "hand"]
)
def test_while_a_mail_is_on_its_way_it_is_not_taken_for_lost(cli: Cli, command: tuple[str, ...]) -> None:
    ticket = queued(cli)
    arrived, go = threading.Event(), threading.Event()
    arguments = (*command, ticket, "--as", "sb")
    with mail.rogue(mail.holds(arrived, go)) as port:
        with_mail(cli, port, more=EXPERTS)
        first = cli.start(*arguments, now=LATER)
        assert arrived.wait(timeout=60)
        second = cli(*arguments, now=LATER)
        go.set()
        assert collect(first).code == 0
    assert (second.code, "is locked by" in second.err) == (6, True)
    assert "sent" in done(cli(*arguments, now=LATER)).out
    assert len(events(cli, "handoff")) == 1


def test_a_dry_run_and_refusals_write_nothing(cli: Cli) -> None:
    ticket = queued(cli, message(text="@NorthlineAir how much does a second seat cost?"))
    with mail.post_office() as post:
        with_mail(cli, post.port, more=EXPERTS)
        before = journal(cli)
        planned = done(ask(cli, ticket, "--to", "bags", "--dry-run")).records
        assert [one["state"] for one in planned] == ["planned", "planned"]
        nobody = ask(cli, ticket)  # no expert for its topic
        assert nobody.code == 2
        assert nobody.error["hint"] == "--to bags|duty"
        assert ask(cli, ticket, "--to", "nobody").code == 5
        assert ask(cli, ticket, "--due", "10s").code == 2
        assert answer(cli, ticket, "Yes.")[0] == 5
        assert answer(cli, ticket, " ")[0] == 2
        assert (post.mails, journal(cli)) == ([], before)
    with_mail(cli, post.port, more=EXPERTS, user="northline")
    assert ask(cli, ticket, "--to", "bags").code == 4  # no password: nobody waits for who was never asked
    assert journal(cli) == before


def test_several_questions_are_told_apart(cli: Cli) -> None:
    policy(cli, HAND + '\n[[experts]]\nid = "law"\nname = "Legal"\nway = "hand"\n')
    ticket = queued(cli)
    done(ask(cli, ticket, "--to", "duty"))
    done(ask(cli, ticket, "--to", "law"))
    code, (error,) = answer(cli, ticket, "Yes.")
    assert (code, error["hint"]) == (2, "--expert duty|law")
    assert answer(cli, ticket, "Yes.", "--expert", "law")[0] == 0
    assert [one["expert"] for one in done(cli("due", "--json", now=ANSWERED)).records] == ["duty"]
    assert answer(cli, ticket, "-", "--expert", "duty")[0] == 2  # nothing on standard input


def test_an_erasure_takes_question_and_answer(cli: Cli) -> None:
    policy(cli, HAND)
    ticket = queued(cli)
    done(ask(cli, ticket, "--to", "duty", "--question", "cust1 lost a teal bag: what now?"))
    answer(cli, ticket, "The teal one is found.")
    done(cli("forget", "@cust1", "--yes", "--as", "sb", now=ANSWERED))
    assert b"teal" not in journal(cli)
    (told,) = [one for one in done(cli("show", ticket, "--json")).records if one["type"] == "question"]
    assert (told["state"], told["text"], told["answer"]) == ("answered", "", "")
    assert done(cli("doctor", "--verify", "--json")).code == 0


def test_two_journals_united_in_any_order_agree(cli: Cli, tmp_path: Path) -> None:
    """The answer was written on another machine whose clock is behind: sorted it stands before the question."""
    policy(cli, HAND)
    ticket = queued(cli)
    done(ask(cli, ticket, "--to", "duty"))
    cli("expert", "answer", ticket, "Yes.", "--as", "sb", now=ANSWERED)
    lines = journal(cli).splitlines(keepends=True)
    moved = [*lines[:-2], lines[-1], lines[-2]]
    (cli.workspace / "queue.jsonl").write_bytes(b"".join(moved))
    assert status(cli, ticket, ANSWERED) == "open"
    assert done(cli("due", "--json", now=OVERDUE)).records == []
    copy = tmp_path / "twice.jsonl"
    copy.write_bytes(b"".join((*lines, *lines)))
    (cli.workspace / "queue.jsonl").write_bytes(copy.read_bytes())
    assert status(cli, ticket, ANSWERED) == "open"


def test_a_merge_keeps_the_question(cli: Cli) -> None:
    policy(cli, HAND)
    first = queued(
        cli,
        message(),
        message("m2", "@NorthlineAir still no bag", "cust1", created_at="2026-11-20T10:01:00Z"),
    )
    tickets = [one["id"] for one in done(cli("list", "--json", now=NOW)).records]
    other = next(one for one in tickets if one != first)
    done(ask(cli, other, "--to", "duty"))
    done(cli("merge", first, other, "--as", "sb", now=LATER))
    (told,) = [
        one for one in done(cli("show", first, "--json", now=LATER)).records if one["type"] == "question"
    ]
    assert (told["state"], status(cli, first)) == ("open", "on-hold")
    assert [one["ticket"] for one in done(cli("due", "--json", now=LATER)).records] == [told["ticket"]]
