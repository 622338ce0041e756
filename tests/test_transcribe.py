"""Documents of conversations whose names are hostile: what the road into the queue would not let through."""

from __future__ import annotations

import email
import email.policy
import json
import time
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from socialcli.errors import UsageError
from socialcli.model.message import Author, Message
from socialcli.model.ticket import Customer, Ticket
from socialcli.transcribe import Conversation, Noted, Spoken, as_json, as_mail, as_markdown

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
HANDLES = (
    "cust1\r\nBcc: thief@example.com",
    "a" * 5_000,
    "żółw_\u202e\x1b[2J",
    "=?utf-8?q?=0D=0ABcc:x?=",
    "\N{GRINNING FACE}" * 90,
)


def told(handle: str = "cust1", text: str = "my bag is lost") -> Conversation:
    ticket = Ticket(
        id="k3p", network="x", account="support", customer=Customer(handle, None), text=text, received_at=AT,
        status="open", respond="respond", priority="high", score=50, kind="complaint", topic=None,
        sentiment=0.0, register="neutral", language="en", due_at=None, overdue=False, assignee=None,
        incident=None, messages=1, labels=("vip",), snoozed_until=None, opened_at=AT,
    )  # fmt: skip
    message = Message(
        id="m1", network="x", account="support", author=Author(None, handle), text=text, created_at=AT
    )
    return Conversation(
        ticket, (Spoken(message),), (Noted("2026-11-20T10:00:00Z", "Sam Baker", "rang *them*"),)
    )


@pytest.mark.parametrize("handle", HANDLES)
def test_a_mail_has_its_own_headers_only(handle: str) -> None:
    raw = as_mail(told(handle), brand="Northline Air", address="help@northline.example", at=AT)
    assert raw.isascii()
    assert raw.count("\n") == raw.count("\r\n")
    assert max(map(len, raw.split("\r\n"))) <= 998  # RFC 5322, 2.1.1
    mail = email.message_from_string(raw, EmailMessage, policy=email.policy.default)
    assert mail.keys() == ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]
    assert str(mail["Subject"]).startswith("Ticket k3p: @")
    assert len(str(mail["Subject"])) <= 150
    assert "\x1b" not in str(mail["Subject"])


def test_the_brand_s_name_brings_no_header_along() -> None:
    raw = as_mail(told(), brand="=?utf-8?q?N=0D=0ABcc:x?=\r\nBcc: y", address="help@northline.example", at=AT)
    mail = email.message_from_string(raw, EmailMessage, policy=email.policy.default)
    assert mail["Bcc"] is None
    assert mail["To"].addresses[0].addr_spec == "help@northline.example"


@pytest.mark.parametrize("handle", HANDLES)
def test_a_heading_stays_one_line(handle: str) -> None:
    lines = as_markdown(told(handle)).splitlines()
    assert sum(line.startswith("#") for line in lines) == 3
    assert json.loads(as_json(told(handle)))["ticket"]["customer"]["handle"] == handle


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "@northline.example", "a@b@c", "x y@example.com", "x@example.com\r\nBcc: y@example.com",
     "<x@example.com>", "ö@example.com", "x@exämple.com", "x@", "x@example.com, y@example.com"],
)  # fmt: skip
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(UsageError, match=r"offline\.email"):
        as_mail(told(), brand="Northline Air", address=address, at=AT)


def test_labels_and_notes_stand_in_the_markdown() -> None:
    text = as_markdown(told())
    assert "- Labels: vip\n" in text
    assert text.endswith("## Notes\n\n2026-11-20T10:00:00Z, Sam Baker:\n\n> rang \\*them\\*\n")


@pytest.mark.parametrize(
    "text", ["[" * 1_000_000, "\x1b" * 200_000, "\n" * 200_000, "> 1. " * 200_000, "旅" * 300_000]
)
def test_a_megabyte_takes_no_time_to_speak_of(text: str) -> None:
    began = time.process_time()
    as_markdown(told(text=text))
    as_json(told(text=text))
    assert time.process_time() - began < 10
