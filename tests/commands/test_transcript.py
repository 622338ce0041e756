"""``transcript``: the conversation as Markdown, JSON and mail; hostile text does no harm in any of them."""

from __future__ import annotations

import email
import email.policy
import json
from email.message import EmailMessage
from typing import Any

import pytest

from tests.conftest import Cli, Run
from tests.e2e.staging import LATER, SORRY, done, journal, message, policy, queued

NEXT = "2026-11-20T10:20:00Z"
PRIVATE = "@NorthlineAir my bag never arrived. Write to marta.silva@example.net, reference QX7K2P."
HOSTILE = (
    "\x1b[2J\x9b31m# Title\n<script>alert(1)</script> &lt; **bold** _it_ [x](javascript:y) `code`\n"
    "- item\n12. twelve\n===\n    indented\n> quote\n~~~\n| a | b |\n\u202egnp.exe"
)


def conversation(cli: Cli) -> str:
    """A public complaint with private data, our answer, a direct message, a colleague's answer, a note."""
    marta = {"handle": "cust1", "name": "Marta Silva"}
    first = message("m1", PRIVATE, conversation_id="c", author=marta)
    ticket = queued(cli, first)
    done(cli("reply", ticket, "--text", SORRY, "--yes", now=LATER))
    when = "2026-11-20T10:08:00Z"
    second = message("m2", "My PIN is 4821.", author=marta, created_at=when, visibility="direct")
    theirs: dict[str, Any] = {
        "direction": "outbound",
        "author": {"handle": "NorthlineAir"},
        "in_reply_to": "m2",
    }
    third = message("m3", "Never tell us your PIN.", created_at="2026-11-20T10:09:00Z", **theirs)
    cli.write("inbox.jsonl", first, second, third)
    done(cli("fetch", now=NEXT))
    done(cli("note", ticket, "rang marta.silva@example.net", now=NEXT))
    return ticket


def mail_of(run: Run) -> EmailMessage:
    return email.message_from_string(run.out, EmailMessage, policy=email.policy.default)


def test_markdown_tells_it_all_in_order_and_masks_private_data(cli: Cli) -> None:
    ticket = conversation(cli)
    before = journal(cli)
    out = done(cli("transcript", ticket, now=NEXT)).out
    assert out == done(cli("transcript", ticket, "--format", "md", now=NEXT)).out
    assert out.startswith(f"# Ticket {ticket}: @cust1 (Marta Silva) on file\n")
    assert [line for line in out.splitlines() if line.startswith("## ")] == [
        "## 2026-11-20T10:00:00Z, @cust1, public",
        "## 2026-11-20T10:06:00Z, Us, Sam Baker, public",
        "## 2026-11-20T10:08:00Z, @cust1, direct",
        "## 2026-11-20T10:09:00Z, Us, @NorthlineAir, public",
    ]
    for secret in ("marta.silva", "QX7K2P", "4821", "Notes"):
        assert secret not in out
    assert journal(cli) == before


@pytest.mark.parametrize("form", ["md", "json", "eml"])
def test_private_data_and_notes_only_where_they_are_asked_for(cli: Cli, form: str) -> None:
    ticket = conversation(cli)

    def document(*more: str) -> str:
        run = done(cli("transcript", ticket, "--format", form, *more, now=NEXT))
        if form != "eml":
            return run.out
        attached = [part.get_content() for part in mail_of(run).iter_attachments()]
        body = mail_of(run).get_body()
        assert body is not None
        return str(body.get_content()) + b"".join(attached).decode()

    assert [word in document() for word in ("marta.silva", "QX7K2P", "4821", "rang")] == [False] * 4
    assert [word in document("--notes") for word in ("marta.silva", "rang")] == [False, True]
    assert all(word in document("--private", "--notes") for word in ("QX7K2P", "4821", "rang marta.silva"))


def test_json_holds_ticket_and_messages(cli: Cli) -> None:
    ticket = conversation(cli)
    held = json.loads(done(cli("transcript", ticket, "--format", "json", "--notes", now=NEXT)).out)
    assert list(held) == ["ticket", "messages", "notes", "preference", "moves"]
    assert (held["preference"], held["moves"]) == (None, [])
    assert (held["ticket"]["id"], held["ticket"]["customer"]) == (
        ticket, {"handle": "cust1", "name": "Marta Silva"},
    )  # fmt: skip
    told = [(one["direction"], one["visibility"], one["by"]) for one in held["messages"]]
    assert told == [
        ("inbound", "public", None), ("outbound", "public", "Sam Baker"), ("inbound", "direct", None),
        ("outbound", "public", None),
    ]  # fmt: skip
    assert held["notes"] == [{"at": NEXT, "by": "Sam Baker", "text": "rang m•••@…"}]


def test_it_tells_how_to_reach_them_why_it_moved_and_where_it_stands(cli: Cli) -> None:
    first = message(conversation_id="c", url="https://x.example/cust1/1")
    ticket = queued(cli, first)
    done(cli("move-offline", ticket, "--prefer", "phone", now=LATER))
    done(cli("move-offline", ticket, "--to", "direct", "--ask", "order", "--yes", now=LATER))
    lines = done(cli("transcript", ticket, now=NEXT)).out.splitlines()
    assert "- Customer prefers: phone" in lines
    assert f"- Asked to go on by direct (offline/asked): {LATER}, Sam Baker" in lines
    assert "Address: https://x.example/cust1/1" in lines
    held = json.loads(done(cli("transcript", ticket, "--format", "json", now=NEXT)).out)
    assert held["preference"] == "phone"
    assert held["moves"] == [{"at": LATER, "by": "Sam Baker", "to": "direct", "reasons": ["offline/asked"]}]
    ours = held["messages"][1]["author"]["handle"]
    shown = done(cli("show", ticket, "--json", now=NEXT)).records
    assert (ours, shown[2]["author"]["handle"]) == ("NorthlineAir", "support")


def test_a_record_holds_the_document(cli: Cli) -> None:
    ticket = conversation(cli)
    for form in ("md", "json", "eml"):
        record = done(cli("transcript", ticket, "--format", form, "--json", now=NEXT)).record
        assert list(record) == ["type", "ticket", "format", "content"]
        assert (record["type"], record["ticket"], record["format"]) == ("transcript", ticket, form)
        plain = done(cli("transcript", ticket, "--format", form, now=NEXT)).out
        assert record["content"] == plain


def test_a_mail_to_our_own_desk(cli: Cli) -> None:
    ticket = conversation(cli)
    run = done(cli("transcript", ticket, "--format", "eml", now=NEXT))
    mail = mail_of(run)
    assert mail.defects == []
    assert mail.keys() == ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]
    assert mail["From"] == mail["To"] == "Northline Air <help@northline.example>"
    assert mail["Subject"] == f"Ticket {ticket}: @cust1 on file (high, complaint, baggage)"
    assert mail["Date"] == "Fri, 20 Nov 2026 10:20:00 +0000"
    assert mail["Message-ID"].endswith("@northline.example>")
    body = mail.get_body()
    assert body is not None
    text = done(cli("transcript", ticket, now=NEXT)).out
    assert body.get_content().replace("\r\n", "\n") == text
    (attached,) = mail.iter_attachments()
    assert (attached.get_content_type(), attached.get_filename()) == ("application/json", f"{ticket}.json")
    document = done(cli("transcript", ticket, "--format", "json", now=NEXT)).out
    assert attached.get_content().decode() == document


def test_the_same_mail_has_the_same_bytes_and_names_no_machine(cli: Cli) -> None:
    import socket

    ticket = conversation(cli)
    one, two = (done(cli("transcript", ticket, "--format", "eml", now=NEXT)).out for _ in range(2))
    assert one == two
    assert socket.gethostname() not in one
    later = done(cli("transcript", ticket, "--format", "eml", now="2026-11-21T10:00:00Z"))
    assert (
        mail_of(later)["Message-ID"]
        == mail_of(done(cli("transcript", ticket, "--format", "eml", now=NEXT)))["Message-ID"]
    )
    with_notes = done(cli("transcript", ticket, "--format", "eml", "--notes", now=NEXT))
    assert mail_of(with_notes)["Message-ID"] != mail_of(later)["Message-ID"]


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b@c", "x@example.com\\r\\nBcc: y@example.com", "ö@example.com"]
)
def test_a_mail_needs_an_address(cli: Cli, address: str) -> None:
    ticket = queued(cli)
    policy(cli, f'[offline]\nemail = "{address}"\n')
    run = cli("transcript", ticket, "--format", "eml", "--json", now=LATER)
    assert (run.code in (2, 7), run.out) == (True, "")
    assert "offline.email" in run.error["message"]
    assert done(cli("transcript", ticket, now=LATER)).code == 0


def hostile(cli: Cli, **author: Any) -> str:
    return queued(cli, message("m1", f"{HOSTILE} my bag is lost", author={"handle": "cust1", **author}))


@pytest.mark.parametrize("form", ["md", "json", "eml"])
def test_nothing_that_a_terminal_obeys_comes_out(cli: Cli, form: str) -> None:
    ticket = hostile(cli, name="Marta\x1b]0;x\x07\u202e")
    out = done(cli("transcript", ticket, "--format", form, now=LATER)).out
    assert not set("\x1b\x9b\x07\u202e") & set(out)
    if form == "json":
        assert json.loads(out)["messages"][0]["text"].startswith("\x1b[2J\x9b31m# Title")


def test_markup_of_strangers_is_shown_as_it_stands(cli: Cli) -> None:
    lines = done(cli("transcript", hostile(cli, name="<b>*M*</b>"), now=LATER)).out.splitlines()
    quoted = [line.rstrip().removeprefix("> ") for line in lines if line.startswith(">")]
    assert quoted == [
        r"\\x1b\[2J\\x9b31m# Title",
        r"\<script\>alert(1)\</script\> \&lt; \*\*bold\*\* \_it\_ \[x\](javascript:y) \`code\`",
        r"\- item",
        r"12\. twelve",
        r"\===",
        "indented",
        r"\> quote",
        r"\~\~\~",
        r"\| a \| b \|",
        r"\\u202egnp.exe my bag is lost",
    ]
    assert lines[0].endswith(r"@cust1 (\<b\>\*M\*\</b\>) on file")


def test_no_header_can_be_slipped_in(cli: Cli) -> None:
    policy(cli, '[brand]\nname = "Northline\\r\\nBcc: thief@example.com"\n')
    mail = mail_of(done(cli("transcript", queued(cli), "--format", "eml", now=LATER)))
    assert mail["Bcc"] is None
    assert mail.keys() == ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]
    assert mail["From"].addresses[0].addr_spec == "help@northline.example"


def test_no_such_ticket_and_no_such_form(cli: Cli) -> None:
    assert cli("transcript", "zzz", now=LATER).code == 5
    assert cli("transcript", queued(cli), "--format", "pdf", now=LATER).code == 2
