"""Mail that comes back ends as a note of its ticket, once; nothing that a stranger can put into a mail does harm."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Cli, Run
from tests.e2e.staging import LATER, done, journal, message, queued
from tests.handing_desk import events, hand, status, with_mail
from tests.servers import mail

MINE = "<reply-1@partner.example>"


def letter(
    body: str = "We found it in Oslo.",
    *,
    answers: str = "",
    subject: str = "Re: your bag",
    name: str = MINE,
    headers: Iterable[str] = (),
) -> bytes:
    """A mail as a partner writes it."""
    lines = ["From: Baggage Desk <desk@partner.example>", f"Subject: {subject}", *headers]
    lines += [f"Message-ID: {name}"] if name else []
    lines += [f"In-Reply-To: {answers}"] if answers else []
    return ("\r\n".join(lines) + f"\r\n\r\n{body}").encode()


def fetch(cli: Cli, source: str, given: bytes | None = None, *args: str) -> Run:
    return cli("fetch", "--from", source, "--format", "eml", "--json", *args, input=given, now=LATER)


def handed(cli: Cli) -> tuple[str, str]:
    """A ticket that was handed on by mail, and the Message-ID of that."""
    ticket = queued(cli)
    with mail.post_office() as post:
        with_mail(cli, post.port)
        return ticket, done(hand(cli, ticket)).record["message_id"]


def notes(cli: Cli) -> list[str]:
    return [one["data"]["text"] for one in events(cli, "note")]


def counts(run: Run) -> tuple[int, int, int, int]:
    one: dict[str, Any] = run.record
    assert (one["type"], one["account"]) == ("fetch", "mail")
    return one["read"], one["new"], one["known"], one["rejected"]


def test_a_reply_is_a_note_of_its_ticket_once(cli: Cli) -> None:
    ticket, ours = handed(cli)
    reply = letter(
        "We found it in Oslo.\r\n\r\nOn Fri, 20 Nov 2026 at 10:06, Northline Air\r\n<help@northline.example> wrote:\r\n"
        "> # Ticket\r\n> my bag never arrived\r\n-- \r\nKim, Baggage Desk",
        answers=ours,
    )
    assert counts(done(fetch(cli, "-", reply))) == (1, 1, 0, 0)
    assert notes(cli) == ["mail from desk@partner.example\nWe found it in Oslo."]
    assert events(cli, "note")[0]["ticket"] == ticket
    before = journal(cli)
    assert counts(done(fetch(cli, "-", reply))) == (1, 0, 1, 0)
    assert journal(cli) == before
    assert "We found it in Oslo." in done(cli("show", ticket, "--history")).out
    assert "mail from desk@partner.example We found it in Oslo." in done(cli("show", ticket)).out


def test_by_references_and_by_the_name_in_the_subject(cli: Cli) -> None:
    ticket, ours = handed(cli)
    by_references = letter(name="<a@x>", headers=[f"References: <other@x> {ours} <last@x>"])
    by_subject = letter(name="<b@x>", subject=f"RE: [EXT] Ticket {ticket.upper()}: @cust1 on file")
    encoded = letter(name="<c@x>", subject=f"=?utf-8?q?AW=3A_Ticket_{ticket}?=")
    for number, one in enumerate((by_references, by_subject, encoded), 1):
        done(fetch(cli, "-", one))
        assert len(notes(cli)) == number


def test_it_wakes_what_sleeps_and_what_is_pending(cli: Cli) -> None:
    ticket, ours = handed(cli)
    done(cli("snooze", ticket, "--for", "2h", "--as", "sb", now=LATER))
    done(fetch(cli, "-", letter(answers=ours)))
    assert cli("show", ticket, "--json", now=LATER).records[0]["snoozed_until"] is None
    done(cli("done", ticket, "--url", "https://x.example/1", "--as", "sb", now=LATER))
    assert status(cli, ticket) == "solved"
    done(fetch(cli, "-", letter("And the tag is NL7.", answers=ours, name="<second@x>")))
    assert status(cli, ticket) == "open"
    assert done(cli("next", "--as", "sb", "--json", now=LATER)).record["id"] == ticket
    done(cli("done", ticket, "--url", "https://x.example/1", "--as", "sb", now=LATER))
    assert status(cli, ticket) == "solved"


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "X-Autoreply: yes",
        "Precedence: auto_reply",
        "Return-Path: <>",
    ],
)
def test_an_automatic_mail_is_told_as_such_and_wakes_nobody(cli: Cli, header: str) -> None:
    ticket, ours = handed(cli)
    done(cli("snooze", ticket, "--for", "2h", "--as", "sb", now=LATER))
    done(fetch(cli, "-", letter("I am away.", answers=ours, headers=[header])))
    assert notes(cli) == ["automatic mail from desk@partner.example\nI am away."]
    assert cli("show", ticket, "--json", now=LATER).records[0]["snoozed_until"] is not None


def test_a_report_that_our_mail_did_not_arrive_is_seen(cli: Cli) -> None:
    ticket, ours = handed(cli)
    done(cli("snooze", ticket, "--for", "2h", "--as", "sb", now=LATER))
    report = (
        "From: MAILER-DAEMON@partner.example\r\nSubject: Undelivered\r\nMessage-ID: <d@x>\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\n\r\nNo such user.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: Ticket\r\nMessage-ID: {ours}\r\n\r\n--b--\r\n"
    ).encode()
    assert counts(done(fetch(cli, "-", report))) == (1, 1, 0, 0)
    (note,) = notes(cli)
    assert note.startswith(
        "report that a mail did not arrive, from MAILER-DAEMON@partner.example\nNo such user."
    )
    assert cli("show", ticket, "--json", now=LATER).records[0]["snoozed_until"] is None


def test_the_word_of_a_postman_that_is_no_proper_report_is_seen_too(cli: Cli) -> None:
    ticket, ours = handed(cli)
    done(cli("snooze", ticket, "--for", "2h", "--as", "sb", now=LATER))
    plain = letter("I wasn't able to deliver it.", answers=ours, headers=["Return-Path: <>"])
    done(fetch(cli, "-", plain.replace(b"desk@partner", b"MAILER-DAEMON@partner")))
    assert notes(cli)[0].startswith("report that a mail did not arrive, from MAILER-DAEMON@partner.example\n")
    assert cli("show", ticket, "--json", now=LATER).records[0]["snoozed_until"] is None


@pytest.mark.parametrize("guessed", ["subject", "id"])
def test_a_stranger_who_guesses_the_ticket_leaves_a_marked_note_and_opens_nothing(
    cli: Cli, guessed: str
) -> None:
    ticket, _ = handed(cli)
    done(cli("done", ticket, "--url", "https://x.example/1", "--as", "sb", now=LATER))
    answers = f"<socialcli.{ticket}.0123456789abcdef@northline.example>" if guessed == "id" else ""
    raw = letter("Open up.", answers=answers, subject=f"Ticket {ticket}")
    assert counts(done(fetch(cli, "-", raw.replace(b"partner.example", b"evil.example")))) == (1, 1, 0, 0)
    assert notes(cli) == ["mail from desk@evil.example (nobody we wrote to)\nOpen up."]
    assert status(cli, ticket) == "solved"
    done(fetch(cli, "-", letter("It is me.", subject=f"Ticket {ticket}", name="<two@x>")))
    assert notes(cli)[1].startswith(
        "mail from desk@partner.example (it may be: known by its subject alone)\n"
    )
    assert status(cli, ticket) == "open"


def test_a_mail_that_belongs_nowhere_is_listed_and_opens_nothing(cli: Cli) -> None:
    handed(cli)
    before = journal(cli)
    stray = fetch(cli, "-", letter("Buy now", subject="An offer\x1b[31m"))
    assert (stray.code, counts(stray)) == (8, (1, 0, 0, 1))
    assert "it answers no mail of ours and names no ticket" in stray.error["message"]
    assert "\x1b" not in stray.err
    gone = fetch(cli, "-", letter(answers="<socialcli.aaaaaaaaaaaa.0123456789abcdef@northline.example>"))
    assert gone.code == 8
    assert 'there is no ticket "aaaaaaaaaaaa" here' in gone.error["message"]
    assert len(cli("list", "--json", now=LATER).records) == 1
    assert journal(cli) == before


def test_our_own_mail_in_the_mailbox_is_no_reply(cli: Cli) -> None:
    ticket = queued(cli)
    with mail.post_office() as post:
        with_mail(cli, post.port)
        done(hand(cli, ticket))
    assert counts(done(fetch(cli, "-", post.mails[0]))) == (1, 0, 1, 0)
    assert notes(cli) == []


def test_an_mbox_and_a_maildir_one_bad_mail_in_it(cli: Cli) -> None:
    _, ours = handed(cli)
    mails = [letter(f"Word {n}.\r\n>From the airport", answers=ours, name=f"<{n}@x>") for n in range(3)]
    box = cli.workspace / "box.mbox"
    box.write_bytes(
        b"".join(b"From desk@x Fri Nov 20 10:00:00 2026\r\n" + one + b"\r\n\r\n" for one in (*mails, b"junk"))
    )
    run = cli("fetch", "--from", str(box), "--json", now=LATER)  # its name says what it is
    assert (run.code, counts(run)) == (8, (4, 3, 0, 1))
    assert "mail 4: is no mail: it has no header" in run.error["message"]
    assert notes(cli)[1] == "mail from desk@partner.example\nWord 1.\nFrom the airport"
    folder = cli.workspace / "Maildir"
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "new" / "1.host").write_bytes(mails[0])
    (folder / "cur" / "2.host:2,S").write_bytes(letter("Fresh.", answers=ours, name="<9@x>"))
    (folder / "tmp" / "3.host").write_bytes(b"half")
    assert counts(done(fetch(cli, str(folder)))) == (2, 1, 1, 0)


def test_a_limit_is_one_of_new_mails(cli: Cli) -> None:
    _, ours = handed(cli)
    new = cli.workspace / "Maildir" / "new"
    new.mkdir(parents=True)
    for number in range(3):
        (new / f"{number}.host").write_bytes(letter(f"Word {number}.", answers=ours, name=f"<{number}@x>"))
    runs = [counts(done(fetch(cli, str(new.parent), None, "--limit", "2"))) for _ in range(2)]
    assert runs == [(2, 2, 0, 0), (3, 1, 2, 0)]


def test_a_dry_run_counts_and_writes_nothing(cli: Cli) -> None:
    _, ours = handed(cli)
    before = journal(cli)
    assert counts(done(fetch(cli, "-", letter(answers=ours), "--dry-run"))) == (1, 1, 0, 0)
    assert journal(cli) == before


def test_killed_while_it_is_kept_it_is_kept_once(cli: Cli) -> None:
    _, ours = handed(cli)
    reply = letter(answers=ours)
    for point in ("journal:before", "journal:half", "journal:synced"):
        arguments = ("fetch", "--from", "-", "--format", "eml")
        assert cli(*arguments, input=reply, now=LATER, env={"SOCIALCLI_FAIL_POINT": point}).code == -9
    done(fetch(cli, "-", reply))
    assert len(notes(cli)) == 1


def test_html_and_attachments_and_charsets(cli: Cli) -> None:
    _, ours = handed(cli)
    page = (
        "<html><head><style>p{}</style></head><body><p>Found &amp; sent.</p><script>alert(1)</script>"
        "<div>Tag&nbsp;<b>NL7</b><br>\x1b[31mBye</div><blockquote>old words</blockquote></body></html>"
    )
    html = letter(page, answers=ours, name="<h@x>", headers=["Content-Type: text/html; charset=utf-8"])
    done(fetch(cli, "-", html))
    assert notes(cli)[-1] == "mail from desk@partner.example\nFound & sent.\n\nTag NL7\n\x1b[31mBye"
    assert "\x1b" not in cli("log", now=LATER).out
    parts = (
        "--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGep=E4ck\r\n"
        '--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="tag\x07.pdf"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--b--\r\n"
    )
    mixed = letter(parts, answers=ours, name="<m@x>", headers=['Content-Type: multipart/mixed; boundary="b"'])
    done(fetch(cli, "-", mixed))
    assert notes(cli)[-1] == "mail from desk@partner.example\nGepäck\n[attached, not taken: tag\\x07.pdf]"
    odd = letter(
        "caf\u00e9", answers=ours, name="<o@x>", headers=["Content-Type: text/plain; charset=x-unknown"]
    )
    done(fetch(cli, "-", odd))
    assert notes(cli)[-1].endswith("café")


def test_an_erasure_takes_the_words_and_the_same_mail_brings_them_not_back(cli: Cli) -> None:
    ticket, ours = handed(cli)
    done(fetch(cli, "-", letter("The blue one is found.", answers=ours)))
    done(cli("forget", "@cust1", "--yes", "--as", "sb", now=LATER))
    assert b"blue" not in journal(cli)
    assert counts(done(fetch(cli, "-", letter("The blue one is found.", answers=ours)))) == (1, 0, 1, 0)
    assert b"blue" not in journal(cli)
    assert done(cli("show", ticket, "--json", now=LATER)).records[0]["id"] == ticket


def test_usage(cli: Cli, tmp_path: Path) -> None:
    queued(cli, message())
    assert fetch(cli, str(tmp_path / "none.eml")).code == 2
    assert fetch(cli, str(tmp_path)).code == 2  # a folder, and no Maildir
    assert (
        cli("fetch", "--from", "-", "--format", "eml", "--account", "support", input=b"", now=LATER).code == 2
    )
    assert counts(done(fetch(cli, "-", b""))) == (0, 0, 0, 0)
