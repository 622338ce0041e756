"""Mails of strangers, read with care."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from socialcli.handing import letters, quoting, stripping
from socialcli.handing.letters import LetterError, read

NEW = "The bag is in Oslo."


@pytest.mark.parametrize(
    "text",
    [
        f"{NEW}\n\nOn Fri, 20 Nov 2026, Northline wrote:\n> old\n> words",
        f"On Fri, 20 Nov 2026, Northline wrote:\n> old\n\n{NEW}",
        f"> old\n{NEW}",
        f"{NEW}\n\nAm 20.11.2026 um 10:00 schrieb Northline:\n\n> alt",
        f"{NEW}\n\nLe ven. 20 nov. 2026 à 10:00, Northline a écrit :\n> vieux",
        f"{NEW}\n\nEl vie, 20 nov 2026, Northline\n<help@northline.example> escribió:\n> viejo",
        f"{NEW}\n\n-----Original Message-----\nFrom: Northline\nold words",
        f"{NEW}\n\n________________________________\nFrom: Northline\nold",
        f"{NEW}\n\nVon: Northline\nGesendet: Freitag\nAn: Kim\nalt",
        f"{NEW}\n-- \nKim Berg\nBaggage Desk",
    ],
)
def test_only_what_is_new_is_taken(text: str) -> None:
    assert quoting.new_words(text).strip() == NEW


def test_answers_between_the_quotes_stay() -> None:
    text = "Kim wrote:\n> Where is it?\nIn Oslo.\n> Which tag?\nNL7."
    assert quoting.new_words(text) == "In Oslo.\nNL7."


def test_where_all_is_quoted_all_is_kept() -> None:
    assert quoting.new_words("> only\n> this") == "> only\n> this"
    assert (
        quoting.new_words("-----Original Message-----\nforwarded") == "-----Original Message-----\nforwarded"
    )


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("a < b &lt;b&gt;", "a < b <b>"),
        ("<style>p{}", ""),
        ("<!-- hidden -->seen<!-- and the rest", "seen"),
        ('New<div class="gmail_quote">old</div>', "New"),
        ("<blockquote>all of it</blockquote>", "all of it"),
        ("<SCRIPT>x</SCRIPT >y", "y"),
    ],
)
def test_a_page_as_text(page: str, text: str) -> None:
    assert stripping.plain_text(page) == text


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "no header"),
        (b"\x00\xff\xfe", "no header"),
        (b"From: a@b\r\n\r\n" + b"x" * letters.MOST, "larger than 25 MB"),
        (
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
            + b"--b\r\nContent-Type: multipart/mixed\r\n\r\n" * 300,
            "too many parts",
        ),
        (b"From: a@b\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 500, "too many parts"),
    ],
)
def test_what_is_no_mail_says_why(raw: bytes, why: str) -> None:
    with pytest.raises(LetterError, match=why):
        read(raw)


@pytest.mark.parametrize(
    "header",
    [
        b"From: =?bogus?b?!!!?= <a@b.example>",
        b"From: a@b.example\r\nSubject: =?utf-8?b?////?=",
        b"From: a@b.example\r\nContent-Type: text/plain; charset*=bogus''%ff",
        b"From: a@b.example\r\nContent-Disposition: attachment; filename*0*=bogus''%ff; filename*1=x",
        b"From: a@b.example\r\nContent-Transfer-Encoding: base64",
        b"From: a@b.example\r\nContent-Type: multipart/mixed",
        b"From: a@b.example\r\nMessage-ID: <<<>>>\r\nReferences: <",
        b"From: \xff\xfe <a@b.example>\r\nIn-Reply-To: \xff",
    ],
)
def test_nonsense_in_headers_loses_no_mail(header: bytes) -> None:
    found = read(header + b"\r\n\r\nwords of the mail\r\n")
    assert found.sender in ("a@b.example", "nobody")


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 300_000 + ">x\n" * 300_000,
        "<" * 1_000_000,
        "<!--" * 250_000,
        "<script>" * 125_000,
        "wrote: " * 150_000,
        "-" * 1_000_000,
        "_" * 1_000_000 + "x",
        ">" * 1_000_000,
        "From: x\n" * 120_000,
        "&" * 1_000_000,
    ],
)
def test_a_megabyte_of_spite_is_read(text: str) -> None:
    for kind in ("plain", "html"):
        raw = f"From: a@b.example\r\nContent-Type: text/{kind}; charset=utf-8\r\n\r\n{text}".encode()
        assert len(read(raw).text) <= 20_100


@given(some.binary(max_size=600))
def test_any_bytes_are_a_mail_or_none(raw: bytes) -> None:
    for one in (raw, b"From: a@b\r\nSubject: x\r\nContent-Type: " + raw):
        try:
            found = read(one)
        except LetterError:
            continue
        assert "\x1b" not in found.sender + found.subject
        found.text.encode()


def test_the_key_is_that_of_the_message_id() -> None:
    one, two = (read(b"From: a@b\r\nMessage-ID: <x@y>\r\n\r\n" + body) for body in (b"1", b"2"))
    assert one.key == two.key
    assert read(b"From: a@b\r\n\r\n1").key != read(b"From: a@b\r\n\r\n2").key
